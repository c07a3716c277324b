package ui

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/ui/theme"
)

func rect(size image.Point) image.Rectangle { return image.Rectangle{Max: size} }

// sheet draws w on the page's sheet, which fills r.
func sheet(gtx layout.Context, th *theme.Theme, r image.Rectangle, w func(layout.Context)) {
	line, radius := gtx.Dp(1), gtx.Dp(theme.RadiusCard)
	theme.Fill(gtx.Ops, r.Inset(-line), radius+line, th.Border)
	theme.Fill(gtx.Ops, r, radius, th.Panel)
	defer op.Offset(r.Min).Push(gtx.Ops).Pop()
	defer clip.UniformRRect(rect(r.Size()), radius).Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Exact(r.Size())
	w(gtx)
}

// middle returns the offset that centres inner in outer.
func middle(outer, inner int) int { return (outer - inner) / 2 }
