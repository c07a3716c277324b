package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
)

// live holds where the document called d was not reversed and is no reversal. The plus
// keeps SQLite from the index: nearly every document reverses nothing.
const live = `+d.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = d.id)`

// Outflows tells where the quantity of a lot has gone. What a process lost is part of
// its edges, so LOSS counts only where no edge of the same document leaves the lot.
func (t *Tx) Outflows(lot core.LotID) (o purchase.Outflows, err error) {
	cells, err := t.CellsOfLot(lot)
	if err != nil {
		return o, err
	}
	for _, c := range cells {
		if c.Qty > 0 {
			o.Cells = append(o.Cells, c)
		}
	}
	o.Children, err = list(t, `SELECT e.child_id, e.document_id, e.qty FROM edge e JOIN document d ON d.id = e.document_id
		WHERE e.parent_id = ? AND e.qty > 0 AND `+live+` ORDER BY e.id`, []any{lot},
		func(r *sql.Rows) (c purchase.Child, err error) { return c, r.Scan(&c.Lot, &c.Document, &c.Qty) })
	if err != nil {
		return o, err
	}
	o.SoldBy, err = list(t, `SELECT DISTINCT g.document_id FROM ledger g JOIN document d ON d.id = g.document_id
		WHERE g.lot_id = ? AND g.account = 'COGS' AND g.qty > 0 AND `+live+` ORDER BY g.document_id`, []any{lot},
		func(r *sql.Rows) (id core.DocumentID, err error) { return id, r.Scan(&id) })
	if err != nil {
		return o, err
	}
	err = t.each(`SELECT g.account, sum(g.qty) FROM ledger g JOIN lot l ON l.id = g.lot_id
		WHERE g.lot_id = ? AND g.document_id <> l.source_id AND g.account IN ('COGS', 'WIP', 'SUPPLIER', 'ADJUSTMENT', 'LOSS')
		AND NOT (g.account = 'LOSS' AND EXISTS (SELECT 1 FROM edge e WHERE e.document_id = g.document_id AND e.parent_id = g.lot_id))
		GROUP BY g.account`, []any{lot}, func(r *sql.Rows) error {
		var a stock.Account
		var q core.Qty
		if err := r.Scan(&a, &q); err != nil {
			return err
		}
		if a == stock.COGS {
			o.Sold = max(0, q)
		} else {
			o.Other += max(0, q)
		}
		return nil
	})
	return o, err
}
