package flow_test

import (
	"masala/core/sales"
	. "masala/storage/storagetest"
)

func salesFields(p *person) sales.OrderFields {
	f := sales.OrderFields{Customer: sure(p, "customer", p.customers...)}
	for i := range 1 + p.upTo(1, "lines") {
		f.Lines = append(f.Lines, sales.OrderLine{Item: p.finished[i], Qty: p.pieces("ordered"), Unit: "pcs", Price: p.paise("price")})
	}
	return f
}

func takeOrder(p *person) bool {
	_, _ = try(p, p.anybody(), sales.CreateOrder, sales.CreateOrderReq{OrderFields: salesFields(p)})
	return true
}

func anOrder(p *person, due bool) (sales.Order, bool) {
	row, ok := oneOf(p, "order", read(p, sales.ListOrders, sales.ListOrdersReq{Due: due}).Orders)
	if !ok {
		return sales.Order{}, false
	}
	return read(p, sales.GetOrder, sales.GetOrderReq{ID: row.ID}), true
}

func changeOrder(p *person) bool {
	o, ok := anOrder(p, false)
	if !ok {
		return false
	}
	if p.seldom("close it") {
		_, _ = try(p, p.mayChange(o.Owner), sales.CloseOrder, sales.CloseOrderReq{ID: o.ID, Version: o.Version, Reason: "cancelled"})
		return true
	}
	_, _ = try(p, p.mayChange(o.Owner), sales.UpdateOrder, sales.UpdateOrderReq{ID: o.ID, Version: o.Version, OrderFields: salesFields(p)})
	return true
}

// mayChange is somebody who may change what was entered: an Operator his own, else the
// owner of the factory.
func (p *person) mayChange(o sales.Owner) *User {
	if u := p.anybody(); u.ID == o.OwnerID {
		return u
	}
	return p.Owner
}

func draftLines(p *person, o sales.Order) (lines []sales.DraftLine) {
	for _, x := range o.Items {
		left := x.Qty - x.Dispatched
		if left <= 0 && !p.seldom("once more") {
			continue
		}
		l := sales.DraftLine{OrderLine: x.Line, Qty: p.someOf(max(left, 1), "to send")}
		if p.seldom("other lots") {
			l.Override = p.picks(x.Item, o.Segment, l.Qty)
		}
		lines = append(lines, l)
	}
	return lines
}

func draft(p *person) bool {
	o, ok := anOrder(p, true)
	if ok {
		_, _ = try(p, p.anybody(), sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: draftLines(p, o)})
	}
	return ok
}

func dispatch(p *person, states ...sales.State) (sales.Dispatch, bool) {
	row, ok := oneOf(p, "dispatch", read(p, sales.ListDispatches, sales.ListDispatchesReq{States: states}).Dispatches)
	if !ok {
		return sales.Dispatch{}, false
	}
	return read(p, sales.GetDispatch, sales.GetDispatchReq{ID: row.ID}), true
}

func changeDraft(p *person) bool {
	d, ok := dispatch(p, sales.Draft)
	if !ok {
		return false
	}
	if p.seldom("discard") {
		_, _ = try(p, p.mayChange(d.Owner), sales.DiscardDraft, sales.DiscardReq{ID: d.ID, Version: d.Version})
		return true
	}
	_, _ = try(p, p.mayChange(d.Owner), sales.UpdateDraft, sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Lines: draftLines(p, read(p, sales.GetOrder, sales.GetOrderReq{ID: d.Order}))})
	return true
}

func confirm(p *person) bool {
	d, ok := dispatch(p, sales.Draft)
	if ok {
		_, _ = try(p, p.anybody(), sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	}
	return ok
}

func sendOff(p *person) bool {
	d, ok := dispatch(p, sales.Confirmed)
	if ok {
		_, _ = try(p, p.anybody(), sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 AB 1234"})
	}
	return ok
}

func takeBack(p *person) bool {
	d, ok := dispatch(p, sales.Confirmed, sales.Dispatched)
	if !ok {
		return false
	}
	req := sales.PostReturnReq{Dispatch: d.ID, Reason: "wet"}
	for _, l := range d.Items {
		for _, s := range l.Lots {
			if !p.seldom("keeps it") {
				x := sales.ReturnLine{Lot: s.Lot, Qty: p.someOf(s.Qty, "back"), Condition: sure(p, "condition", sales.Good, sales.Good, sales.Damaged)}
				if half := x.Qty / 2; half > 0 && p.seldom("some of it damaged") {
					x.Qty -= half
					req.Lines = append(req.Lines, sales.ReturnLine{Lot: s.Lot, Qty: half, Condition: sales.Damaged})
				}
				req.Lines = append(req.Lines, x)
			}
		}
	}
	_, _ = try(p, p.anybody(), sales.PostReturn, req)
	return true
}
