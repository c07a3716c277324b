// Package sales takes orders, dispatches finished goods with challan and invoice, and
// takes returns back (R15, R25, R31-R33).
package sales

import (
	"fmt"

	"masala/core"
	"masala/core/op"
)

// Topics of this package.
const (
	TopicOrders     op.Topic = "sales_orders"
	TopicDispatches op.Topic = "dispatches"
)

// The operations on sales orders.
var (
	CreateOrder = op.Define[CreateOrderReq, Order]("sales.create_order", op.Business, op.Operator, "Take an order of a customer.", op.Changes(TopicOrders))
	UpdateOrder = op.Define[UpdateOrderReq, Order]("sales.update_order", op.Business, op.Operator, "Change an order of which nothing was dispatched yet.", op.Changes(TopicOrders))
	CloseOrder  = op.Define[CloseOrderReq, Order]("sales.close_order", op.Business, op.Operator, "Dispatch nothing more of an order.", op.Changes(TopicOrders))
	ListOrders  = op.Define[ListOrdersReq, ListOrdersResp]("sales.list_orders", op.Read, op.Operator, "Page through the sales orders, newest first.")
	GetOrder    = op.Define[GetOrderReq, Order]("sales.get_order", op.Read, op.Operator, "Read a sales order with what was dispatched of it.")
)

// OrderID names a sales order.
type OrderID int64

// OrderState says how far an order has come. PARTIAL and DELIVERED follow from the
// dispatches that stand.
type OrderState string

// The states of a sales order.
const (
	OrderOpen      OrderState = "OPEN"
	OrderPartial   OrderState = "PARTIAL"
	OrderDelivered OrderState = "DELIVERED"
	OrderClosed    OrderState = "CLOSED" // nothing more is dispatched
)

func (s OrderState) words() string {
	return map[OrderState]string{OrderOpen: "open", OrderPartial: "partly dispatched", OrderDelivered: "dispatched", OrderClosed: "closed"}[s]
}

// OrderFields is what a user enters of an order.
type OrderFields struct {
	Customer  core.PartyID `json:"customer"`
	Segment   core.Segment `json:"segment,omitempty"` // default: the customer's
	Reference string       `json:"reference,omitempty"`
	DeliverOn core.Date    `json:"deliver_on,omitempty"`
	Note      string       `json:"note,omitempty"`
	Lines     []OrderLine  `json:"lines"`
}

// OrderLine is one finished good of an order.
type OrderLine struct {
	Item  core.ItemID `json:"item"`
	Qty   core.Qty    `json:"qty"`   // base units
	Unit  string      `json:"unit"`  // it was typed in, for print
	Price core.Paise  `json:"price"` // of a piece, kg, metre or litre, without GST
}

// MaxLines bounds an order.
const MaxLines = 200

// CreateOrderReq is a new order.
type CreateOrderReq struct{ OrderFields }

// UpdateOrderReq replaces an order that is still at Version (R35).
type UpdateOrderReq struct {
	ID      OrderID `json:"id"`
	Version int64   `json:"version"`
	OrderFields
}

// CloseOrderReq ends an order, dispatched or not.
type CloseOrderReq struct {
	ID      OrderID `json:"id"`
	Version int64   `json:"version"`
	Reason  string  `json:"reason"`
}

// Validate checks what can be judged without the books; it normalizes first.
func (f *OrderFields) Validate() error {
	var bad core.Faults
	f.Reference, f.Note = core.Text(f.Reference), core.Text(f.Note)
	bad.Check(f.Customer > 0, "customer", "Choose the customer.")
	bad.Check(f.Segment == "" || f.Segment.Valid(), "segment", "Choose the segment: regular or online.")
	bad.Fit("reference", f.Reference, 40)
	bad.Fit("note", f.Note, core.MaxNote)
	bad.Check(len(f.Lines) > 0, "lines", "Enter at least one item.")
	bad.Check(len(f.Lines) <= MaxLines, "lines", "An order has at most %d lines. Enter the rest as a second one.", MaxLines)
	seen := map[core.ItemID]bool{}
	for i := range f.Lines {
		l, at := &f.Lines[i], fmt.Sprintf("lines[%d].", i)
		l.Unit = core.Text(l.Unit)
		bad.Check(l.Item > 0, at+"item", "Choose the item.")
		bad.Check(l.Item == 0 || !seen[l.Item], at+"item", "This item is on the order already. Enter one line for it.")
		seen[l.Item] = true
		bad.Check(l.Qty > 0, at+"qty", "Enter a quantity above zero.")
		bad.Check(l.Unit != "", at+"unit", "Choose the unit.")
		bad.Check(l.Price >= 0, at+"price", "A price cannot be negative.")
		bad.Bound(at+"qty", l.Qty)
		bad.BoundMoney(at+"price", l.Price)
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

// GetOrderReq names a sales order.
type GetOrderReq struct {
	ID OrderID `json:"id"`
}

// ListOrdersReq asks for a page of orders.
type ListOrdersReq struct {
	Customer core.PartyID `json:"customer,omitempty"`
	Due      bool         `json:"due,omitempty"` // only those of which something is still to go
	After    string       `json:"after,omitempty"`
	Limit    int          `json:"limit,omitempty"`
}

// OrderRow is an order in a list.
type OrderRow struct {
	ID           OrderID      `json:"id"`
	Number       string       `json:"number"`
	Customer     core.PartyID `json:"customer"`
	CustomerName string       `json:"customer_name"`
	Segment      core.Segment `json:"segment"`
	Reference    string       `json:"reference,omitempty"`
	OrderedOn    core.Date    `json:"ordered_on"`
	DeliverOn    core.Date    `json:"deliver_on"`
	State        OrderState   `json:"state"`
	Lines        int          `json:"lines"`
}

// ListOrdersResp is a page of orders.
type ListOrdersResp struct {
	Orders []OrderRow `json:"orders"`
	Next   string     `json:"next,omitempty"`
}

// Order is a sales order. Prices are the factory's own and no cost (R37).
type Order struct {
	OrderRow
	Owner
	Note  string        `json:"note,omitempty"`
	Items []OrderedItem `json:"items"`
	Total core.Paise    `json:"total"` // without GST
	core.Stamp
}

// OrderedItem is a line of an order with what has gone of it.
type OrderedItem struct {
	Line       int            `json:"line"`
	Item       core.ItemID    `json:"item"`
	SKU        string         `json:"sku"`
	Name       string         `json:"name"`
	NameHi     string         `json:"name_hi,omitempty"`
	Dimension  core.Dimension `json:"dimension"`
	Qty        core.Qty       `json:"qty"`
	Unit       string         `json:"unit"`
	Price      core.Paise     `json:"price"`
	Taxable    core.Paise     `json:"taxable"`
	Dispatched core.Qty       `json:"dispatched"` // by dispatches that stand
}

// Taxable is price times quantity, half-up to the paisa.
func Taxable(price core.Paise, q core.Qty, d core.Dimension) (core.Paise, error) {
	n, err := core.MulDivHalfUp(int64(price), int64(q), int64(d.PerUnit()))
	if err == nil && core.Paise(n) > core.MaxPaise {
		err = core.ErrOverflow
	}
	return core.Paise(n), err
}
