package input

import (
	"strings"
	"testing"

	"gioui.org/io/key"

	"masala/ui/theme"
)

// did returns what the controls above the grid said since the last call, as words.
func (d *desk) did() string {
	names := map[EventKind]string{Changed: "changed", Submitted: "submitted", Back: "back", Entered: "entered", Left: "left", Taken: "taken", Create: "create"}
	var s []string
	for _, e := range d.field {
		w := names[e.Kind]
		switch e.Kind {
		case Changed:
			continue
		case Taken:
			w += " " + e.Option.Code
		case Create:
			w += " " + e.Text
		}
		s = append(s, w)
	}
	d.field = nil
	return strings.Join(s, ", ")
}

func (d *desk) says(t *testing.T, want string) {
	t.Helper()
	if got := d.did(); got != want {
		t.Errorf("did %q, want %q", got, want)
	}
}

func newComboDesk(t *testing.T) *desk {
	d := newDesk(t, 1216, 800, theme.Options{})
	d.Click("Supplier")
	d.says(t, "entered")
	return d
}

func TestComboboxTypingOpensAndEnterTakes(t *testing.T) {
	d := newComboDesk(t)
	if d.combo.Open() {
		t.Error("open before typing")
	}
	d.Type("ca")
	if !d.combo.Open() || !d.Sees("Green cardamom (7 mm)") || !d.Sees("Create supplier “ca”") || d.Sees("Turmeric finger") {
		t.Fatal(d.Dump())
	}
	if !d.Must("Green cardamom (7 mm)").Selected {
		t.Error("the first row is not ready")
	}
	d.Press(key.NameDownArrow)
	d.Press(key.NameReturn)
	d.says(t, "taken RAW-008, submitted")
	if d.supplier.Key != "8" || d.supplier.Text != "Black (large) cardamom" || d.combo.Open() || d.combo.field.Text() != d.supplier.Text {
		t.Errorf("%+v", d.supplier)
	}
	d.Press(key.NameReturn)
	d.says(t, "submitted")
	d.Type("x")
	if d.supplier.Key != "" {
		t.Error("a changed text is still the old record")
	}
}

func TestComboboxKeys(t *testing.T) {
	d := newComboDesk(t)
	d.Type("ca")
	d.Press(key.NameTab)
	d.says(t, "taken RAW-007, submitted")
	d.Press(key.NameF4)
	if !d.combo.Open() || !d.Sees("Turmeric finger") {
		t.Error("F4 shows all, not only what is chosen")
	}
	d.Press(key.NamePageDown)
	if d.combo.active != 5 {
		t.Error("PgDn", d.combo.active)
	}
	d.Press(key.NamePageUp)
	d.Press(key.NameUpArrow)
	if d.combo.active != 0 {
		t.Error("PgUp", d.combo.active)
	}
	d.Press(key.NameEscape)
	if d.combo.Open() || d.supplier.Key != "7" {
		t.Error("Esc closes the list and keeps the record")
	}
	d.Press(key.NameDownArrow)
	if !d.combo.Open() {
		t.Error("↓ opens")
	}
	d.Press(key.NameF4)
	if d.combo.Open() {
		t.Error("F4 closes")
	}
	d.says(t, "")
	d.Press(key.NameReturn, key.ModShift)
	d.says(t, "back")
	d.Fill("Supplier", "new one")
	d.Press("N", key.ModCtrl)
	d.says(t, "create new one")
	d.Type("s")
	d.Press(key.NameReturn) // nothing matches: only the last row is there
	d.says(t, "create new ones")
}

func TestComboboxScanner(t *testing.T) {
	d := newComboDesk(t)
	d.Type("raw-010")
	d.Press(key.NameReturn)
	d.says(t, "taken RAW-010, submitted")

	d.Fill("Supplier", "RAW-001") // Esc closed the list: the code is still found
	d.Press(key.NameEscape)
	d.Press(key.NameEnter)
	d.says(t, "taken RAW-001, submitted")

	d.combo.Search = func(string) Found { return Found{Options: stock} } // a server with an order of its own
	d.Fill("Supplier", "raw-003")
	d.Press(key.NameReturn)
	d.says(t, "taken RAW-003, submitted")
	d.Fill("Supplier", "raw-003")
	d.Press(key.NameDownArrow)
	d.Press(key.NameReturn)
	d.says(t, "taken RAW-002, submitted")
}

func TestComboboxWaitsForTheServer(t *testing.T) {
	d := newComboDesk(t)
	d.loading = true
	d.Type("RAW-003")
	if !d.Sees("Nothing matches") && d.combo.Open() != true {
		t.Error(d.Dump())
	}
	d.Press(key.NameReturn)
	d.says(t, "submitted") // without waiting
	d.loading = false
	d.Settle()
	d.says(t, "taken RAW-003")
}

func TestComboboxPointer(t *testing.T) {
	d := newComboDesk(t)
	d.Click("Open list, Supplier")
	if !d.combo.Open() {
		t.Fatal("the chevron opens the list")
	}
	d.Click("Coriander seed (Eagle)")
	d.says(t, "taken RAW-003, submitted")
	d.Fill("Supplier", "ca")
	d.Click("Create supplier “ca”")
	d.says(t, "create ca")
	d.Type("r")
	d.Click("Invoice no.")
	if d.combo.Open() || d.supplier.Error != "Supplier: choose one of the list." {
		t.Errorf("a press beside closes and the field says so: %q", d.supplier.Error)
	}
	if got := d.Note("Supplier", "Error"); got != d.supplier.Error {
		t.Errorf("shown: %q", got)
	}
}

func TestComboboxScrollsPastEightRows(t *testing.T) {
	d := newDesk(t, 1216, 800, theme.Options{})
	d.combo.Search = Among(many(30))
	d.Click("Supplier")
	d.Press(key.NameF4)
	n := d.combo.sheet
	if !n.open || d.Sees("Masala 12") {
		t.Error("more than eight rows shown")
	}
	for range 12 {
		d.Press(key.NameDownArrow)
	}
	if !d.Sees("Masala 12") {
		t.Error("the marked row is not in view")
	}
	d.Press(key.NameReturn)
	if d.supplier.Text != "Masala 12" {
		t.Error(d.supplier.Text)
	}
}

func TestAmongRanksCodesFirst(t *testing.T) {
	list := append([]Option{{Key: "x", Code: "ZZ", Name: "Raw-001 lookalike"}}, stock...)
	search := Among(list)
	for text, want := range map[string]string{"raw-001": "RAW-001", "जीरा": "RAW-002", "rd-145": "RAW-003", "BARK": "RAW-010", "raw-00": "RAW-001"} {
		if f := search(text); len(f.Options) == 0 || f.Options[0].Code != want {
			t.Errorf("%q finds %+v, want %s first", text, f.Options, want)
		}
	}
	if f := search("no such"); len(f.Options) != 0 {
		t.Error(f)
	}
}
