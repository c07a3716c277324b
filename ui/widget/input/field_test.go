package input

import (
	"testing"

	"gioui.org/io/key"

	"masala/ui/theme"
)

func TestDateTypedAndFromTheCalendar(t *testing.T) {
	d := newDesk(t, 1216, 800, theme.Options{})
	d.Click("Received on")
	d.Type("y")
	d.Press(key.NameReturn)
	d.Click("Invoice no.")
	if d.on.Text != "11-Feb-2026" || d.date.field.Text() != "11-Feb-2026" {
		t.Errorf("%q", d.on.Text)
	}
	d.Fill("Received on", "13")
	d.Click("Invoice no.")
	if got := d.Note("Received on", "Error"); got != "13-Feb-2026 is in the future. Today is 12-Feb-2026." {
		t.Errorf("%q", got)
	}
	d.Fill("Received on", "12")
	d.field = nil
	d.Press(key.NameF4)
	for _, k := range []struct {
		name key.Name
		want string
	}{{key.NameLeftArrow, "11-Feb-2026"}, {key.NameRightArrow, "12-Feb-2026"}, {key.NameUpArrow, "05-Feb-2026"}, {key.NameDownArrow, "12-Feb-2026"},
		{key.NamePageUp, "12-Jan-2026"}, {key.NameEnd, "31-Jan-2026"}, {key.NamePageDown, "28-Feb-2026"}, {key.NameHome, "01-Feb-2026"}} {
		d.Press(k.name)
		if n := d.Must(k.want); !n.Selected {
			t.Errorf("%v: %s is not marked", k.name, k.want)
		}
	}
	if !d.Sees("February 2026") {
		t.Error(d.Dump())
	}
	d.Press(key.NameReturn)
	d.says(t, "submitted")
	if d.on.Text != "01-Feb-2026" || d.date.Open() {
		t.Error(d.on.Text)
	}
	d.Press(key.NameF4)
	d.Press(key.NamePageDown)
	d.Press(key.NameTab)
	if d.date.Open() || d.on.Error != "01-Mar-2026 is in the future. Today is 12-Feb-2026." {
		t.Errorf("%q", d.on.Error)
	}
	d.says(t, "")
	d.Press(key.NameF4)
	d.Press(key.NameEscape)
	if d.date.Open() {
		t.Error("Esc")
	}
	d.Click("Open calendar, Received on")
	d.Click("Month before")
	d.Click("Next month")
	d.Click("Month before")
	d.Click("10-Feb-2026")
	if d.on.Text != "10-Feb-2026" {
		t.Errorf("clicked %q", d.on.Text)
	}
}

func TestQuantity(t *testing.T) {
	d := newDesk(t, 1216, 800, theme.Options{})
	type step struct{ typed, text, unit, note string }
	for _, s := range []step{{"12.5 bag", "12.500 bag", "bag", "= 500.000 kg"}, {"3", "3.000 bag", "bag", "= 120.000 kg"}, {"5q", "5.000 q", "q", "= 500.000 kg"},
		{"40*12+15 kg", "495.000 kg", "kg", ""}} {
		d.Fill("Weight", s.typed)
		d.Click("Invoice no.")
		if d.qty.Text != s.text || d.measure.unit != s.unit || d.Note("Weight", "Hint") != s.note || d.qty.Error != "" {
			t.Errorf("%q: %q, unit %q, below %q, error %q", s.typed, d.qty.Text, d.measure.unit, d.Note("Weight", "Hint"), d.qty.Error)
		}
	}
	if d.measure.field.Text() != "495.000" {
		t.Errorf("the editor holds the number only: %q", d.measure.field.Text())
	}
	d.Click("Weight")
	d.Press(key.NameF4)
	d.Press(key.NameDownArrow)
	d.Press(key.NameReturn)
	if d.qty.Text != "495.000 bag" || d.measure.Open() {
		t.Errorf("%q", d.qty.Text)
	}
	d.Click("Choose unit, Weight")
	d.Click("q")
	if d.qty.Text != "495.000 q" {
		t.Errorf("%q", d.qty.Text)
	}
	d.Press(key.NameF4)
	d.Press(key.NameEscape)
	d.Fill("Weight", "12 crates")
	d.Click("Invoice no.")
	if d.qty.Error == "" || d.measure.field.Text() != "12 crates" {
		t.Errorf("what was typed stays: %q %q", d.measure.field.Text(), d.qty.Error)
	}
	d.Fill("Weight", "")
	d.Click("Invoice no.")
	if d.qty.Text != "" || d.qty.Error != "" || d.measure.unit != "kg" {
		t.Errorf("%q %q %q", d.qty.Text, d.qty.Error, d.measure.unit)
	}
}

func TestMoneyIsRewrittenAndFollowsTheForm(t *testing.T) {
	d := newDesk(t, 1216, 800, theme.Options{})
	d.Fill("Freight", "40*12+15")
	d.Press(key.NameReturn)
	d.says(t, "entered, submitted")
	d.Click("Invoice no.")
	if d.number.field.Text() != "495.00" {
		t.Errorf("%q", d.number.field.Text())
	}
	d.amount.Set("7")
	d.Settle()
	if d.number.field.Text() != "7" {
		t.Error("a value set from outside is not shown")
	}
	d.form.Reset()
	d.Settle()
	if d.number.field.Text() != "" || d.combo.field.Text() != "" {
		t.Error("an emptied form still shows text")
	}
}
