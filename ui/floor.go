package ui

import (
	"image"

	"gioui.org/io/semantic"
	"gioui.org/layout"

	"masala/ui/theme"
	"masala/ui/widget"
)

// layoutFloor draws the operators' shell: a rail of big targets and the sheet.
func (w *Window) layoutFloor(gtx layout.Context) {
	size := gtx.Constraints.Max
	left, inset := gtx.Dp(railWidth), gtx.Dp(theme.S8)
	widget.At(gtx, 0, 0, left, size.Y, w.layoutRail)
	w.layoutSheet(gtx, image.Rect(left, inset, size.X-inset, size.Y-inset), 64)
}

func (w *Window) layoutRail(gtx layout.Context) layout.Dimensions {
	th, size := w.theme, gtx.Constraints.Max
	y, height := gtx.Dp(14), gtx.Dp(68)
	if size.Y < gtx.Dp(640) { // a 7" tablet
		y, height = gtx.Dp(8), gtx.Dp(60)
	}
	widget.At(gtx, middle(size.X, gtx.Dp(44)), y, gtx.Dp(44), gtx.Dp(44), func(gtx layout.Context) layout.Dimensions { return th.Logo(gtx, 44) })
	y += gtx.Dp(58)
	now := w.session.nav.now()
	for _, e := range w.session.menu {
		if !e.Rail {
			continue
		}
		open := now != nil && now.entry.ID == e.ID
		if w.railTarget(gtx, y, height, w.chrome.entry(e.ID), e.Short, e.Icon, open) {
			w.start(e)
		}
		y += height + gtx.Dp(4)
	}
	if w.railTarget(gtx, size.Y-height-gtx.Dp(14), height, &w.chrome.out, "Sign out", theme.IconLogOut, false) {
		w.leaving(w.logout)
	}
	return layout.Dimensions{Size: size}
}

// railTarget draws a place in the rail, 80 wide, and reports a press.
func (w *Window) railTarget(gtx layout.Context, y, height int, c *widget.Clickable, word string, icon theme.Icon, open bool) (hit bool) {
	th := w.theme
	box := image.Pt(gtx.Dp(80), height)
	widget.At(gtx, middle(gtx.Constraints.Max.X, box.X), y, box.X, box.Y, func(gtx layout.Context) layout.Dimensions {
		hit = press(gtx, th, c, semantic.Button, word, 12, func(gtx layout.Context) layout.Dimensions {
			style, ink := th.Type.Body, th.T2
			if open {
				th.PaintCard(gtx, rect(box), gtx.Dp(12))
				style, ink = style.Semi(), th.Brand.Text
			} else if c.Hovered() {
				theme.Fill(gtx.Ops, rect(box), gtx.Dp(12), widget.Opacity(th.Track, .6))
			}
			top := middle(box.Y, gtx.Dp(24)+gtx.Dp(5)+gtx.Sp(18))
			widget.At(gtx, middle(box.X, gtx.Dp(24)), top, box.X, box.Y, func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, icon, 24, ink) })
			widget.At(gtx, 0, top+gtx.Dp(29), box.X, box.Y, func(gtx layout.Context) layout.Dimensions {
				x := middle(box.X, min(widget.TextWidth(gtx, th, style, word), box.X))
				return widget.At(gtx, x, 0, box.X-x, box.Y, func(gtx layout.Context) layout.Dimensions {
					return widget.TextAs(gtx, th, style, ink, word, "")
				})
			})
			return layout.Dimensions{Size: box}
		})
		return layout.Dimensions{Size: box}
	})
	return hit
}
