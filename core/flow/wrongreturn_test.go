package flow_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masala/core"
	"masala/core/purchase"
	"masala/core/report"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/trace"
	. "masala/storage/storagetest"
)

// cancelWith cancels a document, and before it, newest first, what the refusals name.
func cancelWith(f *Factory, id core.DocumentID) (gone []string) {
	f.T.Helper()
	for range 10 {
		_, err := Try(f.Owner, stock.ReverseDocument, stock.ReverseReq{Document: id, Reason: "entered wrongly"})
		if err == nil {
			return append(gone, number(f, id))
		}
		var e *core.Error
		if !errors.As(err, &e) || e.Args["documents"] == nil || strings.Contains(e.Message, "adjustment") {
			f.T.Fatalf("%s cannot be put right: %v", number(f, id), err)
		}
		named := e.Args["documents"].([]string)
		docs := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Limit: 100}).Documents
		i := slices.IndexFunc(docs, func(d stock.DocumentRow) bool { return slices.Contains(named, d.Number) })
		gone = append(gone, cancelWith(f, docs[i].ID)...)
	}
	f.T.Fatalf("%s is in the way of itself", number(f, id))
	return nil
}

// TestR09_AWrongReturnGoesNewestFirst: a return that a price correction stands over is put
// right by cancelling what each refusal names, and what is out with the customer, and owed
// to the supplier, is then what it is. An adjustment would have left both wrong.
func TestR09_AWrongReturnGoesNewestFirst(t *testing.T) {
	t.Parallel()
	f, m, g, d := sold(t)
	lot := d.Items[0].Lots[0].Lot
	back := func(packs core.Qty) core.DocumentID {
		return Do(f.Store1, sales.PostReturn, sales.PostReturnReq{Dispatch: d.ID, Reason: "wet", Lines: []sales.ReturnLine{{Lot: lot, Qty: packs, Condition: sales.Good}}}).Document
	}
	wrong := back(200) // of 150
	correct(f, g, 500_00)
	Do(f.Owner, stock.ReleaseLot, stock.ChangeStatusReq{Lot: lot, Segment: core.Regular, Qty: 100, Reason: "ok"})
	sell(f, m.customers[1], m.finished[0], 60)
	if got, want := cancelWith(f, wrong), []string{"DC/2526/00002", "QC-20260212-001", "PC-20260212-001", "SR-20260212-001"}; !slices.Equal(got, want) {
		t.Errorf("cancelled were %v, want %v", got, want)
	}
	back(150)
	if c := Do(f.Owner, trace.OpenRecall, trace.OpenRecallReq{Lot: lot, Reason: "aflatoxin"}).Customers; len(c) != 1 || c[0].Pieces != 50 {
		t.Errorf("50 packs are out, and the recall says %+v", c)
	}
	f.Verify()

	f, m = newFactory(t)
	g = Do(f.Store1, purchase.PostGRN, GRN(m.suppliers[0], "B/1", Line(m.raw[0], 100, 10_000_00)))
	key := stock.CellKey{Lot: g.Lots[0].Lot, Segment: core.Regular, Status: stock.Released}
	returned := func(kg core.Qty) core.DocumentID {
		return Do(f.Store1, purchase.ReturnGoods, purchase.ReturnGoodsReq{CellKey: key, Qty: kg * core.Kilogram, Reason: "wet"}).Document
	}
	wrong = returned(10) // of 1
	correct(f, g, 900_00)
	Do(f.Store1, stock.HoldLot, stock.ChangeStatusReq{Lot: key.Lot, Qty: 5 * core.Kilogram, Reason: "smells"})
	if got, want := cancelWith(f, wrong), []string{"QC-20260212-001", "PC-20260212-001", "PRT-20260212-001"}; !slices.Equal(got, want) {
		t.Errorf("cancelled were %v, want %v", got, want)
	}
	returned(1)
	correct(f, g, 900_00)
	if v := Do(f.Owner, report.ValuedDashboard, report.DashboardReq{}); v.Purchases != 10_900_00-100_00 {
		t.Errorf("the supplier is owed %s", v.Purchases.Number())
	}
	f.Verify()
}
