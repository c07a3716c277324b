// Package stock is the list of lots: what lies in the factory, until when it may be
// used and in what state, with everything about one lot beside it.
package stock

import (
	"context"
	"slices"
	"strings"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/screen/pages"
)

// Filter is a choice of state.
type Filter string

// The filters, by their words.
const (
	Open     Filter = "open"
	Released Filter = "released"
	OnHold   Filter = "hold"
	Rejected Filter = "rejected"
	Expired  Filter = "expired"
)

// Filters lists them in the order of the menu.
func Filters() []Filter { return []Filter{Open, Released, OnHold, Rejected, Expired} }

// Row is one stock cell; Value is only told to Admins.
type Row struct {
	stock.LotRow
	Value core.Paise
}

// Sum is what the server tells about all cells that match.
type Sum struct {
	Counts stock.LotCounts
	Value  core.Paise
}

// Detail is all about one lot; Value and Rate are only told to Admins.
type Detail struct {
	stock.LotDetail
	Value core.Paise
	Rate  int64
}

// Model is the stock list without its looks.
type Model struct {
	env *screen.Env

	Query  string
	Type   catalog.Type // "" for all
	Filter Filter
	Empty  bool // lots used up, too
	Item   core.ItemID
	Sort   stock.SortBy
	Desc   bool

	List pages.List[Row, Sum]

	Selected stock.CellKey // zero for none
	Panel    bool          // the details are shown
	Detail   *Detail       // nil until it has been read
	Fault    string        // why it could not be read

	gen int
}

// NewModel makes the list as the route asks for it; Reload reads it.
func NewModel(env *screen.Env, r screen.Route) *Model {
	m := &Model{env: env, Filter: Open, Sort: stock.ByExpiry}
	m.follow(r)
	return m
}

// Open shows another route.
func (m *Model) Open(r screen.Route) {
	m.follow(r)
	m.load(false)
}

func (m *Model) follow(r screen.Route) {
	if r.Query != "" {
		m.Query = r.Query
	}
	m.Item = r.Item
	switch f := Filter(r.Filter); {
	case slices.Contains(Filters(), f):
		m.Filter = f
	case r.Filter == "expiring": // soonest first shows them
		m.Sort, m.Desc = stock.ByExpiry, false
	}
	if t := catalog.Type(r.Filter); slices.Contains(catalog.Types(), t) {
		m.Type = t
	}
	if r.Lot != 0 {
		m.show(stock.CellKey{Lot: r.Lot})
	}
}

// Valued reports whether this user is told values (R37).
func (m *Model) Valued() bool { return m.env.May(stock.ListValuedLots.Meta) }

// Reload reads list and details again; selection stays.
func (m *Model) Reload() {
	m.load(true)
	if m.Selected.Lot != 0 {
		m.read()
	}
}

// request is the list as it is filtered and sorted now.
func (m *Model) request() stock.ListLotsReq {
	q := stock.ListLotsReq{Query: m.Query, Item: m.Item, Empty: m.Empty, Sort: m.Sort, Desc: m.Desc}
	if m.Type != "" {
		q.Types = []catalog.Type{m.Type}
	}
	switch m.Filter {
	case Released:
		q.Statuses = []stock.Status{stock.Released}
	case OnHold:
		q.Statuses = []stock.Status{stock.Hold}
	case Rejected:
		q.Statuses = []stock.Status{stock.Rejected}
	case Expired:
		q.Expired = true
	}
	return q
}

func (m *Model) load(again bool) {
	q, valued := m.request(), m.Valued()
	m.List.Load(m.env.Shell.Go, again, func(ctx context.Context, after string, limit int) (p pages.Page[Row, Sum], err error) {
		q.After, q.Limit = after, limit
		if valued {
			r, err := stock.ListValuedLots.Call(ctx, m.env.Caller, "", q)
			for _, l := range r.Lots {
				p.Rows = append(p.Rows, Row{l.LotRow, l.Value})
			}
			p.Next, p.Sum = r.Next, Sum{r.Counts, r.Value}
			return p, err
		}
		r, err := stock.ListLots.Call(ctx, m.env.Caller, "", q)
		for _, l := range r.Lots {
			p.Rows = append(p.Rows, Row{LotRow: l})
		}
		p.Next, p.Sum = r.Next, Sum{Counts: r.Counts}
		return p, err
	})
}

// Search narrows the list to lots with these words in number, item or supplier lot.
func (m *Model) Search(query string) {
	if query = strings.TrimSpace(query); query != m.Query {
		m.Query = query
		m.load(false)
	}
}

// OnlyType narrows the list to one type, "" for all.
func (m *Model) OnlyType(t catalog.Type) { m.Type = t; m.load(false) }

// OnlyFilter narrows the list to one state.
func (m *Model) OnlyFilter(f Filter) { m.Filter = f; m.load(false) }

// WithEmpty shows lots that are used up, too.
func (m *Model) WithEmpty(on bool) { m.Empty = on; m.load(false) }

// AnyItem shows lots of all items again.
func (m *Model) AnyItem() { m.Item = 0; m.load(false) }

// SortBy orders the list on the server.
func (m *Model) SortBy(by stock.SortBy, desc bool) { m.Sort, m.Desc = by, desc; m.load(false) }

// Filtered reports whether something narrows the list.
func (m *Model) Filtered() bool {
	return m.Query != "" || m.Type != "" || m.Filter != Open || m.Item != 0
}

// ClearFilters shows the open stock again.
func (m *Model) ClearFilters() {
	m.Query, m.Type, m.Filter, m.Empty, m.Item = "", "", Open, false, 0
	m.load(false)
}

// Index finds the selected cell in the list, -1 when it is not there.
func (m *Model) Index() int {
	return slices.IndexFunc(m.List.Rows, func(r Row) bool { return m.isSelected(r) })
}

// isSelected: a route names the lot only, a row the very cell.
func (m *Model) isSelected(r Row) bool {
	if m.Selected.Segment == "" {
		return m.Selected.Lot != 0 && r.Lot == m.Selected.Lot
	}
	return r.CellKey == m.Selected
}

// Select makes row i the selected one; its details are read while the panel is open.
func (m *Model) Select(i int) {
	if i >= 0 && i < len(m.List.Rows) {
		m.choose(m.List.Rows[i].CellKey)
	}
}

func (m *Model) choose(k stock.CellKey) {
	if k == m.Selected {
		return
	}
	if k.Lot != m.Selected.Lot {
		m.Detail, m.Fault = nil, ""
	}
	m.Selected = k
	if m.Panel && m.Detail == nil {
		m.read()
	}
}

// show opens the panel of a cell.
func (m *Model) show(k stock.CellKey) {
	m.choose(k)
	m.OpenPanel()
}

// OpenPanel shows the details of the selected lot.
func (m *Model) OpenPanel() {
	if m.Selected.Lot != 0 && !m.Panel {
		m.Panel = true
		m.read()
	}
}

// ClosePanel hides the details.
func (m *Model) ClosePanel() { m.Panel = false }

func (m *Model) read() {
	m.gen++
	gen, id, valued := m.gen, m.Selected.Lot, m.env.May(stock.GetValuedLot.Meta)
	m.env.Shell.Go(func(ctx context.Context) func() {
		var d Detail
		var err error
		if valued {
			var v stock.ValuedLotDetail
			v, err = stock.GetValuedLot.Call(ctx, m.env.Caller, "", stock.GetLotReq{ID: id})
			d = Detail{v.LotDetail, v.Value, v.Rate}
		} else {
			d.LotDetail, err = stock.GetLot.Call(ctx, m.env.Caller, "", stock.GetLotReq{ID: id})
		}
		return func() {
			if gen != m.gen {
				return
			}
			m.Fault = screen.Sentence(err)
			if err == nil {
				m.Detail = &d
			}
		}
	})
}

// Cell is the selected part of the lot in the panel: its own quantity and state.
func (m *Model) Cell() (stock.LotCell, bool) {
	if m.Detail == nil {
		return stock.LotCell{}, false
	}
	for _, c := range m.Detail.Cells {
		if c.Segment == m.Selected.Segment && c.Status == m.Selected.Status {
			return c, true
		}
	}
	if len(m.Detail.Cells) > 0 {
		return m.Detail.Cells[0], true
	}
	// A lot that is used up: the cell that was chosen, empty.
	empty := stock.LotCell{Segment: m.Selected.Segment, Status: m.Selected.Status}
	if empty.Segment == "" {
		empty.Segment, empty.Status = core.Regular, stock.Released
	}
	return empty, true
}

// Topics are what the list shows.
func (m *Model) Topics() []op.Topic { return []op.Topic{stock.Topic, catalog.Topic} }
