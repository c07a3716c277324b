package demo

import (
	"fmt"

	"masala/core"
	"masala/core/catalog"
	"masala/core/purchase"
	"masala/core/stock"
)

// stockDays is for how many days of use the store keeps material.
const stockDays = 8

// seldom lists what the rounds of the suppliers do not bring.
func seldom() []round {
	return []round{
		{supplier: "Idukki Elaichi Planters", prefix: "IE", user: "store2", goods: []good{{sku: "RAW-011", price: 62000}, {sku: "RAW-012", price: 190000}}},
		{supplier: "Ramganj Dhaniya Mandi Agency", prefix: "RD", user: "store1", goods: []good{{sku: "RAW-013", price: 7500}, {sku: "RAW-023", price: 16000},
			{sku: "RAW-024", price: 19000}, {sku: "RAW-027", price: 18000}, {sku: "RAW-028", price: 34000}}},
		{supplier: "PolyFlex Laminates", prefix: "PF", user: "store2", goods: []good{{sku: "PKG-003", price: 390}}},
		{supplier: "Shree Corrugators", prefix: "SC", user: "store2", goods: []good{{sku: "PKG-004", price: 165}}},
		{supplier: "ClearPET Jars", prefix: "CP", user: "store2", goods: []good{{sku: "PKG-009", price: 1150}}},
	}
}

// longLasting is bought once in so many days: its lots go into thousands of others.
var longLasting = map[string]int{"RAW-019": 560}

// planSupply works out what is used on an average day, and so what must be bought.
func (h *history) planSupply() {
	daily := map[string]core.Qty{}
	all := recipes()
	for _, x := range all {
		for _, l := range x.lines {
			daily[l.sku] += charge * core.Qty(batchesADay) * core.Qty(l.of) / core.Qty(core.Whole) / core.Qty(len(all))
		}
	}
	for sku, q := range h.packingDaily() {
		daily[sku] += q
	}
	for _, r := range append(rounds(), seldom()...) {
		for _, g := range r.goods {
			item := h.items[g.sku]
			if daily[g.sku] == 0 {
				continue
			}
			s := supply{supplier: r.supplier, prefix: r.prefix, user: r.user, item: item, price: g.price, daily: daily[g.sku], lots: 1, days: longLasting[g.sku]}
			if item.Type == catalog.Raw {
				s.lots = 4
			}
			h.goods = append(h.goods, s)
		}
	}
}

// worth is what q costs before freight.
func (s *supply) worth(q core.Qty) core.Paise {
	unit := s.item.Dimension.PerUnit()
	if s.item.Dimension == core.Length {
		unit = 65_000 // a roll
	}
	return core.Paise(q) * s.price / core.Paise(unit)
}

// receive buys what is used, from every supplier in one delivery.
func (h *history) receive() error {
	bySupplier := map[string]*purchase.PostGRNReq{}
	var order []supply
	for _, g := range h.goods {
		lots := h.wanted(g)
		if len(lots) == 0 {
			continue
		}
		req := bySupplier[g.supplier]
		if req == nil {
			h.bills++
			req = &purchase.PostGRNReq{Supplier: h.parties[g.supplier], InvoiceNo: fmt.Sprintf("%s/%s/%d", g.prefix, h.day.FinancialYear(), h.bills), InvoiceDate: h.day - 1}
			bySupplier[g.supplier] = req
			order = append(order, g)
		}
		for _, q := range lots {
			price := core.Paise(960 + h.rnd.IntN(81)) // per mille
			l := purchase.GRNLine{Item: g.item.ID, Qty: q, Unit: g.item.Dimension.Unit(), Value: g.worth(q) * price / 1000,
				SupplierBatch: fmt.Sprintf("%s-%d%c", g.prefix, h.bills, 'A'+len(req.Lines)%26)}
			if g.item.ShelfLifeMonths > 0 {
				l.MfgOn = h.day.AddDays(-8 - h.rnd.IntN(30))
				l.ExpiryOn = l.MfgOn.AddMonths(g.item.ShelfLifeMonths)
			}
			req.Lines = append(req.Lines, l)
		}
	}
	for _, g := range order {
		if err := h.deliver(g, bySupplier[g.supplier]); err != nil {
			return err
		}
	}
	return nil
}

// wanted is what is bought of an item today, lot by lot.
func (h *history) wanted(g supply) []core.Qty {
	have := h.stock[g.item.ID]
	unit := max(g.item.Dimension.PerUnit()/10, 1)
	round := func(q core.Qty) core.Qty { return max(q/unit, 1) * unit }
	if g.days > 0 {
		if have > g.daily*stockDays {
			return nil
		}
		return []core.Qty{round(g.daily * core.Qty(g.days))}
	}
	want := min(max(g.daily*(stockDays+1)-have, g.daily/2), 3*g.daily)
	lots := make([]core.Qty, g.lots)
	for i := range lots {
		lots[i] = round(h.about(want/core.Qty(g.lots), 20))
	}
	return lots
}

func (h *history) deliver(g supply, req *purchase.PostGRNReq) error {
	goods, err := req.Goods()
	if err != nil {
		return err
	}
	if h.rnd.IntN(3) > 0 {
		req.Freight = goods * 15 / 1000
		req.Hamali = core.Paise(len(req.Lines)) * 12_000
	}
	resp, err := act(h, g.user, purchase.PostGRN, *req)
	if err != nil {
		return err
	}
	if h.rnd.IntN(400) == 0 { // a wrong rate: cancelled, and entered again
		if _, err := act(h, "manager", stock.ReverseDocument, stock.ReverseReq{Document: resp.Document, Reason: "Rate typed ten times too high"}); err != nil {
			return err
		}
		if resp, err = act(h, g.user, purchase.PostGRN, *req); err != nil {
			return err
		}
	}
	for _, l := range resp.Lots {
		if l.Status == stock.Hold {
			h.held = append(h.held, heldLot{lot: l.Lot, segment: core.Regular, item: l.Item})
		}
	}
	h.lately = resp
	return nil
}

// correct puts right what was spilled or counted wrongly.
func (h *history) correct() error {
	for range 2 {
		if len(h.lately.Lots) == 0 {
			return nil
		}
		l := h.lately.Lots[h.rnd.IntN(len(h.lately.Lots))]
		key := stock.CellKey{Lot: l.Lot, Segment: core.Regular, Status: l.Status}
		n := h.rnd.IntN(3)
		req := stock.AdjustReq{CellKey: key, Qty: -max(l.Qty/core.Qty(200+h.rnd.IntN(300)), 1), Reason: []string{"Spoilage", "Damage", "Counting Error"}[n]}
		if n == 2 {
			req.Qty = -req.Qty
		}
		if _, err := act(h, "manager", stock.Adjust, req); err != nil {
			return err
		}
	}
	return nil
}
