package storage

import (
	"database/sql"
	"encoding/json"
	"slices"

	"masala/core"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/stock"
)

// stands tells whether the document in a column exists and was not reversed.
func stands(column string) string {
	return `(` + column + ` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = ` + column + `))`
}

// weightCounts tells whether a typed weight t counts: while its document stands, or, of a
// zero that moved nothing, until the line is typed again.
var weightCounts = `(` + stands("t.document_id") + ` OR t.document_id IS NULL
	AND NOT EXISTS (SELECT 1 FROM batch_typed again WHERE again.batch_id = t.batch_id AND again.line = t.line AND again.id > t.id))`

var batchState = `CASE WHEN ` + stands("b.document_id") + ` THEN 'COMPLETED'
	WHEN b.cancelled AND (b.cancel_document IS NULL OR ` + stands("b.cancel_document") + `) THEN 'CANCELLED'
	WHEN b.started_at > 0 THEN 'IN_PROGRESS' ELSE 'PLANNED' END`

var batchColumns = `b.id, b.number, b.recipe_id, v.code, i.id, i.sku, i.name, i.name_hi, b.charge, b.planned_on, ` + batchState + `,
	coalesce((SELECT sum(t.qty) FROM batch_typed t WHERE t.batch_id = b.id AND ` + stands("t.document_id") + `), 0),
	coalesce((SELECT o.qty FROM batch_output o WHERE o.document_id = b.document_id AND o.line = 0 AND ` + stands("b.document_id") + `), 0),
	coalesce((SELECT c.loss FROM batch_completion c WHERE c.document_id = b.document_id AND ` + stands("b.document_id") + `), 0), v.std_loss + v.tolerance`

const (
	batchJoins  = ` JOIN item i ON i.id = b.item_id JOIN recipe_version v ON v.recipe_id = b.recipe_id AND v.version = b.recipe_version `
	fromBatches = ` FROM batch b` + batchJoins
)

// openBatches are the batches that may be planned or running: those without an end, and
// those whose completion or cancellation was reversed.
const openBatches = `SELECT id FROM batch WHERE document_id IS NULL AND NOT cancelled
	UNION SELECT c.batch_id FROM document r CROSS JOIN batch_completion c ON c.document_id = r.reverses WHERE r.kind = 'REV'
	UNION SELECT x.id FROM document r CROSS JOIN document o ON o.id = r.reverses AND o.kind = 'MR' CROSS JOIN batch x ON x.cancel_document = o.id WHERE r.kind = 'REV'`

// rareBatches finds the batches that may be in a state of which there are few.
var rareBatches = map[production.State]string{
	production.Planned:   openBatches,
	production.Running:   openBatches,
	production.Cancelled: `SELECT id FROM batch WHERE cancelled`,
}

func scanBatch(scan func(...any) error, b *production.Row, more ...any) error {
	var loss core.Qty
	var limit core.Percent
	err := scan(append([]any{&b.ID, &b.Number, &b.Recipe, &b.RecipeCode, &b.Item, &b.SKU, &b.Name, &b.NameHi, &b.Charge, &b.On, &b.State, &b.Issued, &b.Output, &loss, &limit}, more...)...)
	if err == nil && b.State == production.Completed && b.Issued > 0 {
		b.Loss, b.Alert = production.Share(loss, b.Issued), production.Alarming(loss, b.Issued, limit)
	}
	return err
}

// Batches pages through the batches, newest first.
func (t *Tx) Batches(q production.ListBatchesReq) (resp production.ListBatchesResp, err error) {
	w := &where{}
	if q.Item != 0 {
		w.and("b.item_id = ?", q.Item)
	}
	by := key[production.Row]{"b.id", true, func(b *production.Row) any { return int64(b.ID) }}
	if q.Query != "" {
		starts(w, "b.number", q.Query)
		by = key[production.Row]{"b.number", true, func(b *production.Row) any { return b.Number }}
	}
	from := "batch b"
	if few := fewOf(rareBatches, q.States); few != "" {
		from = few + " few CROSS JOIN batch b ON b.id = few.id"
	}
	in(w, batchState, q.States)
	p, err := walkOf([]key[production.Row]{by}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := p.choose("b.id", from, w)
	rows, err := list(t, `SELECT `+batchColumns+` FROM `+chosen+` k CROSS JOIN batch b ON b.id = k.id`+batchJoins+`ORDER BY `+p.order(), args,
		func(r *sql.Rows) (b production.Row, err error) { return b, scanBatch(r.Scan, &b) })
	resp.Batches, resp.Next = p.cut(rows)
	return resp, err
}

// Batch reads the record of a batch.
func (t *Tx) Batch(id production.ID) (h production.Head, err error) {
	found, err := list(t, `SELECT `+batchColumns+`, b.recipe_version, b.note, b.started_at, b.started_by, b.cancel_reason, b.version, b.updated_at, b.updated_by`+fromBatches+`WHERE b.id = ?`, []any{id},
		func(r *sql.Rows) (h production.Head, err error) {
			err = scanBatch(r.Scan, &h.Row, &h.RecipeVersion, &h.Note, clock{&h.StartedAt.UpdatedAt}, &h.StartedAt.UpdatedBy, &h.CancelReason, &h.Version, clock{&h.UpdatedAt}, &h.UpdatedBy)
			if h.State == production.Planned || h.StartedAt.UpdatedBy == "" {
				h.StartedAt = core.Stamp{}
			}
			return h, err
		})
	if err != nil {
		return h, err
	}
	if len(found) == 0 {
		return h, core.NotFound("id", "There is no such batch.")
	}
	return found[0], nil
}

// InsertBatch writes a planned batch.
func (t *Tx) InsertBatch(h production.Head) (production.ID, error) {
	id, err := t.insert(`INSERT INTO batch (number, recipe_id, recipe_version, item_id, charge, planned_on, note, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		h.Number, h.Recipe, h.RecipeVersion, h.Item, h.Charge, h.On, h.Note, h.Version, instant(h.UpdatedAt), h.UpdatedBy)
	return production.ID(id), err
}

// MarkChanged stamps a batch.
func (t *Tx) MarkChanged(id production.ID, s core.Stamp) error {
	_, err := t.exec(`UPDATE batch SET version = ?, updated_at = ?, updated_by = ? WHERE id = ?`, s.Version, instant(s.UpdatedAt), s.UpdatedBy, id)
	return err
}

// MarkStarted starts a batch.
func (t *Tx) MarkStarted(id production.ID, s core.Stamp) error {
	if _, err := t.exec(`UPDATE batch SET started_at = ?, started_by = ? WHERE id = ?`, instant(s.UpdatedAt), s.UpdatedBy, id); err != nil {
		return err
	}
	return t.MarkChanged(id, s)
}

// MarkCancelled cancels a batch.
func (t *Tx) MarkCancelled(id production.ID, document core.DocumentID, reason string, s core.Stamp) error {
	if _, err := t.exec(`UPDATE batch SET cancelled = 1, cancel_document = ?, cancel_reason = ? WHERE id = ?`, nullID(document), reason, id); err != nil {
		return err
	}
	return t.MarkChanged(id, s)
}

// InsertTyped keeps a typed weight with the lots that were suggested for it.
func (t *Tx) InsertTyped(id production.ID, y production.Typed) error {
	suggested, err := json.Marshal(y.Suggest)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO batch_typed (batch_id, line, item_id, qty, reason, suggested, override, document_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, y.Line, y.Item, y.Qty, y.Reason, string(suggested), y.Override, nullID(y.Document))
	return err
}

// TypedOf lists the weights that count.
func (t *Tx) TypedOf(id production.ID) ([]production.Typed, error) {
	return list(t, `SELECT line, item_id, qty, reason, suggested, override, coalesce(document_id, 0) FROM batch_typed t
		WHERE batch_id = ? AND `+weightCounts+` ORDER BY id`, []any{id},
		func(r *sql.Rows) (y production.Typed, err error) {
			var suggested string
			if err := r.Scan(&y.Line, &y.Item, &y.Qty, &y.Reason, &suggested, &y.Override, &y.Document); err != nil {
				return y, err
			}
			return y, json.Unmarshal([]byte(suggested), &y.Suggest)
		})
}

// IssueDocuments lists the issues of a batch that stand.
func (t *Tx) IssueDocuments(id production.ID) ([]core.DocumentID, error) {
	return list(t, `SELECT DISTINCT document_id FROM batch_typed t WHERE batch_id = ? AND `+stands("t.document_id")+` ORDER BY document_id`, []any{id},
		func(r *sql.Rows) (d core.DocumentID, err error) { return d, r.Scan(&d) })
}

// MadeOf lists the issues of a batch and the price corrections of what it holds that
// stand: what uses the material stands on them.
func (t *Tx) MadeOf(id production.ID) ([]core.DocumentID, error) {
	return list(t, `SELECT document_id FROM batch_typed t WHERE batch_id = ?1 AND `+stands("t.document_id")+`
		UNION SELECT document_id FROM batch_price x WHERE batch_id = ?1 AND `+stands("x.document_id")+` ORDER BY 1`, []any{id},
		func(r *sql.Rows) (d core.DocumentID, err error) { return d, r.Scan(&d) })
}

// IssuedLots lists what the issues that stand took, lot by lot.
func (t *Tx) IssuedLots(id production.ID) ([]production.IssuedLot, error) {
	return list(t, `SELECT d.id, d.number, coalesce((SELECT max(y.line) FROM batch_typed y WHERE y.document_id = d.id AND y.item_id = g.item_id), 0), g.item_id, l.id, l.number, sum(-g.qty)
		FROM (SELECT DISTINCT document_id FROM batch_typed t WHERE batch_id = ? AND `+stands("t.document_id")+`) issues
		JOIN document d ON d.id = issues.document_id JOIN ledger g ON g.document_id = d.id AND g.account = 'STOCK' JOIN lot l ON l.id = g.lot_id
		GROUP BY d.id, l.id ORDER BY d.id, min(g.seq)`, []any{id},
		func(r *sql.Rows) (x production.IssuedLot, err error) {
			return x, r.Scan(&x.Document, &x.Number, &x.Line, &x.Item, &x.Lot, &x.LotNo, &x.Qty)
		})
}

// ofBatch are the documents of a batch (?1), standing or not, and their reversals.
const ofBatch = `WITH own AS (SELECT document_id AS id FROM batch_typed WHERE batch_id = ?1 AND document_id IS NOT NULL
		UNION SELECT document_id FROM batch_completion WHERE batch_id = ?1
		UNION SELECT cancel_document FROM batch WHERE id = ?1 AND cancel_document IS NOT NULL),
	docs AS (SELECT id FROM own UNION SELECT d.id FROM own CROSS JOIN document d ON d.reverses = own.id) `

// InProcess sums what a batch holds, lot by lot, with the price corrections on it.
func (t *Tx) InProcess(id production.ID) ([]production.InProcess, error) {
	return list(t, ofBatch+`SELECT p.item_id, p.lot_id, sum(p.qty), sum(p.value) FROM (
			SELECT g.seq, g.item_id, g.lot_id, g.qty, g.value FROM docs CROSS JOIN ledger g ON g.document_id = docs.id WHERE g.account = 'WIP'
			UNION ALL SELECT 1 << 62, l.item_id, x.lot_id, 0, x.value FROM batch_price x JOIN lot l ON l.id = x.lot_id WHERE x.batch_id = ?1 AND `+stands("x.document_id")+`) p
		GROUP BY p.lot_id HAVING sum(p.qty) <> 0 OR sum(p.value) <> 0 ORDER BY min(p.seq)`, []any{id},
		func(r *sql.Rows) (p production.InProcess, err error) {
			return p, r.Scan(&p.Item, &p.Lot, &p.Qty, &p.Value)
		})
}

// TakenFrom sums what the issues that stand took, cell by cell, at what it costs now:
// with the price corrections that came while it was in process.
func (t *Tx) TakenFrom(id production.ID) ([]stock.Cell, error) {
	cells, err := list(t, `SELECT g.lot_id, g.segment, g.status, g.item_id, -sum(g.qty), -sum(g.value)
		FROM (SELECT DISTINCT document_id FROM batch_typed t WHERE batch_id = ? AND `+stands("t.document_id")+`) t
		JOIN ledger g ON g.document_id = t.document_id WHERE g.account = 'STOCK' GROUP BY g.lot_id, g.segment, g.status ORDER BY min(g.seq)`, []any{id},
		func(r *sql.Rows) (c stock.Cell, err error) {
			return c, r.Scan(&c.Lot, &c.Segment, &c.Status, &c.Item, &c.Qty, &c.Value)
		})
	if err != nil {
		return nil, err
	}
	err = t.each(`SELECT lot_id, sum(value) FROM batch_price x WHERE batch_id = ? AND `+stands("x.document_id")+` GROUP BY lot_id`, []any{id}, func(r *sql.Rows) error {
		var lot core.LotID
		var v core.Paise
		if err := r.Scan(&lot, &v); err != nil || v == 0 {
			return err
		}
		return reprice(cells, lot, v)
	})
	return cells, err
}

// reprice spreads v over the cells of a lot: a debit by quantity, a credit by value, of
// which it leaves none below zero.
func reprice(cells []stock.Cell, lot core.LotID, v core.Paise) error {
	weights := make([]int64, len(cells))
	for i, c := range cells {
		switch {
		case c.Lot != lot:
		case v > 0:
			weights[i] = int64(c.Qty)
		default:
			weights[i] = int64(c.Value)
		}
	}
	parts, err := core.Split(max(v, -v), weights)
	for i := range parts {
		if v < 0 {
			parts[i] = -parts[i]
		}
		cells[i].Value += parts[i]
	}
	return err
}

// InsertCompletion writes the paper of a completed batch.
func (t *Tx) InsertCompletion(id production.ID, c production.Completion) error {
	if _, err := t.exec(`INSERT INTO batch_completion (document_id, batch_id, input, input_value, loss, gain_reason, expensed, expense) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		c.Document, id, c.Input, c.InputValue, c.Loss, c.GainReason, c.Expensed, c.Expense); err != nil {
		return err
	}
	for i, o := range c.Outputs {
		if _, err := t.exec(`INSERT INTO batch_output (document_id, line, item_id, lot_id, qty, value, status) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			c.Document, i, o.Item, o.Lot, o.Qty, c.Values[i], o.Status); err != nil {
			return err
		}
	}
	for i, w := range c.Waste {
		if _, err := t.exec(`INSERT INTO batch_waste (document_id, line, reason, qty) VALUES (?, ?, ?, ?)`, c.Document, i+1, w.Reason, w.Qty); err != nil {
			return err
		}
	}
	_, err := t.exec(`UPDATE batch SET document_id = ? WHERE id = ?`, c.Document, id)
	return err
}

// CompletionOf reads the completion of a batch that stands.
func (t *Tx) CompletionOf(id production.ID) (c production.Completion, ok bool, err error) {
	ok, err = t.one(`SELECT c.document_id, d.number, d.effective_on, c.input, c.input_value, c.loss, c.gain_reason, c.expensed, c.expense
		FROM batch b JOIN batch_completion c ON c.document_id = b.document_id JOIN document d ON d.id = c.document_id WHERE b.id = ? AND `+stands("b.document_id"), []any{id},
		&c.Document, &c.Number, &c.On, &c.Input, &c.InputValue, &c.Loss, &c.GainReason, &c.Expensed, &c.Expense)
	if err != nil || !ok {
		return c, ok, err
	}
	err = t.each(`SELECT i.id, i.sku, i.name, l.id, l.number, o.qty, l.expiry_on, o.status, o.value FROM batch_output o JOIN item i ON i.id = o.item_id JOIN lot l ON l.id = o.lot_id
		WHERE o.document_id = ? ORDER BY o.line`, []any{c.Document}, func(r *sql.Rows) error {
		var o production.Output
		var v core.Paise
		if err := r.Scan(&o.Item, &o.SKU, &o.Name, &o.Lot, &o.LotNo, &o.Qty, &o.ExpiryOn, &o.Status, &v); err != nil {
			return err
		}
		c.Outputs, c.Values = append(c.Outputs, o), append(c.Values, v)
		return nil
	})
	if err != nil {
		return c, false, err
	}
	c.Waste, err = list(t, `SELECT reason, qty FROM batch_waste WHERE document_id = ? ORDER BY line`, []any{c.Document},
		func(r *sql.Rows) (w production.Waste, err error) { return w, r.Scan(&w.Reason, &w.Qty) })
	return c, true, err
}

// Reserved sums what planned and running batches count on of an item and have not
// typed yet. Each is scaled as its job card is (R17).
func (t *Tx) Reserved(item core.ItemID, but string) (sum core.Qty, err error) {
	type want struct {
		charge core.Qty
		recipe recipe.ID
		ver    int64
		line   int
	}
	wants, err := list(t, `SELECT b.charge, b.recipe_id, b.recipe_version, l.line FROM batch b
		JOIN recipe_line l ON l.recipe_id = b.recipe_id AND l.version = b.recipe_version AND l.item_id = ?
		WHERE b.document_id IS NULL AND NOT b.cancelled AND b.number <> ?
		AND NOT EXISTS (SELECT 1 FROM batch_typed t WHERE t.batch_id = b.id AND t.line = l.line AND `+weightCounts+`)`, []any{item, but},
		func(r *sql.Rows) (w want, err error) { return w, r.Scan(&w.charge, &w.recipe, &w.ver, &w.line) })
	if err != nil {
		return 0, err
	}
	for _, w := range wants {
		r, err := t.Recipe(w.recipe, w.ver)
		if err != nil {
			return 0, err
		}
		scaled, err := recipe.Scale(w.charge, r.Lines)
		if err != nil {
			return 0, err
		}
		if n := slices.IndexFunc(r.Lines, func(l recipe.Line) bool { return l.Item == item }); n >= 0 {
			sum += scaled[n]
		}
	}
	return sum, nil
}
