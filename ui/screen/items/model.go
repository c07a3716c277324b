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
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/pages"
	"masala/ui/screen/resume"
)

// Model is the list of items with the one that is open, without its looks.
type Model struct {
	env *screen.Env

	Query    string
	Type     catalog.Type // "" for all
	Inactive bool         // those out of use, too
	List     pages.List[catalog.ItemRow, int]

	Panel *Panel // nil while none is open
}

// resumes are the drafts that open here.
var resumes = []string{catalog.CreateItem.Name, catalog.UpdateItem.Name}

// NewModel makes the list as the route asks for it; Reload reads it.
func NewModel(env *screen.Env, r screen.Route) *Model {
	m := &Model{env: env}
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
		resume.NewHere(m.env, func(d form.Draft) bool { return slices.Contains(resumes, d.Kind) }).Find(r.Draft, func(d form.Draft) {
			m.take(m.blank(catalog.Raw).keep().Resume(d))
		})
	case r.New && m.MayEdit():
		m.New(r.Query)
	case r.Item != 0:
		m.fetch(r.Item)
	}
}

// MayEdit reports whether this user keeps the catalogue.
func (m *Model) MayEdit() bool { return m.env.May(catalog.UpdateItem.Meta) }

// Topics are what the list shows.
func (m *Model) Topics() []op.Topic { return []op.Topic{catalog.Topic, stock.Topic} }

// Reload reads the list again; what is typed in the panel stays.
func (m *Model) Reload() { m.load(true) }

func (m *Model) load(again bool) {
	q := catalog.ListItemsReq{Query: m.Query, Inactive: m.Inactive}
	if m.Type != "" {
		q.Types = []catalog.Type{m.Type}
	}
	m.List.Load(m.env.Shell.Go, again, func(ctx context.Context, after string, limit int) (p pages.Page[catalog.ItemRow, int], err error) {
		q.After, q.Limit = after, limit
		r, err := catalog.ListItems.Call(ctx, m.env.Caller, "", q)
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

// Index finds the open item in the list, -1 when it is not there.
func (m *Model) Index() int {
	if m.Panel == nil {
		return -1
	}
	for i := range m.List.Rows {
		if m.List.Rows[i].ID == m.Panel.Item.ID && m.Panel.Item.ID != 0 {
			return i
		}
	}
	return -1
}

// Dirty reports whether the panel holds something unsaved.
func (m *Model) Dirty() bool { return m.Panel != nil && m.Panel.Form.Dirty() }

// Show opens the panel of an item of the list.
func (m *Model) Show(i int) {
	if i >= 0 && i < len(m.List.Rows) {
		m.take(newPanel(m, m.List.Rows[i].Item).keep())
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
	m.take(m.blank(t).keep())
	m.Panel.Name.Set(name)
	m.Panel.Suggest()
}

func (m *Model) blank(t catalog.Type) *Panel {
	return newPanel(m, catalog.Item{ItemFields: catalog.ItemFields{Type: t, Dimension: core.Mass, PurchaseUnit: "kg", IssueUnit: "kg", Active: true}})
}

// take shows another panel, or none. What the former holds unsaved stays as a draft.
func (m *Model) take(p *Panel) {
	if old := m.Panel; old != nil && old.kept != nil && old != p {
		old.kept.Leave()
	}
	m.Panel = p
}

// Shut closes the panel.
func (m *Model) Shut() { m.take(nil) }

// fetch opens the panel of an item that need not be in the list.
func (m *Model) fetch(id core.ItemID) {
	m.env.Shell.Go(func(ctx context.Context) func() {
		it, err := catalog.GetItem.Call(ctx, m.env.Caller, "", catalog.GetItemReq{ID: id})
		return func() {
			if err != nil {
				m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
				return
			}
			m.take(newPanel(m, it).keep())
		}
	})
}
