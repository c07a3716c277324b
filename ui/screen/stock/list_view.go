package stock

import (
	"image"

	"gioui.org/io/semantic"
	"gioui.org/layout"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/table"
)

// order of the types in the filter.
var order = []catalog.Type{catalog.Raw, catalog.Bulk, catalog.Finished, catalog.Packing}

// toolbar is search and filters.
func (s *Screen) toolbar(gtx layout.Context) layout.Dimensions {
	m, th := s.model, s.th
	narrow := gtx.Constraints.Max.X < gtx.Dp(1040)
	words := []string{"All"}
	n := m.List.Sum.Counts
	for _, t := range order {
		words = append(words, TypeWord(t))
	}
	if m.List.Have && !narrow {
		words[0] += " " + digits(n.All)
		for i, t := range order {
			words[i+1] += " " + digits(n.ByType[t])
		}
	}
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	width := gtx.Dp(252)
	if narrow {
		width = gtx.Dp(190)
	}
	return widget.Row(gtx, theme.S8,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = width
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return s.search.Layout(gtx, th, widget.FieldLook{Name: "Find", Placeholder: "Lot, item, supplier lot", LeadIcon: theme.IconSearch, Height: 36,
				End: func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, "F3") }})
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.types.Layout(gtx, th, words...) }),
		layout.Rigid(s.filterChip),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return s.above.Layout(gtx, th, widget.ChipLook{Text: "Stock above zero", On: !m.Empty})
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			if m.Item == 0 {
				return layout.Dimensions{}
			}
			return s.item.Layout(gtx, th, widget.ChipLook{Text: s.itemName(), On: true})
		}))
}

func (s *Screen) itemName() string {
	for _, r := range s.model.List.Rows {
		if r.Item == s.model.Item {
			return r.Name
		}
	}
	return "One item"
}

// filterChip is the choice of state with its list.
func (s *Screen) filterChip(gtx layout.Context) layout.Dimensions {
	m, th := s.model, s.th
	on := m.Filter != Open
	look := widget.ChipLook{Icon: theme.IconFilter, Text: "Status: " + lower(FilterWord(m.Filter)), On: on, Menu: !on}
	gtx.Constraints.Min = image.Point{}
	d := s.filter.Layout(gtx, th, look)
	gtx.Constraints = layout.Exact(d.Size)
	s.filters.Layout(gtx, th, d.Size, widget.PopoverLook{Width: 190}, func(gtx layout.Context) layout.Dimensions {
		return layout.UniformInset(theme.S6).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			var rows []layout.FlexChild
			for i, f := range Filters() {
				rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.choice(gtx, i, f) }))
			}
			return widget.Column(gtx, 2, rows...)
		})
	})
	return d
}

func lower(s string) string { return string(s[0]|0x20) + s[1:] }

func (s *Screen) choice(gtx layout.Context, i int, f Filter) layout.Dimensions {
	th := s.th
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(34))
	c := &s.choices[i]
	return c.Layout(gtx, semantic.Button, "Status "+FilterWord(f), func(gtx layout.Context) layout.Dimensions {
		ink := th.T1
		if c.Hovered() || c.Focused() {
			theme.Fill(gtx.Ops, image.Rectangle{Max: size}, gtx.Dp(7), th.Hover)
		}
		if f == s.model.Filter {
			theme.Fill(gtx.Ops, image.Rectangle{Max: size}, gtx.Dp(7), th.FocusSoft)
		}
		style := th.Type.Body
		widget.At(gtx, gtx.Dp(theme.S12), (size.Y-gtx.Sp(style.Line))/2, size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, style, ink, FilterWord(f), "")
		})
		return layout.Dimensions{Size: size}
	})
}

// lots is the table, or why there is none.
func (s *Screen) lots(gtx layout.Context) layout.Dimensions {
	m, th := s.model, s.th
	switch l := &m.List; {
	case len(l.Rows) == 0 && l.Err != nil:
		return panel.Failed(gtx, th, screen.Sentence(l.Err), &s.retry)
	case len(l.Rows) == 0 && l.Have && m.Filtered():
		return panel.NoMatch(gtx, th, "No lots match", &s.clear)
	case len(l.Rows) == 0 && l.Have:
		return panel.Nothing(gtx, th, theme.IconBoxes, "No stock yet", "Press F5 to receive goods")
	}
	s.table.Stale = m.List.Err != nil || !s.env.Shell.Online()
	return s.table.Layout(gtx, th, s, s.foot())
}

func (s *Screen) foot() table.Foot {
	m := s.model
	n := m.List.Sum.Counts.All
	if m.Type != "" {
		n = m.List.Sum.Counts.ByType[m.Type]
	}
	f := table.Foot{}
	if m.List.Have {
		f.Count = count(n, "lot", "lots")
		if m.Empty {
			f.Count += " in stock, used-up ones below"
		}
		if m.Valued() {
			f.SumLabel, f.Sum = "Value", m.List.Sum.Value.String()
		}
	}
	switch {
	case m.List.Cut():
		f.Note = "the first " + count(len(m.List.Rows), "is", "are") + " shown, search to see others"
	case m.Index() >= 0:
		f.Note = "1 selected"
	}
	return f
}

// Len, Cell and Label make the screen the table's source.
func (s *Screen) Len() int { return len(s.model.List.Rows) }

// Cell writes one cell.
func (s *Screen) Cell(row, col int) table.Cell {
	if col == 0 {
		s.model.List.Shown(row)
	}
	r := &s.model.List.Rows[row]
	switch s.columns[col] {
	case stock.ByLot:
		return table.Cell{Text: r.Number}
	case stock.ByItem:
		return table.Cell{Text: r.Name, After: r.NameHi}
	case stock.ByQty:
		return table.Cell{Text: r.Qty.Number(r.Dimension), After: r.Dimension.Unit()}
	case stock.ByValue:
		return table.Cell{Text: r.Value.Number()}
	case stock.ByExpiry:
		return s.expiry(r.ExpiryOn)
	case stock.ByStatus:
		word := StatusWord(r.Status, r.ExpiryOn, s.env.Today())
		return table.Cell{Text: word, Tone: statusTone(word)}
	}
	return table.Cell{Text: TypeWord(r.Type), Tone: typeTone(r.Type)}
}

func (s *Screen) expiry(on core.Date) table.Cell {
	days, u, ok := Expiry(on, s.env.Today())
	if !ok {
		return table.Cell{Text: "none"}
	}
	return table.Cell{Text: on.String(), After: DaysShort(days), Tone: map[Urgency]table.Tone{Soon: table.Warn, Urgent: table.Danger}[u]}
}

// Label is a row as it is read out.
func (s *Screen) Label(row int) string {
	r := &s.model.List.Rows[row]
	return r.Number + ", " + r.Name + ", " + r.Qty.String(r.Dimension)
}

func statusTone(word string) table.Tone {
	switch word {
	case "Released":
		return table.OK
	case "Hold":
		return table.Hold
	case "Expired":
		return table.Danger
	}
	return table.Neutral
}

func typeTone(t catalog.Type) table.Tone {
	switch t {
	case catalog.Raw:
		return table.Raw
	case catalog.Bulk:
		return table.Bulk
	case catalog.Packing:
		return table.Packing
	}
	return table.Finished
}
