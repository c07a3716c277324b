package demo

import (
	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
)

// storyDays are the days of the story, each a working day, in the order of time
// wherever Sundays fall: the delivery of turmeric, cumin and coriander, grinding,
// packing, dispatch; then the call of the supplier, and what follows from it.
type storyDays struct{ arrival, mill, pack, dispatch, call, back, price core.Date }

func (f *filler) storyDays() (d storyDays) {
	d.arrival = f.workday(16)
	d.mill = f.nextWorkday(d.arrival)
	d.pack = f.nextWorkday(d.mill)
	d.dispatch = f.nextWorkday(d.pack)
	d.call = f.workday(8)
	d.back = f.nextWorkday(d.call)
	d.price = f.nextWorkday(d.back)
	return d
}

// planMaking is the way of the cumin UJ-77 from the mill to six customers, and back.
func (f *filler) planMaking() {
	d := f.storyDays()
	f.planPrepared()
	f.planGrinding(d)
	f.planPacking(d)
	f.planDispatch(d)
	f.planRecall(d)
	f.planWeek()
	f.planClosing()
}

// planPrepared brings in what the story needs beside the usual deliveries: spices,
// packing material, and packs from before.
func (f *filler) planPrepared() {
	f.receive(f.workday(21), 11*60+5, delivery{key: "story spices", user: "store2", supplier: "Idukki Elaichi Planters", prefix: "IE", bill: 21, freight: true, lines: []deliveredLine{
		{sku: "RAW-007", packs: 2, price: 275000, age: 18}, {sku: "RAW-008", loose: 8, price: 165000, age: 25}, {sku: "RAW-010", loose: 12, price: 28000, age: 30}, {sku: "RAW-009", loose: 6, price: 90000, age: 28}}})
	f.receive(f.workday(21), 12*60+20, delivery{key: "story pepper", user: "store2", supplier: "Kochi Pepper Exports", prefix: "KP", bill: 21, lines: []deliveredLine{{sku: "RAW-006", loose: 12, price: 66000, age: 20}}})
	f.at(f.nextWorkday(f.workday(21)), 12*60+30, "Testing cardamom", func() error { return f.release("story spices") })
	f.receive(f.workday(19), 10*60+25, delivery{key: "story film", user: "store2", supplier: "PolyFlex Laminates", prefix: "PF", bill: 19, lines: []deliveredLine{
		{sku: "PKG-001", packs: 20, price: 28500}, {sku: "PKG-002", packs: 8, price: 28500}, {sku: "PKG-008", packs: 1, price: 62}}})
	f.receive(f.workday(19), 14*60+35, delivery{key: "story jars", user: "store2", supplier: "ClearPET Jars", prefix: "CP", bill: 19, freight: true, lines: []deliveredLine{
		{sku: "PKG-005", packs: 2, price: 560}, {sku: "PKG-006", packs: 2, price: 145}, {sku: "PKG-007", packs: 1, price: 38}}})
	f.at(f.workday(22), 9*60+50, "Entering packs from before", func() error {
		line := func(good string, n core.Qty, value core.Paise, segment core.Segment, days int) stock.OpeningLine {
			return stock.OpeningLine{Item: f.items[good].ID, Qty: n, Value: value, Segment: segment, ExpiryOn: f.today.AddDays(days)}
		}
		// Those online will have 38 days left on the day of the dispatch, or a few more.
		r, err := do(f, "owner", stock.PostOpening, stock.PostOpeningReq{Reason: "Packed before these books", Lines: []stock.OpeningLine{
			line("FIN-007", 240, 6_480_00, core.Regular, 184), line("FIN-007", 120, 3_288_00, core.Regular, 214), line("FIN-008", 60, 3_870_00, core.Online, 26)}})
		f.before = r.Lots
		return err
	})
}

// planGrinding is the day at the mill: bay leaf is short, and turmeric loses too much.
func (f *filler) planGrinding(d storyDays) {
	const kg = core.Kilogram
	f.at(d.mill, 10*60+10, "Planning garam masala", func() error {
		if err := f.planBatch("garam", "BLK-006", 100, d.mill); err != nil {
			return err
		}
		b := f.batches["garam"] // bay leaf: 3.750 kg needed, 3.000 kg there
		return refused(f, "mill1", production.StartBatch, production.StartBatchReq{ID: b.ID, Version: b.Version}, core.CodeInsufficientStock)
	})
	f.receive(d.mill, 12*60+30, delivery{key: "more bay leaf", user: "store1", supplier: "Ramganj Dhaniya Mandi Agency", prefix: "RD", bill: 1315, lines: []deliveredLine{{sku: "RAW-013", loose: 2, price: 7500, age: 30}}})
	f.at(d.mill, 13*60+20, "Starting garam masala", func() error { return f.startBatch("garam") })
	f.at(d.mill, 13*60+50, "Weighing for garam masala", func() error {
		return f.weigh("garam", map[int]core.Qty{5: 50 * core.Gram}, map[int]core.LotID{1: f.lot("main", 1)}) // clove 3.80 kg
	})
	f.at(d.mill, 16*60+40, "Grinding garam masala", func() error { // 100.05 kg in, 96.5 out: 3.55 %
		return f.complete("garam", 95_200*core.Gram, []production.Waste{{Reason: "DUST", Qty: 1_400 * core.Gram}, {Reason: "CLEANING_REJECT", Qty: 900 * core.Gram}},
			production.ByProduct{Item: f.items["BLK-013"].ID, Qty: 1_300 * core.Gram, NRV: 78_00})
	})
	f.batch(d.mill, 14*60+10, "turmeric", "BLK-001", 200, func() map[int]core.LotID { return nil }, 187*kg) // loses 6.5 %, alert beyond 5.5 %
	f.batch(d.mill, 15*60+5, "cumin", "BLK-005", 40, func() map[int]core.LotID { return map[int]core.LotID{1: f.lot("main", 1)} }, 38_900*core.Gram)
}

// batch plans, starts, weighs and completes a batch of one ingredient.
func (f *filler) batch(day core.Date, minute int, key, powder string, kg int64, from func() map[int]core.LotID, output core.Qty) {
	f.at(day, minute, "Planning "+key, func() error { return f.planBatch(key, powder, kg, day) })
	f.at(day, minute+10, "Starting "+key, func() error { return f.startBatch(key) })
	f.at(day, minute+25, "Weighing "+key, func() error { return f.weigh(key, nil, from()) })
	f.at(day, minute+150, "Grinding "+key, func() error {
		return f.complete(key, output, []production.Waste{{Reason: "DUST", Qty: core.Kilogram / 2}})
	})
}

// planPacking: 800 cartons are wanted, 760 are there.
func (f *filler) planPacking(d storyDays) {
	for i, key := range []string{"garam", "turmeric", "cumin"} {
		f.at(d.pack, 9*60+40+i, "Testing "+key, func() error { return f.passed(key) })
	}
	f.at(d.pack, 11*60, "Packing cartons", func() error {
		q := f.run("CARTON_50", "FIN-007", "garam", 800, core.Regular)
		if err := refused(f, "pack1", packing.PostRun, q, core.CodeInsufficientStock); err != nil {
			return err
		}
		q.Packs, q.Overfill, q.Lost, q.LostReason = 760, 190*core.Gram, 300*core.Gram, "MACHINE_PURGE"
		return f.pack("cartons", q)
	})
	f.at(d.pack, 13*60+30, "Packing jars", func() error {
		return f.pack("online jars", f.run("JAR_PACK_STD", "FIN-008", "garam", 150, core.Online))
	})
	f.at(d.pack, 15*60, "Packing cumin jars", func() error {
		return f.pack("cumin jars", f.run("JAR_PACK_STD", "FIN-006", "cumin", 200, core.Regular))
	})
	f.at(d.pack, 16*60+20, "Packing turmeric", func() error {
		return f.pack("turmeric", f.run("POUCH_100", "FIN-001", "turmeric", 1_000, core.Regular))
	})
}

// planDispatch sends to six customers; what holds the cumin goes with four challans to
// three of them.
func (f *filler) planDispatch(d storyDays) {
	day := d.dispatch
	f.at(day, 10*60, "Dispatch to Pune", func() error { return f.send("pune", "Main Distributor Pune", "FIN-007", 300, 0, "") })
	f.at(day, 10*60+40, "Second dispatch to Pune", func() error {
		return f.send("pune cartons", "Main Distributor Pune", "FIN-007", 160, f.runs["cartons"].Lot, "The older lot stands behind the rack")
	})
	f.at(day, 11*60+15, "Third dispatch to Pune", func() error { return f.send("pune jars", "Main Distributor Pune", "FIN-006", 96, 0, "") })
	f.at(day, 12*60, "Dispatch to Marketplace A", func() error {
		old := f.before[2].Lot // expires too soon for this customer
		wrong, err := f.draft("Online Marketplace A", "FIN-008", 60, old, "Oldest first")
		if err != nil {
			return err
		}
		if err := refused(f, "dispatch1", sales.Confirm, sales.ConfirmReq{ID: wrong.ID, Version: wrong.Version}, core.CodeInvalid); err != nil {
			return err
		}
		if _, err := do(f, "dispatch1", sales.DiscardDraft, sales.DiscardReq{ID: wrong.ID, Version: wrong.Version}); err != nil {
			return err
		}
		return f.send("marketplace", "Online Marketplace A", "FIN-008", 72, 0, "")
	})
	f.at(day, 13*60+10, "Dispatch to City Mart", func() error {
		return f.send("city", "City Mart Chain", "FIN-007", 200, f.runs["cartons"].Lot, "Customer wants one lot")
	})
	f.at(day, 14*60, "Dispatch to Surat", func() error { return f.send("surat", "Surat Super Stockist", "FIN-001", 400, 0, "") })
	f.at(day, 14*60+35, "Dispatch to Hyderabad", func() error { return f.send("hyderabad", "Hyderabad Kirana Agencies", "FIN-001", 320, 0, "") })
	f.at(day, 15*60+20, "Dispatch to the hotel", func() error { return f.send("hotel", "Hotel & Canteen Supplies", "FIN-001", 80, 0, "") })
}

// planRecall: the supplier of the cumin calls; goods come back; its price was wrong.
func (f *filler) planRecall(d storyDays) {
	f.at(d.call, 17*60+5, "Stopping cumin UJ-77", func() error {
		_, err := do(f, "store1", stock.HoldLot, stock.ChangeStatusReq{Lot: f.lot("main", 1), Reason: "Supplier reports Salmonella in his lot UJ-77"})
		return err
	})
	f.at(d.call, 17*60+20, "Recall of cumin UJ-77", func() error {
		_, err := do(f, "manager", trace.OpenRecall, trace.OpenRecallReq{Lot: f.lot("main", 1), Reason: "Supplier reports Salmonella in his lot UJ-77"})
		return err
	})
	f.at(d.back, 11*60+30, "Cartons come back from Pune", func() error {
		lot := f.before[0].Lot
		if _, err := do(f, "dispatch1", sales.PostReturn, sales.PostReturnReq{Dispatch: f.sent["pune"].ID, Reason: "Box fell from the truck",
			Lines: []sales.ReturnLine{{Lot: lot, Qty: 20, Condition: sales.Good}, {Lot: lot, Qty: 4, Condition: sales.Damaged}}}); err != nil {
			return err
		}
		_, err := do(f, "manager", stock.ReleaseLot, stock.ChangeStatusReq{Lot: lot, Reason: "Seals are whole"})
		return err
	})
	f.at(d.price, 15*60, "Price of cumin corrected", func() error {
		_, err := do(f, "owner", purchase.CorrectPrice, purchase.CorrectPriceReq{GRN: f.posted["main"].Document, Line: 2, Delta: 500_00, NoteNo: "DN/UJ/77", Reason: "Rate of the mandi on the day"})
		return err
	})
}

// planWeek is what the mill made in the last days: chilli that lost more than it may,
// turmeric and coriander within their limits.
func (f *filler) planWeek() {
	const kg = core.Kilogram
	oldest := func() map[int]core.LotID { return nil }
	f.batch(f.workday(5), 11*60+5, "week chilli", "BLK-002", 60, oldest, 55_900*core.Gram) // 6.83 %, alert beyond 6.5 %
	f.batch(f.workday(3), 11*60+15, "week turmeric", "BLK-001", 80, oldest, 76_900*core.Gram)
	f.batch(f.workday(1), 10*60+35, "week coriander", "BLK-004", 50, oldest, 48*kg)
	f.at(f.nextWorkday(f.workday(5)), 15*60+20, "Testing chilli", func() error { return f.passed("week chilli") })
}

// planClosing closes the month the books began in, counts the packs, and leaves work on
// the table: a batch for tomorrow, one at the mill, a draft that nobody confirmed.
func (f *filler) planClosing() {
	first := f.workday(41).Month() // by then something had come
	f.at(f.nextWorkday(first.AddMonths(1)-1), 19*60+30, "Closing a month", func() error {
		_, err := do(f, "owner", stock.ClosePeriod, stock.ClosePeriodReq{Month: first})
		return err
	})
	f.at(f.workday(2), 18*60+10, "Counting the packs", f.countPacks)
	f.at(f.today, 9*60+40, "Planning sambar", func() error { return f.planBatch("sambar", "BLK-008", 100, f.today) }) // the curry leaf is past its day
	f.at(f.today, 10*60+20, "Planning turmeric", func() error { return f.planBatch("at the mill", "BLK-001", 100, f.today) })
	f.at(f.today, 10*60+50, "Starting turmeric", func() error { return f.startBatch("at the mill") })
	f.at(f.today, 13*60+40, "Packing turmeric", func() error { return f.pack("today", f.run("POUCH_100", "FIN-001", "turmeric", 400, core.Regular)) })
	f.at(f.today, 15*60+10, "Dispatch to the hotel", func() error { return f.send("today", "Hotel & Canteen Supplies", "FIN-001", 120, 0, "") })
	f.at(f.today, 16*60, "An order of Surat", func() error {
		_, err := f.draft("Surat Super Stockist", "FIN-001", 240, 0, "")
		return err
	})
	f.at(f.today, 17*60, "Planning chilli", func() error { return f.planBatch("tomorrow", "BLK-002", 120, f.today.AddDays(1)) })
}

// countPacks counts all finished goods; two cartons are missing from one lot.
func (f *filler) countPacks() error {
	c, err := do(f, "store1", stock.OpenCount, stock.OpenCountReq{Types: []catalog.Type{catalog.Finished}})
	if err != nil {
		return err
	}
	var entries []stock.CountEntry
	for _, l := range c.Lines {
		q := l.Booked
		if l.Lot == f.before[1].Lot {
			q -= 2
		}
		entries = append(entries, stock.CountEntry{CellKey: l.CellKey, Qty: q})
	}
	if _, err := do(f, "store1", stock.RecordCount, stock.RecordCountReq{ID: c.ID, Entries: entries}); err != nil {
		return err
	}
	_, err = do(f, "manager", stock.PostCount, stock.PostCountReq{ID: c.ID})
	return err
}
