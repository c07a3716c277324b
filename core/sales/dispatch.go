package sales

import (
	"fmt"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/core/stock"
)

// The operations on dispatches.
var (
	PreviewDispatch = op.Define[PreviewReq, PreviewResp]("sales.preview_dispatch", op.Read, op.Operator, "Suggest lots for the lines of an order, with those passed by and why.")
	DraftDispatch   = op.Define[DraftReq, Dispatch]("sales.draft_dispatch", op.Business, op.Operator, "Prepare a dispatch of an order; nothing moves yet.", op.Changes(TopicDispatches))
	UpdateDraft     = op.Define[UpdateDraftReq, Dispatch]("sales.update_draft", op.Business, op.Operator, "Change a dispatch that is not confirmed.", op.Changes(TopicDispatches))
	DiscardDraft    = op.Define[DiscardReq, Dispatch]("sales.discard_draft", op.Business, op.Operator, "Give up a dispatch that is not confirmed.", op.Changes(TopicDispatches))
	Confirm         = op.Define[ConfirmReq, Dispatch]("sales.confirm_dispatch", op.Business, op.Operator, "Move the goods out of stock and give challan and invoice their numbers.", op.Changes(TopicDispatches, TopicOrders, stock.Topic, stock.TopicDocuments))
	MarkDispatched  = op.Define[DispatchedReq, Dispatch]("sales.mark_dispatched", op.Business, op.Operator, "Note vehicle and time of a confirmed dispatch.", op.Changes(TopicDispatches))
	ListDispatches  = op.Define[ListDispatchesReq, ListDispatchesResp]("sales.list_dispatches", op.Read, op.Operator, "Page through the dispatches, newest first.")
	GetDispatch     = op.Define[GetDispatchReq, Dispatch]("sales.get_dispatch", op.Read, op.Operator, "Read a dispatch: everything its challan and invoice show.")
	GetValued       = op.Define[GetDispatchReq, ValuedDispatch]("sales.get_valued_dispatch", op.Read, op.Admin, "The same with cost of goods and margin.", op.Viewed())
)

// DispatchID names a dispatch, draft or not.
type DispatchID int64

// State says how far a dispatch has come. CANCELLED is a confirmed one that was
// reversed; its numbers stay.
type State string

// The states of a dispatch.
const (
	Draft      State = "DRAFT"
	Discarded  State = "DISCARDED"
	Confirmed  State = "CONFIRMED"
	Dispatched State = "DISPATCHED"
	Cancelled  State = "CANCELLED"
)

func (s State) words() string {
	return map[State]string{Draft: "a draft", Discarded: "discarded", Confirmed: "confirmed", Dispatched: "dispatched", Cancelled: "cancelled"}[s]
}

// next is what can be done about a dispatch that is not in the state somebody wants.
func (s State) next() string {
	return map[State]string{Draft: "Confirm it first.", Discarded: "Prepare a new one.", Confirmed: "An Admin can cancel its challan, or goods can come back.",
		Dispatched: "An Admin can cancel its challan, or goods can come back.", Cancelled: "Prepare a new one."}[s]
}

// DraftLine sends so much of a line of the order, from the lots R25 suggests or from
// those chosen.
type DraftLine struct {
	OrderLine int      `json:"order_line"` // from 1
	Qty       core.Qty `json:"qty"`
	stock.Override
}

// DraftReq prepares a dispatch.
type DraftReq struct {
	Order OrderID     `json:"order"`
	Note  string      `json:"note,omitempty"`
	Lines []DraftLine `json:"lines"`
}

// UpdateDraftReq replaces a draft that is still at Version (R35).
type UpdateDraftReq struct {
	ID      DispatchID  `json:"id"`
	Version int64       `json:"version"`
	Note    string      `json:"note,omitempty"`
	Lines   []DraftLine `json:"lines"`
}

// DiscardReq gives a draft up.
type DiscardReq struct {
	ID      DispatchID `json:"id"`
	Version int64      `json:"version"`
}

// ConfirmReq confirms a draft that is still at Version. Of two who confirm, one does. The
// days of challans ascend with their numbers, so an earlier day (R7) is not before that of
// the newest challan. The goods may have left before the day of their challan.
type ConfirmReq struct {
	ID          DispatchID `json:"id"`
	Version     int64      `json:"version"`
	EffectiveOn core.Date  `json:"effective_on,omitempty"` // default today
	LeftOn      core.Date  `json:"left_on,omitempty"`      // Admin: when the goods left; default the day of the challan
	Reason      string     `json:"reason,omitempty"`       // for an earlier day, and for LeftOn
}

// DispatchedReq notes how a confirmed dispatch left, or, of one that has left, a vehicle that
// was mistyped.
type DispatchedReq struct {
	ID          DispatchID `json:"id"`
	Version     int64      `json:"version"`
	Vehicle     string     `json:"vehicle"`
	Transporter string     `json:"transporter,omitempty"`
}

func checkLines(bad *core.Faults, lines []DraftLine) {
	bad.Check(len(lines) > 0, "lines", "Choose at least one item.")
	bad.Check(len(lines) <= MaxLines, "lines", "A dispatch has at most %d lines.", MaxLines)
	seen := map[int]bool{}
	for i := range lines {
		l, at := &lines[i], fmt.Sprintf("lines[%d].", i)
		bad.Check(l.OrderLine > 0, at+"order_line", "Choose the line of the order.")
		bad.Check(!seen[l.OrderLine], at+"order_line", "This line of the order is here already.")
		seen[l.OrderLine] = true
		bad.Check(l.Qty > 0, at+"qty", "Enter a quantity above zero.")
		bad.Bound(at+"qty", l.Qty)
		_ = bad.Merge(at, l.Override.Validate(l.Qty))
	}
}

// Validate checks the request.
func (r *DraftReq) Validate() error {
	var bad core.Faults
	r.Note = core.Text(r.Note)
	bad.Check(r.Order > 0, "order", "Choose the order.")
	bad.Fit("note", r.Note, core.MaxNote)
	checkLines(&bad, r.Lines)
	return bad.Err()
}

// Validate checks the request.
func (r *UpdateDraftReq) Validate() error {
	var bad core.Faults
	r.Note = core.Text(r.Note)
	bad.Check(r.ID > 0, "id", "Choose the dispatch.")
	bad.Fit("note", r.Note, core.MaxNote)
	checkLines(&bad, r.Lines)
	return bad.Err()
}

// Validate checks the request.
func (r *DiscardReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the dispatch.")
	return bad.Err()
}

// Validate checks the request.
func (r *ConfirmReq) Validate() error {
	var bad core.Faults
	r.Reason = core.Text(r.Reason)
	bad.Check(r.ID > 0, "id", "Choose the dispatch.")
	bad.Fit("reason", r.Reason, core.MaxNote)
	return bad.Err()
}

// Validate checks the request.
func (r *DispatchedReq) Validate() error {
	var bad core.Faults
	r.Vehicle, r.Transporter = core.Text(r.Vehicle), core.Text(r.Transporter)
	bad.Check(r.ID > 0, "id", "Choose the dispatch.")
	bad.Check(r.Vehicle != "", "vehicle", "Enter the number of the vehicle.")
	bad.Fit("vehicle", r.Vehicle, 40)
	bad.Fit("transporter", r.Transporter, core.MaxName)
	return bad.Err()
}

// PreviewReq asks which lots would go.
type PreviewReq struct {
	Order OrderID     `json:"order"`
	Lines []DraftLine `json:"lines"`
}

// Validate checks the request.
func (r *PreviewReq) Validate() error {
	var bad core.Faults
	bad.Check(r.Order > 0, "order", "Choose the order.")
	checkLines(&bad, r.Lines)
	return bad.Err()
}

// PreviewResp is the allocation of each line.
type PreviewResp struct {
	Lines []Suggestion `json:"lines"`
}

// Suggestion is what R25 says about a line.
type Suggestion struct {
	OrderLine int      `json:"order_line"`
	Name      string   `json:"name"`
	Passed    []string `json:"passed"` // "LOT-… expires too soon for this customer."
	stock.Allocation
}

// ListDispatchesReq asks for a page of dispatches.
type ListDispatchesReq struct {
	Customer core.PartyID `json:"customer,omitempty"`
	Order    OrderID      `json:"order,omitempty"`
	States   []State      `json:"states,omitempty"`
	Query    string       `json:"query,omitempty"` // start of a challan or invoice number
	After    string       `json:"after,omitempty"`
	Limit    int          `json:"limit,omitempty"`
}

// ListDispatchesResp is a page of dispatches.
type ListDispatchesResp struct {
	Dispatches []Row  `json:"dispatches"`
	Next       string `json:"next,omitempty"`
}

// Row is a dispatch in a list. Numbers are empty on a draft (R31).
type Row struct {
	ID           DispatchID      `json:"id"`
	State        State           `json:"state"`
	Order        OrderID         `json:"order"`
	OrderNumber  string          `json:"order_number"`
	Customer     core.PartyID    `json:"customer"`
	CustomerName string          `json:"customer_name"`
	Segment      core.Segment    `json:"segment"`
	Document     core.DocumentID `json:"document,omitempty"`
	Challan      string          `json:"challan,omitempty"`
	Invoice      string          `json:"invoice,omitempty"`
	On           core.Date       `json:"on"` // of the challan
	Lines        int             `json:"lines"`
	Pieces       core.Qty        `json:"pieces"`
	Total        core.Paise      `json:"total"` // of the invoice
}

// GetDispatchReq names a dispatch.
type GetDispatchReq struct {
	ID DispatchID `json:"id"`
}

// Copies are the marks of the three copies of a challan (R33).
var Copies = []string{"Original for consignee", "Duplicate for transporter", "Triplicate for consigner"}

// Address is a party of a challan.
type Address struct {
	Name      string `json:"name"`
	Address   string `json:"address,omitempty"`
	StateCode string `json:"state_code"`
	State     string `json:"state"`
	GSTIN     string `json:"gstin,omitempty"`
	Phone     string `json:"phone,omitempty"`
}

// Dispatch is everything about a dispatch but its cost (R33). A draft shows the parties
// and items as they are, a confirmed one as they were when its papers were made; only
// CustomerName of the row is the customer's name of today. Tax is there once it is
// confirmed.
type Dispatch struct {
	Row
	Owner
	Consigner     Address   `json:"consigner"`
	Consignee     Address   `json:"consignee"`
	PlaceOfSupply string    `json:"place_of_supply,omitempty"` // if it is another state
	Copies        []string  `json:"copies"`
	Reference     string    `json:"reference,omitempty"`
	Note          string    `json:"note,omitempty"`
	Items         []Line    `json:"items"`
	Taxes         []TaxRow  `json:"taxes"`
	Totals        Totals    `json:"totals"`
	Vehicle       string    `json:"vehicle,omitempty"`
	Transporter   string    `json:"transporter,omitempty"`
	LeftAt        time.Time `json:"left_at,omitzero"`
	ConfirmedBy   string    `json:"confirmed_by,omitempty"`
	CancelledBy   string    `json:"cancelled_by,omitempty"` // number of the reversal
	Returned      []Return  `json:"returned"`
	core.Stamp
}

// Line is one item of a dispatch.
type Line struct {
	Line      int            `json:"line"`
	OrderLine int            `json:"order_line"`
	Item      core.ItemID    `json:"item"`
	SKU       string         `json:"sku"`
	Name      string         `json:"name"`
	NameHi    string         `json:"name_hi,omitempty"`
	HSN       string         `json:"hsn,omitempty"`
	Dimension core.Dimension `json:"dimension"`
	Qty       core.Qty       `json:"qty"`
	Unit      string         `json:"unit"`
	Price     core.Paise     `json:"price"`
	Tax
	Lots      []stock.Share `json:"lots"`                // taken; on a draft the lots chosen by hand
	Override  string        `json:"override,omitempty"`  // why others than suggested
	Suggested []stock.Share `json:"suggested,omitempty"` // where others were chosen
}

// ValuedDispatch adds what the goods cost.
type ValuedDispatch struct {
	Dispatch
	Costs  []core.Paise `json:"costs"` // per line, COGS at confirmation
	Cost   core.Paise   `json:"cost"`
	Margin core.Paise   `json:"margin"` // taxable less cost
}
