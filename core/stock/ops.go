package stock

import (
	"slices"
	"strings"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// The operations on stock.
var (
	ListLots        = op.Define[ListLotsReq, ListLotsResp]("stock.list_lots", op.Read, op.Operator, "Filter, sort and page through the stock, one row per lot, segment and status.")
	ListValuedLots  = op.Define[ListLotsReq, ListValuedLotsResp]("stock.list_valued_lots", op.Read, op.Admin, "The same with values.", op.Viewed())
	GetLot          = op.Define[GetLotReq, LotDetail]("stock.get_lot", op.Read, op.Operator, "Read one lot: where it came from, what it holds and what happened to it.")
	GetValuedLot    = op.Define[GetLotReq, ValuedLotDetail]("stock.get_valued_lot", op.Read, op.Admin, "The same with values.", op.Viewed())
	Valuation       = op.Define[ValuationReq, ValuationResp]("stock.valuation", op.Read, op.Admin, "Value of the stock by category and item, with the method named.", op.Viewed())
	ListDocuments   = op.Define[ListDocumentsReq, ListDocumentsResp]("stock.list_documents", op.Read, op.Operator, "Page through everything posted, newest first.")
	Adjust          = op.Define[AdjustReq, Posted]("stock.adjust", op.Business, op.Admin, "Correct the quantity of a stock cell, with a reason.", op.Changes(Topic, TopicDocuments))
	HoldLot         = op.Define[ChangeStatusReq, Posted]("stock.hold_lot", op.Control, op.Operator, "Put released stock of a lot on hold.", op.Changes(Topic, TopicDocuments), op.Dated())
	ReleaseLot      = op.Define[ChangeStatusReq, Posted]("stock.release_lot", op.Business, op.Admin, "Release held stock of a lot.", op.Changes(Topic, TopicDocuments))
	RejectLot       = op.Define[ChangeStatusReq, Posted]("stock.reject_lot", op.Business, op.Admin, "Reject held stock of a lot.", op.Changes(Topic, TopicDocuments))
	ReverseDocument = op.Define[ReverseReq, Posted]("stock.reverse_document", op.Business, op.Admin, "Write the mirror of a posted document, dated today.", op.Changes(Topic, TopicDocuments))
	ClosePeriod     = op.Define[ClosePeriodReq, Period]("stock.close_period", op.Business, op.Admin, "Lock a month with its totals and chain head.", op.Changes(TopicPeriods))
	ListPeriods     = op.Define[ListPeriodsReq, ListPeriodsResp]("stock.list_periods", op.Read, op.Admin, "List the closed months.", op.Viewed())
)

// SortBy orders the stock list.
type SortBy string

// The orders; Expiry is FEFO: soonest first, none last.
const (
	ByExpiry SortBy = "expiry"
	ByLot    SortBy = "lot"
	ByItem   SortBy = "item"
	ByQty    SortBy = "qty"
	ByValue  SortBy = "value" // Admin only
	ByStatus SortBy = "status"
)

// ListLotsReq asks for a page of stock cells. Status and expiry are those of what is in
// stock: narrowed to them, the list has no lots that are used up.
type ListLotsReq struct {
	Query    string         `json:"query,omitempty"` // words of lot, item, supplier lot
	Types    []catalog.Type `json:"types,omitempty"`
	Statuses []Status       `json:"statuses,omitempty"`
	Item     core.ItemID    `json:"item,omitempty"`
	Empty    bool           `json:"empty,omitempty"`   // lots used up, too: behind those in stock, the newest first
	Expired  bool           `json:"expired,omitempty"` // only those past their last day
	Within   int            `json:"within,omitempty"`  // only those whose last day is at most so many days ahead, or past
	Sort     SortBy         `json:"sort,omitempty"`    // default ByExpiry
	Desc     bool           `json:"desc,omitempty"`
	After    string         `json:"after,omitempty"`
	Limit    int            `json:"limit,omitempty"`
}

// Validate checks the request.
func (r *ListLotsReq) Validate() error {
	if r.Sort == "" {
		r.Sort = ByExpiry
	}
	if !slices.Contains([]SortBy{ByExpiry, ByLot, ByItem, ByQty, ByValue, ByStatus}, r.Sort) {
		return core.Invalid("sort", "Sort by expiry, lot, item, qty, value or status.")
	}
	if r.Within < 0 || r.Within > MaxWithin {
		return core.Invalid("within", "Enter a number of days from 0 to %d.", MaxWithin)
	}
	return nil
}

// MaxWithin bounds how far the near-expiry list looks ahead, in days.
const MaxWithin = 3650

// LotRow is one stock cell in a list.
type LotRow struct {
	CellKey
	Number        string         `json:"number"`
	Item          core.ItemID    `json:"item"`
	SKU           string         `json:"sku"`
	Name          string         `json:"name"`
	NameHi        string         `json:"name_hi,omitempty"`
	Type          catalog.Type   `json:"type"`
	Dimension     core.Dimension `json:"dimension"`
	Qty           core.Qty       `json:"qty"`
	BornOn        core.Date      `json:"born_on"`
	ExpiryOn      core.Date      `json:"expiry_on"`
	SupplierBatch string         `json:"supplier_batch,omitempty"`
	Frozen        string         `json:"frozen,omitempty"` // number of the open recall that freezes the lot (R30)
	FrozenAt      time.Time      `json:"-"`                // when the first of its open recalls was opened, for allocation
	Newest        core.Date      `json:"-"`                // of its newest inbound or value-only row, for allocation (R7)
}

// LotCounts tells how many cells with stock match, in all and by item type, so that the
// filter can show them.
type LotCounts struct {
	All    int                  `json:"all"`
	ByType map[catalog.Type]int `json:"by_type"`
}

// ListLotsResp is a page of stock.
type ListLotsResp struct {
	Lots   []LotRow  `json:"lots"`
	Next   string    `json:"next,omitempty"`
	Counts LotCounts `json:"counts"`
}

// ValuedLotRow is a stock cell with its value.
type ValuedLotRow struct {
	LotRow
	Value core.Paise `json:"value"`
}

// ListValuedLotsResp is a page of stock with values; Value is the sum over all
// matching cells, not only this page.
type ListValuedLotsResp struct {
	Lots   []ValuedLotRow `json:"lots"`
	Next   string         `json:"next,omitempty"`
	Counts LotCounts      `json:"counts"`
	Value  core.Paise     `json:"value"`
}

// GetLotReq names a lot.
type GetLotReq struct {
	ID core.LotID `json:"id"`
}

// LotDetail is all about one lot but its cost.
type LotDetail struct {
	Lot          core.LotID      `json:"lot"`
	Number       string          `json:"number"`
	Item         core.ItemID     `json:"item"`
	SKU          string          `json:"sku"`
	Name         string          `json:"name"`
	NameHi       string          `json:"name_hi,omitempty"`
	Type         catalog.Type    `json:"type"`
	Dimension    core.Dimension  `json:"dimension"`
	BornOn       core.Date       `json:"born_on"`
	MfgOn        core.Date       `json:"mfg_on"`
	ExpiryOn     core.Date       `json:"expiry_on"`
	Supplier     string          `json:"supplier,omitempty"`
	SupplierLot  string          `json:"supplier_lot,omitempty"`
	SourceID     core.DocumentID `json:"source_id"`
	SourceNumber string          `json:"source_number"`
	Allergens    []string        `json:"allergens"` // it was born with
	Received     core.Qty        `json:"received"`
	Qty          core.Qty        `json:"qty"`
	Cells        []LotCell       `json:"cells"`
	History      []LotEvent      `json:"history"` // newest first, at most 50
}

// LotCell is a part of a lot in one segment and status.
type LotCell struct {
	Segment core.Segment `json:"segment"`
	Status  Status       `json:"status"`
	Qty     core.Qty     `json:"qty"`
}

// LotEvent is one stock movement of a lot.
type LotEvent struct {
	Seq         core.Seq        `json:"seq"`
	EffectiveOn core.Date       `json:"effective_on"`
	PostedAt    time.Time       `json:"posted_at"`
	Document    core.DocumentID `json:"document"`
	Number      string          `json:"number"`
	Kind        DocumentKind    `json:"kind"`
	Segment     core.Segment    `json:"segment"`
	Status      Status          `json:"status"`
	Qty         core.Qty        `json:"qty"`
	User        string          `json:"user"`
	Reason      string          `json:"reason,omitempty"`
}

// ValuedLotDetail adds what the lot is worth and its derived rate in 1/10,000
// rupee per kg, piece, metre or litre (R11); Rate is 0 when the lot is empty.
type ValuedLotDetail struct {
	LotDetail
	Value core.Paise `json:"value"`
	Rate  int64      `json:"rate"`
}

// ValuationReq asks for the value of the stock now.
type ValuationReq struct{}

// ValuationMethod is printed on every valuation (R12).
const ValuationMethod = "Actual cost of each lot: taxable price plus landed cost, without creditable GST. An item's average is the value of its open lots divided by their quantity. What running batches hold is beside the total, at what it was issued for."

// ValuationResp is what the stock is worth.
type ValuationResp struct {
	At         time.Time       `json:"at"`
	Method     string          `json:"method"`
	Categories []CategoryValue `json:"categories"`
	Items      []ItemValue     `json:"items"`
	Total      core.Paise      `json:"total"`
	InProcess  core.Paise      `json:"in_process"` // on hand too, in running batches; not in Total
}

// CategoryValue sums one item type.
type CategoryValue struct {
	Type  catalog.Type `json:"type"`
	Lots  int          `json:"lots"`
	Mass  core.Qty     `json:"mass"`   // mg of what is measured by mass
	Count core.Qty     `json:"pieces"` // pieces of what is counted
	Value core.Paise   `json:"value"`
}

// ItemValue sums one item.
type ItemValue struct {
	Item      core.ItemID    `json:"item"`
	SKU       string         `json:"sku"`
	Name      string         `json:"name"`
	NameHi    string         `json:"name_hi,omitempty"`
	Type      catalog.Type   `json:"type"`
	Dimension core.Dimension `json:"dimension"`
	Lots      int            `json:"lots"`
	Qty       core.Qty       `json:"qty"`
	Value     core.Paise     `json:"value"`
	Rate      int64          `json:"rate"` // average, 1/10,000 rupee per display unit (R12)
}

// ListDocumentsReq asks for a page of documents.
type ListDocumentsReq struct {
	Query string         `json:"query,omitempty"` // start of a number
	Kinds []DocumentKind `json:"kinds,omitempty"`
	After string         `json:"after,omitempty"`
	Limit int            `json:"limit,omitempty"`
}

// DocumentRow is a document in a list.
type DocumentRow struct {
	ID          core.DocumentID `json:"id"`
	Kind        DocumentKind    `json:"kind"`
	Number      string          `json:"number"`
	EffectiveOn core.Date       `json:"effective_on"`
	PostedAt    time.Time       `json:"posted_at"`
	User        string          `json:"user"`
	Device      string          `json:"device"`
	Party       string          `json:"party,omitempty"`
	Lines       int             `json:"lines"`
	Mass        core.Qty        `json:"mass"`   // mg moved in stock, in minus out; packing runs: without packing material
	Pieces      core.Qty        `json:"pieces"` // pieces moved in stock, in minus out; likewise
	Reason      string          `json:"reason,omitempty"`
	Reverses    string          `json:"reverses,omitempty"`    // number of the document it cancels
	ReversedBy  string          `json:"reversed_by,omitempty"` // number of the reversal that cancelled it
}

// ListDocumentsResp is a page of documents, newest first.
type ListDocumentsResp struct {
	Documents []DocumentRow `json:"documents"`
	Next      string        `json:"next,omitempty"`
}

// Posted names what an operation has posted.
type Posted struct {
	Document core.DocumentID `json:"document"`
	Number   string          `json:"number"`
}

// Reasons of an adjustment (DOMAIN.md section 1).
var Reasons = []string{"Spoilage", "Audit Correction", "Damage", "Counting Error", "Other"}

// IsDisposal reports whether an adjustment with that reason threw goods away.
func IsDisposal(reason string) bool {
	return strings.HasPrefix(reason, "Spoilage") || strings.HasPrefix(reason, "Damage")
}

// AdjustReq corrects a stock cell by Qty: negative is a shortage that takes value
// by R10, positive an excess that enters at the lot's current rate (R16).
type AdjustReq struct {
	CellKey
	Qty         core.Qty    `json:"qty"`
	Reason      string      `json:"reason"`          // one of Reasons
	Note        string      `json:"note,omitempty"`  // needed for Other, and for an earlier day
	Value       *core.Paise `json:"value,omitempty"` // of an excess in an empty lot
	EffectiveOn core.Date   `json:"effective_on,omitempty"`
}

// Validate checks the request.
func (r *AdjustReq) Validate() error {
	var bad core.Faults
	r.Note = core.Text(r.Note)
	r.CellKey.check(&bad)
	bad.Check(r.Qty != 0, "qty", "Enter how much is missing or too much.")
	bad.Check(slices.Contains(Reasons, r.Reason), "reason", "Choose a reason.")
	bad.Check(r.Reason != "Other" || r.Note != "", "note", "Say what happened.")
	bad.Check(r.Value == nil || *r.Value >= 0, "value", "A value cannot be negative.")
	bad.Bound("qty", r.Qty)
	bad.Fit("note", r.Note, core.MaxNote)
	if r.Value != nil {
		bad.BoundMoney("value", *r.Value)
	}
	bad.Check(r.Value == nil || r.Qty > 0, "value", "A shortage takes its value from the lot.")
	return bad.Err()
}

// Validate checks that k can name a cell; no segment is REGULAR.
func (k *CellKey) Validate() error {
	var bad core.Faults
	k.check(&bad)
	return bad.Err()
}

func (k *CellKey) check(bad *core.Faults) {
	if k.Segment == "" {
		k.Segment = core.Regular
	}
	bad.Check(k.Lot > 0, "lot", "Choose the lot.")
	bad.Check(k.Segment.Valid(), "segment", "Choose the segment: regular or online.")
	bad.Check(k.Status.Valid(), "status", "Choose the status: hold, released or rejected.")
}

// ChangeStatusReq moves stock of a lot from one status to another. The operation
// says which: hold_lot takes RELEASED stock, release_lot and reject_lot take stock
// on HOLD.
type ChangeStatusReq struct {
	Lot     core.LotID   `json:"lot"`
	Segment core.Segment `json:"segment,omitempty"` // default REGULAR
	Qty     core.Qty     `json:"qty,omitempty"`     // 0 = all of it
	Reason  string       `json:"reason"`
}

// Validate checks the request.
func (r *ChangeStatusReq) Validate() error {
	var bad core.Faults
	key := CellKey{r.Lot, r.Segment, Hold}
	key.check(&bad)
	r.Segment = key.Segment
	bad.Check(r.Qty >= 0, "qty", "A quantity cannot be negative.")
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// ReverseReq names the document to cancel.
type ReverseReq struct {
	Document core.DocumentID `json:"document"`
	Reason   string          `json:"reason"`
}

// Validate checks the request.
func (r *ReverseReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Document > 0, "document", "Choose the document.")
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// ClosePeriodReq names a month by any of its days (R8).
type ClosePeriodReq struct {
	Month core.Date `json:"month"`
}

// Period is a closed month (R8).
type Period struct {
	Month    core.Date    `json:"month"`              // its first day
	Seq      core.Seq     `json:"seq"`                // last ledger row when it was closed
	Head     string       `json:"head"`               // hash of that row
	Value    core.Paise   `json:"value"`              // of all stock at the end of the month
	Accounts []AccountSum `json:"accounts,omitempty"` // the trial balance of its end, without zeros; together they are zero
	ClosedAt time.Time    `json:"closed_at"`
	ClosedBy string       `json:"closed_by"`
}

// ListPeriodsReq has no fields.
type ListPeriodsReq struct{}

// ListPeriodsResp lists closed months, newest first.
type ListPeriodsResp struct {
	Periods []Period `json:"periods"`
}
