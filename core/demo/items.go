package demo

import (
	"masala/core"
	"masala/core/catalog"
)

// always lies before the longest history: whoever sells a year before GST came into force
// could not write an invoice.
var always = core.NewDate(2000, 4, 1)

// Codes and rates are for demonstration; an accountant confirms them.
var (
	freeOfGST = []catalog.GSTRate{{From: always, Rate: 0}}
	spiceGST  = []catalog.GSTRate{{From: always, Rate: 500}}
	paperGST  = []catalog.GSTRate{{From: always, Rate: 1200}, {From: core.NewDate(2025, 9, 22), Rate: 500}}
	plainGST  = []catalog.GSTRate{{From: always, Rate: 1800}}
)

type rawItem struct {
	sku, name, hindi, hsn string
	months                int   // shelf life
	bag                   int64 // kg
	min                   int64 // re-order level, kg
	qc                    bool
}

func rawItems() []rawItem {
	return []rawItem{
		{"RAW-001", "Turmeric finger (Erode)", "हल्दी गांठ", "09103020", 24, 50, 500, false},
		{"RAW-002", "Dry red chilli S4, stemless (Guntur)", "लाल मिर्च", "09042110", 12, 40, 400, true},
		{"RAW-003", "Dry red chilli Byadgi", "कश्मीरी मिर्च", "09042110", 12, 25, 150, true},
		{"RAW-004", "Coriander seed (Eagle)", "धनिया", "09092190", 12, 40, 600, true},
		{"RAW-005", "Cumin seed (Unjha 99%)", "जीरा", "09093129", 18, 50, 400, false},
		{"RAW-006", "Black pepper (Kochi, garbled)", "काली मिर्च", "09041130", 24, 50, 100, false},
		{"RAW-007", "Green cardamom (7 mm)", "छोटी इलायची", "09083120", 18, 5, 20, true},
		{"RAW-008", "Black cardamom", "बड़ी इलायची", "09083110", 18, 25, 25, false},
		{"RAW-009", "Clove", "लौंग", "09071010", 24, 25, 30, false},
		{"RAW-010", "Cassia / cinnamon bark", "दालचीनी", "09061910", 24, 25, 75, false},
		{"RAW-011", "Nutmeg (shelled)", "जायफल", "09081120", 18, 25, 25, false},
		{"RAW-012", "Mace", "जावित्री", "09082100", 18, 10, 15, false},
		{"RAW-013", "Bay leaf (tejpatta)", "तेज पत्ता", "09109929", 12, 10, 20, false},
		{"RAW-014", "Dry ginger (sonth)", "सोंठ", "09101120", 12, 25, 60, false},
		{"RAW-015", "Fenugreek seed", "मेथी", "09109912", 18, 50, 80, false},
		{"RAW-016", "Fennel seed", "सौंफ", "09096131", 12, 40, 80, false},
		{"RAW-017", "Mustard seed (small)", "राई", "12075090", 12, 50, 80, false},
		{"RAW-018", "Ajwain", "अजवाइन", "09109914", 12, 25, 25, false},
		{"RAW-019", "Compounded asafoetida (with wheat flour)", "हींग", "130190", 24, 10, 20, false},
		{"RAW-020", "Amchur powder", "अमचूर", "080450", 12, 25, 100, false},
		{"RAW-021", "Black salt powder", "काला नमक", "25010000", 36, 50, 100, false},
		{"RAW-022", "Iodised salt", "नमक", "25010000", 24, 50, 100, false},
		{"RAW-023", "Dry mint leaf", "पुदीना", "121190", 9, 10, 10, false},
		{"RAW-024", "Curry leaf, dried", "कड़ी पत्ता", "091099", 9, 10, 15, false},
		{"RAW-025", "Chana dal", "चना दाल", "071320", 9, 50, 40, false},
		{"RAW-026", "Toor dal", "तूर दाल", "071360", 9, 50, 50, false},
		{"RAW-027", "Kasuri methi", "कसूरी मेथी", "091099", 9, 10, 15, false},
		{"RAW-028", "Pomegranate seed, dried (anardana)", "अनारदाना", "081340", 9, 25, 15, false},
		{"RAW-029", "Refined sunflower oil", "तेल", "151219", 9, 15, 45, false},
	}
}

type bulkItem struct {
	sku, name, hindi, hsn string
	months                int
	min                   int64 // kg
}

func bulkItems() []bulkItem {
	return []bulkItem{
		{"BLK-001", "Turmeric Powder", "हल्दी पाउडर", "09103030", 12, 150},
		{"BLK-002", "Red Chilli Powder", "लाल मिर्च पाउडर", "09042211", 12, 150},
		{"BLK-003", "Kashmiri Mirch Powder", "कश्मीरी मिर्च पाउडर", "09042211", 12, 75},
		{"BLK-004", "Coriander Powder", "धनिया पाउडर", "09092200", 12, 120},
		{"BLK-005", "Cumin Powder", "जीरा पाउडर", "09093200", 12, 75},
		{"BLK-006", "Garam Masala Regular", "गरम मसाला", "09109100", 9, 100},
		{"BLK-007", "Garam Masala Premium", "गरम मसाला प्रीमियम", "09109100", 9, 0},
		{"BLK-008", "Sambar Masala", "सांबर मसाला", "09109100", 9, 60},
		{"BLK-009", "Chaat Masala", "चाट मसाला", "09109100", 9, 60},
		{"BLK-010", "Curry Powder (Madras)", "करी पाउडर", "09109100", 9, 60},
		{"BLK-011", "Chole Masala", "छोले मसाला", "09109100", 9, 0},
		{"BLK-012", "Tea Masala", "चाय मसाला", "09109100", 9, 0},
		{"BLK-013", "Oversize for regrind", "मोटा चूरा", "09109100", 3, 0},
	}
}

type packItem struct {
	sku, name, hindi, subtype, hsn string
	dimension                      core.Dimension
	unit                           string // it is bought in
	holds                          int64  // base units in one unit that is the item's own; 0 for a global unit
	min                            int64  // in display units
	gst                            []catalog.GSTRate
}

func packItems() []packItem {
	return []packItem{
		{"PKG-001", "Laminate film roll 100 g (PET/MetPET/LDPE)", "फिल्म रोल १०० ग्रा", "FILM", "3920", core.Mass, "kg", 0, 60, plainGST},
		{"PKG-002", "Laminate film roll 50 g", "फिल्म रोल ५० ग्रा", "FILM", "3920", core.Mass, "kg", 0, 40, plainGST},
		{"PKG-003", "Stand-up zip pouch 200 g", "ज़िप पाउच २०० ग्रा", "POUCH", "3923", core.Count, "box", 1000, 2000, plainGST},
		{"PKG-004", "Mono carton 100 g", "डिब्बा १०० ग्रा", "CARTON", "4819", core.Count, "bundle", 1000, 5000, paperGST},
		{"PKG-005", "PET jar body 100 g", "जार १०० ग्रा", "JAR_BODY", "3923", core.Count, "box", 500, 1500, plainGST},
		{"PKG-006", "Jar lid / shaker cap", "ढक्कन", "JAR_LID", "392350", core.Count, "box", 500, 2500, plainGST},
		{"PKG-007", "Cup seal sticker (induction)", "सील स्टिकर", "CUP_STICKER", "3921", core.Count, "roll", 1000, 3000, plainGST},
		{"PKG-008", "Front+back label set", "लेबल", "LABEL", "4821", core.Count, "roll", 1000, 4000, plainGST},
		{"PKG-009", "Glass jar 100 g", "काँच जार १०० ग्रा", "JAR_BODY", "7010", core.Count, "tray", 48, 960, plainGST},
		{"PKG-010", "Corrugated box 40 × 100 g (5 ply)", "गत्ता पेटी", "OUTER", "4819", core.Count, "bundle", 25, 400, paperGST},
		{"PKG-011", "Corrugated box 10 kg bulk", "गत्ता पेटी १० किग्रा", "OUTER", "4819", core.Count, "bundle", 25, 100, paperGST},
		{"PKG-012", "BOPP tape", "टेप", "CONSUMABLE", "3919", core.Length, "roll", 65_000, 1300, plainGST},
		{"PKG-013", "HDPE bag 25 kg with liner", "बोरी २५ किग्रा", "BAG", "6305", core.Count, "bundle", 100, 300, spiceGST},
		{"PKG-014", "PET jar body 50 g", "जार ५० ग्रा", "JAR_BODY", "3923", core.Count, "box", 500, 1000, plainGST},
	}
}

type finishedItem struct {
	sku, name, hindi, hsn string
	months                int
	grams                 int64
}

func finishedItems() []finishedItem {
	return []finishedItem{
		{"FIN-001", "Turmeric Powder 100 g pouch", "हल्दी १०० ग्रा", "09103030", 12, 100},
		{"FIN-002", "Turmeric Powder 500 g pouch", "हल्दी ५०० ग्रा", "09103030", 12, 500},
		{"FIN-003", "Red Chilli Powder 100 g pouch", "लाल मिर्च १०० ग्रा", "09042211", 12, 100},
		{"FIN-004", "Kashmiri Mirch 100 g carton", "कश्मीरी मिर्च १०० ग्रा", "09042211", 12, 100},
		{"FIN-005", "Coriander Powder 200 g pouch", "धनिया २०० ग्रा", "09092200", 9, 200},
		{"FIN-006", "Cumin Powder 100 g jar", "जीरा १०० ग्रा", "09093200", 12, 100},
		{"FIN-007", "Garam Masala 50 g carton", "गरम मसाला ५० ग्रा", "09109100", 9, 50},
		{"FIN-008", "Garam Masala 100 g jar (ONLINE)", "गरम मसाला १०० ग्रा", "09109100", 9, 100},
		{"FIN-009", "Garam Masala Premium 100 g glass", "गरम मसाला प्रीमियम १०० ग्रा", "09109100", 9, 100},
		{"FIN-010", "Sambar Masala 100 g carton", "सांबर मसाला १०० ग्रा", "09109100", 9, 100},
		{"FIN-011", "Chaat Masala 100 g carton", "चाट मसाला १०० ग्रा", "09109100", 12, 100},
		{"FIN-012", "Curry Powder 500 g pouch", "करी पाउडर ५०० ग्रा", "09109100", 12, 500},
		{"FIN-013", "Chole Masala 50 g carton", "छोले मसाला ५० ग्रा", "09109100", 9, 50},
		{"FIN-014", "Tea Masala 50 g jar (ONLINE)", "चाय मसाला ५० ग्रा", "09109100", 9, 50},
	}
}

// items lists the catalogue in the order material flows.
func items() (list []catalog.ItemFields) {
	for _, r := range rawItems() {
		f := catalog.ItemFields{SKU: r.sku, Name: r.name, NameHi: r.hindi, HSN: r.hsn, Type: catalog.Raw, Dimension: core.Mass, PurchaseUnit: "kg", IssueUnit: "kg",
			ShelfLifeMonths: r.months, MinStock: core.Qty(r.min) * core.Kilogram, QCRequired: r.qc, GST: spiceGST, Active: true,
			Units: []catalog.ItemUnit{{Code: "bag", Num: r.bag * int64(core.Kilogram), Den: 1}}}
		switch r.sku {
		case "RAW-017":
			f.Allergens = []string{"mustard"}
		case "RAW-019":
			f.Allergens = []string{"gluten"}
		case "RAW-021", "RAW-022":
			f.GST = freeOfGST
		case "RAW-029":
			f.Units[0].Code = "tin"
		}
		list = append(list, f)
	}
	for _, b := range bulkItems() {
		f := catalog.ItemFields{SKU: b.sku, Name: b.name, NameHi: b.hindi, HSN: b.hsn, Type: catalog.Bulk, Dimension: core.Mass, PurchaseUnit: "kg", IssueUnit: "kg",
			ShelfLifeMonths: b.months, MinStock: core.Qty(b.min) * core.Kilogram, QCRequired: true, GST: spiceGST, Active: true,
			Units: []catalog.ItemUnit{{Code: "bag", Num: 25 * int64(core.Kilogram), Den: 1}}}
		if b.sku == "BLK-008" || b.sku == "BLK-009" {
			f.Allergens = []string{"gluten"}
		}
		if b.sku == "BLK-008" || b.sku == "BLK-010" {
			f.Allergens = append(f.Allergens, "mustard")
		}
		list = append(list, f)
	}
	for _, p := range packItems() {
		f := catalog.ItemFields{SKU: p.sku, Name: p.name, NameHi: p.hindi, HSN: p.hsn, Type: catalog.Packing, Subtype: p.subtype, Dimension: p.dimension,
			PurchaseUnit: p.unit, IssueUnit: map[core.Dimension]string{core.Mass: "g", core.Count: "pcs", core.Length: "m"}[p.dimension],
			MinStock: core.Qty(p.min) * p.dimension.PerUnit(), GST: p.gst, Active: true}
		if p.holds > 0 {
			f.Units = []catalog.ItemUnit{{Code: p.unit, Num: p.holds, Den: 1}}
		}
		list = append(list, f)
	}
	for _, g := range finishedItems() {
		list = append(list, catalog.ItemFields{SKU: g.sku, Name: g.name, NameHi: g.hindi, HSN: g.hsn, Type: catalog.Finished, Dimension: core.Count,
			PurchaseUnit: "pcs", IssueUnit: "pcs", ShelfLifeMonths: g.months, NetWeight: core.Qty(g.grams) * core.Gram, GST: spiceGST, Active: true})
	}
	return list
}
