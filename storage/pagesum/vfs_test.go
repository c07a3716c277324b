package pagesum_test

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"masala/storage/pagesum"
)

// TestPiecesOfPagesAreNotCompared reads values that end anywhere on an overflow page.
// SQLite reads such an end straight from the file, and one of 508 or 1020 bytes, with
// the number of the next page before it, looks like a page of 512 or 1024.
func TestPiecesOfPagesAreNotCompared(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sums.db")
	if err := pagesum.Create("", path, 7); err != nil {
		t.Fatal(err)
	}
	vfs, err := pagesum.Over("")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?vfs="+vfs)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	const shortest, longest = 480, 2200
	value := func(n int) []byte { return bytes.Repeat([]byte{byte(n)}, n) }
	run("CREATE TABLE paper (n INTEGER PRIMARY KEY, head BLOB, rest BLOB)")
	run("BEGIN") // rows of such a length leave 488 bytes on their page, the rest overflows
	for n := shortest; n <= longest; n++ {
		run("INSERT INTO paper VALUES (?, ?, zeroblob(?))", n, value(n), 4120-n)
	}
	run("COMMIT")
	run("PRAGMA shrink_memory") // so that reading is from the file
	for n := shortest; n <= longest; n++ {
		var head []byte
		if err := db.QueryRow("SELECT head FROM paper WHERE n = ?", n).Scan(&head); err != nil {
			t.Fatalf("a value of %d bytes: %v", n, err)
		}
		if !bytes.Equal(head, value(n)) {
			t.Fatalf("a value of %d bytes came back otherwise", n)
		}
	}
	if r, err := pagesum.Scan(t.Context(), "", path); err != nil || len(r.Damaged) != 0 || r.Pages < longest-shortest {
		t.Errorf("%d pages, damaged %v, %v", r.Pages, r.Damaged, err)
	}
}
