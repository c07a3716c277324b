package storage

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strings"

	"masala/core"
)

// walk takes a list that grows with the years page by page. A page begins behind the
// keys of the last row of the one before, so the last page costs what the first does,
// and what is posted meanwhile neither repeats a row nor hides one. The last page is
// the first of the walk from the other end.
type walk[V any] struct {
	keys  []key[V] // never NULL, and together unique
	limit int
	last  bool
	after []any // the keys of the row to begin behind
}

// key is a column that a list is sorted by, and its value in a row that was read.
type key[V any] struct {
	column string
	desc   bool
	of     func(*V) any // an int64 or a string
}

// stop is a cursor: the keys of a row, and of which order of which list they are.
type stop struct {
	Order uint32 `json:"o"`
	Keys  []any  `json:"k"`
}

// walkOf begins at the page that a cursor names.
func walkOf[V any](keys []key[V], cursor string, limit int) (w walk[V], err error) {
	w = walk[V]{keys: keys, limit: core.PageSize(limit), last: cursor == core.LastPage}
	if cursor == "" || w.last {
		return w, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	var s stop
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		err = d.Decode(&s)
	}
	if err != nil || s.Order != w.name() || len(s.Keys) != len(keys) {
		return w, noPage(err)
	}
	for _, k := range s.Keys {
		switch k := k.(type) {
		case json.Number:
			n, err := k.Int64()
			if err != nil {
				return w, noPage(err)
			}
			w.after = append(w.after, n)
		case string:
			w.after = append(w.after, k)
		default:
			return w, noPage(nil)
		}
	}
	return w, nil
}

func noPage(why error) error {
	return core.Invalid("after", "This page does not exist. Start from the first page.").Because(why)
}

// name tells one order from another, so that a cursor of one is none of the other.
func (w *walk[V]) name() uint32 {
	h := fnv.New32a()
	for _, k := range w.keys {
		h.Write([]byte(k.column))
		if k.desc {
			h.Write([]byte{'-'})
		}
		h.Write([]byte{','})
	}
	return h.Sum32()
}

// order sorts in the direction of the walk.
func (w *walk[V]) order() string {
	var b strings.Builder
	for i, k := range w.keys {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(k.column)
		if k.desc != w.last {
			b.WriteString(" DESC")
		}
	}
	return b.String()
}

// behind narrows what to what comes after the cursor.
func (w *walk[V]) behind(what *where) {
	if len(w.after) == 0 {
		return
	}
	// (a < ? OR a = ? AND (b < ? OR ...)); the bound of a stands before it once more,
	// because an index is entered by a bound and never by an OR.
	var term strings.Builder
	var args []any
	last := len(w.keys) - 1
	if last > 0 {
		term.WriteString(w.keys[0].column + w.past(0, "=") + " ? AND ")
		args = append(args, w.after[0])
	}
	for i, k := range w.keys {
		if i < last {
			term.WriteString("(" + k.column + w.past(i, "") + " ? OR " + k.column + " = ? AND ")
			args = append(args, w.after[i], w.after[i])
			continue
		}
		term.WriteString(k.column + w.past(i, "") + " ?" + strings.Repeat(")", last))
		args = append(args, w.after[i])
	}
	what.and(term.String(), args...)
}

func (w *walk[V]) past(i int, orEqual string) string {
	if w.keys[i].desc {
		return " <" + orEqual
	}
	return " >" + orEqual
}

// choose is the query that finds a page by nothing but what is filtered and sorted by;
// what else its rows show is then read for the page alone. from may have arguments.
func (w *walk[V]) choose(columns, from string, what *where, fromArgs ...any) (query string, args []any) {
	narrowed := where{slices.Clone(what.terms), slices.Concat(fromArgs, what.args)}
	w.behind(&narrowed)
	return "(SELECT " + columns + " FROM " + from + " WHERE " + narrowed.String() + " ORDER BY " + w.order() + " LIMIT ?)", append(narrowed.args, w.limit+1)
}

// upTo is the walk for so many rows of a page.
func (w walk[V]) upTo(rows int) *walk[V] {
	w.limit = rows - 1
	return &w
}

// cut takes the page out of the rows that were read, and makes the cursor of the next.
func (w *walk[V]) cut(rows []V) ([]V, string) {
	more := len(rows) > w.limit
	rows = rows[:min(len(rows), w.limit)]
	if w.last {
		slices.Reverse(rows)
		return rows, ""
	}
	if !more {
		return rows, ""
	}
	return rows, w.cursor(&rows[len(rows)-1])
}

// cursor names the page that begins behind a row.
func (w *walk[V]) cursor(row *V) string {
	s := stop{Order: w.name()}
	for _, k := range w.keys {
		s.Keys = append(s.Keys, k.of(row))
	}
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // integers and strings always encode
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// compare tells which of two rows the walk meets first.
func (w *walk[V]) compare(a, b *V) int {
	for _, k := range w.keys {
		order := 0
		switch x := k.of(a).(type) {
		case int64:
			order = cmp.Compare(x, k.of(b).(int64))
		case string:
			order = cmp.Compare(x, k.of(b).(string))
		}
		if k.desc != w.last {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// fewOf unites the queries that find what may be in one of the states; it is empty when
// one of them is common, so that the walk itself meets it soon.
func fewOf[S ~string](rare map[S]string, states []S) string {
	var parts []string
	for _, s := range states {
		part := rare[s]
		if part == "" {
			return ""
		}
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, " UNION ") + ")"
}

// starts asks that a number starts with what was typed.
func starts(w *where, column, typed string) {
	w.and(column+" >= ? AND "+column+" < ?", typed, typed+"\U0010FFFF")
}
