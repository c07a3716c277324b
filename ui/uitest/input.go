package uitest

import (
	"time"

	"gioui.org/f32"
	"gioui.org/io/pointer"
)

func center(n Node) f32.Point {
	return f32.Pt(float32(n.Bounds.Min.X+n.Bounds.Max.X)/2, float32(n.Bounds.Min.Y+n.Bounds.Max.Y)/2)
}

// Click presses what is known by name; plain text and disabled controls fail the test.
func (u *UI) Click(name string) {
	u.T.Helper()
	n := u.Must(name)
	if !n.Actionable() {
		u.T.Fatalf("%q cannot be clicked: it is plain text or disabled\n%s", name, u.Dump())
	}
	u.ClickAt(center(n))
}

// DoubleClick clicks twice within the time Gio takes for one double click.
func (u *UI) DoubleClick(name string) {
	u.T.Helper()
	n := u.Must(name)
	u.ClickAt(center(n))
	u.press(center(n), pointer.ButtonPrimary)
}

// RightClick presses the secondary button.
func (u *UI) RightClick(name string) {
	u.T.Helper()
	u.presses += time.Second
	u.press(center(u.Must(name)), pointer.ButtonSecondary)
}

// ClickAt presses and releases the primary button at p, in pixels, whatever is there.
func (u *UI) ClickAt(p f32.Point) {
	u.T.Helper()
	u.presses += time.Second // apart, so that two clicks are not one double click
	u.press(p, pointer.ButtonPrimary)
}

func (u *UI) press(p f32.Point, b pointer.Buttons) {
	u.T.Helper()
	u.presses += time.Millisecond
	e := pointer.Event{Source: pointer.Mouse, Position: p, Time: u.presses}
	for _, k := range []pointer.Kind{pointer.Move, pointer.Press, pointer.Release} {
		e.Kind, e.Buttons = k, 0
		if k == pointer.Press {
			e.Buttons = b
		}
		u.router.Queue(e)
		u.Settle()
	}
}

// Hover rests the pointer on what is known by name.
func (u *UI) Hover(name string) {
	u.T.Helper()
	u.router.Queue(pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: center(u.Must(name)), Time: u.presses})
	u.Settle()
}

// Hold presses the primary button on what is known by name and does not let go.
func (u *UI) Hold(name string) {
	u.T.Helper()
	u.presses += time.Second
	p := center(u.Must(name))
	u.router.Queue(
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: p, Time: u.presses},
		pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Position: p, Time: u.presses, Buttons: pointer.ButtonPrimary})
	u.Settle()
}

// Scroll turns the wheel over what is known by name; dy is in pixels, down is positive.
func (u *UI) Scroll(name string, dy float32) {
	u.T.Helper()
	u.router.Queue(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Scroll: f32.Pt(0, dy), Position: center(u.Must(name))})
	u.Settle()
}
