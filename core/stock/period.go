package stock

import (
	"masala/core"
	"masala/core/op"
)

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
