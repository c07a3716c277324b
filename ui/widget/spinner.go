package widget

import (
	"image"
	"image/color"
	"math"
	"time"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"masala/ui/theme"
)

// spinnerFrame keeps a turning spinner at some 30 pictures a second: smooth enough, and half the work of every frame.
const spinnerFrame = 33 * time.Millisecond

// Spinner draws the busy sign, one turn in 900 ms by gtx.Now; without animation it stands still.
func Spinner(gtx layout.Context, th *theme.Theme, size unit.Dp, c color.NRGBA) layout.Dimensions {
	px := gtx.Dp(size)
	var angle float32
	if turn := th.Motion(theme.SpinnerTurn); turn > 0 {
		at := gtx.Now.UnixNano() % int64(turn)
		angle = float32(at) / float32(turn) * 2 * math.Pi
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(spinnerFrame)})
	}
	c2 := f32.Pt(float32(px)/2, float32(px)/2)
	st := op.Affine(f32.AffineId().Rotate(c2, angle)).Push(gtx.Ops)
	th.IconStroke(gtx, theme.IconLoaderCircle, size, 2, c)
	st.Pop()
	return layout.Dimensions{Size: image.Pt(px, px)}
}
