package report

import (
	"cmp"
	"slices"

	"masala/core"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/stock"
)

// How long the lists of the dashboards are.
const (
	shortList  = 12
	longList   = 20
	losersList = 6
)

// dashboard is the floor's; what only the owner sees comes with the valued one.
func dashboard(c *op.Call, tx Store, valued bool) (d ValuedDashboardResp, err error) {
	d.Day, d.At = c.Today(), c.Now
	parts := []func(*op.Call, Store) error{d.stages, d.alerts, d.work, d.recent, d.papers, d.mill}
	if valued {
		parts = append(parts, d.weekAgo, d.months, d.curves)
	}
	for _, part := range parts {
		if err := part(c, tx); err != nil {
			return d, err
		}
	}
	return d, nil
}

// stages is the pipeline.
func (d *ValuedDashboardResp) stages(_ *op.Call, tx Store) (err error) {
	d.Stages, d.Values, err = tx.Stages()
	return err
}

// weekAgo is what each stage was worth then.
func (d *ValuedDashboardResp) weekAgo(_ *op.Call, tx Store) error {
	since, err := tx.StageChanges(d.Day.AddDays(-7))
	for i := range d.Values {
		v := &d.Values[i]
		v.Ago = v.Value - since[v.Type]
		d.Total += v.Value
	}
	return err
}

// alerts are what runs low, expires or waits for a decision.
func (d *ValuedDashboardResp) alerts(_ *op.Call, tx Store) (err error) {
	if d.Reorder, d.ReorderItems, err = tx.Reorders(d.Day, longList); err != nil {
		return err
	}
	var sum Sum
	if d.Expiring, sum, err = tx.Expiring(d.Day.AddDays(ExpiringDays), longList); err != nil {
		return err
	}
	d.ExpiringCells, d.ExpiringValue = sum.Cells, sum.Value
	if d.Held, sum, err = tx.OnHold(longList); err != nil {
		return err
	}
	d.Work.OnHold, d.HeldValue = sum.Cells, sum.Value
	return nil
}

// work counts what is open and says which planned batches cannot start.
func (d *ValuedDashboardResp) work(c *op.Call, tx Store) error {
	held := d.Work.OnHold
	var err error
	if d.Work, err = tx.Work(d.Day.AddDays(-DueDays), d.Day); err != nil {
		return err
	}
	d.Work.OnHold = held
	open, err := tx.OpenBatches()
	if err != nil {
		return err
	}
	d.Batches, d.Blocked = []production.Row{}, []Blocked{}
	usable := map[core.ItemID]core.Qty{}
	for _, h := range open {
		if len(d.Batches) < shortList {
			d.Batches = append(d.Batches, h.Row)
		}
		if h.State == production.Running {
			d.Work.Running++
			continue
		}
		if d.Work.Planned++; h.On > d.Day || len(d.Blocked) == shortList {
			continue
		}
		b := Blocked{Batch: h.ID, Number: h.Number, Name: h.Name, NameHi: h.NameHi}
		if b.Lacks, err = lacks(c, tx, h, usable); err != nil {
			return err
		}
		if len(b.Lacks) > 0 {
			d.Blocked = append(d.Blocked, b)
		}
	}
	return nil
}

// lacks names every ingredient of a batch that is short (R23). usable remembers what
// there is of each item.
func lacks(c *op.Call, tx Store, h production.Head, usable map[core.ItemID]core.Qty) ([]Lack, error) {
	r, err := recipe.Read(tx, h.Recipe, h.RecipeVersion)
	if err != nil {
		return nil, err
	}
	scaled, err := recipe.Scale(h.Charge, r.Lines)
	if err != nil {
		return nil, err
	}
	var out []Lack
	for i, l := range r.Lines {
		have, known := usable[l.Item]
		if !known {
			if have, err = tx.UsableStock(l.Item, c.Today()); err != nil {
				return nil, err
			}
			usable[l.Item] = have
		}
		if have >= scaled[i] {
			continue
		}
		held, err := tx.HeldOf(l.Item)
		if err != nil {
			return nil, err
		}
		out = append(out, Lack{l.Item, r.Ingredients[i].Name, r.Ingredients[i].NameHi, scaled[i], have, held})
	}
	return out, nil
}

func (d *ValuedDashboardResp) recent(_ *op.Call, tx Store) error {
	recent, err := tx.Documents(stock.ListDocumentsReq{Limit: shortList})
	d.Recent = recent.Documents
	return err
}

// papers counts what came and went this month.
func (d *ValuedDashboardResp) papers(_ *op.Call, tx Store) (err error) {
	if d.Receipts, err = tx.Standing(stock.KindGRN, d.Day.Month(), d.Day); err != nil {
		return err
	}
	d.Challans, err = tx.Standing(stock.KindDispatch, d.Day.Month(), d.Day)
	return err
}

// months compares this month with the same days of the one before. What came back counts
// on the day it came back, and what was cancelled on the day it was cancelled, so a month
// that is over keeps its figure.
func (d *ValuedDashboardResp) months(_ *op.Call, tx Store) error {
	month := d.Day.Month()
	before := month.AddDays(-1).Month()
	last := min(before.AddDays(int(d.Day-month)), month.AddDays(-1))
	first := min(before, d.firstDay())
	owed, err := tx.AccountDays(first, stock.Supplier, stock.Landed) // to the factory's credit, so negative
	if err != nil {
		return err
	}
	sold, err := netSales(tx, first)
	if err != nil {
		return err
	}
	sum := func(days []DayValue, from, to core.Date) (v core.Paise) {
		for _, x := range days {
			if x.Day >= from && x.Day <= to {
				v += x.Value
			}
		}
		return v
	}
	bought := make([]DayValue, len(owed))
	for i, x := range owed {
		bought[i] = DayValue{x.Day, -x.Value}
	}
	d.Purchases, d.PurchasesBefore = sum(bought, month, d.Day), sum(bought, before, last)
	d.Dispatched, d.DispatchedBefore = sum(sold, month, d.Day), sum(sold, before, last)
	d.PurchaseDays, d.DispatchDays = everyDay(d.firstDay(), d.Day, bought), everyDay(d.firstDay(), d.Day, sold)
	return nil
}

// netSales is what was sold from a day on less what came back, each part at its share of
// the taxable value of its line, and less what was cancelled.
func netSales(tx Store, from core.Date) ([]DayValue, error) {
	days, err := tx.Sales(from)
	if err != nil {
		return nil, err
	}
	back, err := tx.CameBack(from)
	if err != nil {
		return nil, err
	}
	for _, x := range back {
		value, err := x.Taxable.Share(x.Qty, x.Sent)
		if err != nil {
			return nil, err
		}
		days = append(days, DayValue{x.Day, -value})
	}
	return days, nil
}

// firstDay is where the curves begin.
func (d *ValuedDashboardResp) firstDay() core.Date { return d.Day.AddDays(1 - CurveDays) }

// curves are what was on hand at the end of each day, in stock and in process. They end
// with what is there now, also where a clock that was ahead has dated some of it later.
func (d *ValuedDashboardResp) curves(_ *op.Call, tx Store) (err error) {
	if d.InProcess, err = tx.AccountNow(stock.WIP); err != nil {
		return err
	}
	closing := func(a stock.Account, now core.Paise) ([]DayValue, core.Paise, error) {
		changes, err := tx.AccountDays(d.firstDay(), a)
		days := runningBack(now, everyDay(d.firstDay(), d.Day, upTo(d.Day, changes)))
		return days, days[CurveDays-1-7].Value, err
	}
	if d.ValueDays, d.WeekAgo, err = closing(stock.InStock, d.Total); err != nil {
		return err
	}
	d.InProcessDays, d.InProcessWeekAgo, err = closing(stock.WIP, d.InProcess)
	return err
}

// mill is what the last days yielded and lost, and the days before them.
func (d *ValuedDashboardResp) mill(_ *op.Call, tx Store) error {
	now, err := milled(tx, WastageReq{From: d.Day.AddDays(1 - WastageDays), To: d.Day})
	if err != nil {
		return err
	}
	if err := now.ran(tx); err != nil {
		return err
	}
	old, err := milled(tx, WastageReq{From: d.Day.AddDays(1 - CurveDays), To: d.Day.AddDays(-WastageDays)})
	if err != nil {
		return err
	}
	d.Mill, d.MillBefore, d.Packing = now.mill.shares(), old.mill.shares(), now.packing
	d.Work.OverLoss = d.Mill.Alerts
	over := slices.DeleteFunc(now.runs, func(r PackedRun) bool { return !packing.Alarming(r.Gone, r.Powder) })
	if err := worth(tx, over); err != nil {
		return err
	}
	for _, r := range over {
		value, err := core.MulDiv(int64(r.Value), int64(r.Gone), int64(r.Powder))
		if err != nil {
			return err
		}
		d.Work.OverRuns, d.OverValue = d.Work.OverRuns+1, d.OverValue+core.Paise(value)
	}
	d.YieldDays = yields(append(slices.Clone(now.batches), old.batches...))
	beyond := func(x *lost) core.Percent { return x.LossShare - x.Limit }
	worst := slices.Clone(now.batches)
	slices.SortStableFunc(worst, func(a, b *lost) int {
		return cmp.Or(cmp.Compare(b.Alerts, a.Alerts), cmp.Compare(beyond(b), beyond(a)))
	})
	for _, x := range worst {
		if x.Alerts > 0 {
			d.OverValue += x.value
		}
	}
	worst = worst[:min(len(worst), losersList)]
	if _, err := sourcesOf(tx, worst); err != nil {
		return err
	}
	d.Losses, d.LossValues = []BatchLoss{}, []core.Paise{}
	for _, x := range worst {
		d.Losses, d.LossValues = append(d.Losses, x.BatchLoss), append(d.LossValues, x.value)
	}
	return nil
}

// yields works the yield of each day out; batches come newest first.
func yields(batches []*lost) []DayYield {
	out := []DayYield{}
	var day group
	for i := len(batches) - 1; i >= 0; i-- {
		x := batches[i]
		day.add(x.Mill, x.standard, x.value)
		if i == 0 || batches[i-1].On != x.On {
			out = append(out, DayYield{x.On, day.shares().Yield})
			day = group{}
		}
	}
	return out
}
