package input

import (
	"fmt"
	"strings"
	"testing"

	"gioui.org/io/key"

	"masala/ui/theme"
)

// told returns what the grid said since the last call, as words.
func (d *desk) told() string {
	names := map[GridEventKind]string{GridTaken: "taken", GridRows: "rows", GridDone: "done", GridBack: "back", GridCreate: "create"}
	var s []string
	for _, e := range d.events {
		if w, ok := names[e.Kind]; ok {
			s = append(s, strings.TrimSpace(w+" "+e.Option.Code+e.Text))
		}
	}
	d.events = nil
	return strings.Join(s, ", ")
}

func (d *desk) at(t *testing.T, row int, column string) {
	t.Helper()
	if r, c := d.grid.Active(); r != row || c != column || !d.grid.Focused() {
		t.Fatalf("in cell %d %s (keyboard %v), want %d %s", r, c, d.grid.Focused(), row, column)
	}
}

func newGridDesk(t *testing.T) *desk {
	d := newDesk(t, 1216, 800, theme.Options{})
	d.grid.Focus(d.rows)
	d.Settle()
	d.at(t, 0, "item")
	return d
}

func TestGridTypedWithEnterOnly(t *testing.T) {
	d := newGridDesk(t)
	for i, line := range [][]string{{"turm", "500", "143", "ET-2209", "2-2", "1-2-28", ""}, {"RAW-002", "5 bag", "225", "UJ-77", "", "+90", "hold"}} {
		for _, s := range line {
			d.Type(s)
			d.Press(key.NameReturn)
		}
		d.at(t, i+1, "item")
	}
	if got := d.told(); got != "taken RAW-001, rows, taken RAW-002, taken, rows" {
		t.Errorf("told %q", got)
	}
	d.Press(key.NameEnter)
	if got := d.told(); got != "done" || d.grid.Focused() || !d.after.Focused() {
		t.Errorf("an empty item leaves the grid: %q", got)
	}
	rows := d.rows.Filled()
	if len(rows) != 2 || rows[0].Field("expiry_on").Text != "01-Feb-2028" || rows[1].Field("quantity").Text != "5.000 bag" || rows[1].Field("qc").Key != "HOLD" {
		t.Fatal(d.Dump())
	}
	if d.rows.At(2).Errors() != nil {
		t.Error("a blank row owes nothing:", d.rows.At(2).Errors())
	}
	if !d.Sees("71,500.00") {
		t.Error(d.Dump())
	}
}

func TestGridBackAndTab(t *testing.T) {
	d := newGridDesk(t)
	d.fill()
	d.grid.FocusField(d.rows, d.rows.At(1).Field("item"))
	d.Settle()
	d.at(t, 1, "item")
	d.Press(key.NameTab)
	d.at(t, 1, "quantity")
	d.Press(key.NameTab)
	d.at(t, 1, "rate") // the unit is not typed
	d.Press(key.NameTab, key.ModShift)
	d.Press(key.NameReturn, key.ModShift)
	d.at(t, 1, "item")
	d.Press(key.NameReturn, key.ModShift)
	d.at(t, 0, "qc")
	d.grid.FocusField(d.rows, d.rows.At(0).Field("item"))
	d.Settle()
	d.told()
	d.Press(key.NameReturn, key.ModShift)
	if got := d.told(); got != "back" {
		t.Errorf("before the first cell: %q", got)
	}
	d.grid.FocusField(d.rows, d.rows.At(0).Field("item"))
	d.Settle()
	d.Press(key.NameTab, key.ModShift)
	if d.grid.Focused() || !d.number.Focused() {
		t.Error("Shift+Tab leaves the grid for the field before it")
	}
	d.Press(key.NameTab)
	d.at(t, 0, "item")
	d.grid.FocusField(d.rows, d.rows.At(d.rows.Len()-1).Field("qc"))
	d.Settle()
	if d.grid.FocusField(d.rows, d.supplier) {
		t.Error("no cell of the grid")
	}
	d.Press(key.NameTab)
	if d.grid.Focused() || !d.after.Focused() {
		t.Error("Tab leaves the grid at its end")
	}
}

func TestGridBlankRowOwesNothing(t *testing.T) {
	d := newGridDesk(t)
	d.Press(key.NameTab)
	d.at(t, 0, "quantity")
	d.Click("Invoice no.")
	if e := d.rows.At(0).Errors(); e != nil {
		t.Error(e)
	}
	d.grid.FocusField(d.rows, d.rows.At(0).Field("rate"))
	d.Settle()
	d.Type("1x")
	d.Press(key.NameTab)
	if e := d.rows.At(0).Errors(); len(e) != 1 {
		t.Error("left with a fault, says", e)
	}
}

func TestGridRowKeys(t *testing.T) {
	d := newGridDesk(t)
	d.fill()
	d.grid.Focus(d.rows)
	d.Settle()
	d.at(t, 3, "item")
	d.told()
	d.Press("D", key.ModCtrl)
	if got := d.told(); got != "rows" || d.rows.At(3).Field("item").Key != "3" || d.rows.At(3).Field("rate").Text != "85.00" {
		t.Errorf("Ctrl+D: %q %q", got, d.rows.At(3).Field("item").Text)
	}
	d.Press(key.NameUpArrow)
	d.at(t, 2, "item")
	d.Press(key.NameDeleteForward, key.ModCtrl)
	if d.rows.Len() != 3 || d.rows.At(2).Field("supplier_lot").Text != "RD-145" {
		t.Error("Ctrl+Del", d.rows.Len())
	}
	d.Press(key.NameUpArrow)
	d.Press(key.NameDeleteForward, key.ModCtrl)
	d.Press("Z", key.ModCtrl)
	d.at(t, 1, "item")
	d.Press("Z", key.ModCtrl)
	d.at(t, 2, "item")
	if d.rows.Len() != 4 || d.rows.At(1).Field("item").Key != "2" {
		t.Error("Ctrl+Z", d.rows.Len())
	}
	d.Press(key.NameDeleteForward, key.ModCtrl)
	d.Type("x") // from now on Ctrl+Z belongs to the text
	d.Press("Z", key.ModCtrl)
	if d.rows.Len() != 3 {
		t.Error("Ctrl+Z after typing brought a row back")
	}
}

func TestGridF2AndF4(t *testing.T) {
	d := newGridDesk(t)
	d.fill()
	d.grid.FocusField(d.rows, d.rows.At(0).Field("rate"))
	d.Settle()
	d.Type("9") // typing over a cell replaces it
	if got := d.rows.At(0).Field("rate").Text; got != "9" {
		t.Errorf("%q", got)
	}
	d.Press(key.NameReturn)
	d.Press(key.NameTab, key.ModShift)
	d.at(t, 0, "rate")
	d.Press(key.NameF2)
	d.Type("5")
	if got := d.rows.At(0).Field("rate").Text; got != "9.005" {
		t.Errorf("after F2 one goes on typing: %q", got)
	}
	for column, sees := range map[string]string{"item": "Black (large) cardamom", "expiry_on": "February 2028", "quantity": "= 40.000 kg"} {
		d.grid.FocusField(d.rows, d.rows.At(0).Field(column))
		d.Settle()
		d.Press(key.NameF4)
		if column == "quantity" {
			if !d.Sees("bag") {
				t.Error("no units")
			}
		} else if !d.Sees(sees) {
			t.Errorf("F4 in %s shows no %q", column, sees)
		}
		d.Press(key.NameEscape)
		d.at(t, 0, column)
	}
}

func TestGridPointerAndErrors(t *testing.T) {
	d := newGridDesk(t)
	d.fill()
	if !d.Sees("Expiry date is required for raw material.") || !d.Sees("Moisture 9.8 % is above 9.0 %: this lot goes on HOLD, the others are released.") {
		t.Fatal(d.Dump())
	}
	d.Click("Expiry date, line 3")
	d.at(t, 2, "expiry_on")
	d.Type("+350")
	d.Press(key.NameReturn)
	d.at(t, 2, "qc")
	if d.Sees("Expiry date is required for raw material.") || d.rows.At(2).Field("expiry_on").Text != "28-Jan-2027" {
		t.Error("the fault stays")
	}
	d.Click("Quantity, line 1")
	d.at(t, 0, "quantity")
	d.Type("0")
	d.Press(key.NameDownArrow)
	d.at(t, 1, "quantity")
	if !d.Sees("Give more than zero.") {
		t.Error(d.Dump())
	}
	d.Click("Item, line 2")
	d.at(t, 1, "item")
}

func TestGridScrollsToTheActiveCell(t *testing.T) {
	d := newGridDesk(t)
	for i := range 30 {
		d.Type("RAW-002")
		d.Press(key.NameReturn)
		d.Type("1")
		for range 6 {
			d.Press(key.NameReturn)
		}
		d.at(t, i+1, "item")
		if !d.Sees(fmt.Sprintf("Item, line %d", i+2)) {
			t.Fatalf("line %d is not on the screen", i+2)
		}
	}
	if d.Sees("Item, line 1") {
		t.Error("the first line is still there")
	}
	d.Scroll("Quantity, line 29", -1e6)
	if !d.Sees("Item, line 1") {
		t.Error("the wheel did not scroll back")
	}
	d.form.Reset()
	d.grid.Reset()
	d.grid.Focus(d.rows)
	d.Settle()
	d.at(t, 0, "item")
}

// No single key may do more than write while a cell has the keyboard.
func TestGridLettersAreOnlyText(t *testing.T) {
	d := newGridDesk(t)
	d.told()
	for _, k := range []key.Name{"D", "Z", "N", "A"} {
		d.Press(k)
	}
	if got := d.told(); got != "" {
		t.Errorf("told %q", got)
	}
}
