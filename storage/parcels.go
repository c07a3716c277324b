package storage

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"masala/core"
	"masala/core/trace"
)

// A recall of years asks for thousands of lots, which left with thousands of documents.
// Each table is read once, in the order of its ids, and what they tell is put together
// here: one statement that joins them takes nearly twice as long.

// shipment is a dispatch: what its own rows took, and those of the returns to it and of
// all their reversals.
type shipment struct {
	dispatch core.DocumentID
	customer core.PartyID
}

// parcel is what one dispatch took of one lot, less what came back.
type parcel struct {
	*shipment
	lot core.LotID
	qty core.Qty
}

// parcels lists what is out with customers of the lots, lot by lot in this order. What
// was reversed is out with nobody: its rows and those of its reversal add up to nothing.
func (t *Tx) parcels(lots []core.LotID) ([]parcel, error) {
	type row struct{ document, lot, qty int64 }
	rows := make([]row, 0, len(lots))
	err := t.each(`SELECT g.document_id, g.lot_id, g.qty FROM json_each(?) x CROSS JOIN ledger g ON g.lot_id = x.value AND g.account = 'COGS' WHERE g.qty <> 0`,
		[]any{idList(lots)}, func(r *sql.Rows) error {
			var g row
			err := r.Scan(&g.document, &g.lot, &g.qty)
			rows = append(rows, g)
			return err
		})
	if err != nil {
		return nil, err
	}
	documents := make([]int64, len(rows))
	for i, g := range rows {
		documents[i] = g.document
	}
	shipments, err := t.shipments(distinct(documents))
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(g row) bool { return shipments[g.document] == nil })
	sums := make([]parcel, 0, len(rows))
	for len(rows) > 0 {
		lot := rows[0].lot
		n := 1
		for n < len(rows) && rows[n].lot == lot {
			n++
		}
		slices.SortFunc(rows[:n], func(a, b row) int { return cmp.Compare(shipments[a.document].dispatch, shipments[b.document].dispatch) })
		for i, g := range rows[:n] {
			s := shipments[g.document]
			if i == 0 || sums[len(sums)-1].shipment != s {
				sums = append(sums, parcel{s, core.LotID(lot), 0})
			}
			sums[len(sums)-1].qty += core.Qty(g.qty)
		}
		rows = rows[n:]
	}
	return slices.DeleteFunc(sums, func(p parcel) bool { return p.qty == 0 }), nil
}

// shipments reads to which dispatch the documents belong: each is one, or a return to
// one of them, or the reversal of either.
func (t *Tx) shipments(documents []int64) (map[int64]*shipment, error) {
	found, belongs := make(map[int64]*shipment, len(documents)), map[int64]int64{}
	err := t.each(`SELECT d.id, d.party_id, CASE WHEN d.kind = 'DC' THEN d.id ELSE coalesce((SELECT b.on_id FROM document_on b WHERE b.document_id = coalesce(d.reverses, d.id)), d.reverses, 0) END
		FROM json_each(?) x CROSS JOIN document d ON d.id = x.value`, []any{idList(documents)}, func(r *sql.Rows) error {
		var id, customer, dispatch int64
		err := r.Scan(&id, &customer, &dispatch)
		if id == dispatch {
			found[id] = &shipment{core.DocumentID(id), core.PartyID(customer)}
		} else {
			belongs[id] = dispatch
		}
		return err
	})
	for id, dispatch := range belongs {
		found[id] = found[dispatch]
	}
	return found, err
}

func distinct[I cmp.Ordered](ids []I) []I {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// OutWithCustomers sums what is out of the lots per customer, by name.
func (t *Tx) OutWithCustomers(lots []core.LotID) ([]trace.Customer, error) {
	out, err := t.parcels(lots)
	if err != nil {
		return nil, err
	}
	pieces, err := t.inPieces(out)
	if err != nil {
		return nil, err
	}
	type customer struct {
		trace.Customer
		last core.LotID // counted
	}
	customers, seen := map[core.PartyID]*customer{}, map[*shipment]bool{}
	for _, p := range out {
		c := customers[p.customer]
		if c == nil {
			c = &customer{}
			customers[p.customer] = c
		}
		if !seen[p.shipment] {
			seen[p.shipment] = true
			c.Challans++
		}
		if c.last != p.lot {
			c.last = p.lot
			c.Lots++
		}
		if pieces(p.lot) {
			c.Pieces += p.qty
		} else {
			c.Mass += p.qty
		}
	}
	return list(t, `SELECT p.id, p.name, p.phone FROM json_each(?) x CROSS JOIN party p ON p.id = x.value ORDER BY p.name, p.id`, []any{idList(slices.Collect(maps.Keys(customers)))},
		func(r *sql.Rows) (trace.Customer, error) {
			var id core.PartyID
			var name, phone string
			err := r.Scan(&id, &name, &phone)
			c := customers[id].Customer
			c.Party, c.Name, c.Phone = id, name, phone
			return c, err
		})
}

// inPieces tells the lots of parcels that are counted in pieces. Nothing but finished goods
// is sold (R31), and they all are, but for what older books may hold: so the lots
// themselves are hardly ever read.
func (t *Tx) inPieces(out []parcel) (func(core.LotID) bool, error) {
	other, err := t.one(`SELECT 1 FROM item WHERE type = 'FINISHED_GOOD' AND dimension <> ? LIMIT 1`, []any{core.Count}, new(int))
	if err != nil || !other {
		return func(core.LotID) bool { return true }, err
	}
	lots := make([]core.LotID, len(out))
	for i, p := range out {
		lots[i] = p.lot
	}
	counted, err := idsOf[core.LotID](t, `SELECT l.id FROM json_each(?) x CROSS JOIN lot l ON l.id = x.value JOIN item i ON i.id = l.item_id WHERE i.dimension = '`+string(core.Count)+`'`,
		idList(slices.Compact(lots)))
	pieces := make(map[core.LotID]bool, len(counted))
	for _, id := range counted {
		pieces[id] = true
	}
	return func(id core.LotID) bool { return pieces[id] }, err
}

// Sent lists what a customer has of the lots, by dispatch and lot.
func (t *Tx) Sent(lots []core.LotID, customer core.PartyID) ([]trace.Sent, error) {
	out, err := t.parcels(lots)
	if err != nil {
		return nil, err
	}
	theirs := []trace.Sent{}
	for _, p := range out {
		if p.customer == customer {
			theirs = append(theirs, trace.Sent{Document: p.dispatch, Lot: p.lot, Qty: p.qty})
		}
	}
	slices.SortFunc(theirs, func(a, b trace.Sent) int {
		return cmp.Or(cmp.Compare(a.Document, b.Document), cmp.Compare(a.Lot, b.Lot))
	})
	return theirs, nil
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
