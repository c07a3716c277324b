package flow_test

import (
	"strings"
	"testing"

	"masala/core"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// TestR09_ReversalNamesTheRecall: where a recall is what stands in the way of a
// reversal, it is named, and not some document whose reversal would not help.
func TestR09_ReversalNamesTheRecall(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	cell := f.Opening(m.finished[0], 90, 1_800_00)
	opening := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{}).Documents[0]
	Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: cell, Qty: -1, Reason: "Damage"})
	recall := Do(f.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: cell.Lot, Reason: "stones"})
	_, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: opening.ID, Reason: "entered twice"})
	if said := said(err); core.CodeOf(err) != core.CodeConflict || !strings.Contains(said, "[{document ") || !strings.Contains(said, "is frozen by recall "+recall.Number) || strings.Contains(said, "was used by") {
		t.Errorf("the reversal is answered %s", said)
	}
}
