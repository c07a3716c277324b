package storage

import (
	"cmp"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"masala/core"
	"masala/core/production"
	"masala/core/stock"
	"masala/core/trace"
)

// standing holds where edge e belongs to a document that was not reversed and is no
// reversal: the genealogy that counts. An edge of nothing counts, too: of a few
// milligrams in a batch a by-product may hold less than one.
const standing = `(e.qty > 0 OR e.qty = 0 AND EXISTS (SELECT 1 FROM document s WHERE s.id = e.document_id AND +s.reverses IS NULL))
	AND e.document_id NOT IN (SELECT r.reverses FROM document r WHERE r.reverses > 0)`

const nodeColumns = `l.id, l.number, i.id, i.sku, i.name, i.name_hi, i.type, i.dimension, l.born_on, l.expiry_on, d.id, d.number, coalesce(p.name, ''), l.supplier_batch, l.allergens,
	(SELECT coalesce(sum(qty), 0) FROM cell c WHERE c.lot_id = l.id), (SELECT coalesce(sum(qty), 0) FROM ledger g WHERE g.lot_id = l.id AND g.account = 'WIP'),
	(SELECT coalesce(sum(qty), 0) FROM ledger g WHERE g.lot_id = l.id AND g.account = 'COGS'),
	coalesce((SELECT min(r.number) FROM recall_lot m JOIN recall r ON r.id = m.recall_id WHERE m.lot_id = l.id AND r.closed_at IS NULL), '')`

func nodeInto(n *trace.Node) []any {
	return []any{&n.Lot, &n.Number, &n.Item, &n.SKU, &n.Name, &n.NameHi, &n.Type, &n.Dimension, &n.BornOn, &n.ExpiryOn, &n.Document, &n.Source, &n.Supplier, &n.Batch, listColumn{&n.Allergens},
		&n.OnHand, &n.WIP, &n.Sold, &n.Frozen}
}

// TraceNodes reads lots as a trace shows them, in the order they are named.
func (t *Tx) TraceNodes(ids []core.LotID) ([]trace.Node, error) {
	return list(t, `SELECT `+nodeColumns+` FROM json_each(?) x CROSS JOIN lot l ON l.id = x.value JOIN item i ON i.id = l.item_id
		JOIN document d ON d.id = l.source_id LEFT JOIN party p ON p.id = l.supplier_id ORDER BY x.key`, []any{idList(ids)},
		func(r *sql.Rows) (n trace.Node, err error) { return n, r.Scan(nodeInto(&n)...) })
}

// Ancestors lists what a lot was made of, nearest first.
func (t *Tx) Ancestors(id core.LotID) ([]trace.Step, error) {
	return t.follow(id, `SELECT e.parent_id FROM json_each(?) x CROSS JOIN edge e ON e.child_id = x.value WHERE e.parent_id IS NOT NULL AND `+standing)
}

// Descendants lists what was made of a lot, nearest first.
func (t *Tx) Descendants(id core.LotID) ([]trace.Step, error) {
	return t.follow(id, `SELECT e.child_id FROM json_each(?) x CROSS JOIN edge e ON e.parent_id = x.value WHERE `+standing)
}

// follow walks the genealogy breadth first, one step of all lots of a depth at a time,
// so that each lot has its least depth and comes once, however many ways lead to it.
func (t *Tx) follow(root core.LotID, step string) ([]trace.Step, error) {
	steps, seen, level := []trace.Step{}, map[core.LotID]bool{root: true}, []core.LotID{root}
	for depth := 1; len(level) > 0; depth++ {
		next, err := idsOf[core.LotID](t, step, idList(level))
		if err != nil {
			return nil, err
		}
		slices.Sort(next)
		level = slices.DeleteFunc(slices.Compact(next), func(id core.LotID) bool { return seen[id] })
		for _, id := range level {
			seen[id] = true
			steps = append(steps, trace.Step{Lot: id, Depth: depth})
		}
	}
	return steps, nil
}

// idList is ids as a JSON array, for json_each.
func idList[I ~int64](ids []I) string {
	b := make([]byte, 0, 2+8*len(ids))
	for _, id := range ids {
		b = append(strconv.AppendInt(b, int64(id), 10), ',')
	}
	return "[" + strings.TrimSuffix(string(b), ",") + "]"
}

// LinksInto lists the steps from any of parents to one of children.
func (t *Tx) LinksInto(children, parents []core.LotID) ([]trace.Link, error) {
	among := make(map[core.LotID]bool, len(parents))
	for _, id := range parents {
		among[id] = true
	}
	links := []trace.Link{}
	err := t.each(`SELECT e.parent_id, e.child_id, e.qty FROM json_each(?) x CROSS JOIN edge e ON e.child_id = x.value WHERE e.parent_id IS NOT NULL AND `+standing,
		[]any{idList(children)}, func(r *sql.Rows) error {
			var parent, child, qty int64
			err := r.Scan(&parent, &child, &qty)
			if among[core.LotID(parent)] {
				links = append(links, trace.Link{Parent: core.LotID(parent), Child: core.LotID(child), Qty: core.Qty(qty)})
			}
			return err
		})
	slices.SortFunc(links, func(a, b trace.Link) int {
		return cmp.Or(cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.Child, b.Child))
	})
	sums := links[:0]
	for _, l := range links {
		if n := len(sums); n > 0 && sums[n-1].Parent == l.Parent && sums[n-1].Child == l.Child {
			sums[n-1].Qty += l.Qty
		} else {
			sums = append(sums, l)
		}
	}
	return sums, err
}

// RunningOn lists the batches in progress that hold something of the lots, by age.
func (t *Tx) RunningOn(ids []core.LotID) (out []trace.Running, err error) {
	among := make(map[core.LotID]bool, len(ids))
	for _, id := range ids {
		among[id] = true
	}
	running, err := list(t, `SELECT b.id, b.number, i.name FROM (`+openBatches+`) few CROSS JOIN batch b ON b.id = few.id JOIN item i ON i.id = b.item_id
		WHERE `+batchState+` = 'IN_PROGRESS' ORDER BY b.id`, nil,
		func(r *sql.Rows) (x trace.Running, err error) { return x, r.Scan(&x.Batch, &x.Number, &x.Name) })
	out = []trace.Running{}
	for _, x := range running {
		held, err := t.InProcess(production.ID(x.Batch))
		if err != nil {
			return nil, err
		}
		for _, p := range held {
			if among[p.Lot] {
				x.Qty += p.Qty
			}
		}
		if x.Qty > 0 {
			out = append(out, x)
		}
	}
	return out, err
}

// LotBalance sums the contra rows of a lot by what happened to it; a reversal counts
// where the document it cancels counted. Only of goods sold and of adjustments does the
// account alone not tell what happened: the rest is read from an index.
func (t *Tx) LotBalance(id core.LotID) (b trace.Balance, err error) {
	var source, undone core.DocumentID // the document it was born with, and its reversal
	if _, err := t.one(`SELECT l.source_id, coalesce((SELECT r.id FROM document r WHERE r.reverses = l.source_id), 0) FROM lot l WHERE l.id = ?`, []any{id}, &source, &undone); err != nil {
		return b, err
	}
	err = t.each(`SELECT g.account, sum(g.qty), coalesce(sum(g.qty) FILTER (WHERE g.document_id IN (?, ?)), 0)
		FROM ledger g WHERE g.lot_id = ? AND g.account NOT IN ('COGS', 'ADJUSTMENT') GROUP BY g.account`, []any{source, undone, id}, func(r *sql.Rows) error {
		var a stock.Account
		var all, born core.Qty
		if err := r.Scan(&a, &all, &born); err != nil {
			return err
		}
		switch a {
		case stock.InStock:
			b.OnHand = all
		case stock.WIP:
			b.WIP = all
		case stock.Loss:
			b.Lost = all
		case stock.Supplier:
			b.Received -= born
			b.ReturnedOut = all - born
		case stock.Conversion:
			b.Received -= born
			b.Consumed = all - born
		}
		return nil
	})
	if err != nil {
		return b, err
	}
	err = t.each(`SELECT g.account, coalesce(o.kind, d.kind), coalesce(o.id, d.id) = ?, coalesce(o.reason, d.reason), sum(g.qty)
		FROM ledger g JOIN document d ON d.id = g.document_id LEFT JOIN document o ON o.id = d.reverses
		WHERE g.lot_id = ? AND g.account IN ('COGS', 'ADJUSTMENT') GROUP BY g.account, coalesce(o.id, d.id)`, []any{source, id}, func(r *sql.Rows) error {
		var a stock.Account
		var kind stock.DocumentKind
		var born bool
		var reason string
		var q core.Qty
		if err := r.Scan(&a, &kind, &born, &reason, &q); err != nil {
			return err
		}
		switch {
		case a == stock.COGS && kind == stock.KindSalesReturn:
			b.ReturnedIn -= q
		case a == stock.COGS:
			b.Dispatched += q
		case born:
			b.Received -= q
		case q < 0:
			b.Gains -= q
		case stock.IsDisposal(reason):
			b.Disposed += q
		default:
			b.Adjusted += q
		}
		return nil
	})
	return b, err
}
