package resume

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/theme"
	"masala/ui/widget"
)

// Card draws the offer.
type Card struct {
	*Model
	discard, resume widget.Button
}

// Layout draws the offer over the width given, 92 high, or nothing.
func (c *Card) Layout(gtx layout.Context, th *theme.Theme) layout.Dimensions {
	offer := c.Offer()
	if offer == "" {
		return layout.Dimensions{}
	}
	if c.resume.Clicked(gtx) {
		c.Resume()
	}
	if c.discard.Clicked(gtx) {
		c.Discard()
	}
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(92))
	r := image.Rectangle{Max: size}
	theme.Fill(gtx.Ops, r, gtx.Dp(14), th.Warn.Soft)
	theme.Outline(gtx.Ops, r, gtx.Dp(14), 1.5*gtx.Metric.PxPerDp, th.Warn.Line)
	tile := gtx.Dp(52)
	theme.Fill(gtx.Ops, image.Rect(gtx.Dp(20), gtx.Dp(20), gtx.Dp(20)+tile, gtx.Dp(20)+tile), gtx.Dp(12), th.Surface)
	widget.At(gtx, gtx.Dp(33), gtx.Dp(33), gtx.Dp(26), gtx.Dp(26), func(gtx layout.Context) layout.Dimensions {
		return th.Icon(gtx, theme.IconHistory, 26, th.Warn.Text)
	})
	buttons := c.buttons(gtx, th, size)
	x, room := gtx.Dp(90), buttons-gtx.Dp(90)-gtx.Dp(12)
	s := th.Type.T16
	s.Size = 17
	if widget.TextWidth(gtx, th, s, offer) > room {
		// The question must be read in full; what else is known can go.
		s.Size = 15
		widget.At(gtx, x, 0, room, size.Y, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.Y = size.Y
			return layout.W.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min = image.Point{}
				return widget.Para(gtx, th, s, th.T1, offer)
			})
		})
		return layout.Dimensions{Size: size}
	}
	widget.At(gtx, x, gtx.Dp(22), room, gtx.Sp(24), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, s, th.T1, offer) })
	widget.At(gtx, x, gtx.Dp(49), room, gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Field, th.T2, c.Note())
	})
	return layout.Dimensions{Size: size}
}

// buttons draws both at the right and returns where they begin.
func (c *Card) buttons(gtx layout.Context, th *theme.Theme, size image.Point) int {
	h := theme.ButtonFloor
	if size.X < gtx.Dp(900) {
		h = theme.ButtonLarge
	}
	in := gtx
	in.Constraints = layout.Constraints{Max: size}
	m := op.Record(gtx.Ops)
	d := widget.Row(in, 8,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return c.discard.Layout(gtx, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Discard", Height: h})
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return c.resume.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Resume " + c.Title(), Icon: theme.IconPlay, Height: h})
		}))
	call := m.Stop()
	x := size.X - gtx.Dp(18) - d.Size.X
	defer op.Offset(image.Pt(x, (size.Y-d.Size.Y)/2)).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
	return x
}
