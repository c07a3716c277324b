package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/stock"
)

// InsertCount opens a stock count with its snapshot.
func (t *Tx) InsertCount(c stock.Count, by core.UserID) (stock.CountID, error) {
	id, err := t.insert(`INSERT INTO stock_count (number, snapshot_seq, opened_at, opened_by) VALUES (?, ?, ?, ?)`, c.Number, c.SnapshotSeq, instant(c.OpenedAt), by)
	if err != nil {
		return 0, err
	}
	for _, l := range c.Lines {
		if _, err := t.exec(`INSERT INTO stock_count_line (count_id, lot_id, segment, status, booked) VALUES (?, ?, ?, ?, ?)`, id, l.Lot, l.Segment, l.Status, l.Booked); err != nil {
			return 0, err
		}
	}
	return stock.CountID(id), nil
}

// Count reads a stock count; 0 is the newest one.
func (t *Tx) Count(id stock.CountID) (c stock.Count, err error) {
	var end core.Seq
	ok, err := t.one(`SELECT n.id, n.number, n.snapshot_seq, n.opened_at, coalesce(u.login, ''), n.state, coalesce(n.document_id, 0), coalesce(n.closed_seq, 9223372036854775807)
		FROM stock_count n LEFT JOIN user u ON u.id = n.opened_by WHERE n.id = ?1 OR ?1 = 0 ORDER BY n.id DESC LIMIT 1`, []any{id},
		&c.ID, &c.Number, &c.SnapshotSeq, clock{&c.OpenedAt}, &c.OpenedBy, &c.State, &c.Posted, &end)
	if err != nil {
		return c, err
	}
	if !ok {
		return c, core.NotFound("id", "There is no such stock count.")
	}
	const moved = `(SELECT coalesce(sum(g.qty), 0) FROM ledger g WHERE g.lot_id = n.lot_id AND g.account = 'STOCK' AND g.segment = n.segment AND g.status = n.status`
	c.Lines, err = list(t, `SELECT n.lot_id, n.segment, n.status, l.number, i.name, i.dimension, n.booked, e.qty, coalesce(e.seq, 0),
			`+moved+` AND g.seq > ?2 AND g.seq <= coalesce(e.seq, ?3)), `+moved+` AND g.seq > coalesce(e.seq, ?3) AND g.seq <= ?3)
		FROM stock_count_line n JOIN lot l ON l.id = n.lot_id JOIN item i ON i.id = l.item_id
			LEFT JOIN (SELECT e.lot_id, e.segment, e.status, sum(e.qty) AS qty, min(e.seq) AS seq FROM stock_count_entry e WHERE e.count_id = ?1 AND `+notVoided+` GROUP BY 1, 2, 3) e
				ON e.lot_id = n.lot_id AND e.segment = n.segment AND e.status = n.status
		WHERE n.count_id = ?1 ORDER BY i.sku_sort, l.number_sort, n.segment, n.status`, []any{c.ID, c.SnapshotSeq, end},
		func(r *sql.Rows) (l stock.CountLine, err error) {
			var counted sql.NullInt64
			err = r.Scan(&l.Lot, &l.Segment, &l.Status, &l.LotNumber, &l.Name, &l.Dimension, &l.Booked, &counted, &l.At, &l.Moved, &l.Since)
			if q := core.Qty(counted.Int64); counted.Valid {
				d := q - l.Booked - l.Moved
				l.Counted, l.Difference = &q, &d
			}
			return l, err
		})
	return c, err
}

// AddToCount adds a quantity that was counted when seq was the newest ledger row.
func (t *Tx) AddToCount(id stock.CountID, e stock.CountEntry, seq core.Seq, by core.UserID) error {
	_, err := t.exec(`INSERT INTO stock_count_entry (count_id, lot_id, segment, status, qty, seq, user_id) VALUES (?, ?, ?, ?, ?, ?, ?)`, id, e.Lot, e.Segment, e.Status, e.Qty, seq, by)
	return err
}

// MovedIn lists the documents that moved quantity in or out of a cell after a ledger row.
func (t *Tx) MovedIn(k stock.CellKey, after core.Seq) ([]string, error) {
	return list(t, `SELECT DISTINCT d.number FROM ledger g CROSS JOIN document d ON d.id = g.document_id
		WHERE g.lot_id = ? AND g.seq > ? AND g.account = 'STOCK' AND g.segment = ? AND g.status = ? AND g.qty <> 0 ORDER BY d.id LIMIT 5`, []any{k.Lot, after, k.Segment, k.Status},
		func(r *sql.Rows) (number string, err error) { return number, r.Scan(&number) })
}

// notVoided holds where entry e counts.
const notVoided = `NOT EXISTS (SELECT 1 FROM stock_count_void v WHERE v.entry_id = e.id)`

// CellsInCounts names the open count of each cell that is in one.
func (t *Tx) CellsInCounts() (map[stock.CellKey]string, error) {
	in := map[stock.CellKey]string{}
	err := t.each(`SELECT n.number, l.lot_id, l.segment, l.status FROM stock_count n JOIN stock_count_line l ON l.count_id = n.id WHERE n.state = 'OPEN'`, nil, func(r *sql.Rows) error {
		var number string
		var k stock.CellKey
		err := r.Scan(&number, &k.Lot, &k.Segment, &k.Status)
		in[k] = number
		return err
	})
	return in, err
}

const selectEntries = `SELECT e.id, e.count_id, e.lot_id, e.segment, e.status, e.qty, l.number, i.name, i.dimension, e.user_id, coalesce(u.login, ''), e.seq, CASE WHEN v.entry_id IS NULL THEN '' ELSE coalesce(w.login, '` + stock.ByUpgrade + `') END, coalesce(v.reason, '') FROM `

const entryJoins = ` JOIN lot l ON l.id = e.lot_id JOIN item i ON i.id = l.item_id LEFT JOIN user u ON u.id = e.user_id
	LEFT JOIN stock_count_void v ON v.entry_id = e.id LEFT JOIN user w ON w.id = v.user_id `

func scanEntry(r *sql.Rows) (e stock.EntryRow, err error) {
	return e, r.Scan(&e.ID, &e.Count, &e.Lot, &e.Segment, &e.Status, &e.Qty, &e.LotNumber, &e.Name, &e.Dimension, &e.By, &e.ByName, &e.At, &e.VoidedBy, &e.Reason)
}

// Entries pages through what was entered into a count, newest first.
func (t *Tx) Entries(q stock.ListEntriesReq) (resp stock.ListEntriesResp, err error) {
	p, err := walkOf([]key[stock.EntryRow]{{"e.id", true, func(e *stock.EntryRow) any { return int64(e.ID) }}}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	w := &where{}
	w.and("e.count_id = ?", q.ID)
	chosen, args := p.choose("e.id", "stock_count_entry e", w)
	rows, err := list(t, selectEntries+chosen+` k CROSS JOIN stock_count_entry e ON e.id = k.id`+entryJoins+`ORDER BY `+p.order(), args, scanEntry)
	resp.Entries, resp.Next = p.cut(rows)
	return resp, err
}

// CountedEntry reads an entry of a count.
func (t *Tx) CountedEntry(id stock.EntryID) (stock.EntryRow, error) {
	rows, err := list(t, selectEntries+`stock_count_entry e`+entryJoins+`WHERE e.id = ?`, []any{id}, scanEntry)
	switch {
	case err != nil:
		return stock.EntryRow{}, err
	case len(rows) == 0:
		return stock.EntryRow{}, core.NotFound("entry", "There is no such entry.")
	}
	return rows[0], nil
}

// VoidedByUpgrade lists the entries that an upgrade took out of their counts and of which the
// audit log does not tell.
func (t *Tx) VoidedByUpgrade() ([]stock.EntryRow, error) {
	return list(t, selectEntries+`stock_count_void x CROSS JOIN stock_count_entry e ON e.id = x.entry_id`+entryJoins+`WHERE x.user_id IS NULL
		AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.operation = 'stock.void_entry' AND json_extract(a.new, '$.voided') = e.id) ORDER BY x.entry_id`, nil, scanEntry)
}

// VoidEntry takes an entry out of its count.
func (t *Tx) VoidEntry(q stock.VoidEntryReq, by core.UserID) error {
	_, err := t.exec(`INSERT INTO stock_count_void (entry_id, user_id, reason) VALUES (?, ?, ?)`, q.Entry, by, q.Reason)
	return err
}

// MarkCountPosted ties a count to the document it was posted as.
func (t *Tx) MarkCountPosted(id stock.CountID, document core.DocumentID, seq core.Seq) error {
	_, err := t.exec(`UPDATE stock_count SET document_id = ?, state = ?, closed_seq = ? WHERE id = ?`, document, stock.CountPosted, seq, id)
	return err
}

// CloseCount ends a count that posts nothing.
func (t *Tx) CloseCount(id stock.CountID, state stock.CountState, seq core.Seq) error {
	_, err := t.exec(`UPDATE stock_count SET state = ?, closed_seq = ? WHERE id = ?`, state, seq, id)
	return err
}

// Counts pages through the counts, newest first.
func (t *Tx) Counts(q stock.ListCountsReq) (resp stock.ListCountsResp, err error) {
	p, err := walkOf([]key[stock.CountRow]{{"n.id", true, func(c *stock.CountRow) any { return int64(c.ID) }}}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := p.choose("n.id", "stock_count n", &where{})
	rows, err := list(t, `SELECT n.id, n.number, n.opened_at, coalesce(u.login, ''), n.state, (SELECT count(*) FROM stock_count_line l WHERE l.count_id = n.id),
		(SELECT count(*) FROM (SELECT DISTINCT lot_id, segment, status FROM stock_count_entry e WHERE e.count_id = n.id AND `+notVoided+`))
		FROM `+chosen+` k CROSS JOIN stock_count n ON n.id = k.id LEFT JOIN user u ON u.id = n.opened_by ORDER BY `+p.order(), args,
		func(r *sql.Rows) (c stock.CountRow, err error) {
			return c, r.Scan(&c.ID, &c.Number, clock{&c.OpenedAt}, &c.OpenedBy, &c.State, &c.Lines, &c.Counted)
		})
	resp.Counts, resp.Next = p.cut(rows)
	return resp, err
}
