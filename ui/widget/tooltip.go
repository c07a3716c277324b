package widget

import (
	"image"
	"time"

	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/theme"
)

// tooltipWait is how long the pointer rests before a tooltip comes.
const tooltipWait = 500 * time.Millisecond

// Tooltip shows a word below what the pointer rests on.
type Tooltip struct {
	since time.Time
	fade  Fade
}

// Layout draws w and, when the pointer has rested on it (hovered says so), the text below it.
func (t *Tooltip) Layout(gtx layout.Context, th *theme.Theme, hovered bool, text string, w layout.Widget) layout.Dimensions {
	d := w(gtx)
	t.show(gtx, th, hovered, d.Size, text, "")
	return d
}

func (t *Tooltip) show(gtx layout.Context, th *theme.Theme, hovered bool, anchor image.Point, text, key string) {
	switch {
	case !hovered:
		t.since = time.Time{}
	case t.since.IsZero():
		t.since = gtx.Now
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(tooltipWait)})
	}
	due := hovered && gtx.Now.Sub(t.since) >= tooltipWait
	v := t.fade.Value(gtx, due, th.Motion(theme.MotionPopover))
	if v == 0 {
		return
	}
	deferAt(gtx, image.Pt(0, anchor.Y+gtx.Dp(6)), func(gtx layout.Context) {
		s := th.Type.Label
		padX, h := gtx.Dp(9), gtx.Dp(28)
		w := TextWidth(gtx, th, s, text) + 2*padX
		if key != "" {
			w += kbdWidth(gtx, th, key) + gtx.Dp(8)
		}
		x := (anchor.X - w) / 2
		defer push(gtx, x, 0).Pop()
		defer opacity(gtx, v).Pop()
		th.PaintPopover(gtx, image.Rect(0, 0, w, h), gtx.Dp(7))
		in := loose(gtx)
		in.Constraints.Max = image.Pt(w, h)
		st := push(gtx, padX, (h-gtx.Sp(s.Line))/2)
		TextAs(in, th, s, th.T1, text, "")
		st.Pop()
		if key != "" {
			st := push(gtx, w-padX-kbdWidth(gtx, th, key), (h-gtx.Dp(20))/2)
			Kbd(in, th, key)
			st.Pop()
		}
	})
}
