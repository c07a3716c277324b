package flow_test

import (
	"strings"
	"testing"

	"masala/core"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/system"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

const (
	byRecall = " is frozen by a recall."
	ifLeft   = byRecall + " If it left before the day of the recall, enter the day on which it left and the reason."
)

// late is a factory that was without power on day 0. On day 1 a recall is opened, on day 2
// it is entered what was done on day 0.
type late struct {
	*Factory
	*masters
}

func newLate(t *testing.T) late {
	t.Parallel()
	f, m := newFactory(t)
	return late{f, m}
}

func (f late) order(item core.ItemID) sales.Order {
	f.T.Helper()
	return Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: f.customers[0], Lines: []sales.OrderLine{{Item: item, Qty: 90, Unit: "pcs", Price: 27_43}}}})
}

// load drafts five packs of an order, from the lots that were loaded where they are known.
func (f late) load(o sales.Order, lots ...core.LotID) sales.Dispatch {
	f.T.Helper()
	l := sales.DraftLine{OrderLine: 1, Qty: 5}
	for _, lot := range lots {
		l.Override = chosen(lot, 5)
	}
	return Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{l}})
}

func (f late) recall(lot core.LotID) trace.Recall {
	f.T.Helper()
	return Do(f.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: lot, Reason: "aflatoxin"})
}

// confirm wants a refusal that says so, or none. The draft stays as it is.
func (f late) confirm(by *User, d sales.Dispatch, on, left core.Date, want string) sales.Dispatch {
	f.T.Helper()
	got, err := Try(by, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version, EffectiveOn: on, LeftOn: left, Reason: "no power"})
	f.says(err, want)
	return got
}

func (f late) says(err error, want string) {
	f.T.Helper()
	if want == "" && err != nil || want != "" && !strings.Contains(said(err)+"]", want+"}]") {
		f.T.Errorf("it is said %s, want %q", said(err), want)
	}
}

// finds: the recall knows that the customer has five packs.
func (f late) finds(r trace.Recall) {
	f.T.Helper()
	r = Do(f.Owner, trace.GetRecall, trace.GetRecallReq{ID: r.ID})
	if len(r.Customers) != 1 || r.Customers[0].Party != f.customers[0] || r.Customers[0].Pieces != 5 {
		f.T.Errorf("the recall finds %+v", r.Customers)
	}
}

// TestR30_WhatLeftBeforeTheRecall: an Admin who was without power enters it for its day, and
// the recall finds the customer. It is chosen by hand; nobody else may, and for no later day.
func TestR30_WhatLeftBeforeTheRecall(t *testing.T) {
	f := newLate(t)
	key := f.Opening(f.finished[0], 100, 1_000_00)
	o := f.order(f.finished[0])
	byHand, left := f.load(o, key.Lot), f.load(o)
	nextDay(f.Factory)
	rc := f.recall(key.Lot)
	nextDay(f.Factory)
	before := f.Tables()
	const lot, lacks = "LOT-20260212-001", "need 5 pcs, available 0 pcs. LOT-20260212-001"
	f.confirm(f.Store1, byHand, 0, 0, lot+byRecall)
	f.confirm(f.Owner, byHand, 0, 0, lot+ifLeft)
	f.confirm(f.Owner, byHand, day(1), 0, lot+ifLeft)
	f.confirm(f.Owner, byHand, 0, day(1), lot+ifLeft)
	f.confirm(f.Owner, byHand, day(0), day(1), lot+ifLeft)
	f.confirm(f.Store1, byHand, 0, day(0), "Only an Admin may enter on which day the goods left.} {lines[0].lots[0].lot "+lot+byRecall)
	f.confirm(f.Owner, left, day(0), 0, lacks+" was recalled after that day; if it left before, choose it by hand.")
	f.confirm(f.Owner, left, 0, day(0), lacks+" was recalled after that day; if it left before, choose it by hand.")
	f.confirm(f.Owner, left, day(1), 0, lacks+ifLeft)
	f.Unchanged(before, "refused")
	f.confirm(f.Owner, byHand, day(0), 0, "")
	f.finds(rc)
	f.Verify()
}

// TestR30_LeftBeforeChallansOfTheRecall: what left before a recall is entered also when there
// are challans of that day already. The goods left on one day, their challan is of another;
// the log, and the reason of the challan, have both.
func TestR30_LeftBeforeChallansOfTheRecall(t *testing.T) {
	f := newLate(t)
	key := f.Opening(f.finished[0], 100, 1_000_00)
	f.Opening(f.finished[1], 100, 1_000_00)
	d := f.load(f.order(f.finished[0]), key.Lot)
	nextDay(f.Factory)
	rc := f.recall(key.Lot)
	sell(f.Factory, f.customers[1], f.finished[1], 5)
	nextDay(f.Factory)
	before := f.Tables()
	f.confirm(f.Owner, d, day(0), 0, "There are challans of 13-Feb-2026 already, and the next number cannot be older. Choose that day or a later one; the day on which the goods left is entered beside it.")
	f.confirm(f.Owner, d, day(1), 0, "LOT-20260212-001"+ifLeft)
	_, err := Try(f.Owner, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version, LeftOn: day(0)})
	f.says(err, "[{reason Give the reason for the day on which the goods left.")
	f.Unchanged(before, "refused")
	d = f.confirm(f.Owner, d, day(1), day(0), "")
	if d.Challan != "DC/2526/00002" || d.On != day(1) {
		t.Errorf("the challan is %s of %s", d.Challan, d.On)
	}
	if doc := Do(f.Owner, stock.GetDocument, stock.GetDocumentReq{ID: d.Document}); !strings.HasSuffix(doc.Reason, ": no power (left on 12-Feb-2026)") {
		t.Errorf("its reason is %q", doc.Reason)
	}
	log := Do(f.Owner, system.ListAudit, system.ListAuditReq{Entity: "dispatch", Limit: 1}).Rows
	if len(log) != 1 || !strings.Contains(string(log[0].New), `"left_on":"2026-02-12"`) || !strings.Contains(string(log[0].New), `"reason":"no power"`) {
		t.Errorf("the log has %+v", log)
	}
	f.finds(rc)
	f.Verify()
}

// TestR30_AnOrderTypedInLater: goods that left on paper have an order of the day on which
// somebody could type it in, or of a day to come, if the clock was ahead.
func TestR30_AnOrderTypedInLater(t *testing.T) {
	f := newLate(t)
	key := f.Opening(f.finished[0], 100, 1_000_00)
	today := f.Clock.Now()
	f.GoTo(today.AddDate(0, 0, 30))
	ahead := f.order(f.finished[0])
	f.GoTo(today.AddDate(0, 0, 1))
	recall := f.recall(key.Lot)
	f.confirm(f.Owner, f.load(f.order(f.finished[0]), key.Lot), 0, day(0), "")
	f.confirm(f.Owner, f.load(ahead, key.Lot), 0, day(0), "")
	if r := Do(f.Store1, trace.GetRecall, trace.GetRecallReq{ID: recall.ID}); len(r.Customers) != 1 || r.Customers[0].Challans != 2 {
		t.Errorf("the recall finds %+v", r.Customers)
	}
	f.Verify()
}

// TestR30_TodayIsNotBeforeARecall: one that was opened while the clock was ahead holds the
// goods back on all days from today on, whoever takes them and for whatever.
func TestR30_TodayIsNotBeforeARecall(t *testing.T) {
	f := newLate(t)
	key := f.Opening(f.finished[0], 100, 1_000_00)
	g := Do(f.Store1, purchase.PostGRN, GRN(f.suppliers[0], "B/1", Line(f.powders[0], 10, 2_000_00), Line(f.raw[0], 20, 2_000_00),
		purchase.GRNLine{Item: f.packing[0], Qty: 300, Unit: "pcs"}, purchase.GRNLine{Item: f.packing[1], Qty: 30, Unit: "pcs"}))
	b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: f.recipes[0], Charge: 10 * core.Kilogram})
	b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	d := f.load(f.order(f.finished[0]), key.Lot)
	today := f.Clock.Now()
	f.GoTo(today.AddDate(0, 0, 3))
	f.recall(key.Lot)
	f.recall(g.Lots[0].Lot)
	f.recall(g.Lots[1].Lot)
	f.GoTo(today)
	before := f.Tables()
	f.confirm(f.Owner, d, 0, 0, "LOT-20260212-001"+ifLeft)
	f.confirm(f.Owner, d, day(0), day(0), "LOT-20260212-001"+ifLeft)
	run := packing.PostRunReq{Version: 1, RunFields: packing.RunFields{Profile: f.profiles[0], Item: f.finished[0], Lot: g.Lots[0].Lot, Segment: core.Regular, Packs: 200}}
	_, err := Try(f.Owner, packing.PostRun, run)
	f.says(err, "LOT-20260212-002"+ifLeft)
	q := 10 * core.Kilogram
	_, err = Try(f.Owner, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q, Override: chosen(g.Lots[1].Lot, q)}}})
	f.says(err, "LOT-20260212-003"+ifLeft)
	f.Unchanged(before, "refused")
	f.Verify()
}

func chosen(lot core.LotID, q core.Qty) stock.Override {
	return stock.Override{Lots: []stock.Pick{{CellKey: stock.CellKey{Lot: lot, Segment: core.Regular, Status: stock.Released}, Qty: q}}, Reason: "it is in the book"}
}

// TestR30_PackedBeforeTheRecall: an Admin enters it for its day, of lots chosen by hand. The
// packs are frozen as they are born, so that only what left before the recall is entered of
// them; and the recall finds who has it.
func TestR30_PackedBeforeTheRecall(t *testing.T) {
	f := newLate(t)
	g := Do(f.Store1, purchase.PostGRN, GRN(f.suppliers[0], "B/1", Line(f.powders[0], 10, 2_000_00),
		purchase.GRNLine{Item: f.packing[0], Qty: 300, Unit: "pcs"}, purchase.GRNLine{Item: f.packing[1], Qty: 30, Unit: "pcs"}))
	o := f.order(f.finished[0])
	nextDay(f.Factory)
	rc := f.recall(g.Lots[0].Lot)
	f.recall(g.Lots[1].Lot) // jars
	nextDay(f.Factory)
	before := f.Tables()
	pack := func(by *User, on core.Date, want string, jars ...packing.Taken) packing.Run {
		t.Helper()
		r, err := Try(by, packing.PostRun, packing.PostRunReq{Version: 1, PackedOn: on, Reason: "no power",
			RunFields: packing.RunFields{Profile: f.profiles[0], Item: f.finished[0], Lot: g.Lots[0].Lot, Segment: core.Regular, Packs: 200, Components: jars}})
		f.says(err, want)
		return r
	}
	jars := packing.Taken{Item: f.packing[0], Override: chosen(g.Lots[1].Lot, 200)}
	pack(f.Store1, 0, "LOT-20260212-002"+byRecall, jars)
	pack(f.Owner, 0, "LOT-20260212-002"+ifLeft, jars)
	pack(f.Owner, day(1), "LOT-20260212-002"+ifLeft, jars)
	pack(f.Owner, day(0), "need 200 pcs, available 0 pcs. LOT-20260212-002 was recalled after that day; if it left before, choose it by hand.")
	f.Unchanged(before, "refused")
	r := pack(f.Owner, day(0), "", jars)
	d := f.load(o, r.Lot)
	f.confirm(f.Store1, d, 0, 0, r.LotNo+byRecall)
	f.confirm(f.Owner, d, 0, 0, r.LotNo+ifLeft)
	f.confirm(f.Owner, d, 0, day(0), "")
	f.finds(rc)
	f.Verify()
}

// TestR30_IssuedBeforeTheRecall: a batch that was started, and given its material, on a day
// before the recall; what comes out of it is frozen.
func TestR30_IssuedBeforeTheRecall(t *testing.T) {
	f := newLate(t)
	g := Do(f.Store1, purchase.PostGRN, GRN(f.suppliers[0], "B/1", Line(f.raw[0], 20, 2_000_00)))
	b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: f.recipes[0], Charge: 10 * core.Kilogram})
	nextDay(f.Factory)
	rc := f.recall(g.Lots[0].Lot)
	nextDay(f.Factory)
	before := f.Tables()
	start := func(by *User, on core.Date, want string) {
		t.Helper()
		started, err := Try(by, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version, Earlier: production.Earlier{EffectiveOn: on, Reason: "no power"}})
		if f.says(err, want); err == nil {
			b = started
		}
	}
	const lacks = "need 10.000 kg, available 0.000 kg. LOT-20260212-001"
	start(f.Store1, 0, lacks+byRecall)
	start(f.Owner, 0, lacks+ifLeft)
	start(f.Owner, day(1), lacks+ifLeft)
	f.Unchanged(before, "refused")
	start(f.Owner, day(0), "")
	before = f.Tables()
	issue := func(by *User, on core.Date, lots stock.Override, want string) {
		t.Helper()
		q := 10 * core.Kilogram
		issued, err := Try(by, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q, Override: lots}},
			Earlier: production.Earlier{EffectiveOn: on, Reason: "no power"}})
		if f.says(err, want); err == nil {
			b = issued
		}
	}
	byHand := chosen(g.Lots[0].Lot, 10*core.Kilogram)
	issue(f.Store1, 0, byHand, "LOT-20260212-001"+byRecall)
	issue(f.Owner, 0, byHand, "LOT-20260212-001"+ifLeft)
	issue(f.Owner, day(1), byHand, "LOT-20260212-001"+ifLeft)
	issue(f.Owner, day(0), stock.Override{}, lacks+" was recalled after that day; if it left before, choose it by hand.")
	f.Unchanged(before, "refused")
	issue(f.Owner, day(0), byHand, "")
	b = Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * core.Kilogram})
	rc = Do(f.Owner, trace.GetRecall, trace.GetRecallReq{ID: rc.ID})
	if len(rc.Frozen) != 2 || rc.Frozen[1].Lot != b.Result.Outputs[0].Lot {
		t.Errorf("frozen are %+v", rc.Frozen)
	}
	f.Verify()
}
