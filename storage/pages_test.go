package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	sqlite "modernc.org/sqlite"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
	"masala/storage"
	"masala/storage/pagesum"
	"masala/storage/storagetest"
)

const pageBytes = 4096

// filled is a closed factory with some hundred pages in its file and nothing in its log.
func filled(t testing.TB, deliveries int) (*storagetest.Factory, *source) {
	f := storagetest.New(t)
	s := newSource(f)
	postAll(f, s.deliveries(deliveries), 8, nil)
	must(t, f.DB.Close())
	return f, s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// plainCopy writes the books of a closed factory as a version before the checksums
// would have: the same rows in a file without room for them.
func plainCopy(t testing.TB, f *storagetest.Factory) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "old.db")
	must(t, storage.MakePlain(context.Background(), path))
	db, err := sql.Open("sqlite", "file:"+path)
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(query string) {
		t.Helper()
		if _, err := db.Exec(query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	column := func(query string) (out []string) {
		rows, err := db.Query(query)
		must(t, err)
		defer rows.Close()
		for rows.Next() {
			var s string
			must(t, rows.Scan(&s))
			out = append(out, s)
		}
		must(t, rows.Err())
		return out
	}
	run("ATTACH '" + f.Path + "' AS new")
	triggers := column("SELECT sql FROM main.sqlite_schema WHERE type = 'trigger'")
	for _, name := range column("SELECT name FROM main.sqlite_schema WHERE type = 'trigger'") {
		run("DROP TRIGGER main." + name)
	}
	for _, name := range column("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name <> 'sqlite_sequence' AND name NOT LIKE 'sqlite_stat%'") {
		run("DELETE FROM main." + name)
		run("INSERT INTO main." + name + " SELECT * FROM new." + name)
	}
	for _, text := range triggers {
		run(text)
	}
	run("DETACH new")
	run("PRAGMA wal_checkpoint(TRUNCATE)")
	if k, err := pagesum.Look("", path); k != pagesum.Plain || err != nil {
		t.Fatalf("the old file is of kind %v, %v", k, err)
	}
	return path
}

// flip writes a copy of good with one bit changed at random and returns where.
func flip(t *testing.T, good []byte, at, bit int) string {
	bad := append([]byte(nil), good...)
	bad[at] ^= 1 << bit
	path := filepath.Join(t.TempDir(), "bad.db")
	must(t, os.WriteFile(path, bad, 0o600))
	return path
}

// TestFault_4_2_EveryFlippedBitIsFound flips single bits anywhere in the file: the
// verifier finds each and names its page. The same in a file without checksums shows
// what they are for; there a changed bit may be in nobody's way.
func TestFault_4_2_EveryFlippedBitIsFound(t *testing.T) {
	f, _ := filled(t, 60)
	good, err := os.ReadFile(f.Path)
	must(t, err)
	old, err := os.ReadFile(plainCopy(t, f))
	must(t, err)
	r, n := seeded(t), times(t, "MASALA_FLIP_ROUNDS", 20)
	without, integrity := 0, 0
	for round := range n {
		at, bit := r.IntN(len(good)), r.IntN(8)
		report, err := storage.VerifyFile(context.Background(), flip(t, good, at, bit), nil)
		switch want := fmt.Sprintf("page %d is damaged", at/pageBytes+1); {
		case at < 100 && core.CodeOf(err) == core.CodeCorrupt: // no database any more
		case err != nil:
			t.Fatalf("round %d, byte %d: %v (%v)", round, at, err, errors.Unwrap(err))
		case !strings.Contains(strings.Join(report.Problems, "\n"), want):
			t.Fatalf("round %d, byte %d bit %d: not found in %v", round, at, bit, report.Problems)
		}
		report, err = storage.VerifyFile(context.Background(), flip(t, old, r.IntN(len(old)), bit), nil)
		if err != nil || !report.OK() {
			without++
		}
		if err != nil || strings.Contains(strings.Join(report.Problems, "\n"), "database: ") {
			integrity++
		}
	}
	t.Logf("%d of %d flipped bits found, each by its page; in a file without checksums %d, %d of them by SQLite's integrity_check", n, n, without, integrity)
}

// TestFault_4_2_DamagedPageIsNeverRead: the server opens a file with a damaged page;
// what lies elsewhere can be read, what lies on it is an error with the audit's
// sentence, and no call gets false data.
func TestFault_4_2_DamagedPageIsNeverRead(t *testing.T) {
	f, _ := filled(t, 30)
	var page int64
	f.Raw(func(db *sql.DB) error {
		return db.QueryRow(`SELECT pageno FROM dbstat WHERE name = 'document' AND pagetype = 'leaf' ORDER BY pageno DESC LIMIT 1`).Scan(&page)
	})
	b, err := os.ReadFile(f.Path)
	must(t, err)
	b[page*pageBytes-200] ^= 4
	must(t, os.WriteFile(f.Path, b, 0o600))
	f.Open("")
	if n := len(storagetest.Do(f.Owner, catalog.ListItems, catalog.ListItemsReq{}).Items); n != 5 {
		t.Errorf("%d items can be read", n)
	}
	if _, err = storagetest.Try(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{}); core.CodeOf(err) != core.CodeCorrupt {
		t.Errorf("the damaged page was read: %v", err)
	}
	report, err := f.DB.Verify(context.Background(), nil)
	must(t, err)
	if text := strings.Join(report.Problems, "\n"); !report.Damaged || !strings.Contains(text, fmt.Sprintf("page %d is damaged", page)) || !strings.Contains(text, "documents: not checked") {
		t.Errorf("found %s", text)
	}
}

// TestFileOfAnOlderVersionGetsSums opens a file made before the checksums: its rows
// are the same afterwards and every page has one. Interrupted, it stays as it was.
func TestFileOfAnOlderVersionGetsSums(t *testing.T) {
	f, s := filled(t, 30)
	before := f.Tables()
	must(t, os.Rename(plainCopy(t, f), f.Path))
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := storage.Open(ended, storage.Options{Path: f.Path}); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context answers %v", err)
	}
	if left, _ := filepath.Glob(f.Path + ".sums*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	must(t, os.WriteFile(f.Path+".sums", []byte("of a conversion that was killed"), 0o600))
	if k, _ := pagesum.Look("", f.Path); k != pagesum.Plain {
		t.Fatal("the interrupted conversion changed the file")
	}
	f.Open("")
	if k, _ := pagesum.Look("", f.Path); k != pagesum.Summed {
		t.Fatal("no checksums")
	}
	if after := f.Tables(); !maps.Equal(before, after) {
		t.Error("the rows differ")
	}
	postAll(f, s.deliveries(3), 3, nil)
	f.Verify()
}

// TestFileOfAnOlderVersionOnAFullDisk: no space for a second copy is no reason not to
// serve.
func TestFileOfAnOlderVersionOnAFullDisk(t *testing.T) {
	f, _ := filled(t, 10)
	must(t, os.Rename(plainCopy(t, f), f.Path))
	disk := faultyDisk(t, "")
	disk.FullAt(20)
	f.Open(disk.Name())
	if disk.Space() == 0 {
		t.Fatal("the disk was not full")
	}
	if k, _ := pagesum.Look("", f.Path); k != pagesum.Plain {
		t.Error("the file was changed")
	}
	f.Verify()
	f.Reopen()
	if k, _ := pagesum.Look("", f.Path); k != pagesum.Summed {
		t.Error("with space again it still has no checksums")
	}
	f.Verify()
	must(t, f.DB.Close())
}

// TestBackupAPIKeepsSums copies a database whose newest pages are in the log only,
// with SQLite's backup API: the copy has right checksums under CopyURI, and is found
// damaged without.
func TestBackupAPIKeepsSums(t *testing.T) {
	f := storagetest.New(t)
	s := newSource(f)
	postAll(f, s.deliveries(40), 8, nil)
	if storage.LogSize(f.Path) == 0 {
		t.Fatal("nothing in the log")
	}
	dir := t.TempDir()
	uri, err := storage.CopyURI(filepath.Join(dir, "copy.db"))
	must(t, err)
	for path, uri := range map[string]string{filepath.Join(dir, "copy.db"): uri, filepath.Join(dir, "plain.db"): "file:" + filepath.Join(dir, "plain.db")} {
		f.Raw(func(db *sql.DB) error {
			c, err := db.Conn(context.Background())
			must(t, err)
			defer c.Close()
			return c.Raw(func(driver any) error {
				b, err := driver.(interface {
					NewBackup(string) (*sqlite.Backup, error)
				}).NewBackup(uri)
				must(t, err)
				for more := true; more && err == nil; {
					more, err = b.Step(50)
				}
				return errors.Join(err, b.Finish())
			})
		})
		r, err := storage.VerifyFile(context.Background(), path, nil)
		if right := err == nil && r.OK(); right != strings.HasSuffix(path, "copy.db") {
			t.Errorf("%s: right %v (%v %+v)", path, right, err, r)
		}
	}
	// Restored, it goes on.
	must(t, f.DB.Close())
	must(t, os.Rename(filepath.Join(dir, "copy.db"), f.Path))
	f.Open("")
	postAll(f, s.deliveries(5), 2, nil)
	f.Verify()
}

// TestHouse_CopiesKeepTheirSums: a copy by SQLite's backup API is opened by copyURI.
func TestHouse_CopiesKeepTheirSums(t *testing.T) {
	for _, pattern := range []string{"*.go", "*/*.go", "../transport/node/*.go"} {
		files, err := filepath.Glob(pattern)
		must(t, err)
		for _, name := range files {
			text, err := os.ReadFile(name)
			must(t, err)
			if !strings.HasSuffix(name, "_test.go") && strings.Contains(string(text), ".NewBackup(") && !strings.Contains(string(text), "copyURI(") {
				t.Errorf("%s makes a copy under a plain name: its pages would count as damaged; see copyURI", name)
			}
		}
	}
}

// BenchmarkPageSums compares, in one run, a file with checksums and one without: a
// commit of one delivery, and reading the whole file.
func BenchmarkPageSums(b *testing.B) {
	f, _ := filled(b, 400)
	old := plainCopy(b, f)
	for name, path := range map[string]string{"with": f.Path, "without": old} {
		vfs := ""
		if name == "with" {
			n, err := pagesum.Over("")
			must(b, err)
			vfs = "&vfs=" + n
		}
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)"+vfs+"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-16)")
		must(b, err)
		db.SetMaxOpenConns(1)
		_, err = db.Exec(`CREATE TABLE bench (n INTEGER PRIMARY KEY, text TEXT)`)
		must(b, err)
		b.Run("commit/"+name, func(b *testing.B) {
			for i := range b.N {
				if _, err := db.Exec(`INSERT INTO bench (text) VALUES (?)`, strings.Repeat("UJ/1182 ", 60)+fmt.Sprint(i)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("read/"+name, func(b *testing.B) {
			var bytes int64
			for range b.N {
				if err := db.QueryRow(`SELECT sum(pgsize) FROM dbstat`).Scan(&bytes); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(bytes)
		})
		must(b, db.Close())
	}
}
