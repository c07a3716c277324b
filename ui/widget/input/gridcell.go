package input

import (
	"image"
	"strconv"

	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

// fresh reports whether nothing was chosen in the row yet: its figures are ghosts.
func (g *Grid) fresh(r *form.Row) bool {
	if r.Blank() {
		return true
	}
	c := &g.Columns[g.first()]
	return c.Kind == Record && r.Field(c.Name).Key == ""
}

// static draws a cell that is not being edited.
func (g *Grid) static(gtx layout.Context, th *theme.Theme, rows *form.Rows, i, k, height int) {
	c := &g.Columns[g.shown[k]]
	left, right := g.inner(gtx, k)
	r := rows.At(i)
	blank := g.fresh(r)
	style, ink := cellStyle(th), th.T1
	if c.Strong || c.Kind == Record {
		style = style.Semi()
	}
	f := r.Field(c.Name)
	said := c.Title + ", line " + strconv.Itoa(i+1)
	text, aside := "", ""
	switch {
	case c.Kind == Derived:
		text, ink = c.Show(r, i), th.T2
		if c.Strong {
			ink = th.T1
		}
	case f != nil:
		text, aside = f.Text, f.Aside
		if f.Taking != "" {
			text, ink = taking(f), th.T3
		}
		said = f.Label + ", line " + strconv.Itoa(i+1)
		if c.Kind == Amount && text != "" {
			text, _ = form.Split(text)
		}
	}
	place := clip.Rect(image.Rect(g.edges[k], 0, g.edges[k+1], height)).Push(gtx.Ops)
	semantic.DescriptionOp(said).Add(gtx.Ops)
	semantic.LabelOp(text).Add(gtx.Ops)
	if f != nil && !f.ReadOnly {
		pointer.CursorText.Add(gtx.Ops)
		event.Op(gtx.Ops, g.slots[i*len(g.Columns)+g.shown[k]])
	}
	defer place.Pop()
	if f != nil && f.Error != "" {
		cell := image.Rect(g.edges[k], 0, g.edges[k+1], height)
		theme.Fill(gtx.Ops, cell, 0, th.Danger.Soft)
		theme.Outline(gtx.Ops, cell, 0, 1.5*gtx.Metric.PxPerDp, th.Danger.Fill)
		ink = th.Danger.Text
		if text == "" {
			text = "Required"
		}
		px := gtx.Dp(15)
		if right-left > gtx.Dp(60) {
			move := op.Offset(image.Pt(right-px, (height-px)/2)).Push(gtx.Ops)
			th.IconStroke(gtx, theme.IconCircleAlert, 15, 1.5, ink)
			move.Pop()
			right -= px + gtx.Dp(6)
		}
	}
	if text == "" {
		text, ink = c.Ghost, th.TDis
	} else if blank && c.Kind == Derived {
		ink = th.TDis
	}
	if f != nil && f.Error == "" && c.Tone != nil && f.Text != "" {
		move := op.Offset(image.Pt(left, (height-gtx.Dp(22))/2)).Push(gtx.Ops)
		in := gtx
		in.Constraints = layout.Constraints{Max: image.Pt(right-left, height)}
		widget.Pill(in, th, c.Tone(th, f), text)
		move.Pop()
		return
	}
	if c.end() {
		centredEnd(gtx, th, style, ink, left, right, 0, height, text)
		return
	}
	x := left + centred(gtx, th, style, ink, left, 0, right-left, height, text) + gtx.Dp(8)
	if aside != "" && widget.TextWidth(gtx, th, th.Type.Label, aside) <= right-x {
		centred(gtx, th, th.Type.Label, th.T3, x, 0, right-x, height, aside)
	}
}

// notes draws the sentences under a row: first what is wrong, then what else there
// is to know.
func notes(gtx layout.Context, th *theme.Theme, r *form.Row, top, width, height int) {
	x := gtx.Dp(noteIndent)
	say := func(icon theme.Icon, s theme.Style, ink colour, kind, text string) {
		px := gtx.Dp(14)
		if x+px >= width {
			return
		}
		move := op.Offset(image.Pt(x, top+(height-px)/2)).Push(gtx.Ops)
		th.IconStroke(gtx, icon, 14, 1.5, ink)
		move.Pop()
		start := x
		x += px + gtx.Dp(6)
		x += centred(gtx, th, s, ink, x, top, width-x-gtx.Dp(edgePad), height, text)
		area := clip.Rect(image.Rect(start, top, x, top+height)).Push(gtx.Ops)
		semantic.DescriptionOp(kind).Add(gtx.Ops)
		semantic.LabelOp(text).Add(gtx.Ops)
		area.Pop()
		x += gtx.Dp(20)
	}
	for _, e := range r.Errors() {
		say(theme.IconCircleAlert, th.Type.Label.Semi(), th.Danger.Text, "Error", e)
	}
	for _, n := range r.Notes {
		switch n.Tone {
		case "hold":
			say(theme.IconLock, th.Type.Label, th.Hold.Text, "Note", n.Text)
		case "warn":
			say(theme.IconTriangleAlert, th.Type.Label, th.Warn.Text, "Warning", n.Text)
		default:
			say(theme.IconInfo, th.Type.Label, th.Info.Text, "Note", n.Text)
		}
	}
	theme.Fill(gtx.Ops, image.Rect(0, top+height-gtx.Dp(1), width, top+height), 0, th.Border)
}

// foot draws the keys at the left, as many as there is room for, and the summary at
// the right.
func (g *Grid) foot(gtx layout.Context, th *theme.Theme, size image.Point, height int, summary layout.Widget) {
	top := size.Y - height
	theme.Fill(gtx.Ops, image.Rect(0, top, size.X, size.Y), 0, th.Surface2)
	theme.Fill(gtx.Ops, image.Rect(0, top, size.X, top+gtx.Dp(1)), 0, th.Border)
	x, right := gtx.Dp(edgePad), size.X-gtx.Dp(edgePad)
	if summary != nil {
		in := gtx
		in.Constraints = layout.Constraints{Max: image.Pt(size.X/2, height)}
		m := op.Record(gtx.Ops)
		d := summary(in)
		call := m.Stop()
		right -= d.Size.X
		move := op.Offset(image.Pt(right, top+(height-d.Size.Y)/2)).Push(gtx.Ops)
		call.Add(gtx.Ops)
		move.Pop()
		right -= gtx.Dp(edgePad)
	}
	for _, k := range [][2]string{{"Enter", "next field"}, {"F4", "list"}, {"Ctrl D", "copy row"}, {"Ctrl Del", "remove row"}} {
		s := th.Type.Label
		kw := max(widget.TextWidth(gtx, th, th.Type.Tiny.Semi(), k[0])+2*gtx.Dp(5), gtx.Dp(20))
		if x+kw+gtx.Dp(6)+widget.TextWidth(gtx, th, s, k[1]) > right {
			return
		}
		move := op.Offset(image.Pt(x, top+(height-gtx.Dp(20))/2)).Push(gtx.Ops)
		widget.Kbd(gtx, th, k[0])
		move.Pop()
		x += kw + gtx.Dp(6)
		x += centred(gtx, th, s, th.T3, x, top, right-x, height, k[1]) + gtx.Dp(16)
	}
}
