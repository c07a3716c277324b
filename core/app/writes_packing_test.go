package app_test

import (
	"strings"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/purchase"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

func init() {
	for name, w := range map[string]write{
		"packing.create_profile": func(f *Factory) any { return packing.CreateProfileReq{Fields: newPackingLine(f).fields} },
		"packing.update_profile": func(f *Factory) any {
			p := newPackingLine(f).profile()
			p.Note = "tape twice"
			return packing.UpdateProfileReq{ID: p.ID, Version: p.Version, Fields: p.Fields}
		},
		"packing.post_run": func(f *Factory) any { return newPackingLine(f).run(200) },
	} {
		writes[name] = w
	}
	views["packing.get_valued_run"] = func(f *Factory) any {
		return packing.GetRunReq{ID: Do(f.Store1, packing.PostRun, newPackingLine(f).run(200)).ID}
	}
}

// packingLine is a powder of which 40 kg are in stock, packs of 50 g of it, and 500
// pouches.
type packingLine struct {
	f      *Factory
	fields packing.Fields
	powder core.LotID
	pouch  stock.CellKey
	made   *packing.Profile
}

func newPackingLine(f *Factory) *packingLine {
	f.T.Helper()
	name := uuid.NewString()[:8]
	powder := f.Item("BLK-"+name, "Powder "+name, func(i *catalog.ItemFields) { i.Type = catalog.Bulk })
	pouch := f.Item("PKG-"+name, "Pouch "+name, func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units = catalog.Packing, "POUCH", core.Count, "pcs", "pcs", nil
	})
	item := f.FinishedGood("FIN-"+name, "Packs "+name)
	got := Do(f.Store1, purchase.PostGRN, GRN(f.Supplier("Supplier "+name).ID, "P/1", Line(powder.ID, 40, 9_200_00), purchase.GRNLine{Item: pouch.ID, Qty: 500, Unit: "pcs", Value: 300_00}))
	return &packingLine{f: f, powder: got.Lots[0].Lot, pouch: stock.CellKey{Lot: got.Lots[1].Lot, Segment: core.Regular, Status: stock.Released},
		fields: packing.Fields{Code: "P-" + name, Name: "Pouch", NetWeight: 50 * core.Gram, Active: true,
			Components: []packing.Component{{Item: pouch.ID, PerPacks: core.PerPacks{Q: 1, N: 1}}}, Products: []packing.Product{{Item: item.ID, Powder: powder.ID}}}}
}

func (l *packingLine) profile() packing.Profile {
	l.f.T.Helper()
	if l.made == nil {
		p := Do(l.f.Owner, packing.CreateProfile, packing.CreateProfileReq{Fields: l.fields})
		l.made = &p
	}
	return *l.made
}

func (l *packingLine) run(packs core.Qty, change ...func(*packing.PostRunReq)) packing.PostRunReq {
	l.f.T.Helper()
	p := l.profile()
	q := packing.PostRunReq{Version: p.Version, RunFields: packing.RunFields{Profile: p.ID, Item: p.Products[0].Item, Lot: l.powder, Segment: core.Regular, Packs: packs}}
	for _, c := range change {
		c(&q)
	}
	return q
}

// packingRefusals are wrong requests about profiles and runs, with a packing line
// beside the shelf.
func (s *shelf) packingRefusals() []refusal {
	s.T.Helper()
	l := newPackingLine(s.Factory)
	p := l.profile()
	done := Do(s.Store1, packing.PostRun, l.run(100))
	heavy := s.FinishedGood("FIN-500", "Haldi 500 g", func(i *catalog.ItemFields) { i.NetWeight = 500 * core.Gram })
	out := newPackingLine(s.Factory)
	out.fields.Active = false
	change := func(fn func(*packing.Fields)) packing.CreateProfileReq {
		f := p.Fields
		f.Code = "NEW"
		f.Components, f.Products = append([]packing.Component{}, f.Components...), append([]packing.Product{}, f.Products...)
		fn(&f)
		return packing.CreateProfileReq{Fields: f}
	}
	taken := func(x ...packing.Taken) func(*packing.PostRunReq) {
		return func(q *packing.PostRunReq) { q.Components = x }
	}
	pouch := p.Components[0].Item
	create, edit, pack := packing.CreateProfile.Meta, packing.UpdateProfile.Meta, packing.PostRun.Meta
	type Q = packing.PostRunReq
	invalid, missing, short, conflict := core.CodeInvalid, core.CodeNotFound, core.CodeInsufficientStock, core.CodeConflict
	return []refusal{
		{"an empty profile", create, packing.CreateProfileReq{}, invalid, "code name net_weight components products"},
		{"a profile without anything in its lines", create, change(func(f *packing.Fields) {
			f.NetWeight = -1
			f.Components = []packing.Component{{}, {Item: pouch, PerPacks: core.PerPacks{Q: 1, N: 1}}, {Item: pouch, PerPacks: core.PerPacks{Q: -1, N: -1}}}
			f.Products = append(f.Products, packing.Product{}, f.Products[0])
		}), invalid, "net_weight components[0].item components[0].q components[0].n components[2].item components[2].q components[2].n products[1].item products[1].powder products[2].item products[0].item"},
		{"a profile too large", create, change(func(f *packing.Fields) {
			f.NetWeight, f.Name, f.Note = packing.MaxNetWeight+1, strings.Repeat("म", 101), strings.Repeat("म", 501)
			f.Components[0].PerPacks = core.PerPacks{Q: core.MaxQty + 1, N: packing.MaxPacks + 1}
		}), invalid, "name net_weight note components[0].q components[0].n products[0].item"},
		{"a profile of what cannot be", create, change(func(f *packing.Fields) {
			f.Components = []packing.Component{{Item: s.raw.ID, PerPacks: core.PerPacks{Q: 1, N: 1}}, {Item: 9_999, PerPacks: core.PerPacks{Q: 1, N: 1}}}
			f.Products = []packing.Product{{Item: s.raw.ID, Powder: s.old.ID}, {Item: 9_999, Powder: 9_999}, {Item: heavy.ID, Powder: p.Products[0].Powder}}
		}), invalid, "components[0].item components[1].item products[0].item products[0].powder products[0].powder products[1].item products[1].powder products[2].item"},
		{"a profile with a code in use", create, change(func(f *packing.Fields) { f.Code = " " + strings.ToLower(p.Code) }), invalid, "code"},
		{"change an unknown profile", edit, packing.UpdateProfileReq{ID: 99, Fields: p.Fields}, missing, "id"},
		{"change an old profile", edit, packing.UpdateProfileReq{ID: p.ID, Version: 7, Fields: p.Fields}, conflict, ""},
		{"pack nothing", pack, Q{}, invalid, "profile item lot segment packs"},
		{"pack less than nothing", pack, l.run(-1, func(q *Q) { q.Overfill, q.Lost, q.LostReason, q.Segment = -1, -1, "DUST", "EXPORT" }), invalid, "segment packs overfill lost lost_reason"},
		{"pack more than anybody can", pack, l.run(packing.MaxPacks+1, func(q *Q) { q.Overfill, q.Lost, q.LostReason = core.MaxQty+1, core.MaxQty+1, "GONE" }), invalid, "packs overfill lost lost_reason"},
		{"a number of another form", pack, l.run(1, func(q *Q) { q.Number, q.Reason = "PK-1", strings.Repeat("म", 501) }), invalid, "number reason"},
		{"a number of another day", pack, l.run(1, func(q *Q) { q.Number = "PK-20260211-01" }), invalid, "number"},
		{"a number in use", pack, l.run(1, func(q *Q) { q.Number = done.Number }), invalid, "number"},
		{"a run of tomorrow", pack, l.run(1, func(q *Q) { q.PackedOn, q.Reason = core.NewDate(2026, 2, 13), "x" }), invalid, "packed_on"},
		{"a run of four days ago", pack, l.run(1, func(q *Q) { q.PackedOn, q.Reason = core.NewDate(2026, 2, 8), "x" }), invalid, "packed_on"},
		{"a run of yesterday without a reason", pack, l.run(1, func(q *Q) { q.PackedOn = core.NewDate(2026, 2, 11) }), invalid, "reason"},
		{"a run before its powder came", pack, l.run(1, func(q *Q) { q.PackedOn, q.Reason = core.NewDate(2026, 2, 11), "x" }), invalid, "lot needs[0].qty"},
		{"an unknown profile", pack, l.run(1, func(q *Q) { q.Profile = 99 }), invalid, "profile"},
		{"a profile out of use", pack, out.run(1), invalid, "profile"},
		{"a profile that has changed", pack, l.run(1, func(q *Q) { q.Version = 7 }), conflict, ""},
		{"a good the profile does not pack", pack, l.run(1, func(q *Q) { q.Item = s.pack.ID }), invalid, "item"},
		{"an unknown lot of powder", pack, l.run(1, func(q *Q) { q.Lot = 9_999 }), invalid, "lot"},
		{"a lot of something else", pack, l.run(1, func(q *Q) { q.Lot = s.posted.Lots[0].Lot }), invalid, "lot"},
		{"more overfill than powder", pack, l.run(1, func(q *Q) { q.Overfill = 50*core.Gram + 1 }), invalid, "overfill"},
		{"powder that is short", pack, l.run(390, func(q *Q) { q.Lost, q.LostReason, q.Reason = 20*core.Kilogram, "SPILLAGE", "the bag tore" }), short, "lot"},
		{"more powder lost than packed, nobody says how", pack, l.run(1, func(q *Q) { q.Lost, q.LostReason = 51*core.Gram, "SPILLAGE" }), invalid, "reason"},
		{"powder lost otherwise, nobody says how", pack, l.run(1, func(q *Q) { q.Lost, q.LostReason = 1, "OTHER" }), invalid, "reason"},
		{"powder and pouches that are short", pack, l.run(701), short, "lot needs[0].qty"},
		{"losses that are short", pack, l.run(400, taken(packing.Taken{Item: pouch, Lost: 1, Override: stock.Override{Reason: "torn"}})), short, "components[0].qty"},
		{"components without anything", pack, l.run(1, taken(packing.Taken{Lost: -1}, packing.Taken{Item: pouch, Lost: 1}, packing.Taken{Item: pouch})), invalid, "components[0].item components[0].lost components[1].reason components[2].item"},
		{"a component that is none", pack, l.run(1, taken(packing.Taken{Item: s.jar.ID})), invalid, "components[0].item"},
		{"a loss too large", pack, l.run(1, taken(packing.Taken{Item: pouch, Lost: core.MaxQty, Override: stock.Override{Reason: "x"}})), invalid, "components[0].lost"},
		{"a reason for no loss", pack, l.run(1, func(q *Q) { q.LostReason = "DUST" }), invalid, "lost_reason"},
		{"other pouches without a reason, not adding up", pack, l.run(5, taken(packing.Taken{Item: pouch, Override: stock.Override{Lots: []stock.Pick{{CellKey: l.pouch, Qty: 4}}}})), invalid, "components[0].reason components[0].lots"},
		{"pouches from a lot of something else", pack, l.run(5, taken(packing.Taken{Item: pouch, Override: stock.Override{Reason: "x", Lots: []stock.Pick{{CellKey: s.packs, Qty: 5}}}})), invalid, "components[0].lots[0].lot"},
		{"more pouches than the lot chosen has", pack, l.run(401, taken(packing.Taken{Item: pouch, Override: stock.Override{Reason: "x", Lots: []stock.Pick{{CellKey: l.pouch, Qty: 401}}}})), short, "components[0].lots[0].qty"},
	}
}
