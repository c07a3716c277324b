package packing_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/recipe"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// TestR10_Vector1 packs 2,000 x 50 g from 195 kg worth ₹20,000.00 and sells all of it:
// not one paisa is lost or invented on the way.
func TestR10_Vector1(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	bulk := l.buy(l.powder, 195*kg, 20_000_00)
	pouches := l.buy(l.pouch, 2_000, 2_000*60)
	run := l.pack(bulk, 2_000)
	if run.Number != "PK-20260212-01" || run.LotNo != "LOT-20260212-003" || run.Powder != 100*kg || run.Status != stock.Released || len(run.Components) != 1 || run.Components[0].Qty != 2_000 {
		t.Errorf("packed as %+v", run)
	}
	v := Do(l.Owner, packing.GetValuedRun, packing.GetRunReq{ID: run.ID})
	if v.PowderValue != 1_025_641 || fmt.Sprint(v.ComponentValues) != fmt.Sprint([]core.Paise{120_000}) || v.Value != 1_145_641 || core.FormatRate(v.Rate) != "5.7282" {
		t.Errorf("valued as %d %d %d %s", v.PowderValue, v.ComponentValues, v.Value, core.FormatRate(v.Rate))
	}
	if left := l.valued(bulk); left.Qty != 95*kg || left.Value != 974_359 {
		t.Errorf("%d mg worth %d stay", left.Qty, left.Value)
	}
	if left := l.valued(pouches); left.Qty != 0 || left.Value != 0 {
		t.Errorf("%d pouches worth %d stay", left.Qty, left.Value)
	}
	l.send(1_999)
	if sold, left := l.account(stock.COGS), l.valued(run.Lot); sold != 1_145_068 || left.Qty != 1 || left.Value != 573 {
		t.Errorf("1,999 cost %d, the last one %d", sold, left.Value)
	}
	l.send(1)
	if sold, left := l.account(stock.COGS), l.valued(run.Lot); sold != 1_145_641 || left.Qty != 0 || left.Value != 0 {
		t.Errorf("all cost %d, %d stay worth %d", sold, left.Qty, left.Value)
	}
	l.Verify()
}

// TestR38_ProductsAreLookedAtAgain: the net weight of a good is free, and in old books more
// was; a run looks at its masters as they are.
func TestR38_ProductsAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	bulk := l.buy(l.powder, 5*kg, 500_00)
	l.buy(l.pouch, 100, 60_00)
	f := l.packs.ItemFields
	f.NetWeight = 500 * core.Gram
	Do(l.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: l.packs.ID, Version: l.packs.Version, ItemFields: f})
	for _, x := range [][2]string{
		{`SELECT 1`, "A pack of Turmeric 50 g holds 0.500 kg, and POUCH_50 packs 0.050 kg. Change the item or the profile."},
		{`UPDATE item SET net_weight = 0, type = 'RAW' WHERE sku = 'FIN-001'`, "Turmeric 50 g is no finished good that is counted in pieces."},
		{`UPDATE item SET type = 'FINISHED_GOOD' WHERE sku = 'FIN-001'; UPDATE item SET type = 'RAW' WHERE sku = 'BLK-001'`, "Turmeric powder is no bulk powder, so Turmeric 50 g cannot be packed from it."},
		{`UPDATE item SET type = 'BULK_POWDER' WHERE sku = 'BLK-001'; UPDATE item SET type = 'RAW' WHERE sku = 'PKG-001'`, "Pouch 50 g is no packing material. Change the profile."},
	} {
		l.SQL(x[0])
		if _, err := Try(l.Store1, packing.PostRun, l.req(bulk, 20)); core.CodeOf(err) != core.CodeInvalid || !strings.Contains(err.Error(), x[1]) {
			t.Errorf("packed: %v, want %s", err, x[1])
		}
	}
	l.SQL(`UPDATE item SET type = 'PACKING_MATERIAL' WHERE sku = 'PKG-001'`)
	l.pack(bulk, 20)
	l.Verify()
}

// TestR03_FractionsOncePerRun: 2,001 pouches take 51 cartons of 40 and 6,403,200 mg of
// film at 3,200 mg.
func TestR03_FractionsOncePerRun(t *testing.T) {
	t.Parallel()
	var film catalog.Item
	l := newLine(t)
	film = l.Item("PKG-003", "Film 100 g", func(i *catalog.ItemFields) { i.Type, i.Subtype, i.ShelfLifeMonths = catalog.Packing, "FILM", 0 })
	f := l.profile.Fields
	f.Components = []packing.Component{{Item: film.ID, PerPacks: core.PerPacks{Q: 3_200, N: 1}}, {Item: l.carton.ID, PerPacks: core.PerPacks{Q: 1, N: 40}}}
	l.profile = Do(l.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: l.profile.ID, Version: 1, Fields: f})
	bulk := l.buy(l.powder, 200*kg, 20_000_00)
	l.buy(film, 6_403_200, 1_825)
	l.buy(l.carton, 51, 1_224_00)
	q := Do(l.Store1, packing.CheckFeasibility, packing.CheckReq{RunFields: l.fields(bulk, 2_001)})
	if len(q.Faults) != 0 || q.Needs[0].Qty != 6_403_200 || q.Needs[1].Qty != 51 || q.Powder != 100_050_000 || q.MaxPacks != 2_001 || q.LimitedBy != "Film 100 g" {
		t.Errorf("asked: %+v", q)
	}
	run := l.pack(bulk, 2_001)
	if run.Components[0].Qty != 6_403_200 || run.Components[1].Qty != 51 {
		t.Errorf("took %+v", run.Components)
	}
	if v := Do(l.Owner, packing.GetValuedRun, packing.GetRunReq{ID: run.ID}); v.ComponentValues[0] != 1_825 || v.ComponentValues[1] != 1_224_00 {
		t.Errorf("components cost %d", v.ComponentValues)
	}
	// 1 mm of tape for every 3 packs: 4 packs take no whole number.
	tape := l.Item("PKG-004", "Tape", func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units, i.ShelfLifeMonths = catalog.Packing, "CONSUMABLE", core.Length, "m", "m", nil, 0
	})
	l.buy(tape, 700, 100, func(x *purchase.GRNLine) { x.Unit = "mm" })
	f.Components = []packing.Component{{Item: tape.ID, PerPacks: core.PerPacks{Q: 1, N: 3}}}
	l.profile = Do(l.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: l.profile.ID, Version: 2, Fields: f})
	_, err := Try(l.Store1, packing.PostRun, l.req(bulk, 4))
	if fields(err) != "invalid: packs 4 packs do not take a whole quantity of Tape. Change the number of packs." {
		t.Errorf("a third of a millimetre: %s", fields(err))
	}
	if q := Do(l.Store1, packing.CheckFeasibility, packing.CheckReq{RunFields: l.fields(bulk, 0)}); q.Needs[0].Most != 2_100 || q.MaxPacks != 1_998 || len(q.Faults) != 0 {
		t.Errorf("tape is enough for %d, all for %d: %v", q.Needs[0].Most, q.MaxPacks, q.Faults)
	}
	l.Verify()
}

// TestR26_EveryShortageIsNamed, with need and have; nothing is posted, neither by the
// question nor by the refused run.
func TestR26_EveryShortageIsNamed(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	bulk := l.buy(l.powder, 39*kg, 4_000_00)
	l.buy(l.powder, 500*kg, 50_000_00) // of the same powder, and not chosen
	l.buy(l.pouch, 760, 456_00)
	l.buy(l.carton, 25, 600_00, func(x *purchase.GRNLine) { x.Hold, x.HoldReason = true, "moist" })
	before := l.Tables()
	want := "lot LOT-20260212-001: need 40.000 kg, available 39.000 kg.; needs[0].qty Pouch 50 g: need 800 pcs, available 760 pcs.; needs[1].qty Carton of 40: need 20 pcs, available 0 pcs. LOT-20260212-004 is on hold."
	q := Do(l.Store1, packing.CheckFeasibility, packing.CheckReq{RunFields: l.fields(bulk, 800)})
	var faults []string
	for _, f := range q.Faults {
		faults = append(faults, f.Field+" "+f.Message)
	}
	if strings.Join(faults, "; ") != want || q.MaxPacks != 0 || q.LimitedBy != "Carton of 40" || q.Needs[0].Short != 40 || q.Needs[0].Most != 760 || q.Usable != 39*kg || len(q.Lots) != 2 {
		t.Errorf("asked: %v, %+v", faults, q)
	}
	_, err := Try(l.Store1, packing.PostRun, l.req(bulk, 800))
	if fields(err) != "insufficient_stock: "+want {
		t.Errorf("packed short: %s", fields(err))
	}
	l.Unchanged(before, "a refused run")
	l.buy(l.carton, 19, 456_00)
	if q := Do(l.Store1, packing.CheckFeasibility, packing.CheckReq{RunFields: l.fields(bulk, 0)}); q.MaxPacks != 760 || q.LimitedBy != "Pouch 50 g" || len(q.Faults) != 0 {
		t.Errorf("possible are %d by %s: %v", q.MaxPacks, q.LimitedBy, q.Faults)
	}
	l.pack(bulk, 760)
	l.Verify()
}

// TestR26_DeclaredOverfillAndLosses: powder used = packs x net weight + overfill + lost,
// components beyond what the packs took; all of it is a cost of the packs.
func TestR26_DeclaredOverfillAndLosses(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	bulk := l.buy(l.powder, 100*kg, 10_000_00)
	first := l.buy(l.pouch, 395, 395_00)
	second := l.buy(l.pouch, 100, 150_00)
	l.buy(l.carton, 10, 240_00)
	run := l.pack(bulk, 400, func(r *packing.PostRunReq) {
		r.Overfill, r.Lost, r.LostReason = 300*core.Gram, 700*core.Gram, "MACHINE_PURGE"
		r.Components = []packing.Taken{{Item: l.pouch.ID, Lost: 10, Override: stock.Override{Reason: "torn at the seal"}}}
	})
	// 20 kg in the packs, 0.3 on top, 0.7 lost; 395 of one lot and 15 of the other, of
	// which the last 10 were torn.
	c := run.Components[0]
	if run.Powder != 21*kg || run.Overfill != 300*core.Gram || run.Lost != 700*core.Gram || run.LostReason != "MACHINE_PURGE" || c.Qty != 400 || c.Lost != 10 || c.Reason != "torn at the seal" ||
		fmt.Sprint(c.Lots) != fmt.Sprint([]packing.UsedLot{{Lot: first, Number: "LOT-20260212-002", Qty: 395}, {Lot: second, Number: "LOT-20260212-003", Qty: 15}}) {
		t.Errorf("packed as %+v", run)
	}
	v := Do(l.Owner, packing.GetValuedRun, packing.GetRunReq{ID: run.ID})
	if v.PowderValue != 2_100_00 || v.ComponentValues[0] != 395_00+22_50 || v.ComponentValues[1] != 240_00 || v.Value != 2_757_50 || l.valued(run.Lot).Value != v.Value {
		t.Errorf("valued as %+v", v)
	}
	if d := Do(l.Store1, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindPacking}}).Documents[0]; d.Mass != -21*kg || d.Pieces != 400 || d.Lines != 5 {
		t.Errorf("listed among the documents as %+v", d)
	}
	if lost := l.account(stock.Loss); lost != 0 {
		t.Errorf("losses have a value of their own: %d", lost)
	}
	for lot, want := range map[core.LotID]trace.Balance{
		bulk:    {Received: 100 * kg, OnHand: 79 * kg, Consumed: 20_300 * core.Gram, Lost: 700 * core.Gram},
		first:   {Received: 395, Consumed: 395},
		second:  {Received: 100, OnHand: 85, Consumed: 5, Lost: 10},
		run.Lot: {Received: 400, OnHand: 400},
	} {
		if b := Do(l.Store1, trace.TraceLot, trace.LotReq{Lot: lot}).Balance; b != want || b.In() != b.Out() {
			t.Errorf("lot %d balances as %+v, want %+v", lot, b, want)
		}
	}
	l.Verify()
}

// TestR26_MoreLostThanPacked: one pack out of 100 kg, the rest gone for OTHER, was posted by
// an Operator without a word and raised no alert.
func TestR26_MoreLostThanPacked(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	bulk := l.buy(l.powder, 100*kg, 10_000_00)
	l.buy(l.pouch, 1_000, 600_00)
	run := func(by *User, packs, lost core.Qty, how, why string) (packing.Run, error) {
		f := l.fields(bulk, packs)
		f.Lost, f.LostReason = lost, how
		return Try(by, packing.PostRun, packing.PostRunReq{Version: l.profile.Version, Reason: why, RunFields: f})
	}
	before := l.Tables()
	for _, c := range []struct {
		by       *User
		lost     core.Qty
		how, why string
		want     string
	}{
		{l.Store1, 99_950 * core.Gram, "SPILLAGE", "it fell", "invalid: lost The powder lost is more than the packs hold together, 0.050 kg. Check the weight, or ask an Admin to post the run with a reason."},
		{l.Owner, 99_950 * core.Gram, "SPILLAGE", "", "invalid: reason More powder was lost than packed. Say how."},
		{l.Store1, core.Gram, "OTHER", "", "invalid: reason Say how the powder was lost."},
	} {
		if _, err := run(c.by, 1, c.lost, c.how, c.why); fields(err) != c.want {
			t.Errorf("%s lost: %s", c.lost.String(core.Mass), fields(err))
		}
	}
	l.Unchanged(before, "runs that were refused")
	for _, c := range []struct {
		by    *User
		lost  core.Qty
		alert bool
	}{{l.Owner, 200 * core.Gram, true}, {l.Store1, 1_546_391, false}, {l.Store1, 1_546_392, true}} { // 3 % of 51.546 kg are 1.546391 kg
		packs := core.Qty(1_000)
		if c.by == l.Owner {
			packs = 1
		}
		if packs == 1_000 {
			l.buy(l.pouch, 1_000, 600_00)
			bulk = l.buy(l.powder, 60*kg, 6_000_00)
		}
		if r, err := run(c.by, packs, c.lost, "SPILLAGE", "the bag tore"); err != nil || r.Alert != c.alert {
			t.Errorf("%s of %s lost: alert %v, %v", c.lost.String(core.Mass), r.Powder.String(core.Mass), r.Alert, err)
		}
	}
	l.Verify()
}

// TestR26_TheSourceIsChosenStrictly: no other lot stands in for the one chosen, and
// no other powder than the profile's gets into a pack.
func TestR26_TheSourceIsChosenStrictly(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	l.buy(l.pouch, 1_000, 600_00)
	old := l.buy(l.powder, 10*kg, 1_000_00, func(x *purchase.GRNLine) { x.ExpiryOn = core.NewDate(2026, 2, 12) })
	fresh := l.buy(l.powder, 10*kg, 1_000_00)
	held := l.buy(l.powder, 10*kg, 1_000_00, func(x *purchase.GRNLine) { x.Hold, x.HoldReason = true, "moist" })
	other := l.Item("BLK-002", "Chilli powder", func(i *catalog.ItemFields) { i.Type = catalog.Bulk })
	chilli := l.buy(other, 10*kg, 1_000_00)
	empty := l.buy(l.powder, kg, 100_00)
	l.pack(empty, 20)
	l.Clock.Advance(24 * 3600e9) // 13-Feb: the old lot expired yesterday
	l.GoTo(l.Clock.Now())
	for lot, want := range map[core.LotID]string{
		old:    "invalid: lot LOT-20260212-002 has expired.",
		held:   "invalid: lot LOT-20260212-004 is on hold.",
		chilli: "invalid: lot LOT-20260212-005 is not Turmeric powder, which belongs into Turmeric 50 g.",
		empty:  "insufficient_stock: lot LOT-20260212-006: need 1.000 kg, available 0.000 kg.",
		99:     "invalid: lot Choose a lot of Turmeric powder from the list.",
	} {
		if _, err := Try(l.Store1, packing.PostRun, l.req(lot, 20)); fields(err) != want {
			t.Errorf("lot %d: %s", lot, fields(err))
		}
	}
	q := Do(l.Store1, packing.CheckFeasibility, packing.CheckReq{RunFields: l.fields(0, 20)})
	var lots []string
	for _, x := range q.Lots {
		lots = append(lots, x.Number[len("LOT-20260212-"):]+" "+string(x.Why))
	}
	if strings.Join(lots, ", ") != "003 , 002 EXPIRED, 004 HOLD" || q.MaxPacks != 200 || len(q.Faults) != 0 || q.ExpiryOn != 0 {
		t.Errorf("offered %q, %+v", lots, q)
	}
	recall := Do(l.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: fresh, Reason: "stones"})
	if _, err := Try(l.Store1, packing.PostRun, l.req(fresh, 20)); fields(err) != "invalid: lot LOT-20260212-003 is frozen by a recall." {
		t.Errorf("packed a frozen lot: %s", fields(err))
	}
	Do(l.Owner, trace.CloseRecall, trace.CloseRecallReq{ID: recall.ID, Version: recall.Version, Reason: "tested clean"})
	l.pack(fresh, 20)
	l.Verify()
}

// TestR27_ExpiryOfTheGoods is the earlier of shelf life, powder and what went into the
// powder, however far back.
func TestR27_ExpiryOfTheGoods(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	l.buy(l.pouch, 1_000, 600_00)
	day := core.NewDate
	until := func(d core.Date) func(*purchase.GRNLine) { return func(x *purchase.GRNLine) { x.ExpiryOn = d } }
	made := func(raw core.LotID) core.LotID { // powder that itself keeps until 11-Feb-2027
		item := Do(l.Owner, stock.GetLot, stock.GetLotReq{ID: raw}).Item
		r := Do(l.Owner, recipe.CreateRecipe, recipe.CreateRecipeReq{Fields: recipe.Fields{Code: fmt.Sprint("R", raw), Name: "Powder", Item: l.powder.ID, Active: true, Lines: []recipe.Line{{Item: item, Share: core.Whole}}}})
		b := Do(l.Store1, production.PlanBatch, production.PlanBatchReq{Recipe: r.ID, Charge: 5 * kg})
		b = Do(l.Store1, production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version})
		q := 5 * kg
		b = Do(l.Store1, production.IssueMaterial, production.IssueReq{ID: b.ID, Version: b.Version, Lines: []production.Issue{{Line: 1, Qty: &q}}})
		return Do(l.Store1, production.CompleteBatch, production.CompleteReq{ID: b.ID, Version: b.Version, Output: 5 * kg}).Result.Outputs[0].Lot
	}
	root := l.Item("RAW-001", "Turmeric")
	seed := l.Item("RAW-002", "Old turmeric")
	for _, x := range []struct {
		name string
		lot  core.LotID
		want core.Date
	}{
		{"shelf life of the packs", l.buy(l.powder, 5*kg, 500_00, until(day(2028, 1, 1))), day(2027, 2, 11)},
		{"powder that never expires", l.buy(l.powder, 5*kg, 500_00, until(0)), day(2027, 2, 11)},
		{"powder that expires first", l.buy(l.powder, 5*kg, 500_00, until(day(2026, 9, 30))), day(2026, 9, 30)},
		{"fresh ingredients", made(l.buy(root, 5*kg, 500_00, until(day(2027, 7, 1)))), day(2027, 2, 11)},
		{"an ingredient that expires first", made(l.buy(seed, 5*kg, 500_00, until(day(2026, 4, 2)))), day(2026, 4, 2)},
	} {
		q := Do(l.Store1, packing.CheckFeasibility, packing.CheckReq{RunFields: l.fields(x.lot, 10)})
		if run := l.pack(x.lot, 10); run.ExpiryOn != x.want || q.ExpiryOn != x.want {
			t.Errorf("%s: until %s, foretold %s, want %s", x.name, run.ExpiryOn, q.ExpiryOn, x.want)
		}
	}
	l.GoTo(Start.AddDate(0, 2, 0)) // 12-Apr: the old turmeric is over, its powder not
	lots := Do(l.Store1, stock.ListLots, stock.ListLotsReq{Item: l.powder.ID, Sort: stock.ByLot, Desc: true}).Lots
	if _, err := Try(l.Store1, packing.PostRun, l.req(lots[0].Lot, 10)); fields(err) != "invalid: lot "+lots[0].Number+" holds material that expired on 02-Apr-2026." {
		t.Errorf("packed expired material: %s", fields(err))
	}
	l.Verify()
}

// TestR25_ComponentLots come first expiry, then age; others with a reason, and both
// the suggestion and the choice are kept.
func TestR25_ComponentLots(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	bulk := l.buy(l.powder, 100*kg, 10_000_00)
	first, second := l.buy(l.pouch, 100, 60_00), l.buy(l.pouch, 500, 400_00)
	cell := func(lot core.LotID) stock.CellKey {
		return stock.CellKey{Lot: lot, Segment: core.Regular, Status: stock.Released}
	}
	choose := func(reason string, picks ...stock.Pick) func(*packing.PostRunReq) {
		return func(r *packing.PostRunReq) {
			r.Components = []packing.Taken{{Item: l.pouch.ID, Override: stock.Override{Lots: picks, Reason: reason}}}
		}
	}
	run := l.pack(bulk, 50, choose("this box is open", stock.Pick{CellKey: cell(second), Qty: 50}))
	c := run.Components[0]
	if len(c.Lots) != 1 || c.Lots[0].Lot != second || len(c.Suggested) != 1 || c.Suggested[0].Lot != first || c.Reason != "this box is open" {
		t.Errorf("took %+v", c)
	}
	for want, change := range map[string]func(*packing.PostRunReq){
		"invalid: components[0].reason Say why other lots are taken than suggested.":  choose("", stock.Pick{CellKey: cell(second), Qty: 50}),
		"invalid: components[0].lots The chosen lots do not add up to the quantity.":  choose("x", stock.Pick{CellKey: cell(second), Qty: 49}),
		"invalid: components[0].lots[0].lot This lot has no stock of the item there.": choose("x", stock.Pick{CellKey: cell(bulk), Qty: 50}),
		"invalid: components[0].item POUCH_50 does not use this material.":            func(r *packing.PostRunReq) { r.Components = []packing.Taken{{Item: l.carton.ID}} },
		"insufficient_stock: components[0].lots[0].qty LOT-20260212-002: need 101 pcs, available 100 pcs.": func(r *packing.PostRunReq) {
			r.Packs = 101
			choose("x", stock.Pick{CellKey: cell(first), Qty: 101})(r)
		},
	} {
		if _, err := Try(l.Store1, packing.PostRun, l.req(bulk, 50, change)); fields(err) != want {
			t.Errorf("got  %s\nwant %s", fields(err), want)
		}
	}
	if run = l.pack(bulk, 120); fmt.Sprint(run.Components[0].Lots) != fmt.Sprint([]packing.UsedLot{{Lot: first, Number: "LOT-20260212-002", Qty: 100}, {Lot: second, Number: "LOT-20260212-003", Qty: 20}}) {
		t.Errorf("split as %+v", run.Components[0].Lots)
	}
	l.Verify()
}

// TestR14_FullVector is a debit of ₹500.00 on 100 kg of which 60 kg became 2,000 packs
// of which 1,200 were sold: lot 200.00, finished goods 120.00, sold 180.00.
func TestR14_FullVector(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch, func(f *packing.Fields) { f.NetWeight = 30 * core.Gram })
	bulk := l.buy(l.powder, 100*kg, 10_000_00)
	l.buy(l.pouch, 2_000, 1_200_00)
	grn := Do(l.Owner, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindGRN}}).Documents[1]
	run := l.pack(bulk, 2_000)
	l.send(1_200)
	sold := l.account(stock.COGS)
	note := purchase.CorrectPriceReq{GRN: grn.ID, Line: 1, Delta: 500_00, NoteNo: "DN/7", Reason: "rate difference"}
	p := Do(l.Owner, purchase.PreviewPrice, note)
	c := Do(l.Owner, purchase.CorrectPrice, note)
	if fmt.Sprint(p.Stock) != fmt.Sprint(c.Stock) || len(c.Stock) != 2 || c.Stock[0].Lot != bulk || c.Stock[0].Value != 200_00 || c.Stock[1].Lot != run.Lot || c.Stock[1].Value != 120_00 || c.Sold != 180_00 || c.Variance != 0 {
		t.Errorf("corrected as %+v, foretold %+v", c, p)
	}
	// 6,000.00 + 1,200.00 went in; 800 of 2,000 packs stay.
	if l.valued(bulk).Value != 4_200_00 || l.valued(run.Lot).Value != 2_880_00+120_00 || l.account(stock.COGS) != sold+180_00 || l.account(stock.Supplier) != -11_700_00 {
		t.Errorf("powder %d, packs %d, sold %d", l.valued(bulk).Value, l.valued(run.Lot).Value, l.account(stock.COGS))
	}
	if _, err := Try(l.Owner, stock.ReverseDocument, stock.ReverseReq{Document: run.ID, Reason: "x"}); core.CodeOf(err) != core.CodeConflict || !strings.Contains(err.Error(), c.Number) {
		t.Errorf("reversed under a price correction: %v", err)
	}
	Do(l.Owner, stock.ReverseDocument, stock.ReverseReq{Document: c.Document, Reason: "wrong note"})
	if l.valued(bulk).Value != 4_000_00 || l.valued(run.Lot).Value != 2_880_00 || l.account(stock.COGS) != sold {
		t.Error("the balances are not as before the correction")
	}
	l.Verify()
}

// TestR24_GoodsThatAreTested wait on HOLD for it.
func TestR24_GoodsThatAreTested(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	item := l.packs.ItemFields
	item.QCRequired = true
	Do(l.Owner, catalog.UpdateItem, catalog.UpdateItemReq{ID: l.packs.ID, Version: 1, ItemFields: item})
	bulk := l.buy(l.powder, 10*kg, 1_000_00)
	l.buy(l.pouch, 200, 120_00)
	run := l.pack(bulk, 80)
	if cells := Do(l.Store1, stock.GetLot, stock.GetLotReq{ID: run.Lot}).Cells; run.Status != stock.Hold || len(cells) != 1 || cells[0].Status != stock.Hold {
		t.Errorf("born %s: %+v", run.Status, cells)
	}
	Do(l.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: run.Lot, Reason: "weights are right"})
	l.send(80)
	l.Verify()
}

// TestR28_BornIntoOneSegment: one run makes one lot of one segment, and only orders of
// that segment get it.
func TestR28_BornIntoOneSegment(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	bulk := l.buy(l.powder, 10*kg, 1_000_00)
	l.buy(l.pouch, 200, 120_00)
	online := l.pack(bulk, 80, func(r *packing.PostRunReq) { r.Segment = core.Online })
	regular := l.pack(bulk, 60)
	if online.Lot == regular.Lot || online.Segment != core.Online || regular.Number != "PK-20260212-02" {
		t.Errorf("packed %+v and %+v", online.Row, regular.Row)
	}
	d := l.send(70, func(p *party.Fields) { p.Segment = core.Online })
	if len(d.Items[0].Lots) != 1 || d.Items[0].Lots[0].Lot != online.Lot {
		t.Errorf("an online order got %+v", d.Items[0].Lots)
	}
	for q, want := range map[packing.ListRunsReq]int{{}: 2, {Segment: core.Online}: 1, {Lot: bulk}: 2, {Lot: regular.Lot}: 1, {Query: "PK-20260212-02"}: 1, {Item: l.powder.ID}: 0,
		{From: core.NewDate(2026, 2, 13)}: 0, {To: core.NewDate(2026, 2, 11)}: 0, {From: core.NewDate(2026, 2, 12), To: core.NewDate(2026, 2, 12)}: 2} {
		if got := Do(l.Store1, packing.ListRuns, q).Runs; len(got) != want || want == 2 && got[0].ID != regular.ID {
			t.Errorf("%+v lists %d runs", q, len(got))
		}
	}
	page := Do(l.Store1, packing.ListRuns, packing.ListRunsReq{Limit: 1})
	if next := Do(l.Store1, packing.ListRuns, packing.ListRunsReq{Limit: 1, After: page.Next}); len(next.Runs) != 1 || next.Runs[0].ID != online.ID || next.Next != "" {
		t.Errorf("the second page is %+v", next)
	}
	l.Verify()
}

// TestR09_RunsAreReversedWhole: powder and components come back to the paisa, the
// genealogy no longer counts; goods that were sold stand in the way.
func TestR09_RunsAreReversedWhole(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	bulk := l.buy(l.powder, 10*kg, 1_000_01)
	pouches, cartons := l.buy(l.pouch, 100, 60_01), l.buy(l.carton, 3, 72_01)
	run := l.pack(bulk, 77, func(r *packing.PostRunReq) { r.Lost, r.LostReason = 123_456, "SPILLAGE" })
	d := l.send(10)
	_, err := Try(l.Owner, stock.ReverseDocument, stock.ReverseReq{Document: run.ID, Reason: "wrong label"})
	if core.CodeOf(err) != core.CodeConflict || err.Error() != run.Number+" cannot be cancelled, because its stock was used by: "+d.Challan+". Cancel those first." {
		t.Errorf("reversed under a dispatch: %v", err)
	}
	Do(l.Owner, stock.ReverseDocument, stock.ReverseReq{Document: d.Document, Reason: "wrong customer"})
	rev := Do(l.Owner, stock.ReverseDocument, stock.ReverseReq{Document: run.ID, Reason: "wrong label"})
	for lot, want := range map[core.LotID][2]int64{bulk: {int64(10 * kg), 1_000_01}, pouches: {100, 60_01}, cartons: {3, 72_01}, run.Lot: {}} {
		if got := l.valued(lot); int64(got.Qty) != want[0] || int64(got.Value) != want[1] {
			t.Errorf("lot %d holds %d worth %d, want %v", lot, got.Qty, got.Value, want)
		}
	}
	if r := Do(l.Store1, packing.GetRun, packing.GetRunReq{ID: run.ID}); r.CancelledBy != rev.Number || r.Components[1].Qty != 2 {
		t.Errorf("reads %+v", r)
	}
	if tr := Do(l.Store1, trace.TraceLot, trace.LotReq{Lot: bulk}); tr.Descendants != 0 || tr.Balance.In() != tr.Balance.Out() || tr.Balance.Consumed != 0 {
		t.Errorf("a reversed run counts in the trace: %+v", tr)
	}
	if n := l.Int(`SELECT count(*) FROM edge WHERE child_id = ?`, run.Lot); n != 6 {
		t.Errorf("%d edges, want 3 and their mirrors", n)
	}
	if n := l.Int(`SELECT count(*) FROM (SELECT 1 FROM edge WHERE child_id = ? GROUP BY parent_id HAVING sum(qty) <> 0 OR sum(value) <> 0 OR min(qty) >= 0)`, run.Lot); n != 0 {
		t.Errorf("%d parents are not given back by negative edges", n)
	}
	l.pack(bulk, 100) // and all of it can be used again
	l.Verify()
}

// TestR35_TwoPackOneLot: of two who want the same powder one gets it, the other is
// told what is left; and nobody packs by a profile that changed under his hands.
func TestR35_TwoPackOneLot(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	bulk := l.buy(l.powder, 70*kg, 7_000_00)
	l.buy(l.pouch, 5_000, 3_000_00)
	errs := make([]error, 2)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Add(1)
		go func() { defer wg.Done(); _, errs[i] = Try(l.Store1, packing.PostRun, l.req(bulk, 1_000)) }()
	}
	wg.Wait()
	lost := errs[0]
	if lost == nil {
		lost = errs[1]
	}
	if (errs[0] == nil) == (errs[1] == nil) || core.CodeOf(lost) != core.CodeInsufficientStock || lost.Error() != "LOT-20260212-001: need 50.000 kg, available 20.000 kg." {
		t.Errorf("two runs, one lot: %v, %v", errs[0], errs[1])
	}
	f := l.profile.Fields
	f.Components = []packing.Component{{Item: l.pouch.ID, PerPacks: core.PerPacks{Q: 2, N: 1}}}
	changed := Do(l.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: l.profile.ID, Version: 1, Fields: f})
	if _, err := Try(l.Store1, packing.PostRun, l.req(bulk, 10)); core.CodeOf(err) != core.CodeConflict || err.Error() != core.ConflictMessage {
		t.Errorf("packed by an old version: %v", err)
	}
	if _, err := Try(l.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: l.profile.ID, Version: 1, Fields: f}); core.CodeOf(err) != core.CodeConflict || err.Error() != core.ConflictMessage {
		t.Errorf("an edit of an old version: %v", err)
	}
	run := Do(l.Store1, packing.ListRuns, packing.ListRunsReq{}).Runs[0]
	if r := Do(l.Store1, packing.GetRun, packing.GetRunReq{ID: run.ID}); r.ProfileVersion != 1 || r.Components[0].Per.Q != 1 || r.Components[0].Qty != 1_000 {
		t.Errorf("the run was packed by %+v", r)
	}
	l.profile = changed
	if run := l.pack(bulk, 10); run.ProfileVersion != 2 || run.Components[0].Qty != 20 {
		t.Errorf("the next one by %+v", run)
	}
	if old := Do(l.Store1, packing.GetProfile, packing.GetProfileReq{ID: changed.ID, Version: 1}); old.Current || old.Components[0].Q != 1 || old.Parts[0].Name != "Pouch 50 g" || old.Goods[0].PowderName != "Turmeric powder" {
		t.Errorf("version 1 reads %+v", old)
	}
	f.Active = false
	Do(l.Owner, packing.UpdateProfile, packing.UpdateProfileReq{ID: changed.ID, Version: 2, Fields: f})
	if _, err := Try(l.Store1, packing.PostRun, l.req(bulk, 10, func(r *packing.PostRunReq) { r.Version = 3 })); fields(err) != "invalid: profile POUCH_50 is no longer in use. Choose another profile." {
		t.Errorf("packed by a profile out of use: %s", fields(err))
	}
	for q, want := range map[packing.ListProfilesReq]int{{}: 0, {Inactive: true}: 1, {Inactive: true, Query: "turm"}: 1, {Inactive: true, Query: "POUCH"}: 1, {Inactive: true, Item: l.packs.ID}: 1, {Inactive: true, Item: l.pouch.ID}: 0} {
		if got := Do(l.Store1, packing.ListProfiles, q); got.Total != want || len(got.Profiles) != want {
			t.Errorf("%+v lists %+v", q, got)
		}
	}
	l.Verify()
}

// TestR07_PackedEarlier: an Admin may enter the run of yesterday with a reason, and
// everything of it bears that day.
func TestR07_PackedEarlier(t *testing.T) {
	t.Parallel()
	l := newLine(t, onePouch)
	bulk := l.buy(l.powder, 10*kg, 1_000_00)
	l.buy(l.pouch, 200, 120_00)
	l.GoTo(Start.AddDate(0, 0, 1))
	yesterday := func(r *packing.PostRunReq) { r.PackedOn, r.Reason = core.NewDate(2026, 2, 12), "paper came late" }
	if _, err := Try(l.Store1, packing.PostRun, l.req(bulk, 10, yesterday)); fields(err) != "invalid: packed_on Only an Admin may enter an earlier day. Today is 13-Feb-2026." {
		t.Errorf("an Operator: %s", fields(err))
	}
	run := Do(l.Owner, packing.PostRun, l.req(bulk, 10, yesterday, func(r *packing.PostRunReq) { r.Number = "PK-20260212-77" }))
	if run.Number != "PK-20260212-77" || run.On != core.NewDate(2026, 2, 12) || run.ExpiryOn != core.NewDate(2027, 2, 11) || run.Reason != "paper came late" || run.LotNo != "LOT-20260212-003" {
		t.Errorf("packed as %+v", run)
	}
	if _, err := Try(l.Owner, packing.PostRun, l.req(bulk, 10, func(r *packing.PostRunReq) { r.Number = "PK-20260212-78" })); fields(err) != "invalid: number PK-20260212-78 is no number of 13-Feb-2026, the day of this entry. Leave it empty, or write it like PK-20260213-01." {
		t.Errorf("today with a number of yesterday: %s", fields(err))
	}
	if _, err := Try(l.Owner, packing.PostRun, l.req(bulk, 10, func(r *packing.PostRunReq) { r.PackedOn, r.Reason = core.NewDate(2026, 2, 11), "x" })); fields(err) != "invalid: lot LOT-20260212-001 came in or changed after that day.; needs[0].qty Pouch 50 g: need 10 pcs, available 0 pcs. LOT-20260212-002 came in or changed after that day." {
		t.Errorf("before the powder came: %s", fields(err))
	}
	l.Verify()
}

// TestVerifierKnowsPacking finds what was changed past the program.
func TestVerifierKnowsPacking(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		`UPDATE packing_run SET packs = packs + 1`:                      "the finished goods of PK-20260212-01 differ",
		`UPDATE packing_run SET lost = 1`:                               "did not take the powder its packs hold",
		`UPDATE packing_component SET lost = 1`:                         "components of PK-20260212-01 differ from the ledger",
		`UPDATE profile_component SET n = 2 WHERE line = 1`:             "are not what its profile says",
		`UPDATE profile_product SET powder_id = item_id`:                "did not pack this good from this powder",
		`DELETE FROM packing_component WHERE line = 2`:                  "took something that is no component",
		`UPDATE edge SET value = value + 1 WHERE parent_id IS NOT NULL`: "the origin of LOT-20260212-004 differs",
		`UPDATE edge SET qty = qty + 1 WHERE parent_id = 1`:             "what became of a lot in PK-20260212-01 is not what it took of it",
		`DELETE FROM packing_component`:                                 "are not what its profile says",
		`DELETE FROM packing_component; DELETE FROM packing_run`:        "has a document but no run",
	} {
		l := newLine(t)
		bulk := l.buy(l.powder, 10*kg, 1_000_00)
		l.buy(l.pouch, 200, 120_00)
		l.buy(l.carton, 5, 120_00)
		l.pack(bulk, 100)
		l.Verify()
		l.SQL(`DROP TRIGGER packing_run_fixed`, `DROP TRIGGER packing_run_kept`, `DROP TRIGGER packing_component_fixed`, `DROP TRIGGER packing_component_kept`, `DROP TRIGGER profile_component_fixed`,
			`DROP TRIGGER profile_product_fixed`, `DROP TRIGGER edge_fixed`, change)
		l.FindProblem(want)
	}
}
