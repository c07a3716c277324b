// Package parties keeps the suppliers and customers of the factory.
package parties

import (
	"context"
	"slices"
	"strings"

	"masala/core"
	"masala/core/op"
	"masala/core/party"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/pages"
	"masala/ui/screen/resume"
)

// Model is the list of parties with the one that is open, without its looks.
type Model struct {
	env *screen.Env

	Query    string
	Kind     party.Kind // "" for both
	Inactive bool       // those out of use, too
	List     pages.List[party.Party, int]

	Panel *Panel // nil while none is open
}

// resumes are the drafts that open here.
var resumes = []string{party.CreateParty.Name, party.UpdateParty.Name}

// NewModel makes the list as the route asks for it; Reload reads it.
func NewModel(env *screen.Env, r screen.Route) *Model {
	m := &Model{env: env}
	m.Open(r)
	return m
}

// Open shows what the route asks for.
func (m *Model) Open(r screen.Route) {
	if k := party.Kind(r.Filter); k == party.Supplier || k == party.Customer {
		m.Kind = k
	}
	if r.Query != "" {
		m.Search(r.Query)
	}
	switch {
	case r.Draft != "":
		resume.NewHere(m.env, func(d form.Draft) bool { return slices.Contains(resumes, d.Kind) }).Find(r.Draft, func(d form.Draft) {
			m.take(m.blank().keep().Resume(d))
		})
	case r.New && m.MayEdit():
		m.New(r.Query)
	case r.Party != 0:
		m.fetch(r.Party)
	}
}

// MayEdit reports whether this user keeps the parties.
func (m *Model) MayEdit() bool { return m.env.May(party.UpdateParty.Meta) }

// Topics are what the list shows.
func (m *Model) Topics() []op.Topic { return []op.Topic{party.Topic} }

// Reload reads the list again; what is typed in the panel stays.
func (m *Model) Reload() { m.load(true) }

func (m *Model) load(again bool) {
	q := party.ListPartiesReq{Query: m.Query, Kind: m.Kind, Inactive: m.Inactive}
	m.List.Load(m.env.Shell.Go, again, func(ctx context.Context, after string, limit int) (pages.Page[party.Party, int], error) {
		q.After, q.Limit = after, limit
		r, err := party.ListParties.Call(ctx, m.env.Caller, "", q)
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
func (m *Model) OnlyKind(k party.Kind) { m.Kind = k; m.load(false) }

// WithInactive shows parties out of use, too.
func (m *Model) WithInactive(on bool) { m.Inactive = on; m.load(false) }

// ClearFilters shows all parties in use again.
func (m *Model) ClearFilters() {
	m.Query, m.Kind, m.Inactive = "", "", false
	m.load(false)
}

// Filtered reports whether something narrows the list.
func (m *Model) Filtered() bool { return m.Query != "" || m.Kind != "" }

// Index finds the open party in the list, -1 when it is not there.
func (m *Model) Index() int {
	if m.Panel == nil || m.Panel.IsNew() {
		return -1
	}
	return slices.IndexFunc(m.List.Rows, func(p party.Party) bool { return p.ID == m.Panel.Party.ID })
}

// Dirty reports whether the panel holds something unsaved.
func (m *Model) Dirty() bool { return m.Panel != nil && m.Panel.Form.Dirty() }

// Show opens the panel of a party of the list.
func (m *Model) Show(i int) {
	if i >= 0 && i < len(m.List.Rows) {
		m.take(newPanel(m, m.List.Rows[i]).keep())
	}
}

// New opens the panel for a new party.
func (m *Model) New(name string) {
	if !m.MayEdit() {
		return
	}
	m.take(m.blank().keep())
	m.Panel.Name.Set(name)
}

func (m *Model) blank() *Panel {
	k := m.Kind
	if k == "" {
		k = party.Supplier
	}
	f := party.Fields{Kind: k, Active: true}
	if k == party.Customer {
		f.Segment = core.Regular
	}
	return newPanel(m, party.Party{Fields: f})
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

// fetch opens the panel of a party that need not be in the list.
func (m *Model) fetch(id core.PartyID) {
	m.env.Shell.Go(func(ctx context.Context) func() {
		p, err := party.GetParty.Call(ctx, m.env.Caller, "", party.GetPartyReq{ID: id})
		return func() {
			if err != nil {
				m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
				return
			}
			m.take(newPanel(m, p).keep())
		}
	})
}
