package flow_test

import (
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// TestR41_NightShift: at 03:00 on 1-Apr in India it is still 31-Mar in UTC, and the
// financial year before. Everything posted then is of 1-Apr and of the new year.
func TestR41_NightShift(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	f.GoTo(time.Date(2026, 3, 31, 21, 30, 0, 0, time.UTC))
	day := core.NewDate(2026, 4, 1)
	is := func(what, number, want string) {
		t.Helper()
		if number != want {
			t.Errorf("%s is %s, want %s", what, number, want)
		}
	}
	order := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: m.suppliers[0], Lines: []purchase.OrderLine{{Item: m.raw[0], Qty: 20 * core.Kilogram, Unit: "kg"}}}})
	got := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "N/1", Line(m.raw[0], 20, 2_000_00), purchase.GRNLine{Item: m.packing[0], Qty: 90, Unit: "pcs", Value: 90_00}, purchase.GRNLine{Item: m.packing[1], Qty: 9, Unit: "pcs", Value: 9_00}))
	b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 10 * core.Kilogram})
	b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	q := 10 * core.Kilogram
	b = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
	b = Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9_600 * core.Gram})
	powder := b.Result.Outputs[0]
	p := Do(f.Owner, packing.GetProfile, packing.GetProfileReq{ID: m.profiles[0]})
	run := Do(f.Store1, packing.PostRun, packing.PostRunReq{Version: p.Version, RunFields: packing.RunFields{Profile: p.ID, Item: m.finished[0], Lot: powder.Lot, Segment: core.Regular, Packs: 80}})
	o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: m.customers[0], Lines: []sales.OrderLine{{Item: m.finished[0], Qty: 40, Unit: "pcs", Price: 27_43}}}})
	d := Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
	d = Do(f.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	back := Do(f.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: run.Lot, Qty: 4, Condition: sales.Good}}})
	count := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	recall := Do(f.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: got.Lots[0].Lot, Reason: "stones"})

	is("the purchase order", order.Number, "PO-20260401-001")
	is("the GRN", got.Number, "GRN-20260401-001")
	is("its lot", got.Lots[0].Number, "LOT-20260401-001")
	is("the batch", b.Number, "B-20260401-01")
	is("the powder", powder.LotNo, "LOT-20260401-004")
	is("its expiry, nine months on", powder.ExpiryOn.String(), "31-Dec-2026")
	is("the run", run.Number, "PK-20260401-01")
	is("the packs", run.LotNo, "LOT-20260401-005")
	is("their expiry, that of the powder", run.ExpiryOn.String(), "31-Dec-2026")
	is("the sales order", o.Number, "SO-20260401-001")
	is("the challan", d.Challan, "DC/2627/00001")
	is("the invoice", d.Invoice, "INV/2627/00001")
	is("the day of delivery", o.DeliverOn.String(), day.String())
	is("the recall", recall.Number, "RC-20260401-01")
	if !strings.Contains(count.Number, "20260401") || !strings.Contains(back.Number, "20260401") {
		t.Errorf("count %s, return %s", count.Number, back.Number)
	}
	for _, x := range Do(f.Store1, stock.ListDocuments, stock.ListDocumentsReq{}).Documents {
		if x.EffectiveOn != day || !x.PostedAt.Equal(f.Clock.Now()) {
			t.Errorf("%s is of %s, posted %s", x.Number, x.EffectiveOn, x.PostedAt)
		}
	}
	if n := f.Int(`SELECT count(*) FROM lot WHERE born_on <> ?`, int64(day)); n != 0 {
		t.Errorf("%d lots were not born on %s", n, day)
	}
	f.Verify()
}
