package settings

import (
	"image"
	"slices"
	"strings"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core/account"
	"masala/core/op"
	"masala/core/system"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/dashboard"
	"masala/ui/screen/firstrun"
	"masala/ui/screen/paired"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

// Entries make the page known.
func Entries() []screen.Entry {
	return []screen.Entry{{ID: screen.Settings, Module: screen.System, Label: "Settings", Icon: theme.IconSlidersHorizontal,
		Needs: system.UpdateSettings.Meta, Resumes: resumes, New: func(env *screen.Env, r screen.Route) screen.Screen {
			s := New(env)
			s.Open(r)
			return s
		}}}
}

// Screen draws the page.
type Screen struct {
	*Model
	env    *screen.Env
	th     *theme.Theme
	fields panel.Fields
	pcs    *paired.View
	start  widget.Toggle
	save   widget.Button
	retry  widget.Button
	backup widget.Button
	health widget.Button
	cards  [2]conflict.Card // of factory and server
	page   giowidget.List
	stand  panel.Cards
}

// New makes the page.
func New(env *screen.Env) *Screen {
	s := &Screen{Model: NewModel(env), env: env, th: env.Theme}
	s.pcs = paired.NewView(s.PCs)
	s.page.Axis = layout.Vertical
	var states []input.Option
	for _, x := range firstrun.States() {
		states = append(states, input.Option{Key: x[0], Code: x[0], Name: x[1]})
	}
	s.fields.Show([]panel.Input{
		{Field: s.Name},
		{Field: s.GSTIN, Half: true}, {Field: s.State, Kind: panel.Pick, Half: true, Search: input.Among(states)},
		{Field: s.Address},
		{Field: s.Zone, Half: true}, {Field: s.Backdate, Kind: panel.Number, Half: true},
		{Field: s.PCName},
		{Field: s.Port, Kind: panel.Number, Half: true}, {Field: s.LowDisk, Kind: panel.Number, Half: true},
	})
	return s
}

// Crumbs names the page.
func (s *Screen) Crumbs() []string { return []string{"System", "Settings"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic {
	return []op.Topic{system.TopicSettings, system.TopicServer, account.TopicDevices}
}

// Open shows the same page.
func (s *Screen) Open(r screen.Route) bool { s.Find(r.Draft); return true }

// Close has nothing to end.
func (s *Screen) Close() {}

// Focus gives the keyboard to the first field.
func (s *Screen) Focus(layout.Context) { s.fields.First() }

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action {
	save := screen.Action{Name: "Save settings", Icon: theme.IconSave, Key: screen.Shortcut{Mods: key.ModCtrl, Name: key.NameReturn}, Do: s.submit}
	if !s.Dirty() {
		save.Reason = "Nothing was changed."
	}
	return []screen.Action{save, s.pcs.Action()}
}

func (s *Screen) submit() {
	if bad := s.Save(); bad != nil {
		s.fields.Focus(bad)
	}
}

const (
	rightWidth unit.Dp = 380
	besideFrom unit.Dp = 860
	maxWidth   unit.Dp = 1200
)

// Layout draws the page: what is set for all at the left, this PC and the others at
// the right; below each other where it is narrow.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	s.update(gtx)
	padX, padY, gap := gtx.Dp(theme.PagePadX), gtx.Dp(theme.PagePadY), gtx.Dp(theme.CardGap)
	width := min(size.X-2*padX, gtx.Dp(maxWidth))
	if panel.Unread(gtx, s.th, s.Loaded, s.Fault, &s.retry, width) {
		return layout.Dimensions{Size: size}
	}
	widget.At(gtx, padX, padY, width, gtx.Dp(36), s.top)
	top := padY + gtx.Dp(50)
	columns := [][]layout.Widget{{s.factoryCard, s.serverCard}, {s.pcCard, s.backupCard, s.pairedCard}}
	if s.Offer.Draft != nil && !s.Dirty() {
		offer := func(gtx layout.Context) layout.Dimensions { return s.Offer.Layout(gtx, s.th) }
		columns[0] = append([]layout.Widget{offer}, columns[0]...)
	}
	right := gtx.Dp(rightWidth)
	widths := []int{width - right - gap, right}
	if size.X < gtx.Dp(besideFrom) {
		columns, widths = [][]layout.Widget{slices.Concat(columns...)}, []int{width}
	}
	s.stand.Scroll(gtx, s.th, &s.page, image.Rect(0, top, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		x, end := padX, 0
		for i, cards := range columns {
			end = max(end, s.stand.Column(gtx, x, gtx.Dp(2), widths[i], cards))
			x += widths[i] + gap
		}
		return layout.Dimensions{Size: image.Pt(size.X, end+padY)}
	})
	return layout.Dimensions{Size: size}
}

func (s *Screen) update(gtx layout.Context) {
	if s.fields.Update(gtx) || s.save.Clicked(gtx) {
		s.submit()
	}
	if d, ok := s.Offer.Update(gtx); ok {
		s.Resume(d)
	}
	if s.retry.Clicked(gtx) {
		s.Reload()
	}
	if s.backup.Clicked(gtx) {
		s.env.Shell.Navigate(screen.Route{ID: screen.SystemBackup})
	}
	if s.health.Clicked(gtx) {
		s.env.Shell.Navigate(screen.Route{ID: screen.Health})
	}
	s.start.On = s.Start
	if s.start.Changed(gtx) {
		s.SetStart(s.start.On)
	}
	for i, p := range []*Part{s.Factory, s.Server} {
		if s.cards[i].Keep.Clicked(gtx) {
			s.KeepMine(p)
		}
		if s.cards[i].Reload.Clicked(gtx) {
			s.TakeTheirs(p)
		}
	}
}

func (s *Screen) top(gtx layout.Context) layout.Dimensions {
	th := s.th
	note := panel.Changed(s.Set.Stamp, s.env.Zone)
	if s.Now.UpdatedAt.After(s.Set.UpdatedAt) {
		note = panel.Changed(s.Now.Stamp, s.env.Zone)
	}
	if s.Fault != "" {
		note = s.Fault
	}
	return widget.Row(gtx, 12,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.T16, th.T1, "Factory, server and this PC")
		}),
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Label, th.T3, note) }),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return s.save.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Save settings", Icon: theme.IconSave, Key: "Ctrl Enter",
				Busy: s.Busy(), BusyText: "Saving", Disabled: !s.Busy() && !s.Dirty()})
		}))
}

// card draws a head and parts below each other.
func (s *Screen) card(gtx layout.Context, icon theme.Icon, title string, parts ...layout.Widget) layout.Dimensions {
	th := s.th
	return widget.CardFlush(gtx, th, func(gtx layout.Context) layout.Dimensions {
		width, pad := gtx.Constraints.Max.X, gtx.Dp(theme.S16)
		widget.CardHead(gtx, th, theme.Tone{Text: th.T2}, icon, title, nil)
		y := gtx.Dp(46 + 14)
		for _, part := range parts {
			d := widget.At(gtx, pad, y, width-2*pad, 1<<20, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min.X = width - 2*pad
				return part(gtx)
			})
			if d.Size.Y == 0 {
				continue
			}
			if s.fields.Entered() {
				s.stand.Bring(image.Rect(0, y, 1, y+d.Size.Y))
			}
			y += d.Size.Y + gtx.Dp(theme.S12)
		}
		return layout.Dimensions{Size: image.Pt(width, y+gtx.Dp(4))}
	})
}

// part draws the fields of a record from one to another, below what went wrong with it.
func (s *Screen) part(i int, p *Part, from, to *form.Field) []layout.Widget {
	var parts []layout.Widget
	if p.Conflict != nil {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return s.cards[i].Layout(gtx, s.th, p.Conflict, s.env.Zone)
		})
	}
	if p.Form.Message != "" {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, s.th, s.th.Danger, theme.IconCircleAlert, p.Form.Message, nil)
		})
	}
	return append(parts, s.fields.Parts(s.th, from, to, p.Busy)...)
}

func (s *Screen) factoryCard(gtx layout.Context) layout.Dimensions {
	return s.card(gtx, theme.IconFactory, "Factory", s.part(0, s.Factory, nil, s.PCName)...)
}

func (s *Screen) serverCard(gtx layout.Context) layout.Dimensions {
	th := s.th
	parts := s.part(1, s.Server, s.PCName, nil)
	if s.Port.Text != "" && !s.Now.Demo && s.Server.Form.Dirty() && s.Port.Text != s.port(s.Now.ServerFields) {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Warn, theme.IconTriangleAlert, "Allow TCP port "+s.Port.Text+" in the firewall of the server, or no new PC gets in.", nil)
		})
	}
	facts := []panel.Fact{{What: "Addresses", Value: strings.Join(s.Status.Addresses, ", ")}, {What: "Data", Value: s.Now.Data}, {What: "Version", Value: s.Status.Version}}
	parts = append(parts, func(gtx layout.Context) layout.Dimensions { return panel.Facts(gtx, th, facts...) })
	return s.card(gtx, theme.IconServer, "Server", parts...)
}

func (s *Screen) pcCard(gtx layout.Context) layout.Dimensions {
	th := s.th
	role, note := s.Role()
	facts := []panel.Fact{{What: "Role", Value: role}}
	if s.env.PC != nil {
		facts = append(facts, panel.Fact{What: "Name", Value: s.env.PC.Name()}, panel.Fact{What: "Program", Value: s.env.PC.Version()})
	}
	fault := func(gtx layout.Context) layout.Dimensions {
		if s.StartFault == "" {
			return layout.Dimensions{}
		}
		return widget.Para(gtx, th, th.Type.Label, th.Danger.Text, s.StartFault)
	}
	return s.card(gtx, theme.IconCpu, "This PC",
		func(gtx layout.Context) layout.Dimensions { return panel.Facts(gtx, th, facts...) },
		func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.Label, th.T3, note) },
		func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			return s.start.Layout(gtx, th, "Start the program with this PC", false)
		}, fault)
}

// backupCard says how the backups stand and leads to their page.
func (s *Screen) backupCard(gtx layout.Context) layout.Dimensions {
	th := s.th
	last := "none yet"
	if s.Status.Backup != nil {
		last = dashboard.When(*s.Status.Backup, s.env.Today(), s.env.Zone)
	}
	known := false
	for _, e := range s.env.Shell.Menu() {
		known = known || e.ID == screen.SystemBackup
	}
	return s.card(gtx, theme.IconDatabaseBackup, "Backups and health",
		func(gtx layout.Context) layout.Dimensions {
			return panel.Facts(gtx, th, panel.Fact{What: "Last backup", Value: last})
		},
		func(gtx layout.Context) layout.Dimensions {
			list := []panel.Command{{Button: &s.health, Look: widget.ButtonLook{Text: "Health", Icon: theme.IconActivity}}}
			if known {
				list = append([]panel.Command{{Button: &s.backup, Look: widget.ButtonLook{Text: "Folder and times", Icon: theme.IconFolderOpen}}}, list...)
			}
			return panel.Buttons(gtx, th, list...)
		})
}

func (s *Screen) pairedCard(gtx layout.Context) layout.Dimensions {
	h := gtx.Dp(46) + max(len(s.PCs.Devices), 2)*gtx.Dp(48) + gtx.Dp(2)
	if len(s.PCs.Devices) == 0 {
		h = gtx.Dp(180)
	}
	gtx.Constraints = layout.Exact(image.Pt(gtx.Constraints.Max.X, min(h, gtx.Dp(360))))
	return s.pcs.Layout(gtx, true)
}
