// Package items is the catalogue: raw material, bulk powder, packing material and
// finished goods.
package items

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
	"masala/ui/screen/record"
)

// Model is the list of items with the one that is open, without its looks.
type Model struct {
	record.Book[catalog.Item, *Panel]

	Query    string
	Type     catalog.Type // "" for all
	Inactive bool         // those out of use, too
	List     pages.List[catalog.ItemRow, int]
}

var kind = record.Kind[catalog.Item]{
	Noun: "item", Create: catalog.CreateItem.Meta, Update: catalog.UpdateItem.Meta,
	ID:     func(it *catalog.Item) int64 { return int64(it.ID) },
	Stamp:  func(it *catalog.Item) *core.Stamp { return &it.Stamp },
	Fields: func(it *catalog.Item) any { return &it.ItemFields },
	Read: func(ctx context.Context, c op.Caller, id int64) (catalog.Item, error) {
		return catalog.GetItem.Call(ctx, c, "", catalog.GetItemReq{ID: core.ItemID(id)})
	},
	Said: func(it catalog.Item, created bool) string {
		if created {
			return it.SKU + " " + it.Name + " added"
		}
		return it.Name + " saved"
	},
}

// NewModel makes the list as the route asks for it; Reload reads it.
func NewModel(env *screen.Env, r screen.Route) *Model {
	m := &Model{}
	m.Book = record.Book[catalog.Item, *Panel]{Env: env, Kind: &kind, Again: m.Reload, Resumed: (*Panel).Follow,
		Make: func(it catalog.Item) *Panel { return newPanel(m, it) }}
	m.Open(r)
	return m
}

// Open shows what the route asks for.
func (m *Model) Open(r screen.Route) {
	if r.Query != "" {
		m.Search(r.Query)
	}
	switch {
	case r.Draft != "":
		m.Draft(r.Draft)
	case r.New && m.MayEdit():
		m.New(r.Query)
	case r.Item != 0:
		m.Fetch(int64(r.Item))
	}
}

// Topics are what the list shows.
func (m *Model) Topics() []op.Topic { return []op.Topic{catalog.Topic, stock.Topic} }

// Reload reads the list again; what is typed in the panel stays.
func (m *Model) Reload() { m.load(true) }

func (m *Model) load(again bool) {
	q := catalog.ListItemsReq{Query: m.Query, Inactive: m.Inactive}
	if m.Type != "" {
		q.Types = []catalog.Type{m.Type}
	}
	m.List.Load(m.Env.Shell.Go, again, func(ctx context.Context, after string, limit int) (p pages.Page[catalog.ItemRow, int], err error) {
		q.After, q.Limit = after, limit
		r, err := catalog.ListItems.Call(ctx, m.Env.Caller, "", q)
		return pages.Page[catalog.ItemRow, int]{Rows: r.Items, Next: r.Next, Sum: r.Total}, err
	})
}

// Search narrows the list to items with these words in SKU or name.
func (m *Model) Search(query string) {
	if query = strings.TrimSpace(query); query != m.Query {
		m.Query = query
		m.load(false)
	}
}

// OnlyType narrows the list to one type, "" for all.
func (m *Model) OnlyType(t catalog.Type) { m.Type = t; m.load(false) }

// WithInactive shows items out of use, too.
func (m *Model) WithInactive(on bool) { m.Inactive = on; m.load(false) }

// ClearFilters shows all items in use again.
func (m *Model) ClearFilters() {
	m.Query, m.Type, m.Inactive = "", "", false
	m.load(false)
}

// Filtered reports whether something narrows the list.
func (m *Model) Filtered() bool { return m.Query != "" || m.Type != "" }

// Retry reads the list again after a failure.
func (m *Model) Retry() { m.List.Retry() }

// Index finds the open item in the list, -1 when it is not there.
func (m *Model) Index() int {
	return slices.IndexFunc(m.List.Rows, func(r catalog.ItemRow) bool { return m.Holds(&r.Item) })
}

// Choose opens the panel of an item of the list.
func (m *Model) Choose(i int) {
	if i >= 0 && i < len(m.List.Rows) {
		m.Show(m.List.Rows[i].Item)
	}
}

// New opens the panel for a new item; name is what was typed where it was missed.
func (m *Model) New(name string) {
	if !m.MayEdit() {
		return
	}
	t := m.Type
	if t == "" {
		t = catalog.Raw
	}
	p := m.Show(catalog.Item{ItemFields: catalog.ItemFields{Type: t, Dimension: core.Mass, PurchaseUnit: "kg", IssueUnit: "kg", Active: true}})
	p.Name.Set(name)
	p.Suggest()
}
