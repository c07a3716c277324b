//go:build linux

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/backup"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	"masala/storage"
	"masala/transport/node"
	"masala/ui/screen"
)

const mb = 1 << 20

// smallDisk is a disk of 256 MB that this test mounts and fills. Only use it where
// alone reports true: the mount is gone with the process.
type smallDisk struct {
	t   *testing.T
	dir string
}

func newSmallDisk(t *testing.T) *smallDisk {
	t.Helper()
	d := &smallDisk{t, t.TempDir()}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", d.dir).CombinedOutput(); err != nil {
		t.Fatalf("mount: %v %s", err, out)
	}
	t.Cleanup(func() {
		// A process that was killed lets go of its files a moment after it is gone.
		waitFor(t, 10*time.Second, "the disk to be free of files", func() bool { return exec.Command("umount", d.dir).Run() == nil })
	})
	return d
}

func (d *smallDisk) free() int64 {
	d.t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &st); err != nil {
		d.t.Fatal(err)
	}
	return int64(st.Bavail) * st.Bsize
}

func (d *smallDisk) other() string { return filepath.Join(d.dir, "film.mkv") }

// leave lets another program fill the disk until only so many bytes are free.
func (d *smallDisk) leave(bytes int64) {
	d.t.Helper()
	f, err := os.OpenFile(d.other(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, mb); d.free() > bytes; {
		if _, err := f.Write(block[:min(int64(len(block)), d.free()-bytes)]); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *smallDisk) tidyUp() {
	d.t.Helper()
	if err := os.Remove(d.other()); err != nil {
		d.t.Fatal(err)
	}
}

// banner is the warning about the disk that every window shows.
func banner(l *node.Line) (text string, blocks bool) {
	for _, w := range l.State().Warnings {
		if w.Code == "disk.low" {
			return w.Text, w.Blocks != nil
		}
	}
	return "", false
}

// TestFault_1_3_ReallyFullDisk fills the disk of the books for real: first below the
// floor, where writes are refused before SQLite fails, then to the last byte, where
// the ballast lets the service finish; it is stopped and started on the full disk.
// Nothing acknowledged is lost, and once there is space again what was refused is
// posted under its old key, without a restart.
func TestFault_1_3_ReallyFullDisk(t *testing.T) {
	if !alone(t) {
		return
	}
	d := newSmallDisk(t)
	s := newService(t)
	s.dir = filepath.Join(d.dir, "masala")
	s.start()
	item, supplier := s.setUp()
	ballast := s.folder().Ballast()
	waitFor(t, 10*time.Second, "the ballast", func() bool { st, err := os.Stat(ballast); return err == nil && st.Size() == 32*mb })
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	l := s.line(ctx, s.client())
	post := func(key, invoice string) error {
		attempt, stop := context.WithTimeout(ctx, 20*time.Second)
		defer stop()
		_, err := purchase.PostGRN.Call(attempt, l, key, delivery(supplier.ID, item.ID, invoice))
		return err
	}
	documents := func() int { // by a user who is logged in: a login is a write
		resp, err := stock.ListDocuments.Call(ctx, l, "", stock.ListDocumentsReq{})
		if err != nil {
			t.Error(err)
		}
		return len(resp.Documents)
	}
	if err := post(uuid.NewString(), "UJH/1"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, 10*time.Second, "the banner", func() bool {
		text, blocks := banner(l)
		return strings.HasPrefix(text, "⚠️ Low disk space — ") && strings.HasSuffix(text, " MB remaining. Data operations may fail.") && !blocks
	})

	d.leave(50 * mb)
	waitFor(t, 10*time.Second, "the gate to close", func() bool { _, blocks := banner(l); return blocks })
	refused := uuid.NewString()
	if err := post(refused, "UJH/2"); core.CodeOf(err) != core.CodeDiskFull {
		t.Fatalf("below the floor a GRN got %v", err)
	}
	if d.free() < 40*mb {
		t.Errorf("only %d MB are free: SQLite met the full disk before the gate did", d.free()/mb)
	}

	d.leave(0)
	waitFor(t, 10*time.Second, "the ballast to be thrown off", func() bool { _, err := os.Stat(ballast); return os.IsNotExist(err) })
	waitFor(t, 5*time.Second, "the space of the ballast", func() bool { return d.free() >= 28*mb })
	d.leave(0) // the film takes that space as well
	if err := post(refused, "UJH/2"); core.CodeOf(err) != core.CodeDiskFull {
		t.Errorf("on a full disk a GRN got %v", err)
	}
	if n := documents(); n != 1 { // reading goes on
		t.Errorf("%d documents, want 1", n)
	}
	if code := s.stop(); code != 0 {
		t.Errorf("on a full disk the service stopped with exit %d", code)
	}
	if st, err := os.Stat(s.folder().Database() + "-wal"); err == nil && st.Size() > 0 {
		t.Errorf("the service left a write-ahead log of %d bytes", st.Size())
	}

	d.tidyUp()
	d.leave(100 * mb)
	s.start()
	waitFor(t, 20*time.Second, "the client", func() bool { return l.Status().Up() })
	d.leave(3 * mb)
	waitFor(t, 10*time.Second, "the gate to close again", func() bool { _, blocks := banner(l); return blocks })
	if err := post(refused, "UJH/2"); core.CodeOf(err) != core.CodeDiskFull {
		t.Errorf("after a start a GRN got %v", err)
	}
	d.tidyUp()
	waitFor(t, 10*time.Second, "the gate to open", func() bool { _, blocks := banner(l); return !blocks })
	for range 2 { // the second time the kept answer comes back
		if err := post(refused, "UJH/2"); err != nil {
			t.Errorf("with space again the GRN got %v", err)
		}
	}
	if n := documents(); n != 2 {
		t.Errorf("%d documents, want 2", n)
	}
	waitFor(t, 10*time.Second, "the ballast", func() bool { st, err := os.Stat(ballast); return err == nil && st.Size() == 32*mb })
	s.must("verify")
}

// TestFault_1_3_DiskFillsWhilePosting fills the disk at once while a client posts as
// fast as it can, so that no gate closes in time: what SQLite cannot write is refused
// with the same code, and nothing acknowledged is lost.
func TestFault_1_3_DiskFillsWhilePosting(t *testing.T) {
	if !alone(t) {
		return
	}
	d := newSmallDisk(t)
	s := newService(t)
	s.dir = filepath.Join(d.dir, "masala")
	s.start()
	item, supplier := s.setUp()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	l := s.line(ctx, s.client())
	told := &ledgerOfClients{acked: map[string]string{}, more: make(chan struct{}, 1)}
	refused := 0
	for round := range 5 {
		full := make(chan struct{})
		go func() { defer close(full); d.leave(0) }()
		for {
			invoice := "R" + string(rune('A'+round)) + "/" + uuid.NewString()[:8]
			number, err := postOnce(ctx, l, delivery(supplier.ID, item.ID, invoice))
			if err == nil {
				told.note(invoice, number)
				continue
			}
			if code := core.CodeOf(err); code != core.CodeDiskFull {
				t.Fatalf("%s: %v", invoice, err)
			}
			refused++
			break
		}
		<-full
		d.tidyUp()
		waitFor(t, 10*time.Second, "the gate to open", func() bool { _, blocks := banner(l); return !blocks })
		number, err := postOnce(ctx, l, delivery(supplier.ID, item.ID, "after/"+uuid.NewString()[:8]))
		if err != nil {
			t.Fatalf("with space again: %v", err)
		}
		told.note("after "+number, number)
	}
	bySQLite := strings.Count(s.log.String(), "code=disk_full cause=")
	t.Logf("%d GRNs refused, %d of them by SQLite itself", refused, bySQLite)
	if bySQLite == 0 {
		t.Error("the gate was always in time: SQLite met no full disk")
	}
	s.compare(told, 5)
}

// oldBooks are those of an older version with 20 deliveries, on a disk of their own; the
// program from now on is a newer version, whose migration writes 100 MB.
func oldBooks(t *testing.T) (d *smallDisk, s *service, older string) {
	d, s = newSmallDisk(t), newService(t)
	s.dir = filepath.Join(d.dir, "masala")
	s.start()
	item, supplier := s.setUp()
	for n := range 20 {
		call(s.pc, purchase.PostGRN, delivery(supplier.ID, item.ID, fmt.Sprintf("UJH/%d", n)))
	}
	waitFor(t, 10*time.Second, "the ballast", func() bool { st, err := os.Stat(s.folder().Ballast()); return err == nil && st.Size() == 32*mb })
	if code := s.stop(); code != 0 {
		t.Fatalf("the old version stopped with exit %d", code)
	}
	older = exe
	withFaultPoints(t)
	t.Setenv("MASALA_FAULT_MIGRATION", "1")
	return d, s, older
}

// diskIsFull is what the server's PC reads while the disk has no room for the books.
func diskIsFull(r backup.RecoveryResp) bool {
	return r.Reason == backup.Full && r.Sentence == "The disk of the server is full. Nothing was changed; free some space on it and try again." && r.MayTry && !r.MayEmpty && len(r.Points) == 0
}

// TestFault_1_3_DiskFullDuringMigration starts a newer version of the program on a disk
// that has no room for its migration: it says so and waits, and the old books are there
// byte by byte for the old version. With space again it upgrades them by itself.
func TestFault_1_3_DiskFullDuringMigration(t *testing.T) {
	if !alone(t) {
		return
	}
	d, s, plain := oldBooks(t)
	old, err := os.ReadFile(s.folder().Database())
	if err != nil {
		t.Fatal(err)
	}

	d.leave(40 * mb)
	s.start()
	if r := call(s.pc, backup.RecoveryStatus, backup.RecoveryStatusReq{}); !diskIsFull(r) {
		t.Errorf("without room for the upgrade the server says %+v", r)
	}
	if code := s.stop(); code != 0 {
		t.Errorf("waiting for room the service stopped with exit %d", code)
	}
	if now, err := os.ReadFile(s.folder().Database()); err != nil || !bytes.Equal(now, old) {
		t.Errorf("the old books were changed (%v)", err)
	}
	newer := exe
	exe = plain
	s.must("verify")
	s.start()
	if n := len(call(s.pc, stock.ListDocuments, stock.ListDocumentsReq{}).Documents); n != 20 {
		t.Errorf("the old version finds %d documents, want 20", n)
	}
	s.stop()

	exe = newer
	s.start()
	call(s.pc, backup.RecoveryRetry, backup.RetryReq{}) // nothing was freed
	waitFor(t, 20*time.Second, "the disk to be full still", func() bool {
		out, _, code := s.run("call", backup.RecoveryStatus.Name)
		var r backup.RecoveryResp
		return code == 0 && json.Unmarshal([]byte(out), &r) == nil && diskIsFull(r)
	})
	d.tidyUp()
	waitFor(t, time.Minute, "the upgrade by itself", func() bool { _, _, code := s.run("call", system.GetSettings.Name); return code == 0 })
	if n := storage.LogSize(s.folder().Database()); n > 8*mb {
		t.Errorf("the upgrade left a write-ahead log of %d MB", n/mb)
	}
	if n := len(call(s.pc, stock.ListDocuments, stock.ListDocumentsReq{}).Documents); n != 20 {
		t.Errorf("after the upgrade there are %d documents, want 20", n)
	}
	if f := call(s.pc, system.GetSettings, system.GetSettingsReq{}).Factory; f != "Migrated factory" {
		t.Errorf("the upgrade left the factory %q", f)
	}
	s.stop()
	s.must("verify")
	exe = plain
	s.start()
	if r := call(s.pc, backup.RecoveryStatus, backup.RecoveryStatusReq{}); r.Reason != backup.Newer || !strings.Contains(r.Sentence, "newer version") {
		t.Errorf("on the new books the old version says %+v", r)
	}
}

// TestFault_1_3_WindowOnAFullDisk: the same under the supervisor. The service is started
// once and stays, the window comes and shows why nothing goes on, and with space again
// both go on by themselves.
func TestFault_1_3_WindowOnAFullDisk(t *testing.T) {
	if !alone(t) {
		return
	}
	d, p, _ := oldBooks(t)
	if err := (&node.SetupFile{Folder: p.folder()}).Change(func(n *node.Setup) { n.Role = screen.RoleServer }); err != nil {
		t.Fatal(err)
	}
	d.leave(40 * mb)
	s := startSupervisor(t, p.pc)
	waitFor(t, time.Minute, "the window to reach the service", func() bool { return s.service() != 0 && s.connected() == 1 })
	service, shown := s.service(), s.window()
	if r := call(p.pc, backup.RecoveryStatus, backup.RecoveryStatusReq{}); !diskIsFull(r) {
		t.Errorf("without room for the upgrade the server says %+v", r)
	}
	w := &window{t: t, dir: p.dir, display: s.display}
	w.until("the recovery screen", func() bool { return strings.Contains(w.log(), "screen=restore") })
	w.picture("full-disk")
	d.tidyUp()
	waitFor(t, time.Minute, "the upgrade by itself", func() bool { _, _, code := p.run("call", system.GetSettings.Name); return code == 0 })
	waitFor(t, 20*time.Second, "the window to reach the books", func() bool { return s.connected() == 2 })
	if s.service() != service || s.window() != shown {
		t.Errorf("service %d and window %d are now %d and %d", service, shown, s.service(), s.window())
	}
}

// postOnce sends one delivery and takes what comes back for its answer.
func postOnce(ctx context.Context, l *node.Line, req purchase.PostGRNReq) (string, error) {
	resp, err := purchase.PostGRN.Call(ctx, l, uuid.NewString(), req)
	return resp.Number, err
}
