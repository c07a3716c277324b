package flow_test

import (
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/op"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// rivals do the same thing from two PCs at the same moment; said is a part of what the
// loser must be told, of one or the other where it depends on who wins.
type rivals struct {
	name string
	said string
	race func(f *Factory) (wins int, lost error)
}

// same is one request sent by both.
func same[Req, Resp any](o op.Op[Req, Resp], of func(f *Factory) Req) func(*Factory) (int, error) {
	return func(f *Factory) (int, error) {
		req := of(f)
		_, wins, lost := both(f, o, req, req)
		return wins, lost
	}
}

const modified = "This record was modified by another user. Please reload and try again."

// TestR40_OneOfTwoWins: whatever two people do to the same stock, batch, run, challan,
// count or document at the same moment, it happens once, the second is told why not, and
// the books are good.
func TestR40_OneOfTwoWins(t *testing.T) {
	t.Parallel()
	const kg = core.Kilogram
	for _, x := range []rivals{
		{"start", modified, same(production.StartBatch, func(f *Factory) production.StartBatchReq {
			_, b := planned(f)
			return production.StartBatchReq{ID: b.ID, Version: b.Version}
		})},
		{"issue to one batch", modified, same(production.IssueMaterial, func(f *Factory) production.IssueReq {
			_, b := planned(f)
			b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
			q := 10 * kg
			return production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}}
		})},
		{"complete", modified, same(production.CompleteBatch, func(f *Factory) production.CompleteReq {
			_, b := running(f)
			return production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * kg}
		})},
		{"complete and cancel", modified, func(f *Factory) (int, error) {
			_, b := running(f)
			return race(f.Owner, elsewhere(f), call(production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * kg}),
				call(production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"}))
		}},
		{"complete and cancel the issue", "type the weight that was used, 0 if none.|because these stand on it: PR-", func(f *Factory) (int, error) {
			_, b := running(f)
			return race(f.Owner, elsewhere(f), call(production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * kg}),
				call(stock.ReverseDocument, stock.ReverseReq{Document: b.Issues[0].Document, Reason: "another batch"}))
		}},
		{"pack one lot", ": need 6.000 kg, available 4.000 kg.", same(packing.PostRun, func(f *Factory) packing.PostRunReq {
			m := &template.masters
			g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "P/1", Line(m.powders[0], 10, 1_000_00), purchase.GRNLine{Item: m.packing[0], Qty: 500, Unit: "pcs", Value: 550_00}, purchase.GRNLine{Item: m.packing[1], Qty: 50, Unit: "pcs", Value: 50_00}))
			p := Do(f.Store1, packing.GetProfile, packing.GetProfileReq{ID: m.profiles[0]})
			return packing.PostRunReq{Version: p.Version, RunFields: packing.RunFields{Profile: p.ID, Item: m.finished[0], Lot: g.Lots[0].Lot, Segment: core.Regular, Packs: 120}}
		})},
		{"confirm two challans of one lot", "Turmeric 50 g: need 40 pcs, available 20 pcs.", func(f *Factory) (int, error) {
			f.Opening(template.finished[0], 60, 1_200_00)
			a, b := drafted(f), drafted(f)
			return race(f.Owner, elsewhere(f), call(sales.Confirm, sales.ConfirmReq{ID: a.ID, Version: a.Version}), call(sales.Confirm, sales.ConfirmReq{ID: b.ID, Version: b.Version}))
		}},
		{"take back", "only 10 pcs of DC/2526/00001 are still with the customer.", same(sales.PostReturn, func(f *Factory) sales.PostReturnReq {
			d := dispatched(f)
			return sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: d.Items[0].Lots[0].Lot, Qty: 30, Condition: sales.Good}}}
		})},
		{"take back and cancel", "Nothing can come back of this dispatch: it is cancelled.|because these stand on it: SR-", func(f *Factory) (int, error) {
			d := dispatched(f)
			return race(f.Owner, elsewhere(f), call(sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: d.Items[0].Lots[0].Lot, Qty: 30, Condition: sales.Damaged}}}),
				call(stock.ReverseDocument, stock.ReverseReq{Document: d.Document, Reason: "wrong customer"}))
		}},
		{"cancel one document", "was already cancelled by REV-", same(stock.ReverseDocument, func(f *Factory) stock.ReverseReq {
			return stock.ReverseReq{Document: dispatched(f).Document, Reason: "wrong customer"}
		})},
		{"credit one line", "A credit cannot be larger.", same(purchase.CorrectPrice, func(f *Factory) purchase.CorrectPriceReq {
			g, _ := running(f)
			return purchase.CorrectPriceReq{GRN: g.Document, Line: 1, Delta: -1_500_00, NoteNo: "CN/1", Reason: "rate"}
		})},
		{"price and cancel the receipt", "was cancelled by REV-|because these stand on it: PC-", func(f *Factory) (int, error) {
			m := &template.masters
			g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "W/9", Line(m.raw[0], 20, 2_000_00)))
			return race(f.Owner, elsewhere(f), call(purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: 1, Delta: 100_00, NoteNo: "DN/1", Reason: "rate"}),
				call(stock.ReverseDocument, stock.ReverseReq{Document: g.Document, Reason: "entered twice"}))
		}},
		{"post one count", "is already posted.", same(stock.PostCount, func(f *Factory) stock.PostCountReq {
			cell := f.Opening(template.finished[0], 60, 1_200_00)
			c := Do(f.Store1, stock.OpenCount, stock.OpenCountReq{})
			Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: c.ID, Entries: []stock.CountEntry{{CellKey: cell, Qty: 57}}})
			return stock.PostCountReq{ID: c.ID}
		})},
		{"open a count", "is still open and counts", same(stock.OpenCount, func(f *Factory) stock.OpenCountReq {
			f.Opening(template.finished[0], 60, 1_200_00)
			return stock.OpenCountReq{}
		})},
		{"adjust", ": need 40 pcs, available 20 pcs.", same(stock.Adjust, func(f *Factory) stock.AdjustReq {
			return stock.AdjustReq{CellKey: f.Opening(template.finished[0], 60, 1_200_00), Qty: -40, Reason: "Damage"}
		})},
		{"transfer", ": need 40 pcs, available 20 pcs.", same(stock.TransferSegment, func(f *Factory) stock.TransferReq {
			return stock.TransferReq{CellKey: f.Opening(template.finished[0], 60, 1_200_00), To: core.Online, Qty: 40, Reason: "web orders"}
		})},
		{"hold", " has 20 pcs released, not 40 pcs.", same(stock.HoldLot, func(f *Factory) stock.ChangeStatusReq {
			return stock.ChangeStatusReq{Lot: f.Opening(template.finished[0], 60, 1_200_00).Lot, Qty: 40, Reason: "sample"}
		})},
		{"release and reject", "has 20 pcs on hold, not 40 pcs.", func(f *Factory) (int, error) {
			cell := f.Opening(template.finished[0], 60, 1_200_00, func(l *stock.OpeningLine) { l.Hold = true })
			req := stock.ChangeStatusReq{Lot: cell.Lot, Qty: 40, Reason: "tested"}
			return race(f.Owner, elsewhere(f), call(stock.ReleaseLot, req), call(stock.RejectLot, req))
		}},
		{"return to the supplier", ": need 15.000 kg, available 5.000 kg.", same(purchase.ReturnGoods, func(f *Factory) purchase.ReturnGoodsReq {
			m := &template.masters
			g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "W/9", Line(m.raw[0], 20, 2_000_00)))
			return purchase.ReturnGoodsReq{CellKey: stock.CellKey{Lot: g.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}, Qty: 15 * kg, Reason: "stones"}
		})},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			for range 3 {
				f, _ := newFactory(t)
				wins, lost := x.race(f)
				if c := core.CodeOf(lost); wins != 1 || c != core.CodeConflict && c != core.CodeInsufficientStock && c != core.CodeInvalid || !slices.ContainsFunc(strings.Split(x.said, "|"), func(s string) bool { return strings.Contains(said(lost), s) }) {
					t.Errorf("%d won; the other is told %s, want %q", wins, said(lost), x.said)
				}
				f.Verify()
				f.Scrap()
			}
		})
	}
}

func planned(f *Factory) (purchase.PostGRNResp, production.Batch) {
	m := &template.masters
	g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "W/1", Line(m.raw[0], 30, 2_000_00)))
	return g, Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 10 * core.Kilogram})
}

func running(f *Factory) (purchase.PostGRNResp, production.Batch) {
	g, b := planned(f)
	b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	q := 10 * core.Kilogram
	return g, Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
}

// drafted is a draft of 40 packs.
func drafted(f *Factory) sales.Dispatch {
	m := &template.masters
	o := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: m.customers[0], Lines: []sales.OrderLine{{Item: m.finished[0], Qty: 40, Unit: "pcs", Price: 27_43}}}})
	return Do(f.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
}

// dispatched is a challan of 40 packs of 60.
func dispatched(f *Factory) sales.Dispatch {
	f.Opening(template.finished[0], 60, 1_200_00)
	d := drafted(f)
	return Do(f.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
}

// call is a request that one of two sends.
func call[Req, Resp any](o op.Op[Req, Resp], req Req) func(*User) error {
	return func(u *User) error {
		_, err := Try(u, o, req)
		return err
	}
}
