package stock_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/screen/screentest"
	stockscreen "masala/ui/screen/stock"
	"masala/ui/theme"
)

// books are a server with lots in it.
type books struct {
	*screentest.Server
	lots   []stock.ValuedLotRow
	refuse error
}

func newBooks() *books {
	b := &books{Server: screentest.NewServer()}
	add := func(number, name, hi string, t catalog.Type, q core.Qty, v core.Paise, expiry core.Date, s stock.Status) {
		d := core.Mass
		if t == catalog.Finished || name == "Mono carton 100 g" {
			d = core.Count
		}
		b.lots = append(b.lots, stock.ValuedLotRow{Value: v, LotRow: stock.LotRow{CellKey: stock.CellKey{Lot: core.LotID(len(b.lots) + 1), Segment: core.Regular, Status: s},
			Number: number, Item: core.ItemID(len(b.lots) + 1), Name: name, NameHi: hi, Type: t, Dimension: d, Qty: q, ExpiryOn: expiry, BornOn: core.NewDate(2026, 2, 1)}})
	}
	day := core.NewDate
	add("LOT-20250510-003", "Kasuri methi", "कसूरी मेथी", catalog.Raw, 2_150_000, 39_560, day(2026, 2, 10), stock.Released)
	add("LOT-20250820-007", "Curry leaf, dried", "कड़ी पत्ता", catalog.Raw, 400_000, 7_680, day(2026, 3, 2), stock.Released)
	add("LOT-20250918-002", "Dry mint leaf", "पुदीना", catalog.Raw, 6_400_000, 104_640, day(2026, 3, 18), stock.Released)
	add("LOT-20260213-005", "Garam Masala Regular", "", catalog.Bulk, 57_700_000, 2_667_553, day(2026, 8, 12), stock.Released)
	add("LOT-20260214-004", "Garam Masala 100 g jar", "", catalog.Finished, 150, 837_321, day(2026, 11, 11), stock.Released)
	add("LOT-20260209-004", "Dry red chilli S4/Sannam", "", catalog.Raw, 642_250_000, 10_347_932, day(2027, 1, 2), stock.Released)
	add("LOT-20260212-003", "Coriander seed (Eagle)", "धनिया", catalog.Raw, 300_000_000, 2_612_853, day(2027, 1, 29), stock.Hold)
	add("LOT-20260131-001", "Amchur powder", "अमचूर", catalog.Raw, 48_000_000, 1_115_520, day(2027, 1, 30), stock.Rejected)
	add("LOT-20260213-006", "Turmeric Powder", "हल्दी पाउडर", catalog.Bulk, 187_000_000, 2_930_481, day(2027, 2, 12), stock.Released)
	add("LOT-20260212-002", "Cumin seed (Unjha 99%)", "जीरा", catalog.Raw, 159_600_000, 3_679_511, day(2027, 7, 27), stock.Released)
	add("LOT-20260212-001", "Turmeric finger", "हल्दी गांठ", catalog.Raw, 296_400_000, 4_342_989, day(2028, 2, 1), stock.Released)
	add("LOT-20260128-006", "Mono carton 100 g", "", catalog.Packing, 760, 125_400, 0, stock.Released)
	list := func(q stock.ListLotsReq) (r stock.ListValuedLotsResp, err error) {
		r.Counts.ByType = map[catalog.Type]int{}
		for _, l := range b.lots {
			if q.Query != "" && !strings.Contains(strings.ToLower(l.Number+l.Name+l.NameHi), strings.ToLower(q.Query)) {
				continue
			}
			if len(q.Statuses) > 0 && q.Statuses[0] != l.Status || !q.Empty && l.Qty == 0 {
				continue
			}
			r.Counts.All++
			r.Counts.ByType[l.Type]++
			if len(q.Types) > 0 && q.Types[0] != l.Type {
				continue
			}
			r.Value += l.Value
			r.Lots = append(r.Lots, l)
		}
		from := core.Offset(q.After)
		r.Lots = r.Lots[min(from, len(r.Lots)):]
		if n := core.PageSize(q.Limit); len(r.Lots) > n {
			r.Lots, r.Next = r.Lots[:n], fmt.Sprint(from+n)
		}
		return r, nil
	}
	screentest.Answer(b.Server, stock.ListValuedLots, list)
	screentest.Answer(b.Server, stock.ListLots, func(q stock.ListLotsReq) (r stock.ListLotsResp, err error) {
		v, err := list(q)
		for _, l := range v.Lots {
			r.Lots = append(r.Lots, l.LotRow)
		}
		r.Next, r.Counts = v.Next, v.Counts
		return r, err
	})
	detail := func(q stock.GetLotReq) (stock.ValuedLotDetail, error) {
		l := b.lots[q.ID-1]
		rate, _ := core.Rate(l.Value, l.Qty, l.Dimension)
		return stock.ValuedLotDetail{Value: l.Value, Rate: rate, LotDetail: stock.LotDetail{Lot: l.Lot, Number: l.Number, Item: l.Item, Name: l.Name, NameHi: l.NameHi, Type: l.Type,
			Dimension: l.Dimension, BornOn: core.NewDate(2026, 2, 12), ExpiryOn: l.ExpiryOn, Supplier: "Unjha Jeera House", SupplierLot: "UJ-77", SourceID: 7,
			SourceNumber: "GRN-20260212-001", Received: 200_000_000, Qty: l.Qty, Cells: []stock.LotCell{{Segment: core.Regular, Status: l.Status, Qty: l.Qty}},
			History: []stock.LotEvent{{Seq: 2, PostedAt: time.Date(2026, 2, 13, 6, 0, 0, 0, time.UTC), Kind: stock.KindAdjustment, Number: "ADJ-20260213-001", Qty: -400_000, User: "manager", Reason: "Damage"},
				{Seq: 1, PostedAt: time.Date(2026, 2, 12, 9, 2, 0, 0, time.UTC), Kind: stock.KindGRN, Number: "GRN-20260212-001", Qty: 200_000_000, User: "store1"}}}}, nil
	}
	screentest.Answer(b.Server, stock.GetValuedLot, detail)
	screentest.Answer(b.Server, stock.GetLot, func(q stock.GetLotReq) (stock.LotDetail, error) {
		d, err := detail(q)
		return d.LotDetail, err
	})
	screentest.Answer(b.Server, stock.Adjust, func(q stock.AdjustReq) (stock.Posted, error) {
		b.lots[q.Lot-1].Qty += q.Qty
		return stock.Posted{Document: 9, Number: "ADJ-20260212-001"}, b.refuse
	})
	move := func(to stock.Status) func(stock.ChangeStatusReq) (stock.Posted, error) {
		return func(q stock.ChangeStatusReq) (stock.Posted, error) {
			if b.refuse == nil {
				b.lots[q.Lot-1].Status = to
			}
			return stock.Posted{Document: 9, Number: "QC-20260212-001"}, b.refuse
		}
	}
	screentest.Answer(b.Server, stock.HoldLot, move(stock.Hold))
	screentest.Answer(b.Server, stock.ReleaseLot, move(stock.Released))
	screentest.Answer(b.Server, stock.RejectLot, move(stock.Rejected))
	return b
}

func open(t *testing.T, b *books, o screentest.Options) *screentest.Window {
	t.Helper()
	o.Server = b.Server
	if o.Width == 0 {
		o.Width, o.Height = 1440-72, 900-16-54
	}
	return screentest.Open(t, o, func(env *screen.Env) screen.Screen { return stockscreen.New(env, screen.Route{ID: screen.Lots}) })
}

func TestScreenshots(t *testing.T) {
	for _, x := range []struct {
		name string
		o    screentest.Options
	}{
		{"stock-lots", screentest.Options{}},
		{"stock-lots-dark", screentest.Options{Theme: theme.Options{Dark: true}}},
		{"stock-lots-1024", screentest.Options{Width: 1024 - 72, Height: 640 - 70}},
		{"stock-lots-150", screentest.Options{Theme: theme.Options{Zoom: 150}, Width: 1440 - 108, Height: 900 - 105}},
		{"stock-lots-operator", screentest.Options{Role: core.Operator}},
	} {
		t.Run(x.name, func(t *testing.T) {
			w := open(t, newBooks(), x.o)
			for range 10 {
				w.Press(key.NameDownArrow)
			}
			w.Picture(x.name + "-list")
			w.Press(key.NameReturn)
			w.Picture(x.name)
		})
	}
	w := open(t, newBooks(), screentest.Options{})
	for range 10 {
		w.Press(key.NameDownArrow)
	}
	w.Press(key.NameReturn)
	w.Click("Adjust")
	w.Type("-12.5")
	w.Enter(1)
	w.Picture("stock-adjust")
	w = open(t, newBooks(), screentest.Options{})
	w.Fill("Find", "nothing of that name")
	w.Picture("stock-no-match")
}
