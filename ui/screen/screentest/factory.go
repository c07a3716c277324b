package screentest

import (
	"slices"
	"strings"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/system"
)

// Factory is what a small factory knows, and a Server that tells it.
type Factory struct {
	*Server
	Items    []catalog.ItemRow
	Parties  []party.Party
	Settings system.SettingsFields
}

// NewFactory makes a factory in Maharashtra with a few items and suppliers.
func NewFactory() *Factory {
	f := &Factory{Server: NewServer(), Settings: system.Defaults()}
	f.Settings.Factory = "Demo factory, Pune"
	gst := func(p core.Percent) []catalog.GSTRate {
		return []catalog.GSTRate{{From: core.NewDate(2017, 7, 1), Rate: p}}
	}
	bag := []catalog.ItemUnit{{Code: "bag", Num: 40 * int64(core.Kilogram), Den: 1}}
	for i, x := range []struct {
		sku, name, hi string
		t             catalog.Type
		months        int
		qc            bool
		stock         core.Qty
	}{
		{"RAW-001", "Turmeric finger", "हल्दी गांठ", catalog.Raw, 24, false, 296_400_000},
		{"RAW-002", "Cumin seed (Unjha 99%)", "जीरा", catalog.Raw, 18, false, 159_600_000},
		{"RAW-003", "Coriander seed (Eagle)", "धनिया", catalog.Raw, 12, true, 300_000_000},
		{"RAW-007", "Green cardamom (7 mm)", "छोटी इलायची", catalog.Raw, 18, false, 4_200_000},
		{"RAW-008", "Black (large) cardamom", "बड़ी इलायची", catalog.Raw, 18, false, 7_850_000},
		{"RAW-010", "Cassia / cinnamon bark", "दालचीनी", catalog.Raw, 24, false, 31_500_000},
		{"BLK-004", "Turmeric Powder", "हल्दी पाउडर", catalog.Bulk, 12, false, 187_000_000},
		{"PKG-006", "Mono carton 100 g", "", catalog.Packing, 0, false, 760},
		{"FIN-009", "Turmeric Powder 100 g", "हल्दी पाउडर", catalog.Finished, 12, false, 1_200},
	} {
		fields := catalog.ItemFields{SKU: x.sku, Name: x.name, NameHi: x.hi, Type: x.t, Dimension: core.Mass, PurchaseUnit: "kg", IssueUnit: "kg",
			ShelfLifeMonths: x.months, QCRequired: x.qc, HSN: "0910", GST: gst(500), Units: bag, MinStock: 50 * core.Kilogram, Active: true}
		if x.t == catalog.Packing || x.t == catalog.Finished {
			fields.Dimension, fields.PurchaseUnit, fields.IssueUnit, fields.Units, fields.MinStock = core.Count, "pcs", "pcs", nil, 500
			fields.HSN, fields.GST = "4819", gst(1800)
		}
		if x.t == catalog.Packing {
			fields.Subtype = "CARTON"
		}
		use := catalog.Use("")
		if x.stock > 0 && i < 3 {
			use = catalog.InStock
		}
		f.Items = append(f.Items, catalog.ItemRow{Item: catalog.Item{ID: core.ItemID(i + 1), ItemFields: fields, InUse: use, Stamp: stamp}, OnHand: x.stock, GSTNow: fields.GST[0].Rate})
	}
	for i, x := range []struct {
		name, state, pan string
		days             int
		kind             party.Kind
	}{
		{"Unjha Jeera House", "24", "AAKFU4471M", 4, party.Supplier},
		{"Sangli Haldi Traders", "27", "AABCS7719L", 2, party.Supplier},
		{"Kerala Spice Growers", "32", "AACCK2210P", 9, party.Supplier},
		{"Shree Provision Stores", "27", "AAFFS1182Q", 0, party.Customer},
	} {
		gstin := x.state + x.pan + "1Z"
		gstin += string(party.GSTINCheckDigit(gstin))
		p := party.Party{ID: core.PartyID(i + 1), Stamp: stamp, Fields: party.Fields{Kind: x.kind, Name: x.name, StateCode: x.state, GSTIN: gstin,
			Phone: "98220 12345", Contact: "Mehul Patel", Address: "Market Yard", LeadDays: x.days, Active: true}}
		if x.kind == party.Customer {
			p.Segment, p.MinLife = core.Regular, 6000
		}
		f.Parties = append(f.Parties, p)
	}
	f.serve()
	return f
}

var stamp = core.Stamp{Version: 1, UpdatedAt: time.Date(2026, 2, 1, 5, 0, 0, 0, time.UTC), UpdatedBy: "manager"}

// Item finds an item by its SKU.
func (f *Factory) Item(sku string) *catalog.ItemRow {
	for i := range f.Items {
		if f.Items[i].SKU == sku {
			return &f.Items[i]
		}
	}
	return nil
}

func (f *Factory) serve() {
	Answer(f.Server, system.GetSettings, func(system.GetSettingsReq) (system.Settings, error) {
		return system.Settings{SettingsFields: f.Settings, Stamp: stamp}, nil
	})
	Answer(f.Server, catalog.ListItems, func(q catalog.ListItemsReq) (r catalog.ListItemsResp, err error) {
		for _, it := range f.Items {
			if (len(q.Types) == 0 || slices.Contains(q.Types, it.Type)) && (q.Inactive || it.Active) && matches(q.Query, it.SKU, it.Name, it.NameHi) {
				r.Items = append(r.Items, it)
			}
		}
		r.Total = len(r.Items)
		return r, nil
	})
	Answer(f.Server, catalog.GetItem, func(q catalog.GetItemReq) (catalog.Item, error) {
		for _, it := range f.Items {
			if it.ID == q.ID {
				return it.Item, nil
			}
		}
		return catalog.Item{}, core.NotFound("id", "There is no such item.")
	})
	Answer(f.Server, party.ListParties, func(q party.ListPartiesReq) (r party.ListPartiesResp, err error) {
		for _, p := range f.Parties {
			if (q.Kind == "" || p.Kind == q.Kind) && (q.Inactive || p.Active) && matches(q.Query, p.Name, p.GSTIN, p.Contact) {
				r.Parties = append(r.Parties, p)
			}
		}
		r.Total = len(r.Parties)
		return r, nil
	})
	Answer(f.Server, party.GetParty, func(q party.GetPartyReq) (party.Party, error) {
		for _, p := range f.Parties {
			if p.ID == q.ID {
				return p, nil
			}
		}
		return party.Party{}, core.NotFound("id", "There is no such record.")
	})
}

// matches reports whether every word of query stands in one of the texts.
func matches(query string, texts ...string) bool {
	all := strings.ToLower(strings.Join(texts, " "))
	for _, w := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(all, w) {
			return false
		}
	}
	return true
}
