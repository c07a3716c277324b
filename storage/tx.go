package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"masala/core"
	"masala/core/app"
	"masala/core/catalog"
	"masala/core/system"
)

// Tx is the books inside one transaction: a read snapshot or a savepoint of the
// writer. It serves the Store of every area.
type Tx struct {
	ctx  context.Context
	conn *conn
	// failed is the first fault of a statement. Nothing runs after it: SQLite may
	// have left the transaction, and what followed would commit by itself.
	failed error

	items    map[core.ItemID]catalog.Item // as read or written in this transaction
	settings *system.Settings
}

var _ app.Store = (*Tx)(nil)

func (t *Tx) exec(query string, args ...any) (sql.Result, error) {
	if t.failed != nil {
		return nil, t.failed
	}
	s, err := t.conn.prepare(query)
	if err != nil {
		return nil, t.fail(err)
	}
	r, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return nil, t.fail(fmt.Errorf("%w in %s", err, strings.Join(strings.Fields(query), " ")))
	}
	return r, nil
}

func (t *Tx) fail(err error) error {
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// insert executes and returns the row id.
func (t *Tx) insert(query string, args ...any) (int64, error) {
	r, err := t.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// one scans a single row; ok is false when there is none.
func (t *Tx) one(query string, args []any, into ...any) (ok bool, err error) {
	if t.failed != nil {
		return false, t.failed
	}
	s, err := t.conn.prepare(query)
	if err != nil {
		return false, t.fail(err)
	}
	if err := t.ctx.Err(); err != nil {
		return false, err
	}
	// Not under t.ctx: watching a context costs more than finding a row.
	switch err := s.QueryRowContext(context.Background(), args...).Scan(into...); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, t.fail(fmt.Errorf("%w in %s", err, strings.Join(strings.Fields(query), " ")))
	}
	return true, nil
}

// each calls scan for every row.
func (t *Tx) each(query string, args []any, scan func(*sql.Rows) error) error {
	if t.failed != nil {
		return t.failed
	}
	s, err := t.conn.prepare(query)
	if err != nil {
		return t.fail(err)
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		return t.fail(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return t.fail(err)
	}
	return nil
}

// list collects one value per row.
func list[V any](t *Tx, query string, args []any, scan func(*sql.Rows) (V, error)) ([]V, error) {
	out := []V{}
	err := t.each(query, args, func(r *sql.Rows) error {
		v, err := scan(r)
		out = append(out, v)
		return err
	})
	return out, err
}

// idsOf collects the ids that query lists. A plain integer is read several times as fast
// as one of a named type, which matters to lists of thousands.
func idsOf[I ~int64](t *Tx, query string, args ...any) ([]I, error) {
	return list(t, query, args, func(r *sql.Rows) (I, error) {
		var id int64
		err := r.Scan(&id)
		return I(id), err
	})
}

// maxMany bounds the rows of one statement.
const maxMany = 32

// many inserts values, so many rows per statement as there are: a table with triggers
// or indexes costs SQLite more per statement than per row.
func many[V any](t *Tx, insert string, columns int, tail string, values []V, args func(*V) []any) error {
	row := "(" + strings.Repeat("?, ", columns-1) + "?)"
	for len(values) > 0 {
		n := min(len(values), maxMany)
		bound := make([]any, 0, n*columns)
		for i := range values[:n] {
			bound = append(bound, args(&values[i])...)
		}
		if _, err := t.exec(insert+strings.Repeat(row+", ", n-1)+row+tail, bound...); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// instant stores a time as milliseconds UTC.
func instant(t time.Time) int64 { return t.UnixMilli() }

// clock reads a time stored by instant.
type clock struct{ t *time.Time }

// Scan implements sql.Scanner.
func (c clock) Scan(v any) error {
	ms, ok := v.(int64)
	if !ok {
		return fmt.Errorf("want milliseconds, have %T", v)
	}
	*c.t = time.UnixMilli(ms).UTC()
	return nil
}

// nullID stores the id 0 as NULL, so that foreign keys hold.
func nullID[I ~int64](id I) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

// maxWords bounds a search: FTS5 refuses expressions of very many terms.
const maxWords = 12

// match is the FTS5 expression for what a user typed: every word, each as a prefix.
// It is empty when there is no word in it.
func match(query string) string {
	words := core.SearchWords(query)
	words = words[:min(len(words), maxWords)]
	for i, w := range words {
		words[i] = `"` + w + `"*`
	}
	return strings.Join(words, " ")
}

// where builds a condition and its arguments.
type where struct {
	terms []string
	args  []any
}

func (w *where) and(term string, args ...any) {
	w.terms, w.args = append(w.terms, term), append(w.args, args...)
}

// in asks that column has one of the values; no values ask for nothing. The values
// travel as one JSON argument: SQLite takes a limited number of arguments.
func in[V ~string](w *where, column string, values []V) {
	if len(values) == 0 {
		return
	}
	array, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings always encode
	}
	w.and(column+" IN (SELECT value FROM json_each(?))", string(array))
}

func (w *where) String() string {
	if len(w.terms) == 0 {
		return "1"
	}
	return strings.Join(w.terms, " AND ")
}

// page adds one row to what is asked for, to see whether there is a page after.
func page[V any](rows []V, limit, offset int) ([]V, string) {
	if len(rows) <= limit {
		return rows, ""
	}
	return rows[:limit], fmt.Sprint(offset + limit)
}
