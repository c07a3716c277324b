package record

import (
	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/core"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/table"
)

// Editor is an Edit without the type of its record.
type Editor interface {
	state() *State
	changed() core.Stamp
	ReadOnly() bool
	IsNew() bool
	Save() *form.Field
	Resume(form.Draft)
	KeepMine()
	TakeTheirs()
}

// Source is what a page shows: the model, which embeds a Book and has a list.
type Source interface {
	MayEdit() bool
	IsOpen() bool
	Dirty() bool
	Shut()
	Current() Editor

	Reload()
	Search(text string)
	WithInactive(on bool)
	ClearFilters()
	Retry()          // after the list could not be read
	Index() int      // of the open record in the list, -1 when it is not there
	Choose(row int)  // opens the record of a row
	New(name string) // opens a new record
}

// Page is a page of masters without its columns and fields. Screens embed it.
type Page struct {
	screen.Base
	Env    *screen.Env
	Theme  *theme.Theme
	Table  *table.Table
	Find   widget.Field
	Fields panel.Fields
	Retry  widget.Button // after a failure
	Clear  widget.Button // of the filters

	source   Source
	rows     table.Source
	inactive widget.Toggle
	add      widget.Button
	wants    bool // the table shall have the keyboard
	frame    panel.Frame
	of       *State // whose controls Fields holds
	card     conflict.Card
	save     widget.Button
	shut     widget.Button
}

// Start says what the page shows; rows are its table's.
func (p *Page) Start(env *screen.Env, s Source, rows table.Source, t *table.Table) {
	p.Env, p.Theme, p.Table, p.source, p.rows = env, env.Theme, t, s, rows
	p.frame.Fields = &p.Fields
}

// Reload reads the list again.
func (p *Page) Reload() { p.source.Reload() }

// Dirty reports a record that was changed.
func (p *Page) Dirty() bool { return p.source.Dirty() }

// Focus gives the keyboard to the table while no record is being typed.
func (p *Page) Focus(layout.Context) { p.wants = !p.source.IsOpen() }

// PanelOpen reports whether the side panel is open.
func (p *Page) PanelOpen() bool { return p.source.IsOpen() }

// Escape closes the panel, after asking when it holds something unsaved.
func (p *Page) Escape() bool {
	if !p.source.IsOpen() {
		return false
	}
	p.leave(func() { p.source.Shut(); p.wants = true })
	return true
}

// leave does what takes the open record away, after asking if need be.
func (p *Page) leave(do func()) {
	if !p.source.Dirty() {
		do()
		return
	}
	p.Env.Shell.Ask(screen.Question{Title: "You have unsaved changes. Close anyway?", Text: screen.StaysAsDraft,
		Answers: []screen.Answer{{Label: "Stay"}, {Label: "Close", Danger: true, Do: do}}})
}

// New opens a new record.
func (p *Page) New() { p.leave(func() { p.source.New("") }) }

// Do is the list of what can be done here; create is what a new record is called.
func (p *Page) Do(create string) []screen.Action {
	list := []screen.Action{{Name: "Find", Icon: theme.IconSearch, Key: screen.Shortcut{Name: key.NameF3}, Do: p.Find.Focus}}
	if p.source.MayEdit() {
		list = append(list, screen.Action{Name: create, Icon: theme.IconPlus, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "N"}, Do: p.New})
	}
	e := p.source.Current()
	if e == nil {
		return list
	}
	if !e.ReadOnly() {
		list = append(list,
			screen.Action{Name: "Save", Icon: theme.IconSave, Key: screen.Shortcut{Mods: key.ModCtrl, Name: key.NameReturn}, Do: p.send},
			screen.Action{Name: "Save changes", Icon: theme.IconSave, Key: screen.Shortcut{Mods: key.ModCtrl, Name: "S"}, Do: p.send})
	}
	if s := e.state(); !s.Form.Dirty() {
		list = append(list, s.Offer.Actions(e.Resume)...)
	}
	return list
}

func (p *Page) send() {
	if e := p.source.Current(); e != nil {
		if bad := e.Save(); bad != nil {
			p.Fields.Focus(bad)
		}
	}
}

// Update takes in what was done above and in the list; cleared reports that the filters
// were dropped.
func (p *Page) Update(gtx layout.Context) (cleared bool) {
	m := p.source
	for ev, ok := p.Find.Update(gtx); ok; ev, ok = p.Find.Update(gtx) {
		switch ev {
		case widget.Changed:
			m.Search(p.Find.Text())
		case widget.Submitted:
			p.wants = true
		}
	}
	if p.inactive.Changed(gtx) {
		m.WithInactive(p.inactive.On)
	}
	if p.add.Clicked(gtx) {
		p.New()
	}
	if p.Retry.Clicked(gtx) {
		m.Retry()
	}
	if cleared = p.Clear.Clicked(gtx); cleared {
		m.ClearFilters()
		p.Find.SetText("")
		p.inactive.On = false
	}
	if i := m.Index(); i >= 0 && !p.Table.Focused() {
		p.Table.Selected = i
	}
	for ev, ok := p.Table.Update(gtx, p.rows); ok; ev, ok = p.Table.Update(gtx, p.rows) {
		switch ev.Kind {
		case table.Opened, table.Peeked:
			p.leave(func() { m.Choose(ev.Row) })
		case table.Selected:
			if m.IsOpen() && !m.Dirty() {
				m.Choose(ev.Row)
			}
		}
	}
	return cleared
}

// Fresh reports, once, that another record or none is open than before: the page then
// says which field of it gets the keyboard.
func (p *Page) Fresh() bool {
	var now *State
	if e := p.source.Current(); e != nil {
		now = e.state()
	}
	if now == p.of {
		return false
	}
	p.of, p.Fields = now, panel.Fields{}
	return true
}

// UpdatePanel takes in what was done in the panel, whose fields are inputs.
func (p *Page) UpdatePanel(gtx layout.Context, inputs func() []panel.Input) {
	e := p.source.Current()
	if e == nil {
		return
	}
	s := e.state()
	if d, ok := s.Offer.Update(gtx); ok {
		e.Resume(d)
		return
	}
	p.Fields.Show(inputs())
	if p.frame.Shut.Clicked(gtx) || p.shut.Clicked(gtx) {
		p.Escape()
		return
	}
	if s.Conflict != nil {
		if p.card.Keep.Clicked(gtx) {
			e.KeepMine()
		} else if p.card.Reload.Clicked(gtx) {
			e.TakeTheirs()
			return
		}
	}
	if s.Busy {
		return
	}
	if p.Fields.Update(gtx) {
		p.save.Focus()
	}
	if p.save.Clicked(gtx) {
		p.send()
	}
}
