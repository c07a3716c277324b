package theme

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
)

// Fill paints a rectangle with rounded corners; radius and rectangle are in pixels.
func Fill(ops *op.Ops, r image.Rectangle, radius int, c color.NRGBA) {
	if c.A == 0 || r.Empty() {
		return
	}
	if radius <= 0 {
		paint.FillShape(ops, c, clip.Rect(r).Op())
		return
	}
	paint.FillShape(ops, c, clip.UniformRRect(r, min(radius, r.Dx()/2, r.Dy()/2)).Op(ops))
}

// Disc paints a circle over the square r.
func Disc(ops *op.Ops, r image.Rectangle, c color.NRGBA) {
	paint.FillShape(ops, c, clip.Ellipse(r).Op(ops))
}

// FillGradient is Fill from top to bottom.
func FillGradient(ops *op.Ops, r image.Rectangle, radius int, g Gradient) {
	defer clip.UniformRRect(r, min(radius, r.Dx()/2, r.Dy()/2)).Push(ops).Pop()
	paint.LinearGradientOp{
		Stop1: f32.Pt(float32(r.Min.X), float32(r.Min.Y)), Color1: g.Top,
		Stop2: f32.Pt(float32(r.Min.X), float32(r.Max.Y)), Color2: g.Bottom,
	}.Add(ops)
	paint.PaintOp{}.Add(ops)
}

// Outline strokes the inside edge of a rounded rectangle, width pixels thick.
func Outline(ops *op.Ops, r image.Rectangle, radius int, width float32, c color.NRGBA) {
	if c.A == 0 || r.Empty() {
		return
	}
	// The stroke straddles its path, so the path runs half a width inside. A rounded rectangle of whole pixels cannot do
	// that for odd widths; an even-odd pair of rectangles would, but Gio fills by winding: hence a path of its own.
	h := width / 2
	x0, y0 := float32(r.Min.X)+h, float32(r.Min.Y)+h
	x1, y1 := float32(r.Max.X)-h, float32(r.Max.Y)-h
	rad := max(min(float32(radius)-h, (x1-x0)/2, (y1-y0)/2), 0)
	const k = 0.44771525 // 1 - circle constant
	var p clip.Path
	p.Begin(ops)
	p.MoveTo(f32.Pt(x0+rad, y0))
	p.LineTo(f32.Pt(x1-rad, y0))
	p.CubeTo(f32.Pt(x1-rad*k, y0), f32.Pt(x1, y0+rad*k), f32.Pt(x1, y0+rad))
	p.LineTo(f32.Pt(x1, y1-rad))
	p.CubeTo(f32.Pt(x1, y1-rad*k), f32.Pt(x1-rad*k, y1), f32.Pt(x1-rad, y1))
	p.LineTo(f32.Pt(x0+rad, y1))
	p.CubeTo(f32.Pt(x0+rad*k, y1), f32.Pt(x0, y1-rad*k), f32.Pt(x0, y1-rad))
	p.LineTo(f32.Pt(x0, y0+rad))
	p.CubeTo(f32.Pt(x0, y0+rad*k), f32.Pt(x0+rad*k, y0), f32.Pt(x0+rad, y0))
	p.Close()
	paint.FillShape(ops, c, clip.Stroke{Path: p.End(), Width: width}.Op())
}

// FocusRing draws the ring around a control: a gap of 2 dp, then 2 dp of the focus colour.
func (th *Theme) FocusRing(gtx layout.Context, r image.Rectangle, radius int) {
	gap, w := gtx.Dp(2), gtx.Dp(2)
	Outline(gtx.Ops, r.Inset(-gap-w), radius+gap+w, float32(w), th.Focus)
}

// FieldFocus draws the ring of fields and cells: a soft halo of 3 dp outside, 2 dp of the focus colour inside the edge.
func (th *Theme) FieldFocus(gtx layout.Context, r image.Rectangle, radius int) {
	h, w := gtx.Dp(3), gtx.Dp(2)
	Outline(gtx.Ops, r.Inset(-h), radius+h, float32(h), th.FocusSoft)
	Outline(gtx.Ops, r, radius, float32(w), th.Focus)
}
