package catalog_test

import (
	"errors"
	"fmt"
	"testing"

	"masala/core"
	"masala/core/catalog"
	"masala/core/purchase"
	. "masala/storage/storagetest"
)

// faults lists the fields an error names with its sentences.
func faults(err error) (out []string) {
	var e *core.Error
	if errors.As(err, &e) {
		for _, x := range e.Fields {
			out = append(out, x.Field+": "+x.Message)
		}
	}
	return out
}

// TestR33_HSNIsFourSixOrEightDigits, or still unknown. A code that was entered before this
// was looked at stays until somebody changes it.
func TestR33_HSNIsFourSixOrEightDigits(t *testing.T) {
	t.Parallel()
	f := New(t)
	n := 0
	create := func(hsn string) error {
		n++
		_, err := Try(f.Owner, catalog.CreateItem, catalog.CreateItemReq{ItemFields: catalog.ItemFields{SKU: fmt.Sprintf("RAW-%03d", n), Name: "Turmeric", Type: catalog.Raw, Dimension: core.Mass,
			PurchaseUnit: "kg", IssueUnit: "kg", HSN: hsn, Active: true}})
		return err
	}
	for _, hsn := range []string{"", "0910", "091030", "09103030", " 0910 ", "0910 30", "0910 30 30", "0910.30.30", "09 10 30", "0910\u00a030"} {
		if err := create(hsn); err != nil {
			t.Errorf("%q: %v", hsn, err)
		}
	}
	if it := Do(f.Owner, catalog.ListItems, catalog.ListItemsReq{}).Items[7]; it.HSN != "09103030" {
		t.Errorf("0910.30.30 is kept as %q", it.HSN)
	}
	const want = "[hsn: An HSN code is 4, 6 or 8 digits, for example 09109914. Correct it, or leave it empty.]"
	before := f.Tables()
	for _, hsn := range []string{"9", "91", "091", "09103", "0910303", "091030301", "910303012", "0910-30", "O910", "०९१०", "n/a", "-910"} {
		if got := fmt.Sprint(faults(create(hsn))); got != want {
			t.Errorf("%q: %s", hsn, got)
		}
	}
	for hsn, is := range map[string][2]string{"910": {"910", "3"}, "91030": {"91030", "5"}, "9103030": {"9103030", "7"}, "910.30.30": {"9103030", "7"}, "9 10": {"910", "3"}} {
		eaten := "[hsn: " + is[0] + " has " + is[1] + " digits, and an HSN code has 4, 6 or 8. Excel may have eaten the first zero: enter 0" + is[0] + " if it is that.]"
		if got := fmt.Sprint(faults(create(hsn))); got != eaten {
			t.Errorf("%q: %s, want %s", hsn, got, eaten)
		}
	}
	f.Unchanged(before, "items with such codes")

	it := f.Item("RAW-100", "Clove")
	f.SQL(`UPDATE item SET hsn = '907 n/a' WHERE id = ` + fmt.Sprint(it.ID))
	change := func(hsn, name string) error {
		it.HSN, it.Name = hsn, name
		got, err := Try(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: it.ID, Version: it.Version, ItemFields: it.ItemFields})
		if err == nil {
			it = got
		}
		return err
	}
	if err := change("907 n/a", "Clove, whole"); err != nil {
		t.Errorf("an old code was not kept: %v", err)
	}
	f.SQL(`UPDATE item SET hsn = '910.30 30' WHERE id = ` + fmt.Sprint(it.ID))
	it = Do(f.Owner, catalog.GetItem, catalog.GetItemReq{ID: it.ID})
	if err := change("910.30 30", "Clove, hand picked"); err != nil || it.HSN != "9103030" {
		t.Errorf("an old code with dots was not kept: %q, %v", it.HSN, err)
	}
	if got := fmt.Sprint(faults(change("908 n/a", "Clove"))); got != want {
		t.Errorf("a new one: %s", got)
	}
	if err := change("0907", "Clove"); err != nil {
		t.Error(err)
	}
}

// TestItemsAreMeasuredAsTheyAreUsed: raw material and powder by mass, finished goods by
// pieces, packing material as it comes; what was entered otherwise before stays.
func TestItemsAreMeasuredAsTheyAreUsed(t *testing.T) {
	t.Parallel()
	f := New(t)
	unit := map[core.Dimension]string{core.Mass: "kg", core.Count: "pcs", core.Length: "m", core.Volume: "l"}
	fields := func(kind catalog.Type, d core.Dimension) catalog.ItemFields {
		x := catalog.ItemFields{SKU: fmt.Sprintf("%s-%s", kind.SKUPrefix(), d), Name: "Thing", Type: kind, Dimension: d, PurchaseUnit: unit[d], IssueUnit: unit[d], Active: true}
		if kind == catalog.Packing {
			x.Subtype = "CONSUMABLE"
		}
		return x
	}
	refusal := map[catalog.Type]string{
		catalog.Raw:      "[dimension: Raw material goes into recipes by weight. Measure it by mass.]",
		catalog.Bulk:     "[dimension: Powder is ground and packed by weight. Measure it by mass.]",
		catalog.Finished: "[dimension: Finished goods are packed and sold in pieces. Measure them by pieces, and enter the weight of one.]",
	}
	fits := map[catalog.Type]core.Dimension{catalog.Raw: core.Mass, catalog.Bulk: core.Mass, catalog.Finished: core.Count}
	for _, kind := range catalog.Types() {
		for d := range unit {
			want := "[]"
			if by, strict := fits[kind]; strict && by != d {
				want = refusal[kind]
			}
			_, err := Try(f.Owner, catalog.CreateItem, catalog.CreateItemReq{ItemFields: fields(kind, d)})
			if got := fmt.Sprint(faults(err)); got != want || (err == nil) != (want == "[]") {
				t.Errorf("%s by %s: %v %s, want %s", kind, d, err, got, want)
			}
		}
	}

	it := f.Item("RAW-100", "Lemon")
	f.SQL(`UPDATE item SET dimension = 'count', purchase_unit = 'pcs', issue_unit = 'pcs' WHERE id = ` + fmt.Sprint(it.ID))
	it.ItemFields = fields(catalog.Raw, core.Count)
	it.SKU = "RAW-100"
	change := func(fn func(*catalog.ItemFields)) error {
		next := it.ItemFields
		fn(&next)
		got, err := Try(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: it.ID, Version: it.Version, ItemFields: next})
		if err == nil {
			it = got
		}
		return err
	}
	if err := change(func(i *catalog.ItemFields) { i.Name = "Lemon, dried" }); err != nil {
		t.Errorf("renamed: %v", err)
	}
	if got := fmt.Sprint(faults(change(func(i *catalog.ItemFields) { i.Type = catalog.Bulk }))); got != refusal[catalog.Bulk] {
		t.Errorf("made a powder: %s", got)
	}
	if err := change(func(i *catalog.ItemFields) { i.Dimension, i.PurchaseUnit, i.IssueUnit = core.Mass, "kg", "kg" }); err != nil {
		t.Errorf("measured by mass: %v", err)
	}
}

// TestR02_AKilogramIsAKilogram: an item says what a bag or a tray of it is, and nothing
// else, however it is written. What older books have stays until somebody changes it.
func TestR02_AKilogramIsAKilogram(t *testing.T) {
	t.Parallel()
	f := New(t)
	const same, one = "is the same for every item. Give this unit another name, for example bag.]", "are one name to most people. Give one of them another."
	n := 0
	create := func(d core.Dimension, units ...catalog.ItemUnit) string {
		n++
		x := catalog.ItemFields{SKU: fmt.Sprintf("PKG-%03d", n), Name: "Thing", Type: catalog.Packing, Subtype: "CONSUMABLE", Dimension: d, PurchaseUnit: "kg", IssueUnit: "kg", Units: units, Active: true}
		for _, g := range catalog.GlobalUnits() {
			if g.Dimension == d && g.Num > 1 || g.Code == "pcs" && d == core.Count {
				x.PurchaseUnit, x.IssueUnit = g.Code, g.Code
				break
			}
		}
		_, err := Try(f.Owner, catalog.CreateItem, catalog.CreateItemReq{ItemFields: x})
		return fmt.Sprint(faults(err))
	}
	unit := func(code string, num, den int64) catalog.ItemUnit {
		return catalog.ItemUnit{Code: code, Num: num, Den: den}
	}
	for _, v := range []struct {
		dimension core.Dimension
		units     []catalog.ItemUnit
		want      string
	}{
		{core.Mass, []catalog.ItemUnit{unit("kg", 40_000_000, 1)}, "[units[0].code: One kg " + same},
		{core.Mass, []catalog.ItemUnit{unit("Kg", 2_000_000, 1)}, "[units[0].code: One Kg " + same},
		{core.Mass, []catalog.ItemUnit{unit("kg", 1_000_000, 1), unit("KG", 2_000_000, 2)}, "[units[0].code: kg and KG " + one + " units[1].code: KG and kg " + one + "]"},
		{core.Mass, []catalog.ItemUnit{unit("kg", 3_000_000, 3)}, "[]"},
		{core.Mass, []catalog.ItemUnit{unit("bag", 40_000_000, 1)}, "[]"},
		{core.Count, []catalog.ItemUnit{unit("dozen", 10, 1)}, "[units[0].code: One dozen " + same},
		{core.Count, []catalog.ItemUnit{unit("kg", 40, 1)}, "[]"}, // so many pieces weigh one

		// A global unit has a name, too, and people write both as they like.
		{core.Mass, []catalog.ItemUnit{unit("quintal", 40_000_000, 1)}, "[units[0].code: One quintal " + same},
		{core.Mass, []catalog.ItemUnit{unit("Quintals", 40_000_000, 1)}, "[units[0].code: One Quintals " + same},
		{core.Mass, []catalog.ItemUnit{unit("KILO GRAM", 2_000_000, 1)}, "[units[0].code: One KILO GRAM " + same},
		{core.Mass, []catalog.ItemUnit{unit("kgs", 2_000_000, 1)}, "[units[0].code: One kgs " + same},
		{core.Mass, []catalog.ItemUnit{unit("kg.", 2_000_000, 1)}, "[units[0].code: One kg. " + same},
		{core.Mass, []catalog.ItemUnit{unit("K.G.", 2_000_000, 1)}, "[units[0].code: One K.G. " + same},
		{core.Mass, []catalog.ItemUnit{unit("k g", 2_000_000, 1)}, "[units[0].code: One k g " + same},
		{core.Mass, []catalog.ItemUnit{unit("Tonnes.", 900_000_000, 1)}, "[units[0].code: One Tonnes. " + same},
		{core.Count, []catalog.ItemUnit{unit("piece", 2, 1)}, "[units[0].code: One piece " + same},
		{core.Count, []catalog.ItemUnit{unit("pc", 2, 1)}, "[units[0].code: One pc " + same},
		{core.Count, []catalog.ItemUnit{unit("Dozens", 10, 1)}, "[units[0].code: One Dozens " + same},
		{core.Length, []catalog.ItemUnit{unit("metres", 900, 1)}, "[units[0].code: One metres " + same},
		{core.Volume, []catalog.ItemUnit{unit("Litre", 900_000, 1)}, "[units[0].code: One Litre " + same},
		{core.Mass, []catalog.ItemUnit{unit("quintal", 100_000_000, 1), unit("kgs", 1_000_000, 1)}, "[]"},
		{core.Mass, []catalog.ItemUnit{unit("litre", 900_000, 1), unit("s", 5_000, 1), unit("sack", 50_000_000, 1)}, "[]"},
		{core.Mass, []catalog.ItemUnit{unit("bag", 40_000_000, 1), unit("Bags", 50_000_000, 1)}, "[units[0].code: bag and Bags " + one + " units[1].code: Bags and bag " + one + "]"},
	} {
		if got := create(v.dimension, v.units...); got != v.want {
			t.Errorf("%v: %s, want %s", v.units, got, v.want)
		}
	}

	it := f.Item("RAW-100", "Clove")
	Do(f.Store1, purchase.PostGRN, GRN(f.Supplier("Sangli Traders").ID, "A/1", Line(it.ID, 10, 1_000_00)))
	f.SQL(fmt.Sprintf(`INSERT INTO item_unit (item_id, code, num, den) VALUES (%d, 'kg', 40000000, 1)`, it.ID))
	it = Do(f.Owner, catalog.GetItem, catalog.GetItemReq{ID: it.ID})
	change := func(units ...catalog.ItemUnit) string {
		x := it.ItemFields
		x.Name, x.Units = "Clove, old", units
		got, err := Try(f.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: it.ID, Version: it.Version, ItemFields: x})
		if err == nil {
			it = got
		}
		return fmt.Sprint(faults(err))
	}
	if got := change(unit("kg", 80_000_000, 2)); got != "[]" {
		t.Errorf("left as it was: %s", got)
	}
	if got := change(unit("kg", 50_000_000, 1)); got == "[]" {
		t.Error("a kilogram of 50 kg was changed to one of 40")
	}
	f.SQL(fmt.Sprintf(`INSERT INTO item_unit (item_id, code, num, den) VALUES (%d, 'quintal', 40000000, 1), (%[1]d, 'bags', 40000000, 1), (%[1]d, 'bag', 50000000, 1)`, it.ID))
	it = Do(f.Owner, catalog.GetItem, catalog.GetItemReq{ID: it.ID})
	if got := change(it.Units...); got != "[]" {
		t.Errorf("a quintal of 40 kg, a bag and bags were not left: %s", got)
	}
	if got := change(append(it.Units[:len(it.Units):len(it.Units)], unit("Quintals", 40_000_000, 1))...); got != "[units[4].code: One Quintals "+same[:len(same)-1]+" units[4].code: Quintals and quintal "+one+"]" {
		t.Errorf("more quintals of 40 kg: %s", got)
	}
}
