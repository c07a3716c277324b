package widget

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/text"
	giowidget "gioui.org/widget"
	"golang.org/x/image/math/fixed"

	"masala/ui/theme"
)

// Inter's vertical metrics, as parts of the font size. Every line stands on the baseline Inter asks for, whatever script is
// in it, so that Hindi beside Latin does not jump.
const (
	ascent  = 0.96875
	descent = 0.24121
)

// lineBox returns a style's line height and the distance from its top to the baseline, in pixels.
func lineBox(gtx layout.Context, s theme.Style) (height, baseline int) {
	size := float32(s.Size) * gtx.Metric.PxPerSp
	height = gtx.Sp(s.Line)
	baseline = int((float32(height)-(ascent+descent)*size)/2 + ascent*size + .5)
	return height, baseline
}

// shape lays one line out in th.Shaper, for at most maxWidth pixels, and returns the scale to draw it at. The shaper knows
// whole pixel sizes only; 13.5 is shaped at 14 and drawn smaller.
func shape(gtx layout.Context, th *theme.Theme, s theme.Style, str string, maxWidth int) (scale float32) {
	size := float32(s.Size) * gtx.Metric.PxPerSp
	em := max(int(size+.999), 1)
	scale = size / float32(em)
	th.Shaper.LayoutString(text.Parameters{
		Font:     s.Font(),
		PxPerEm:  fixed.I(em),
		MaxLines: 1,
		MaxWidth: int(float32(maxWidth)/scale + .5),
		Locale:   gtx.Locale,
	}, str)
	return scale
}

// TextWidth measures one line, in pixels. Drawing the same text afterwards costs no second shaping.
func TextWidth(gtx layout.Context, th *theme.Theme, s theme.Style, str string) int {
	scale := shape(gtx, th, s, str, maxTextWidth)
	var end fixed.Int26_6
	for g, ok := th.Shaper.NextGlyph(); ok; g, ok = th.Shaper.NextGlyph() {
		end = max(end, g.X+g.Advance)
	}
	return ceil(float32(end) / 64 * scale)
}

// maxTextWidth stands for no limit.
const maxTextWidth = 1 << 20

func ceil(v float32) int { return int(v + .999) }

// Text draws one line at the left and elides what does not fit. Its height is the style's line.
func Text(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, str string) layout.Dimensions {
	return textLine(gtx, th, s, c, text.Start, str, str)
}

// TextEnd is Text at the right edge of the space given: numbers in columns.
func TextEnd(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, str string) layout.Dimensions {
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return textLine(gtx, th, s, c, text.End, str, str)
}

// TextCenter is Text in the middle of the space given.
func TextCenter(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, str string) layout.Dimensions {
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return textLine(gtx, th, s, c, text.Middle, str, str)
}

// TextAs draws str but is known by label to tests and screen readers; an empty label says nothing at all, for text inside
// a control that carries its own.
func TextAs(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, str, label string) layout.Dimensions {
	return textLine(gtx, th, s, c, text.Start, str, label)
}

func textLine(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, align text.Alignment, str, label string) layout.Dimensions {
	height, baseline := lineBox(gtx, s)
	cs := gtx.Constraints
	width := 0
	if str != "" && cs.Max.X > 0 {
		if align != text.Start {
			width = min(TextWidth(gtx, th, s, str), cs.Max.X)
		}
		x := 0
		switch align {
		case text.End:
			x = cs.Max.X - width
		case text.Middle:
			x = (cs.Max.X - width) / 2
		}
		scale := shape(gtx, th, s, str, cs.Max.X+1) // a width that was measured may fall short by its rounding
		width = paintGlyphs(gtx, th.Shaper, c, f32.Pt(float32(x), float32(baseline)), scale)
	}
	size := image.Pt(max(width, cs.Min.X), max(height, cs.Min.Y))
	if label != "" {
		// A clip of its own makes the label a node of its own; nothing is drawn inside it, so overhanging glyphs stay whole.
		area := clip.Rect{Max: size}.Push(gtx.Ops)
		semantic.LabelOp(label).Add(gtx.Ops)
		area.Pop()
	}
	return layout.Dimensions{Size: size, Baseline: size.Y - baseline}
}

// paintGlyphs draws the line the shaper holds from origin, a place on the baseline, and returns the width it took in pixels.
func paintGlyphs(gtx layout.Context, sh *text.Shaper, c color.NRGBA, origin f32.Point, scale float32) int {
	var buf [64]text.Glyph
	run := buf[:0]
	var start, end fixed.Int26_6
	for {
		g, ok := sh.NextGlyph()
		if ok {
			if len(run) == 0 {
				start = g.X
			}
			run = append(run, g)
			end = max(end, g.X+g.Advance)
		}
		if len(run) > 0 && (!ok || len(run) == cap(run)) {
			at := f32.Pt(float32(start)/64*scale, 0).Add(origin)
			t := op.Affine(f32.AffineId().Scale(f32.Point{}, f32.Pt(scale, scale)).Offset(at)).Push(gtx.Ops)
			area := clip.Outline{Path: sh.Shape(run)}.Op().Push(gtx.Ops)
			theme.Ink(gtx.Ops, c)
			paint.PaintOp{}.Add(gtx.Ops)
			area.Pop()
			t.Pop()
			run = run[:0]
		}
		if !ok {
			return ceil(float32(end) / 64 * scale)
		}
	}
}

// Para draws text over as many lines as it needs.
func Para(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, str string) layout.Dimensions {
	return paragraph(gtx, th, s, c, text.Start, str)
}

// ParaCenter is Para with every line in the middle.
func ParaCenter(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, str string) layout.Dimensions {
	return paragraph(gtx, th, s, c, text.Middle, str)
}

func paragraph(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, align text.Alignment, str string) layout.Dimensions {
	l := giowidget.Label{Alignment: align, LineHeight: s.Line, LineHeightScale: 1, WrapPolicy: text.WrapWords}
	m := op.Record(gtx.Ops)
	inner := gtx
	inner.Constraints.Min.Y = 0
	d := l.Layout(inner, th.Shaper, s.Font(), s.Size, str, ink(gtx.Ops, c))
	call := m.Stop()
	// Gio measures the first line by the font alone; half the leading goes above, half below, as in textLine.
	height, baseline := lineBox(gtx, s)
	top := baseline - (d.Size.Y - d.Baseline)
	off := op.Offset(image.Pt(0, top)).Push(gtx.Ops)
	call.Add(gtx.Ops)
	off.Pop()
	natural := int((ascent+descent)*float32(s.Size)*gtx.Metric.PxPerSp + .5)
	d.Size.Y = max(d.Size.Y+height-natural, height, gtx.Constraints.Min.Y)
	return layout.Dimensions{Size: d.Size, Baseline: d.Size.Y - baseline}
}

// ink is theme.Ink for Gio's own labels and editors.
func ink(ops *op.Ops, c color.NRGBA) op.CallOp {
	m := op.Record(ops)
	theme.Ink(ops, c)
	return m.Stop()
}

func colour(ops *op.Ops, c color.NRGBA) op.CallOp {
	m := op.Record(ops)
	paint.ColorOp{Color: c}.Add(ops)
	return m.Stop()
}
