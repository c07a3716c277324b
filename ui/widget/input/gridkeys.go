package input

import (
	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/ui/form"
)

func (l *line) caretEnd() {
	n := l.field.Editor.Len()
	l.field.Editor.SetCaret(n, n)
}

// Update returns what the user did, one thing at a time. Call it before Layout.
func (g *Grid) Update(gtx layout.Context, rows *form.Rows) (GridEvent, bool) {
	g.ask(rows)
	g.clamp(rows)
	g.open(rows)
	g.pointer(gtx, rows)
	for {
		c, f := g.cell, g.cellOf
		e, ok := c.Update(gtx, f)
		if !ok {
			break
		}
		g.heard(rows, f, e)
		if g.cell != c {
			break // the keyboard went on; what follows is for the next cell
		}
	}
	g.resolve(rows)
	if len(g.events) == 0 {
		return GridEvent{}, false
	}
	e := g.events[0]
	g.events = append(g.events[:0], g.events[1:]...)
	return e, true
}

// clamp follows rows that were removed or emptied from outside.
func (g *Grid) clamp(rows *form.Rows) {
	g.row = max(min(g.row, rows.Len()-1), 0)
	if !g.typed(g.col) {
		g.col = g.first()
	}
	if g.cellOf != g.field(rows, g.row, g.col) {
		had := g.Focused()
		g.cell = nil
		g.open(rows)
		g.claims = g.claims || had
	}
}

func (g *Grid) tell(rows *form.Rows, k GridEventKind) {
	g.events = append(g.events, GridEvent{Kind: k, Row: rows.At(g.row), Name: g.Columns[g.col].Name})
}

func (g *Grid) heard(rows *form.Rows, f *form.Field, e Event) {
	switch e.Kind {
	case Changed:
		g.removed = false
		g.tell(rows, GridChanged)
	case Taken:
		g.removed = false
		g.tell(rows, GridTaken)
		g.events[len(g.events)-1].Option = e.Option
	case Create:
		g.tell(rows, GridCreate)
		g.events[len(g.events)-1].Text = e.Text
	case Submitted:
		g.await(rows)
		g.forward(rows)
	case Back:
		g.backward(rows)
	case gridKey:
		g.press(rows, e.key)
	case Entered:
		g.reveal = true
	case Left:
		if rows.At(g.row).Blank() {
			f.Error, f.Touched = "", false // a blank row owes nothing
		}
		g.tell(rows, GridCellLeft)
	}
}

// forward goes to the next cell; on the last cell of the last row it adds a row, on
// the item of a blank row it leaves the grid.
func (g *Grid) forward(rows *form.Rows) {
	if g.col == g.first() && rows.At(g.row).Blank() {
		g.tell(rows, GridDone)
		return
	}
	if row, col, ok := g.after(rows); ok {
		g.activate(rows, row, col)
		return
	}
	if f := g.cellOf; f != nil {
		g.leave(rows, f)
	}
	rows.Add()
	g.cellOf = nil
	g.activate(rows, rows.Len()-1, g.first())
	g.tell(rows, GridRows)
}

func (g *Grid) backward(rows *form.Rows) {
	if row, col, ok := g.before(rows); ok {
		g.activate(rows, row, col)
		return
	}
	g.tell(rows, GridBack)
}

func (g *Grid) writable(rows *form.Rows, row, col int) bool {
	f := g.field(rows, row, col)
	return f != nil && !f.ReadOnly
}

func (g *Grid) after(rows *form.Rows) (row, col int, ok bool) {
	row, col = g.row, g.col+1
	for ; row < rows.Len(); row, col = row+1, 0 {
		for ; col < len(g.Columns); col++ {
			if g.writable(rows, row, col) {
				return row, col, true
			}
		}
	}
	return 0, 0, false
}

func (g *Grid) before(rows *form.Rows) (row, col int, ok bool) {
	row, col = g.row, g.col-1
	for ; row >= 0; row, col = row-1, len(g.Columns)-1 {
		for ; col >= 0; col-- {
			if g.writable(rows, row, col) {
				return row, col, true
			}
		}
	}
	return 0, 0, false
}

// ask says which keys the grid wants of its cells; the list or calendar of a cell
// comes first.
func (g *Grid) ask(rows *form.Rows) {
	if g.around.wants == nil {
		g.around.wants = g.wants
	}
	g.around.keys = append(g.around.keys[:0], key.Filter{Name: "D", Required: key.ModCtrl}, key.Filter{Name: key.NameDeleteForward, Required: key.ModCtrl},
		key.Filter{Name: key.NameF2}, key.Filter{Name: key.NameUpArrow}, key.Filter{Name: key.NameDownArrow})
	// Tab past either end is left to the window, which goes on to what follows the grid.
	if _, _, ok := g.after(rows); ok {
		g.around.keys = append(g.around.keys, key.Filter{Name: key.NameTab})
	}
	if _, _, ok := g.before(rows); ok {
		g.around.keys = append(g.around.keys, key.Filter{Name: key.NameTab, Required: key.ModShift})
	}
	if g.cell != nil {
		g.cell.within(g.around)
	}
}

func (g *Grid) wants(k key.Event) bool {
	switch k.Modifiers {
	case 0:
		return plain(k, key.NameF2, key.NameUpArrow, key.NameDownArrow, key.NameTab)
	case key.ModShift:
		return k.Name == key.NameTab
	case key.ModCtrl:
		return k.Name == "D" || k.Name == key.NameDeleteForward || k.Name == "Z" && g.removed
	}
	return false
}

func (g *Grid) press(rows *form.Rows, k key.Event) {
	switch k.Name {
	case key.NameTab:
		if k.Modifiers.Contain(key.ModShift) {
			g.backward(rows)
		} else if row, col, ok := g.after(rows); ok {
			g.activate(rows, row, col)
		} else {
			g.tell(rows, GridDone) // struck before the last cell had been reached
		}
	case key.NameUpArrow:
		if g.row > 0 {
			g.activate(rows, g.row-1, g.col)
		}
	case key.NameDownArrow:
		if g.row < rows.Len()-1 {
			g.activate(rows, g.row+1, g.col)
		}
	case key.NameF2:
		g.cell.caretEnd()
	case "D":
		if rows.Copy(g.row) {
			g.tell(rows, GridRows)
		}
	case key.NameDeleteForward:
		if rows.Remove(g.row) {
			g.removed = true
			g.cellOf = nil
			g.activate(rows, g.row, g.first())
			g.tell(rows, GridRows)
		}
	case "Z":
		at, ok := rows.Undo()
		if ok {
			g.cellOf = nil
			g.activate(rows, at, g.first())
			g.tell(rows, GridRows)
		}
		g.removed = ok
	}
}

func (g *Grid) pointer(gtx layout.Context, rows *form.Rows) {
	n := len(g.Columns)
	for i := range min(rows.Len(), len(g.tops)-1, len(g.slots)/n) {
		if g.tops[i+1] <= g.offset || g.tops[i] >= g.offset+g.body {
			continue
		}
		for c, h := range g.slots[i*n : (i+1)*n] {
			for _, ok := h.pressed(gtx); ok; _, ok = h.pressed(gtx) {
				if g.writable(rows, i, c) {
					g.activate(rows, i, c)
				}
			}
		}
	}
}
