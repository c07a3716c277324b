package dashboard

import (
	"image"

	"gioui.org/layout"
	gioop "gioui.org/op"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core/catalog"
	"masala/core/op"
	"masala/core/report"
	"masala/ui/async"
	"masala/ui/screen"
	"masala/ui/screen/resume"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Screen draws the dashboard.
type Screen struct {
	screen.Base
	*Model
	th      *theme.Theme
	card    resume.Card
	buttons map[screen.ID]*widget.Button
	retry   widget.Button
	page    giowidget.List
	tab     widget.Segment
	lists   [3]rowList
	more    [3]widget.Clickable
}

// rowList is one of the cards below: its scroll place and its rows.
type rowList struct {
	list giowidget.List
	rows []widget.Clickable
}

func (l *rowList) row(i int) *widget.Clickable {
	for len(l.rows) <= i {
		l.rows = append(l.rows, widget.Clickable{})
	}
	return &l.rows[i]
}

// Entry makes the home screen known. Operators get the hub under the same route.
func Entry() screen.Entry {
	return screen.Entry{ID: screen.DashboardHome, Module: screen.Dashboard, Label: "Dashboard", Short: "Home", Icon: theme.IconLayoutDashboard,
		Needs: report.Dashboard.Meta, Rail: true, New: func(env *screen.Env, _ screen.Route) screen.Screen { return New(env) }}
}

// New makes the screen.
func New(env *screen.Env) *Screen {
	s := &Screen{Model: NewModel(env), th: env.Theme, buttons: map[screen.ID]*widget.Button{}}
	s.card.Model = s.Resume
	s.page.Axis = layout.Vertical
	for i := range s.lists {
		s.lists[i].list.Axis = layout.Vertical
	}
	return s
}

// Crumbs names the page.
func (s *Screen) Crumbs() []string { return []string{"Command Center"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return Topics() }

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action { return s.Resume.Actions() }

// Reload looks for drafts; the figures follow the revisions by themselves.
func (s *Screen) Reload() { s.Resume.Read() }

// narrow is the width of the page below which cards stand two by two.
const narrow = unit.Dp(1000)

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	if s.retry.Clicked(gtx) {
		s.Retry()
	}
	board, st := s.Read()
	padX, padY := gtx.Dp(theme.PagePadX), gtx.Dp(theme.PagePadY)
	width := min(size.X-2*padX, gtx.Dp(1680))
	if !st.Have {
		widget.At(gtx, padX, padY, width, size.Y, func(gtx layout.Context) layout.Dimensions { return s.waiting(gtx, st) })
		return layout.Dimensions{Size: size}
	}
	return widget.List(gtx, s.th, &s.page, 1, func(gtx layout.Context, _ int) layout.Dimensions {
		y := padY
		put := func(h int, w layout.Widget) {
			d := widget.At(gtx, padX, y, width, h, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min.X = width
				return w(gtx)
			})
			if d.Size.Y > 0 {
				y += d.Size.Y + gtx.Dp(14)
			}
		}
		put(gtx.Dp(92), func(gtx layout.Context) layout.Dimensions { return s.card.Layout(gtx, s.th) })
		put(gtx.Dp(60), func(gtx layout.Context) layout.Dimensions { return s.top(gtx, board, st) })
		put(gtx.Dp(132), func(gtx layout.Context) layout.Dimensions { return s.pipeline(gtx, board) })
		put(gtx.Dp(300), func(gtx layout.Context) layout.Dimensions { return s.figures(gtx, board) })
		rest := max(size.Y-y-padY, gtx.Dp(380))
		put(rest, func(gtx layout.Context) layout.Dimensions { return s.lower(gtx, board, rest) })
		return layout.Dimensions{Size: image.Pt(size.X, y-gtx.Dp(14)+padY)}
	})
}

// waiting draws what stands while nothing has been read yet.
func (s *Screen) waiting(gtx layout.Context, st async.State) layout.Dimensions {
	switch {
	case st.Err != nil && !st.Loading:
		return widget.Column(gtx, 16,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Inset{Top: 120}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
					return widget.Empty(gtx, s.th, theme.IconCircleAlert, screen.Sentence(st.Err), "")
				})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints.Min = image.Point{}
					return s.retry.Layout(gtx, s.th, widget.ButtonLook{Text: "Retry", Icon: theme.IconRotateCw})
				})
			}))
	case st.Slow(gtx.Now, skeletonAfter):
		return widget.Skeleton(gtx, s.th, .3, .5, 1, 1, 1, .8, 1, 1, .9)
	case st.Loading:
		gtx.Execute(gioInvalidate(st.Since.Add(skeletonAfter)))
	}
	return layout.Dimensions{Size: gtx.Constraints.Max}
}

// top is the day, the total, and what can be started.
func (s *Screen) top(gtx layout.Context, b *Board, st async.State) layout.Dimensions {
	th, width := s.th, gtx.Constraints.Max.X
	day := b.Day
	ink := th.T1
	if st.Stale && !s.env.Shell.Online() {
		day += ", as of " + st.At.In(s.env.Zone).Format("15:04")
		ink = th.T3
	}
	x := width
	entries := s.env.Shell.Menu()
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.Tile == nil {
			continue
		}
		if s.buttons[e.ID] == nil {
			s.buttons[e.ID] = new(widget.Button)
		}
		if s.buttons[e.ID].Clicked(gtx) {
			r := e.Start
			r.ID = e.ID
			s.env.Shell.Navigate(r)
		}
		in := gtx
		in.Constraints = layout.Constraints{Max: gtx.Constraints.Max}
		m := gioop.Record(gtx.Ops)
		kind := widget.Secondary
		if e.Tile.Stage == screen.StageRaw {
			kind = widget.Primary
		}
		d := s.buttons[e.ID].Layout(in, th, widget.ButtonLook{Kind: kind, Text: e.Tile.Title, Icon: e.Icon, Key: e.Key.String()})
		call := m.Stop()
		x -= d.Size.X
		st := gioop.Offset(image.Pt(x, gtx.Dp(20))).Push(gtx.Ops)
		call.Add(gtx.Ops)
		st.Pop()
		x -= gtx.Dp(8)
	}
	date := widget.At(gtx, 0, 0, x, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Body, th.T3, day) })
	d := widget.At(gtx, 0, gtx.Dp(20), x, gtx.Sp(34), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.T28, ink, b.Total) })
	s.beside(gtx, b, d.Size.X+gtx.Dp(12), x, date.Size.X)
	return layout.Dimensions{Size: image.Pt(width, gtx.Dp(56))}
}

// beside says what the total is, how it moved, and below that what is in the mill. Where
// the movement has no room before end, it stands beside the date.
func (s *Screen) beside(gtx layout.Context, b *Board, at, end, date int) {
	th, y := s.th, gtx.Dp(31)
	if b.Mill != "" {
		widget.At(gtx, at, gtx.Dp(39), end-at, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label, th.T2, b.Mill)
		})
		y = gtx.Dp(20)
	}
	d := widget.At(gtx, at, y, end-at, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Body, th.T2, "total stock value")
	})
	at += d.Size.X + gtx.Dp(14)
	style := th.Type.Body.Semi()
	if b.Change == "" {
		return
	}
	if at+gtx.Dp(21)+widget.TextWidth(gtx, th, style, b.Change) > end {
		at, y, end = date+gtx.Dp(14), 0, gtx.Constraints.Max.X
	}
	icon, tone := direction(th, Trend{Direction: b.Direction})
	widget.At(gtx, at, y+gtx.Dp(1), gtx.Dp(16), gtx.Dp(16), func(gtx layout.Context) layout.Dimensions {
		return th.IconStroke(gtx, icon, 16, 2, tone.Text)
	})
	widget.At(gtx, at+gtx.Dp(21), y, end-at-gtx.Dp(21), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, style, tone.Text, b.Change)
	})
}

// StageTone is the colour of a stage.
func StageTone(th *theme.Theme, t catalog.Type) (theme.Tone, theme.Icon) {
	switch t {
	case catalog.Bulk:
		return th.Bulk, theme.IconFlaskConical
	case catalog.Packing:
		return th.Packing, theme.IconBox
	case catalog.Finished:
		return th.Finished, theme.IconPackageCheck
	}
	return th.Raw, theme.IconWheat
}

// flow is the order in which material becomes goods; packing material joins at the
// end.
var flow = []catalog.Type{catalog.Raw, catalog.Bulk, catalog.Finished, catalog.Packing}

func (b *Board) stage(t catalog.Type) (Stage, bool) {
	for _, s := range b.Stages {
		if s.Type == t {
			return s, true
		}
	}
	return Stage{}, false
}

// pipeline draws the four stages on one card, with arrows for what becomes what.
func (s *Screen) pipeline(gtx layout.Context, b *Board) layout.Dimensions {
	th := s.th
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(132))
	th.PaintCard(gtx, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard))
	pad, gap := gtx.Dp(18), gtx.Dp(84)
	if size.X < gtx.Dp(narrow) {
		gap = gtx.Dp(44)
	}
	col := (size.X - 2*pad - 3*gap) / 4
	x := pad
	for i, t := range flow {
		st, ok := b.stage(t)
		if ok {
			widget.At(gtx, x, gtx.Dp(14), col, size.Y-gtx.Dp(28), func(gtx layout.Context) layout.Dimensions { return s.stage(gtx, st) })
		}
		switch {
		case i < 2:
			s.arrow(gtx, x+col, gtx.Dp(66), gap, [...]string{"grind", "pack"}[i], [...]string{b.Ground, b.Packed}[i])
		case i == 2:
			theme.Fill(gtx.Ops, image.Rect(x+col+gap/2, gtx.Dp(16), x+col+gap/2+gtx.Dp(1), size.Y-gtx.Dp(16)), 0, th.Border)
		}
		x += col + gap
	}
	return layout.Dimensions{Size: size}
}

func (s *Screen) arrow(gtx layout.Context, x, y, width int, word, yield string) {
	th := s.th
	from, to := x+gtx.Dp(14), x+width-gtx.Dp(14)
	for at := from; at < to-gtx.Dp(4); at += gtx.Dp(5) {
		theme.Fill(gtx.Ops, image.Rect(at, y, at+gtx.Dp(2), y+gtx.Dp(2)), 0, th.TDis)
	}
	widget.At(gtx, to-gtx.Dp(10), y-gtx.Dp(6), gtx.Dp(14), gtx.Dp(14), func(gtx layout.Context) layout.Dimensions {
		return th.Icon(gtx, theme.IconChevronRight, 14, th.T3)
	})
	widget.At(gtx, x, y-gtx.Dp(24), width, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.TextCenter(gtx, th, th.Type.Tiny.Semi(), th.T2, word)
	})
	if width < gtx.Dp(60) {
		return // it would touch the figures beside it
	}
	widget.At(gtx, x, y+gtx.Dp(10), width, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.TextCenter(gtx, th, th.Type.Tiny, th.T3, yield)
	})
}

func (s *Screen) stage(gtx layout.Context, st Stage) layout.Dimensions {
	th, width := s.th, gtx.Constraints.Max.X
	tone, icon := StageTone(th, st.Type)
	widget.At(gtx, 0, 0, gtx.Dp(28), gtx.Dp(28), func(gtx layout.Context) layout.Dimensions { return widget.IconTile(gtx, th, tone, icon, 28, 8, 17) })
	d := widget.At(gtx, gtx.Dp(36), gtx.Dp(4), width-gtx.Dp(36), gtx.Sp(20), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Card, th.T1, st.Name)
	})
	left := gtx.Dp(36) + d.Size.X + gtx.Dp(8)
	right := width
	if st.Hold != "" {
		if w := widget.TextWidth(gtx, th, th.Type.Label.Semi(), st.Hold); width-left-w > widget.TextWidth(gtx, th, th.Type.Label, st.Lots)+gtx.Dp(8) {
			widget.At(gtx, left, gtx.Dp(6), width-left, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
				return widget.TextEnd(gtx, th, th.Type.Label.Semi(), th.Hold.Text, st.Hold)
			})
			right -= w + gtx.Dp(8)
		}
	}
	widget.At(gtx, left, gtx.Dp(6), right-left, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.TextEnd(gtx, th, th.Type.Label, th.T3, st.Lots)
	})
	widget.At(gtx, 0, gtx.Dp(36), width, gtx.Sp(28), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.KPI, th.T1, st.Value) })
	d = widget.At(gtx, 0, gtx.Dp(66), width, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label, th.T2, st.Qty)
	})
	style := th.Type.Label.Semi()
	if w := widget.TextWidth(gtx, th, style, st.Trend.Text) + gtx.Dp(19); st.Trend.Text != "" && width-d.Size.X > w+gtx.Dp(8) {
		icon, tone := direction(th, st.Trend)
		if st.Type == catalog.Packing {
			tone = th.Neutral // more boxes are neither good nor bad
		}
		widget.At(gtx, width-w, gtx.Dp(66), w, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions { return th.IconStroke(gtx, icon, 15, 2, tone.Text) })
		widget.At(gtx, width-w, gtx.Dp(66), w, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.TextEnd(gtx, th, style, tone.Text, st.Trend.Text)
		})
	}
	widget.At(gtx, 0, gtx.Dp(92), width, gtx.Dp(6), func(gtx layout.Context) layout.Dimensions {
		return widget.PartBar(gtx, th, st.Parts, tone.Fill, st.Name+": share of the most valuable items")
	})
	return layout.Dimensions{Size: gtx.Constraints.Max}
}

// direction is how a trend that moved looks.
func direction(th *theme.Theme, t Trend) (theme.Icon, theme.Tone) {
	if t.Direction < 0 {
		return theme.IconTrendingDown, th.Danger
	}
	return theme.IconTrendingUp, th.OK
}

func (s *Screen) figures(gtx layout.Context, b *Board) layout.Dimensions {
	th, width := s.th, gtx.Constraints.Max.X
	columns := len(b.Figures)
	if width < gtx.Dp(narrow) {
		columns = 2
	}
	gap := gtx.Dp(theme.CardGap)
	col := (width - gap*(columns-1)) / columns
	h := gtx.Dp(98)
	for i, f := range b.Figures {
		tone := [...]theme.Tone{th.Raw, th.Bulk, th.Finished, th.Warn}[f.Kind]
		k := widget.KPI{Label: f.Label, Value: f.Value, Note: f.Note, Trend: f.Trend.Text, Line: f.Line, Color: tone.Fill, Spoken: f.Spoken}
		if f.Trend.Direction != 0 {
			k.Icon, k.Good = direction(th, f.Trend)
		}
		widget.At(gtx, i%columns*(col+gap), i/columns*(h+gap), col, h, func(gtx layout.Context) layout.Dimensions { return k.Layout(gtx, th) })
	}
	lines := (len(b.Figures) + columns - 1) / columns
	return layout.Dimensions{Size: image.Pt(width, lines*h+(lines-1)*gap)}
}

// lower draws the three lists beside each other, or as tabs where it is narrow. What was
// lost comes first; where nothing was ground, what expires.
func (s *Screen) lower(gtx layout.Context, b *Board, h int) layout.Dimensions {
	th, width := s.th, gtx.Constraints.Max.X
	first, name := s.wastage, "Wastage"
	if b.Batches == "" {
		first, name = s.expiring, "Expiring"
	}
	cards := []func(layout.Context) layout.Dimensions{
		func(gtx layout.Context) layout.Dimensions { return first(gtx, b) },
		func(gtx layout.Context) layout.Dimensions { return s.reorder(gtx, b) },
		func(gtx layout.Context) layout.Dimensions { return s.activity(gtx, b) },
	}
	gap := gtx.Dp(theme.CardGap)
	if width < gtx.Dp(narrow) {
		d := widget.At(gtx, 0, 0, width, gtx.Dp(40), func(gtx layout.Context) layout.Dimensions {
			return s.tab.Layout(gtx, th, name, "Re-order", "Activity")
		})
		y := d.Size.Y + gtx.Dp(10)
		exactly(gtx, image.Rect(0, y, width, h), cards[s.tab.Value])
		return layout.Dimensions{Size: image.Pt(width, h)}
	}
	x := 0
	for i, part := range []float32{.31, .38, .31} {
		w := int(float32(width-2*gap) * part)
		if i == 2 {
			w = width - x
		}
		exactly(gtx, image.Rect(x, 0, x+w, h), cards[i])
		x += w + gap
	}
	return layout.Dimensions{Size: image.Pt(width, h)}
}

func exactly(gtx layout.Context, r image.Rectangle, w layout.Widget) {
	widget.At(gtx, r.Min.X, r.Min.Y, r.Dx(), r.Dy(), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints = layout.Exact(r.Size())
		return w(gtx)
	})
}
