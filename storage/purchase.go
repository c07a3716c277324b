package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/purchase"
)

// InvoicePosted finds a GRN that already took this invoice and was not cancelled.
func (t *Tx) InvoicePosted(supplier core.PartyID, invoiceNo string, date core.Date) (number string, ok bool, err error) {
	found, err := list(t, `SELECT d.number, g.invoice_on FROM grn g JOIN document d ON d.id = g.document_id
		WHERE g.supplier_id = ? AND g.invoice_no = ? COLLATE NOCASE AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = d.id)`, []any{supplier, invoiceNo},
		func(r *sql.Rows) (f struct {
			number string
			on     core.Date
		}, err error) {
			return f, r.Scan(&f.number, &f.on)
		})
	for _, f := range found {
		if f.on.FinancialYear() == date.FinancialYear() {
			return f.number, true, nil
		}
	}
	return "", false, err
}

// InsertGRN writes the paper of a posted GRN.
func (t *Tx) InsertGRN(g purchase.CostedGRN) error {
	if _, err := t.exec(`INSERT INTO grn (document_id, supplier_id, invoice_no, invoice_on, freight, hamali) VALUES (?, ?, ?, ?, ?, ?)`,
		g.ID, g.Supplier, g.InvoiceNo, g.InvoiceDate, g.Freight, g.Hamali); err != nil {
		return err
	}
	for i, l := range g.Lines {
		c := g.Costs[i]
		if _, err := t.exec(`INSERT INTO grn_line (document_id, line, item_id, lot_id, qty, unit, value, landed, gst_rate, gst, status, hold_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			g.ID, l.Line, l.Item, l.Lot, l.Qty, l.Unit, c.Value, c.Landed, c.GSTRate, c.GST, l.Status, l.HoldReason); err != nil {
			return err
		}
	}
	return nil
}

// GRN reads a posted GRN with its costs.
func (t *Tx) GRN(id core.DocumentID) (g purchase.CostedGRN, err error) {
	ok, err := t.one(`SELECT d.id, d.number, p.id, p.name, g.invoice_no, g.invoice_on, d.effective_on, d.reason, d.posted_at, coalesce(u.login, ''), d.device,
		coalesce((SELECT number FROM document r WHERE r.reverses = d.id), ''), g.freight, g.hamali
		FROM grn g JOIN document d ON d.id = g.document_id JOIN party p ON p.id = g.supplier_id LEFT JOIN user u ON u.id = d.user_id WHERE d.id = ?`, []any{id},
		&g.ID, &g.Number, &g.Supplier, &g.SupplierName, &g.InvoiceNo, &g.InvoiceDate, &g.ReceivedOn, &g.Reason, clock{&g.PostedAt}, &g.User, &g.Device,
		&g.ReversedBy, &g.Freight, &g.Hamali)
	if err != nil {
		return g, err
	}
	if !ok {
		return g, core.NotFound("id", "There is no such GRN.")
	}
	err = t.each(`SELECT n.line, i.id, i.sku, i.name, i.name_hi, i.dimension, n.qty, n.unit, l.id, l.number, l.supplier_batch, l.mfg_on, l.expiry_on, n.status, n.hold_reason,
		n.value, n.landed, n.gst_rate, n.gst
		FROM grn_line n JOIN item i ON i.id = n.item_id JOIN lot l ON l.id = n.lot_id WHERE n.document_id = ? ORDER BY n.line`, []any{id},
		func(r *sql.Rows) error {
			var l purchase.PostedLine
			var c purchase.LineCost
			if err := r.Scan(&l.Line, &l.Item, &l.SKU, &l.Name, &l.NameHi, &l.Dimension, &l.Qty, &l.Unit, &l.Lot, &l.LotNumber, &l.SupplierBatch, &l.MfgOn, &l.ExpiryOn, &l.Status, &l.HoldReason,
				&c.Value, &c.Landed, &c.GSTRate, &c.GST); err != nil {
				return err
			}
			g.Lines, g.Costs = append(g.Lines, l), append(g.Costs, c)
			g.Goods += c.Value
			g.GST += c.GST
			return nil
		})
	g.Total = g.Goods + g.GST + g.Freight + g.Hamali
	return g, err
}
