package flow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// TestEveryDocumentIsRead: every posted document of a factory can be read row by row, its
// rows sum to nothing, and to an Operator without a value.
func TestEveryDocumentIsRead(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "X/1", Line(m.raw[0], 100, 10_000_00)))
	key := stock.CellKey{Lot: g.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}
	a := Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: key, Qty: -30 * kg, Reason: "Spoilage"})
	note := Do(f.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: 1, Delta: 100_00, NoteNo: "DN/1", Reason: "rate"})
	back := Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: key, Qty: 10 * kg, Reason: "wet"})
	hold := Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: key.Lot, Qty: 5 * kg, Reason: "sample"})
	rev := Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: hold.Document, Reason: "done"})
	packs := f.Opening(m.finished[0], 10, 100_00)
	move := Do(f.Owner, stock.TransferSegment, stock.TransferReq{CellKey: packs, To: core.Online, Qty: 4, Reason: "sale"})
	for _, id := range []core.DocumentID{g.Document, a.Document, note.Document, back.Document, hold.Document, rev.Document, move.Document} {
		open, full := Do(f.Store1, stock.GetDocument, stock.GetDocumentReq{ID: id}), Do(f.Owner, stock.GetValuedDocument, stock.GetDocumentReq{ID: id})
		sum, stocked := core.Paise(0), false
		for i, r := range full.Rows {
			sum, stocked = sum+full.Values[i], stocked || r.Account == stock.InStock
		}
		if len(open.Rows) < 2 || !slices.Equal(open.Rows, full.Rows) || sum != 0 || !stocked || open.Number == "" {
			t.Errorf("document %d is read as %+v, worth %v", id, open, full.Values)
		}
	}
	p := Do(f.Owner, stock.GetValuedDocument, stock.GetDocumentReq{ID: note.Document})
	want := map[stock.Account]core.Paise{stock.Supplier: -100_00, stock.InStock: 70_00, stock.Variance: 30_00}
	for i, r := range p.Rows {
		if want[r.Account] != p.Values[i] {
			t.Errorf("the correction moves %s in %s", p.Values[i], r.Account)
		}
	}
	if len(p.On) == 0 || p.On[0].Number != g.Number {
		t.Errorf("the correction stands on %+v", p.On)
	}
	if c := Do(f.Store1, stock.GetDocument, stock.GetDocumentReq{ID: g.Document}).Carries; len(c) != 2 || c[0].Number != note.Number || c[1].Number != back.Number {
		t.Errorf("on the GRN stand %+v", c)
	}
	if p := Do(f.Store1, stock.GetDocument, stock.GetDocumentReq{ID: hold.Document}); p.ReversedBy != rev.Number {
		t.Errorf("the hold is %+v", p.DocumentRow)
	}
	f.Verify()
}

// TestR43_TheLogIsFoundUnderWhatWasChanged: a cancellation under what it cancelled, a
// document under its number, everything that moved a lot under the lot.
func TestR43_TheLogIsFoundUnderWhatWasChanged(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	packs := f.Opening(m.finished[0], 100, 1_000_00)
	d := sell(f, m.customers[0], m.finished[0], 10)
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: d.Document, Reason: "wrong customer"})
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "X/1", Line(m.raw[0], 100, 10_000_00)))
	key := stock.CellKey{Lot: g.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}
	a := Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: key, Qty: -30 * kg, Reason: "Spoilage"})
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: a.Document, Reason: "no"})
	n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
	Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: key, Qty: 80 * kg}}})
	Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
	Do(f.Owner, stock.TransferSegment, stock.TransferReq{CellKey: packs, To: core.Online, Qty: 4, Reason: "sale"})
	found := func(q system.ListAuditReq) string {
		var all []string
		for {
			r := Do(f.Owner, system.ListAudit, q)
			for _, x := range r.Rows {
				all = append(all, x.Operation[strings.Index(x.Operation, ".")+1:])
			}
			if q.After = r.Next; q.After == "" {
				return strings.Join(all, " ")
			}
		}
	}
	today := core.NewDate(2026, 2, 12)
	for name, v := range map[string]struct {
		q    system.ListAuditReq
		want string
	}{
		"the dispatch":          {system.ListAuditReq{Entity: "dispatch " + d.Challan}, "reverse_document confirm_dispatch"},
		"its number alone":      {system.ListAuditReq{Entity: d.Challan}, "reverse_document reverse_document confirm_dispatch"},
		"its invoice":           {system.ListAuditReq{Entity: d.Invoice}, "reverse_document reverse_document confirm_dispatch"},
		"its order":             {system.ListAuditReq{Entity: d.OrderNumber}, "draft_dispatch create_order"},
		"the lot, page by page": {system.ListAuditReq{Entity: "lot " + g.Lots[0].Number, Limit: 1}, "reverse_document adjust"},
		"everything of the lot": {system.ListAuditReq{Entity: g.Lots[0].Number, Limit: 2}, "post_count reverse_document reverse_document adjust post_grn"},
		"the adjustment":        {system.ListAuditReq{Document: a.Document}, "reverse_document reverse_document adjust"},
		"today's transfers":     {system.ListAuditReq{Operation: "stock.transfer_segment", From: today, To: today}, "transfer_segment"},
		"yesterday":             {system.ListAuditReq{To: today.AddDays(-1)}, ""},
		"tomorrow":              {system.ListAuditReq{From: today.AddDays(1)}, ""},
	} {
		if got := found(v.q); got != v.want {
			t.Errorf("%s: found %q, want %q", name, got, v.want)
		}
	}
	for operation, want := range map[string][2]string{
		"stock.adjust":           {`{"qty":100000000}`, `"now":70000000}`},
		"stock.transfer_segment": {`"qty":100,`, `"qty":4`},
		"stock.post_count":       {`"qty":100000000}]}`, `"qty":80000000}]}`},
		"stock.reverse_document": {`"kind":"ADJ"`, `"reason":"no"`},
	} {
		r := Do(f.Owner, system.ListAudit, system.ListAuditReq{Operation: operation, Limit: 1}).Rows[0]
		if !strings.Contains(string(r.Old), want[0]) || !strings.Contains(string(r.New), want[1]) {
			t.Errorf("%s: %s became %s", operation, r.Old, r.New)
		}
	}
	f.Verify()
}

// TestR43_TheLogOfADayWithAClockSetBack: rows written before the clock was set back are
// found by their day, like those after it, whatever else narrows the log.
func TestR43_TheLogOfADayWithAClockSetBack(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	start := f.Clock.Now()
	f.Opening(m.finished[0], 100, 1_000_00)
	lose := func(n int) {
		Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: stock.CellKey{Lot: 1, Segment: core.Regular, Status: stock.Released}, Qty: -core.Qty(n), Reason: "Damage"})
	}
	for i, at := range []time.Duration{24, 30, 12, 26, 48} { // hours; 12 and 26 are after the clock was set back
		f.GoTo(start.Add(at * time.Hour))
		lose(i + 1)
	}
	day := core.NewDate(2026, 2, 12)
	for _, q := range []system.ListAuditReq{{Operation: "stock.adjust"}, {User: f.Owner.ID, Operation: "stock.adjust"}, {Entity: "lot ", Operation: "stock.adjust"}} {
		for want, days := range map[string][2]core.Date{"5 4 3 2 1": {}, "2 4 1 3": {0, day.AddDays(1)}, "5 2 4 1": {day.AddDays(1), 0}, "2 4 1": {day.AddDays(1), day.AddDays(1)}} {
			var got []string
			for q.From, q.To, q.Limit, q.After = days[0], days[1], 2, ""; ; {
				r := Do(f.Owner, system.ListAudit, q)
				for _, x := range r.Rows {
					_, qty, _ := strings.Cut(string(x.New), `"qty":-`)
					got = append(got, qty[:1])
				}
				if q.After = r.Next; q.After == "" {
					break
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%+v found %q, want %q", q, got, want)
			}
		}
	}
}

// TestAGRNFindsTheLineOfItsOrder by the item, and one with nothing of the order is refused;
// an order closed by mistake is opened again.
func TestAGRNFindsTheLineOfItsOrder(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	o := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: m.suppliers[0], Lines: []purchase.OrderLine{{Item: m.raw[0], Qty: 100 * kg, Unit: "kg", Value: 10_000_00}}}})
	state := func() purchase.Order { return Do(f.Store1, purchase.GetOrder, purchase.GetOrderReq{ID: o.ID}) }
	r := GRN(m.suppliers[0], "X/1", Line(m.raw[0], 40, 4_000_00))
	r.Order = o.ID
	Do(f.Store1, purchase.PostGRN, r)
	if s := state(); s.State != purchase.OrderPartial || s.Items[0].Received != 40*kg {
		t.Errorf("the order is %+v", s)
	}
	other := GRN(m.suppliers[0], "X/2", Line(m.raw[1], 40, 4_000_00))
	other.Order = o.ID
	_, err := Try(f.Store1, purchase.PostGRN, other)
	if e, ok := err.(*core.Error); !ok || e.Field != "order" || !strings.HasPrefix(e.Message, "Nothing of this delivery was ordered with PO-") {
		t.Errorf("nothing of the order: %v", err)
	}
	Do(f.Owner, purchase.CloseOrder, purchase.CloseOrderReq{ID: o.ID, Version: state().Version, Reason: "done"})
	r.InvoiceNo = "X/3"
	if _, err := Try(f.Store1, purchase.PostGRN, r); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("received on a closed order: %v", err)
	}
	Do(f.Owner, purchase.ReopenOrder, purchase.ReopenOrderReq{ID: o.ID, Version: state().Version, Reason: "by mistake"})
	Do(f.Store1, purchase.PostGRN, r)
	if s := state(); s.State != purchase.OrderPartial || s.Items[0].Received != 80*kg {
		t.Errorf("opened again it is %+v", s)
	}
	if _, err := Try(f.Owner, purchase.ReopenOrder, purchase.ReopenOrderReq{ID: o.ID, Version: state().Version, Reason: "again"}); core.CodeOf(err) != core.CodeConflict {
		t.Errorf("an open order was opened: %v", err)
	}
	f.Verify()
}
