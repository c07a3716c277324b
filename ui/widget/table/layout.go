package table

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/ui/theme"
	"masala/ui/widget"
)

// Layout draws the table as a card that fills the space given; one that is Inset fills
// the card it lies on down to its lower corners.
func (t *Table) Layout(gtx layout.Context, th *theme.Theme, src Source, foot Foot) layout.Dimensions {
	size := gtx.Constraints.Max
	head, feet := gtx.Dp(theme.HeadHeight), gtx.Dp(theme.FootHeight)
	rowHeight := t.RowHeight
	if rowHeight == 0 {
		rowHeight = theme.RowHeight
	}
	t.view = view{row: gtx.Dp(rowHeight), rows: src.Len(), body: max(size.Y-head-feet, 0)}
	for t.view.row > 0 && len(t.slots) < t.view.body/t.view.row+2 {
		t.slots = append(t.slots, newSlot()) // asked for events before it is drawn
	}
	t.read(gtx, src)
	t.Selected = min(t.Selected, t.view.rows-1)
	t.measure(gtx, size.X)
	t.scroll.update(gtx, t.view)

	card := image.Rectangle{Max: size}
	radius := gtx.Dp(theme.RadiusCard)
	outline := clip.UniformRRect(card, radius)
	if t.Inset {
		outline.NW, outline.NE = 0, 0
		theme.Fill(gtx.Ops, image.Rect(0, 0, size.X, gtx.Dp(1)), 0, th.Border)
	} else {
		th.PaintCard(gtx, card, radius)
	}
	outer := outline.Push(gtx.Ops)
	semantic.DescriptionOp(t.Name).Add(gtx.Ops)
	t.head(gtx, th, head)

	area := clip.Rect{Min: image.Pt(0, head), Max: image.Pt(size.X, head+t.view.body)}.Push(gtx.Ops)
	event.Op(gtx.Ops, t)
	t.scroll.wheel.Add(gtx.Ops)
	move := op.Offset(image.Pt(0, head)).Push(gtx.Ops)
	t.rows(gtx, th, src, size.X)
	t.scroll.bar(gtx, th, t.view, size.X)
	move.Pop()
	area.Pop()

	move = op.Offset(image.Pt(0, size.Y-feet)).Push(gtx.Ops)
	foot.layout(gtx, th, size.X, feet)
	move.Pop()
	outer.Pop()
	switch w := gtx.Dp(2); {
	case t.hasKey && t.Inset: // the card's own edge is above
		theme.Outline(gtx.Ops, card, radius, float32(w), th.Focus)
	case t.hasKey: // outside the card: the bar of the selected row lies inside
		theme.Outline(gtx.Ops, card.Inset(-w), radius+w, float32(w), th.Focus)
	}
	return layout.Dimensions{Size: size}
}

func (t *Table) head(gtx layout.Context, th *theme.Theme, height int) {
	width := gtx.Constraints.Max.X
	theme.Fill(gtx.Ops, image.Rect(0, 0, width, height), 0, th.Surface2)
	theme.Fill(gtx.Ops, image.Rect(0, height-gtx.Dp(1), width, height), 0, th.Border)
	for k, i := range t.shown {
		c := &t.Columns[i]
		left, right := t.inner(gtx, k)
		style, colour := th.Type.Label, th.T3
		sorted := i == t.SortColumn
		if sorted {
			style, colour = style.Semi(), th.T1
		}
		h := t.heads[i]
		if c.Sort {
			area := clip.Rect{Min: image.Pt(t.edges[k], 0), Max: image.Pt(t.edges[k+1], height)}.Push(gtx.Ops)
			semantic.Button.Add(gtx.Ops)
			semantic.LabelOp(c.Title).Add(gtx.Ops)
			semantic.SelectedOp(sorted).Add(gtx.Ops)
			event.Op(gtx.Ops, h)
			area.Pop()
			if h.over {
				colour = th.T1
			}
		}
		arrow := gtx.Dp(13)
		w := widget.TextWidth(gtx, th, style, c.Title)
		if c.Kind == Number {
			if c.Aside > 0 {
				right -= gtx.Dp(c.Aside) + gtx.Dp(padCell)
			}
			textEnd(gtx, th, style, colour, left, right, height, c.Title)
			left = right - w
		} else {
			text(gtx, th, style, colour, left, right-left, height, c.Title)
		}
		if sorted {
			icon, at := theme.IconArrowUp, left+w+gtx.Dp(4)
			if t.Descending {
				icon = theme.IconArrowDown
			}
			if c.Kind == Number {
				at = left - gtx.Dp(4) - arrow
			}
			move := op.Offset(image.Pt(at, (height-arrow)/2)).Push(gtx.Ops)
			th.IconStroke(gtx, icon, 13, 1.5, th.T1)
			move.Pop()
		}
		if t.hasKey && i == t.column && c.Sort {
			theme.Fill(gtx.Ops, image.Rect(left, height-gtx.Dp(2), left+w, height), 0, th.Focus)
		}
	}
}

func (t *Table) rows(gtx layout.Context, th *theme.Theme, src Source, width int) {
	v := t.view
	if v.row == 0 {
		return
	}
	first := t.scroll.offset / v.row
	line := gtx.Dp(1)
	for n := 0; ; n++ {
		row, y := first+n, (first+n)*v.row-t.scroll.offset
		if row >= v.rows || y >= v.body {
			break
		}
		s := t.slots[n]
		s.row = row
		move := op.Offset(image.Pt(0, y)).Push(gtx.Ops)
		area := clip.Rect{Max: image.Pt(width, v.row)}.Push(gtx.Ops)
		selected := row == t.Selected
		semantic.LabelOp(src.Label(row)).Add(gtx.Ops)
		semantic.SelectedOp(selected).Add(gtx.Ops)
		event.Op(gtx.Ops, s)
		switch {
		case selected:
			theme.Fill(gtx.Ops, image.Rect(0, 0, width, v.row), 0, th.Sel)
		case s.over:
			theme.Fill(gtx.Ops, image.Rect(0, 0, width, v.row), 0, th.Hover)
		}
		theme.Fill(gtx.Ops, image.Rect(0, v.row-line, width, v.row), 0, th.Border)
		if selected {
			theme.Fill(gtx.Ops, image.Rect(0, 0, gtx.Dp(3), v.row-line), 0, th.Brand.Text)
		}
		for k, i := range t.shown {
			left, right := t.inner(gtx, k)
			t.cell(gtx, th, &t.Columns[i], src.Cell(row, i), left, right, v.row-line)
		}
		area.Pop()
		move.Pop()
	}
}

func (f Foot) layout(gtx layout.Context, th *theme.Theme, width, height int) {
	theme.Fill(gtx.Ops, image.Rect(0, 0, width, height), 0, th.Surface2)
	theme.Fill(gtx.Ops, image.Rect(0, 0, width, gtx.Dp(1)), 0, th.Border)
	edge, body := gtx.Dp(padEdge), th.Type.Body
	said := func(x, w int, style theme.Style, str string) {
		defer op.Offset(image.Pt(x, (height-gtx.Sp(style.Line))/2)).Push(gtx.Ops).Pop()
		defer clip.Rect{Max: image.Pt(w, gtx.Sp(style.Line))}.Push(gtx.Ops).Pop()
		semantic.LabelOp(str).Add(gtx.Ops)
	}
	x := edge
	for n, str := range [2]string{f.Count, f.Note} {
		if str == "" {
			continue
		}
		c := th.T2
		if n == 1 {
			c = th.T3
		}
		w := text(gtx, th, body, c, x, width-x-edge, height, str)
		said(x, w, body, str)
		x += w + gtx.Dp(theme.S16)
	}
	if f.Sum == "" {
		return
	}
	right, bold := width-edge, body.Semi()
	w := widget.TextWidth(gtx, th, bold, f.Sum)
	text(gtx, th, bold, th.T1, right-w, w, height, f.Sum)
	said(right-w, w, bold, f.Sum)
	textEnd(gtx, th, body, th.T2, x, right-w-gtx.Dp(4), height, f.SumLabel)
}
