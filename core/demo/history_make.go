package demo

import (
	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/stock"
)

const (
	batchesADay = 8
	charge      = 350 * core.Kilogram // of a batch
	runsPerLot  = 4                   // of powder
)

// grind makes bulk powder, recipe after recipe.
func (h *history) grind() error {
	all := formulas()
	for range batchesADay {
		x := all[h.turn%len(all)]
		h.turn++
		if err := h.batch(h.recipes[x.makes], x); err != nil {
			return err
		}
	}
	return nil
}

func (h *history) batch(r recipe.Recipe, x formula) error {
	b, err := act(h, "mill1", production.PlanBatch, production.PlanBatchReq{Recipe: r.ID, Charge: h.about(charge, 15)})
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
	loss := input * core.Qty(x.stdLoss-50+core.Percent(h.rnd.IntN(150))) / core.Qty(core.Whole)
	done := production.CompleteReq{ID: b.ID, Version: b.Version, Output: (input - loss) / core.Gram * core.Gram,
		Waste: []production.Waste{{Reason: "DUST", Qty: loss / 3}}}
	if b, err = act(h, "mill1", production.CompleteBatch, done); err != nil {
		return err
	}
	out := b.Result.Outputs[0]
	lot := bulkLot{lot: out.Lot, sku: x.makes, qty: out.Qty}
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
	powder := charge * core.Qty(batchesADay) / core.Qty(len(formulas()))
	parts := map[string][]part{}
	for _, x := range packs() {
		for _, g := range x.goods {
			parts[g] = x.parts
		}
	}
	for _, goods := range packedFrom {
		for _, g := range goods {
			n := powder / core.Qty(len(goods)) / h.items[g].NetWeight
			for _, p := range parts[g] {
				daily[p.sku] += n * p.q / core.Qty(p.n)
			}
		}
	}
	return daily
}

// pack packs every lot of powder that is free, to the last gram.
func (h *history) pack() error {
	ready := h.ready
	h.ready = nil
	for _, l := range ready {
		goods := packedFrom[l.sku]
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
	p := h.profiles[good.SKU]
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
