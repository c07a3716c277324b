package report_test

import (
	"fmt"
	"testing"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/recipe"
	"masala/core/report"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

// mill is a factory with two suppliers of turmeric and one recipe: 4 % standard loss,
// alert beyond 5.5 %.
type mill struct {
	*Factory
	turmeric, powder, sweepings, jar, packs catalog.Item
	erode, sangli                           core.PartyID
	recipe                                  recipe.Recipe
}

func newMill(t *testing.T) *mill {
	f := New(t)
	m := &mill{Factory: f, turmeric: f.Item("RAW-001", "Turmeric"), sweepings: f.Item("RAW-002", "Sweepings")}
	m.powder = f.Item("BLK-001", "Turmeric powder", func(i *catalog.ItemFields) { i.Type = catalog.Bulk })
	m.jar = f.Item("PKG-001", "Jar", func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units, i.MinStock = catalog.Packing, "JAR_BODY", core.Count, "pcs", "pcs", nil, 500
	})
	m.packs = f.FinishedGood("FIN-001", "Turmeric 50 g")
	m.erode, m.sangli = f.Supplier("Erode Turmeric Traders").ID, f.Supplier("Sangli Haldi Traders").ID
	Do(f.Store1, purchase.PostGRN, GRN(m.erode, "E/1", Line(m.turmeric.ID, 60, 6_000_00)))
	Do(f.Store1, purchase.PostGRN, GRN(m.sangli, "S/1", Line(m.turmeric.ID, 40, 4_400_00), purchase.GRNLine{Item: m.jar.ID, Qty: 300, Unit: "pcs", Value: 600_00}))
	m.recipe = Do(f.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipe.Fields{Code: "TP", Name: "Turmeric powder", Item: m.powder.ID, StdLoss: 400, Tolerance: 150, Active: true,
		Lines: []recipe.Line{{Item: m.turmeric.ID, Share: core.Whole}}}})
	return m
}

// batch runs a batch of so many kg through and completes it.
func (m *mill) batch(by *User, kg core.Qty, done production.CompleteReq) production.Batch {
	b := Do(by, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipe.ID, Charge: kg * core.Kilogram})
	b = Do(by, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
	q := kg * core.Kilogram
	b = Do(by, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
	done.ID, done.Version = b.ID, b.Version
	return Do(by, production.CompleteBatch, done)
}

// two batches: 80 kg of both suppliers that lost 5 kg, 2 of them weighed as dust, and
// two days later 20 kg of Sangli that lost half a kg. Then 100 packs, and 250 g spilt.
func (m *mill) twoBatches() (first, second production.Batch) {
	first = m.batch(m.Store1, 80, production.CompleteReq{Output: 74 * core.Kilogram, ByProducts: []production.ByProduct{{Item: m.sweepings.ID, Qty: core.Kilogram, ExpiryOn: core.NewDate(2026, 12, 31)}},
		Waste: []production.Waste{{Reason: "DUST", Qty: 2 * core.Kilogram}}})
	m.GoTo(Start.Add(48 * time.Hour))
	second = m.batch(m.Owner, 20, production.CompleteReq{Output: 19_500 * core.Gram})
	p := Do(m.Owner, packing.CreateProfile, packing.CreateProfileReq{Fields: packing.Fields{Code: "JAR", Name: "Jar", NetWeight: 50 * core.Gram, Active: true,
		Components: []packing.Component{{Item: m.jar.ID, PerPacks: core.PerPacks{Q: 1, N: 1}}}, Products: []packing.Product{{Item: m.packs.ID, Powder: m.powder.ID}}}})
	Do(m.Store1, packing.PostRun, packing.PostRunReq{Version: p.Version, RunFields: packing.RunFields{Profile: p.ID, Item: m.packs.ID, Lot: first.Result.Outputs[0].Lot, Segment: core.Regular, Packs: 100,
		Lost: 250 * core.Gram, LostReason: "SPILLAGE"}})
	return first, second
}

// TestR19_WastageOfAPeriod: every figure worked out by hand.
//
//	batch 1: 60 kg at ₹100 and 20 kg at ₹110 = ₹8,200.00; 80 - 74 - 1 = 5 kg lost = 6.25 %,
//	         above 5.5 %; worth 8,200 x 5/80 = ₹512.50; dust 2/5 of it 205.00, invisible 307.50
//	         Erode 60/80: 3.75 kg, 384.375; Sangli 1.25 kg, 128.125; the odd paisa to the first
//	batch 2: 20 kg at ₹110; 0.5 kg lost = 2.5 %; 2,200 x 0.5/20 = ₹55.00
//	packing: 5.25 kg of 74 kg worth 8,200.00 = 581.76, of it 0.25/5.25 = 27.70
func TestR19_WastageOfAPeriod(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	first, second := m.twoBatches()
	got := Do(m.Owner, report.ValuedWastage, report.WastageReq{})
	kg := func(g core.Qty) core.Qty { return g * core.Gram }
	mill := report.Mill{Batches: 2, Input: kg(100_000), Output: kg(93_500), ByProducts: kg(1_000), Loss: kg(5_500), Recorded: kg(2_000), Invisible: kg(3_500), Standard: 400, LossShare: 550, Yield: 9350, Alerts: 1}
	if got.From != core.NewDate(2026, 2, 8) || got.To != core.NewDate(2026, 2, 14) || got.Mill != mill || got.Value != 567_50 || got.PackingValue != 27_70 {
		t.Errorf("the period: %s to %s, %+v worth %s, packing %s", got.From, got.To, got.Mill, got.Value, got.PackingValue)
	}
	if want := (report.PackingLoss{Runs: 1, Powder: kg(5_250), Packed: kg(5_000), Lost: kg(250), Yield: 9524}); got.Packing != want {
		t.Errorf("packing: %+v, want %+v", got.Packing, want)
	}
	say := func(groups []report.ValuedLossGroup) (s string) {
		for _, g := range groups {
			s += fmt.Sprintf("%s: %d of %s lost %s %s alerts %d; ", g.Name, g.Batches, g.Input.String(core.Mass), g.Loss.String(core.Mass), g.Value, g.Alerts)
		}
		return s
	}
	for _, x := range []struct{ got, want string }{
		{say(got.Products), "Turmeric powder: 2 of 100.000 kg lost 5.500 kg ₹ 567.50 alerts 1; "},
		{say(got.Operators), "store1: 1 of 80.000 kg lost 5.000 kg ₹ 512.50 alerts 1; owner: 1 of 20.000 kg lost 0.500 kg ₹ 55.00 alerts 0; "},
		{say(got.Suppliers), "Erode Turmeric Traders: 1 of 60.000 kg lost 3.750 kg ₹ 384.38 alerts 1; Sangli Haldi Traders: 2 of 40.000 kg lost 1.750 kg ₹ 183.12 alerts 1; "},
		{fmt.Sprint(got.Reasons), "[{{INVISIBLE 3500000 0} ₹ 362.50} {{DUST 2000000 0} ₹ 205.00} {{SPILLAGE 250000 250000} ₹ 27.70}]"},
	} {
		if x.got != x.want {
			t.Errorf("got  %s\nwant %s", x.got, x.want)
		}
	}
	b := got.Batches[1]
	if len(got.Batches) != 2 || b.Number != first.Number || b.LossShare != 625 || b.Limit != 550 || b.Alerts != 1 || b.Supplier != "Erode Turmeric Traders" || b.Suppliers != 2 || b.RunBy != "store1" || b.Value != 512_50 {
		t.Errorf("the first batch: %+v", b)
	}
	if got.Top[0].Number != first.Number || got.Top[1].Number != second.Number {
		t.Errorf("lost most: %+v", got.Top)
	}
	floor := Do(m.Store1, report.Wastage, report.WastageReq{})
	if floor.Mill != mill || floor.Packing != got.Packing || floor.Reasons[0] != (report.ReasonLoss{Reason: report.Invisible, Qty: kg(3_500)}) || len(floor.Batches) != 2 || floor.Top[0].Number != first.Number {
		t.Errorf("an Operator sees %+v", floor)
	}
	if v := Do(m.Owner, production.GetValuedBatch, production.GetBatchReq{ID: first.ID}); v.LossCost != b.Value {
		t.Errorf("the batch itself says %s were lost", v.LossCost)
	}
}

// TestWastage_PeriodsAndPages: only completions of the period that stand count; the
// rest is refused or paged.
func TestWastage_PeriodsAndPages(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	first, second := m.twoBatches()
	day := core.NewDate(2026, 2, 12)
	numbers := func(q report.WastageReq) (s string) {
		r := Do(m.Store1, report.Wastage, q)
		for _, b := range r.Batches {
			s += b.Number + " "
		}
		return s + r.Next
	}
	for _, x := range []struct {
		q    report.WastageReq
		want string
	}{
		{report.WastageReq{From: day, To: day}, first.Number + " "},
		{report.WastageReq{From: day + 1}, second.Number + " "},
		{report.WastageReq{Limit: 1}, second.Number + " 1"},
		{report.WastageReq{Limit: 1, After: "1"}, first.Number + " "},
		{report.WastageReq{Item: m.packs.ID}, ""},
	} {
		if got := numbers(x.q); got != x.want {
			t.Errorf("%+v lists %q, want %q", x.q, got, x.want)
		}
	}
	for _, q := range []report.WastageReq{{From: day, To: day - 1}, {From: day - report.MaxWastage, To: day}, {From: day - report.MaxWastage - 2}, {From: day + 3}} {
		if _, err := Try(m.Store1, report.Wastage, q); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("%+v is answered %v", q, err)
		}
	}
	Do(m.Owner, stock.ReverseDocument, stock.ReverseReq{Document: second.Result.Document, Reason: "wrong weight"})
	if got := numbers(report.WastageReq{}); got != first.Number+" " {
		t.Errorf("after the second was cancelled: %q", got)
	}
}

// TestDashboard_BothRoles: one call each shows what the home screens show.
func TestDashboard_BothRoles(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	first, _ := m.twoBatches()
	// What is open: a batch that lacks 20 kg, 5 of them on hold; an order, drafted and
	// confirmed in part; a count; a recall.
	Do(m.Owner, purchase.PostGRN, func() purchase.PostGRNReq {
		l := Line(m.turmeric.ID, 5, 500_00)
		l.Hold, l.HoldReason = true, "moist"
		return GRN(m.erode, "E/2", l)
	}())
	blocked := Do(m.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipe.ID, Charge: 20 * core.Kilogram})
	Do(m.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: m.recipe.ID, Charge: core.Kilogram, On: core.NewDate(2026, 2, 20)})
	to := Do(m.Owner, party.CreateParty, party.CreatePartyReq{Fields: party.Fields{Kind: party.Customer, Name: "Main Distributor Pune", StateCode: "27", Segment: core.Regular, Active: true}})
	o := Do(m.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: to.ID, Lines: []sales.OrderLine{{Item: m.packs.ID, Qty: 60, Unit: "pcs", Price: 27_43}}}})
	d := Do(m.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 40}}})
	Do(m.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
	Do(m.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: 20}}})
	Do(m.Store1, stock.OpenCount, stock.OpenCountReq{})

	v := Do(m.Owner, report.ValuedDashboard, report.DashboardReq{})
	if want := (report.Work{Planned: 2, Orders: 1, Drafts: 1, Counts: 1, OnHold: 1, OverLoss: 1, OverRuns: 1}); v.Work != want {
		t.Errorf("to do: %+v, want %+v", v.Work, want)
	}
	if want := fmt.Sprint([]report.Blocked{{Batch: blocked.ID, Number: blocked.Number, Name: "Turmeric powder", Lacks: []report.Lack{{Item: m.turmeric.ID, Name: "Turmeric", Need: 20 * core.Kilogram, Held: 5 * core.Kilogram}}}}); fmt.Sprint(v.Blocked) != want {
		t.Errorf("cannot be made: %+v, want %s", v.Blocked, want)
	}
	if len(v.Batches) != 2 || len(v.Held) != 1 || v.HeldValue != 500_00 || v.ReorderItems != 1 || v.Reorder[0].SKU != "PKG-001" || v.Receipts != 3 || v.Challans != 1 {
		t.Errorf("alerts: %d batches, %d held worth %s, %d to order, %d receipts, %d challans", len(v.Batches), len(v.Held), v.HeldValue, v.ReorderItems, v.Receipts, v.Challans)
	}
	if v.Purchases != 6_000_00+4_400_00+600_00+500_00 || v.Dispatched != 40*27_43 || v.DispatchDays[report.CurveDays-1].Value != v.Dispatched {
		t.Errorf("the month: bought %s, sold %s, curve %+v", v.Purchases, v.Dispatched, v.DispatchDays)
	}
	if len(v.Losses) != 2 || v.Losses[0].Number != first.Number || v.LossValues[0] != 512_50 || v.OverValue != 512_50+27_70 || v.Mill.Yield != 9350 ||
		fmt.Sprint(v.YieldDays) != fmt.Sprint([]report.DayYield{{Day: core.NewDate(2026, 2, 12), Yield: 9250}, {Day: core.NewDate(2026, 2, 14), Yield: 9750}}) {
		t.Errorf("losses: %+v %v, yields %v", v.Losses, v.LossValues, v.YieldDays)
	}
	raw := v.Values[0]
	if raw.Value != 500_00 || raw.Ago != 0 || len(raw.Items) != 2 || raw.Items[0] != (report.TopItem{Item: m.turmeric.ID, SKU: "RAW-001", Name: "Turmeric", Value: 500_00}) {
		t.Errorf("the raw stage: %+v", raw)
	}
	floor := Do(m.Store1, report.Dashboard, report.DashboardReq{})
	if floor.Work != v.Work || fmt.Sprint(floor.Blocked, floor.Losses, floor.Mill, floor.Batches) != fmt.Sprint(v.Blocked, v.Losses, v.Mill, v.Batches) {
		t.Errorf("the floor sees %+v", floor)
	}
	m.GoTo(Start.AddDate(0, 1, 1)) // 13-Mar: the month before up to 13-Feb
	v = Do(m.Owner, report.ValuedDashboard, report.DashboardReq{})
	if v.Purchases != 0 || v.PurchasesBefore != 11_000_00 || v.DispatchedBefore != 0 || v.Values[0].Ago != 500_00 || len(v.Losses) != 0 || len(v.YieldDays) != 0 {
		t.Errorf("a month later: bought %s, before %s, sold before %s, raw %+v", v.Purchases, v.PurchasesBefore, v.DispatchedBefore, v.Values[0])
	}
}
