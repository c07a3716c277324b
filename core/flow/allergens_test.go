package flow_test

import (
	"fmt"
	"testing"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// TestR22_AllergensFollowTheLots: hing that was added to turmeric is in the curry made
// with that turmeric and in its packs, whatever the masters say later.
func TestR22_AllergensFollowTheLots(t *testing.T) {
	t.Parallel()
	f, m := newFactory(t)
	hing := f.Item("RAW-902", "Hing", func(i *catalog.ItemFields) { i.Allergens = []string{"gluten"} })
	pouch := f.Item("PKG-902", "Pouch with latex", func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units, i.ShelfLifeMonths, i.Allergens = catalog.Packing, "POUCH", core.Count, "pcs", "pcs", nil, 0, []string{"latex"}
	})
	pieces := Line(pouch.ID, 1, 100_00)
	pieces.Qty, pieces.Unit, pieces.ExpiryOn = 100, "pcs", 0
	Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "A/1", Line(m.raw[0], 50, 100_00), Line(m.raw[1], 50, 100_00), Line(m.raw[2], 50, 100_00), Line(hing.ID, 5, 100_00), pieces))
	release := func() {
		for _, row := range Do(f.Owner, stock.ListLots, stock.ListLotsReq{Statuses: []stock.Status{stock.Hold}}).Lots {
			Do(f.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: row.Lot, Reason: "tested"})
		}
	}
	mill := func(recipe int, extras ...production.Extra) production.Batch {
		release()
		b := Do(f.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipes[recipe], Charge: 10 * core.Kilogram})
		b = Do(f.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
		req := production.IssueReq{ID: b.ID, Version: b.Version, Extras: extras}
		for _, l := range b.Card {
			req.Lines = append(req.Lines, production.Issue{Line: l.Line, Qty: &l.Qty})
		}
		b = Do(f.Store1, production.IssueMaterial, req)
		running := fmt.Sprint(b.Allergens)
		b = Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 9 * core.Kilogram})
		if fmt.Sprint(b.Allergens) != running {
			t.Errorf("%s has the allergens %v, and %s while it ran", b.Name, b.Allergens, running)
		}
		return b
	}
	turmeric := mill(0, production.Extra{Item: hing.ID, Qty: core.Kilogram, Reason: "pale"})
	curry := mill(1)
	release()
	profile := Do(f.Owner, packing.CreateProfile, packing.CreateProfileReq{Fields: packing.Fields{Code: "P900", Name: "Pouch", NetWeight: 50 * core.Gram, Active: true,
		Components: []packing.Component{{Item: pouch.ID, PerPacks: core.PerPacks{Q: 1, N: 1}}},
		Products:   []packing.Product{{Item: f.FinishedGood("FIN-902", "Curry 50 g").ID, Powder: curry.Item}}}})
	run := Do(f.Store1, packing.PostRun, packing.PostRunReq{Version: 1, RunFields: packing.RunFields{Profile: profile.ID, Item: profile.Products[0].Item,
		Lot: curry.Result.Outputs[0].Lot, Segment: core.Regular, Packs: 10}})
	check := func(when string) {
		t.Helper()
		for _, x := range []struct {
			what string
			got  []string
			want string
		}{
			{"the turmeric", Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: turmeric.ID}).Allergens, "[gluten]"},
			{"the curry", Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: curry.ID}).Allergens, "[gluten]"},
			{"its lot", Do(f.Store1, stock.GetLot, stock.GetLotReq{ID: curry.Result.Outputs[0].Lot}).Allergens, "[gluten]"},
			{"the run", Do(f.Store1, packing.GetRun, packing.GetRunReq{ID: run.ID}).Allergens, "[gluten latex]"},
			{"its trace", Do(f.Store1, trace.TraceLot, trace.LotReq{Lot: run.Lot}).Nodes[0].Allergens, "[gluten latex]"},
		} {
			if fmt.Sprint(x.got) != x.want {
				t.Errorf("%s: %s has %v, must have %s", when, x.what, x.got, x.want)
			}
		}
		f.Verify()
	}
	check("at once")
	it := Do(f.Owner, catalog.GetItem, catalog.GetItemReq{ID: hing.ID})
	it.Allergens = nil
	Do(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: it.ID, Version: it.Version, ItemFields: it.ItemFields})
	check("after the master changed")
	f.SQL(`DROP TRIGGER lot_fixed`, `UPDATE lot SET allergens = '[]' WHERE id = `+fmt.Sprint(turmeric.Result.Outputs[0].Lot))
	f.FindProblem("genealogy: " + turmeric.Result.Outputs[0].LotNo + " lacks an allergen of what it was made of")
}
