package panel

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op"
	giowidget "gioui.org/widget"

	"masala/ui/theme"
	"masala/ui/widget"
)

// Cards stands cards on a page that scrolls, and brings the part of one into view that
// has just got the keyboard.
type Cards struct {
	onCard image.Rectangle // asked for by the card that is being drawn, on that card
	onPage image.Rectangle
}

// Bring asks, from within a card, for a part of it to be in view.
func (c *Cards) Bring(r image.Rectangle) { c.onCard = r }

// Put draws a card at a width and returns its height.
func (c *Cards) Put(gtx layout.Context, x, y, width int, card layout.Widget) int {
	c.onCard = image.Rectangle{}
	d := widget.At(gtx, x, y, width, 1<<20, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.X = width
		return card(gtx)
	})
	if !c.onCard.Empty() {
		c.onPage = c.onCard.Add(image.Pt(x, y))
	}
	return d.Size.Y
}

// Column draws cards below each other and returns where they end.
func (c *Cards) Column(gtx layout.Context, x, y, width int, cards []layout.Widget) int {
	for _, card := range cards {
		y += c.Put(gtx, x, y, width, card) + gtx.Dp(theme.CardGap)
	}
	return y - gtx.Dp(theme.CardGap)
}

// Scroll draws one tall page of cards in r.
func (c *Cards) Scroll(gtx layout.Context, th *theme.Theme, l *giowidget.List, r image.Rectangle, page layout.Widget) {
	c.onPage = image.Rectangle{}
	widget.At(gtx, r.Min.X, r.Min.Y, r.Dx(), r.Dy(), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return widget.List(gtx, th, l, 1, func(gtx layout.Context, _ int) layout.Dimensions { return page(gtx) })
	})
	if c.onPage.Empty() {
		return
	}
	pad, at := gtx.Dp(theme.S16), l.Position.Offset
	at = max(at, c.onPage.Max.Y+pad-r.Dy())
	if at = max(min(at, c.onPage.Min.Y-pad), 0); at != l.Position.Offset {
		l.Position.Offset, l.Position.BeforeEnd = at, true
		gtx.Execute(op.InvalidateCmd{})
	}
}

// Unread draws a page that has not been read: why, or that it is being read. It reports
// whether there was anything of that to draw.
func Unread(gtx layout.Context, th *theme.Theme, loaded bool, fault string, retry *widget.Button, width int) bool {
	if loaded {
		return false
	}
	padX, padY := gtx.Dp(theme.PagePadX), gtx.Dp(theme.PagePadY)
	widget.At(gtx, padX, padY, width, gtx.Constraints.Max.Y-2*padY, func(gtx layout.Context) layout.Dimensions {
		if fault == "" {
			return widget.Skeleton(gtx, th, .3, 1, 1, .8, 1)
		}
		gtx.Constraints.Min = gtx.Constraints.Max
		return Failed(gtx, th, fault, retry)
	})
	return true
}
