package production

import (
	"masala/core"
	"masala/core/op"
	"masala/core/recipe"
	"masala/core/stock"
)

// Head is the record of a batch.
type Head struct {
	Row
	RecipeVersion int64
	Note          string
	StartedAt     core.Stamp // when and by whom; version 0 before
	CancelReason  string
	core.Stamp
}

// Typed is a weight that was typed for a line of the card, or an extra (line 0), by a
// document that stands.
type Typed struct {
	Line     int
	Item     core.ItemID
	Qty      core.Qty
	Reason   string // of an extra, or of an override
	Suggest  []stock.Share
	Override bool
	Document core.DocumentID // 0 where nothing but zeros was typed
}

// InProcess is what a batch holds of one lot.
type InProcess struct {
	Item  core.ItemID
	Lot   core.LotID
	Qty   core.Qty
	Value core.Paise
}

// Completion is the paper of a completed batch.
type Completion struct {
	Document   core.DocumentID
	Number     string
	On         core.Date
	Input      core.Qty
	InputValue core.Paise
	Loss       core.Qty
	GainReason string
	Expensed   core.Qty
	Expense    core.Paise
	Outputs    []Output
	Values     []core.Paise
	Waste      []Waste
}

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	stock.Ledger
	recipe.Store
	Allocatable(core.ItemID) ([]stock.LotRow, error)
	RowsOf(core.DocumentID) ([]stock.Row, error)
	Batches(ListBatchesReq) (ListBatchesResp, error)
	Batch(ID) (Head, error) // core.CodeNotFound
	InsertBatch(Head) (ID, error)
	MarkStarted(ID, core.Stamp) error
	// MarkCancelled ties the batch to the return of its material; 0 where there is none.
	MarkCancelled(id ID, document core.DocumentID, reason string, s core.Stamp) error
	MarkChanged(ID, core.Stamp) error
	InsertTyped(ID, Typed) error
	TypedOf(ID) ([]Typed, error)
	IssuedLots(ID) ([]IssuedLot, error)
	// InProcess sums the WIP rows of the batch's documents and their reversals, and what
	// price corrections that stand put on its material (R14).
	InProcess(ID) ([]InProcess, error)
	// TakenFrom sums the stock rows of the batch's issues that stand, per cell, with the
	// price corrections on them.
	TakenFrom(ID) ([]stock.Cell, error)
	MadeOf(ID) ([]core.DocumentID, error) // issues and price corrections that stand
	InsertCompletion(ID, Completion) error
	CompletionOf(ID) (Completion, bool, error) // that stands
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, PlanBatch, func(c *op.Call, tx T, q PlanBatchReq) (Batch, error) { return plan(c, tx, q) })
	op.Handle(r, StartBatch, func(c *op.Call, tx T, q StartBatchReq) (Batch, error) { return start(c, tx, q) })
	op.Handle(r, IssueMaterial, func(c *op.Call, tx T, q IssueReq) (Batch, error) { return issue(c, tx, q) })
	op.Handle(r, CompleteBatch, func(c *op.Call, tx T, q CompleteReq) (Batch, error) { return complete(c, tx, q) })
	op.Handle(r, CancelBatch, func(c *op.Call, tx T, q CancelReq) (Batch, error) { return cancel(c, tx, q) })
	op.Handle(r, ListBatches, func(_ *op.Call, tx T, q ListBatchesReq) (ListBatchesResp, error) { return tx.Batches(q) })
	op.Handle(r, GetBatch, func(c *op.Call, tx T, q GetBatchReq) (Batch, error) {
		v, err := read(c, tx, q.ID)
		return v.Batch, err
	})
	op.Handle(r, GetValuedBatch, func(c *op.Call, tx T, q GetBatchReq) (ValuedBatch, error) { return read(c, tx, q.ID) })
}
