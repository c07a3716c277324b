package grn

import (
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"masala/core/purchase"
	"masala/core/stock"
	"masala/ui/form"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

// stateTag writes a state as on number plates and invoices: "GJ 24".
func stateTag(code string) string {
	if short, ok := stateShort[code]; ok {
		return short + " " + code
	}
	return code
}

var stateShort = map[string]string{
	"01": "JK", "02": "HP", "03": "PB", "04": "CH", "05": "UK", "06": "HR", "07": "DL", "08": "RJ", "09": "UP", "10": "BR", "11": "SK",
	"12": "AR", "13": "NL", "14": "MN", "15": "MZ", "16": "TR", "17": "ML", "18": "AS", "19": "WB", "20": "JH", "21": "OD", "22": "CG",
	"23": "MP", "24": "GJ", "26": "DN", "27": "MH", "29": "KA", "30": "GA", "31": "LD", "32": "KL", "33": "TN", "34": "PY", "35": "AN",
	"36": "TS", "37": "AP", "38": "LA", "97": "OT",
}

func text(th *theme.Theme, s theme.Style, c color.NRGBA, str string) layout.FlexChild {
	return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, s, c, str) })
}

func (e *entry) layout(gtx layout.Context) layout.Dimensions {
	e.update(gtx)
	e.obey()
	m := e.model
	if m.Busy { // nothing may change while it is on its way
		under := gtx.Disabled()
		return e.page(under)
	}
	return e.page(gtx)
}

func (e *entry) page(gtx layout.Context) layout.Dimensions {
	m := e.model
	t := m.Totals()
	compact := gtx.Constraints.Max.X < gtx.Dp(1080) || gtx.Constraints.Max.Y < gtx.Dp(640)
	gap := unit.Dp(14)
	if compact {
		gap = theme.S12
	}
	full := gtx.Constraints.Max
	rows := []layout.FlexChild{layout.Rigid(func(gtx layout.Context) layout.Dimensions { return e.head(gtx, full) })}
	for _, n := range e.notices() {
		rows = append(rows, layout.Rigid(n))
	}
	rows = append(rows, layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
		e.fit(gtx)
		top := e.gridTop(gtx, full)
		e.grid.Room = image.Rectangle{Max: full}.Sub(image.Pt(0, top))
		return e.grid.Layout(gtx, e.th, m.Lines, func(gtx layout.Context) layout.Dimensions { return e.summary(gtx, t) })
	}))
	rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		if compact {
			return e.bar(gtx, t)
		}
		return e.cards(gtx, t)
	}))
	gtx.Constraints.Min = full
	return widget.Column(gtx, gap, rows...)
}

// gridTop is how far below the page's top the grid begins: lists may hang as far as
// the page's lower edge.
func (e *entry) gridTop(gtx layout.Context, full image.Point) int {
	return gtx.Dp(82) + gtx.Dp(14)
}

// head is the row of fields above the lines.
func (e *entry) head(gtx layout.Context, full image.Point) layout.Dimensions {
	m, th := e.model, e.th
	room := image.Rectangle{Max: full}
	e.supplier.Room, e.invoiceOn.Room, e.received.Room = room, room, room
	fixed := func(w unit.Dp, f func(layout.Context) layout.Dimensions) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = gtx.Dp(w)
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return f(gtx)
		})
	}
	look := func(f *form.Field) widget.FieldLook {
		l := input.Look(f)
		l.KeepNote = true
		return l
	}
	gap, number := theme.S12, unit.Dp(172)
	if gtx.Constraints.Max.X < gtx.Dp(1080) {
		gap = theme.S8
	}
	if gtx.Constraints.Max.X < gtx.Dp(900) {
		number = 142
	}
	return widget.RowTop(gtx, gap,
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			l := look(m.Supplier)
			if p, ok := m.SupplierParty(); ok {
				l.Hint = m.SupplierNote()
				l.End = func(gtx layout.Context) layout.Dimensions {
					return widget.Tag(gtx, th, th.Neutral, stateTag(p.StateCode))
				}
			}
			return e.supplier.Layout(gtx, th, m.Supplier, l)
		}),
		fixed(150, func(gtx layout.Context) layout.Dimensions {
			return e.invoiceNo.Layout(gtx, th, m.InvoiceNo, look(m.InvoiceNo))
		}),
		fixed(148, func(gtx layout.Context) layout.Dimensions {
			return e.invoiceOn.Layout(gtx, th, m.InvoiceDate, look(m.InvoiceDate))
		}),
		fixed(148, func(gtx layout.Context) layout.Dimensions {
			l := look(m.ReceivedOn)
			if m.BackDated() {
				l.Warning = "earlier than today"
			}
			return e.received.Layout(gtx, th, m.ReceivedOn, l)
		}),
		fixed(number, func(gtx layout.Context) layout.Dimensions {
			if n := m.Number(); e.number.Text() != n {
				e.number.SetText(n)
			}
			return e.number.Layout(gtx, th, widget.FieldLook{Label: "GRN no.", ReadOnly: true, Placeholder: "GRN-" + m.received().Compact() + "-…", Hint: "given when posted", KeepNote: true})
		}),
	)
}

// notices are the strips between head and lines, mostly none.
func (e *entry) notices() (list []layout.Widget) {
	m, th := e.model, e.th
	button := func(b *widget.Button, text string) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return b.Layout(gtx, th, widget.ButtonLook{Text: text, Height: theme.ButtonSmall})
		})
	}
	cross := func(b *widget.IconButton) layout.Widget {
		return func(gtx layout.Context) layout.Dimensions {
			return b.Layout(gtx, th, widget.IconLook{Icon: theme.IconX, Name: "Dismiss", Size: 30, IconSize: 15})
		}
	}
	if m.BackDated() {
		list = append(list, func(gtx layout.Context) layout.Dimensions {
			l := input.Look(m.Reason)
			l.Required = true
			return e.reason.Layout(gtx, th, m.Reason, l)
		})
	}
	if m.SetAside() {
		list = append(list, func(gtx layout.Context) layout.Dimensions {
			l := input.Look(m.HoldReason)
			l.Required = true
			return e.holdReason.Layout(gtx, th, m.HoldReason, l)
		})
	}
	switch {
	case m.Form.Message != "":
		list = append(list, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Danger, theme.IconCircleAlert, m.Form.Message, func(gtx layout.Context) layout.Dimensions {
				if m.Doc != 0 {
					return widget.Row(gtx, theme.S8, button(&e.opened, "Open the GRN"), layout.Rigid(cross(&e.dismiss)))
				}
				return cross(&e.dismiss)(gtx)
			})
		})
	case m.Lacks():
		list = append(list, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Warn, theme.IconTriangleAlert, strange, nil)
		})
	case m.Redated:
		list = append(list, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Info, theme.IconInfo, "The day of receipt is today now. Only an Admin may enter an earlier day.", cross(&e.dismiss))
		})
	case m.Posted != nil:
		list = append(list, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.OK, theme.IconCircleCheck, e.news(*m.Posted), cross(&e.posted))
		})
	case m.Offer.Draft != nil && !m.Form.Dirty():
		list = append(list, func(gtx layout.Context) layout.Dimensions { return m.Offer.Layout(gtx, th) })
	}
	return list
}

// news says what was posted: the number and the new lots.
func (e *entry) news(p purchase.PostGRNResp) string {
	s := p.Number + " posted, " + plural(len(p.Lots), "new lot") + ": "
	for i, l := range p.Lots {
		if i > 0 {
			s += ", "
		}
		s += l.Number + " " + l.Name
		if l.Status == stock.Hold {
			s += " (hold)"
		}
	}
	return s + "."
}

// sheet draws w on a card of a fixed height.
func sheet(gtx layout.Context, th *theme.Theme, height int, w layout.Widget) layout.Dimensions {
	size := image.Pt(gtx.Constraints.Max.X, height)
	th.PaintCard(gtx, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard))
	in := gtx
	padX, padY := gtx.Dp(theme.S16), gtx.Dp(theme.S12)
	in.Constraints = layout.Exact(image.Pt(size.X-2*padX, height-2*padY))
	defer op.Offset(image.Pt(padX, padY)).Push(gtx.Ops).Pop()
	w(in)
	return layout.Dimensions{Size: size}
}
