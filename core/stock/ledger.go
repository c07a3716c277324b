// Package stock keeps the append-only ledger, the stock cells it adds up to, the
// lots, and every document that only moves or corrects stock. It is the one place
// that writes quantity and value (R5, R10, R40).
package stock

import (
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
)

// Topics of this package.
const (
	Topic          op.Topic = "stock"     // lots, cells, balances
	TopicDocuments op.Topic = "documents" // anything posted
	TopicPeriods   op.Topic = "periods"
	TopicCounts    op.Topic = "counts"
)

// Account says where a ledger row counts: in stock, or at the contra side that
// makes every document balance (R5).
type Account string

// The accounts.
const (
	InStock    Account = "STOCK"
	Supplier   Account = "SUPPLIER"
	Landed     Account = "LANDED"
	WIP        Account = "WIP"
	COGS       Account = "COGS"
	Loss       Account = "LOSS"
	Adjustment Account = "ADJUSTMENT"
	Variance   Account = "VARIANCE"
	// Conversion is where material becomes another item: what goes in keeps its item,
	// what comes out has a new one, and within every document the values are equal.
	Conversion Account = "CONVERSION"
)

// Accounts lists every account in the order of a trial balance.
func Accounts() []Account {
	return []Account{InStock, WIP, Supplier, Landed, COGS, Loss, Adjustment, Variance, Conversion}
}

// Status of a stock cell (R24). EXPIRED is no status: it follows from the date.
type Status string

// The statuses.
const (
	Hold     Status = "HOLD"
	Released Status = "RELEASED"
	Rejected Status = "REJECTED"
)

// Valid reports whether s is a status.
func (s Status) Valid() bool { return s == Hold || s == Released || s == Rejected }

// DocumentKind names the papers of the factory that post to the ledger.
type DocumentKind string

// The kinds of document.
const (
	KindGRN             DocumentKind = "GRN"
	KindOpening         DocumentKind = "OB" // stock from before these books
	KindAdjustment      DocumentKind = "ADJ"
	KindStatus          DocumentKind = "QC" // hold, release, reject
	KindTransfer        DocumentKind = "ST" // to the other segment
	KindCount           DocumentKind = "SC"
	KindIssue           DocumentKind = "MI" // material to a production batch
	KindMaterialReturn  DocumentKind = "MR" // and back, when the batch is cancelled
	KindProduction      DocumentKind = "PR" // completion of a batch
	KindPacking         DocumentKind = "PK"
	KindDispatch        DocumentKind = "DC" // delivery challan
	KindSalesReturn     DocumentKind = "SR"
	KindPurchaseReturn  DocumentKind = "PRT"
	KindPriceCorrection DocumentKind = "PC"
	KindReversal        DocumentKind = "REV"
)

// DocumentKinds lists every kind of document.
func DocumentKinds() []DocumentKind {
	return []DocumentKind{KindGRN, KindOpening, KindAdjustment, KindStatus, KindTransfer, KindCount, KindIssue, KindMaterialReturn, KindProduction, KindPacking,
		KindDispatch, KindSalesReturn, KindPurchaseReturn, KindPriceCorrection, KindReversal}
}

// CellKey names a stock cell: the place that holds a quantity and a value of one
// lot.
type CellKey struct {
	Lot     core.LotID   `json:"lot"`
	Segment core.Segment `json:"segment"`
	Status  Status       `json:"status"`
}

// Cell is what a cell holds. Its value is zero when its quantity is (R10).
type Cell struct {
	CellKey
	Item  core.ItemID
	Qty   core.Qty
	Value core.Paise
}

// Movement is one row of a document before it is posted: so much quantity and
// value into (positive) or out of an account. Segment and Status matter only
// InStock; contra rows carry the lot they answer to, so that history can be read.
type Movement struct {
	Account Account
	Item    core.ItemID
	CellKey
	Qty   core.Qty
	Value core.Paise
}

// Edge is one step of genealogy: quantity and value of parent that became child
// (R29). Parent 0 means that the lot came from outside with the document.
type Edge struct {
	Child, Parent core.LotID
	Qty           core.Qty
	Value         core.Paise
}

// Document heads the rows of one posting.
type Document struct {
	ID          core.DocumentID
	Kind        DocumentKind
	Number      string
	EffectiveOn core.Date
	DayField    string    // what EffectiveOn is called in the request, effective_on if empty; not kept
	LotField    string    // what names the stock that it takes there, lot if empty; not kept
	LeftOn      core.Date // when the goods went, EffectiveOn if zero; not kept
	PostedAt    time.Time
	User        core.UserID
	Device      string
	Reason      string
	Party       core.PartyID
	Reverses    core.DocumentID // 0 unless this is a reversal
	// On names the documents this one stands on: they cannot be reversed while it
	// stands (R9). A sales return stands on its dispatch, a completion on its issues.
	On []core.DocumentID
}

// Mark is an open recall that freezes a lot (R30).
type Mark struct {
	Recall   int64
	Number   string
	OpenedAt time.Time
}

// Row is a posted ledger row (R5). Hash chains it to the row before.
type Row struct {
	Seq         core.Seq
	PostedAt    time.Time
	EffectiveOn core.Date
	Document    core.DocumentID
	Line        int
	Movement
	Reason string
	User   core.UserID
	Hash   Hash
}

// Lot is the traceable unit of every item type.
type Lot struct {
	ID            core.LotID
	Number        string
	Item          core.ItemID
	BornOn        core.Date
	MfgOn         core.Date
	ExpiryOn      core.Date // 0: does not expire
	Source        core.DocumentID
	Supplier      core.PartyID
	SupplierBatch string
	Allergens     []string // it is born with
}

// ItemRef is what the ledger must know of an item.
type ItemRef struct {
	ID        core.ItemID
	SKU, Name string
	Type      catalog.Type
	Dimension core.Dimension
}
