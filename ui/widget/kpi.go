package widget

import (
	"image"
	"image/color"

	"gioui.org/layout"

	"masala/ui/theme"
)

// KPI is one figure of a dashboard. All texts come formatted.
type KPI struct {
	Label  string
	Value  string
	Note   string
	Trend  string     // "8 %", "0.6", "3 lots"
	Icon   theme.Icon // before the trend
	Good   theme.Tone // tone of the trend; zero means T3
	Line   []float32
	Color  color.NRGBA // of the line
	Spoken string      // the line in words
}

// Layout draws the figure on a card over the width given.
func (k KPI) Layout(gtx layout.Context, th *theme.Theme) layout.Dimensions {
	pad := gtx.Dp(16)
	w, h := gtx.Constraints.Max.X, gtx.Dp(98)
	th.PaintCard(gtx, image.Rect(0, 0, w, h), gtx.Dp(theme.RadiusCard))
	in := loose(gtx)
	in.Constraints.Max = image.Pt(w-2*pad, h)

	ink := k.Good.Text
	if ink.A == 0 {
		ink = th.T3
	}
	ts := th.Type.Label.Semi()
	tw := TextWidth(gtx, th, ts, k.Trend)
	y := gtx.Dp(15)
	tx := w - pad - tw
	if k.Trend != "" {
		st := push(gtx, tx, y)
		Text(in, th, ts, ink, k.Trend)
		st.Pop()
		if k.Icon != theme.NoIcon {
			tx -= gtx.Dp(15 + 4)
			st := push(gtx, tx, y+gtx.Dp(1))
			th.IconStroke(in, k.Icon, 15, 2, ink)
			st.Pop()
		}
	}
	label := in
	label.Constraints.Max.X = tx - pad - gtx.Dp(8)
	st := push(gtx, pad, y-gtx.Dp(1))
	Text(label, th, th.Type.Body, th.T2, k.Label)
	st.Pop()

	spark := image.Pt(gtx.Dp(96), gtx.Dp(36))
	sx := w - pad - spark.X
	text := in
	text.Constraints.Max.X = sx - pad - gtx.Dp(8)
	if len(k.Line) < 2 {
		text.Constraints.Max.X = w - 2*pad
	}
	st = push(gtx, pad, gtx.Dp(38))
	Text(text, th, th.Type.KPI, th.T1, k.Value)
	st.Pop()
	st = push(gtx, pad, gtx.Dp(66))
	Text(text, th, th.Type.Label, th.T3, k.Note)
	st.Pop()
	if len(k.Line) > 1 {
		box := gtx
		box.Constraints = layout.Exact(spark)
		st = push(gtx, sx, gtx.Dp(48))
		Spark(box, th, k.Line, k.Color, k.Spoken)
		st.Pop()
	}
	return layout.Dimensions{Size: image.Pt(w, h)}
}
