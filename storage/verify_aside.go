package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/stock"
)

// verifyAside follows every batch and every dispatch from day to day: none gives more than
// it has. What older programs dated otherwise stays as it is, and is told of: the figures of
// those days are below zero.
func verifyAside(t *Tx, r *Report) error {
	var since core.DocumentID
	if _, err := t.one(`SELECT `+markDays.since(), nil, &since); err != nil {
		return err
	}
	var p, before stock.Problems
	var n int64
	for _, of := range []struct {
		account        stock.Account
		holders, where string
	}{
		{stock.WIP, `WITH holders AS (SELECT id FROM batch)`, "out of process"},
		{stock.COGS, `WITH holders AS (SELECT id FROM document WHERE kind = 'DC')`, "back from the customer"},
	} {
		var line stock.Timeline
		var faults []stock.Aside
		named := map[core.DocumentID]bool{}
		err := t.each(of.holders+asideDays[of.account], nil, func(rows *sql.Rows) error {
			n++
			a, err := scanAside(rows)
			if held, ok := line.Day(a); err == nil && !ok && !named[held.Taken] {
				named[held.Taken] = true
				faults = append(faults, held)
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, f := range faults {
			d, err := t.Document(f.Taken)
			if err != nil {
				return err
			}
			lot, err := t.Lot(f.Lot)
			if err != nil {
				return err
			}
			if f.Taken > since {
				p.Add("days: %s takes of %s %s what was not there at the end of %s", d.Number, lot.Number, of.where, f.On.ISO())
			} else {
				before.Add("%s took of %s %s what was not there at the end of %s, before that was refused: look at the figures of that day", d.Number, lot.Number, of.where, f.On.ISO())
			}
		}
	}
	r.Remarks = append(r.Remarks, before.Found...)
	r.add("days of what is in process and with customers", n, p)
	return nil
}
