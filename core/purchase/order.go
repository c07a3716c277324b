package purchase

import (
	"fmt"

	"masala/core"
	"masala/core/op"
)

// TopicOrders moves with every change of a purchase order and with every receipt.
const TopicOrders op.Topic = "purchase_orders"

// The operations on purchase orders.
var (
	CreateOrder    = op.Define[CreateOrderReq, CostedOrder]("purchase.create_order", op.Business, op.Admin, "Order goods from a supplier.", op.Changes(TopicOrders))
	UpdateOrder    = op.Define[UpdateOrderReq, CostedOrder]("purchase.update_order", op.Business, op.Admin, "Change a purchase order of which nothing has come yet.", op.Changes(TopicOrders))
	CloseOrder     = op.Define[CloseOrderReq, CostedOrder]("purchase.close_order", op.Business, op.Admin, "Expect nothing more of a purchase order.", op.Changes(TopicOrders))
	ReopenOrder    = op.Define[ReopenOrderReq, CostedOrder]("purchase.reopen_order", op.Business, op.Admin, "Expect goods again of a purchase order that was closed.", op.Changes(TopicOrders))
	ListOrders     = op.Define[ListOrdersReq, ListOrdersResp]("purchase.list_orders", op.Read, op.Operator, "Page through the purchase orders, newest first.")
	GetOrder       = op.Define[GetOrderReq, Order]("purchase.get_order", op.Read, op.Operator, "Read a purchase order without its prices.")
	GetCostedOrder = op.Define[GetOrderReq, CostedOrder]("purchase.get_costed_order", op.Read, op.Admin, "Read a purchase order with its prices.", op.Viewed())
	ListReorder    = op.Define[ListReorderReq, ListReorderResp]("purchase.list_reorder", op.Read, op.Operator, "List what runs low, with what is on order and what to order from whom.")
)

// OrderID names a purchase order.
type OrderID int64

// OrderState says how far a purchase order has come. PARTIAL and RECEIVED follow
// from the receipts that stand.
type OrderState string

// The states of a purchase order.
const (
	OrderOpen     OrderState = "OPEN"
	OrderPartial  OrderState = "PARTIAL"
	OrderReceived OrderState = "RECEIVED"
	OrderClosed   OrderState = "CLOSED" // nothing more is expected
)

// OrderFields is what a user enters of a purchase order.
type OrderFields struct {
	Supplier   core.PartyID `json:"supplier"`
	ExpectedOn core.Date    `json:"expected_on,omitempty"`
	Note       string       `json:"note,omitempty"`
	Lines      []OrderLine  `json:"lines"`
}

// OrderLine is one item of an order; Value is the agreed price of the whole line
// without GST, 0 where none was agreed.
type OrderLine struct {
	Item  core.ItemID `json:"item"`
	Qty   core.Qty    `json:"qty"` // base units
	Unit  string      `json:"unit"`
	Value core.Paise  `json:"value,omitempty"`
}

// CreateOrderReq is a new purchase order.
type CreateOrderReq struct{ OrderFields }

// UpdateOrderReq replaces an order that is still at Version (R35).
type UpdateOrderReq struct {
	ID      OrderID `json:"id"`
	Version int64   `json:"version"`
	OrderFields
}

// CloseOrderReq ends an order, received or not.
type CloseOrderReq struct {
	ID      OrderID `json:"id"`
	Version int64   `json:"version"`
	Reason  string  `json:"reason"`
}

// Validate checks what can be judged without the books; it normalizes first.
func (f *OrderFields) Validate() error {
	var bad core.Faults
	f.Note = core.Text(f.Note)
	bad.Check(f.Supplier > 0, "supplier", "Choose the supplier.")
	bad.Fit("note", f.Note, core.MaxNote)
	bad.Check(len(f.Lines) > 0, "lines", "Enter at least one item.")
	bad.Check(len(f.Lines) <= MaxLines, "lines", "An order has at most %d lines. Enter the rest as a second one.", MaxLines)
	items := map[core.ItemID]bool{}
	for i := range f.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		l := &f.Lines[i]
		l.Unit = core.Text(l.Unit)
		bad.Check(l.Item > 0, at+"item", "Choose the item.")
		bad.Check(l.Item == 0 || !items[l.Item], at+"item", "This item is on the order already. Enter one line for it.")
		items[l.Item] = true
		bad.Check(l.Qty > 0, at+"qty", "Enter a quantity above zero.")
		bad.Check(l.Unit != "", at+"unit", "Choose the unit.")
		bad.Check(l.Value >= 0, at+"value", "A price cannot be negative.")
		bad.Bound(at+"qty", l.Qty)
		bad.BoundMoney(at+"value", l.Value)
		bad.Fit(at+"unit", l.Unit, core.MaxCode)
	}
	return bad.Err()
}

// Validate checks the request.
func (r *CloseOrderReq) Validate() error {
	var bad core.Faults
	bad.Check(r.ID > 0, "id", "Choose the order.")
	bad.NeedReason(&r.Reason)
	return bad.Err()
}

// ReopenOrderReq takes the closing of an order back.
type ReopenOrderReq struct {
	ID      OrderID `json:"id"`
	Version int64   `json:"version"`
	Reason  string  `json:"reason"`
}

// Validate checks the request.
func (r *ReopenOrderReq) Validate() error { return (*CloseOrderReq)(r).Validate() }

// GetOrderReq names a purchase order.
type GetOrderReq struct {
	ID OrderID `json:"id"`
}

// OrderRow is a purchase order in a list.
type OrderRow struct {
	ID           OrderID      `json:"id"`
	Number       string       `json:"number"`
	Supplier     core.PartyID `json:"supplier"`
	SupplierName string       `json:"supplier_name"`
	OrderedOn    core.Date    `json:"ordered_on"`
	ExpectedOn   core.Date    `json:"expected_on"`
	State        OrderState   `json:"state"`
	Lines        int          `json:"lines"`
}

// Order is a purchase order without its prices.
type Order struct {
	OrderRow
	Note  string        `json:"note,omitempty"`
	Items []OrderedItem `json:"items"`
	core.Stamp
}

// OrderedItem is a line of an order with what has come of it.
type OrderedItem struct {
	Line      int            `json:"line"`
	Item      core.ItemID    `json:"item"`
	SKU       string         `json:"sku"`
	Name      string         `json:"name"`
	NameHi    string         `json:"name_hi,omitempty"`
	Dimension core.Dimension `json:"dimension"`
	Qty       core.Qty       `json:"qty"`
	Unit      string         `json:"unit"`
	Received  core.Qty       `json:"received"` // by receipts that stand
}

// CostedOrder adds the agreed prices.
type CostedOrder struct {
	Order
	Values []core.Paise `json:"values"` // in the order of Items
	Total  core.Paise   `json:"total"`
}

// ListOrdersReq asks for a page of purchase orders.
type ListOrdersReq struct {
	Supplier core.PartyID `json:"supplier,omitempty"`
	Due      bool         `json:"due,omitempty"` // only those of which something is still to come
	After    string       `json:"after,omitempty"`
	Limit    int          `json:"limit,omitempty"`
}

// ListOrdersResp is a page of purchase orders.
type ListOrdersResp struct {
	Orders []OrderRow `json:"orders"`
	Next   string     `json:"next,omitempty"`
}

// ListReorderReq asks for a page of the re-order list.
type ListReorderReq struct {
	After string `json:"after,omitempty"`
	Limit int    `json:"limit,omitempty"`
}

// ReorderRow is an item whose stock and open orders together are at or below its
// minimum. OnHand is what can be used or still be released: not what was rejected or has
// expired. Suggest fills it up to twice the minimum. Supplier is whoever delivered
// it last, 0 where nobody did.
type ReorderRow struct {
	Item         core.ItemID    `json:"item"`
	SKU          string         `json:"sku"`
	Name         string         `json:"name"`
	NameHi       string         `json:"name_hi,omitempty"`
	Dimension    core.Dimension `json:"dimension"`
	Unit         string         `json:"unit"` // it is bought in
	OnHand       core.Qty       `json:"on_hand"`
	OnOrder      core.Qty       `json:"on_order"`
	MinStock     core.Qty       `json:"min_stock"`
	Suggest      core.Qty       `json:"suggest"`
	Supplier     core.PartyID   `json:"supplier,omitempty"`
	SupplierName string         `json:"supplier_name,omitempty"`
	LeadDays     int            `json:"lead_days,omitempty"`
}

// ListReorderResp is a page of the re-order list, the emptiest first.
type ListReorderResp struct {
	Rows []ReorderRow `json:"rows"`
	Next string       `json:"next,omitempty"`
}
