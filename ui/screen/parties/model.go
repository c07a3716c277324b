// Package parties keeps the suppliers and customers of the factory.
package parties

import (
	"context"
	"slices"
	"strings"

	"masala/core"
	"masala/core/op"
	"masala/core/party"
	"masala/ui/screen"
	"masala/ui/screen/pages"
	"masala/ui/screen/record"
)

// Model is the list of parties with the one that is open, without its looks.
type Model struct {
	record.Book[party.Party, *Panel]

	Query    string
	Only     party.Kind // "" for both
	Inactive bool       // those out of use, too
	List     pages.List[party.Party, int]
}

var kind = record.Kind[party.Party]{
	Noun: "party", Create: party.CreateParty.Meta, Update: party.UpdateParty.Meta,
	ID:     func(x *party.Party) int64 { return int64(x.ID) },
	Stamp:  func(x *party.Party) *core.Stamp { return &x.Stamp },
	Fields: func(x *party.Party) any { return &x.Fields },
	Read: func(ctx context.Context, c op.Caller, id int64) (party.Party, error) {
		return party.GetParty.Call(ctx, c, "", party.GetPartyReq{ID: core.PartyID(id)})
	},
	Said: func(x party.Party, created bool) string {
		if created {
			return x.Name + " added"
		}
		return x.Name + " saved"
	},
}

// NewModel makes the list as the route asks for it; Reload reads it.
func NewModel(env *screen.Env, r screen.Route) *Model {
	m := &Model{}
	m.Book = record.Book[party.Party, *Panel]{Env: env, Kind: &kind, Again: m.Reload, Make: func(x party.Party) *Panel { return newPanel(m, x) }}
	m.Open(r)
	return m
}

// Open shows what the route asks for.
func (m *Model) Open(r screen.Route) {
	if k := party.Kind(r.Filter); k == party.Supplier || k == party.Customer {
		m.Only = k
	}
	if r.Query != "" {
		m.Search(r.Query)
	}
	switch {
	case r.Draft != "":
		m.Draft(r.Draft)
	case r.New && m.MayEdit():
		m.New(r.Query)
	case r.Party != 0:
		m.Fetch(int64(r.Party))
	}
}

// Topics are what the list shows.
func (m *Model) Topics() []op.Topic { return []op.Topic{party.Topic} }

// Reload reads the list again; what is typed in the panel stays.
func (m *Model) Reload() { m.load(true) }

func (m *Model) load(again bool) {
	q := party.ListPartiesReq{Query: m.Query, Kind: m.Only, Inactive: m.Inactive}
	m.List.Load(m.Env.Shell.Go, again, func(ctx context.Context, after string, limit int) (pages.Page[party.Party, int], error) {
		q.After, q.Limit = after, limit
		r, err := party.ListParties.Call(ctx, m.Env.Caller, "", q)
		return pages.Page[party.Party, int]{Rows: r.Parties, Next: r.Next, Sum: r.Total}, err
	})
}

// Search narrows the list to parties with these words in name, contact, phone or
// GSTIN.
func (m *Model) Search(query string) {
	if query = strings.TrimSpace(query); query != m.Query {
		m.Query = query
		m.load(false)
	}
}

// OnlyKind narrows the list to suppliers or customers, "" for both.
func (m *Model) OnlyKind(k party.Kind) { m.Only = k; m.load(false) }

// WithInactive shows parties out of use, too.
func (m *Model) WithInactive(on bool) { m.Inactive = on; m.load(false) }

// ClearFilters shows all parties in use again.
func (m *Model) ClearFilters() {
	m.Query, m.Only, m.Inactive = "", "", false
	m.load(false)
}

// Filtered reports whether something narrows the list.
func (m *Model) Filtered() bool { return m.Query != "" || m.Only != "" }

// Retry reads the list again after a failure.
func (m *Model) Retry() { m.List.Retry() }

// Index finds the open party in the list, -1 when it is not there.
func (m *Model) Index() int {
	return slices.IndexFunc(m.List.Rows, func(x party.Party) bool { return m.Holds(&x) })
}

// Choose opens the panel of a party of the list.
func (m *Model) Choose(i int) {
	if i >= 0 && i < len(m.List.Rows) {
		m.Show(m.List.Rows[i])
	}
}

// New opens the panel for a new party.
func (m *Model) New(name string) {
	if !m.MayEdit() {
		return
	}
	f := party.Fields{Kind: m.Only, Active: true}
	if f.Kind == "" {
		f.Kind = party.Supplier
	}
	if f.Kind == party.Customer {
		f.Segment = core.Regular
	}
	m.Show(party.Party{Fields: f}).Name.Set(name)
}
