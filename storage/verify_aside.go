package storage

import (
	"database/sql"

	"masala/core"
	"masala/core/stock"
)

// verifyAside follows every batch and every dispatch from day to day: none gives more than
// it has. What older programs dated otherwise stays as it is.
func verifyAside(t *Tx, r *Report) error {
	var since core.DocumentID
	if _, err := t.one(`SELECT `+markDays.since(), nil, &since); err != nil {
		return err
	}
	var p stock.Problems
	var n int64
	for _, of := range []struct {
		account        stock.Account
		holders, where string
	}{
		{stock.WIP, `WITH holders AS (SELECT id FROM batch)`, "out of process"},
		{stock.COGS, `WITH holders AS (SELECT id FROM document WHERE kind = 'DC')`, "back from the customer"},
	} {
		var line stock.Timeline
		type fault struct {
			stock.Aside
			where string
		}
		var faults []fault
		named := map[core.DocumentID]bool{}
		err := t.each(of.holders+asideDays[of.account], nil, func(rows *sql.Rows) error {
			n++
			a, err := scanAside(rows)
			if held, ok := line.Day(a); err == nil && !ok && held.Taken > since && !named[held.Taken] {
				named[held.Taken] = true
				faults = append(faults, fault{held, of.where})
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
			p.Add("days: %s takes of %s %s what was not there at the end of %s", d.Number, lot.Number, f.where, f.On.ISO())
		}
	}
	r.add("days of what is in process and with customers", n, p)
	return nil
}
