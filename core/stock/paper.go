package stock

import (
	"masala/core"
	"masala/core/op"
)

// Any posted document, row by row: also those that have no paper of their own, such as an
// adjustment, a price correction or a reversal.
var (
	GetDocument       = op.Define[GetDocumentReq, Paper]("stock.get_document", op.Read, op.Operator, "Read a posted document with all its rows, without values.")
	GetValuedDocument = op.Define[GetDocumentReq, ValuedPaper]("stock.get_valued_document", op.Read, op.Admin, "The same with values.", op.Viewed())
)

// GetDocumentReq names a document.
type GetDocumentReq struct {
	ID core.DocumentID `json:"id"`
}

// Paper is a posted document.
type Paper struct {
	DocumentRow
	On      []Posted   `json:"on"`      // the documents it stands on
	Carries []Posted   `json:"carries"` // those that stand on it, and are not cancelled
	Rows    []PaperRow `json:"rows"`    // in the order they were posted
}

// PaperRow is one row. Segment and Status are empty outside of stock. Qty is 0 where only a
// value moved.
type PaperRow struct {
	Line    int         `json:"line"`
	Account Account     `json:"account"`
	Item    core.ItemID `json:"item"`
	SKU     string      `json:"sku"`
	Name    string      `json:"name"`
	NameHi  string      `json:"name_hi,omitempty"`
	CellKey
	LotNumber string         `json:"lot_number"`
	Dimension core.Dimension `json:"dimension"`
	Qty       core.Qty       `json:"qty"` // into the account, or out when negative
}

// ValuedPaper adds what the rows are worth.
type ValuedPaper struct {
	Paper
	Values []core.Paise `json:"values"` // in the order of Rows
}
