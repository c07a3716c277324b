package flow_test

import (
	"slices"
	"strings"

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
	if open := read(p, production.ListBatches, production.ListBatchesReq{States: []production.State{production.Planned, production.Running}}).Batches; len(open) > 2 && !p.odd {
		return false
	}
	_, _ = try(p, p.anybody(), production.PlanBatch, production.PlanBatchReq{Recipe: sure(p, "recipe", p.recipes...), Charge: p.mass("charge") / 4, On: p.today().AddDays(int(p.upTo(1, "days ahead")))})
	return true
}

// batch picks a batch in one of the states that will do.
func batch(p *person, will func(production.Batch) bool, states ...production.State) (production.Batch, bool) {
	var list []production.Batch
	for _, row := range read(p, production.ListBatches, production.ListBatchesReq{States: states}).Batches {
		if b := read(p, production.GetBatch, production.GetBatchReq{ID: row.ID}); p.odd || will(b) {
			list = append(list, b)
		}
	}
	return oneOf(p, "batch", list)
}

// every reports whether something holds for every line of the card of a batch.
func every(holds func(production.CardLine) bool) func(production.Batch) bool {
	return func(b production.Batch) bool {
		return !slices.ContainsFunc(b.Card, func(l production.CardLine) bool { return !holds(l) })
	}
}

func typed(l production.CardLine) bool { return l.Actual != nil }

func start(p *person) bool {
	b, ok := batch(p, every(func(l production.CardLine) bool { return l.Usable >= l.Qty }), production.Planned)
	if ok {
		who, req := p.anybody(), production.StartBatchReq{ID: b.ID, Version: b.Version}
		req.EffectiveOn, req.Reason = p.earlier(who)
		_, _ = try(p, who, production.StartBatch, req)
	}
	return ok
}

func issue(p *person) bool {
	b, ok := batch(p, func(b production.Batch) bool { return !every(typed)(b) }, production.Running)
	if !ok {
		return false
	}
	req, gone := production.IssueReq{ID: b.ID, Version: b.Version}, false
	for _, l := range b.Card {
		if l.Actual != nil || p.careless("leave it blank") {
			continue
		}
		q := l.Qty
		if !p.odd {
			q = min(q, l.Usable)
		}
		if p.seldom("another weight") {
			q = core.Qty(p.upTo(int64(l.Usable), "weight"))
		}
		x := production.Issue{Line: l.Line, Qty: &q}
		if p.seldom("other lots") && q > 0 {
			x.Override = p.picks(l.Item, core.Regular, q)
		}
		if p.seldom("gone before a recall") {
			if o := p.picksOf(l.Item, core.Regular, l.Qty, true); len(o.Lots) > 0 {
				q, x.Override, gone = o.Lots[0].Qty, o, true
			}
		}
		req.Lines = append(req.Lines, x)
	}
	if p.seldom("extra") {
		x := production.Extra{Item: sure(p, "extra", append(p.raw, p.powders...)...), Qty: core.Qty(1 + p.upTo(500_000, "extra mg")), Reason: "too pale"}
		if p.careless("much") {
			x.Qty = p.mass("extra")
		}
		req.Extras = append(req.Extras, x)
	}
	if len(req.Lines)+len(req.Extras) == 0 {
		return false
	}
	who := p.anybody()
	req.EffectiveOn, req.Reason = p.earlier(who)
	if gone {
		who, req.EffectiveOn, req.Reason = p.Owner, p.daysBack(), "there was no power"
	}
	_, _ = try(p, who, production.IssueMaterial, req)
	return true
}

// picks chooses lots by hand, the last born first, adding up to q where they can.
func (p *person) picks(item core.ItemID, segment core.Segment, q core.Qty) (o stock.Override) {
	return p.picksOf(item, segment, q, false)
}

// picksOf does so of lots that a recall freezes, or that none does: of the frozen ones one.
func (p *person) picksOf(item core.ItemID, segment core.Segment, q core.Qty, frozen bool) (o stock.Override) {
	o.Reason = "nearer to the door"
	cells := read(p, stock.ListLots, stock.ListLotsReq{Item: item, Limit: 500, Sort: stock.ByLot, Desc: true}).Lots
	for _, c := range cells {
		if n := min(q, c.Qty); n > 0 && c.Segment == segment && (c.Status == stock.Released && (c.Frozen != "") == frozen && (c.ExpiryOn == 0 || c.ExpiryOn >= p.today()) || p.careless("not usable")) {
			o.Lots = append(o.Lots, stock.Pick{CellKey: c.CellKey, Qty: n})
			if q -= n; frozen {
				break
			}
		}
	}
	return o
}

func complete(p *person) bool {
	b, ok := batch(p, func(b production.Batch) bool { return b.Issued > 0 && every(typed)(b) }, production.Running)
	if !ok {
		return false
	}
	who, in := p.anybody(), b.Issued
	req := production.CompleteReq{ID: b.ID, Version: b.Version, Output: max(1, in-in/25)}
	if p.seldom("another output") {
		req.Output = core.Qty(1 + p.upTo(int64(in), "output"))
	}
	left := in - req.Output
	if p.maybe("by-product") && left > 0 {
		x := production.ByProduct{Item: p.raw[2], Qty: core.Qty(1 + p.upTo(int64(left-1), "by-product")), ExpiryOn: p.expiry()}
		switch p.upTo(2, "worth") {
		case 1:
			if p.odd || who == p.Owner {
				x.Share = new(core.Percent(p.upTo(2_000, "share")))
			}
			if p.careless("everything") {
				x.Share = new(core.Percent(p.upTo(10_000, "share")))
			}
		case 2:
			if p.odd || who == p.Owner {
				x.NRV = core.Paise(1 + p.upTo(100_00, "nrv"))
			}
			if p.careless("dear") {
				x.NRV = p.paise("nrv")
			}
		}
		req.ByProducts, left = append(req.ByProducts, x), left-x.Qty
	}
	if p.maybe("waste weighed") && left > 0 {
		req.Waste = []production.Waste{{Reason: sure(p, "waste", "DUST", "MOISTURE"), Qty: core.Qty(1 + p.upTo(int64(left-1), "waste"))}}
	}
	if p.seldom("it drew moisture") && (p.odd || who == p.Owner) {
		req.Output, req.Waste, left = req.Output+left+core.Qty(1+p.upTo(1_000_000, "gain")), nil, -1
	}
	if left < 0 && !p.careless("without a word") {
		req.GainReason = "moisture"
	}
	req.EffectiveOn, req.Reason = p.earlier(who)
	req.Expense = p.maybe("expense") && (p.odd || who == p.Owner && left > in/20)
	if p.seldom("all of it burnt") && in > 0 && (p.odd || who == p.Owner) {
		req.Output, req.ByProducts, req.GainReason, req.Expense = 0, nil, "", true
		req.Waste = []production.Waste{{Reason: "BURNT_ROAST", Qty: core.Qty(1 + p.upTo(max(int64(in)-1, 0), "weighed of it"))}}
	}
	_, err := try(p, who, production.CompleteBatch, req)
	priced := slices.ContainsFunc(req.ByProducts, func(x production.ByProduct) bool { return x.NRV > 0 })
	if !priced && strings.Contains(said(err), "worth more") {
		p.fatal("shares of the cost alone were refused: %v (R20, R21)", err)
	}
	return true
}

func cancelBatch(p *person) bool {
	holds := func(b production.Batch) bool { return b.Issued > 0 }
	b, ok := batch(p, holds, production.Running)
	if !ok || p.seldom("any batch") {
		b, ok = batch(p, func(production.Batch) bool { return true }, production.Planned, production.Running)
	}
	if ok {
		who := p.anybody()
		req := production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"}
		req.EffectiveOn, _ = p.earlier(who)
		_, _ = try(p, who, production.CancelBatch, req)
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

// packable picks a lot of powder for a run, and tells how much can be packed of it.
func packable(p *person, run *packing.RunFields, powder core.ItemID) (can packing.Feasibility, ok bool) {
	lots := read(p, stock.ListLots, stock.ListLotsReq{Item: powder, Limit: 500, Sort: stock.ByLot}).Lots
	if len(lots) == 0 {
		return can, false
	}
	at := int(p.upTo(int64(len(lots)-1), "powder"))
	for i := range lots {
		run.Lot = lots[(at+i)%len(lots)].Lot
		if can = read(p, packing.CheckFeasibility, packing.CheckReq{RunFields: *run}); p.odd || can.MaxPacks > 0 {
			return can, true
		}
	}
	return can, false
}

func pack(p *person) bool {
	f := read(p, packing.GetProfile, packing.GetProfileReq{ID: sure(p, "profile", p.profiles...)})
	run := packing.RunFields{Profile: f.ID, Item: f.Products[0].Item, Segment: sure(p, "segment", core.Regular, core.Online)}
	powder := f.Products[0].Powder
	if p.seldom("packed before a recall") {
		if o := p.picksOf(powder, core.Regular, f.NetWeight*core.Qty(1+p.upTo(20, "packs")), true); len(o.Lots) > 0 && o.Lots[0].Qty >= f.NetWeight {
			run.Lot, run.Packs = o.Lots[0].Lot, o.Lots[0].Qty/f.NetWeight
			_, _ = try(p, p.Owner, packing.PostRun, packing.PostRunReq{Version: f.Version, RunFields: run, PackedOn: p.daysBack(), Reason: "there was no power"})
			return true
		}
	}
	can, ok := packable(p, &run, powder)
	if !ok {
		return false
	}
	run.Packs = p.someOf(max(1, min(can.MaxPacks, 100)), "packs")
	if p.seldom("overfill") {
		run.Overfill = core.Qty(p.upTo(1_000_000, "overfill"))
	}
	if p.seldom("powder lost") {
		run.Lost, run.LostReason = core.Qty(1+p.upTo(500_000, "lost")), sure(p, "how", packing.LossReasons...)
		if !p.odd {
			run.Lost = min(run.Lost, run.Packs*f.NetWeight)
		}
	}
	if p.seldom("jars broken") {
		run.Components = []packing.Taken{{Item: f.Components[0].Item, Lost: core.Qty(p.upTo(3, "broken")), Override: stock.Override{Reason: "dropped"}}}
	}
	req, who := packing.PostRunReq{Version: f.Version, RunFields: run}, p.anybody()
	if run.Lost > 0 && !p.careless("without a word") {
		req.Reason = "the sieve broke"
	}
	if p.seldom("late") && (p.odd || who == p.Owner) {
		req.PackedOn, req.Reason = p.daysBack(), "the book was wet"
	}
	if can = read(p, packing.CheckFeasibility, packing.CheckReq{RunFields: run}); len(can.Faults) > 0 && !p.odd {
		return false
	}
	_, err := try(p, who, packing.PostRun, req)
	said := (run.LostReason != "OTHER" || req.Reason != "") && run.Lost <= run.Packs*f.NetWeight // what is asked first knows of no reason, and not who posts
	if p.alone && req.PackedOn == 0 && said && (err == nil) != (len(can.Faults) == 0) {
		p.fatal("asked, a run has the faults %v; posted, %v (R26)", can.Faults, err)
	}
	return true
}
