package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/backup"
	"masala/core/catalog"
	"masala/core/party"
	"masala/core/purchase"
	"masala/storage"
	store "masala/storage/backup"
	. "masala/storage/storagetest"
)

// place is a factory with a folder for its backups.
type place struct {
	*Factory
	folder   string
	supplier party.Party
	item     catalog.Item
}

func newPlace(t *testing.T) *place {
	p := &place{Factory: New(t), folder: t.TempDir()}
	p.supplier, p.item = p.Supplier("Unjha Jeera House"), p.Item("RAW-005", "Cumin seed")
	p.post()
	return p
}

func (p *place) post() {
	p.T.Helper()
	Do(p.Store1, purchase.PostGRN, GRN(p.supplier.ID, uuid.NewString()[:8], Line(p.item.ID, 200, 45_000_00)))
}

func (p *place) job() store.Job {
	return store.Job{Copy: p.DB.Copy, Folder: p.folder, Scratch: filepath.Dir(p.Path), Kind: backup.Daily, Program: "test", Now: p.Clock.Now()}
}

func (p *place) backUp() backup.Point {
	p.T.Helper()
	point, err := p.job().Run(context.Background())
	if err != nil {
		p.T.Fatal(err)
	}
	p.Clock.Advance(time.Hour)
	return point
}

func (p *place) list() []backup.Point {
	p.T.Helper()
	points, err := store.List(p.folder, time.Now(), time.UTC)
	if err != nil {
		p.T.Fatal(err)
	}
	return points
}

// tidy fails the test if the scratch folder or the folder of the backups holds
// unfinished work.
func (p *place) tidy() {
	p.T.Helper()
	for _, dir := range []string{p.folder, filepath.Dir(p.Path)} {
		files, _ := os.ReadDir(dir)
		for _, f := range files {
			if strings.Contains(f.Name(), "work-") || strings.Contains(f.Name(), ".tmp-") {
				p.T.Errorf("%s is left in %s", f.Name(), dir)
			}
		}
	}
}

func flip(t *testing.T, path string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := []byte{0}
	if _, err := f.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1 << (at % 8)
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
}

// TestBackupHoldsTheBooks compares every table of a restored copy, taken while others
// post, with a copy that SQLite's own VACUUM would make of the same moment.
func TestBackupHoldsTheBooks(t *testing.T) {
	p := newPlace(t)
	point := p.backUp()
	before := p.Tables()
	if point.State != backup.Good || point.Seq == 0 || point.Documents != 1 || point.Factory != "Demo factory, Pune" {
		t.Errorf("the point is %+v", point)
	}
	restored := filepath.Join(t.TempDir(), "masala.db")
	x := store.Exchange{Database: restored, Identity: restored + ".key", Journal: restored + ".json", Aside: restored + ".aside"}
	coming, err := x.Prepare(context.Background(), point.Path, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := coming.Commit(backup.Takeover{ID: "x", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	p.Path = restored
	for name, want := range before {
		if got := p.Tables()[name]; got != want {
			t.Errorf("table %s: %s, want %s", name, got, want)
		}
	}
	p.tidy()
}

// TestFault_4_3_FlippedByteInABackup: wherever a byte of a restore point changes, in
// the data or in the manifest, the point does not count as good any more; once it is
// as it was, it does.
func TestFault_4_3_FlippedByteInABackup(t *testing.T) {
	p := newPlace(t)
	point := p.backUp()
	manifest := strings.TrimSuffix(point.Path, ".db.zst") + ".json"
	random := rand.New(rand.NewPCG(4, 3))
	for range 40 {
		file := point.Path
		if random.IntN(3) == 0 {
			file = manifest
		}
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(manifest)
		if err != nil {
			t.Fatal(err)
		}
		at := random.Int64N(int64(len(whole)))
		flip(t, file, at)
		if file == point.Path {
			if bad, err := store.Rehash(context.Background(), point.Path, p.Clock.Now()); !bad || err != nil {
				t.Fatalf("byte %d of the data: %v, %v", at, bad, err)
			}
		}
		if list := p.list(); len(list) != 1 || list[0].State == backup.Good || list[0].Offered {
			t.Fatalf("byte %d of %s changed, and the point is %+v", at, filepath.Base(file), list)
		}
		if err := errors.Join(os.WriteFile(file, whole, 0o600), os.WriteFile(manifest, kept, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	flip(t, point.Path, point.Size/2)
	if again, err := store.Prove(context.Background(), point.Path, t.TempDir(), p.Clock.Now(), nil); err != nil || again.State != backup.Damaged {
		t.Errorf("a damaged point is proved: %+v, %v", again, err)
	}
	x := exchangeAt(t)
	if _, err := x.Prepare(context.Background(), point.Path, "", nil); core.CodeOf(err) != core.CodeCorrupt {
		t.Errorf("a damaged point is restored: %v", err)
	}
	flip(t, point.Path, point.Size/2)
	if again, err := store.Prove(context.Background(), point.Path, t.TempDir(), p.Clock.Now(), nil); err != nil || again.State != backup.Good {
		t.Errorf("a point that is whole again: %+v, %v", again, err)
	}
}

func exchangeAt(t *testing.T) store.Exchange { return exchangeIn(t.TempDir()) }

// coming is the one folder of what waits to take its place.
func coming(t *testing.T, x store.Exchange) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(filepath.Dir(x.Database), "restoring-*"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	return found[0]
}

func exchangeIn(dir string) store.Exchange {
	return store.Exchange{Database: filepath.Join(dir, "masala.db"), Identity: filepath.Join(dir, "identity"), Journal: filepath.Join(dir, "restore.json"), Aside: filepath.Join(dir, "aside")}
}

// TestFault_4_3_ManifestLost: a file that was copied alone is not trusted blindly, and
// gets its manifest back when it proves to be good.
func TestFault_4_3_ManifestLost(t *testing.T) {
	p := newPlace(t)
	point := p.backUp()
	manifest := strings.TrimSuffix(point.Path, ".db.zst") + ".json"
	for _, damage := range []func() error{
		func() error { return os.Remove(manifest) },
		func() error { return os.WriteFile(manifest, []byte(`{"format":1}`), 0o600) },
		func() error { return os.Truncate(manifest, 40) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if l := p.list(); l[0].State != backup.Unchecked || !l[0].TakenAt.Equal(point.TakenAt) {
			t.Errorf("without its manifest: %+v", l[0])
		}
		again, err := store.Prove(context.Background(), point.Path, t.TempDir(), p.Clock.Now(), nil)
		if err != nil || again.State != backup.Good || p.list()[0].State != backup.Good || p.list()[0].Seq != point.Seq {
			t.Errorf("proved: %+v, %v, then %+v", again, err, p.list()[0])
		}
	}
}

// TestFault_4_3_DamagedWithoutManifest: of a file nobody knows, the check that found it
// damaged leaves a note. The note speaks of that file only: one that was copied there
// since has to be checked again, and counts if it is whole.
func TestFault_4_3_DamagedWithoutManifest(t *testing.T) {
	p := newPlace(t)
	point := p.backUp()
	whole, err := os.ReadFile(point.Path)
	if err != nil {
		t.Fatal(err)
	}
	put := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(point.Path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	is := func(what string, want backup.State) {
		t.Helper()
		if l := p.list(); len(l) != 1 || l[0].State != want || !l[0].TakenAt.Equal(point.TakenAt) || l[0].Kind != backup.Manual {
			t.Errorf("%s: %+v", what, l)
		}
	}
	proved := func(what string, want backup.State) {
		t.Helper()
		if again, err := store.Prove(context.Background(), point.Path, t.TempDir(), p.Clock.Now(), nil); err != nil || again.State != want {
			t.Errorf("%s: %+v, %v", what, again, err)
		}
		is(what, want)
	}
	if err := os.WriteFile(ManifestOf(point.Path), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	half := whole[:len(whole)/2]
	put(half)
	is("half of it", backup.Unchecked)
	proved("half of it, checked", backup.Damaged)
	if x := exchangeAt(t); store.Opened(point.Path) != 0 || store.Contents(point.Path).Seq != 0 {
		t.Errorf("a note tells what is in it")
	} else if _, err := x.Prepare(context.Background(), point.Path, "", nil); core.CodeOf(err) != core.CodeCorrupt {
		t.Errorf("half of it is restored: %v", err)
	}
	file, err := os.Stat(point.Path)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range []struct {
		what string
		b    []byte
	}{{"as much, other bytes", bytes.Repeat([]byte{7}, len(half))}, {"more of it", whole[:len(whole)-1]}} {
		put(v.b)
		if err := os.Chtimes(point.Path, time.Time{}, file.ModTime().Add(time.Duration(i+1)*time.Minute)); err != nil {
			t.Fatal(err)
		}
		is(v.what, backup.Unchecked)
		proved(v.what+", checked", backup.Damaged)
	}
	put(whole)
	is("all of it", backup.Unchecked)
	proved("all of it, checked", backup.Good)
	if l := p.list(); l[0].Seq != point.Seq || !l[0].Offered {
		t.Errorf("it is listed as %+v", l[0])
	}
}

// TestPointThatCannotBeRemoved stays what it was: its manifest goes after it.
func TestPointThatCannotBeRemoved(t *testing.T) {
	p := newPlace(t)
	point := p.backUp()
	file := filepath.Join(point.Path, "in use") // what is no empty folder is not deleted
	if err := errors.Join(os.Rename(point.Path, point.Path+".away"), os.Mkdir(point.Path, 0o700), os.WriteFile(file, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := store.Remove(point.Path); err == nil {
		t.Error("it is said to be removed")
	}
	if err := errors.Join(os.RemoveAll(point.Path), os.Rename(point.Path+".away", point.Path)); err != nil {
		t.Fatal(err)
	}
	if l := p.list(); len(l) != 1 || l[0].State != backup.Good || l[0].Seq != point.Seq {
		t.Errorf("the folder holds %+v", l)
	}
	if err := store.Remove(point.Path); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(p.folder); err != nil || len(files) > 0 {
		t.Errorf("left: %v, %v", files, err)
	}
}

// TestFault_4_3_BackupOfDamagedBooks: pages that are copied faithfully and are wrong
// make no restore point, and the good ones stay.
func TestFault_4_3_BackupOfDamagedBooks(t *testing.T) {
	p := newPlace(t)
	good := p.backUp()
	p.SQL(`DROP TRIGGER ledger_fixed`, `UPDATE ledger SET qty = qty + 1 WHERE seq = 1`)
	if _, err := p.job().Run(context.Background()); err == nil {
		t.Error("books with a changed ledger row were backed up")
	}
	if l := p.list(); len(l) != 1 || l[0].Path != good.Path || l[0].State != backup.Good {
		t.Errorf("the folder holds %+v", l)
	}
	p.tidy()
}

// TestFault_4_3_DriveUnplugged: the folder vanishes at any moment of a backup. It
// fails in words, nothing is left, and the next one works when the drive is back.
func TestFault_4_3_DriveUnplugged(t *testing.T) {
	p := newPlace(t)
	good := p.backUp()
	p.post()
	for _, step := range []string{"Copying", "Compressing", "Opening", "Checking"} {
		away := p.folder + ".away"
		j := p.job()
		pulled := false
		j.Tell = func(now string, _ int) {
			if !pulled && strings.HasPrefix(now, step) {
				pulled = true
				if err := os.Rename(p.folder, away); err != nil {
					t.Error(err)
				}
			}
		}
		_, err := j.Run(context.Background())
		if !pulled || core.CodeOf(err) != core.CodeUnavailable || !strings.Contains(err.Error(), "cannot be reached") {
			t.Errorf("pulled while %s: %v", step, err)
		}
		if _, err := os.Stat(p.folder); err == nil {
			_ = os.RemoveAll(p.folder)
			t.Errorf("pulled while %s: a folder was made in its place", step)
		}
		if err := os.Rename(away, p.folder); err != nil {
			t.Fatal(err)
		}
		if l := p.list(); len(l) != 1 || l[0].State != backup.Good || l[0].Path != good.Path {
			t.Fatalf("pulled while %s: %+v", step, l)
		}
	}
	if err := store.Sweep(p.folder, 0, p.Clock.Now()); err != nil { // what the drive kept of the unfinished ones
		t.Fatal(err)
	}
	p.tidy()
	if p.backUp(); len(p.list()) != 2 {
		t.Errorf("plugged in again: %+v", p.list())
	}
}

// TestRestoredTwiceInASecond: what the first of two restores replaced is kept beside
// what the second one did.
func TestRestoredTwiceInASecond(t *testing.T) {
	p := newPlace(t)
	point := p.backUp()
	x := exchangeAt(t)
	damaged := bytes.Repeat([]byte("damaged "), 999)
	if err := os.WriteFile(x.Database, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		coming, err := x.Prepare(context.Background(), point.Path, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := coming.Commit(backup.Takeover{ID: "l2", Origin: backup.OriginRestore, At: p.Clock.Now()}); err != nil {
			t.Fatal(err)
		}
		if err := x.Done(); err != nil {
			t.Fatal(err)
		}
	}
	kept := x.Kept()
	if len(kept) != 2 {
		t.Fatalf("aside %+v", kept)
	}
	if got, err := os.ReadFile(filepath.Join(kept[1].Folder, "masala.db")); err != nil || !bytes.Equal(got, damaged) {
		t.Errorf("the damaged file is not kept: %v", err)
	}
}

// TestFault_4_2_CrashOfARestore stops a restore between any two of its changes to the
// folder, as kill -9 does. Whatever moment it was: after Finish there are either the
// old books or the restored ones, the old ones aside, and nothing else.
func TestFault_4_2_CrashOfARestore(t *testing.T) {
	p := newPlace(t)
	point := p.backUp()
	old := map[string][]byte{"masala.db": bytes.Repeat([]byte("damaged "), 999), "masala.db-wal": []byte("log"), "masala.db-shm": []byte("index"), "identity": []byte("key")}
	fresh := func() store.Exchange {
		x := exchangeAt(t)
		for name, b := range old {
			if err := os.WriteFile(filepath.Join(filepath.Dir(x.Database), name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return x
	}
	// The states of the folder between two changes, by hand: the journal is the point
	// of no return, then each file moves by itself.
	steps := []struct {
		name string
		do   func(x store.Exchange) error
	}{
		{"prepared", func(x store.Exchange) error {
			_, err := x.Prepare(context.Background(), point.Path, "", nil)
			return err
		}},
		{"journal", func(x store.Exchange) error {
			return os.WriteFile(x.Journal, fmt.Appendf(nil, `{"id":"l2","origin":"restore","at":"2026-02-14T07:30:00Z","coming":%q}`, filepath.Base(coming(t, x))), 0o600)
		}},
		{"log aside", func(x store.Exchange) error {
			if err := os.MkdirAll(filepath.Join(x.Aside, "20260214-073000"), 0o700); err != nil {
				return err
			}
			return os.Rename(x.Database+"-wal", filepath.Join(x.Aside, "20260214-073000", "masala.db-wal"))
		}},
		{"index aside", func(x store.Exchange) error {
			return os.Rename(x.Database+"-shm", filepath.Join(x.Aside, "20260214-073000", "masala.db-shm"))
		}},
		{"books aside", func(x store.Exchange) error {
			return os.Rename(x.Database, filepath.Join(x.Aside, "20260214-073000", "masala.db"))
		}},
		{"in place", func(x store.Exchange) error { return os.Rename(filepath.Join(coming(t, x), "masala.db"), x.Database) }},
	}
	for n := range len(steps) + 1 {
		x := fresh()
		name := "nothing"
		for _, s := range steps[:n] {
			if err := s.do(x); err != nil {
				t.Fatal(s.name, err)
			}
			name = s.name
		}
		for range 2 { // a crash of the recovery of the crash
			cause, err := x.Finish()
			if err != nil {
				t.Fatalf("crash after %s: %v", name, err)
			}
			if done := n >= 2; (cause != nil) != done {
				t.Fatalf("crash after %s: %+v", name, cause)
			}
		}
		where := filepath.Dir(x.Database)
		if n >= 2 {
			where = filepath.Join(x.Aside, "20260214-073000")
			r, err := storage.VerifyFile(context.Background(), x.Database, nil)
			if err != nil || !r.OK() || r.Seq != point.Seq {
				t.Errorf("crash after %s: the restored books are %+v, %v", name, r, err)
			}
			if x.Done() != nil || len(x.Kept()) != 1 {
				t.Errorf("crash after %s: aside %+v", name, x.Kept())
			}
		}
		for file, want := range old {
			if file == "identity" {
				continue
			}
			if got, err := os.ReadFile(filepath.Join(where, file)); err != nil || !bytes.Equal(got, want) {
				t.Errorf("crash after %s: %s is not kept: %v", name, file, err)
			}
		}
		onlyBooks(t, "crash after "+name, filepath.Dir(x.Database))
	}
}
