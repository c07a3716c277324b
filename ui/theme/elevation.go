package theme

import (
	"image"
	"image/color"

	"gioui.org/layout"
)

// shadow paints n translucent layers, from the widest to the narrowest, to stand in for a blur.
func shadow(gtx layout.Context, r image.Rectangle, radius, n int, grow, from, to float32, a uint8) {
	px := gtx.Metric.PxPerDp
	for i := n - 1; i >= 0; i-- {
		t := float32(i) / float32(max(n-1, 1))
		g := int(grow*t*px + .5)
		dy := int((from+(to-from)*t)*px + .5)
		Fill(gtx.Ops, r.Inset(-g).Add(image.Pt(0, dy)), radius+g, color.NRGBA{A: a})
	}
}

// PaintCard paints a card's shadow, line and surface; r is the surface, the line lies 1 dp outside it.
func (th *Theme) PaintCard(gtx layout.Context, r image.Rectangle, radius int) {
	th.PaintRaised(gtx, r, radius, th.Surface, th.Border)
}

// PaintRaised is PaintCard in other colours.
func (th *Theme) PaintRaised(gtx layout.Context, r image.Rectangle, radius int, fill, line color.NRGBA) {
	w := gtx.Dp(1)
	shadow(gtx, r, radius, 3, 2, 1, 3, th.Shadow[0])
	Fill(gtx.Ops, r.Inset(-w), radius+w, line)
	Fill(gtx.Ops, r, radius, fill)
}

// PaintPopover paints a popover: list, menu, calendar, tooltip.
func (th *Theme) PaintPopover(gtx layout.Context, r image.Rectangle, radius int) {
	w := gtx.Dp(1)
	shadow(gtx, r, radius, 6, 10, 2, 10, th.Shadow[1])
	Fill(gtx.Ops, r.Inset(-w), radius+w, th.Borders)
	Fill(gtx.Ops, r, radius, th.Surface)
}

// PaintModal paints a dialog's surface.
func (th *Theme) PaintModal(gtx layout.Context, r image.Rectangle, radius int) {
	w := gtx.Dp(1)
	shadow(gtx, r, radius, 10, 28, 4, 28, th.Shadow[2])
	Fill(gtx.Ops, r.Inset(-w), radius+w, th.Border)
	Fill(gtx.Ops, r, radius, th.Surface)
}

// PaintFloating paints a sheet with a popover's shadow and no line: a toast.
func (th *Theme) PaintFloating(gtx layout.Context, r image.Rectangle, radius int, fill color.NRGBA) {
	shadow(gtx, r, radius, 6, 10, 2, 10, th.Shadow[1])
	Fill(gtx.Ops, r, radius, fill)
}
