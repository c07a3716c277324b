package report

import (
	"slices"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/stock"
)

// How far the dashboards look.
const (
	ExpiringDays = 45 // ahead
	CurveDays    = 14 // back
	DueDays      = 31 // back: what should have been delivered before that is looked for in the orders
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	Stages() ([]Stage, []StageValue, error)
	recipe.Store
	StageChanges(since core.Date) (map[catalog.Type]core.Paise, error) // after that day
	Reorders(today core.Date, limit int) ([]Reorder, int, error)
	// Expiring and OnHold list cells and count and value all of them.
	Expiring(until core.Date, limit int) ([]stock.LotRow, Sum, error)
	OnHold(limit int) ([]stock.LotRow, Sum, error)
	HeldOf(core.ItemID) (core.Qty, error)
	OpenBatches() ([]production.Head, error)                           // planned and running, oldest first
	Work(from, to core.Date) (Work, error)                             // Orders by their day of delivery
	Standing(kind stock.DocumentKind, from, to core.Date) (int, error) // documents that were not reversed
	// Sales is the taxable value of the challans, CameBack what came back, from a day on. What
	// is cancelled is taken off on the day it is cancelled.
	Sales(from core.Date) ([]DayValue, error)
	CameBack(from core.Date) ([]CameBack, error)
	Documents(stock.ListDocumentsReq) (stock.ListDocumentsResp, error)
	CompletedBatches(from, to core.Date, item core.ItemID) ([]Completed, error) // newest first
	// InputSources lists whose the input of each completion was, most first.
	InputSources(completions []core.DocumentID) (map[core.DocumentID][]Source, error)
	PackedRuns(from, to core.Date, item core.ItemID) ([]PackedRun, error) // newest first, without Value
	PowderValues(runs []core.DocumentID) (map[core.DocumentID]core.Paise, error)
	// PackingMaterials lists what those runs took of every packing material (Taken), and
	// the lots of which they lost some.
	PackingMaterials(from, to core.Date, item core.ItemID) ([]MaterialLoss, []LostMaterial, error)
	AccountDays(from core.Date, a ...stock.Account) ([]DayValue, error) // what came to the accounts together, per day, oldest first
	AccountNow(stock.Account) (core.Paise, error)
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, Dashboard, func(c *op.Call, tx T, _ DashboardReq) (DashboardResp, error) {
		v, err := dashboard(c, tx, false)
		return v.DashboardResp, err
	})
	op.Handle(r, Wastage, func(c *op.Call, tx T, q WastageReq) (WastageResp, error) {
		l, err := wastage(c, tx, q)
		if err != nil {
			return WastageResp{}, err
		}
		return l.open(), nil
	})
	op.Handle(r, ValuedWastage, func(c *op.Call, tx T, q WastageReq) (ValuedWastageResp, error) {
		l, err := wastage(c, tx, q)
		if err != nil {
			return ValuedWastageResp{}, err
		}
		return l.valued(), nil
	})
	op.Handle(r, ValuedDashboard, func(c *op.Call, tx T, _ DashboardReq) (ValuedDashboardResp, error) { return dashboard(c, tx, true) })
}

// Sum counts and values cells.
type Sum struct {
	Cells int
	Value core.Paise
}

// CameBack is goods of a line of a challan that came back on a day.
type CameBack struct {
	Day     core.Date
	Qty     core.Qty   // below zero where a return is cancelled
	Sent    core.Qty   // by the line
	Taxable core.Paise // of Sent
}

// upTo counts what is dated after a day as of that day: a clock that was ahead has dated it.
func upTo(day core.Date, some []DayValue) []DayValue {
	out := slices.Clone(some)
	for i := range out {
		out[i].Day = min(out[i].Day, day)
	}
	return out
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
