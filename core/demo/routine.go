package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"masala/core"
	"masala/core/catalog"
	"masala/core/purchase"
	"masala/core/stock"
)

// seed of the routine deliveries; another one is another factory.
const seed = 20260212

// good is what a supplier brings: so many packs (bags, boxes, rolls; kilograms of
// film) at a price per kg or piece, or per roll of what is measured by length.
type good struct {
	sku      string
	min, max int64
	price    core.Paise
}

// round is the visits of one supplier.
type round struct {
	supplier string
	prefix   string // of his invoices and lots
	every    int    // days
	lines    int    // at most, per visit
	user     string
	goods    []good
}

func rounds() []round {
	return []round{
		{"Erode Turmeric Traders", "ET", 9, 1, "store1", []good{{"RAW-001", 4, 8, 14300}}},
		{"Guntur Mirchi Yard & Co", "GM", 6, 3, "store1", []good{{"RAW-002", 4, 8, 16000}, {"RAW-003", 2, 5, 27000}, {"RAW-025", 1, 2, 8200}, {"RAW-026", 1, 2, 11800}, {"RAW-029", 2, 4, 13500}}},
		{"Unjha Jeera House", "UJ", 6, 3, "store1", []good{{"RAW-005", 2, 4, 22500}, {"RAW-016", 1, 3, 11500}, {"RAW-015", 1, 2, 6500}, {"RAW-017", 1, 3, 6800}, {"RAW-018", 1, 2, 15000}}},
		{"Ramganj Dhaniya Mandi Agency", "RD", 7, 1, "store1", []good{{"RAW-004", 5, 10, 8500}}},
		{"Idukki Elaichi Planters", "IE", 11, 3, "store2", []good{{"RAW-007", 2, 4, 275000}, {"RAW-008", 1, 1, 165000}, {"RAW-009", 1, 2, 90000}, {"RAW-010", 2, 4, 28000}}},
		{"Kochi Pepper Exports", "KP", 12, 2, "store2", []good{{"RAW-006", 1, 2, 66000}, {"RAW-014", 2, 3, 26000}}},
		{"Sunrise Hing Works", "SH", 11, 3, "store2", []good{{"RAW-019", 2, 3, 110000}, {"RAW-020", 2, 5, 23000}, {"RAW-021", 1, 3, 2800}, {"RAW-022", 2, 4, 1400}}},
		{"PolyFlex Laminates", "PF", 13, 4, "store2", []good{{"PKG-001", 40, 80, 28500}, {"PKG-002", 30, 50, 28500}, {"PKG-008", 4, 8, 62}, {"PKG-012", 20, 40, 3800}, {"PKG-013", 3, 5, 2100}}},
		{"ClearPET Jars", "CP", 11, 3, "store2", []good{{"PKG-005", 3, 6, 560}, {"PKG-006", 4, 8, 145}, {"PKG-007", 3, 6, 38}, {"PKG-014", 2, 4, 420}}},
		{"Shree Corrugators", "SC", 6, 2, "store2", []good{{"PKG-010", 8, 16, 2400}, {"PKG-011", 3, 6, 3200}}},
		{"Nagpur Bulk Masala Mills", "NB", 4, 3, "store1", []good{{"BLK-001", 3, 6, 15600}, {"BLK-002", 3, 6, 17600}, {"BLK-003", 1, 3, 29800}, {"BLK-004", 3, 6, 9200},
			{"BLK-005", 1, 3, 24300}, {"BLK-006", 2, 4, 48000}, {"BLK-008", 1, 3, 16600}, {"BLK-009", 1, 3, 20600}, {"BLK-010", 1, 3, 17600}}},
	}
}

// planRoutine writes down the visits of the suppliers and what becomes of the goods
// that wait for quality control.
func (f *filler) planRoutine() {
	rnd := rand.New(rand.NewPCG(seed, Days))
	for _, r := range rounds() {
		bill := 1100 + rnd.IntN(700)
		for ago := Days - 2 - rnd.IntN(r.every); ago > 0; ago -= r.every - 1 + rnd.IntN(3) {
			bill += 1 + rnd.IntN(9)
			day := f.workday(ago)
			d := delivery{key: fmt.Sprintf("%s-%d", r.prefix, bill), user: r.user, supplier: r.supplier, prefix: r.prefix, bill: bill, freight: rnd.IntN(3) > 0}
			for _, n := range rnd.Perm(len(r.goods))[:1+rnd.IntN(min(r.lines, len(r.goods)))] {
				g := r.goods[n]
				price := g.price * core.Paise(960+rnd.IntN(81)) / 1000
				if price > 1000 {
					price -= price % 50
				}
				d.lines = append(d.lines, deliveredLine{sku: g.sku, packs: g.min + rnd.Int64N(g.max-g.min+1), price: price, age: 8 + rnd.IntN(30)})
			}
			f.receive(day, 9*60+30+rnd.IntN(7*60), d)
			// The laboratory needs a working day; what came last is still waiting.
			if tested := f.nextWorkday(day); tested <= f.today && rnd.IntN(8) > 0 {
				f.at(tested, 11*60+rnd.IntN(4*60), "Testing "+r.supplier, func() error { return f.release(d.key) })
			}
		}
	}
}

func (f *filler) nextWorkday(day core.Date) core.Date {
	day++
	if day.Time().Weekday() == time.Sunday {
		day++
	}
	return day
}

// delivery is one GRN to be.
type delivery struct {
	key      string // how later steps name it
	user     string
	supplier string
	prefix   string
	bill     int
	freight  bool       // at the usual rate of 1.5 %
	exact    core.Paise // freight to the paisa, instead
	lines    []deliveredLine
}

type deliveredLine struct {
	sku   string
	packs int64
	loose int64 // kilograms or pieces, instead of packs
	price core.Paise
	age   int    // days since it was made
	life  int    // days until it expires, instead of what the item's shelf life says
	batch string // instead of one made from the bill
	hold  string // reason to set it aside
}

// receive plans a GRN.
func (f *filler) receive(day core.Date, minute int, d delivery) {
	f.at(day, minute, "Goods received from "+d.supplier, func() error {
		req := purchase.PostGRNReq{Supplier: f.parties[d.supplier], InvoiceNo: fmt.Sprintf("%s/%s/%d", d.prefix, day.FinancialYear(), d.bill), InvoiceDate: f.workday(int(f.today - day + 1)), Freight: d.exact}
		for i, l := range d.lines {
			line, err := f.line(day, d, i, l)
			if err != nil {
				return err
			}
			req.Lines = append(req.Lines, line)
		}
		if goods, err := req.Goods(); err != nil {
			return err
		} else if d.freight {
			req.Freight = goods * 15 / 1000
			req.Freight -= req.Freight % 5000
			req.Hamali = core.Paise(len(d.lines)) * 12_000
		}
		resp, err := do(f, d.user, purchase.PostGRN, req)
		f.posted[d.key] = resp
		return err
	})
}

func (f *filler) line(day core.Date, d delivery, i int, l deliveredLine) (purchase.GRNLine, error) {
	item, ok := f.items[l.sku]
	if !ok {
		return purchase.GRNLine{}, fmt.Errorf("no item %s", l.sku)
	}
	unit := item.PurchaseUnit
	if len(item.Units) > 0 {
		unit = item.Units[0].Code
	}
	n := l.packs
	if l.loose > 0 {
		unit, n = item.Dimension.Unit(), l.loose
	}
	u, err := catalog.FindUnit(&item.ItemFields, unit)
	if err != nil {
		return purchase.GRNLine{}, err
	}
	qty, err := u.Convert(n, 1)
	if err != nil {
		return purchase.GRNLine{}, err
	}
	g := purchase.GRNLine{Item: item.ID, Qty: qty, Unit: unit, Value: core.Paise(qty/item.Dimension.PerUnit()) * l.price,
		SupplierBatch: l.batch, Hold: l.hold != "", HoldReason: l.hold}
	if item.Dimension == core.Length {
		g.Value = core.Paise(n) * l.price
	}
	if g.SupplierBatch == "" {
		g.SupplierBatch = fmt.Sprintf("%s-%d%c", d.prefix, d.bill, 'A'+i)
	}
	if item.Type == catalog.Packing {
		return g, nil
	}
	g.MfgOn = day.AddDays(-l.age)
	g.ExpiryOn = g.MfgOn.AddMonths(item.ShelfLifeMonths)
	if l.life > 0 {
		g.ExpiryOn = day.AddDays(l.life)
	}
	return g, nil
}

// release ends the quality control of what a delivery left on hold.
func (f *filler) release(key string) error {
	for _, l := range f.posted[key].Lots {
		if l.Status != stock.Hold {
			continue
		}
		if _, err := do(f, "manager", stock.ReleaseLot, stock.ChangeStatusReq{Lot: l.Lot, Reason: f.finding(l.Item)}); err != nil {
			return err
		}
	}
	return nil
}

// finding is what the laboratory wrote.
func (f *filler) finding(id core.ItemID) string {
	for sku, item := range f.items {
		if item.ID != id {
			continue
		}
		switch {
		case sku == "RAW-002" || sku == "RAW-003":
			return "Moisture 9.6 %, aflatoxin 8 µg/kg: within limits"
		case sku == "RAW-004":
			return "Moisture 8.3 %: within limits"
		case item.Type == catalog.Bulk:
			return "Ash, moisture and fineness within limits"
		}
	}
	return "Quality control passed"
}
