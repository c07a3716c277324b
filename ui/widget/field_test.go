package widget_test

import (
	"image"
	"slices"
	"testing"

	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/ui/theme"
	"masala/ui/uitest"
	"masala/ui/widget"
)

func layoutPt(n int) image.Point { return image.Pt(n, n) }

type form struct {
	th     *theme.Theme
	fields []*widget.Field
	looks  []widget.FieldLook
	events []widget.FieldEvent // of the first field
}

func (f *form) layout(gtx layout.Context) layout.Dimensions {
	var ws []layout.Widget
	for i, fl := range f.fields {
		for {
			e, ok := fl.Update(gtx)
			if !ok {
				break
			}
			if i == 0 {
				f.events = append(f.events, e)
			}
		}
		ws = append(ws, func(gtx layout.Context) layout.Dimensions { return fl.Layout(gtx, f.th, f.looks[i]) })
	}
	return column(gtx, ws...)
}

func newForm(t *testing.T, looks ...widget.FieldLook) (*form, *uitest.UI) {
	f := &form{th: theme.New(theme.Options{}), looks: looks}
	for range looks {
		f.fields = append(f.fields, &widget.Field{})
	}
	return f, drive(t, f.layout)
}

func TestFieldTellsWhatHappened(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "Supplier"}, widget.FieldLook{Label: "Invoice no."})
	ui.Click("Supplier")
	ui.Type("Ku")
	ui.Press(key.NameReturn)
	ui.Press(key.NameEnter)
	ui.Press(key.NameReturn, key.ModShift)
	ui.Press(key.NameTab)
	want := []widget.FieldEvent{widget.Entered, widget.Changed, widget.Changed, widget.Submitted, widget.Submitted, widget.Back, widget.Left}
	if !slices.Equal(f.events, want) {
		t.Errorf("events %v, want %v", f.events, want)
	}
	if !ui.Focused(f.fields[1].Tag()) || f.fields[0].Text() != "Ku" {
		t.Errorf("Tab did not go on, or the text is %q", f.fields[0].Text())
	}
	if !ui.Sees("Ku") {
		t.Error("what is written is not announced")
	}
}

func TestFieldAnnouncesErrorOverWarningOverHint(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "Expiry date", Hint: "t, y, 12", Warning: "Only 20 days", Error: "Expiry date is required."})
	check := func(kind, want string) {
		t.Helper()
		for _, k := range []string{"Error", "Warning", "Hint"} {
			w := ""
			if k == kind {
				w = want
			}
			if got := ui.Note("Expiry date", k); got != w {
				t.Errorf("%s says %q, want %q", k, got, w)
			}
		}
	}
	check("Error", "Expiry date is required.")
	f.looks[0].Error = ""
	ui.Settle()
	check("Warning", "Only 20 days")
	f.looks[0].Warning = ""
	ui.Settle()
	check("Hint", "t, y, 12")
}

func TestKeyboardFocusSelectsAll(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "Freight"}, widget.FieldLook{Label: "Hamali"})
	f.fields[1].SetText("0.00")
	ui.Click("Freight")
	ui.Press(key.NameTab)
	ui.Type("35")
	if got := f.fields[1].Text(); got != "35" {
		t.Errorf("typing after Tab gave %q, want it to replace all: 35", got)
	}
	f.fields[0].Focus()
	ui.Settle()
	if !f.fields[0].Focused() {
		t.Error("Focus did not bring the keyboard")
	}
}

func TestReadOnlyAndDisabledFields(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "GRN no.", ReadOnly: true}, widget.FieldLook{Label: "Rate", Disabled: true})
	f.fields[0].SetText("GRN-1")
	ui.Click("GRN no.")
	ui.Type("9")
	ui.Press("A", key.ModShortcut)
	ui.Press("C", key.ModShortcut)
	if f.fields[0].Text() != "GRN-1" || ui.Clipboard != "GRN-1" {
		t.Errorf("read-only field holds %q, copied %q", f.fields[0].Text(), ui.Clipboard)
	}
	if ui.Must("Rate").Actionable() {
		t.Error("a disabled field takes the pointer")
	}
}

func TestPasswordIsHiddenUntilTheEyeIsPressed(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "Password", Password: true})
	ui.Fill("Password", "turmeric")
	if ui.Sees("turmeric") || f.fields[0].Editor.Mask == 0 {
		t.Error("the password can be read")
	}
	ui.Click("Show password")
	if f.fields[0].Editor.Mask != 0 {
		t.Error("the eye does not show the password")
	}
	ui.Click("Hide password")
	if f.fields[0].Editor.Mask == 0 {
		t.Error("the eye does not hide the password")
	}
}

func TestNoteTakesSeveralLines(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "Note", Lines: 3})
	ui.Fill("Note", "wet bags")
	ui.Press(key.NameReturn)
	ui.Type("told")
	if got := f.fields[0].Text(); got != "wet bags\ntold" {
		t.Errorf("note is %q", got)
	}
}

// An error that comes must not push the form down where room is kept for it.
func TestKeepNoteKeepsTheHeight(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "Rate", KeepNote: true}, widget.FieldLook{Label: "Below"})
	before := ui.Must("Below").Bounds
	f.looks[0].Error = "Rate is required."
	ui.Settle()
	if after := ui.Must("Below").Bounds; after != before {
		t.Errorf("the next field moved from %v to %v", before, after)
	}
}

// A sentence that says what to do is read whole; a hint keeps to its line.
func TestErrorsAreReadWhole(t *testing.T) {
	const long = "One quintal is the same for every item. Give this unit another name, for example bag. One quintal is the same for every item. Give this unit another name."
	f, ui := newForm(t, widget.FieldLook{Label: "Unit", Hint: long}, widget.FieldLook{Label: "Below"})
	below := func() int { return ui.Must("Below").Bounds.Min.Y }
	line := below()
	f.looks[0].Error = "Enter the unit."
	if ui.Settle(); below() != line {
		t.Errorf("a short error takes %d more than a hint", below()-line)
	}
	f.looks[0].Error = long
	if ui.Settle(); below() <= line || ui.Note("Unit", "Error") != long {
		t.Errorf("a long one has no second line: %d, %q", below()-line, ui.Note("Unit", "Error"))
	}
}

// The window counts an insertion from the selection of the last frame; the field puts it where the caret is by now.
func TestTypedAheadLandsAtTheCaret(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "Freight"})
	f.fields[0].SetText("350")
	ui.Click("Freight")
	ui.Burst(func() {
		ui.Press("A", key.ModShortcut)
		ui.Type("12")
		ui.Press(key.NameLeftArrow)
		ui.Type("7")
		ui.Press(key.NameHome)
		ui.Press(key.NameDeleteForward)
		ui.Type("4")
	})
	if got := f.fields[0].Text(); got != "472" {
		t.Errorf("%q, want 472", got)
	}
	ui.Clipboard = "99"
	ui.Burst(func() {
		ui.Press("A", key.ModShortcut)
		ui.Press("V", key.ModShortcut)
		ui.Type("5")
	})
	if got := f.fields[0].Text(); got != "995" {
		t.Errorf("pasted and typed %q, want 995", got)
	}
}

func TestCompositionReplacesItsOwnText(t *testing.T) {
	f, ui := newForm(t, widget.FieldLook{Label: "Name"})
	ui.Click("Name")
	ui.Type("a")
	ui.Compose("ह", "हल", "हल्दी")
	ui.Type("b")
	if got := f.fields[0].Text(); got != "aहल्दीb" {
		t.Errorf("%q, want aहल्दीb", got)
	}
}
