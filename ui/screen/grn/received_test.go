package grn_test

import (
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/screen/grn"
	"masala/ui/screen/screentest"
)

// R37: after posting no purchase rate is asked for or shown to an Operator.
func TestReceivedGoods(t *testing.T) {
	for _, role := range []core.Role{core.Admin, core.Operator} {
		f := screentest.NewFactory()
		serveReceived(f)
		w := screentest.Open(t, screentest.Options{Role: role, Server: f.Server, Width: 1368}, func(env *screen.Env) screen.Screen {
			return grn.New(env, screen.Route{ID: screen.GRN})
		})
		w.Press(key.NameDownArrow)
		w.Press(key.NameReturn)
		if !w.Sees("Turmeric finger") {
			t.Fatalf("no details\n%s", w.Dump())
		}
		w.Picture("grn-received-" + string(role))
		costs := len(screentest.Requests(f.Server, purchase.GetCostedGRN))
		if admin := role == core.Admin; w.Sees("₹ 1,52,600.00") != admin || (costs > 0) != admin || w.Sees("Cancel this GRN") != admin {
			t.Errorf("%s: asked for costs %d times\n%s", role, costs, w.Dump())
		}
		if role != core.Admin {
			continue
		}
		w.Click("Cancel this GRN")
		w.Press(key.NameReturn, 0)
		w.Click("Cancel GRN")
		if got := w.Note("Reason", "Error"); got != "Give the reason." || len(w.Questions) != 0 {
			t.Errorf("without a reason it says %q", got)
		}
		w.Fill("Reason", "wrong supplier")
		w.Click("Cancel GRN")
		w.Reply("Cancel GRN")
		got := screentest.Requests(f.Server, stock.ReverseDocument)
		if len(got) != 1 || got[0] != (stock.ReverseReq{Document: 7, Reason: "wrong supplier"}) {
			t.Errorf("sent %+v\n%s", got, w.Dump())
		}
		if w.Said() != "GRN-20260212-001 cancelled by REV-20260212-001" || !w.Sees("Cancelled by") {
			t.Errorf("said %q\n%s", w.Said(), w.Dump())
		}
	}
}

// serveReceived makes the factory hold one posted GRN.
func serveReceived(f *screentest.Factory) {
	at := time.Date(2026, 2, 12, 9, 0, 0, 0, time.UTC)
	g := purchase.CostedGRN{GRN: purchase.GRN{ID: 7, Number: "GRN-20260212-001", Supplier: 1, SupplierName: "Unjha Jeera House", InvoiceNo: "UJH/1182",
		InvoiceDate: core.NewDate(2026, 2, 10), ReceivedOn: core.NewDate(2026, 2, 12), PostedAt: at, User: "store1", Device: "PC-STORE",
		Reason: "The supplier had no smaller sacks of turmeric and added the rest of his coriander."},
		Freight: 350_000, Goods: 14_200_000, GST: 710_000, Total: 15_260_000}
	for i, x := range []struct {
		name string
		qty  core.Qty
		v, l core.Paise
	}{{"Turmeric finger", 500_000_000, 7_150_000, 176_232}, {"Cumin seed (Unjha 99%)", 200_000_000, 4_500_000, 110_916}, {"Coriander seed (Eagle)", 300_000_000, 2_550_000, 62_852}} {
		g.Lines = append(g.Lines, purchase.PostedLine{Line: i + 1, Name: x.name, Dimension: core.Mass, Qty: x.qty, Unit: "kg", LotNumber: "LOT-20260212-00" + string(rune('1'+i)), ExpiryOn: core.NewDate(2028, 2, 2), Status: stock.Released})
		g.Costs = append(g.Costs, purchase.LineCost{Value: x.v, Landed: x.l, GSTRate: 500, GST: x.v / 20})
	}
	screentest.Answer(f.Server, purchase.GetCostedGRN, func(purchase.GetGRNReq) (purchase.CostedGRN, error) { return g, nil })
	screentest.Answer(f.Server, purchase.GetGRN, func(purchase.GetGRNReq) (purchase.GRN, error) { return g.GRN, nil })
	screentest.Answer(f.Server, stock.ListDocuments, func(stock.ListDocumentsReq) (r stock.ListDocumentsResp, err error) {
		r.Documents = []stock.DocumentRow{{ID: 7, Kind: stock.KindGRN, Number: g.Number, EffectiveOn: g.ReceivedOn, PostedAt: at, User: "store1", Device: "PC-STORE",
			Party: g.SupplierName, Lines: 3, Mass: 1000 * core.Kilogram, ReversedBy: g.ReversedBy},
			{ID: 6, Kind: stock.KindGRN, Number: "GRN-20260211-002", EffectiveOn: core.NewDate(2026, 2, 11), PostedAt: at.Add(-20 * time.Hour), User: "store1", Party: "Sangli Haldi Traders", Lines: 1, Mass: 640 * core.Kilogram}}
		return r, nil
	})
	screentest.Answer(f.Server, stock.ReverseDocument, func(stock.ReverseReq) (stock.Posted, error) {
		g.ReversedBy = "REV-20260212-001"
		return stock.Posted{Document: 8, Number: g.ReversedBy}, nil
	})
}

func TestFault_2_1_CancellationDraft(t *testing.T) {
	f := screentest.NewFactory()
	serveReceived(f)
	files := &screentest.Files{Data: map[string][]byte{}}
	show := func(r screen.Route) *screentest.Window {
		return screentest.Open(t, screentest.Options{Files: files, Server: f.Server, Width: 1368}, func(env *screen.Env) screen.Screen { return grn.New(env, r) })
	}
	w := show(screen.Route{ID: screen.GRN, Document: 7})
	w.Click("Cancel this GRN")
	w.Fill("Reason", "wrong supplier")
	if !w.Screen.Dirty() {
		t.Error("a reason that was typed is not unsaved")
	}
	w.Advance(6 * time.Second)
	list, _, err := w.Env.Drafts.List()
	if err != nil || len(list) != 1 {
		t.Fatalf("%d drafts, %v", len(list), err)
	}
	w = show(screen.Route{ID: screen.GRN, New: true, Draft: list[0].Key})
	if got := w.Text("Reason"); got != "wrong supplier" {
		t.Errorf("the reason came back as %q\n%s", got, w.Dump())
	}
}
