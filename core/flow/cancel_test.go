package flow_test

import (
	"testing"

	"masala/core"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestR09_CancelledTwice: a batch that was cancelled, taken up again by reversing that,
// and cancelled again is one that the verifier knows.
func TestR09_CancelledTwice(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "C/1", Line(m.raw[0], 20, 2_000_01)))
	b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 10 * core.Kilogram})
	b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	q := 10 * core.Kilogram
	b = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
	for range 2 {
		b = Do(f.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"})
		f.Verify()
		back := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindMaterialReturn}}).Documents[0]
		Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: back.ID, Reason: "it runs again"})
		b = Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
		if f.Verify(); b.State != production.Running || b.Issued != q {
			t.Fatalf("taken up again it is %s with %s", b.State, b.Issued.String(core.Mass))
		}
	}
}

// TestVerify_ABatchThatRunsAgain: material of a batch that was cancelled and taken up again
// may be priced anew, and the verifier knows that it runs.
func TestVerify_ABatchThatRunsAgain(t *testing.T) {
	t.Parallel()
	f, _, b, g := milling(t)
	b = Do(f.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"})
	back := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindMaterialReturn}}).Documents[0]
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: back.ID, Reason: "it runs again"})
	if c := correct(f, g, 200_00); c.InProcess != 100_00 {
		t.Errorf("corrected as %+v", c)
	}
	f.Verify()
	b = Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
	Do(f.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down again"})
	f.Verify()
}

// TestR24_WhatComesBackIsJudgedFirst: material that was in the mill while QC rejected or
// held the rest of its lot comes back on hold, whether an Operator cancels the batch or an
// Admin cancels the issue. What was released again, or never doubted, is usable at once.
func TestR24_WhatComesBackIsJudgedFirst(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name   string
		judge  func(f *Factory, lot core.LotID)
		status stock.Status
	}{
		{"nothing", func(*Factory, core.LotID) {}, stock.Released},
		{"held", func(f *Factory, lot core.LotID) {
			Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Reason: "smells"})
		}, stock.Hold},
		{"rejected", func(f *Factory, lot core.LotID) {
			Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Reason: "smells"})
			Do(f.Owner, stock.RejectLot, stock.ChangeStatusReq{Lot: lot, Reason: "aflatoxin"})
			Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: stock.CellKey{Lot: lot, Segment: core.Regular, Status: stock.Rejected}, Qty: -10 * core.Kilogram, Reason: "Spoilage"})
		}, stock.Hold},
		{"released again", func(f *Factory, lot core.LotID) {
			Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Reason: "smells"})
			Do(f.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: lot, Reason: "aired"})
		}, stock.Released},
		{"released again in part", func(f *Factory, lot core.LotID) {
			Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Reason: "smells"})
			Do(f.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: lot, Qty: core.Kilogram, Reason: "aired"})
		}, stock.Hold},
		{"held by mistake", func(f *Factory, lot core.LotID) {
			p := Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: lot, Reason: "smells"})
			Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: p.Document, Reason: "another lot"})
		}, stock.Released},
	} {
		for _, cancel := range []bool{true, false} {
			f, m := newFactory(t)
			lot := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "K/1", Line(m.raw[0], 20, 2_000_01))).Lots[0].Lot
			b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 10 * core.Kilogram})
			b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
			q := 10 * core.Kilogram
			b = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
			x.judge(f, lot)
			if cancel {
				Do(f.Store1, production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"})
			} else {
				Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Issues[0].Document, Reason: "another batch"})
			}
			back := Do(f.Store1, stock.GetLot, stock.GetLotReq{ID: lot}).History[0]
			if back.Status != x.status || back.Qty != q {
				t.Errorf("%s, batch cancelled %v: it comes back as %s of %s", x.name, cancel, back.Status, back.Qty.String(core.Mass))
			}
			f.Verify()
		}
	}
}

// TestR40_VerifyKnowsEveryEdge: whatever kind of document an edge belongs to, the verifier
// misses it, or finds that it was changed.
func TestR40_VerifyKnowsEveryEdge(t *testing.T) {
	t.Parallel()
	for _, kind := range []stock.DocumentKind{stock.KindOpening, stock.KindGRN, stock.KindProduction, stock.KindPriceCorrection, stock.KindReversal} {
		for _, damage := range []string{`UPDATE edge SET qty = qty + 5`, `UPDATE edge SET value = value + 5`, `DELETE FROM edge`} {
			f, m := newFactory(t)
			f.Opening(m.finished[0], 1000, 20_000_00)
			g := Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "V/1", Line(m.raw[0], 20, 2_000_01)))
			b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[0], Charge: 10 * core.Kilogram})
			b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
			q := 10 * core.Kilogram
			b = Do(f.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
			b = Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * core.Kilogram})
			Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: b.Result.Document, Reason: "wrong weight"})
			b = Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: b.ID})
			Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 8 * core.Kilogram})
			Do(f.Owner, purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: g.Document, Line: 1, Delta: 200_00, NoteNo: "N", Reason: "r"})
			f.Verify()
			f.SQL(`DROP TRIGGER edge_fixed`, `DROP TRIGGER edge_kept`, damage+` WHERE id = (SELECT max(e.id) FROM edge e JOIN document d ON d.id = e.document_id WHERE d.kind = '`+string(kind)+`')`)
			f.FindProblem("genealogy: ")
		}
	}
}
