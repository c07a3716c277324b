package storage

import (
	"database/sql"
	"encoding/json"
	"strings"

	"masala/core"
	"masala/core/party"
	"masala/core/sales"
	"masala/core/stock"
)

var dispatchState = `CASE WHEN x.discarded THEN 'DISCARDED' WHEN x.document_id IS NULL THEN 'DRAFT' WHEN NOT ` + stands("x.document_id") + ` THEN 'CANCELLED'
	WHEN x.left_at > 0 THEN 'DISPATCHED' ELSE 'CONFIRMED' END`

var dispatchColumns = `x.id, ` + dispatchState + `, o.id, o.number, p.id, p.name, o.segment, coalesce(d.id, 0), coalesce(d.number, ''), coalesce(v.number, ''), coalesce(d.effective_on, 0),
	(SELECT count(*) FROM dispatch_draft l WHERE l.dispatch_id = x.id), (SELECT coalesce(sum(l.qty), 0) FROM dispatch_draft l WHERE l.dispatch_id = x.id),
	coalesce((SELECT (sum(l.taxable + l.cgst + l.sgst + l.igst) + 50) / 100 * 100 FROM dispatch_line l WHERE l.document_id = d.id), 0)`

const fromDispatches = ` FROM dispatch x` + dispatchJoins

const dispatchJoins = ` JOIN sales_order o ON o.id = x.order_id JOIN party p ON p.id = o.customer_id
	LEFT JOIN document d ON d.id = x.document_id LEFT JOIN invoice v ON v.document_id = d.id `

func dispatchInto(d *sales.Row) []any {
	return []any{&d.ID, &d.State, &d.Order, &d.OrderNumber, &d.Customer, &d.CustomerName, &d.Segment, &d.Document, &d.Challan, &d.Invoice, &d.On, &d.Lines, &d.Pieces, &d.Total}
}

// Dispatches pages through the dispatches, newest first.
func (t *Tx) Dispatches(q sales.ListDispatchesReq) (resp sales.ListDispatchesResp, err error) {
	w := &where{}
	by := key[sales.Row]{"x.id", true, func(d *sales.Row) any { return int64(d.ID) }}
	from, few := "dispatch x CROSS JOIN sales_order o ON o.id = x.order_id", fewOf(rareDispatches, q.States)
	switch {
	case q.Order != 0:
	case q.Query != "": // by number, as they are looked up
		if strings.HasPrefix(q.Query, string(stock.KindDispatch)) || strings.HasPrefix(string(stock.KindDispatch), q.Query) {
			from, by = "document d CROSS JOIN dispatch x ON x.document_id = d.id CROSS JOIN sales_order o ON o.id = x.order_id", key[sales.Row]{"d.number", true, func(d *sales.Row) any { return d.Challan }}
			w.and("d.kind = 'DC'")
		} else {
			from, by = "invoice v CROSS JOIN dispatch x ON x.document_id = v.document_id CROSS JOIN sales_order o ON o.id = x.order_id", key[sales.Row]{"v.number", true, func(d *sales.Row) any { return d.Invoice }}
		}
		starts(w, by.column, q.Query)
	case few != "":
		from = few + " few CROSS JOIN dispatch x ON x.id = few.id CROSS JOIN sales_order o ON o.id = x.order_id"
	case q.Customer != 0:
		from = "sales_order o CROSS JOIN dispatch x ON x.order_id = o.id"
	}
	if q.Customer != 0 {
		w.and("o.customer_id = ?", q.Customer)
	}
	if q.Order != 0 {
		w.and("x.order_id = ?", q.Order)
		if q.Query != "" {
			from += " CROSS JOIN document d ON d.id = x.document_id CROSS JOIN invoice v ON v.document_id = d.id"
			w.and("(d.number >= ? AND d.number < ? OR v.number >= ? AND v.number < ?)", q.Query, q.Query+"\U0010FFFF", q.Query, q.Query+"\U0010FFFF")
		}
	}
	in(w, dispatchState, q.States)
	p, err := walkOf([]key[sales.Row]{by}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := p.choose("x.id", from, w)
	rows, err := list(t, `SELECT `+dispatchColumns+` FROM `+chosen+` k CROSS JOIN dispatch x ON x.id = k.id`+dispatchJoins+`ORDER BY `+p.order(), args,
		func(r *sql.Rows) (d sales.Row, err error) { return d, r.Scan(dispatchInto(&d)...) })
	resp.Dispatches, resp.Next = p.cut(rows)
	return resp, err
}

// rareDispatches finds the dispatches that may be in a state of which there are few.
var rareDispatches = map[sales.State]string{
	sales.Draft:     `SELECT id FROM dispatch WHERE document_id IS NULL AND NOT discarded`,
	sales.Discarded: `SELECT id FROM dispatch WHERE discarded`,
	sales.Confirmed: `SELECT id FROM dispatch WHERE left_at = 0 AND document_id IS NOT NULL`,
	sales.Cancelled: `SELECT c.id FROM document r CROSS JOIN dispatch c ON c.document_id = r.reverses WHERE r.kind = 'REV'`,
}

// Dispatch reads everything about a dispatch but its cost.
func (t *Tx) Dispatch(id sales.DispatchID) (d sales.Dispatch, err error) {
	ok, err := t.one(`SELECT `+dispatchColumns+`, o.reference, x.note, x.vehicle, x.transporter, x.left_at, coalesce(u.login, ''), coalesce(rev.number, ''), x.owner_id, coalesce(e.name, ''), x.version, x.updated_at, x.updated_by`+fromDispatches+`
		LEFT JOIN user u ON u.id = d.user_id LEFT JOIN user e ON e.id = x.owner_id LEFT JOIN document rev ON rev.reverses = d.id WHERE x.id = ?`, []any{id},
		append(dispatchInto(&d.Row), &d.Reference, &d.Note, &d.Vehicle, &d.Transporter, clock{&d.LeftAt}, &d.ConfirmedBy, &d.CancelledBy,
			&d.OwnerID, &d.EnteredBy, &d.Version, clock{&d.UpdatedAt}, &d.UpdatedBy)...)
	if err != nil {
		return d, err
	}
	if !ok {
		return d, core.NotFound("id", "There is no such dispatch.")
	}
	if d.State != sales.Dispatched && d.Vehicle == "" {
		d.LeftAt = core.Stamp{}.UpdatedAt
	}
	if err := t.parties(&d); err != nil {
		return d, err
	}
	d.Copies, d.Returned = sales.Copies, []sales.Return{}
	if d.Document == 0 {
		d.Items, err = t.draftItems(id)
		d.Taxes = []sales.TaxRow{}
		return d, err
	}
	if d.Items, err = t.soldItems(d.Document); err != nil {
		return d, err
	}
	d.Taxes, d.Totals = sales.Sum(d.Items)
	d.Returned, err = t.returnsOf(d.Document)
	return d, err
}

// parties fills in who sends to whom: as both are called today on a draft, as the papers
// say once it is confirmed.
func (t *Tx) parties(d *sales.Dispatch) error {
	query, arg := `SELECT 'CONSIGNER', name, address, state_code, gstin, '' FROM factory
		UNION ALL SELECT 'CONSIGNEE', name, address, state_code, gstin, phone FROM party WHERE id = ?`, int64(d.Customer)
	if d.Document != 0 {
		query, arg = `SELECT role, name, address, state_code, gstin, phone FROM invoice_party WHERE document_id = ?`, int64(d.Document)
	}
	err := t.each(query, []any{arg}, func(r *sql.Rows) error {
		var role string
		var a sales.Address
		if err := r.Scan(&role, &a.Name, &a.Address, &a.StateCode, &a.GSTIN, &a.Phone); err != nil {
			return err
		}
		a.State = party.States[a.StateCode]
		if role == "CONSIGNER" {
			d.Consigner = a
		} else {
			d.Consignee = a
		}
		return nil
	})
	if d.Consigner.StateCode != d.Consignee.StateCode {
		d.PlaceOfSupply = d.Consignee.State
	}
	return err
}

// A posted line says what it was called when it went.
const soldNames = `i.id, l.sku, l.name, l.name_hi, i.dimension`

func lineInto(l *sales.Line) []any { return []any{&l.Item, &l.SKU, &l.Name, &l.NameHi, &l.Dimension} }

func (t *Tx) draftItems(id sales.DispatchID) ([]sales.Line, error) {
	return list(t, `SELECT l.line, l.order_line, l.qty, coalesce(n.unit, ''), coalesce(n.price, 0), i.hsn, l.chosen, i.id, i.sku, i.name, i.name_hi, i.dimension
		FROM dispatch_draft l JOIN dispatch x ON x.id = l.dispatch_id JOIN item i ON i.id = l.item_id
		LEFT JOIN sales_order_line n ON n.order_id = x.order_id AND n.line = l.order_line AND n.item_id = l.item_id
		WHERE l.dispatch_id = ? ORDER BY l.line`, []any{id}, func(r *sql.Rows) (l sales.Line, err error) {
		var chosen string
		if err = r.Scan(append([]any{&l.Line, &l.OrderLine, &l.Qty, &l.Unit, &l.Price, &l.HSN, &chosen}, lineInto(&l)...)...); err != nil {
			return l, err
		}
		var o stock.Override
		if err = json.Unmarshal([]byte(chosen), &o); err != nil {
			return l, err
		}
		l.Override, l.Lots = o.Reason, []stock.Share{}
		for _, p := range o.Lots {
			l.Lots = append(l.Lots, stock.Share{CellKey: p.CellKey, Qty: p.Qty})
		}
		l.Taxable, err = sales.Taxable(l.Price, l.Qty, l.Dimension)
		return l, err
	})
}

func (t *Tx) soldItems(doc core.DocumentID) ([]sales.Line, error) {
	lines, err := list(t, `SELECT l.line, l.order_line, l.qty, l.unit, l.price, l.hsn, l.taxable, l.gst_rate, l.cgst, l.sgst, l.igst, l.override, l.suggested, `+soldNames+`
		FROM dispatch_line l JOIN item i ON i.id = l.item_id WHERE l.document_id = ? ORDER BY l.line`, []any{doc}, func(r *sql.Rows) (l sales.Line, err error) {
		var suggested string
		err = r.Scan(append([]any{&l.Line, &l.OrderLine, &l.Qty, &l.Unit, &l.Price, &l.HSN, &l.Taxable, &l.GSTRate, &l.CGST, &l.SGST, &l.IGST, &l.Override, &suggested}, lineInto(&l)...)...)
		if err != nil {
			return l, err
		}
		return l, json.Unmarshal([]byte(suggested), &l.Suggested)
	})
	if err != nil {
		return nil, err
	}
	of := map[int]*sales.Line{}
	for i := range lines {
		lines[i].Lots = []stock.Share{}
		of[lines[i].Line] = &lines[i]
	}
	err = t.each(`SELECT x.line, x.lot_id, x.segment, x.status, l.number, x.qty, l.born_on, l.expiry_on FROM dispatch_lot x JOIN lot l ON l.id = x.lot_id
		WHERE x.document_id = ? ORDER BY x.line, l.expiry_on = 0, l.expiry_on, l.number_sort`, []any{doc}, func(r *sql.Rows) error {
		var n int
		var s stock.Share
		if err := r.Scan(&n, &s.Lot, &s.Segment, &s.Status, &s.Number, &s.Qty, &s.BornOn, &s.ExpiryOn); err != nil {
			return err
		}
		if l := of[n]; l != nil {
			l.Lots = append(l.Lots, s)
		}
		return nil
	})
	return lines, err
}

// DraftLines reads what a draft wants.
func (t *Tx) DraftLines(id sales.DispatchID) ([]sales.DraftLine, error) {
	return list(t, `SELECT order_line, qty, chosen FROM dispatch_draft WHERE dispatch_id = ? ORDER BY line`, []any{id}, func(r *sql.Rows) (l sales.DraftLine, err error) {
		var chosen string
		if err := r.Scan(&l.OrderLine, &l.Qty, &chosen); err != nil {
			return l, err
		}
		return l, json.Unmarshal([]byte(chosen), &l.Override)
	})
}

// InsertDraft writes a new draft for an order.
func (t *Tx) InsertDraft(o sales.Order, note string, lines []sales.DraftLine, owner core.UserID, s core.Stamp) (sales.DispatchID, error) {
	id, err := t.insert(`INSERT INTO dispatch (order_id, note, owner_id, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?)`, o.ID, note, owner, s.Version, instant(s.UpdatedAt), s.UpdatedBy)
	if err != nil {
		return 0, err
	}
	return sales.DispatchID(id), t.insertDraftLines(sales.DispatchID(id), o, lines)
}

func (t *Tx) insertDraftLines(id sales.DispatchID, o sales.Order, lines []sales.DraftLine) error {
	for i, l := range lines {
		chosen, err := json.Marshal(l.Override)
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO dispatch_draft (dispatch_id, line, order_line, item_id, qty, chosen) VALUES (?, ?, ?, ?, ?, ?)`,
			id, i+1, l.OrderLine, o.Items[l.OrderLine-1].Item, l.Qty, string(chosen)); err != nil {
			return err
		}
	}
	return nil
}

// UpdateDraft replaces a draft of an order.
func (t *Tx) UpdateDraft(id sales.DispatchID, o sales.Order, note string, lines []sales.DraftLine, s core.Stamp) error {
	if _, err := t.exec(`UPDATE dispatch SET note = ? WHERE id = ?`, note, id); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM dispatch_draft WHERE dispatch_id = ?`, id); err != nil {
		return err
	}
	if err := t.insertDraftLines(id, o, lines); err != nil {
		return err
	}
	return t.stampDispatch(id, s)
}

func (t *Tx) stampDispatch(id sales.DispatchID, s core.Stamp) error {
	_, err := t.exec(`UPDATE dispatch SET version = ?, updated_at = ?, updated_by = ? WHERE id = ?`, s.Version, instant(s.UpdatedAt), s.UpdatedBy, id)
	return err
}

// MarkDiscarded gives a draft up.
func (t *Tx) MarkDiscarded(id sales.DispatchID, s core.Stamp) error {
	if _, err := t.exec(`UPDATE dispatch SET discarded = 1 WHERE id = ?`, id); err != nil {
		return err
	}
	return t.stampDispatch(id, s)
}

// MarkConfirmed writes the papers of a confirmed dispatch.
func (t *Tx) MarkConfirmed(id sales.DispatchID, p sales.Paper, s core.Stamp) error {
	if _, err := t.exec(`INSERT INTO invoice (document_id, number) VALUES (?, ?)`, p.Document, p.Invoice); err != nil {
		return err
	}
	for role, a := range map[string]sales.Address{"CONSIGNER": p.Consigner, "CONSIGNEE": p.Consignee} {
		if _, err := t.exec(`INSERT INTO invoice_party (document_id, role, name, address, state_code, gstin, phone) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			p.Document, role, a.Name, a.Address, a.StateCode, a.GSTIN, a.Phone); err != nil {
			return err
		}
	}
	for _, l := range p.Lines {
		suggested, err := json.Marshal(l.Suggested)
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO dispatch_line (document_id, line, order_id, order_line, item_id, sku, name, name_hi, hsn, qty, unit, price, taxable, gst_rate, cgst, sgst, igst, override, suggested)
			VALUES (?, ?, (SELECT order_id FROM dispatch WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.Document, l.Line, id, l.OrderLine, l.Item, l.SKU, l.Name, l.NameHi, l.HSN, l.Qty, l.Unit, l.Price, l.Taxable, l.GSTRate, l.CGST, l.SGST, l.IGST, l.Override, string(suggested)); err != nil {
			return err
		}
		for _, x := range l.Lots {
			if _, err := t.exec(`INSERT INTO dispatch_lot (document_id, line, lot_id, segment, status, qty) VALUES (?, ?, ?, ?, ?, ?)`, p.Document, l.Line, x.Lot, x.Segment, x.Status, x.Qty); err != nil {
				return err
			}
		}
	}
	if _, err := t.exec(`UPDATE dispatch SET document_id = ? WHERE id = ?`, p.Document, id); err != nil {
		return err
	}
	if err := t.settleSalesOrder(id); err != nil {
		return err
	}
	return t.stampDispatch(id, s)
}

// MarkLeft notes vehicle and time of a dispatch.
func (t *Tx) MarkLeft(id sales.DispatchID, q sales.DispatchedReq, s core.Stamp) error {
	if _, err := t.exec(`UPDATE dispatch SET vehicle = ?, transporter = ?, left_at = CASE left_at WHEN 0 THEN ? ELSE left_at END WHERE id = ?`, q.Vehicle, q.Transporter, instant(s.UpdatedAt), id); err != nil {
		return err
	}
	return t.stampDispatch(id, s)
}

// CostsOf sums what a dispatch took of each lot.
func (t *Tx) CostsOf(doc core.DocumentID) (map[core.LotID]sales.Sent, error) {
	out := map[core.LotID]sales.Sent{}
	err := t.each(`SELECT lot_id, sum(qty), sum(value) FROM ledger WHERE document_id = ? AND account = 'COGS' GROUP BY lot_id`, []any{doc}, func(r *sql.Rows) error {
		var s sales.Sent
		err := r.Scan(&s.Lot, &s.Qty, &s.Value)
		out[s.Lot] = s
		return err
	})
	return out, err
}
