package stock

import (
	"fmt"
	"strings"

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

// recordCount adds what one counter found; counters add up. Each quantity is compared with
// the books of this moment (R34), so counters of one cell may only add up while nothing
// moves in it: nobody could tell of whose part it was.
func recordCount(c *op.Call, tx Store, q RecordCountReq) (Count, error) {
	count, err := openCountByID(tx, q.ID)
	if err != nil {
		return Count{}, err
	}
	known := map[CellKey]CountLine{}
	for _, l := range count.Lines {
		known[l.CellKey] = l
	}
	var bad core.Faults
	for i, e := range q.Entries {
		l, ok := known[e.CellKey]
		if !ok {
			err = stranger(tx, &bad, fmt.Sprintf("entries[%d].lot", i), count, e.CellKey)
		} else if l.Counted != nil {
			err = unmoved(tx, &bad, fmt.Sprintf("entries[%d].qty", i), l)
		}
		if err != nil {
			return Count{}, err
		}
	}
	if err := bad.Err(); err != nil {
		return Count{}, err
	}
	seq, _, err := tx.Head()
	if err != nil {
		return Count{}, err
	}
	for _, e := range q.Entries {
		if err := tx.AddToCount(q.ID, e, seq, c.Actor.User); err != nil {
			return Count{}, err
		}
	}
	c.Note("count "+count.Number, nil, q.Entries)
	return tx.Count(q.ID)
}

// stranger says of stock that is no part of a count what to do with it.
func stranger(tx Store, bad *core.Faults, at string, count Count, key CellKey) error {
	lot, err := tx.Lot(key.Lot)
	if core.CodeOf(err) == core.CodeNotFound {
		bad.Add(at, "This lot does not exist.")
		return nil
	}
	if err != nil {
		return err
	}
	cell, _, err := tx.Cell(key)
	if err == nil && cell.Qty == 0 {
		bad.Add(at, "By the books there is nothing of %s here, so it is no part of %s. An Admin enters what was found as an adjustment.", lot.Number, count.Number)
	} else {
		bad.Add(at, "%s is no part of %s: it is of another kind, or came here later. Count it with the next count.", lot.Number, count.Number)
	}
	return err
}

// unmoved refuses to add to what was counted of a cell before it moved.
func unmoved(tx Store, bad *core.Faults, at string, l CountLine) error {
	moved, err := tx.MovedIn(l.CellKey, l.At)
	if err != nil || len(moved) == 0 {
		return err
	}
	bad.Add(at, "%s has moved since %s of it were counted: %s. Take that entry back and count all of it again.",
		l.LotNumber, l.Counted.String(l.Dimension), strings.Join(moved, ", "))
	return nil
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
	n := voided(count, entry, q.Reason)
	c.Note(n.Entity, n.Old, n.New)
	return tx.Count(count.ID)
}

// voided is what the audit log tells of an entry that is taken back.
func voided(count Count, entry EntryRow, reason string) op.Note {
	return op.Note{Entity: "count " + count.Number, Old: entry.CountEntry, New: map[string]any{"voided": entry.ID, "reason": reason}}
}

// ByUpgrade stands for who took an entry back that an upgrade of the program voided.
const ByUpgrade = "The upgrade"

// UpgradeNotes is what an upgrade took back in counts, for the audit log: a migration cannot
// write into it, for its rows are chained (R43).
func UpgradeNotes(tx Store) (notes []op.Note, err error) {
	entries, err := tx.VoidedByUpgrade()
	for _, e := range entries {
		count, err := tx.Count(e.Count)
		if err != nil {
			return nil, err
		}
		notes = append(notes, voided(count, e, e.Reason))
	}
	return notes, err
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

// postCount books the differences between what was counted and what the books held then,
// all in one document; stock that moved before or after keeps its movements. All faults
// show together. A count that differs nowhere posts no document and is closed.
func postCount(c *op.Call, tx Store, q PostCountReq) (PostCountResp, error) {
	count, err := openCountByID(tx, q.ID)
	if err != nil {
		return PostCountResp{}, err
	}
	seq, _, err := tx.Head()
	if err != nil {
		return PostCountResp{}, err
	}
	counted, different := 0, 0
	var booked, found []CountEntry // of the lines that differ: what the books held when it was counted
	for _, l := range count.Lines {
		if l.Counted != nil {
			counted++
			if *l.Difference != 0 {
				different++
				booked, found = append(booked, CountEntry{l.CellKey, *l.Counted - *l.Difference}), append(found, CountEntry{l.CellKey, *l.Counted})
			}
		}
	}
	c.Note("count "+count.Number, map[string]any{"booked": booked}, map[string]any{"counted": counted, "different": different, "found": found})
	if counted == 0 {
		return PostCountResp{}, core.Invalid("entries", "Nothing was counted yet.")
	}
	moves, err := differences(tx, count.Lines, q.Values)
	if err != nil {
		return PostCountResp{}, err
	}
	if different == 0 {
		return PostCountResp{State: CountAgreed}, tx.CloseCount(q.ID, CountAgreed, seq)
	}
	v, err := Begin(c, tx, Document{Kind: KindCount, LotField: "lines", Reason: "Counting Error: " + count.Number})
	if err != nil {
		return PostCountResp{}, err
	}
	for _, d := range moves {
		v.correct(d.lot, d.key, d.qty, d.value)
	}
	if err := v.Post(); err != nil {
		return PostCountResp{}, err
	}
	return PostCountResp{v.doc.ID, v.doc.Number, CountPosted}, tx.MarkCountPosted(q.ID, v.doc.ID, seq)
}

// difference is what a count corrects in one cell.
type difference struct {
	lot   Lot
	key   CellKey
	qty   core.Qty
	value core.Paise
}

// differences works out what a count posts, with every fault there is.
func differences(tx Store, lines []CountLine, values []ExcessValue) (out []difference, err error) {
	var bad core.Faults
	used := map[CellKey]bool{}
	for i, l := range lines {
		if l.Difference == nil || *l.Difference == 0 {
			continue
		}
		lot, err := tx.Lot(l.Lot)
		if err != nil {
			return nil, err
		}
		var given *core.Paise
		for j := range values {
			if values[j].CellKey == l.CellKey && *l.Difference > 0 {
				given, used[l.CellKey] = &values[j].Value, true
			}
		}
		value, err := correctionValue(tx, lot, l.CellKey, *l.Difference, given)
		if core.CodeOf(err) == core.CodeInsufficientStock {
			err = core.Invalid("qty", "%s: %s are missing by the count, and less is there by now. Take the entry back and count it again.", lot.Number, (-*l.Difference).String(l.Dimension))
		}
		if err := bad.Merge(fmt.Sprintf("lines[%d].", i), err); err != nil {
			return nil, err
		}
		out = append(out, difference{lot, l.CellKey, *l.Difference, value})
	}
	for i, x := range values {
		bad.Check(used[x.CellKey], fmt.Sprintf("values[%d].lot", i), "This count found no excess of this stock. Take its value away.")
	}
	return out, bad.Err()
}

// cancelCount gives a count up; its snapshot and entries are kept.
func cancelCount(c *op.Call, tx Store, q CancelCountReq) (Count, error) {
	count, err := openCountByID(tx, q.ID)
	if err != nil {
		return Count{}, err
	}
	c.Note("count "+count.Number, nil, q)
	seq, _, err := tx.Head()
	if err != nil {
		return Count{}, err
	}
	if err := tx.CloseCount(q.ID, CountCancelled, seq); err != nil {
		return Count{}, err
	}
	return tx.Count(q.ID)
}
