package backup_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"masala/core/backup"
	"masala/storage"
)

// TestFault_4_2_SecondRestoreKilled: one restore is through, and its books have not been
// opened yet; a second one is killed at any moment. The books of the first stay in
// place, whole, and what it has put aside is kept.
func TestFault_4_2_SecondRestoreKilled(t *testing.T) {
	p := newPlace(t)
	first := p.backUp()
	p.post()
	second := p.backUp()
	x := exchangeAt(t)
	damaged := bytes.Repeat([]byte("damaged "), 999)
	if err := os.WriteFile(x.Database, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	coming, err := x.Prepare(context.Background(), first.Path, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := coming.Commit(backup.Takeover{ID: "l2", Origin: backup.OriginRestore, At: p.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	killed := 0
	at := func(step string, percent int) { // the folder as kill -9 leaves it now
		killed++
		name := fmt.Sprintf("killed at %q, %d %%", step, percent)
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(filepath.Dir(x.Database))); err != nil {
			t.Fatal(err)
		}
		after := exchangeIn(dir)
		cause, err := after.Finish()
		if err != nil || cause == nil || cause.ID != "l2" {
			t.Errorf("%s: %+v, %v", name, cause, err)
		}
		r, err := storage.VerifyFile(context.Background(), after.Database, nil)
		if err != nil || !r.OK() || r.Seq != first.Seq {
			t.Errorf("%s: the books in place are not those of the first: %v, %v", name, r.OK(), err)
		}
		kept := after.Kept()
		if len(kept) != 1 {
			t.Fatalf("%s: aside %+v", name, kept)
		}
		if b, err := os.ReadFile(filepath.Join(kept[0].Folder, "masala.db")); err != nil || !bytes.Equal(b, damaged) {
			t.Errorf("%s: the damaged file is lost: %v", name, err)
		}
		onlyBooks(t, name, dir)
	}
	if coming, err = x.Prepare(context.Background(), second.Path, "", at); err != nil {
		t.Fatal(err)
	}
	at("prepared", 100)
	if killed < 4 {
		t.Errorf("killed %d times", killed)
	}
	if err := coming.Commit(backup.Takeover{ID: "l3", Origin: backup.OriginRestore, At: p.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if r, err := storage.VerifyFile(context.Background(), x.Database, nil); err != nil || !r.OK() || r.Seq != second.Seq {
		t.Errorf("after the second restore: %+v, %v", r, err)
	}
	if cause, err := x.Finish(); err != nil || cause == nil || cause.ID != "l3" {
		t.Errorf("the books are told %+v, %v", cause, err)
	}
	if len(x.Kept()) != 2 {
		t.Errorf("aside %+v", x.Kept())
	}
	onlyBooks(t, "in the end", filepath.Dir(x.Database))
}

// onlyBooks fails the test if something is left of what was prepared.
func onlyBooks(t *testing.T, when, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		switch f.Name() {
		case "masala.db", "masala.db-wal", "masala.db-shm", "identity", "restore.json", "aside":
		default:
			t.Errorf("%s: %s is left", when, f.Name())
		}
	}
}

// TestNothingAsideIsReplaced: whatever a journal names as the folder, what lies there
// stays.
func TestNothingAsideIsReplaced(t *testing.T) {
	p := newPlace(t)
	point := p.backUp()
	x := exchangeAt(t)
	folder := filepath.Join(x.Aside, "20260214-073000")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	lies := map[string]string{filepath.Join(folder, "masala.db"): "kept before", x.Database: "in place"}
	for path, text := range lies {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.Prepare(context.Background(), point.Path, "", nil); err != nil {
		t.Fatal(err)
	}
	named := fmt.Appendf(nil, `{"id":"l2","at":"2026-02-14T07:30:00Z","aside":"20260214-073000","coming":%q}`, filepath.Base(coming(t, x)))
	if err := os.WriteFile(x.Journal, named, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Finish(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{filepath.Join(folder, "masala.db"): "kept before", filepath.Join(folder, "masala.db.2"): "in place"} {
		if got, err := os.ReadFile(path); string(got) != want {
			t.Errorf("%s holds %q, %v", path, got, err)
		}
	}
}
