package license

import (
	"image"
	"image/color"
	"slices"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core/licence"
	"masala/core/op"
	"masala/core/system"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Screen draws the license page.
type Screen struct {
	screen.Base
	*Model
	th      *theme.Theme
	page    giowidget.List
	load    widget.Button
	copy    widget.Button
	confirm widget.Button
	retry   widget.Button
	copying bool
}

// Entries makes the screen known.
func Entries() []screen.Entry {
	return []screen.Entry{{ID: screen.SystemLicense, Module: screen.System, Label: "License", Icon: theme.IconKeyRound,
		Needs: licence.Install.Meta, Resumes: []string{licence.Install.Name}, New: func(env *screen.Env, r screen.Route) screen.Screen {
			s := New(env)
			s.Open(r)
			return s
		}}}
}

// New makes the screen.
func New(env *screen.Env) *Screen {
	s := &Screen{Model: NewModel(env), th: env.Theme}
	s.page.Axis = layout.Vertical
	return s
}

// Crumbs names the page.
func (s *Screen) Crumbs() []string { return []string{"System", "License"} }

// Reload reads the status.
func (s *Screen) Reload() { s.Model.Reload() }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic {
	return []op.Topic{licence.TopicLicence, system.TopicServer, system.TopicSettings}
}

// Open shows the same page.
func (s *Screen) Open(r screen.Route) bool {
	if r.Draft != "" {
		s.Begin()
		l := &loader{s: s}
		s.Offer.Find(r.Draft, l.resume)
		s.env.Shell.Show(l)
	}
	return true
}

// Focus gives the keyboard to the way out.
func (s *Screen) Focus(layout.Context) { s.load.Focus() }

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action {
	list := []screen.Action{
		{Name: "Load license.key", Icon: theme.IconKeyRound, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "L"}, Do: s.open},
		{Name: "Copy Hardware ID", Icon: theme.IconCopy, Key: screen.Shortcut{Mods: key.ModCtrl | key.ModShift, Name: "C"}, Do: func() { s.copying = true }},
	}
	if s.Doubtful() {
		list = append(list, screen.Action{Name: "Confirm the date", Icon: theme.IconCalendar, Do: s.AskConfirm})
	}
	return list
}

func (s *Screen) open() {
	s.Begin()
	s.env.Shell.Show(&loader{s: s})
}

func (s *Screen) update(gtx layout.Context) {
	if s.load.Clicked(gtx) {
		s.open()
	}
	if s.copy.Clicked(gtx) || s.copying {
		s.copying = false
		screen.Copy(gtx, s.Status.Hardware)
		s.env.Shell.Toast(screen.Toast{Text: "Hardware ID copied"})
	}
	if s.confirm.Clicked(gtx) {
		s.AskConfirm()
	}
	if s.retry.Clicked(gtx) {
		s.Reload()
	}
}

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	s.update(gtx)
	size := gtx.Constraints.Max
	padX, padY := gtx.Dp(theme.PagePadX), gtx.Dp(theme.PagePadY)
	if !s.Loaded {
		if s.Fault != "" {
			widget.At(gtx, padX, padY, size.X-2*padX, size.Y-2*padY, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min = gtx.Constraints.Max
				return panel.Failed(gtx, s.th, s.Fault, &s.retry)
			})
		}
		return layout.Dimensions{Size: size}
	}
	rows := []layout.Widget{}
	if s.Doubtful() {
		rows = append(rows, s.layoutDoubt)
	}
	if s.Status.Problem != "" {
		rows = append(rows, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, s.th, s.th.Warn, theme.IconTriangleAlert, "license.key in the folder is not used. "+s.Status.Problem, nil)
		})
	}
	rows = append(rows, s.layoutHead)
	if !s.Status.Unlimited {
		rows = append(rows, s.layoutCards)
	}
	gtx.Constraints.Min = size
	return widget.List(gtx, s.th, &s.page, len(rows), func(gtx layout.Context, i int) layout.Dimensions {
		in := layout.Inset{Top: theme.S12, Left: theme.PagePadX, Right: theme.PagePadX}
		if i == 0 {
			in.Top = theme.PagePadY
		}
		return in.Layout(gtx, rows[i])
	})
}

func (s *Screen) layoutDoubt(gtx layout.Context) layout.Dimensions {
	return panel.Strip(gtx, s.th, s.th.Danger, theme.IconClockAlert, s.DoubtText(), func(gtx layout.Context) layout.Dimensions {
		return s.confirm.Layout(gtx, s.th, widget.ButtonLook{Text: "Confirm the date", Height: theme.ButtonSmall})
	})
}

// look is how the state is shown.
func (s *Screen) look() (theme.Tone, theme.Icon) {
	st := s.Status
	switch {
	case st.Reason == licence.Hardware:
		return s.th.Danger, theme.IconCpu
	case st.Reason == licence.Clock, st.Reason == licence.Leap:
		return s.th.Warn, theme.IconClockAlert
	case st.Mode != licence.Active:
		return s.th.Danger, theme.IconLock
	case st.Trial:
		return s.th.Info, theme.IconKeyRound
	case st.Left <= licence.BannerDays && !st.Unlimited:
		return s.th.Warn, theme.IconKeyRound
	}
	return s.th.OK, theme.IconShieldCheck
}

func (s *Screen) layoutHead(gtx layout.Context) layout.Dimensions {
	th := s.th
	tone, icon := s.look()
	title, text := s.Headline()
	return widget.CardFlush(gtx, th, func(gtx layout.Context) layout.Dimensions {
		return layout.Inset{Left: 22, Right: 22, Top: 20, Bottom: 20}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			rows := []layout.FlexChild{layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				row := []layout.FlexChild{
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.IconTile(gtx, th, tone, icon, 56, 14, 26) }),
					layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
						return widget.Column(gtx, 2,
							layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.KPI, th.T1, title) }),
							layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.Field, th.T2, text) }))
					})}
				if !s.Status.Unlimited {
					row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
						return s.load.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Load license.key", Icon: theme.IconKeyRound, Key: "Ctrl L", Height: theme.ButtonLarge})
					}))
				}
				return widget.Row(gtx, 16, row...)
			})}
			if !s.Status.Unlimited && s.Status.Reason != licence.Hardware && s.Status.Reason != licence.Clock {
				rows = append(rows, widget.Space(12), layout.Rigid(s.layoutLine))
			}
			return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
		})
	})
}

// layoutLine draws the phases side by side with today's place in them.
func (s *Screen) layoutLine(gtx layout.Context) layout.Dimensions {
	th, list := s.th, s.Phases()
	width, gap := gtx.Constraints.Max.X, gtx.Dp(4)
	parts := map[string]float32{"Full use": .46, "Trial": .56, "Reminder": .2, "Read-only": .2, "Locked": .14}
	fill := map[string]color.NRGBA{"Full use": th.OK.Fill, "Trial": th.Info.Fill, "Reminder": th.Warn.Fill, "Read-only": th.Danger.Fill, "Locked": th.Borders}
	total := float32(0)
	for _, p := range list {
		total += parts[p.Name]
	}
	x, top := 0, gtx.Dp(28)
	free := width - gap*(len(list)-1)
	for i, p := range list {
		w := int(float32(free) * parts[p.Name] / total)
		if i == len(list)-1 {
			w = width - x
		}
		theme.Fill(gtx.Ops, image.Rect(x, top, x+w, top+gtx.Dp(14)), gtx.Dp(4), fill[p.Name])
		ink := th.T1
		if p.Now {
			ink = s.ink(p.Name)
			s.layoutToday(gtx, x+int(float32(w)*p.Part(s.Status.Today)), top)
		}
		y := top + gtx.Dp(24)
		for n, line := range []string{p.Name, p.When, p.What} {
			style, c := th.Type.Label, th.T3
			if n == 0 {
				style, c = th.Type.Body.Semi(), ink
			} else if n == 2 {
				c = th.T2
			}
			widget.At(gtx, x, y, w-gtx.Dp(4), gtx.Sp(style.Line), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, style, c, line) })
			y += gtx.Sp(style.Line)
		}
		x += w + gap
	}
	return layout.Dimensions{Size: image.Pt(width, top+gtx.Dp(24)+gtx.Sp(18+16+16))}
}

func (s *Screen) ink(phase string) color.NRGBA {
	switch phase {
	case "Reminder":
		return s.th.Warn.Text
	case "Read-only", "Locked":
		return s.th.Danger.Text
	case "Trial":
		return s.th.Info.Text
	}
	return s.th.OK.Text
}

// layoutToday draws the mark of today over the line at x.
func (s *Screen) layoutToday(gtx layout.Context, x, top int) {
	th := s.th
	style := th.Type.Tiny.Semi()
	w := widget.TextWidth(gtx, th, style, "Today") + gtx.Dp(16)
	left := min(max(x-w/2, 0), gtx.Constraints.Max.X-w)
	theme.Fill(gtx.Ops, image.Rect(x-gtx.Dp(1), top-gtx.Dp(8), x+gtx.Dp(1), top+gtx.Dp(20)), 0, th.T1)
	theme.Fill(gtx.Ops, image.Rect(left, top-gtx.Dp(28), left+w, top-gtx.Dp(8)), gtx.Dp(4), th.T1)
	widget.At(gtx, left+gtx.Dp(8), top-gtx.Dp(26), w, gtx.Dp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, style, th.Surface, "Today")
	})
}

func (s *Screen) layoutCards(gtx layout.Context) layout.Dimensions {
	mode := s.Status.Mode
	if mode == licence.Active {
		mode = licence.ReadOnly // what would happen
	}
	after := "Waits until renewed"
	still := "Still works"
	if s.Status.Mode == licence.Active {
		still, after = "Works after the end", "Waits after the end"
	}
	cards := []layout.Widget{
		func(gtx layout.Context) layout.Dimensions {
			return s.list(gtx, still, theme.IconCircleCheck, s.th.OK.Text, s.th.T1, Works(mode))
		},
		func(gtx layout.Context) layout.Dimensions {
			return s.list(gtx, after, theme.IconLock, s.th.Danger.Text, s.th.T2, Waits(mode))
		},
		s.layoutFacts,
	}
	// side draws some of the cards side by side, all as high as the highest can be.
	side := func(gtx layout.Context, list ...layout.Widget) layout.Dimensions {
		gap := gtx.Dp(theme.S12)
		width, high := (gtx.Constraints.Max.X-gap*(len(list)-1))/len(list), gtx.Dp(unit.Dp(46+max(5*40, 6+27*len(s.facts())+8+64)+8))
		for i, c := range list {
			widget.At(gtx, i*(width+gap), 0, width, high, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min = gtx.Constraints.Max
				return c(gtx)
			})
		}
		return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, high+gtx.Dp(theme.S4))}
	}
	if gtx.Constraints.Max.X >= gtx.Dp(1000) {
		return side(gtx, cards...)
	}
	return widget.Column(gtx, theme.S8,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return side(gtx, cards[2]) }),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return side(gtx, cards[:2]...) }),
		widget.Space(theme.PagePadY))
}

// card draws a titled card of at least the height asked for.
func (s *Screen) card(gtx layout.Context, title string, rows ...layout.FlexChild) layout.Dimensions {
	th, least := s.th, gtx.Constraints.Min.Y
	return widget.CardFlush(gtx, th, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.Y = 0
		head := widget.CardHead(gtx, th, theme.Tone{Text: th.T2}, theme.NoIcon, title, nil)
		d := widget.At(gtx, gtx.Dp(16), head.Size.Y, gtx.Constraints.Max.X-gtx.Dp(32), gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
		})
		return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, max(least, head.Size.Y+d.Size.Y+gtx.Dp(8)))}
	})
}

func (s *Screen) list(gtx layout.Context, title string, icon theme.Icon, tint, ink color.NRGBA, lines []string) layout.Dimensions {
	th := s.th
	var rows []layout.FlexChild
	for i, l := range lines {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(40))
			widget.At(gtx, 0, gtx.Dp(11), gtx.Dp(18), gtx.Dp(18), func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, icon, 18, tint) })
			widget.At(gtx, gtx.Dp(30), gtx.Dp(10), size.X-gtx.Dp(30), gtx.Sp(20), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Field, ink, l) })
			if i < len(lines)-1 {
				theme.Fill(gtx.Ops, image.Rect(0, size.Y-gtx.Dp(1), size.X, size.Y), 0, th.Border)
			}
			return layout.Dimensions{Size: size}
		}))
	}
	return s.card(gtx, title, rows...)
}

// facts are the lines of the license card; those without a value are left out.
func (s *Screen) facts() []panel.Fact {
	st := s.Status
	facts := []panel.Fact{{What: "Number", Value: st.Serial}, {What: "Customer", Value: st.Customer}, {What: "Edition", Value: st.Edition}}
	if st.Trial {
		facts = append(facts, panel.Fact{What: "Trial since", Value: st.Starts.String()})
	} else {
		facts = append(facts, panel.Fact{What: "Issued", Value: st.Starts.String()})
	}
	facts = append(facts, panel.Fact{What: "Expires", Value: st.Expires.String()})
	if !st.Trial && st.BoundTo != st.Hardware {
		facts = append(facts, panel.Fact{What: "Bound to", Value: st.BoundTo})
	}
	if st.File != "" {
		facts = append(facts, panel.Fact{What: "File", Value: short(st.File)})
	}
	return slices.DeleteFunc(facts, func(f panel.Fact) bool { return f.Value == "" })
}

func (s *Screen) layoutFacts(gtx layout.Context) layout.Dimensions {
	th, st := s.th, s.Status
	return s.card(gtx, "License",
		widget.Space(6),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return panel.Facts(gtx, th, s.facts()...) }),
		widget.Space(8),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label, th.T3, "Hardware ID of the server")
		}),
		widget.Space(2),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Row(gtx, 8,
				layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.T16.Mono(), th.T1, st.Hardware)
				}),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return s.copy.Layout(gtx, th, widget.ButtonLook{Text: "Copy", Icon: theme.IconCopy, Height: theme.ButtonSmall, Name: "Copy Hardware ID"})
				}))
		}))
}

// short keeps the end of a path, which tells the most.
func short(path string) string {
	r := []rune(path)
	if len(r) <= 34 {
		return path
	}
	return "…" + string(r[len(r)-33:])
}
