package flow_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

const kg = core.Kilogram

func weighed(q core.Qty) *core.Qty { return &q }

// TestEveryFaultInOneRound: whatever is wrong with an entry, in itself and against the
// books, is said at once, under the fields of the form.
func TestEveryFaultInOneRound(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "X/1", Line(m.raw[0], 100, 10_000_00), Line(m.raw[2], 10, 1_000_00)))
	raw := func(i int) stock.CellKey {
		return stock.CellKey{Lot: g.Lots[i].Lot, Segment: core.Regular, Status: stock.Released}
	}
	packs := f.Opening(m.finished[0], 100, 1_000_00)
	held := f.Opening(m.finished[0], 10, 100_00, func(l *stock.OpeningLine) { l.Hold = true })
	d := sell(f, m.customers[0], m.finished[0], 10)
	o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: m.customers[0],
		Lines: []sales.OrderLine{{Item: m.finished[0], Qty: 10, Unit: "pcs", Price: 27_43}, {Item: m.finished[1], Qty: 10, Unit: "pcs", Price: 27_43}}}})
	draft := Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 10, Override: byHand(held, 10)}, {OrderLine: 2, Qty: 10}}})
	running := func() production.Batch {
		b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 10 * kg})
		return Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	}
	b, done := running(), running()
	done = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: done.ID, Version: done.Version, Lines: []production.Issue{{Line: 1, Qty: weighed(10 * kg)}}})
	early, late := core.NewDate(2026, 1, 1), core.NewDate(2027, 1, 1)
	for _, v := range []struct {
		name   string
		who    *User
		op     op.Meta
		req    any
		code   core.Code
		fields string
	}{
		{"a return: no reason, a foreign lot, too many", f.Store1, sales.PostReturn.Meta, sales.PostReturnReq{Dispatch: d.ID,
			Lines: []sales.ReturnLine{{Lot: raw(0).Lot, Qty: 1, Condition: sales.Good}, {Lot: packs.Lot, Qty: 11, Condition: sales.Good}}}, core.CodeInvalid, "reason lines[0].lot lines[1].qty"},
		{"a dispatch: one line on hold, one short", f.Store1, sales.Confirm.Meta, sales.ConfirmReq{ID: draft.ID, Version: draft.Version}, core.CodeInvalid, "lines[0].lots[0].lot lines[1].qty"},
		{"an issue: no such line, a lot of another item", f.Store1, production.IssueMaterial.Meta, production.IssueReq{ID: b.ID, Version: b.Version,
			Lines: []production.Issue{{Line: 7, Qty: weighed(kg)}, {Line: 1, Qty: weighed(kg), Override: byHand(packs, kg)}}}, core.CodeInvalid, "lines[0].line lines[1].lots[0].lot"},
		{"an issue: a weight blank, an extra without a reason, a lot of another item", f.Store1, production.IssueMaterial.Meta, production.IssueReq{ID: b.ID, Version: b.Version,
			Lines: []production.Issue{{Line: 1, Qty: weighed(kg), Override: byHand(packs, kg)}, {Line: 2}}, Extras: []production.Extra{{Item: m.raw[2], Qty: kg}}}, core.CodeInvalid, "lines[1].qty extras[0].reason lines[1].line lines[0].lots[0].lot"},
		{"an issue: a lot chosen that holds less, and an extra that is not there", f.Store1, production.IssueMaterial.Meta, production.IssueReq{ID: b.ID, Version: b.Version,
			Lines: []production.Issue{{Line: 1, Qty: weighed(95 * kg), Override: byHand(raw(0), 95*kg)}}, Extras: []production.Extra{{Item: m.raw[2], Qty: 90 * kg, Reason: "colour"}}}, core.CodeInsufficientStock, "lines[0].lots[0].qty extras[0].qty"},
		{"a completion: too much waste, a by-product of no material, expired", f.Store1, production.CompleteBatch.Meta, production.CompleteReq{ID: done.ID, Version: done.Version, Output: 9 * kg,
			Waste: []production.Waste{{Reason: "DUST", Qty: 5 * kg}}, ByProducts: []production.ByProduct{{Item: m.finished[0], Qty: kg / 2}}, ExpiryOn: early}, core.CodeInvalid,
			"waste expiry_on by_products[0].item by_products[0].item"},
		{"an adjustment: too far back, more than there is", f.Owner, stock.Adjust.Meta, stock.AdjustReq{CellKey: packs, Qty: -1000, Reason: "Damage", EffectiveOn: early}, core.CodeInvalid, "effective_on qty"},
		{"an adjustment: no reason, more than there is", f.Owner, stock.Adjust.Meta, stock.AdjustReq{CellKey: packs, Qty: -1000}, core.CodeInvalid, "reason qty"},
		{"packing: too far back, a lot of no powder", f.Owner, packing.PostRun.Meta, packing.PostRunReq{Version: 1, PackedOn: early,
			RunFields: packing.RunFields{Profile: m.profiles[0], Item: m.finished[0], Lot: packs.Lot, Segment: core.Regular, Packs: 10}}, core.CodeInvalid, "packed_on lot *"},
		{"a plan: no such recipe, a day that has passed", f.Owner, production.PlanBatch.Meta, production.PlanBatchReq{Recipe: 999, Charge: kg, On: early}, core.CodeInvalid, "recipe on"},
		{"a hold: no reason, too much", f.Store1, stock.HoldLot.Meta, stock.ChangeStatusReq{Lot: raw(1).Lot, Qty: 50 * kg}, core.CodeInvalid, "reason qty"},
		{"a transfer: no reason, raw material", f.Owner, stock.TransferSegment.Meta, stock.TransferReq{CellKey: raw(1), To: core.Online, Qty: kg}, core.CodeInvalid, "reason lot"},
		{"a correction: no note number, no such line", f.Owner, purchase.CorrectPrice.Meta, purchase.CorrectPriceReq{GRN: g.Document, Line: 9, Delta: 100_00, Reason: "rate"}, core.CodeInvalid, "note_no line"},
		{"a purchase return: no reason, too much", f.Store1, purchase.ReturnGoods.Meta, purchase.ReturnGoodsReq{CellKey: raw(1), Qty: 50 * kg}, core.CodeInvalid, "reason qty"},
		{"a purchase return of more than there is", f.Store1, purchase.ReturnGoods.Meta, purchase.ReturnGoodsReq{CellKey: raw(1), Qty: 50 * kg, Reason: "wet"}, core.CodeInsufficientStock, "qty"},
		{"a GRN: no invoice, no such order", f.Store1, purchase.PostGRN.Meta, func() purchase.PostGRNReq {
			r := GRN(m.suppliers[0], "", Line(m.raw[0], 1, 1))
			r.Order, r.ReceivedOn = 99, late
			return r
		}(), core.CodeInvalid, "invoice_no received_on order"},
	} {
		before := f.Tables()
		body, err := json.Marshal(v.req)
		if err != nil {
			t.Fatal(err)
		}
		_, err = v.who.Call(t.Context(), v.op.Name, uuid.NewString(), body)
		var e *core.Error
		if !errors.As(err, &e) || e.Code != v.code || !sameFields(e, v.fields) {
			t.Errorf("%s: %v", v.name, err)
			if e != nil {
				t.Errorf("%s %+v", e.Code, e.Fields)
			}
		}
		f.Unchanged(before, v.name)
	}
	f.Verify()
}

// TestR08_AClosedMonthIsNamedUnderTheDayOfTheForm, which a GRN calls received_on.
func TestR08_AClosedMonthIsNamedUnderTheDayOfTheForm(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	f.Opening(m.finished[0], 1, 1)
	f.GoTo(time.Date(2026, 3, 2, 4, 30, 0, 0, time.UTC))
	Do(f.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)})
	r := GRN(m.suppliers[0], "X/9", Line(m.raw[0], 100, 10_000_00))
	r.ReceivedOn, r.Reason = core.NewDate(2026, 2, 28), "late"
	_, err := Try(f.Owner, purchase.PostGRN, r)
	var e *core.Error
	if !errors.As(err, &e) || e.Field != "received_on" || e.Message != "February 2026 is closed. Choose a day in an open month." {
		t.Errorf("refused as %v, %+v", err, e)
	}
}

// sameFields compares the fields of an error with a list; * stands for any more.
func sameFields(e *core.Error, want string) bool {
	fields := strings.Fields(want)
	for i, f := range e.Fields {
		switch {
		case i < len(fields) && fields[i] == "*":
			return true
		case i >= len(fields) || fields[i] != f.Field:
			return false
		}
	}
	return len(e.Fields) == len(fields)
}

func byHand(key stock.CellKey, q core.Qty) stock.Override {
	return stock.Override{Reason: "the box is open", Lots: []stock.Pick{{CellKey: key, Qty: q}}}
}

// sell orders, drafts and confirms a dispatch.
func sell(f *Factory, customer core.PartyID, item core.ItemID, n core.Qty) sales.Dispatch {
	f.T.Helper()
	o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: customer, Lines: []sales.OrderLine{{Item: item, Qty: n, Unit: "pcs", Price: 27_43}}}})
	d := Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: n}}})
	return Do(f.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
}
