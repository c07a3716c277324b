package widget

import (
	"image"
	"image/color"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/theme"
)

// IconButton is a button of one icon. Its name is shown as a tooltip and read out.
type IconButton struct {
	Clickable
	hover Fade
	tip   Tooltip
}

// IconLook says what an IconButton shows. The zero size is 34 with an icon of 18.
type IconLook struct {
	Icon     theme.Icon
	Name     string // what it does: "Remove row"
	Key      string // shown in the tooltip
	Size     unit.Dp
	IconSize unit.Dp
	Color    color.NRGBA // zero means T2
	Dot      color.NRGBA // zero means none: news at the top right
	Disabled bool
	NoTip    bool
}

// Layout draws the button and takes its presses; ask Clicked for them.
func (b *IconButton) Layout(gtx layout.Context, th *theme.Theme, l IconLook) layout.Dimensions {
	hovered, pressed, focused := b.update(gtx, l.Disabled)
	if l.Size == 0 {
		l.Size = 34
	}
	if l.IconSize == 0 {
		l.IconSize = 18
	}
	px, icon := gtx.Dp(l.Size), gtx.Dp(l.IconSize)
	r := image.Rect(0, 0, px, px)
	radius := gtx.Dp(theme.RadiusField)
	fill := Mix(color.NRGBA{}, th.Hover, b.hover.Value(gtx, hovered, th.Motion(theme.MotionHover)))
	if pressed {
		fill = th.Track
	}
	theme.Fill(gtx.Ops, r, radius, fill)
	ink := l.Color
	switch {
	case l.Disabled:
		ink = th.TDis
	case ink.A == 0:
		ink = th.T2
	}
	if focused {
		th.FocusRing(gtx, r, radius)
	}
	st := b.area(gtx, r, semantic.Button, l.Name, l.Disabled)
	off := push(gtx, (px-icon)/2, (px-icon)/2)
	th.Icon(gtx, l.Icon, l.IconSize, ink)
	off.Pop()
	if l.Dot.A != 0 {
		d, at := gtx.Dp(8), image.Pt(px-gtx.Dp(14), gtx.Dp(6))
		theme.Disc(gtx.Ops, image.Rectangle{Min: at, Max: at.Add(image.Pt(d, d))}.Inset(-gtx.Dp(2)), th.Panel)
		theme.Disc(gtx.Ops, image.Rectangle{Min: at, Max: at.Add(image.Pt(d, d))}, l.Dot)
	}
	st.Pop()
	if !l.NoTip {
		b.tip.show(gtx, th, hovered, image.Pt(px, px), l.Name, l.Key)
	}
	return layout.Dimensions{Size: image.Pt(px, px), Baseline: (px - icon) / 2}
}
