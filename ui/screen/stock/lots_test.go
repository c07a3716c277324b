package stock_test

import (
	"fmt"
	"strings"
	"testing"

	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/screen/screentest"
	stockscreen "masala/ui/screen/stock"
)

func (b *books) lists() []stock.ListLotsReq {
	return append(screentest.Requests(b.Server, stock.ListValuedLots), screentest.Requests(b.Server, stock.ListLots)...)
}

func down(w *screentest.Window, n int) {
	for range n {
		w.Press(key.NameDownArrow)
	}
}

// R37: an Operator neither sees nor asks for a value.
func TestOperatorSeesNoRupee(t *testing.T) {
	b := newBooks()
	w := open(t, b, screentest.Options{Role: core.Operator})
	down(w, 10)
	w.Press(key.NameReturn)
	if !w.Sees("Unjha Jeera House") {
		t.Fatalf("no details\n%s", w.Dump())
	}
	if strings.Contains(w.Dump(), "₹") {
		t.Errorf("a rupee is on the screen\n%s", w.Dump())
	}
	for _, x := range b.Sent {
		if strings.Contains(x.Operation, "valued") {
			t.Errorf("asked for %s", x.Operation)
		}
	}
	if w.Sees("Adjust") || !w.Sees("Hold") {
		t.Error("an Operator may put on hold and nothing else")
	}
	admin := open(t, newBooks(), screentest.Options{})
	if !strings.Contains(admin.Dump(), "₹ 2,88,114.40") {
		t.Errorf("an Admin sees no value\n%s", admin.Dump())
	}
}

func TestFiltersAreTheServers(t *testing.T) {
	b := newBooks()
	w := open(t, b, screentest.Options{})
	w.Press(key.NameF3)
	w.Type("tur")
	w.Click("Raw 1")
	w.Click("Status: open")
	w.Click("Status On hold")
	got := b.lists()[len(b.lists())-1]
	if got.Query != "tur" || len(got.Types) != 1 || got.Types[0] != catalog.Raw || len(got.Statuses) != 1 || got.Statuses[0] != stock.Hold || got.Empty || got.Sort != stock.ByExpiry {
		t.Errorf("asked for %+v", got)
	}
	if !w.Sees("No lots match") {
		t.Errorf("an empty list says nothing\n%s", w.Dump())
	}
	w.Click("Clear filters")
	if !w.Sees("LOT-20250510-003, Kasuri methi, 2.150 kg") {
		t.Errorf("the filters were not cleared\n%s", w.Dump())
	}
	w.Click("On hand")
	if got = b.lists()[len(b.lists())-1]; got.Sort != stock.ByQty {
		t.Errorf("sorted by %s", got.Sort)
	}
}

func TestRefreshKeepsTheSelection(t *testing.T) {
	b := newBooks()
	w := open(t, b, screentest.Options{})
	down(w, 10)
	w.Press(key.NameReturn)
	b.lots = append(b.lots[:0:0], append([]stock.ValuedLotRow{{LotRow: stock.LotRow{CellKey: stock.CellKey{Lot: 1, Segment: core.Online, Status: stock.Released}, Number: "LOT-20250101-001", Name: "New first", Dimension: core.Mass, Qty: 5}}}, b.lots...)...)
	w.Screen.Reload()
	w.Settle()
	if !w.Sees("LOT-20250101-001, New first, 5 mg") {
		t.Fatalf("not refreshed\n%s", w.Dump())
	}
	for _, n := range w.Nodes() {
		if n.Selected && strings.HasPrefix(n.Label, "LOT-") && n.Label != "LOT-20260212-002, Cumin seed (Unjha 99%), 159.600 kg" {
			t.Errorf("%q is selected now", n.Label)
		}
	}
	if !w.Sees("Unjha Jeera House") {
		t.Error("the panel was closed")
	}
}

func TestLongListComesInPages(t *testing.T) {
	b := newBooks()
	for i := range 1000 {
		l := b.lots[0]
		l.Lot, l.Number = core.LotID(100+i), fmt.Sprintf("LOT-20260101-%04d", i)
		b.lots = append(b.lots, l)
	}
	w := open(t, b, screentest.Options{})
	if got := b.lists(); len(got) != 1 || got[0].Limit != 200 {
		t.Fatalf("opened with %+v", got)
	}
	w.Press(key.NameDownArrow)
	w.Press(key.NameEnd)
	for range 5 {
		w.Press(key.NameEnd)
	}
	if got := b.lists(); len(got) < 4 || got[1].After != "200" || got[2].After != "400" {
		t.Errorf("asked for %+v", got)
	}
	if !w.Sees("1,012 lots") {
		t.Errorf("the count is wrong\n%s", w.Dump())
	}
}

func TestAdjust(t *testing.T) {
	b := newBooks()
	w := open(t, b, screentest.Options{})
	down(w, 10)
	w.Press(key.NameReturn)
	w.Click("Adjust")
	w.Type("-200")
	w.Enter(1)
	w.Type("dam")
	w.Enter(1)
	w.Click("Post adjustment")
	if got := w.Note("Difference", "Error"); got != "LOT-20260212-002: need 200.000 kg, available 159.600 kg." {
		t.Errorf("too much missing says %q\n%s", got, w.Dump())
	}
	w.Fill("Difference", "-12.5")
	w.Enter(1)
	w.Click("Post adjustment")
	got := screentest.Requests(b.Server, stock.Adjust)
	want := stock.AdjustReq{CellKey: stock.CellKey{Lot: 10, Segment: core.Regular, Status: stock.Released}, Qty: -12_500_000, Reason: "Damage"}
	if len(got) != 1 || got[0] != want {
		t.Fatalf("sent %+v\n%s", got, w.Dump())
	}
	if w.Said() != "LOT-20260212-002 adjusted" || w.Text("On hand") != "147.100 kg" {
		t.Errorf("said %q, on hand %q", w.Said(), w.Text("On hand"))
	}
}

func TestHoldAndRelease(t *testing.T) {
	b := newBooks()
	w := open(t, b, screentest.Options{})
	down(w, 10)
	w.Press(key.NameReturn)
	w.Click("Hold")
	w.Click("Hold lot")
	if got := w.Note("Reason", "Error"); got != "Give the reason." {
		t.Errorf("without a reason it says %q", got)
	}
	w.Fill("Reason", "moisture 9.8 %")
	b.refuse = core.Errorf(core.CodeInsufficientStock, "LOT-20260212-002 has no stock released.")
	w.Click("Hold lot")
	if !w.Sees("LOT-20260212-002 has no stock released.") || w.Text("Reason") != "moisture 9.8 %" {
		t.Errorf("a refusal is not shown or loses the input\n%s", w.Dump())
	}
	b.refuse = nil
	w.Click("Hold lot")
	if w.Said() != "LOT-20260212-002 on hold" || !w.Sees("Release") || !w.Sees("Reject") {
		t.Fatalf("said %q\n%s", w.Said(), w.Dump())
	}
	keys := b.Keys(stock.HoldLot.Name)
	if len(keys) != 2 || keys[0] != keys[1] {
		t.Errorf("the second try had another key: %v", keys)
	}
	w.Click("Release")
	w.Type("dried again")
	w.Enter(2)
	if got := screentest.Requests(b.Server, stock.ReleaseLot); len(got) != 1 || got[0].Reason != "dried again" || got[0].Qty != 0 {
		t.Errorf("sent %+v\n%s", got, w.Dump())
	}
}

func TestServerGone(t *testing.T) {
	b := newBooks()
	b.Gone = true
	w := open(t, b, screentest.Options{})
	if !w.Sees("Retry") {
		t.Fatalf("nothing is said\n%s", w.Dump())
	}
	b.Gone = false
	w.Click("Retry")
	if !w.Sees("LOT-20250510-003, Kasuri methi, 2.150 kg") {
		t.Errorf("not read again\n%s", w.Dump())
	}
}

func TestRouteOpensTheLot(t *testing.T) {
	b := newBooks()
	w := screentest.Open(t, screentest.Options{Server: b.Server, Width: 1368}, func(env *screen.Env) screen.Screen {
		return stockscreen.New(env, screen.Route{ID: screen.Lots, Lot: 10, Filter: "released"})
	})
	if !w.Sees("Unjha Jeera House") || !w.Sees("1 selected") {
		t.Errorf("the lot is not open\n%s", w.Dump())
	}
	w.Press(key.NameEscape)
	if w.Sees("Unjha Jeera House") {
		t.Error("Esc left the panel open")
	}
}

// R16: an excess in a lot that is used up needs its worth.
func TestExcessInAnEmptyLot(t *testing.T) {
	b := newBooks()
	b.lots[9].Qty, b.lots[9].Value = 0, 0
	w := open(t, b, screentest.Options{})
	w.Click("Remove filter Stock above zero")
	w.Screen.(screen.Focuser).Focus(layout.Context{})
	w.Settle()
	down(w, 10)
	w.Press(key.NameReturn)
	w.Click("Adjust")
	w.Type("2")
	w.Enter(1)
	w.Type("count")
	w.Enter(2)
	w.Click("Post adjustment")
	if got := w.Note("Value ₹", "Error"); got != "LOT-20260212-002 is empty. Enter what the excess is worth." {
		t.Errorf("without a worth it says %q\n%s", got, w.Dump())
	}
	w.Fill("Value ₹", "461.09")
	w.Click("Post adjustment")
	got := screentest.Requests(b.Server, stock.Adjust)
	if len(got) != 1 || got[0].Value == nil || *got[0].Value != 46_109 || got[0].Qty != 2_000_000 || got[0].Reason != "Counting Error" {
		t.Errorf("sent %+v\n%s", got, w.Dump())
	}
}
