package packing_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"masala/core"
	"masala/core/catalog"
	"masala/core/packing"
	"masala/core/party"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	. "masala/storage/storagetest"
)

const kg = core.Kilogram

// line is a factory with a powder, a finished good of 50 g, its pouch and its carton,
// and the profile of one pouch a pack and one carton per 40.
type line struct {
	*Factory
	powder, pouch, carton, packs catalog.Item
	profile                      packing.Profile
	supplier                     party.Party
}

func pieces(subtype string) func(*catalog.ItemFields) {
	return func(i *catalog.ItemFields) {
		i.Type, i.Subtype, i.Dimension, i.PurchaseUnit, i.IssueUnit, i.Units, i.ShelfLifeMonths = catalog.Packing, subtype, core.Count, "pcs", "pcs", nil, 0
	}
}

func newLine(t *testing.T, change ...func(*packing.Fields)) *line {
	t.Helper()
	f := New(t)
	l := &line{Factory: f, supplier: f.Supplier("Nagpur Bulk Masala Mills"),
		powder: f.Item("BLK-001", "Turmeric powder", func(i *catalog.ItemFields) { i.Type = catalog.Bulk }),
		pouch:  f.Item("PKG-001", "Pouch 50 g", pieces("POUCH")),
		carton: f.Item("PKG-002", "Carton of 40", pieces("OUTER"))}
	fields := packing.Fields{Code: "POUCH_50", Name: "Pouch of 50 g", NetWeight: 50 * core.Gram, Active: true,
		Components: []packing.Component{{Item: l.pouch.ID, PerPacks: core.PerPacks{Q: 1, N: 1}}, {Item: l.carton.ID, PerPacks: core.PerPacks{Q: 1, N: 40}}}}
	for _, c := range change {
		c(&fields)
	}
	l.packs = f.FinishedGood("FIN-001", "Turmeric 50 g", func(i *catalog.ItemFields) { i.NetWeight = fields.NetWeight })
	fields.Products = []packing.Product{{Item: l.packs.ID, Powder: l.powder.ID}}
	l.profile = Do(f.Owner, packing.CreateProfile, packing.CreateProfileReq{Fields: fields})
	return l
}

// onePouch leaves the cartons out.
func onePouch(f *packing.Fields) { f.Components = f.Components[:1] }

// buy receives a lot, in base units.
func (l *line) buy(item catalog.Item, q core.Qty, value core.Paise, change ...func(*purchase.GRNLine)) core.LotID {
	l.T.Helper()
	n := l.Int(`SELECT count(*) FROM grn`)
	x := Line(item.ID, 1, value)
	x.Qty, x.Unit = q, item.IssueUnit
	if item.Type == catalog.Packing {
		x.ExpiryOn = 0
	}
	for _, c := range change {
		c(&x)
	}
	return Do(l.Store1, purchase.PostGRN, GRN(l.supplier.ID, fmt.Sprintf("N/%d", n), x)).Lots[0].Lot
}

func (l *line) fields(lot core.LotID, packs core.Qty) packing.RunFields {
	return packing.RunFields{Profile: l.profile.ID, Item: l.packs.ID, Lot: lot, Segment: core.Regular, Packs: packs}
}

func (l *line) req(lot core.LotID, packs core.Qty, change ...func(*packing.PostRunReq)) packing.PostRunReq {
	r := packing.PostRunReq{Version: l.profile.Version, RunFields: l.fields(lot, packs)}
	for _, c := range change {
		c(&r)
	}
	return r
}

func (l *line) pack(lot core.LotID, packs core.Qty, change ...func(*packing.PostRunReq)) packing.Run {
	l.T.Helper()
	return Do(l.Store1, packing.PostRun, l.req(lot, packs, change...))
}

func (l *line) valued(lot core.LotID) stock.ValuedLotDetail {
	l.T.Helper()
	return Do(l.Owner, stock.GetValuedLot, stock.GetLotReq{ID: lot})
}

// send sells packs to a customer of the state and confirms the dispatch.
func (l *line) send(packs core.Qty, change ...func(*party.Fields)) sales.Dispatch {
	l.T.Helper()
	to := party.Fields{Kind: party.Customer, Name: fmt.Sprintf("Customer %d", l.Int(`SELECT count(*) FROM party`)), Phone: "98220 12345", StateCode: "27", Segment: core.Regular, Active: true}
	for _, c := range change {
		c(&to)
	}
	p := Do(l.Owner, party.CreateParty, party.CreatePartyReq{Fields: to})
	o := Do(l.Store1, sales.CreateOrder, sales.CreateOrderReq{OrderFields: sales.OrderFields{Customer: p.ID, Lines: []sales.OrderLine{{Item: l.packs.ID, Qty: packs, Unit: "pcs", Price: 27_43}}}})
	d := Do(l.Store1, sales.DraftDispatch, sales.DraftReq{Order: o.ID, Lines: []sales.DraftLine{{OrderLine: 1, Qty: packs}}})
	return Do(l.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version})
}

func (l *line) account(a stock.Account) core.Paise {
	l.T.Helper()
	for _, x := range Do(l.Owner, stock.TrialBalance, stock.TrialBalanceReq{}).Accounts {
		if x.Account == a {
			return x.Value
		}
	}
	return 0
}

func fields(err error) string {
	var e *core.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Field+" "+f.Message)
	}
	return fmt.Sprint(e.Code) + ": " + strings.Join(out, "; ")
}
