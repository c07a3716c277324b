package health

import (
	"image"
	"strings"
	"time"

	"gioui.org/io/key"
	"gioui.org/layout"
	gioop "gioui.org/op"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core/health"
	"masala/core/op"
	"masala/core/system"
	"masala/ui/screen"
	"masala/ui/screen/dashboard"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
	"masala/ui/widget/table"
)

// Entries make the page known.
func Entries() []screen.Entry {
	return []screen.Entry{{ID: screen.Health, Module: screen.System, Label: "Health", Icon: theme.IconActivity,
		Needs: system.GetHealth.Meta, New: func(env *screen.Env, r screen.Route) screen.Screen { return New(env) }}}
}

// Screen draws the page.
type Screen struct {
	screen.Base
	*Model
	env   *screen.Env
	th    *theme.Theme
	log   *table.Table
	least widget.Segment
	files input.Combobox
	file  fileField
	books widget.Button
	older widget.Button
	copy  widget.Button
	retry widget.Button
	page  giowidget.List
	lists [3]giowidget.List // warnings, checks, clients
}

// New makes the page.
func New(env *screen.Env) *Screen {
	s := &Screen{Model: NewModel(env), env: env, th: env.Theme}
	s.log = table.New("Log",
		table.Column{Title: "Time", Width: 144, Quiet: true},
		table.Column{Title: "Level", Kind: table.Pill, Width: 104},
		table.Column{Title: "What", Min: 220, Strong: true, Flex: 1},
		table.Column{Title: "Details", Min: 200, Quiet: true, Flex: 2, Drop: 1})
	s.log.RowHeight, s.log.Inset = theme.RowDense, true
	s.page.Axis = layout.Vertical
	for i := range s.lists {
		s.lists[i].Axis = layout.Vertical
	}
	s.files.Search = s.searchFiles
	return s
}

// Crumbs names the page.
func (s *Screen) Crumbs() []string { return []string{"System", "Health"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return []op.Topic{system.TopicServer} }

// Reload reads the page again.
func (s *Screen) Reload() { s.Model.Reload() }

// Open shows the same page.
func (s *Screen) Open(screen.Route) bool { return true }

// Focus gives the keyboard to the log.
func (s *Screen) Focus(layout.Context) { s.log.Focus() }

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action {
	check := screen.Action{Name: "Check the books now", Icon: theme.IconShieldCheck, Key: screen.Shortcut{Mods: key.ModCtrl | key.ModShift, Name: "B"}, Do: s.CheckBooks}
	if s.Checking() {
		check.Reason = "The books are being checked."
	}
	older := screen.Action{Name: "Older lines of the log", Icon: theme.IconHistory, Do: s.Older}
	if !s.MayOlder() {
		older.Reason = "The log begins here."
	}
	return []screen.Action{check, older}
}

var levels = []system.Level{"", system.LevelWarn, system.LevelError}

func (s *Screen) update(gtx layout.Context) {
	if s.retry.Clicked(gtx) {
		s.Reload()
	}
	if s.books.Clicked(gtx) {
		s.CheckBooks()
	}
	if s.older.Clicked(gtx) {
		s.Older()
	}
	if s.least.Changed(gtx) {
		s.Only(levels[s.least.Value])
	}
	s.updateFile(gtx)
	for s.Loaded && len(s.Lines) > 0 { // what is not laid out cannot take the keyboard
		if _, ok := s.log.Update(gtx, s); !ok {
			break
		}
	}
	if now := s.env.Clock.Now(); s.Due(now) && s.env.Shell.Online() {
		s.Reload()
	}
	gtx.Execute(gioop.InvalidateCmd{At: gtx.Now.Add(Every)})
}

const narrow unit.Dp = 900

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	s.update(gtx)
	padX, padY, gap := gtx.Dp(theme.PagePadX), gtx.Dp(theme.PagePadY), gtx.Dp(theme.CardGap)
	width := min(size.X-2*padX, gtx.Dp(1680))
	if !s.Loaded {
		widget.At(gtx, padX, padY, width, size.Y-2*padY, func(gtx layout.Context) layout.Dimensions {
			if s.Fault != "" {
				gtx.Constraints.Min = gtx.Constraints.Max
				return panel.Failed(gtx, s.th, s.Fault, &s.retry)
			}
			return widget.Skeleton(gtx, s.th, .3, 1, 1, .8, 1)
		})
		return layout.Dimensions{Size: size}
	}
	gtx.Constraints.Min = size
	return widget.List(gtx, s.th, &s.page, 1, func(gtx layout.Context, _ int) layout.Dimensions {
		y := padY
		put := func(h int, w layout.Widget) {
			widget.At(gtx, padX, y, width, h, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints = layout.Exact(image.Pt(width, h))
				return w(gtx)
			})
			y += h + gap
		}
		put(gtx.Dp(64), s.verdict)
		columns := 4
		if size.X < gtx.Dp(narrow) {
			columns = 2
		}
		put(4/columns*gtx.Dp(98)+(4/columns-1)*gap, func(gtx layout.Context) layout.Dimensions { return s.figures(gtx, columns) })
		if columns == 4 {
			put(gtx.Dp(236), func(gtx layout.Context) layout.Dimensions {
				return beside(gtx, gap, []float32{.34, .36, .3}, s.warnings, s.checks, s.clients)
			})
		} else {
			put(gtx.Dp(180), s.warnings)
			put(gtx.Dp(220), s.checks)
			put(gtx.Dp(180), s.clients)
		}
		put(max(size.Y-y-padY, gtx.Dp(320)), s.logCard)
		return layout.Dimensions{Size: image.Pt(size.X, y-gap+padY)}
	})
}

// beside lays out parts of the width side by side, equally high.
func beside(gtx layout.Context, gap int, parts []float32, cards ...layout.Widget) layout.Dimensions {
	size, x := gtx.Constraints.Max, 0
	for i, card := range cards {
		w := int(float32(size.X-gap*(len(cards)-1)) * parts[i])
		if i == len(cards)-1 {
			w = size.X - x
		}
		widget.At(gtx, x, 0, w, size.Y, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints = layout.Exact(image.Pt(w, size.Y))
			return card(gtx)
		})
		x += w + gap
	}
	return layout.Dimensions{Size: size}
}

func (s *Screen) tone(v health.Severity) (theme.Tone, theme.Icon) {
	switch {
	case v >= health.Error:
		return s.th.Danger, theme.IconOctagonAlert
	case v == health.Warn:
		return s.th.Warn, theme.IconTriangleAlert
	}
	return s.th.Info, theme.IconInfo
}

// verdict says in one line how the server is.
func (s *Screen) verdict(gtx layout.Context) layout.Dimensions {
	th, size := s.th, gtx.Constraints.Max
	text, worst := s.Verdict()
	tone, icon := s.tone(worst)
	if worst == health.Info {
		tone, icon = th.OK, theme.IconShieldCheck
	}
	th.PaintCard(gtx, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard))
	widget.At(gtx, gtx.Dp(14), gtx.Dp(12), gtx.Dp(40), gtx.Dp(40), func(gtx layout.Context) layout.Dimensions {
		return widget.IconTile(gtx, th, tone, icon, 40, 10, 22)
	})
	x := gtx.Dp(14 + 40 + 14)
	room := size.X - x - gtx.Dp(240)
	widget.At(gtx, x, gtx.Dp(11), room, gtx.Sp(24), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.T16, th.T1, text)
	})
	note := s.Health.Server.Name + ", version " + s.Health.Server.Version
	if !s.env.Shell.Online() {
		note += ", as of " + s.Read.In(s.env.Zone).Format("15:04:05")
	}
	widget.At(gtx, x, gtx.Dp(35), room, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Body, th.T2, note)
	})
	gtx.Constraints = layout.Exact(image.Pt(size.X-gtx.Dp(14), size.Y))
	layout.E.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return s.books.Layout(gtx, th, widget.ButtonLook{Text: "Check the books now", Icon: theme.IconShieldCheck, Key: "Ctrl Shift B", Busy: s.Checking(), BusyText: "Checking the books"})
	})
	return layout.Dimensions{Size: size}
}

func (s *Screen) figures(gtx layout.Context, columns int) layout.Dimensions {
	gap := gtx.Dp(theme.CardGap)
	width := gtx.Constraints.Max.X
	col, h := (width-gap*(columns-1))/columns, gtx.Dp(98)
	for i, f := range s.Figures() {
		k := widget.KPI{Label: f.Label, Value: f.Value, Note: f.Note}
		widget.At(gtx, i%columns*(col+gap), i/columns*(h+gap), col, h, func(gtx layout.Context) layout.Dimensions { return k.Layout(gtx, s.th) })
	}
	return layout.Dimensions{Size: gtx.Constraints.Max}
}

// list draws a card with rows, or one sentence when there are none.
func (s *Screen) list(gtx layout.Context, n int, icon theme.Icon, head, empty string, rows int, row layout.ListElement) layout.Dimensions {
	th, size := s.th, gtx.Constraints.Max
	return widget.CardClipped(gtx, th, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		widget.CardHead(gtx, th, theme.Tone{Text: th.T2}, icon, head, nil)
		top := gtx.Dp(46)
		if rows == 0 {
			widget.At(gtx, 0, top+max((size.Y-top-gtx.Dp(90))/2, 0), size.X, gtx.Dp(110), func(gtx layout.Context) layout.Dimensions {
				return widget.Empty(gtx, th, theme.IconCircleCheck, empty, "")
			})
			return layout.Dimensions{Size: size}
		}
		widget.At(gtx, 0, top, size.X, size.Y-top, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = gtx.Constraints.Max
			return widget.List(gtx, th, &s.lists[n], rows, row)
		})
		return layout.Dimensions{Size: size}
	})
}

func (s *Screen) warnings(gtx layout.Context) layout.Dimensions {
	list := s.Health.Warnings
	return s.list(gtx, 0, theme.IconTriangleAlert, "Needs care", "Nothing needs care", len(list), func(gtx layout.Context, i int) layout.Dimensions {
		w := list[i]
		tone, icon := s.tone(w.Severity)
		note := ""
		if w.Stops {
			note = "Nothing can be posted while this stands."
		}
		return s.row(gtx, tone, icon, unsigned(w.Text), note, "")
	})
}

func (s *Screen) checks(gtx layout.Context) layout.Dimensions {
	list := s.Checks()
	return s.list(gtx, 1, theme.IconClipboardCheck, "Last checks", "Nothing was checked yet", len(list), func(gtx layout.Context, i int) layout.Dimensions {
		c := list[i]
		tone, icon := s.th.OK, theme.IconCircleCheck
		switch {
		case c.Busy:
			tone, icon = s.th.Info, theme.IconLoaderCircle
		case !c.OK:
			tone, icon = s.th.Warn, theme.IconTriangleAlert
		}
		d := s.row(gtx, tone, icon, c.Name, c.Says, s.ago(c.At))
		if len(c.Fix) == 0 {
			return d
		}
		return s.fix(gtx, d.Size.Y, c.Fix)
	})
}

// fix draws the commands that mend what a check found, below its row.
func (s *Screen) fix(gtx layout.Context, y int, lines []string) layout.Dimensions {
	th, pad := s.th, gtx.Dp(16)
	x, width := pad+gtx.Dp(28), gtx.Constraints.Max.X
	if s.copy.Clicked(gtx) {
		screen.Copy(gtx, strings.Join(lines, "\n"))
		s.env.Shell.Toast(screen.Toast{Text: "Copied. Run it as administrator on the server PC."})
	}
	d := widget.At(gtx, x, y+gtx.Dp(6), width-x-pad, 1<<16, func(gtx layout.Context) layout.Dimensions {
		return widget.Column(gtx, 4, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Label.Mono(), th.T1, strings.Join(lines, "\n"))
		}), layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			return s.copy.Layout(gtx, th, widget.ButtonLook{Text: "Copy the commands", Icon: theme.IconCopy, Height: theme.ButtonSmall})
		}))
	})
	y += gtx.Dp(6) + d.Size.Y + gtx.Dp(9)
	theme.Fill(gtx.Ops, image.Rect(0, y-gtx.Dp(1), width, y), 0, th.Border)
	return layout.Dimensions{Size: image.Pt(width, y)}
}

func (s *Screen) clients(gtx layout.Context) layout.Dimensions {
	list := s.Clients()
	return s.list(gtx, 2, theme.IconMonitorSmartphone, "Connected now", "Nobody is connected", len(list), func(gtx layout.Context, i int) layout.Dimensions {
		c := list[i]
		note := c.Address
		if c.Local {
			note = "the server's own window"
		}
		return s.row(gtx, s.th.OK, theme.IconWifi, c.Name, note, dashboard.When(c.Since, s.env.Today(), s.env.Zone))
	})
}

// ago is how long ago something was, by the server's clock.
func (s *Screen) ago(t time.Time) string {
	d := s.Health.Now.Sub(t)
	if d < 0 {
		d = 0
	}
	if d >= 24*time.Hour {
		return dashboard.When(t, s.env.Today(), s.env.Zone)
	}
	return Lasting(d.Round(time.Second)) + " ago"
}

// row draws icon, title, a note below it and a word at the right.
func (s *Screen) row(gtx layout.Context, tone theme.Tone, icon theme.Icon, title, note, right string) layout.Dimensions {
	th, pad := s.th, gtx.Dp(16)
	width := gtx.Constraints.Max.X
	x := pad + gtx.Dp(28)
	w := widget.TextWidth(gtx, th, th.Type.Label, right)
	y := gtx.Dp(9)
	widget.At(gtx, pad, y+gtx.Dp(1), gtx.Dp(17), gtx.Dp(17), func(gtx layout.Context) layout.Dimensions { return th.IconStroke(gtx, icon, 17, 2, tone.Text) })
	d := widget.At(gtx, x, y, width-x-pad-w-gtx.Dp(8), 1<<16, func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, th.Type.Body.Semi(), th.T1, title)
	})
	widget.At(gtx, width-pad-w, y+gtx.Dp(1), w, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Label, th.T3, right) })
	y += d.Size.Y
	if note != "" {
		d = widget.At(gtx, x, y+gtx.Dp(1), width-x-pad, 1<<16, func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Label, th.T3, note)
		})
		y += gtx.Dp(1) + d.Size.Y
	}
	y += gtx.Dp(9)
	theme.Fill(gtx.Ops, image.Rect(0, y-gtx.Dp(1), width, y), 0, th.Border)
	return layout.Dimensions{Size: image.Pt(width, y)}
}
