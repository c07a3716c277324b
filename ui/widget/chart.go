package widget

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"masala/ui/theme"
)

// Spark draws a small line over a fading area, with a dot on the newest point, in the size given (96 by 36 on cards). name
// says it in words.
func Spark(gtx layout.Context, th *theme.Theme, points []float32, c color.NRGBA, name string) layout.Dimensions {
	size := gtx.Constraints.Max
	px := gtx.Metric.PxPerDp
	said(gtx, image.Rectangle{Max: size}, name)
	if len(points) < 2 {
		return layout.Dimensions{Size: size}
	}
	at := scale(points, float32(size.X)-4*px, float32(size.Y)-6*px, f32.Pt(2*px, 3*px))
	area(gtx, at, len(points), float32(size.Y), Mix(th.Surface, c, .22), th.Surface)
	line(gtx, at, len(points), 1.75*px, c)
	end := at(len(points) - 1)
	r := 2.6 * px
	paint.FillShape(gtx.Ops, c, clip.Ellipse{
		Min: image.Pt(int(end.X-r+.5), int(end.Y-r+.5)), Max: image.Pt(int(end.X+r+.5), int(end.Y+r+.5)),
	}.Op(gtx.Ops))
	return layout.Dimensions{Size: size}
}

// LineChart draws a line over a soft area with rules lines behind it, in the size given. Labels of the axes are the caller's.
func LineChart(gtx layout.Context, th *theme.Theme, points []float32, rules int, c color.NRGBA, name string) layout.Dimensions {
	size := gtx.Constraints.Max
	px := gtx.Metric.PxPerDp
	said(gtx, image.Rectangle{Max: size}, name)
	if len(points) < 2 {
		drawRules(gtx, th, rules)
		return layout.Dimensions{Size: size}
	}
	at := scale(points, float32(size.X), float32(size.Y)-8*px, f32.Pt(0, 4*px))
	area(gtx, at, len(points), float32(size.Y), Mix(th.Surface, c, .26), th.Surface)
	drawRules(gtx, th, rules)
	line(gtx, at, len(points), 2*px, c)
	return layout.Dimensions{Size: size}
}

// scale places point i of a series in a box of w by h whose corner is at origin: lowest value at the bottom.
func scale(points []float32, w, h float32, origin f32.Point) func(int) f32.Point {
	lo, hi := points[0], points[0]
	for _, p := range points {
		lo, hi = min(lo, p), max(hi, p)
	}
	if hi == lo {
		hi = lo + 1
	}
	n := float32(len(points) - 1)
	return func(i int) f32.Point {
		return origin.Add(f32.Pt(float32(i)*w/n, h-(points[i]-lo)/(hi-lo)*h))
	}
}

func line(gtx layout.Context, at func(int) f32.Point, n int, width float32, c color.NRGBA) {
	var p clip.Path
	p.Begin(gtx.Ops)
	p.MoveTo(at(0))
	for i := 1; i < n; i++ {
		p.LineTo(at(i))
	}
	paint.FillShape(gtx.Ops, c, clip.Stroke{Path: p.End(), Width: width}.Op())
}

// area fills below the line. Its colours are opaque: in Gio's linear light a translucent hue goes pale and shifts.
func area(gtx layout.Context, at func(int) f32.Point, n int, bottom float32, from, to color.NRGBA) {
	var p clip.Path
	p.Begin(gtx.Ops)
	p.MoveTo(f32.Pt(at(0).X, bottom))
	top := bottom
	for i := range n {
		p.LineTo(at(i))
		top = min(top, at(i).Y)
	}
	p.LineTo(f32.Pt(at(n-1).X, bottom))
	p.Close()
	defer clip.Outline{Path: p.End()}.Op().Push(gtx.Ops).Pop()
	paint.LinearGradientOp{Stop1: f32.Pt(0, top), Color1: from, Stop2: f32.Pt(0, bottom), Color2: to}.Add(gtx.Ops)
	paint.PaintOp{}.Add(gtx.Ops)
}

// drawRules draws n lines evenly from top to bottom of the space given.
func drawRules(gtx layout.Context, th *theme.Theme, n int) {
	size := gtx.Constraints.Max
	for i := range n {
		y := i * (size.Y - gtx.Dp(1)) / max(n-1, 1)
		theme.Fill(gtx.Ops, image.Rect(0, y, size.X, y+gtx.Dp(1)), 0, th.Border)
	}
}
