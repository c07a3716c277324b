package grn

import (
	"context"
	"strings"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/screen/pages"
)

// Received is the list of goods received, with the one that is open, without its
// looks.
type Received struct {
	env   *screen.Env
	Query string
	List  pages.List[stock.DocumentRow, struct{}]

	Open   core.DocumentID // shown in the panel; 0 for none
	GRN    *purchase.GRN   // nil until it has been read
	Costs  *purchase.CostedGRN
	Fault  string // why it could not be read
	Asking bool   // the reason of a reversal is being asked for

	Reason   string
	ReasonNo string // what is wrong with the reason
	Busy     bool
	key      string // of the reversal, kept until it was answered
	gen      int
}

// NewReceived makes the list; Reload reads it.
func NewReceived(env *screen.Env) *Received { return &Received{env: env} }

// Reload reads the list, and the open GRN, again.
func (m *Received) Reload() {
	m.load(true)
	if m.Open != 0 {
		m.read()
	}
}

func (m *Received) load(again bool) {
	query := m.Query
	m.List.Load(m.env.Shell.Go, again, func(ctx context.Context, after string, limit int) (p pages.Page[stock.DocumentRow, struct{}], err error) {
		r, err := stock.ListDocuments.Call(ctx, m.env.Caller, "", stock.ListDocumentsReq{Query: query, Kinds: []stock.DocumentKind{stock.KindGRN}, After: after, Limit: limit})
		p.Rows, p.Next = r.Documents, r.Next
		return p, err
	})
}

// Search narrows the list to GRN numbers that start with query.
func (m *Received) Search(query string) {
	if query = strings.TrimSpace(query); query != m.Query {
		m.Query = query
		m.load(false)
	}
}

// Show opens a GRN in the panel; 0 closes it.
func (m *Received) Show(id core.DocumentID) {
	if id == m.Open {
		return
	}
	m.Open, m.GRN, m.Costs, m.Fault = id, nil, nil, ""
	m.Asking, m.Reason, m.ReasonNo, m.key = false, "", "", ""
	if id != 0 {
		m.read()
	}
}

// read asks an Admin's view with costs, anybody else's without (R37).
func (m *Received) read() {
	m.gen++
	gen, id := m.gen, m.Open
	m.env.Shell.Go(func(ctx context.Context) func() {
		var plain purchase.GRN
		var costed *purchase.CostedGRN
		var err error
		if m.env.IsAdmin() {
			var c purchase.CostedGRN
			c, err = purchase.GetCostedGRN.Call(ctx, m.env.Caller, "", purchase.GetGRNReq{ID: id})
			plain, costed = c.GRN, &c
		} else {
			plain, err = purchase.GetGRN.Call(ctx, m.env.Caller, "", purchase.GetGRNReq{ID: id})
		}
		return func() {
			if gen != m.gen {
				return
			}
			m.Fault = screen.Sentence(err)
			if err == nil {
				m.GRN, m.Costs = &plain, costed
			}
		}
	})
}

// MayReverse reports whether the open GRN can be cancelled by this user.
func (m *Received) MayReverse() bool {
	return m.GRN != nil && m.GRN.ReversedBy == "" && m.env.May(stock.ReverseDocument.Meta)
}

// AskReverse starts the cancelling of the open GRN: the reason comes first.
func (m *Received) AskReverse() {
	if m.MayReverse() {
		m.Asking, m.Reason, m.ReasonNo = true, "", ""
		m.key = m.env.NewKey()
	}
}

// Reverse cancels the open GRN; shut is called when it is done (R9). A second press
// while it is under way does nothing.
func (m *Received) Reverse(shut func()) {
	if m.Busy || !m.Asking {
		return
	}
	req := stock.ReverseReq{Document: m.Open, Reason: m.Reason}
	if err := req.Validate(); err != nil {
		m.ReasonNo = screen.Sentence(err)
		return
	}
	m.Busy, m.ReasonNo = true, ""
	key, number := m.key, m.GRN.Number
	m.env.Shell.Go(func(ctx context.Context) func() {
		p, err := stock.ReverseDocument.Call(ctx, m.env.Caller, key, req)
		return func() {
			m.Busy = false
			if err != nil {
				m.ReasonNo = screen.Sentence(err)
				return
			}
			m.Asking = false
			m.env.Shell.Toast(screen.Toast{Text: number + " cancelled by " + p.Number})
			shut()
			m.Reload()
		}
	})
}
