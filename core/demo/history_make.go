package demo

import (
	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/stock"
)

const (
	batchesADay = 8
	charge      = 350 * core.Kilogram // of a batch
	runsPerLot  = 4                   // of powder
)

// grind makes bulk powder, recipe after recipe.
func (h *history) grind() error {
	all := recipes()
	for range batchesADay {
		x := all[h.turn%len(all)]
		h.turn++
		if err := h.batch(x); err != nil {
			return err
		}
	}
	return nil
}

func (h *history) batch(x recipeOf) error {
	b, err := act(h, "mill1", production.PlanBatch, production.PlanBatchReq{Recipe: h.recipes[x.sku], Charge: h.about(charge, 15)})
	if err != nil {
		return err
	}
	if b, err = act(h, "mill1", production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version}); err != nil {
		return err
	}
	issue := production.IssueReq{ID: b.ID, Version: b.Version}
	input := core.Qty(0)
	for _, l := range b.Card {
		q := l.Qty * core.Qty(995+h.rnd.IntN(11)) / 1000 / core.Gram * core.Gram // as weighed
		input += q
		issue.Lines = append(issue.Lines, production.Issue{Line: l.Line, Qty: &q})
	}
	if b, err = act(h, "mill1", production.IssueMaterial, issue); err != nil {
		return err
	}
	loss := input * core.Qty(x.loss-50+core.Percent(h.rnd.IntN(150))) / core.Qty(core.Whole)
	done := production.CompleteReq{ID: b.ID, Version: b.Version, Output: (input - loss) / core.Gram * core.Gram,
		Waste: []production.Waste{{Reason: "DUST", Qty: loss / 3}}}
	if b, err = act(h, "mill1", production.CompleteBatch, done); err != nil {
		return err
	}
	out := b.Result.Outputs[0]
	lot := bulkLot{lot: out.Lot, sku: x.sku, qty: out.Qty}
	if out.Status == stock.Hold {
		h.held = append(h.held, heldLot{lot: out.Lot, segment: core.Regular, item: out.Item, bulk: &lot})
	} else {
		h.ready = append(h.ready, lot)
	}
	return nil
}

// packingDaily is what of the packing material is used on an average day.
func (h *history) packingDaily() map[string]core.Qty {
	daily := map[string]core.Qty{}
	powder := charge * core.Qty(batchesADay) / core.Qty(len(recipes()))
	for _, x := range profiles() {
		for _, g := range x.packs {
			n := powder / core.Qty(len(goodsOf(g[1]))) / h.items[g[0]].NetWeight
			for _, p := range x.parts {
				daily[p.sku] += n * core.Qty(p.q) / core.Qty(p.n)
			}
		}
	}
	return daily
}

// goodsOf lists the finished goods a powder goes into.
func goodsOf(powder string) (goods []string) {
	for _, x := range profiles() {
		for _, g := range x.packs {
			if g[1] == powder {
				goods = append(goods, g[0])
			}
		}
	}
	return goods
}

// profileOf is how a finished good is packed.
func (h *history) profileOf(good string) packing.Profile {
	for _, x := range profiles() {
		for _, g := range x.packs {
			if g[0] == good {
				return h.profiles[x.code]
			}
		}
	}
	return packing.Profile{}
}

// segmentOf is the market a finished good is made for.
func segmentOf(sku string) core.Segment {
	if sku == "FIN-008" || sku == "FIN-014" {
		return core.Online
	}
	return core.Regular
}

// pack packs every lot of powder that is free, to the last gram.
func (h *history) pack() error {
	ready := h.ready
	h.ready = nil
	for _, l := range ready {
		goods := goodsOf(l.sku)
		for n := range runsPerLot {
			g := goods[n%len(goods)]
			if err := h.run(&l, h.items[g], runsPerLot-n); err != nil {
				return err
			}
		}
	}
	return nil
}

// run packs one of the runs that are left of a lot; the last one takes the rest, and
// loses what fills no pack.
func (h *history) run(l *bulkLot, good catalog.Item, left int) error {
	q := l.qty
	if left > 1 {
		q = h.about(l.qty/core.Qty(left), 10)
	}
	p := h.profileOf(good.SKU)
	req := packing.PostRunReq{Version: p.Version, RunFields: packing.RunFields{Profile: p.ID, Item: good.ID, Lot: l.lot, Segment: segmentOf(good.SKU), Packs: q / good.NetWeight}}
	if left == 1 {
		if req.Lost = q % good.NetWeight; req.Lost > 0 {
			req.LostReason = "MACHINE_PURGE"
		}
	}
	if _, err := act(h, "pack1", packing.PostRun, req); err != nil {
		return err
	}
	l.qty -= req.Packs*good.NetWeight + req.Lost
	h.shelf[shelf{good.ID, req.Segment}] += req.Packs
	return nil
}
