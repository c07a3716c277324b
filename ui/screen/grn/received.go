package grn

import (
	"context"
	"strings"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/pages"
	"masala/ui/screen/resume"
)

// Received is the list of goods received, with the one that is open, without its
// looks.
type Received struct {
	env   *screen.Env
	Query string
	List  pages.List[stock.DocumentRow, struct{}]

	Open  core.DocumentID // shown in the panel; 0 for none
	GRN   *purchase.GRN   // nil until it has been read
	Costs *purchase.CostedGRN
	Fault string // why it could not be read

	Reversal *form.Form // nil unless the open GRN is about to be cancelled
	Reason   *form.Field
	kept     *form.Kept // of Reversal
	Busy     bool
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
	m.shut()
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

// AskReverse starts the cancelling of the open GRN: the reason comes first. Its
// request key stays the same until it was answered (R36).
func (m *Received) AskReverse() {
	if m.MayReverse() && m.Reversal == nil {
		m.begin(m.GRN.ID, m.GRN.Number)
	}
}

// reversalKind is the kind of its drafts: other pages reverse other documents.
const reversalKind = "stock.reverse_document of a GRN"

// reversed is the GRN a draft cancels.
type reversed struct {
	Document core.DocumentID `json:"document"`
	Number   string          `json:"number"`
}

func (m *Received) begin(id core.DocumentID, number string) {
	m.Reversal = form.New(reversalKind, "cancellation", m.env.NewKey)
	m.Reversal.Base, m.Reversal.About = reversed{id, number}, number
	m.Reason = m.Reversal.Add(form.Field{Path: "reason", Label: "Reason", Required: true, Missing: "Give the reason.", Rule: form.AtMost(200)})
	m.kept = m.env.Desk.Keep(m.Reversal)
}

// Find goes on with the draft of a cancellation.
func (m *Received) Find(key string, found func()) {
	resume.NewHere(m.env, func(d form.Draft) bool { return d.Kind == reversalKind }).Find(key, func(d form.Draft) {
		var of reversed
		if !d.Of(&of) {
			return
		}
		goOn := func() {
			m.Show(of.Document)
			m.begin(of.Document, of.Number)
			m.kept.Resume(d)
			found()
		}
		if !d.Strange {
			goOn()
			return
		}
		m.env.Shell.Go(func(ctx context.Context) func() {
			now, err := purchase.GetGRN.Call(ctx, m.env.Caller, "", purchase.GetGRNReq{ID: of.Document})
			return func() {
				switch {
				case core.CodeOf(err) == core.CodeNotFound || err == nil && now.Number != of.Number:
					resume.Elsewhere(m.env, d)
				case err != nil:
					m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
				default:
					goOn()
				}
			}
		})
	})
}

// shut ends the cancelling; what is typed stays as a draft.
func (m *Received) shut() {
	if m.kept != nil {
		m.kept.Leave()
	}
	m.Reversal, m.Reason, m.kept = nil, nil, nil
}

// KeepIt gives the cancelling up.
func (m *Received) KeepIt() {
	if !m.Busy && m.Reversal != nil {
		m.kept.Discard(nil)
		m.Reversal, m.Reason, m.kept = nil, nil, nil
	}
}

// ConfirmReverse asks the last question; it returns the field at fault, if any.
func (m *Received) ConfirmReverse() *form.Field {
	if m.Busy || m.Reversal == nil || m.GRN == nil {
		return nil
	}
	if bad := m.Reversal.Validate(); bad != nil {
		return bad
	}
	m.env.Shell.Ask(screen.Question{Title: "Cancel " + m.GRN.Number + "?",
		Text:    "A reversal dated today takes all its lots out of stock again. The GRN stays in the books, marked cancelled.",
		Answers: []screen.Answer{{Label: "Keep it"}, {Label: "Cancel GRN", Danger: true, Do: m.reverse}}})
	return nil
}

// reverse cancels the open GRN (R9). A second press while it is under way does
// nothing.
func (m *Received) reverse() {
	if m.Busy || m.Reversal == nil {
		return
	}
	req := stock.ReverseReq{Document: m.Open, Reason: m.Reason.Text}
	if err := req.Validate(); err != nil {
		m.Reversal.Apply(err)
		return
	}
	m.Busy = true
	f, number, send := m.Reversal, m.GRN.Number, m.kept.Sending()
	m.env.Shell.Go(func(ctx context.Context) func() {
		var p stock.Posted
		err := send(func() (err error) {
			p, err = stock.ReverseDocument.Call(ctx, m.env.Caller, f.Key(), req)
			return err
		})
		return func() {
			m.Busy = false
			switch open := m.Reversal == f; {
			case err != nil && open:
				f.Apply(err)
				f.Message = screen.Sentence(err)
				return
			case err != nil:
				m.env.Shell.Toast(screen.Toast{Error: true, Text: number + " was not cancelled. " + screen.Sentence(err)})
				return
			case open:
				m.shut()
			}
			m.env.Shell.Toast(screen.Toast{Text: number + " cancelled by " + p.Number})
			m.Reload()
		}
	})
}
