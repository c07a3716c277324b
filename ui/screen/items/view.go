package items

import (
	"gioui.org/layout"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/screen/record"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/table"
)

// Entries make the items known to menu and palette.
func Entries() []screen.Entry {
	return []screen.Entry{{
		ID: screen.MastersItems, Module: screen.Masters, Label: "Items", Icon: theme.IconBoxes, Needs: catalog.ListItems.Meta, Resumes: kind.Resumes(),
		New: func(env *screen.Env, r screen.Route) screen.Screen { return New(env, r) },
	}}
}

// Screen is the page.
type Screen struct {
	record.Page
	model *Model
	types widget.Segment
}

// New makes the page as the route asks for it.
func New(env *screen.Env, r screen.Route) *Screen {
	s := &Screen{model: NewModel(env, r)}
	s.Start(env, s.model, s, table.New("Items",
		table.Column{Title: "SKU", Width: 104, Strong: true},
		table.Column{Title: "Name", Min: 200},
		table.Column{Title: "Type", Kind: table.Tag, Width: 96},
		table.Column{Title: "On hand", Kind: table.Number, Width: 140, Strong: true, Aside: 34},
		table.Column{Title: "Minimum", Kind: table.Number, Width: 128, Aside: 34, Drop: 2},
		table.Column{Title: "Shelf life", Kind: table.Number, Width: 146, Aside: 56, Drop: 3},
		table.Column{Title: "GST", Kind: table.Number, Width: 76, Drop: 4},
		table.Column{Title: "Status", Kind: table.Pill, Width: 112}))
	s.Find.SetText(s.model.Query)
	return s
}

// Crumbs is the way here.
func (s *Screen) Crumbs() []string { return []string{"Masters", "Items"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return s.model.Topics() }

// Open shows another route.
func (s *Screen) Open(r screen.Route) bool {
	s.model.Open(r)
	s.Find.SetText(s.model.Query)
	return true
}

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action { return s.Do("New item") }

// Layout draws the page.
func (s *Screen) Layout(gtx layout.Context) layout.Dimensions {
	if s.types.Changed(gtx) {
		s.model.OnlyType(order[s.types.Value])
	}
	if s.Update(gtx) {
		s.types.Value = 0
	}
	if p := s.model.Panel; s.Fresh() && p != nil && p.IsNew() {
		s.Fields.Focus(p.Name)
	}
	s.UpdatePanel(gtx, s.inputs)
	return s.Draw(gtx, s.toolbar, s.list, s.side)
}

// order of the types in the filter.
var order = []catalog.Type{"", catalog.Raw, catalog.Bulk, catalog.Packing, catalog.Finished}

func (s *Screen) toolbar(gtx layout.Context) layout.Dimensions {
	add := widget.ButtonLook{Text: "New item", Key: "Ctrl N"}
	if gtx.Constraints.Max.X < gtx.Dp(1000) {
		add.Key = ""
	}
	return s.Toolbar(gtx, "SKU or name", 5, func(gtx layout.Context) layout.Dimensions {
		return s.types.Layout(gtx, s.Theme, "All", "Raw", "Bulk", "Packing", "Finished")
	}, add)
}

func (s *Screen) list(gtx layout.Context) layout.Dimensions {
	m, th := s.model, s.Theme
	switch l := &m.List; {
	case len(l.Rows) == 0 && l.Err != nil:
		return panel.Failed(gtx, th, screen.Sentence(l.Err), &s.Retry)
	case len(l.Rows) == 0 && l.Have && m.Filtered():
		return panel.NoMatch(gtx, th, "No items match", &s.Clear)
	case len(l.Rows) == 0 && l.Have:
		return panel.Nothing(gtx, th, theme.IconBoxes, "No items yet", "Press Ctrl N to add the first")
	}
	s.Table.Stale = m.List.Err != nil || !s.Env.Shell.Online()
	f := table.Foot{}
	if m.List.Have {
		f.Count = form.FormatInt(int64(m.List.Sum)) + " items"
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
	it := &s.model.List.Rows[row]
	switch col {
	case 0:
		return table.Cell{Text: it.SKU}
	case 1:
		return table.Cell{Text: it.Name, After: it.NameHi}
	case 2:
		return typeCell(it.Type)
	case 3:
		return table.Cell{Text: it.OnHand.Number(it.Dimension), After: it.Dimension.Unit()}
	case 4:
		if it.MinStock == 0 {
			return table.Cell{}
		}
		return table.Cell{Text: it.MinStock.Number(it.Dimension), After: it.Dimension.Unit()}
	case 5:
		if it.ShelfLifeMonths == 0 {
			return table.Cell{}
		}
		return table.Cell{Text: core.Qty(it.ShelfLifeMonths).Number(core.Count), After: "months"}
	case 6:
		return table.Cell{Text: it.GSTNow.String()}
	}
	switch {
	case !it.Active:
		return table.Cell{Text: "Out of use", Tone: table.Neutral}
	case it.OnHand < it.MinStock:
		return table.Cell{Text: "Low", Tone: table.Warn}
	}
	return table.Cell{Text: "In use", Tone: table.OK}
}

func typeCell(t catalog.Type) table.Cell {
	switch t {
	case catalog.Raw:
		return table.Cell{Text: "Raw", Tone: table.Raw}
	case catalog.Bulk:
		return table.Cell{Text: "Bulk", Tone: table.Bulk}
	case catalog.Packing:
		return table.Cell{Text: "Packing", Tone: table.Packing}
	}
	return table.Cell{Text: "Finished", Tone: table.Finished}
}

// Label is a row as it is read out.
func (s *Screen) Label(row int) string {
	it := &s.model.List.Rows[row]
	return it.SKU + ", " + it.Name
}

var (
	_ screen.Focuser = (*Screen)(nil)
	_ screen.Escaper = (*Screen)(nil)
)
