package backup_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"masala/core"
	"masala/core/backup"
	"masala/core/health"
	"masala/core/op"
	"masala/core/production"
	"masala/core/purchase"
	"masala/core/sales"
	"masala/core/stock"
	"masala/core/system"
	"masala/storage"
	store "masala/storage/backup"
	"masala/storage/pagesum"
	. "masala/storage/storagetest"
)

// older are the restore points that earlier versions made, see testdata/README.md.
func older(t *testing.T) []string {
	t.Helper()
	points, err := filepath.Glob("testdata/*/masala-*" + store.Ending)
	if err != nil || len(points) == 0 {
		t.Fatal("no restore point of an earlier version is there", err)
	}
	return points
}

// borrowed copies a point with its manifest into a folder of its own.
func borrowed(t *testing.T, point string) (path, manifest string) {
	t.Helper()
	dir := t.TempDir()
	for _, from := range []string{point, ManifestOf(point)} {
		b, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(from)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	path = filepath.Join(dir, filepath.Base(point))
	return path, ManifestOf(path)
}

func listed(t *testing.T, point string) backup.Point {
	t.Helper()
	points, err := store.List(filepath.Dir(point), time.Now(), time.UTC)
	if err != nil || len(points) != 1 {
		t.Fatal(points, err)
	}
	return points[0]
}

// empty fails the test if there is anything in a folder.
func empty(t *testing.T, dir string) {
	t.Helper()
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("left in the folder of the work: %v %v", files, err)
	}
}

// TestFault_4_3_PointOfAnEarlierVersion: a restore point from before an upgrade proves to
// be good, with its manifest and without, and stays byte by byte as it was made. One that a
// version between the two took for damaged is proved anew.
func TestFault_4_3_PointOfAnEarlierVersion(t *testing.T) {
	for _, point := range older(t) {
		t.Run(filepath.Base(filepath.Dir(point)), func(t *testing.T) {
			path, sheet := borrowed(t, point)
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			made, scratch := Manifest(t, path), t.TempDir()
			if now, err := storage.Schema(); err != nil || made.Contents.Schema >= now {
				t.Fatalf("it is not of an earlier version: schema %d of %d, %v", made.Contents.Schema, now, err)
			}
			if need := store.Opened(path); need <= made.Database.Size {
				t.Errorf("no room is asked for its upgrade: %d bytes for %d", need, made.Database.Size)
			}
			proved := func(when string) {
				t.Helper()
				p, err := store.Prove(context.Background(), path, scratch, time.Now(), nil)
				if err != nil || p.State != backup.Good {
					t.Fatalf("%s: %s, %s, %v", when, p.State, p.Says, err)
				}
				if l := listed(t, path); l.State != backup.Good || !l.Offered || l.Seq != made.Contents.Seq || l.Documents != made.Contents.Documents || l.Books != made.Contents.Books {
					t.Errorf("%s: listed as %+v", when, l)
				}
				now := Manifest(t, path)
				if now.SHA256 != made.SHA256 || now.Database != made.Database || now.Contents.Schema != made.Contents.Schema || now.Contents.Head != made.Contents.Head {
					t.Errorf("%s: the manifest tells of another database: %+v, want %+v", when, now, made)
				}
				if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, file) {
					t.Errorf("%s: the point itself was changed (%v)", when, err)
				}
				empty(t, scratch)
			}
			proved("with its manifest")

			if err := os.Remove(sheet); err != nil {
				t.Fatal(err)
			}
			proved("without its manifest")
			proved("with the manifest it got")

			m := made
			m.Check = store.Check{At: time.Now(), State: backup.Damaged,
				Says: "The database in it is damaged: verify price corrections: SQL logic error: no such table: price_note (1)"}
			PutManifest(t, path, m)
			if l := listed(t, path); l.State != backup.Unchecked || l.Offered || !strings.Contains(l.Says, "Check it before use.") {
				t.Errorf("what an earlier version could not read is listed as %+v", l)
			}
			proved("once taken for damaged")
		})
	}
}

// TestFault_4_2_RestorePointOfAnEarlierVersion restores each of them, finds its books as they
// were left, in the middle of a morning, and works on with them.
func TestFault_4_2_RestorePointOfAnEarlierVersion(t *testing.T) {
	for _, point := range older(t) {
		t.Run(filepath.Base(filepath.Dir(point)), func(t *testing.T) {
			path, _ := borrowed(t, point)
			made := Manifest(t, path)
			x := exchangeAt(t)
			c, err := x.Prepare(context.Background(), path, "", nil)
			if err != nil {
				t.Fatalf("it is not restored: %v (%v)", err, deepest(err))
			}
			// Before it takes their place it is of this version, for nothing may fail later.
			if old, err := storage.IsOlder(context.Background(), filepath.Join(coming(t, x), "masala.db")); old || err != nil {
				t.Errorf("what comes is older: %v, %v", old, err)
			}
			if err := c.Commit(backup.Takeover{ID: "x", At: time.Now()}); err != nil {
				t.Fatal(err)
			}
			if r, err := storage.VerifyFile(context.Background(), x.Database, nil); err != nil || !r.OK() || r.Seq != made.Contents.Seq || r.Head.String() != made.Contents.Head {
				t.Fatalf("the restored books: %+v, %v", r, err)
			}
			f := &Factory{T: t, Path: x.Database, Clock: &Clock{}, Health: &health.Registry{}, Mode: &Licence{}}
			f.Clock.Set(time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC))
			f.Open("")
			t.Cleanup(func() { f.DB.Close() })
			f.Owner, f.Store1 = f.Login("owner", op.Peer{Name: "SERVER", Local: true}), f.Login("store", op.Peer{Name: "SERVER", Local: true})
			workOn(t, f)
			f.Verify()

			// A point of these books is one of this version.
			next, err := store.Job{Copy: f.DB.Copy, Folder: t.TempDir(), Scratch: t.TempDir(), Kind: backup.Daily, Now: f.Clock.Now()}.Run(context.Background())
			if err != nil || next.State != backup.Good || next.Books != made.Contents.Books || next.Seq <= made.Contents.Seq {
				t.Errorf("the next point: %+v, %v", next, err)
			}
			if need := store.Opened(next.Path); need != next.Database {
				t.Errorf("%d bytes are asked for the %d of a point of this version", need, next.Database)
			}
		})
	}
}

// workOn goes on with the morning that testdata/make.sh has begun.
func workOn(t *testing.T, f *Factory) {
	t.Helper()
	running := Do(f.Store1, production.ListBatches, production.ListBatchesReq{States: []production.State{production.Running}}).Batches
	if len(running) != 1 {
		t.Fatalf("in the mill: %+v", running)
	}
	batch := Do(f.Store1, production.GetBatch, production.GetBatchReq{ID: running[0].ID})
	Do(f.Store1, production.CompleteBatch, production.CompleteReq{ID: batch.ID, Version: batch.Version, Output: 48 * core.Kilogram})

	drafts := Do(f.Store1, sales.ListDispatches, sales.ListDispatchesReq{States: []sales.State{sales.Draft}}).Dispatches
	if len(drafts) != 1 {
		t.Fatalf("drafts: %+v", drafts)
	}
	d := Do(f.Store1, sales.GetDispatch, sales.GetDispatchReq{ID: drafts[0].ID})
	if sent := Do(f.Store1, sales.Confirm, sales.ConfirmReq{ID: d.ID, Version: d.Version}); sent.Challan != "DC/2526/00007" {
		t.Errorf("the next challan is %s", sent.Challan)
	}

	// The turmeric counted before the upgrade still counts. The cumin has moved since, so the
	// upgrade took it back, and the log says so, once.
	count := Do(f.Store1, stock.GetCount, stock.GetCountReq{})
	entries := Do(f.Store1, stock.ListEntries, stock.ListEntriesReq{ID: count.ID}).Entries
	i := slices.IndexFunc(entries, func(e stock.EntryRow) bool { return e.VoidedBy != "" })
	if len(entries) != 2 || i < 0 || entries[1-i].VoidedBy != "" || entries[i].Qty != 49_500*core.Gram {
		t.Fatalf("entries of the open count: %+v", entries)
	}
	_, err := Try(f.Owner, stock.VoidEntry, stock.VoidEntryReq{Entry: entries[i].ID, Reason: "wrong"})
	if entries[i].VoidedBy != stock.ByUpgrade || core.CodeOf(err) != core.CodeConflict || err.Error() != "The upgrade has taken this entry back already." {
		t.Errorf("who took the cumin back: %+v, %v", entries[i], err)
	}
	for range 2 {
		if err := f.App.NoteUpgrade(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	log := Do(f.Owner, system.ListAudit, system.ListAuditReq{Operation: stock.VoidEntry.Name}).Rows
	if want := fmt.Sprintf(`{"reason":"This stock has moved. Count it again.","voided":%d}`, entries[i].ID); len(log) != 1 || log[0].Name != stock.ByUpgrade || log[0].User != 0 ||
		log[0].Entity != "count "+count.Number || string(log[0].New) != want {
		t.Errorf("the audit log tells %+v", log)
	}
	cumin := Do(f.Store1, stock.GetLot, stock.GetLotReq{ID: entries[i].Lot})
	Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: count.ID, Entries: []stock.CountEntry{{CellKey: entries[i].CellKey, Qty: 19 * core.Kilogram}}})
	for _, l := range count.Lines { // coriander, in the same shed
		if !slices.ContainsFunc(entries, func(e stock.EntryRow) bool { return e.CellKey == l.CellKey }) {
			Do(f.Store1, stock.RecordCount, stock.RecordCountReq{ID: count.ID, Entries: []stock.CountEntry{{CellKey: l.CellKey, Qty: 180 * core.Kilogram}}})
		}
	}
	Do(f.Owner, stock.PostCount, stock.PostCountReq{ID: count.ID})
	if now := Do(f.Store1, stock.GetLot, stock.GetLotReq{ID: cumin.Lot}); now.Qty != 19*core.Kilogram {
		t.Errorf("cumin after the count: %s", now.Qty.String(core.Mass))
	}

	g := Do(f.Owner, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindGRN}}).Documents[0]
	supplier := Do(f.Owner, purchase.GetGRN, purchase.GetGRNReq{ID: g.ID}).Supplier
	Do(f.Store1, purchase.PostGRN, GRN(supplier, "UJ/900", Line(cumin.Item, 100, 22_000_00)))
}

// packed makes a point of the database that change has made of a good one. What the
// manifest says of it is true.
func packed(t *testing.T, change ...string) (path string) {
	t.Helper()
	p := newPlace(t)
	point := p.backUp()
	database := filepath.Join(t.TempDir(), "masala.db")
	if err := os.WriteFile(database, Unpacked(t, point.Path), 0o600); err != nil {
		t.Fatal(err)
	}
	vfs, err := pagesum.Over("")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+database+"?vfs="+vfs)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range append(change, `PRAGMA wal_checkpoint(TRUNCATE)`) {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(q, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	file := z.EncodeAll(b, nil)
	if err := os.WriteFile(point.Path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	m := Manifest(t, point.Path)
	m.Size, m.SHA256, m.Database = int64(len(file)), fmt.Sprintf("%x", sha256.Sum256(file)), store.Digest{Size: int64(len(b)), SHA256: fmt.Sprintf("%x", sha256.Sum256(b))}
	PutManifest(t, point.Path, m)
	return point.Path
}

// TestFault_4_3_WhatCondemnsAPoint: only a point that is not whole counts as damaged. One
// that this version cannot read says so and stays what it was.
func TestFault_4_3_WhatCondemnsAPoint(t *testing.T) {
	for _, v := range []struct {
		name   string
		change []string
		code   core.Code // of the refusal; CodeCorrupt condemns it
		says   string
	}{
		{"of a newer version", []string{`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`}, core.CodeVersion, "This database was made by a newer version of the program."},
		{"with a table less than this version asks for", []string{`DROP TABLE price_note`}, core.CodeUnavailable, "This restore point could not be checked. It stays as it is; the log says why."},
		{"in which the upgrade fails", []string{`DELETE FROM goose_db_version WHERE version_id >= 34`}, core.CodeUnavailable,
			"This restore point was made by version test and could not be brought to this one. It stays as it is: version test can restore it. Call support; the log says why."},
		{"with a changed row", []string{`DROP TRIGGER ledger_fixed`, `UPDATE ledger SET qty = qty + 1 WHERE seq = 1`}, core.CodeCorrupt, ""},
		{"of another program", []string{`PRAGMA application_id = 7`}, core.CodeCorrupt, ""},
	} {
		t.Run(v.name, func(t *testing.T) {
			path, scratch := packed(t, v.change...), t.TempDir()
			before := listed(t, path)
			p, err := store.Prove(context.Background(), path, scratch, time.Now(), nil)
			after := listed(t, path)
			if v.code == core.CodeCorrupt {
				if err != nil || p.State != backup.Damaged || after.State != backup.Damaged {
					t.Errorf("checked: %+v, %v, then %+v", p, err, after)
				}
			} else if core.CodeOf(err) != v.code || !strings.HasPrefix(err.Error(), v.says) || after.State != backup.Good || !after.CheckedAt.Equal(before.CheckedAt) {
				t.Errorf("checked: %v, then %+v", err, after)
			}
			empty(t, scratch)
			x := exchangeAt(t)
			if _, err := x.Prepare(context.Background(), path, "", nil); core.CodeOf(err) != v.code || !strings.HasPrefix(err.Error(), v.says) {
				t.Errorf("restored: %v", err)
			}
			empty(t, filepath.Dir(x.Database))
		})
	}
}

func deepest(err error) error {
	for u, ok := err.(interface{ Unwrap() error }); ok && u.Unwrap() != nil; u, ok = err.(interface{ Unwrap() error }) {
		err = u.Unwrap()
	}
	return err
}

// TestVerifyFileOfAnEarlierVersion: the verifier asks for the tables of this version. It
// says so of books that have others, touches nothing, and verifies them once the server
// has brought them up to date.
func TestVerifyFileOfAnEarlierVersion(t *testing.T) {
	for _, point := range older(t) {
		path := filepath.Join(t.TempDir(), "masala.db")
		before := Unpacked(t, point)
		if err := os.WriteFile(path, before, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := storage.VerifyFile(context.Background(), path, nil); err != storage.ErrOlder {
			t.Errorf("%s: %v", point, err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, before) {
			t.Errorf("%s: the file was changed (%v)", point, err)
		}
		if err := storage.Upgrade(context.Background(), path, nil); err != nil {
			t.Fatal(err)
		}
		if r, err := storage.VerifyFile(context.Background(), path, nil); err != nil || !r.OK() {
			t.Errorf("%s, upgraded: %+v, %v", point, r, err)
		}
	}
}
