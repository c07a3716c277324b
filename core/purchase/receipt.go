package purchase

import (
	"fmt"

	"masala/core"
	"masala/core/catalog"
)

// Overweight is how much more than its order asked for, 5 % of it, may come of a line
// without anybody saying why: two scales and the tare of sacks differ by that much. A slip
// of unit, the likeliest error at a gate, is at least twelve times the quantity.
const Overweight core.Percent = 500

// receipt is the order that a GRN receives, and how much of each of its lines has come:
// before, and with the lines of the GRN looked at so far.
type receipt struct {
	order CostedOrder
	come  []core.Qty // in the order of its lines
}

// checkReceipt judges the order a GRN receives: it must be this supplier's, not closed,
// and each line must be of the item ordered. It returns nil where nothing is received of
// an order, or nothing further can be said of it.
func checkReceipt(tx Store, q *PostGRNReq, bad *core.Faults) (*receipt, error) {
	if q.Order == 0 {
		for i, l := range q.Lines {
			bad.Check(l.OrderLine == 0, fmt.Sprintf("lines[%d].order_line", i), "Choose the purchase order first.")
		}
		return nil, nil
	}
	o, err := tx.Order(q.Order)
	switch {
	case core.CodeOf(err) == core.CodeNotFound:
		bad.Add("order", "Choose a purchase order from the list.")
		return nil, nil
	case err != nil:
		return nil, err
	}
	before := bad.Len()
	bad.Check(o.Supplier == q.Supplier, "order", "%s was ordered from %s.", o.Number, o.SupplierName)
	bad.Check(o.State != OrderClosed, "order", "%s is closed. Ask an Admin to open it again, or receive the goods without an order.", o.Number)
	// An order has one line for each item, so that the item tells which.
	named := false
	for i := range q.Lines {
		l := &q.Lines[i]
		for _, x := range o.Items {
			if l.OrderLine == 0 && x.Item == l.Item {
				l.OrderLine = x.Line
			}
		}
		named = named || l.OrderLine != 0
	}
	bad.Check(named, "order", "Nothing of this delivery was ordered with %s. Choose another order, or none.", o.Number)
	another := bad.Len() > before
	for i, l := range q.Lines {
		at := fmt.Sprintf("lines[%d].order_line", i)
		switch {
		case l.OrderLine == 0:
		case l.OrderLine < 0 || l.OrderLine > len(o.Items):
			bad.Add(at, "%s has %d lines.", o.Number, len(o.Items))
		case o.Items[l.OrderLine-1].Item != l.Item:
			bad.Add(at, "Line %d of %s is %s.", l.OrderLine, o.Number, o.Items[l.OrderLine-1].Name)
		}
	}
	if another { // with the right order other quantities are open
		return nil, nil
	}
	r := &receipt{order: o}
	for _, x := range o.Items {
		r.come = append(r.come, x.Received)
	}
	return r, nil
}

// take counts a line against its order line. More than Overweight beyond what was ordered
// needs a reason; a line refused for want of one counts nothing for those after it, which
// may be right.
func (r *receipt) take(bad *core.Faults, at string, l GRNLine, item *catalog.ItemFields, reason string) error {
	if r == nil || l.OrderLine <= 0 || l.OrderLine > len(r.come) || r.order.Items[l.OrderLine-1].Item != l.Item || l.Qty <= 0 || l.Qty > core.MaxQty {
		return nil // not of the order, or at fault already
	}
	x, come := r.order.Items[l.OrderLine-1], &r.come[l.OrderLine-1]
	most, _, err := core.MulDivFloor(int64(x.Qty), int64(core.Whole+Overweight), int64(core.Whole))
	if err != nil {
		return err
	}
	if *come+l.Qty <= core.Qty(most) || reason != "" {
		*come += l.Qty
		return nil
	}
	open := "nothing is open any more"
	if x.Qty > *come {
		open = "only " + (x.Qty - *come).String(x.Dimension) + " are open"
	}
	bad.Add(at+"qty", "Of %s %s with %s, and %s were typed. Correct the quantity or its unit, or give the reason why more came.",
		x.Name, open, r.order.Number, typed(l, item))
	return nil
}

// typed is the quantity of a line in the unit it was typed in, with what that comes to:
// "40 q (4,000.000 kg)".
func typed(l GRNLine, item *catalog.ItemFields) string {
	base := l.Qty.String(item.Dimension)
	u, err := catalog.FindUnit(item, l.Unit)
	if err != nil || u.Code == item.Dimension.Unit() {
		return base
	}
	n, whole, err := core.MulDivExact(int64(l.Qty), u.Den, u.Num)
	if err != nil || !whole {
		return base
	}
	return core.Qty(n).Number(core.Count) + " " + u.Code + " (" + base + ")"
}
