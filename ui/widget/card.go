package widget

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op/clip"

	"masala/ui/theme"
)

func clipRect(gtx layout.Context, r image.Rectangle) clip.Stack { return clip.Rect(r).Push(gtx.Ops) }

// Card draws w on a raised sheet with the card's padding.
func Card(gtx layout.Context, th *theme.Theme, w layout.Widget) layout.Dimensions {
	return CardFlush(gtx, th, func(gtx layout.Context) layout.Dimensions {
		return layout.Inset{Left: theme.CardPadX, Right: theme.CardPadX, Top: theme.CardPadY, Bottom: theme.S16}.Layout(gtx, w)
	})
}

// CardFlush draws w on a raised sheet to its very edge. Nothing is cut, so focus rings near the edge stay whole; what paints
// its own ground into the corners takes CardClipped.
func CardFlush(gtx layout.Context, th *theme.Theme, w layout.Widget) layout.Dimensions {
	m := record(gtx)
	d := w(gtx)
	call := m.Stop()
	r := image.Rectangle{Max: d.Size}
	radius := gtx.Dp(theme.RadiusCard)
	th.PaintCard(gtx, r, radius)
	call.Add(gtx.Ops)
	return d
}

// CardClipped is CardFlush with the content's corners cut round: tables with a tinted head.
func CardClipped(gtx layout.Context, th *theme.Theme, w layout.Widget) layout.Dimensions {
	m := record(gtx)
	d := w(gtx)
	call := m.Stop()
	r := image.Rectangle{Max: d.Size}
	radius := gtx.Dp(theme.RadiusCard)
	th.PaintCard(gtx, r, radius)
	st := clip.UniformRRect(r, radius).Push(gtx.Ops)
	call.Add(gtx.Ops)
	st.Pop()
	return d
}

// CardHead draws the 46 high head of a card: icon, title, what rest draws at the right, and a line below.
func CardHead(gtx layout.Context, th *theme.Theme, t theme.Tone, icon theme.Icon, title string, rest layout.Widget) layout.Dimensions {
	h, pad := gtx.Dp(46), gtx.Dp(theme.S16)
	w := gtx.Constraints.Max.X
	x := pad
	if icon != theme.NoIcon {
		st := push(gtx, x, (h-gtx.Dp(17))/2)
		th.IconStroke(gtx, icon, 17, 1.9, t.Text)
		st.Pop()
		x += gtx.Dp(17 + 8)
	}
	s := th.Type.Card
	d := At(gtx, x, (h-gtx.Sp(s.Line))/2, w-x-pad, h, func(gtx layout.Context) layout.Dimensions {
		return Text(gtx, th, s, th.T1, title)
	})
	x += d.Size.X + gtx.Dp(8)
	if rest != nil {
		in := gtx
		in.Constraints = layout.Exact(image.Pt(max(w-x-pad, 0), h))
		st := push(gtx, x, 0)
		rest(in)
		st.Pop()
	}
	theme.Fill(gtx.Ops, image.Rect(0, h-gtx.Dp(1), w, h), 0, th.Border)
	return layout.Dimensions{Size: image.Pt(w, h)}
}
