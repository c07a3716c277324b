package stock

import (
	"fmt"

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
	seq, _, err := tx.Head()
	if err != nil {
		return Count{}, err
	}
	series := "COUNT-" + c.Today().Compact()
	n, err := tx.NextInSeries(series)
	if err != nil {
		return Count{}, err
	}
	count := Count{Number: fmt.Sprintf("%s-%02d", series, n), SnapshotSeq: seq, OpenedAt: c.Now}
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

func openCountByID(tx Store, id CountID) (Count, error) {
	count, err := tx.Count(id)
	if err == nil && count.Posted != 0 {
		err = core.Errorf(core.CodeConflict, "%s is already posted. Start a new count.", count.Number)
	}
	return count, err
}

// postCount books the differences between snapshot and count, all in one document;
// stock that moved since the snapshot keeps its movements. All faults show together.
func postCount(c *op.Call, tx Store, q PostCountReq) (Posted, error) {
	count, err := openCountByID(tx, q.ID)
	if err != nil {
		return Posted{}, err
	}
	v, err := Begin(c, tx, Document{Kind: KindCount, Reason: "Counting Error: " + count.Number})
	if err != nil {
		return Posted{}, err
	}
	var bad core.Faults
	counted := 0
	for i, l := range count.Lines {
		if l.Counted == nil {
			continue
		}
		counted++
		if delta := *l.Counted - l.Booked; delta != 0 {
			if err := v.countDifference(tx, l, delta); err != nil {
				if err := bad.Merge(fmt.Sprintf("lines[%d].", i), err); err != nil {
					return Posted{}, err
				}
			}
		}
	}
	bad.Check(counted > 0, "entries", "Nothing was counted yet.")
	if err := bad.Err(); err != nil {
		return Posted{}, err
	}
	if len(v.moves) == 0 {
		return Posted{}, core.Errorf(core.CodeInvalid, "Every counted quantity agrees with the books, so there is nothing to post.")
	}
	c.Note("count "+count.Number, nil, map[string]any{"counted": counted})
	if err := v.Post(); err != nil {
		return Posted{}, err
	}
	return v.Posted(), tx.MarkCountPosted(q.ID, v.doc.ID)
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

// closePeriod locks a month for good (R8): months close in order, after they end.
func closePeriod(c *op.Call, tx Store, q ClosePeriodReq) (Period, error) {
	month := q.Month.Month()
	switch {
	case q.Month == 0:
		return Period{}, core.Invalid("month", "Choose the month to close.")
	case month >= c.Today().Month():
		return Period{}, core.Invalid("month", "%s is not over yet.", month.Time().Format("January 2006"))
	}
	first, err := tx.FirstDay()
	if err != nil {
		return Period{}, err
	}
	if first == 0 || month < first.Month() {
		return Period{}, core.Invalid("month", "Nothing was posted in %s or before it, so there is nothing to close.", month.Time().Format("January 2006"))
	}
	last, err := tx.LastClosedMonth()
	if err != nil {
		return Period{}, err
	}
	if last != 0 && month != last.AddMonths(1) {
		return Period{}, core.Invalid("month", "%s is the next month to close.", last.AddMonths(1).Time().Format("January 2006"))
	}
	seq, hash, err := tx.Head()
	if err != nil {
		return Period{}, err
	}
	value, err := tx.ValueUntil(month.AddMonths(1) - 1)
	if err != nil {
		return Period{}, err
	}
	p := Period{Month: month, Seq: seq, Head: hash.String(), Value: value, ClosedAt: c.Now, ClosedBy: c.Actor.Name}
	c.Note("period "+month.Time().Format("2006-01"), nil, p)
	return p, tx.InsertPeriod(p)
}
