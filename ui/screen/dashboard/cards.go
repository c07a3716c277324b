package dashboard

import (
	"fmt"
	"image"
	"time"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	gioop "gioui.org/op"
	"gioui.org/op/clip"

	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// skeletonAfter is how long nothing stands in a place that is being read.
const skeletonAfter = 150 * time.Millisecond

func gioInvalidate(at time.Time) gioop.InvalidateCmd { return gioop.InvalidateCmd{At: at} }

// listCard draws a card over exactly the space given: head, rows that scroll, and a
// link at the foot.
func (s *Screen) listCard(gtx layout.Context, n int, tone theme.Tone, icon theme.Icon, title, badge string, badgeTone theme.Tone,
	rows, rowH int, empty string, row func(layout.Context, int), foot, link string, goTo func()) layout.Dimensions {
	th, size := s.th, gtx.Constraints.Max
	r := image.Rectangle{Max: size}
	th.PaintCard(gtx, r, gtx.Dp(theme.RadiusCard))
	defer clip.UniformRRect(r, gtx.Dp(theme.RadiusCard)).Push(gtx.Ops).Pop()
	gtx.Constraints.Min = image.Point{}
	widget.CardHead(gtx, th, tone, icon, title, func(gtx layout.Context) layout.Dimensions {
		if badge == "" {
			return layout.Dimensions{Size: gtx.Constraints.Max}
		}
		h := gtx.Constraints.Max.Y
		return widget.At(gtx, 0, (h-gtx.Dp(20))/2, gtx.Constraints.Max.X, h, func(gtx layout.Context) layout.Dimensions {
			return widget.Tag(gtx, th, badgeTone, badge)
		})
	})
	top, bottom := gtx.Dp(46), gtx.Dp(42)
	if rows == 0 {
		widget.At(gtx, 0, top+max((size.Y-top-bottom-gtx.Dp(90))/2, gtx.Dp(16)), size.X, gtx.Dp(120), func(gtx layout.Context) layout.Dimensions {
			return widget.Empty(gtx, th, icon, empty, "")
		})
	} else {
		widget.At(gtx, 0, top, size.X, size.Y-top-bottom, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = gtx.Constraints.Max
			return widget.List(gtx, th, &s.lists[n].list, rows, func(gtx layout.Context, i int) layout.Dimensions {
				box := image.Pt(size.X, rowH)
				st := clip.Rect{Max: box}.Push(gtx.Ops)
				gtx.Constraints = layout.Exact(box)
				row(gtx, i)
				st.Pop()
				theme.Fill(gtx.Ops, image.Rect(0, rowH-gtx.Dp(1), size.X, rowH), 0, th.Border)
				return layout.Dimensions{Size: box}
			})
		})
	}
	y := size.Y - bottom
	theme.Fill(gtx.Ops, image.Rect(0, y, size.X, size.Y), 0, th.Surface)
	theme.Fill(gtx.Ops, image.Rect(0, y, size.X, y+gtx.Dp(1)), 0, th.Border)
	widget.At(gtx, gtx.Dp(16), y+gtx.Dp(13), size.X-gtx.Dp(32), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label, th.T3, foot)
	})
	if link != "" {
		s.link(gtx, &s.more[n], link, size.X-gtx.Dp(12), y, bottom, goTo)
	}
	return layout.Dimensions{Size: size}
}

// link draws a way on, ending at right.
func (s *Screen) link(gtx layout.Context, c *widget.Clickable, text string, right, y, h int, goTo func()) {
	th := s.th
	if c.Clicked(gtx) {
		goTo()
	}
	style := th.Type.Body.Semi()
	w := widget.TextWidth(gtx, th, style, text) + gtx.Dp(30)
	widget.At(gtx, right-w, y+gtx.Dp(6), w, h-gtx.Dp(12), func(gtx layout.Context) layout.Dimensions {
		box := image.Pt(w, h-gtx.Dp(12))
		d := c.Layout(gtx, semantic.Button, text, func(gtx layout.Context) layout.Dimensions {
			if c.Hovered() {
				theme.Fill(gtx.Ops, image.Rectangle{Max: box}, gtx.Dp(7), th.Hover)
			}
			widget.At(gtx, gtx.Dp(5), (box.Y-gtx.Sp(18))/2, w, box.Y, func(gtx layout.Context) layout.Dimensions {
				return widget.TextAs(gtx, th, style, th.Brand.Text, text, "")
			})
			widget.At(gtx, w-gtx.Dp(21), (box.Y-gtx.Dp(15))/2, w, box.Y, func(gtx layout.Context) layout.Dimensions {
				return th.IconStroke(gtx, theme.IconArrowRight, 15, 2, th.Brand.Text)
			})
			return layout.Dimensions{Size: box}
		})
		if c.Focused() {
			theme.Outline(gtx.Ops, image.Rectangle{Max: box}, gtx.Dp(7), float32(gtx.Dp(2)), th.Focus)
		}
		return d
	})
}

// pressable makes a row lead somewhere.
func (s *Screen) pressable(gtx layout.Context, n, i int, name string, to screen.Route, w func(layout.Context)) {
	c := s.lists[n].row(i)
	if c.Clicked(gtx) {
		s.env.Shell.Navigate(to)
	}
	size := gtx.Constraints.Max
	c.Layout(gtx, semantic.Button, name, func(gtx layout.Context) layout.Dimensions {
		if c.Hovered() {
			theme.Fill(gtx.Ops, image.Rectangle{Max: size}, 0, s.th.Hover)
		}
		w(gtx)
		return layout.Dimensions{Size: size}
	})
	if c.Focused() {
		theme.Outline(gtx.Ops, image.Rectangle{Max: size}.Inset(gtx.Dp(2)), gtx.Dp(6), float32(gtx.Dp(2)), s.th.Focus)
	}
}

// Name writes a name with its Hindi name behind it where there is room, and returns
// the width it took.
func Name(gtx layout.Context, th *theme.Theme, x, y, room int, style theme.Style, name, hindi string) int {
	d := widget.At(gtx, x, y, room, gtx.Sp(style.Line), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, style, th.T1, name) })
	used := d.Size.X
	if hindi == "" {
		return used
	}
	w := widget.TextWidth(gtx, th, th.Type.Body, hindi)
	if used+gtx.Dp(8)+w <= room {
		widget.At(gtx, x+used+gtx.Dp(8), y, w+gtx.Dp(2), gtx.Sp(style.Line), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Body, th.T3, hindi)
		})
		used += gtx.Dp(8) + w
	}
	return used
}

// wastage draws what the last batches lost, the worst first.
func (s *Screen) wastage(gtx layout.Context, b *Board) layout.Dimensions {
	th := s.th
	return s.listCard(gtx, 0, th.Danger, theme.IconDroplets, "Wastage bleed", b.Bleeding, th.Danger, len(b.Wastage), gtx.Dp(84),
		"No batch was completed", func(gtx layout.Context, i int) {
			w := b.Wastage[i]
			s.pressable(gtx, 0, i, w.Number, screen.DocumentRoute(stock.KindProduction, w.Document), func(gtx layout.Context) {
				size, pad := gtx.Constraints.Max, gtx.Dp(16)
				room := size.X - 2*pad
				tone, ink := th.OK, th.T2
				if w.Over {
					tone, ink = th.Danger, th.Danger.Text
				}
				style := th.Type.Body.Semi()
				valueW := widget.TextWidth(gtx, th, style, w.Value)
				used := Name(gtx, th, pad, gtx.Dp(12), room-valueW-gtx.Dp(12), style, w.Name, "")
				if numW := widget.TextWidth(gtx, th, th.Type.Label, w.Number); used+gtx.Dp(8)+numW <= room-valueW-gtx.Dp(12) {
					widget.At(gtx, pad+used+gtx.Dp(8), gtx.Dp(13), numW, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
						return widget.Text(gtx, th, th.Type.Label, th.T3, w.Number)
					})
				}
				widget.At(gtx, pad, gtx.Dp(12), room, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
					return widget.TextEnd(gtx, th, style, ink, w.Value)
				})
				shareW := gtx.Dp(52)
				widget.At(gtx, pad, gtx.Dp(41), room-shareW, gtx.Dp(8), func(gtx layout.Context) layout.Dimensions {
					return widget.BarThick(gtx, th, w.Part, w.Limit, tone.Fill, "Lost "+w.Share)
				})
				widget.At(gtx, pad, gtx.Dp(36), room, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
					return widget.TextEnd(gtx, th, style, tone.Text, w.Share)
				})
				widget.At(gtx, pad, gtx.Dp(58), room, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.Label, th.T3, w.Note)
				})
			})
		}, b.Batches, "", nil)
}

func (s *Screen) expiring(gtx layout.Context, b *Board) layout.Dimensions {
	th := s.th
	badge := ""
	if n := len(b.Expiring); n > 0 {
		badge = Count(n, "lot")
	}
	return s.listCard(gtx, 0, th.Warn, theme.IconCalendarClock, "Expiring soon", badge, th.Warn, len(b.Expiring), gtx.Dp(60),
		"No lot expires within 45 days", func(gtx layout.Context, i int) {
			e := b.Expiring[i]
			s.pressable(gtx, 0, i, e.Number, screen.Route{ID: screen.Lots, Lot: e.Lot}, func(gtx layout.Context) {
				size := gtx.Constraints.Max
				tone := th.Warn
				if e.Days <= 20 {
					tone = th.Danger
				}
				left, pad := th.Type.Body.Semi(), gtx.Dp(16)
				w := widget.TextWidth(gtx, th, left, e.Left)
				room := size.X - 2*pad
				Name(gtx, th, pad, gtx.Dp(11), room-w-gtx.Dp(12), th.Type.Body.Semi(), e.Name, e.NameHi)
				widget.At(gtx, pad, gtx.Dp(11), room, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
					return widget.TextEnd(gtx, th, left, tone.Text, e.Left)
				})
				widget.At(gtx, pad, gtx.Dp(32), room-gtx.Dp(90), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.Label, th.T3, e.Number+", "+e.Qty)
				})
				widget.At(gtx, pad, gtx.Dp(32), room, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
					return widget.TextEnd(gtx, th, th.Type.Label, th.T3, e.Date)
				})
			})
		}, "Within 45 days or past", "All lots", func() { s.env.Shell.Navigate(screen.Route{ID: screen.Lots}) })
}

func (s *Screen) reorder(gtx layout.Context, b *Board) layout.Dimensions {
	th := s.th
	badge := ""
	if n := len(b.Reorder); n > 0 {
		badge = Count(n, "item")
	}
	return s.listCard(gtx, 1, th.Warn, theme.IconTriangleAlert, "Re-order", badge, th.Warn, len(b.Reorder), gtx.Dp(56),
		"Every item is above its minimum", func(gtx layout.Context, i int) {
			n := b.Reorder[i]
			s.pressable(gtx, 1, i, n.Name, screen.Route{ID: screen.MastersItems, Item: n.Item}, func(gtx layout.Context) {
				size, pad := gtx.Constraints.Max, gtx.Dp(16)
				fill := th.Warn.Fill
				if n.Urgent {
					fill = th.Danger.Fill
				}
				Name(gtx, th, pad, gtx.Dp(9), size.X-2*pad, th.Type.Body.Semi(), n.Name, n.NameHi)
				widget.At(gtx, pad, gtx.Dp(36), gtx.Dp(88), gtx.Dp(6), func(gtx layout.Context) layout.Dimensions {
					return widget.Bar(gtx, th, n.Part, 0, fill, fmt.Sprintf("%d %% of the minimum", int(n.Part*100)))
				})
				widget.At(gtx, pad+gtx.Dp(98), gtx.Dp(31), size.X-2*pad-gtx.Dp(98), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.Label, th.T3, n.Text)
				})
			})
		}, "At or below the minimum stock", "All items", func() { s.env.Shell.Navigate(screen.Route{ID: screen.MastersItems}) })
}

// KindLook is icon and colour of a kind of document.
func KindLook(th *theme.Theme, k stock.DocumentKind) (theme.Tone, theme.Icon) {
	switch k {
	case stock.KindGRN, stock.KindOpening:
		return th.Raw, theme.IconPackageOpen
	case stock.KindAdjustment:
		return th.Hold, theme.IconSlidersHorizontal
	case stock.KindStatus:
		return th.Info, theme.IconShieldCheck
	case stock.KindCount:
		return th.Packing, theme.IconClipboardCheck
	case stock.KindReversal:
		return th.Danger, theme.IconUndo2
	case stock.KindIssue, stock.KindMaterialReturn, stock.KindProduction:
		return th.Bulk, theme.IconFactory
	case stock.KindPacking:
		return th.Packing, theme.IconBoxes
	case stock.KindDispatch:
		return th.Finished, theme.IconPackageCheck
	case stock.KindSalesReturn, stock.KindPurchaseReturn:
		return th.Hold, theme.IconPackageX
	case stock.KindTransfer:
		return th.Info, theme.IconArrowUpDown
	case stock.KindPriceCorrection:
		return th.Hold, theme.IconReceipt
	}
	return th.Neutral, theme.IconFileText
}

func (s *Screen) activity(gtx layout.Context, b *Board) layout.Dimensions {
	th := s.th
	return s.listCard(gtx, 2, theme.Tone{Text: th.T2}, theme.IconActivity, "Activity", "", theme.Tone{}, len(b.Activity), gtx.Dp(54),
		"Nothing posted yet", func(gtx layout.Context, i int) {
			e := b.Activity[i]
			s.pressable(gtx, 2, i, e.Title, screen.DocumentRoute(e.Kind, e.ID), func(gtx layout.Context) {
				size, pad := gtx.Constraints.Max, gtx.Dp(16)
				tone, icon := KindLook(th, e.Kind)
				widget.At(gtx, pad, gtx.Dp(12), gtx.Dp(30), gtx.Dp(30), func(gtx layout.Context) layout.Dimensions {
					return widget.IconTile(gtx, th, tone, icon, 30, 15, 16)
				})
				x := pad + gtx.Dp(42)
				timeW := widget.TextWidth(gtx, th, th.Type.Label, e.At)
				ink := th.T1
				if e.Void {
					ink = th.T3
				}
				widget.At(gtx, x, gtx.Dp(9), size.X-x-pad-timeW-gtx.Dp(8), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.Body.Semi(), ink, e.Title)
				})
				widget.At(gtx, x, gtx.Dp(28), size.X-x-pad, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.Tiny, th.T3, e.Note)
				})
				widget.At(gtx, pad, gtx.Dp(10), size.X-2*pad, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
					return widget.TextEnd(gtx, th, th.Type.Label, th.T3, e.At)
				})
			})
		}, "The newest documents", "", nil)
}
