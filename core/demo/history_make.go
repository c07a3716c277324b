package demo

import (
	"masala/core"
	"masala/core/catalog"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/stock"
)

const (
	batchesADay = 7
	charge      = 400 * core.Kilogram // of a batch
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

func (h *history) packingDaily() map[string]core.Qty { return nil }

// pack packs every lot of powder that is free.
func (h *history) pack() error {
	ready := h.ready
	h.ready = nil
	for _, l := range ready {
		key := stock.CellKey{Lot: l.lot, Segment: core.Regular, Status: stock.Released}
		if _, err := act(h, "manager", stock.Adjust, stock.AdjustReq{CellKey: key, Qty: -l.qty, Reason: "Other", Note: "Packed"}); err != nil {
			return err
		}
		req := stock.PostOpeningReq{Reason: "Packed"}
		var goods []catalog.Item
		for _, g := range packedFrom[l.sku] {
			goods = append(goods, h.items[g])
		}
		for i, g := range goods {
			for s := range 2 {
				packs := l.qty / core.Qty(2*len(goods)) / g.NetWeight
				seg := core.Regular
				if g.SKU == "FIN-008" || g.SKU == "FIN-014" {
					seg = core.Online
				}
				_, _ = i, s
				req.Lines = append(req.Lines, stock.OpeningLine{Item: g.ID, Qty: packs, Value: core.Paise(packs) * 1000, Segment: seg, MfgOn: h.day, ExpiryOn: h.day.AddMonths(g.ShelfLifeMonths)})
				h.shelf[shelf{g.ID, seg}] += packs
			}
		}
		if _, err := act(h, "owner", stock.PostOpening, req); err != nil {
			return err
		}
	}
	return nil
}

// packedFrom says which finished goods a powder goes into.
var packedFrom = map[string][]string{
	"BLK-001": {"FIN-001", "FIN-002"}, "BLK-002": {"FIN-003"}, "BLK-003": {"FIN-004"}, "BLK-004": {"FIN-005"}, "BLK-005": {"FIN-006"}, "BLK-006": {"FIN-007", "FIN-008"},
	"BLK-007": {"FIN-009"}, "BLK-008": {"FIN-010"}, "BLK-009": {"FIN-011"}, "BLK-010": {"FIN-012"}, "BLK-011": {"FIN-013"}, "BLK-012": {"FIN-014"},
}
