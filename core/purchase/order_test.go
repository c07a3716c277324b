package purchase_test

import (
	"testing"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/report"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestOrderIsReceivedInParts follows an order over two receipts, one of them
// cancelled, to its end.
func TestOrderIsReceivedInParts(t *testing.T) {
	t.Parallel()
	f := New(t)
	supplier := f.Supplier("Sangli Haldi Traders")
	haldi, dhania := f.Item("RAW-001", "Turmeric"), f.Item("RAW-002", "Coriander")
	o := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: supplier.ID, Lines: []purchase.OrderLine{
		{Item: haldi.ID, Qty: 100 * core.Kilogram, Unit: "kg", Value: 14_300_00}, {Item: dhania.ID, Qty: 50 * core.Kilogram, Unit: "kg"}}}})
	if o.Number != "PO-20260212-001" || o.State != purchase.OrderOpen || o.ExpectedOn != core.NewDate(2026, 2, 16) || o.Total != 14_300_00 {
		t.Errorf("ordered as %+v", o)
	}
	receive := func(invoice string, line int, kg int64) purchase.PostGRNResp {
		t.Helper()
		req := GRN(supplier.ID, invoice, Line(o.Items[line-1].Item, kg, 1_000_00))
		req.Order, req.Lines[0].OrderLine, req.Reason = o.ID, line, "they had no smaller sack"
		return Do(f.Store1, purchase.PostGRN, req)
	}
	state := func(want purchase.OrderState, haldi, dhania core.Qty) {
		t.Helper()
		got := Do(f.Store1, purchase.GetOrder, purchase.GetOrderReq{ID: o.ID})
		if got.State != want || got.Items[0].Received != haldi*core.Kilogram || got.Items[1].Received != dhania*core.Kilogram {
			t.Errorf("is %s with %+v, want %s %d %d", got.State, got.Items, want, haldi, dhania)
		}
	}
	receive("S/1", 1, 60)
	state(purchase.OrderPartial, 60, 0)
	wrong := receive("S/2", 1, 40)
	receive("S/3", 2, 55) // more came than was ordered
	state(purchase.OrderReceived, 100, 55)
	if due := Do(f.Store1, purchase.ListOrders, purchase.ListOrdersReq{Due: true}).Orders; len(due) != 0 {
		t.Errorf("still due: %+v", due)
	}
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: wrong.Document, Reason: "other truck"})
	state(purchase.OrderPartial, 60, 55)
	_, err := Try(f.Owner, purchase.UpdateOrder, purchase.UpdateOrderReq{ID: o.ID, Version: 1, OrderFields: purchase.OrderFields{Supplier: supplier.ID, Lines: []purchase.OrderLine{{Item: haldi.ID, Qty: 1, Unit: "kg"}}}})
	if core.CodeOf(err) != core.CodeConflict {
		t.Errorf("changed after it was received: %v", err)
	}
	if c := Do(f.Owner, purchase.CloseOrder, purchase.CloseOrderReq{ID: o.ID, Version: 1, Reason: "rest not available"}); c.State != purchase.OrderClosed || c.Version != 2 {
		t.Errorf("closed as %+v", c.OrderRow)
	}
	req := GRN(supplier.ID, "S/4", Line(haldi.ID, 1, 1))
	req.Order, req.Lines[0].OrderLine = o.ID, 1
	if _, err := Try(f.Store1, purchase.PostGRN, req); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("received with a closed order: %v", err)
	}
	f.Verify()
}

// TestReorder lists what is at its minimum, counts what is on order, and knows who
// delivered last.
func TestReorder(t *testing.T) {
	t.Parallel()
	f := New(t)
	min := func(kg core.Qty) func(*catalog.ItemFields) {
		return func(i *catalog.ItemFields) { i.MinStock = kg * core.Kilogram }
	}
	haldi, mirchi := f.Item("RAW-001", "Turmeric", min(100)), f.Item("RAW-002", "Chilli", min(100))
	f.Item("RAW-003", "Salt")
	a, b := f.Supplier("Sangli Haldi Traders"), f.Supplier("Guntur Chilli Co")
	Do(f.Store1, purchase.PostGRN, GRN(b.ID, "G/0", Line(haldi.ID, 10, 1)))
	Do(f.Store1, purchase.PostGRN, GRN(a.ID, "S/1", Line(haldi.ID, 20, 1)))
	Do(f.Store1, purchase.PostGRN, GRN(b.ID, "G/1", Line(mirchi.ID, 101, 1)))
	rows := Do(f.Store1, purchase.ListReorder, purchase.ListReorderReq{}).Rows
	if len(rows) != 1 || rows[0].Item != haldi.ID || rows[0].OnHand != 30*core.Kilogram || rows[0].Suggest != 170*core.Kilogram || rows[0].Supplier != a.ID || rows[0].LeadDays != 4 {
		t.Errorf("to order: %+v", rows)
	}
	Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: a.ID, Lines: []purchase.OrderLine{{Item: haldi.ID, Qty: 70 * core.Kilogram, Unit: "kg"}}}})
	if rows := Do(f.Store1, purchase.ListReorder, purchase.ListReorderReq{}).Rows; len(rows) != 1 || rows[0].OnOrder != 70*core.Kilogram || rows[0].Suggest != 100*core.Kilogram {
		t.Errorf("with an order at the minimum: %+v", rows)
	}
	Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: a.ID, Lines: []purchase.OrderLine{{Item: haldi.ID, Qty: core.Kilogram, Unit: "kg"}}}})
	if rows := Do(f.Store1, purchase.ListReorder, purchase.ListReorderReq{}).Rows; len(rows) != 0 {
		t.Errorf("when enough is on order: %+v", rows)
	}
}

// TestReorder_OnlyWhatCanBeUsed: stock that was rejected or has expired keeps nobody from
// ordering; stock that waits for QC does.
func TestReorder_OnlyWhatCanBeUsed(t *testing.T) {
	t.Parallel()
	f := New(t)
	item := f.Item("RAW-001", "Turmeric", func(i *catalog.ItemFields) { i.MinStock = 50 * core.Kilogram })
	short := func(l *stock.OpeningLine) { l.ExpiryOn = core.NewDate(2026, 2, 20) }
	rejected, _ := f.Opening(item.ID, 100*core.Kilogram, 1_000_00), f.Opening(item.ID, 30*core.Kilogram, 300_00, short)
	same := func(what string, have core.Qty, listed bool) {
		t.Helper()
		rows := Do(f.Store1, purchase.ListReorder, purchase.ListReorderReq{}).Rows
		d := Do(f.Owner, report.ValuedDashboard, report.DashboardReq{})
		if len(rows) == 1 != listed || d.ReorderItems == 1 != listed || listed && (rows[0].OnHand != have || d.Reorder[0].OnHand != have || rows[0].Suggest != 100*core.Kilogram-have) {
			t.Errorf("%s: %+v, dashboard %+v", what, rows, d.Reorder)
		}
	}
	same("all of it good", 0, false)
	Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: rejected.Lot, Qty: 100 * core.Kilogram, Reason: "smell"})
	same("on hold", 0, false)
	Do(f.Owner, stock.RejectLot, stock.ChangeStatusReq{Lot: rejected.Lot, Qty: 100 * core.Kilogram, Reason: "aflatoxin"})
	same("rejected", 30*core.Kilogram, true)
	f.GoTo(Start.Add(8 * 24 * time.Hour))
	same("on its last day", 30*core.Kilogram, true)
	f.GoTo(Start.Add(9 * 24 * time.Hour))
	same("expired", 0, true)
}

// TestR14_CorrectionOfOneLot: what is still there, what was used up, and a credit
// beyond what the rest is worth.
func TestR14_CorrectionOfOneLot(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	g := Do(f.Store1, purchase.PostGRN, GRN(supplier.ID, "S/1", Line(item.ID, 100, 10_000_00)))
	key := stock.CellKey{Lot: g.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}
	Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: key, Qty: -20 * core.Kilogram, Reason: "Spoilage"})
	Do(f.Owner, stock.HoldLot, stock.ChangeStatusReq{Lot: key.Lot, Qty: 30 * core.Kilogram, Reason: "moist"})
	value := func(want core.Paise) {
		t.Helper()
		if got := Do(f.Owner, stock.GetValuedLot, stock.GetLotReq{ID: key.Lot}).Value; got != want {
			t.Errorf("the lot is worth %s, want %s", got, want)
		}
	}
	req := purchase.CorrectPriceReq{GRN: g.Document, Line: 1, Delta: 500_00, NoteNo: "DN/1", Reason: "rate difference"}
	p := Do(f.Owner, purchase.PreviewPrice, req)
	if len(p.Stock) != 1 || p.Stock[0].Value != 400_00 || p.Variance != 100_00 || p.Sold != 0 || p.Document != 0 {
		t.Errorf("previewed as %+v", p)
	}
	value(8_000_00)
	first := Do(f.Owner, purchase.CorrectPrice, req)
	value(8_400_00)
	if _, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: g.Document, Reason: "x"}); core.CodeOf(err) != core.CodeConflict {
		t.Errorf("reversed under its correction: %v", err)
	}
	credit := core.Paise(5_000_00)
	Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: key, Qty: 50 * core.Kilogram, Credit: &credit, Reason: "stones"})
	value(3_150_00)                            // 30 kg of the 8,400.00 on 80 kg
	req.Delta, req.NoteNo = -10_000_00, "CN/1" // 30 kg left, 20 spoiled, 50 returned: 3,000.00 of it
	if p := Do(f.Owner, purchase.CorrectPrice, req); p.Stock[0].Value != -3_000_00 || p.Variance != -7_000_00 {
		t.Errorf("credited as %+v", p)
	}
	value(150_00)
	req.NoteNo = "CN/2" // of the 10,500.00 it cost with the debit note 500.00 are left
	if p, err := Try(f.Owner, purchase.CorrectPrice, req); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("credited beyond its price as %+v, %v", p, err)
	}
	req.Delta = -500_00
	if p := Do(f.Owner, purchase.CorrectPrice, req); p.Stock[0].Value != -150_00 || p.Variance != -350_00 {
		t.Errorf("credited beyond its value as %+v", p)
	}
	value(0)
	_, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: first.Document, Reason: "x"})
	if core.CodeOf(err) != core.CodeConflict {
		t.Errorf("a correction whose value has gone was reversed: %v", err)
	}
	f.Verify()
}

// TestR15_PurchaseReturn leaves at the lot's value; the rest is a price variance.
func TestR15_PurchaseReturn(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	g := Do(f.Store1, purchase.PostGRN, GRN(supplier.ID, "S/1", Line(item.ID, 3, 100_00)))
	key := stock.CellKey{Lot: g.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}
	accounts := func(supplier, variance core.Paise) {
		t.Helper()
		for _, a := range Do(f.Owner, stock.TrialBalance, stock.TrialBalanceReq{}).Accounts {
			if want, ok := map[stock.Account]core.Paise{stock.Supplier: supplier, stock.Variance: variance}[a.Account]; ok && a.Value != want {
				t.Errorf("%s is %s, want %s", a.Account, a.Value, want)
			}
		}
	}
	less := core.Paise(30_00)
	back := Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: key, Qty: core.Kilogram, Credit: &less, NoteNo: "DN/7", Reason: "stones"})
	accounts(-70_00, 3_33)
	rest := Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: key, Qty: 2 * core.Kilogram, Reason: "stones"})
	accounts(-3_33, 3_33)
	if back.Number != "PRT-20260212-001" {
		t.Errorf("numbered %s", back.Number)
	}
	for _, d := range []stock.Posted{rest, back} {
		Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: d.Document, Reason: "kept"})
	}
	accounts(-100_00, 0)
	f.Verify()
	customer := Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: "Sahyadri", StateCode: "27", Segment: core.Regular, Active: true}})
	if _, err := Try(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: customer.ID, Lines: []purchase.OrderLine{{Item: item.ID, Qty: 1, Unit: "kg"}}}}); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("ordered from a customer: %v", err)
	}
}
