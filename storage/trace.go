package storage

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"masala/core"
	"masala/core/stock"
	"masala/core/trace"
)

// standing holds where edge e belongs to a document that was not reversed and is no
// reversal: the genealogy that counts. An edge of nothing counts, too: of a few
// milligrams in a batch a by-product may hold less than one.
const standing = `(e.qty > 0 OR e.qty = 0 AND EXISTS (SELECT 1 FROM document s WHERE s.id = e.document_id AND +s.reverses IS NULL))
	AND e.document_id NOT IN (SELECT r.reverses FROM document r WHERE r.reverses > 0)`

const nodeColumns = `l.id, l.number, i.id, i.sku, i.name, i.name_hi, i.type, i.dimension, l.born_on, l.expiry_on, d.id, d.number, coalesce(p.name, ''), l.supplier_batch,
	(SELECT coalesce(sum(qty), 0) FROM cell c WHERE c.lot_id = l.id), (SELECT coalesce(sum(qty), 0) FROM ledger g WHERE g.lot_id = l.id AND g.account = 'COGS'),
	coalesce((SELECT min(r.number) FROM recall_lot m JOIN recall r ON r.id = m.recall_id WHERE m.lot_id = l.id AND r.closed_at IS NULL), '')`

const fromLots = ` FROM lot l JOIN item i ON i.id = l.item_id JOIN document d ON d.id = l.source_id LEFT JOIN party p ON p.id = l.supplier_id `

func nodeInto(n *trace.Node) []any {
	return []any{&n.Lot, &n.Number, &n.Item, &n.SKU, &n.Name, &n.NameHi, &n.Type, &n.Dimension, &n.BornOn, &n.ExpiryOn, &n.Document, &n.Source, &n.Supplier, &n.Batch,
		&n.OnHand, &n.Sold, &n.Frozen}
}

// TraceNode reads one lot as a trace shows it.
func (t *Tx) TraceNode(id core.LotID) (n trace.Node, err error) {
	found, err := t.traceNodes([]core.LotID{id})
	if err != nil {
		return n, err
	}
	if len(found) == 0 {
		return n, core.NotFound("lot", "This lot does not exist.")
	}
	return found[0], nil
}

func (t *Tx) traceNodes(ids []core.LotID) ([]trace.Node, error) {
	return list(t, `SELECT `+nodeColumns+` FROM json_each(?) x CROSS JOIN lot l ON l.id = x.value JOIN item i ON i.id = l.item_id
		JOIN document d ON d.id = l.source_id LEFT JOIN party p ON p.id = l.supplier_id`, []any{idList(ids)},
		func(r *sql.Rows) (n trace.Node, err error) { return n, r.Scan(nodeInto(&n)...) })
}

// Ancestors lists what a lot was made of, nearest first.
func (t *Tx) Ancestors(id core.LotID) ([]trace.Node, error) {
	return t.follow(id, `SELECT DISTINCT e.parent_id FROM json_each(?) x CROSS JOIN edge e ON e.child_id = x.value WHERE e.parent_id IS NOT NULL AND `+standing)
}

// Descendants lists what was made of a lot, nearest first.
func (t *Tx) Descendants(id core.LotID) ([]trace.Node, error) {
	return t.follow(id, `SELECT DISTINCT e.child_id FROM json_each(?) x CROSS JOIN edge e ON e.parent_id = x.value WHERE `+standing)
}

// follow walks the genealogy breadth first, one step of all lots of a depth at a time,
// so that each lot has its least depth and is read once, however many ways lead to it.
func (t *Tx) follow(root core.LotID, step string) ([]trace.Node, error) {
	nodes, seen, level := []trace.Node{}, map[core.LotID]bool{root: true}, []core.LotID{root}
	for depth := 1; len(level) > 0; depth++ {
		next, err := list(t, step, []any{idList(level)}, func(r *sql.Rows) (id core.LotID, err error) { return id, r.Scan(&id) })
		if err != nil {
			return nil, err
		}
		next = slices.DeleteFunc(next, func(id core.LotID) bool { return seen[id] })
		for _, id := range next {
			seen[id] = true
		}
		found, err := t.traceNodes(next)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].Depth = depth
		}
		slices.SortFunc(found, func(a, b trace.Node) int { return cmp.Compare(core.SortKey(a.Number), core.SortKey(b.Number)) })
		nodes, level = append(nodes, found...), next
	}
	return nodes, nil
}

func idList[I ~int64](ids []I) string {
	b, err := json.Marshal(ids)
	if err != nil {
		panic(err) // integers always encode
	}
	return string(b)
}

// LinksAmong lists the steps between the lots of a trace.
func (t *Tx) LinksAmong(ids []core.LotID) ([]trace.Link, error) {
	return list(t, `WITH n AS (SELECT value AS id FROM json_each(?)) SELECT e.parent_id, e.child_id, sum(e.qty) FROM n CROSS JOIN edge e ON e.parent_id = n.id
		WHERE +e.child_id IN (SELECT id FROM n) AND `+standing+` GROUP BY e.parent_id, e.child_id ORDER BY e.parent_id, e.child_id`, []any{idList(ids)},
		func(r *sql.Rows) (l trace.Link, err error) { return l, r.Scan(&l.Parent, &l.Child, &l.Qty) })
}

// LotBalance sums the contra rows of a lot by what happened to it; a reversal counts
// where the document it cancels counted.
func (t *Tx) LotBalance(id core.LotID) (b trace.Balance, err error) {
	err = t.each(`SELECT g.account, coalesce(o.kind, d.kind), o.id IS NOT NULL AND o.id = l.source_id OR d.id = l.source_id, coalesce(o.reason, d.reason), sum(g.qty)
		FROM ledger g JOIN document d ON d.id = g.document_id JOIN lot l ON l.id = g.lot_id LEFT JOIN document o ON o.id = d.reverses
		WHERE g.lot_id = ? GROUP BY g.account, coalesce(o.id, d.id) ORDER BY 1, 2`, []any{id}, func(r *sql.Rows) error {
		var a stock.Account
		var kind stock.DocumentKind
		var born bool
		var reason string
		var q core.Qty
		if err := r.Scan(&a, &kind, &born, &reason, &q); err != nil {
			return err
		}
		countIn(&b, a, kind, born, reason, q)
		return nil
	})
	return b, err
}

func countIn(b *trace.Balance, a stock.Account, kind stock.DocumentKind, born bool, reason string, q core.Qty) {
	switch a {
	case stock.InStock:
		b.OnHand += q
	case stock.WIP:
		b.WIP += q
	case stock.Loss:
		b.Lost += q
	case stock.COGS:
		if kind == stock.KindSalesReturn {
			b.ReturnedIn -= q
		} else {
			b.Dispatched += q
		}
	case stock.Supplier:
		if born {
			b.Received -= q
		} else {
			b.ReturnedOut += q
		}
	case stock.Conversion:
		if born {
			b.Received -= q
		} else {
			b.Consumed += q
		}
	case stock.Adjustment:
		switch {
		case born:
			b.Received -= q
		case q < 0:
			b.Gains -= q
		case stock.IsDisposal(reason):
			b.Disposed += q
		default:
			b.Adjusted += q
		}
	}
}

// OutWithCustomers lists what is out of the lots, per customer and dispatch, less
// what came back with returns that stand on the dispatch. A recall of thousands of lots
// has more parcels than lots, so each paper and each lot is read once.
func (t *Tx) OutWithCustomers(ids []core.LotID) ([]trace.Customer, error) {
	type move struct {
		doc core.DocumentID
		lot core.LotID
	}
	moved := map[move]core.Qty{}
	err := t.each(`SELECT g.document_id, g.lot_id, g.qty FROM json_each(?) x CROSS JOIN ledger g ON g.lot_id = x.value AND g.account = 'COGS'`, []any{idList(ids)}, func(r *sql.Rows) error {
		var m move
		var q core.Qty
		err := r.Scan(&m.doc, &m.lot, &q)
		moved[m] += q
		return err
	})
	if err != nil {
		return nil, err
	}
	docs := map[core.DocumentID]bool{}
	for m := range moved {
		docs[m.doc] = true
	}
	type paper struct {
		trace.Customer
		number string
		on     core.Date
	}
	papers, returns := map[core.DocumentID]paper{}, map[core.DocumentID]core.DocumentID{}
	err = t.each(`SELECT d.id, d.kind, d.number, d.effective_on, coalesce(p.id, 0), coalesce(p.name, ''), coalesce(p.phone, ''), coalesce((SELECT o.on_id FROM document_on o WHERE o.document_id = d.id AND d.kind = 'SR'), 0)
		FROM json_each(?) x CROSS JOIN document d ON d.id = x.value LEFT JOIN party p ON p.id = d.party_id WHERE d.kind IN ('DC', 'SR') AND `+live,
		[]any{idList(slices.Collect(maps.Keys(docs)))}, func(r *sql.Rows) error {
			var id, on core.DocumentID
			var kind stock.DocumentKind
			var d paper
			err := r.Scan(&id, &kind, &d.number, &d.on, &d.Party, &d.Name, &d.Phone, &on)
			if kind == stock.KindSalesReturn {
				returns[id] = on
			} else {
				papers[id] = d
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	out, sold := map[move]core.Qty{}, map[core.LotID]trace.Parcel{}
	for m, q := range moved {
		if on, back := returns[m.doc]; back {
			m.doc = on
		}
		if _, stands := papers[m.doc]; stands {
			out[m] += q
			sold[m.lot] = trace.Parcel{}
		}
	}
	err = t.each(`SELECT l.id, l.number, i.name FROM json_each(?) x CROSS JOIN lot l ON l.id = x.value JOIN item i ON i.id = l.item_id`, []any{idList(slices.Collect(maps.Keys(sold)))}, func(r *sql.Rows) error {
		var x trace.Parcel
		err := r.Scan(&x.Lot, &x.LotNo, &x.Name)
		sold[x.Lot] = x
		return err
	})
	if err != nil {
		return nil, err
	}
	keys := slices.SortedFunc(maps.Keys(out), func(a, b move) int {
		p, q := papers[a.doc], papers[b.doc]
		return cmp.Or(cmp.Compare(p.Name, q.Name), cmp.Compare(p.Party, q.Party), cmp.Compare(a.doc, b.doc), cmp.Compare(a.lot, b.lot))
	})
	customers := []trace.Customer{}
	for _, m := range keys {
		if out[m] == 0 {
			continue
		}
		d, x := papers[m.doc], sold[m.lot]
		x.Document, x.Number, x.On, x.Qty = m.doc, d.number, d.on, out[m]
		if n := len(customers); n == 0 || customers[n-1].Party != d.Party {
			customers = append(customers, d.Customer)
		}
		last := &customers[len(customers)-1]
		last.Parcel = append(last.Parcel, x)
	}
	return customers, nil
}
