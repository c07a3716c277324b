package storage_test

import (
	"database/sql"
	"strings"
	"testing"
)

// TestVerify_NamesAMissingMark: a mark is there in every file, so one that is not, or lies
// behind the newest document, is named: the check it belongs to could look at nothing. The
// list is what migrations have put into the file, so that a new one is not forgotten.
func TestVerify_NamesAMissingMark(t *testing.T) {
	t.Parallel()
	f := story(t)
	marks := map[string]string{} // the table of each
	f.Raw(func(db *sql.DB) error {
		rows, err := db.Query(`SELECT 'checked_from', what FROM checked_from UNION ALL SELECT 'checked_since', what FROM checked_since`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table, what string
			if err := rows.Scan(&table, &what); err != nil {
				return err
			}
			marks[what] = table
		}
		return rows.Err()
	})
	if len(marks) < 7 {
		t.Errorf("marks in the file: %v", marks)
	}
	f.SQL(`DROP TRIGGER checked_from_kept`, `DROP TRIGGER checked_from_fixed`, `DROP TRIGGER checked_since_kept`, `DROP TRIGGER checked_since_fixed`)
	for what, table := range marks {
		of := " FROM " + table + " WHERE what = '" + what + "'"
		f.SQL(`CREATE TABLE kept AS SELECT *`+of, `DELETE`+of)
		if r := f.Problems(); len(r.Problems) != 1 || r.Problems[0] != "marks: since when "+what+" is looked at is missing, so everything is" {
			t.Errorf("without %q the verifier says %q", what, r.Problems)
		}
		f.SQL(`INSERT INTO ` + table + ` SELECT what, (SELECT max(id) + 1 FROM document) FROM kept`)
		if r := f.Problems(); len(r.Problems) != 1 || r.Problems[0] != "marks: "+what+" is looked at since a document that was not posted yet" {
			t.Errorf("with %q behind everything the verifier says %q", what, r.Problems)
		}
		f.SQL(`DELETE`+of, `INSERT INTO `+table+` SELECT * FROM kept`, `DROP TABLE kept`)
	}
	f.Verify()
}

// TestVerify_WithoutAMarkLooksAtEverything: what a mark has excused is found again without it.
func TestVerify_WithoutAMarkLooksAtEverything(t *testing.T) {
	t.Parallel()
	f := story(t)
	f.SQL(`DROP TRIGGER checked_since_kept`, `DROP TRIGGER checked_since_fixed`, `DROP TRIGGER edge_fixed`,
		`UPDATE checked_since SET document_id = (SELECT max(id) FROM document)`, `UPDATE edge SET qty = -qty WHERE id = 1`)
	const sign = "genealogy: GRN-20260212-001 takes less than nothing of a lot"
	if found := strings.Join(f.Problems().Problems, "\n"); strings.Contains(found, sign) {
		t.Errorf("of before the mark: %s", found)
	}
	f.SQL(`DELETE FROM checked_since`)
	f.FindProblem(sign)
}
