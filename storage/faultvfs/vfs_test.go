package faultvfs_test

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"masala/storage/faultvfs"
)

func disk(t *testing.T) *faultvfs.FS {
	t.Helper()
	fs, err := faultvfs.New(t.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := fs.Close(); err != nil {
			t.Error(err)
		}
	})
	return fs
}

// open opens a small database with one connection on fs; "" is the system's own.
func open(t *testing.T, vfs, path string) *sql.DB {
	t.Helper()
	dsn := "file://" + filepath.ToSlash(path) + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	if vfs != "" {
		dsn += "&vfs=" + vfs
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// With nothing lost, the rebuilt disk is the real one, byte for byte.
func TestKeepAllIsTheRealDisk(t *testing.T) {
	fs, dir := disk(t), t.TempDir()
	db := open(t, fs.Name(), filepath.Join(dir, "a.db"))
	run(t, db, "CREATE TABLE x (id INTEGER PRIMARY KEY, v BLOB)")
	for i := range 300 {
		run(t, db, "INSERT INTO x (v) VALUES (randomblob(?))", 10+i*7)
	}
	run(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	run(t, db, "DELETE FROM x WHERE id % 3 = 0")
	d := faultvfs.NewDisk()
	for _, o := range fs.Log() {
		d.Step(o)
	}
	copied := t.TempDir()
	if err := d.Crash(copied, rand.New(rand.NewPCG(1, 1)), faultvfs.KeepAll); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.db", "a.db-wal"} {
		want, err1 := os.ReadFile(filepath.Join(dir, name))
		got, err2 := os.ReadFile(filepath.Join(copied, name))
		if err1 != nil || err2 != nil || string(got) != string(want) || len(want) == 0 {
			t.Errorf("%s: %d bytes, want %d (%v, %v)", name, len(got), len(want), err1, err2)
		}
	}
}

// What was committed with a sync survives every mode; what a lying disk acknowledged
// does not survive KeepNone.
func TestOnlySyncedSurvives(t *testing.T) {
	for _, lying := range []bool{false, true} {
		fs := disk(t)
		db := open(t, fs.Name(), filepath.Join(t.TempDir(), "a.db"))
		run(t, db, "CREATE TABLE x (id INTEGER PRIMARY KEY)")
		run(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
		if lying {
			fs.IgnoreSync(func(name string) bool { return strings.HasSuffix(name, "-wal") })
		}
		run(t, db, "INSERT INTO x VALUES (1)")
		d := faultvfs.NewDisk()
		for _, o := range fs.Log() {
			d.Step(o)
		}
		modes := faultvfs.Modes()
		if lying {
			modes = modes[:1] // a lying disk may leave anything, even an old log over a newer database
		}
		for _, mode := range modes {
			dir := t.TempDir()
			if err := d.Crash(dir, rand.New(rand.NewPCG(1, 1)), mode); err != nil {
				t.Fatal(err)
			}
			var n, want int
			if err := open(t, "", filepath.Join(dir, "a.db")).QueryRow("SELECT count(*) FROM x").Scan(&n); err != nil {
				t.Fatalf("lying=%v, keep %s: %v", lying, mode, err)
			}
			if !lying {
				want = 1
			}
			if n != want {
				t.Errorf("lying=%v, keep %s: %d rows, want %d", lying, mode, n, want)
			}
		}
		db.Close()
		fs.Close()
	}
}

func TestFaults(t *testing.T) {
	fs := disk(t)
	db := open(t, fs.Name(), filepath.Join(t.TempDir(), "a.db"))
	run(t, db, "CREATE TABLE x (v BLOB)")
	fs.FullAt(2)
	if _, err := db.Exec("INSERT INTO x VALUES (randomblob(20000))"); code(err)&0xff != sqlite3.SQLITE_FULL {
		t.Errorf("full disk: %v", err)
	}
	if n := fs.Space(); n == 0 {
		t.Error("no write was refused")
	}
	run(t, db, "INSERT INTO x VALUES (1)")
	fs.FailSync(1)
	if _, err := db.Exec("INSERT INTO x VALUES (2)"); code(err) != sqlite3.SQLITE_IOERR_FSYNC {
		t.Errorf("failing sync: %v", err)
	}
	run(t, db, "INSERT INTO x VALUES (3)")
	var n int
	if err := db.QueryRow("SELECT count(*) FROM x").Scan(&n); err != nil || n != 2 {
		t.Errorf("%d rows, %v", n, err)
	}
	fs.Cut()
	at := fs.Pos()
	if _, err := db.Exec("INSERT INTO x VALUES (4)"); err == nil {
		t.Error("wrote to a disk that was cut off")
	}
	if fs.Pos() != at {
		t.Error("the log went on after the cut")
	}
}

// Two disks at once know nothing of each other.
func TestInstancesAreSeparate(t *testing.T) {
	fs := disk(t)
	if _, err := faultvfs.New(fs.Name()); err == nil {
		t.Error("a name was taken twice")
	}
	other, err := faultvfs.New(fs.Name() + "-2")
	if err != nil {
		t.Fatal(err)
	}
	a, b := open(t, fs.Name(), filepath.Join(t.TempDir(), "a.db")), open(t, other.Name(), filepath.Join(t.TempDir(), "b.db"))
	run(t, a, "CREATE TABLE x (v)")
	run(t, b, "CREATE TABLE x (v)")
	fs.FullAtAny(1)
	if _, err := a.Exec("INSERT INTO x VALUES (1)"); err == nil {
		t.Error("the full disk took a row")
	}
	run(t, b, "INSERT INTO x VALUES (1)")
	for _, o := range other.Log() {
		if !strings.HasPrefix(o.File, "b.db") {
			t.Errorf("the log of b has %s", o.File)
		}
	}
	if err := other.Close(); err == nil {
		t.Error("closed a disk with open files")
	}
	b.Close()
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}
