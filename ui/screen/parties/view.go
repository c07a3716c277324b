package parties

import (
	"gioui.org/layout"

	"masala/core"
	"masala/core/op"
	"masala/core/party"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/screen/record"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/table"
)

// Entries make the parties known to menu and palette.
func Entries() []screen.Entry {
	return []screen.Entry{{
		ID: screen.MastersParty, Module: screen.Masters, Label: "Suppliers and customers", Icon: theme.IconUsers, Needs: party.ListParties.Meta, Resumes: kind.Resumes(),
		New: func(env *screen.Env, r screen.Route) screen.Screen { return New(env, r) },
	}}
}

// Screen is the page.
type Screen struct {
	record.Page
	model   *Model
	kinds   widget.Segment
	kind    widget.Segment
	segment widget.Segment
}

// New makes the page as the route asks for it.
func New(env *screen.Env, r screen.Route) *Screen {
	s := &Screen{model: NewModel(env, r)}
	s.Start(env, s.model, s, table.New("Suppliers and customers",
		table.Column{Title: "Name", Min: 170, Strong: true},
		table.Column{Title: "Kind", Kind: table.Tag, Width: 104},
		table.Column{Title: "State", Width: 140, Drop: 2},
		table.Column{Title: "GSTIN", Width: 164},
		table.Column{Title: "Contact", Width: 140, Drop: 3, Quiet: true},
		table.Column{Title: "Phone", Width: 130, Drop: 1},
		table.Column{Title: "Lead time", Kind: table.Number, Width: 104, Aside: 40, Drop: 4},
		table.Column{Title: "Status", Kind: table.Pill, Width: 112}))
	return s
}

// Crumbs is the way here.
func (s *Screen) Crumbs() []string { return []string{"Masters", "Suppliers and customers"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return s.model.Topics() }

// Open shows another route.
func (s *Screen) Open(r screen.Route) bool { s.model.Open(r); return true }

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action { return s.Do("New supplier or customer") }

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	if s.kinds.Changed(gtx) {
		s.model.OnlyKind(kinds[s.kinds.Value])
	}
	if s.Update(gtx) {
		s.kinds.Value = 0
	}
	s.updatePanel(gtx)
	return s.Draw(gtx, s.toolbar, s.list, s.side)
}

var kinds = []party.Kind{"", party.Supplier, party.Customer}

func (s *Screen) toolbar(gtx layout.Context) layout.Dimensions {
	return s.Toolbar(gtx, "Name, GSTIN, phone", 3, func(gtx layout.Context) layout.Dimensions {
		return s.kinds.Layout(gtx, s.Theme, "All", "Suppliers", "Customers")
	}, widget.ButtonLook{Text: "New", Name: "New supplier or customer", Key: "Ctrl N"})
}

func (s *Screen) list(gtx layout.Context) layout.Dimensions {
	m, th := s.model, s.Theme
	switch l := &m.List; {
	case len(l.Rows) == 0 && l.Err != nil:
		return panel.Failed(gtx, th, screen.Sentence(l.Err), &s.Retry)
	case len(l.Rows) == 0 && l.Have && m.Filtered():
		return panel.NoMatch(gtx, th, "Nobody matches", &s.Clear)
	case len(l.Rows) == 0 && l.Have:
		return panel.Nothing(gtx, th, theme.IconUsers, "No suppliers or customers yet", "Press Ctrl N to add the first")
	}
	s.Table.Stale = m.List.Err != nil || !s.Env.Shell.Online()
	f := table.Foot{}
	if m.List.Have {
		f.Count = core.Qty(m.List.Sum).Number(core.Count) + " in the list"
	}
	return s.Table.Layout(gtx, th, s, f)
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
