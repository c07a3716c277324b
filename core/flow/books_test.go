package flow_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"slices"
	"strings"

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

// judge holds one document against the rules.
func (b *books) judge(d *paper) {
	var value, converted core.Paise
	lots, inStock := map[core.LotID]core.Qty{}, map[core.LotID]core.Qty{}
	sums := map[stock.Account]held{}
	for _, x := range d.rows {
		value += x.v
		lots[x.key.Lot] += x.q
		s := sums[x.account]
		sums[x.account] = held{s.q + x.q, s.v + x.v}
		a := b.accounts[x.account]
		b.accounts[x.account] = held{a.q + x.q, a.v + x.v}
		switch x.account {
		case stock.InStock:
			inStock[x.key.Lot] += x.q
			b.move(d, x)
		case stock.WIP:
			w := b.wip[x.key.Lot]
			b.wip[x.key.Lot] = held{w.q + x.q, w.v + x.v}
		case stock.Conversion:
			converted += x.v
		}
	}
	if value != 0 || converted != 0 || len(d.rows) == 0 {
		b.p.fatal("%s does not balance: %d paise, %d in conversion, %d rows (R5)", d.number, value, converted, len(d.rows))
	}
	for lot, q := range lots {
		if q != 0 {
			b.p.fatal("%s: %d of lot %d come from nowhere (R5)", d.number, q, lot)
		}
	}
	for lot, w := range b.wip {
		if w.q < 0 || w.v < 0 || w.q == 0 && w.v != 0 {
			b.p.fatal("%s leaves %d worth %d of lot %d in process (R20)", d.number, w.q, w.v, lot)
		}
	}
	switch d.kind {
	case stock.KindReversal:
		b.mirror(d)
	case stock.KindPriceCorrection:
		b.lateprice(d)
	case stock.KindPacking:
		b.packed(d)
	case stock.KindMaterialReturn:
		b.returned(d)
	case stock.KindSalesReturn:
		b.cameBack(d)
	case stock.KindProduction:
		if w := sums[stock.WIP]; w.v != -(sums[stock.InStock].v + sums[stock.Loss].v) {
			b.p.fatal("%s: %d paise went in and %d came out (R20)", d.number, -w.v, sums[stock.InStock].v)
		}
	}
	if d.on > b.p.today() {
		b.p.fatal("%s is dated %s, and today is %s (R7)", d.number, d.on, b.p.today())
	}
	for lot, q := range inStock {
		if q < 0 && b.p.alone && b.isFrozen(lot) && !b.mayQuit(d) {
			b.p.fatal("%s takes %d out of lot %d, which a recall freezes (R30)", d.number, -q, lot)
		}
	}
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

// packed: a run makes one lot in one segment from one lot of powder, of all the value
// that went in, and it expires no later than anything that is in it (R20, R27, R28).
func (b *books) packed(d *paper) {
	var in, out core.Paise
	var made []stock.CellKey
	for _, x := range d.rows {
		if x.account != stock.InStock {
			continue
		}
		if x.q > 0 {
			made, out = append(made, x.key), out+x.v
		} else {
			in -= x.v
		}
	}
	if len(made) != 1 || in != out {
		b.p.fatal("%s: %d paise went in, %d came out in %v (R20, R28)", d.number, in, out, made)
	}
	lot := made[0].Lot
	powders := 0
	for _, e := range d.edges {
		var kind string
		b.each(`SELECT i.type FROM lot l JOIN item i ON i.id = l.item_id WHERE l.id = ?`, []any{e.parent}, func(r *sql.Rows) error { return r.Scan(&kind) })
		if kind == "BULK_POWDER" {
			powders++
		}
		if e.child != lot || kind != "BULK_POWDER" && kind != "PACKING_MATERIAL" {
			b.p.fatal("%s: lot %d is made of %s lot %d (R28)", d.number, e.child, kind, e.parent)
		}
	}
	if powders != 1 {
		b.p.fatal("%s is made of %d lots of powder (R28)", d.number, powders)
	}
	var expiry, earliest core.Date
	var months int
	b.each(`SELECT l.expiry_on, i.shelf_life_months FROM lot l JOIN item i ON i.id = l.item_id WHERE l.id = ?`, []any{lot}, func(r *sql.Rows) error { return r.Scan(&expiry, &months) })
	earliest = d.on.AddMonths(months) - 1
	seen := map[core.LotID]bool{}
	for todo := []core.LotID{lot}; len(todo) > 0; todo = todo[1:] {
		for _, e := range b.edges {
			if e.child == todo[0] && e.parent != 0 && b.stands(e) && !seen[e.parent] {
				seen[e.parent] = true
				todo = append(todo, e.parent)
				var day core.Date
				var packing bool
				b.each(`SELECT l.expiry_on, i.type = 'PACKING_MATERIAL' FROM lot l JOIN item i ON i.id = l.item_id WHERE l.id = ?`, []any{e.parent}, func(r *sql.Rows) error { return r.Scan(&day, &packing) })
				if day != 0 && day < earliest && !packing {
					earliest = day
				}
			}
		}
	}
	if expiry != earliest {
		b.p.fatal("%s expires on %s, must be %s (R27)", d.number, expiry, earliest)
	}
}

// returned: the material of a cancelled batch comes back at what it was issued with and
// what late prices added to it since, and is not usable where QC has doubts (R14, R20, R24).
func (b *books) returned(d *paper) {
	want := map[stock.CellKey]held{}
	var issues []core.DocumentID
	b.each(`SELECT on_id FROM document_on WHERE document_id = ? ORDER BY on_id`, []any{d.id}, func(r *sql.Rows) error {
		var id core.DocumentID
		err := r.Scan(&id)
		issues = append(issues, id)
		return err
	})
	late := map[core.LotID]core.Paise{} // of the prices, by lot: it may lie on any cell of it
	for _, id := range issues {
		if b.papers[id].kind == stock.KindPriceCorrection {
			b.each(`SELECT lot_id, value FROM batch_price WHERE document_id = ? AND batch_id = (SELECT batch_id FROM batch_typed WHERE document_id = ?)`, []any{id, issues[0]}, func(r *sql.Rows) error {
				var lot core.LotID
				var v core.Paise
				err := r.Scan(&lot, &v)
				late[lot] += v
				return err
			})
			continue
		}
		for _, x := range b.papers[id].rows {
			if x.account == stock.InStock {
				key := b.backTo(x.key, issues[0], d)
				want[key] = held{want[key].q - x.q, want[key].v - x.v}
			}
		}
	}
	for _, x := range d.rows {
		if x.account == stock.InStock {
			want[x.key] = held{want[x.key].q - x.q, want[x.key].v - x.v}
		}
	}
	for key, left := range want {
		if _, priced := late[key.Lot]; priced {
			late[key.Lot] += left.v
			left.v = 0
		}
		if left != (held{}) {
			b.p.fatal("%s returns %+v too little to %+v (R20, R24)", d.number, left, key)
		}
	}
	for lot, v := range late {
		if v != 0 {
			b.p.fatal("%s returns lot %d %d below its price (R14)", d.number, lot, v)
		}
	}
}

// cameBack: what comes back has the value share of its dispatch, never more than went,
// and a dispatch that comes back whole brings its whole value (R15).
func (b *books) cameBack(d *paper) {
	var on core.DocumentID
	b.each(`SELECT on_id FROM document_on WHERE document_id = ?`, []any{d.id}, func(r *sql.Rows) error { return r.Scan(&on) })
	left := map[core.LotID]held{}
	count := func(p *paper) {
		for _, x := range p.rows {
			if x.account == stock.COGS {
				l := left[x.key.Lot]
				left[x.key.Lot] = held{l.q + x.q, l.v + x.v}
			}
		}
	}
	count(b.papers[on])
	for _, id := range b.order {
		before := b.papers[id]
		if before.kind != stock.KindSalesReturn || before.cancelled || id >= d.id {
			continue
		}
		same := false
		b.each(`SELECT count(*) FROM document_on WHERE document_id = ? AND on_id = ?`, []any{id, on}, func(r *sql.Rows) error { return r.Scan(&same) })
		if same {
			count(before)
		}
	}
	for _, x := range d.rows {
		if x.account != stock.COGS {
			continue
		}
		l := left[x.key.Lot]
		if -x.q > l.q || -x.v != shareOf(l.v, -x.q, l.q) {
			b.p.fatal("%s takes %d of lot %d back at %d; with the customer are %d worth %d (R15)", d.number, -x.q, x.key.Lot, -x.v, l.q, l.v)
		}
		left[x.key.Lot] = held{l.q + x.q, l.v + x.v}
	}
}

// backTo is where stock comes back to with d that taken took from key: on HOLD, where QC
// rejected some of the lot since or holds it still (R24).
func (b *books) backTo(key stock.CellKey, taken core.DocumentID, d *paper) stock.CellKey {
	held, last, said, rejected := core.Qty(0), stock.Status(""), false, false
	for _, id := range b.order {
		p := b.papers[id]
		if p == d {
			break
		}
		for _, x := range p.rows {
			if x.account != stock.InStock || x.key.Lot != key.Lot {
				continue
			}
			if x.key.Status == stock.Hold {
				held += x.q
			}
			if p.kind == stock.KindStatus && p.id > taken && !p.cancelled && x.q > 0 {
				last, said, rejected = x.key.Status, said || x.key.Status == stock.Hold, rejected || x.key.Status == stock.Rejected
			}
		}
	}
	if key.Status == stock.Released && (rejected || last == stock.Hold || said && held > 0) {
		key.Status = stock.Hold
	}
	return key
}

// mirror: a reversal has the rows and edges of its document, negative (R9). What comes
// back into stock may be put on hold.
func (b *books) mirror(d *paper) {
	o := b.papers[d.reverses]
	if o.cancelled || o.kind == stock.KindReversal {
		b.p.fatal("%s reverses %s, which does not stand (R9)", d.number, o.number)
	}
	b.inOrder(d, o)
	o.cancelled = true
	count := map[string]int{}
	took := map[core.LotID]core.Qty{}
	for _, x := range o.rows {
		if x.account == stock.InStock {
			took[x.key.Lot] -= x.q
		}
	}
	for _, x := range o.rows {
		if x.account == stock.InStock && x.q < 0 && took[x.key.Lot] > 0 {
			x.key = b.backTo(x.key, o.id, d)
		}
		count[fmt.Sprint(x.account, x.key, x.item, x.q, x.v)]++
	}
	for _, x := range d.rows {
		count[fmt.Sprint(x.account, x.key, x.item, -x.q, -x.v)]--
	}
	for _, e := range o.edges {
		count[fmt.Sprint("edge", e)]++
	}
	for _, e := range d.edges {
		count[fmt.Sprint("edge", edge{e.child, e.parent, held{-e.q, -e.v}})]--
	}
	for what, n := range count {
		if n != 0 {
			b.p.fatal("%s is not the mirror of %s: %+d %s (R9)", d.number, o.number, n, what)
		}
	}
}

// inOrder: price corrections and what moves the lots they were shared out over are
// cancelled newest first (R9).
func (b *books) inOrder(d, o *paper) {
	priced, moved := map[core.DocumentID]map[core.LotID]bool{}, map[core.DocumentID]map[core.LotID]bool{}
	for _, id := range b.order {
		x := b.papers[id]
		priced[id], moved[id] = map[core.LotID]bool{}, map[core.LotID]bool{}
		for _, r := range x.rows {
			priced[id][r.key.Lot] = x.kind == stock.KindPriceCorrection
			moved[id][r.key.Lot] = moved[id][r.key.Lot] || r.q != 0
		}
		for _, e := range x.edges {
			priced[id][e.child], priced[id][e.parent] = x.kind == stock.KindPriceCorrection, x.kind == stock.KindPriceCorrection
		}
	}
	for _, id := range b.order {
		x := b.papers[id]
		if id <= o.id || id >= d.id || x.cancelled || x.kind == stock.KindReversal {
			continue
		}
		for lot := range moved[o.id] {
			if moved[o.id][lot] && priced[id][lot] {
				b.p.fatal("%s cancels %s across %s, which corrected the price of lot %d (R9)", d.number, o.number, x.number, lot)
			}
		}
		for lot, yes := range priced[o.id] {
			if yes && moved[id][lot] {
				b.p.fatal("%s cancels %s, though %s has moved lot %d since (R9)", d.number, o.number, x.number, lot)
			}
		}
	}
}

// mayQuit: an Admin throws frozen goods away, counts them or returns them to the supplier.
func (b *books) mayQuit(d *paper) (yes bool) {
	if d.kind == stock.KindPurchaseReturn {
		b.each(`SELECT user_id = ? FROM document WHERE id = ?`, []any{b.p.Owner.ID, d.id}, func(r *sql.Rows) error { return r.Scan(&yes) })
	}
	return yes || d.kind == stock.KindAdjustment || d.kind == stock.KindCount
}

func (b *books) isFrozen(lot core.LotID) (yes bool) {
	b.each(`SELECT count(*) > 0 FROM recall_lot m JOIN recall r ON r.id = m.recall_id WHERE m.lot_id = ? AND r.closed_at IS NULL`, []any{lot}, func(r *sql.Rows) error { return r.Scan(&yes) })
	return yes
}

// shareOf is v*i/q rounded half to even.
func shareOf(v core.Paise, i, q core.Qty) core.Paise {
	if i >= q {
		return v
	}
	d := big.NewInt(int64(q))
	quo, rem := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(int64(v)), big.NewInt(int64(i))), d, new(big.Int))
	switch new(big.Int).Lsh(rem, 1).Cmp(d) {
	case 1:
		quo.Add(quo, big.NewInt(1))
	case 0:
		quo.Add(quo, new(big.Int).And(quo, big.NewInt(1)))
	}
	return core.Paise(quo.Int64())
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

func inTheWay(err error) []string {
	var e *core.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch docs := e.Args["documents"].(type) {
	case []string:
		return docs
	case []any:
		out := make([]string, len(docs))
		for i, d := range docs {
			out[i] = fmt.Sprint(d)
		}
		return out
	}
	return nil
}

func frozen(err error) bool {
	var e *core.Error
	return errors.As(err, &e) && strings.Contains(fmt.Sprint(e.Message, e.Fields), "is frozen by recall")
}
