package flow_test

import (
	"database/sql"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"masala/core"
	"masala/core/stock"
)

// books are the ledger as a reader of the file sees it, row by row in the order of
// truth (R6), with everything the rules say about a row, a document and a sum.
type books struct {
	db       *sql.DB
	p        *person
	seq      core.Seq
	document core.DocumentID
	edge     int64
	cells    map[stock.CellKey]held
	accounts map[stock.Account]held
	wip      map[core.LotID]held
	papers   map[core.DocumentID]*paper
	order    []core.DocumentID
	edges    []link
}

type held struct {
	q core.Qty
	v core.Paise
}

// paper is a posted document.
type paper struct {
	id        core.DocumentID
	kind      stock.DocumentKind
	number    string
	on        core.Date
	reverses  core.DocumentID
	cancelled bool
	rows      []row
	edges     []edge
}

type row struct {
	seq     core.Seq
	account stock.Account
	key     stock.CellKey
	item    core.ItemID
	held
}

type edge struct {
	child, parent core.LotID
	held
}

// link is an edge with its document.
type link struct {
	edge
	by core.DocumentID
}

// stands: the edge belongs to a document that was not reversed and is no reversal. Of a
// pinch in a batch a by-product may hold less than a milligram, and is made of it (R29).
func (b *books) stands(l link) bool {
	d := b.papers[l.by]
	return d.kind != stock.KindReversal && !d.cancelled
}

func openBooks(p *person) *books {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: p.Path}).EscapedPath()+"?_pragma=busy_timeout(5000)&mode=ro")
	if err != nil {
		p.fatal("%v", err)
	}
	db.SetMaxOpenConns(1)
	return &books{db: db, p: p, cells: map[stock.CellKey]held{}, accounts: map[stock.Account]held{}, wip: map[core.LotID]held{}, papers: map[core.DocumentID]*paper{}}
}

func (b *books) each(query string, args []any, scan func(*sql.Rows) error) {
	rows, err := b.db.Query(query, args...)
	if err != nil {
		b.p.fatal("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			b.p.fatal("%s: %v", query, err)
		}
	}
	if err := rows.Err(); err != nil {
		b.p.fatal("%s: %v", query, err)
	}
}

// follow reads what was posted since, and judges it.
func (b *books) follow() (fresh []*paper) {
	b.each(`SELECT id, kind, number, effective_on, coalesce(reverses, 0) FROM document WHERE id > ? ORDER BY id`, []any{b.document}, func(r *sql.Rows) error {
		d := &paper{}
		if err := r.Scan(&d.id, &d.kind, &d.number, &d.on, &d.reverses); err != nil {
			return err
		}
		b.document, b.papers[d.id] = d.id, d
		fresh, b.order = append(fresh, d), append(b.order, d.id)
		return nil
	})
	b.each(`SELECT seq, document_id, account, lot_id, segment, status, item_id, qty, value FROM ledger WHERE seq > ? ORDER BY seq`, []any{b.seq}, func(r *sql.Rows) error {
		var x row
		var doc core.DocumentID
		if err := r.Scan(&x.seq, &doc, &x.account, &x.key.Lot, &x.key.Segment, &x.key.Status, &x.item, &x.q, &x.v); err != nil {
			return err
		}
		b.seq = x.seq
		b.papers[doc].rows = append(b.papers[doc].rows, x)
		return nil
	})
	b.each(`SELECT id, document_id, child_id, coalesce(parent_id, 0), qty, value FROM edge WHERE id > ? ORDER BY id`, []any{b.edge}, func(r *sql.Rows) error {
		var e edge
		var doc core.DocumentID
		if err := r.Scan(&b.edge, &doc, &e.child, &e.parent, &e.q, &e.v); err != nil {
			return err
		}
		b.papers[doc].edges, b.edges = append(b.papers[doc].edges, e), append(b.edges, link{e, doc})
		return nil
	})
	for _, d := range fresh {
		b.judge(d)
	}
	return fresh
}

// move applies a row to its cell: never negative, no value without quantity, and what
// leaves takes its share of the value, rounded half to even (R5, R10, R40).
func (b *books) move(d *paper, x row) {
	c := b.cells[x.key]
	switch d.kind {
	case stock.KindReversal, stock.KindSalesReturn: // exact mirror; the value of the dispatch
	default:
		if x.q < 0 && -x.v != shareOf(c.v, -x.q, c.q) {
			b.p.fatal("%s takes %d of %d worth %d at %d, must be %d (R10)", d.number, -x.q, c.q, c.v, -x.v, shareOf(c.v, -x.q, c.q))
		}
	}
	switch d.kind {
	case stock.KindIssue, stock.KindDispatch, stock.KindPacking:
		var expiry core.Date
		b.each(`SELECT expiry_on FROM lot WHERE id = ?`, []any{x.key.Lot}, func(r *sql.Rows) error { return r.Scan(&expiry) })
		if x.q < 0 && (x.key.Status != stock.Released || expiry != 0 && expiry < d.on) {
			b.p.fatal("%s takes %s stock of lot %d, which expires on %s, on %s (R24)", d.number, x.key.Status, x.key.Lot, expiry, d.on)
		}
	}
	c = held{c.q + x.q, c.v + x.v}
	if c.q < 0 || c.v < 0 || c.q == 0 && c.v != 0 {
		b.p.fatal("%s leaves %d worth %d in %+v (R40)", d.number, c.q, c.v, x.key)
	}
	b.cells[x.key] = c
}

// compare holds the cells of the books against the ledger.
func (b *books) compare() {
	seen := map[stock.CellKey]bool{}
	b.each(`SELECT lot_id, segment, status, qty, value FROM cell`, nil, func(r *sql.Rows) error {
		var k stock.CellKey
		var c held
		if err := r.Scan(&k.Lot, &k.Segment, &k.Status, &c.q, &c.v); err != nil {
			return err
		}
		if seen[k] = true; b.cells[k] != c {
			b.p.fatal("cell %+v says %+v, the ledger %+v", k, c, b.cells[k])
		}
		return nil
	})
	for k, c := range b.cells {
		if !seen[k] && c != (held{}) {
			b.p.fatal("cell %+v is missing: %+v", k, c)
		}
	}
}

// overTime: at the end of no business day is less than nothing in a cell, of a lot in a
// batch, or with the customer of what went with a dispatch (R5, R6, R7, R15).
func (b *books) overTime() {
	type spot struct {
		account stock.Account
		holder  int64 // the batch, or the dispatch
		key     stock.CellKey
	}
	type day struct {
		spot
		on core.Date
	}
	moved := map[day]held{}
	add := func(on core.Date, s spot, q core.Qty, v core.Paise) {
		m := moved[day{s, on}]
		moved[day{s, on}] = held{m.q + q, m.v + v}
	}
	batch, prices, dispatch := b.batches(), b.prices(), map[core.DocumentID]int64{}
	b.each(`SELECT document_id, dispatch_id FROM sales_return`, nil, func(r *sql.Rows) error {
		var d core.DocumentID
		var on int64
		err := r.Scan(&d, &on)
		dispatch[d] = on
		return err
	})
	for _, id := range b.order {
		d := b.papers[id]
		of, sign := d, core.Paise(1)
		if d.kind == stock.KindReversal {
			of, sign = b.papers[d.reverses], -1
		}
		for _, x := range d.rows {
			switch {
			case x.account == stock.InStock:
				add(d.on, spot{x.account, 0, x.key}, x.q, x.v)
			case x.account == stock.WIP && of.kind != stock.KindPriceCorrection: // that may lie on several batches
				add(d.on, spot{x.account, batch[of.id], x.key}, x.q, x.v)
			case x.account == stock.COGS && of.kind == stock.KindDispatch:
				add(d.on, spot{x.account, int64(of.id), x.key}, x.q, core.Paise(x.q)) // R15 is about quantity
			case x.account == stock.COGS && of.kind == stock.KindSalesReturn:
				add(d.on, spot{x.account, dispatch[of.id], x.key}, x.q, core.Paise(x.q))
			}
		}
		for lot, of := range prices[of.id] {
			for _, p := range of {
				add(d.on, spot{stock.WIP, p.batch, stock.CellKey{Lot: lot}}, 0, sign*p.v)
			}
		}
	}
	days := slices.SortedFunc(maps.Keys(moved), func(a, b day) int { return int(a.on - b.on) })
	spots := map[spot]held{}
	for _, d := range days {
		c := spots[d.spot]
		c = held{c.q + moved[d].q, c.v + moved[d].v}
		if spots[d.spot] = c; c.q < 0 || c.v < 0 || c.q == 0 && c.v != 0 {
			b.p.fatal("at the end of %s %+v held %d worth %d (R5)", d.on, d.spot, c.q, c.v)
		}
	}
}

// balances are everything a cancelled document must bring back: cells, accounts, what
// is in process, and the state of batches and orders.
func (b *books) balances() map[string]string {
	out := map[string]string{}
	for k, c := range b.cells {
		if c != (held{}) {
			out[fmt.Sprint("cell ", k)] = fmt.Sprint(c)
		}
	}
	for a, s := range b.accounts {
		if s != (held{}) {
			out[fmt.Sprint("account ", a)] = fmt.Sprint(s)
		}
	}
	for l, w := range b.wip {
		if w != (held{}) {
			out[fmt.Sprint("in process ", l)] = fmt.Sprint(w)
		}
	}
	return out
}

func different(before, after map[string]string) (diff []string) {
	for _, k := range slices.Sorted(maps.Keys(before)) {
		if after[k] != before[k] {
			diff = append(diff, fmt.Sprintf("%s: %q -> %q", k, before[k], after[k]))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(after)) {
		if _, ok := before[k]; !ok {
			diff = append(diff, fmt.Sprintf("%s: nothing -> %q", k, after[k]))
		}
	}
	return diff
}
