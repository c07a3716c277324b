// Package trace follows lots through the genealogy, both ways, and freezes what a
// recall concerns (R29, R30).
package trace

import (
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/stock"
)

// TopicRecalls moves with every recall.
const TopicRecalls op.Topic = "recalls"

// The operations on traces and recalls.
var (
	TraceLot    = op.Define[LotReq, Trace]("trace.trace_lot", op.Read, op.Operator, "Page through everything a lot was made of and everything made of it, with its mass balance and the customers it went to.")
	ListParcels = op.Define[ListParcelsReq, ListParcelsResp]("trace.list_parcels", op.Read, op.Operator, "Page through what one customer has of a lot and of what was made of it, by dispatch.")
	OpenRecall  = op.Define[OpenRecallReq, Recall]("trace.open_recall", op.Control, op.Admin, "Freeze a lot and everything made of it.", op.Changes(TopicRecalls, stock.Topic), op.InBooks())
	CloseRecall = op.Define[CloseRecallReq, Recall]("trace.close_recall", op.Control, op.Admin, "Lift the mark of a recall.", op.Changes(TopicRecalls, stock.Topic), op.InBooks())
	ListRecalls = op.Define[ListRecallsReq, ListRecallsResp]("trace.list_recalls", op.Read, op.Operator, "Page through the recalls, open ones first.")
	GetRecall   = op.Define[GetRecallReq, Recall]("trace.get_recall", op.Read, op.Operator, "Read a recall: what is frozen and what is already out, per customer.")
)

// LotReq asks for a page of the trace of a lot.
type LotReq struct {
	Lot   core.LotID `json:"lot"`
	After string     `json:"after,omitempty"`
	Limit int        `json:"limit,omitempty"`
}

// ListParcelsReq asks for what a customer has of a lot and its descendants, or of the
// lots of a recall.
type ListParcelsReq struct {
	Lot      core.LotID   `json:"lot,omitempty"`
	Recall   RecallID     `json:"recall,omitempty"`
	Customer core.PartyID `json:"customer"`
	After    string       `json:"after,omitempty"`
	Limit    int          `json:"limit,omitempty"`
}

// Validate checks the request.
func (r *ListParcelsReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Lot > 0 || r.Recall > 0, "lot", "Choose the lot or the recall.")
	bad.Check(r.Lot == 0 || r.Recall == 0, "recall", "Choose either a lot or a recall.")
	bad.Check(r.Customer > 0, "customer", "Choose the customer.")
	return bad.Err()
}

// ListParcelsResp is a page of parcels, by dispatch and lot.
type ListParcelsResp struct {
	Parcels []Parcel `json:"parcels"`
	Next    string   `json:"next,omitempty"`
}

// Step is a lot on the way from the one traced.
type Step struct {
	Lot   core.LotID
	Depth int // shortest way
}

// Node is a lot in a trace.
type Node struct {
	Lot       core.LotID      `json:"lot"`
	Number    string          `json:"number"`
	Item      core.ItemID     `json:"item"`
	SKU       string          `json:"sku"`
	Name      string          `json:"name"`
	NameHi    string          `json:"name_hi,omitempty"`
	Type      catalog.Type    `json:"type"`
	Dimension core.Dimension  `json:"dimension"`
	BornOn    core.Date       `json:"born_on"`
	ExpiryOn  core.Date       `json:"expiry_on"`
	Document  core.DocumentID `json:"document"` // it was born with
	Source    string          `json:"source"`   // number of that document
	Supplier  string          `json:"supplier,omitempty"`
	Batch     string          `json:"supplier_batch,omitempty"`
	Allergens []string        `json:"allergens"`
	OnHand    core.Qty        `json:"on_hand"`
	WIP       core.Qty        `json:"wip"`  // in running batches
	Sold      core.Qty        `json:"sold"` // out with customers, less what came back
	Frozen    string          `json:"frozen,omitempty"`
	Depth     int             `json:"depth"` // shortest way from the lot traced; 0 is the lot itself
}

// Link is one step of the genealogy that stands, in the parent's base units.
type Link struct {
	Parent core.LotID `json:"parent"`
	Child  core.LotID `json:"child"`
	Qty    core.Qty   `json:"qty"`
}

// Running is a batch in progress that holds material of the traced lots: the mill can
// still be stopped.
type Running struct {
	Batch  int64    `json:"batch"`
	Number string   `json:"number"`
	Name   string   `json:"name"` // of the powder it makes
	Qty    core.Qty `json:"qty"`  // mg of the traced lots in it
}

// Customer is where stock of the traced lots is out, less what came back.
type Customer struct {
	Party    core.PartyID `json:"party"`
	Name     string       `json:"name"`
	Phone    string       `json:"phone,omitempty"`
	Challans int          `json:"challans"` // dispatches of which something is out
	Lots     int          `json:"lots"`
	Mass     core.Qty     `json:"mass"` // mg
	Pieces   core.Qty     `json:"pieces"`
}

// Sent is what a dispatch took of a lot and the customer still has.
type Sent struct {
	Document core.DocumentID
	Lot      core.LotID
	Qty      core.Qty
}

// Parcel is what one dispatch took of one lot, less what came back.
type Parcel struct {
	Document core.DocumentID `json:"document"`
	Number   string          `json:"number"`
	On       core.Date       `json:"on"`
	Lot      core.LotID      `json:"lot"`
	LotNo    string          `json:"lot_number"`
	Name     string          `json:"name"`
	Qty      core.Qty        `json:"qty"`
}

// Balance is the mass balance of one lot (R29): Received + ReturnedIn + Gains = OnHand +
// WIP + Consumed + Dispatched + ReturnedOut + Disposed + Lost + Adjusted. What was
// reversed counts on neither side.
type Balance struct {
	Received    core.Qty `json:"received"` // bought or made
	ReturnedIn  core.Qty `json:"returned_in"`
	Gains       core.Qty `json:"gains"`
	OnHand      core.Qty `json:"on_hand"`
	WIP         core.Qty `json:"wip"`
	Consumed    core.Qty `json:"consumed"`
	Dispatched  core.Qty `json:"dispatched"`
	ReturnedOut core.Qty `json:"returned_out"`
	Disposed    core.Qty `json:"disposed"`
	Lost        core.Qty `json:"lost"` // in a process, or written off with a return
	Adjusted    core.Qty `json:"adjusted"`
}

// In and Out are the two sides of the balance.
func (b Balance) In() core.Qty { return b.Received + b.ReturnedIn + b.Gains }

// Out is what In became.
func (b Balance) Out() core.Qty {
	return b.OnHand + b.WIP + b.Consumed + b.Dispatched + b.ReturnedOut + b.Disposed + b.Lost + b.Adjusted
}

// Trace is everything about the ways of one lot. Nodes is a page of it: the lot itself
// first, then its ancestors, then its descendants, each by depth, then in the order they
// were born. A recall of years has thousands, so the rest comes with the next page.
type Trace struct {
	Lot         core.LotID `json:"lot"`
	Nodes       []Node     `json:"nodes"`
	Next        string     `json:"next,omitempty"`
	Ancestors   int        `json:"ancestors"`   // in all
	Descendants int        `json:"descendants"` // in all
	Links       []Link     `json:"links"`       // that end in a lot of this page
	Balance     Balance    `json:"balance"`     // with the first page
	Customers   []Customer `json:"customers"`   // of the lot and its descendants, all; with the first page
	Running     []Running  `json:"running"`     // likewise
}

// RecallID names a recall.
type RecallID int64

// OpenRecallReq freezes a lot and its descendants.
type OpenRecallReq struct {
	Lot    core.LotID `json:"lot"`
	Reason string     `json:"reason"`
}

// Validate checks the request.
func (r *OpenRecallReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Lot > 0, "lot", "Choose the lot.")
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// CloseRecallReq lifts the mark of a recall that is still at Version (R35).
type CloseRecallReq struct {
	ID      RecallID `json:"id"`
	Version int64    `json:"version"`
	Reason  string   `json:"reason"`
}

// Validate checks the request.
func (r *CloseRecallReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the recall.")
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// ListRecallsReq asks for a page of recalls.
type ListRecallsReq struct {
	Open  bool   `json:"open,omitempty"` // only open ones
	After string `json:"after,omitempty"`
	Limit int    `json:"limit,omitempty"`
}

// GetRecallReq asks for a recall with a page of its lots.
type GetRecallReq struct {
	ID    RecallID `json:"id"`
	After string   `json:"after,omitempty"`
	Limit int      `json:"limit,omitempty"`
}

// RecallRow is a recall in a list.
type RecallRow struct {
	ID          RecallID   `json:"id"`
	Number      string     `json:"number"`
	Lot         core.LotID `json:"lot"`
	LotNumber   string     `json:"lot_number"`
	Name        string     `json:"name"`
	Reason      string     `json:"reason"`
	OpenedAt    time.Time  `json:"opened_at"`
	OpenedBy    string     `json:"opened_by"`
	ClosedAt    time.Time  `json:"closed_at,omitzero"`
	ClosedBy    string     `json:"closed_by,omitempty"`
	CloseReason string     `json:"close_reason,omitempty"`
	Lots        int        `json:"lots"` // that bear its mark
	Version     int64      `json:"version"`
}

// ListRecallsResp is a page of recalls, open ones first, then newest first.
type ListRecallsResp struct {
	Recalls []RecallRow `json:"recalls"`
	Next    string      `json:"next,omitempty"`
}

// Recall is a recall with a page of the lots that bear its mark, in the order they were
// born, with all customers who have something of them and all batches that run on them.
type Recall struct {
	RecallRow
	Frozen    []Node     `json:"frozen"`
	Next      string     `json:"next,omitempty"`
	Customers []Customer `json:"customers"` // with the first page
	Running   []Running  `json:"running"`   // likewise
}
