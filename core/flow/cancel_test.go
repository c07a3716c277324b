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
