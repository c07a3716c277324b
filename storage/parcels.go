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

// shipment is a dispatch, for its own rows and those of the returns to it.
type shipment struct {
	dispatch core.DocumentID
	customer core.PartyID
}

// parcel is what one dispatch took of one lot, less what came back.
type parcel struct {
	shipment
	lot core.LotID
	qty core.Qty
}

func (p parcel) order(o parcel) int {
	return cmp.Or(cmp.Compare(p.customer, o.customer), cmp.Compare(p.dispatch, o.dispatch), cmp.Compare(p.lot, o.lot))
}

// parcels lists what is out with customers of the lots, by customer, dispatch and lot.
// Documents that were reversed, and reversals, are left out.
func (t *Tx) parcels(ids []core.LotID) ([]parcel, error) {
	type row struct {
		document core.DocumentID
		lot      core.LotID
		qty      core.Qty
	}
	rows, err := list(t, `SELECT g.document_id, g.lot_id, g.qty FROM json_each(?) x CROSS JOIN ledger g ON g.lot_id = x.value AND g.account = 'COGS'`, []any{idList(ids)},
		func(r *sql.Rows) (g row, err error) { return g, r.Scan(&g.document, &g.lot, &g.qty) })
	if err != nil {
		return nil, err
	}
	documents := make([]core.DocumentID, len(rows))
	for i, g := range rows {
		documents[i] = g.document
	}
	shipments, err := t.shipments(distinct(documents))
	if err != nil {
		return nil, err
	}
	all := make([]parcel, 0, len(rows))
	for _, g := range rows {
		if s, counts := shipments[g.document]; counts {
			all = append(all, parcel{s, g.lot, g.qty})
		}
	}
	slices.SortFunc(all, parcel.order)
	sums := all[:0]
	for _, p := range all {
		if n := len(sums); n > 0 && sums[n-1].order(p) == 0 {
			sums[n-1].qty += p.qty
		} else {
			sums = append(sums, p)
		}
	}
	return slices.DeleteFunc(sums, func(p parcel) bool { return p.qty == 0 }), nil
}

// shipments reads which of the documents are dispatches or returns that stand.
func (t *Tx) shipments(documents []core.DocumentID) (map[core.DocumentID]shipment, error) {
	found := map[core.DocumentID]shipment{}
	err := t.each(`SELECT d.id, coalesce(b.on_id, d.id), d.party_id FROM json_each(?) x CROSS JOIN document d ON d.id = x.value
		LEFT JOIN document_on b ON b.document_id = d.id AND d.kind = 'SR' WHERE d.kind IN ('DC', 'SR') AND `+live, []any{idList(documents)}, func(r *sql.Rows) error {
		var id core.DocumentID
		var s shipment
		err := r.Scan(&id, &s.dispatch, &s.customer)
		found[id] = s
		return err
	})
	return found, err
}

func distinct[I cmp.Ordered](ids []I) []I {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// OutWithCustomers sums what is out of the lots per customer, by name.
func (t *Tx) OutWithCustomers(ids []core.LotID) ([]trace.Customer, error) {
	sums, err := t.parcels(ids)
	if err != nil {
		return nil, err
	}
	lots := make([]core.LotID, len(sums))
	for i, p := range sums {
		lots[i] = p.lot
	}
	pieces := map[core.LotID]bool{}
	err = t.each(`SELECT l.id FROM json_each(?) x CROSS JOIN lot l ON l.id = x.value JOIN item i ON i.id = l.item_id WHERE i.dimension = '`+string(core.Count)+`'`,
		[]any{idList(distinct(lots))}, func(r *sql.Rows) error {
			var id core.LotID
			err := r.Scan(&id)
			pieces[id] = true
			return err
		})
	if err != nil {
		return nil, err
	}
	customers := map[core.PartyID]trace.Customer{}
	for len(sums) > 0 {
		id := sums[0].customer
		n := slices.IndexFunc(sums, func(p parcel) bool { return p.customer != id })
		if n < 0 {
			n = len(sums)
		}
		customers[id] = has(sums[:n], pieces)
		sums = sums[n:]
	}
	return list(t, `SELECT p.id, p.name, p.phone FROM json_each(?) x CROSS JOIN party p ON p.id = x.value ORDER BY p.name, p.id`, []any{idList(slices.Collect(maps.Keys(customers)))},
		func(r *sql.Rows) (c trace.Customer, err error) {
			var id core.PartyID
			var name, phone string
			err = r.Scan(&id, &name, &phone)
			c = customers[id]
			c.Party, c.Name, c.Phone = id, name, phone
			return c, err
		})
}

// has sums the parcels of one customer.
func has(parcels []parcel, pieces map[core.LotID]bool) (c trace.Customer) {
	lots := make([]core.LotID, len(parcels))
	for i, p := range parcels {
		lots[i] = p.lot
		if i == 0 || p.dispatch != parcels[i-1].dispatch {
			c.Challans++
		}
		if pieces[p.lot] {
			c.Pieces += p.qty
		} else {
			c.Mass += p.qty
		}
	}
	c.Lots = len(distinct(lots))
	return c
}

// Sent lists what a customer has of the lots, by dispatch and lot.
func (t *Tx) Sent(ids []core.LotID, customer core.PartyID) ([]trace.Sent, error) {
	sums, err := t.parcels(ids)
	if err != nil {
		return nil, err
	}
	theirs := []trace.Sent{}
	for _, p := range sums {
		if p.customer == customer {
			theirs = append(theirs, trace.Sent{Document: p.dispatch, Lot: p.lot, Qty: p.qty})
		}
	}
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
