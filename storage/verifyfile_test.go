package storage_test

import (
	"context"
	"path/filepath"
	"testing"

	"masala/core/purchase"
	"masala/storage"
	. "masala/storage/storagetest"
)

// TestVerifyFileBesideTheRunningServer is what "masala verify" does while the
// service has the books open.
func TestVerifyFileBesideTheRunningServer(t *testing.T) {
	f := New(t)
	item := f.Item("RAW-005", "Cumin seed")
	Do(f.Store1, purchase.PostGRN, GRN(f.Supplier("Unjha Jeera House").ID, "UJH/1182", Line(item.ID, 200, 45_000_00)))
	r, err := storage.VerifyFile(context.Background(), f.Path, nil)
	if err != nil || !r.OK() || r.Seq != 2 {
		t.Fatalf("report %+v, %v", r, err)
	}
	if _, err := storage.VerifyFile(context.Background(), filepath.Join(t.TempDir(), "none.db"), nil); err == nil {
		t.Fatal("a file that is not there was verified")
	}
}
