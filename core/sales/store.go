package sales

import (
	"fmt"
	"slices"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/party"
	"masala/core/stock"
)

// Store is what this package needs from the books, inside one transaction.
type Store interface {
	stock.Ledger
	Item(core.ItemID) (catalog.Item, error)
	Party(core.PartyID) (party.Party, error)
	Allocatable(core.ItemID) ([]stock.LotRow, error)
	SalesOrders(ListOrdersReq) (ListOrdersResp, error)
	SalesOrder(OrderID) (Order, error)       // core.CodeNotFound
	SalesOrderTouched(OrderID) (bool, error) // a dispatch names it that was not discarded
	InsertSalesOrder(Order) (OrderID, error)
	UpdateSalesOrder(Order) error
	CloseSalesOrder(OrderID, core.Stamp) error
	Dispatches(ListDispatchesReq) (ListDispatchesResp, error)
	Dispatch(DispatchID) (Dispatch, error) // core.CodeNotFound
	DraftLines(DispatchID) ([]DraftLine, error)
	InsertDraft(order Order, note string, lines []DraftLine, owner core.UserID, s core.Stamp) (DispatchID, error)
	UpdateDraft(id DispatchID, order Order, note string, lines []DraftLine, s core.Stamp) error
	MarkDiscarded(DispatchID, core.Stamp) error
	MarkConfirmed(DispatchID, Paper, core.Stamp) error
	MarkLeft(DispatchID, DispatchedReq, core.Stamp) error
	CostsOf(core.DocumentID) (map[core.LotID]Sent, error) // what went out, lot by lot
	SentWith(core.DocumentID) ([]Sent, error)
	// ParcelsBeside lists by which challans but one a customer has goods of a lot, at most
	// three, the newest first.
	ParcelsBeside(but core.DocumentID, lot core.LotID, customer core.PartyID) ([]Parcel, error)
	NewestChallan(in, until core.Date) (core.Date, error) // the latest day of one in the financial year of a day, of those until a day; 0 before the first
	InsertReturn(doc core.DocumentID, line int, dispatch core.DocumentID, l ReturnLine) error
	Returns(ListReturnsReq) (ListReturnsResp, error)
}

// Register serves the operations of this package.
func Register[T Store](r *op.Router[T]) {
	op.Handle(r, CreateOrder, func(c *op.Call, tx T, q CreateOrderReq) (Order, error) { return createOrder(c, tx, q.OrderFields) })
	op.Handle(r, UpdateOrder, func(c *op.Call, tx T, q UpdateOrderReq) (Order, error) { return updateOrder(c, tx, q) })
	op.Handle(r, CloseOrder, func(c *op.Call, tx T, q CloseOrderReq) (Order, error) { return closeOrder(c, tx, q) })
	op.Handle(r, ListOrders, func(_ *op.Call, tx T, q ListOrdersReq) (ListOrdersResp, error) { return tx.SalesOrders(q) })
	op.Handle(r, GetOrder, func(_ *op.Call, tx T, q GetOrderReq) (Order, error) { return tx.SalesOrder(q.ID) })
	op.Handle(r, PreviewDispatch, func(c *op.Call, tx T, q PreviewReq) (PreviewResp, error) { return preview(c, tx, q) })
	op.Handle(r, DraftDispatch, func(c *op.Call, tx T, q DraftReq) (Dispatch, error) { return draft(c, tx, q) })
	op.Handle(r, UpdateDraft, func(c *op.Call, tx T, q UpdateDraftReq) (Dispatch, error) { return updateDraft(c, tx, q) })
	op.Handle(r, DiscardDraft, func(c *op.Call, tx T, q DiscardReq) (Dispatch, error) { return discard(c, tx, q) })
	op.Handle(r, Confirm, func(c *op.Call, tx T, q ConfirmReq) (Dispatch, error) { return confirm(c, tx, q) })
	op.Handle(r, MarkDispatched, func(c *op.Call, tx T, q DispatchedReq) (Dispatch, error) { return markDispatched(c, tx, q) })
	op.Handle(r, ListDispatches, func(_ *op.Call, tx T, q ListDispatchesReq) (ListDispatchesResp, error) { return tx.Dispatches(q) })
	op.Handle(r, GetDispatch, func(_ *op.Call, tx T, q GetDispatchReq) (Dispatch, error) { return tx.Dispatch(q.ID) })
	op.Handle(r, GetValued, func(_ *op.Call, tx T, q GetDispatchReq) (ValuedDispatch, error) { return valued(tx, q.ID) })
	op.Handle(r, PostReturn, func(c *op.Call, tx T, q PostReturnReq) (PostReturnResp, error) { return postReturn(c, tx, q) })
	op.Handle(r, ListReturns, func(_ *op.Call, tx T, q ListReturnsReq) (ListReturnsResp, error) { return tx.Returns(q) })
}

func createOrder(c *op.Call, tx Store, f OrderFields) (Order, error) {
	o, err := checkOrder(c, tx, f)
	if err != nil {
		return Order{}, err
	}
	if o.Number, err = stock.SalesOrderNumbers.Take(tx, c.Today()); err != nil {
		return Order{}, err
	}
	o.OrderedOn, o.OwnerID, o.Stamp = c.Today(), c.Actor.User, c.Stamp(1)
	id, err := tx.InsertSalesOrder(o)
	if err != nil {
		return Order{}, err
	}
	c.Note("sales order "+o.Number, nil, f)
	return tx.SalesOrder(id)
}

func (o *Order) fields() OrderFields {
	f := OrderFields{Customer: o.Customer, Segment: o.Segment, Reference: o.Reference, DeliverOn: o.DeliverOn, Note: o.Note}
	for _, l := range o.Items {
		f.Lines = append(f.Lines, OrderLine{l.Item, l.Qty, l.Unit, l.Price})
	}
	return f
}

func updateOrder(c *op.Call, tx Store, q UpdateOrderReq) (Order, error) {
	old, err := tx.SalesOrder(q.ID)
	if err != nil {
		return Order{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old.fields(), q.OrderFields); err != nil {
		return Order{}, err
	}
	if err := mayChange(c, old.Owner, old.Number); err != nil {
		return Order{}, err
	}
	if old.State != OrderOpen {
		return Order{}, core.Errorf(core.CodeConflict, "%s is %s and does not change any more. Close it and take a new order.", old.Number, old.State.words())
	}
	if touched, err := tx.SalesOrderTouched(q.ID); err != nil {
		return Order{}, err
	} else if touched {
		return Order{}, core.Errorf(core.CodeConflict, "A dispatch was prepared for %s, so it does not change any more. Close it and take a new order.", old.Number)
	}
	o, err := checkOrder(c, tx, q.OrderFields)
	if err != nil {
		return Order{}, err
	}
	o.ID, o.Stamp = old.ID, c.Stamp(old.Version+1)
	c.Note("sales order "+old.Number, old.fields(), q.OrderFields)
	if err := tx.UpdateSalesOrder(o); err != nil {
		return Order{}, err
	}
	return tx.SalesOrder(o.ID)
}

func closeOrder(c *op.Call, tx Store, q CloseOrderReq) (Order, error) {
	old, err := tx.SalesOrder(q.ID)
	if err != nil {
		return Order{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old.State, q.Reason); err != nil {
		return Order{}, err
	}
	if err := mayChange(c, old.Owner, old.Number); err != nil {
		return Order{}, err
	}
	if old.State == OrderClosed {
		return Order{}, core.Errorf(core.CodeConflict, "%s is closed already.", old.Number)
	}
	c.Note("sales order "+old.Number, map[string]any{"state": old.State}, q)
	if err := discardDrafts(c, tx, old); err != nil {
		return Order{}, err
	}
	if err := tx.CloseSalesOrder(q.ID, c.Stamp(old.Version+1)); err != nil {
		return Order{}, err
	}
	return tx.SalesOrder(q.ID)
}

// discardDrafts gives up what was prepared for an order that is closed: it could only be
// discarded any more.
func discardDrafts(c *op.Call, tx Store, o Order) error {
	for {
		drafts, err := tx.Dispatches(ListDispatchesReq{Order: o.ID, States: []State{Draft}})
		if err != nil || len(drafts.Dispatches) == 0 {
			return err
		}
		for _, row := range drafts.Dispatches {
			d, err := tx.Dispatch(row.ID)
			if err != nil {
				return err
			}
			c.Note(fmt.Sprintf("dispatch draft %d of %s", d.ID, o.Number), map[string]any{"state": d.State}, "discarded, because its order was closed")
			if err := tx.MarkDiscarded(d.ID, c.Stamp(d.Version+1)); err != nil {
				return err
			}
		}
	}
}

// checkOrder judges an order against the books and names every fault at once; only
// finished goods are sold (R31).
func checkOrder(c *op.Call, tx Store, f OrderFields) (Order, error) {
	var bad core.Faults
	customer, err := tx.Party(f.Customer)
	switch {
	case core.CodeOf(err) == core.CodeNotFound:
		bad.Add("customer", "Choose a customer from the list.")
	case err != nil:
		return Order{}, err
	case customer.Kind != party.Customer:
		bad.Add("customer", "%s is a supplier. Choose a customer.", customer.Name)
	case !customer.Active:
		bad.Add("customer", "%s is no longer in use. Choose another customer.", customer.Name)
	}
	if f.Segment == "" {
		f.Segment = customer.Segment
	}
	if f.DeliverOn == 0 {
		f.DeliverOn = c.Today()
	}
	bad.Check(f.DeliverOn >= c.Today(), "deliver_on", "%s has passed. Today is %s.", f.DeliverOn, c.Today())
	o := Order{OrderRow: OrderRow{Customer: f.Customer, Segment: f.Segment, Reference: f.Reference, DeliverOn: f.DeliverOn}, Note: f.Note}
	for i, l := range f.Lines {
		item, err := tx.Item(l.Item)
		at := fmt.Sprintf("lines[%d].", i)
		if core.CodeOf(err) == core.CodeNotFound {
			bad.Add(at+"item", "Choose an item from the list.")
			continue
		}
		if err != nil {
			return Order{}, err
		}
		bad.Check(item.Type == catalog.Finished, at+"item", "%s is no finished good. Only finished goods are sold.", item.Name)
		bad.Check(item.Active, at+"item", "%s is no longer in use. Choose another item.", item.Name)
		if item.Type == catalog.Finished {
			rateOf(&item.ItemFields, f.DeliverOn, &bad, at+"item")
		}
		if _, err := catalog.FindUnit(&item.ItemFields, l.Unit); err != nil {
			bad.Add(at+"unit", "%s", err.Error())
		}
		if _, err := Taxable(l.Price, l.Qty, item.Dimension); err != nil {
			bad.Add(at+"price", "Price and quantity are too large together.")
		}
		o.Items = append(o.Items, OrderedItem{Line: i + 1, Item: l.Item, Qty: l.Qty, Unit: l.Unit, Price: l.Price})
	}
	return o, bad.Err()
}

// orderFor reads the order of a dispatch and judges which of its lines go, except
// for what dispatch but has of them.
func orderFor(tx Store, id OrderID, lines []DraftLine) (Order, error) {
	o, err := tx.SalesOrder(id)
	if core.CodeOf(err) == core.CodeNotFound {
		return o, core.Invalid("order", "Choose an order from the list.")
	}
	if err != nil {
		return o, err
	}
	var bad core.Faults
	bad.Check(o.State != OrderClosed, "order", "%s is closed.", o.Number)
	for i, l := range lines {
		at := fmt.Sprintf("lines[%d].", i)
		if l.OrderLine > len(o.Items) {
			bad.Add(at+"order_line", "%s has %d lines.", o.Number, len(o.Items))
			continue
		}
		x := o.Items[l.OrderLine-1]
		left := x.Qty - x.Dispatched
		bad.Check(l.Qty <= left, at+"qty", "Of %s only %s are still to go with %s.", x.Name, max(left, 0).String(x.Dimension), o.Number)
	}
	return o, bad.Err()
}

func preview(c *op.Call, tx Store, q PreviewReq) (PreviewResp, error) {
	o, err := orderFor(tx, q.Order, q.Lines)
	if err != nil {
		return PreviewResp{}, err
	}
	customer, err := tx.Party(o.Customer)
	if err != nil {
		return PreviewResp{}, err
	}
	resp := PreviewResp{Lines: []Suggestion{}}
	for _, l := range q.Lines {
		x := o.Items[l.OrderLine-1]
		cells, err := tx.Allocatable(x.Item)
		if err != nil {
			return resp, err
		}
		s := Suggestion{OrderLine: l.OrderLine, Name: x.Name, Passed: []string{}, Allocation: stock.Allocate(cells, want(c, o, customer, l.Qty, days{c.Today(), c.Today()}))}
		for _, p := range s.Skipped {
			s.Passed = append(s.Passed, fmt.Sprintf("%s %s.", p.Number, p.Why.Words()))
		}
		resp.Lines = append(resp.Lines, s)
	}
	return resp, nil
}

// want is what a customer asks of the lots (R25).
func want(c *op.Call, o Order, customer party.Party, q core.Qty, on days) stock.Want {
	return stock.Want{Segment: o.Segment, Qty: q, On: on.challan, MinLife: customer.MinLife, MinLifeDays: customer.MinLifeDays}.By(c, on.left)
}

func draft(c *op.Call, tx Store, q DraftReq) (Dispatch, error) {
	o, err := orderFor(tx, q.Order, q.Lines)
	if err != nil {
		return Dispatch{}, err
	}
	id, err := tx.InsertDraft(o, q.Note, q.Lines, c.Actor.User, c.Stamp(1))
	if err != nil {
		return Dispatch{}, err
	}
	c.Note(fmt.Sprintf("dispatch draft %d of %s", id, o.Number), nil, q)
	return tx.Dispatch(id)
}

// openOwn is open for a draft that the caller may change.
func openOwn(c *op.Call, tx Store, id DispatchID, seen int64, yours any) (Dispatch, error) {
	d, err := open(c, tx, id, seen, yours, Draft)
	if err != nil {
		return d, err
	}
	return d, mayChange(c, d.Owner, "This dispatch")
}

// open reads a dispatch that must be at the version seen and in one of the states.
func open(c *op.Call, tx Store, id DispatchID, seen int64, yours any, states ...State) (Dispatch, error) {
	d, err := tx.Dispatch(id)
	if err != nil {
		return d, err
	}
	if err := c.CheckVersion(d.Stamp, seen, d.standing(), yours); err != nil {
		return d, err
	}
	if !slices.Contains(states, d.State) {
		return d, core.Errorf(core.CodeConflict, "This dispatch is %s. %s", d.State.words(), d.State.next())
	}
	return d, nil
}

// standing is what the last edit made of a dispatch, for whoever lost against it (R35).
func (d Dispatch) standing() map[string]any {
	lines := make([]DraftLine, len(d.Items))
	for i, l := range d.Items {
		lines[i] = DraftLine{OrderLine: l.OrderLine, Qty: l.Qty, Override: stock.Override{Reason: l.Override}}
		for _, lot := range l.Lots {
			lines[i].Lots = append(lines[i].Lots, stock.Pick{CellKey: lot.CellKey, Qty: lot.Qty})
		}
	}
	return map[string]any{"state": d.State, "challan": d.Challan, "note": d.Note, "vehicle": d.Vehicle, "transporter": d.Transporter, "lines": lines}
}

func updateDraft(c *op.Call, tx Store, q UpdateDraftReq) (Dispatch, error) {
	d, err := openOwn(c, tx, q.ID, q.Version, q)
	if err != nil {
		return Dispatch{}, err
	}
	o, err := orderFor(tx, d.Order, q.Lines)
	if err != nil {
		return Dispatch{}, err
	}
	c.Note(fmt.Sprintf("dispatch draft %d of %s", d.ID, d.OrderNumber), d.Items, q)
	if err := tx.UpdateDraft(d.ID, o, q.Note, q.Lines, c.Stamp(d.Version+1)); err != nil {
		return Dispatch{}, err
	}
	return tx.Dispatch(d.ID)
}

func discard(c *op.Call, tx Store, q DiscardReq) (Dispatch, error) {
	d, err := openOwn(c, tx, q.ID, q.Version, q)
	if err != nil {
		return Dispatch{}, err
	}
	c.Note(fmt.Sprintf("dispatch draft %d of %s", d.ID, d.OrderNumber), map[string]any{"state": d.State}, q)
	if err := tx.MarkDiscarded(d.ID, c.Stamp(d.Version+1)); err != nil {
		return Dispatch{}, err
	}
	return tx.Dispatch(d.ID)
}

func markDispatched(c *op.Call, tx Store, q DispatchedReq) (Dispatch, error) {
	d, err := open(c, tx, q.ID, q.Version, q, Confirmed, Dispatched)
	if err != nil {
		return Dispatch{}, err
	}
	c.Note("dispatch "+d.Challan, map[string]any{"state": d.State, "vehicle": d.Vehicle, "transporter": d.Transporter}, q)
	if err := tx.MarkLeft(d.ID, q, c.Stamp(d.Version+1)); err != nil {
		return Dispatch{}, err
	}
	return tx.Dispatch(d.ID)
}

func valued(tx Store, id DispatchID) (v ValuedDispatch, err error) {
	if v.Dispatch, err = tx.Dispatch(id); err != nil || v.Document == 0 {
		return v, err
	}
	costs, err := tx.CostsOf(v.Document)
	if err != nil {
		return v, err
	}
	for _, l := range v.Items {
		sum := core.Paise(0)
		for _, s := range l.Lots { // a lot goes with one line: lines are of different items
			sum += costs[s.Lot].Value
		}
		v.Costs = append(v.Costs, sum)
		v.Cost += sum
	}
	v.Margin = v.Totals.Taxable - v.Cost
	return v, nil
}
