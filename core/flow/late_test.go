package flow_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"masala/core"
	"masala/core/stock"
)

// lot is where the quantity of one lot is and has gone, as the rows of the ledger tell it.
type lot struct {
	born    core.DocumentID
	seq     core.Seq // of its birth
	cells   map[stock.CellKey]*place
	mill    map[int64]*place // running batches
	made    []child
	sold    place
	soldBy  map[core.DocumentID]bool
	issues  map[int64]map[core.DocumentID]bool
	other   map[stock.Account]core.Qty // lost, corrected, returned to the supplier
	otherAt core.Seq
}

type place struct {
	held
	seq core.Seq // of the first row that brought quantity there
}

func (p *place) add(x row) {
	if p.seq == 0 && x.q != 0 {
		p.seq = x.seq
	}
	p.held = held{p.q + x.q, p.v + x.v}
}

type child struct {
	edge
	by  core.DocumentID
	seq core.Seq
}

// whereabouts replays the whole ledger before a document, row by row and from nothing.
func (b *books) whereabouts(before core.DocumentID) map[core.LotID]*lot {
	void, batch, prices := map[core.DocumentID]bool{}, map[core.DocumentID]int64{}, map[core.DocumentID]map[core.LotID][]priced{}
	for _, id := range b.order {
		if d := b.papers[id]; id < before && d.kind == stock.KindReversal {
			void[id], void[d.reverses] = true, true
		}
	}
	b.each(`SELECT document_id, batch_id FROM batch_typed WHERE document_id IS NOT NULL UNION SELECT document_id, batch_id FROM batch_completion
		UNION SELECT o.document_id, t.batch_id FROM document_on o JOIN document d ON d.id = o.document_id AND d.kind = 'MR' JOIN batch_typed t ON t.document_id = o.on_id`, nil, func(r *sql.Rows) error {
		var d core.DocumentID
		var n int64
		err := r.Scan(&d, &n)
		batch[d] = n
		return err
	})
	b.each(`SELECT document_id, lot_id, batch_id, value FROM batch_price`, nil, func(r *sql.Rows) error {
		var d core.DocumentID
		var l core.LotID
		var p priced
		err := r.Scan(&d, &l, &p.batch, &p.v)
		if prices[d] == nil {
			prices[d] = map[core.LotID][]priced{}
		}
		prices[d][l] = append(prices[d][l], p)
		return err
	})
	lots := map[core.LotID]*lot{}
	for _, id := range b.order {
		d := b.papers[id]
		if id >= before {
			break
		}
		of, sign := d, core.Paise(1) // a reversal is its document with every sign turned
		if d.kind == stock.KindReversal {
			of, sign = b.papers[d.reverses], -1
		}
		for _, x := range d.rows {
			l := lots[x.key.Lot]
			if l == nil {
				l = &lot{born: id, seq: x.seq, cells: map[stock.CellKey]*place{}, mill: map[int64]*place{}, soldBy: map[core.DocumentID]bool{}, issues: map[int64]map[core.DocumentID]bool{}, other: map[stock.Account]core.Qty{}}
				lots[x.key.Lot] = l
			}
			switch x.account {
			case stock.InStock:
				at(l.cells, x.key).add(x)
			case stock.WIP:
				if n := batch[of.id]; n != 0 {
					at(l.mill, n).add(x)
					if of.kind == stock.KindIssue && !void[id] {
						if l.issues[n] == nil {
							l.issues[n] = map[core.DocumentID]bool{}
						}
						l.issues[n][id] = true
					}
				}
			case stock.COGS:
				l.sold.add(x)
				if of.kind == stock.KindDispatch && !void[id] {
					l.soldBy[id] = true
				}
			case stock.Loss, stock.Adjustment, stock.Supplier:
				// What a lot came with is no outflow; what a process lost went into what it made,
				// if it made anything.
				if id == l.born || x.q == 0 || x.account == stock.Loss && (of.kind == stock.KindPacking || of.kind == stock.KindProduction) && of.makes() {
					continue
				}
				l.other[x.account] += x.q
				if l.otherAt == 0 {
					l.otherAt = x.seq
				}
			}
		}
		for id, of := range prices[of.id] { // batches of one lot have a row each
			for _, p := range of {
				at(lots[id].mill, p.batch).v += sign * p.v
			}
		}
		if !void[id] && d.kind != stock.KindPriceCorrection {
			for _, e := range d.edges {
				if e.parent != 0 {
					lots[e.parent].made = append(lots[e.parent].made, child{e, id, d.rows[0].seq})
				}
			}
		}
	}
	return lots
}

// makes tells whether anything came out of a process.
func (d *paper) makes() bool {
	return slices.ContainsFunc(d.rows, func(x row) bool { return x.account == stock.InStock && x.q > 0 })
}

type priced struct {
	batch int64
	v     core.Paise
}

func at[K comparable](m map[K]*place, k K) *place {
	if m[k] == nil {
		m[k] = &place{}
	}
	return m[k]
}

// lateprice holds a price correction against R14 read literally. The difference walks from
// the lot of the line to what was made of it, eldest first; at each lot it is split by
// quantity over what is on hand, what running batches hold, what was made of it, what was
// sold and what else left it, largest remainder, ties by seq; a credit takes nothing below
// zero, and what is beyond that, or has nowhere to go, is variance.
func (b *books) lateprice(d *paper) {
	lots := b.whereabouts(d.id)
	open, want, on := map[core.LotID]core.Paise{}, map[string]core.Paise{}, map[core.DocumentID]string{}
	for _, x := range d.rows {
		if x.account == stock.Supplier {
			open[x.key.Lot] = -x.v
			want[fmt.Sprint("edge ", x.key.Lot, " of ", 0)] = -x.v
			on[lots[x.key.Lot].born] = "brought the goods"
		}
	}
	for len(open) > 0 {
		id := slices.MinFunc(slices.Collect(maps.Keys(open)), func(x, y core.LotID) int { return cmp.Compare(lots[x].seq, lots[y].seq) })
		l, share := lots[id], open[id]
		delete(open, id)
		b.split(id, l, share, open, want, on)
	}
	got := map[string]core.Paise{}
	for _, x := range d.rows {
		switch {
		case x.q != 0:
			b.p.fatal("%s moves %d of lot %d (R14)", d.number, x.q, x.key.Lot)
		case x.account == stock.InStock:
			got[fmt.Sprint("cell ", x.key)] += x.v
		case x.account != stock.Supplier:
			got[fmt.Sprint(x.account, " ", x.key.Lot)] += x.v
		}
	}
	b.each(`SELECT batch_id, lot_id, value FROM batch_price WHERE document_id = ?`, []any{d.id}, func(r *sql.Rows) error {
		var n, lot int64
		var v core.Paise
		err := r.Scan(&n, &lot, &v)
		got[fmt.Sprint("batch ", n, " lot ", lot)] += v
		return err
	})
	for _, e := range d.edges {
		got[fmt.Sprint("edge ", e.child, " of ", e.parent)] += e.v
	}
	for _, m := range []map[string]core.Paise{got, want} {
		maps.DeleteFunc(m, func(_ string, v core.Paise) bool { return v == 0 })
	}
	if !maps.Equal(got, want) {
		b.p.fatal("%s splits its difference otherwise than R14 does, posted -> must be: %q", d.number, different(spelt(got), spelt(want)))
	}
	b.each(`SELECT on_id FROM document_on WHERE document_id = ?`, []any{d.id}, func(r *sql.Rows) error {
		var id core.DocumentID
		err := r.Scan(&id)
		delete(on, id)
		return err
	})
	for id, did := range on {
		b.p.fatal("%s does not stand on %s, which %s (R9)", d.number, b.papers[id].number, did)
	}
}

// split shares out at one lot what falls to it.
func (b *books) split(id core.LotID, l *lot, share core.Paise, open map[core.LotID]core.Paise, want map[string]core.Paise, on map[core.DocumentID]string) {
	type way struct {
		seq core.Seq
		q   core.Qty
		to  func(core.Paise)
	}
	variance := func(v core.Paise) { want[fmt.Sprint(stock.Variance, " ", id)] += v }
	add := func(name string, have core.Paise) func(core.Paise) {
		return func(v core.Paise) {
			if rest := v + have; rest < 0 {
				variance(rest)
				v = -have
			}
			want[name] += v
		}
	}
	var ways []way
	for k, c := range l.cells {
		ways = append(ways, way{c.seq, c.q, add(fmt.Sprint("cell ", k), c.v)})
	}
	for n, w := range l.mill {
		ways = append(ways, way{w.seq, w.q, func(v core.Paise) {
			before := want[fmt.Sprint(stock.Variance, " ", id)]
			add(fmt.Sprint("batch ", n, " lot ", id), w.v)(v)
			want[fmt.Sprint(stock.WIP, " ", id)] += v - (want[fmt.Sprint(stock.Variance, " ", id)] - before)
		}})
		if w.q > 0 {
			for doc := range l.issues[n] {
				on[doc] = "gave it to a running batch"
			}
		}
	}
	for _, c := range l.made {
		ways = append(ways, way{c.seq, c.q, func(v core.Paise) {
			if v != 0 {
				open[c.child] += v
				want[fmt.Sprint("edge ", c.child, " of ", id)] += v
			}
		}})
		if c.q > 0 {
			on[c.by] = "used it"
		}
	}
	ways = append(ways, way{l.sold.seq, max(0, l.sold.q), add(fmt.Sprint(stock.COGS, " ", id), 1<<62)})
	for doc := range l.soldBy {
		on[doc] = "sold it"
	}
	lost := core.Qty(0)
	for _, q := range l.other {
		lost += max(0, q)
	}
	ways = append(ways, way{l.otherAt, lost, variance})
	slices.SortStableFunc(ways, func(x, y way) int { return cmp.Compare(x.seq, y.seq) })

	sum := new(big.Rat)
	for _, w := range ways {
		sum.Add(sum, new(big.Rat).SetInt64(int64(w.q)))
	}
	if sum.Sign() == 0 {
		variance(share)
		return
	}
	// The size of the difference is shared out, and its sign put back.
	size, sign := max(share, -share), core.Paise(1)
	if share < 0 {
		sign = -1
	}
	parts, rest, left := make([]core.Paise, len(ways)), make([]*big.Rat, len(ways)), size
	for i, w := range ways {
		exact := new(big.Rat).Mul(new(big.Rat).SetInt64(int64(size)), new(big.Rat).Quo(new(big.Rat).SetInt64(int64(w.q)), sum))
		whole := new(big.Int).Quo(exact.Num(), exact.Denom())
		parts[i], rest[i] = core.Paise(whole.Int64()), exact.Sub(exact, new(big.Rat).SetInt(whole))
		left -= parts[i]
	}
	for ; left > 0; left-- {
		most := 0
		for i := range rest {
			if rest[i].Cmp(rest[most]) > 0 {
				most = i
			}
		}
		parts[most]++
		rest[most] = new(big.Rat).SetInt64(-1)
	}
	for i, w := range ways {
		w.to(sign * parts[i])
	}
}

func spelt(m map[string]core.Paise) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[k] = fmt.Sprint(int64(v))
	}
	return out
}
