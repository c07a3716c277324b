package widget

import (
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"masala/ui/theme"
)

// Skeleton draws grey bars in the shape of content that is on its way; each width is a part of the space given.
func Skeleton(gtx layout.Context, th *theme.Theme, widths ...float32) layout.Dimensions {
	h, gap, w := gtx.Dp(12), gtx.Dp(8), gtx.Constraints.Max.X
	y := 0
	for _, part := range widths {
		r := image.Rect(0, y, int(part*float32(w)), y+h)
		fillAcross(gtx, r, gtx.Dp(6), th.Track, th.Hover)
		y += h + gap
	}
	size := image.Pt(w, max(y-gap, 0))
	said(gtx, image.Rectangle{Max: size}, "Loading")
	return layout.Dimensions{Size: size}
}

func fillAcross(gtx layout.Context, r image.Rectangle, radius int, from, to color.NRGBA) {
	defer clip.UniformRRect(r, radius).Push(gtx.Ops).Pop()
	paint.LinearGradientOp{Stop1: layout.FPt(r.Min), Color1: from, Stop2: layout.FPt(image.Pt(r.Max.X, r.Min.Y)), Color2: to}.Add(gtx.Ops)
	paint.PaintOp{}.Add(gtx.Ops)
}

// Empty draws what stands where nothing is yet: icon, one sentence, and the key that starts it.
func Empty(gtx layout.Context, th *theme.Theme, icon theme.Icon, sentence, start string) layout.Dimensions {
	w := gtx.Constraints.Max.X
	tile := gtx.Dp(48)
	st := push(gtx, (w-tile)/2, 0)
	IconTile(gtx, th, theme.Tone{Text: th.T3, Soft: th.Neutral.Soft}, icon, 48, 14, 25)
	st.Pop()
	in := gtx
	in.Constraints = layout.Constraints{Max: image.Pt(w, gtx.Constraints.Max.Y)}
	y := tile + gtx.Dp(8)
	st = push(gtx, 0, y)
	d := TextCenter(in, th, th.Type.Body.Semi(), th.T1, sentence)
	st.Pop()
	y += d.Size.Y + gtx.Dp(4)
	if start != "" {
		st = push(gtx, 0, y)
		d = TextCenter(in, th, th.Type.Label, th.T3, start)
		st.Pop()
		y += d.Size.Y
	}
	return layout.Dimensions{Size: image.Pt(w, y)}
}
