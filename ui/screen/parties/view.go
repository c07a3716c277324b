package parties

import (
	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/core"
	"masala/core/op"
	"masala/core/party"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/table"
)

// Entries make the parties known to menu and palette.
func Entries() []screen.Entry {
	return []screen.Entry{{
		ID: screen.MastersParty, Module: screen.Masters, Label: "Suppliers and customers", Icon: theme.IconUsers, Needs: party.ListParties.Meta, Resumes: resumes,
		New: func(env *screen.Env, r screen.Route) screen.Screen { return New(env, r) },
	}}
}

// Screen is the page.
type Screen struct {
	screen.Base
	env   *screen.Env
	th    *theme.Theme
	model *Model

	search     widget.Field
	kinds      widget.Segment
	inactive   widget.Toggle
	add        widget.Button
	retry      widget.Button
	clear      widget.Button
	table      *table.Table
	wants      bool // the table shall have the keyboard
	frame      panel.Frame
	fields     panel.Fields
	of         *Panel // whose controls fields holds
	kind       widget.Segment
	segment    widget.Segment
	card       conflict.Card
	save, shut widget.Button
}

// New makes the page as the route asks for it.
func New(env *screen.Env, r screen.Route) *Screen {
	s := &Screen{env: env, th: env.Theme, model: NewModel(env, r)}
	s.table = table.New("Suppliers and customers",
		table.Column{Title: "Name", Min: 170, Strong: true},
		table.Column{Title: "Kind", Kind: table.Tag, Width: 104},
		table.Column{Title: "State", Width: 140, Drop: 2},
		table.Column{Title: "GSTIN", Width: 164},
		table.Column{Title: "Contact", Width: 140, Drop: 3, Quiet: true},
		table.Column{Title: "Phone", Width: 130, Drop: 1},
		table.Column{Title: "Lead time", Kind: table.Number, Width: 104, Aside: 40, Drop: 4},
		table.Column{Title: "Status", Kind: table.Pill, Width: 112})
	return s
}

// Crumbs is the way here.
func (s *Screen) Crumbs() []string { return []string{"Masters", "Suppliers and customers"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return s.model.Topics() }

// Reload reads the list again.
func (s *Screen) Reload() { s.model.Reload() }

// Open shows another route.
func (s *Screen) Open(r screen.Route) bool { s.model.Open(r); return true }

// Dirty reports a record that was changed.
func (s *Screen) Dirty() bool { return s.model.Dirty() }

// Focus gives the keyboard to the table while no record is being typed.
func (s *Screen) Focus(layout.Context) { s.wants = s.model.Panel == nil }

// PanelOpen reports whether the side panel is open.
func (s *Screen) PanelOpen() bool { return s.model.Panel != nil }

// Escape closes the panel, after asking when it holds something unsaved.
func (s *Screen) Escape() bool {
	if s.model.Panel == nil {
		return false
	}
	s.leave(func() { s.model.Shut(); s.wants = true })
	return true
}

// leave does what takes the open record away, after asking if need be.
func (s *Screen) leave(do func()) {
	if !s.model.Dirty() {
		do()
		return
	}
	s.env.Shell.Ask(screen.Question{Title: "You have unsaved changes. Close anyway?", Text: screen.StaysAsDraft,
		Answers: []screen.Answer{{Label: "Stay"}, {Label: "Close", Danger: true, Do: do}}})
}

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action {
	list := []screen.Action{{Name: "Find", Icon: theme.IconSearch, Key: screen.Shortcut{Name: key.NameF3}, Do: s.search.Focus}}
	if s.model.MayEdit() {
		list = append(list, screen.Action{Name: "New supplier or customer", Icon: theme.IconPlus, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "N"}, Do: s.create})
	}
	if p := s.model.Panel; p != nil && !p.ReadOnly() {
		save := screen.Action{Name: "Save", Icon: theme.IconSave, Key: screen.Shortcut{Mods: key.ModCtrl, Name: key.NameReturn}, Do: s.doSave}
		list = append(list, save, screen.Action{Name: "Save changes", Icon: theme.IconSave, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "S"}, Do: s.doSave})
	}
	if p := s.model.Panel; p != nil && !p.Form.Dirty() {
		list = append(list, p.Offer.Actions(func(d form.Draft) { p.Resume(d) })...)
	}
	return list
}

func (s *Screen) create() {
	s.leave(func() {
		s.model.New("")
		s.fields.Focus(s.model.Panel.Name)
	})
}

func (s *Screen) doSave() {
	if p := s.model.Panel; p != nil {
		if bad := p.Save(); bad != nil {
			s.fields.Focus(bad)
		}
	}
}

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	s.update(gtx)
	if s.wants {
		s.wants = false
		s.table.Focus()
	}
	pad := layout.Inset{Left: theme.S16, Right: theme.S16, Top: theme.S12, Bottom: theme.S16}
	return pad.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return widget.Column(gtx, theme.S12, layout.Rigid(s.toolbar), layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = gtx.Constraints.Max
			return panel.Beside(gtx, s.th, panel.Form, s.model.Panel != nil, s.list, s.side)
		}))
	})
}

var kinds = []party.Kind{"", party.Supplier, party.Customer}

func (s *Screen) update(gtx layout.Context) {
	m := s.model
	for ev, ok := s.search.Update(gtx); ok; ev, ok = s.search.Update(gtx) {
		switch ev {
		case widget.Changed:
			m.Search(s.search.Text())
		case widget.Submitted:
			s.wants = true
		}
	}
	if s.kinds.Changed(gtx) {
		m.OnlyKind(kinds[s.kinds.Value])
	}
	if s.inactive.Changed(gtx) {
		m.WithInactive(s.inactive.On)
	}
	if s.add.Clicked(gtx) {
		s.create()
	}
	if s.retry.Clicked(gtx) {
		m.List.Retry()
	}
	if s.clear.Clicked(gtx) {
		m.ClearFilters()
		s.search.SetText("")
		s.kinds.Value, s.inactive.On = 0, false
	}
	if i := m.Index(); i >= 0 && !s.table.Focused() {
		s.table.Selected = i
	}
	for ev, ok := s.table.Update(gtx, s); ok; ev, ok = s.table.Update(gtx, s) {
		switch ev.Kind {
		case table.Opened, table.Peeked:
			s.leave(func() { m.Show(ev.Row) })
		case table.Selected:
			if m.Panel != nil && !m.Dirty() {
				m.Show(ev.Row)
			}
		}
	}
	s.frame.Fields = &s.fields
	s.updateSide(gtx)
}

func (s *Screen) toolbar(gtx layout.Context) layout.Dimensions {
	th := s.th
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return widget.Row(gtx, theme.S8,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = min(gtx.Dp(252), gtx.Constraints.Max.X/3)
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return s.search.Layout(gtx, th, widget.FieldLook{Name: "Find", Placeholder: "Name, GSTIN, phone", LeadIcon: theme.IconSearch, Height: 36,
				End: func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, "F3") }})
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return s.kinds.Layout(gtx, th, "All", "Suppliers", "Customers")
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.inactive.Layout(gtx, th, "Out of use too", false) }),
		widget.Grow(),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			if !s.model.MayEdit() {
				return layout.Dimensions{}
			}
			look := widget.ButtonLook{Text: "New", Name: "New supplier or customer", Icon: theme.IconPlus, Kind: widget.Primary, Key: "Ctrl N"}
			if s.model.Panel != nil { // Save is what a press is for now
				look.Kind = widget.Secondary
			}
			return s.add.Layout(gtx, th, look)
		}))
}

func (s *Screen) list(gtx layout.Context) layout.Dimensions {
	m, th := s.model, s.th
	switch l := &m.List; {
	case len(l.Rows) == 0 && l.Err != nil:
		return panel.Failed(gtx, th, screen.Sentence(l.Err), &s.retry)
	case len(l.Rows) == 0 && l.Have && m.Filtered():
		return panel.NoMatch(gtx, th, "Nobody matches", &s.clear)
	case len(l.Rows) == 0 && l.Have:
		return panel.Nothing(gtx, th, theme.IconUsers, "No suppliers or customers yet", "Press Ctrl N to add the first")
	}
	s.table.Stale = m.List.Err != nil || !s.env.Shell.Online()
	f := table.Foot{}
	if m.List.Have {
		f.Count = core.Qty(m.List.Sum).Number(core.Count) + " in the list"
	}
	return s.table.Layout(gtx, th, s, f)
}

// Len, Cell and Label make the screen the table's source.
func (s *Screen) Len() int { return len(s.model.List.Rows) }

// Cell writes one cell.
func (s *Screen) Cell(row, col int) table.Cell {
	if col == 0 {
		s.model.List.Shown(row)
	}
	p := &s.model.List.Rows[row]
	switch col {
	case 0:
		return table.Cell{Text: p.Name}
	case 1:
		if p.Kind == party.Customer {
			return table.Cell{Text: "Customer", Tone: table.Finished}
		}
		return table.Cell{Text: "Supplier", Tone: table.Raw}
	case 2:
		return table.Cell{Text: party.States[p.StateCode]}
	case 3:
		return table.Cell{Text: p.GSTIN}
	case 4:
		return table.Cell{Text: p.Contact}
	case 5:
		return table.Cell{Text: p.Phone}
	case 6:
		if p.LeadDays == 0 {
			return table.Cell{}
		}
		return table.Cell{Text: number(p.LeadDays), After: "days"}
	}
	if !p.Active {
		return table.Cell{Text: "Out of use", Tone: table.Neutral}
	}
	return table.Cell{Text: "In use", Tone: table.OK}
}

// Label is a row as it is read out.
func (s *Screen) Label(row int) string { return s.model.List.Rows[row].Name }

var (
	_ screen.Focuser = (*Screen)(nil)
	_ screen.Escaper = (*Screen)(nil)
)
