package storage

import (
	"database/sql"
	"time"

	"masala/core"
	"masala/core/trace"
)

const recallColumns = `r.id, r.number, r.lot_id, l.number, i.name, r.reason, r.opened_at, r.opened_by, coalesce(r.closed_at, 0), r.closed_by, r.close_reason,
	(SELECT count(*) FROM recall_lot m WHERE m.recall_id = r.id), r.version`

const (
	recallJoins = ` JOIN lot l ON l.id = r.lot_id JOIN item i ON i.id = l.item_id `
	fromRecalls = ` FROM recall r` + recallJoins
)

func scanRecall(scan func(...any) error) (r trace.RecallRow, err error) {
	err = scan(&r.ID, &r.Number, &r.Lot, &r.LotNumber, &r.Name, &r.Reason, clock{&r.OpenedAt}, &r.OpenedBy, clock{&r.ClosedAt}, &r.ClosedBy, &r.CloseReason, &r.Lots, &r.Version)
	if r.ClosedAt.UnixMilli() == 0 {
		r.ClosedAt = time.Time{}
	}
	return r, err
}

// Recalls pages through the recalls, open ones first, then newest first.
func (t *Tx) Recalls(q trace.ListRecallsReq) (resp trace.ListRecallsResp, err error) {
	w := &where{}
	if q.Open {
		w.and("r.closed_at IS NULL")
	}
	closed := func(r *trace.RecallRow) any {
		if r.ClosedAt.IsZero() {
			return int64(0)
		}
		return int64(1)
	}
	p, err := walkOf([]key[trace.RecallRow]{{"(r.closed_at IS NOT NULL)", false, closed}, {"r.id", true, func(r *trace.RecallRow) any { return int64(r.ID) }}}, q.After, q.Limit)
	if err != nil {
		return resp, err
	}
	chosen, args := p.choose("r.id", "recall r", w)
	rows, err := list(t, `SELECT `+recallColumns+` FROM `+chosen+` k CROSS JOIN recall r ON r.id = k.id`+recallJoins+`ORDER BY `+p.order(), args,
		func(r *sql.Rows) (trace.RecallRow, error) { return scanRecall(r.Scan) })
	resp.Recalls, resp.Next = p.cut(rows)
	return resp, err
}

// Recall reads a recall.
func (t *Tx) Recall(id trace.RecallID) (trace.RecallRow, error) {
	rows, err := list(t, `SELECT `+recallColumns+fromRecalls+`WHERE r.id = ?`, []any{id}, func(r *sql.Rows) (trace.RecallRow, error) { return scanRecall(r.Scan) })
	if err != nil {
		return trace.RecallRow{}, err
	}
	if len(rows) == 0 {
		return trace.RecallRow{}, core.NotFound("id", "There is no such recall.")
	}
	return rows[0], nil
}

// RecalledLots lists the lots that bear the mark of a recall, in the order they were
// born.
func (t *Tx) RecalledLots(id trace.RecallID) ([]core.LotID, error) {
	return idsOf[core.LotID](t, `SELECT lot_id FROM recall_lot WHERE recall_id = ? ORDER BY lot_id`, id)
}

// InsertRecall opens a recall.
func (t *Tx) InsertRecall(r trace.RecallRow) (trace.RecallID, error) {
	id, err := t.insert(`INSERT INTO recall (number, lot_id, reason, opened_at, opened_by, version) VALUES (?, ?, ?, ?, ?, ?)`,
		r.Number, r.Lot, r.Reason, instant(r.OpenedAt), r.OpenedBy, r.Version)
	return trace.RecallID(id), err
}

// CloseRecall closes a recall.
func (t *Tx) CloseRecall(r trace.RecallRow) error {
	_, err := t.exec(`UPDATE recall SET closed_at = ?, closed_by = ?, close_reason = ?, version = ? WHERE id = ?`, instant(r.ClosedAt), r.ClosedBy, r.CloseReason, r.Version, r.ID)
	return err
}
