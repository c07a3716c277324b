package report_test

import (
	"testing"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/report"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// onHand is what is in stock and in process at the end of a day.
type onHand struct{ stock, inProcess core.Paise }

func (o onHand) String() string { return o.stock.Number() + " + " + o.inProcess.Number() }

// balance is what the trial balance shows of a day.
func (m *mill) balance(on core.Date) (o onHand) {
	for _, a := range Do(m.Owner, stock.TrialBalance, stock.TrialBalanceReq{On: on}).Accounts {
		switch a.Account {
		case stock.InStock:
			o.stock = a.Value
		case stock.WIP:
			o.inProcess = a.Value
		}
	}
	return o
}

// reconciles holds the dashboard, its curve and the stock of every day on it against the
// trial balance, and today's valuation.
func (m *mill) reconciles(t *testing.T, when string, want onHand) {
	t.Helper()
	d := Do(m.Owner, report.ValuedDashboard, report.DashboardReq{})
	v := Do(m.Owner, stock.Valuation, stock.ValuationReq{})
	now := onHand{d.Total, d.InProcess}
	if now != want || m.balance(d.Day) != want || (onHand{v.Total, v.InProcess}) != want {
		t.Errorf("%s: the dashboard shows %s, the trial balance %s, the valuation %s + %s; want %s", when, now, m.balance(d.Day), v.Total.Number(), v.InProcess.Number(), want)
	}
	if len(d.ValueDays) != report.CurveDays || len(d.InProcessDays) != report.CurveDays {
		t.Fatalf("%s: curves of %d and %d days", when, len(d.ValueDays), len(d.InProcessDays))
	}
	for i := range d.ValueDays {
		day := d.ValueDays[i].Day
		balance, on := m.balance(day), Do(m.Owner, stock.ValuedStockOn, stock.StockOnReq{On: day})
		if (onHand{d.ValueDays[i].Value, d.InProcessDays[i].Value}) != balance || d.InProcessDays[i].Day != day || (onHand{on.Total, on.InProcess}) != balance {
			t.Errorf("%s: on %s the curves show %s + %s, the stock of the day %s + %s, the trial balance %s", when, day,
				d.ValueDays[i].Value.Number(), d.InProcessDays[i].Value.Number(), on.Total.Number(), on.InProcess.Number(), balance)
		}
	}
	if ago := m.balance(d.Day.AddDays(-7)); (onHand{d.WeekAgo, d.InProcessWeekAgo}) != ago {
		t.Errorf("%s: a week ago the dashboard shows %s + %s, the trial balance %s", when, d.WeekAgo.Number(), d.InProcessWeekAgo.Number(), ago)
	}
}

// TestWhatIsInTheMillIsOnHand: stock and process together are the same on the dashboard, in
// the stock of any day and in the trial balance, whatever a batch does.
func TestWhatIsInTheMillIsOnHand(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	erode := Do(m.Owner, stock.ListDocuments, stock.ListDocumentsReq{Query: "GRN-20260212-001"}).Documents[0].ID
	// 60 kg at ₹100 of Erode, 40 kg at ₹110 of Sangli, 300 jars for ₹600.
	m.reconciles(t, "received", onHand{11_000_00, 0})
	day := 0
	later := func(days int) {
		day += days
		m.GoTo(Start.Add(time.Duration(day) * 24 * time.Hour))
	}
	run := func(kg core.Qty, on core.Date) production.Batch {
		b := Do(m.Owner, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipe.ID, Charge: kg * core.Kilogram})
		b = Do(m.Owner, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
		q, reason := kg*core.Kilogram, ""
		if on != 0 {
			reason = "entered late"
		}
		return Do(m.Owner, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}, Earlier: production.Earlier{EffectiveOn: on, Reason: reason}})
	}
	later(1)
	first := run(30, 0)
	m.reconciles(t, "30 kg of Erode issued", onHand{8_000_00, 3_000_00})

	later(1)
	Do(m.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: erode, Line: 1, Delta: 600_00, NoteNo: "DN/1", Reason: "rate"})
	m.reconciles(t, "₹600 more for 60 kg, half of them in the mill", onHand{8_300_00, 3_300_00})

	later(1)
	Do(m.Owner, production.CompleteBatch, production.CompleteReq{ID: first.ID, Version: first.Version, Output: 29 * core.Kilogram})
	m.reconciles(t, "ground", onHand{11_600_00, 0})

	later(2)
	second := run(10, 0)
	m.reconciles(t, "10 kg of Erode issued", onHand{10_500_00, 1_100_00})

	later(7)
	m.reconciles(t, "a week later", onHand{10_500_00, 1_100_00})
	second = Do(m.Owner, production.CancelBatch, production.CancelReq{ID: second.ID, Version: second.Version, Reason: "rain"})
	m.reconciles(t, "cancelled", onHand{11_600_00, 0})
	run(20, Do(m.Owner, report.Dashboard, report.DashboardReq{}).Day.AddDays(-2))
	m.reconciles(t, "20 kg of Sangli issued two days ago", onHand{9_400_00, 2_200_00})

	// Some types have a total of their own; what is in the mill is of none of them.
	if v := Do(m.Owner, stock.ValuedStockOn, stock.StockOnReq{Types: []catalog.Type{catalog.Packing}}); v.Total != 600_00 || v.InProcess != 2_200_00 {
		t.Errorf("packing material is worth %s, and %s are in the mill", v.Total.Number(), v.InProcess.Number())
	}
	m.Verify()
}

// TestWhatIsDatedAheadIsOnHand: rows of a clock that was ahead are in stock and in process
// alike; the curves of the days before today are those of the trial balance.
func TestWhatIsDatedAheadIsOnHand(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.GoTo(Start.AddDate(0, 0, 9))
	m.batch(m.Store1, 20, production.CompleteReq{Output: 19 * core.Kilogram})
	today := m.Clock.Now()
	m.GoTo(today.AddDate(0, 0, 3))
	b := Do(m.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipe.ID, Charge: 10 * core.Kilogram})
	b = Do(m.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	q := 10 * core.Kilogram
	Do(m.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
	Do(m.Store1, purchase.PostGRN, GRN(m.erode, "E/2", Line(m.turmeric.ID, 5, 500_00)))
	m.GoTo(today)

	want := onHand{10_500_00, 1_000_00} // 11,000.00 bought on the 12th, 500.00 "on the 24th"
	d, v := Do(m.Owner, report.ValuedDashboard, report.DashboardReq{}), Do(m.Owner, stock.Valuation, stock.ValuationReq{})
	if got := (onHand{d.Total, d.InProcess}); got != want {
		t.Errorf("the dashboard shows %s, want %s", got, want)
	}
	if got := (onHand{v.Total, v.InProcess}); got != want {
		t.Errorf("the valuation shows %s, want %s", got, want)
	}
	if on := Do(m.Owner, stock.ValuedStockOn, stock.StockOnReq{}); (onHand{on.Total, on.InProcess}) != m.balance(d.Day) {
		t.Errorf("the stock of today is %s + %s, the trial balance %s", on.Total.Number(), on.InProcess.Number(), m.balance(d.Day))
	}
	last := report.CurveDays - 1
	if got := (onHand{d.ValueDays[last].Value, d.InProcessDays[last].Value}); got != want {
		t.Errorf("the curves end with %s, want %s", got, want)
	}
	for i := range last {
		if got, balance := (onHand{d.ValueDays[i].Value, d.InProcessDays[i].Value}), m.balance(d.ValueDays[i].Day); got != balance {
			t.Errorf("on %s the curves show %s, the trial balance %s", d.ValueDays[i].Day, got, balance)
		}
	}
	var ago core.Paise
	for _, s := range d.Values {
		ago += s.Ago
	}
	if got, balance := (onHand{d.WeekAgo, d.InProcessWeekAgo}), m.balance(d.Day.AddDays(-7)); got != balance || ago != balance.stock {
		t.Errorf("a week ago: %s, of all stages %s, the trial balance %s", got, ago.Number(), balance)
	}
	m.Verify()
}
