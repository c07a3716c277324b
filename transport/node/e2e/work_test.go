//go:build linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core/backup"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/transport/node"
	"masala/ui/screen"
)

// watchLimit is how long a service may be silent in these tests: their work takes
// more than twice as long on any PC.
const watchLimit = 300 * time.Millisecond

// supervised starts the supervisor over the books of a PC, with a hasty watchdog.
func supervised(t *testing.T, p *pc) *supervisor {
	t.Helper()
	t.Setenv("MASALA_FAULT_WATCH", "100ms "+watchLimit.String())
	if err := (&node.SetupFile{Folder: folderOf(p.dir)}).Change(func(n *node.Setup) { n.Role = screen.RoleServer }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { waitFor(t, 20*time.Second, "its processes to end", func() bool { return !runsOn(p.dir) }) })
	s := startSupervisor(t, p)
	waitFor(t, 2*time.Minute, "the service", func() bool { return s.service() != 0 })
	return s
}

// runsOn reports whether a process works on that folder.
func runsOn(dir string) bool {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if b, _ := os.ReadFile(f); strings.Contains(string(b), "\x00"+dir) {
			return true
		}
	}
	return false
}

// answers counts what the supervisor has logged of the service.
func (s *supervisor) answers(text string) int {
	b, _ := os.ReadFile(filepath.Join(s.dir, "logs", "supervisor.log"))
	return strings.Count(string(b), text)
}

// TestFault_1_4_RealWorkIsNoHang: a real migration of 100 MB and a real restore of that
// database take more than twice the limit of the watchdog. It hears how far they are, and the
// service that began them ends them.
func TestFault_1_4_RealWorkIsNoHang(t *testing.T) {
	if !alone(t) {
		return
	}
	p := workedOn(t).pc
	withFaultPoints(t)
	t.Setenv("MASALA_FAULT_MIGRATION", "1")
	begun := time.Now()
	s := supervised(t, p)
	if took := time.Since(begun); took < 2*watchLimit {
		t.Errorf("the migration took %s only, too quick to show anything", took)
	}
	service := s.service()
	if n := s.answers(`doing="migrating `); n == 0 {
		t.Error("the watchdog did not hear of the migration")
	}

	call(p, backup.Start, backup.StartReq{})
	var st backup.StatusResp
	waitFor(t, 2*time.Minute, "the backup", func() bool {
		st = call(p, backup.GetStatus, backup.StatusReq{})
		return st.Running == nil
	})
	if st.Result == nil || !st.Result.OK {
		t.Fatalf("the backup ended with %+v", st.Result)
	}
	begun = time.Now()
	call(p, backup.Restore, backup.RestoreReq{Path: st.Result.Path})
	waitFor(t, 2*time.Minute, "the restore", func() bool {
		out, _, code := s.run("call", backup.RecoveryStatus.Name)
		return code == 0 && strings.Contains(out, `"task": "restore"`) && strings.Contains(out, `"reason": ""`)
	})
	if took := time.Since(begun); took < 2*watchLimit {
		t.Errorf("the restore took %s only, too quick to show anything", took)
	}
	if n := s.answers(`doing="restoring `); n < 2 {
		t.Errorf("the watchdog heard %d times how far the restore is", n)
	}
	if s.service() != service || s.answers("child hung") != 0 || s.answers("child started") != 2 {
		t.Errorf("work was taken for a hang: process %d is now %d, %d hangs, %d starts", service, s.service(), s.answers("child hung"), s.answers("child started"))
	}
	if n := len(call(p, stock.ListDocuments, stock.ListDocumentsReq{}).Documents); n != 1 {
		t.Errorf("%d documents, want 1", n)
	}
}

// TestFault_1_4_FullDiskIsNoHang: on a really full disk the service goes on answering the
// watchdog for many times its limit, while clients try to post; it is not replaced, and
// with space again the same process posts.
func TestFault_1_4_FullDiskIsNoHang(t *testing.T) {
	if !alone(t) {
		return
	}
	d := newSmallDisk(t)
	withFaultPoints(t)
	p := newPC(t)
	p.dir = filepath.Join(d.dir, "masala")
	if err := folderOf(p.dir).Make(); err != nil {
		t.Fatal(err)
	}
	s := supervised(t, p)
	factory := &service{pc: p}
	item, supplier := factory.setUp()
	l := factory.line(t.Context(), p)
	service, posted := s.service(), 0
	for n, end := 0, time.Now().Add(8*watchLimit); time.Now().Before(end); n++ {
		d.leave(0)
		if _, err := postOnce(t.Context(), l, delivery(supplier.ID, item.ID, fmt.Sprintf("FULL/%d", n))); err == nil && d.free() == 0 {
			t.Fatal("posted on a full disk")
		} else if err == nil {
			posted++ // into the space of the ballast, which has just gone; the next round takes it as well
		}
	}
	if posted > 3 {
		t.Errorf("posted %d times on a disk that was kept full", posted)
	}
	if s.service() != service || s.answers("child hung") != 0 {
		t.Errorf("a full disk was taken for a hang: process %d is now %d", service, s.service())
	}
	d.tidyUp()
	waitFor(t, 20*time.Second, "the gate to open", func() bool { _, blocks := banner(l); return !blocks })
	call(p, purchase.PostGRN, delivery(supplier.ID, item.ID, "UJH/1"))
	if s.service() != service {
		t.Errorf("process %d is now %d", service, s.service())
	}
}
