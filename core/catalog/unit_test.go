package catalog_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/catalog"
)

func TestR02_UnitsConvertExactly(t *testing.T) {
	t.Parallel()
	turmeric := &catalog.ItemFields{Name: "Turmeric", Dimension: core.Mass, Units: []catalog.ItemUnit{{Code: "bag", Num: 40_000_000, Den: 1}, {Code: "q", Num: 90_000_000, Den: 1}}}
	jar := &catalog.ItemFields{Name: "Jar", Dimension: core.Count, NetWeight: 25_000, Units: []catalog.ItemUnit{{Code: "tray", Num: 3, Den: 2}}}
	cap := &catalog.ItemFields{Name: "Cap", Dimension: core.Count}
	film := &catalog.ItemFields{Name: "Film", Dimension: core.Length}
	for _, v := range []struct {
		name string
		item *catalog.ItemFields
		unit string
		n, d int64
		want core.Qty
		err  string
	}{
		{"1 kg", turmeric, "kg", 1, 1, 1_000_000, ""},
		{"2.5 kg", turmeric, "kg", 5, 2, 2_500_000, ""},
		{"1 bag is 40 kg of this item", turmeric, "bag", 1, 1, 40_000_000, ""},
		{"the item's own quintal beats the global one", turmeric, "q", 1, 1, 90_000_000, ""},
		{"1 t", turmeric, "t", 1, 1, 1_000_000_000, ""},
		{"a third of a mg", turmeric, "mg", 1, 3, 0, "This is not a whole number of milligrams."},
		{"1/3 kg", turmeric, "kg", 1, 3, 0, "This is not a whole number of milligrams."},
		{"pieces of turmeric", turmeric, "pcs", 1, 1, 0, `Turmeric has no unit "pcs".`},
		{"no unit", turmeric, "", 1, 1, 0, `Turmeric has no unit "".`},
		{"1 kg of jars of 25 g", jar, "kg", 1, 1, 40, ""},
		{"30 g of jars of 25 g", jar, "g", 30, 1, 0, "This is not a whole number of pieces."},
		{"2 trays", jar, "tray", 2, 1, 3, ""},
		{"1 tray", jar, "tray", 1, 1, 0, "This is not a whole number of pieces."},
		{"1 gross", cap, "gross", 1, 1, 144, ""},
		{"kg of caps of unknown weight", cap, "kg", 1, 1, 0, "Cap is counted in pieces. Enter its net weight before using kg."},
		{"1.5 m of film", film, "m", 3, 2, 1_500, ""},
		{"too much", turmeric, "t", math.MaxInt64, 1, 0, "number too large"},
		{"of nothing", turmeric, "kg", 1, 0, 0, "This is not a whole number of milligrams."},
	} {
		u, err := catalog.FindUnit(v.item, v.unit)
		got := core.Qty(0)
		if err == nil {
			got, err = u.Convert(v.n, v.d)
		}
		if v.err == "" && (err != nil || got != v.want) || v.err != "" && (err == nil || err.Error() != v.err) {
			t.Errorf("%s: %d, %v; want %d, %q", v.name, got, err, v.want, v.err)
		}
	}
}

// TestR02_GlobalUnitsAreWhole: every global unit is a whole number of base units of a
// known dimension, and codes are unique.
func TestR02_GlobalUnitsAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, u := range catalog.GlobalUnits() {
		if !u.Dimension.Valid() || u.Num <= 0 || u.Den != 1 || seen[u.Code] {
			t.Errorf("%+v", u)
		}
		seen[u.Code] = true
	}
	if !seen["q"] || !seen["kg"] {
		t.Error("kg or quintal is missing")
	}
}

func TestR02_ConvertNeverInvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		u := catalog.Unit{Dimension: core.Mass, Num: rapid.Int64Range(1, 1e9).Draw(t, "num"), Den: rapid.Int64Range(1, 1e6).Draw(t, "den")}
		n, d := rapid.Int64Range(-1e9, 1e9).Draw(t, "n"), rapid.Int64Range(1, 1e6).Draw(t, "d")
		got, err := u.Convert(n, d)
		if err == nil && int64(got)*d*u.Den != n*u.Num {
			t.Fatalf("%d/%d of %d/%d is %d", n, d, u.Num, u.Den, got)
		}
		if err != nil && n*u.Num%(d*u.Den) == 0 {
			t.Fatalf("%d/%d of %d/%d is whole, and %v", n, d, u.Num, u.Den, err)
		}
	})
}

func TestR33_GSTRateOfTheDay(t *testing.T) {
	t.Parallel()
	day := core.NewDate
	f := &catalog.ItemFields{GST: []catalog.GSTRate{{From: day(2025, 9, 22), Rate: 500}, {From: day(2017, 7, 1), Rate: 1200}}}
	f.Normalize() // puts them in order
	for d, want := range map[core.Date]core.Percent{day(2017, 7, 1): 1200, day(2025, 9, 21): 1200, day(2025, 9, 22): 500, day(2030, 1, 1): 500} {
		if got, ok := f.GSTOn(d); !ok || got != want {
			t.Errorf("on %s: %v", d, got)
		}
	}
	if got, ok := f.GSTOn(day(2017, 6, 30)); ok || got != 0 {
		t.Errorf("before the first rate: %v", got)
	}
}
