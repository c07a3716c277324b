package grn

import (
	"image"

	"gioui.org/layout"

	"masala/core"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
	"masala/ui/widget/table"
)

func (l *list) layout(gtx layout.Context) layout.Dimensions {
	l.update(gtx)
	if l.wants {
		l.wants = false
		l.table.Focus()
	}
	return widget.Column(gtx, theme.S12, layout.Rigid(l.toolbar), layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return panel.Beside(gtx, l.th, panel.Details, l.model.Open != 0, l.rows, func(gtx layout.Context) layout.Dimensions {
			return l.frame.Layout(gtx, l.th, "GRN", l.head, l.details(), l.foot())
		})
	}))
}

func (l *list) toolbar(gtx layout.Context) layout.Dimensions {
	th := l.th
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return widget.Row(gtx, theme.S8,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = min(gtx.Dp(252), gtx.Constraints.Max.X/2)
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return l.search.Layout(gtx, th, widget.FieldLook{Name: "Find", Placeholder: "GRN no.", LeadIcon: theme.IconSearch, Height: 36,
				End: func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, "F3") }})
		}),
		widget.Grow(),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return l.add.Layout(gtx, th, widget.ButtonLook{Text: "New GRN", Icon: theme.IconPlus, Kind: widget.Primary, Key: "Ctrl N"})
		}))
}

// rows is the table, or why there is none.
func (l *list) rows(gtx layout.Context) layout.Dimensions {
	th, m := l.th, l.model
	switch {
	case len(m.List.Rows) == 0 && m.List.Err != nil:
		return panel.Failed(gtx, th, screen.Sentence(m.List.Err), &l.retry)
	case len(m.List.Rows) == 0 && m.List.Have:
		return panel.Nothing(gtx, th, theme.IconPackageOpen, l.empty(), "Press F5 to enter a GRN")
	}
	l.table.Stale = m.List.Err != nil || !l.env.Shell.Online()
	return l.table.Layout(gtx, th, l, table.Foot{Count: l.count()})
}

func (l *list) empty() string {
	if l.model.Query != "" {
		return "No GRN begins with “" + l.model.Query + "”"
	}
	return "No goods received yet"
}

func (l *list) count() string {
	n := len(l.model.List.Rows)
	if n == 0 {
		return ""
	}
	return form.FormatInt(int64(n)) + " GRNs shown, newest first"
}

func (l *list) head(gtx layout.Context) layout.Dimensions {
	th, g := l.th, l.model.GRN
	if g == nil {
		return widget.Text(gtx, th, th.Type.T16, th.T1, "GRN")
	}
	return widget.Column(gtx, 2,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Row(gtx, theme.S8, text(th, th.Type.T16, th.T1, g.Number), layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if g.ReversedBy == "" {
					return layout.Dimensions{}
				}
				return widget.Pill(gtx, th, th.Neutral, "Cancelled")
			}))
		}),
		text(th, th.Type.Body, th.T2, g.SupplierName))
}

func (l *list) details() []layout.Widget {
	th, m := l.th, l.model
	switch {
	case m.Fault != "" && m.GRN == nil:
		return []layout.Widget{func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Danger, theme.IconCircleAlert, m.Fault, nil)
		}}
	case m.GRN == nil:
		return []layout.Widget{func(gtx layout.Context) layout.Dimensions { return widget.Skeleton(gtx, th, .9, .7, .8, .5) }}
	}
	g := m.GRN
	facts := []panel.Fact{
		{What: "Invoice", Value: g.InvoiceNo}, {What: "Invoice date", Value: g.InvoiceDate.String()}, {What: "Received on", Value: g.ReceivedOn.String()},
		{What: "Posted", Value: g.PostedAt.In(l.env.Zone).Format("02-Jan-2006, 15:04")}, {What: "By", Value: g.User + by(g.Device)}, {What: "Cancelled by", Value: g.ReversedBy},
	}
	parts := []layout.Widget{func(gtx layout.Context) layout.Dimensions { return panel.Facts(gtx, th, facts...) }}
	if g.Reason != "" {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Neutral, theme.IconInfo, "Reason: "+g.Reason, nil)
		})
	}
	if c := m.Costs; c != nil {
		parts = append(parts, rule(th), func(gtx layout.Context) layout.Dimensions {
			return panel.Facts(gtx, th, panel.Fact{What: "Goods", Value: c.Goods.Number()}, panel.Fact{What: "Freight", Value: c.Freight.Number()},
				panel.Fact{What: "Hamali", Value: c.Hamali.Number()}, panel.Fact{What: "GST, creditable", Value: c.GST.Number()},
				panel.Fact{What: "Invoice total", Value: c.Total.String()})
		})
	}
	parts = append(parts, rule(th), func(gtx layout.Context) layout.Dimensions { return panel.Title(gtx, th, plural(len(g.Lines), "lot")) })
	for i := range g.Lines {
		parts = append(parts, l.line(i))
	}
	return parts
}

func by(device string) string {
	if device == "" {
		return ""
	}
	return ", " + device
}

func rule(th *theme.Theme) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions { return widget.Rule(gtx, th) }
}

// line draws one line of a posted GRN: item and quantity, lot and expiry, for an
// Admin what it cost.
func (l *list) line(i int) layout.Widget {
	th, g, costs := l.th, l.model.GRN, l.model.Costs
	return func(gtx layout.Context) layout.Dimensions {
		x := g.Lines[i]
		second := x.LotNumber
		if x.ExpiryOn != 0 {
			second += ", expires " + x.ExpiryOn.String()
		}
		if x.Status == stock.Hold {
			second += ", on hold"
			if x.HoldReason != "" {
				second += ": " + x.HoldReason
			}
		}
		return widget.Column(gtx, 1,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return pair(gtx, th, th.Type.Body.Semi(), x.Name, x.Qty.String(x.Dimension))
			}),
			text(th, th.Type.Label, th.T3, second),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if costs == nil || i >= len(costs.Costs) {
					return layout.Dimensions{}
				}
				return widget.Text(gtx, th, th.Type.Label, th.T2, costLine(costs.Costs[i], x))
			}))
	}
}

// costLine says what a line cost: "₹ 71,500.00 + 1,762.32 landed, 146.5246 /kg".
func costLine(c purchase.LineCost, x purchase.PostedLine) string {
	s := c.Value.String()
	if c.Landed != 0 {
		s += " + " + c.Landed.Number() + " landed"
	}
	if rate, ok := core.Rate(c.Value+c.Landed, x.Qty, x.Dimension); ok {
		s += ", " + core.FormatRate(rate) + " /" + x.Dimension.Unit()
	}
	return s
}

// pair draws a word at the left and a figure at the right on one line.
func pair(gtx layout.Context, th *theme.Theme, s theme.Style, left, right string) layout.Dimensions {
	w, h := gtx.Constraints.Max.X, gtx.Sp(s.Line)
	rw := widget.TextWidth(gtx, th, s, right)
	widget.At(gtx, 0, 0, w-rw-gtx.Dp(theme.S12), h, func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, s, th.T1, left) })
	widget.At(gtx, w-rw, 0, rw, h, func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, s, th.T1, right) })
	return layout.Dimensions{Size: image.Pt(w, h)}
}

// foot offers to cancel the GRN; once pressed it asks for the reason.
func (l *list) foot() layout.Widget {
	m, th := l.model, l.th
	switch {
	case !m.MayReverse():
		return nil
	case m.Reversal == nil:
		return func(gtx layout.Context) layout.Dimensions {
			return l.reverse.Layout(gtx, th, widget.ButtonLook{Text: "Cancel this GRN", Icon: theme.IconUndo2, Kind: widget.Danger, Wide: true})
		}
	}
	return func(gtx layout.Context) layout.Dimensions {
		return widget.Column(gtx, theme.S12,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if m.Reversal.Message == "" {
					return layout.Dimensions{}
				}
				return panel.Strip(gtx, th, th.Danger, theme.IconCircleAlert, m.Reversal.Message, nil)
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return l.reason.Layout(widget.Locked(gtx, m.Busy), th, m.Reason, input.Look(m.Reason))
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return panel.Buttons(gtx, th,
					panel.Command{Button: &l.keep, Look: widget.ButtonLook{Text: "Keep it"}},
					panel.Command{Button: &l.confirm, Look: widget.ButtonLook{Text: "Cancel GRN", Kind: widget.DangerFill, Busy: m.Busy, BusyText: "Cancelling"}})
			}))
	}
}
