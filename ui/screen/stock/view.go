package stock

import (
	"slices"

	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/core/catalog"
	"masala/core/op"
	"masala/core/stock"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/screen/resume"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
	"masala/ui/widget/table"
)

// Entries make the lots known to menu, palette and keys.
func Entries() []screen.Entry {
	return []screen.Entry{{
		ID: screen.Lots, Module: screen.Procurement, Label: "Lots", Short: "Stock", Icon: theme.IconBoxes,
		Needs: stock.ListLots.Meta, Key: screen.Shortcut{Name: key.NameF10}, Rail: true,
		Tile:    &screen.Tile{Title: "Stock and lots", Note: "Find, hold, see where it came from", Stage: screen.StagePacking},
		Resumes: resumes,
		New:     func(env *screen.Env, r screen.Route) screen.Screen { return New(env, r) },
	}}
}

// Screen is the page.
type Screen struct {
	screen.Base
	env   *screen.Env
	th    *theme.Theme
	model *Model

	search  widget.Field
	types   widget.Segment
	filter  widget.Chip
	filters widget.Popover
	choices []widget.Clickable
	above   widget.Chip
	item    widget.Chip
	clear   widget.Button
	retry   widget.Button
	table   *table.Table
	columns []stock.SortBy // what each column sorts by
	wants   bool           // the table shall have the keyboard

	frame  panel.Frame
	verbs  []widget.Button
	adjust widget.Button
	source widget.Clickable
	act    *Act // being done in the panel; nil for none
	hands  hands
}

// hands are the controls of an act.
type hands struct {
	qty          input.Quantity
	reason       input.Combobox
	words, note  input.Text
	value        input.Number
	back, submit widget.Button
}

// New makes the page as the route asks for it.
func New(env *screen.Env, r screen.Route) *Screen {
	s := &Screen{env: env, th: env.Theme, model: NewModel(env, r)}
	add := func(by stock.SortBy, c table.Column) table.Column {
		c.Sort = by != ""
		s.columns = append(s.columns, by)
		return c
	}
	columns := []table.Column{
		add(stock.ByLot, table.Column{Title: "Lot", Width: 166, Strong: true}),
		add(stock.ByItem, table.Column{Title: "Item", Min: 160}),
		add("", table.Column{Title: "Type", Kind: table.Tag, Width: 92, Drop: 2}),
		add(stock.ByQty, table.Column{Title: "On hand", Kind: table.Number, Width: 130, Strong: true, Aside: 34}),
	}
	if s.model.Valued() {
		columns = append(columns, add(stock.ByValue, table.Column{Title: "Value ₹", Kind: table.Number, Width: 118}))
	}
	columns = append(columns,
		add(stock.ByExpiry, table.Column{Title: "Expiry", Kind: table.Date, Width: 176, Aside: 60}),
		add(stock.ByStatus, table.Column{Title: "Status", Kind: table.Pill, Width: 112}))
	s.table = table.New("Lots", columns...)
	s.choices = make([]widget.Clickable, len(Filters()))
	s.sorted()
	s.search.SetText(s.model.Query)
	s.find(r.Draft)
	return s
}

// sorted shows in the table what the model sorts by.
func (s *Screen) sorted() {
	for i, by := range s.columns {
		if by == s.model.Sort {
			s.table.SortColumn, s.table.Descending = i, s.model.Desc
		}
	}
}

// Crumbs is the way here.
func (s *Screen) Crumbs() []string { return []string{"Procurement", "Lots"} }

// Topics are what the page shows.
func (s *Screen) Topics() []op.Topic { return s.model.Topics() }

// Reload reads the page again.
func (s *Screen) Reload() { s.model.Reload() }

// Open shows another route.
func (s *Screen) Open(r screen.Route) bool {
	s.model.Open(r)
	s.find(r.Draft)
	s.search.SetText(s.model.Query)
	s.sorted()
	return true
}

// find goes on with the draft of an act.
func (s *Screen) find(key string) {
	if key == "" {
		return
	}
	resume.NewHere(s.env, func(d form.Draft) bool { return slices.Contains(resumes, d.Kind) }).Find(key, func(d form.Draft) {
		s.model.Find(d, func(a *Act) {
			s.model.show(a.Key)
			s.begin(a)
		})
	})
}

// Dirty reports an act that was begun.
func (s *Screen) Dirty() bool { return s.act != nil && !s.act.Done && s.act.Form.Dirty() }

// Focus gives the keyboard to the table, as long as nothing is being typed.
func (s *Screen) Focus(layout.Context) { s.wants = s.act == nil }

// PanelOpen reports whether the side panel is open.
func (s *Screen) PanelOpen() bool { return s.model.Panel }

// leave does what ends the act, after asking if something was typed.
func (s *Screen) leave(do func()) {
	quit := func() {
		if s.act != nil {
			s.act.Leave()
		}
		s.act = nil
		do()
	}
	if !s.Dirty() {
		quit()
		return
	}
	s.env.Shell.Ask(screen.Question{Title: "You have unsaved changes. Close anyway?", Text: screen.StaysAsDraft,
		Answers: []screen.Answer{{Label: "Stay"}, {Label: "Close", Danger: true, Do: quit}}})
}

// Escape closes the act, then the panel.
func (s *Screen) Escape() bool {
	switch {
	case s.act != nil:
		if !s.act.Busy {
			s.leave(func() { s.wants = true })
		}
	case s.model.Panel:
		s.model.ClosePanel()
		s.wants = true
	default:
		return false
	}
	return true
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
		return widget.Column(gtx, theme.S12,
			layout.Rigid(s.toolbar),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min = gtx.Constraints.Max
				return panel.Beside(gtx, s.th, panel.Details, s.model.Panel, s.lots, s.side)
			}))
	})
}

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
	if s.types.Changed(gtx) {
		m.OnlyType(append([]catalog.Type{""}, order...)[s.types.Value])
	}
	if s.filter.Clicked(gtx) {
		s.filters.Toggle()
	}
	for i, f := range Filters() {
		if s.choices[i].Clicked(gtx) {
			s.filters.Hide()
			m.OnlyFilter(f)
		}
	}
	if s.filter.Remove.Clicked(gtx) {
		m.OnlyFilter(Open)
	}
	if s.above.Clicked(gtx) && m.Empty {
		m.WithEmpty(false)
	}
	if s.above.Remove.Clicked(gtx) {
		m.WithEmpty(true)
	}
	if s.item.Remove.Clicked(gtx) {
		m.AnyItem()
	}
	if s.clear.Clicked(gtx) {
		m.ClearFilters()
		s.search.SetText("")
		s.types.Value = 0
	}
	if s.retry.Clicked(gtx) {
		m.List.Retry()
	}
	s.updateTable(gtx)
	s.updateSide(gtx)
}

func (s *Screen) updateTable(gtx layout.Context) {
	m := s.model
	s.table.Selected = m.Index()
	for ev, ok := s.table.Update(gtx, s); ok; ev, ok = s.table.Update(gtx, s) {
		switch ev.Kind {
		case table.Selected:
			if s.act == nil || !s.act.Busy {
				s.leave(func() { m.Select(ev.Row) })
			}
		case table.Opened:
			m.Select(ev.Row)
			m.OpenPanel()
		case table.Peeked:
			m.Select(ev.Row)
			if m.Panel {
				m.ClosePanel()
			} else {
				m.OpenPanel()
			}
		case table.Sorted:
			m.SortBy(s.columns[ev.Column], ev.Descending)
		}
	}
}

// Actions are what can be done here.
func (s *Screen) Actions() []screen.Action {
	m := s.model
	list := []screen.Action{{Name: "Find", Icon: theme.IconSearch, Key: screen.Shortcut{Name: key.NameF3}, Do: s.search.Focus}}
	if !m.Panel {
		return list
	}
	if m.MayAdjust() {
		list = append(list, screen.Action{Name: "Adjust lot", Icon: theme.IconSlidersHorizontal, Do: s.startAdjust})
	}
	for _, c := range m.Changes() {
		list = append(list, screen.Action{Name: string(c) + " lot", Icon: changeIcon(c), Do: func() { s.startChange(c) }})
	}
	return list
}

func changeIcon(c Change) theme.Icon {
	switch c {
	case ReleaseIt:
		return theme.IconLockOpen
	case RejectIt:
		return theme.IconPackageX
	}
	return theme.IconLock
}

func (s *Screen) startAdjust() { s.begin(s.model.StartAdjust()) }

func (s *Screen) startChange(c Change) { s.begin(s.model.StartChange(c)) }

// begin shows the form of an act in the panel.
func (s *Screen) begin(a *Act) {
	if a == nil {
		return
	}
	s.act, s.hands = a, hands{}
	s.hands.qty.Measure = a.measure
	s.hands.reason.Search = input.Among(reasons())
	if a.Change == "" {
		s.hands.qty.Focus()
	} else {
		s.hands.words.Focus()
	}
}

func reasons() (list []input.Option) {
	for _, r := range stock.Reasons {
		list = append(list, input.Option{Key: r, Name: r})
	}
	return list
}

// goTo gives the keyboard to a field of the act.
func (s *Screen) goTo(f *form.Field) {
	h, a := &s.hands, s.act
	switch {
	case f == nil:
	case f == a.Qty:
		h.qty.Focus()
	case f == a.Reason && a.Change == "":
		h.reason.Focus()
	case f == a.Reason:
		h.words.Focus()
	case f == a.Note:
		h.note.Focus()
	case f == a.Value:
		h.value.Focus()
	}
}

var (
	_ screen.Focuser = (*Screen)(nil)
	_ screen.Escaper = (*Screen)(nil)
)
