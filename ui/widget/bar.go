package widget

import (
	"image"
	"image/color"

	"gioui.org/io/semantic"
	"gioui.org/layout"

	"masala/ui/theme"
)

// Bar draws how much of the whole is there, 6 high over the width given. part and limit are parts of 1; a limit above 0 draws
// a tick. name says it in words.
func Bar(gtx layout.Context, th *theme.Theme, part, limit float32, fill color.NRGBA, name string) layout.Dimensions {
	return bar(gtx, th, gtx.Dp(6), part, limit, fill, name)
}

// BarThick is Bar 8 high.
func BarThick(gtx layout.Context, th *theme.Theme, part, limit float32, fill color.NRGBA, name string) layout.Dimensions {
	return bar(gtx, th, gtx.Dp(8), part, limit, fill, name)
}

func bar(gtx layout.Context, th *theme.Theme, h int, part, limit float32, fill color.NRGBA, name string) layout.Dimensions {
	w := gtx.Constraints.Max.X
	r := image.Rect(0, 0, w, h)
	theme.Fill(gtx.Ops, r, h/2, th.Track)
	if part = min(max(part, 0), 1); part > 0 {
		theme.Fill(gtx.Ops, image.Rect(0, 0, max(int(part*float32(w)+.5), h), h), h/2, fill)
	}
	if limit > 0 {
		x := int(min(limit, 1)*float32(w) + .5)
		over := gtx.Dp(3)
		theme.Fill(gtx.Ops, image.Rect(x-gtx.Dp(1), -over, x+gtx.Dp(1), h+over), gtx.Dp(1), th.T1)
	}
	said(gtx, r, name)
	return layout.Dimensions{Size: r.Max}
}

// PartBar draws up to five parts of one hue, from strong to pale, with gaps between: the top items of a stock. The parts
// are weights; they need not sum to 1.
func PartBar(gtx layout.Context, th *theme.Theme, parts []float32, fill color.NRGBA, name string) layout.Dimensions {
	var sum float32
	for _, p := range parts {
		sum += max(p, 0)
	}
	w, h, gap := gtx.Constraints.Max.X, gtx.Dp(6), gtx.Dp(2)
	r := image.Rect(0, 0, w, h)
	if sum == 0 {
		theme.Fill(gtx.Ops, r, h/2, th.Track)
	} else {
		free := float32(w - gap*(len(parts)-1))
		strength := [...]float32{1, .68, .48, .34, .2}
		var x float32
		for i, p := range parts {
			end := x + max(p, 0)/sum*free
			if i < len(parts)-1 {
				theme.Fill(gtx.Ops, image.Rect(int(x+.5), 0, int(end+.5), h), gtx.Dp(2), Mix(th.Surface, fill, strength[min(i, 4)]))
			} else {
				theme.Fill(gtx.Ops, image.Rect(int(x+.5), 0, w, h), gtx.Dp(2), Mix(th.Surface, fill, strength[min(i, 4)]))
			}
			x = end + float32(gap)
		}
	}
	said(gtx, r, name)
	return layout.Dimensions{Size: r.Max}
}

// said gives a drawing its summary in words.
func said(gtx layout.Context, r image.Rectangle, text string) {
	if text == "" {
		return
	}
	st := clipRect(gtx, r)
	semantic.LabelOp(text).Add(gtx.Ops)
	st.Pop()
}
