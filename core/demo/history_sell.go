package demo

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"masala/core"
	"masala/core/party"
	"masala/core/sales"
)

const (
	ordersADay = 10
	shelfDays  = 12 // for how many days of sales finished goods are kept
)

// listPrice of a finished good for a distributor, in paise.
var listPrice = map[string]core.Paise{"FIN-001": 2743, "FIN-002": 12800, "FIN-003": 3320, "FIN-004": 6050, "FIN-005": 3980, "FIN-006": 5100, "FIN-007": 4050,
	"FIN-008": 8800, "FIN-009": 14200, "FIN-010": 4500, "FIN-011": 4850, "FIN-012": 19800, "FIN-013": 3100, "FIN-014": 7800}

// sell sends a part of every finished good to the customers in turn.
func (h *history) sell() error {
	customers := slices.DeleteFunc(parties(), func(p party.Fields) bool { return p.Kind != party.Customer })
	kinds := slices.SortedFunc(maps.Keys(h.shelf), func(a, b shelf) int { return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.segment, b.segment)) })
	share := map[shelf]core.Qty{}
	for _, k := range kinds {
		buyers := 0
		for _, c := range customers {
			if c.Segment == k.segment {
				buyers++
			}
		}
		share[k] = h.shelf[k] * core.Qty(len(customers)) / core.Qty(shelfDays*ordersADay*buyers)
	}
	h.sent = h.sent[:0]
	for range ordersADay {
		c := customers[h.customer%len(customers)]
		h.customer++
		req := sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: h.parties[c.Name], Reference: fmt.Sprintf("PO-%d", h.customer)}}
		for _, k := range kinds {
			if q := min(h.about(share[k], 30), h.shelf[k]); k.segment == c.Segment && q > 0 {
				req.Lines = append(req.Lines, sales.OrderLine{Item: k.item, Qty: q, Unit: "pcs", Price: listPrice[h.sku(k.item)]})
				h.shelf[k] -= q
			}
		}
		if len(req.Lines) == 0 {
			continue
		}
		if err := h.dispatch(req); err != nil {
			return err
		}
	}
	return nil
}

func (h *history) dispatch(req sales.CreateOrderReq) error {
	o, err := act(h, "dispatch1", sales.CreateOrder, req)
	if err != nil {
		return err
	}
	draft := sales.DraftReq{Order: o.ID}
	for i, l := range req.Lines {
		draft.Lines = append(draft.Lines, sales.DraftLine{OrderLine: i + 1, Qty: l.Qty})
	}
	d, err := act(h, "dispatch1", sales.DraftDispatch, draft)
	if err != nil {
		return err
	}
	if d, err = act(h, "dispatch1", sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version}); err != nil {
		return err
	}
	left := sales.DispatchedReq{ID: d.ID, Version: d.Version, Vehicle: fmt.Sprintf("MH 14 GA %04d", 1000+h.rnd.IntN(9000)), Transporter: "Vegwan Roadlines"}
	if d, err = act(h, "dispatch1", sales.MarkDispatched, left); err != nil {
		return err
	}
	h.sent = append(h.sent, d)
	return nil
}

// takeBack takes a little of today's dispatches back, good or damaged.
func (h *history) takeBack() error {
	for range min(2, len(h.sent)) {
		d := h.sent[h.rnd.IntN(len(h.sent))]
		lot := d.Items[h.rnd.IntN(len(d.Items))].Lots[0]
		if h.back[lot.Lot] {
			continue
		}
		line := sales.ReturnLine{Lot: lot.Lot, Qty: max(lot.Qty/20, 1), Condition: sales.Good}
		if h.rnd.IntN(3) == 0 {
			line.Condition = sales.Damaged
		}
		if _, err := act(h, "dispatch1", sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "Cartons crushed in transit", Lines: []sales.ReturnLine{line}}); err != nil {
			return err
		}
		if line.Condition == sales.Good {
			h.back[lot.Lot] = true
			h.held = append(h.held, heldLot{lot: lot.Lot, segment: lot.Segment, item: h.itemOf(d, lot.Lot), packs: line.Qty})
		}
	}
	clear(h.back)
	return nil
}

func (h *history) itemOf(d sales.Dispatch, lot core.LotID) core.ItemID {
	for _, l := range d.Items {
		for _, s := range l.Lots {
			if s.Lot == lot {
				return l.Item
			}
		}
	}
	return 0
}
