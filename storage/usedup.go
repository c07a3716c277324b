package storage

import (
	"database/sql"
	"encoding/json"
	"slices"

	"masala/core"
	"masala/core/stock"
)

// The stock list is two lists one behind the other: what is in stock, which is little and
// sorted as one likes, and what is used up, which is nearly everything there ever was and
// comes in the one order that reads nothing but the page, the newest lots first.

type lotRow = stock.ValuedLotRow

// usedUpKeys is the order of the used-up cells: that of the table, from its end.
func usedUpKeys() []key[lotRow] {
	return []key[lotRow]{
		{"c.lot_id", true, func(r *lotRow) any { return int64(r.Lot) }},
		{"c.segment", true, func(r *lotRow) any { return string(r.Segment) }},
		{"c.status", true, func(r *lotRow) any { return string(r.Status) }},
	}
}

// lotPage reads a page of the stock list; open is what narrows the first of the two.
func (t *Tx) lotPage(q stock.ListLotsReq, open *where) (rows []lotRow, next string, err error) {
	both := q.Empty && len(q.Statuses) == 0 && !q.Expired && q.Within == 0
	first, err := walkOf(lotKeys(q.Sort, q.Desc), q.After, q.Limit)
	var second walk[lotRow]
	behind := false // the page begins in the second list
	if both {
		cursor := q.After
		if err == nil && cursor != core.LastPage {
			cursor = ""
		}
		var other error
		if second, other = walkOf(usedUpKeys(), cursor, q.Limit); other == nil && err != nil {
			behind, err = true, nil
		}
	}
	if err != nil {
		return nil, "", err
	}
	lists := []func(limit int) ([]lotRow, error){
		func(limit int) ([]lotRow, error) { return t.lotsInStock(q, open, &first, limit) },
		func(limit int) ([]lotRow, error) { return t.lotsUsedUp(q, &second, limit) },
	}
	switch {
	case !both:
		lists[1] = func(int) ([]lotRow, error) { return nil, nil }
	case behind:
		lists[0] = lists[1]
		lists[1] = func(int) ([]lotRow, error) { return nil, nil }
	}
	if first.last { // from the end, both lists too
		slices.Reverse(lists)
	}
	read := first.limit + 1
	head, err := lists[0](read)
	if err != nil {
		return nil, "", err
	}
	tail, err := lists[1](read - len(head))
	if err != nil {
		return nil, "", err
	}
	rows = append(head, tail...)
	more := len(rows) > first.limit
	rows = rows[:min(len(rows), first.limit)]
	switch {
	case first.last:
		slices.Reverse(rows)
	case more && (behind || len(rows) > len(head)):
		next = second.cursor(&rows[len(rows)-1])
	case more:
		next = first.cursor(&rows[len(rows)-1])
	}
	return rows, next, nil
}

// lotsInStock reads from the first list.
func (t *Tx) lotsInStock(q stock.ListLotsReq, open *where, p *walk[lotRow], limit int) ([]lotRow, error) {
	if limit <= 0 {
		return nil, nil
	}
	in(open, "i.type", q.Types)
	chosen, args := p.upTo(limit).choose("c.lot_id AS lot, c.segment, c.status", cellsWithLots, open)
	return t.lotRows(chosen, args, p.order())
}

// lotsUsedUp reads from the second list. Types are walked item by item, because some are
// rare; the rows are read of those cells alone that the page shows.
func (t *Tx) lotsUsedUp(q stock.ListLotsReq, p *walk[lotRow], limit int) ([]lotRow, error) {
	if limit <= 0 {
		return nil, nil
	}
	if q.Item != 0 || len(q.Types) == 0 {
		chosen, args := p.upTo(limit).choose("c.lot_id AS lot, c.segment, c.status", "cell c", usedUp(q, q.Item))
		return t.lotRows(chosen, args, p.order())
	}
	var w where
	in(&w, "i.type", q.Types)
	items, err := idsOf[core.ItemID](t, `SELECT i.id FROM item i WHERE `+w.String(), w.args...)
	if err != nil {
		return nil, err
	}
	var cells []lotRow
	for _, item := range items {
		chosen, args := p.upTo(limit).choose("c.lot_id, c.segment, c.status", "cell c", usedUp(q, item))
		some, err := list(t, chosen[1:len(chosen)-1], args, func(r *sql.Rows) (v lotRow, err error) { return v, r.Scan(&v.Lot, &v.Segment, &v.Status) })
		if err != nil {
			return nil, err
		}
		cells = append(cells, some...)
	}
	slices.SortFunc(cells, func(a, b lotRow) int { return p.compare(&a, &b) })
	return t.rowsOf(cells[:min(len(cells), limit)], p.order())
}

// rowsOf reads what the rows of some cells show.
func (t *Tx) rowsOf(cells []lotRow, order string) ([]lotRow, error) {
	page := [][3]any{}
	for _, c := range cells {
		page = append(page, [3]any{c.Lot, c.Segment, c.Status})
	}
	asked, err := json.Marshal(page)
	if err != nil {
		return nil, err
	}
	return t.lotRows("(SELECT x.value ->> 0 AS lot, x.value ->> 1 AS segment, x.value ->> 2 AS status FROM json_each(?) x)", []any{string(asked)}, order)
}

func usedUp(q stock.ListLotsReq, item core.ItemID) *where {
	w := &where{}
	w.and("c.qty = 0")
	if item != 0 {
		w.and("c.item_id = ?", item)
	}
	if m := match(q.Query); m != "" {
		w.and(`c.lot_id IN (SELECT rowid FROM lot_words WHERE lot_words MATCH ? UNION SELECT id FROM lot WHERE item_id IN (SELECT rowid FROM item_words WHERE item_words MATCH ?))`, match(lotWords(q.Query)), m)
	}
	return w
}

// lotRows reads what the rows of chosen cells show.
func (t *Tx) lotRows(chosen string, args []any, order string) ([]lotRow, error) {
	return list(t, `SELECT `+lotRowColumns+`, c.value FROM `+chosen+` k
		CROSS JOIN cell c ON c.lot_id = k.lot AND c.segment = k.segment AND c.status = k.status JOIN lot l ON l.id = c.lot_id JOIN item i ON i.id = c.item_id ORDER BY `+order, args,
		func(r *sql.Rows) (v lotRow, err error) {
			return v, r.Scan(append(lotRowInto(&v.LotRow), &v.Value)...)
		})
}
