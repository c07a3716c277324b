package demo

import (
	"masala/core"
	"masala/core/packing"
)

// pack is a packaging profile of the demo, with the goods packed so, by SKU.
type pack struct {
	code, name string
	parts      []part
	goods      []string
}

// part is q, in base units, of a packing material for n packs.
type part struct {
	sku string
	q   core.Qty
	n   int64
}

func packs() []pack {
	jar := []part{{"PKG-006", 1, 1}, {"PKG-007", 1, 1}, {"PKG-008", 1, 1}}
	with := func(more ...part) []part { return append(more, jar...) }
	return []pack{
		{"POUCH_100", "Pouch 100 g", []part{{"PKG-001", 3_200, 1}, {"PKG-010", 1, 40}}, []string{"FIN-001", "FIN-003"}},
		{"POUCH_200", "Zip pouch 200 g", []part{{"PKG-003", 1, 1}, {"PKG-010", 1, 25}}, []string{"FIN-005"}},
		{"POUCH_500", "Pouch 500 g", []part{{"PKG-001", 7_900, 1}, {"PKG-010", 1, 12}}, []string{"FIN-002", "FIN-012"}},
		{"CARTON_50", "Carton 50 g", []part{{"PKG-002", 2_100, 1}, {"PKG-004", 1, 1}, {"PKG-010", 1, 80}}, []string{"FIN-007", "FIN-013"}},
		{"CARTON_100", "Carton 100 g", []part{{"PKG-001", 3_200, 1}, {"PKG-004", 1, 1}, {"PKG-010", 1, 40}}, []string{"FIN-004", "FIN-010", "FIN-011"}},
		{"JAR_PACK_STD", "Jar 100 g", with(part{"PKG-005", 1, 1}, part{"PKG-010", 1, 24}), []string{"FIN-006", "FIN-008"}},
		{"JAR_50", "Jar 50 g", with(part{"PKG-014", 1, 1}, part{"PKG-010", 1, 36}), []string{"FIN-014"}},
		{"GLASS_100", "Glass jar 100 g", with(part{"PKG-009", 1, 1}, part{"PKG-010", 1, 12}), []string{"FIN-009"}},
	}
}

// packedFrom says which finished goods a powder goes into.
var packedFrom = map[string][]string{
	"BLK-001": {"FIN-001", "FIN-002"}, "BLK-002": {"FIN-003"}, "BLK-003": {"FIN-004"}, "BLK-004": {"FIN-005"}, "BLK-005": {"FIN-006"}, "BLK-006": {"FIN-007", "FIN-008"},
	"BLK-007": {"FIN-009"}, "BLK-008": {"FIN-010"}, "BLK-009": {"FIN-011"}, "BLK-010": {"FIN-012"}, "BLK-011": {"FIN-013"}, "BLK-012": {"FIN-014"},
}

// segmentOf is the market a finished good is made for.
func segmentOf(sku string) core.Segment {
	if sku == "FIN-008" || sku == "FIN-014" {
		return core.Online
	}
	return core.Regular
}

// addProfiles enters every packaging profile.
func (f *filler) addProfiles() error {
	powder := map[string]core.ItemID{}
	for sku, goods := range packedFrom {
		for _, g := range goods {
			powder[g] = f.items[sku].ID
		}
	}
	f.profiles = map[string]packing.Profile{}
	for _, x := range packs() {
		fields := packing.Fields{Code: x.code, Name: x.name, NetWeight: f.items[x.goods[0]].NetWeight, Active: true}
		for _, p := range x.parts {
			fields.Components = append(fields.Components, packing.Component{Item: f.items[p.sku].ID, PerPacks: core.PerPacks{Q: p.q, N: p.n}})
		}
		for _, g := range x.goods {
			fields.Products = append(fields.Products, packing.Product{Item: f.items[g].ID, Powder: powder[g]})
		}
		p, err := do(f, "owner", packing.CreateProfile, packing.CreateProfileReq{Fields: fields})
		if err != nil {
			return err
		}
		for _, g := range x.goods {
			f.profiles[g] = p
		}
	}
	return nil
}
