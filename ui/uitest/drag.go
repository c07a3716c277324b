package uitest

import (
	"gioui.org/f32"
	"gioui.org/io/pointer"
)

// Drag presses the primary button at from, moves to to and lets go there; both in pixels.
func (u *UI) Drag(from, to f32.Point) {
	u.T.Helper()
	e := pointer.Event{Source: pointer.Mouse, Position: from, Buttons: pointer.ButtonPrimary, Time: u.presses}
	for _, step := range []struct {
		kind pointer.Kind
		at   f32.Point
	}{{pointer.Press, from}, {pointer.Move, to}, {pointer.Release, to}} {
		e.Kind, e.Position = step.kind, step.at
		if step.kind == pointer.Release {
			e.Buttons = 0
		}
		u.router.Queue(e)
		u.Settle()
	}
}
