package purchase_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestR13_Landed spreads freight and hamali as vectors 2 and 3 say.
func TestR13_Landed(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		name    string
		freight core.Paise
		hamali  core.Paise
		values  []core.Paise
		want    []core.Paise
	}{
		{"vector 2", 3_500_00, 0, []core.Paise{71_500_00, 25_500_00, 45_000_00}, []core.Paise{1_762_32, 628_52, 1_109_16}},
		{"vector 2, part of it hamali", 3_000_00, 500_00, []core.Paise{71_500_00, 25_500_00, 45_000_00}, []core.Paise{1_762_32, 628_52, 1_109_16}},
		{"vector 3", 1_000_00, 0, []core.Paise{5_00, 5_00, 5_00}, []core.Paise{333_34, 333_33, 333_33}},
		{"no costs", 0, 0, []core.Paise{5_00, 0}, []core.Paise{0, 0}},
		{"one line free of charge", 100, 0, []core.Paise{5_00, 0}, []core.Paise{100, 0}},
		{"all free of charge: by quantity", 100, 0, []core.Paise{0, 0}, []core.Paise{50, 50}},
	} {
		r := GRN(1, "X", make([]purchase.GRNLine, len(v.values))...)
		r.Freight, r.Hamali = v.freight, v.hamali
		for i := range r.Lines {
			r.Lines[i] = Line(1, 7, v.values[i])
		}
		if got, err := r.Landed(slices.Repeat([]core.Dimension{core.Mass}, len(v.values))); err != nil || !reflect.DeepEqual(got, v.want) {
			t.Errorf("%s: %v, %v; want %v", v.name, got, err, v.want)
		}
	}
}

// TestR13_LandedOverFreeGoods: freight over goods that cost nothing is shared by quantity,
// but no milligram is held against a piece or a millimetre. It all arrives, to the paisa.
func TestR13_LandedOverFreeGoods(t *testing.T) {
	t.Parallel()
	f := New(t)
	supplier := f.Supplier("Sangli Haldi Traders")
	salt, sugar := f.Item("RAW-001", "Salt"), f.Item("RAW-002", "Sugar")
	packing := func(sku, name, unit string, d core.Dimension) catalog.Item {
		return f.Item(sku, name, func(i *catalog.ItemFields) {
			i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units = catalog.Packing, "CONSUMABLE", d, unit, unit, nil
		})
	}
	jar, film := packing("PKG-001", "Jar", "pcs", core.Count), packing("PKG-002", "Film", "m", core.Length)
	jars := purchase.GRNLine{Item: jar.ID, Qty: 400, Unit: "pcs"}
	films := purchase.GRNLine{Item: film.ID, Qty: 90 * core.Metre, Unit: "m"}
	for i, v := range []struct {
		lines []purchase.GRNLine
		want  []core.Paise
	}{
		{[]purchase.GRNLine{Line(salt.ID, 30, 0), Line(sugar.ID, 10, 0)}, []core.Paise{750_01, 250_00}},
		{[]purchase.GRNLine{Line(salt.ID, 30, 0), jars}, []core.Paise{500_01, 500_00}},
		{[]purchase.GRNLine{Line(salt.ID, 30, 0), jars, films}, []core.Paise{333_34, 333_34, 333_33}},
		{[]purchase.GRNLine{Line(salt.ID, 30, 0), Line(sugar.ID, 10, 0), jars}, []core.Paise{333_34, 333_34, 333_33}},
		{[]purchase.GRNLine{jars}, []core.Paise{1_000_01}},
	} {
		req := GRN(supplier.ID, fmt.Sprintf("S/%d", i), v.lines...)
		req.Freight = 1_000_01
		g := Do(f.Owner, purchase.GetCostedGRN, purchase.GetGRNReq{ID: Do(f.Store1, purchase.PostGRN, req).Document})
		var got []core.Paise
		for _, c := range g.Costs {
			got = append(got, c.Landed)
		}
		if !slices.Equal(got, v.want) {
			t.Errorf("%d: shared as %v, want %v", i, got, v.want)
		}
	}
	f.Verify()
}

// TestR41_AtNightItIsTomorrowInIndia: at 03:00 the factory writes its own day, not
// the day of UTC.
func TestR41_AtNightItIsTomorrowInIndia(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	f.Clock.Set(time.Date(2026, 2, 12, 21, 30, 0, 0, time.UTC)) // 13 February, 03:00
	req := GRN(supplier.ID, "S/1", Line(item.ID, 1, 100_00))
	req.InvoiceDate = core.NewDate(2026, 2, 13) // of today, though UTC has not got there
	resp := Do(f.Store1, purchase.PostGRN, req)
	if resp.Number != "GRN-20260213-001" || resp.Lots[0].Number != "LOT-20260213-001" {
		t.Errorf("posted as %s with %s", resp.Number, resp.Lots[0].Number)
	}
	g := Do(f.Store1, purchase.GetGRN, purchase.GetGRNReq{ID: resp.Document})
	if g.ReceivedOn != core.NewDate(2026, 2, 13) || !g.PostedAt.Equal(f.Clock.Now()) || g.User != "store1" || g.Device != "PC-STORE" {
		t.Errorf("reads %+v", g)
	}
}

// TestNumbersAreTakenOnce: series go past their padding, a typed free number is kept
// and skipped, a refused GRN takes none.
func TestNumbersAreTakenOnce(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	n := 0
	post := func(number string) string {
		t.Helper()
		n++
		req := GRN(supplier.ID, "S/"+string(rune('A'+n)), Line(item.ID, 1, 100_00))
		req.Number = number
		resp, err := Try(f.Store1, purchase.PostGRN, req)
		if err != nil {
			return err.Error()
		}
		return resp.Number
	}
	for _, v := range [][2]string{
		{"", "GRN-20260212-001"}, {"GRN-20260212-003", "GRN-20260212-003"}, {"", "GRN-20260212-002"}, {"", "GRN-20260212-004"},
		{"GRN-20260212-003", "GRN-20260212-003 is already used. Leave the number empty to take the next free one."}, {"", "GRN-20260212-005"},
	} {
		if got := post(v[0]); got != v[1] {
			t.Errorf("asked for %q: %s, want %s", v[0], got, v[1])
		}
	}
	f.SQL(`UPDATE series SET last = 998`)
	for _, want := range []string{"GRN-20260212-999", "GRN-20260212-1000"} {
		if got := post(""); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	lots := Do(f.Store1, stock.ListLots, stock.ListLotsReq{Sort: stock.ByLot, Desc: true, Limit: 2}).Lots
	if lots[0].Number != "LOT-20260212-1000" || lots[1].Number != "LOT-20260212-999" {
		t.Errorf("sorted %s, %s: by number, not by text", lots[0].Number, lots[1].Number)
	}
	f.Verify()
}

// TestTypedNumbersBelongToTheirDay: a number tells the day the goods came, in one
// spelling; with another day of receipt it needs another number.
func TestTypedNumbersBelongToTheirDay(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	post := func(number string, on core.Date) (purchase.PostGRNResp, error) {
		req := GRN(supplier.ID, "S/"+number, Line(item.ID, 1, 100_00))
		req.Number, req.ReceivedOn, req.Reason = number, on, "came at night"
		return Try(f.Owner, purchase.PostGRN, req)
	}
	today, yesterday := core.NewDate(2026, 2, 12), core.NewDate(2026, 2, 11)
	before := f.Tables()
	for _, v := range []struct {
		number string
		on     core.Date
		want   string
	}{
		{"GRN-20260211-001", today, "GRN-20260211-001 is no number of 12-Feb-2026, the day of this entry. Leave it empty, or write it like GRN-20260212-001."},
		{"GRN-20260212-001", yesterday, "GRN-20260212-001 is no number of 11-Feb-2026, the day of this entry. Leave it empty, or write it like GRN-20260211-001."},
		{"GRN-20260299-001", today, "GRN-20260299-001 is no number of 12-Feb-2026, the day of this entry. Leave it empty, or write it like GRN-20260212-001."},
		{"GRN-20260212-0007", today, "GRN-20260212-0007 is no number of 12-Feb-2026, the day of this entry. Leave it empty, or write it like GRN-20260212-001."},
		{"GRN-20260212-000", today, "GRN-20260212-000 is no number of 12-Feb-2026, the day of this entry. Leave it empty, or write it like GRN-20260212-001."},
		{"G-7", today, "Write the GRN number as GRN-20260212-001, or leave it empty."},
	} {
		_, err := post(v.number, v.on)
		var e *core.Error
		if !errors.As(err, &e) || !e.Names("number") || e.Fields[0].Message != v.want {
			t.Errorf("%s on %s: %v, want %s", v.number, v.on, err, v.want)
		}
	}
	f.Unchanged(before, "numbers of other days")
	for number, on := range map[string]core.Date{"GRN-20260211-017": yesterday, "GRN-20260212-1000": today} {
		if got, err := post(number, on); err != nil || got.Number != number {
			t.Errorf("%s on %s: %s, %v", number, on, got.Number, err)
		}
	}
}

// TestR09_InvoiceOncePerYear: the same invoice number may come again in another
// financial year, from another supplier, or after the first GRN was cancelled.
func TestR09_InvoiceOncePerYear(t *testing.T) {
	t.Parallel()
	f := New(t)
	f.GoTo(time.Date(2026, 4, 2, 6, 0, 0, 0, time.UTC))
	item, a, b := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders"), f.Supplier("Unjha Jeera House")
	post := func(supplier core.PartyID, no string, day core.Date) (purchase.PostGRNResp, error) {
		r := GRN(supplier, no, Line(item.ID, 1, 100_00))
		r.InvoiceDate = day
		return Try(f.Store1, purchase.PostGRN, r)
	}
	march, april := core.NewDate(2026, 3, 31), core.NewDate(2026, 4, 1)
	first, err := post(a.ID, "7", march)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		what     string
		supplier core.PartyID
		day      core.Date
		ok       bool
	}{{"the same year", a.ID, core.NewDate(2025, 4, 1), false}, {"the next year", a.ID, april, true}, {"another supplier", b.ID, march, true}, {"the next year again", a.ID, april, false}} {
		if _, err := post(v.supplier, "7", v.day); (err == nil) != v.ok {
			t.Errorf("%s: %v", v.what, err)
		}
	}
	Do(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: first.Document, Reason: "entered twice"})
	if _, err := post(a.ID, "7", march); err != nil {
		t.Errorf("after the first was cancelled: %v", err)
	}
	f.Verify()
}

// TestR01_EveryDimensionKeepsItsBaseUnits posts mass, pieces, length and volume.
func TestR01_EveryDimensionKeepsItsBaseUnits(t *testing.T) {
	t.Parallel()
	f := New(t)
	supplier := f.Supplier("Sangli Haldi Traders")
	req := GRN(supplier.ID, "S/1")
	for i, d := range []struct {
		dim  core.Dimension
		unit string
		qty  core.Qty
	}{{core.Mass, "g", 1}, {core.Count, "gross", 1_001}, {core.Length, "m", 12_345}, {core.Volume, "ml", 7}} {
		item := f.Item("PKG-00"+string(rune('1'+i)), "Thing "+d.unit, func(x *catalog.ItemFields) {
			x.Type, x.Subtype, x.Dimension, x.PurchaseUnit, x.IssueUnit, x.Units = catalog.Packing, "CONSUMABLE", d.dim, d.unit, d.unit, nil
		})
		req.Lines = append(req.Lines, purchase.GRNLine{Item: item.ID, Qty: d.qty, Unit: d.unit, Value: 1})
	}
	resp := Do(f.Store1, purchase.PostGRN, req)
	g := Do(f.Store1, purchase.GetGRN, purchase.GetGRNReq{ID: resp.Document})
	for i, l := range g.Lines {
		if l.Qty != req.Lines[i].Qty || l.Unit != req.Lines[i].Unit {
			t.Errorf("line %d reads %d %s", i, l.Qty, l.Unit)
		}
	}
	f.Verify()
}
