package widget

import (
	"image"
	"image/color"

	"gioui.org/io/semantic"
	"gioui.org/layout"

	"masala/ui/theme"
)

// Chip is a filter. At rest it opens a choice (a chevron at the right); when on it shows what was chosen and a cross takes
// it away.
type Chip struct {
	Clickable
	Remove Clickable // the cross
	hover  Fade
	cross  Fade
}

// ChipLook says what a chip shows.
type ChipLook struct {
	Icon theme.Icon
	Text string
	On   bool
	Menu bool // chevron: a press opens a list
}

// Layout draws the chip. Clicked tells of a press on it, Remove.Clicked of one on its cross.
func (c *Chip) Layout(gtx layout.Context, th *theme.Theme, l ChipLook) layout.Dimensions {
	hovered, pressed, focused := c.update(gtx, false)
	s := th.Type.Body
	fill, line, ink := Mix(th.Surface, th.Hover, c.hover.Value(gtx, hovered || pressed, th.Motion(theme.MotionHover))), th.Border, th.T2
	if l.On {
		s = s.Semi()
		fill, line, ink = th.Brand.Soft, th.Brand.Line, th.Brand.Text
	}
	h, pad, gap := gtx.Dp(32), gtx.Dp(11), gtx.Dp(7)
	lead, tail := gtx.Dp(15), gtx.Dp(14)
	tw := TextWidth(gtx, th, s, l.Text)
	w := pad + tw + pad
	if l.Icon != theme.NoIcon {
		w += lead + gap
	}
	if l.On || l.Menu {
		w += gap + tail
	}
	r := image.Rect(0, 0, w, h)
	radius := gtx.Dp(theme.RadiusField)
	theme.Fill(gtx.Ops, r, radius, fill)
	theme.Outline(gtx.Ops, r, radius, float32(gtx.Dp(1)), line)
	if focused {
		th.FocusRing(gtx, r, radius)
	}
	st := c.area(gtx, r, semantic.Button, l.Text, false)
	semantic.SelectedOp(l.On).Add(gtx.Ops)
	x := pad
	if l.Icon != theme.NoIcon {
		off := push(gtx, x, (h-lead)/2)
		th.Icon(gtx, l.Icon, 15, ink)
		off.Pop()
		x += lead + gap
	}
	off := push(gtx, x, (h-gtx.Sp(s.Line))/2)
	TextAs(loose(gtx), th, s, ink, l.Text, "")
	off.Pop()
	if !l.On && l.Menu {
		off := push(gtx, w-pad-tail, (h-tail)/2)
		th.Icon(gtx, theme.IconChevronDown, 14, ink)
		off.Pop()
	}
	st.Pop()
	if l.On {
		c.drawCross(gtx, th, image.Rect(w-pad-tail-gap/2-gtx.Dp(3), 0, w, h), tail, pad, ink, l.Text)
	}
	return layout.Dimensions{Size: r.Max, Baseline: (h - gtx.Sp(s.Line)) / 2}
}

func (c *Chip) drawCross(gtx layout.Context, th *theme.Theme, r image.Rectangle, size, pad int, ink color.NRGBA, text string) {
	hovered, _, focused := c.Remove.update(gtx, false)
	if v := c.cross.Value(gtx, hovered, th.Motion(theme.MotionHover)); v > 0 {
		theme.Fill(gtx.Ops, r.Inset(gtx.Dp(4)), gtx.Dp(5), Opacity(th.Brand.Line, v))
	}
	if focused {
		theme.Outline(gtx.Ops, r.Inset(gtx.Dp(2)), gtx.Dp(6), float32(gtx.Dp(2)), th.Focus)
	}
	defer c.Remove.area(gtx, r, semantic.Button, "Remove filter "+text, false).Pop()
	defer push(gtx, r.Max.X-pad-size, (r.Dy()-size)/2).Pop()
	th.Icon(gtx, theme.IconX, 14, ink)
}
