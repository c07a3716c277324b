package grn_test

import (
	"fmt"
	"image"
	"reflect"
	"testing"

	"gioui.org/f32"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/screen/grn"
	"masala/ui/screen/screentest"
)

// bench is a window with an empty GRN in it, before a server that posts.
type bench struct {
	*screentest.Window
	*screentest.Factory
	posted int
	answer func(purchase.PostGRNReq) error // nil posts
}

func open(t *testing.T, o screentest.Options) *bench {
	t.Helper()
	b := &bench{Factory: screentest.NewFactory()}
	screentest.Answer(b.Factory.Server, purchase.PostGRN, func(q purchase.PostGRNReq) (r purchase.PostGRNResp, err error) {
		if b.answer != nil {
			if err := b.answer(q); err != nil {
				return r, err
			}
		}
		b.posted++
		r.Document, r.Number = 7, "GRN-20260212-001"
		for i, l := range q.Lines {
			it := b.Items[l.Item-1]
			n := purchase.NewLot{Lot: core.LotID(i + 1), Number: "LOT-20260212-00" + string(rune('1'+i)), Item: l.Item, Name: it.Name, Qty: l.Qty, Status: stock.Released}
			if l.Hold {
				n.Status = stock.Hold
			}
			r.Lots = append(r.Lots, n)
		}
		return r, nil
	})
	screentest.Answer(b.Factory.Server, stock.SuggestNumbers, func(q stock.SuggestNumbersReq) (stock.SuggestNumbersResp, error) {
		return stock.SuggestNumbersResp{On: q.On, Numbers: map[string]string{
			"GRN": fmt.Sprintf("GRN-%s-%03d", q.On.Compact(), b.posted+1), "LOT": fmt.Sprintf("LOT-%s-%03d", q.On.Compact(), 3*b.posted+1)}}, nil
	})
	o.Server = b.Factory.Server
	b.Window = screentest.Open(t, o, func(env *screen.Env) screen.Screen { return grn.New(env, screen.Route{ID: screen.GRN, New: true}) })
	return b
}

// head types supplier, invoice number and date; the keyboard is then in the lines.
func (b *bench) head() {
	b.T.Helper()
	b.Type("unjha")
	b.Enter(1)
	b.Type("UJH/1182")
	b.Enter(1)
	b.Type("10-2")
	b.Enter(1)
	if b.Env.IsAdmin() {
		b.Enter(1) // received on: today
	}
}

// line types one line; the keyboard is then in the next.
func (b *bench) line(item, qty, rate, batch, mfg string) {
	b.T.Helper()
	b.Type(item)
	b.Enter(1)
	b.Type(qty)
	b.Enter(1)
	b.Type(rate)
	b.Enter(2) // value follows from the rate
	b.Type(batch)
	b.Enter(1)
	b.Type(mfg)
	b.Enter(2) // expiry is suggested
	if item != "coriander" && item != "RAW-003" {
		b.Enter(1) // QC: release
	}
}

func TestFiveLinesByKeyboardOnly(t *testing.T) {
	b := open(t, screentest.Options{})
	b.head()
	b.line("turm", "500", "143", "ET-2209", "2-2")
	b.line("cumin", "5 bag", "9000", "UJ-77", "28-1")
	b.line("coriander", "3q", "8500", "RD-145", "30-1")
	b.line("RAW-007", "2.5+1.5", "2850.5", "GC-1", "1-2")
	b.line("carton", "1200", "1.65", "", "")
	b.Enter(1) // an empty item leads to the totals
	b.Type("3500")
	b.Enter(1)
	b.Type("250")
	b.Enter(1) // to the button
	b.Enter(1)
	want := purchase.PostGRNReq{Supplier: 1, InvoiceNo: "UJH/1182", InvoiceDate: core.NewDate(2026, 2, 10), ReceivedOn: core.NewDate(2026, 2, 12),
		Freight: 350_000, Hamali: 25_000, Lines: []purchase.GRNLine{
			{Item: 1, Qty: 500 * core.Kilogram, Unit: "kg", Value: 7_150_000, SupplierBatch: "ET-2209", MfgOn: core.NewDate(2026, 2, 2), ExpiryOn: core.NewDate(2028, 2, 1)},
			{Item: 2, Qty: 200 * core.Kilogram, Unit: "bag", Value: 4_500_000, SupplierBatch: "UJ-77", MfgOn: core.NewDate(2026, 1, 28), ExpiryOn: core.NewDate(2027, 7, 27)},
			{Item: 3, Qty: 300 * core.Kilogram, Unit: "q", Value: 2_550_000, SupplierBatch: "RD-145", MfgOn: core.NewDate(2026, 1, 30), ExpiryOn: core.NewDate(2027, 1, 29), Hold: true},
			{Item: 4, Qty: 4 * core.Kilogram, Unit: "kg", Value: 1_140_200, SupplierBatch: "GC-1", MfgOn: core.NewDate(2026, 2, 1), ExpiryOn: core.NewDate(2027, 7, 31)},
			{Item: 8, Qty: 1200, Unit: "pcs", Value: 198_000},
		}}
	got := screentest.Requests(b.Factory.Server, purchase.PostGRN)
	if len(got) != 1 {
		t.Fatalf("posted %d times\n%s", len(got), b.Dump())
	}
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("sent\n%+v\nwant\n%+v", got[0], want)
	}
	if b.Said() != "GRN-20260212-001 posted" {
		t.Errorf("said %q", b.Said())
	}
	if b.Screen.Dirty() || len(b.Files.Data) != 0 {
		t.Error("the form or its draft outlived the posting")
	}
	b.Type("sangli") // the keyboard is back in the first field
	b.Enter(1)
	if !b.Sees(b.Parties[1].GSTIN + ", lead time 2 days") {
		t.Errorf("the next supplier was not taken\n%s", b.Dump())
	}
}

func center(r image.Rectangle) f32.Point {
	return f32.Pt(float32(r.Min.X+r.Max.X)/2, float32(r.Min.Y+r.Max.Y)/2)
}
