package grn

import (
	"strconv"

	"masala/core"
	"masala/core/catalog"
	"masala/ui/form"
)

// Names of a line's fields, in reading order.
const (
	fItem   = "item"
	fQty    = "qty"
	fRate   = "rate" // ₹ for one unit; never sent
	fValue  = "value"
	fBatch  = "supplier_batch"
	fMfg    = "mfg_on"
	fExpiry = "expiry_on"
	fHold   = "hold"
)

// The choices of QC: a line on hold is set aside for it.
const (
	release = "Release"
	onHold  = "Hold"
)

// reckoned marks, as an Aside nobody sees, what follows from other fields: the value
// from the rate or the rate from the value, the expiry from the shelf life. Typing
// takes the mark away.
const reckoned = " "

func lineFields() []form.Field {
	return []form.Field{
		{Path: fItem, Label: "Item", Required: true, Pick: true, Missing: "Choose the item."},
		{Path: fQty, Label: "Quantity", Required: true, Missing: "Enter the quantity."},
		{Path: fRate, Label: "Rate", Rule: form.Price},
		{Path: fValue, Label: "Taxable value", Required: true, Missing: "Enter the rate or the taxable value.", Rule: notBelowZero("The value cannot be negative.")},
		{Path: fBatch, Label: "Supplier lot", Rule: form.AtMost(60)},
		{Path: fMfg, Label: "Mfg date"},
		{Path: fExpiry, Label: "Expiry date", Rule: form.Day(func() form.Calendar { return form.Calendar{} })},
		{Path: fHold, Label: "QC"},
	}
}

// ready gives a new line the rules that look at its other fields.
func (m *Model) ready(r *form.Row) {
	r.Field(fQty).Rule = func(text string) (string, error) {
		how := m.Measure(r)
		if len(how.Units) == 0 {
			return text, nil // the item is not known yet
		}
		q, err := how.Parse(text)
		switch {
		case err != nil:
			return "", err
		case q.Base == 0:
			return "", core.Errorf(core.CodeInvalid, "Enter a quantity above zero.")
		}
		return how.Format(q), nil
	}
	r.Field(fRate).Rule = func(text string) (string, error) {
		n, err := form.ParseRate(text)
		if err == nil && n < 0 {
			err = core.Errorf(core.CodeInvalid, "The rate cannot be negative.")
		}
		return form.FormatRate(n), err
	}
	r.Field(fMfg).Rule = func(text string) (string, error) {
		d, err := form.Calendar{Today: m.env.Today()}.Parse(text)
		if err == nil && d > m.received() {
			err = core.Errorf(core.CodeInvalid, "It cannot be made after the day it came, %s.", m.received())
		}
		return d.String(), err
	}
	r.Field(fExpiry).Rule = form.Day(func() form.Calendar { return form.Calendar{Today: m.env.Today()} })
}

// received is the day the goods came.
func (m *Model) received() core.Date {
	if d := m.ReceivedOn.Date(); d != 0 {
		return d
	}
	return m.env.Today()
}

// Item is the item of a line.
func (m *Model) Item(r *form.Row) (catalog.ItemRow, bool) {
	it, ok := m.items[itemID(r)]
	return it, ok
}

// Measure is how the item of a line is counted; a bare number is in the unit the item
// is bought in.
func (m *Model) Measure(r *form.Row) form.Measure {
	it, ok := m.Item(r)
	if !ok {
		return form.Measure{}
	}
	how := form.Measure{Dimension: it.Dimension, Unit: it.PurchaseUnit}
	for _, u := range catalog.UnitsOf(&it.ItemFields) {
		how.Units = append(how.Units, form.Unit{Code: u.Code, Name: u.Name, Num: u.Num, Den: u.Den})
	}
	return how
}

// Quantity is what stands in the quantity of a line.
func (m *Model) Quantity(r *form.Row) (form.Quantity, bool) {
	return r.Field(fQty).Quantity(m.Measure(r))
}

// Below is the quantity of a line in base units where it was typed in another: "=
// 500.000 kg".
func (m *Model) Below(r *form.Row) string {
	q, ok := m.Quantity(r)
	if !ok {
		return ""
	}
	return m.Measure(r).Below(q)
}

// Unit is the unit of a line, for its column.
func (m *Model) Unit(r *form.Row) string {
	if q, ok := m.Quantity(r); ok {
		return q.Unit.Code
	}
	if u, ok := m.Measure(r).Default(); ok {
		return u.Code
	}
	return ""
}

// ChooseItem takes an item of the list for a line; the last line gets a blank one
// after it.
func (m *Model) ChooseItem(r *form.Row, it catalog.ItemRow) {
	m.items[it.ID] = it
	r.Field(fItem).Choose(strconv.FormatInt(int64(it.ID), 10), it.Name, it.NameHi)
	r.Field(fHold).Choose("", release, "")
	m.require(r, it)
	m.suggestExpiry(r)
	if q := r.Field(fQty); q.Text != "" {
		q.Leave()
	}
	m.Settle()
}

// require sets what this item asks of its line.
func (m *Model) require(r *form.Row, it catalog.ItemRow) {
	x := r.Field(fExpiry)
	x.Required = it.NeedsExpiry()
	x.Missing = "Expiry date is required for " + typeWord(it.Type) + "."
	hold := r.Field(fHold)
	hold.ReadOnly = it.QCRequired // the server sets it aside whatever is sent
	switch {
	case it.QCRequired:
		hold.Choose("", onHold, "")
	case hold.Text == "":
		hold.Choose("", release, "")
	}
}

func typeWord(t catalog.Type) string {
	switch t {
	case catalog.Raw:
		return "raw material"
	case catalog.Bulk:
		return "bulk powder"
	case catalog.Packing:
		return "packing material"
	}
	return "finished goods"
}

// Changed takes in that something was typed into a field of a line.
func (m *Model) Changed(r *form.Row) {
	if r.Field(fItem).Text == "" && onlyDefaults(r) {
		r.Field(fHold).ReadOnly = false
		r.Field(fHold).Clear()
		r.Field(fExpiry).Required = false
	}
	m.Settle()
}

// onlyDefaults reports that nothing but what the item brought along stands in r.
func onlyDefaults(r *form.Row) bool {
	for _, name := range []string{fQty, fRate, fValue, fBatch, fMfg, fExpiry} {
		if !r.Field(name).Blank() {
			return false
		}
	}
	return true
}

// Left takes in that a field of a line was left and read: what follows from it is
// filled in.
func (m *Model) Left(r *form.Row, name string) {
	switch name {
	case fQty, fRate, fValue:
		m.reckon(r, r.Field(name))
	case fMfg:
		m.suggestExpiry(r)
	}
	m.Settle()
}

// suggestExpiry fills the expiry from the day of making and the shelf life (R27); a
// date the user typed stays.
func (m *Model) suggestExpiry(r *form.Row) {
	it, ok := m.Item(r)
	mfg, x := r.Field(fMfg), r.Field(fExpiry)
	if !ok || it.ShelfLifeMonths == 0 || mfg.Date() == 0 || mfg.Error != "" {
		return
	}
	if x.Text == "" || Suggested(r) {
		x.Choose("", (mfg.Date().AddMonths(it.ShelfLifeMonths) - 1).String(), reckoned) // the last usable day (R24)
	}
}

// Suggested reports that the expiry of a line was reckoned, not typed.
func Suggested(r *form.Row) bool { return r.Field(fExpiry).Aside == reckoned }

// Held reports that the line goes on hold.
func Held(r *form.Row) bool { return r.Field(fHold).Text == onHold }

// SetHold chooses between release and hold; an item that needs QC stays on hold.
func (m *Model) SetHold(r *form.Row, on bool) {
	if f := r.Field(fHold); f.ReadOnly {
		return
	} else if on {
		f.Choose("", onHold, "")
	} else {
		f.Choose("", release, "")
	}
}

// Settle brings the lines in order after any change of rows: what each item asks,
// a blank line after the last one with an item, and on the first line that needs QC a note why it goes
// on hold.
func (m *Model) Settle() {
	said := false
	for i := range m.Lines.Len() {
		r := m.Lines.At(i)
		r.Notes = nil
		it, ok := m.Item(r)
		if !ok {
			continue
		}
		m.require(r, it)
		if it.QCRequired && !said {
			said = true
			r.Notes = []form.Note{{Text: it.Name + " needs QC: this lot goes on hold until an Admin releases it.", Tone: "hold"}}
		}
	}
	if n := m.Lines.Len(); n == 0 || itemID(m.Lines.At(n-1)) != 0 {
		m.Lines.Add()
	}
}

// Rearranged takes in that lines were copied, removed or brought back.
func (m *Model) Rearranged() {
	for _, r := range m.Lines.Filled() {
		m.reckon(r, nil)
	}
	m.Settle()
}
