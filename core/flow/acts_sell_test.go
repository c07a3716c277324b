package flow_test

import (
	"maps"
	"slices"

	"masala/core"
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
	if due := read(p, sales.ListOrders, sales.ListOrdersReq{Due: true}).Orders; len(due) > 3 && !p.odd {
		return false
	}
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
	o, ok := anOrder(p, !p.odd)
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

// draftLines is what is due of an order and in stock; carelessly it is anything.
func draftLines(p *person, o sales.Order) (lines []sales.DraftLine) {
	for _, x := range o.Items {
		left := x.Qty - x.Dispatched
		if left <= 0 && !p.careless("once more") {
			continue
		}
		l := sales.DraftLine{OrderLine: x.Line, Qty: p.someOf(max(left, 1), "to send")}
		if p.seldom("gone before") {
			if o := p.picksOf(x.Item, o.Segment, l.Qty, true); len(o.Lots) > 0 {
				l.Qty, l.Override = o.Lots[0].Qty, o
				lines = append(lines, l)
				continue
			}
		}
		if !p.odd {
			asked, ok := looked(p, sales.PreviewDispatch, sales.PreviewReq{Order: o.ID, Lines: []sales.DraftLine{l}})
			if !ok || l.Qty == asked.Lines[0].Short {
				continue
			}
			l.Qty -= asked.Lines[0].Short
		}
		if p.seldom("other lots") {
			l.Override = p.picks(x.Item, o.Segment, l.Qty)
		}
		lines = append(lines, l)
	}
	return lines
}

func draft(p *person) bool {
	o, ok := anOrder(p, true)
	if !ok {
		return false
	}
	lines := draftLines(p, o)
	if len(lines) == 0 && !p.odd {
		return false
	}
	_, _ = try(p, p.anybody(), sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: lines})
	return true
}

// dispatch picks a dispatch in one of the states that will do.
func dispatch(p *person, will func(sales.Dispatch) bool, states ...sales.State) (sales.Dispatch, bool) {
	var list []sales.Dispatch
	for _, row := range read(p, sales.ListDispatches, sales.ListDispatchesReq{States: states}).Dispatches {
		if d := read(p, sales.GetDispatch, sales.GetDispatchReq{ID: row.ID}); p.odd || will(d) {
			list = append(list, d)
		}
	}
	return oneOf(p, "dispatch", list)
}

func anyDispatch(sales.Dispatch) bool { return true }

// covered: the order is open and there is stock for every line.
func (p *person) covered(d sales.Dispatch) bool {
	o := read(p, sales.GetOrder, sales.GetOrderReq{ID: d.Order})
	if o.State != sales.OrderOpen && o.State != sales.OrderPartial {
		return false
	}
	var lines []sales.DraftLine
	for _, l := range d.Items {
		if len(l.Lots) == 0 { // else they were known
			lines = append(lines, sales.DraftLine{OrderLine: l.OrderLine, Qty: l.Qty})
		}
		x := o.Items[l.OrderLine-1]
		if l.Qty > x.Qty-x.Dispatched {
			return false
		}
	}
	if len(lines) == 0 {
		return true
	}
	asked, ok := looked(p, sales.PreviewDispatch, sales.PreviewReq{Order: d.Order, Lines: lines})
	return ok && !slices.ContainsFunc(asked.Lines, func(l sales.Suggestion) bool { return l.Short > 0 })
}

func changeDraft(p *person) bool {
	d, ok := dispatch(p, anyDispatch, sales.Draft)
	if !ok {
		return false
	}
	var lines []sales.DraftLine
	if o := read(p, sales.GetOrder, sales.GetOrderReq{ID: d.Order}); p.odd || o.State == sales.OrderOpen || o.State == sales.OrderPartial {
		lines = draftLines(p, o)
	}
	if p.seldom("discard") || len(lines) == 0 && !p.odd {
		_, _ = try(p, p.mayChange(d.Owner), sales.DiscardDraft, sales.DiscardReq{ID: d.ID, Version: d.Version})
		return true
	}
	_, _ = try(p, p.mayChange(d.Owner), sales.UpdateDraft, sales.UpdateDraftReq{ID: d.ID, Version: d.Version, Lines: lines})
	return true
}

func confirm(p *person) bool {
	d, ok := dispatch(p, p.covered, sales.Draft)
	if ok {
		who, req := p.anybody(), sales.ConfirmReq{ID: d.ID, Version: d.Version}
		req.EffectiveOn, req.Reason = p.earlier(who)
		if p.maybe("left before") && (p.odd || who == p.Owner) {
			req.LeftOn, req.Reason = p.daysBack(), "the truck was loaded at night"
		}
		_, _ = try(p, who, sales.Confirm, req)
	}
	return ok
}

func sendOff(p *person) bool {
	d, ok := dispatch(p, anyDispatch, sales.Confirmed)
	if ok {
		_, _ = try(p, p.anybody(), sales.MarkDispatched, sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: "MH 12 AB 1234"})
	}
	return ok
}

func takeBack(p *person) bool {
	d, ok := dispatch(p, anyDispatch, sales.Confirmed, sales.Dispatched)
	if !ok {
		return false
	}
	out := map[core.LotID]core.Qty{}
	for _, l := range d.Items {
		for _, s := range l.Lots {
			out[s.Lot] += s.Qty
		}
	}
	for _, r := range d.Returned {
		if !p.odd {
			out[r.Lot] -= r.Qty
		}
	}
	req := sales.PostReturnReq{Dispatch: d.ID, Reason: "wet"}
	for _, lot := range slices.Sorted(maps.Keys(out)) {
		if out[lot] <= 0 || p.seldom("keeps it") {
			continue
		}
		x := sales.ReturnLine{Lot: lot, Qty: p.someOf(out[lot], "back"), Condition: sure(p, "condition", sales.Good, sales.Good, sales.Damaged)}
		if half := x.Qty / 2; half > 0 && p.seldom("some of it damaged") {
			x.Qty -= half
			req.Lines = append(req.Lines, sales.ReturnLine{Lot: lot, Qty: half, Condition: sales.Damaged})
		}
		req.Lines = append(req.Lines, x)
	}
	if len(req.Lines) == 0 && !p.odd {
		return false
	}
	who := p.anybody()
	req.EffectiveOn, _ = p.earlier(who)
	_, _ = try(p, who, sales.PostReturn, req)
	return true
}
