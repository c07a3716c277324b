package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/catalog"
	"masala/core/production"
	"masala/core/report"
	"masala/core/stock"
)

// Stages sums each item type, with the values of its five most valuable items and
// the rest.
func (t *Tx) Stages() (stages []report.Stage, values []report.StageValue, err error) {
	for _, kind := range catalog.Types() {
		s, v := report.Stage{Type: kind}, report.StageValue{Type: kind, Top: []core.Paise{}, Items: []report.TopItem{}}
		err := t.each(`SELECT i.id, i.sku, i.name, i.name_hi, i.dimension, s.cells, s.qty, s.value FROM item_stock s JOIN item i ON i.id = s.item_id
			WHERE i.type = ? AND s.cells > 0 ORDER BY s.value DESC`, []any{kind}, func(r *sql.Rows) error {
			var dim core.Dimension
			var n int
			var q core.Qty
			var p core.Paise
			var top report.TopItem
			if err := r.Scan(&top.Item, &top.SKU, &top.Name, &top.NameHi, &dim, &n, &q, &p); err != nil {
				return err
			}
			s.Lots += n
			switch dim {
			case core.Mass:
				s.Mass += q
			case core.Count:
				s.Pieces += q
			}
			v.Value += p
			if top.Value = p; len(v.Items) < 5 {
				v.Items = append(v.Items, top)
			}
			if len(v.Top) < 6 {
				v.Top = append(v.Top, 0)
			}
			v.Top[len(v.Top)-1] += p
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
		if _, err := t.one(`SELECT count(*) FROM cell c JOIN item i ON i.id = c.item_id WHERE c.qty > 0 AND c.status = 'HOLD' AND i.type = ?`, []any{kind}, &s.OnHold); err != nil {
			return nil, nil, err
		}
		stages, values = append(stages, s), append(values, v)
	}
	return stages, values, nil
}

// StageChanges sums what each item type gained in value after a day.
func (t *Tx) StageChanges(since core.Date) (map[catalog.Type]core.Paise, error) {
	out := map[catalog.Type]core.Paise{}
	err := t.each(`SELECT i.type, sum(x.value) FROM item i CROSS JOIN item_day x ON x.item_id = i.id AND x.effective_on > ? GROUP BY i.type`, []any{since}, func(r *sql.Rows) error {
		var kind catalog.Type
		var v core.Paise
		err := r.Scan(&kind, &v)
		out[kind] = v
		return err
	})
	return out, err
}

// Reorders lists items whose usable stock is at or below their minimum, the emptiest
// first, and counts all of them.
func (t *Tx) Reorders(today core.Date, limit int) (rows []report.Reorder, n int, err error) {
	rows, err = list(t, `SELECT i.id, i.sku, i.name, i.name_hi, i.dimension, coalesce(s.qty, 0) - `+useless+` AS have, i.min_stock FROM item i LEFT JOIN item_stock s ON s.item_id = i.id
		WHERE i.active AND i.min_stock > 0 AND have <= i.min_stock ORDER BY have * 10000 / i.min_stock, i.sku_sort`, []any{today},
		func(r *sql.Rows) (o report.Reorder, err error) {
			return o, r.Scan(&o.Item, &o.SKU, &o.Name, &o.NameHi, &o.Dimension, &o.OnHand, &o.MinStock)
		})
	return rows[:min(len(rows), limit)], len(rows), err
}

// Expiring lists the stock whose last day is until or before, soonest first.
func (t *Tx) Expiring(until core.Date, limit int) ([]stock.LotRow, report.Sum, error) {
	return t.cellsWhere("c.qty > 0 AND l.expiry_on > 0 AND l.expiry_on <= ?", []any{until}, "l.expiry_on, l.number_sort, c.segment, c.status", limit)
}

// OnHold lists the stock on hold, what was put there longest ago first.
func (t *Tx) OnHold(limit int) ([]stock.LotRow, report.Sum, error) {
	return t.cellsWhere("c.qty > 0 AND c.status = 'HOLD'", nil, "c.newest_in, l.number_sort, c.segment, c.status", limit)
}

// cellsWhere sums cells and lists the first of them: what a row shows is read of those
// alone.
func (t *Tx) cellsWhere(what string, args []any, order string, limit int) (rows []stock.LotRow, sum report.Sum, err error) {
	var cells []lotRow
	err = t.each(`SELECT c.lot_id, c.segment, c.status, c.value FROM cell c JOIN lot l ON l.id = c.lot_id WHERE `+what+` ORDER BY `+order, args, func(r *sql.Rows) error {
		var c lotRow
		err := r.Scan(&c.Lot, &c.Segment, &c.Status, &c.Value)
		sum.Cells, sum.Value = sum.Cells+1, sum.Value+c.Value
		if len(cells) < limit {
			cells = append(cells, c)
		}
		return err
	})
	if err != nil {
		return nil, sum, err
	}
	shown, err := t.rowsOf(cells, order)
	rows = make([]stock.LotRow, len(shown))
	for i := range shown {
		rows[i] = shown[i].LotRow
	}
	return rows, sum, err
}

// HeldOf is what lies on hold of an item.
func (t *Tx) HeldOf(item core.ItemID) (q core.Qty, err error) {
	_, err = t.one(`SELECT coalesce(sum(qty), 0) FROM cell WHERE item_id = ? AND qty > 0 AND status = 'HOLD'`, []any{item}, &q)
	return q, err
}

// OpenBatches lists the planned and running batches, also those that run again
// because their completion or cancellation was reversed, oldest first.
func (t *Tx) OpenBatches() ([]production.Head, error) {
	return list(t, `WITH open AS (`+openBatches+`)
		SELECT `+batchColumns+`, b.recipe_version`+fromBatches+`WHERE b.id IN (SELECT id FROM open) AND `+batchState+` IN ('PLANNED', 'IN_PROGRESS') ORDER BY b.id`, nil,
		func(r *sql.Rows) (h production.Head, err error) {
			return h, scanBatch(r.Scan, &h.Row, &h.RecipeVersion)
		})
}

// Work counts what is open; orders by their day of delivery.
func (t *Tx) Work(from, to core.Date) (w report.Work, err error) {
	_, err = t.one(`SELECT (SELECT count(*) FROM sales_order o WHERE NOT o.closed AND NOT o.settled AND o.deliver_on BETWEEN ? AND ? AND `+salesOrderState+` <> 'DELIVERED'),
		(SELECT count(*) FROM dispatch WHERE document_id IS NULL AND NOT discarded), (SELECT count(*) FROM stock_count WHERE state = 'OPEN'),
		(SELECT count(*) FROM recall WHERE closed_at IS NULL)`, []any{from, to}, &w.Orders, &w.Drafts, &w.Counts, &w.Recalls)
	return w, err
}

// Standing counts the documents of a kind and of some business days that stand.
func (t *Tx) Standing(kind stock.DocumentKind, from, to core.Date) (n int, err error) {
	_, err = t.one(`SELECT count(*) FROM document d WHERE d.kind = ? AND d.effective_on BETWEEN ? AND ? AND `+live, []any{kind, from, to}, &n)
	return n, err
}

// Sales sums the taxable value of the challans from a day on, per business day, less that
// of the challans that were cancelled on it, whenever they had gone.
func (t *Tx) Sales(from core.Date) ([]report.DayValue, error) {
	const taxable = `(SELECT sum(l.taxable) FROM dispatch_line l WHERE l.document_id = d.id)`
	return list(t, `SELECT day, sum(taxable) FROM (
		SELECT d.effective_on AS day, `+taxable+` AS taxable FROM document d WHERE d.kind = 'DC' AND d.effective_on >= ?1
		UNION ALL SELECT r.effective_on, -`+taxable+` FROM document r CROSS JOIN document d ON d.id = r.reverses WHERE r.kind = 'REV' AND r.effective_on >= ?1 AND d.kind = 'DC')
		GROUP BY day ORDER BY day`, []any{from}, scanDayValue)
}

// CameBack lists what customers sent back from a day on, and, as less than nothing, what
// of it was cancelled, with the line of the challan it went out with: a lot goes with one line.
func (t *Tx) CameBack(from core.Date) ([]report.CameBack, error) {
	return list(t, `WITH back AS (SELECT id, effective_on AS day, 1 AS sign FROM document WHERE kind = 'SR' AND effective_on >= ?1
			UNION ALL SELECT r.reverses, r.effective_on, -1 FROM document r WHERE r.kind = 'REV' AND r.effective_on >= ?1)
		SELECT b.day, b.sign * s.qty, l.qty, l.taxable FROM back b CROSS JOIN sales_return s ON s.document_id = b.id
		JOIN dispatch_lot x ON x.document_id = s.dispatch_id AND x.lot_id = s.lot_id JOIN dispatch_line l ON l.document_id = x.document_id AND l.line = x.line`, []any{from},
		func(r *sql.Rows) (x report.CameBack, err error) {
			return x, r.Scan(&x.Day, &x.Qty, &x.Sent, &x.Taxable)
		})
}

// AccountDays sums what came to some accounts from a day on, per business day.
func (t *Tx) AccountDays(from core.Date, accounts ...stock.Account) ([]report.DayValue, error) {
	w := &where{}
	in(w, "account", accounts)
	w.and("effective_on >= ?", from)
	return list(t, `SELECT effective_on, sum(value) FROM account_day WHERE `+w.String()+` GROUP BY effective_on ORDER BY effective_on`, w.args, scanDayValue)
}

func scanDayValue(r *sql.Rows) (d report.DayValue, err error) { return d, r.Scan(&d.Day, &d.Value) }
