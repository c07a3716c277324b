package form

import (
	"fmt"
	"slices"
	"strings"
)

// Rows is a grid of a form: lines of the same fields. There is always one more
// blank row to type into; blank rows are neither checked nor sent.
type Rows struct {
	Path string // "lines"

	// Ready completes each new row: rules that look at the other fields of the row.
	Ready func(r *Row)

	rows    []*Row
	blank   func() []Field
	removed []removed
}

// Row is one line of a grid.
type Row struct {
	Fields []*Field
	Notes  []Note // sentences under the line that are no faults

	number int // as sent, -1 while no path was given
}

// Note is a sentence under a row.
type Note struct {
	Text string
	Tone string // "hold", "warn" or "info"
}

type removed struct {
	at  int
	row *Row
}

// Field returns the field called name ("expiry_on"), or nil.
func (r *Row) Field(name string) *Field {
	for _, f := range r.Fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// Blank reports whether nothing was typed into the row.
func (r *Row) Blank() bool {
	for _, f := range r.Fields {
		if !f.Blank() {
			return false
		}
	}
	return true
}

// Errors lists the faults of the row that may be shown, in reading order.
func (r *Row) Errors() (list []string) {
	for _, f := range r.Fields {
		if f.Error != "" && !slices.Contains(list, f.Error) {
			list = append(list, f.Error)
		}
	}
	return list
}

func newRows(path string, blank func() []Field) *Rows {
	g := &Rows{Path: path, blank: blank}
	g.Add()
	return g
}

// Len is the number of rows on the screen, the blank one included.
func (g *Rows) Len() int { return len(g.rows) }

// At returns row i.
func (g *Rows) At(i int) *Row { return g.rows[i] }

// Has reports whether r is on the screen.
func (g *Rows) Has(r *Row) bool { return slices.Contains(g.rows, r) }

// Filled lists the rows that are not blank: what is sent.
func (g *Rows) Filled() (rows []*Row) {
	for _, r := range g.rows {
		if !r.Blank() {
			rows = append(rows, r)
		}
	}
	return rows
}

// Add puts a blank row at the end.
func (g *Rows) Add() *Row {
	r := &Row{number: -1}
	for _, f := range g.blank() {
		f.name = f.Path
		f.Text = f.Initial
		r.Fields = append(r.Fields, &f)
	}
	if g.Ready != nil {
		g.Ready(r)
	}
	g.rows = append(g.rows, r)
	g.number()
	return r
}

// Copy fills the empty fields of row i from the row above; what was typed stays.
func (g *Rows) Copy(i int) bool {
	if i <= 0 || i >= len(g.rows) {
		return false
	}
	for k, f := range g.rows[i].Fields {
		if from := g.rows[i-1].Fields[k]; f.Blank() && !f.ReadOnly {
			f.Choose(from.Key, from.Text, from.Aside)
		}
	}
	g.number()
	return true
}

// Remove takes row i out; Undo brings it back. The last row leaves a blank one.
func (g *Rows) Remove(i int) bool {
	if i < 0 || i >= len(g.rows) || len(g.rows) == 1 && g.rows[0].Blank() {
		return false
	}
	g.removed = append(g.removed, removed{i, g.rows[i]})
	g.rows = slices.Delete(g.rows, i, i+1)
	if len(g.rows) == 0 {
		g.Add()
	}
	g.number()
	return true
}

// Undo brings the row removed last back to its place and returns that place.
func (g *Rows) Undo() (at int, ok bool) {
	n := len(g.removed)
	if n == 0 {
		return 0, false
	}
	last := g.removed[n-1]
	g.removed = g.removed[:n-1]
	if len(g.rows) == 1 && g.rows[0].Blank() {
		g.rows = nil
	}
	at = min(last.at, len(g.rows))
	g.rows = slices.Insert(g.rows, at, last.row)
	g.number()
	return at, true
}

// number gives every field its path: rows count as they are sent, so a blank row
// takes no number of its own.
func (g *Rows) number() {
	n := 0
	for _, r := range g.rows {
		for _, f := range r.Fields {
			if r.number == n {
				break
			}
			f.Path = fmt.Sprintf("%s[%d].%s", g.Path, n, f.name)
		}
		r.number = n
		if !r.Blank() {
			n++
		}
	}
}

// at returns the row the server means by "lines[2]" and what follows it.
func (g *Rows) at(path string) (r *Row, rest string, ok bool) {
	tail, ok := strings.CutPrefix(path, g.Path+"[")
	if !ok {
		return nil, "", false
	}
	digits, rest, ok := strings.Cut(tail, "]")
	n, err := ParseInt(digits)
	filled := g.Filled()
	if !ok || err != nil || n < 0 || n >= int64(len(filled)) {
		return nil, "", false
	}
	return filled[n], strings.TrimPrefix(rest, "."), true
}
