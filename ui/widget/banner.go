package widget

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op"

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

// Layout draws the banner over the width given, 40 high, or higher where the text
// needs more than one line: the end of a sentence often says what to do. Action.Clicked
// tells of a press.
func (b *Banner) Layout(gtx layout.Context, th *theme.Theme, l BannerLook) layout.Dimensions {
	w := gtx.Constraints.Max.X
	x, right := gtx.Dp(20+17+10), w-gtx.Dp(20)
	in := loose(gtx)
	m := record(gtx)
	var button image.Point
	if l.Action != "" {
		button = b.Action.Layout(in, th, ButtonLook{Text: l.Action, Height: theme.ButtonSmall}).Size
		right -= button.X + gtx.Dp(12)
	}
	action := m.Stop()
	in.Constraints.Max.X = right - x
	m = record(gtx)
	text := Para(in, th, th.Type.Button.Medium(), l.Tone.Text, l.Text).Size
	words := m.Stop()
	h := max(gtx.Dp(40), text.Y+gtx.Dp(16))

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
	place := func(x, height int, call op.CallOp) {
		st := push(gtx, x, (h-height)/2)
		call.Add(gtx.Ops)
		st.Pop()
	}
	st := push(gtx, gtx.Dp(20), (h-gtx.Dp(17))/2)
	if l.Busy {
		Spinner(loose(gtx), th, 17, l.Tone.Text)
	} else {
		th.IconStroke(loose(gtx), l.Icon, 17, 2, l.Tone.Text)
	}
	st.Pop()
	place(x, text.Y, words)
	if l.Action != "" {
		place(right+gtx.Dp(12), button.Y, action)
	}
	return layout.Dimensions{Size: r.Max}
}
