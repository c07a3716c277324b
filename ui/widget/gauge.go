package widget

import (
	"image"
	"image/color"
	"math"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"masala/ui/theme"
)

// Gauge is a half circle with a needle: green up to Good, amber up to Limit, red above. All values share one unit.
type Gauge struct {
	Value, Good, Limit, Max float32
	Low, High               string // words at the ends: "0 %", "10 %"
	Name                    string // the whole in words
}

// Layout draws the gauge over the width given: half as high, and a line for the words at its ends.
func (g Gauge) Layout(gtx layout.Context, th *theme.Theme) layout.Dimensions {
	w := gtx.Constraints.Max.X
	px := gtx.Metric.PxPerDp
	s := th.Type.Tiny
	radius := float32(w)/2 - 4*px
	c := f32.Pt(float32(w)/2, radius+4*px)
	inner := radius * .84
	size := image.Pt(w, int(c.Y+6*px)+gtx.Sp(s.Line))
	said(gtx, image.Rectangle{Max: size}, g.Name)

	sector(gtx, c, inner, radius, 0, g.part(g.Good), th.OK.Fill)
	sector(gtx, c, inner, radius, g.part(g.Good), g.part(g.Limit), th.Warn.Fill)
	sector(gtx, c, inner, radius, g.part(g.Limit), 1, th.Danger.Fill)
	for _, v := range [...]float32{g.Good, g.Limit} {
		spoke(gtx, c, inner-3*px, radius+3*px, g.part(v), 2*px, th.T1)
	}
	spoke(gtx, c, 0, inner*.82, g.part(g.Value), 3*px, th.T1)
	hub := int(7*px + .5)
	mid := image.Pt(int(c.X+.5), int(c.Y+.5))
	theme.Disc(gtx.Ops, image.Rectangle{Min: mid.Sub(image.Pt(hub, hub)), Max: mid.Add(image.Pt(hub, hub))}, th.T1)

	y := size.Y - gtx.Sp(s.Line)
	in := loose(gtx)
	in.Constraints.Max.X = w
	st := push(gtx, 0, y)
	TextAs(in, th, s, th.T3, g.Low, "")
	st.Pop()
	st = push(gtx, w-TextWidth(gtx, th, s, g.High), y)
	TextAs(in, th, s, th.T3, g.High, "")
	st.Pop()
	return layout.Dimensions{Size: size}
}

// part places a value between 0 (left end) and 1 (right end).
func (g Gauge) part(v float32) float32 {
	if g.Max <= 0 {
		return 0
	}
	return min(max(v/g.Max, 0), 1)
}

// polar is the point at distance r from c on the way from left (0) over the top to right (1).
func polar(c f32.Point, r, part float32) f32.Point {
	sin, cos := math.Sincos(math.Pi * float64(1-part))
	return c.Add(f32.Pt(r*float32(cos), -r*float32(sin)))
}

func sector(gtx layout.Context, c f32.Point, inner, outer, from, to float32, fill color.NRGBA) {
	const steps = 48 // to the half circle; its chords stay within a tenth of a pixel of the arc at any size used
	if to <= from {
		return
	}
	n := max(int((to-from)*steps+.999), 1)
	at := func(i int) float32 { return from + (to-from)*float32(i)/float32(n) }
	var p clip.Path
	p.Begin(gtx.Ops)
	p.MoveTo(polar(c, outer, from))
	for i := 1; i <= n; i++ {
		p.LineTo(polar(c, outer, at(i)))
	}
	for i := n; i >= 0; i-- {
		p.LineTo(polar(c, inner, at(i)))
	}
	p.Close()
	paint.FillShape(gtx.Ops, fill, clip.Outline{Path: p.End()}.Op())
}

func spoke(gtx layout.Context, c f32.Point, from, to, part, width float32, ink color.NRGBA) {
	var p clip.Path
	p.Begin(gtx.Ops)
	p.MoveTo(polar(c, from, part))
	p.LineTo(polar(c, to, part))
	paint.FillShape(gtx.Ops, ink, clip.Stroke{Path: p.End(), Width: width}.Op())
}
