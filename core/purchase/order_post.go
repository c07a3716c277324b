package purchase

import (
	"fmt"

	"masala/core"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/party"
	"masala/core/stock"
)

func createOrder(c *op.Call, tx Store, q CreateOrderReq) (CostedOrder, error) {
	o, err := checkOrder(c, tx, q.OrderFields)
	if err != nil {
		return CostedOrder{}, err
	}
	if o.Number, err = stock.PurchaseOrderNumbers.Take(tx, c.Today()); err != nil {
		return CostedOrder{}, err
	}
	o.OrderedOn, o.State, o.Stamp = c.Today(), OrderOpen, c.Stamp(1)
	id, err := tx.InsertOrder(o)
	if err != nil {
		return CostedOrder{}, err
	}
	c.Note("purchase order "+o.Number, nil, q.OrderFields)
	return tx.Order(id)
}

func updateOrder(c *op.Call, tx Store, q UpdateOrderReq) (CostedOrder, error) {
	old, err := tx.Order(q.ID)
	if err != nil {
		return CostedOrder{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old.fields(), q.OrderFields); err != nil {
		return CostedOrder{}, err
	}
	if old.State != OrderOpen {
		return CostedOrder{}, core.Errorf(core.CodeConflict, "%s is %s and does not change any more. Close it and order the rest anew.", old.Number, old.State.word())
	}
	if touched, err := tx.OrderTouched(q.ID); err != nil {
		return CostedOrder{}, err
	} else if touched {
		return CostedOrder{}, core.Errorf(core.CodeConflict, "Goods were received with %s before, so it does not change any more. Close it and order anew.", old.Number)
	}
	o, err := checkOrder(c, tx, q.OrderFields)
	if err != nil {
		return CostedOrder{}, err
	}
	o.ID, o.Number, o.State, o.Stamp = old.ID, old.Number, old.State, c.Stamp(old.Version+1)
	c.Note("purchase order "+o.Number, old.fields(), q.OrderFields)
	if err := tx.UpdateOrder(o); err != nil {
		return CostedOrder{}, err
	}
	return tx.Order(o.ID)
}

func closeOrder(c *op.Call, tx Store, q CloseOrderReq) (CostedOrder, error) {
	old, err := tx.Order(q.ID)
	if err != nil {
		return CostedOrder{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old.State, q.Reason); err != nil {
		return CostedOrder{}, err
	}
	if old.State == OrderClosed {
		return CostedOrder{}, core.Errorf(core.CodeConflict, "%s is closed already.", old.Number)
	}
	c.Note("purchase order "+old.Number, map[string]any{"state": old.State}, q)
	if err := tx.CloseOrder(q.ID, c.Stamp(old.Version+1)); err != nil {
		return CostedOrder{}, err
	}
	return tx.Order(q.ID)
}

// reopenOrder takes a closing back: goods are expected again.
func reopenOrder(c *op.Call, tx Store, q ReopenOrderReq) (CostedOrder, error) {
	old, err := tx.Order(q.ID)
	if err != nil {
		return CostedOrder{}, err
	}
	if err := c.CheckVersion(old.Stamp, q.Version, old.State, q.Reason); err != nil {
		return CostedOrder{}, err
	}
	if old.State != OrderClosed {
		return CostedOrder{}, core.Errorf(core.CodeConflict, "%s is %s, so there is nothing to open.", old.Number, old.State.word())
	}
	c.Note("purchase order "+old.Number, map[string]any{"state": old.State}, q)
	if err := tx.ReopenOrder(q.ID, c.Stamp(old.Version+1)); err != nil {
		return CostedOrder{}, err
	}
	return tx.Order(q.ID)
}

func (o *CostedOrder) fields() OrderFields {
	f := OrderFields{Supplier: o.Supplier, ExpectedOn: o.ExpectedOn, Note: o.Note}
	for i, l := range o.Items {
		f.Lines = append(f.Lines, OrderLine{l.Item, l.Qty, l.Unit, o.Values[i]})
	}
	return f
}

func (s OrderState) word() string {
	return map[OrderState]string{OrderOpen: "open", OrderPartial: "partly received", OrderReceived: "received", OrderClosed: "closed"}[s]
}

// checkOrder judges an order against the books and names every fault at once.
func checkOrder(c *op.Call, tx Store, f OrderFields) (CostedOrder, error) {
	var bad core.Faults
	supplier, err := tx.Party(f.Supplier)
	switch {
	case core.CodeOf(err) == core.CodeNotFound:
		bad.Add("supplier", "Choose a supplier from the list.")
	case err != nil:
		return CostedOrder{}, err
	case supplier.Kind != party.Supplier:
		bad.Add("supplier", "%s is a customer. Choose a supplier.", supplier.Name)
	case !supplier.Active:
		bad.Add("supplier", "%s is no longer in use. Choose another supplier.", supplier.Name)
	}
	if f.ExpectedOn == 0 {
		f.ExpectedOn = c.Today().AddDays(supplier.LeadDays)
	}
	bad.Check(f.ExpectedOn >= c.Today(), "expected_on", "%s has passed. Today is %s.", f.ExpectedOn, c.Today())
	o := CostedOrder{Order: Order{OrderRow: OrderRow{Supplier: f.Supplier, ExpectedOn: f.ExpectedOn}, Note: f.Note}}
	for i, l := range f.Lines {
		item, err := tx.Item(l.Item)
		at := fmt.Sprintf("lines[%d].", i)
		if core.CodeOf(err) == core.CodeNotFound {
			bad.Add(at+"item", "Choose an item from the list.")
			continue
		}
		if err != nil {
			return CostedOrder{}, err
		}
		bad.Check(item.Active, at+"item", "%s is no longer in use. Choose another item.", item.Name)
		bad.Check(item.Type != catalog.Finished, at+"item", "%s is a finished good and comes from packing, not from a supplier.", item.Name)
		if _, err := catalog.FindUnit(&item.ItemFields, l.Unit); err != nil {
			bad.Add(at+"unit", "%s", err.Error())
		}
		o.Items = append(o.Items, OrderedItem{Line: i + 1, Item: l.Item, Qty: l.Qty, Unit: l.Unit})
		o.Values = append(o.Values, l.Value)
	}
	return o, bad.Err()
}
