package storage

import (
	"database/sql"
	"slices"

	"masala/core"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/stock"
)

// live holds where the document called d was not reversed and is no reversal. The plus
// keeps SQLite from the index: nearly every document reverses nothing.
const live = `+d.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = d.id)`

// Outflows tells where the quantity of a lot is and has gone. What a process lost is part
// of its edges, so LOSS counts only where no edge of the same document leaves the lot.
func (t *Tx) Outflows(lot core.LotID) (o purchase.Outflows, err error) {
	o.Cells, err = list(t, `SELECT c.lot_id, c.segment, c.status, c.item_id, c.qty, c.value, (SELECT min(g.seq) FROM ledger g
			WHERE g.lot_id = c.lot_id AND g.account = 'STOCK' AND g.segment = c.segment AND g.status = c.status AND g.qty <> 0)
		FROM cell c WHERE c.lot_id = ? AND c.qty > 0`, []any{lot},
		func(r *sql.Rows) (c purchase.Held, err error) {
			return c, r.Scan(&c.Lot, &c.Segment, &c.Status, &c.Item, &c.Qty, &c.Value, &c.Since)
		})
	if err != nil {
		return o, err
	}
	o.Children, err = list(t, `SELECT e.child_id, e.document_id, (SELECT min(g.seq) FROM ledger g WHERE g.document_id = e.document_id), e.qty FROM edge e JOIN document d ON d.id = e.document_id
		WHERE e.parent_id = ? AND e.qty > 0 AND `+live+` ORDER BY e.id`, []any{lot},
		func(r *sql.Rows) (c purchase.Child, err error) {
			return c, r.Scan(&c.Lot, &c.Document, &c.Since, &c.Qty)
		})
	if err != nil {
		return o, err
	}
	o.SoldBy, err = idsOf[core.DocumentID](t, `SELECT DISTINCT g.document_id FROM ledger g JOIN document d ON d.id = g.document_id
		WHERE g.lot_id = ? AND g.account = 'COGS' AND g.qty > 0 AND `+live+` ORDER BY g.document_id`, lot)
	if err != nil {
		return o, err
	}
	if o.Batches, err = t.batchesHolding(lot); err != nil {
		return o, err
	}
	err = t.each(`SELECT g.account, sum(g.qty), min(g.seq) FROM ledger g JOIN lot l ON l.id = g.lot_id
		WHERE g.lot_id = ? AND g.document_id <> l.source_id AND g.account IN ('COGS', 'SUPPLIER', 'ADJUSTMENT', 'LOSS') AND g.qty <> 0
		AND NOT (g.account = 'LOSS' AND EXISTS (SELECT 1 FROM edge e WHERE e.document_id = g.document_id AND e.parent_id = g.lot_id))
		GROUP BY g.account ORDER BY min(g.seq)`, []any{lot}, func(r *sql.Rows) error {
		var a stock.Account
		var gone purchase.Gone
		if err := r.Scan(&a, &gone.Qty, &gone.Since); err != nil {
			return err
		}
		into := &o.Other
		if a == stock.COGS {
			into = &o.Sold
		}
		if into.Since == 0 {
			into.Since = gone.Since
		}
		into.Qty += max(0, gone.Qty)
		return nil
	})
	return o, err
}

// batchesHolding lists the running batches with material of a lot, by age.
func (t *Tx) batchesHolding(lot core.LotID) (out []purchase.Process, err error) {
	var q core.Qty
	if _, err := t.one(`SELECT coalesce(sum(qty), 0) FROM ledger WHERE lot_id = ? AND account = 'WIP'`, []any{lot}, &q); err != nil || q == 0 {
		return nil, err
	}
	type holding struct {
		id    production.ID
		since core.Seq
	}
	batches, err := list(t, `SELECT t.batch_id, min(g.seq) FROM ledger g CROSS JOIN batch_typed t ON t.document_id = g.document_id
		WHERE g.lot_id = ? AND g.account = 'WIP' GROUP BY t.batch_id ORDER BY t.batch_id`, []any{lot},
		func(r *sql.Rows) (b holding, err error) { return b, r.Scan(&b.id, &b.since) })
	if err != nil {
		return nil, err
	}
	for _, b := range batches {
		id := b.id
		held, err := t.InProcess(id)
		if err != nil {
			return nil, err
		}
		n := slices.IndexFunc(held, func(p production.InProcess) bool { return p.Lot == lot && p.Qty > 0 })
		if n < 0 {
			continue
		}
		issues, err := t.IssueDocuments(id)
		if err != nil {
			return nil, err
		}
		out = append(out, purchase.Process{Batch: int64(id), Since: b.since, Qty: held[n].Qty, Value: held[n].Value, Issues: issues})
	}
	return out, nil
}

// NotesOn lists the price corrections of the line a lot came with that stand. Only they
// have the supplier's account at the lot.
func (t *Tx) NotesOn(lot core.LotID) ([]purchase.Note, error) {
	return list(t, `SELECT d.id, d.number, coalesce(p.number, ''), -g.value FROM ledger g JOIN document d ON d.id = g.document_id LEFT JOIN price_note p ON p.document_id = d.id
		WHERE g.lot_id = ? AND g.account = 'SUPPLIER' AND d.kind = 'PC' AND `+live+` ORDER BY d.id`, []any{lot},
		func(r *sql.Rows) (n purchase.Note, err error) {
			return n, r.Scan(&n.Document, &n.Posted, &n.Number, &n.Delta)
		})
}

// InsertBatchPrice keeps what a price correction put on the material of a batch.
func (t *Tx) InsertBatchPrice(doc core.DocumentID, b purchase.InBatch) error {
	_, err := t.exec(`INSERT INTO batch_price (document_id, batch_id, lot_id, value) VALUES (?, ?, ?, ?)`, doc, b.Batch, b.Lot, b.Value)
	return err
}

// InsertPriceNote keeps the number of the note that a price correction was posted for.
func (t *Tx) InsertPriceNote(doc core.DocumentID, lot core.LotID, number string) error {
	_, err := t.exec(`INSERT INTO price_note (document_id, lot_id, number) VALUES (?, ?, ?)`, doc, lot, number)
	return err
}
