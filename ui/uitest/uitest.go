// Package uitest drives a layout function with neither window nor GPU: real input routing, real layout, controls found by the
// words a screen reader would say. A test reads like the user's own doing:
//
//	ui := uitest.New(t, clock, 1280, 800, screen.Layout)
//	ui.Fill("Supplier", "Kumar")
//	ui.Click("Post GRN")
//
// Traps worth knowing:
//   - Gio strikes out the node of an area whose handler listens to nothing. A disabled Gio button or editor therefore
//     vanishes; the controls of ui/widget stay, marked as disabled.
//   - The window sends Tab as a system event and moves the focus itself when nobody asked for Tab by name; Press does the same.
//   - Only the window's edge and controls cut what is seen: Gio tells nothing of a clip that no control belongs to, so a line
//     half scrolled out of a list is still found, and a press on it may miss.
//   - An animation that asks for the next frame at once is run to its end by Settle; one that asks for a frame at a later
//     time (spinner, caret) counts as settled.
package uitest

import (
	"image"
	"io"
	"strings"
	"testing"
	"time"

	"gioui.org/io/event"
	"gioui.org/io/input"
	"gioui.org/io/key"
	"gioui.org/io/transfer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"masala/ui/keyboard"
)

// frameTime is how far the clock moves from one frame to the next while things settle.
const frameTime = 16 * time.Millisecond

// Clock is the test's clock; hand its Now to the code under test so that both live in the same time.
type Clock struct{ now time.Time }

// NewClock returns a clock that stands at t until somebody moves it.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now returns the time shown.
func (c *Clock) Now() time.Time { return c.now }

// UI is one imagined window.
type UI struct {
	T      testing.TB
	Clock  *Clock
	Size   image.Point // px
	Scale  float32     // px per dp
	Layout layout.Widget
	Frames int
	// Clipboard is what was copied last and what a paste brings.
	Clipboard string
	// Ops is the last frame, for a screenshot.
	Ops op.Ops

	router  input.Router
	wake    time.Time
	waking  bool
	presses time.Duration
	burst   bool // keys come without frames in between
	stutter func() bool
	keys    keyboard.Keyboard
	caret   key.Range // selection of the focused editor, as far as the window knows
}

// New lays out the first frames of a window of w by h pixels.
func New(t testing.TB, clock *Clock, w, h int, l layout.Widget) *UI {
	t.Helper()
	u := &UI{T: t, Clock: clock, Size: image.Pt(w, h), Scale: 1, Layout: l}
	u.Settle()
	return u
}

// Resize changes the window and its scale (px per dp) and settles.
func (u *UI) Resize(w, h int, scale float32) {
	u.T.Helper()
	u.Size, u.Scale = image.Pt(w, h), scale
	u.Settle()
}

// Frame lays out one frame as app.Window does.
func (u *UI) Frame() {
	u.Ops.Reset()
	u.Layout(u.keys.Begin(layout.Context{
		Ops: &u.Ops, Now: u.Clock.now, Source: u.router.Source(), Constraints: layout.Exact(u.Size),
		Metric: unit.Metric{PxPerDp: u.Scale, PxPerSp: u.Scale},
	}))
	u.router.Frame(&u.Ops)
	u.Frames++
	u.caret = u.router.EditorState().Selection.Range
	if _, b, ok := u.router.WriteClipboard(); ok {
		u.Clipboard = string(b)
	}
	if u.router.ClipboardRequested() {
		text := u.Clipboard
		u.router.Queue(transfer.DataEvent{Type: "application/text", Open: func() io.ReadCloser {
			return io.NopCloser(strings.NewReader(text))
		}})
	}
	u.wake, u.waking = u.router.WakeupTime()
}

// Settle runs frames until none asks for another one right away. A layout that never stops asking fails the test.
func (u *UI) Settle() {
	u.T.Helper()
	for range 400 {
		u.Clock.now = u.Clock.now.Add(frameTime)
		u.Frame()
		if !u.waking || u.wake.After(u.Clock.now) {
			return
		}
	}
	u.T.Fatal("the layout asks for a new frame for ever")
}

// Advance moves the clock on by d, with a frame at every moment the layout asked for on the way, as a window would.
func (u *UI) Advance(d time.Duration) {
	u.T.Helper()
	end := u.Clock.now.Add(d)
	for u.waking && u.wake.Before(end) {
		if u.wake.After(u.Clock.now) {
			u.Clock.now = u.wake
		} else {
			u.Clock.now = u.Clock.now.Add(frameTime)
		}
		u.Frame()
	}
	if u.Clock.now.Before(end) {
		u.Clock.now = end
	}
	u.Frame()
	for u.waking && !u.wake.After(u.Clock.now) {
		u.Settle()
	}
}

// Focused reports whether the control with that tag has the keyboard.
func (u *UI) Focused(tag event.Tag) bool { return u.router.Source().Focused(tag) }
