package storage

import (
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"masala/core"
)

// olderBooks makes books of an earlier schema with these rows in them.
func olderBooks(t *testing.T, version int64, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "books.db")
	db, err := sql.Open("sqlite", dsn(Options{Path: path}))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	execute(t, path, append(statements, fmt.Sprintf("PRAGMA application_id = %d", applicationID))...)
	return path
}

// TestR22_AllergensOfOlderLots: lots from before allergens were kept get them once, along
// the documents they were born by; one that came from outside has what its recipes bring.
func TestR22_AllergensOfOlderLots(t *testing.T) {
	item := func(id int, kind, allergens string) string {
		return fmt.Sprintf(`INSERT INTO item (id, sku, sku_sort, name, type, dimension, purchase_unit, issue_unit, allergens, active, version, updated_at, updated_by)
			VALUES (%d, 'I%d', '', '', '%s', 'mass', 'kg', 'kg', '%s', 1, 1, 0, '')`, id, id, kind, allergens)
	}
	recipe := func(id, of int, active bool, lines ...int) (out string) {
		out = fmt.Sprintf(`INSERT INTO recipe VALUES (%d, 'R%d', '', '', %d, %t, 2, 0, '');
			INSERT INTO recipe_version SELECT id, 1, code, '', 0, 0, '', 1, 0, '' FROM recipe WHERE id = %[1]d;
			INSERT INTO recipe_version SELECT id, 2, code, '', 0, 0, '', active, 0, '' FROM recipe WHERE id = %[1]d;
			INSERT INTO recipe_line VALUES (%[1]d, 1, 1, 5, 10000);`, id, id, of, active)
		for i, l := range lines {
			out += fmt.Sprintf(`INSERT INTO recipe_line VALUES (%d, 2, %d, %d, 100);`, id, i+1, l)
		}
		return out
	}
	born := func(lot, item, document int, parents ...int) (out string) {
		out = fmt.Sprintf(`INSERT INTO document (id, kind, number, effective_on, posted_at, user_id, device) VALUES (%d, 'GRN', 'D%d', 0, 0, 1, '');
			INSERT INTO lot (id, number, number_sort, item_id, born_on, source_id) VALUES (%d, 'L%d', '', %d, 0, %[1]d);`, document, document, lot, lot, item)
		if len(parents) == 0 {
			out += fmt.Sprintf(`INSERT INTO edge (document_id, child_id, qty, value) VALUES (%d, %d, 1, 1);`, document, lot)
		}
		for _, p := range parents {
			out += fmt.Sprintf(`INSERT INTO edge (document_id, child_id, parent_id, qty, value) VALUES (%d, %d, %d, 1, 1);`, document, lot, p)
		}
		return out
	}
	path := olderBooks(t, 26, `PRAGMA foreign_keys = OFF`,
		item(1, "RAW", `["gluten"]`), item(2, "RAW", `[]`), item(3, "BULK_POWDER", `["mustard"]`), item(4, "FINISHED_GOOD", `[]`), item(5, "RAW", `["peanut"]`), item(6, "BULK_POWDER", `["celery"]`),
		recipe(1, 3, true, 1, 2), recipe(2, 4, true, 3, 6), recipe(3, 6, false, 5), // the first version of each had peanut
		born(1, 1, 1), born(2, 2, 2), born(3, 3, 3, 2), born(4, 3, 4), born(5, 4, 5, 3, 1, 3), born(6, 4, 6, 5, 4), born(7, 6, 7), born(8, 4, 8),
		`INSERT INTO document (id, kind, number, effective_on, posted_at, user_id, device) VALUES (9, 'PC', 'PC9', 0, 0, 1, '')`,
		`INSERT INTO edge (document_id, child_id, parent_id, qty, value) VALUES (9, 3, 1, 0, 5)`, // a price correction gives no birth
	)
	db := open(t, path)
	for lot, want := range []string{1: "[gluten]", 2: "[]", 3: "[mustard]", 4: "[gluten mustard]", 5: "[gluten mustard]", 6: "[gluten mustard]", 7: "[celery]", 8: "[celery gluten mustard]"} {
		if lot == 0 {
			continue
		}
		err := db.read(t.Context(), func(tx *Tx) error {
			got, err := tx.LotAllergens(core.LotID(lot))
			if fmt.Sprint(got) != want {
				t.Errorf("lot %d has %v, must have %s", lot, got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.all[0].sql.ExecContext(t.Context(), `UPDATE lot SET allergens = '[]'`); err == nil {
		t.Error("lots can be changed after the upgrade")
	}
}
