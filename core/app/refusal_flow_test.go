package app_test

import (
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/op"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/recipe"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// flowRefusals are what the tables of each area leave out: bad fields in an edit, what
// does not exist, what is over, and what is too long or too large.
func (s *shelf) flowRefusals() []refusal {
	s.T.Helper()
	long := strings.Repeat("म", 501)
	r := Do(s.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipeFields(s.Factory)})
	running := started(s.Factory)
	over := Do(s.Store1, production.CancelBatch, production.CancelReq{ID: running.ID, Version: running.Version, Reason: "x"})
	running = started(s.Factory)
	fields := salesFields(s.Factory)
	o := Do(s.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: fields})
	d := Do(s.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 5}}})
	sent := confirmed(s.Factory)
	gone := confirmed(s.Factory)
	Do(s.Owner, stock.ReverseDocument, stock.ReverseReq{Document: gone.Document, Reason: "x"})
	open := Do(s.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: s.posted.Lots[0].Lot, Reason: "stones"})
	shut := Do(s.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: s.posted.Lots[1].Lot, Reason: "stones"})
	shut = Do(s.Owner, trace.CloseRecall, trace.CloseRecallReq{ID: shut.ID, Version: shut.Version, Reason: "clean"})
	closed := Do(s.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: orderFields(s.Factory)})
	closed = Do(s.Owner, purchase.CloseOrder, purchase.CloseOrderReq{ID: closed.ID, Version: closed.Version, Reason: "x"})
	wrongGRN := grn(s.Factory, stock.Released)
	Do(s.Owner, stock.ReverseDocument, stock.ReverseReq{Document: wrongGRN.Document, Reason: "x"})
	bad, badOrder, badSale := r.Fields, s.orderFields, fields
	bad.Code, bad.Lines = "", []recipe.Line{{Item: 9_999, Share: 9_999}}
	badOrder.Note, badOrder.Lines = long, nil
	badSale.Reference, badSale.Note, badSale.Lines = strings.Repeat("x", 41), long, []sales.OrderLine{{Item: s.raw.ID, Qty: core.MaxQty + 1, Unit: strings.Repeat("x", 21), Price: core.MaxPaise + 1}}
	free := stock.CellKey{Lot: s.posted.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}
	lot, big := sent.Items[0].Lots[0].Lot, core.MaxQty+1
	credit := core.MaxPaise + 1
	invalid, missing, conflict := core.CodeInvalid, core.CodeNotFound, core.CodeConflict
	return []refusal{
		{"bad fields in a recipe", recipe.UpdateRecipe.Meta, recipe.UpdateRecipeReq{ID: r.ID, Version: r.Version, Fields: bad}, invalid, "code lines"},
		{"a recipe with a long note", recipe.CreateRecipe.Meta, recipe.CreateRecipeReq{Fields: recipe.Fields{Code: strings.Repeat("x", 21), Name: strings.Repeat("x", 101), Note: long, Item: 1, Lines: []recipe.Line{{Item: 2, Share: core.Whole}}}}, invalid, "code name note item"},
		{"plan a batch beyond everything", production.PlanBatch.Meta, production.PlanBatchReq{Recipe: r.ID, Charge: core.MaxQty + 1, Note: long}, invalid, "charge note"},
		{"start a cancelled batch", production.StartBatch.Meta, production.StartBatchReq{ID: over.ID, Version: over.Version}, conflict, ""},
		{"issue to an unknown batch", production.IssueMaterial.Meta, production.IssueReq{ID: 9_999, Lines: []production.Issue{{Line: 1, Qty: new(core.Qty)}}}, missing, "id"},
		{"issue to a cancelled batch", production.IssueMaterial.Meta, production.IssueReq{ID: over.ID, Version: over.Version, Lines: []production.Issue{{Line: 1, Qty: new(core.Qty)}}}, conflict, ""},
		{"issue at an old version", production.IssueMaterial.Meta, production.IssueReq{ID: running.ID, Version: 1, Lines: []production.Issue{{Line: 1, Qty: new(core.Qty)}}}, conflict, ""},
		{"issue more than anybody has", production.IssueMaterial.Meta, production.IssueReq{ID: running.ID, Version: running.Version, Lines: []production.Issue{{Line: 1, Qty: &big}}, Extras: []production.Extra{{Item: 1, Qty: big, Reason: long}}}, invalid,
			"lines[0].qty extras[0].qty extras[0].reason"},
		{"complete an unknown batch", production.CompleteBatch.Meta, production.CompleteReq{ID: 9_999, Output: 1}, missing, "id"},
		{"complete what nothing went into", production.CompleteBatch.Meta, production.CompleteReq{ID: running.ID, Version: running.Version, Output: 1}, invalid, "card[0].actual"},
		{"complete beyond everything", production.CompleteBatch.Meta, production.CompleteReq{ID: running.ID, Version: running.Version, Output: big, GainReason: long}, invalid, "output gain_reason card[0].actual"},
		{"cancel an unknown batch", production.CancelBatch.Meta, production.CancelReq{ID: 9_999, Reason: "x"}, missing, "id"},
		{"cancel a cancelled batch", production.CancelBatch.Meta, production.CancelReq{ID: over.ID, Version: over.Version, Reason: "x"}, conflict, ""},
		{"cancel with a long reason", production.CancelBatch.Meta, production.CancelReq{ID: running.ID, Version: running.Version, Reason: long}, invalid, "reason"},

		{"bad fields in a purchase order", purchase.UpdateOrder.Meta, purchase.UpdateOrderReq{ID: s.order.ID, Version: s.order.Version, OrderFields: badOrder}, invalid, "note lines"},
		{"change a closed purchase order", purchase.UpdateOrder.Meta, purchase.UpdateOrderReq{ID: closed.ID, Version: closed.Version, OrderFields: s.orderFields}, conflict, ""},
		{"close an unknown purchase order", purchase.CloseOrder.Meta, purchase.CloseOrderReq{ID: 9_999, Reason: "x"}, missing, "id"},
		{"close a closed purchase order", purchase.CloseOrder.Meta, purchase.CloseOrderReq{ID: closed.ID, Version: closed.Version, Reason: "x"}, conflict, ""},
		{"open an unknown purchase order", purchase.ReopenOrder.Meta, purchase.ReopenOrderReq{ID: 9_999, Reason: "x"}, missing, "id"},
		{"open a purchase order that is open", purchase.ReopenOrder.Meta, purchase.ReopenOrderReq{ID: s.order.ID, Version: s.order.Version, Reason: "x"}, conflict, ""},
		{"open an old purchase order", purchase.ReopenOrder.Meta, purchase.ReopenOrderReq{ID: closed.ID, Version: 7, Reason: "x"}, conflict, ""},
		{"open a purchase order with a long reason", purchase.ReopenOrder.Meta, purchase.ReopenOrderReq{ID: closed.ID, Version: closed.Version, Reason: long}, invalid, "reason"},
		{"correct a cancelled GRN", purchase.CorrectPrice.Meta, purchase.CorrectPriceReq{GRN: wrongGRN.Document, Line: 1, Delta: 1, NoteNo: "x", Reason: "x"}, conflict, ""},
		{"correct beyond everything", purchase.CorrectPrice.Meta, purchase.CorrectPriceReq{GRN: s.posted.Document, Line: 1, Delta: core.MaxPaise + 1, NoteNo: long, Reason: long}, invalid, "delta note_no reason"},
		{"cancel the receipt of what a recall holds", stock.ReverseDocument.Meta, stock.ReverseReq{Document: s.posted.Document, Reason: "x"}, conflict, "document"},
		{"return beyond everything", purchase.ReturnGoods.Meta, purchase.ReturnGoodsReq{CellKey: free, Qty: big, Credit: &credit, Reason: long}, invalid, "qty credit reason"},

		{"bad fields in a sales order", sales.UpdateOrder.Meta, sales.UpdateOrderReq{ID: o.ID, Version: o.Version, OrderFields: badSale}, invalid, "reference note lines[0].qty lines[0].price lines[0].unit"},
		{"close an unknown sales order", sales.CloseOrder.Meta, sales.CloseOrderReq{ID: 9_999, Reason: "x"}, missing, "id"},
		{"close an old sales order", sales.CloseOrder.Meta, sales.CloseOrderReq{ID: o.ID, Version: 7, Reason: "x"}, conflict, ""},
		{"dispatch beyond everything", sales.DraftDispatch.Meta, sales.DraftReq{Order: o.ID, Note: long, Lines: []sales.DraftLine{{OrderLine: 1, Qty: big}}}, invalid, "note lines[0].qty"},
		{"bad fields in a draft", sales.UpdateDraft.Meta, sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Lines: []sales.DraftLine{{OrderLine: 2, Qty: 1}}}, invalid, "lines[0].order_line"},
		{"an old draft", sales.UpdateDraft.Meta, sales.UpdateDraftReq{ID: d.ID, Version: 7, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 1}}}, conflict, ""},
		{"discard an unknown draft", sales.DiscardDraft.Meta, sales.DiscardReq{ID: 9_999}, missing, "id"},
		{"confirm an unknown draft", sales.Confirm.Meta, sales.ConfirmReq{ID: 9_999}, missing, "id"},
		{"confirm what was cancelled", sales.Confirm.Meta, sales.ConfirmReq{ID: gone.ID, Version: gone.Version}, conflict, ""},
		{"an unknown dispatch leaves", sales.MarkDispatched.Meta, sales.DispatchedReq{ID: 9_999, Vehicle: "x"}, missing, "id"},
		{"a dispatch leaves by a long name", sales.MarkDispatched.Meta, sales.DispatchedReq{ID: sent.ID, Version: sent.Version, Vehicle: strings.Repeat("x", 41), Transporter: strings.Repeat("x", 101)}, invalid, "vehicle transporter"},
		{"return of what was cancelled", sales.PostReturn.Meta, sales.PostReturnReq{Dispatch: gone.ID, Reason: "x", Lines: []sales.ReturnLine{{Lot: lot, Qty: 1, Condition: sales.Good}}}, conflict, ""},
		{"return beyond everything", sales.PostReturn.Meta, sales.PostReturnReq{Dispatch: sent.ID, Reason: long, Lines: []sales.ReturnLine{{Lot: lot, Qty: big, Condition: "WET"}}}, invalid, "reason lines[0].qty lines[0].condition"},

		{"recall with a long reason", trace.OpenRecall.Meta, trace.OpenRecallReq{Lot: 1, Reason: long}, invalid, "reason"},
		{"close an old recall", trace.CloseRecall.Meta, trace.CloseRecallReq{ID: open.ID, Version: 7, Reason: "x"}, conflict, ""},
		{"close a closed recall", trace.CloseRecall.Meta, trace.CloseRecallReq{ID: shut.ID, Version: shut.Version, Reason: "x"}, conflict, ""},
	}
}

// TestFlowRefusals sends them on a shelf of its own.
func TestFlowRefusals(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.refuses(s.flowRefusals())
}

// TestEveryBusinessWriteIsRefusedSomething: whoever adds a write that changes the books
// says with which code and fields it refuses bad input, and so proves that nothing
// changed.
func TestEveryBusinessWriteIsRefusedSomething(t *testing.T) {
	t.Parallel()
	s, line, flow := newShelf(t), newShelf(t), newShelf(t)
	refused := map[string]bool{}
	for _, r := range slices.Concat(s.millRefusals(), s.shopRefusals(), s.refusals(), line.packingRefusals(), flow.flowRefusals()) {
		refused[r.op.Name] = true
	}
	for _, m := range op.All() {
		if (m.Kind == op.Business || strings.HasPrefix(m.Name, "trace.") && m.Kind == op.Control) && !refused[m.Name] {
			t.Errorf("%s has no refusal", m.Name)
		}
	}
}
