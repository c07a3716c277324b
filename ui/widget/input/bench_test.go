package input

import (
	"fmt"
	"image"
	"testing"
	"time"

	"gioui.org/layout"
	"gioui.org/op"

	"masala/core"
	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/uitest"
	"masala/ui/widget"
)

var today = core.NewDate(2026, 2, 12)

func cal() form.Calendar     { return form.Calendar{Today: today} }
func noLater() form.Calendar { return form.Calendar{Today: today, NoFuture: true} }

func mass() form.Measure {
	return form.Measure{Dimension: core.Mass, Units: []form.Unit{{Code: "kg", Name: "kilogram", Num: 1_000_000, Den: 1},
		{Code: "bag", Name: "bag", Num: 40_000_000, Den: 1}, {Code: "q", Name: "quintal", Num: 100_000_000, Den: 1}}}
}

var stock = []Option{
	{"1", "RAW-001", "Turmeric finger", "हल्दी गांठ", "296.400 kg", "ET-2209"},
	{"2", "RAW-002", "Cumin seed (Unjha 99%)", "जीरा", "159.600 kg", "UJ-77"},
	{"3", "RAW-003", "Coriander seed (Eagle)", "धनिया", "300.000 kg", "RD-145"},
	{"7", "RAW-007", "Green cardamom (7 mm)", "छोटी इलायची", "4.200 kg", ""},
	{"8", "RAW-008", "Black (large) cardamom", "बड़ी इलायची", "7.850 kg", ""},
	{"10", "RAW-010", "Cassia / cinnamon bark", "दालचीनी", "31.500 kg", ""},
}

// many is a list that has to scroll.
func many(n int) (list []Option) {
	for i := range n {
		list = append(list, Option{Key: fmt.Sprint(i), Code: fmt.Sprintf("FIN-%03d", i), Name: fmt.Sprint("Masala ", i)})
	}
	return list
}

var qc = []Option{{Key: "RELEASE", Name: "Release"}, {Key: "HOLD", Name: "Hold"}}

// desk is a form with every control on it and a grid.
type desk struct {
	*uitest.UI
	th                                 *theme.Theme
	form                               *form.Form
	supplier, invoice, on, qty, amount *form.Field
	rows                               *form.Rows

	combo   Combobox
	text    Text
	date    Date
	number  Number
	measure Quantity
	grid    *Grid
	after   widget.Field
	events  []GridEvent
	field   []Event // of the controls above the grid
	loading bool
	serve   bool // the items come from a server, which answers once loading is over
	chain   bool // Enter leads from one control to the next
	gridTop int
}

func newDesk(t testing.TB, w, h int, o theme.Options) *desk { return newDeskOf(t, w, h, theme.New(o)) }

func newDeskOf(t testing.TB, w, h int, th *theme.Theme) *desk {
	n := 0
	d := &desk{th: th, form: form.New("purchase.post_grn", "GRN", func() string { n++; return fmt.Sprint("k", n) }), gridTop: 190}
	f := d.form
	d.supplier = f.Add(form.Field{Path: "supplier", Label: "Supplier", Required: true, Pick: true})
	d.invoice = f.Add(form.Field{Path: "invoice_no", Label: "Invoice no.", Required: true})
	d.on = f.Add(form.Field{Path: "received_on", Label: "Received on", Required: true, Rule: form.Day(noLater)})
	d.qty = f.Add(form.Field{Path: "quantity", Label: "Weight", Rule: form.Amount(mass)})
	d.amount = f.Add(form.Field{Path: "freight", Label: "Freight", Rule: form.Money})
	d.rows = f.AddRows("lines", func() []form.Field {
		return []form.Field{
			{Path: "item", Label: "Item", Required: true, Pick: true},
			{Path: "quantity", Label: "Quantity", Required: true, Rule: form.Above(form.Amount(mass))},
			{Path: "rate", Label: "Rate", Required: true, Rule: form.Price},
			{Path: "supplier_lot", Label: "Supplier lot"},
			{Path: "mfg_on", Label: "Mfg date", Rule: form.Day(cal)},
			{Path: "expiry_on", Label: "Expiry date", Required: true, Missing: "Expiry date is required for raw material.", Rule: form.Day(cal)},
			{Path: "qc", Label: "QC"},
		}
	})
	d.combo = Combobox{Create: "supplier", Search: func(text string) Found {
		if d.loading {
			return Found{Loading: true}
		}
		return Found{Options: rank(stock, text)}
	}}
	d.date.Calendar = noLater
	d.measure.Measure = mass
	search := func(*form.Row) Search {
		if d.serve {
			return func(text string) Found {
				if d.loading {
					return Found{Loading: true}
				}
				return Found{Options: rank(stock, text)}
			}
		}
		return Among(stock)
	}
	amount := func(r *form.Row) string {
		q, ok := r.Field("quantity").Quantity(mass())
		if !ok {
			return "0.00"
		}
		p, _ := r.Field("rate").Rate().Times(q.Base, mass().Units[0])
		return p.Number()
	}
	d.grid = NewGrid("Lines",
		GridColumn{Name: "item", Title: "Item", Kind: Record, Width: 246, Search: search, Create: "item"},
		GridColumn{Name: "quantity", Title: "Quantity", Kind: Amount, Width: 92, Ghost: "0.000", Measure: func(*form.Row) form.Measure { return mass() }},
		GridColumn{Name: "unit", Title: "Unit", Kind: Derived, Width: 48, Show: func(r *form.Row, _ int) string {
			if _, u := form.Split(r.Field("quantity").Text); u != "" {
				return u
			}
			return "kg"
		}},
		GridColumn{Name: "rate", Title: "Rate ₹", Kind: Figure, Width: 82, Ghost: "0.00"},
		GridColumn{Name: "taxable", Title: "Taxable ₹", Kind: Derived, End: true, Strong: true, Width: 106, Show: func(r *form.Row, _ int) string { return amount(r) }},
		GridColumn{Name: "supplier_lot", Title: "Supplier lot", Width: 92},
		GridColumn{Name: "mfg_on", Title: "Mfg date", Kind: Day, Width: 110, Calendar: cal},
		GridColumn{Name: "expiry_on", Title: "Expiry date", Kind: Day, Width: 130, Calendar: cal},
		GridColumn{Name: "qc", Title: "QC", Kind: Choice, Width: 102, Search: func(*form.Row) Search { return Among(qc) }, Tone: func(th *theme.Theme, f *form.Field) theme.Tone {
			if f.Key == "HOLD" {
				return th.Hold
			}
			return th.OK
		}},
		GridColumn{Name: "lot", Title: "New lot", Kind: Derived, End: true, Min: 70, Drop: 1, Show: func(_ *form.Row, i int) string { return fmt.Sprintf("…-%03d", i+1) }},
	)
	d.UI = uitest.New(t, uitest.NewClock(time.Date(2026, 2, 12, 14, 32, 5, 0, time.UTC)), w, h, d.layout)
	return d
}

func (d *desk) layout(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	theme.Fill(gtx.Ops, image.Rectangle{Max: size}, 0, d.th.Panel)
	controls := []interface{ Focus() }{&d.combo, &d.text, &d.date, &d.measure, &d.number}
	hear := func(i int, e Event, ok bool) bool {
		switch {
		case ok && d.chain && e.Kind == Submitted:
			controls[(i+1)%len(controls)].Focus()
		case ok && d.chain && e.Kind == Back:
			controls[(i+len(controls)-1)%len(controls)].Focus()
		}
		if ok {
			d.field = append(d.field, e)
		}
		return ok
	}
	said := func(i int, update func(layout.Context, *form.Field) (Event, bool), f *form.Field) {
		for {
			if e, ok := update(gtx, f); !hear(i, e, ok) {
				return
			}
		}
	}
	said(0, d.combo.Update, d.supplier)
	said(1, d.text.Update, d.invoice)
	said(2, d.date.Update, d.on)
	said(3, d.measure.Update, d.qty)
	said(4, d.number.Update, d.amount)
	for {
		e, ok := d.grid.Update(gtx, d.rows)
		if !ok {
			break
		}
		d.events = append(d.events, e)
		switch e.Kind {
		case GridDone:
			d.after.Focus()
		case GridBack:
			d.number.Focus()
		}
	}
	room := image.Rectangle{Max: size}
	at := func(x, y, w, h int, l layout.Widget) {
		defer op.Offset(image.Pt(x, y)).Push(gtx.Ops).Pop()
		in := gtx
		in.Constraints = layout.Constraints{Max: image.Pt(w, h)}
		l(in)
	}
	d.combo.Room = room.Sub(image.Pt(20, 18))
	d.date.Room = room.Sub(image.Pt(560, 18))
	d.measure.Room = room.Sub(image.Pt(730, 18))
	d.grid.Room = room.Sub(image.Pt(20, d.gridTop))
	at(20, 18, 340, 80, func(gtx layout.Context) layout.Dimensions {
		return d.combo.Layout(gtx, d.th, d.supplier, Look(d.supplier))
	})
	at(380, 18, 160, 80, func(gtx layout.Context) layout.Dimensions {
		return d.text.Layout(gtx, d.th, d.invoice, Look(d.invoice))
	})
	at(560, 18, 150, 80, func(gtx layout.Context) layout.Dimensions { return d.date.Layout(gtx, d.th, d.on, Look(d.on)) })
	at(730, 18, 180, 80, func(gtx layout.Context) layout.Dimensions { return d.measure.Layout(gtx, d.th, d.qty, Look(d.qty)) })
	at(930, 18, 130, 80, func(gtx layout.Context) layout.Dimensions {
		return d.number.Layout(gtx, d.th, d.amount, Look(d.amount))
	})
	at(20, d.gridTop, size.X-40, size.Y-d.gridTop-90, func(gtx layout.Context) layout.Dimensions {
		return d.grid.Layout(gtx, d.th, d.rows, func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, d.th, d.th.Type.Body, d.th.T2, "3 lines, 1,000.000 kg, 3 new lots")
		})
	})
	at(20, size.Y-80, 160, 70, func(gtx layout.Context) layout.Dimensions {
		return d.after.Layout(gtx, d.th, widget.FieldLook{Label: "Hamali"})
	})
	return layout.Dimensions{Size: size}
}

// fill puts the lines of mockup 04 into the form.
func (d *desk) fill() {
	for i, l := range [][]string{{"500", "143", "ET-2209", "2-2-26", "1-2-28", "RELEASE"}, {"200", "225", "UJ-77", "28-1-26", "27-7-27", "RELEASE"},
		{"300", "85", "RD-145", "30-1-26", "", "HOLD"}} {
		r := d.rows.At(i)
		r.Field("item").Choose(stock[i].Key, stock[i].Name, stock[i].Aside)
		for k, name := range []string{"quantity", "rate", "supplier_lot", "mfg_on", "expiry_on"} {
			r.Field(name).Set(l[k])
		}
		o := qc[0]
		if l[5] == "HOLD" {
			o = qc[1]
		}
		r.Field("qc").Choose(o.Key, o.Name, "")
		d.rows.Add()
	}
	d.rows.At(2).Notes = []form.Note{{Text: "Moisture 9.8 % is above 9.0 %: this lot goes on HOLD, the others are released.", Tone: "hold"}}
	d.form.Validate()
	d.supplier.Choose("9", "Unjha Jeera House", "")
	d.invoice.Set("UJH/1182")
	d.on.Set("12-Feb-2026")
	d.Settle()
}
