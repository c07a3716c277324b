package widget

import (
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/op"
)

// Focus keeps one control's hold on the keyboard. While a dialog is open the layout below it is disabled, which takes the
// focus away; the control that had it takes it back when it is enabled again. So a dialog need not know who that was.
//
// A focus asked for by Request wins over one taken back, because it is carried out a frame later.
type Focus struct {
	had, off, want bool
	moving         bool // asked for and not yet seen
}

// Request asks for the keyboard at the next layout.
func (f *Focus) Request() { f.want = true }

// Now asks for the keyboard within this frame; below an open dialog, once that is gone.
func (f *Focus) Now(gtx layout.Context, tag event.Tag) {
	if !gtx.Enabled() {
		f.want = true
		return
	}
	f.want, f.had, f.moving = false, true, true
	gtx.Execute(key.FocusCmd{Tag: tag})
}

// Drop forgets the focus; a control that is itself disabled does not take it back.
func (f *Focus) Drop() { f.had, f.want, f.moving = false, false, false }

// gone reports whether the keyboard has gone elsewhere since the last layout; no dialog took it and none gives it back.
func (f *Focus) gone(gtx layout.Context, tag event.Tag) bool {
	return f.had && !f.off && !f.moving && gtx.Enabled() && !gtx.Focused(tag)
}

// Update is called once in each layout with the control's tag; it reports whether the control has the keyboard.
func (f *Focus) Update(gtx layout.Context, tag event.Tag) bool {
	switch {
	case !gtx.Enabled():
		f.off = true
		return false
	case f.off:
		f.off = false
		if f.want {
			gtx.Execute(op.InvalidateCmd{})
		}
		if f.moving = f.had; f.had {
			gtx.Execute(key.FocusCmd{Tag: tag})
		}
	case f.want:
		f.Now(gtx, tag)
	default:
		f.had, f.moving = gtx.Focused(tag), false
	}
	return f.had
}

// Locked is the context of fields whose form is being sent: nothing typed meanwhile gets
// into them, and the one that had the keyboard has it again afterwards.
func Locked(gtx layout.Context, busy bool) layout.Context {
	if busy {
		return gtx.Disabled()
	}
	return gtx
}
