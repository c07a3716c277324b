package widget

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"

	"masala/ui/theme"
)

func record(gtx layout.Context) op.MacroOp { return op.Record(gtx.Ops) }

// At draws w with its corner at x, y (pixels), in at most width by height pixels, and returns its size.
func At(gtx layout.Context, x, y, width, height int, w layout.Widget) layout.Dimensions {
	gtx.Constraints = layout.Constraints{Max: image.Pt(max(width, 0), max(height, 0))}
	st := op.Offset(image.Pt(x, y)).Push(gtx.Ops)
	d := w(gtx)
	st.Pop()
	return d
}

func push(gtx layout.Context, x, y int) op.TransformStack {
	return op.Offset(image.Pt(x, y)).Push(gtx.Ops)
}

// loose returns gtx with no minimum size.
func loose(gtx layout.Context) layout.Context {
	gtx.Constraints.Min = image.Point{}
	return gtx
}

// Row lays children out from left to right, gap apart, centred on one line. Use it for toolbars and heads, not for cells.
func Row(gtx layout.Context, gap unit.Dp, children ...layout.FlexChild) layout.Dimensions {
	return layout.Flex{Alignment: layout.Middle, Gap: gtx.Dp(gap)}.Layout(gtx, children...)
}

// RowTop is Row with the children's tops on one line.
func RowTop(gtx layout.Context, gap unit.Dp, children ...layout.FlexChild) layout.Dimensions {
	return layout.Flex{Gap: gtx.Dp(gap)}.Layout(gtx, children...)
}

// Column lays children out from top to bottom, gap apart.
func Column(gtx layout.Context, gap unit.Dp, children ...layout.FlexChild) layout.Dimensions {
	return layout.Flex{Axis: layout.Vertical, Gap: gtx.Dp(gap)}.Layout(gtx, children...)
}

// Rule draws a line of 1 dp across the space given.
func Rule(gtx layout.Context, th *theme.Theme) layout.Dimensions {
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(1))
	paint.FillShape(gtx.Ops, th.Border, clip.Rect{Max: size}.Op())
	return layout.Dimensions{Size: size}
}

// RuleDown draws a line of 1 dp from top to bottom of the space given.
func RuleDown(gtx layout.Context, th *theme.Theme) layout.Dimensions {
	size := image.Pt(gtx.Dp(1), gtx.Constraints.Max.Y)
	paint.FillShape(gtx.Ops, th.Border, clip.Rect{Max: size}.Op())
	return layout.Dimensions{Size: size}
}

// Space takes up size in the direction of the row or column it stands in.
func Space(size unit.Dp) layout.FlexChild {
	return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		px := gtx.Dp(size)
		return layout.Dimensions{Size: image.Pt(min(px, gtx.Constraints.Max.X), min(px, gtx.Constraints.Max.Y))}
	})
}

// Grow takes up what the other children of a row leave over.
func Grow() layout.FlexChild {
	return layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
		return layout.Dimensions{Size: gtx.Constraints.Min}
	})
}
