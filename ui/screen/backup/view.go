package backup

import (
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"
	gioop "gioui.org/op"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core/backup"
	"masala/core/op"
	"masala/core/system"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/table"
)

// Entries make the page known.
func Entries() []screen.Entry {
	return []screen.Entry{{ID: screen.SystemBackup, Module: screen.System, Label: "Backup", Icon: theme.IconDatabaseBackup,
		Needs: backup.UpdateSettings.Meta, Resumes: resumes, New: func(env *screen.Env, r screen.Route) screen.Screen {
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
	points *table.Table
	fields panel.Fields
	card   conflict.Card
	bars   [11]widget.Clickable

	now, usb, elsewhere, check, see, restore, save, undo, code, confirm, retry widget.Button

	page  giowidget.List // the whole page where it is narrow
	side  giowidget.List // the cards at the right where it is not
	stand panel.Cards
}

// New makes the page.
func New(env *screen.Env) *Screen {
	s := &Screen{Model: NewModel(env), env: env, th: env.Theme}
	s.points = table.New("Restore points",
		table.Column{Title: "Taken", Width: 160, Strong: true},
		table.Column{Title: "Age", Width: 116, Quiet: true, Drop: 1},
		table.Column{Title: "Kind", Kind: table.Tag, Width: 92, Drop: 2},
		table.Column{Title: "Size", Kind: table.Number, Width: 92},
		table.Column{Title: "Check", Min: 180})
	s.points.Inset = true
	s.page.Axis, s.side.Axis = layout.Vertical, layout.Vertical
	for i := range s.bars {
		s.bars[i].Pointer = true // the table is where the keyboard chooses
	}
	s.fields.Show([]panel.Input{{Field: s.Folder}, {Field: s.Times}})
	return s
}

// Crumbs names the page.
func (s *Screen) Crumbs() []string { return []string{"System", "Backup"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return []op.Topic{backup.TopicBackup, system.TopicSettings} }

// Reload reads the page again.
func (s *Screen) Reload() { s.Model.Reload() }

// Open shows the same page, and goes on with a draft.
func (s *Screen) Open(r screen.Route) bool {
	s.Find(r.Draft)
	return true
}

// Close has nothing to end.
func (s *Screen) Close() {}

// Focus gives the keyboard to the restore points.
func (s *Screen) Focus(layout.Context) { s.points.Focus() }

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action {
	busy := ""
	if s.Status.Running != nil {
		busy = "Wait until the work under way is done."
	}
	list := []screen.Action{
		{Name: "Back up now", Icon: theme.IconDatabaseBackup, Key: screen.Shortcut{Mods: key.ModCtrl | key.ModShift, Name: "S"}, Reason: busy, Do: s.BackUp, Keyword: "save"},
		{Name: "Copy to USB", Icon: theme.IconUsb, Key: screen.Shortcut{Mods: key.ModCtrl | key.ModShift, Name: "U"}, Reason: busy, Do: s.CopyTo, Keyword: "pen drive"},
		{Name: "Restore the chosen point", Icon: theme.IconHistory, Reason: s.MayRestore(), Do: s.AskRestore},
		{Name: "Check the chosen point again", Icon: theme.IconShieldCheck, Reason: busy, Do: s.Check},
		{Name: "Look in another folder", Icon: theme.IconFolderOpen, Do: s.LookInto},
		{Name: "Make a recovery code", Icon: theme.IconKeyRound, Do: s.MakeCode}}
	if s.AtServer() {
		list = append(list, screen.Action{Name: "Go on with these books", Icon: theme.IconShieldCheck, Do: s.AskConfirm, Keyword: "confirm restored older"})
	}
	if s.Dirty() {
		list = append(list, screen.Action{Name: "Save folder and times", Icon: theme.IconSave, Key: screen.Shortcut{Mods: key.ModCtrl, Name: key.NameReturn}, Do: s.submit})
	}
	return list
}

func (s *Screen) submit() {
	if bad := s.Save(); bad != nil {
		s.fields.Focus(bad)
	}
}

func (s *Screen) update(gtx layout.Context) {
	for b, do := range map[*widget.Button]func(){&s.now: s.BackUp, &s.usb: s.CopyTo, &s.elsewhere: s.LookInto, &s.check: s.Check, &s.see: s.See, &s.restore: s.AskRestore,
		&s.save: s.submit, &s.undo: s.Undo, &s.code: s.MakeCode, &s.confirm: s.AskConfirm, &s.retry: s.Reload} {
		if b.Clicked(gtx) {
			do()
		}
	}
	if s.fields.Update(gtx) {
		s.submit()
	}
	if d, ok := s.Offer.Update(gtx); ok {
		s.Resume(d)
	}
	if s.card.Keep.Clicked(gtx) {
		s.KeepMine()
	}
	if s.card.Reload.Clicked(gtx) {
		s.TakeTheirs()
	}
	for s.Loaded && len(s.Points()) > 0 { // what is not laid out cannot take the keyboard
		s.points.Selected = s.Chosen()
		e, ok := s.points.Update(gtx, s)
		if !ok {
			break
		}
		switch e.Kind {
		case table.Selected:
			s.Choose(e.Row)
		case table.Opened:
			s.Choose(e.Row)
			s.AskRestore()
		}
	}
	if s.Due(s.env.Clock.Now()) && s.env.Shell.Online() {
		s.Reload()
	}
	gtx.Execute(gioop.InvalidateCmd{At: gtx.Now.Add(s.Pause())})
}

const (
	sideWidth  unit.Dp = 372
	besideFrom unit.Dp = 1040
	heroHeight unit.Dp = 100
	stripHigh  unit.Dp = 92
	headHigh   unit.Dp = 46
	maxWidth   unit.Dp = 1680
)

// Layout draws the page: how the backups stand, the restore points, and what can be
// done with them at the right; below each other where it is narrow.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	s.update(gtx)
	padX, padY, gap := gtx.Dp(theme.PagePadX), gtx.Dp(theme.PagePadY), gtx.Dp(theme.CardGap)
	width := min(size.X-2*padX, gtx.Dp(maxWidth))
	switch {
	case panel.Unread(gtx, s.th, s.Loaded, s.Fault, &s.retry, width):
	case size.X >= gtx.Dp(besideFrom):
		s.wide(gtx, padX, padY, gap, width)
	default:
		s.narrow(gtx, padX, padY, gap, width)
	}
	return layout.Dimensions{Size: size}
}

// wide stands points and cards side by side, as high as the page.
func (s *Screen) wide(gtx layout.Context, padX, padY, gap, width int) {
	size := gtx.Constraints.Max
	y := padY
	for _, part := range s.above() {
		y += s.stand.Put(gtx, padX, y, width, part) + gap
	}
	side := gtx.Dp(sideWidth)
	height := max(size.Y-y-padY, gtx.Dp(260))
	widget.At(gtx, padX, y, width-side-gap, height, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return s.layoutPoints(gtx)
	})
	// The list reaches to the page's edges, so that it cuts no card's shadow.
	x := padX + width - side
	s.stand.Scroll(gtx, s.th, &s.side, image.Rect(x-gap/2, y-gap/2, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		end := s.column(gtx, gap/2, gap/2, side, s.cards())
		return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, end+padY)}
	})
}

// narrow scrolls the whole page.
func (s *Screen) narrow(gtx layout.Context, padX, padY, gap, width int) {
	size := gtx.Constraints.Max
	s.stand.Scroll(gtx, s.th, &s.page, image.Rectangle{Max: size}, func(gtx layout.Context) layout.Dimensions {
		y := padY
		for _, part := range s.above() {
			y += s.stand.Put(gtx, padX, y, width, part) + gap
		}
		rows := gtx.Dp(theme.HeadHeight) + gtx.Dp(theme.FootHeight) + min(max(len(s.Points()), 3), 8)*gtx.Dp(theme.RowHeight)
		height := gtx.Dp(headHigh+stripHigh) + rows
		widget.At(gtx, padX, y, width, height, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = gtx.Constraints.Max
			return s.layoutPoints(gtx)
		})
		y += height + gap
		cards, half, end := s.cards(), (width-gap)/2, 0
		if width < gtx.Dp(720) {
			end = s.column(gtx, padX, y, width, cards)
		} else {
			end = max(s.column(gtx, padX, y, half, cards[:1]), s.column(gtx, padX+half+gap, y, half, cards[1:]))
		}
		return layout.Dimensions{Size: image.Pt(size.X, end+padY)}
	})
}

// column draws cards below each other and returns where they end.
func (s *Screen) column(gtx layout.Context, x, y, width int, cards []layout.Widget) int {
	var list []layout.Widget
	for _, card := range cards {
		list = append(list, func(gtx layout.Context) layout.Dimensions {
			d := card(gtx)
			if s.fields.Entered() {
				s.stand.Bring(image.Rectangle{Max: d.Size})
			}
			return d
		})
	}
	return s.stand.Column(gtx, x, y, width, list)
}

// above are the parts over the whole width.
func (s *Screen) above() (parts []layout.Widget) {
	strip := func(tone theme.Tone, icon theme.Icon, text string, b *widget.Button, l widget.ButtonLook) {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, s.th, tone, icon, text, func(gtx layout.Context) layout.Dimensions {
				if l.Text == "" {
					return layout.Dimensions{}
				}
				l.Height = theme.ButtonSmall
				return b.Layout(gtx, s.th, l)
			})
		})
	}
	if r := s.Status.Restored; r != nil {
		l := widget.ButtonLook{Text: "Go on with these books"}
		if !s.AtServer() {
			l.Text = ""
		}
		strip(s.th.Danger, theme.IconOctagonAlert, s.missing(*r), &s.confirm, l)
	}
	if held := s.Status.Withheld; len(held) > 0 {
		strip(s.th.Warn, theme.IconUsers, backup.SayWithheld(held), nil, widget.ButtonLook{})
	}
	if s.Status.CodeMade == nil && s.AtServer() {
		strip(s.th.Info, theme.IconKeyRound, "There is no recovery code yet. With it a new server PC takes the place of this one without pairing the PCs again.", &s.code, widget.ButtonLook{Text: "Make the recovery code"})
	}
	if s.Offer.Draft != nil && !s.Dirty() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return s.Offer.Layout(gtx, s.th) })
	}
	return append(parts, s.layoutHero)
}

// cards are what stands beside the points.
func (s *Screen) cards() []layout.Widget {
	list := []layout.Widget{s.restoreCard, s.placeCard, s.disksCard}
	if s.Status.CodeMade != nil || len(s.Status.Aside) > 0 {
		list = append(list, s.keptCard)
	}
	return list
}
