package dashboard

import (
	"fmt"
	"testing"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/report"
	"masala/ui/screen"
)

func boardOf(v report.ValuedDashboardResp) Board {
	m := Model{env: &screen.Env{Zone: time.UTC}}
	return m.board(v)
}

// A factory that has ground and sold nothing gets no invented figure.
func TestEmptyFactory(t *testing.T) {
	b := boardOf(report.ValuedDashboardResp{DashboardResp: report.DashboardResp{Day: core.NewDate(2026, 2, 14)}})
	if b.Ground != "" || b.Packed != "" || b.Bleeding != "" || b.Batches != "" || b.Change != "" || len(b.Wastage) != 0 {
		t.Errorf("%+v", b)
	}
	if f := b.Figures[MillYield]; f.Value != "–" || f.Note != "no batch completed" || f.Trend.Text != "" {
		t.Errorf("%+v", f)
	}
}

// 6.5 % of an allowed 5.5 %, and the three ways of being inside the limit (R20).
func TestWastageInWords(t *testing.T) {
	loss := func(share, standard core.Percent, alerts int, gain core.Qty) report.BatchLoss {
		return report.BatchLoss{Mill: report.Mill{Batches: 1, LossShare: share, Standard: standard, Alerts: alerts, Gain: gain}, Limit: 550}
	}
	v := report.ValuedDashboardResp{LossValues: []core.Paise{185_900, 1, 1, 1}, OverValue: 185_900}
	v.Mill, v.Work.OverLoss, v.Work.OverRuns = report.Mill{Batches: 4}, 1, 2
	v.Losses = []report.BatchLoss{loss(650, 400, 1, 0), loss(450, 400, 0, 0), loss(390, 400, 0, 0), loss(0, 400, 0, 5)}
	b := boardOf(v)
	if b.Batches != "Last 7 days, 4 batches" || b.Bleeding != "₹ 1,859.00 in 1 batch, 2 runs" {
		t.Errorf("%q %q", b.Batches, b.Bleeding)
	}
	for i, want := range []string{"6.5 % ₹ 1,859.00 true alert line 5.5 %, over by 1.0 points", "4.5 % in limits false alert line 5.5 %, within the tolerance",
		"3.9 % in limits false alert line 5.5 %, inside standard", "0.0 % in limits false alert line 5.5 %, more came out than went in"} {
		if w := b.Wastage[i]; fmt.Sprint(w.Share, " ", w.Value, " ", w.Over, " ", w.Note) != want {
			t.Errorf("%+v, want %s", w, want)
		}
	}
	if w := b.Wastage[0]; w.Part != .65 || w.Limit != .55 {
		t.Errorf("bar %v of %v", w.Part, w.Limit)
	}
	// A batch that lost more than a tenth makes the bars of all shorter.
	v.Losses = append(v.Losses, loss(2000, 400, 1, 0))
	if w := boardOf(v).Wastage; w[0].Part != .325 || w[4].Part != 1 {
		t.Errorf("bars %v and %v", w[0].Part, w[4].Part)
	}
}

// What went into the mill is on hand: the week lost ₹ 500, not ₹ 20,500.
func TestTheMillInWords(t *testing.T) {
	v := report.ValuedDashboardResp{Total: 80_000_00, WeekAgo: 100_500_00, InProcess: 21_000_00, InProcessWeekAgo: 1_000_00}
	if b := boardOf(v); b.Mill != "and ₹ 21,000.00 in the mill" || b.Change != "₹ 500.00 this week" || b.Direction != -1 {
		t.Errorf("%q %q %d", b.Mill, b.Change, b.Direction)
	}
	v.InProcess, v.Total = 0, 101_500_00
	if b := boardOf(v); b.Mill != "" || b.Change != "" {
		t.Errorf("%q %q", b.Mill, b.Change)
	}
	v.WeekAgo, v.InProcessWeekAgo = 0, 0
	if b := boardOf(v); b.Change != "" {
		t.Errorf("of nothing %q", b.Change)
	}
}

func TestGrowth(t *testing.T) {
	for _, x := range []struct {
		now, before core.Paise
		want        Trend
	}{{108, 100, Trend{"8.0 %", 1}}, {986, 1000, Trend{"1.4 %", -1}}, {100, 0, Trend{}}, {100, 100, Trend{}}, {100_001, 100_000, Trend{}}, {0, 50, Trend{"100.0 %", -1}},
		{5000, 100, Trend{}}, {1 << 62, 1, Trend{}}} {
		if got := growth(x.now, x.before); got != x.want {
			t.Errorf("from %d to %d: %+v, want %+v", x.before, x.now, got, x.want)
		}
	}
	if Tenths(9545) != "95.5" || Tenths(-64) != "−0.6" || Tenths(-4) != "0.0" {
		t.Error(Tenths(9545), Tenths(-64), Tenths(-4))
	}
}

func TestStagesSayHowTheirValueMoved(t *testing.T) {
	v := report.ValuedDashboardResp{Values: []report.StageValue{{Type: catalog.Raw, Value: 184_265_000, Ago: 178_724_000}}}
	v.Stages = []report.Stage{{Type: catalog.Raw, Lots: 46, Mass: 9_418_500_000, OnHold: 2}}
	s := boardOf(v).Stages[0]
	if s.Trend != (Trend{"3.1 %", 1}) || s.Hold != "2 on hold" || s.Lots != "46 lots" || s.Qty != "9,418.500 kg" {
		t.Errorf("%+v", s)
	}
}
