package stock_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestLedgerPage walks an item's movements back over three days in pages of two and
// finds the balance of each row, a backdated one among them.
func TestLedgerPage(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 100, 10_000_00).Lots[0].Lot // day 0: +100
	f.GoTo(Start.Add(48 * time.Hour))
	if _, err := adjust(f, lot, -10*kg); err != nil { // day 2: -10
		t.Fatal(err)
	}
	receive(f, 50, 6_000_00, func(r *purchase.PostGRNReq) { r.ReceivedOn, r.Reason = today.AddDays(1), "late" }) // day 1: +50
	Do(f.Owner, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Qty: 20 * kg, Reason: "moist"})                   // day 2: -20 +20
	read := func(q stock.LedgerReq) (rows string, pages int) {
		t.Helper()
		var out []string
		for q.Limit = 2; ; {
			v := Do(f.Owner, stock.ListValuedLedger, q)
			pages++
			for _, r := range v.Rows {
				out = append(out, fmt.Sprintf("%d %s=%s/%s", r.EffectiveOn-today, r.Qty.Number(core.Mass), r.Balance.Number(core.Mass), r.BalanceValue.Number()))
			}
			if q.After = v.Next; v.Next == "" {
				return strings.Join(out, "; "), pages
			}
		}
	}
	const all = "2 20.000=140.000/15,000.00; 2 −20.000=120.000/13,000.00; 2 −10.000=140.000/15,000.00; 1 50.000=150.000/16,000.00; 0 100.000=100.000/10,000.00"
	if got, pages := read(stock.LedgerReq{Item: 1}); got != all || pages != 3 {
		t.Errorf("in %d pages: %s", pages, got)
	}
	if got, _ := read(stock.LedgerReq{Item: 1, From: today.AddDays(1), To: today.AddDays(1)}); got != "1 50.000=150.000/16,000.00" {
		t.Errorf("one day: %s", got)
	}
	if got, _ := read(stock.LedgerReq{Lot: lot, To: today.AddDays(1)}); got != "0 100.000=100.000/10,000.00" {
		t.Errorf("one lot: %s", got)
	}
	op := Do(f.Store1, stock.ListLedger, stock.LedgerReq{Item: 1})
	if op.Closing != 140*kg || len(op.Rows) != 5 || op.Rows[3].Number != "GRN-20260213-001" || op.Rows[3].Party != "Sangli Haldi Traders" {
		t.Errorf("an Operator reads %+v", op)
	}
	next := Do(f.Store1, stock.ListLedger, stock.LedgerReq{Item: 1, Limit: 2}).Next
	if text, err := base64.RawURLEncoding.DecodeString(next); err != nil || strings.Contains(string(text), "1500000") {
		t.Errorf("an Operator's cursor tells %s", text)
	}
	if _, err := Try(f.Owner, stock.ListValuedLedger, stock.LedgerReq{Item: 1, After: next}); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("the cursor of another list: %v", err)
	}
	for _, q := range []stock.LedgerReq{{}, {Item: 1, Lot: 1}, {Item: 99}, {Lot: 99}, {Item: 1, After: "x"}, {Item: 1, From: 5, To: 4}} {
		if _, err := Try(f.Store1, stock.ListLedger, q); core.CodeOf(err) != core.CodeInvalid && core.CodeOf(err) != core.CodeNotFound {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// TestStockOnAnyDay: quantity and value of each item as they were, and the accounts.
func TestStockOnAnyDay(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 100, 10_000_00, func(r *purchase.PostGRNReq) { r.Freight = 500_00 }).Lots[0].Lot
	f.GoTo(Start.Add(24 * time.Hour))
	if _, err := adjust(f, lot, -10*kg); err != nil {
		t.Fatal(err)
	}
	f.Opening(f.FinishedGood("FIN-001", "Haldi 50 g").ID, 90, 1_800_00)
	for day, want := range map[core.Date]string{today - 1: " = 0.00", today: "RAW-001 100000000 10,500.00 = 10,500.00", today + 1: "RAW-001 90000000 9,450.00 FIN-001 90 1,800.00 = 11,250.00"} {
		v := Do(f.Owner, stock.ValuedStockOn, stock.StockOnReq{On: day})
		order := []string{}
		for _, i := range v.Items {
			order = append(order, fmt.Sprintf("%s %d %s", i.SKU, i.Qty, i.Value.Number()))
		}
		got := strings.Join(order, " ") + " = " + v.Total.Number()
		if got != want && got != "FIN-001 90 1,800.00 RAW-001 90000000 9,450.00 = 11,250.00" {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
		var byCategory, items core.Paise
		for _, c := range v.Categories {
			byCategory += c.Value
		}
		for _, i := range v.Items {
			items += i.Value
		}
		if byCategory != v.Total || items != v.Total || v.Method != stock.ValuationMethod {
			t.Errorf("%s: categories sum to %s, items to %s, the total is %s, by %q", day, byCategory, items, v.Total, v.Method)
		}
		if n := len(Do(f.Store1, stock.StockOn, stock.StockOnReq{On: day}).Items); n != len(v.Items) {
			t.Errorf("on %s an Operator sees %d items", day, n)
		}
	}
	b := Do(f.Owner, stock.TrialBalance, stock.TrialBalanceReq{})
	got := ""
	for _, a := range b.Accounts {
		if a.Value != 0 {
			got += fmt.Sprintf(" %s %s", a.Account, a.Value.Number())
		}
	}
	if got != " STOCK 11,250.00 SUPPLIER −10,000.00 LANDED −500.00 ADJUSTMENT −750.00" || b.Sum != 0 {
		t.Errorf("the accounts are%s and sum to %d", got, b.Sum)
	}
	if b := Do(f.Owner, stock.TrialBalance, stock.TrialBalanceReq{On: today}); b.Accounts[0].Value != 10_500_00 || b.Sum != 0 {
		t.Errorf("the day before: %+v", b)
	}
}

// TestR28_SegmentTransfer keeps lot and value; the last piece takes the rest.
func TestR28_SegmentTransfer(t *testing.T) {
	t.Parallel()
	f := New(t)
	key := f.Opening(f.FinishedGood("FIN-001", "Haldi 50 g").ID, 3, 100_00)
	move := func(q core.Qty) {
		t.Helper()
		Do(f.Owner, stock.TransferSegment, stock.TransferReq{CellKey: key, To: core.Online, Qty: q, Reason: "web order"})
	}
	move(1)
	if got := Do(f.Owner, stock.ListValuedLots, stock.ListLotsReq{Sort: stock.ByValue}).Lots; len(got) != 2 || got[0].Segment != core.Online || got[0].Value != 33_33 || got[1].Value != 66_67 {
		t.Errorf("moved as %+v", got)
	}
	move(0)
	if got := Do(f.Owner, stock.ListValuedLots, stock.ListLotsReq{}).Lots; len(got) != 1 || got[0].Qty != 3 || got[0].Value != 100_00 || got[0].Lot != key.Lot {
		t.Errorf("all of it moved as %+v", got)
	}
	_, err := Try(f.Store1, stock.TransferSegment, stock.TransferReq{CellKey: key, To: core.Online, Reason: "x"})
	wantCode(t, "an Operator", err, core.CodeForbidden, "")
	f.Verify()
}

// TestNearExpiry lists what ends within so many days, and what has ended.
func TestNearExpiry(t *testing.T) {
	t.Parallel()
	f := New(t)
	item := f.FinishedGood("FIN-001", "Haldi 50 g").ID
	for _, d := range []int{0, 30, 31} {
		f.Opening(item, 1, 1, func(l *stock.OpeningLine) { l.ExpiryOn = today.AddDays(d) })
	}
	for within, want := range map[int]int{0: 3, 1: 1, 30: 2, 31: 3} {
		if n := len(Do(f.Store1, stock.ListLots, stock.ListLotsReq{Within: within}).Lots); n != want {
			t.Errorf("within %d days: %d lots, want %d", within, n, want)
		}
	}
}
