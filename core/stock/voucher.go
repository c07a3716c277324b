package stock

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"masala/core"
	"masala/core/op"
)

// Voucher is a document while it is being posted. Begin it, add lots, movements and
// edges, and Post it; the transaction around it makes all of that one step. Post is
// the only way rows get into the ledger, so that every rule about rows stands there.
type Voucher struct {
	call  *op.Call
	tx    Ledger
	doc   Document
	moves []Movement
	moved map[CellKey]held // what the movements add up to, per cell
	cells map[CellKey]*CellNow
	edges []Edge
	born  []core.LotID

	misday bool // its day is noted as wrong
}

type held struct {
	qty   core.Qty
	value core.Paise
}

// Begin heads a new document. An empty number takes the next free one of the kind
// for the effective day; a given one must be free. An EffectiveOn of 0 is today.
func Begin(c *op.Call, tx Ledger, d Document) (*Voucher, error) {
	if d.EffectiveOn == 0 {
		d.EffectiveOn = c.Today()
	}
	d.PostedAt, d.User, d.Device = c.Now, c.Actor.User, c.Actor.Device
	number, err := takeNumber(tx, d)
	if err != nil {
		return nil, err
	}
	d.Number = number
	d.ID, err = tx.InsertDocument(d)
	c.Document = d.ID
	return &Voucher{call: c, tx: tx, doc: d, moved: map[CellKey]held{}, cells: map[CellKey]*CellNow{}}, err
}

// Number is the document's number.
func (v *Voucher) Number() string { return v.doc.Number }

// Posted names the document in an answer.
func (v *Voucher) Posted() Posted { return Posted{v.doc.ID, v.doc.Number} }

// NewLot opens a lot born with this document, of other lots or of none, and gives it the
// next number of the day. It keeps the allergens it is born with, whatever becomes of the
// masters (R22).
func (v *Voucher) NewLot(l Lot, of ...core.LotID) (Lot, error) {
	number, err := LotNumbers.Take(v.tx, v.doc.EffectiveOn)
	if err != nil {
		return l, err
	}
	l.Number, l.BornOn, l.Source = number, v.doc.EffectiveOn, v.doc.ID
	if l.Allergens, err = v.tx.BornWith(l.Item, of); err != nil {
		return l, err
	}
	l.ID, err = v.tx.InsertLot(l)
	v.born = append(v.born, l.ID)
	return l, err
}

// Move adds rows to the document.
func (v *Voucher) Move(rows ...Movement) {
	v.moves = append(v.moves, rows...)
	for _, m := range rows {
		if m.Account == InStock {
			h := v.moved[m.CellKey]
			v.moved[m.CellKey] = held{h.qty + m.Qty, h.value + m.Value}
		}
	}
}

// From adds an edge of genealogy to the document.
func (v *Voucher) From(e Edge) { v.edges = append(v.edges, e) }

// Post checks that the document balances (R5), that its edges say what it moves (R40),
// that no cell falls below zero or holds value without quantity (R40), that its date may
// stand (R7), also for what it takes of a batch or of a customer, and that no recall holds
// its stock back (R30), and writes rows, cells, sums and edges. All shortages are named at
// once.
func (v *Voucher) Post() error {
	if err := v.balanced(); err != nil {
		return err
	}
	if err := v.consistent(); err != nil {
		return err
	}
	var bad core.Faults
	if err := v.datedInOpenPeriod(&bad); err != nil {
		return err
	}
	if err := v.datedAfterItsGrounds(&bad); err != nil {
		return err
	}
	recalls, err := v.free(&bad)
	if err != nil {
		return err
	}
	seq, hash, err := v.tx.Head()
	if err != nil {
		return err
	}
	var sums sums
	var dirty []*CellNow
	rows := make([]Row, len(v.moves))
	for i, m := range v.moves {
		sums.add(m)
		if m.Account == InStock {
			cell, cells, err := v.moveCell(m, &bad)
			if err != nil {
				return err
			}
			if !slices.Contains(dirty, cell) {
				dirty = append(dirty, cell)
			}
			sums.cells(m.Item, cells)
		}
		seq++
		rows[i] = Row{Seq: seq, PostedAt: v.doc.PostedAt, EffectiveOn: v.doc.EffectiveOn, Document: v.doc.ID, Line: i + 1,
			Movement: m, Reason: v.doc.Reason, User: v.doc.User}
		rows[i].Hash = rows[i].Chain(hash)
		hash = rows[i].Hash
	}
	if err := bad.Err(); err != nil {
		if e := err.(*core.Error); len(recalls) > 0 {
			e.Code = core.CodeConflict
			return e.With("recalls", recalls)
		}
		return err
	}
	if err := v.write(rows, dirty); err != nil {
		return err
	}
	if err := v.lasting(); err != nil {
		return err
	}
	if err := sums.put(v.tx, v.doc.EffectiveOn); err != nil {
		return err
	}
	return v.freezeChildren()
}

func (v *Voucher) write(rows []Row, dirty []*CellNow) error {
	cells := make([]CellNow, len(dirty))
	for i, c := range dirty {
		cells[i] = *c
	}
	if err := v.tx.PutCells(cells); err != nil {
		return err
	}
	if err := v.tx.AppendRows(rows); err != nil {
		return err
	}
	return v.tx.InsertEdges(v.doc.ID, v.edges)
}

// moveCell applies one movement to its cell and tells by how much the number of
// cells with stock changes.
func (v *Voucher) moveCell(m Movement, bad *core.Faults) (now *CellNow, cells int, err error) {
	now, err = v.cell(m.CellKey)
	if err != nil {
		return nil, 0, err
	}
	if day := now.Newest; v.doc.EffectiveOn < day {
		v.misdated(bad, "This stock last changed on %s. Choose that day or a later one.", day)
	}
	before, cell := now.Cell, now.Cell
	cell.Item = m.Item
	if cell.Qty, err = core.Add(cell.Qty, m.Qty); err != nil {
		return nil, 0, core.Invalid("qty", "This quantity is too large.").Because(err)
	}
	if cell.Value, err = core.Add(cell.Value, m.Value); err != nil {
		return nil, 0, core.Invalid("value", "This value is too large.").Because(err)
	}
	if cell.Qty < 0 {
		return now, 0, v.shortage(m, before.Qty, bad)
	}
	if cell.Value < 0 || cell.Qty == 0 && cell.Value != 0 {
		return nil, 0, core.Errorf(core.CodeConflict, "The value of this lot has changed since. Post a correction instead.")
	}
	if m.Qty > 0 || m.Qty == 0 && m.Value != 0 {
		now.Newest = v.doc.EffectiveOn
	}
	switch {
	case before.Qty == 0 && cell.Qty > 0:
		cells = 1
	case before.Qty > 0 && cell.Qty == 0:
		cells = -1
	}
	now.Cell = cell
	return now, cells, nil
}

func (v *Voucher) shortage(m Movement, have core.Qty, bad *core.Faults) error {
	lot, err := v.tx.Lot(m.Lot)
	if err != nil {
		return err
	}
	item, err := v.tx.ItemRef(m.Item)
	if err != nil {
		return err
	}
	bad.Lack(false, v.lotField(), "%s: need %s, available %s.", lot.Number, (-m.Qty).String(item.Dimension), have.String(item.Dimension))
	return nil
}

// balanced is the rule of double entry: a document's values sum to zero, and so
// does the quantity of every lot; what it converts comes out at the value that went
// in (R5).
func (v *Voucher) balanced() error {
	if len(v.moves) == 0 {
		return core.Errorf(core.CodeInvalid, "There is nothing to post.")
	}
	b := newBalance()
	for _, m := range v.moves {
		if err := b.add(m); err != nil {
			return core.Errorf(core.CodeInvalid, "The quantities or values of this document are too large together.").Because(err)
		}
	}
	if faults := b.faults(); len(faults) > 0 {
		return fmt.Errorf("%s does not balance: %s", v.doc.Number, strings.Join(faults, "; "))
	}
	return nil
}

func (v *Voucher) datedInOpenPeriod(bad *core.Faults) error {
	closed, err := v.tx.LastClosedMonth()
	if err == nil && closed != 0 && v.doc.EffectiveOn.Month() <= closed {
		v.misdated(bad, "%s is closed. Choose a day in an open month.", closed.Time().Format("January 2006"))
	}
	return err
}

// datedAfterItsGrounds: what stands on other documents is not dated before them. Material
// comes out of a batch after it went in, goods come back after they left (R7).
func (v *Voucher) datedAfterItsGrounds(bad *core.Faults) error {
	for _, id := range v.doc.On {
		on, err := v.tx.Document(id)
		if err != nil {
			return err
		}
		if v.doc.EffectiveOn < on.EffectiveOn {
			v.misdated(bad, "%s, on which this stands, is of %s. Choose that day or a later one.", on.Number, on.EffectiveOn)
		}
	}
	return nil
}

// misdated notes once that the document's day is wrong, under the name it has in the form.
func (v *Voucher) misdated(bad *core.Faults, format string, args ...any) {
	bad.Check(v.misday, cmp.Or(v.doc.DayField, "effective_on"), format, args...)
	v.misday = true
}

// lotField is where a form says what stock the document takes.
func (v *Voucher) lotField() string { return cmp.Or(v.doc.LotField, "lot") }

// DayOf is the business day of an entry whose form has the fields effective_on and
// reason: today where it is left open, or an earlier one as CheckDate allows. What CheckDate
// refuses is noted, and the rest is judged by today.
func DayOf(c *op.Call, tx Ledger, day core.Date, reason string, bad *core.Faults) (core.Date, error) {
	if day == 0 {
		return c.Today(), nil
	}
	faults := bad.Len()
	if err := bad.Merge("", CheckDate(c, tx, "effective_on", day, "reason", reason)); err != nil || bad.Len() > faults {
		return c.Today(), err
	}
	return day, nil
}

// CheckDate is the rule of backdating: today is free to all; an earlier day only to
// an Admin, with a reason and at most so many days back as the settings allow; a
// later day to nobody (R7). field and why name date and reason in the request.
func CheckDate(c *op.Call, tx Ledger, field string, day core.Date, why, reason string) error {
	today := c.Today()
	switch {
	case day == today:
		return nil
	case day > today:
		return core.Invalid(field, "%s lies in the future. Today is %s.", day, today)
	case !c.IsAdmin():
		return core.Invalid(field, "Only an Admin may enter an earlier day. Today is %s.", today)
	}
	days, err := tx.BackdateDays()
	if err != nil {
		return err
	}
	if back := int(today - day); back > days {
		return core.Invalid(field, "%s is %d days back. At most %d days are allowed.", day, back, days)
	}
	if reason == "" {
		return core.Invalid(why, "Give the reason for the earlier day.")
	}
	return nil
}
