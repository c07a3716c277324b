package demo

import (
	"masala/core"
	"masala/core/stock"
)

// planStory writes down the days people talk about: goods that run out of time, a
// rejected lot, a GRN that had to be cancelled, stock that was short, and the way of
// one lot of cumin to the customers and back.
func (f *filler) planStory() {
	f.planOldStock()
	f.planArrivals()
	f.planMaking()
	f.planCorrections()
	f.planToday()
}

// planOldStock brings in what is expired or close to it by now.
func (f *filler) planOldStock() {
	f.receive(f.workday(41), 10*60+15, delivery{key: "curry leaf", user: "store1", supplier: "Guntur Mirchi Yard & Co", prefix: "GM", bill: 41, freight: true, lines: []deliveredLine{
		{sku: "RAW-024", loose: 6, price: 19000, age: 200, life: 35}, {sku: "RAW-025", packs: 1, price: 8200, age: 30}}})
	f.receive(f.workday(38), 12*60+40, delivery{key: "leaves", user: "store1", supplier: "Ramganj Dhaniya Mandi Agency", prefix: "RD", bill: 38, lines: []deliveredLine{
		{sku: "RAW-023", loose: 12, price: 16000, age: 180, life: 50}, {sku: "RAW-027", loose: 10, price: 18000, age: 190, life: 66}}})
	f.receive(f.workday(30), 15*60+5, delivery{key: "seeds", user: "store2", supplier: "Sunrise Hing Works", prefix: "SH", bill: 30, lines: []deliveredLine{
		{sku: "RAW-028", loose: 20, price: 34000, age: 120, life: 70}}})
	f.receive(f.workday(29), 11*60+20, delivery{key: "mace", user: "store2", supplier: "Idukki Elaichi Planters", prefix: "IE", bill: 29, freight: true, lines: []deliveredLine{
		{sku: "RAW-012", loose: 8, price: 190000, age: 20}, {sku: "RAW-011", loose: 10, price: 62000, age: 24}, {sku: "RAW-009", loose: 12, price: 90000, age: 30}}})
}

// planArrivals is the delivery of turmeric, cumin and coriander with its freight,
// and what it leads to.
func (f *filler) planArrivals() {
	day := f.workday(16)
	f.receive(day, 10*60+30, delivery{key: "main", user: "store1", supplier: "Unjha Jeera House", prefix: "UJ", bill: 16, exact: 3500_00, lines: []deliveredLine{
		{sku: "RAW-001", loose: 500, price: 14300, age: 15, batch: "ET-512"},
		{sku: "RAW-005", loose: 200, price: 22500, age: 15, batch: "UJ-77"},
		{sku: "RAW-004", loose: 300, price: 8500, age: 12, batch: "RD-31", hold: "Moisture 9.8 %, limit 9 %"}}})
	f.receive(day, 14*60+10, delivery{key: "second coriander", user: "store1", supplier: "Ramganj Dhaniya Mandi Agency", prefix: "RD", bill: 16, lines: []deliveredLine{
		{sku: "RAW-004", packs: 5, price: 8500, age: 10}}})
	f.at(f.nextWorkday(day), 12*60, "Testing coriander", func() error { return f.release("second coriander") })
	f.receive(f.workday(20), 10*60+50, delivery{key: "bay leaf", user: "store1", supplier: "Ramganj Dhaniya Mandi Agency", prefix: "RD", bill: 15, lines: []deliveredLine{
		{sku: "RAW-013", loose: 3, price: 7500, age: 40}}})
	f.receive(f.workday(25), 13*60+30, delivery{key: "bad chilli", user: "store1", supplier: "Guntur Mirchi Yard & Co", prefix: "GM", bill: 25, freight: true, lines: []deliveredLine{
		{sku: "RAW-002", packs: 6, price: 15400, age: 26}}})
	f.at(f.workday(23), 16*60, "Rejecting chilli", func() error {
		_, err := do(f, "manager", stock.RejectLot, stock.ChangeStatusReq{Lot: f.lot("bad chilli", 0), Reason: "Aflatoxin 34 µg/kg, limit 30 µg/kg"})
		return err
	})
}

// planCorrections is what went wrong and was put right.
func (f *filler) planCorrections() {
	f.receive(f.workday(18), 9*60+45, delivery{key: "glass", user: "store2", supplier: "ClearPET Jars", prefix: "CP", bill: 18, freight: true, lines: []deliveredLine{
		{sku: "PKG-009", packs: 10, price: 1150}}})
	f.adjust(f.workday(17), 10*60+10, "glass", 0, -14, "Damage", "Broken in unloading")
	f.receive(f.workday(18), 11*60, delivery{key: "cartons", user: "store2", supplier: "Shree Corrugators", prefix: "SC", bill: 14, lines: []deliveredLine{
		{sku: "PKG-010", packs: 10, price: 2400}, {sku: "PKG-004", loose: 800, price: 165}}})
	f.adjust(f.workday(17), 15*60+30, "cartons", 1, -40, "Damage", "Wet in the rain")

	wrong := delivery{key: "wrong pouches", user: "store2", supplier: "PolyFlex Laminates", prefix: "PF", bill: 12, lines: []deliveredLine{{sku: "PKG-003", packs: 3, price: 3900}}}
	right := wrong
	right.key, right.lines = "pouches", []deliveredLine{{sku: "PKG-003", packs: 3, price: 390}}
	day := f.workday(12)
	f.receive(day, 12*60+15, wrong)
	f.at(day, 12*60+55, "Cancelling a GRN", func() error {
		_, err := do(f, "manager", stock.ReverseDocument, stock.ReverseReq{Document: f.posted[wrong.key].Document, Reason: "Rate typed ten times too high"})
		return err
	})
	f.receive(day, 13*60+5, right)

	f.adjust(f.workday(10), 17*60+40, "main", 1, 1_250*core.Gram, "Audit Correction", "Found behind the rack")
	f.adjust(f.workday(9), 16*60+20, "main", 0, -2_400*core.Gram, "Spoilage", "Bag torn, swept up")
	f.adjust(f.workday(3), 16*60+45, "cartons", 0, -6, "Counting Error", "")
}

// planToday makes sure that something happened today.
func (f *filler) planToday() {
	f.receive(f.today, 9*60+40, delivery{key: "today bulk", user: "store1", supplier: "Nagpur Bulk Masala Mills", prefix: "NB", bill: 2990, freight: true, lines: []deliveredLine{
		{sku: "BLK-006", packs: 3, price: 48000, age: 2}, {sku: "BLK-001", packs: 4, price: 15600, age: 3}}})
	f.receive(f.today, 11*60+10, delivery{key: "today film", user: "store2", supplier: "PolyFlex Laminates", prefix: "PF", bill: 2991, lines: []deliveredLine{
		{sku: "PKG-001", packs: 52, price: 28500}, {sku: "PKG-008", packs: 4, price: 62}}})
	f.at(f.today, 12*60+20, "Testing garam masala", func() error {
		_, err := do(f, "manager", stock.ReleaseLot, stock.ChangeStatusReq{Lot: f.lot("today bulk", 0), Reason: f.finding(f.items["BLK-006"].ID)})
		return err
	})
}

// lot names a lot of an earlier delivery.
func (f *filler) lot(key string, line int) core.LotID { return f.posted[key].Lots[line].Lot }

// adjust plans a correction of the released stock of a lot.
func (f *filler) adjust(day core.Date, minute int, key string, line int, by core.Qty, reason, note string) {
	f.at(day, minute, "Correcting stock", func() error {
		_, err := do(f, "manager", stock.Adjust, stock.AdjustReq{CellKey: stock.CellKey{Lot: f.lot(key, line), Segment: core.Regular, Status: stock.Released}, Qty: by, Reason: reason, Note: note})
		return err
	})
}
