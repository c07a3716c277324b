package flow_test

import (
	"masala/core"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/stock"
)

func newRecipe(p *person) bool {
	r := read(p, recipe.GetRecipe, recipe.GetRecipeReq{ID: sure(p, "recipe", p.recipes...)})
	if len(r.Lines) > 1 {
		by := core.Percent(p.upTo(100, "share"))
		r.Lines[0].Share, r.Lines[1].Share = r.Lines[0].Share+by, r.Lines[1].Share-by
	}
	r.Tolerance = core.Percent(p.upTo(300, "tolerance"))
	_, _ = try(p, p.Owner, recipe.UpdateRecipe, recipe.UpdateRecipeReq{ID: r.ID, Version: r.Version, Fields: r.Fields})
	return true
}

func plan(p *person) bool {
	_, _ = try(p, p.anybody(), production.PlanBatch, production.PlanBatchReq{Recipe: sure(p, "recipe", p.recipes...), Charge: p.mass("charge") / 4, On: p.today().AddDays(int(p.upTo(1, "days ahead")))})
	return true
}

// batch picks a batch in one of the states.
func batch(p *person, states ...production.State) (production.Batch, bool) {
	row, ok := oneOf(p, "batch", read(p, production.ListBatches, production.ListBatchesReq{States: states}).Batches)
	if !ok {
		return production.Batch{}, false
	}
	return read(p, production.GetBatch, production.GetBatchReq{ID: row.ID}), true
}

func start(p *person) bool {
	b, ok := batch(p, production.Planned)
	if ok {
		_, _ = try(p, p.anybody(), production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	}
	return ok
}

func issue(p *person) bool {
	b, ok := batch(p, production.Running)
	if !ok {
		return false
	}
	req := production.IssueReq{ID: b.ID, Version: b.Version}
	for _, l := range b.Card {
		if l.Actual != nil || p.seldom("leave it blank") {
			continue
		}
		q := l.Qty
		if p.maybe("another weight") {
			q = core.Qty(p.upTo(int64(l.Usable), "weight"))
		}
		x := production.Issue{Line: l.Line, Qty: &q}
		if p.seldom("other lots") {
			x.Override = p.picks(l.Item, core.Regular, q)
		}
		req.Lines = append(req.Lines, x)
	}
	if p.seldom("extra") {
		req.Extras = append(req.Extras, production.Extra{Item: sure(p, "extra", append(p.raw, p.powders...)...), Qty: p.mass("extra"), Reason: "too pale"})
	}
	if len(req.Lines)+len(req.Extras) == 0 {
		return false
	}
	_, _ = try(p, p.anybody(), production.IssueMaterial, req)
	return true
}

// picks chooses lots by hand, the last born first, adding up to q where they can.
func (p *person) picks(item core.ItemID, segment core.Segment, q core.Qty) (o stock.Override) {
	o.Reason = "nearer to the door"
	cells := read(p, stock.ListLots, stock.ListLotsReq{Item: item, Limit: 500, Sort: stock.ByLot, Desc: true}).Lots
	for _, c := range cells {
		if n := min(q, c.Qty); n > 0 && c.Segment == segment && (c.Status == stock.Released || p.seldom("not released")) {
			o.Lots = append(o.Lots, stock.Pick{CellKey: c.CellKey, Qty: n})
			q -= n
		}
	}
	return o
}

func complete(p *person) bool {
	b, ok := batch(p, production.Running)
	if !ok {
		return false
	}
	in := b.Issued
	req := production.CompleteReq{ID: b.ID, Version: b.Version, Output: max(1, in-in/25)}
	if p.maybe("another output") {
		req.Output = core.Qty(1 + p.upTo(int64(in), "output"))
	}
	left := in - req.Output
	if p.seldom("by-product") && left > 0 {
		x := production.ByProduct{Item: p.raw[2], Qty: core.Qty(1 + p.upTo(int64(left-1), "by-product")), ExpiryOn: p.expiry()}
		switch p.upTo(2, "worth") {
		case 1:
			x.Share = new(core.Percent(p.upTo(10_000, "share")))
		case 2:
			x.NRV = p.paise("nrv")
		}
		req.ByProducts, left = append(req.ByProducts, x), left-x.Qty
	}
	if p.maybe("waste weighed") && left > 0 {
		req.Waste = []production.Waste{{Reason: sure(p, "waste", "DUST", "MOISTURE"), Qty: core.Qty(1 + p.upTo(int64(left-1), "waste"))}}
	}
	if left < 0 {
		req.GainReason = "moisture"
	}
	req.Expense = p.seldom("expense")
	_, _ = try(p, p.anybody(), production.CompleteBatch, req)
	return true
}

func cancelBatch(p *person) bool {
	b, ok := batch(p, production.Planned, production.Running)
	if ok {
		_, _ = try(p, p.anybody(), production.CancelBatch, production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"})
	}
	return ok
}

func newProfile(p *person) bool {
	f := read(p, packing.GetProfile, packing.GetProfileReq{ID: sure(p, "profile", p.profiles...)})
	last := &f.Components[len(f.Components)-1]
	last.N = 20 + p.upTo(40, "packs to a carton")
	_, _ = try(p, p.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: f.ID, Version: f.Version, Fields: f.Fields})
	return true
}

func pack(p *person) bool {
	f := read(p, packing.GetProfile, packing.GetProfileReq{ID: sure(p, "profile", p.profiles...)})
	run := packing.RunFields{Profile: f.ID, Item: f.Products[0].Item, Segment: sure(p, "segment", core.Regular, core.Online)}
	c, ok := oneOf(p, "powder", read(p, stock.ListLots, stock.ListLotsReq{Item: f.Products[0].Powder, Limit: 500, Sort: stock.ByLot}).Lots)
	if !ok {
		return false
	}
	run.Lot = c.Lot
	can := read(p, packing.CheckFeasibility, packing.CheckReq{RunFields: run})
	run.Packs = p.someOf(max(1, min(can.MaxPacks, 200)), "packs")
	if p.seldom("overfill") {
		run.Overfill = core.Qty(p.upTo(1_000_000, "overfill"))
	}
	if p.seldom("powder lost") {
		run.Lost, run.LostReason = core.Qty(1+p.upTo(500_000, "lost")), sure(p, "how", packing.LossReasons...)
	}
	if p.seldom("jars broken") {
		run.Components = []packing.Taken{{Item: f.Components[0].Item, Lost: core.Qty(p.upTo(3, "broken")), Override: stock.Override{Reason: "dropped"}}}
	}
	req := packing.PostRunReq{Version: f.Version, RunFields: run}
	if p.seldom("late") {
		req.PackedOn, req.Reason = p.today().AddDays(-int(p.upTo(3, "days back"))), "the book was wet"
	}
	can = read(p, packing.CheckFeasibility, packing.CheckReq{RunFields: run})
	_, err := try(p, p.anybody(), packing.PostRun, req)
	if p.alone && req.PackedOn == 0 && (err == nil) != (len(can.Faults) == 0) {
		p.fatal("asked, a run has the faults %v; posted, %s (R26)", can.Faults, said(err))
	}
	return true
}
