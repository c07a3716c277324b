package storagetest

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"masala/storage"
	"masala/storage/pagesum"
)

// Reopen closes the books and opens them again with a new server over them, as a
// restart does. Sessions go on.
func (f *Factory) Reopen() {
	f.T.Helper()
	f.must(f.DB.Close())
	f.Open("")
}

// Raw runs fn on a second connection to the database file, past the program: to
// look at tables, or to damage them.
func (f *Factory) Raw(fn func(*sql.DB) error) {
	f.T.Helper()
	vfs, err := pagesum.Over("") // or the pages written here would count as damaged
	f.must(err)
	db, err := sql.Open("sqlite", "file:"+f.Path+"?_pragma=busy_timeout(5000)&vfs="+vfs)
	f.must(err)
	defer db.Close()
	f.must(fn(db))
}

// SQL executes statements past the program.
func (f *Factory) SQL(statements ...string) {
	f.T.Helper()
	f.Raw(func(db *sql.DB) error {
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
}

// Int reads one number past the program.
func (f *Factory) Int(query string, args ...any) (n int64) {
	f.T.Helper()
	f.Raw(func(db *sql.DB) error { return db.QueryRow(query, args...).Scan(&n) })
	return n
}

// Tables returns, for every table of the books, how many rows it has and a digest
// of all of them. Two equal results are two equal books: not one row, balance,
// number or chain head differs.
func (f *Factory) Tables() map[string]string {
	f.T.Helper()
	out := map[string]string{}
	f.Raw(func(db *sql.DB) error {
		names, err := column(db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
		if err != nil {
			return err
		}
		for _, name := range names {
			rows, err := db.Query(`SELECT * FROM "` + name + `"`)
			if err != nil {
				return err
			}
			if out[name], err = digest(rows); err != nil {
				return err
			}
		}
		return nil
	})
	return out
}

// Unchanged fails the test if the books differ from what Tables returned before.
func (f *Factory) Unchanged(before map[string]string, what string) {
	f.T.Helper()
	after := f.Tables()
	for name := range after {
		if before[name] != after[name] {
			f.T.Errorf("%s changed table %s: %s -> %s", what, name, before[name], after[name])
		}
	}
}

// Problems returns what the verifier finds; none for good books.
func (f *Factory) Problems() *storage.Report {
	f.T.Helper()
	r, err := f.DB.Verify(f.T.Context(), nil)
	f.must(err)
	return r
}

// FindProblem fails the test unless the verifier names a problem with that text.
func (f *Factory) FindProblem(text string) {
	f.T.Helper()
	r := f.Problems()
	for _, p := range r.Problems {
		if strings.Contains(p, text) {
			return
		}
	}
	f.T.Errorf("the verifier does not find %q, only %q", text, r.Problems)
}

// Excused returns what the verifier finds when a check of it begins behind all that is
// posted by now (checked_since).
func (f *Factory) Excused(check string) *storage.Report {
	f.T.Helper()
	f.SQL(`DROP TRIGGER IF EXISTS checked_since_fixed`, `UPDATE checked_since SET document_id = (SELECT max(id) FROM document) WHERE what = '`+check+`'`)
	return f.Problems()
}

func column(db *sql.DB, query string) (out []string, err error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func digest(rows *sql.Rows) (string, error) {
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return "", err
	}
	n, h := 0, sha256.New()
	into, values := make([]any, len(names)), make([]any, len(names))
	for i := range into {
		into[i] = &values[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%#v\n", values)
	}
	return fmt.Sprintf("%d rows %x", n, h.Sum(nil)[:8]), rows.Err()
}

// GoTo sets the clock and logs owner and store1 in again, because sessions end.
func (f *Factory) GoTo(t time.Time) {
	f.T.Helper()
	f.Clock.Set(t)
	*f.Owner = *f.Login("owner", f.Owner.peer)
	*f.Store1 = *f.Login("store1", f.Store1.peer)
}
