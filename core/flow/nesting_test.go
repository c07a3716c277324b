package flow_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/app"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// crossing is a story in which a document was cancelled across a price correction, or the
// correction itself after its stock had moved.
type crossing struct {
	name   string
	tell   func(t *testing.T) (f *Factory, cancel core.DocumentID)
	naming string // what stands in the way
}

func (c crossing) String() string { return c.name }

func number(f *Factory, id core.DocumentID) string {
	f.T.Helper()
	for _, d := range Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Limit: 100}).Documents {
		if d.ID == id {
			return d.Number
		}
	}
	f.T.Fatalf("there is no document %d", id)
	return ""
}

// released is 100 kg of a raw material worth 10,000.00.
func released(t *testing.T) (f *Factory, m *masters, g purchase.PostGRNResp, key stock.CellKey) {
	t.Helper()
	f, m = newFactory(t)
	g = Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "X/1", Line(m.raw[0], 100, 10_000_00)))
	return f, m, g, stock.CellKey{Lot: g.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}
}

func mill(f *Factory, m *masters, q core.Qty) production.Batch {
	f.T.Helper()
	b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: q})
	b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	b = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
	return Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: q - core.Kilogram})
}

// crossings are every kind of document that moves stock without anything standing on it,
// and the correction itself, both ways.
var crossings = []crossing{
	{"a credit note, 99 of 100 kg milled since", func(t *testing.T) (*Factory, core.DocumentID) {
		f, m, g, _ := released(t)
		note := correct(f, g, -5_000_00)
		mill(f, m, 99*core.Kilogram)
		return f, note.Document
	}, "MI-20260212-001, PR-20260212-001"},
	{"a debit note, 90 of 100 kg milled since", func(t *testing.T) (*Factory, core.DocumentID) {
		f, m, g, _ := released(t)
		note := correct(f, g, 1_000_00)
		mill(f, m, 90*core.Kilogram)
		return f, note.Document
	}, "MI-20260212-001, PR-20260212-001"},
	{"a purchase return", func(t *testing.T) (*Factory, core.DocumentID) {
		f, _, g, key := released(t)
		back := Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: key, Qty: 40 * core.Kilogram, Reason: "stones"})
		correct(f, g, 1_000_00)
		return f, back.Document
	}, "PC-20260212-001"},
	{"a disposal", func(t *testing.T) (*Factory, core.DocumentID) {
		f, _, g, key := released(t)
		gone := Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: key, Qty: -30 * core.Kilogram, Reason: "Spoilage"})
		correct(f, g, 1_000_00)
		return f, gone.Document
	}, "PC-20260212-001"},
	{"a stock count", func(t *testing.T) (*Factory, core.DocumentID) {
		f, _, g, key := released(t)
		n := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
		Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: n.ID, Entries: []stock.CountEntry{{CellKey: key, Qty: 70 * core.Kilogram}}})
		counted := Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: n.ID})
		correct(f, g, 1_000_00)
		return f, counted.Document
	}, "PC-20260212-001"},
	{"a hold before another one", func(t *testing.T) (*Factory, core.DocumentID) {
		f, _, g, key := released(t)
		first := Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: key.Lot, Qty: 50 * core.Kilogram, Reason: "smells"})
		Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: key.Lot, Qty: 10 * core.Kilogram, Reason: "smells"})
		correct(f, g, 1_000_00)
		return f, first.Document
	}, "PC-20260212-001"},
	{"a batch that was cancelled", func(t *testing.T) (*Factory, core.DocumentID) {
		f, _, b, g := milling(t)
		Do(f.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"})
		back := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindMaterialReturn}}).Documents[0]
		correct(f, g, 200_00)
		return f, back.ID
	}, "PC-20260212-001"},
	{"a sales return", func(t *testing.T) (*Factory, core.DocumentID) {
		f, _, g, d := sold(t)
		lot := d.Items[0].Lots[0].Lot
		back := func(n core.Qty) core.DocumentID {
			return Do(f.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: lot, Qty: n, Condition: sales.Good}}}).Document
		}
		first := back(90)
		back(10)
		correct(f, g, 1_000_00)
		return f, first
	}, "PC-20260212-001"},
	{"a segment transfer", func(t *testing.T) (*Factory, core.DocumentID) {
		f, _, g, d := sold(t)
		lot := d.Items[0].Lots[0].Lot
		Do(f.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: lot, Qty: 90, Condition: sales.Good}}})
		move := func(n core.Qty) core.DocumentID {
			return Do(f.Owner, stock.TransferSegment, stock.TransferReq{CellKey: stock.CellKey{Lot: lot, Segment: core.Regular, Status: stock.Hold}, To: core.Online, Qty: n, Reason: "festival"}).Document
		}
		first := move(20)
		move(10)
		correct(f, g, 1_000_00)
		return f, first
	}, "PC-20260212-001"},
	{"a debit note whose goods were sold since", func(t *testing.T) (*Factory, core.DocumentID) {
		f, _, g, d := sold(t)
		note := correct(f, g, 1_000_00)
		Do(f.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: d.Items[0].Lots[0].Lot, Qty: 90, Condition: sales.Good}}})
		return f, note.Document
	}, "SR-20260212-001"},
}

// sold is a delivery of 10 kg of powder worth 2,000.00, all packed and sold.
func sold(t *testing.T) (*Factory, *masters, purchase.PostGRNResp, sales.Dispatch) {
	t.Helper()
	f, m := newFactory(t)
	powder, jars, labels := Line(m.powders[0], 10, 2_000_00), purchase.GRNLine{Item: m.packing[0], Qty: 300, Unit: "pcs"}, purchase.GRNLine{Item: m.packing[1], Qty: 30, Unit: "pcs"}
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "B/1", powder, jars, labels))
	Do(f.Store1, packing.PostRun, packing.PostRunReq{Version: 1, RunFields: packing.RunFields{Profile: m.profiles[0], Item: m.finished[0], Lot: g.Lots[0].Lot, Segment: core.Regular, Packs: 200}})
	o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: m.customers[0], Lines: []sales.OrderLine{{Item: m.finished[0], Qty: 200, Unit: "pcs", Price: 27_43}}}})
	d := Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 200}}})
	return f, m, g, Do(f.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
}

// TestR09_PriceCorrectionsGoNewestFirst: what moved stock before its price was corrected is
// not cancelled under the correction, nor the correction after its stock has moved: stock of
// one lot would come to lie side by side at several costs. The refusal names what to
// cancel first; done so, everything can be cancelled and nothing is left.
func TestR09_PriceCorrectionsGoNewestFirst(t *testing.T) {
	sideBySide(t, crossings, func(t *testing.T, x crossing) {
		f, id := x.tell(t)
		before := f.Tables()
		_, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: id, Reason: "entered wrongly"})
		want := number(f, id) + " cannot be cancelled, because the price of the stock it moved was corrected since: " + x.naming + ". Cancel those first."
		if strings.HasPrefix(number(f, id), "PC-") {
			want = number(f, id) + " cannot be cancelled, because the stock whose price it corrects has moved since: " + x.naming + ". Cancel those first, or post a note of the opposite amount instead."
		}
		switch number(f, id)[:3] {
		case "ADJ", "SC-":
			want = strings.TrimSuffix(want, ".") + ", or correct it by an adjustment."
		}
		if core.CodeOf(err) != core.CodeConflict || said(err) != want {
			t.Errorf("the answer is %s, want %s", said(err), want)
		}
		f.Unchanged(before, "refused")
		docs := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Limit: 100}).Documents
		for _, d := range docs {
			Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: d.ID, Reason: "entered wrongly"})
		}
		if left := balances(f); len(left) > 0 {
			t.Errorf("newest first all can be cancelled, and there is left %v", left)
		}
		f.Verify()
	})
}

// TestVerify_FindsWhatWasCancelledAcrossAPriceCorrection: books in which it happened are
// found; those of the time before it was refused are told of and not called wrong.
func TestVerify_FindsWhatWasCancelledAcrossAPriceCorrection(t *testing.T) {
	sideBySide(t, crossings, func(t *testing.T, x crossing) {
		f, id := x.tell(t)
		f.Verify()
		mirrorOf(f, id)
		f.FindProblem("price: REV-20260212-001 was cancelled across a price correction")
		r := f.Excused("price order")
		if slices.ContainsFunc(r.Problems, func(p string) bool { return strings.HasPrefix(p, "price: ") }) || len(r.Remarks) != 1 || !strings.HasPrefix(r.Remarks[0], "REV-20260212-001 was cancelled across a price correction") {
			t.Errorf("of before: problems %q, remarks %q", r.Problems, r.Remarks)
		}
	})
}

// TestR14_ANoteOncePerLine: a supplier's note that was posted for a line is not posted for
// it again, however it is typed; for another line, and once it was cancelled, it is.
func TestR14_ANoteOncePerLine(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "X/1", Line(m.raw[0], 100, 10_000_00), Line(m.raw[2], 10, 1_000_00)))
	post := func(line int, number string, delta core.Paise) (purchase.PriceCorrection, error) {
		return Try(f.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: line, Delta: delta, NoteNo: number, Reason: "rate"})
	}
	first, err := post(1, "DN/Uj-7", 500_00)
	if err != nil {
		t.Fatal(err)
	}
	before := f.Tables()
	_, err = post(1, " dn/UJ-7 ", -99_000_00)
	if got := said(err); !strings.Contains(got, "DN/Uj-7 is posted for this line already, as "+first.Number+".") || !strings.Contains(got, "A credit cannot be larger") {
		t.Errorf("both faults must be said, not %s", got)
	}
	f.Unchanged(before, "refused")
	if _, err := post(2, "DN/Uj-7", 500_00); err != nil {
		t.Errorf("for the other line: %v", err)
	}
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: first.Document, Reason: "wrong amount"})
	if _, err := post(1, "DN/Uj-7", 400_00); err != nil {
		t.Errorf("after it was cancelled: %v", err)
	}
	f.Verify()
}

// mirrorOf cancels a document past the rule, as was possible once.
func mirrorOf(f *Factory, id core.DocumentID) {
	f.T.Helper()
	c := &op.Call{Now: f.Clock.Now(), Zone: f.Clock.Now().Location(), Actor: core.Actor{User: f.Owner.ID, Name: "owner", Role: core.Admin, Device: "SERVER"}}
	err := f.DB.Write(context.Background(), func(s app.Store) error {
		v, err := stock.Begin(c, s, stock.Document{Kind: stock.KindReversal, Reason: "x", Reverses: id})
		if err != nil {
			return err
		}
		rows, err := s.RowsOf(id)
		if err != nil {
			return err
		}
		slices.SortStableFunc(rows, func(a, b stock.Row) int { return int(min(max(a.Qty-b.Qty, -1), 1)) })
		for _, r := range rows {
			m := r.Movement
			m.Qty, m.Value = -m.Qty, -m.Value
			v.Move(m)
		}
		edges, err := s.EdgesOf(id)
		if err != nil {
			return err
		}
		for _, e := range edges {
			v.From(stock.Edge{Child: e.Child, Parent: e.Parent, Qty: -e.Qty, Value: -e.Value})
		}
		return v.Post()
	})
	if err != nil {
		f.T.Fatal(err)
	}
}
