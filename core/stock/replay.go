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
	accounts map[accountDay]core.Paise
	days     map[itemDay]held
	doc      core.DocumentID
	balance  *balance
	problems Problems
}

type replayed struct {
	Cell
	newest core.Date
}

type accountDay struct {
	account Account
	day     core.Date
}

type itemDay struct {
	item core.ItemID
	day  core.Date
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
	return &Replay{cells: map[CellKey]*replayed{}, items: map[core.ItemID]*itemSum{},
		accounts: map[accountDay]core.Paise{}, days: map[itemDay]held{}, balance: newBalance()}
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
	if err := r.balance.add(row.Movement); err != nil {
		r.problems.Add("ledger: row %d is too large: %v", row.Seq, err)
	}
	r.accounts[accountDay{row.Account, row.EffectiveOn}] += row.Value
	if row.Account == InStock {
		day := itemDay{row.Item, row.EffectiveOn}
		h := r.days[day]
		r.days[day] = held{h.qty + row.Qty, h.value + row.Value}
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
	for _, fault := range r.balance.faults() {
		r.problems.Add("ledger: document %d does not balance: %s", r.doc, fault)
	}
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

// CompareAccountDay takes one cached sum of an account on a business day.
func (r *Replay) CompareAccountDay(account Account, day core.Date, v core.Paise) {
	key := accountDay{account, day}
	if want := r.accounts[key]; want != v {
		r.problems.Add("balance: %s of %s is %d paise, the ledger says %d", account, day, v, want)
	}
	delete(r.accounts, key)
}

// CompareItemDay takes one cached sum of an item on a business day.
func (r *Replay) CompareItemDay(item core.ItemID, day core.Date, q core.Qty, v core.Paise) {
	key := itemDay{item, day}
	if want := r.days[key]; want != (held{q, v}) {
		r.problems.Add("balance: item %d of %s moved %d worth %d paise, the ledger says %d worth %d", item, day, q, v, want.qty, want.value)
	}
	delete(r.days, key)
}

// Finish ends the replay and returns what was found. What was not compared is
// missing from the caches; sums of nothing need no entry there.
func (r *Replay) Finish() Problems {
	r.endDocument()
	for key := range r.cells {
		r.problems.Add("balance: lot %d (%s, %s) is missing", key.Lot, key.Segment, key.Status)
	}
	for item := range r.items {
		r.problems.Add("balance: item %d is missing", item)
	}
	for key, v := range r.accounts {
		if v != 0 {
			r.problems.Add("balance: %s of %s is missing", key.account, key.day)
		}
	}
	for key, h := range r.days {
		if h != (held{}) {
			r.problems.Add("balance: item %d of %s is missing", key.item, key.day)
		}
	}
	return r.problems
}
