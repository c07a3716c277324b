package storage

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"masala/core"
	"masala/core/stock"
	"masala/core/trace"
)

// A parcel is what one dispatch took of one lot to its customer, less what came back. The
// table is a sum of the ledger, as the cells are, and grows with the same rows: a recall of
// years reads thousands of them, which belong to as many documents.

// dispatchOf names the dispatch to which document d belongs, which moved goods to a
// customer or back: one itself, a return of its goods, or the reversal of either.
const dispatchOf = `coalesce((SELECT s.dispatch_id FROM sales_return s WHERE s.document_id = coalesce(d.reverses, d.id) LIMIT 1), d.reverses, d.id)`

// addToParcels brings the parcels up to rows that were posted with one document.
func (t *Tx) addToParcels(rows []stock.Row) error {
	var sold []stock.Row
	for _, r := range rows {
		if r.Account == stock.COGS && r.Qty != 0 {
			sold = append(sold, r)
		}
	}
	if len(sold) == 0 {
		return nil
	}
	var dispatch core.DocumentID
	var customer core.PartyID
	if _, err := t.one(`SELECT c.id, c.party_id FROM document d JOIN document c ON c.id = `+dispatchOf+` WHERE d.id = ?`, []any{sold[0].Document}, &dispatch, &customer); err != nil {
		return err
	}
	return many(t, `INSERT INTO parcel (lot_id, dispatch_id, customer_id, qty) VALUES `, 4, ` ON CONFLICT (lot_id, dispatch_id) DO UPDATE SET qty = qty + excluded.qty`, sold,
		func(r *stock.Row) []any { return []any{r.Lot, dispatch, customer, r.Qty} })
}

// verifyParcels adds the ledger up once more.
func verifyParcels(t *Tx, r *Report) error {
	return r.complaints(t, "parcels with customers against the ledger", `SELECT count(*) FROM parcel`,
		[2]string{"parcel: what is out with %s differs from the ledger", `SELECT DISTINCT coalesce(c.number, 'document ' || x.dispatch) FROM (
			SELECT lot, dispatch FROM (SELECT g.lot_id AS lot, ` + dispatchOf + ` AS dispatch, g.qty FROM ledger g JOIN document d ON d.id = g.document_id WHERE g.account = 'COGS' AND g.qty <> 0
				UNION ALL SELECT lot_id, dispatch_id, -qty FROM parcel) GROUP BY lot, dispatch HAVING sum(qty) <> 0
			UNION ALL SELECT p.lot_id, p.dispatch_id FROM parcel p JOIN document d ON d.id = p.dispatch_id WHERE d.party_id IS NOT p.customer_id) x LEFT JOIN document c ON c.id = x.dispatch`})
}

// OutWithCustomers sums what is out of the lots per customer, by name.
func (t *Tx) OutWithCustomers(lots []core.LotID) ([]trace.Customer, error) {
	type customer struct {
		trace.Customer
		dispatches map[int64]struct{}
		last       int64 // lot that is counted
	}
	pieces, err := t.inPieces(lots)
	if err != nil {
		return nil, err
	}
	customers := map[int64]*customer{}
	err = t.each(`SELECT p.lot_id, p.dispatch_id, p.customer_id, p.qty FROM json_each(?) x CROSS JOIN parcel p ON p.lot_id = x.value WHERE p.qty <> 0`, []any{idList(lots)}, func(r *sql.Rows) error {
		var lot, dispatch, party, qty int64
		err := r.Scan(&lot, &dispatch, &party, &qty)
		c := customers[party]
		if c == nil {
			c = &customer{dispatches: map[int64]struct{}{}}
			customers[party] = c
		}
		c.dispatches[dispatch] = struct{}{}
		if c.last != lot {
			c.last = lot
			c.Lots++
		}
		if pieces(core.LotID(lot)) {
			c.Pieces += core.Qty(qty)
		} else {
			c.Mass += core.Qty(qty)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list(t, `SELECT p.id, p.name, p.phone FROM json_each(?) x CROSS JOIN party p ON p.id = x.value ORDER BY p.name, p.id`, []any{idList(slices.Collect(maps.Keys(customers)))},
		func(r *sql.Rows) (trace.Customer, error) {
			var id core.PartyID
			var name, phone string
			err := r.Scan(&id, &name, &phone)
			c := customers[int64(id)]
			c.Party, c.Name, c.Phone, c.Challans = id, name, phone, len(c.dispatches)
			return c.Customer, err
		})
}

// inPieces tells which of the lots are counted in pieces. Nothing but finished goods is
// sold (R31), and they all are, but for what older books may hold: so the lots themselves
// are hardly ever read.
func (t *Tx) inPieces(lots []core.LotID) (func(core.LotID) bool, error) {
	other, err := t.one(`SELECT 1 FROM item WHERE type = 'FINISHED_GOOD' AND dimension <> ? LIMIT 1`, []any{core.Count}, new(int))
	if err != nil || !other {
		return func(core.LotID) bool { return true }, err
	}
	counted, err := idsOf[core.LotID](t, `SELECT l.id FROM json_each(?) x CROSS JOIN lot l ON l.id = x.value JOIN item i ON i.id = l.item_id WHERE i.dimension = '`+string(core.Count)+`'`, idList(lots))
	pieces := make(map[core.LotID]bool, len(counted))
	for _, id := range counted {
		pieces[id] = true
	}
	return func(id core.LotID) bool { return pieces[id] }, err
}

// Sent lists what a customer has of the lots, by dispatch and lot.
func (t *Tx) Sent(lots []core.LotID, customer core.PartyID) ([]trace.Sent, error) {
	return list(t, `SELECT p.dispatch_id, p.lot_id, p.qty FROM json_each(?) x CROSS JOIN parcel p ON p.lot_id = x.value WHERE p.customer_id = ? AND p.qty <> 0 ORDER BY 1, 2`, []any{idList(lots), customer},
		func(r *sql.Rows) (s trace.Sent, err error) { return s, r.Scan(&s.Document, &s.Lot, &s.Qty) })
}

// Parcels names what was sent, in this order.
func (t *Tx) Parcels(sent []trace.Sent) ([]trace.Parcel, error) {
	asked, err := json.Marshal(sent)
	if err != nil {
		return nil, err
	}
	return list(t, `SELECT c.id, c.number, c.effective_on, l.id, l.number, i.name, x.value ->> 'Qty'
		FROM json_each(?) x CROSS JOIN document c ON c.id = x.value ->> 'Document' CROSS JOIN lot l ON l.id = x.value ->> 'Lot' JOIN item i ON i.id = l.item_id ORDER BY x.key`, []any{string(asked)},
		func(r *sql.Rows) (x trace.Parcel, err error) {
			return x, r.Scan(&x.Document, &x.Number, &x.On, &x.Lot, &x.LotNo, &x.Name, &x.Qty)
		})
}
