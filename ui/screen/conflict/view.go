package conflict

import (
	"image"
	"time"

	"gioui.org/layout"

	"masala/core"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Card is the state of the buttons under a conflict.
type Card struct{ Keep, Reload widget.Button }

// Layout draws who was first, both values and the choice.
func (k *Card) Layout(gtx layout.Context, th *theme.Theme, c *Conflict, zone *time.Location) layout.Dimensions {
	return widget.CardFlush(gtx, th, func(gtx layout.Context) layout.Dimensions {
		return layout.UniformInset(theme.S12).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			return widget.Column(gtx, theme.S8,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return widget.RowTop(gtx, 10,
						layout.Rigid(func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, theme.IconUsers, 18, th.Warn.Text) }),
						layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
							return widget.Para(gtx, th, th.Type.Body.Semi(), th.T1, core.ConflictMessage)
						}))
				}),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					var lines []layout.FlexChild
					for _, s := range c.Sentences(zone) {
						lines = append(lines, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
							return widget.Para(gtx, th, th.Type.Label, th.T2, s)
						}))
					}
					return widget.Column(gtx, 2, lines...)
				}),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints.Min = image.Pt(gtx.Constraints.Max.X, 0)
					return widget.Row(gtx, theme.S8, widget.Grow(),
						layout.Rigid(func(gtx layout.Context) layout.Dimensions {
							return k.Keep.Layout(gtx, th, widget.ButtonLook{Text: "Keep my input", Height: theme.ButtonSmall})
						}),
						layout.Rigid(func(gtx layout.Context) layout.Dimensions {
							return k.Reload.Layout(gtx, th, widget.ButtonLook{Text: "Reload", Kind: widget.Primary, Height: theme.ButtonSmall})
						}))
				}))
		})
	})
}
