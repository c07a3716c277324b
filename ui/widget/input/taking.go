package input

import (
	"strings"

	"masala/ui/form"
)

// resolve takes what f waits for, if search has the answer: the record of that very
// code, or the only one there is. Anything else leaves the text with a sentence. done
// is false while the answer is still on the way.
func resolve(f *form.Field, search Search) (o Option, ok, done bool) {
	if search == nil {
		f.Taking = ""
		return Option{}, false, true
	}
	text := f.Taking
	found := search(text)
	if o, ok = exact(found.Options, text); !ok && !found.Loading && len(found.Options) == 1 {
		o, ok = found.Options[0], true
	}
	switch {
	case ok:
		f.Choose(o.Key, o.Name, o.Aside)
	case found.Loading:
		return Option{}, false, false
	default:
		f.Taking = ""
		f.Error = "Choose " + article(f.Label) + " from the list."
	}
	return o, ok, true
}

// taking is what a field says while it waits.
func taking(f *form.Field) string { return "Taking " + f.Taking }

func article(label string) string {
	if strings.ToUpper(label) != label {
		label = strings.ToLower(label)
	}
	if strings.IndexAny(strings.ToLower(label), "aeiou") == 0 {
		return "an " + label
	}
	return "a " + label
}

// awaited is a cell whose record is taken when the answer comes.
type awaited struct {
	row    *form.Row
	name   string // of the column
	search Search
}

// resolve takes the oldest record that is waited for; one at a time, because a search
// that asks the server keeps only its last answer.
func (g *Grid) resolve(rows *form.Rows) {
	if c, ok := g.cell.(*Combobox); ok && c.sheet.open {
		return
	}
	for len(g.awaited) > 0 && len(g.events) == 0 {
		a := g.awaited[0]
		f := a.row.Field(a.name)
		if f.Taking != "" && rows.Has(a.row) {
			o, ok, done := resolve(f, a.search)
			switch {
			case ok:
				g.events = append(g.events, GridEvent{Kind: GridTaken, Row: a.row, Name: a.name, Option: o})
			case done:
				g.events = append(g.events, GridEvent{Kind: GridCellLeft, Row: a.row, Name: a.name})
			default:
				return
			}
		}
		g.awaited = g.awaited[1:]
	}
}

// await remembers the active cell if it waits for an answer.
func (g *Grid) await(rows *form.Rows) {
	if c, ok := g.cell.(*Combobox); ok && g.cellOf != nil && g.cellOf.Taking != "" {
		g.awaited = append(g.awaited, awaited{rows.At(g.row), g.Columns[g.col].Name, c.Search})
	}
}
