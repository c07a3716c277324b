package trace_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"masala/core"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

func (w *world) receive(invoice string, lines ...purchase.GRNLine) (lots []core.LotID) {
	w.T.Helper()
	for _, l := range Do(w.Store1, purchase.PostGRN, GRN(w.supplier.ID, invoice, lines...)).Lots {
		lots = append(lots, l.Lot)
	}
	return lots
}

// grind makes powder of 7 kg of one lot and 3 kg of another, with a pinch of a third
// one and a milligram of seeds beside it.
func (w *world) grind(pinch core.ItemID) (b production.Batch) {
	w.T.Helper()
	b = Do(w.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: w.recipe.ID, Charge: 10 * kg})
	b = Do(w.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	seven, three := 7*kg, 3*kg
	return Do(w.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &seven}, {Line: 2, Qty: &three}},
		Extras: []production.Extra{{Item: pinch, Qty: 1, Reason: "aroma"}}})
}

// TestR29_APinchIsTraced: a by-product of a milligram holds less than one milligram of
// every ingredient, and yet it was made of them all.
func TestR29_APinchIsTraced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	hing := w.Item("RAW-019", "Hing")
	lots := w.receive("B/1", Line(w.chilli.ID, 7, 700_00), Line(w.salt.ID, 3, 30_00), Line(hing.ID, 1, 1_100_00))
	b := w.grind(hing.ID)
	b = Do(w.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * kg, ByProducts: []production.ByProduct{{Item: w.rub.ID, Qty: 1}}})
	for _, lot := range lots {
		if tr := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: lot}); tr.Descendants != 2 || len(tr.Links) != 2 {
			t.Errorf("lot %d became %d lots by %v", lot, tr.Descendants, tr.Links)
		}
	}
	seeds := b.Result.Outputs[1].Lot
	if tr := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: seeds}); tr.Ancestors != 3 {
		t.Errorf("the by-product comes of %d lots", tr.Ancestors)
	}
	Do(w.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Result.Document, Reason: "wrong weight"})
	if tr := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: seeds}); tr.Ancestors != 0 || tr.Balance.In() != 0 || tr.Balance.Out() != 0 {
		t.Errorf("after the reversal the by-product comes of %d lots: %+v", tr.Ancestors, tr.Balance)
	}
	w.Verify()
}

// TestR30_WhatARecallIsForMayLeave: frozen goods are thrown away, go back to their supplier
// and are counted by an Admin while the recall is open; nothing of them goes on.
func TestR30_WhatARecallIsForMayLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	lots := w.receive("B/1", Line(w.chilli.ID, 100, 10_000_00), Line(w.salt.ID, 30, 300_00))
	key := func(lot core.LotID) stock.CellKey {
		return stock.CellKey{Lot: lot, Segment: core.Regular, Status: stock.Released}
	}
	recall := Do(w.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: lots[0], Reason: "aflatoxin"})
	name := Do(w.Store1, stock.GetLot, stock.GetLotReq{ID: lots[0]}).Number
	n := Do(w.Store1, stock.OpenCount, stock.OpenCountReq{})
	Do(w.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: key(lots[0]), Qty: 99 * kg}, {CellKey: key(lots[1]), Qty: 29 * kg}}})
	back := purchase.ReturnGoodsReq{CellKey: key(lots[0]), Qty: 60 * kg, Reason: "aflatoxin"}
	before := w.Tables()
	_, err := Try(w.Store1, purchase.ReturnGoods, back)
	var e *core.Error
	if !errors.As(err, &e) || e.Code != core.CodeConflict || e.Field != "lot" || e.Message != name+" is frozen by recall "+recall.Number+". An Admin may return it." {
		t.Errorf("returned by an Operator: %v, %+v", err, e)
	}
	w.Unchanged(before, "refused")
	Do(w.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
	Do(w.Owner, purchase.ReturnGoods, back)
	Do(w.Owner, stock.Adjust, stock.AdjustReq{CellKey: key(lots[0]), Qty: -39 * kg, Reason: "Spoilage"})
	d := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: lots[0]})
	if x := d.Balance; d.Nodes[0].Frozen != recall.Number || x.OnHand != 0 || x.ReturnedOut != 60*kg || x.Disposed != 39*kg || x.Adjusted != kg || x.In() != x.Out() {
		t.Errorf("of the frozen lot is told %+v, %+v", d.Nodes[0], x)
	}
	w.Verify()
}

// TestR30_FreezeWhileItIsInTheMill: material taken before the recall freezes what is
// born from it later; closing lifts the mark and leaves every status as it was.
func TestR30_FreezeWhileItIsInTheMill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	hing := w.Item("RAW-019", "Hing")
	lots := w.receive("B/1", Line(w.chilli.ID, 8, 800_00), Line(w.salt.ID, 30, 300_00), Line(hing.ID, 1, 1_100_00))
	b := w.grind(hing.ID)
	first := Do(w.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: lots[0], Reason: "aflatoxin"})
	second := Do(w.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: lots[2], Reason: "salmonella"})
	if got := first.Running; len(got) != 1 || got[0] != (trace.Running{Batch: int64(b.ID), Number: b.Number, Name: b.Name, Qty: 7 * kg}) || first.Frozen[0].WIP != 7*kg || first.Frozen[0].OnHand != kg {
		t.Errorf("the mill runs on %+v of %+v, and nobody stops it", got, first.Frozen)
	}
	if got := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: lots[2]}); len(got.Running) != 1 || got.Running[0].Qty != 1 || got.Nodes[0].WIP != 1 {
		t.Errorf("the trace knows of %+v in the mill", got.Running)
	}
	b = Do(w.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * kg})
	powder := b.Result.Outputs[0].Lot
	for _, r := range []trace.Recall{first, second} {
		if got := Do(w.Store1, trace.GetRecall, trace.GetRecallReq{ID: r.ID}); len(got.Running) != 0 || len(got.Frozen) != 2 || got.Frozen[1].Lot != powder || got.Lots != 2 {
			t.Errorf("%s froze %+v", r.Number, got.Frozen)
		}
	}
	cell := stock.CellKey{Lot: powder, Segment: core.Regular, Status: stock.Released}
	out := stock.AdjustReq{CellKey: cell, Qty: -kg, Reason: "Damage"}
	refused := func(by trace.Recall) {
		t.Helper()
		_, err := Try(w.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Result.Document, Reason: "wrong weight"})
		var e *core.Error
		if !errors.As(err, &e) || e.Code != core.CodeConflict || e.Field != "document" || !strings.HasPrefix(e.Message, b.Result.Outputs[0].LotNo+" is frozen by recall "+by.Number+". Close the recall first.") {
			t.Errorf("a frozen lot moved: %v", err)
		}
	}
	refused(first)
	Do(w.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: powder, Qty: 2 * kg, Reason: "recall"}) // within the lot it may move
	before := w.Tables()
	Do(w.Owner, trace.CloseRecall, trace.CloseRecallReq{ID: first.ID, Version: first.Version, Reason: "tested clean"})
	for name, now := range w.Tables() {
		if now != before[name] && name != "recall" && name != "request" && name != "answer" && name != "audit" {
			t.Errorf("closing the recall changed table %s", name)
		}
	}
	refused(second) // one mark is left
	Do(w.Owner, trace.CloseRecall, trace.CloseRecallReq{ID: second.ID, Version: second.Version, Reason: "tested clean"})
	Do(w.Owner, stock.Adjust, out)
	if d := Do(w.Store1, stock.GetLot, stock.GetLotReq{ID: powder}); len(d.Cells) != 2 || d.Cells[0].Status != stock.Hold || d.Cells[0].Qty != 2*kg || d.Cells[1].Qty != 6*kg {
		t.Errorf("left as %+v", d.Cells)
	}
	open := Do(w.Store1, trace.ListRecalls, trace.ListRecallsReq{Open: true}).Recalls
	all := Do(w.Store1, trace.ListRecalls, trace.ListRecallsReq{Limit: 1})
	if len(open) != 0 || len(all.Recalls) != 1 || all.Recalls[0].ID != second.ID || all.Next == "" {
		t.Errorf("listed %+v, open %+v", all, open)
	}
	if _, err := Try(w.Owner, trace.CloseRecall, trace.CloseRecallReq{ID: first.ID, Version: 2, Reason: "again"}); core.CodeOf(err) != core.CodeConflict || err.Error() != first.Number+" was already closed by owner." {
		t.Errorf("closed twice: %v", err)
	}
	w.Verify()
}

// TestR29_OnlyWhatIsStillOut: what came back, and what was dispatched by mistake, is with
// no customer.
func TestR29_OnlyWhatIsStillOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	lot := w.Opening(w.packs.ID, 100, 1_000_00).Lot
	dispatch := func(n core.Qty) sales.Dispatch {
		o := Do(w.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: w.customers[0].ID, Lines: []sales.OrderLine{{Item: w.packs.ID, Qty: n, Unit: "pcs", Price: 27_43}}}})
		d := Do(w.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: n}}})
		return Do(w.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	}
	out, back, wrong := dispatch(30), dispatch(20), dispatch(10)
	giveBack := func(d sales.Dispatch, n core.Qty) core.DocumentID {
		return Do(w.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: lot, Qty: n, Condition: sales.Good}}}).Document
	}
	giveBack(back, 20)
	for range 5 { // sent back, and sent back by mistake
		Do(w.Owner, stock.ReverseDocument, stock.ReverseReq{Document: giveBack(out, 7), Reason: "it stayed there"})
	}
	Do(w.Owner, stock.ReverseDocument, stock.ReverseReq{Document: wrong.Document, Reason: "not his"})
	tr := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: lot})
	want := trace.Customer{Party: w.customers[0].ID, Name: w.customers[0].Name, Phone: w.customers[0].Phone, Challans: 1, Lots: 1, Pieces: 30}
	if len(tr.Customers) != 1 || tr.Customers[0] != want {
		t.Errorf("out with %+v, want %+v", tr.Customers, want)
	}
	parcels := Do(w.Store1, trace.ListParcels, trace.ListParcelsReq{Lot: lot, Customer: want.Party}).Parcels
	if len(parcels) != 1 || parcels[0].Number != out.Challan || parcels[0].Qty != 30 {
		t.Errorf("parcels %+v", parcels)
	}
	w.Verify()

	upgrade, err := os.ReadFile("../../storage/migrations/00042_parcel.sql")
	if err != nil {
		t.Fatal(err)
	}
	was := w.Tables()["parcel"]
	w.SQL("DELETE FROM parcel; " + string(upgrade[bytes.Index(upgrade, []byte("INSERT INTO parcel")):]))
	if got := w.Tables()["parcel"]; got != was {
		t.Errorf("older books come to the parcels %s, want %s", got, was)
	}
}

// TestR29_OlderGoodsByWeight: what older books sell by weight is out by weight, pieces beside it by pieces.
func TestR29_OlderGoodsByWeight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.SQL(fmt.Sprintf("UPDATE item SET dimension = 'mass', purchase_unit = 'kg', issue_unit = 'kg' WHERE id = %d", w.packs.ID))
	lot := w.Opening(w.packs.ID, 100*kg, 1_000_00).Lot
	o := Do(w.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: w.customers[0].ID, Lines: []sales.OrderLine{{Item: w.packs.ID, Qty: 30 * kg, Unit: "kg", Price: 27_43}}}})
	d := Do(w.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 30 * kg}}})
	Do(w.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	if out := Do(w.Store1, trace.TraceLot, trace.LotReq{Lot: lot}).Customers; len(out) != 1 || out[0].Mass != 30*kg || out[0].Pieces != 0 {
		t.Errorf("out with %+v", out)
	}
}
