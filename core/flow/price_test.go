package flow_test

import (
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/packing"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// packed is 10 kg of bought powder for 1,000.00, of which 100 packs took 5 kg and a spill
// 1 kg; of 110 jars for 550.00 the packs took 100, and 5 broke. Of the packs 40 were sold.
func packed(t *testing.T) (f *Factory, g purchase.PostGRNResp, run packing.Run, d sales.Dispatch) {
	t.Helper()
	f, m := newFactory(t)
	g = Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "P/1", Line(m.powders[0], 10, 1_000_00), purchase.GRNLine{Item: m.packing[0], Qty: 110, Unit: "pcs", Value: 550_00}, purchase.GRNLine{Item: m.packing[1], Qty: 10, Unit: "pcs", Value: 50_00}))
	profile := Do(f.Store1, packing.GetProfile, packing.GetProfileReq{ID: m.profiles[0]})
	run = Do(f.Store1, packing.PostRun, packing.PostRunReq{Version: profile.Version, RunFields: packing.RunFields{Profile: profile.ID, Item: m.finished[0], Lot: g.Lots[0].Lot, Segment: core.Regular, Packs: 100,
		Lost: core.Kilogram, LostReason: packing.LossReasons[0], Components: []packing.Taken{{Item: m.packing[0], Lost: 5, Override: stock.Override{Reason: "dropped"}}}}})
	o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: m.customers[0], Lines: []sales.OrderLine{{Item: m.finished[0], Qty: 40, Unit: "pcs", Price: 27_43}}}})
	d = Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
	return f, g, run, Do(f.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
}

// TestR14_WhatARunLostCountsOnce: what was lost while packing went into the packs with its
// value, so it is no loss of its own; what came back damaged is one.
func TestR14_WhatARunLostCountsOnce(t *testing.T) {
	t.Parallel()
	f, g, run, d := packed(t)
	Do(f.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: run.Lot, Qty: 10, Condition: sales.Damaged}}})
	for _, x := range []struct {
		line              int
		delta             core.Paise
		left, packs, sold core.Paise
		variance          core.Paise
	}{
		// 4 kg are left and 6 kg in the packs, of which 60 are here, 30 sold and 10 damaged.
		{1, 100_00, 40_00, 36_00, 18_00, 6_00},
		// 5 jars are left and 105 in the packs.
		{2, 110_00, 5_00, 63_00, 31_50, 10_50},
	} {
		c := Do(f.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: x.line, Delta: x.delta, NoteNo: "N/1", Reason: "rate"})
		got := map[core.LotID]core.Paise{}
		for _, s := range c.Stock {
			got[s.Lot] = s.Value
		}
		if lot := g.Lots[x.line-1].Lot; got[lot] != x.left || got[run.Lot] != x.packs || c.Sold != x.sold || c.Variance != x.variance {
			t.Errorf("line %d: %s went as %+v, want %s left, %s on the packs, %s sold, %s lost", x.line, x.delta, c, x.left, x.packs, x.sold, x.variance)
		}
	}
	f.Verify()
}

// TestR09_NoSaleIsCancelledUnderItsPrice: a late price that went to what a challan sold
// stands on the challan, which is not cancelled from under it, and can be without it.
func TestR09_NoSaleIsCancelledUnderItsPrice(t *testing.T) {
	t.Parallel()
	f, g, _, d := packed(t)
	price := func(line int) purchase.PriceCorrection {
		return Do(f.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: line, Delta: 100_01, NoteNo: "N/1", Reason: "rate"})
	}
	first, second := price(1), price(2)
	reverse := func(id core.DocumentID) error {
		_, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: id, Reason: "entered wrongly"})
		return err
	}
	for _, c := range []purchase.PriceCorrection{second, first} {
		err := reverse(d.Document)
		if core.CodeOf(err) != core.CodeConflict || !strings.Contains(err.Error(), d.Challan+" cannot be cancelled, because these stand on it:") || !slices.Contains(inTheWay(err), c.Number) {
			t.Fatalf("the challan was cancelled under %s: %v", c.Number, err)
		}
		if err := reverse(c.Document); err != nil {
			t.Fatal(err)
		}
		f.Verify()
	}
	if err := reverse(d.Document); err != nil {
		t.Fatalf("no price stands on %s any more: %v", d.Challan, err)
	}
	price(1)
	f.Verify()
}

// TestR14_TiesGoToWhatTheLedgerKnewFirst: where two ways have an equal claim to a paisa,
// the one that was opened first has it.
func TestR14_TiesGoToWhatTheLedgerKnewFirst(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "P/1", Line(m.powders[0], 20, 1_000_00), Line(m.raw[0], 20, 1_000_00), purchase.GRNLine{Item: m.packing[0], Qty: 200, Unit: "pcs", Value: 550_00}, purchase.GRNLine{Item: m.packing[1], Qty: 10, Unit: "pcs", Value: 50_00}))
	powder, raw := g.Lots[0].Lot, g.Lots[1].Lot
	Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: stock.CellKey{Lot: powder, Segment: core.Regular, Status: stock.Released}, Qty: -5 * core.Kilogram, Reason: "Spoilage"})
	p := Do(f.Store1, packing.GetProfile, packing.GetProfileReq{ID: m.profiles[0]})
	Do(f.Store1, packing.PostRun, packing.PostRunReq{Version: p.Version, RunFields: packing.RunFields{Profile: p.ID, Item: m.finished[0], Lot: powder, Segment: core.Regular, Packs: 100}})
	Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: raw, Qty: 10 * core.Kilogram, Reason: "sample"})
	correct := func(line int, d core.Paise) purchase.PriceCorrection {
		return Do(f.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: line, Delta: d, NoteNo: "N/1", Reason: "rate"})
	}
	// 10 kg are left; 5 were spoilt before 5 were packed.
	if c := correct(1, 2); c.Variance != 1 || len(c.Stock) != 1 || c.Stock[0].Lot != powder || c.Stock[0].Value != 1 {
		t.Errorf("two paise over 10 kg here, 5 kg spoilt and 5 kg packed went as %+v", c)
	}
	correct(2, 1)
	for _, c := range Do(f.Owner, stock.ListValuedLots, stock.ListLotsReq{Item: m.raw[0]}).Lots {
		want := core.Paise(500_00)
		if c.Status == stock.Released {
			want++
		}
		if c.Value != want {
			t.Errorf("10 kg %s are worth %s, want %s", c.Status, c.Value, want)
		}
	}
	f.Verify()
}
