package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/stock"
)

// Paper reads a posted document with its rows.
func (t *Tx) Paper(id core.DocumentID) (p stock.ValuedPaper, err error) {
	rows, err := t.documentRows(`(SELECT ? AS id)`, []any{id}, "d.id")
	if err != nil {
		return p, err
	}
	if len(rows) == 0 {
		return p, core.NotFound("id", "There is no such document.")
	}
	p.DocumentRow, p.Rows, p.Values = rows[0], []stock.PaperRow{}, []core.Paise{}
	posted := func(r *sql.Rows) (d stock.Posted, err error) { return d, r.Scan(&d.Document, &d.Number) }
	if p.On, err = list(t, `SELECT d.id, d.number FROM document_on o JOIN document d ON d.id = o.on_id WHERE o.document_id = ? ORDER BY d.id`, []any{id}, posted); err != nil {
		return p, err
	}
	if p.Carries, err = list(t, `SELECT d.id, d.number FROM document_on o JOIN document d ON d.id = o.document_id
		WHERE o.on_id = ? AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = d.id) ORDER BY d.id`, []any{id}, posted); err != nil {
		return p, err
	}
	err = t.each(`SELECT g.line, g.account, g.item_id, i.sku, i.name, i.name_hi, g.lot_id, g.segment, g.status, l.number, i.dimension, g.qty, g.value
		FROM ledger g JOIN item i ON i.id = g.item_id JOIN lot l ON l.id = g.lot_id WHERE g.document_id = ? ORDER BY g.seq`, []any{id}, func(r *sql.Rows) error {
		var x stock.PaperRow
		var v core.Paise
		err := r.Scan(&x.Line, &x.Account, &x.Item, &x.SKU, &x.Name, &x.NameHi, &x.Lot, &x.Segment, &x.Status, &x.LotNumber, &x.Dimension, &x.Qty, &v)
		p.Rows, p.Values = append(p.Rows, x), append(p.Values, v)
		return err
	})
	return p, err
}

// AuditedAs lists what the audit log says that a document changed, oldest first.
func (t *Tx) AuditedAs(id core.DocumentID) ([]string, error) {
	return list(t, `SELECT entity FROM audit WHERE document_id = ? AND entity <> '' GROUP BY entity ORDER BY min(seq)`, []any{id},
		func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
}
