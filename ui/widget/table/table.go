package table

import (
	"time"

	"gioui.org/gesture"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/unit"

	"masala/ui/theme"
	"masala/ui/widget"
)

// Source gives the rows, by index, with texts already formatted: Cell is called for
// every visible cell in every frame.
type Source interface {
	Len() int
	Cell(row, col int) Cell
	// Label is the row as a screen reader says it.
	Label(row int) string
}

// Cell is what stands in one place of the table. An empty Text is drawn as a dash.
type Cell struct {
	Text  string
	After string // Hindi name, unit or days, in t3
	Tone  Tone
	Icon  theme.Icon // before the text of a Text column, in its colour
}

// Tone is the meaning that colours a cell.
type Tone uint8

// The tones. Plain is ordinary text.
const (
	Plain Tone = iota
	OK
	Warn
	Danger
	Info
	Hold
	Neutral
	Raw
	Bulk
	Packing
	Finished
)

func (t Tone) of(th *theme.Theme) theme.Tone {
	switch t {
	case OK:
		return th.OK
	case Warn:
		return th.Warn
	case Danger:
		return th.Danger
	case Info:
		return th.Info
	case Hold:
		return th.Hold
	case Raw:
		return th.Raw
	case Bulk:
		return th.Bulk
	case Packing:
		return th.Packing
	case Finished:
		return th.Finished
	}
	return th.Neutral
}

// Kind is how a column draws its cells.
type Kind uint8

// The kinds.
const (
	Text   Kind = iota // After follows where there is room for it
	Number             // right-aligned; After is the unit
	Date               // After is the days beside it; Tone colours both
	Pill               // dot and word
	Tag                // stage or kind
)

// Column is one column. A column without Width takes a share of what is left over.
type Column struct {
	Title  string
	Kind   Kind
	Width  unit.Dp
	Min    unit.Dp // of a column without Width
	Flex   float32 // its share; 0 means 1
	Aside  unit.Dp // room at the right for After; 0 lets it follow the text
	Strong bool
	Quiet  bool // in t2
	Sort   bool // can be sorted by
	Drop   int  // above 0: may be left out when narrow, the highest first
}

// EventKind is what the user did.
type EventKind uint8

// The events.
const (
	Selected EventKind = iota // another row is selected
	Opened                    // Enter or a double click
	Peeked                    // Space: the side panel
	Sorted                    // by Column, in the order of Descending
	Menu                      // Shift+F10 or the right button
)

// Event is one thing the user did.
type Event struct {
	Kind       EventKind
	Row        int
	Column     int
	Descending bool
}

// Foot is the line below the rows: "107 lots", "1 selected", "Value", "₹ 36,72,313.15".
type Foot struct{ Count, Note, SumLabel, Sum string }

// Table is the state of one table: where it is scrolled to, what is selected and
// how it is sorted. The owner sorts the rows when told to.
type Table struct {
	Columns    []Column
	RowHeight  unit.Dp // theme.RowHeight unless set
	Name       string  // what the table is called
	Selected   int     // -1 for none
	SortColumn int     // -1 for none
	Descending bool
	Stale      bool // values are old: drawn in t3
	Inset      bool // it is the lower part of a card that is drawn already

	column int // under the column cursor
	scroll scroller
	focus  widget.Focus
	hasKey bool

	events  []Event
	keys    []event.Filter
	slots   []*slot
	heads   []*slot
	ahead   string
	aheadAt time.Time

	shown []int // columns drawn
	edges []int // left edge of each and the right end, px
	view  view
}

// view is the geometry of the last layout, for keys that come before the next.
type view struct {
	row, rows, body int // px height of a row, number of rows, px height of the body
}

// slot is one row of the screen that takes the pointer. Its filter is made once: a
// new one in each frame would be garbage.
type slot struct {
	filter [1]event.Filter
	over   bool
	at     time.Duration // of the last press
	row    int           // shown in it
}

func newSlot() *slot {
	s := &slot{}
	s.filter[0] = pointer.Filter{Target: s, Kinds: pointer.Press | pointer.Enter | pointer.Leave | pointer.Cancel}
	return s
}

// New makes a table with these columns, nothing selected.
func New(name string, columns ...Column) *Table {
	t := &Table{Name: name, Columns: columns, Selected: -1, SortColumn: -1}
	t.scroll.show = -1
	return t
}

// Focus asks for the keyboard.
func (t *Table) Focus() { t.focus.Request() }

// Focused reports whether the table has the keyboard.
func (t *Table) Focused() bool { return t.hasKey }

// Select makes row the selected one and brings it into view.
func (t *Table) Select(row int) {
	t.Selected = row
	t.scroll.show = row
}

// scroller keeps the offset of the rows in px.
type scroller struct {
	offset  int
	show    int // row to bring into view, -1 for none
	wheel   gesture.Scroll
	drag    gesture.Drag
	grabbed int // offset of the pointer within the bar
	held    bool
}
