package stock

import (
	"fmt"
	"maps"
	"slices"

	"masala/core"
	"masala/core/op"
)

// openCount takes the snapshot a stock count is compared with (R34).
func openCount(c *op.Call, tx Store, q OpenCountReq) (Count, error) {
	rows, err := tx.OpenCells(ListLotsReq{Types: q.Types})
	if err != nil {
		return Count{}, err
	}
	if len(rows) == 0 {
		return Count{}, core.Invalid("types", "There is no stock of this kind to count.")
	}
	counted, err := tx.CellsInCounts()
	if err != nil {
		return Count{}, err
	}
	for _, r := range rows {
		if other := counted[r.CellKey]; other != "" {
			return Count{}, core.Errorf(core.CodeConflict, "%s is still open and counts %s too. Post or cancel it first.", other, r.Number)
		}
	}
	seq, _, err := tx.Head()
	if err != nil {
		return Count{}, err
	}
	number, err := CountNumbers.Take(tx, c.Today())
	if err != nil {
		return Count{}, err
	}
	count := Count{Number: number, SnapshotSeq: seq, OpenedAt: c.Now, OpenedBy: c.Actor.Name, State: CountOpen}
	for _, r := range rows {
		count.Lines = append(count.Lines, CountLine{CellKey: r.CellKey, LotNumber: r.Number, Name: r.Name, Dimension: r.Dimension, Booked: r.Qty})
	}
	count.ID, err = tx.InsertCount(count, c.Actor.User)
	c.Note("count "+count.Number, nil, map[string]any{"lines": len(count.Lines), "seq": seq})
	return count, err
}

// recordCount adds what one counter found; counters add up.
func recordCount(c *op.Call, tx Store, q RecordCountReq) (Count, error) {
	count, err := openCountByID(tx, q.ID)
	if err != nil {
		return Count{}, err
	}
	known := map[CellKey]bool{}
	for _, l := range count.Lines {
		known[l.CellKey] = true
	}
	var bad core.Faults
	for i, e := range q.Entries {
		bad.Check(known[e.CellKey], fmt.Sprintf("entries[%d].lot", i), "This stock is not part of %s. Start a new count for it.", count.Number)
	}
	if err := bad.Err(); err != nil {
		return Count{}, err
	}
	for _, e := range q.Entries {
		if err := tx.AddToCount(q.ID, e, c.Actor.User); err != nil {
			return Count{}, err
		}
	}
	c.Note("count "+count.Number, nil, q.Entries)
	return tx.Count(q.ID)
}

// voidEntry takes an entry out of a count that is still open.
func voidEntry(c *op.Call, tx Store, q VoidEntryReq) (Count, error) {
	entry, err := tx.CountedEntry(q.Entry)
	if err != nil {
		return Count{}, err
	}
	count, err := openCountByID(tx, entry.Count)
	switch {
	case err != nil:
		return Count{}, err
	case entry.By != c.Actor.User && c.Actor.Role != core.Admin:
		return Count{}, core.Errorf(core.CodeForbidden, "%s entered this. Only %s or an Admin may take it back.", entry.ByName, entry.ByName)
	case entry.VoidedBy != "":
		return Count{}, core.Errorf(core.CodeConflict, "%s has taken this entry back already.", entry.VoidedBy)
	}
	if err := tx.VoidEntry(q, c.Actor.User); err != nil {
		return Count{}, err
	}
	c.Note("count "+count.Number, entry.CountEntry, map[string]any{"voided": q.Entry, "reason": q.Reason})
	return tx.Count(count.ID)
}

func openCountByID(tx Store, id CountID) (Count, error) {
	if id <= 0 { // to Store.Count the newest one
		return Count{}, core.NotFound("id", "There is no such stock count.")
	}
	count, err := tx.Count(id)
	if err == nil && count.State != CountOpen {
		done := map[CountState]string{CountPosted: "already posted", CountAgreed: "already closed without a difference", CountCancelled: "cancelled"}[count.State]
		err = core.Errorf(core.CodeConflict, "%s is %s. Start a new count.", count.Number, done)
	}
	return count, err
}

// postCount books the differences between snapshot and count, all in one document;
// stock that moved since the snapshot keeps its movements. All faults show together.
// A count that differs nowhere posts no document and is closed.
func postCount(c *op.Call, tx Store, q PostCountReq) (PostCountResp, error) {
	count, err := openCountByID(tx, q.ID)
	if err != nil {
		return PostCountResp{}, err
	}
	different := map[int]core.Qty{}
	counted := 0
	for i, l := range count.Lines {
		if l.Counted == nil {
			continue
		}
		counted++
		if delta := *l.Counted - l.Booked; delta != 0 {
			different[i] = delta
		}
	}
	var booked, found []CountEntry
	for _, i := range slices.Sorted(maps.Keys(different)) {
		l := count.Lines[i]
		booked, found = append(booked, CountEntry{l.CellKey, l.Booked}), append(found, CountEntry{l.CellKey, l.Booked + different[i]})
	}
	c.Note("count "+count.Number, map[string]any{"booked": booked}, map[string]any{"counted": counted, "different": len(different), "found": found})
	switch {
	case counted == 0:
		return PostCountResp{}, core.Invalid("entries", "Nothing was counted yet.")
	case len(different) == 0:
		return PostCountResp{State: CountAgreed}, tx.CloseCount(q.ID, CountAgreed)
	}
	v, err := Begin(c, tx, Document{Kind: KindCount, Reason: "Counting Error: " + count.Number})
	if err != nil {
		return PostCountResp{}, err
	}
	var bad core.Faults
	for _, i := range slices.Sorted(maps.Keys(different)) {
		if err := v.countDifference(tx, count.Lines[i], different[i]); err != nil {
			if err := bad.Merge(fmt.Sprintf("lines[%d].", i), err); err != nil {
				return PostCountResp{}, err
			}
		}
	}
	if err := bad.Err(); err != nil {
		return PostCountResp{}, err
	}
	if err := v.Post(); err != nil {
		return PostCountResp{}, err
	}
	return PostCountResp{v.doc.ID, v.doc.Number, CountPosted}, tx.MarkCountPosted(q.ID, v.doc.ID)
}

// cancelCount gives a count up; its snapshot and entries are kept.
func cancelCount(c *op.Call, tx Store, q CancelCountReq) (Count, error) {
	count, err := openCountByID(tx, q.ID)
	if err != nil {
		return Count{}, err
	}
	c.Note("count "+count.Number, nil, q)
	if err := tx.CloseCount(q.ID, CountCancelled); err != nil {
		return Count{}, err
	}
	return tx.Count(q.ID)
}

func (v *Voucher) countDifference(tx Store, l CountLine, delta core.Qty) error {
	lot, err := tx.Lot(l.Lot)
	if err != nil {
		return err
	}
	value, err := correctionValue(tx, lot, l.CellKey, delta, nil)
	if err != nil {
		return err
	}
	v.correct(lot, l.CellKey, delta, value)
	return nil
}
