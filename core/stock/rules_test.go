package stock_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

const kg = core.Kilogram

// receive posts one lot of so many kg for value and returns the GRN.
func receive(f *Factory, quantity int64, value core.Paise, change ...func(*purchase.PostGRNReq)) purchase.PostGRNResp {
	f.T.Helper()
	sku := "RAW-001"
	items := Do(f.Owner, catalog.ListItems, catalog.ListItemsReq{Query: sku}).Items
	if len(items) == 0 {
		f.Item(sku, "Turmeric finger")
		f.Supplier("Sangli Haldi Traders")
	}
	n := f.Int(`SELECT count(*) FROM grn`)
	req := GRN(1, "S/"+string(rune('A'+n)), Line(1, quantity, value))
	req.InvoiceDate = core.NewDate(2026, 2, 1)
	for _, c := range change {
		c(&req)
	}
	return Do(f.Owner, purchase.PostGRN, req)
}

func free(lot core.LotID) stock.CellKey {
	return stock.CellKey{Lot: lot, Segment: core.Regular, Status: stock.Released}
}

// cells reads a lot: "RELEASED 60.000 kg 6,000.00, HOLD ...".
func cells(f *Factory, lot core.LotID) string {
	f.T.Helper()
	var out []string
	for _, r := range Do(f.Owner, stock.ListValuedLots, stock.ListLotsReq{Empty: true, Sort: stock.ByStatus, Limit: 500}).Lots {
		if r.Lot == lot && r.Qty > 0 {
			out = append(out, string(r.Status)+" "+r.Qty.Number(r.Dimension)+" "+r.Value.Number())
		}
	}
	return strings.Join(out, ", ")
}

func adjust(f *Factory, lot core.LotID, qty core.Qty) (stock.Posted, error) {
	return Try(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: free(lot), Qty: qty, Reason: "Counting Error"})
}

func reverse(f *Factory, doc core.DocumentID) (stock.Posted, error) {
	return Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: doc, Reason: "entered wrongly"})
}

func wantCode(t *testing.T, what string, err error, code core.Code, text string) *core.Error {
	t.Helper()
	var e *core.Error
	if !errors.As(err, &e) {
		if code != "" {
			t.Errorf("%s: answered %v, want %s", what, err, code)
		} else if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return nil
	}
	if e.Code != code || !strings.Contains(e.Message, text) {
		t.Errorf("%s: answered %s %q (%v), want %s %q", what, e.Code, e.Message, errors.Unwrap(e), code, text)
	}
	return e
}

func TestR05_NeverNegative(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 100, 10_000_00).Lots[0].Lot
	if _, err := adjust(f, lot, -100*kg); err != nil {
		t.Fatal(err)
	}
	_, err := adjust(f, lot, -1)
	wantCode(t, "one mg of an empty lot", err, core.CodeInsufficientStock, "need 1 mg, available 0.000 kg")
	f.Verify()
}

// TestR06_SeqIsTheOrderOfTruth: a clock that steps back changes no order, and no
// chain.
func TestR06_SeqIsTheOrderOfTruth(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 100, 10_000_00).Lots[0].Lot
	f.Clock.Set(Start.Add(-5 * time.Hour)) // the same day
	if _, err := adjust(f, lot, -kg); err != nil {
		t.Fatal(err)
	}
	if n := f.Int(`SELECT count(*) FROM ledger a JOIN ledger b ON b.seq = a.seq + 1 WHERE b.posted_at < a.posted_at`); n != 1 {
		t.Errorf("the clock did not step back in the ledger: %d", n)
	}
	if n := f.Int(`SELECT max(seq) - count(*) FROM ledger`); n != 0 {
		t.Error("seq has gaps")
	}
	f.Clock.Set(Start.AddDate(0, 0, -1)) // the day before the lot was born
	_, err := adjust(f, lot, -kg)
	wantCode(t, "before its birth", err, core.CodeInvalid, "12-Feb-2026")
	f.Verify()
}

func TestR07_Backdating(t *testing.T) {
	t.Parallel()
	f := New(t)
	day := func(n int) core.Date { return core.NewDate(2026, 2, 12+n) }
	s := Do(f.Owner, system.GetSettings, system.GetSettingsReq{})
	if s.BackdateDays != 3 {
		t.Fatalf("backdating by default: %d days", s.BackdateDays)
	}
	early := receive(f, 100, 10_000_00, func(r *purchase.PostGRNReq) { r.ReceivedOn, r.Reason = day(-3), "book was closed" })
	lot := early.Lots[0]
	if lot.Number != "LOT-20260209-001" || early.Number != "GRN-20260209-001" {
		t.Errorf("a backdated GRN has the numbers %s, %s: they belong to its day", early.Number, lot.Number)
	}
	out := func(d core.Date) error {
		_, err := Try(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: free(lot.Lot), Qty: -kg, Reason: "Damage", Note: "found in the morning", EffectiveOn: d})
		return err
	}
	_, err := Try(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: free(lot.Lot), Qty: -kg, Reason: "Damage", EffectiveOn: day(-1)})
	wantCode(t, "a category alone", err, core.CodeInvalid, "Give the reason for the earlier day.")
	if e, _ := err.(*core.Error); e == nil || len(e.Fields) != 1 || e.Fields[0].Field != "note" {
		t.Errorf("it names %+v", e)
	}
	wantCode(t, "the day before its birth", out(day(-4)), core.CodeInvalid, "")
	wantCode(t, "the day of its birth", out(day(-3)), "", "")
	wantCode(t, "today", out(day(0)), "", "")
	wantCode(t, "yesterday, behind an outbound row", out(day(-1)), "", "")
	if _, err := adjust(f, lot.Lot, 5*kg); err != nil { // inbound today
		t.Fatal(err)
	}
	wantCode(t, "yesterday, before an inbound row", out(day(-1)), core.CodeInvalid, "This stock last changed on 12-Feb-2026. Choose that day or a later one.")
	f.Verify()
}

func TestR08_TheFirstMonthIsClosedFirst(t *testing.T) {
	t.Parallel()
	f := New(t)
	receive(f, 100, 10_000_00)
	f.GoTo(time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC))
	_, err := Try(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 5, 1)})
	wantCode(t, "May before February", err, core.CodeInvalid, "February 2026 is the next month to close.")
	p := Do(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)})
	want := []stock.AccountSum{{Account: stock.InStock, Value: 10_000_00}, {Account: stock.Supplier, Value: -10_000_00}}
	if !slices.Equal(p.Accounts, want) {
		t.Errorf("closed with %+v, want %+v", p.Accounts, want)
	}
	if all := Do(f.Owner, stock.ListPeriods, stock.ListPeriodsReq{}).Periods; len(all) != 1 || !slices.Equal(all[0].Accounts, want) {
		t.Errorf("listed as %+v", all)
	}
	f.Verify()
}

// TestR08_AMonthOfFreeGoodsIsClosed: what cost nothing came in that month all the same.
func TestR08_AMonthOfFreeGoodsIsClosed(t *testing.T) {
	t.Parallel()
	f := New(t)
	Do(f.Store1, purchase.PostGRN, GRN(f.Supplier("Sangli Traders").ID, "A/1", Line(f.Item("RAW-001", "Turmeric").ID, 10, 0)))
	f.GoTo(Start.AddDate(0, 1, 0))
	Do(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)})
	f.Verify()
}

func TestR08_ClosedMonths(t *testing.T) {
	t.Parallel()
	f := New(t)
	day := core.NewDate
	grn := receive(f, 100, 10_000_00)
	closeMonth := func(d core.Date) error {
		_, err := Try(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: d})
		return err
	}
	f.GoTo(time.Date(2026, 2, 28, 18, 0, 0, 0, time.UTC)) // 28 February, 23:30 in the factory
	wantCode(t, "the month that still runs", closeMonth(day(2026, 2, 5)), core.CodeInvalid, "February 2026 is not over yet.")
	f.GoTo(time.Date(2026, 2, 28, 18, 30, 0, 0, time.UTC)) // 1 March, 00:00
	p := Do(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: day(2026, 2, 5)})
	if p.Month != day(2026, 2, 1) || p.Value != 10_000_00 || p.Seq != 2 || len(p.Head) != 64 {
		t.Errorf("closed as %+v", p)
	}
	wantCode(t, "twice", closeMonth(day(2026, 2, 5)), core.CodeInvalid, "March 2026 is the next month to close.")
	_, err := Try(f.Owner, purchase.PostGRN, func() purchase.PostGRNReq {
		r := GRN(1, "S/late", Line(1, 1, 100))
		r.ReceivedOn, r.Reason = day(2026, 2, 28), "late"
		return r
	}())
	wantCode(t, "a GRN into it", err, core.CodeInvalid, "February 2026 is closed. Choose a day in an open month.")
	rev, err := reverse(f, grn.Document)
	wantCode(t, "a reversal of what lies in it", err, "", "")
	docs := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{}).Documents
	if docs[0].Number != rev.Number || docs[0].EffectiveOn != day(2026, 3, 1) || !strings.Contains(docs[0].Reason, "corrects February 2026") {
		t.Errorf("the correction is %+v: it must lie in the open month and name the closed one", docs[0])
	}
	f.GoTo(time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC))
	wantCode(t, "out of order", closeMonth(day(2026, 5, 1)), core.CodeInvalid, "March 2026 is the next month to close.")
	wantCode(t, "March", closeMonth(day(2026, 3, 1)), "", "")
	wantCode(t, "April, in which nothing happened", closeMonth(day(2026, 4, 30)), "", "")
	f.Verify()
}

func TestR09_ReversalIsTheExactMirror(t *testing.T) {
	t.Parallel()
	f := New(t)
	grn := receive(f, 100, 10_000_01, func(r *purchase.PostGRNReq) { r.Freight = 33_33 })
	lot := grn.Lots[0].Lot
	a, err := adjust(f, lot, -7*kg)
	wantCode(t, "shortage", err, "", "")
	before := cells(f, lot)
	b, err := adjust(f, lot, -13*kg)
	wantCode(t, "second shortage", err, "", "")

	_, err = reverse(f, grn.Document)
	e := wantCode(t, "a GRN whose goods went", err, core.CodeConflict, grn.Number+" cannot be cancelled, because its stock was used by: "+a.Number+", "+b.Number+". Cancel those first.")
	if list, _ := e.Args["documents"].([]string); len(list) != 2 {
		t.Errorf("the documents in the way are %v", e.Args)
	}
	rb, err := reverse(f, b.Document)
	wantCode(t, "the second shortage", err, "", "")
	if now := cells(f, lot); now != before {
		t.Errorf("reversal of %s leaves %s, not %s", b.Number, now, before)
	}
	_, err = reverse(f, b.Document)
	wantCode(t, "twice", err, core.CodeConflict, b.Number+" was already cancelled by "+rb.Number)
	_, err = reverse(f, rb.Document)
	wantCode(t, "a reversal", err, core.CodeInvalid, "is itself a reversal")
	_, err = reverse(f, a.Document)
	wantCode(t, "the first shortage", err, "", "")
	f.Clock.Set(Start.AddDate(0, 0, 2))
	r, err := reverse(f, grn.Document)
	wantCode(t, "the GRN, now that nothing is in the way", err, "", "")
	if r.Number != "REV-20260214-001" {
		t.Errorf("the reversal is %s: it is dated today", r.Number)
	}
	if now := cells(f, lot); now != "" {
		t.Errorf("a cancelled GRN leaves %s", now)
	}
	if n := f.Int(`SELECT coalesce(sum(qty), 0) * 1000 + coalesce(sum(value), 0) FROM edge`); n != 0 {
		t.Error("genealogy does not cancel out")
	}
	if g := Do(f.Owner, purchase.GetGRN, purchase.GetGRNReq{ID: grn.Document}); g.ReversedBy != r.Number || g.InvoiceNo != "S/A" {
		t.Errorf("the GRN reads %+v: its invoice number stays, marked cancelled", g)
	}
	if n := f.Int(`SELECT count(*) FROM grn`); n != 1 {
		t.Error("the GRN is gone")
	}
	again := receive(f, 100, 10_000_01, func(r *purchase.PostGRNReq) { r.InvoiceNo = "S/A" })
	if again.Number == grn.Number {
		t.Errorf("the number %s was given twice", again.Number)
	}
	f.Verify()
}

// TestR10_ValueFollowsQuantity plays vector 1 on the books, as far as goods go
// without packing: 195 kg worth ₹20,000.00, 100 kg leave, then the rest.
func TestR10_ValueFollowsQuantity(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 195, 20_000_00).Lots[0].Lot
	for _, step := range []struct {
		out  core.Qty
		want string
	}{{100 * kg, "RELEASED 95.000 9,743.59"}, {95*kg - 1, "RELEASED 0.000 0.00"}, {1, ""}} {
		if _, err := adjust(f, lot, -step.out); err != nil {
			t.Fatal(err)
		}
		if got := cells(f, lot); got != step.want {
			t.Errorf("after %d mg: %s, want %s", step.out, got, step.want)
		}
	}
	if v := Do(f.Owner, stock.Valuation, stock.ValuationReq{}); v.Total != 0 || len(v.Items) != 0 {
		t.Errorf("empty stock is valued %+v", v)
	}
	f.Verify()
}

func TestR12_AverageOfOpenLotsAndMethod(t *testing.T) {
	t.Parallel()
	f := New(t)
	cheap, dear := receive(f, 100, 10_000_00).Lots[0].Lot, receive(f, 50, 8_000_00).Lots[0].Lot
	v := Do(f.Owner, stock.Valuation, stock.ValuationReq{})
	if v.Method != stock.ValuationMethod || !strings.HasPrefix(v.Method, "Actual cost of each lot") {
		t.Errorf("the method reads %q", v.Method)
	}
	if len(v.Items) != 1 || v.Items[0].Lots != 2 || core.FormatRate(v.Items[0].Rate) != "120.0000" || v.Total != 18_000_00 {
		t.Errorf("two lots are valued %+v", v.Items)
	}
	if _, err := adjust(f, cheap, -100*kg); err != nil { // its own cost leaves, not the average
		t.Fatal(err)
	}
	v = Do(f.Owner, stock.Valuation, stock.ValuationReq{})
	if core.FormatRate(v.Items[0].Rate) != "160.0000" || v.Items[0].Lots != 1 {
		t.Errorf("the dear lot alone is valued %+v", v.Items)
	}
	if d := Do(f.Owner, stock.GetValuedLot, stock.GetLotReq{ID: dear}); core.FormatRate(d.Rate) != "160.0000" || d.Value != 8_000_00 {
		t.Errorf("the lot reads %+v", d)
	}
	f.Verify()
}

func TestR13_GSTIsNoCost(t *testing.T) {
	t.Parallel()
	f := New(t)
	grn := receive(f, 100, 10_000_10, func(r *purchase.PostGRNReq) { r.Freight, r.Hamali = 300_00, 45_01 })
	g := Do(f.Owner, purchase.GetCostedGRN, purchase.GetGRNReq{ID: grn.Document})
	if g.GST != 500_01 || g.Costs[0].GSTRate != 500 { // 500.005 rounds half up
		t.Errorf("GST %v at %v", g.GST, g.Costs[0].GSTRate)
	}
	if want := core.Paise(10_000_10 + 300_00 + 45_01); cells(f, grn.Lots[0].Lot) != "RELEASED 100.000 "+want.Number() {
		t.Errorf("the lot is %s, want value %v", cells(f, grn.Lots[0].Lot), want)
	}
	if want := g.Goods + g.GST + g.Freight + g.Hamali; g.Total != want || g.Goods != 10_000_10 {
		t.Errorf("the invoice totals %v", g.Total)
	}
	free := receive(f, 10, 0, func(r *purchase.PostGRNReq) { // free of charge: freight goes by weight
		r.Lines = append(r.Lines, Line(1, 30, 0))
		r.Freight = 100_00
	})
	g = Do(f.Owner, purchase.GetCostedGRN, purchase.GetGRNReq{ID: free.Document})
	if g.Costs[0].Landed != 25_00 || g.Costs[1].Landed != 75_00 {
		t.Errorf("freight of free goods: %v and %v", g.Costs[0].Landed, g.Costs[1].Landed)
	}
	f.Verify()
}

func TestR16_Adjustments(t *testing.T) {
	t.Parallel()
	f := New(t)
	lot := receive(f, 3, 10_00).Lots[0].Lot
	step := func(what string, req stock.AdjustReq, want string, code core.Code, text string) {
		t.Helper()
		req.CellKey, req.Reason = free(lot), "Audit Correction"
		_, err := Try(f.Owner, stock.Adjust, req)
		wantCode(t, what, err, code, text)
		if got := cells(f, lot); got != want {
			t.Errorf("%s leaves %s, want %s", what, got, want)
		}
	}
	value := func(p core.Paise) *core.Paise { return &p }
	step("a shortage of a third", stock.AdjustReq{Qty: -kg}, "RELEASED 2.000 6.67", "", "")
	step("an excess at the present rate", stock.AdjustReq{Qty: kg}, "RELEASED 3.000 10.01", "", "") // 333.5 paise, half to even
	step("all missing", stock.AdjustReq{Qty: -3 * kg}, "", "", "")
	step("an excess without a rate", stock.AdjustReq{Qty: kg}, "", core.CodeInvalid, "is empty, so it has no rate. Enter what the excess is worth.")
	step("an excess with a given value", stock.AdjustReq{Qty: kg, Value: value(4_44)}, "RELEASED 1.000 4.44", "", "")
	step("an excess worth nothing given again", stock.AdjustReq{Qty: kg, Value: value(0)}, "RELEASED 1.000 4.44", core.CodeInvalid, "still has stock")
	if n := f.Int(`SELECT count(*) FROM ledger WHERE account = 'ADJUSTMENT' AND reason = ''`); n != 0 {
		t.Error("an adjustment without a reason")
	}
	f.Verify()
}

// TestR24_WhatCameBackOnHoldIsReleasedFirst: a delivery cannot be cancelled while some of
// its stock lies on hold because QC had doubts when it came back, and says what to do.
func TestR24_WhatCameBackOnHoldIsReleasedFirst(t *testing.T) {
	t.Parallel()
	f := New(t)
	grn := receive(f, 100, 10_000_00)
	lot := grn.Lots[0].Lot
	cancel := func(doc core.DocumentID) error {
		return second(Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: doc, Reason: "entered wrongly"}))
	}
	spoilt, err := adjust(f, lot, -10*kg)
	if err != nil {
		t.Fatal(err)
	}
	held := Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Qty: 5 * kg, Reason: "smell"})
	for _, doc := range []core.DocumentID{spoilt.Document, held.Document} {
		if err := cancel(doc); err != nil {
			t.Fatal(err)
		}
	}
	if got := cells(f, lot); got != "HOLD 10.000 1,000.00, RELEASED 90.000 9,000.00" {
		t.Fatalf("came back as %s", got)
	}
	wantCode(t, "the delivery", cancel(grn.Document), core.CodeConflict, grn.Number+" cannot be cancelled, because some of its stock came back on hold. Release it first.")
	Do(f.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: lot, Qty: 10 * kg, Reason: "clean"})
	if err := cancel(grn.Document); err != nil {
		t.Errorf("after the release: %v", err)
	}
	f.Verify()
}
