package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/sales"
)

// dispatchedQty is what standing dispatches took of line n of an order.
var dispatchedQty = `(SELECT coalesce(sum(x.qty), 0) FROM dispatch_line x WHERE x.order_id = n.order_id AND x.order_line = n.line AND ` + stands("x.document_id") + `)`

// salesOrderState follows from the lines.
var salesOrderState = `CASE WHEN o.closed THEN 'CLOSED'
	WHEN NOT EXISTS (SELECT 1 FROM sales_order_line n WHERE n.order_id = o.id AND ` + dispatchedQty + ` < n.qty) THEN 'DELIVERED'
	WHEN EXISTS (SELECT 1 FROM sales_order_line n WHERE n.order_id = o.id AND ` + dispatchedQty + ` > 0) THEN 'PARTIAL' ELSE 'OPEN' END`

var salesOrderColumns = `o.id, o.number, o.customer_id, p.name, o.segment, o.reference, o.ordered_on, o.deliver_on, ` + salesOrderState + `,
	(SELECT count(*) FROM sales_order_line n WHERE n.order_id = o.id)`

func salesOrderInto(o *sales.OrderRow) []any {
	return []any{&o.ID, &o.Number, &o.Customer, &o.CustomerName, &o.Segment, &o.Reference, &o.OrderedOn, &o.DeliverOn, &o.State, &o.Lines}
}

// SalesOrders pages through the sales orders, newest first.
func (t *Tx) SalesOrders(q sales.ListOrdersReq) (resp sales.ListOrdersResp, err error) {
	w := &where{}
	if q.Customer != 0 {
		w.and("o.customer_id = ?", q.Customer)
	}
	if q.Due {
		w.and("NOT o.closed AND NOT o.settled AND " + salesOrderState + " <> 'DELIVERED'")
	}
	p, err := walkOf([]key[sales.OrderRow]{{"o.id", true, func(o *sales.OrderRow) any { return int64(o.ID) }}}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := p.choose("o.id", "sales_order o", w)
	rows, err := list(t, `SELECT `+salesOrderColumns+` FROM `+chosen+` k CROSS JOIN sales_order o ON o.id = k.id JOIN party p ON p.id = o.customer_id ORDER BY `+p.order(), args,
		func(r *sql.Rows) (o sales.OrderRow, err error) { return o, r.Scan(salesOrderInto(&o)...) })
	resp.Orders, resp.Next = p.cut(rows)
	return resp, err
}

// settleSalesOrder notes that nothing of the order of a dispatch is to go any more.
func (t *Tx) settleSalesOrder(dispatch sales.DispatchID) error {
	_, err := t.exec(`UPDATE sales_order AS o SET settled = 1 WHERE o.id = (SELECT order_id FROM dispatch WHERE id = ?)
		AND NOT EXISTS (SELECT 1 FROM sales_order_line n WHERE n.order_id = o.id AND `+dispatchedQty+` < n.qty)`, dispatch)
	return err
}

// SalesOrder reads a sales order.
func (t *Tx) SalesOrder(id sales.OrderID) (o sales.Order, err error) {
	ok, err := t.one(`SELECT `+salesOrderColumns+`, o.note, o.owner_id, coalesce(u.name, ''), o.version, o.updated_at, o.updated_by
		FROM sales_order o JOIN party p ON p.id = o.customer_id LEFT JOIN user u ON u.id = o.owner_id WHERE o.id = ?`, []any{id},
		append(salesOrderInto(&o.OrderRow), &o.Note, &o.OwnerID, &o.EnteredBy, &o.Version, clock{&o.UpdatedAt}, &o.UpdatedBy)...)
	if err != nil {
		return o, err
	}
	if !ok {
		return o, core.NotFound("id", "There is no such sales order.")
	}
	err = t.each(`SELECT n.line, i.id, i.sku, i.name, i.name_hi, i.dimension, n.qty, n.unit, n.price, `+dispatchedQty+`
		FROM sales_order_line n JOIN item i ON i.id = n.item_id WHERE n.order_id = ? ORDER BY n.line`, []any{id}, func(r *sql.Rows) error {
		var l sales.OrderedItem
		if err := r.Scan(&l.Line, &l.Item, &l.SKU, &l.Name, &l.NameHi, &l.Dimension, &l.Qty, &l.Unit, &l.Price, &l.Dispatched); err != nil {
			return err
		}
		var err error
		if l.Taxable, err = sales.Taxable(l.Price, l.Qty, l.Dimension); err != nil {
			return err
		}
		o.Items, o.Total = append(o.Items, l), o.Total+l.Taxable
		return nil
	})
	return o, err
}

// SalesOrderTouched reports whether a dispatch of an order is prepared or has been made.
func (t *Tx) SalesOrderTouched(id sales.OrderID) (touched bool, err error) {
	_, err = t.one(`SELECT EXISTS (SELECT 1 FROM dispatch WHERE order_id = ? AND NOT discarded)`, []any{id}, &touched)
	return touched, err
}

// InsertSalesOrder writes a new sales order.
func (t *Tx) InsertSalesOrder(o sales.Order) (sales.OrderID, error) {
	id, err := t.insert(`INSERT INTO sales_order (number, customer_id, segment, reference, ordered_on, deliver_on, note, owner_id, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Number, o.Customer, o.Segment, o.Reference, o.OrderedOn, o.DeliverOn, o.Note, o.OwnerID, o.Version, instant(o.UpdatedAt), o.UpdatedBy)
	if err != nil {
		return 0, err
	}
	o.ID = sales.OrderID(id)
	return o.ID, t.insertSalesOrderLines(o)
}

func (t *Tx) insertSalesOrderLines(o sales.Order) error {
	for _, l := range o.Items {
		if _, err := t.exec(`INSERT INTO sales_order_line (order_id, line, item_id, qty, unit, price) VALUES (?, ?, ?, ?, ?, ?)`, o.ID, l.Line, l.Item, l.Qty, l.Unit, l.Price); err != nil {
			return err
		}
	}
	return nil
}

// UpdateSalesOrder replaces an order that no dispatch names.
func (t *Tx) UpdateSalesOrder(o sales.Order) error {
	if _, err := t.exec(`UPDATE sales_order SET customer_id = ?, segment = ?, reference = ?, deliver_on = ?, note = ?, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`,
		o.Customer, o.Segment, o.Reference, o.DeliverOn, o.Note, o.Version, instant(o.UpdatedAt), o.UpdatedBy, o.ID); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM sales_order_line WHERE order_id = ?`, o.ID); err != nil {
		return err
	}
	return t.insertSalesOrderLines(o)
}

// CloseSalesOrder marks that nothing more goes.
func (t *Tx) CloseSalesOrder(id sales.OrderID, s core.Stamp) error {
	_, err := t.exec(`UPDATE sales_order SET closed = 1, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`, s.Version, instant(s.UpdatedAt), s.UpdatedBy, id)
	return err
}
