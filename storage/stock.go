package storage

import (
	"database/sql"
	"slices"
	"strings"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
)

const lotRowColumns = `c.lot_id, c.segment, c.status, l.number, c.item_id, i.sku, i.name, i.name_hi, i.type, i.dimension, c.qty, l.born_on, l.expiry_on, l.supplier_batch,
	` + frozenBy

// frozenBy is the number of an open recall of the lot of cell c.
const frozenBy = `coalesce((SELECT min(r.number) FROM recall_lot m JOIN recall r ON r.id = m.recall_id WHERE m.lot_id = c.lot_id AND r.closed_at IS NULL), '')`

const (
	cellsWithLots = `cell c JOIN lot l ON l.id = c.lot_id JOIN item i ON i.id = c.item_id`
	fromCells     = ` FROM ` + cellsWithLots + ` WHERE `
)

func lotRowInto(r *stock.LotRow) []any {
	return []any{&r.Lot, &r.Segment, &r.Status, &r.Number, &r.Item, &r.SKU, &r.Name, &r.NameHi, &r.Type, &r.Dimension, &r.Qty, &r.BornOn, &r.ExpiryOn, &r.SupplierBatch, &r.Frozen}
}

// lotKeys sorts the stock list; FEFO puts what never expires last, however it is
// sorted by expiry (R25).
func lotKeys(by stock.SortBy, desc bool) []key[stock.ValuedLotRow] {
	type row = stock.ValuedLotRow
	number := key[row]{"l.number_sort", desc, func(r *row) any { return core.SortKey(r.Number) }}
	keys := map[stock.SortBy][]key[row]{
		stock.ByExpiry: {
			{"(l.expiry_on = 0)", false, func(r *row) any { return int64(bit(r.ExpiryOn == 0)) }},
			{"l.expiry_on", desc, func(r *row) any { return int64(r.ExpiryOn) }},
			{"l.born_on", desc, func(r *row) any { return int64(r.BornOn) }}},
		stock.ByItem:   {{"i.name COLLATE NOCASE", desc, func(r *row) any { return r.Name }}},
		stock.ByQty:    {{"c.qty", desc, func(r *row) any { return int64(r.Qty) }}},
		stock.ByValue:  {{"c.value", desc, func(r *row) any { return int64(r.Value) }}},
		stock.ByStatus: {{"c.status", desc, func(r *row) any { return string(r.Status) }}},
	}[by]
	return append(keys, number,
		key[row]{"c.lot_id", false, func(r *row) any { return int64(r.Lot) }},
		key[row]{"c.segment", false, func(r *row) any { return string(r.Segment) }},
		key[row]{"c.status", false, func(r *row) any { return string(r.Status) }})
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// lotFilter narrows the list to what is in stock and asked for.
func lotFilter(q stock.ListLotsReq, today core.Date) *where {
	w := &where{}
	w.and("c.qty > 0")
	if q.Item != 0 {
		w.and("c.item_id = ?", q.Item)
	}
	if q.Expired {
		w.and("l.expiry_on > 0 AND l.expiry_on < ?", today)
	}
	if q.Within != 0 {
		w.and("l.expiry_on > 0 AND l.expiry_on <= ?", today.AddDays(q.Within))
	}
	in(w, "c.status", q.Statuses)
	return w
}

// withWords narrows what to the open lots that have the words of a query. There is little
// open stock, so each lot of it is looked at, and once for all that is asked of the list.
func (t *Tx) withWords(what *where, query string) error {
	m := match(query)
	if m == "" {
		return nil
	}
	ids, err := idsOf[core.LotID](t, `SELECT DISTINCT c.lot_id FROM cell c JOIN lot l ON l.id = c.lot_id WHERE c.qty > 0
		AND (c.item_id IN (SELECT rowid FROM item_words WHERE item_words MATCH ?) OR has_words(?, l.number, l.supplier_batch))`, m, query)
	what.and("c.lot_id IN (SELECT value FROM json_each(?))", idList(ids))
	return err
}

// lotWords leaves out the word that begins the number of every lot, if there are others.
func lotWords(query string) string {
	words := slices.DeleteFunc(core.SearchWords(query), func(w string) bool { return strings.EqualFold(w, "lot") })
	if len(words) == 0 {
		return query
	}
	return strings.Join(words, " ")
}

// Lots filters, sorts and pages through the stock. The counts per type ignore the
// type filter, so that a filter can show what it would find; used-up lots are not counted.
func (t *Tx) Lots(q stock.ListLotsReq, today core.Date) (resp stock.ListValuedLotsResp, err error) {
	w := lotFilter(q, today)
	if err := t.withWords(w, q.Query); err != nil {
		return resp, err
	}
	resp.Counts.ByType = map[catalog.Type]int{}
	count, args := `SELECT i.type, count(*), sum(c.value)`+fromCells+w.String()+` GROUP BY i.type`, w.args
	if q.Query == "" && !q.Expired && q.Within == 0 && len(q.Statuses) == 0 {
		count, args = countLots(q)
	}
	err = t.each(count, args, func(r *sql.Rows) error {
		var kind catalog.Type
		var n int
		var v core.Paise
		if err := r.Scan(&kind, &n, &v); err != nil {
			return err
		}
		resp.Counts.ByType[kind] = n
		resp.Counts.All += n
		if len(q.Types) == 0 || slices.Contains(q.Types, kind) {
			resp.Value += v
		}
		return nil
	})
	if err != nil {
		return resp, err
	}
	resp.Lots, resp.Next, err = t.lotPage(q, w)
	return resp, err
}

// countLots counts the cells of items and sums their value without a look at each: what
// is used up has no value (R10).
func countLots(q stock.ListLotsReq) (query string, args []any) {
	var w where
	if q.Item != 0 {
		w.and("s.item_id = ?", q.Item)
	}
	w.and("s.cells > 0")
	return `SELECT i.type, sum(s.cells), sum(s.value) FROM item_stock s JOIN item i ON i.id = s.item_id WHERE ` + w.String() + ` GROUP BY i.type`, w.args
}

// OpenCells lists all stock that matches, in the order of the shelves: item, lot.
func (t *Tx) OpenCells(q stock.ListLotsReq) ([]stock.LotRow, error) {
	w := lotFilter(q, 0)
	in(w, "i.type", q.Types)
	return list(t, `SELECT `+lotRowColumns+fromCells+w.String()+` ORDER BY i.sku_sort, l.number_sort, c.segment, c.status`, w.args,
		func(r *sql.Rows) (row stock.LotRow, err error) { return row, r.Scan(lotRowInto(&row)...) })
}

// Allocatable lists every cell of an item that has stock.
func (t *Tx) Allocatable(item core.ItemID) ([]stock.LotRow, error) {
	i, err := t.Item(item)
	if err != nil {
		if core.CodeOf(err) == core.CodeNotFound {
			return []stock.LotRow{}, nil
		}
		return nil, err
	}
	return list(t, `SELECT c.lot_id, c.segment, c.status, l.number, c.qty, l.born_on, l.expiry_on, l.supplier_batch, c.newest_in, `+frozenBy+`,
		coalesce((SELECT min(r.opened_at) FROM recall_lot m JOIN recall r ON r.id = m.recall_id WHERE m.lot_id = c.lot_id AND r.closed_at IS NULL), 0)
		FROM cell c JOIN lot l ON l.id = c.lot_id WHERE c.item_id = ? AND c.qty > 0`, []any{item},
		func(r *sql.Rows) (row stock.LotRow, err error) {
			row.Item, row.SKU, row.Name, row.NameHi, row.Type, row.Dimension = item, i.SKU, i.Name, i.NameHi, i.Type, i.Dimension
			return row, r.Scan(&row.Lot, &row.Segment, &row.Status, &row.Number, &row.Qty, &row.BornOn, &row.ExpiryOn, &row.SupplierBatch, &row.Newest, &row.Frozen, clock{&row.FrozenAt})
		})
}

// UsableStock sums what stock.Usable would find in the regular segment.
func (t *Tx) UsableStock(item core.ItemID, on core.Date) (q core.Qty, err error) {
	_, err = t.one(`SELECT coalesce(sum(c.qty), 0) FROM cell c JOIN lot l ON l.id = c.lot_id
		WHERE c.item_id = ? AND c.qty > 0 AND c.segment = 'REGULAR' AND c.status = 'RELEASED' AND (l.expiry_on = 0 OR l.expiry_on >= ?)
		AND NOT EXISTS (SELECT 1 FROM recall_lot m JOIN recall r ON r.id = m.recall_id WHERE m.lot_id = c.lot_id AND r.closed_at IS NULL)`, []any{item, on}, &q)
	return q, err
}

// LotDetail reads all about one lot.
func (t *Tx) LotDetail(id core.LotID) (d stock.ValuedLotDetail, err error) {
	ok, err := t.one(`SELECT l.id, l.number, i.id, i.sku, i.name, i.name_hi, i.type, i.dimension, l.born_on, l.mfg_on, l.expiry_on,
		coalesce(p.name, ''), l.supplier_batch, d.id, d.number,
		coalesce((SELECT sum(qty) FROM ledger WHERE lot_id = l.id AND document_id = l.source_id AND account = 'STOCK'), 0)
		FROM lot l JOIN item i ON i.id = l.item_id JOIN document d ON d.id = l.source_id LEFT JOIN party p ON p.id = l.supplier_id WHERE l.id = ?`, []any{id},
		&d.Lot, &d.Number, &d.Item, &d.SKU, &d.Name, &d.NameHi, &d.Type, &d.Dimension, &d.BornOn, &d.MfgOn, &d.ExpiryOn,
		&d.Supplier, &d.SupplierLot, &d.SourceID, &d.SourceNumber, &d.Received)
	if err != nil {
		return d, err
	}
	if !ok {
		return d, core.NotFound("id", "This lot does not exist.")
	}
	if d.Allergens, err = t.LotAllergens(id); err != nil {
		return d, err
	}
	cells, err := t.CellsOfLot(id)
	if err != nil {
		return d, err
	}
	d.Cells = []stock.LotCell{}
	for _, c := range cells {
		d.Qty += c.Qty
		d.Value += c.Value
		if c.Qty > 0 {
			d.Cells = append(d.Cells, stock.LotCell{Segment: c.Segment, Status: c.Status, Qty: c.Qty})
		}
	}
	d.History, err = list(t, `SELECT g.seq, g.effective_on, g.posted_at, g.document_id, d.number, d.kind, g.segment, g.status, g.qty, coalesce(u.login, ''),
		coalesce((SELECT trim(g.reason || '; ' || n.hold_reason, '; ') FROM grn_line n WHERE n.lot_id = g.lot_id AND n.document_id = g.document_id AND n.hold_reason <> ''), g.reason)
		FROM ledger g JOIN document d ON d.id = g.document_id LEFT JOIN user u ON u.id = g.user_id
		WHERE g.lot_id = ? AND g.account = 'STOCK' ORDER BY g.seq DESC LIMIT 50`, []any{id},
		func(r *sql.Rows) (e stock.LotEvent, err error) {
			return e, r.Scan(&e.Seq, &e.EffectiveOn, clock{&e.PostedAt}, &e.Document, &e.Number, &e.Kind, &e.Segment, &e.Status, &e.Qty, &e.User, &e.Reason)
		})
	return d, err
}

// Valuation sums the stock by category and item.
func (t *Tx) Valuation() (v stock.ValuationResp, err error) {
	v.Items, err = list(t, `SELECT i.id, i.sku, i.name, i.name_hi, i.type, i.dimension, s.cells, s.qty, s.value
		FROM item_stock s JOIN item i ON i.id = s.item_id WHERE s.cells > 0 ORDER BY i.sku_sort`, nil,
		func(r *sql.Rows) (i stock.ItemValue, err error) {
			return i, r.Scan(&i.Item, &i.SKU, &i.Name, &i.NameHi, &i.Type, &i.Dimension, &i.Lots, &i.Qty, &i.Value)
		})
	for _, kind := range catalog.Types() {
		c := stock.CategoryValue{Type: kind}
		for _, i := range v.Items {
			if i.Type != kind {
				continue
			}
			c.Lots += i.Lots
			c.Value += i.Value
			switch i.Dimension {
			case core.Mass:
				c.Mass += i.Qty
			case core.Count:
				c.Count += i.Qty
			}
		}
		v.Categories = append(v.Categories, c)
		v.Total += c.Value
	}
	if err != nil {
		return v, err
	}
	v.InProcess, err = t.AccountNow(stock.WIP)
	return v, err
}

// moved sums what document d moved in stock of a dimension. A packing run is told by its
// packs and its powder; the pouches and boxes around them would blur both.
func moved(dimension core.Dimension) string {
	return `(SELECT coalesce(sum(g.qty), 0) FROM ledger g JOIN item i ON i.id = g.item_id WHERE g.document_id = d.id AND g.account = 'STOCK' AND i.dimension = '` + string(dimension) + `'
		AND NOT (i.type = 'PACKING_MATERIAL' AND coalesce(o.kind, d.kind) = 'PK'))`
}

// Documents pages through everything posted, newest first.
func (t *Tx) Documents(q stock.ListDocumentsReq) (resp stock.ListDocumentsResp, err error) {
	by := key[stock.DocumentRow]{"d.id", true, func(d *stock.DocumentRow) any { return int64(d.ID) }}
	if q.Query != "" { // by number, as they are looked up
		by = key[stock.DocumentRow]{"d.number", true, func(d *stock.DocumentRow) any { return d.Number }}
	}
	p, err := walkOf([]key[stock.DocumentRow]{by}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := chooseDocuments(&p, q)
	rows, err := t.documentRows(chosen, args, p.order())
	resp.Documents, resp.Next = p.cut(rows)
	return resp, err
}

// documentRows reads the heads of the documents that were chosen by id.
func (t *Tx) documentRows(chosen string, args []any, order string) ([]stock.DocumentRow, error) {
	return list(t, `SELECT d.id, d.kind, d.number, d.effective_on, d.posted_at, coalesce(u.login, ''), d.device, coalesce(p.name, ''), d.reason,
		coalesce(o.number, ''), coalesce(b.number, ''),
		(SELECT count(DISTINCT lot_id) FROM ledger WHERE document_id = d.id AND account = 'STOCK'),
		`+moved(core.Mass)+`, `+moved(core.Count)+`
		FROM `+chosen+` k CROSS JOIN document d ON d.id = k.id LEFT JOIN user u ON u.id = d.user_id LEFT JOIN party p ON p.id = d.party_id
		LEFT JOIN document o ON o.id = d.reverses LEFT JOIN document b ON b.reverses = d.id ORDER BY `+order, args,
		func(r *sql.Rows) (d stock.DocumentRow, err error) {
			return d, r.Scan(&d.ID, &d.Kind, &d.Number, &d.EffectiveOn, clock{&d.PostedAt}, &d.User, &d.Device, &d.Party, &d.Reason,
				&d.Reverses, &d.ReversedBy, &d.Lines, &d.Mass, &d.Pieces)
		})
}

// chooseDocuments merges a walk through every kind that is asked for, so that a rare
// kind is found as fast as a common one.
func chooseDocuments(p *walk[stock.DocumentRow], q stock.ListDocumentsReq) (query string, args []any) {
	kinds := slices.DeleteFunc(stock.DocumentKinds(), func(k stock.DocumentKind) bool { return !slices.Contains(q.Kinds, k) })
	if len(q.Kinds) == 0 {
		kinds = []stock.DocumentKind{""}
	}
	var parts []string
	for _, kind := range kinds {
		var w where
		if kind != "" {
			w.and("d.kind = ?", kind)
		}
		if q.Query != "" {
			starts(&w, "d.number", q.Query)
		}
		part, more := p.choose("d.id, d.number", "document d", &w)
		parts, args = append(parts, "SELECT * FROM "+part), append(args, more...)
	}
	switch len(parts) {
	case 0:
		return "(SELECT 0 AS id WHERE 0)", nil
	case 1:
		return "(" + parts[0] + ")", args
	}
	return "(SELECT d.id FROM (" + strings.Join(parts, " UNION ALL ") + ") d ORDER BY " + p.order() + " LIMIT ?)", append(args, p.limit+1)
}
