package widget

import (
	"image"
	"image/color"

	"gioui.org/layout"

	"masala/ui/theme"
)

// Kbd draws a key as it stands on the keyboard: "F5", "Ctrl K".
func Kbd(gtx layout.Context, th *theme.Theme, key string) layout.Dimensions {
	return kbd(gtx, th, key, kbdLook{th.Surface, th.Borders, th.T2})
}

type kbdLook struct{ fill, line, text color.NRGBA }

// kbdOn is the look of a key on a strong colour.
func kbdOn(th *theme.Theme, ground color.NRGBA) kbdLook {
	return kbdLook{Mix(ground, th.OnPri, .14), Mix(ground, th.OnPri, .36), th.OnPri}
}

func kbdWidth(gtx layout.Context, th *theme.Theme, key string) int {
	return max(TextWidth(gtx, th, th.Type.Tiny.Semi(), key)+2*gtx.Dp(5), gtx.Dp(20))
}

func kbd(gtx layout.Context, th *theme.Theme, key string, l kbdLook) layout.Dimensions {
	s := th.Type.Tiny.Semi()
	tw := TextWidth(gtx, th, s, key)
	size := image.Pt(max(tw+2*gtx.Dp(5), gtx.Dp(20)), gtx.Dp(20))
	r := image.Rectangle{Max: size}
	rad := gtx.Dp(theme.RadiusTag)
	theme.Fill(gtx.Ops, r, rad, l.fill)
	theme.Outline(gtx.Ops, r, rad, float32(gtx.Dp(1)), l.line)
	st := push(gtx, (size.X-tw)/2, (size.Y-gtx.Sp(s.Line))/2)
	TextAs(loose(gtx), th, s, l.text, key, "")
	st.Pop()
	return layout.Dimensions{Size: size, Baseline: gtx.Dp(6)}
}
