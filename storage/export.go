package storage

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"masala/core"
	"masala/core/system"
)

// What an export leaves out: who is logged in, kept answers, what is secret, and how the
// schema got here; and of the rest the digests of passwords.
var (
	unexportedTables  = []string{"session", "answer", "request", "goose_db_version", "identity_seal", "secret"}
	unexportedColumns = []string{"digest"}
)

// ExportTable reads a page of a table. Only names that the schema has are put into SQL.
func (t *Tx) ExportTable(q system.ExportTableReq) (resp system.ExportTableResp, err error) {
	withoutRowID := map[string]bool{}
	err = t.each(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`, nil, func(r *sql.Rows) error {
		var name, made string
		if err := r.Scan(&name, &made); err != nil {
			return err
		}
		if !slices.Contains(unexportedTables, name) && !shadow(name) {
			resp.Tables = append(resp.Tables, name)
			withoutRowID[name] = strings.Contains(made, "WITHOUT ROWID")
		}
		return nil
	})
	if err != nil || q.Table == "" {
		return resp, err
	}
	if !slices.Contains(resp.Tables, q.Table) {
		return resp, core.Invalid("table", "There is no table %q to export.", q.Table)
	}
	if resp.Columns, err = t.exported(q.Table); err != nil {
		return resp, err
	}
	// rowid pages stay fast in a ledger of millions; the others are short.
	query := fmt.Sprintf(`SELECT rowid, %s FROM %q WHERE rowid > ? ORDER BY rowid LIMIT ?`, quoted(resp.Columns), q.Table)
	if withoutRowID[q.Table] {
		query = fmt.Sprintf(`SELECT 0, %s FROM %q LIMIT -1 OFFSET ?`, quoted(resp.Columns), q.Table)
	}
	args := []any{q.After, system.ExportPage}
	if withoutRowID[q.Table] {
		args = args[:1]
	}
	return resp, t.each(query, args, func(r *sql.Rows) error {
		var id int64
		cells := make([]sql.NullString, len(resp.Columns))
		into := []any{&id}
		for i := range cells {
			into = append(into, &cells[i])
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			if row[i] = c.String; !isText(c.String) {
				row[i] = fmt.Sprintf("%x", c.String)
			}
		}
		if resp.Rows = append(resp.Rows, row); len(resp.Rows) == system.ExportPage {
			resp.Next = id
		}
		return nil
	})
}

// shadow reports whether a table belongs to a full-text index.
func shadow(name string) bool {
	for _, end := range []string{"_data", "_idx", "_content", "_docsize", "_config"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

func (t *Tx) exported(table string) (columns []string, err error) {
	err = t.each(`SELECT name FROM pragma_table_info(?) ORDER BY cid`, []any{table}, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		if err == nil && !slices.Contains(unexportedColumns, name) {
			columns = append(columns, name)
		}
		return err
	})
	return columns, err
}

func quoted(columns []string) string {
	return `"` + strings.Join(columns, `", "`) + `"`
}

// isText tells readable text from the bytes of a hash.
func isText(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r == '\ufffd' || r < ' ' && r != '\n' && r != '\t' && r != '\r' }) < 0
}
