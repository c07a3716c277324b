package grn

import (
	"context"
	"errors"
	"strings"

	"masala/core"
	"masala/core/party"
	"masala/core/purchase"
	"masala/ui/form"
	"masala/ui/screen"
)

// request is the delivery as it would be sent now.
func (m *Model) request() purchase.PostGRNReq {
	q := purchase.PostGRNReq{
		Supplier: m.supplierID(), InvoiceNo: m.InvoiceNo.Text, InvoiceDate: m.InvoiceDate.Date(),
		ReceivedOn: m.ReceivedOn.Date(), Freight: m.Freight.Money(), Hamali: m.Hamali.Money(),
	}
	if m.BackDated() {
		q.Reason = m.Reason.Text
	}
	for _, r := range m.Lines.Filled() {
		l := purchase.GRNLine{Item: itemID(r), Unit: m.Unit(r), Value: r.Field(fValue).Money(),
			SupplierBatch: r.Field(fBatch).Text, MfgOn: r.Field(fMfg).Date(), ExpiryOn: r.Field(fExpiry).Date(), Hold: Held(r)}
		if m.doubted(r) {
			l.HoldReason = m.HoldReason.Text
		}
		if n, ok := m.Quantity(r); ok {
			l.Qty = n.Base
		}
		q.Lines = append(q.Lines, l)
	}
	return q
}

// between finds faults that no field can see alone.
func (m *Model) between(_ *form.Form, fault func(path, sentence string)) {
	for _, r := range m.Lines.Filled() {
		m.reckon(r, nil)
		it, ok := m.Item(r)
		x := r.Field(fExpiry)
		if d := x.Date(); ok && d != 0 && d < m.received() && !Held(r) {
			fault(x.Path, it.Name+" had expired on "+d.String()+" when it came. Put it on hold or return it.")
		}
		if mfg := r.Field(fMfg).Date(); mfg != 0 && x.Date() != 0 && x.Date() < mfg {
			fault(x.Path, "The expiry lies before the manufacturing date.")
		}
	}
	if m.SetAside() && m.HoldReason.Text == "" {
		fault(m.HoldReason.Path, m.HoldReason.Missing)
	}
	if m.BackDated() && m.Reason.Text == "" {
		fault(m.Reason.Path, m.Reason.Missing)
	}
}

// Post sends the delivery. It returns the first field at fault, nil when it was
// sent. While one posting is under way another does nothing.
func (m *Model) Post() *form.Field {
	if m.Busy {
		return nil
	}
	m.Tried, m.Posted, m.Doc = true, nil, 0
	if m.Unknown() {
		m.Form.Message = "The items of this draft are still being read. Try again in a moment."
		return nil
	}
	if bad := m.Form.Validate(); bad != nil {
		return bad
	}
	req := m.request()
	if err := req.Validate(); err != nil {
		return m.Form.Apply(err)
	}
	m.Busy = true
	key, send := m.Form.Key(), m.kept.Sending()
	m.env.Shell.Go(func(ctx context.Context) func() {
		var resp purchase.PostGRNResp
		err := send(func() (err error) {
			resp, err = purchase.PostGRN.Call(ctx, m.env.Caller, key, req)
			return err
		})
		return func() { m.answered(resp, err) }
	})
	return nil
}

// answered takes the server's word.
func (m *Model) answered(resp purchase.PostGRNResp, err error) {
	m.Busy = false
	if err == nil {
		m.Clear()
		m.Posted = &resp
		m.env.Shell.Toast(screen.Toast{Text: resp.Number + " posted"})
		if m.Emptied != nil {
			m.Emptied()
		}
		m.Offer.Look()
		return
	}
	var e *core.Error
	if errors.As(err, &e) {
		for i, x := range e.Fields { // the unit stands in the quantity
			if line, ok := strings.CutSuffix(x.Field, ".unit"); ok {
				e.Fields[i].Field = line + "." + fQty
			}
		}
	}
	bad := m.Form.Apply(err)
	switch {
	case e == nil:
		m.sentKey = m.Form.Key()
		m.Form.Message = screen.Sentence(err)
	case e.Code == core.CodeConflict:
		if n, ok := e.Args["document"].(float64); ok {
			m.Doc = core.DocumentID(n)
		}
	case e.Ref != "":
		m.Form.Message = screen.Sentence(err)
	}
	if !m.env.IsAdmin() && m.ReceivedOn.Error != "" {
		m.today()
		bad = m.Form.First()
	}
	if bad != nil && m.Unfold != nil {
		m.Unfold(bad)
	}
}

// Clear empties the entry for the next delivery, under a new request key.
func (m *Model) Clear() {
	m.ReceivedOn.Initial = m.env.Today().String()
	m.Form.Reset()
	m.Tried, m.Posted, m.Doc, m.Redated = false, nil, 0, false
	m.supplier, m.lacks = party.Party{}, nil
}
