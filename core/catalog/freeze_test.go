package catalog_test

import (
	"errors"
	"fmt"
	"testing"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/recipe"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestR38_WhatOthersBuildOnStays: a recipe, a profile or an order that names an item
// freezes it before it has any stock, and the refusal says which.
func TestR38_WhatOthersBuildOnStays(t *testing.T) {
	t.Parallel()
	f := New(t)
	bulk := func(i *catalog.ItemFields) { i.Type = catalog.Bulk }
	seed, powder, husk := f.Item("RAW-001", "Clove"), f.Item("BLK-001", "Clove powder", bulk), f.Item("BLK-002", "Third-party powder", bulk)
	stems := f.Item("RAW-003", "Clove stems")
	jar := f.Item("PKG-001", "Jar", func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units = catalog.Packing, "JAR_BODY", core.Count, "pcs", "pcs", nil
	})
	good, other, ordered := f.FinishedGood("FIN-001", "Clove 50 g"), f.FinishedGood("FIN-002", "Clove 100 g"), f.Item("RAW-002", "Cumin")
	Do(f.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipe.Fields{Code: "CL", Name: "Clove", Item: powder.ID, Active: true, Lines: []recipe.Line{{Item: seed.ID, Share: core.Whole}},
		ByProducts: []recipe.ByProduct{{Item: stems.ID, Share: 100}}}})
	p := Do(f.Owner, packing.CreateProfile, packing.CreateProfileReq{Fields: packing.Fields{Code: "JAR_50", Name: "Jar", NetWeight: 50 * core.Gram, Active: true,
		Components: []packing.Component{{Item: jar.ID, PerPacks: core.PerPacks{Q: 1, N: 1}}}, Products: []packing.Product{{Item: good.ID, Powder: husk.ID}}}})
	customer := Do(f.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: "Deepak Stores", StateCode: "27", Segment: core.Regular, Active: true}})
	so := Do(f.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: customer.ID, Lines: []sales.OrderLine{{Item: other.ID, Qty: 1, Unit: "pcs", Price: 1}}}})
	po := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: f.Supplier("Unjha").ID, Lines: []purchase.OrderLine{{Item: ordered.ID, Qty: 1, Unit: "kg"}}}})
	// A later version that no longer names it changes nothing: batches and runs keep theirs.
	p.Products[0].Powder = powder.ID
	Do(f.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: p.ID, Version: p.Version, Fields: p.Fields})
	for _, x := range []struct {
		item catalog.Item
		by   string
	}{{seed, "is in recipe CL"}, {stems, "is in recipe CL"}, {powder, "is in recipe CL"}, {husk, "is in packaging profile JAR_50"}, {jar, "is in packaging profile JAR_50"}, {good, "is in packaging profile JAR_50"},
		{other, "is in sales order " + so.Number}, {ordered, "is in purchase order " + po.Number}} {
		fields := x.item.ItemFields
		if fields.Dimension == core.Mass {
			fields.Dimension, fields.PurchaseUnit, fields.IssueUnit, fields.Units = core.Count, "pcs", "pcs", nil
		} else {
			fields.Dimension, fields.PurchaseUnit, fields.IssueUnit, fields.NetWeight = core.Mass, "kg", "kg", 0
		}
		if fields.Type, fields.Subtype = catalog.Raw, ""; x.item.Type == catalog.Raw {
			fields.Type = catalog.Bulk
		}
		_, err := Try(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: x.item.ID, Version: 1, ItemFields: fields})
		var e *core.Error
		want := []core.FieldError{{Field: "type", Message: x.item.Name + " " + x.by + ", so its type can no longer change."},
			{Field: "dimension", Message: fmt.Sprintf("%s %s, so it stays measured by %s.", x.item.Name, x.by, x.item.Dimension)}}
		if !errors.As(err, &e) || fmt.Sprint(e.Fields) != fmt.Sprint(want) {
			t.Errorf("%s was changed: %v %v", x.item.Name, err, e)
		}
	}
}

// TestR38_TypeAndDimensionFreeze: before the first movement an item may become
// anything, after it neither type nor dimension changes, not even once the stock is
// gone; everything else still does.
func TestR38_TypeAndDimensionFreeze(t *testing.T) {
	t.Parallel()
	f := New(t)
	it := f.Item("RAW-001", "Turmeric")
	other := func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units = catalog.Packing, "BAG", core.Count, "pcs", "pcs", nil
	}
	change := func(fn func(*catalog.ItemFields)) error {
		fields := it.ItemFields
		fn(&fields)
		got, err := Try(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: it.ID, Version: it.Version, ItemFields: fields})
		if err == nil {
			it = got
		}
		return err
	}
	back := it.ItemFields
	if err := change(other); err != nil {
		t.Fatalf("before any movement: %v", err)
	}
	if err := change(func(i *catalog.ItemFields) { *i = back }); err != nil {
		t.Fatalf("and back: %v", err)
	}
	cell := f.Opening(it.ID, 40*core.Kilogram, 9_200_00)
	Do(f.Owner, stock.Adjust, stock.AdjustReq{CellKey: cell, Qty: -40 * core.Kilogram, Reason: "Damage"})
	var e *core.Error
	if err := change(other); !errors.As(err, &e) || e.Code != core.CodeInvalid || len(e.Fields) != 2 || e.Fields[0].Field != "type" || e.Fields[1].Field != "dimension" {
		t.Errorf("after it: %v", err)
	}
	if err := change(func(i *catalog.ItemFields) { i.Name, i.ShelfLifeMonths = "Turmeric fingers", 18 }); err != nil {
		t.Errorf("its name and shelf life: %v", err)
	}
}

// TestR38_AUnitInUseStays: a bag of 40 kg in which somebody bought does not become one of
// 50 kg, nor vanish; the papers would say other weights than they said.
func TestR38_AUnitInUseStays(t *testing.T) {
	t.Parallel()
	f := New(t)
	bags := func(kg int64) []catalog.ItemUnit {
		return []catalog.ItemUnit{{Code: "bag", Num: kg * int64(core.Kilogram), Den: 1}, {Code: "sack", Num: 100 * int64(core.Kilogram), Den: 1}}
	}
	seed := f.Item("RAW-001", "Clove", func(i *catalog.ItemFields) { i.Units = bags(40) })
	change := func(units []catalog.ItemUnit) error {
		seed = Do(f.Store1, catalog.GetItem, catalog.GetItemReq{ID: seed.ID})
		fields := seed.ItemFields
		fields.Units = units
		_, err := Try(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: seed.ID, Version: seed.Version, ItemFields: fields})
		return err
	}
	if err := change(bags(45)); err != nil {
		t.Errorf("before anybody counted in it: %v", err)
	}
	po := Do(f.Owner, purchase.CreateOrder, purchase.CreateOrderReq{OrderFields: purchase.OrderFields{Supplier: f.Supplier("Unjha").ID, Lines: []purchase.OrderLine{{Item: seed.ID, Qty: 1, Unit: "bag"}}}})
	for _, units := range [][]catalog.ItemUnit{bags(50), bags(45)[1:], nil} {
		before := f.Tables()
		err := change(units)
		var e *core.Error
		if want := po.Number + " counts Clove by the bag, so the bag stays as it is. Add another unit instead."; !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0] != (core.FieldError{Field: "units", Message: want}) {
			t.Errorf("%v: %v", units, err)
		}
		f.Unchanged(before, "a unit in use")
	}
	if err := change(append(bags(45)[:1], catalog.ItemUnit{Code: "box", Num: 5 * int64(core.Kilogram), Den: 1})); err != nil {
		t.Errorf("another unit, and one that nobody counts in: %v", err)
	}
}
