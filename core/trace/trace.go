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
	TraceLot    = op.Define[LotReq, Trace]("trace.trace_lot", op.Read, op.Operator, "Everything a lot was made of and everything made of it, with its mass balance and the customers it went to.")
	OpenRecall  = op.Define[OpenRecallReq, Recall]("trace.open_recall", op.Control, op.Admin, "Freeze a lot and everything made of it.", op.Changes(TopicRecalls, stock.Topic))
	CloseRecall = op.Define[CloseRecallReq, Recall]("trace.close_recall", op.Control, op.Admin, "Lift the mark of a recall.", op.Changes(TopicRecalls, stock.Topic))
	ListRecalls = op.Define[ListRecallsReq, ListRecallsResp]("trace.list_recalls", op.Read, op.Operator, "Page through the recalls, open ones first.")
	GetRecall   = op.Define[GetRecallReq, Recall]("trace.get_recall", op.Read, op.Operator, "Read a recall: what is frozen and what is already out, per customer.")
)

// LotReq names a lot.
type LotReq struct {
	Lot core.LotID `json:"lot"`
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
	OnHand    core.Qty        `json:"on_hand"`
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

// Customer is where stock of the traced lots is out.
type Customer struct {
	Party  core.PartyID `json:"party"`
	Name   string       `json:"name"`
	Phone  string       `json:"phone,omitempty"`
	Parcel []Parcel     `json:"parcels"`
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

// Trace is everything about the ways of one lot. Nodes start with the lot itself,
// then its ancestors, then its descendants, each by depth and number.
type Trace struct {
	Lot         core.LotID `json:"lot"`
	Nodes       []Node     `json:"nodes"`
	Ancestors   int        `json:"ancestors"`
	Descendants int        `json:"descendants"`
	Links       []Link     `json:"links"`
	Balance     Balance    `json:"balance"`
	Customers   []Customer `json:"customers"` // of the lot and its descendants
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
	r.Reason = core.Text(r.Reason)
	bad.Check(r.Lot > 0, "lot", "Choose the lot.")
	bad.Check(r.Reason != "", "reason", "Give the reason.")
	bad.Fit("reason", r.Reason, core.MaxNote)
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
	r.Reason = core.Text(r.Reason)
	bad.Check(r.ID > 0, "id", "Choose the recall.")
	bad.Check(r.Reason != "", "reason", "Give the reason.")
	bad.Fit("reason", r.Reason, core.MaxNote)
	return bad.Err()
}

// ListRecallsReq asks for a page of recalls.
type ListRecallsReq struct {
	Open  bool   `json:"open,omitempty"` // only open ones
	After string `json:"after,omitempty"`
	Limit int    `json:"limit,omitempty"`
}

// GetRecallReq names a recall.
type GetRecallReq struct {
	ID RecallID `json:"id"`
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

// Recall is a recall with the lots that bear its mark and what is already out.
type Recall struct {
	RecallRow
	Frozen    []Node     `json:"frozen"` // by depth and number
	Customers []Customer `json:"customers"`
}
