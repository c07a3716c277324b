package table

import (
	"strings"
	"time"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
)

// doubleClick is the longest time between the two presses of a double click, and
// aheadFor how long letters typed one after another belong together.
const (
	doubleClick = 300 * time.Millisecond
	aheadFor    = time.Second
)

// Update returns what the user did, one thing at a time, until ok is false. Call it
// before Layout.
func (t *Table) Update(gtx layout.Context, src Source) (e Event, ok bool) {
	t.view.rows = src.Len()
	t.read(gtx, src)
	if len(t.events) == 0 {
		return Event{}, false
	}
	e = t.events[0]
	t.events = append(t.events[:0], t.events[1:]...)
	return e, true
}

func (t *Table) emit(kind EventKind, row int) {
	t.events = append(t.events, Event{Kind: kind, Row: row, Column: t.SortColumn, Descending: t.Descending})
}

// choose selects a row and tells.
func (t *Table) choose(row int) {
	row = min(max(row, 0), t.view.rows-1)
	t.scroll.show = row
	if row != t.Selected && row >= 0 {
		t.Selected = row
		t.emit(Selected, row)
	}
}

func (t *Table) sortBy(col int, descending bool) {
	if col < 0 || col >= len(t.Columns) || !t.Columns[col].Sort {
		return
	}
	t.column, t.SortColumn, t.Descending = col, col, descending
	t.emit(Sorted, t.Selected)
}

func (t *Table) read(gtx layout.Context, src Source) {
	if t.keys == nil {
		t.keys = t.filters()
	}
	for len(t.heads) < len(t.Columns) {
		t.heads = append(t.heads, newSlot())
	}
	t.hasKey = t.focus.Update(gtx, t)
	for {
		e, ok := gtx.Event(t.keys...)
		if !ok {
			break
		}
		switch e := e.(type) {
		case key.Event:
			if e.State == key.Press {
				t.press(e)
			}
		case key.EditEvent:
			t.typed(gtx, src, e.Text)
		}
	}
	for _, s := range t.slots {
		for p, ok := s.press(gtx); ok; p, ok = s.press(gtx) {
			gtx.Execute(key.FocusCmd{Tag: t})
			t.pressRow(s, p)
		}
	}
	for i, s := range t.heads {
		for _, ok := s.press(gtx); ok; _, ok = s.press(gtx) {
			t.sortBy(i, t.SortColumn == i && !t.Descending)
		}
	}
}

func (t *Table) pressRow(s *slot, p pointer.Event) {
	if s.row >= t.view.rows {
		return
	}
	again := s.row == t.Selected && s.at != 0 && p.Time-s.at < doubleClick
	s.at = p.Time
	t.choose(s.row)
	switch {
	case p.Buttons == pointer.ButtonSecondary:
		t.emit(Menu, s.row)
	case again:
		s.at = 0
		t.emit(Opened, s.row)
	}
}

// press returns the next press on s and keeps track of what hovers over it.
func (s *slot) press(gtx layout.Context) (pointer.Event, bool) {
	for {
		e, ok := gtx.Event(s.filter[:]...)
		if !ok {
			return pointer.Event{}, false
		}
		p, _ := e.(pointer.Event)
		switch p.Kind {
		case pointer.Enter:
			s.over = true
		case pointer.Leave, pointer.Cancel:
			s.over = false
		case pointer.Press:
			return p, true
		}
	}
}

func (t *Table) filters() []event.Filter {
	f := []event.Filter{key.FocusFilter{Target: t}, key.Filter{Focus: t, Name: key.NameF10, Required: key.ModShift}}
	for _, name := range []key.Name{key.NameUpArrow, key.NameDownArrow} {
		f = append(f, key.Filter{Focus: t, Name: name, Optional: key.ModCtrl})
	}
	for _, name := range []key.Name{key.NamePageUp, key.NamePageDown, key.NameHome, key.NameEnd, key.NameReturn,
		key.NameEnter, key.NameSpace, key.NameLeftArrow, key.NameRightArrow} {
		f = append(f, key.Filter{Focus: t, Name: name})
	}
	return f
}

func (t *Table) press(e key.Event) {
	page := 1
	if t.view.row > 0 {
		page = max(t.view.body/t.view.row-1, 1)
	}
	ctrl := e.Modifiers.Contain(key.ModCtrl)
	switch e.Name {
	case key.NameUpArrow:
		if ctrl {
			t.sortBy(t.column, false)
		} else {
			t.choose(t.Selected - 1)
		}
	case key.NameDownArrow:
		if ctrl {
			t.sortBy(t.column, true)
		} else {
			t.choose(t.Selected + 1)
		}
	case key.NamePageUp:
		t.choose(t.Selected - page)
	case key.NamePageDown:
		t.choose(t.Selected + page)
	case key.NameHome:
		t.choose(0)
	case key.NameEnd:
		t.choose(t.view.rows - 1)
	case key.NameLeftArrow, key.NameRightArrow:
		t.moveColumn(e.Name == key.NameRightArrow)
	case key.NameReturn, key.NameEnter:
		t.onSelected(Opened)
	case key.NameSpace:
		t.onSelected(Peeked)
	case key.NameF10:
		t.onSelected(Menu)
	}
}

func (t *Table) onSelected(kind EventKind) {
	if t.Selected >= 0 && t.Selected < t.view.rows {
		t.emit(kind, t.Selected)
	}
}

// moveColumn moves to the next column that can be sorted by.
func (t *Table) moveColumn(right bool) {
	step := -1
	if right {
		step = 1
	}
	for c := t.column + step; c >= 0 && c < len(t.Columns); c += step {
		if t.Columns[c].Sort {
			t.column = c
			return
		}
	}
}

// typed selects the first row, from the selected one on, whose first column begins
// with the letters typed in the last second.
func (t *Table) typed(gtx layout.Context, src Source, s string) {
	if gtx.Now.Sub(t.aheadAt) > aheadFor {
		t.ahead = ""
	}
	t.aheadAt = gtx.Now
	t.ahead += strings.ToLower(strings.TrimSpace(s))
	n := src.Len()
	if t.ahead == "" || n == 0 {
		return
	}
	for k := range n {
		row := (max(t.Selected, 0) + k) % n
		if strings.HasPrefix(strings.ToLower(src.Cell(row, 0).Text), t.ahead) {
			t.choose(row)
			return
		}
	}
}
