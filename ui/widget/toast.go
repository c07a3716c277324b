package widget

import (
	"image"
	"time"

	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/theme"
)

// toastStay is how long a toast that is not an error can be read.
const toastStay = 4 * time.Second

// Toast is a short word about what has just been done.
type Toast struct {
	Text   string
	Error  bool   // stays until Esc
	Action string // "Print", "Undo"; none if empty
	Key    string // key that does the same, as text
	ID     string // comes back from Pressed
}

// Toasts shows one toast at a time, at the bottom in the middle, in the order they came.
type Toasts struct {
	queue   []Toast
	shown   bool // the first of queue has been drawn
	since   time.Time
	leaving time.Time // zero while it stays
	fade    Fade
	action  Clickable
	pressed []string
}

// Show puts a toast at the end of the queue.
func (t *Toasts) Show(toast Toast) { t.queue = append(t.queue, toast) }

// Now returns the toast on show.
func (t *Toasts) Now() (Toast, bool) {
	if len(t.queue) == 0 || !t.leaving.IsZero() {
		return Toast{}, false
	}
	return t.queue[0], true
}

// Dismiss sends the toast on show away.
func (t *Toasts) Dismiss(now time.Time) {
	if len(t.queue) > 0 && t.leaving.IsZero() {
		t.leaving = now
	}
}

// Pressed returns the ID of a toast whose action was pressed; the toast leaves.
func (t *Toasts) Pressed(gtx layout.Context) (string, bool) {
	t.read(gtx)
	if len(t.pressed) == 0 {
		return "", false
	}
	id := t.pressed[0]
	t.pressed = append(t.pressed[:0], t.pressed[1:]...)
	return id, true
}

func (t *Toasts) read(gtx layout.Context) {
	cur, ok := t.Now()
	if !ok {
		return
	}
	for t.action.Clicked(gtx) {
		t.pressed = append(t.pressed, cur.ID)
		t.Dismiss(gtx.Now)
	}
}

// readEsc comes after the page's layout, so that a list open on the page is closed first.
func (t *Toasts) readEsc(gtx layout.Context) {
	for cur, ok := t.Now(); ok && cur.Error; {
		e, ok := gtx.Event(key.Filter{Name: key.NameEscape})
		if !ok {
			return
		}
		if k, ok := e.(key.Event); ok && k.State == key.Press {
			t.Dismiss(gtx.Now)
			return
		}
	}
}

// step moves the queue on with the clock.
func (t *Toasts) step(gtx layout.Context, th *theme.Theme) {
	if len(t.queue) > 0 && !t.shown {
		t.shown, t.since, t.leaving, t.fade = true, gtx.Now, time.Time{}, Fade{}
	}
	if !t.shown {
		return
	}
	if end := t.since.Add(toastStay); !t.queue[0].Error && t.leaving.IsZero() {
		if gtx.Now.Before(end) {
			gtx.Execute(op.InvalidateCmd{At: end})
		} else {
			t.leaving = gtx.Now
		}
	}
	if !t.leaving.IsZero() && gtx.Now.Sub(t.leaving) >= th.Motion(theme.MotionToastOut) {
		t.queue = append(t.queue[:0], t.queue[1:]...)
		t.shown, t.leaving = false, time.Time{}
		if len(t.queue) > 0 {
			gtx.Execute(op.InvalidateCmd{})
		}
	}
}

// Layout draws the toast, if there is one, over the space given. Lay it out after the page, and ask for Esc after it.
func (t *Toasts) Layout(gtx layout.Context, th *theme.Theme) layout.Dimensions {
	full := layout.Dimensions{Size: gtx.Constraints.Max}
	t.read(gtx)
	t.readEsc(gtx)
	if len(t.pressed) > 0 {
		gtx.Execute(op.InvalidateCmd{})
	}
	t.step(gtx, th)
	if !t.shown {
		return full
	}
	d := th.Motion(theme.MotionToastIn)
	on := t.leaving.IsZero()
	if !on {
		d = th.Motion(theme.MotionToastOut)
	}
	v := t.fade.Value(gtx, on, d)
	cur := t.queue[0]
	w, h := toastWidth(gtx, th, cur), gtx.Dp(44)
	slide := int((1 - v) * float32(gtx.Dp(8)))
	defer push(gtx, (full.Size.X-w)/2, full.Size.Y-h-gtx.Dp(theme.S24)+slide).Pop()
	defer opacity(gtx, v).Pop()
	drawToast(gtx, th, cur, &t.action, image.Rect(0, 0, w, h))
	return full
}

func toastWidth(gtx layout.Context, th *theme.Theme, t Toast) int {
	w := gtx.Dp(14+17+10+14) + TextWidth(gtx, th, th.Type.Body, t.Text)
	if t.Action != "" {
		w += gtx.Dp(18) + TextWidth(gtx, th, th.Type.Body.Semi(), t.Action)
		if t.Key != "" {
			w += gtx.Dp(8) + kbdWidth(gtx, th, t.Key)
		}
	}
	return min(w, gtx.Constraints.Max.X-gtx.Dp(2*theme.S16))
}

func drawToast(gtx layout.Context, th *theme.Theme, t Toast, action *Clickable, r image.Rectangle) {
	h := r.Dy()
	back, icon := th.ToastBack, theme.IconCircleCheck
	if t.Error {
		back, icon = th.DangerGrad.Top, theme.IconCircleAlert
	}
	th.PaintFloating(gtx, r, gtx.Dp(theme.RadiusPopover), back)
	in := loose(gtx)
	x, right := gtx.Dp(14), r.Dx()-gtx.Dp(14)
	st := push(gtx, x, (h-gtx.Dp(17))/2)
	th.IconStroke(in, icon, 17, 2, th.OnToast)
	st.Pop()
	x += gtx.Dp(17 + 10)
	s := th.Type.Body
	if t.Action != "" {
		right = drawToastAction(gtx, th, t, action, right, h)
	}
	in.Constraints.Max.X = right - x
	st = push(gtx, x, (h-gtx.Sp(s.Line))/2)
	Text(in, th, s, th.OnToast, t.Text)
	st.Pop()
}

// drawToastAction draws word and key ending at right and returns where the text must end.
func drawToastAction(gtx layout.Context, th *theme.Theme, t Toast, action *Clickable, right, h int) int {
	_, _, focused := action.update(gtx, false)
	s := th.Type.Body.Semi()
	w := TextWidth(gtx, th, s, t.Action)
	kw := 0
	if t.Key != "" {
		kw = gtx.Dp(8) + kbdWidth(gtx, th, t.Key)
	}
	x := right - w - kw
	r := image.Rect(x-gtx.Dp(8), gtx.Dp(6), right+gtx.Dp(6), h-gtx.Dp(6))
	if focused {
		theme.Outline(gtx.Ops, r, gtx.Dp(6), float32(gtx.Dp(2)), th.OnToast)
	}
	defer action.area(gtx, r, semantic.Button, t.Action, false).Pop()
	in := loose(gtx)
	st := push(gtx, x, (h-gtx.Sp(s.Line))/2)
	TextAs(in, th, s, th.OnToast, t.Action, "")
	st.Pop()
	if t.Key != "" {
		st := push(gtx, right-kw+gtx.Dp(8), (h-gtx.Dp(20))/2)
		kbd(in, th, t.Key, kbdOn(th, th.ToastBack))
		st.Pop()
	}
	return x - gtx.Dp(18)
}
