package stock_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/stock"
)

var today = core.NewDate(2026, 2, 12)

// row is released stock of so many mg, born so many days ago, expiring in so many
// (0: never).
func row(number string, q core.Qty, born, expiry int) stock.LotRow {
	r := stock.LotRow{CellKey: stock.CellKey{Lot: core.LotID(len(number)), Segment: core.Regular, Status: stock.Released}, Number: number, Qty: q, BornOn: today.AddDays(-born)}
	if expiry != 0 {
		r.ExpiryOn = today.AddDays(expiry)
	}
	return r
}

func with(r stock.LotRow, change func(*stock.LotRow)) stock.LotRow { change(&r); return r }

func TestR25_Allocation(t *testing.T) {
	t.Parallel()
	hold := func(r *stock.LotRow) { r.Status = stock.Hold }
	for _, v := range []struct {
		name  string
		cells []stock.LotRow
		want  stock.Want
		took  string
		left  string
		short core.Qty
	}{
		{"soonest expiry first, then oldest, then number", []stock.LotRow{row("L-10", 5, 9, 90), row("L-9", 5, 9, 90), row("L-3", 5, 1, 60), row("L-4", 5, 10, 90)},
			stock.Want{Qty: 20}, "L-3:5 L-4:5 L-9:5 L-10:5", "", 0},
		{"what never expires comes last", []stock.LotRow{row("L-1", 5, 99, 0), row("L-2", 5, 1, 500)}, stock.Want{Qty: 7}, "L-2:5 L-1:2", "", 0},
		{"the expiry day is the last usable day", []stock.LotRow{with(row("L-1", 5, 9, 1), func(r *stock.LotRow) { r.ExpiryOn = today }), row("L-2", 5, 9, -1)},
			stock.Want{Qty: 9}, "L-1:5", "L-2:EXPIRED", 4},
		{"hold, rejected and frozen are passed by", []stock.LotRow{with(row("L-1", 5, 9, 10), hold), with(row("L-2", 5, 9, 11), func(r *stock.LotRow) { r.Status = stock.Rejected }),
			with(row("L-3", 5, 9, 12), func(r *stock.LotRow) { r.Frozen = "RC-1" }), row("L-4", 5, 9, 13)}, stock.Want{Qty: 5}, "L-4:5", "L-1:HOLD L-2:REJECTED L-3:FROZEN", 0},
		{"another segment is another market", []stock.LotRow{row("L-1", 5, 9, 10), with(row("L-2", 5, 9, 11), func(r *stock.LotRow) { r.Segment = core.Online })},
			stock.Want{Qty: 9, Segment: core.Online}, "L-2:5", "L-1:SEGMENT", 4},
		{"what could not be used there either is not named", []stock.LotRow{with(row("L-1", 5, 9, 10), hold)}, stock.Want{Qty: 9, Segment: core.Online}, "", "", 9},
		// Born 100 days ago, 50 to go: 60 % of 150 days are 90, so 50 is short; 33.34 % round up to 51.
		{"shelf life in percent", []stock.LotRow{row("L-1", 5, 100, 50), row("L-2", 5, 60, 90)}, stock.Want{Qty: 5, MinLife: 6000}, "L-2:5", "L-1:SHORT_LIFE", 0},
		{"shelf life in percent rounds up", []stock.LotRow{row("L-1", 5, 100, 50)}, stock.Want{Qty: 5, MinLife: 3334}, "", "L-1:SHORT_LIFE", 5},
		{"shelf life just enough", []stock.LotRow{row("L-1", 5, 100, 50)}, stock.Want{Qty: 5, MinLife: 3333, MinLifeDays: 50}, "L-1:5", "", 0},
		{"shelf life in days", []stock.LotRow{row("L-1", 5, 100, 50)}, stock.Want{Qty: 5, MinLifeDays: 51}, "", "L-1:SHORT_LIFE", 5},
		{"nothing wanted", []stock.LotRow{row("L-1", 5, 9, 10)}, stock.Want{}, "", "", 0},
	} {
		v.want.On = today
		if v.want.Segment == "" {
			v.want.Segment = core.Regular
		}
		a := stock.Allocate(v.cells, v.want)
		took, left := "", ""
		for _, s := range a.Shares {
			took += fmt.Sprintf(" %s:%d", s.Number, s.Qty)
		}
		for _, s := range a.Skipped {
			left += fmt.Sprintf(" %s:%s", s.Number, s.Why)
		}
		if took != pad(v.took) || left != pad(v.left) || a.Short != v.short {
			t.Errorf("%s: took%s, skipped%s, short %d; want %s, %s, %d", v.name, took, left, a.Short, v.took, v.left, v.short)
		}
	}
}

func pad(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// TestR25_AllocationIsDeterministic: whatever order the cells come in, the answer is
// the same, it adds up, and no usable stock is left while something is short.
func TestR25_AllocationIsDeterministic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cells := make([]stock.LotRow, rapid.IntRange(0, 12).Draw(t, "cells"))
		for i := range cells {
			c := row(fmt.Sprintf("LOT-%d", i), core.Qty(rapid.IntRange(0, 9).Draw(t, "qty")), rapid.IntRange(0, 20).Draw(t, "born"), rapid.IntRange(-3, 9).Draw(t, "expiry"))
			c.Lot = core.LotID(i + 1)
			c.Status = rapid.SampledFrom([]stock.Status{stock.Released, stock.Released, stock.Hold, stock.Rejected}).Draw(t, "status")
			cells[i] = c
		}
		w := stock.Want{Segment: core.Regular, Qty: core.Qty(rapid.IntRange(0, 60).Draw(t, "want")), On: today, MinLifeDays: rapid.IntRange(0, 4).Draw(t, "days")}
		a := stock.Allocate(cells, w)
		b := stock.Allocate(rapid.Permutation(cells).Draw(t, "order"), w)
		if !slices.Equal(a.Shares, b.Shares) || !slices.Equal(a.Skipped, b.Skipped) {
			t.Fatalf("%+v in another order is %+v", a, b)
		}
		sum := a.Short
		for _, s := range a.Shares {
			sum += s.Qty
		}
		if sum != w.Qty || a.Short != max(0, w.Qty-stock.Usable(cells, w)) {
			t.Fatalf("want %d, took and short %+v, usable %d", w.Qty, a, stock.Usable(cells, w))
		}
	})
}
