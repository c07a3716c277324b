package grn

import (
	"masala/core"
	"masala/core/purchase"
	"masala/ui/form"
)

// Totals is what the delivery comes to as it stands, in paise.
type Totals struct {
	Lines   int // filled in
	Mass    core.Qty
	Pieces  core.Qty
	Goods   core.Paise
	Freight core.Paise
	Hamali  core.Paise
	Taxes   []Tax // IGST, or CGST and SGST; creditable, no part of any cost (R13)
	Invoice core.Paise
	Shares  []Share
}

// Tax is one kind of GST on the invoice.
type Tax struct {
	Name   string // "IGST 5 %"; without the rate where the items differ
	Amount core.Paise
}

// Share is what one line bears of freight and hamali, and what its goods then cost.
type Share struct {
	Row    *form.Row
	Name   string
	Landed core.Paise
	Cost   string // ₹ for one Per, four decimals; "" while there is none
	Per    string // kg, pcs
}

// Totals reckons the delivery as typed so far. What cannot be read yet counts
// nothing.
func (m *Model) Totals() Totals {
	req := m.request()
	t := Totals{Freight: req.Freight, Hamali: req.Hamali}
	var err error
	if t.Goods, err = req.Goods(); err != nil {
		return t
	}
	landed, err := req.Landed(m.measured())
	if err != nil {
		landed = make([]core.Paise, len(req.Lines))
	}
	for i, r := range m.Lines.Filled() {
		l := req.Lines[i]
		if l.Item == 0 {
			continue
		}
		s := Share{Row: r, Name: r.Field(fItem).Text, Landed: landed[i]}
		t.Lines++
		if it, ok := m.Item(r); ok {
			switch it.Dimension {
			case core.Mass:
				t.Mass += l.Qty
			case core.Count:
				t.Pieces += l.Qty
			}
			s.Per = it.Dimension.Unit()
			if cost, ok := core.Rate(l.Value+landed[i], l.Qty, it.Dimension); ok {
				s.Cost = core.FormatRate(cost)
			}
		}
		t.Shares = append(t.Shares, s)
	}
	t.Taxes = m.taxes(req)
	t.Invoice = t.Goods + t.Freight + t.Hamali
	for _, x := range t.Taxes {
		t.Invoice += x.Amount
	}
	return t
}

// measured are the dimensions of the lines of request; "" while an item is being read.
func (m *Model) measured() (list []core.Dimension) {
	for _, r := range m.Lines.Filled() {
		it, _ := m.Item(r)
		list = append(list, it.Dimension)
	}
	return list
}

// taxes splits the GST by where the supplier is (R32): IGST from another state, else
// CGST and SGST at half the rate each, rounded per line.
func (m *Model) taxes(req purchase.PostGRNReq) []Tax {
	day := req.InvoiceDate
	if day == 0 {
		day = m.received()
	}
	var whole, half core.Paise
	rate, mixed := core.Percent(-1), false
	for _, l := range req.Lines {
		it, ok := m.items[l.Item]
		if !ok {
			continue
		}
		pct, _ := it.GSTOn(day)
		if l.Value > 0 {
			mixed = mixed || rate >= 0 && rate != pct
			rate = pct
		}
		w, err := pct.Of(l.Value)
		if err != nil {
			return nil
		}
		h, err := pct.HalfOf(l.Value)
		if err != nil {
			return nil
		}
		whole, half = whole+w, half+h
	}
	name := func(kind string, parts int64) string {
		switch {
		case rate < 0 || mixed:
			return kind
		case int64(rate)%parts != 0:
			return kind + ", half of " + rate.String()
		}
		return kind + " " + (rate / core.Percent(parts)).String()
	}
	if p, ok := m.SupplierParty(); ok && m.known && p.StateCode == m.settings.StateCode {
		return []Tax{{name("CGST", 2), half}, {name("SGST", 2), half}}
	} else if ok {
		return []Tax{{name("IGST", 1), whole}}
	}
	return []Tax{{name("GST", 1), whole}}
}

// ToComplete counts the fields that still have to be filled in or mended.
func (m *Model) ToComplete() (n int) {
	for f := range m.Form.Fields() {
		if f.Error != "" || f.Required && !f.ReadOnly && (f.Text == "" || f.Pick && f.Key == "") {
			n++
		}
	}
	if m.SetAside() && m.HoldReason.Text == "" && m.HoldReason.Error == "" {
		n++
	}
	if m.BackDated() && m.Reason.Text == "" && m.Reason.Error == "" {
		n++
	}
	if len(m.Lines.Filled()) == 0 {
		n++
	}
	return n
}
