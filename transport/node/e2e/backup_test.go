//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core/account"
	"masala/core/backup"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	store "masala/storage/backup"
)

// killedAfter runs a command and kills it as a power cut would after a while; it
// reports whether it had ended by itself before.
func (p *pc) killedAfter(wait time.Duration, args ...string) (ended bool) {
	p.t.Helper()
	cmd := exec.Command(exe, append(args, "--quiet", "--data", p.dir)...)
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case <-done:
		return true
	case <-time.After(wait):
		_ = cmd.Process.Kill()
		<-done
		return false
	}
}

// good lists the good points of a folder, newest first.
func good(t *testing.T, folder string) (out []backup.Point) {
	t.Helper()
	points, err := store.List(folder, time.Now(), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		if p.State == backup.Good {
			out = append(out, p)
		}
	}
	return out
}

// workedOn starts a service with one delivery in its books, and stops it.
func workedOn(t *testing.T) *service {
	s := newService(t)
	s.start()
	item, supplier := s.setUp()
	call(s.pc, purchase.PostGRN, delivery(supplier.ID, item.ID, "UJH/1"))
	if code := s.stop(); code != 0 {
		t.Fatalf("exit %d", code)
	}
	return s
}

// TestFault_4_3_KilledWhileBackingUp kills the backup at any moment: no half point ever
// counts, the good ones stay, and the next one is made.
func TestFault_4_3_KilledWhileBackingUp(t *testing.T) {
	s := workedOn(t)
	usb := t.TempDir()
	begun := time.Now()
	s.must("backup", "--to", usb)
	takes := time.Since(begun)
	want, killed := 1, 0
	for range rounds(t, "MASALA_KILL_ROUNDS", 6) {
		if s.killedAfter(time.Duration(rand.Int64N(int64(takes*5/4))), "backup", "--to", usb) {
			want++
		} else {
			killed++
		}
		have := good(t, usb)
		if len(have) != want && len(have) != want+1 { // killed after it had its name
			t.Fatalf("%d good points, want %d", len(have), want)
		}
		want = len(have)
		for _, p := range have {
			if again, err := store.Prove(t.Context(), p.Path, t.TempDir(), time.Now(), nil); err != nil || again.State != backup.Good {
				t.Fatalf("%s counts as good: %+v, %v", p.ID, again, err)
			}
		}
	}
	if killed == 0 {
		t.Error("no backup was killed")
	}
	s.must("backup", "--to", usb)
	if n := len(good(t, usb)); n != want+1 {
		t.Errorf("%d good points after all, want %d", n, want+1)
	}
	t.Logf("%d killed, %d points", killed, want+1)
}

// TestFault_4_2_KilledWhileRestoring kills the restore at any moment, in the command
// and in the service, again and again over what the one before has left: every file
// that was ever damaged and the restore point are still there, and the restore comes to
// its end when it is asked for again, or by itself.
func TestFault_4_2_KilledWhileRestoring(t *testing.T) {
	s := workedOn(t)
	s.must("backup")
	point := good(t, s.folder().Backups())[0]
	damaged := func(round int) []byte { return bytes.Repeat(fmt.Appendf(nil, "damaged %03d ", round), 30_000) }
	killed := 0
	kept := func(upTo int, when string) { // in its place or aside, never lost
		t.Helper()
		files, err := filepath.Glob(filepath.Join(s.folder().Aside(), "*", "masala.db*"))
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]bool{}
		for _, f := range append(files, s.folder().Database()) {
			b, err := os.ReadFile(f)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			have[string(b[:min(12, len(b))])] = len(b) == len(damaged(0))
		}
		for round := range upTo + 1 {
			if !have[string(damaged(round)[:12])] {
				t.Fatalf("%s: the file damaged in round %d is lost", when, round)
			}
		}
	}
	n := rounds(t, "MASALA_KILL_ROUNDS", 6)
	for round := range n {
		for _, path := range []string{s.folder().Database() + "-wal", s.folder().Database() + "-shm"} {
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(s.folder().Database(), damaged(round), 0o600); err != nil {
			t.Fatal(err)
		}
		if round%2 == 0 {
			if !s.killedAfter(time.Duration(rand.Int64N(int64(400*time.Millisecond))), "restore", point.ID, "--yes") {
				killed++
			}
		} else {
			s.start()
			_, _, code := s.run("call", backup.RecoveryRestore.Name, fmt.Sprintf(`{"path":%q}`, point.Path))
			if code != 0 {
				t.Fatalf("exit %d", code)
			}
			time.Sleep(time.Duration(rand.Int64N(int64(300 * time.Millisecond))))
			s.kill()
			killed++
		}
		kept(round, fmt.Sprint("round ", round))
		if len(good(t, s.folder().Backups())) != 1 {
			t.Fatal("the restore point is lost")
		}
		if _, _, code := s.run("verify"); code != 0 {
			s.must("restore", point.ID, "--yes")
		}
		kept(round, "after the restore")
		s.must("verify")
	}
	if killed == 0 {
		t.Error("no restore was killed")
	}
	s.start()
	if st := call(s.pc, backup.GetStatus, backup.StatusReq{}); len(st.Aside) == 0 {
		t.Errorf("status %+v", st)
	}
	if n := len(call(s.pc, stock.ListDocuments, stock.ListDocumentsReq{}).Documents); n != 1 {
		t.Errorf("%d documents, want 1", n)
	}
}

// TestFault_4_3_BackupOnAFullDrive: a drive without space takes no backup, keeps those
// it has, and the service says so.
func TestFault_4_3_BackupOnAFullDrive(t *testing.T) {
	if !alone(t) {
		return
	}
	usb := newSmallDisk(t)
	s := newService(t)
	s.start()
	item, supplier := s.setUp()
	call(s.pc, purchase.PostGRN, delivery(supplier.ID, item.ID, "UJH/1"))
	s.must("backup", "--to", usb.dir) // beside the running service
	usb.leave(0)
	_, problem, code := s.run("backup", "--to", usb.dir)
	if code != 3 || !strings.Contains(problem, "There is no space for the backup in "+usb.dir) {
		t.Errorf("exit %d: %s", code, problem)
	}
	call(s.pc, backup.Start, backup.StartReq{Folder: usb.dir})
	var st backup.StatusResp
	waitFor(t, 20*time.Second, "the end of the backup", func() bool {
		st = call(s.pc, backup.GetStatus, backup.StatusReq{Folder: usb.dir})
		return st.Running == nil && st.Result != nil
	})
	if st.Result.OK || !strings.Contains(st.Result.Says, "There is no space for the backup") {
		t.Errorf("the service says %+v", st.Result)
	}
	have := good(t, usb.dir)
	if len(have) != 1 {
		t.Fatalf("%d good points, want 1", len(have))
	}
	if again, err := store.Prove(t.Context(), have[0].Path, t.TempDir(), time.Now(), nil); err != nil || again.State != backup.Good {
		t.Errorf("the one that was there: %+v, %v", again, err)
	}
	usb.tidyUp()
	s.must("backup", "--to", usb.dir)
	if n := len(good(t, usb.dir)); n != 2 {
		t.Errorf("with space again %d points, want 2", n)
	}
}

// TestFault_4_2_FolderCannotBeWritten: the data folder is on a disk that was made
// read-only. The service still tells this PC why, and goes on once it can be written.
func TestFault_4_2_FolderCannotBeWritten(t *testing.T) {
	if !alone(t) {
		return
	}
	d := newSmallDisk(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s := newService(t)
	s.dir = filepath.Join(d.dir, "masala")
	s.start()
	s.setUp()
	s.stop()
	remount := func(how string) {
		if out, err := exec.Command("mount", "-o", "remount,"+how, d.dir).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	remount("ro")
	s.start()
	r := call(s.pc, backup.RecoveryStatus, backup.RecoveryStatusReq{})
	if r.Reason != backup.Unwritable || r.MayEmpty || !r.MayTry || !strings.Contains(r.Detail, "cannot be") {
		t.Errorf("recovery says %+v", r)
	}
	remount("rw")
	call(s.pc, backup.RecoveryRetry, backup.RetryReq{})
	waitFor(t, 20*time.Second, "the books", func() bool {
		_, _, code := s.run("call", system.GetSettings.Name)
		return code == 0
	})
}

// TestUserReset: the last Admin has forgotten his password. On the console of the
// stopped server he gets a new one; the audit log keeps it.
func TestUserReset(t *testing.T) {
	s := newService(t)
	s.start()
	s.setUp()
	t.Setenv("MASALA_NEW_PASSWORD", "fenugreek-9")
	if _, problem, code := s.run("user", "reset", "owner"); code != 5 {
		t.Errorf("beside a running server: exit %d: %s", code, problem)
	}
	s.stop()
	if _, problem, code := s.run("user", "reset", "nobody"); code != 3 || !strings.Contains(problem, `There is no user "nobody".`) {
		t.Errorf("exit %d: %s", code, problem)
	}
	s.must("user", "reset", "owner")
	s.start()
	if _, _, code := s.run("call", account.WhoAmI.Name); code != 3 {
		t.Errorf("the old password: exit %d", code)
	}
	out, problem, code := s.run("call", system.ListAudit.Name, `{"operation":"account.reset_on_console"}`, "--user", "owner", "--password", "fenugreek-9")
	if code != 0 || !strings.Contains(out, "reset on the console") || strings.Contains(out, "fenugreek") {
		t.Errorf("exit %d: %s%s", code, out, problem)
	}
	s.stop()
	s.must("verify")
}
