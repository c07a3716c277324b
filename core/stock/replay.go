package stock

import (
	"fmt"

	"masala/core"
)

// Replay adds the ledger up again, row by row, from nothing, and finds what breaks
// the rules or differs from the caches (R5, R10, R40).
type Replay struct {
	Rows     int64
	Seq      core.Seq
	Head     Hash
	cells    map[CellKey]*replayed
	items    map[core.ItemID]*itemSum
	doc      core.DocumentID
	value    core.Paise
	qty      map[core.ItemID]core.Qty
	problems Problems
}

type replayed struct {
	Cell
	newest core.Date
}

type itemSum struct {
	qty   core.Qty
	value core.Paise
	cells int
}

// Problems collects the first findings in words and counts the rest.
type Problems struct {
	Found []string
	Count int
}

const maxFound = 50

// Add notes a finding.
func (p *Problems) Add(format string, args ...any) {
	p.Count++
	if len(p.Found) < maxFound {
		p.Found = append(p.Found, fmt.Sprintf(format, args...))
	}
}

// NewReplay starts with empty books.
func NewReplay() *Replay {
	return &Replay{cells: map[CellKey]*replayed{}, items: map[core.ItemID]*itemSum{}, qty: map[core.ItemID]core.Qty{}}
}

// Row takes the next ledger row; rows come in order of seq.
func (r *Replay) Row(row Row) {
	r.Rows++
	if row.Seq != r.Seq+1 {
		r.problems.Add("ledger: row %d follows row %d", row.Seq, r.Seq)
	}
	if want := row.Chain(r.Head); row.Hash != want {
		r.problems.Add("ledger: row %d was changed after it was posted (its hash does not follow)", row.Seq)
	}
	r.Seq, r.Head = row.Seq, row.Hash
	if row.Document != r.doc {
		r.endDocument()
		r.doc = row.Document
	}
	r.value += row.Value
	r.qty[row.Item] += row.Qty
	if row.Account == InStock {
		r.cell(row)
	}
}

func (r *Replay) cell(row Row) {
	c := r.cells[row.CellKey]
	if c == nil {
		c = &replayed{Cell: Cell{CellKey: row.CellKey, Item: row.Item}}
		r.cells[row.CellKey] = c
	}
	item := r.items[row.Item]
	if item == nil {
		item = &itemSum{}
		r.items[row.Item] = item
	}
	had := c.Qty > 0
	c.Qty += row.Qty
	c.Value += row.Value
	item.qty += row.Qty
	item.value += row.Value
	switch has := c.Qty > 0; {
	case has && !had:
		item.cells++
	case had && !has:
		item.cells--
	}
	if c.Qty < 0 || c.Value < 0 || c.Qty == 0 && c.Value != 0 {
		r.problems.Add("ledger: row %d leaves lot %d (%s, %s) with quantity %d and %d paise", row.Seq, row.Lot, row.Segment, row.Status, c.Qty, c.Value)
	}
	if row.EffectiveOn < c.newest {
		r.problems.Add("ledger: row %d is dated %s, before %s when its stock last came in", row.Seq, row.EffectiveOn, c.newest)
	}
	if row.Qty > 0 || row.Qty == 0 && row.Value != 0 {
		c.newest = row.EffectiveOn
	}
}

// endDocument checks that the rows of one document balance.
func (r *Replay) endDocument() {
	if r.value != 0 {
		r.problems.Add("ledger: document %d does not balance by %d paise", r.doc, r.value)
	}
	for item, q := range r.qty {
		if q != 0 {
			r.problems.Add("ledger: document %d does not balance by %d of item %d", r.doc, q, item)
		}
	}
	r.value = 0
	clear(r.qty)
}

// CompareCell takes one cached cell with the day of its newest inbound row.
func (r *Replay) CompareCell(c Cell, newest core.Date) {
	want := r.cells[c.CellKey]
	delete(r.cells, c.CellKey)
	switch {
	case want == nil:
		r.problems.Add("balance: lot %d (%s, %s) is in no ledger row", c.Lot, c.Segment, c.Status)
	case want.Cell != c || want.newest != newest:
		r.problems.Add("balance: lot %d (%s, %s) holds %d worth %d paise, the ledger says %d worth %d paise", c.Lot, c.Segment, c.Status, c.Qty, c.Value, want.Qty, want.Value)
	}
}

// CompareItem takes one cached item balance.
func (r *Replay) CompareItem(item core.ItemID, q core.Qty, v core.Paise, cells int) {
	want := r.items[item]
	delete(r.items, item)
	switch {
	case want == nil:
		r.problems.Add("balance: item %d is in no ledger row", item)
	case *want != itemSum{q, v, cells}:
		r.problems.Add("balance: item %d holds %d worth %d paise in %d places, the ledger says %d worth %d paise in %d", item, q, v, cells, want.qty, want.value, want.cells)
	}
}

// Finish ends the replay and returns what was found. What was not compared is
// missing from the caches.
func (r *Replay) Finish() Problems {
	r.endDocument()
	for key := range r.cells {
		r.problems.Add("balance: lot %d (%s, %s) is missing", key.Lot, key.Segment, key.Status)
	}
	for item := range r.items {
		r.problems.Add("balance: item %d is missing", item)
	}
	return r.problems
}
