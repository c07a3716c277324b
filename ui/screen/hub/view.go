package hub

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	gioop "gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	giowidget "gioui.org/widget"

	"masala/core/op"
	"masala/ui/screen"
	"masala/ui/screen/dashboard"
	"masala/ui/screen/resume"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Screen draws the hub.
type Screen struct {
	screen.Base
	*Model
	th     *theme.Theme
	card   resume.Card
	tiles  []widget.Clickable
	retry  widget.Button
	page   giowidget.List
	watch  giowidget.List
	recent giowidget.List
	rows   [2][]widget.Clickable
}

// New makes the screen.
func New(env *screen.Env) *Screen {
	s := &Screen{Model: NewModel(env), th: env.Theme}
	s.card.Model = s.Resume
	s.tiles = make([]widget.Clickable, len(s.Tiles))
	s.page.Axis, s.watch.Axis, s.recent.Axis = layout.Vertical, layout.Vertical, layout.Vertical
	return s
}

// Crumbs names the page.
func (s *Screen) Crumbs() []string { return []string{"Factory floor"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return Topics() }

// Reload looks for drafts; the rest follows the revisions by itself.
func (s *Screen) Reload() { s.Resume.Read() }

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action { return s.Resume.Actions() }

// Focus gives the keyboard to the first tile.
func (s *Screen) Focus(layout.Context) {
	if len(s.tiles) > 0 {
		s.tiles[0].Focus()
	}
}

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	s.arrows(gtx)
	if s.retry.Clicked(gtx) {
		s.Retry()
	}
	for i := range s.tiles {
		if s.tiles[i].Clicked(gtx) {
			s.Go(s.Tiles[i])
		}
	}
	size := gtx.Constraints.Max
	pad, gap := gtx.Dp(22), gtx.Dp(18)
	if size.X < gtx.Dp(960) {
		pad, gap = gtx.Dp(16), gtx.Dp(12)
	}
	width := min(size.X-2*pad, gtx.Dp(1680))
	return widget.List(gtx, s.th, &s.page, 1, func(gtx layout.Context, _ int) layout.Dimensions {
		y := pad
		d := widget.At(gtx, pad, y, width, size.Y, func(gtx layout.Context) layout.Dimensions { return s.layoutTiles(gtx, size.Y) })
		if d.Size.Y > 0 {
			y += d.Size.Y + gap
		}
		d = widget.At(gtx, pad, y, width, gtx.Dp(92), func(gtx layout.Context) layout.Dimensions { return s.card.Layout(gtx, s.th) })
		if d.Size.Y > 0 {
			y += d.Size.Y + gap
		}
		rest := max(size.Y-y-pad, gtx.Dp(300))
		widget.At(gtx, pad, y, width, rest, func(gtx layout.Context) layout.Dimensions { return s.lower(gtx, gap) })
		return layout.Dimensions{Size: image.Pt(size.X, y+rest+pad)}
	})
}

// arrows moves between the tiles.
func (s *Screen) arrows(gtx layout.Context) {
	for i := range s.tiles {
		tag := s.tiles[i].Tag()
		for {
			e, ok := gtx.Event(key.Filter{Focus: tag, Name: key.NameLeftArrow}, key.Filter{Focus: tag, Name: key.NameRightArrow})
			if !ok {
				break
			}
			if k, ok := e.(key.Event); ok && k.State == key.Press {
				to := i + 1
				if k.Name == key.NameLeftArrow {
					to = i - 1
				}
				if to >= 0 && to < len(s.tiles) {
					s.tiles[to].Focus()
				}
			}
		}
	}
}

func (s *Screen) layoutTiles(gtx layout.Context, page int) layout.Dimensions {
	n := len(s.Tiles)
	if n == 0 {
		return layout.Dimensions{}
	}
	width, gap := gtx.Constraints.Max.X, gtx.Dp(16)
	columns, h := min(n, 4), gtx.Dp(226)
	if page < gtx.Dp(620) {
		h = gtx.Dp(166)
	}
	if width < gtx.Dp(960) {
		columns, gap = min(n, 2), gtx.Dp(12)
	}
	col := (width - gap*(columns-1)) / columns
	for i, e := range s.Tiles {
		widget.At(gtx, i%columns*(col+gap), i/columns*(h+gap), col, h, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = gtx.Constraints.Max
			return s.tile(gtx, i, e)
		})
	}
	lines := (n + columns - 1) / columns
	return layout.Dimensions{Size: image.Pt(width, lines*h+(lines-1)*gap)}
}

var white = color.NRGBA{R: 255, G: 255, B: 255, A: 255}

func (s *Screen) tile(gtx layout.Context, i int, e screen.Entry) layout.Dimensions {
	th, c, size := s.th, &s.tiles[i], gtx.Constraints.Max
	r, radius := image.Rectangle{Max: size}, gtx.Dp(18)
	g := [...]theme.Gradient{th.TileRaw, th.TileBulk, th.TilePacking, th.TileFinished}[e.Tile.Stage]
	th.PaintRaised(gtx, r, radius, g.Bottom, color.NRGBA{})
	if c.Focused() && gtx.Enabled() {
		theme.Outline(gtx.Ops, r.Inset(-gtx.Dp(6)), radius+gtx.Dp(6), float32(gtx.Dp(3)), th.Focus)
	}
	return c.Layout(gtx, semantic.Button, e.Tile.Title, func(gtx layout.Context) layout.Dimensions {
		defer clip.UniformRRect(r, radius).Push(gtx.Ops).Pop()
		paint.LinearGradientOp{Stop1: f32.Pt(float32(size.X)*.2, 0), Color1: g.Top, Stop2: f32.Pt(float32(size.X)*.6, float32(size.Y)), Color2: g.Bottom}.Add(gtx.Ops)
		paint.PaintOp{}.Add(gtx.Ops)
		switch {
		case c.Pressed():
			theme.Fill(gtx.Ops, r, 0, color.NRGBA{A: 40})
		case c.Hovered():
			theme.Fill(gtx.Ops, r, 0, widget.Opacity(white, .06))
		}
		big := gtx.Dp(150)
		widget.At(gtx, size.X+gtx.Dp(26)-big, size.Y+gtx.Dp(30)-big, big, big, func(gtx layout.Context) layout.Dimensions {
			return th.IconStroke(gtx, e.Icon, 150, 9, widget.Mix(g.Bottom, white, .12))
		})
		pad, box := gtx.Dp(22), gtx.Dp(68)
		if size.Y < gtx.Dp(200) {
			box = gtx.Dp(56)
		}
		theme.Fill(gtx.Ops, image.Rect(pad, pad, pad+box, pad+box), box/4, widget.Mix(g.Top, white, .2))
		off := pad + (box-gtx.Dp(34))/2
		widget.At(gtx, off, off, box, box, func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, e.Icon, 34, white) })
		s.tileKey(gtx, e.Key.String(), size.X-pad, pad)
		title := th.Type.T24
		title.Size, title.Line = 26, 31
		widget.At(gtx, pad, size.Y-pad-gtx.Dp(56), size.X-2*pad, gtx.Sp(31), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, title, white, e.Tile.Title, "")
		})
		widget.At(gtx, pad, size.Y-pad-gtx.Dp(21), size.X-2*pad, gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Lead.Medium(), widget.Opacity(white, .9), e.Tile.Note)
		})
		return layout.Dimensions{Size: size}
	})
}

func (s *Screen) tileKey(gtx layout.Context, text string, right, y int) {
	if text == "" {
		return
	}
	style := s.th.Type.T16.Bold()
	w := widget.TextWidth(gtx, s.th, style, text) + gtx.Dp(24)
	h := gtx.Dp(34)
	theme.Fill(gtx.Ops, image.Rect(right-w, y, right, y+h), gtx.Dp(9), color.NRGBA{A: 51})
	widget.At(gtx, right-w+gtx.Dp(12), y+(h-gtx.Sp(style.Line))/2, w, h, func(gtx layout.Context) layout.Dimensions {
		return widget.TextAs(gtx, s.th, style, white, text, "")
	})
}

// lower draws what needs care beside what was posted.
func (s *Screen) lower(gtx layout.Context, gap int) layout.Dimensions {
	size := gtx.Constraints.Max
	board, st := s.Read()
	if !st.Have {
		switch {
		case st.Err != nil && !st.Loading:
			return widget.Column(gtx, 16,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return widget.Empty(gtx, s.th, theme.IconCircleAlert, screen.Sentence(st.Err), "")
				}),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return s.retry.Layout(gtx, s.th, widget.ButtonLook{Text: "Retry", Icon: theme.IconRotateCw, Height: theme.ButtonLarge})
				}))
		case st.Slow(gtx.Now, 150e6):
			return widget.Skeleton(gtx, s.th, .4, 1, 1, .8, .9, 1)
		}
		gtx.Execute(gioop.InvalidateCmd{At: st.Since.Add(150e6)})
		return layout.Dimensions{Size: size}
	}
	left := int(float32(size.X-gap) * .385)
	widget.At(gtx, 0, 0, left, size.Y, func(gtx layout.Context) layout.Dimensions { return s.layoutWatch(gtx, board) })
	widget.At(gtx, left+gap, 0, size.X-left-gap, size.Y, func(gtx layout.Context) layout.Dimensions { return s.layoutRecent(gtx, board) })
	return layout.Dimensions{Size: size}
}

// card draws a floor card with a head 52 high and rows that scroll.
func (s *Screen) floorCard(gtx layout.Context, line, head theme.Tone, title, badge string, l *giowidget.List, n, rowH int, empty string, row layout.ListElement) layout.Dimensions {
	th, size := s.th, gtx.Constraints.Max
	r, radius := image.Rectangle{Max: size}, gtx.Dp(14)
	edge := th.Border
	if line.Line.A > 0 {
		edge = line.Line
	}
	th.PaintRaised(gtx, r, radius, th.Surface, edge)
	defer clip.UniformRRect(r, radius).Push(gtx.Ops).Pop()
	h := gtx.Dp(52)
	ink := th.T1
	if head.Soft.A > 0 {
		theme.Fill(gtx.Ops, image.Rect(0, 0, size.X, h), 0, head.Soft)
		ink = head.Text
	}
	pad := gtx.Dp(18)
	widget.At(gtx, pad, (h-gtx.Sp(22))/2, size.X-2*pad, h, func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.T16, ink, title)
	})
	if badge != "" {
		style := th.Type.Body.Semi()
		w := widget.TextWidth(gtx, th, style, badge) + gtx.Dp(20)
		b := image.Rect(size.X-pad-w, (h-gtx.Dp(24))/2, size.X-pad, (h+gtx.Dp(24))/2)
		theme.Fill(gtx.Ops, b, gtx.Dp(12), th.Surface)
		widget.At(gtx, b.Min.X+gtx.Dp(10), (h-gtx.Sp(18))/2, w, h, func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, style, ink, badge)
		})
	}
	theme.Fill(gtx.Ops, image.Rect(0, h-gtx.Dp(1), size.X, h), 0, edge)
	if n == 0 {
		widget.At(gtx, 0, h+max((size.Y-h-gtx.Dp(90))/2, 0), size.X, size.Y-h, func(gtx layout.Context) layout.Dimensions {
			return widget.Empty(gtx, th, theme.IconCircleCheck, empty, "")
		})
		return layout.Dimensions{Size: size}
	}
	widget.At(gtx, 0, h, size.X, size.Y-h, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return widget.List(gtx, th, l, n, func(gtx layout.Context, i int) layout.Dimensions {
			box := image.Pt(size.X, rowH)
			gtx.Constraints = layout.Exact(box)
			row(gtx, i)
			theme.Fill(gtx.Ops, image.Rect(0, rowH-gtx.Dp(1), size.X, rowH), 0, edge)
			return layout.Dimensions{Size: box}
		})
	})
	return layout.Dimensions{Size: size}
}

func (s *Screen) row(gtx layout.Context, n, i int, name string, do func(), w func(layout.Context)) layout.Dimensions {
	for len(s.rows[n]) <= i {
		s.rows[n] = append(s.rows[n], widget.Clickable{})
	}
	c, size := &s.rows[n][i], gtx.Constraints.Max
	if c.Clicked(gtx) {
		do()
	}
	d := c.Layout(gtx, semantic.Button, name, func(gtx layout.Context) layout.Dimensions {
		if c.Hovered() {
			theme.Fill(gtx.Ops, image.Rectangle{Max: size}, 0, s.th.Hover)
		}
		gtx.Constraints.Min = image.Point{}
		w(gtx)
		return layout.Dimensions{Size: size}
	})
	if c.Focused() {
		theme.Outline(gtx.Ops, image.Rectangle{Max: size}.Inset(gtx.Dp(3)), gtx.Dp(8), float32(gtx.Dp(2)), s.th.Focus)
	}
	return d
}

func (s *Screen) layoutWatch(gtx layout.Context, b *Board) layout.Dimensions {
	th := s.th
	var tone theme.Tone
	title, badge := outOrOld, ""
	switch {
	case b.Blocked > 0:
		tone, title, badge = th.Danger, "Cannot be made today", dashboard.Count(b.Blocked, "batch")
	case b.Urgent > 0:
		tone, badge = th.Danger, dashboard.Count(b.Urgent, "item")+" urgent"
	}
	return s.floorCard(gtx, tone, tone, title, badge, &s.watch, len(b.Watch), gtx.Dp(64), "Enough of everything, nothing expires soon",
		func(gtx layout.Context, i int) layout.Dimensions {
			w := b.Watch[i]
			if w.Head {
				box := gtx.Constraints.Max
				theme.Fill(gtx.Ops, image.Rectangle{Max: box}, 0, th.Surface2)
				widget.At(gtx, gtx.Dp(18), (box.Y-gtx.Sp(22))/2, box.X-gtx.Dp(36), box.Y, func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.T16, th.T1, w.Name)
				})
				return layout.Dimensions{Size: box}
			}
			return s.row(gtx, 0, i, w.Name, func() { s.open(w) }, func(gtx layout.Context) {
				icon, t := theme.IconTriangleAlert, th.Warn
				if w.Bad {
					icon, t = theme.IconOctagonAlert, th.Danger
				}
				widget.At(gtx, gtx.Dp(18), gtx.Dp(20), gtx.Dp(24), gtx.Dp(24), func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, icon, 24, t.Text) })
				room := gtx.Constraints.Max.X - gtx.Dp(72)
				dashboard.Name(gtx, th, gtx.Dp(56), gtx.Dp(10), room, th.Type.Lead.Semi(), w.Name, w.NameHi)
				widget.At(gtx, gtx.Dp(56), gtx.Dp(34), room, gtx.Sp(20), func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.Field, th.T2, w.Text)
				})
			})
		})
}

func (s *Screen) layoutRecent(gtx layout.Context, b *Board) layout.Dimensions {
	th := s.th
	return s.floorCard(gtx, theme.Tone{}, theme.Tone{}, "Recent documents", "", &s.recent, len(b.Recent), gtx.Dp(58), "Nothing posted yet",
		func(gtx layout.Context, i int) layout.Dimensions {
			r := b.Recent[i]
			return s.row(gtx, 1, i, r.Number, func() { s.env.Shell.Navigate(screen.DocumentRoute(r.Kind, r.ID)) }, func(gtx layout.Context) {
				size, pad := gtx.Constraints.Max, gtx.Dp(18)
				tone, icon := dashboard.KindLook(th, r.Kind)
				widget.At(gtx, pad, gtx.Dp(10), gtx.Dp(38), gtx.Dp(38), func(gtx layout.Context) layout.Dimensions {
					return widget.IconTile(gtx, th, tone, icon, 38, 10, 20)
				})
				y := (size.Y - gtx.Sp(22)) / 2
				style := th.Type.Lead.Semi()
				ink := th.T1
				if r.Void {
					ink = th.T3
				}
				x := pad + gtx.Dp(54)
				numW := widget.TextWidth(gtx, th, style, r.Number)
				widget.At(gtx, x, y, min(numW, size.X-x-pad), gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, style, ink, r.Number)
				})
				x += max(numW, gtx.Dp(154)) + gtx.Dp(14)
				// From the right as far as there is room beside the number: time, state,
				// quantity.
				right := size.X - pad
				end := func(c color.NRGBA, text string, width int) {
					if right-width < x {
						return
					}
					widget.At(gtx, right-width, y, width, gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
						return widget.TextEnd(gtx, th, th.Type.Lead.Medium(), c, text)
					})
					right -= width + gtx.Dp(14)
				}
				end(th.T3, r.At, gtx.Dp(54))
				word, t := "Posted", th.OK
				if r.Void {
					word, t = "Reversed", th.Neutral
				}
				if pillW := widget.TextWidth(gtx, th, th.Type.Label.Semi(), word) + gtx.Dp(28); right-gtx.Dp(92) >= x {
					widget.At(gtx, right-pillW, (size.Y-gtx.Dp(22))/2, pillW, gtx.Dp(22), func(gtx layout.Context) layout.Dimensions {
						return widget.Pill(gtx, th, t, word)
					})
					right -= gtx.Dp(92)
				}
				end(th.T1, r.Qty, gtx.Dp(112))
				if right-x > gtx.Dp(60) {
					widget.At(gtx, x, y, right-x, gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
						return widget.Text(gtx, th, th.Type.Lead.Medium(), th.T2, r.Text)
					})
				}
			})
		})
}
