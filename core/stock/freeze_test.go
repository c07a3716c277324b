package stock_test

import (
	"testing"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// TestR30_WhatHadGone: a lot that is frozen now is an Admin's to choose for a day that is over,
// on which it was there, and after which it was recalled.
func TestR30_WhatHadGone(t *testing.T) {
	t.Parallel()
	at := func(day core.Date, hour int) time.Time { return day.Time().Add(time.Duration(hour) * time.Hour) }
	for _, x := range []struct {
		name   string
		by     core.Role
		went   core.Date
		born   core.Date
		recall time.Time
		want   stock.Why
	}{
		{"the day before", core.Admin, today - 2, today - 9, at(today-1, 0), stock.WhyRecalled},
		{"on the day it was born", core.Admin, today - 2, today - 2, at(today-1, 0), stock.WhyRecalled},
		{"born since", core.Admin, today - 2, today - 1, at(today-1, 0), stock.WhyLater},
		{"on its day", core.Admin, today - 1, today - 9, at(today-1, 23), stock.WhyFrozen},
		{"yesterday, recalled today", core.Admin, today - 1, today - 9, at(today, 0), stock.WhyRecalled},
		{"today, recalled by a clock that was ahead", core.Admin, today, today - 9, at(today+3, 0), stock.WhyFrozen},
		{"by an Operator", core.Operator, today - 2, today - 9, at(today-1, 0), stock.WhyFrozen},
	} {
		c := &op.Call{Actor: core.Actor{Role: x.by}, Now: at(today, 12), Zone: time.UTC}
		lot := with(row("L-1", 5, int(today-x.born), 9), func(r *stock.LotRow) { r.Frozen, r.FrozenAt = "RC-1", x.recall })
		w := stock.Want{Segment: core.Regular, Qty: 5, On: today}.By(c, x.went)
		a := stock.Allocate([]stock.LotRow{lot}, w)
		if len(a.Shares) != 0 || len(a.Skipped) != 1 || a.Skipped[0].Why != x.want {
			t.Errorf("%s: %+v, want it skipped as %s", x.name, a, x.want)
		}
		var bad core.Faults
		shares, _ := stock.Choose([]stock.LotRow{lot}, w, stock.Override{Lots: []stock.Pick{{CellKey: lot.CellKey, Qty: 5}}, Reason: "it went"}, &bad, "")
		if yes := x.want == stock.WhyRecalled; (len(shares) == 1) != yes || (bad.Err() == nil) != yes || stock.UsableByHand([]stock.LotRow{lot}, w) == 5 != yes || stock.Usable([]stock.LotRow{lot}, w) != 0 {
			t.Errorf("%s: chosen as %+v, %v", x.name, shares, bad.Err())
		}
	}
}
