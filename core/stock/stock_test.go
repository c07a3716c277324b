package stock_test

import (
	"testing"

	"masala/core"
	"masala/core/purchase"
	"masala/core/report"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestR13_LandedCostSpread posts the demo delivery: freight ₹3,500.00 over three
// lines (vector 2) and looks at value, balances and books.
func TestR13_LandedCostSpread(t *testing.T) {
	f := New(t)
	turmeric, coriander, cumin := f.Item("RAW-001", "Turmeric finger"), f.Item("RAW-004", "Coriander seed"), f.Item("RAW-005", "Cumin seed")
	req := GRN(f.Supplier("Unjha Jeera House").ID, "UJH/1182", Line(turmeric.ID, 500, 71_500_00), Line(coriander.ID, 300, 25_500_00), Line(cumin.ID, 200, 45_000_00))
	req.Freight = 3_500_00
	resp := Do(f.Store1, purchase.PostGRN, req)
	if resp.Number != "GRN-20260212-001" || len(resp.Lots) != 3 || resp.Lots[2].Number != "LOT-20260212-003" {
		t.Fatalf("answer %+v", resp)
	}
	grn := Do(f.Owner, purchase.GetCostedGRN, purchase.GetGRNReq{ID: resp.Document})
	for i, want := range []core.Paise{1_762_32, 628_52, 1_109_16} {
		if got := grn.Costs[i].Landed; got != want {
			t.Errorf("line %d: landed %v, want %v", i, got, want)
		}
	}
	v := Do(f.Owner, stock.Valuation, stock.ValuationReq{})
	if want := core.Paise(142_000_00 + 3_500_00); v.Total != want {
		t.Errorf("stock is worth %v, want %v", v.Total, want)
	}
	if r := core.FormatRate(v.Items[2].Rate); r != "230.5458" {
		t.Errorf("cumin costs %s per kg, want 230.5458", r)
	}
	d := Do(f.Owner, report.ValuedDashboard, report.DashboardReq{})
	if d.Total != v.Total || d.Receipts != 1 || d.Purchases != v.Total || len(d.Recent) != 1 || d.Recent[0].Mass != 1000*core.Kilogram {
		t.Errorf("dashboard %+v", d)
	}
	lots := Do(f.Store1, stock.ListLots, stock.ListLotsReq{Query: "uj-7"})
	if len(lots.Lots) != 3 || lots.Counts.All != 3 {
		t.Errorf("search by supplier lot finds %+v", lots)
	}
	f.Verify()
}
