package stock

import (
	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// Ledger is what posting needs from the books, inside one transaction.
type Ledger interface {
	Head() (core.Seq, Hash, error) // newest ledger row; 0 and a zero hash before the first
	AppendRows([]Row) error
	InsertEdges(core.DocumentID, []Edge) error
	InsertDocument(Document) (core.DocumentID, error)
	Document(core.DocumentID) (Document, error) // core.CodeNotFound
	DocumentByNumber(number string) (core.DocumentID, bool, error)
	Series
	Cell(CellKey) (Cell, newestIn, error) // an empty cell for one that was never used
	PutCells([]CellNow) error
	// Aside lists, day by day, lot by lot and holder by holder, what is held of the batches
	// (WIP) or of the dispatch (COGS) that a document takes from whose rows are written.
	Aside(Account, Document) ([]Aside, error)
	AddToItem(item core.ItemID, q core.Qty, v core.Paise, cells int) error
	AddToAccountDay(Account, core.Date, core.Paise) error
	AddToItemDay(core.ItemID, core.Date, core.Qty, core.Paise) error
	OpenRecalls(core.LotID) ([]Mark, error) // that freeze the lot, oldest first
	FreezeLot(core.LotID, Mark) error       // nothing happens where the lot has the mark
	// Decisions lists what became of stock of a lot by the QC documents after one that
	// stand: the statuses it was given, oldest first.
	Decisions(of core.LotID, after core.DocumentID) ([]Status, error)
	// BornWith are the allergens of a lot that is born now of other lots, or of none.
	BornWith(item core.ItemID, of []core.LotID) ([]string, error)
	LotAllergens(core.LotID) ([]string, error) // that a lot was born with
	InsertLot(Lot) (core.LotID, error)
	Lot(core.LotID) (Lot, error) // core.CodeNotFound
	ItemRef(core.ItemID) (ItemRef, error)
	LastClosedMonth() (core.Date, error) // its first day; 0 when none is closed
	FirstDay() (core.Date, error)        // the earliest business day of the ledger; 0 when it is empty
	BackdateDays() (int, error)
}

// newestIn is the business date of a cell's newest inbound or value-only row;
// nothing may be dated before it (R7).
type newestIn = core.Date

// CellNow is a cell with the business date of its newest inbound or value-only row.
type CellNow struct {
	Cell
	Newest newestIn
}

// Store is what the operations of this package need from the books.
type Store interface {
	Ledger
	registers
	Item(core.ItemID) (catalog.Item, error)
	Lots(q ListLotsReq, today core.Date) (ListValuedLotsResp, error)
	LotDetail(core.LotID) (ValuedLotDetail, error)
	Valuation() (ValuationResp, error)
	Documents(ListDocumentsReq) (ListDocumentsResp, error)
	RowsOf(core.DocumentID) ([]Row, error)
	EdgesOf(core.DocumentID) ([]Edge, error)
	// StandingOn names the documents that stand on this one and are not reversed.
	StandingOn(core.DocumentID) ([]string, error)
	// CorrectionsOver names the price corrections after a document that stand and were
	// shared out over stock it moved.
	CorrectionsOver(core.DocumentID) ([]string, error)
	// MovedSince names the documents after a price correction that stand and moved stock
	// it was shared out over.
	MovedSince(correction core.DocumentID) ([]string, error)
	ReversalOf(core.DocumentID) (number string, ok bool, err error)
	AuditedAs(core.DocumentID) ([]string, error) // what the audit log says a document changed: "dispatch DC/2526/00001"
	Paper(core.DocumentID) (ValuedPaper, error)  // core.CodeNotFound
	// DocumentsInTheWay names the documents that stand and used what this one moved:
	// later ones, or earlier ones where the stock between them was cancelled.
	DocumentsInTheWay(of core.DocumentID) ([]string, error)
	CellsOfLot(core.LotID) ([]Cell, error)
	OpenCells(ListLotsReq) ([]LotRow, error)
	Allocatable(core.ItemID) ([]LotRow, error) // every cell of the item with stock, in no order
	InsertCount(Count, core.UserID) (CountID, error)
	Count(CountID) (Count, error) // core.CodeNotFound
	AddToCount(CountID, CountEntry, core.Seq, core.UserID) error
	// MovedIn names the documents that moved quantity in or out of a cell after a ledger row.
	MovedIn(CellKey, core.Seq) ([]string, error)
	CellsInCounts() (map[CellKey]string, error) // by number of the open count that has them
	Entries(ListEntriesReq) (ListEntriesResp, error)
	CountedEntry(EntryID) (EntryRow, error) // core.CodeNotFound
	VoidEntry(VoidEntryReq, core.UserID) error
	VoidedByUpgrade() ([]EntryRow, error) // of which the audit log does not tell yet
	MarkCountPosted(CountID, core.DocumentID, core.Seq) error
	CloseCount(CountID, CountState, core.Seq) error
	Counts(ListCountsReq) (ListCountsResp, error)
	InsertPeriod(Period) error
	Periods() ([]Period, error)
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, ListLots, func(c *op.Call, tx T, q ListLotsReq) (ListLotsResp, error) { return listLots(c, tx, q) })
	op.Handle(r, ListValuedLots, func(c *op.Call, tx T, q ListLotsReq) (ListValuedLotsResp, error) { return tx.Lots(q, c.Today()) })
	op.Handle(r, GetLot, func(_ *op.Call, tx T, q GetLotReq) (LotDetail, error) {
		d, err := tx.LotDetail(q.ID)
		return d.LotDetail, err
	})
	op.Handle(r, GetValuedLot, func(_ *op.Call, tx T, q GetLotReq) (ValuedLotDetail, error) { return valuedLot(tx, q.ID) })
	op.Handle(r, Valuation, func(c *op.Call, tx T, _ ValuationReq) (ValuationResp, error) { return valuation(c, tx) })
	op.Handle(r, ListDocuments, func(_ *op.Call, tx T, q ListDocumentsReq) (ListDocumentsResp, error) { return tx.Documents(q) })
	op.Handle(r, GetDocument, func(_ *op.Call, tx T, q GetDocumentReq) (Paper, error) {
		p, err := tx.Paper(q.ID)
		return p.Paper, err
	})
	op.Handle(r, GetValuedDocument, func(_ *op.Call, tx T, q GetDocumentReq) (ValuedPaper, error) { return tx.Paper(q.ID) })
	op.Handle(r, Adjust, func(c *op.Call, tx T, q AdjustReq) (Posted, error) { return adjust(c, tx, q) })
	op.Handle(r, HoldLot, func(c *op.Call, tx T, q ChangeStatusReq) (Posted, error) {
		return changeStatus(c, tx, q, Released, Hold)
	})
	op.Handle(r, ReleaseLot, func(c *op.Call, tx T, q ChangeStatusReq) (Posted, error) {
		return changeStatus(c, tx, q, Hold, Released)
	})
	op.Handle(r, RejectLot, func(c *op.Call, tx T, q ChangeStatusReq) (Posted, error) {
		return changeStatus(c, tx, q, Hold, Rejected)
	})
	op.Handle(r, SuggestNumbers, func(c *op.Call, tx T, q SuggestNumbersReq) (SuggestNumbersResp, error) {
		return suggestNumbers(c, tx, q)
	})
	op.Handle(r, PostOpening, func(c *op.Call, tx T, q PostOpeningReq) (PostOpeningResp, error) { return postOpening(c, tx, q) })
	op.Handle(r, TransferSegment, func(c *op.Call, tx T, q TransferReq) (Posted, error) { return transferSegment(c, tx, q) })
	op.Handle(r, ReverseDocument, func(c *op.Call, tx T, q ReverseReq) (Posted, error) { return reverse(c, tx, q) })
	op.Handle(r, OpenCount, func(c *op.Call, tx T, q OpenCountReq) (Count, error) { return openCount(c, tx, q) })
	op.Handle(r, GetCount, func(_ *op.Call, tx T, q GetCountReq) (Count, error) { return tx.Count(q.ID) })
	op.Handle(r, RecordCount, func(c *op.Call, tx T, q RecordCountReq) (Count, error) { return recordCount(c, tx, q) })
	op.Handle(r, ListEntries, func(_ *op.Call, tx T, q ListEntriesReq) (ListEntriesResp, error) { return tx.Entries(q) })
	op.Handle(r, VoidEntry, func(c *op.Call, tx T, q VoidEntryReq) (Count, error) { return voidEntry(c, tx, q) })
	op.Handle(r, PostCount, func(c *op.Call, tx T, q PostCountReq) (PostCountResp, error) { return postCount(c, tx, q) })
	op.Handle(r, ClosePeriod, func(c *op.Call, tx T, q ClosePeriodReq) (Period, error) { return closePeriod(c, tx, q) })
	op.Handle(r, CancelCount, func(c *op.Call, tx T, q CancelCountReq) (Count, error) { return cancelCount(c, tx, q) })
	op.Handle(r, ListCounts, func(_ *op.Call, tx T, q ListCountsReq) (ListCountsResp, error) { return tx.Counts(q) })
	registerRegisters(r)
	op.Handle(r, ListPeriods, func(_ *op.Call, tx T, _ ListPeriodsReq) (ListPeriodsResp, error) {
		p, err := tx.Periods()
		return ListPeriodsResp{p}, err
	})
}

func listLots(c *op.Call, tx Store, q ListLotsReq) (ListLotsResp, error) {
	if q.Sort == ByValue {
		return ListLotsResp{}, core.Invalid("sort", "Sort by expiry, lot, item, qty or status.")
	}
	v, err := tx.Lots(q, c.Today())
	rows := make([]LotRow, len(v.Lots))
	for i := range v.Lots {
		rows[i] = v.Lots[i].LotRow
	}
	return ListLotsResp{rows, v.Next, v.Counts}, err
}

func valuedLot(tx Store, id core.LotID) (ValuedLotDetail, error) {
	d, err := tx.LotDetail(id)
	d.Rate, _ = core.Rate(d.Value, d.Qty, d.Dimension)
	return d, err
}

func valuation(c *op.Call, tx Store) (ValuationResp, error) {
	v, err := tx.Valuation()
	v.At, v.Method = c.Now, ValuationMethod
	for i := range v.Items {
		it := &v.Items[i]
		it.Rate, _ = core.Rate(it.Value, it.Qty, it.Dimension)
	}
	return v, err
}
