package input

import (
	"image"
	"strconv"

	"gioui.org/gesture"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

const (
	cellPad    = 10 // dp left and right of a cell's text
	edgePad    = 16 // dp at the right end
	numberCol  = 44 // dp, of the line number
	noteHeight = 32 // dp, of the sentences under a row
	noteIndent = 58
	footHeight = 44
)

// Layout draws the lines as a card that fills the space given. summary is drawn at
// the right of the foot; it may be nil.
func (g *Grid) Layout(gtx layout.Context, th *theme.Theme, rows *form.Rows, summary layout.Widget) layout.Dimensions {
	size := gtx.Constraints.Max
	head, foot := gtx.Dp(theme.HeadHeight), gtx.Dp(footHeight)
	g.body = max(size.Y-head-foot, 0)
	g.clamp(rows)
	g.open(rows)
	g.measure(gtx, size.X)
	g.slots = hits(gtx, g.slots, rows.Len()*len(g.Columns))
	g.stack(gtx, rows)
	g.scroll(gtx)
	g.pointer(gtx, rows) // for the rows that have just come into view
	if len(g.events) > 0 {
		gtx.Execute(op.InvalidateCmd{})
	}

	card, radius := image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard)
	th.PaintCard(gtx, card, radius)
	outer := clip.UniformRRect(card, radius).Push(gtx.Ops)
	semantic.DescriptionOp(g.Name).Add(gtx.Ops)
	g.head(gtx, th, size.X, head)
	area := clip.Rect(image.Rect(0, head, size.X, head+g.body)).Push(gtx.Ops)
	event.Op(gtx.Ops, g)
	g.wheel.Add(gtx.Ops)
	move := op.Offset(image.Pt(0, head-g.offset)).Push(gtx.Ops)
	for i := range rows.Len() {
		if g.tops[i+1] > g.offset && g.tops[i] < g.offset+g.body || i == g.row {
			g.line(gtx, th, rows, i, size.X)
		}
	}
	move.Pop()
	g.bar(gtx, th, size.X, head)
	area.Pop()
	g.foot(gtx, th, size, foot, summary)
	outer.Pop()
	return layout.Dimensions{Size: size}
}

// stack finds where each row begins: 44 high, and a line of sentences under those
// that have any.
func (g *Grid) stack(gtx layout.Context, rows *form.Rows) {
	g.tops = append(g.tops[:0], 0)
	y := 0
	for i := range rows.Len() {
		y += gtx.Dp(theme.CellHeight)
		if r := rows.At(i); len(r.Notes) > 0 || len(r.Errors()) > 0 {
			y += gtx.Dp(noteHeight)
		}
		g.tops = append(g.tops, y)
	}
}

func (g *Grid) scroll(gtx layout.Context) {
	limit := max(g.tops[len(g.tops)-1]-g.body, 0)
	g.offset += g.wheel.Update(gtx.Metric, gtx.Source, gtx.Now, gesture.Vertical, pointer.ScrollRange{},
		pointer.ScrollRange{Min: -g.offset, Max: limit - g.offset})
	if g.reveal {
		g.reveal = false
		g.offset = min(g.offset, g.tops[g.row])
		g.offset = max(g.offset, g.tops[g.row+1]-g.body)
	}
	g.offset = min(max(g.offset, 0), limit)
}

// bar shows how far the rows are scrolled.
func (g *Grid) bar(gtx layout.Context, th *theme.Theme, width, head int) {
	all := g.tops[len(g.tops)-1]
	if all <= g.body || g.body == 0 {
		return
	}
	length := max(g.body*g.body/all, gtx.Dp(24))
	top := head + (g.body-length)*g.offset/(all-g.body)
	theme.Fill(gtx.Ops, image.Rect(width-gtx.Dp(7), top, width-gtx.Dp(3), top+length), gtx.Dp(2), th.Borders)
}

// measure chooses the columns that fit into width px and their edges.
func (g *Grid) measure(gtx layout.Context, width int) {
	g.shown, g.edges = g.shown[:0], g.edges[:0]
	least := gtx.Dp(numberCol)
	wide := func(c *GridColumn) int { return gtx.Dp(max(c.Width, c.Min)) }
	for i := range g.Columns {
		g.shown = append(g.shown, i)
		least += wide(&g.Columns[i])
	}
	for least > width {
		worst := -1
		for k, i := range g.shown {
			if d := g.Columns[i].Drop; d > 0 && (worst < 0 || d > g.Columns[g.shown[worst]].Drop) {
				worst = k
			}
		}
		if worst < 0 {
			break
		}
		least -= wide(&g.Columns[g.shown[worst]])
		g.shown = append(g.shown[:worst], g.shown[worst+1:]...)
	}
	flexible := 0
	for _, i := range g.shown {
		if g.Columns[i].Width == 0 {
			flexible++
		}
	}
	x, left := gtx.Dp(numberCol), max(width-least, 0)
	for _, i := range g.shown {
		g.edges = append(g.edges, x)
		x += wide(&g.Columns[i])
		if g.Columns[i].Width == 0 {
			share := left / flexible
			x, left, flexible = x+share, left-share, flexible-1
		}
	}
	g.edges = append(g.edges, x)
}

// inner returns where the text of shown column k starts and ends.
func (g *Grid) inner(gtx layout.Context, k int) (left, right int) {
	left, right = g.edges[k]+gtx.Dp(cellPad), g.edges[k+1]-gtx.Dp(cellPad)
	if k == len(g.shown)-1 {
		right = g.edges[k+1] - gtx.Dp(edgePad)
	}
	return left, right
}

func (c *GridColumn) end() bool { return c.End || c.Kind == Amount || c.Kind == Figure }

func (g *Grid) head(gtx layout.Context, th *theme.Theme, width, height int) {
	theme.Fill(gtx.Ops, image.Rect(0, 0, width, height), 0, th.Surface2)
	theme.Fill(gtx.Ops, image.Rect(0, height-gtx.Dp(1), width, height), 0, th.Border)
	w := widget.TextWidth(gtx, th, th.Type.Label, "#")
	centred(gtx, th, th.Type.Label, th.T3, (gtx.Dp(numberCol)-w)/2+gtx.Dp(2), 0, w, height, "#")
	for k, i := range g.shown {
		left, right := g.inner(gtx, k)
		if c := &g.Columns[i]; c.end() {
			centredEnd(gtx, th, th.Type.Label, th.T3, left, right, 0, height, c.Title)
		} else {
			centred(gtx, th, th.Type.Label, th.T3, left, 0, right-left, height, c.Title)
		}
	}
}

// line draws row i and the sentences under it.
func (g *Grid) line(gtx layout.Context, th *theme.Theme, rows *form.Rows, i, width int) {
	top, bottom, cellH, rule := g.tops[i], g.tops[i+1], gtx.Dp(theme.CellHeight), gtx.Dp(1)
	r := rows.At(i)
	area := clip.Rect(image.Rect(0, top, width, top+cellH)).Push(gtx.Ops)
	semantic.LabelOp("Line " + strconv.Itoa(i+1)).Add(gtx.Ops)
	move := op.Offset(image.Pt(0, top)).Push(gtx.Ops)
	n := strconv.Itoa(i + 1)
	nw := widget.TextWidth(gtx, th, cellStyle(th), n)
	centred(gtx, th, cellStyle(th), th.T3, (gtx.Dp(numberCol)-nw)/2+gtx.Dp(2), 0, nw, cellH-rule, n)
	theme.Fill(gtx.Ops, image.Rect(0, cellH-rule, width, cellH), 0, th.Border)
	for k, c := range g.shown {
		if i != g.row || c != g.col {
			g.static(gtx, th, rows, i, k, cellH-rule)
		}
	}
	move.Pop()
	area.Pop()
	if bottom > top+cellH {
		notes(gtx, th, r, top+cellH, width, bottom-top-cellH)
	}
	if i == g.row {
		g.editor(gtx, th, rows, top, cellH-rule)
	}
}

// editor draws the active cell; outside the row's own clip, so that its list may
// hang below.
func (g *Grid) editor(gtx layout.Context, th *theme.Theme, rows *form.Rows, top, height int) {
	for k, c := range g.shown {
		if c != g.col {
			continue
		}
		f := g.cellOf
		l := Look(f)
		l.Label, l.Hint, l.Warning = "", "", ""
		l.Cell, l.Style = true, cellStyle(th)
		l.Name = f.Label + ", line " + strconv.Itoa(g.row+1)
		if g.Columns[c].Kind == Record || g.Columns[c].Strong {
			l.Style = l.Style.Semi()
		}
		l.Height = theme.CellHeight - 1
		r := image.Rect(g.edges[k], top, g.edges[k+1], top+height)
		defer op.Offset(r.Min).Push(gtx.Ops).Pop()
		in := gtx
		in.Constraints = layout.Exact(r.Size())
		if g.claims {
			g.claims = false
			g.cell.Focus()
		}
		g.room(r.Min.Add(image.Pt(0, gtx.Dp(theme.HeadHeight)-g.offset)))
		if g.cell.Focused() || !gtx.Enabled() {
			g.cell.Layout(in, th, f, l)
			continue
		}
		// Without the keyboard it looks like any other cell and only keeps the grid's place in the order of Tab.
		unseen := paint.PushOpacity(gtx.Ops, 0)
		l.Name = "Active cell"
		g.cell.Layout(in, th, f, l)
		unseen.Pop()
		if g.cell.Focused() {
			gtx.Execute(op.InvalidateCmd{})
		}
		back := op.Offset(image.Pt(-g.edges[k], 0)).Push(gtx.Ops)
		g.static(gtx, th, rows, g.row, k, height)
		back.Pop()
	}
}

// room tells the active cell where the window ends, seen from its corner at.
func (g *Grid) room(at image.Point) {
	r := g.Room
	if !r.Empty() {
		r = r.Sub(at)
	}
	switch c := g.cell.(type) {
	case *Combobox:
		c.Room = r
	case *Date:
		c.Room = r
	case *Quantity:
		c.Room = r
	}
}

func cellStyle(th *theme.Theme) theme.Style { return th.Type.Button.Medium() }
