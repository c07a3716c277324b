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
	fUnit   = "unit"
	fRate   = "rate" // ₹ for one unit; never sent
	fValue  = "value"
	fBatch  = "supplier_batch"
	fMfg    = "mfg_on"
	fExpiry = "expiry_on"
	fHold   = "hold"
)

// onHold is the text of the hold field of a line that is set aside.
const onHold = "Hold"

// reckoned marks, as Aside, the one of rate and value that follows from the other;
// typing into it takes the mark away.
const reckoned = "="

func lineFields() []form.Field {
	return []form.Field{
		{Path: fItem, Label: "Item", Required: true, Pick: true, Missing: "Choose the item."},
		{Path: fQty, Label: "Quantity", Required: true, Missing: "Enter the quantity."},
		{Path: fUnit, Label: "Unit"},
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
		r.Field(fUnit).Choose("", q.Unit.Code, "")
		return how.Number(q), nil
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

// Measure is how the item of a line is counted; a bare number is in the unit that
// stands in the line.
func (m *Model) Measure(r *form.Row) form.Measure {
	it, ok := m.Item(r)
	if !ok {
		return form.Measure{}
	}
	how := form.Measure{Dimension: it.Dimension, Unit: r.Field(fUnit).Text}
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

// ChooseItem takes an item of the list for a line; the last line gets a blank one
// after it.
func (m *Model) ChooseItem(r *form.Row, it catalog.ItemRow) {
	m.items[it.ID] = it
	r.Field(fItem).Choose(strconv.FormatInt(int64(it.ID), 10), it.Name, it.NameHi)
	r.Field(fUnit).Choose("", it.PurchaseUnit, "")
	r.Field(fHold).Set("")
	m.require(r, it)
	m.suggestExpiry(r, 0)
	if q := r.Field(fQty); q.Text != "" {
		q.Leave()
		m.reckon(r, nil)
	}
	m.blankRow()
}

// require sets what this item asks of its line.
func (m *Model) require(r *form.Row, it catalog.ItemRow) {
	x := r.Field(fExpiry)
	x.Required = it.NeedsExpiry()
	x.Missing = "Expiry date is required for " + typeWord(it.Type) + "."
	if it.QCRequired {
		r.Field(fHold).Set(onHold)
	}
	if _, err := m.Measure(r).Find(r.Field(fUnit).Text); err != nil {
		r.Field(fUnit).Choose("", it.PurchaseUnit, "")
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

// blankRow keeps one blank line at the end.
func (m *Model) blankRow() {
	if n := m.Lines.Len(); n == 0 || !m.Lines.At(n-1).Blank() {
		m.Lines.Add()
	}
}

// Type takes what the user typed into a field of a line.
func (m *Model) Type(r *form.Row, f *form.Field, text string) {
	f.Set(text)
	if item := r.Field(fItem); f == item && text == "" && onlyDefaults(r) {
		r.Field(fUnit).Clear()
		r.Field(fHold).Clear()
	}
	m.blankRow()
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

// Leave reads a field of a line as it is left, and what follows from it.
func (m *Model) Leave(r *form.Row, f *form.Field) {
	before := r.Field(fMfg).Date()
	if r.Blank() {
		f.Error = ""
		r.Notes = nil
		return
	}
	f.Leave()
	switch f {
	case r.Field(fQty), r.Field(fRate), r.Field(fValue):
		m.reckon(r, f)
	case r.Field(fMfg):
		m.suggestExpiry(r, before)
	}
}

// suggestExpiry fills the expiry from the day of making and the shelf life (R27); a
// date the user typed stays. before is the day of making it was suggested from.
func (m *Model) suggestExpiry(r *form.Row, before core.Date) {
	it, ok := m.Item(r)
	mfg, x := r.Field(fMfg).Date(), r.Field(fExpiry)
	if !ok || it.ShelfLifeMonths == 0 || mfg == 0 || r.Field(fMfg).Error != "" {
		return
	}
	if x.Text == "" || x.Aside == reckoned && x.Text != "" || before != 0 && x.Date() == before.AddMonths(it.ShelfLifeMonths) {
		x.Choose("", mfg.AddMonths(it.ShelfLifeMonths).String(), reckoned)
	}
}

// Suggested reports that the expiry of a line was reckoned, not typed.
func Suggested(r *form.Row) bool { return r.Field(fExpiry).Aside == reckoned }

// Held reports that the line goes on hold.
func Held(r *form.Row) bool { return r.Field(fHold).Text == onHold }

// ToggleHold changes between release and hold. An item that needs QC stays on hold,
// and the line says why.
func (m *Model) ToggleHold(r *form.Row) {
	it, ok := m.Item(r)
	if !ok {
		return
	}
	r.Notes = nil
	switch {
	case it.QCRequired:
		r.Notes = []form.Note{{Text: it.Name + " needs QC: it goes on hold until an Admin releases it.", Tone: "hold"}}
	case Held(r):
		r.Field(fHold).Set("")
	default:
		r.Field(fHold).Set(onHold)
	}
}

// SetUnit changes the unit of a line; the number stays as it was typed.
func (m *Model) SetUnit(r *form.Row, code string) {
	r.Field(fUnit).Choose("", code, "")
	if q := r.Field(fQty); q.Text != "" {
		m.Leave(r, q)
	}
}

// CopyRow fills the empty fields of row i from the row above.
func (m *Model) CopyRow(i int) bool {
	if !m.Lines.Copy(i) {
		return false
	}
	if it, ok := m.Item(m.Lines.At(i)); ok {
		m.require(m.Lines.At(i), it)
	}
	m.reckon(m.Lines.At(i), nil)
	m.blankRow()
	return true
}

// RemoveRow takes row i out.
func (m *Model) RemoveRow(i int) bool {
	ok := m.Lines.Remove(i)
	m.blankRow()
	return ok
}

// UndoRemove brings the row removed last back and returns its place.
func (m *Model) UndoRemove() (int, bool) {
	i, ok := m.Lines.Undo()
	m.blankRow()
	return i, ok
}
