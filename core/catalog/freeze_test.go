package catalog_test

import (
	"errors"
	"testing"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

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
