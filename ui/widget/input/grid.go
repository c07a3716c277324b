package input

import (
	"image"

	"gioui.org/gesture"
	"gioui.org/io/event"
	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Kind is what a column of a grid takes.
type Kind uint8

// The kinds.
const (
	Plain   Kind = iota // any text
	Record              // a record of a list, by Search
	Amount              // a quantity; Measure says how the row's item is counted
	Figure              // money, a rate, a percentage, a count: right-aligned
	Day                 // a date; Calendar
	Choice              // one of a few, drawn as a pill: Search over them, Tone
	Derived             // not typed: Show
)

// GridColumn is one column of the lines of a form.
type GridColumn struct {
	Name   string // of the field within the row; of a Derived column any
	Title  string
	Kind   Kind
	Width  unit.Dp // 0: shares what is left over
	Min    unit.Dp
	End    bool // right-aligned; Amount and Figure always are
	Strong bool
	Ghost  string // shown faintly in a blank row: "0.000"
	Drop   int    // above 0: left out when narrow, the highest first

	Search   func(r *form.Row) Search
	Create   string // see Combobox
	Measure  func(r *form.Row) form.Measure
	Calendar func() form.Calendar
	Tone     func(th *theme.Theme, f *form.Field) theme.Tone
	Show     func(r *form.Row, i int) string // text of a Derived cell of row i
}

// GridEventKind is what the user did to a grid.
type GridEventKind uint8

// The events of a grid.
const (
	GridChanged  GridEventKind = iota + 1 // text of a cell
	GridTaken                             // a record was chosen: fill what follows from it
	GridCellLeft                          // a cell was left and checked
	GridRows                              // rows were added, copied, removed or brought back
	GridDone                              // Enter on an empty item, Tab typed ahead past the end: on to the totals
	GridBack                              // Shift+Enter on the first cell, Shift+Tab typed ahead: to the field before
	GridCreate                            // make a record called Text
)

// GridEvent is one thing the user did. Row is nil where no row is meant.
type GridEvent struct {
	Kind   GridEventKind
	Row    *form.Row
	Name   string // of the column
	Text   string
	Option Option
}

// Grid is the state of the lines of a form: which cell is active and how far it is
// scrolled. One cell at a time holds an editor; the others are drawn.
type Grid struct {
	Columns []GridColumn
	Name    string
	Room    image.Rectangle // the window, in the grid's coordinates; empty: no bounds

	row, col int
	cell     cell // editor of the active cell, nil until the first layout
	cellOf   *form.Field
	claims   bool // the active cell asks for the keyboard
	removed  bool // the last thing done was removing a row: Ctrl+Z brings it back
	events   []GridEvent
	awaited  []awaited
	around   around

	offset int // px scrolled
	reveal bool
	wheel  gesture.Scroll
	slots  []*hit // a place for each cell
	shown  []int
	edges  []int
	tops   []int // top of each row and the end, px from the first
	body   int   // px height of the rows' area
}

// cell is the editor of one cell.
type cell interface {
	Update(layout.Context, *form.Field) (Event, bool)
	Layout(layout.Context, *theme.Theme, *form.Field, widget.FieldLook) layout.Dimensions
	Focus()
	Focused() bool
	Tag() event.Tag
	caretEnd()
	within(around)
}

// NewGrid makes a grid with these columns.
func NewGrid(name string, columns ...GridColumn) *Grid {
	return &Grid{Name: name, Columns: columns}
}

// Focus gives the keyboard to the first empty cell of the last row.
func (g *Grid) Focus(rows *form.Rows) {
	g.activate(rows, rows.Len()-1, g.first())
}

// FocusField gives the keyboard to the cell of f; ok is false when f is not in the
// grid.
func (g *Grid) FocusField(rows *form.Rows, f *form.Field) (ok bool) {
	for i := range rows.Len() {
		for c := range g.Columns {
			if rows.At(i).Field(g.Columns[c].Name) == f {
				g.activate(rows, i, c)
				return true
			}
		}
	}
	return false
}

// Focused reports whether a cell has the keyboard.
func (g *Grid) Focused() bool { return g.cell != nil && g.cell.Focused() }

// Active is the place of the active cell.
func (g *Grid) Active() (row int, column string) { return g.row, g.Columns[g.col].Name }

// Reset goes back to the first cell, after the form has been emptied.
func (g *Grid) Reset() {
	g.row, g.col, g.cell, g.cellOf, g.offset, g.removed = 0, g.first(), nil, nil, 0, false
	g.awaited = nil
}

func (g *Grid) typed(c int) bool { return g.Columns[c].Kind != Derived }

// first is the first column one types into.
func (g *Grid) first() int {
	for c := range g.Columns {
		if g.typed(c) {
			return c
		}
	}
	return 0
}

func (g *Grid) field(rows *form.Rows, row, col int) *form.Field {
	if row < 0 || row >= rows.Len() || !g.typed(col) {
		return nil
	}
	return rows.At(row).Field(g.Columns[col].Name)
}

// activate leaves the active cell and gives the keyboard to another.
func (g *Grid) activate(rows *form.Rows, row, col int) {
	row = max(min(row, rows.Len()-1), 0)
	if !g.typed(col) {
		col = g.first()
	}
	if f := g.cellOf; f != nil && g.Focused() && (row != g.row || col != g.col) {
		g.leave(rows, f)
	}
	g.row, g.col, g.cell = row, col, nil
	g.open(rows)
	g.claims, g.reveal = true, true
}

// leave checks the cell unless its whole row is still blank.
func (g *Grid) leave(rows *form.Rows, f *form.Field) {
	r := rows.At(min(g.row, rows.Len()-1))
	if !r.Blank() {
		f.Leave()
	}
	g.events = append(g.events, GridEvent{Kind: GridCellLeft, Row: r, Name: g.Columns[g.col].Name})
}

// open makes the editor of the active cell: a new one each time, so that nothing of
// the last cell is left in it.
func (g *Grid) open(rows *form.Rows) {
	f := g.field(rows, g.row, g.col)
	if f == g.cellOf && g.cell != nil {
		return
	}
	r, c := rows.At(g.row), &g.Columns[g.col]
	g.cellOf = f
	switch c.Kind {
	case Record, Choice:
		b := &Combobox{inGrid: true, Create: c.Create, ListWidth: 520}
		if c.Kind == Choice {
			b.ListWidth = 200
		}
		if c.Search != nil {
			b.Search = c.Search(r)
		}
		g.cell = b
	case Amount:
		g.cell = &Quantity{Measure: func() form.Measure { return c.Measure(r) }}
	case Day:
		g.cell = &Date{inGrid: true, Calendar: c.Calendar}
	case Figure:
		g.cell = &Number{}
	default:
		g.cell = &Text{}
	}
	g.cell.within(g.around)
}
