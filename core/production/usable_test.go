package production_test

import (
	"testing"
	"time"

	"masala/core"
	"masala/core/recipe"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// TestR24_UsableStock: the sum that a job card shows in its lights is what allocation
// could take, whatever lies beside it.
func TestR24_UsableStock(t *testing.T) {
	t.Parallel()
	f := New(t)
	item := f.Item("RAW-005", "Cumin seed").ID
	day := core.DateOf(Start, time.UTC)
	lots := []stock.CellKey{}
	for _, change := range []func(*stock.OpeningLine){
		func(l *stock.OpeningLine) { l.Qty = 1 },
		func(l *stock.OpeningLine) { l.Qty, l.ExpiryOn = 20, day },
		func(l *stock.OpeningLine) { l.Qty, l.ExpiryOn = 300, day-1 },
		func(l *stock.OpeningLine) { l.Qty, l.Hold = 4_000, true },
		func(l *stock.OpeningLine) { l.Qty = 50_000 },
		func(l *stock.OpeningLine) { l.Qty, l.Hold = 600_000, true },
	} {
		lots = append(lots, f.Opening(item, 1, 100_00, change))
	}
	Do(f.Owner, stock.RejectLot, stock.ChangeStatusReq{Lot: lots[5].Lot, Reason: "aflatoxin"})
	r := Do(f.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: lots[4].Lot, Reason: "supplier called"})
	check := func(want core.Qty) {
		t.Helper()
		rows := Do(f.Owner, stock.ListLots, stock.ListLotsReq{Item: item}).Lots
		if got := stock.Usable(rows, stock.Want{Segment: core.Regular, On: day}); got != want {
			t.Errorf("allocation could take %d, want %d", got, want)
		}
		need := Do(f.Owner, recipe.Preview, recipe.PreviewReq{Charge: 1, Lines: []recipe.Line{{Item: item, Share: core.Whole}}}).Needs[0]
		if need.Usable != want {
			t.Errorf("the job card shows %d, want %d", need.Usable, want)
		}
	}
	check(21)
	Do(f.Owner, trace.CloseRecall, trace.CloseRecallReq{ID: r.ID, Version: r.Version, Reason: "tested"})
	check(50_021)
}
