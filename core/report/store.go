package report

import (
	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// How far the dashboards look.
const (
	ExpiringDays = 45 // ahead
	CurveDays    = 14 // back
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	Stages() ([]Stage, []StageValue, error)
	Reorders(limit int) ([]Reorder, error)
	Expiring(until core.Date, limit int) ([]stock.LotRow, core.Paise, error)
	Documents(stock.ListDocumentsReq) (stock.ListDocumentsResp, error)
	Receipts(from core.Date) (n int, value core.Paise, days []DayValue, err error)
	ValueChanges(from core.Date) ([]DayValue, error) // of all stock, per day, oldest first
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, Dashboard, func(c *op.Call, tx T, _ DashboardReq) (DashboardResp, error) {
		v, err := valued(c, tx)
		return v.DashboardResp, err
	})
	op.Handle(r, ValuedDashboard, func(c *op.Call, tx T, _ DashboardReq) (ValuedDashboardResp, error) { return valued(c, tx) })
}

func valued(c *op.Call, tx Store) (d ValuedDashboardResp, err error) {
	d.Day, d.At = c.Today(), c.Now
	if d.Stages, d.Values, err = tx.Stages(); err != nil {
		return d, err
	}
	for _, v := range d.Values {
		d.Total += v.Value
	}
	if d.Reorder, err = tx.Reorders(20); err != nil {
		return d, err
	}
	if d.Expiring, d.ExpiringValue, err = tx.Expiring(d.Day.AddDays(ExpiringDays), 20); err != nil {
		return d, err
	}
	recent, err := tx.Documents(stock.ListDocumentsReq{Limit: 12})
	if err != nil {
		return d, err
	}
	d.Recent = recent.Documents
	if d.Receipts, d.Purchases, _, err = tx.Receipts(d.Day.Month()); err != nil {
		return d, err
	}
	first := d.Day.AddDays(1 - CurveDays)
	_, _, bought, err := tx.Receipts(first)
	if err != nil {
		return d, err
	}
	changes, err := tx.ValueChanges(first)
	if err != nil {
		return d, err
	}
	d.PurchaseDays = everyDay(first, d.Day, bought)
	d.ValueDays = runningBack(d.Total, everyDay(first, d.Day, changes))
	d.WeekAgo = d.ValueDays[CurveDays-1-7].Value
	return d, nil
}

// everyDay fills the days without an entry.
func everyDay(from, to core.Date, some []DayValue) []DayValue {
	days := make([]DayValue, 0, to-from+1)
	for day := from; day <= to; day++ {
		days = append(days, DayValue{Day: day})
	}
	for _, s := range some {
		if s.Day >= from && s.Day <= to {
			days[s.Day-from].Value += s.Value
		}
	}
	return days
}

// runningBack turns daily changes into closing values, given the last one.
func runningBack(now core.Paise, changes []DayValue) []DayValue {
	out := make([]DayValue, len(changes))
	for i := len(changes) - 1; i >= 0; i-- {
		out[i] = DayValue{changes[i].Day, now}
		now -= changes[i].Value
	}
	return out
}
