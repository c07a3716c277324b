package app_test

import (
	"masala/core"
	"masala/core/catalog"
	"masala/core/production"
	"masala/core/recipe"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

func init() {
	for name, w := range map[string]write{
		"recipe.create_recipe": func(f *Factory) any { return recipe.CreateRecipeReq{Fields: recipeFields(f)} },
		"recipe.update_recipe": func(f *Factory) any {
			r := Do(f.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipeFields(f)})
			r.Tolerance = 200
			return recipe.UpdateRecipeReq{ID: r.ID, Version: r.Version, Fields: r.Fields}
		},
		"production.plan_batch": func(f *Factory) any {
			r := Do(f.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipeFields(f)})
			return production.PlanBatchReq{Recipe: r.ID, Charge: 10 * core.Kilogram}
		},
		"production.start_batch": func(f *Factory) any {
			b := planned(f)
			return production.StartBatchReq{ID: b.ID, Version: b.Version}
		},
		"production.issue_material": func(f *Factory) any { return issueAll(started(f)) },
		"production.complete_batch": func(f *Factory) any {
			b := Do(f.Store1, production.IssueMaterial, issueAll(started(f)))
			return production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * core.Kilogram, Waste: []production.Waste{{Reason: "DUST", Qty: core.Kilogram}}}
		},
		"production.cancel_batch": func(f *Factory) any {
			b := Do(f.Store1, production.IssueMaterial, issueAll(started(f)))
			return production.CancelReq{ID: b.ID, Version: b.Version, Reason: "mill broke down"}
		},
		"trace.open_recall": func(f *Factory) any {
			return trace.OpenRecallReq{Lot: lotCell(f, stock.Released).Lot, Reason: "stones"}
		},
		"trace.close_recall": func(f *Factory) any {
			r := Do(f.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: lotCell(f, stock.Released).Lot, Reason: "stones"})
			return trace.CloseRecallReq{ID: r.ID, Version: r.Version, Reason: "tested clean"}
		},
	} {
		writes[name] = w
	}
	views["production.get_valued_batch"] = func(f *Factory) any { return production.GetBatchReq{ID: planned(f).ID} }
}

// recipeFields is a recipe of one ingredient, of which 40 kg are in stock.
func recipeFields(f *Factory) recipe.Fields {
	f.T.Helper()
	g := grn(f, stock.Released)
	name := g.Lots[0].Name
	powder := f.Item("BLK-"+name, "Powder "+name, func(i *catalog.ItemFields) { i.Type = catalog.Bulk })
	return recipe.Fields{Code: "R-" + name, Name: "Powder", Item: powder.ID, StdLoss: 400, Tolerance: 150, Active: true, Lines: []recipe.Line{{Item: g.Lots[0].Item, Share: core.Whole}}}
}

func planned(f *Factory) production.Batch {
	f.T.Helper()
	r := Do(f.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipeFields(f)})
	return Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: r.ID, Charge: 10 * core.Kilogram})
}

func started(f *Factory) production.Batch {
	f.T.Helper()
	b := planned(f)
	return Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
}

func issueAll(b production.Batch) production.IssueReq {
	q := 10 * core.Kilogram
	return production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}}
}

// millRefusals are wrong requests about recipes, batches and recalls, with a recipe
// and three batches beside the shelf.
func (s *shelf) millRefusals() []refusal {
	s.T.Helper()
	powder := s.Item("BLK-001", "Haldi powder", func(i *catalog.ItemFields) { i.Type = catalog.Bulk })
	fields := recipe.Fields{Code: "HP", Name: "Haldi powder", Item: powder.ID, StdLoss: 400, Tolerance: 150, Active: true, Lines: []recipe.Line{{Item: s.raw.ID, Share: core.Whole}}}
	r := Do(s.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: fields})
	idle := fields
	idle.Code, idle.Active = "OLD", false
	old := Do(s.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: idle})
	b := Do(s.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: r.ID, Charge: 10 * core.Kilogram})
	waiting := Do(s.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: r.ID, Charge: 100 * core.Kilogram})
	b = Do(s.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	b = Do(s.Store1, production.IssueMaterial, issueAll(b))
	empty := Do(s.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: r.ID, Charge: core.Kilogram})
	empty = Do(s.Store1, production.StartBatch, production.StartBatchReq{ID: empty.ID, Version: empty.Version})
	one, five, minus := core.Qty(1), 5*core.Kilogram, core.Qty(-1)
	change := func(fn func(*recipe.Fields)) recipe.CreateRecipeReq {
		f := fields
		f.Code = "NEW"
		f.Lines = append([]recipe.Line{}, f.Lines...)
		fn(&f)
		return recipe.CreateRecipeReq{Fields: f}
	}
	issue := func(lines []production.Issue, extras ...production.Extra) production.IssueReq {
		return production.IssueReq{ID: empty.ID, Version: empty.Version, Lines: lines, Extras: extras}
	}
	done := func(fn func(*production.CompleteReq)) production.CompleteReq {
		q := production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * core.Kilogram}
		fn(&q)
		return q
	}
	create, take, finish := recipe.CreateRecipe.Meta, production.IssueMaterial.Meta, production.CompleteBatch.Meta
	held := stock.CellKey{Lot: s.posted.Lots[1].Lot, Segment: core.Regular, Status: stock.Hold}
	invalid, missing, short, conflict := core.CodeInvalid, core.CodeNotFound, core.CodeInsufficientStock, core.CodeConflict
	return []refusal{
		{"an empty recipe", create, recipe.CreateRecipeReq{}, invalid, "code name item lines"},
		{"shares of 99.99 %", create, change(func(f *recipe.Fields) { f.Lines[0].Share = 9_999 }), invalid, "lines"},
		{"a share of nothing and one twice", create, change(func(f *recipe.Fields) {
			f.Lines = []recipe.Line{{Item: s.raw.ID, Share: 0}, {Item: s.raw.ID, Share: 10_000}, {Item: powder.ID, Share: 1}}
		}), invalid, "lines[0].share lines[1].item lines[2].item lines"},
		{"losses beyond everything", create, change(func(f *recipe.Fields) { f.StdLoss, f.Tolerance = 10_000, -1 }), invalid, "std_loss tolerance"},
		{"a recipe code in use", create, change(func(f *recipe.Fields) { f.Code = " hp " }), invalid, "code"},
		{"a recipe of jars", create, change(func(f *recipe.Fields) { f.Item, f.Lines[0].Item = s.raw.ID, s.jar.ID }), invalid, "item lines[0].item lines[0].item"},
		{"unknown powder and ingredient", create, change(func(f *recipe.Fields) { f.Item, f.Lines[0].Item = 98, 99 }), invalid, "item lines[0].item"},
		{"by-products without all", create, change(func(f *recipe.Fields) {
			f.ByProducts = []recipe.ByProduct{{Share: -1}, {Item: powder.ID, Share: 5000}, {Item: s.raw.ID, Share: 5000}, {Item: s.raw.ID}}
		}), invalid, "by_products[0].item by_products[0].share by_products[1].item by_products[3].item by_products"},
		{"unknown by-products, and jars", create, change(func(f *recipe.Fields) {
			f.ByProducts = []recipe.ByProduct{{Item: 99}, {Item: s.jar.ID}}
		}), invalid, "by_products[0].item by_products[1].item by_products[1].item"},
		{"an ingredient out of use", create, change(func(f *recipe.Fields) { f.Lines[0].Item = s.old.ID }), invalid, "lines[0].item"},
		{"change an unknown recipe", recipe.UpdateRecipe.Meta, recipe.UpdateRecipeReq{ID: 99, Fields: fields}, missing, "id"},
		{"change an old version", recipe.UpdateRecipe.Meta, recipe.UpdateRecipeReq{ID: r.ID, Version: 7, Fields: fields}, conflict, ""},
		{"another powder for a recipe", recipe.UpdateRecipe.Meta, recipe.UpdateRecipeReq{ID: r.ID, Version: 1, Fields: change(func(f *recipe.Fields) { f.Item = s.raw.ID + 90 }).Fields}, invalid, "item"},
		{"plan nothing", production.PlanBatch.Meta, production.PlanBatchReq{}, invalid, "recipe charge"},
		{"plan an unknown recipe", production.PlanBatch.Meta, production.PlanBatchReq{Recipe: 99, Charge: 1}, invalid, "recipe"},
		{"plan for yesterday by an old recipe", production.PlanBatch.Meta, production.PlanBatchReq{Recipe: old.ID, Charge: 1, On: core.NewDate(2026, 2, 11)}, invalid, "recipe on"},
		{"start no batch", production.StartBatch.Meta, production.StartBatchReq{}, invalid, "id"},
		{"start an unknown batch", production.StartBatch.Meta, production.StartBatchReq{ID: 99}, missing, "id"},
		{"start a running batch", production.StartBatch.Meta, production.StartBatchReq{ID: b.ID, Version: b.Version}, conflict, ""},
		{"start what is short", production.StartBatch.Meta, production.StartBatchReq{ID: waiting.ID, Version: waiting.Version}, short, "card[0].qty"},
		{"start what is short tomorrow", production.StartBatch.Meta, production.StartBatchReq{ID: waiting.ID, Version: waiting.Version, Earlier: production.Earlier{EffectiveOn: core.NewDate(2026, 2, 13)}}, invalid, "effective_on card[0].qty"},
		{"start what is short yesterday, nobody says why", production.StartBatch.Meta, production.StartBatchReq{ID: waiting.ID, Version: waiting.Version, Earlier: production.Earlier{EffectiveOn: core.NewDate(2026, 2, 11)}}, invalid, "reason card[0].qty"},
		{"issue nothing", take, production.IssueReq{}, invalid, "id lines"},
		{"issue to a planned batch", take, production.IssueReq{ID: waiting.ID, Version: waiting.Version, Lines: []production.Issue{{Line: 1, Qty: &one}}}, conflict, ""},
		{"a blank weight, a negative one, one twice", take, issue([]production.Issue{{Line: 1}, {Line: 2, Qty: &minus}, {Line: 2, Qty: &one}, {Qty: &one}}), invalid, "lines[0].qty lines[1].qty lines[2].line lines[3].line lines[1].line"},
		{"a line that is not on the card", take, issue([]production.Issue{{Line: 2, Qty: &one}}), invalid, "lines[0].line"},
		{"a line that was issued", take, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &one}}}, invalid, "lines[0].line"},
		{"more than is there", take, issue(nil, production.Extra{Item: s.raw.ID, Qty: 90 * core.Kilogram, Reason: "x"}), short, "extras[0].qty"},
		{"extras without anything", take, issue(nil, production.Extra{}), invalid, "extras[0].item extras[0].qty extras[0].reason"},
		{"extras that cannot be", take, issue(nil, production.Extra{Item: 99, Qty: 1, Reason: "x"}, production.Extra{Item: s.jar.ID, Qty: 1, Reason: "x"}), invalid, "extras[0].item extras[1].item extras[1].item"},
		{"other lots without a reason, not adding up", take, issue([]production.Issue{{Line: 1, Qty: &five, Override: stock.Override{Lots: []stock.Pick{{CellKey: held, Qty: 1}}}}}), invalid, "lines[0].reason lines[0].lots"},
		{"lots on hold", take, issue([]production.Issue{{Line: 1, Qty: &five, Override: stock.Override{Reason: "x", Lots: []stock.Pick{{CellKey: held, Qty: five}}}}}), invalid, "lines[0].lots[0].lot"},
		{"lots of something else", take, issue([]production.Issue{{Line: 1, Qty: &five, Override: stock.Override{Reason: "x", Lots: []stock.Pick{{CellKey: s.packs, Qty: five}}}}}), invalid, "lines[0].lots[0].lot"},
		{"complete nothing", finish, production.CompleteReq{}, invalid, "id output"},
		{"complete with blank lines", finish, production.CompleteReq{ID: empty.ID, Version: empty.Version, Output: 1}, invalid, "card[0].actual"},
		{"complete a planned batch", finish, production.CompleteReq{ID: waiting.ID, Version: waiting.Version, Output: 1}, conflict, ""},
		{"more waste than loss", finish, done(func(q *production.CompleteReq) {
			q.Waste = []production.Waste{{Reason: "DUST", Qty: core.Kilogram + 1}}
		}), invalid, "waste"},
		{"unknown waste", finish, done(func(q *production.CompleteReq) { q.Waste = []production.Waste{{Reason: "GONE"}} }), invalid, "waste[0].reason waste[0].qty"},
		{"more out than in", finish, done(func(q *production.CompleteReq) { q.Output = 11 * core.Kilogram }), invalid, "gain_reason"},
		{"a gain that is none", finish, done(func(q *production.CompleteReq) { q.GainReason = "x" }), invalid, "gain_reason"},
		{"expense a normal loss", finish, done(func(q *production.CompleteReq) { q.Output, q.Expense = 9_700_000, true }), invalid, "expense"},
		{"by-products without all", finish, done(func(q *production.CompleteReq) {
			q.ByProducts = []production.ByProduct{{Share: new(core.Percent(1)), NRV: 1}, {Share: new(core.Percent(10_001)), NRV: -1}}
		}), invalid,
			"by_products[0].item by_products[0].qty by_products[0].share by_products[1].item by_products[1].qty by_products[1].share by_products[1].nrv by_products[1].share"},
		{"by-products that cannot be", finish, done(func(q *production.CompleteReq) {
			q.Output, q.ByProducts = 1, []production.ByProduct{{Item: 99, Qty: 1}, {Item: s.jar.ID, Qty: 1}, {Item: powder.ID, Qty: 1}}
		}), invalid, "by_products[0].item by_products[1].item by_products[1].item by_products[2].item"},
		{"by-products worth too much", finish, done(func(q *production.CompleteReq) {
			q.ByProducts = []production.ByProduct{{Item: s.raw.ID, Qty: 1, NRV: core.MaxPaise}}
		}), invalid, "by_products"},
		{"shares beyond the whole", finish, done(func(q *production.CompleteReq) {
			q.ByProducts = []production.ByProduct{{Item: s.raw.ID, Qty: 1, Share: new(core.Percent(6000))}, {Item: s.raw.ID, Qty: 1, Share: new(core.Percent(4001))}}
		}), invalid, "by_products"},
		{"by-products heavier than the input", finish, done(func(q *production.CompleteReq) {
			q.ByProducts = []production.ByProduct{{Item: s.raw.ID, Qty: 11 * core.Kilogram}}
		}), invalid, "by_products gain_reason"},
		{"powder that has expired", finish, done(func(q *production.CompleteReq) { q.ExpiryOn = core.NewDate(2026, 2, 11) }), invalid, "expiry_on"},
		{"cancel no batch", production.CancelBatch.Meta, production.CancelReq{}, invalid, "id reason"},
		{"cancel an old version", production.CancelBatch.Meta, production.CancelReq{ID: b.ID, Version: 1, Reason: "x"}, conflict, ""},
		{"recall nothing", trace.OpenRecall.Meta, trace.OpenRecallReq{}, invalid, "lot reason"},
		{"recall an unknown lot", trace.OpenRecall.Meta, trace.OpenRecallReq{Lot: 99, Reason: "x"}, missing, "lot"},
		{"recall an unknown lot, and say no reason", trace.OpenRecall.Meta, trace.OpenRecallReq{Lot: 99}, invalid, "reason lot"},
		{"close no recall", trace.CloseRecall.Meta, trace.CloseRecallReq{}, invalid, "id reason"},
		{"close an unknown recall", trace.CloseRecall.Meta, trace.CloseRecallReq{ID: 99, Reason: "x"}, missing, "id"},
		{"close an unknown recall, and say no reason", trace.CloseRecall.Meta, trace.CloseRecallReq{ID: 99}, invalid, "reason id"},
	}
}
