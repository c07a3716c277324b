package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/catalog"
	"masala/core/report"
	"masala/core/stock"
)

// Stages sums each item type, with the values of its five most valuable items and
// the rest.
func (t *Tx) Stages() (stages []report.Stage, values []report.StageValue, err error) {
	for _, kind := range catalog.Types() {
		s, v := report.Stage{Type: kind}, report.StageValue{Type: kind, Top: []core.Paise{}}
		err := t.each(`SELECT i.dimension, s.cells, s.qty, s.value FROM item_stock s JOIN item i ON i.id = s.item_id
			WHERE i.type = ? AND s.cells > 0 ORDER BY s.value DESC`, []any{kind}, func(r *sql.Rows) error {
			var dim core.Dimension
			var n int
			var q core.Qty
			var p core.Paise
			if err := r.Scan(&dim, &n, &q, &p); err != nil {
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

// Reorders lists items at or below their minimum, the emptiest first.
func (t *Tx) Reorders(limit int) ([]report.Reorder, error) {
	return list(t, `SELECT i.id, i.sku, i.name, i.name_hi, i.dimension, coalesce(s.qty, 0) AS have, i.min_stock
		FROM item i LEFT JOIN item_stock s ON s.item_id = i.id
		WHERE i.active AND i.min_stock > 0 AND coalesce(s.qty, 0) <= i.min_stock
		ORDER BY have * 10000 / i.min_stock, i.sku_sort LIMIT ?`, []any{limit},
		func(r *sql.Rows) (o report.Reorder, err error) {
			return o, r.Scan(&o.Item, &o.SKU, &o.Name, &o.NameHi, &o.Dimension, &o.OnHand, &o.MinStock)
		})
}

// Expiring lists the stock whose last day is until or before, soonest first, and
// sums the value of all of it.
func (t *Tx) Expiring(until core.Date, limit int) (rows []stock.LotRow, value core.Paise, err error) {
	w := &where{}
	w.and("c.qty > 0 AND l.expiry_on > 0 AND l.expiry_on <= ?", until)
	if _, err := t.one(`SELECT coalesce(sum(c.value), 0)`+fromCells+w.String(), w.args, &value); err != nil {
		return nil, 0, err
	}
	rows, err = list(t, `SELECT `+lotRowColumns+fromCells+w.String()+` ORDER BY l.expiry_on, l.number_sort, c.segment, c.status LIMIT ?`, append(w.args, limit),
		func(r *sql.Rows) (row stock.LotRow, err error) { return row, r.Scan(lotRowInto(&row)...) })
	return rows, value, err
}

// Receipts counts and values the goods received from a day on, per business day;
// cancelled ones do not count.
func (t *Tx) Receipts(from core.Date) (n int, value core.Paise, days []report.DayValue, err error) {
	days = []report.DayValue{}
	err = t.each(`SELECT d.effective_on, count(DISTINCT d.id), sum(l.value + l.landed) FROM document d JOIN grn_line l ON l.document_id = d.id
		WHERE d.kind = 'GRN' AND d.effective_on >= ? AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = d.id)
		GROUP BY d.effective_on ORDER BY d.effective_on`, []any{from}, func(r *sql.Rows) error {
		var d report.DayValue
		var k int
		if err := r.Scan(&d.Day, &k, &d.Value); err != nil {
			return err
		}
		n += k
		value += d.Value
		days = append(days, d)
		return nil
	})
	return n, value, days, err
}

// ValueChanges sums the stock value that came and went, per business day.
func (t *Tx) ValueChanges(from core.Date) ([]report.DayValue, error) {
	return list(t, `SELECT effective_on, value FROM account_day WHERE account = 'STOCK' AND effective_on >= ? ORDER BY effective_on`, []any{from},
		func(r *sql.Rows) (d report.DayValue, err error) { return d, r.Scan(&d.Day, &d.Value) })
}
