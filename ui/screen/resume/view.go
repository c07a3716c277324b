package resume

import (
	"image"

	"gioui.org/layout"

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
	buttons := gtx.Dp(330)
	x, room := gtx.Dp(90), size.X-gtx.Dp(90)-buttons
	s := th.Type.T16
	s.Size = 17
	widget.At(gtx, x, gtx.Dp(22), room, gtx.Sp(24), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, s, th.T1, offer) })
	widget.At(gtx, x, gtx.Dp(49), room, gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Field, th.T2, c.Note())
	})
	widget.At(gtx, size.X-buttons, gtx.Dp(18), buttons-gtx.Dp(18), gtx.Dp(56), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return widget.Row(gtx, 12, widget.Grow(),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return c.discard.Layout(gtx, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Discard", Height: theme.ButtonFloor})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return c.resume.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Resume " + c.Title(), Icon: theme.IconPlay, Height: theme.ButtonFloor})
			}))
	})
	return layout.Dimensions{Size: size}
}
