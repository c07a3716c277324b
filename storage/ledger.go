package storage

import (
	"database/sql"
	"encoding/json"

	"masala/core"
	"masala/core/stock"
)

// Head is the newest ledger row.
func (t *Tx) Head() (seq core.Seq, hash stock.Hash, err error) {
	var raw []byte
	if _, err = t.one(`SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1`, nil, &seq, &raw); err == nil {
		copy(hash[:], raw)
	}
	return seq, hash, err
}

const rowColumns = `seq, posted_at, effective_on, document_id, line, account, item_id, lot_id, segment, status, qty, value, reason, user_id, hash`

func scanRow(r *sql.Rows) (row stock.Row, err error) {
	var hash []byte
	err = r.Scan(&row.Seq, clock{&row.PostedAt}, &row.EffectiveOn, &row.Document, &row.Line, &row.Account, &row.Item, &row.Lot,
		&row.Segment, &row.Status, &row.Qty, &row.Value, &row.Reason, &row.User, &hash)
	copy(row.Hash[:], hash)
	return row, err
}

// AppendRows adds the ledger rows of a document, with what they change of the parcels.
func (t *Tx) AppendRows(rows []stock.Row) error {
	err := many(t, `INSERT INTO ledger (`+rowColumns+`) VALUES `, 15, ``, rows, func(r *stock.Row) []any {
		return []any{r.Seq, instant(r.PostedAt), r.EffectiveOn, r.Document, r.Line, r.Account, r.Item, r.Lot, r.Segment, r.Status, r.Qty, r.Value, r.Reason, r.User, r.Hash[:]}
	})
	if err != nil {
		return err
	}
	return t.addToParcels(rows)
}

// RowsOf lists the ledger rows of a document in order.
func (t *Tx) RowsOf(id core.DocumentID) ([]stock.Row, error) {
	return list(t, `SELECT `+rowColumns+` FROM ledger WHERE document_id = ? ORDER BY seq`, []any{id}, scanRow)
}

// InsertEdges adds the genealogy of a document.
func (t *Tx) InsertEdges(id core.DocumentID, edges []stock.Edge) error {
	return many(t, `INSERT INTO edge (document_id, child_id, parent_id, qty, value) VALUES `, 5, ``, edges, func(e *stock.Edge) []any {
		return []any{id, e.Child, nullID(e.Parent), e.Qty, e.Value}
	})
}

// EdgesOf lists the edges a document wrote.
func (t *Tx) EdgesOf(id core.DocumentID) ([]stock.Edge, error) {
	return list(t, `SELECT child_id, coalesce(parent_id, 0), qty, value FROM edge WHERE document_id = ? ORDER BY id`, []any{id},
		func(r *sql.Rows) (e stock.Edge, err error) { return e, r.Scan(&e.Child, &e.Parent, &e.Qty, &e.Value) })
}

// InsertDocument heads a posting.
func (t *Tx) InsertDocument(d stock.Document) (core.DocumentID, error) {
	id, err := t.insert(`INSERT INTO document (kind, number, effective_on, posted_at, user_id, device, reason, party_id, reverses) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Kind, d.Number, d.EffectiveOn, instant(d.PostedAt), d.User, d.Device, d.Reason, nullID(d.Party), nullID(d.Reverses))
	if err != nil {
		return 0, err
	}
	if d.Reverses != 0 {
		if err := t.unsettle(d.Reverses); err != nil {
			return 0, err
		}
	}
	for _, on := range d.On {
		if _, err := t.exec(`INSERT INTO document_on (document_id, on_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, on); err != nil {
			return 0, err
		}
	}
	return core.DocumentID(id), nil
}

// unsettle takes back that the orders of a document are done.
func (t *Tx) unsettle(id core.DocumentID) error {
	if _, err := t.exec(`UPDATE sales_order SET settled = 0 WHERE id IN (SELECT order_id FROM dispatch WHERE document_id = ?)`, id); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE purchase_order SET settled = 0 WHERE id IN (SELECT order_id FROM grn_order WHERE document_id = ?)`, id)
	return err
}

// Document reads the head of a posting.
func (t *Tx) Document(id core.DocumentID) (d stock.Document, err error) {
	ok, err := t.one(`SELECT id, kind, number, effective_on, posted_at, user_id, device, reason, coalesce(party_id, 0), coalesce(reverses, 0) FROM document WHERE id = ?`,
		[]any{id}, &d.ID, &d.Kind, &d.Number, &d.EffectiveOn, clock{&d.PostedAt}, &d.User, &d.Device, &d.Reason, &d.Party, &d.Reverses)
	if err == nil && !ok {
		err = core.NotFound("document", "This document does not exist.")
	}
	return d, err
}

// DocumentByNumber finds a document.
func (t *Tx) DocumentByNumber(number string) (id core.DocumentID, ok bool, err error) {
	ok, err = t.one(`SELECT id FROM document WHERE number = ?`, []any{number}, &id)
	return id, ok, err
}

// ReversalOf finds the document that cancelled id.
func (t *Tx) ReversalOf(id core.DocumentID) (number string, ok bool, err error) {
	ok, err = t.one(`SELECT number FROM document WHERE reverses = ?`, []any{id}, &number)
	return number, ok, err
}

// StandingOn lists the documents that stand on another and are not reversed.
func (t *Tx) StandingOn(id core.DocumentID) ([]string, error) {
	return list(t, `SELECT d.number FROM document_on o JOIN document d ON d.id = o.document_id
		WHERE o.on_id = ? AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = d.id) ORDER BY d.id LIMIT 20`, []any{id},
		func(r *sql.Rows) (number string, err error) { return number, r.Scan(&number) })
}

// CorrectionsOver lists the standing price corrections after a document over lots it moved.
func (t *Tx) CorrectionsOver(id core.DocumentID) ([]string, error) {
	return list(t, `SELECT d.number FROM document d WHERE d.id IN (
			SELECT g.document_id FROM ledger m CROSS JOIN ledger g ON g.lot_id = m.lot_id AND g.seq > m.seq WHERE m.document_id = ?1 AND m.qty <> 0 AND g.qty = 0
			UNION SELECT e.document_id FROM ledger m CROSS JOIN edge e ON e.child_id = m.lot_id AND e.document_id > ?1 WHERE m.document_id = ?1 AND m.qty <> 0
			UNION SELECT e.document_id FROM ledger m CROSS JOIN edge e ON e.parent_id = m.lot_id AND e.document_id > ?1 WHERE m.document_id = ?1 AND m.qty <> 0)
		AND d.id > ?1 AND d.kind = 'PC' AND `+live+` ORDER BY d.id LIMIT 20`, []any{id},
		func(r *sql.Rows) (number string, err error) { return number, r.Scan(&number) })
}

// MovedSince lists the standing documents after a price correction that moved lots it was
// shared out over.
func (t *Tx) MovedSince(id core.DocumentID) ([]string, error) {
	return list(t, `SELECT d.number FROM document d WHERE d.id IN (
			SELECT g.document_id FROM (SELECT lot_id AS lot FROM ledger WHERE document_id = ?1 UNION SELECT child_id FROM edge WHERE document_id = ?1
				UNION SELECT parent_id FROM edge WHERE document_id = ?1) x CROSS JOIN ledger g ON g.lot_id = x.lot WHERE g.document_id > ?1 AND g.qty <> 0)
		AND `+live+` ORDER BY d.id LIMIT 20`, []any{id},
		func(r *sql.Rows) (number string, err error) { return number, r.Scan(&number) })
}

// DocumentsInTheWay lists, oldest first, the numbers of documents that stand and
// moved the lots of a document after it; where there are none, those that did before.
func (t *Tx) DocumentsInTheWay(id core.DocumentID) (numbers []string, err error) {
	for _, after := range []string{"AND other.seq > mine.seq", ""} {
		numbers, err = list(t, `SELECT DISTINCT d.number FROM ledger mine
			JOIN ledger other ON other.lot_id = mine.lot_id `+after+` AND other.account = 'STOCK' AND other.document_id <> mine.document_id
			JOIN document d ON d.id = other.document_id
			WHERE mine.document_id = ? AND mine.account = 'STOCK'
			  AND NOT EXISTS (SELECT 1 FROM document r WHERE r.reverses = d.id) AND +d.reverses IS NULL
			ORDER BY d.id LIMIT 20`, []any{id},
			func(r *sql.Rows) (number string, err error) { return number, r.Scan(&number) })
		if err != nil || len(numbers) > 0 {
			return numbers, err
		}
	}
	return numbers, nil
}

// NextInSeries takes the next number of a series; the first is 1.
func (t *Tx) NextInSeries(name string) (n int, err error) {
	_, err = t.one(`INSERT INTO series (name, last) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last`, []any{name}, &n)
	return n, err
}

// LastInSeries is the number of a series that was given out last.
func (t *Tx) LastInSeries(name string) (n int, err error) {
	_, err = t.one(`SELECT last FROM series WHERE name = ?`, []any{name}, &n)
	return n, err
}

// Cell reads a stock cell and the day of its newest inbound row.
func (t *Tx) Cell(key stock.CellKey) (c stock.Cell, newest core.Date, err error) {
	c.CellKey = key
	_, err = t.one(`SELECT item_id, qty, value, newest_in FROM cell WHERE lot_id = ? AND segment = ? AND status = ?`,
		[]any{key.Lot, key.Segment, key.Status}, &c.Item, &c.Qty, &c.Value, &newest)
	return c, newest, err
}

// PutCells writes stock cells, each of them once.
func (t *Tx) PutCells(cells []stock.CellNow) error {
	return many(t, `INSERT INTO cell (lot_id, segment, status, item_id, qty, value, newest_in) VALUES `, 7,
		` ON CONFLICT (lot_id, segment, status) DO UPDATE SET qty = excluded.qty, value = excluded.value, newest_in = excluded.newest_in`, cells, func(c *stock.CellNow) []any {
			return []any{c.Lot, c.Segment, c.Status, c.Item, c.Qty, c.Value, c.Newest}
		})
}

// AddToItem moves the balance of an item.
func (t *Tx) AddToItem(item core.ItemID, q core.Qty, v core.Paise, cells int) error {
	var whole bool // SQLite turns an overflowing sum into a float
	_, err := t.one(`INSERT INTO item_stock (item_id, qty, value, cells) VALUES (?, ?, ?, ?)
		ON CONFLICT (item_id) DO UPDATE SET qty = qty + excluded.qty, value = value + excluded.value, cells = cells + excluded.cells
		RETURNING typeof(qty) = 'integer' AND typeof(value) = 'integer'`, []any{item, q, v, cells}, &whole)
	if err == nil && !whole {
		err = core.Invalid("qty", "The stock of this item is too large to be counted.")
	}
	return err
}

// AddToAccountDay moves the sum of an account on a business day.
func (t *Tx) AddToAccountDay(account stock.Account, day core.Date, v core.Paise) error {
	_, err := t.exec(`INSERT INTO account_day (account, effective_on, value) VALUES (?, ?, ?)
		ON CONFLICT (account, effective_on) DO UPDATE SET value = value + excluded.value`, account, day, v)
	return err
}

// AddToItemDay moves the sum of an item in stock on a business day, and in its month.
func (t *Tx) AddToItemDay(item core.ItemID, day core.Date, q core.Qty, v core.Paise) error {
	_, err := t.exec(`INSERT INTO item_day (item_id, effective_on, qty, value) VALUES (?, ?, ?, ?)
		ON CONFLICT (item_id, effective_on) DO UPDATE SET qty = qty + excluded.qty, value = value + excluded.value`, item, day, q, v)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO item_month (item_id, month, qty, value) VALUES (?, ?, ?, ?)
		ON CONFLICT (item_id, month) DO UPDATE SET qty = qty + excluded.qty, value = value + excluded.value`, item, day.Month(), q, v)
	return err
}

// Decisions lists the statuses that QC documents after one, which stand, gave to stock
// of a lot.
func (t *Tx) Decisions(of core.LotID, after core.DocumentID) ([]stock.Status, error) {
	return list(t, `SELECT g.status FROM ledger g CROSS JOIN document d ON d.id = g.document_id
		WHERE g.lot_id = ? AND g.account = 'STOCK' AND g.document_id > ? AND g.qty > 0 AND d.kind = 'QC' AND `+live+` ORDER BY g.seq`, []any{of, after},
		func(r *sql.Rows) (s stock.Status, err error) { return s, r.Scan(&s) })
}

// OpenRecalls lists the open recalls that freeze a lot.
func (t *Tx) OpenRecalls(lot core.LotID) ([]stock.Mark, error) {
	return list(t, `SELECT r.id, r.number, r.opened_at FROM recall_lot m JOIN recall r ON r.id = m.recall_id WHERE m.lot_id = ? AND r.closed_at IS NULL ORDER BY r.id`, []any{lot},
		func(r *sql.Rows) (m stock.Mark, err error) {
			return m, r.Scan(&m.Recall, &m.Number, clock{&m.OpenedAt})
		})
}

// FreezeLot puts the mark of a recall on a lot.
func (t *Tx) FreezeLot(lot core.LotID, m stock.Mark) error {
	_, err := t.exec(`INSERT INTO recall_lot (lot_id, recall_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, lot, m.Recall)
	return err
}

// InsertLot opens a lot.
func (t *Tx) InsertLot(l stock.Lot) (core.LotID, error) {
	allergens, err := json.Marshal(append([]string{}, l.Allergens...))
	if err != nil {
		return 0, err
	}
	id, err := t.insert(`INSERT INTO lot (number, number_sort, item_id, born_on, mfg_on, expiry_on, source_id, supplier_id, supplier_batch, allergens) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.Number, core.SortKey(l.Number), l.Item, l.BornOn, l.MfgOn, l.ExpiryOn, l.Source, nullID(l.Supplier), l.SupplierBatch, string(allergens))
	if err != nil {
		return 0, err
	}
	delete(t.items, l.Item) // it is in use now
	_, err = t.exec(`INSERT INTO lot_words (rowid, number, supplier_batch) VALUES (?, ?, ?)`, id, l.Number, l.SupplierBatch)
	return core.LotID(id), err
}

// Lot reads a lot.
func (t *Tx) Lot(id core.LotID) (l stock.Lot, err error) {
	ok, err := t.one(`SELECT id, number, item_id, born_on, mfg_on, expiry_on, source_id, coalesce(supplier_id, 0), supplier_batch FROM lot WHERE id = ?`,
		[]any{id}, &l.ID, &l.Number, &l.Item, &l.BornOn, &l.MfgOn, &l.ExpiryOn, &l.Source, &l.Supplier, &l.SupplierBatch)
	if err == nil && !ok {
		err = core.NotFound("lot", "This lot does not exist.")
	}
	return l, err
}

// ItemRef reads what the ledger must know of an item.
func (t *Tx) ItemRef(id core.ItemID) (i stock.ItemRef, err error) {
	if i, ok := t.items[id]; ok {
		return stock.ItemRef{ID: i.ID, SKU: i.SKU, Name: i.Name, Type: i.Type, Dimension: i.Dimension}, nil
	}
	ok, err := t.one(`SELECT id, sku, name, type, dimension FROM item WHERE id = ?`, []any{id}, &i.ID, &i.SKU, &i.Name, &i.Type, &i.Dimension)
	if err == nil && !ok {
		err = core.NotFound("item", "This item does not exist.")
	}
	return i, err
}

// CellsOfLot lists the cells of a lot, empty ones too.
func (t *Tx) CellsOfLot(id core.LotID) ([]stock.Cell, error) {
	return list(t, `SELECT lot_id, segment, status, item_id, qty, value FROM cell WHERE lot_id = ? ORDER BY segment, status`, []any{id},
		func(r *sql.Rows) (c stock.Cell, err error) {
			return c, r.Scan(&c.Lot, &c.Segment, &c.Status, &c.Item, &c.Qty, &c.Value)
		})
}

// LastClosedMonth is the newest closed month, 0 when none is.
func (t *Tx) LastClosedMonth() (month core.Date, err error) {
	_, err = t.one(`SELECT coalesce(max(month), 0) FROM period`, nil, &month)
	return month, err
}

// FirstDay is the earliest business day of the ledger, 0 when it is empty.
func (t *Tx) FirstDay() (day core.Date, err error) {
	kinds, err := json.Marshal(stock.DocumentKinds())
	if err != nil {
		return 0, err
	}
	_, err = t.one(`SELECT coalesce(min(day), 0) FROM (SELECT (SELECT d.effective_on FROM document d WHERE d.kind = k.value ORDER BY d.effective_on LIMIT 1) AS day FROM json_each(?) k)`,
		[]any{string(kinds)}, &day)
	return day, err
}

// InsertPeriod locks a month.
func (t *Tx) InsertPeriod(p stock.Period) error {
	if _, err := t.exec(`INSERT INTO period (month, seq, head, value, closed_at, closed_by) VALUES (?, ?, ?, ?, ?, ?)`,
		p.Month, p.Seq, p.Head, p.Value, instant(p.ClosedAt), p.ClosedBy); err != nil {
		return err
	}
	for _, a := range p.Accounts {
		if _, err := t.exec(`INSERT INTO period_account (month, account, value) VALUES (?, ?, ?)`, p.Month, a.Account, a.Value); err != nil {
			return err
		}
	}
	return nil
}

// Periods lists the closed months, newest first, each with its trial balance.
func (t *Tx) Periods() ([]stock.Period, error) {
	periods, err := list(t, `SELECT month, seq, head, value, closed_at, closed_by FROM period ORDER BY month DESC`, nil,
		func(r *sql.Rows) (p stock.Period, err error) {
			return p, r.Scan(&p.Month, &p.Seq, &p.Head, &p.Value, clock{&p.ClosedAt}, &p.ClosedBy)
		})
	if err != nil {
		return nil, err
	}
	sums := map[core.Date]map[stock.Account]core.Paise{}
	err = t.each(`SELECT month, account, value FROM period_account`, nil, func(r *sql.Rows) error {
		var month core.Date
		var a stock.AccountSum
		if err := r.Scan(&month, &a.Account, &a.Value); err != nil {
			return err
		}
		if sums[month] == nil {
			sums[month] = map[stock.Account]core.Paise{}
		}
		sums[month][a.Account] = a.Value
		return nil
	})
	for i := range periods {
		for _, a := range stock.Accounts() {
			if v := sums[periods[i].Month][a]; v != 0 {
				periods[i].Accounts = append(periods[i].Accounts, stock.AccountSum{Account: a, Value: v})
			}
		}
	}
	return periods, err
}
