package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/purchase"
)

// receivedQty is what standing receipts brought of line n of an order.
const receivedQty = `(SELECT coalesce(sum(g.qty), 0) FROM grn_order o JOIN grn_line g ON g.document_id = o.document_id AND g.line = o.line
	WHERE o.order_id = n.order_id AND o.order_line = n.line AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = o.document_id))`

// orderState follows from the lines (OrderState).
const orderState = `CASE WHEN p.closed THEN 'CLOSED'
	WHEN NOT EXISTS (SELECT 1 FROM purchase_order_line n WHERE n.order_id = p.id AND ` + receivedQty + ` < n.qty) THEN 'RECEIVED'
	WHEN EXISTS (SELECT 1 FROM purchase_order_line n WHERE n.order_id = p.id AND ` + receivedQty + ` > 0) THEN 'PARTIAL' ELSE 'OPEN' END`

const orderColumns = `p.id, p.number, p.supplier_id, s.name, p.ordered_on, p.expected_on, ` + orderState + `, (SELECT count(*) FROM purchase_order_line n WHERE n.order_id = p.id)`

func orderInto(o *purchase.OrderRow) []any {
	return []any{&o.ID, &o.Number, &o.Supplier, &o.SupplierName, &o.OrderedOn, &o.ExpectedOn, &o.State, &o.Lines}
}

// Orders pages through the purchase orders, newest first.
func (t *Tx) Orders(q purchase.ListOrdersReq) (resp purchase.ListOrdersResp, err error) {
	w := &where{}
	if q.Supplier != 0 {
		w.and("p.supplier_id = ?", q.Supplier)
	}
	if q.Due {
		w.and("NOT p.closed AND NOT p.settled AND " + orderState + " <> 'RECEIVED'")
	}
	by, err := walkOf([]key[purchase.OrderRow]{{"p.id", true, func(o *purchase.OrderRow) any { return int64(o.ID) }}}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := by.choose("p.id", "purchase_order p", w)
	rows, err := list(t, `SELECT `+orderColumns+` FROM `+chosen+` k CROSS JOIN purchase_order p ON p.id = k.id JOIN party s ON s.id = p.supplier_id ORDER BY `+by.order(), args,
		func(r *sql.Rows) (o purchase.OrderRow, err error) { return o, r.Scan(orderInto(&o)...) })
	resp.Orders, resp.Next = by.cut(rows)
	return resp, err
}

// Order reads a purchase order with its prices.
func (t *Tx) Order(id purchase.OrderID) (o purchase.CostedOrder, err error) {
	ok, err := t.one(`SELECT `+orderColumns+`, p.note, p.version, p.updated_at, p.updated_by FROM purchase_order p JOIN party s ON s.id = p.supplier_id WHERE p.id = ?`, []any{id},
		append(orderInto(&o.OrderRow), &o.Note, &o.Version, clock{&o.UpdatedAt}, &o.UpdatedBy)...)
	if err != nil {
		return o, err
	}
	if !ok {
		return o, core.NotFound("id", "There is no such purchase order.")
	}
	err = t.each(`SELECT n.line, i.id, i.sku, i.name, i.name_hi, i.dimension, n.qty, n.unit, `+receivedQty+`, n.value
		FROM purchase_order_line n JOIN item i ON i.id = n.item_id WHERE n.order_id = ? ORDER BY n.line`, []any{id}, func(r *sql.Rows) error {
		var l purchase.OrderedItem
		var v core.Paise
		if err := r.Scan(&l.Line, &l.Item, &l.SKU, &l.Name, &l.NameHi, &l.Dimension, &l.Qty, &l.Unit, &l.Received, &v); err != nil {
			return err
		}
		o.Items, o.Values, o.Total = append(o.Items, l), append(o.Values, v), o.Total+v
		return nil
	})
	return o, err
}

// InsertOrder writes a new purchase order.
func (t *Tx) InsertOrder(o purchase.CostedOrder) (purchase.OrderID, error) {
	id, err := t.insert(`INSERT INTO purchase_order (number, supplier_id, ordered_on, expected_on, note, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Number, o.Supplier, o.OrderedOn, o.ExpectedOn, o.Note, o.Version, instant(o.UpdatedAt), o.UpdatedBy)
	if err != nil {
		return 0, err
	}
	o.ID = purchase.OrderID(id)
	return o.ID, t.insertOrderLines(o)
}

func (t *Tx) insertOrderLines(o purchase.CostedOrder) error {
	for i, l := range o.Items {
		if _, err := t.exec(`INSERT INTO purchase_order_line (order_id, line, item_id, qty, unit, value) VALUES (?, ?, ?, ?, ?, ?)`,
			o.ID, l.Line, l.Item, l.Qty, l.Unit, o.Values[i]); err != nil {
			return err
		}
	}
	return nil
}

// OrderTouched reports whether any receipt, standing or not, names a line of an order.
func (t *Tx) OrderTouched(id purchase.OrderID) (touched bool, err error) {
	_, err = t.one(`SELECT EXISTS (SELECT 1 FROM grn_order WHERE order_id = ?)`, []any{id}, &touched)
	return touched, err
}

// UpdateOrder replaces an order that no receipt names.
func (t *Tx) UpdateOrder(o purchase.CostedOrder) error {
	if _, err := t.exec(`UPDATE purchase_order SET supplier_id = ?, expected_on = ?, note = ?, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`,
		o.Supplier, o.ExpectedOn, o.Note, o.Version, instant(o.UpdatedAt), o.UpdatedBy, o.ID); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM purchase_order_line WHERE order_id = ?`, o.ID); err != nil {
		return err
	}
	return t.insertOrderLines(o)
}

// CloseOrder marks that nothing more is expected.
func (t *Tx) CloseOrder(id purchase.OrderID, s core.Stamp) error {
	_, err := t.exec(`UPDATE purchase_order SET closed = 1, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`, s.Version, instant(s.UpdatedAt), s.UpdatedBy, id)
	return err
}

// ReopenOrder marks that goods are expected again.
func (t *Tx) ReopenOrder(id purchase.OrderID, s core.Stamp) error {
	_, err := t.exec(`UPDATE purchase_order SET closed = 0, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`, s.Version, instant(s.UpdatedAt), s.UpdatedBy, id)
	return err
}

// InsertReceipt ties a line of a GRN to the line of the order it came from, and settles
// an order of which nothing is to come any more.
func (t *Tx) InsertReceipt(grn core.DocumentID, line int, order purchase.OrderID, orderLine int) error {
	if _, err := t.exec(`INSERT INTO grn_order (document_id, line, order_id, order_line) VALUES (?, ?, ?, ?)`, grn, line, order, orderLine); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE purchase_order AS p SET settled = 1 WHERE p.id = ?
		AND NOT EXISTS (SELECT 1 FROM purchase_order_line n WHERE n.order_id = p.id AND `+receivedQty+` < n.qty)`, order)
	return err
}

// useless is the stock of an item that nobody can use: rejected, or past its last day
// on the day that is the argument.
const useless = `(SELECT coalesce(sum(x.qty), 0) FROM cell x JOIN lot y ON y.id = x.lot_id
	WHERE x.item_id = i.id AND x.qty > 0 AND (x.status = 'REJECTED' OR y.expiry_on > 0 AND y.expiry_on < ?))`

// Reorder pages through the items whose usable stock and open orders together are at or
// below their minimum.
func (t *Tx) Reorder(today core.Date, q purchase.ListReorderReq) (resp purchase.ListReorderResp, err error) {
	limit, offset := core.PageSize(q.Limit), core.Offset(q.After)
	rows, err := list(t, `WITH coming AS (SELECT n.item_id, sum(max(n.qty - `+receivedQty+`, 0)) AS qty FROM purchase_order p JOIN purchase_order_line n ON n.order_id = p.id
			WHERE NOT p.closed AND NOT p.settled GROUP BY n.item_id),
		low AS (SELECT i.*, coalesce(s.qty, 0) - `+useless+` AS have, coalesce(c.qty, 0) AS coming,
			(SELECT max(g.document_id) FROM grn_line g WHERE g.item_id = i.id) AS last
			FROM item i LEFT JOIN item_stock s ON s.item_id = i.id LEFT JOIN coming c ON c.item_id = i.id
			WHERE i.active AND i.min_stock > 0 AND i.type <> 'FINISHED_GOOD' AND have + coalesce(c.qty, 0) <= i.min_stock)
		SELECT l.id, l.sku, l.name, l.name_hi, l.dimension, l.purchase_unit, l.have, l.coming, l.min_stock, 2 * l.min_stock - l.have - l.coming,
			coalesce(p.id, 0), coalesce(p.name, ''), coalesce(p.lead_days, 0)
		FROM low l LEFT JOIN grn g ON g.document_id = l.last LEFT JOIN party p ON p.id = g.supplier_id
		ORDER BY CAST(l.have + l.coming AS REAL) / l.min_stock, l.sku_sort LIMIT ? OFFSET ?`, []any{today, limit + 1, offset},
		func(r *sql.Rows) (o purchase.ReorderRow, err error) {
			return o, r.Scan(&o.Item, &o.SKU, &o.Name, &o.NameHi, &o.Dimension, &o.Unit, &o.OnHand, &o.OnOrder, &o.MinStock, &o.Suggest, &o.Supplier, &o.SupplierName, &o.LeadDays)
		})
	resp.Rows, resp.Next = page(rows, limit, offset)
	return resp, err
}
