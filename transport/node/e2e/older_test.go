//go:build linux

package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/stock"
	"masala/core/system"
	"masala/storage"
	store "masala/storage/backup"
	"masala/storage/storagetest"
)

// olderPoint copies the restore point that an earlier version made into a folder; see
// storage/backup/testdata/README.md.
func olderPoint(t *testing.T, folder string) (path string) {
	t.Helper()
	files, err := filepath.Glob("../../../storage/backup/testdata/23dce1c/masala-*")
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, filepath.Base(f)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, store.Ending) {
			path = filepath.Join(folder, filepath.Base(f))
		}
	}
	return path
}

// TestBooksOfAnEarlierVersion is the day of an upgrade, with the real program: the books
// as the old one left them are backed up before they are served and verified once they
// are, and the points of before are restored, over them and on a new PC.
func TestBooksOfAnEarlierVersion(t *testing.T) {
	withFaultPoints(t)
	t.Setenv("XDG_STATE_HOME", t.TempDir()) // a PC that has not seen the time of other tests
	s := newService(t)
	usb := t.TempDir()
	point := olderPoint(t, usb)
	clock := func(s *service) {
		if err := os.WriteFile(filepath.Join(s.dir, "clock"), []byte("2026-03-02T11:30:00+05:30"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	clock(s)
	books := storagetest.Unpacked(t, point)
	if err := os.WriteFile(s.folder().Database(), books, 0o600); err != nil {
		t.Fatal(err)
	}

	_, problem, code := s.run("verify")
	if code != 3 || !strings.Contains(problem, "These books are of an earlier version of the program. Start the server once: it brings them up to date. Then verify them.") {
		t.Errorf("verified before they were served: exit %d, %s", code, problem)
	}
	s.must("backup")
	if n := len(good(t, s.folder().Backups())); n != 1 {
		t.Fatalf("%d good points of the books as they were, want 1", n)
	}
	before := good(t, s.folder().Backups())[0]
	if b, err := os.ReadFile(s.folder().Database()); err != nil || !bytes.Equal(b, books) {
		t.Errorf("the backup has changed the books (%v)", err)
	}

	counted := func() {
		t.Helper()
		open := call(s.pc, stock.GetCount, stock.GetCountReq{})
		entries := call(s.pc, stock.ListEntries, stock.ListEntriesReq{ID: open.ID}).Entries
		if len(entries) != 2 {
			t.Errorf("in the open count: %+v", entries)
		}
		if log := call(s.pc, system.ListAudit, system.ListAuditReq{Operation: stock.VoidEntry.Name}).Rows; len(log) != 1 || log[0].Name != stock.ByUpgrade {
			t.Errorf("the log tells of what the upgrade took back: %+v", log)
		}
	}
	s.start()
	counted()
	s.stop()
	s.start()
	counted() // an upgrade is once
	s.must("verify")
	if code := s.stop(); code != 0 {
		t.Errorf("exit %d", code)
	}

	s.must("restore", before.ID, "--yes")
	s.must("verify")
	s.start()
	call(s.pc, backup.ConfirmRestore, backup.ConfirmRestoreReq{})
	counted()
	s.stop()

	old := s.pc
	s.pc = newPC(t)
	clock(s)
	s.must("restore", point, "--yes")
	s.must("verify")
	s.start()
	call(s.pc, backup.ConfirmRestore, backup.ConfirmRestoreReq{})
	counted()
	s.stop()
	old.must("verify") // nothing of theirs was touched
}

// TestFault_1_3_NoSpaceToProveAPoint: the disk is full at any moment of a check or a
// restore of a point of an earlier version, which needs space for its upgrade too. The
// point stays what it was, and nothing is left behind.
func TestFault_1_3_NoSpaceToProveAPoint(t *testing.T) {
	if !alone(t) {
		return
	}
	usb, d := t.TempDir(), newSmallDisk(t)
	point := olderPoint(t, usb)
	x := store.Exchange{Database: filepath.Join(d.dir, "masala.db"), Identity: filepath.Join(d.dir, "identity"), Journal: filepath.Join(d.dir, "restore.json"), Aside: filepath.Join(d.dir, "aside")}
	size := store.Opened(point) / 2 // of its database
	ended := map[string]int{}
	for _, free := range []int64{0, size / 2, size, size + size/8, size + size/4, size + size/2, size * 2, size * 5} {
		d.leave(free)
		for name, work := range map[string]func(tell func(string, int)) error{
			"check": func(tell func(string, int)) error {
				p, err := store.Prove(t.Context(), point, d.dir, time.Now(), tell)
				if err == nil && p.State != backup.Good {
					t.Errorf("with %d bytes free the point is %s: %s", free, p.State, p.Says)
				}
				return err
			},
			"restore": func(tell func(string, int)) error {
				c, err := x.Prepare(t.Context(), point, "", tell)
				if err == nil {
					err = c.Drop()
				}
				return err
			},
		} {
			step := ""
			err := work(func(now string, _ int) { step = now })
			// The memory that SQLite shares over a file may be what finds no space: that error does
			// not say full.
			if err != nil && core.CodeOf(err) != core.CodeDiskFull && err.Error() != "This restore point could not be checked. It stays as it is; the log says why." {
				t.Errorf("%s with %d bytes free, while %s: %v", name, free, step, err)
			}
			if err != nil {
				ended[step]++
			} else {
				ended["well"]++
			}
			if l := good(t, usb); len(l) != 1 {
				t.Fatalf("after a %s with %d bytes free the point is no good one", name, free)
			}
		}
		d.tidyUp()
		if files, _ := os.ReadDir(d.dir); len(files) > 0 {
			t.Errorf("with %d bytes free is left: %v", free, files)
		}
	}
	t.Logf("ended: %v", ended)
	if ended["Opening it again"] == 0 || ended["Bringing a copy to this version"] == 0 || ended["well"] == 0 {
		t.Errorf("not every moment was met: %v", ended)
	}
	if older, err := storage.IsOlder(t.Context(), x.Database); err == nil {
		t.Errorf("a database was left: %v", older)
	}
}
