package stock

import (
	"fmt"
	"math"
	"slices"

	"masala/core"
)

// Replay adds the ledger up again, row by row, from nothing, and finds what breaks
// the rules or differs from the caches (R5, R10, R40).
type Replay struct {
	Rows     int64
	Seq      core.Seq
	Head     Hash
	first    dense[struct{}, replayed] // the cell that each lot came into
	others   map[place]*replayed       // and where else it was
	words    []string                  // segments and statuses, by their number in a place
	items    map[core.ItemID]*itemSum
	accounts map[accountDay]core.Paise
	days     dense[core.ItemID, held] // by the number of the day
	doc      core.DocumentID
	balance  *balance
	problems Problems
}

// place is a CellKey in a few bytes: books of ten years have a million cells, and the
// replay keeps all of them.
type place struct {
	lot core.LotID
	spot
}

type spot struct{ segment, status uint8 }

type replayed struct {
	spot
	known  bool
	newest core.Date
	item   core.ItemID
	qty    core.Qty
	value  core.Paise
}

func (r *Replay) place(k CellKey) place {
	return place{k.Lot, spot{r.word(string(k.Segment)), r.word(string(k.Status))}}
}

// known is what was replayed of a cell, nil when that is nothing.
func (r *Replay) known(at place) *replayed {
	if c := r.first.find(struct{}{}, int64(at.lot)); c != nil && c.known && c.spot == at.spot {
		return c
	}
	return r.others[at]
}

// replay is known for a cell that has one more row.
func (r *Replay) replay(row Row) *replayed {
	at := r.place(row.CellKey)
	if c := r.known(at); c != nil {
		return c
	}
	c := r.first.at(struct{}{}, int64(at.lot))
	if c.known {
		c = &replayed{}
		r.others[at] = c
	}
	c.spot, c.known, c.item = at.spot, true, row.Item
	return c
}

// word numbers the few texts that segments and statuses are.
func (r *Replay) word(s string) uint8 {
	n := slices.Index(r.words, s)
	if n < 0 {
		if n = len(r.words); n > math.MaxUint8 {
			n = math.MaxUint8 // so many are no statuses: the comparison will tell
			r.words[n] = s
		} else {
			r.words = append(r.words, s)
		}
	}
	return uint8(n)
}

type accountDay struct {
	account Account
	day     core.Date
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
	return &Replay{first: dense[struct{}, replayed]{}, others: map[place]*replayed{}, items: map[core.ItemID]*itemSum{},
		accounts: map[accountDay]core.Paise{}, days: dense[core.ItemID, held]{}, balance: newBalance()}
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
		day := r.days.at(row.Item, int64(row.EffectiveOn))
		day.qty += row.Qty
		day.value += row.Value
		r.cell(row)
	}
}

func (r *Replay) cell(row Row) {
	c := r.replay(row)
	item := r.items[row.Item]
	if item == nil {
		item = &itemSum{}
		r.items[row.Item] = item
	}
	had := c.qty > 0
	c.qty += row.Qty
	c.value += row.Value
	item.qty += row.Qty
	item.value += row.Value
	switch has := c.qty > 0; {
	case has && !had:
		item.cells++
	case had && !has:
		item.cells--
	}
	if c.qty < 0 || c.value < 0 || c.qty == 0 && c.value != 0 {
		r.problems.Add("ledger: row %d leaves lot %d (%s, %s) with quantity %d and %d paise", row.Seq, row.Lot, row.Segment, row.Status, c.qty, c.value)
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
	at := r.place(c.CellKey)
	want := r.known(at)
	if want == nil {
		r.problems.Add("balance: lot %d (%s, %s) is in no ledger row", c.Lot, c.Segment, c.Status)
		return
	}
	if (*want != replayed{at.spot, true, newest, c.Item, c.Qty, c.Value}) {
		r.problems.Add("balance: lot %d (%s, %s) holds %d worth %d paise, the ledger says %d worth %d paise", c.Lot, c.Segment, c.Status, c.Qty, c.Value, want.qty, want.value)
	}
	delete(r.others, at)
	want.known = false
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
	h := r.days.at(item, int64(day))
	if want := *h; want != (held{q, v}) {
		r.problems.Add("balance: item %d of %s moved %d worth %d paise, the ledger says %d worth %d", item, day, q, v, want.qty, want.value)
	}
	*h = held{}
}

// Finish ends the replay and returns what was found. What was not compared is
// missing from the caches; sums of nothing need no entry there.
func (r *Replay) Finish() Problems {
	r.endDocument()
	missing := func(lot core.LotID, s spot) {
		r.problems.Add("balance: lot %d (%s, %s) is missing", lot, r.words[s.segment], r.words[s.status])
	}
	for of, c := range r.first.all() {
		if c.known {
			missing(core.LotID(of.n), c.spot)
		}
	}
	for at := range r.others {
		missing(at.lot, at.spot)
	}
	for item := range r.items {
		r.problems.Add("balance: item %d is missing", item)
	}
	for key, v := range r.accounts {
		if v != 0 {
			r.problems.Add("balance: %s of %s is missing", key.account, key.day)
		}
	}
	for of, h := range r.days.all() {
		if *h != (held{}) {
			r.problems.Add("balance: item %d of %s is missing", of.of, core.Date(of.n))
		}
	}
	return r.problems
}
