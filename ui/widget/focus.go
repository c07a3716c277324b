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
}

// Request asks for the keyboard at the next layout.
func (f *Focus) Request() { f.want = true }

// Now asks for the keyboard within this frame; below an open dialog, once that is gone.
func (f *Focus) Now(gtx layout.Context, tag event.Tag) {
	if !gtx.Enabled() {
		f.want = true
		return
	}
	f.want, f.had = false, true
	gtx.Execute(key.FocusCmd{Tag: tag})
}

// Drop forgets the focus; a control that is itself disabled does not take it back.
func (f *Focus) Drop() { f.had, f.want = false, false }

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
		if f.had {
			gtx.Execute(key.FocusCmd{Tag: tag})
		}
	case f.want:
		f.want, f.had = false, true
		gtx.Execute(key.FocusCmd{Tag: tag})
	default:
		f.had = gtx.Focused(tag)
	}
	return f.had
}
