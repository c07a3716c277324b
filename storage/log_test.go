package storage

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"masala/core/app"
)

// TestUpgradeLeavesNoLog: what the migrations have written is in the database file when
// Open returns; an upgrade of large books would leave a log as large.
func TestUpgradeLeavesNoLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "masala.db")
	db, err := Open(context.Background(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n := LogSize(path); n != 0 {
		t.Errorf("the log has %d bytes after all migrations", n)
	}
}

// TestLogShrinksByItself: a log that one large transaction has made long is cut with a
// commit after it was moved into the database, without anybody asking for it.
func TestLogShrinksByItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "masala.db")
	db, err := Open(context.Background(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	write := func(name string) {
		t.Helper()
		err := db.Write(context.Background(), func(tx app.Store) error {
			s, err := tx.Settings()
			if err != nil {
				return err
			}
			s.Factory = name
			return tx.PutSettings(s)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Repeat("x", 2*logLimit))
	if n := LogSize(path); n < 2*logLimit {
		t.Fatalf("the log has %d bytes, too few for this test", n)
	}
	write("one") // SQLite moves the log after a commit and begins it anew with the next
	write("two")
	if n := LogSize(path); n > logLimit {
		t.Errorf("the log keeps %d bytes", n)
	}
}
