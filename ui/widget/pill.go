package widget

import (
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/theme"
)

// Pill draws a state: a dot and a word, 22 high.
func Pill(gtx layout.Context, th *theme.Theme, t theme.Tone, word string) layout.Dimensions {
	s := th.Type.Label.Semi()
	tw := TextWidth(gtx, th, s, word)
	dot, h := gtx.Dp(6), gtx.Dp(22)
	size := image.Pt(gtx.Dp(8)+dot+gtx.Dp(5)+tw+gtx.Dp(9), h)
	theme.Fill(gtx.Ops, image.Rectangle{Max: size}, h/2, t.Soft)
	at := image.Pt(gtx.Dp(8), (h-dot)/2)
	theme.Disc(gtx.Ops, image.Rectangle{Min: at, Max: at.Add(image.Pt(dot, dot))}, t.Text)
	st := push(gtx, gtx.Dp(8)+dot+gtx.Dp(5), (h-gtx.Sp(s.Line))/2)
	Text(loose(gtx), th, s, t.Text, word)
	st.Pop()
	return layout.Dimensions{Size: size, Baseline: gtx.Dp(7)}
}

// Tag draws a kind: a word on a soft ground, 20 high.
func Tag(gtx layout.Context, th *theme.Theme, t theme.Tone, word string) layout.Dimensions {
	s := th.Type.Tiny.Semi()
	tw := TextWidth(gtx, th, s, word)
	size := image.Pt(tw+2*gtx.Dp(7), gtx.Dp(20))
	theme.Fill(gtx.Ops, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusTag), t.Soft)
	st := push(gtx, gtx.Dp(7), (size.Y-gtx.Sp(s.Line))/2)
	Text(loose(gtx), th, s, t.Text, word)
	st.Pop()
	return layout.Dimensions{Size: size, Baseline: gtx.Dp(6)}
}

// Lamp draws a haloed dot with a word beside it: "Online".
func Lamp(gtx layout.Context, th *theme.Theme, t theme.Tone, word string, ink color.NRGBA) layout.Dimensions {
	s := th.Type.Body
	s.Size = 12.5
	dot, halo := gtx.Dp(9), gtx.Dp(3)
	h := gtx.Sp(s.Line)
	at := image.Pt(halo, (h-dot)/2)
	r := image.Rectangle{Min: at, Max: at.Add(image.Pt(dot, dot))}
	theme.Disc(gtx.Ops, r.Inset(-halo), t.Soft)
	theme.Disc(gtx.Ops, r, t.Fill)
	x := halo + dot + gtx.Dp(7)
	st := push(gtx, x, 0)
	d := Text(loose(gtx), th, s, ink, word)
	st.Pop()
	return layout.Dimensions{Size: image.Pt(x+d.Size.X, h), Baseline: d.Baseline}
}

// Avatar draws initials in a disc; size 0 means 30.
func Avatar(gtx layout.Context, th *theme.Theme, initials string, size unit.Dp) layout.Dimensions {
	if size == 0 {
		size = 30
	}
	px := gtx.Dp(size)
	theme.Disc(gtx.Ops, image.Rect(0, 0, px, px), th.Brand.Soft)
	s := th.Type.Label.Semi()
	in := gtx
	in.Constraints = layout.Exact(image.Pt(px, gtx.Sp(s.Line)))
	st := push(gtx, 0, (px-gtx.Sp(s.Line))/2)
	TextCenter(in, th, s, th.Brand.Text, initials)
	st.Pop()
	return layout.Dimensions{Size: image.Pt(px, px)}
}

// IconTile draws an icon on a soft square, as at the head of cards and of activity rows.
func IconTile(gtx layout.Context, th *theme.Theme, t theme.Tone, icon theme.Icon, size, radius, iconSize unit.Dp) layout.Dimensions {
	px, ic := gtx.Dp(size), gtx.Dp(iconSize)
	theme.Fill(gtx.Ops, image.Rect(0, 0, px, px), gtx.Dp(radius), t.Soft)
	st := push(gtx, (px-ic)/2, (px-ic)/2)
	th.Icon(gtx, icon, iconSize, t.Text)
	st.Pop()
	return layout.Dimensions{Size: image.Pt(px, px)}
}

// RadioMark draws the mark of one choice of several, 20 wide; the row around it takes the press and says what it is.
func RadioMark(gtx layout.Context, th *theme.Theme, on bool) layout.Dimensions {
	px := gtx.Dp(20)
	r := image.Rect(0, 0, px, px)
	if on {
		theme.Disc(gtx.Ops, r, th.Focus)
		theme.Disc(gtx.Ops, r.Inset(gtx.Dp(6)), th.Surface)
	} else {
		theme.Disc(gtx.Ops, r, th.Borders)
		theme.Disc(gtx.Ops, r.Inset(gtx.Dp(1)), th.Surface)
	}
	return layout.Dimensions{Size: r.Max}
}

// StatusDisc draws an icon in white on a disc of the tone's fill, as before the rows of a check list; size 0 means 22.
func StatusDisc(gtx layout.Context, th *theme.Theme, t theme.Tone, icon theme.Icon, size unit.Dp) layout.Dimensions {
	if size == 0 {
		size = 22
	}
	px, ic := gtx.Dp(size), gtx.Dp(size*.6)
	theme.Disc(gtx.Ops, image.Rect(0, 0, px, px), t.Fill)
	st := push(gtx, (px-ic)/2, (px-ic)/2)
	th.IconStroke(gtx, icon, size*.6, 2.2, th.OnPri)
	st.Pop()
	return layout.Dimensions{Size: image.Pt(px, px)}
}
