package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/sales"
)

// NewestChallan is the latest business day, until a day, of a challan of the financial year
// of a day, cancelled or not.
func (t *Tx) NewestChallan(in, until core.Date) (day core.Date, err error) {
	_, err = t.one(`SELECT effective_on FROM document WHERE kind = 'DC' AND effective_on >= ? AND effective_on <= ? ORDER BY effective_on DESC LIMIT 1`,
		[]any{in.YearStart(), min(until, in.YearStart().AddMonths(12)-1)}, &day)
	return day, err
}

// SentWith sums what a dispatch took of each lot less what came back with returns
// that stand.
func (t *Tx) SentWith(doc core.DocumentID) ([]sales.Sent, error) {
	return list(t, `WITH docs AS (SELECT ?1 AS id UNION SELECT s.document_id FROM sales_return s WHERE s.dispatch_id = ?1 AND `+stands("s.document_id")+`)
		SELECT g.lot_id, (SELECT x.segment FROM dispatch_lot x WHERE x.document_id = ?1 AND x.lot_id = g.lot_id LIMIT 1), sum(g.qty), sum(g.value)
		FROM docs CROSS JOIN ledger g ON g.document_id = docs.id WHERE g.account = 'COGS' GROUP BY g.lot_id ORDER BY g.lot_id`, []any{doc},
		func(r *sql.Rows) (s sales.Sent, err error) { return s, r.Scan(&s.Lot, &s.Segment, &s.Qty, &s.Value) })
}

// ParcelsBeside lists by which challans but one a customer has goods of a lot, the newest
// first.
func (t *Tx) ParcelsBeside(but core.DocumentID, lot core.LotID, customer core.PartyID) ([]sales.Parcel, error) {
	return list(t, `SELECT d.number, p.qty, i.dimension FROM parcel p CROSS JOIN document d ON d.id = p.dispatch_id JOIN lot l ON l.id = p.lot_id JOIN item i ON i.id = l.item_id
		WHERE p.lot_id = ? AND p.customer_id = ? AND p.dispatch_id <> ? AND p.qty > 0 ORDER BY p.dispatch_id DESC LIMIT 3`, []any{lot, customer, but},
		func(r *sql.Rows) (p sales.Parcel, err error) { return p, r.Scan(&p.Challan, &p.Qty, &p.Dimension) })
}

// InsertReturn writes a line of a return.
func (t *Tx) InsertReturn(doc core.DocumentID, line int, dispatch core.DocumentID, l sales.ReturnLine) error {
	_, err := t.exec(`INSERT INTO sales_return (document_id, line, dispatch_id, lot_id, qty, condition) VALUES (?, ?, ?, ?, ?, ?)`, doc, line, dispatch, l.Lot, l.Qty, l.Condition)
	return err
}

const returnColumns = `d.id, d.number, d.effective_on, l.id, l.number, i.name, s.qty, s.condition, d.reason`

const (
	returnJoins = ` JOIN document d ON d.id = s.document_id JOIN lot l ON l.id = s.lot_id JOIN item i ON i.id = l.item_id `
	fromReturns = ` FROM sales_return s` + returnJoins
)

func returnInto(x *sales.Return) []any {
	return []any{&x.Document, &x.Number, &x.On, &x.Lot, &x.LotNo, &x.Name, &x.Qty, &x.Condition, &x.Reason}
}

func (t *Tx) returnsOf(dispatch core.DocumentID) ([]sales.Return, error) {
	return list(t, `SELECT `+returnColumns+fromReturns+`WHERE s.dispatch_id = ? AND `+stands("s.document_id")+` ORDER BY d.id, s.line`, []any{dispatch},
		func(r *sql.Rows) (x sales.Return, err error) { return x, r.Scan(returnInto(&x)...) })
}

// Returns pages through the sales returns, newest first.
func (t *Tx) Returns(q sales.ListReturnsReq) (resp sales.ListReturnsResp, err error) {
	w := &where{}
	from := "sales_return s"
	if q.Customer != 0 {
		from = "document d CROSS JOIN sales_return s ON s.document_id = d.id"
		w.and("d.kind = 'SR' AND d.party_id = ?", q.Customer)
	}
	type row struct {
		sales.ReturnRow
		line int64
	}
	p, err := walkOf([]key[row]{{"s.document_id", true, func(x *row) any { return int64(x.Document) }}, {"s.line", false, func(x *row) any { return x.line }}}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := p.choose("s.document_id, s.line", from, w)
	rows, err := list(t, `SELECT `+returnColumns+`, d.posted_at, c.number, coalesce(p.name, ''), NOT `+stands("s.document_id")+`, s.line FROM `+chosen+` k
		CROSS JOIN sales_return s ON s.document_id = k.document_id AND s.line = k.line`+returnJoins+`
		JOIN document c ON c.id = s.dispatch_id LEFT JOIN party p ON p.id = d.party_id ORDER BY `+p.order(), args,
		func(r *sql.Rows) (x row, err error) {
			return x, r.Scan(append(returnInto(&x.Return), clock{&x.PostedAt}, &x.Challan, &x.CustomerName, &x.Cancelled, &x.line)...)
		})
	rows, resp.Next = p.cut(rows)
	resp.Returns = []sales.ReturnRow{}
	for _, x := range rows {
		resp.Returns = append(resp.Returns, x.ReturnRow)
	}
	return resp, err
}
