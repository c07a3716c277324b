package flow_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"masala/core"
	"masala/core/stock"
)

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
	case stock.KindGRN:
		b.received(d)
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
		if q < 0 && b.p.alone && b.isFrozen(lot) && !b.mayQuit(d, lot) {
			b.p.fatal("%s takes %d out of lot %d, which a recall freezes (R30)", d.number, -q, lot)
		}
	}
}

// received: nothing beyond an order and 5 % of it came without a reason, by the receipts
// that stood then.
func (b *books) received(d *paper) {
	b.each(`SELECT p.number, n.line FROM grn_order g JOIN purchase_order p ON p.id = g.order_id
		JOIN purchase_order_line n ON n.order_id = g.order_id AND n.line = g.order_line JOIN document d ON d.id = g.document_id
		WHERE d.id = ?1 AND d.reason = '' AND 100 * (SELECT sum(l.qty) FROM grn_order o JOIN grn_line l ON l.document_id = o.document_id AND l.line = o.line
			WHERE o.order_id = g.order_id AND o.order_line = g.order_line AND o.document_id <= ?1
			AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = o.document_id AND r.id < ?1)) > 105 * n.qty`, []any{d.id}, func(r *sql.Rows) error {
		var order string
		var line int
		if err := r.Scan(&order, &line); err != nil {
			return err
		}
		b.p.fatal("%s takes line %d of %s far beyond what was ordered, and nobody said why", d.number, line, order)
		return nil
	})
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

// mayQuit: frozen goods are thrown away or counted; an Admin returns them to the supplier, and
// enters what went into the mill, into packs or to a customer on a day before the recall and
// before today.
func (b *books) mayQuit(d *paper, lot core.LotID) (yes bool) {
	switch d.kind {
	case stock.KindAdjustment, stock.KindCount:
		return true
	case stock.KindPurchaseReturn:
		b.each(`SELECT user_id = ? FROM document WHERE id = ?`, []any{b.p.Owner.ID, d.id}, func(r *sql.Rows) error { return r.Scan(&yes) })
	case stock.KindDispatch, stock.KindPacking, stock.KindIssue:
		const ist = 19_800_000 // ms
		b.each(`WITH went AS (SELECT d.user_id, d.posted_at, coalesce((SELECT unixepoch(json_extract(a.new, '$.left_on')) / 86400 FROM audit a WHERE a.document_id = d.id), d.effective_on) AS day FROM document d WHERE d.id = ?)
			SELECT user_id = ? AND day < (posted_at + ?3) / 86400000 AND day < (SELECT min(r.opened_at + ?3) / 86400000 FROM recall_lot m JOIN recall r ON r.id = m.recall_id WHERE m.lot_id = ? AND r.closed_at IS NULL) FROM went`,
			[]any{d.id, b.p.Owner.ID, ist, lot}, func(r *sql.Rows) error { return r.Scan(&yes) })
	}
	return yes
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
