package report_test

import (
	"testing"

	"masala/core"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/report"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestMonthsAreNetOfWhatCameBack: what went back to a supplier, what a note took off and
// what a customer sent back lower the figures of the day on which it happened.
func TestMonthsAreNetOfWhatCameBack(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.twoBatches() // 14-Feb; bought on the 12th: ₹10,400 of turmeric, ₹600 for 300 jars
	to := Do(m.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: "Main Distributor Pune", StateCode: "27", Segment: core.Regular, Active: true}})
	o := Do(m.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: to.ID, Lines: []sales.OrderLine{{Item: m.packs.ID, Qty: 40, Unit: "pcs", Price: 27_43}}}})
	d := Do(m.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
	d = Do(m.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	back := func(qty core.Qty, condition sales.Condition) stock.Posted {
		return Do(m.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "leaks", Lines: []sales.ReturnLine{{Lot: d.Items[0].Lots[0].Lot, Qty: qty, Condition: condition}}}).Posted
	}
	month := func(when string, bought, sold, boughtBefore, soldBefore core.Paise) {
		t.Helper()
		v := Do(m.Owner, report.ValuedDashboard, report.DashboardReq{})
		if v.Purchases != bought || v.Dispatched != sold || v.PurchasesBefore != boughtBefore || v.DispatchedBefore != soldBefore {
			t.Errorf("%s: bought %s, dispatched %s, before %s and %s; want %s, %s, %s and %s", when, v.Purchases.Number(), v.Dispatched.Number(), v.PurchasesBefore.Number(),
				v.DispatchedBefore.Number(), bought.Number(), sold.Number(), boughtBefore.Number(), soldBefore.Number())
		}
	}
	month("sold", 11_000_00, 1_097_20, 0, 0)

	// 10 good and 3 damaged packs at ₹27.43; a return that is cancelled never was.
	back(10, sales.Good)
	back(3, sales.Damaged)
	wrong := back(5, sales.Good)
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: wrong.Document, Reason: "not ours"})
	month("13 packs came back", 11_000_00, 1_097_20-274_30-82_29, 0, 0)

	// 50 jars, worth ₹100, go back for ₹90; a note takes ₹40 off the jars.
	jars := Do(m.Store1, stock.ListLots, stock.ListLotsReq{Item: m.jar.ID}).Lots[0]
	Do(m.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: jars.CellKey, Qty: 50, Credit: new(core.Paise(90_00)), Reason: "cracked"})
	note := Do(m.Owner, stock.ListDocuments, stock.ListDocumentsReq{Query: "GRN-20260212-002"}).Documents[0].ID
	Do(m.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: note, Line: 2, Delta: -40_00, NoteNo: "CN/1", Reason: "rate"})
	month("50 jars went back", 11_000_00-90_00-40_00, 740_61, 0, 0)

	// Received and cancelled is nothing.
	freighted := GRN(m.erode, "E/2", Line(m.turmeric.ID, 5, 500_00))
	freighted.Freight = 30_00
	g := Do(m.Store1, purchase.PostGRN, freighted)
	month("received", 10_870_00+530_00, 740_61, 0, 0)
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: g.Document, Reason: "wrong party"})
	month("cancelled", 10_870_00, 740_61, 0, 0)
	v := Do(m.Owner, report.ValuedDashboard, report.DashboardReq{})
	if b, s := v.PurchaseDays, v.DispatchDays; v.Receipts != 2 || v.Challans != 1 || len(b) != report.CurveDays || b[11].Value != 11_000_00 || b[13].Value != -130_00 || s[13].Value != 740_61 {
		t.Errorf("%d receipts, %d challans, bought %+v, sold %+v", v.Receipts, v.Challans, b, s)
	}

	// A month later the rest comes back: that is of March. February stays as it was, so far
	// as it had gone on that day.
	m.GoTo(Start.AddDate(0, 1, 2))
	rest := back(27, sales.Good)
	month("all came back", 0, -740_61, 10_870_00, 740_61)
	m.GoTo(Start.AddDate(0, 1, 3))
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: rest.Document, Reason: "not ours"})
	month("it did not", 0, 0, 10_870_00, 740_61)
	v = Do(m.Owner, report.ValuedDashboard, report.DashboardReq{})
	if s := v.DispatchDays; s[12].Value != -740_61 || s[13].Value != 740_61 {
		t.Errorf("sold %+v", s)
	}
	m.Verify()
}

// TestAMonthThatIsOverKeepsItsFigure: what is cancelled lowers the day on which it is
// cancelled, as what comes back does: challans, returns and receipts.
func TestAMonthThatIsOverKeepsItsFigure(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.twoBatches()
	to := Do(m.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: "Main Distributor Pune", StateCode: "27", Segment: core.Regular, Active: true}})
	sell := func(qty core.Qty) sales.Dispatch {
		o := Do(m.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: to.ID, Lines: []sales.OrderLine{{Item: m.packs.ID, Qty: qty, Unit: "pcs", Price: 27_43}}}})
		d := Do(m.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: qty}}})
		return Do(m.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	}
	cancel := func(doc core.DocumentID) {
		Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: doc, Reason: "wrong customer"})
	}
	board := func(when string, bought, sold, boughtBefore, soldBefore core.Paise) report.ValuedDashboardResp {
		t.Helper()
		v := Do(m.Owner, report.ValuedDashboard, report.DashboardReq{})
		if v.Purchases != bought || v.Dispatched != sold || v.PurchasesBefore != boughtBefore || v.DispatchedBefore != soldBefore {
			t.Errorf("%s: bought %s, dispatched %s, before %s and %s; want %s, %s, %s and %s", when, v.Purchases.Number(), v.Dispatched.Number(), v.PurchasesBefore.Number(),
				v.DispatchedBefore.Number(), bought.Number(), sold.Number(), boughtBefore.Number(), soldBefore.Number())
		}
		return v
	}
	wrong, kept := sell(40), sell(30) // 14-Feb: ₹1,097.20 and ₹822.90
	back := Do(m.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: kept.ID, Reason: "leaks", Lines: []sales.ReturnLine{{Lot: kept.Items[0].Lots[0].Lot, Qty: 11, Condition: sales.Good}}})
	g := Do(m.Store1, purchase.PostGRN, GRN(m.erode, "E/2", Line(m.turmeric.ID, 5, 500_00)))
	board("February", 11_500_00, 1_920_10-301_73, 0, 0)
	same := sell(10)
	cancel(same.Document)
	if v := board("cancelled on its day", 11_500_00, 1_920_10-301_73, 0, 0); v.Challans != 2 {
		t.Errorf("%d challans", v.Challans)
	}

	m.GoTo(Start.AddDate(0, 1, 7)) // 19-Mar
	Do(m.Owner, stock.ClosePeriod, stock.ClosePeriodReq{Month: core.NewDate(2026, 2, 1)})
	board("March", 0, 0, 11_500_00, 1_920_10-301_73)
	cancel(wrong.Document)
	board("a challan of February", 0, -1_097_20, 11_500_00, 1_920_10-301_73)
	cancel(back.Document)
	board("a return of February", 0, -1_097_20+301_73, 11_500_00, 1_920_10-301_73)
	cancel(g.Document)
	board("a receipt of February", -500_00, -1_097_20+301_73, 11_500_00, 1_920_10-301_73)
	m.GoTo(m.Clock.Now().AddDate(0, 0, 1))
	cancel(kept.Document)
	v := board("the other challan", -500_00, -1_920_10+301_73, 11_500_00, 1_920_10-301_73)
	if s := v.DispatchDays; s[12].Value != -1_097_20+301_73 || s[13].Value != -822_90 {
		t.Errorf("sold %+v", s)
	}
	m.Verify()
}
