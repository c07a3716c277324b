package grn

import (
	"image"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

// cardHeight is that of the three cards below the lines, in dp.
const cardHeight = 152

// cards are landed cost, totals and the buttons, side by side.
func (e *entry) cards(gtx layout.Context, t Totals) layout.Dimensions {
	h := gtx.Dp(cardHeight)
	if len(t.Taxes) > 1 {
		h += gtx.Dp(12)
	}
	fixed := func(w int, f layout.Widget) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints = layout.Exact(image.Pt(w, h))
			return f(gtx)
		})
	}
	gtx.Constraints.Min = image.Pt(gtx.Constraints.Max.X, h)
	return widget.RowTop(gtx, theme.S12,
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			return sheet(gtx, e.th, h, func(gtx layout.Context) layout.Dimensions { return e.landed(gtx, t) })
		}),
		fixed(gtx.Dp(300), func(gtx layout.Context) layout.Dimensions {
			return sheet(gtx, e.th, h, func(gtx layout.Context) layout.Dimensions { return e.totals(gtx, t) })
		}),
		fixed(gtx.Dp(206), e.commands))
}

// landed is freight and hamali at the left, what each line bears of them at the
// right.
func (e *entry) landed(gtx layout.Context, t Totals) layout.Dimensions {
	th, size := e.th, gtx.Constraints.Max
	widget.At(gtx, 0, 0, size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Body.Semi(), th.T1, "Landed cost")
	})
	widget.At(gtx, 0, gtx.Dp(1), size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.TextEnd(gtx, th, th.Type.Label, th.T3, "freight and hamali, spread by value")
	})
	top := gtx.Dp(24)
	left := gtx.Dp(200)
	e.money(gtx, &e.freight, e.model.Freight, 0, top+gtx.Dp(4), left)
	e.money(gtx, &e.hamali, e.model.Hamali, 0, top+gtx.Dp(46), left)
	x := left + gtx.Dp(20)
	theme.Fill(gtx.Ops, image.Rect(x, top, x+gtx.Dp(1), size.Y), 0, th.Border)
	x += gtx.Dp(21)
	st := op.Offset(image.Pt(x, top)).Push(gtx.Ops)
	in := gtx
	in.Constraints = layout.Exact(image.Pt(size.X-x, size.Y-top))
	e.shares(in, t)
	st.Pop()
	return layout.Dimensions{Size: size}
}

// money draws a labelled field of rupees 34 high.
func (e *entry) money(gtx layout.Context, n *input.Number, f *form.Field, x, y, width int) {
	th := e.th
	label := gtx.Dp(68)
	widget.At(gtx, x, y+gtx.Dp(8), label, gtx.Dp(34), func(gtx layout.Context) layout.Dimensions {
		return widget.TextAs(gtx, th, th.Type.Body, th.T2, f.Label, "")
	})
	widget.At(gtx, x+label, y, width-label, gtx.Dp(34), func(gtx layout.Context) layout.Dimensions {
		l := input.Look(f)
		l.Label, l.Name, l.Height, l.Placeholder = "", f.Label, 34, "0.00"
		l.Error = "" // the strip above says it; the frame shows where
		if f.Error != "" {
			l.Warning = " "
		}
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return n.Layout(gtx, th, f, l)
	})
}

// shares is the table of what each line bears; it scrolls when the lines are many.
func (e *entry) shares(gtx layout.Context, t Totals) {
	th, size := e.th, gtx.Constraints.Max
	share, cost := gtx.Dp(92), gtx.Dp(96)
	if len(t.Shares) > 4 { // room for the scrollbar
		size.X -= gtx.Dp(theme.S12)
	}
	row := func(y, h int, s, strong theme.Style, a, b, c, per string) {
		top := y + (h-gtx.Sp(s.Line))/2
		soft := th.T3
		if c != "" && b != "Share ₹" {
			soft = th.T2
		}
		widget.At(gtx, 0, top, size.X-share-cost-gtx.Dp(8), h, func(gtx layout.Context) layout.Dimensions { return widget.TextAs(gtx, th, s, soft, a, "") })
		widget.At(gtx, size.X-share-cost, top, share, h, func(gtx layout.Context) layout.Dimensions {
			ink := th.T1
			if b == "Share ₹" {
				ink = th.T3
			}
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return widget.TextEnd(gtx, th, s, ink, b)
		})
		widget.At(gtx, size.X-cost, top, cost, h, func(gtx layout.Context) layout.Dimensions {
			ink := th.T1
			if b == "Share ₹" {
				ink = th.T3
			}
			return widget.TextEnd(gtx, th, strong, ink, c)
		})
	}
	head := gtx.Dp(20)
	per := "kg"
	for i, s := range t.Shares {
		if i == 0 && s.Per != "" {
			per = s.Per
		}
		if s.Per != "" && s.Per != per {
			per = "unit"
		}
	}
	row(0, head, th.Type.Tiny, th.Type.Tiny, "Line", "Share ₹", "Cost ₹/"+per, "")
	h := gtx.Dp(23)
	in := gtx
	in.Constraints = layout.Exact(image.Pt(gtx.Constraints.Max.X, size.Y-head))
	st := op.Offset(image.Pt(0, head)).Push(gtx.Ops)
	defer st.Pop()
	defer clip.Rect{Max: in.Constraints.Max}.Push(gtx.Ops).Pop()
	e.sharesList.Axis = layout.Vertical
	widget.List(in, th, &e.sharesList, len(t.Shares), func(gtx layout.Context, i int) layout.Dimensions {
		s := t.Shares[i]
		area := clip.Rect{Max: image.Pt(size.X, h)}.Push(gtx.Ops)
		semantic.DescriptionOp("Landed cost of " + s.Name).Add(gtx.Ops)
		semantic.LabelOp(s.Landed.Number() + " / " + s.Cost).Add(gtx.Ops)
		area.Pop()
		c := s.Cost
		if c == "" {
			c = "–"
		}
		row(0, h, th.Type.Label, th.Type.Label.Semi(), s.Name, s.Landed.Number(), c, s.Per)
		return layout.Dimensions{Size: image.Pt(size.X, h)}
	})
}

// totals is the sum of the invoice.
func (e *entry) totals(gtx layout.Context, t Totals) layout.Dimensions {
	th, size := e.th, gtx.Constraints.Max
	lines := e.sums(t)
	y, h := 0, gtx.Dp(24)
	if len(lines) > 4 {
		h = gtx.Dp(21)
	}
	s := th.Type.Button.Medium()
	for _, l := range lines {
		fact(gtx, th, s, y, h, l.what, l.value)
		y += h
	}
	bottom := gtx.Dp(34)
	y = size.Y - bottom
	theme.Fill(gtx.Ops, image.Rect(0, y-gtx.Dp(3), size.X, y-gtx.Dp(2)), 0, th.Border)
	widget.At(gtx, 0, y+(bottom-gtx.Sp(th.Type.Body.Line))/2+gtx.Dp(2), size.X, bottom, func(gtx layout.Context) layout.Dimensions {
		return widget.TextAs(gtx, th, th.Type.Body.Semi(), th.T1, "Invoice total", "")
	})
	named(gtx, image.Rect(0, y, size.X, size.Y), "Invoice total", t.Invoice.String())
	widget.At(gtx, 0, y+(bottom-gtx.Sp(th.Type.T18.Line))/2+gtx.Dp(2), size.X, bottom, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return widget.TextEnd(gtx, th, th.Type.T18, th.T1, t.Invoice.String())
	})
	return layout.Dimensions{Size: size}
}

type sum struct{ what, value string }

func (e *entry) sums(t Totals) []sum {
	lines := []sum{{"Goods", t.Goods.Number()}, {"Freight", t.Freight.Number()}}
	if t.Hamali != 0 {
		lines = append(lines, sum{"Hamali", t.Hamali.Number()})
	}
	for _, x := range t.Taxes {
		lines = append(lines, sum{x.Name + ", creditable", x.Amount.Number()})
	}
	return lines
}

func named(gtx layout.Context, r image.Rectangle, what, value string) {
	area := clip.Rect(r).Push(gtx.Ops)
	semantic.DescriptionOp("Sum: " + what).Add(gtx.Ops)
	semantic.LabelOp(value).Add(gtx.Ops)
	area.Pop()
}

// fact draws one line: a word at the left, a figure at the right.
func fact(gtx layout.Context, th *theme.Theme, s theme.Style, y, h int, what, value string) {
	w := gtx.Constraints.Max.X
	named(gtx, image.Rect(0, y, w, y+h), what, value)
	top := y + (h-gtx.Sp(s.Line))/2
	widget.At(gtx, 0, top, w, h, func(gtx layout.Context) layout.Dimensions { return widget.TextAs(gtx, th, s, th.T2, what, "") })
	v := widget.TextWidth(gtx, th, s, value)
	widget.At(gtx, w-v, top, v, h, func(gtx layout.Context) layout.Dimensions { return widget.TextAs(gtx, th, s, th.T1, value, "") })
}

// commands are the buttons, with what is still to complete above them.
func (e *entry) commands(gtx layout.Context) layout.Dimensions {
	th, size := e.th, gtx.Constraints.Max
	y := size.Y - gtx.Dp(36)
	half := gtx.Dp(84)
	widget.At(gtx, 0, y, size.X-half-gtx.Dp(8), gtx.Dp(36), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return e.save.Layout(gtx, th, widget.ButtonLook{Text: "Save draft", Wide: true, Disabled: !e.model.Form.Dirty()})
	})
	widget.At(gtx, size.X-half, y, half, gtx.Dp(36), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return e.cancel.Layout(gtx, th, widget.ButtonLook{Text: "Cancel", Kind: widget.Ghost, Wide: true})
	})
	y -= gtx.Dp(8 + 48)
	widget.At(gtx, 0, y, size.X, gtx.Dp(48), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return e.postButton(gtx, true)
	})
	widget.At(gtx, 0, y-gtx.Dp(28), size.X, gtx.Dp(20), e.toComplete)
	return layout.Dimensions{Size: size}
}

func (e *entry) postButton(gtx layout.Context, wide bool) layout.Dimensions {
	return e.post.Layout(gtx, e.th, widget.ButtonLook{Text: "Post GRN", Kind: widget.Primary, Key: "Ctrl Enter", Height: theme.ButtonLarge, Wide: wide,
		Busy: e.model.Busy, BusyText: "Posting", Disabled: !e.model.Busy && e.model.ToComplete() > 0})
}

// toComplete says how many fields are missing, in the middle of the space given; a
// press leads to the first.
func (e *entry) toComplete(gtx layout.Context) layout.Dimensions {
	n, th := e.model.ToComplete(), e.th
	if n == 0 || e.model.Busy {
		return layout.Dimensions{Size: gtx.Constraints.Max}
	}
	says := plural(n, "field") + " to complete"
	ink, icon := th.T3, theme.IconInfo
	if e.model.Tried || e.model.Form.Faults() > 0 {
		ink, icon = th.Danger.Text, theme.IconCircleAlert
	}
	s := th.Type.Label.Semi()
	w := widget.TextWidth(gtx, th, s, says) + gtx.Dp(15+6)
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints = layout.Exact(image.Pt(w, gtx.Dp(20)))
		return e.missing.Layout(gtx, semantic.Button, says, func(gtx layout.Context) layout.Dimensions {
			widget.At(gtx, 0, gtx.Dp(2), w, w, func(gtx layout.Context) layout.Dimensions { return th.IconStroke(gtx, icon, 15, 1.75, ink) })
			widget.At(gtx, gtx.Dp(21), gtx.Dp(2), w, w, func(gtx layout.Context) layout.Dimensions { return widget.TextAs(gtx, th, s, ink, says, "") })
			return layout.Dimensions{Size: gtx.Constraints.Min}
		})
	})
}

// bar is all that stands below the lines where there is little room: one row.
func (e *entry) bar(gtx layout.Context, t Totals) layout.Dimensions {
	th := e.th
	h := gtx.Dp(64)
	gtx.Constraints.Min = image.Pt(gtx.Constraints.Max.X, h)
	return widget.Row(gtx, theme.S12,
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return e.barCard(gtx, t, h) }),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints = layout.Exact(image.Pt(gtx.Dp(172), h))
			widget.At(gtx, 0, 0, gtx.Dp(172), gtx.Dp(18), e.toComplete)
			return widget.At(gtx, 0, gtx.Dp(20), gtx.Dp(172), h, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min.X = gtx.Constraints.Max.X
				l := widget.ButtonLook{Text: "Post GRN", Kind: widget.Primary, Key: "Ctrl Enter", Height: 44, Wide: true,
					Busy: e.model.Busy, BusyText: "Posting", Disabled: !e.model.Busy && e.model.ToComplete() > 0}
				e.post.Layout(gtx, th, l)
				return layout.Dimensions{Size: image.Pt(gtx.Dp(172), h)}
			})
		}))
}

func (e *entry) barCard(gtx layout.Context, t Totals, h int) layout.Dimensions {
	th := e.th
	size := image.Pt(gtx.Constraints.Max.X, h)
	th.PaintCard(gtx, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard))
	pad := gtx.Dp(theme.S12)
	x := pad
	field := func(n *input.Number, f *form.Field) {
		w := gtx.Dp(96)
		widget.At(gtx, x, gtx.Dp(7), w, h, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Tiny, th.T2, f.Label, "")
		})
		widget.At(gtx, x, gtx.Dp(24), w, h, func(gtx layout.Context) layout.Dimensions {
			l := input.Look(f)
			l.Label, l.Name, l.Height, l.Placeholder = "", f.Label, 32, "0.00"
			if l.Error != "" {
				l.Error, l.Warning = "", " "
			}
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return n.Layout(gtx, th, f, l)
		})
		x += w + gtx.Dp(theme.S8)
	}
	field(&e.freight, e.model.Freight)
	field(&e.hamali, e.model.Hamali)
	x += gtx.Dp(theme.S4)
	total := t.Invoice.String()
	end := size.X - pad
	tw := max(widget.TextWidth(gtx, th, th.Type.T18, total), widget.TextWidth(gtx, th, th.Type.Label.Semi(), "Invoice total"))
	named(gtx, image.Rect(end-tw, 0, end, h), "Invoice total", total)
	rightText(gtx, th, th.Type.Label.Semi(), end, gtx.Dp(10), "Invoice total")
	rightText(gtx, th, th.Type.T18, end, gtx.Dp(29), total)
	for _, l := range append([]sum{{"Goods", t.Goods.Number()}}, e.taxSums(t)...) {
		w := max(widget.TextWidth(gtx, th, th.Type.Label, l.what), widget.TextWidth(gtx, th, th.Type.Body.Semi(), l.value))
		if x+w > end-tw-gtx.Dp(theme.S12) {
			break
		}
		named(gtx, image.Rect(x, 0, x+w, h), l.what, l.value)
		widget.At(gtx, x, gtx.Dp(13), w, h, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Label, th.T2, l.what, "")
		})
		widget.At(gtx, x, gtx.Dp(31), w, h, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Body.Semi(), th.T1, l.value, "")
		})
		x += w + gtx.Dp(theme.S16)
	}
	return layout.Dimensions{Size: size}
}

func (e *entry) taxSums(t Totals) (list []sum) {
	for _, x := range t.Taxes {
		list = append(list, sum{x.Name, x.Amount.Number()})
	}
	return list
}

func rightText(gtx layout.Context, th *theme.Theme, s theme.Style, end, y int, str string) {
	w := widget.TextWidth(gtx, th, s, str)
	widget.At(gtx, end-w, y, w, gtx.Dp(40), func(gtx layout.Context) layout.Dimensions { return widget.TextAs(gtx, th, s, th.T1, str, "") })
}
