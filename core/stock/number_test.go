package stock_test

import (
	"maps"
	"testing"
	"time"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

func suggested(f *Factory, of ...string) map[string]string {
	return Do(f.Store1, stock.SuggestNumbers, stock.SuggestNumbersReq{Of: of}).Numbers
}

// TestSuggestedNumbersAreNotTaken: a form shows what would come next; asking takes
// nothing, what was typed is gone by, and who posts first has it.
func TestSuggestedNumbersAreNotTaken(t *testing.T) {
	t.Parallel()
	f := New(t)
	item, supplier := f.Item("RAW-001", "Turmeric"), f.Supplier("Sangli Haldi Traders")
	before := f.Tables()
	want := map[string]string{"GRN": "GRN-20260212-001", "LOT": "LOT-20260212-001", "B": "B-20260212-01", "PK": "PK-20260212-01", "PO": "PO-20260212-001",
		"SO": "SO-20260212-001", "DC": "DC/2526/00001", "INV": "INV/2526/00001", "COUNT": "COUNT-20260212-01", "RC": "RC-20260212-01",
		"OB": "OB-20260212-001", "ADJ": "ADJ-20260212-001", "QC": "QC-20260212-001", "ST": "ST-20260212-001", "SC": "SC-20260212-001", "MI": "MI-20260212-001",
		"MR": "MR-20260212-001", "PR": "PR-20260212-001", "SR": "SR-20260212-001", "PRT": "PRT-20260212-001", "PC": "PC-20260212-001", "REV": "REV-20260212-001"}
	for range 2 { // two forms
		if got := suggested(f); !maps.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	}
	f.Unchanged(before, "suggestions")

	post := func(invoice, number string, lines int) string {
		req := GRN(supplier.ID, invoice)
		for range lines {
			req.Lines = append(req.Lines, Line(item.ID, 1, 100_00))
		}
		req.Number = number
		return Do(f.Store1, purchase.PostGRN, req).Number
	}
	post("S/1", "GRN-20260212-002", 3)
	post("S/2", "GRN-20260212-003", 1)
	if got := suggested(f, "GRN", "LOT"); !maps.Equal(got, map[string]string{"GRN": "GRN-20260212-001", "LOT": "LOT-20260212-005"}) {
		t.Errorf("after two typed numbers: %v", got)
	}
	post("S/3", "", 1)
	if got := suggested(f, "GRN")["GRN"]; got != "GRN-20260212-004" || post("S/4", "", 1) != got {
		t.Errorf("after the gap: %s", got)
	}
	f.SQL(`UPDATE series SET last = 999 WHERE name LIKE 'LOT-%'`)
	if got := suggested(f, "LOT")["LOT"]; got != "LOT-20260212-1000" {
		t.Errorf("past the padding: %s", got)
	}
}

// TestSuggestedNumbersOfADay: a backdated form asks for its own day, and at night in
// India it is tomorrow; the financial year turns on 1 April.
func TestSuggestedNumbersOfADay(t *testing.T) {
	t.Parallel()
	f := New(t)
	f.GoTo(time.Date(2026, 3, 31, 18, 31, 0, 0, time.UTC)) // 00:01 on 1 April in the factory
	if got := suggested(f, "GRN", "DC"); !maps.Equal(got, map[string]string{"GRN": "GRN-20260401-001", "DC": "DC/2627/00001"}) {
		t.Errorf("%v", got)
	}
	got := Do(f.Owner, stock.SuggestNumbers, stock.SuggestNumbersReq{Of: []string{"GRN", "INV"}, On: core.NewDate(2026, 3, 31)})
	if got.On != core.NewDate(2026, 3, 31) || !maps.Equal(got.Numbers, map[string]string{"GRN": "GRN-20260331-001", "INV": "INV/2526/00001"}) {
		t.Errorf("%v", got)
	}
	_, err := Try(f.Owner, stock.SuggestNumbers, stock.SuggestNumbersReq{Of: []string{"GRN", "XX"}, On: core.NewDate(2026, 4, 2)})
	e, ok := err.(*core.Error)
	if !ok || !e.Names("on") || !e.Names("of[1]") {
		t.Errorf("a future day and an unknown series: %v", err)
	}
}
