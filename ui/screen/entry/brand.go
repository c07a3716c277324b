package entry

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"

	"masala/ui/theme"
	"masala/ui/widget"
)

// White is the ink on the maroon panel, at a strength from 0 to 1.
func White(t float32) color.NRGBA {
	return widget.Opacity(color.NRGBA{R: 255, G: 255, B: 255, A: 255}, t)
}

// glow is what a breath of white over the maroon looks like. Gio blends in linear
// light, where real white would come out grey.
var glow = color.NRGBA{R: 255, G: 142, B: 137, A: 255}

// Beside draws the maroon panel at the left, where there is room for it, and w in
// the middle of the rest, at most width wide. It is the frame of all that stands
// before the login.
func Beside(gtx layout.Context, th *theme.Theme, version string, width unit.Dp, foot string, w layout.Widget) {
	size := gtx.Constraints.Max
	left := gtx.Dp(500)
	if size.X < gtx.Dp(1280) {
		left = gtx.Dp(340)
	}
	if size.X < gtx.Dp(860) {
		left = 0
	}
	theme.Fill(gtx.Ops, image.Rect(left, 0, size.X, size.Y), 0, th.Panel)
	if left > 0 {
		widget.At(gtx, 0, 0, left, size.Y, func(gtx layout.Context) layout.Dimensions { return panel(gtx, th, version) })
	}
	rest := size.X - left
	pad := gtx.Dp(72)
	if rest < gtx.Dp(860) {
		pad = gtx.Dp(40)
	}
	inner := min(rest-2*pad, gtx.Dp(width))
	footH := 0
	if foot != "" {
		footH = gtx.Dp(64)
		widget.At(gtx, left+pad, size.Y-gtx.Dp(52), gtx.Dp(15), gtx.Dp(15), func(gtx layout.Context) layout.Dimensions {
			return th.Icon(gtx, theme.IconInfo, 15, th.T3)
		})
		widget.At(gtx, left+pad+gtx.Dp(23), size.Y-gtx.Dp(53), rest-2*pad-gtx.Dp(23), gtx.Dp(40), func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Label, th.T3, foot)
		})
	}
	in := gtx
	in.Constraints = layout.Constraints{Min: image.Pt(inner, 0), Max: image.Pt(inner, size.Y-footH-gtx.Dp(16))}
	m := op.Record(gtx.Ops)
	d := w(in)
	call := m.Stop()
	x := left + (rest-inner)/2
	if inner == gtx.Dp(width) && left > 0 && rest-inner < gtx.Dp(200) {
		x = left + pad
	}
	defer op.Offset(image.Pt(x, max((size.Y-footH-d.Size.Y)/2, gtx.Dp(12)))).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
}

// panel draws what the product promises.
func panel(gtx layout.Context, th *theme.Theme, version string) layout.Dimensions {
	size := gtx.Constraints.Max
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	paint.LinearGradientOp{Stop1: f32.Pt(0, 0), Color1: color.NRGBA{R: 0x8C, G: 0x17, B: 0x13, A: 255},
		Stop2: f32.Pt(float32(size.X)*.26, float32(size.Y)), Color2: color.NRGBA{R: 0x4A, G: 0x09, B: 0x09, A: 255}}.Add(gtx.Ops)
	paint.PaintOp{}.Add(gtx.Ops)
	star := gtx.Dp(620)
	widget.At(gtx, size.X+gtx.Dp(250)-star, size.Y+gtx.Dp(260)-star, star, star, func(gtx layout.Context) layout.Dimensions {
		return th.Star(gtx, 620, widget.Opacity(glow, .045), widget.Opacity(glow, .045))
	})
	pad := gtx.Dp(56)
	if size.X < gtx.Dp(400) {
		pad = gtx.Dp(36)
	}
	room := size.X - 2*pad
	theme.Fill(gtx.Ops, image.Rect(pad, gtx.Dp(56), pad+gtx.Dp(52), gtx.Dp(108)), gtx.Dp(14), widget.Opacity(glow, .075))
	widget.At(gtx, pad+gtx.Dp(8), gtx.Dp(64), gtx.Dp(36), gtx.Dp(36), func(gtx layout.Context) layout.Dimensions {
		return th.Star(gtx, 36, White(1), color.NRGBA{R: 0xF2, G: 0xC1, B: 0x4E, A: 255})
	})
	name := th.Type.T16
	name.Size = 17
	widget.At(gtx, pad+gtx.Dp(64), gtx.Dp(71), room-gtx.Dp(64), gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, name, White(1), "Masala Inventory")
	})
	slogan := th.Type.T32
	slogan.Size, slogan.Line = 38, 46
	if size.X < gtx.Dp(400) {
		slogan.Size, slogan.Line = 31, 39
	}
	y := max((size.Y-gtx.Dp(370))/2+gtx.Dp(16), gtx.Dp(132))
	for _, line := range []string{"Every kilo,", "every rupee,", "every lot."} {
		widget.At(gtx, pad, y, room, gtx.Sp(46), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, slogan, White(1), line) })
		y += gtx.Sp(slogan.Line)
	}
	y += gtx.Dp(14)
	lead := th.Type.Lead
	lead.Size, lead.Line = 16, 25
	d := widget.At(gtx, pad, y, min(room, gtx.Dp(360)), gtx.Dp(160), func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, lead, White(.82), "Stock, goods received and lots of your spice factory, on your own network.")
	})
	y += d.Size.Y + gtx.Dp(30)
	for _, p := range []struct {
		icon theme.Icon
		text string
	}{{theme.IconWifiOff, "Works without internet"}, {theme.IconDatabase, "Data stays on your PC"}, {theme.IconGitFork, "Traces every lot"}} {
		theme.Fill(gtx.Ops, image.Rect(pad, y, pad+gtx.Dp(36), y+gtx.Dp(36)), gtx.Dp(10), widget.Opacity(glow, .075))
		widget.At(gtx, pad+gtx.Dp(9), y+gtx.Dp(9), gtx.Dp(18), gtx.Dp(18), func(gtx layout.Context) layout.Dimensions {
			return th.Icon(gtx, p.icon, 18, White(.92))
		})
		widget.At(gtx, pad+gtx.Dp(48), y+gtx.Dp(7), room-gtx.Dp(48), gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Lead.Medium(), White(.92), p.text)
		})
		y += gtx.Dp(48)
	}
	if size.Y-gtx.Dp(60) > y {
		widget.At(gtx, pad, size.Y-gtx.Dp(60), room, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label, White(.62), "Version "+version)
		})
	}
	return layout.Dimensions{Size: size}
}

// Fault draws why the last try failed, as an inset line; nothing for "".
func Fault(gtx layout.Context, th *theme.Theme, tone theme.Tone, icon theme.Icon, text string) layout.Dimensions {
	if text == "" {
		return layout.Dimensions{}
	}
	width := gtx.Constraints.Max.X
	m := op.Record(gtx.Ops)
	d := widget.At(gtx, gtx.Dp(42), gtx.Dp(11), width-gtx.Dp(58), gtx.Dp(400), func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, th.Type.Button.Medium(), tone.Text, text)
	})
	call := m.Stop()
	h := d.Size.Y + gtx.Dp(22)
	theme.Fill(gtx.Ops, image.Rect(0, 0, width, h), gtx.Dp(theme.RadiusField), tone.Soft)
	widget.At(gtx, gtx.Dp(14), gtx.Dp(11), gtx.Dp(17), gtx.Dp(17), func(gtx layout.Context) layout.Dimensions {
		return th.IconStroke(gtx, icon, 17, 2, tone.Text)
	})
	call.Add(gtx.Ops)
	return layout.Dimensions{Size: image.Pt(width, h)}
}
