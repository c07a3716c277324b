package stock

import (
	"masala/core"
	"masala/core/op"
)

// closePeriod locks a month for good, with its trial balance (R8): months close in order
// from the first one, after they end.
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
	next := first.Month()
	if last, err := tx.LastClosedMonth(); err != nil {
		return Period{}, err
	} else if last != 0 {
		next = last.AddMonths(1)
	}
	if month != next {
		return Period{}, core.Invalid("month", "%s is the next month to close.", next.Time().Format("January 2006"))
	}
	seq, hash, err := tx.Head()
	if err != nil {
		return Period{}, err
	}
	sums, err := tx.AccountsUntil(month.AddMonths(1) - 1)
	if err != nil {
		return Period{}, err
	}
	p := Period{Month: month, Seq: seq, Head: hash.String(), Value: sums[InStock], ClosedAt: c.Now, ClosedBy: c.Actor.Name}
	for _, a := range Accounts() {
		if sums[a] != 0 {
			p.Accounts = append(p.Accounts, AccountSum{a, sums[a]})
		}
	}
	c.Note("period "+month.Time().Format("2006-01"), nil, p)
	return p, tx.InsertPeriod(p)
}

// Correcting adds to the reason of a correction which closed month it corrects: it lands
// in the open one (R8). on is the day of what is corrected.
func Correcting(tx Ledger, on core.Date, reason string) (string, error) {
	closed, err := tx.LastClosedMonth()
	if err != nil || closed == 0 || on.Month() > closed {
		return reason, err
	}
	return reason + " (corrects " + on.Time().Format("January 2006") + ", which is closed)", nil
}
