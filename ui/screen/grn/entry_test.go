package grn_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/purchase"
	"masala/ui/screen/screentest"
)

func (b *bench) sent() []purchase.PostGRNReq {
	return screentest.Requests(b.Factory.Server, purchase.PostGRN)
}

func (b *bench) threeLines() {
	b.T.Helper()
	b.head()
	b.line("turm", "500", "143", "ET-2209", "2-2")
	b.line("coriander", "300", "85", "RD-145", "30-1")
	b.line("cumin", "200", "225", "UJ-77", "28-1")
}

// DOMAIN.md, vector 2.
func TestFreightIsSpreadByValue(t *testing.T) {
	b := open(t, screentest.Options{})
	b.threeLines()
	b.Enter(1)
	b.Type("3,500")
	b.Enter(1)
	for name, want := range map[string]string{
		"Landed cost of Turmeric finger":        "1,762.32 / 146.5246",
		"Landed cost of Coriander seed (Eagle)": "628.52 / 87.0951",
		"Landed cost of Cumin seed (Unjha 99%)": "1,109.16 / 230.5458",
		"Sum: Goods":                            "1,42,000.00",
		"Sum: Freight":                          "3,500.00",
		"Sum: IGST 5 %, creditable":             "7,100.00",
		"Sum: Invoice total":                    "₹ 1,52,600.00",
	} {
		if got := b.Text(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// What is free of charge and not measured alike bears the freight in equal shares, on the
// screen as in the books.
func TestFreightOverFreeGoods(t *testing.T) {
	b := open(t, screentest.Options{})
	b.head()
	b.line("turm", "500", "0", "", "2-2")
	b.line("carton", "1200", "0", "", "")
	b.Enter(1)
	b.Type("1000.01")
	b.Enter(1)
	for name, want := range map[string]string{
		"Landed cost of Turmeric finger":   "500.01 / 1.0000",
		"Landed cost of Mono carton 100 g": "500.00 / 0.4167",
	} {
		if got := b.Text(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestTaxOfTheSameStateIsSplit(t *testing.T) {
	b := open(t, screentest.Options{})
	b.Type("sangli")
	b.Enter(4)
	b.line("turm", "500", "143", "", "2-2")
	if got := b.Text("Sum: CGST 2.5 %, creditable"); got != "1,787.50" {
		t.Errorf("CGST %q\n%s", got, b.Dump())
	}
	if got := b.Text("Sum: SGST 2.5 %, creditable"); got != "1,787.50" {
		t.Errorf("SGST %q", got)
	}
}

func TestValueRulesTheRate(t *testing.T) {
	b := open(t, screentest.Options{})
	b.head()
	b.Type("turm")
	b.Enter(1)
	b.Type("3")
	b.Enter(2) // no rate
	b.Type("1000")
	b.Enter(1)
	if got := b.Text("Rate, line 1"); got != "333.3333" {
		t.Errorf("the rate is %q", got)
	}
	b.grid("Quantity, line 1", "4")
	b.Enter(1)
	if rate, value := b.Text("Rate, line 1"), b.Text("Taxable value, line 1"); rate != "250.00" || value != "1,000.00" {
		t.Errorf("after another quantity rate and value are %q and %q", rate, value)
	}
	b.grid("Rate, line 1", "300")
	b.Enter(1)
	b.Press(key.NameReturn)
	if got := b.Text("Taxable value, line 1"); got != "1,200.00" {
		t.Errorf("a typed rate makes the value %q", got)
	}
}

func TestFaultsStandWhereTheyAre(t *testing.T) {
	b := open(t, screentest.Options{})
	b.Press(key.NameReturn, key.ModCtrl)
	for name, want := range map[string]string{"Supplier": "Choose the supplier.", "Invoice no.": "Enter the invoice number.", "Invoice date": "Enter the invoice date."} {
		if got := b.Note(name, "Error"); got != want {
			t.Errorf("%s says %q, want %q", name, got, want)
		}
	}
	b.Fill("Invoice date", "13-2-2026")
	b.Enter(1)
	if got := b.Note("Invoice date", "Error"); got != "13-Feb-2026 is in the future. Today is 12-Feb-2026." {
		t.Errorf("a future date says %q", got)
	}
	b = open(t, screentest.Options{})
	b.head()
	b.Type("turm")
	b.Enter(1)
	b.Type("0")
	b.Enter(1)
	b.Type("12.34567")
	b.Enter(3)
	b.Type("13-2")
	b.Enter(1)
	b.Type("1-1-26")
	b.Enter(2)
	b.Press(key.NameReturn, key.ModCtrl)
	for _, want := range []string{"Enter a quantity above zero.", "Give a rate with at most 4 decimals, like 230.5458.", "Enter the rate or the taxable value.",
		"It cannot be made after the day it came, 12-Feb-2026."} {
		if !b.Sees(want) {
			t.Errorf("nothing says %q\n%s", want, b.Dump())
		}
	}
	b.grid("Quantity, line 1", "2")
	b.grid("Rate, line 1", "143")
	b.grid("Mfg date, line 1", "1-1-26")
	b.Enter(1)
	b.Press(key.NameReturn, key.ModCtrl)
	if !b.Sees("Turmeric finger had expired on 01-Jan-2026 when it came. Put it on hold or return it.") {
		t.Errorf("an expired lot passes\n%s", b.Dump())
	}
	if n := len(b.sent()); n != 0 {
		t.Errorf("%d faulty GRNs were sent", n)
	}
}

func TestServerFaultsLandOnTheirCells(t *testing.T) {
	b := open(t, screentest.Options{})
	b.answer = func(purchase.PostGRNReq) error {
		var bad core.Faults
		bad.Add("invoice_no", "Invoice UJH/1182 of Unjha Jeera House was already received with GRN-20260210-004.")
		bad.Add("lines[1].unit", "Coriander seed (Eagle) has no unit %q.", "kg")
		bad.Add("lines[2].expiry_on", "The expiry lies before the manufacturing date.")
		return bad.Err()
	}
	b.threeLines()
	b.Press(key.NameReturn, key.ModCtrl)
	if got := b.Note("Invoice no.", "Error"); got != "Invoice UJH/1182 of Unjha Jeera House was already received with GRN-20260210-004." {
		t.Errorf("the invoice number says %q", got)
	}
	for _, want := range []string{`Coriander seed (Eagle) has no unit "kg".`, "The expiry lies before the manufacturing date."} {
		if !b.Sees(want) {
			t.Errorf("nothing says %q\n%s", want, b.Dump())
		}
	}
	b.Type("UJH/1183") // the first fault has the keyboard
	if got := b.Text("Invoice no."); got != "UJH/1183" {
		t.Errorf("the keyboard is elsewhere: invoice no. %q", got)
	}
}

func TestTwiceCtrlEnterPostsOnce(t *testing.T) {
	b := open(t, screentest.Options{})
	b.threeLines()
	b.Keep = true
	b.Press(key.NameReturn, key.ModCtrl)
	b.Press(key.NameReturn, key.ModCtrl)
	if !b.Sees("Posting") || b.posted != 0 {
		t.Error("posted before it was sent")
	}
	b.Do()
	if b.posted != 1 || len(b.sent()) != 1 {
		t.Errorf("posted %d times, sent %d times", b.posted, len(b.sent()))
	}
}

func TestLostAnswerIsAskedForUnderTheSameKey(t *testing.T) {
	b := open(t, screentest.Options{})
	b.threeLines()
	b.Factory.Lost = true
	b.Press(key.NameReturn, key.ModCtrl)
	if !b.Sees("The server could not be reached. What you typed is kept. Try again in a moment.") || !b.Screen.Dirty() {
		t.Fatalf("the user is not told\n%s", b.Dump())
	}
	b.Factory.Lost = false
	b.Press(key.NameReturn, key.ModCtrl)
	keys, sent := b.Keys(purchase.PostGRN.Name), b.Factory.Sent
	if len(keys) != 2 || keys[0] != keys[1] {
		t.Errorf("keys %v", keys)
	}
	var bodies []string
	for _, x := range sent {
		if x.Operation == purchase.PostGRN.Name {
			bodies = append(bodies, string(x.Body))
		}
	}
	if bodies[0] != bodies[1] {
		t.Errorf("the second body differs:\n%s\n%s", bodies[0], bodies[1])
	}
	b.threeLines()
	b.Press(key.NameReturn, key.ModCtrl)
	if keys = b.Keys(purchase.PostGRN.Name); len(keys) != 3 || keys[2] == keys[0] {
		t.Errorf("the next GRN has the old key: %v", keys)
	}
}

func TestDraftOutlivesTheWindow(t *testing.T) {
	b := open(t, screentest.Options{})
	b.head()
	b.line("cumin", "5 bag", "9000", "UJ-77", "28-1")
	b.Type("turm")
	b.Enter(1)
	b.Type("12")
	b.Advance(6 * time.Second)
	if len(b.Files.Data) != 1 {
		t.Fatalf("%d drafts after 6 s", len(b.Files.Data))
	}
	if k := b.Env.Desk.Dirty(); k == nil || k.Title != "GRN" || k.Saved().IsZero() {
		t.Errorf("kept %+v", k)
	}
	b.Factory.Lost = true
	b.grid("Rate, line 2", "143")
	b.Enter(3)
	b.Type("1-2")
	b.Enter(1)
	b.Press(key.NameReturn, key.ModCtrl)
	first := b.Keys(purchase.PostGRN.Name)
	if len(first) != 1 {
		t.Fatalf("sent %d times\n%s", len(first), b.Dump())
	}

	again := open(t, screentest.Options{Files: b.Files, Now: b.Env.Clock.Now().Add(2 * time.Minute)})
	if !again.Sees("You have an unsaved GRN from 2 minutes ago. Resume?") {
		t.Fatalf("no offer\n%s", again.Dump())
	}
	again.Click("Resume")
	again.Picture("grn-resumed")
	for name, want := range map[string]string{"Supplier": "Unjha Jeera House", "Invoice no.": "UJH/1182", "Quantity, line 1": "5.000", "Taxable value, line 1": "45,000.00",
		"Expiry date, line 1": "27-Jul-2027", "Unit, line 1": "bag", "Item, line 2": "Turmeric finger"} {
		if got := again.Text(name); got != want {
			t.Errorf("%s came back as %q, want %q", name, got, want)
		}
	}
	again.Press(key.NameReturn, key.ModCtrl)
	if keys := again.Keys(purchase.PostGRN.Name); len(keys) != 1 || keys[0] != first[0] {
		t.Errorf("posted under %v, first sent under %v", keys, first)
	}
	if len(again.Files.Data) != 0 {
		t.Error("the draft is still there after posting")
	}
}

func TestDraftCanBeThrownAway(t *testing.T) {
	b := open(t, screentest.Options{})
	b.head()
	b.Press("S", key.ModCtrl)
	if b.Said() != "Draft saved" || len(b.Files.Data) != 1 {
		t.Fatalf("said %q, %d drafts", b.Said(), len(b.Files.Data))
	}
	again := open(t, screentest.Options{Files: b.Files})
	again.Click("Discard")
	if len(again.Files.Data) != 0 || again.Sees("Resume") {
		t.Error("the offer was not thrown away")
	}
	b.Click("Cancel")
	b.Reply("Throw away")
	if b.Screen.Dirty() || b.Text("Invoice no.") != "" {
		t.Error("the form was not thrown away")
	}
}

func TestNothingIsSentWithoutADraftOnDisk(t *testing.T) {
	b := open(t, screentest.Options{})
	b.threeLines()
	b.Files.Full = true
	b.Press(key.NameReturn, key.ModCtrl)
	if len(b.sent()) != 0 || !b.Sees("The draft could not be saved on this PC, so nothing was sent. Free some disk space and try again.") {
		t.Errorf("sent %d\n%s", len(b.sent()), b.Dump())
	}
}

func TestOperatorEntersToday(t *testing.T) {
	files := &screentest.Files{Data: map[string][]byte{}}
	b := open(t, screentest.Options{Role: core.Operator, Files: files})
	b.head()
	b.line("turm", "500", "143", "", "2-2")
	b.Press("S", key.ModCtrl)
	next := open(t, screentest.Options{Role: core.Operator, Files: files, Now: time.Date(2026, 2, 13, 4, 0, 0, 0, time.UTC)})
	next.Click("Resume")
	if !next.Sees("The day of receipt is today now. Only an Admin may enter an earlier day.") {
		t.Errorf("the user is not told\n%s", next.Dump())
	}
	next.Press(key.NameReturn, key.ModCtrl)
	got := next.sent()
	if len(got) != 1 || got[0].ReceivedOn != core.NewDate(2026, 2, 13) || got[0].InvoiceDate != core.NewDate(2026, 2, 10) {
		t.Errorf("sent %+v", got)
	}
}

func TestBackdatingNeedsAReason(t *testing.T) {
	b := open(t, screentest.Options{})
	b.Type("unjha")
	b.Enter(1)
	b.Type("UJH/1182")
	b.Enter(1)
	b.Type("10-2")
	b.Enter(1)
	b.Type("y")
	b.Enter(1)
	b.Enter(1) // no reason
	b.line("turm", "500", "143", "", "2-2")
	b.Press(key.NameReturn, key.ModCtrl)
	if got := b.Note("Reason for the earlier day", "Error"); got != "Give the reason for the earlier day." || len(b.sent()) != 0 {
		t.Errorf("it says %q\n%s", got, b.Dump())
	}
	b.Type("lorry came at night")
	b.Press(key.NameReturn, key.ModCtrl)
	if got := b.sent(); len(got) != 1 || got[0].Reason != "lorry came at night" || got[0].ReceivedOn != core.NewDate(2026, 2, 11) {
		t.Errorf("sent %+v", got)
	}
}

// The form shows the numbers that would come next on the day of receipt, and leaves them
// to the server: another PC may be shown the same.
func TestNextNumbersAreShownAndNotSent(t *testing.T) {
	b := open(t, screentest.Options{})
	is := func(when, number, first string) {
		t.Helper()
		if got := b.Text("GRN no."); got != number {
			t.Errorf("%s: GRN no. %q, want %q", when, got, number)
		}
		if got := b.Text("New lot, line 1"); got != first {
			t.Errorf("%s: new lot %q, want %q", when, got, first)
		}
	}
	is("empty", "GRN-20260212-001", "…-001")
	b.posted = 6 // from other PCs
	b.Screen.Reload()
	b.Settle()
	is("others posted", "GRN-20260212-007", "…-019")
	b.Fill("Received on", "11-2")
	b.Enter(1)
	is("another day", "GRN-20260211-007", "…-019")

	b = open(t, screentest.Options{})
	b.threeLines()
	if got := b.Text("New lot, line 3"); got != "…-003" {
		t.Errorf("the lot of line 3 is %s", got)
	}
	b.Factory.Lost = true
	b.Press(key.NameReturn, key.ModCtrl)
	is("sent, and perhaps posted", "", "…")
	for _, q := range b.sent() {
		if q.Number != "" {
			t.Errorf("sent %s", q.Number)
		}
	}
}

// R36: the answer was lost, the entry was changed and sent again under its key.
func TestChangedAfterALostAnswer(t *testing.T) {
	b := open(t, screentest.Options{Width: 1368})
	serveReceived(b.Factory)
	b.threeLines()
	b.answer = func(purchase.PostGRNReq) error {
		return core.Errorf(core.CodeConflict, "This entry was already posted with other content. Open the posted document and start a new entry.").With("document", 7)
	}
	b.Press(key.NameReturn, key.ModCtrl)
	if !b.Sees("This entry was already posted with other content. Open the posted document and start a new entry.") {
		t.Fatalf("the conflict is not told\n%s", b.Dump())
	}
	b.Picture("grn-conflict")
	b.Click("Open the GRN")
	if !b.Sees("GRN-20260212-001") || !b.Sees("UJH/1182") || !b.Screen.Dirty() {
		t.Errorf("the posted GRN is not shown, or the entry is lost\n%s", b.Dump())
	}
}

// TestFault_5_1_DraftsWhileReadOnly: while nothing may be posted the form takes and
// keeps what is typed, and posts it under the same key once there is a license.
func TestFault_5_1_DraftsWhileReadOnly(t *testing.T) {
	b := open(t, screentest.Options{})
	sentence := "The license ended on 12-Feb-2026, so nothing new can be posted. Your entries stay saved on this PC. Contact support for a license."
	b.answer = func(purchase.PostGRNReq) error { return core.Errorf(core.CodeReadOnly, "%s", sentence) }
	b.head()
	b.line("cumin", "5 bag", "9000", "UJ-77", "28-1")
	b.Press(key.NameReturn, key.ModCtrl)
	if !b.Sees(sentence) || !b.Screen.Dirty() || b.posted != 0 {
		t.Fatalf("the user is not told\n%s", b.Dump())
	}
	b.grid("Quantity, line 1", "6") // he goes on typing
	b.Enter(1)
	b.Advance(6 * time.Second)

	again := open(t, screentest.Options{Files: b.Files, Now: b.Env.Clock.Now().Add(2 * time.Hour)})
	again.Click("Resume")
	if got := again.Text("Quantity, line 1"); got != "6.000" {
		t.Errorf("the draft holds %q\n%s", got, again.Dump())
	}
	again.Press(key.NameReturn, key.ModCtrl)
	if again.posted != 1 || len(again.Files.Data) != 0 {
		t.Errorf("posted %d times, %d drafts left\n%s", again.posted, len(again.Files.Data), again.Dump())
	}
}

// A restore, new books or another server: the numbers in a draft may be those of other
// records. What is posted has the names on the screen, or is chosen again.
func TestFault_2_1_DraftOfOtherBooks(t *testing.T) {
	begin := func(t *testing.T) *bench {
		b := open(t, screentest.Options{})
		b.head()
		b.line("cumin", "200", "225", "UJ-77", "28-1")
		b.line("turm", "500", "143", "ET-2209", "2-2")
		b.Advance(6 * time.Second)
		return b
	}
	again := func(t *testing.T, b *bench, lineage string, change func(*bench)) *bench {
		c := open(t, screentest.Options{Files: b.Files, Lineage: lineage, Now: b.Env.Clock.Now().Add(2 * time.Minute)})
		change(c)
		c.Click("Resume")
		c.Advance(2 * time.Second)
		c.Press(key.NameReturn, key.ModCtrl)
		return c
	}
	named := func(b *bench, want ...string) {
		t.Helper()
		if len(b.sent()) != 1 {
			t.Fatalf("posted %d times\n%s", len(b.sent()), b.Dump())
		}
		q := b.sent()[0]
		got := []string{b.name(q.Supplier)}
		for _, l := range q.Lines {
			got = append(got, b.item(l.Item))
		}
		if !slices.Equal(got, want) {
			t.Errorf("posted %q, want %q", got, want)
		}
		if q.Lines[0].Qty != 200*core.Kilogram || q.Lines[0].SupplierBatch != "UJ-77" || q.Lines[1].Value != 7_150_000 {
			t.Errorf("the rest is %+v", q)
		}
	}
	swap := func(c *bench) { // the same records under other numbers
		c.Items[0].ID, c.Items[1].ID = c.Items[1].ID, c.Items[0].ID
		c.Parties[0].ID, c.Parties[1].ID = c.Parties[1].ID, c.Parties[0].ID
	}
	t.Run("same records", func(t *testing.T) {
		named(again(t, begin(t), "lineage-2", func(*bench) {}), "Unjha Jeera House", "Cumin seed (Unjha 99%)", "Turmeric finger")
	})
	t.Run("other numbers", func(t *testing.T) {
		named(again(t, begin(t), "lineage-2", swap), "Unjha Jeera House", "Cumin seed (Unjha 99%)", "Turmeric finger")
	})
	t.Run("gone", func(t *testing.T) {
		c := again(t, begin(t), "lineage-2", func(c *bench) {
			c.Items[1].Name, c.Items[1].SKU = "Star anise", "RAW-042"
			c.Parties[0].Name = "Kolkata Traders"
		})
		if n := len(c.sent()); n != 0 {
			t.Fatalf("%d GRNs posted", n)
		}
		c.Picture("resume-other-books")
		if c.Text("Supplier") != "Unjha Jeera House" || c.Note("Supplier", "Error") == "" || !strings.Contains(c.Dump(), "The books were restored or are others since this was typed.") || c.Text("Item, line 1") != "Cumin seed (Unjha 99%)" || c.Text("Quantity, line 1") == "" {
			t.Errorf("on the screen\n%s", c.Dump())
		}
		c.Fill("Supplier", "kolkata")
		c.Enter(1)
		c.Click("Item, line 1")
		c.Press("A", key.ModCtrl)
		c.Type("star anise")
		c.Enter(1)
		c.Press(key.NameReturn, key.ModCtrl)
		named(c, "Kolkata Traders", "Star anise", "Turmeric finger")
		if strings.Contains(c.Dump(), "The books were restored") {
			t.Error("the note stays")
		}
	})
	t.Run("no line while they are looked up", func(t *testing.T) {
		b := begin(t)
		c := open(t, screentest.Options{Files: b.Files, Lineage: "lineage-2", Now: b.Env.Clock.Now().Add(2 * time.Minute)})
		swap(c)
		c.Factory.Lost = true
		c.Click("Resume")
		c.Press(key.NameReturn, key.ModCtrl)
		c.Factory.Lost = false
		if n := len(c.sent()); n != 0 {
			t.Fatalf("%d GRNs posted", n)
		}
		c.Screen.Reload()
		c.Settle()
		c.Press(key.NameReturn, key.ModCtrl)
		named(c, "Unjha Jeera House", "Cumin seed (Unjha 99%)", "Turmeric finger")
	})
}

func (b *bench) name(id core.PartyID) string {
	for _, p := range b.Parties {
		if p.ID == id {
			return p.Name
		}
	}
	return "nobody"
}

func (b *bench) item(id core.ItemID) string {
	for _, it := range b.Items {
		if it.ID == id {
			return it.Name
		}
	}
	return "nothing"
}
