package widget

import (
	"image"
	"image/color"

	"gioui.org/io/semantic"
	"gioui.org/layout"

	"masala/ui/theme"
)

// Toggle switches something on and off at once; what must be posted first takes a Checkbox.
type Toggle struct {
	Clickable
	On      bool
	changed bool
	slide   Fade
}

// Changed reports whether the user switched since the last call; On holds the new state.
func (t *Toggle) Changed(gtx layout.Context) bool {
	flip(gtx, &t.Clickable, &t.On, &t.changed)
	return take(&t.changed)
}

func flip(gtx layout.Context, c *Clickable, on, changed *bool) {
	for c.Clicked(gtx) {
		*on = !*on
		*changed = !*changed
	}
}

func take(b *bool) bool {
	v := *b
	*b = false
	return v
}

// Layout draws the switch with its word at the right.
func (t *Toggle) Layout(gtx layout.Context, th *theme.Theme, word string, disabled bool) layout.Dimensions {
	flip(gtx, &t.Clickable, &t.On, &t.changed)
	_, _, focused := t.update(gtx, disabled)
	s := th.Type.Body
	w, h, knob := gtx.Dp(38), gtx.Dp(22), gtx.Dp(16)
	tw := TextWidth(gtx, th, s, word)
	size := image.Pt(w+gtx.Dp(8)+tw, h)
	v := t.slide.Value(gtx, t.On, th.Motion(theme.MotionPopover))
	track := Mix(th.Borders, th.OK.Fill, v)
	ink := Mix(th.T3, th.T1, v)
	if disabled {
		track, ink = th.Track, th.TDis
	}
	box := image.Rect(0, 0, w, h)
	theme.Fill(gtx.Ops, box, h/2, track)
	x := gtx.Dp(3) + int(v*float32(w-knob-2*gtx.Dp(3))+.5)
	theme.Disc(gtx.Ops, image.Rect(x, (h-knob)/2, x+knob, (h-knob)/2+knob), th.Knob)
	if focused {
		th.FocusRing(gtx, box, h/2)
	}
	defer t.area(gtx, image.Rectangle{Max: size}, semantic.Switch, word, disabled).Pop()
	semantic.SelectedOp(t.On).Add(gtx.Ops)
	defer push(gtx, w+gtx.Dp(8), (h-gtx.Sp(s.Line))/2).Pop()
	TextAs(loose(gtx), th, s, ink, word, "")
	return layout.Dimensions{Size: size, Baseline: gtx.Dp(6)}
}

// Checkbox marks a yes or no that counts when the form is posted.
type Checkbox struct {
	Clickable
	On      bool
	changed bool
	hover   Fade
}

// Changed reports whether the user ticked or cleared the box since the last call; On holds the new state.
func (c *Checkbox) Changed(gtx layout.Context) bool {
	flip(gtx, &c.Clickable, &c.On, &c.changed)
	return take(&c.changed)
}

// Layout draws the box with its word at the right.
func (c *Checkbox) Layout(gtx layout.Context, th *theme.Theme, word string, disabled bool) layout.Dimensions {
	flip(gtx, &c.Clickable, &c.On, &c.changed)
	hovered, _, focused := c.update(gtx, disabled)
	s := th.Type.Body
	box, h := gtx.Dp(18), gtx.Dp(22)
	size := image.Pt(box+gtx.Dp(8)+TextWidth(gtx, th, s, word), h)
	r := image.Rect(0, (h-box)/2, box, (h-box)/2+box)
	radius := gtx.Dp(5)
	ink := th.T1
	line := Mix(th.Borders, th.T3, c.hover.Value(gtx, hovered, th.Motion(theme.MotionHover)))
	var mark color.NRGBA
	switch {
	case disabled && c.On:
		ink, mark = th.TDis, th.OnPri
		theme.Fill(gtx.Ops, r, radius, th.TDis)
	case disabled:
		ink = th.TDis
		theme.Fill(gtx.Ops, r, radius, th.Neutral.Soft)
		theme.Outline(gtx.Ops, r, radius, float32(gtx.Dp(1)), th.Border)
	case c.On:
		mark = th.OnPri
		theme.Fill(gtx.Ops, r, radius, Mix(th.Pri, th.PriHover, c.hover.Value(gtx, hovered, th.Motion(theme.MotionHover))))
	default:
		theme.Fill(gtx.Ops, r, radius, th.Surface)
		theme.Outline(gtx.Ops, r, radius, 1.5*gtx.Metric.PxPerDp, line)
	}
	if c.On {
		st := push(gtx, (box-gtx.Dp(13))/2, r.Min.Y+(box-gtx.Dp(13))/2)
		th.IconStroke(gtx, theme.IconCheck, 13, 2.4, mark)
		st.Pop()
	}
	if focused {
		th.FocusRing(gtx, r, radius)
	}
	defer c.area(gtx, image.Rectangle{Max: size}, semantic.CheckBox, word, disabled).Pop()
	semantic.SelectedOp(c.On).Add(gtx.Ops)
	defer push(gtx, box+gtx.Dp(8), (h-gtx.Sp(s.Line))/2).Pop()
	TextAs(loose(gtx), th, s, ink, word, "")
	return layout.Dimensions{Size: size, Baseline: gtx.Dp(6)}
}
