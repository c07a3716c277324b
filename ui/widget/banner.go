package widget

import (
	"image"

	"gioui.org/layout"

	"masala/ui/theme"
)

// Banner is one line under the header that stays while its cause lasts. The caller shows only the worst.
type Banner struct {
	Action Button
}

// BannerLook says what a banner shows.
type BannerLook struct {
	Tone   theme.Tone
	Icon   theme.Icon
	Busy   bool   // a spinner in the icon's place
	Text   string // as written
	Name   string // as read out and known to tests, if it differs: the full sentence with its sign
	Action string // verb at the right, none if empty
	Inset  bool   // with round corners, inside a page
}

// Layout draws the banner over the width given, 40 high. Action.Clicked tells of a press.
func (b *Banner) Layout(gtx layout.Context, th *theme.Theme, l BannerLook) layout.Dimensions {
	w, h := gtx.Constraints.Max.X, gtx.Dp(40)
	r := image.Rect(0, 0, w, h)
	radius := 0
	if l.Inset {
		radius = gtx.Dp(theme.RadiusField)
	}
	theme.Fill(gtx.Ops, r, radius, l.Tone.Soft)
	if !l.Inset {
		theme.Fill(gtx.Ops, image.Rect(0, h-gtx.Dp(1), w, h), 0, l.Tone.Line)
	}
	name := l.Name
	if name == "" {
		name = l.Text
	}
	said(gtx, r, name)
	x, right := gtx.Dp(20), w-gtx.Dp(20)
	in := loose(gtx)
	st := push(gtx, x, (h-gtx.Dp(17))/2)
	if l.Busy {
		Spinner(in, th, 17, l.Tone.Text)
	} else {
		th.IconStroke(in, l.Icon, 17, 2, l.Tone.Text)
	}
	st.Pop()
	x += gtx.Dp(17 + 10)
	if l.Action != "" {
		m := record(gtx)
		d := b.Action.Layout(in, th, ButtonLook{Text: l.Action, Height: theme.ButtonSmall})
		call := m.Stop()
		right -= d.Size.X
		st := push(gtx, right, (h-d.Size.Y)/2)
		call.Add(gtx.Ops)
		st.Pop()
		right -= gtx.Dp(12)
	}
	s := th.Type.Button.Medium()
	in.Constraints.Max.X = right - x
	st = push(gtx, x, (h-gtx.Sp(s.Line))/2)
	TextAs(in, th, s, l.Tone.Text, l.Text, "")
	st.Pop()
	return layout.Dimensions{Size: r.Max}
}
