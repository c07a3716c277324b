package report_test

import (
	"fmt"
	"testing"

	"masala/core"
	"masala/core/packing"
	"masala/core/purchase"
	"masala/core/report"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// TestR26_WastageOfThePackingLine: every figure worked out by hand. Powder and jars are a
// cost of the packs, so what was lost is worth its share of what the run took of the lot.
//
//	run 1, store1: 100 x 50 g and 250 g spilt of 74 kg worth 8,200.00: 5.25 kg = 581.76; spilt 0.25/5.25 = 27.70
//	run 2, owner:  40 x 50 g and 100 g overfill of 68.75 kg worth 7,618.24: 2.1 kg = 232.70; overfill 0.1/2.1 = 11.08
//	               46 of 200 jars worth 400.00 = 92.00, 6 of them torn = 12.00
//	run 3, store1: 150 x 50 g and 300 g dust of 66.65 kg worth 7,385.54: 7.8 kg = 864.32; dust 0.3/7.8 = 33.24
//	               160 jars, 10 of them torn: 154 of the first lot at 2.00, 4 of them torn = 8.00; 6 of the second at 2.50, all torn = 15.00
func TestR26_WastageOfThePackingLine(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	first, _ := m.twoBatches()
	lot := first.Result.Outputs[0].Lot
	Do(m.Store1, purchase.PostGRN, GRN(m.sangli, "S/2", purchase.GRNLine{Item: m.jar.ID, Qty: 100, Unit: "pcs", Value: 250_00}))
	p := Do(m.Owner, packing.ListProfiles, packing.ListProfilesReq{}).Profiles[0]
	online := m.FinishedGood("FIN-002", "Turmeric 50 g online")
	fields := packing.Fields{Code: "JAR", Name: "Jar", NetWeight: 50 * core.Gram, Active: true, Components: []packing.Component{{Item: m.jar.ID, PerPacks: core.PerPacks{Q: 1, N: 1}}},
		Products: []packing.Product{{Item: m.packs.ID, Powder: m.powder.ID}, {Item: online.ID, Powder: m.powder.ID}}}
	Do(m.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: p.ID, Version: 1, Fields: fields})
	torn := func(n core.Qty, why string) []packing.Taken {
		return []packing.Taken{{Item: m.jar.ID, Lost: n, Override: stock.Override{Reason: why}}}
	}
	run := func(by *User, f packing.RunFields) packing.Run {
		f.Profile, f.Lot = p.ID, lot
		return Do(by, packing.PostRun, packing.PostRunReq{Version: 2, RunFields: f})
	}
	run(m.Owner, packing.RunFields{Item: online.ID, Segment: core.Online, Packs: 40, Overfill: 100 * core.Gram, Components: torn(6, "torn in the filler")})
	third := run(m.Store1, packing.RunFields{Item: m.packs.ID, Segment: core.Regular, Packs: 150, Lost: 300 * core.Gram, LostReason: "DUST", Components: torn(10, "fell down")})

	got := Do(m.Owner, report.ValuedWastage, report.WastageReq{})
	g := func(n core.Qty) core.Qty { return n * core.Gram }
	if want := (report.PackingLoss{Runs: 3, Powder: g(15_150), Packed: g(14_500), Overfill: g(100), Lost: g(550), Yield: 9571}); got.Packing != want {
		t.Errorf("powder: %+v, want %+v", got.Packing, want)
	}
	if want := (report.LineLoss{Runs: 3, Losing: 3, Alerts: 2, Packs: 290, Powder: g(550), Overfill: g(100), Pieces: 16}); got.Line.LineLoss != want || got.Line.Value != 107_02 || got.PackingValue != 107_02 {
		t.Errorf("the line: %+v worth %s and %s, want %+v", got.Line.LineLoss, got.Line.Value, got.PackingValue, want)
	}
	groups := func(all []report.ValuedLineGroup) (s string) {
		for _, x := range all {
			s += fmt.Sprintf("%s: %d runs, powder %s, overfill %s, %d pieces, %s; ", x.Name, x.Runs, x.Powder.String(core.Mass), x.Overfill.String(core.Mass), x.Pieces, x.Value)
		}
		return s
	}
	runs := func(all []report.ValuedRunLoss) (s string) {
		for _, x := range all {
			s += fmt.Sprintf("%s %s %s:", x.Number, x.PackedBy, x.Value)
			for i, p := range x.Lost {
				s += fmt.Sprintf(" %s %s %s %s;", p.Qty.String(p.Dimension), p.Name, p.Reason, x.Values[i])
			}
		}
		return s
	}
	materials := ""
	for _, x := range got.Line.Materials {
		materials += fmt.Sprintf("%s: %d runs, lost %d and %d over of %d = %d, %s; ", x.Name, x.Runs, x.Lost, x.Overfill, x.Taken, x.Share, x.Value)
	}
	for _, x := range []struct{ what, got, want string }{
		{"goods", groups(got.Line.Goods), "Turmeric 50 g: 2 runs, powder 0.550 kg, overfill 0.000 kg, 10 pieces, ₹ 83.94; Turmeric 50 g online: 1 runs, powder 0.000 kg, overfill 0.100 kg, 6 pieces, ₹ 23.08; "},
		{"operators", groups(got.Line.Operators), "store1: 2 runs, powder 0.550 kg, overfill 0.000 kg, 10 pieces, ₹ 83.94; owner: 1 runs, powder 0.000 kg, overfill 0.100 kg, 6 pieces, ₹ 23.08; "},
		{"materials", materials, "Turmeric powder: 3 runs, lost 550000 and 100000 over of 15150000 = 429, ₹ 72.02; Jar: 2 runs, lost 16 and 0 over of 306 = 523, ₹ 35.00; "},
		{"runs", runs(got.Line.LosingRuns), "PK-20260214-03 store1 ₹ 56.24: 0.300 kg Turmeric powder DUST ₹ 33.24; 10 pcs Jar fell down ₹ 23.00;" +
			"PK-20260214-02 owner ₹ 23.08: 0.100 kg Turmeric powder OVERFILL ₹ 11.08; 6 pcs Jar torn in the filler ₹ 12.00;" +
			"PK-20260214-01 store1 ₹ 27.70: 0.250 kg Turmeric powder SPILLAGE ₹ 27.70;"},
		{"top", fmt.Sprint(got.Line.Top[0].Number, got.Line.Top[1].Number, got.Line.Top[2].Number), "PK-20260214-03PK-20260214-01PK-20260214-02"},
		{"reasons", fmt.Sprint(got.Reasons), "[{{INVISIBLE 3500000 0} ₹ 362.50} {{DUST 2300000 300000} ₹ 238.24} {{PACKING_MATERIAL 0 0} ₹ 35.00} {{SPILLAGE 250000 250000} ₹ 27.70} {{OVERFILL 100000 100000} ₹ 11.08}]"},
	} {
		if x.got != x.want {
			t.Errorf("%s\ngot  %s\nwant %s", x.what, x.got, x.want)
		}
	}
	floor := Do(m.Store1, report.Wastage, report.WastageReq{})
	if floor.Line.LineLoss != got.Line.LineLoss || floor.Line.Goods[0].Name != "Turmeric 50 g" || fmt.Sprint(floor.Line.LosingRuns[0].Lost) != fmt.Sprint(got.Line.LosingRuns[0].Lost) ||
		floor.Line.Top[0].Number != "PK-20260214-03" || len(floor.Line.Materials) != 2 || floor.Line.Operators[1].Pieces != 6 {
		t.Errorf("an Operator sees %+v", floor.Line)
	}
	m.lossesAgree(t)

	if page := Do(m.Owner, report.ValuedWastage, report.WastageReq{Limit: 2, RunsAfter: "2"}).Line; runs(page.LosingRuns) != runs(got.Line.LosingRuns[2:]) || page.Next != "" {
		t.Errorf("the second page of runs: %s, then %q", runs(page.LosingRuns), page.Next)
	}
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: third.ID, Reason: "wrong jars"})
	if left := Do(m.Owner, report.ValuedWastage, report.WastageReq{}); left.PackingValue != 50_78 || left.Line.Runs != 2 || left.Line.Pieces != 6 {
		t.Errorf("after the third run was cancelled: %+v worth %s", left.Line.LineLoss, left.PackingValue)
	}
	m.lossesAgree(t)
	m.Verify()
}

// lossesAgree holds the report against the account of losses: what packing put on it,
// less what was cancelled.
func (m *mill) lossesAgree(t *testing.T) {
	t.Helper()
	for _, x := range Do(m.Store1, report.Wastage, report.WastageReq{}).Line.Materials {
		lost := m.Int(`SELECT sum(g.qty) FROM ledger g JOIN document d ON d.id = g.document_id LEFT JOIN document o ON o.id = d.reverses
			WHERE g.account = 'LOSS' AND coalesce(o.kind, d.kind) = 'PK' AND g.item_id = ?`, x.Item)
		if core.Qty(lost) != x.Lost {
			t.Errorf("of %s the report says %d, the ledger %d", x.Name, x.Lost, lost)
		}
	}
}
