package grn

import (
	"image"
	"strconv"
	"strings"

	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

func (e *entry) newGrid() *input.Grid {
	m := e.model
	create := ""
	if e.env.IsAdmin() {
		create = "item"
	}
	g := input.NewGrid("Lines",
		input.GridColumn{Name: fItem, Title: "Item", Kind: input.Record, Min: 120, Create: create, Search: func(*form.Row) input.Search { return e.items }},
		input.GridColumn{Name: fQty, Title: "Quantity", Kind: input.Amount, Width: 96, Ghost: "0.000", Measure: m.Measure},
		input.GridColumn{Name: "unit", Title: "Unit", Kind: input.Derived, Width: 52, Show: func(r *form.Row, _ int) string { return m.Unit(r) }},
		input.GridColumn{Name: fRate, Title: "Rate ₹", Kind: input.Figure, Width: 92, Ghost: "0.00"},
		input.GridColumn{Name: fValue, Title: "Taxable ₹", Kind: input.Figure, Width: 112, Strong: true, Ghost: "0.00"},
		input.GridColumn{Name: fBatch, Title: "Supplier lot", Width: 98},
		input.GridColumn{Name: fMfg, Title: "Mfg date", Kind: input.Day, Width: 114, Calendar: func() form.Calendar { return form.Calendar{Today: e.env.Today()} }},
		input.GridColumn{Name: fExpiry, Title: "Expiry date", Kind: input.Day, Width: 126, Calendar: func() form.Calendar { return form.Calendar{Today: e.env.Today()} }},
		input.GridColumn{Name: fHold, Title: "QC", Kind: input.Choice, Width: 108, Search: func(*form.Row) input.Search {
			return input.Among([]input.Option{{Key: "release", Name: release}, {Key: "hold", Name: onHold}})
		}, Tone: func(th *theme.Theme, f *form.Field) theme.Tone {
			if f.Text == onHold {
				return th.Hold
			}
			return th.OK
		}},
		input.GridColumn{Name: "lot", Title: "New lot", Kind: input.Derived, End: true, Width: 92, Drop: 1, Show: func(r *form.Row, _ int) string {
			number := e.model.LotNumber(r)
			return "…" + number[max(0, strings.LastIndex(number, "-")):]
		}},
	)
	e.plan = append(e.plan, g.Columns...)
	return g
}

// Column widths, in dp, of a window of 1024 and of one zoomed to 150 %.
var (
	narrow = map[string]unit.Dp{fQty: 88, "unit": 44, fRate: 78, fValue: 98, fBatch: 86, fMfg: 112, fExpiry: 112, fHold: 100}
	tight  = map[string]unit.Dp{fQty: 88, "unit": 40, fRate: 74, fValue: 98, fBatch: 72, fMfg: 109, fExpiry: 109, fHold: 100}
)

// fit takes narrower columns where the page is narrow.
func (e *entry) fit(gtx layout.Context) {
	var widths map[string]unit.Dp
	switch w := gtx.Constraints.Max.X; {
	case w < gtx.Dp(900):
		widths = tight
	case w < gtx.Dp(1080):
		widths = narrow
	}
	for i := range e.grid.Columns {
		c := &e.grid.Columns[i]
		c.Width = e.plan[i].Width
		if w, ok := widths[c.Name]; ok {
			c.Width = w
		}
	}
}

// items offers items for what is typed, with the stock at the right.
func (e *entry) items(text string) input.Found {
	list, st := e.model.Items(text)
	found := input.Found{Loading: e.awaits(st)}
	if st.Err != nil {
		return found
	}
	for _, it := range list {
		found.Options = append(found.Options, input.Option{Key: strconv.FormatInt(int64(it.ID), 10), Code: it.SKU, Name: it.Name,
			Aside: it.NameHi, Note: it.OnHand.String(it.Dimension)})
	}
	return found
}

func (e *entry) updateGrid(gtx layout.Context) {
	m := e.model
	for ev, ok := e.grid.Update(gtx, m.Lines); ok; ev, ok = e.grid.Update(gtx, m.Lines) {
		switch ev.Kind {
		case input.GridChanged:
			m.Changed(ev.Row)
		case input.GridTaken:
			if ev.Name == fItem {
				m.TakeItem(ev.Row, ev.Option.Key)
			} else {
				m.SetHold(ev.Row, ev.Option.Key == "hold")
			}
		case input.GridCellLeft:
			m.Left(ev.Row, ev.Name)
		case input.GridRows:
			m.Rearranged()
		case input.GridDone:
			if m.SetAside() && m.HoldReason.Text == "" {
				e.goTo(m.HoldReason)
			} else {
				e.goTo(m.Freight)
			}
		case input.GridBack:
			e.goTo(e.beforeGrid())
		case input.GridCreate:
			e.env.Shell.Navigate(screen.Route{ID: screen.MastersItems, New: true, Query: ev.Text})
		}
	}
}

func (e *entry) beforeGrid() *form.Field {
	m := e.model
	switch {
	case m.BackDated():
		return m.Reason
	case m.ReceivedOn.ReadOnly:
		return m.InvoiceDate
	}
	return m.ReceivedOn
}

// summary is the foot of the grid: "3 lines, 1,000.000 kg, 3 new lots".
func (e *entry) summary(gtx layout.Context, t Totals) layout.Dimensions {
	if t.Lines == 0 {
		return layout.Dimensions{}
	}
	th := e.th
	gtx.Constraints.Min = image.Point{}
	parts := []layout.FlexChild{text(th, th.Type.Body, th.T2, plural(t.Lines, "line")+",")}
	if t.Mass > 0 {
		parts = append(parts, text(th, th.Type.Body.Semi(), th.T1, t.Mass.String("mass")+","))
	}
	if t.Pieces > 0 {
		parts = append(parts, text(th, th.Type.Body.Semi(), th.T1, t.Pieces.String("count")+","))
	}
	parts = append(parts, text(th, th.Type.Body, th.T2, plural(t.Lines, "new lot")))
	return widget.Row(gtx, theme.S4, parts...)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
