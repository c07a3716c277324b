package widget_test

import (
	"testing"
	"time"

	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/ui/theme"
	"masala/ui/uitest"
	"masala/ui/widget"
)

// desk is a field and a button with a dialog and toasts above them.
type desk struct {
	th     *theme.Theme
	field  widget.Field
	post   widget.Button
	posts  int
	left   int
	modal  widget.Modal
	toasts widget.Toasts
	chosen []int
	undone []string
	list   widget.Popover // in the dialog's body
}

func (d *desk) layout(gtx layout.Context) layout.Dimensions {
	if i, ok := d.modal.Chosen(gtx); ok {
		d.chosen = append(d.chosen, i)
		d.modal.Hide()
	}
	if id, ok := d.toasts.Pressed(gtx); ok {
		d.undone = append(d.undone, id)
	}
	under := d.modal.Under(gtx)
	for d.post.Clicked(under) {
		d.posts++
	}
	for {
		e, ok := d.field.Update(under)
		if !ok {
			break
		}
		if e == widget.Left {
			d.left++
		}
	}
	column(under,
		func(gtx layout.Context) layout.Dimensions {
			return d.field.Layout(gtx, d.th, widget.FieldLook{Label: "Supplier"})
		},
		button(d.th, &d.post, widget.ButtonLook{Text: "Post GRN"}))
	d.toasts.Layout(under, d.th)
	return d.modal.Layout(gtx, d.th, widget.ModalLook{
		Title: "You have unsaved changes. Close anyway?",
		Body: func(gtx layout.Context) layout.Dimensions {
			size := layoutPt(10)
			d.list.Layout(gtx, d.th, size, widget.PopoverLook{Width: 100}, func(gtx layout.Context) layout.Dimensions {
				return widget.Text(gtx, d.th, d.th.Type.Body, d.th.T1, "A list")
			})
			return layout.Dimensions{Size: size}
		},
		Choices: []widget.Choice{{Text: "Close", Kind: widget.Danger}, {Text: "Stay", Safe: true}},
	})
}

func newDesk(t *testing.T) (*desk, *uitest.UI) {
	d := &desk{th: theme.New(theme.Options{})}
	return d, drive(t, d.layout)
}

func TestModalTrapsTabAndGivesTheFocusBack(t *testing.T) {
	d, ui := newDesk(t)
	ui.Fill("Supplier", "Ku")
	d.modal.Show()
	ui.Settle()
	if ui.Focused(d.field.Tag()) {
		t.Fatal("the field below still has the keyboard")
	}
	for range 5 { // whatever the number of stops, none lies below
		ui.Press(key.NameTab)
		if ui.Focused(d.field.Tag()) || ui.Focused(d.post.Tag()) {
			t.Fatal("Tab left the dialog")
		}
	}
	ui.Press(key.NameTab, key.ModShift)
	ui.Type("x")
	if ui.Must("Post GRN").Actionable() {
		t.Error("the button below the dialog can be pressed")
	}
	ui.Press(key.NameEscape)
	if d.modal.Open() || !ui.Focused(d.field.Tag()) {
		t.Fatalf("open %v, field focused %v after Esc", d.modal.Open(), ui.Focused(d.field.Tag()))
	}
	if d.left != 0 || d.field.Text() != "Ku" {
		t.Errorf("the dialog made the field think it was left %d times, text %q", d.left, d.field.Text())
	}
}

func TestModalSafeChoice(t *testing.T) {
	d, ui := newDesk(t)
	d.modal.Show()
	ui.Settle()
	ui.Press(key.NameReturn) // the safe one has the keyboard
	d.modal.Show()
	ui.Settle()
	ui.Press(key.NameEscape)
	d.modal.Show()
	ui.Settle()
	ui.Click("Close")
	if len(d.chosen) != 3 || d.chosen[0] != 1 || d.chosen[1] != 1 || d.chosen[2] != 0 {
		t.Errorf("chosen %v, want 1 by Enter, 1 by Esc, 0 by pointer", d.chosen)
	}
}

func TestEscClosesTheInnermostFirst(t *testing.T) {
	d, ui := newDesk(t)
	d.modal.Show()
	ui.Settle()
	d.list.Show()
	ui.Settle()
	if !ui.Sees("A list") {
		t.Fatal("the list is not shown")
	}
	ui.Press(key.NameEscape)
	if d.list.Open() || !d.modal.Open() {
		t.Fatalf("after one Esc: list open %v, dialog open %v", d.list.Open(), d.modal.Open())
	}
	ui.Press(key.NameEscape)
	if d.modal.Open() {
		t.Error("after two the dialog is still open")
	}
}

// What asks for the focus when the dialog goes wins over what had it before.
func TestAskedForFocusWinsOverGivenBack(t *testing.T) {
	d, ui := newDesk(t)
	ui.Click("Post GRN")
	d.modal.Show()
	ui.Settle()
	d.field.Focus()
	ui.Press(key.NameEscape)
	if !ui.Focused(d.field.Tag()) || ui.Focused(d.post.Tag()) {
		t.Error("the focus went back to the button instead of on to the field")
	}
}

func TestToastLeavesAfterFourSeconds(t *testing.T) {
	d, ui := newDesk(t)
	d.toasts.Show(widget.Toast{Text: "GRN-20260212-001 posted"})
	d.toasts.Show(widget.Toast{Text: "Draft saved"})
	ui.Settle()
	if !ui.Sees("GRN-20260212-001 posted") || ui.Sees("Draft saved") {
		t.Fatalf("not one at a time:\n%s", ui.Dump())
	}
	ui.Advance(3500 * time.Millisecond)
	if !ui.Sees("GRN-20260212-001 posted") {
		t.Error("gone before four seconds")
	}
	ui.Advance(time.Second)
	if ui.Sees("GRN-20260212-001 posted") || !ui.Sees("Draft saved") {
		t.Errorf("the queue did not move on:\n%s", ui.Dump())
	}
	ui.Advance(5 * time.Second)
	if ui.Sees("Draft saved") {
		t.Error("the last toast stays")
	}
}

func TestErrorToastStaysUntilEsc(t *testing.T) {
	d, ui := newDesk(t)
	d.toasts.Show(widget.Toast{Text: "Not posted: cumin lot is on HOLD", Error: true})
	ui.Settle()
	ui.Advance(time.Minute)
	if !ui.Sees("Not posted: cumin lot is on HOLD") {
		t.Fatal("an error left by itself")
	}
	ui.Press(key.NameEscape)
	ui.Advance(time.Second)
	if ui.Sees("Not posted: cumin lot is on HOLD") {
		t.Error("Esc does not send it away")
	}
}

func TestToastAction(t *testing.T) {
	d, ui := newDesk(t)
	d.toasts.Show(widget.Toast{Text: "Row removed", Action: "Undo", Key: "Ctrl Z", ID: "row-3"})
	ui.Settle()
	ui.Click("Undo")
	ui.Advance(time.Second)
	if len(d.undone) != 1 || d.undone[0] != "row-3" || ui.Sees("Row removed") {
		t.Errorf("undone %v, still seen %v", d.undone, ui.Sees("Row removed"))
	}
}

func TestNoAnimationNeedsNoFrames(t *testing.T) {
	d, ui := newDesk(t)
	d.th.Set(theme.Options{NoAnimation: true})
	ui.Settle()
	before := ui.Frames
	d.modal.Show()
	ui.Settle()
	if n := ui.Frames - before; n > 3 {
		t.Errorf("opening took %d frames without animation", n)
	}
}
