package node_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/stock"
	"masala/platform/paths"
	"masala/transport/node"
)

// TestFault_4_2_CutOffTail: somebody puts an older copy of the file in place. The anchor
// knows better: nothing is posted until an Admin has confirmed, and no number comes
// twice.
func TestFault_4_2_CutOffTail(t *testing.T) {
	s, k := workingShop(t)
	s.post(s.own, k)
	s.must(s.stop())
	older, err := os.ReadFile(s.folder.Database())
	s.must(err)
	s.start()
	s.login(context.Background(), s.own)
	printed := s.post(s.own, k)
	s.must(s.stop())
	s.removeDatabase()
	s.must(os.WriteFile(s.folder.Database(), older, 0o600))
	s.start()
	s.login(context.Background(), s.own)
	if _, err := s.tryPost(s.own, k); core.CodeOf(err) != core.CodeLocked || !strings.Contains(err.Error(), "replaced by an older one") {
		t.Errorf("on an older file: %v", err)
	}
	s.confirm()
	if lot := s.post(s.own, k); lot <= printed {
		t.Errorf("%s was printed, and %s is given out", printed, lot)
	}
	s.must(s.stop())
	s.verified()
	s.start() // confirmed once is confirmed
	s.login(context.Background(), s.own)
	s.post(s.own, k)
}

// TestFault_4_2_OtherHardware: the PC of the server has burnt down. On another one a
// backup from the USB drive and the recovery code bring back the books and the key:
// the PCs go on trusting it. One that has seen newer books says so and posts nothing
// until an Admin has confirmed.
func TestFault_4_2_OtherHardware(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := shopOnLAN(t)
	pc := s.client(ctx)
	code, err := backup.MakeCode.Call(ctx, s.own, "", backup.MakeCodeReq{})
	s.must(err)
	s.post(pc, k)
	usb := t.TempDir()
	p := s.backUp(usb)
	s.post(pc, k)
	s.must(os.Remove(filepath.Join(usb, "masala-anchor"))) // nothing is left but the backup
	seen := func() op.Mark { return pc.State().Mark }
	s.told(pc, "the newest row", func(st op.State) bool { return st.Mark.Seq > p.Seq })
	last := seen()
	s.must(s.stop())

	s.folder, s.machine, s.parts = paths.Folder(t.TempDir()), filepath.Join(t.TempDir(), "state"), [4]string{"s2", "b2", "d2", "o2"}
	s.must(s.folder.Make())
	s.must(os.MkdirAll(s.folder.Backups(), 0o700))
	for _, ending := range []string{".db.zst", ".json"} {
		b, err := os.ReadFile(filepath.Join(usb, p.ID+ending))
		s.must(err)
		s.must(os.WriteFile(filepath.Join(s.folder.Backups(), p.ID+ending), b, 0o600))
	}
	s.start()
	r := s.recovery("recovery mode", func(r backup.RecoveryResp) bool { return r.Reason == backup.Missing })
	if !r.HasCode || r.KeyIsHere {
		t.Errorf("recovery says %+v", r)
	}
	restore := func(code string) {
		_, err := backup.RecoveryRestore.Call(ctx, s.own, "", backup.RestoreReq{Path: r.Offer, Code: code})
		s.must(err)
	}
	restore("AAAA-AAAA-AAAA-AAAA-AAAA")
	failed := s.recovery("a wrong code", func(r backup.RecoveryResp) bool { return r.Result != nil && r.Running == nil })
	if failed.Reason != backup.Missing || failed.Result.OK || !strings.Contains(failed.Result.Says, "code") {
		t.Errorf("a wrong code: %+v", failed.Result)
	}
	restore(code.Code)
	s.recovery("restore", func(r backup.RecoveryResp) bool { return r.Reason == backup.InService })

	s.told(pc, "the restored server", func(st op.State) bool {
		return st.Mark.Lineage != last.Lineage && says("older than what this PC has seen")(st)
	})
	if _, err := s.tryPost(pc, k); core.CodeOf(err) != core.CodeLocked || !strings.Contains(err.Error(), "older than what this PC has seen") {
		t.Errorf("a PC that has seen more: %v", err)
	}
	s.login(ctx, s.own)
	s.confirm()
	s.told(pc, "the confirmation", func(st op.State) bool { return !st.Mark.Waits && !says("older than what this PC has seen")(st) })
	s.loggedOut(pc)
	s.login(ctx, pc)
	s.post(pc, k)
	s.must(s.stop())
	s.verified()
}

// TestFault_4_2_RolledBackDisk: the disk of the server is put back to an image of the
// morning, with all that lies beside the books, so that the server knows of nothing. A PC
// that has seen more stops, also when another history has come farther than what it saw,
// also after its own restart, until an Admin confirms the books on the server.
func TestFault_4_2_RolledBackDisk(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := shopOnLAN(t)
	file := &node.SetupFile{Folder: paths.Folder(t.TempDir())}
	pc := s.joins(ctx, file)
	s.post(pc, k)
	s.told(pc, "the first row", func(st op.State) bool { return st.Mark.Seq > 0 })
	early := pc.State().Mark.Seq
	s.must(s.stop())
	image := filepath.Join(t.TempDir(), "image")
	s.must(os.CopyFS(image, os.DirFS(string(s.folder))))

	s.start()
	s.login(ctx, s.own)
	s.post(s.own, k)
	s.told(pc, "a newer row", func(st op.State) bool { return st.Mark.Seq > early })
	seen := pc.State().Mark
	s.must(s.stop())

	s.must(os.RemoveAll(string(s.folder)))
	s.must(os.CopyFS(string(s.folder), os.DirFS(image)))
	s.start()
	s.login(ctx, s.own)
	s.told(pc, "fewer rows", says("older than what this PC has seen"))
	s.clock.Set(s.clock.Now().Add(time.Minute)) // else the same delivery would make the same rows
	s.post(s.own, k)
	s.post(s.own, k)
	s.told(pc, "another history", func(st op.State) bool { return st.Mark.Seq > seen.Seq })
	stopped := func(l *node.Line) {
		t.Helper()
		s.told(l, "older books", says("older than what this PC has seen"))
		if _, err := s.tryPost(l, k); core.CodeOf(err) != core.CodeLocked {
			t.Errorf("it posts into another history: %v", err)
		}
	}
	stopped(pc)
	s.must(s.stop())
	s.start()
	s.login(ctx, s.own)
	stopped(pc)
	again := s.dial(ctx, file) // this PC after a restart
	s.login(ctx, again)
	stopped(again)
	s.confirm()
	for _, l := range []*node.Line{pc, again} {
		s.told(l, "the confirmation", func(st op.State) bool {
			return st.Mark.Lineage != seen.Lineage && !says("older than what this PC has seen")(st)
		})
	}
	s.post(pc, k)
	s.must(s.stop())
	s.verified()
}

// TestFault_4_2_RestoreInService: an Admin restores an older point over books that are
// whole. The service comes back by itself and keeps what was there; a point that turns
// out to be damaged leaves the books as they were.
func TestFault_4_2_RestoreInService(t *testing.T) {
	ctx := context.Background()
	s, k := workingShop(t)
	s.post(s.own, k)
	p := s.backUp("")
	last := s.post(s.own, k)
	restore := func() {
		boot := s.own.State().Boot
		_, _ = backup.Restore.Call(ctx, s.own, "", backup.RestoreReq{Path: p.Path}) // the answer may be lost with the service
		s.told(s.own, "a new start", func(st op.State) bool { return st.Boot != boot && st.Recovery == "" && st.Mark.Books != "" })
	}
	flipBytes(t, p.Path, p.Size/2, 1)
	restore()
	st := s.settled(func(st backup.StatusResp) bool { return true }, "")
	if st.Result == nil || st.Result.OK || st.Restored != nil || !strings.Contains(st.Result.Says, "damaged") {
		t.Errorf("a damaged point: %+v", st.Result)
	}
	lots, err := stock.ListLots.Call(ctx, s.own, "", stock.ListLotsReq{})
	if s.must(err); !hasLot(lots, last) {
		t.Errorf("%s is lost by a restore that failed", last)
	}
	flipBytes(t, p.Path, p.Size/2, 1)
	_, err = backup.Check.Call(ctx, s.own, "", backup.CheckReq{Path: p.Path}) // it is whole again
	s.must(err)
	s.settled(func(st backup.StatusResp) bool { return st.Running == nil }, "")
	restore()
	s.loggedOut(s.own) // who restored it, too
	s.login(ctx, s.own)
	if lots, err = stock.ListLots.Call(ctx, s.own, "", stock.ListLotsReq{}); err != nil || hasLot(lots, last) {
		t.Errorf("after the restore %s is still there: %v", last, err)
	}
	s.must(s.stop())
	s.verified()
}

// TestRestoreKeepsTrialAndClock: older books do not bring back days of the trial, nor
// do they let the clock be put back to their time.
func TestRestoreKeepsTrialAndClock(t *testing.T) {
	s, k := workingShop(t)
	s.post(s.own, k)
	first := s.status(s.own)
	p := s.backUp("")
	taken := s.clock.Now()
	for range 4 { // the server runs day and night
		s.clock.Set(s.clock.Now().Add(20 * time.Hour))
		s.status(s.own)
	}
	s.login(context.Background(), s.own)
	s.post(s.own, k)
	s.must(s.stop())
	s.removeDatabase()
	s.must(os.Remove(s.folder.Beat())) // with it, what the data folder knows of the time
	s.start()
	s.recovery("recovery mode", func(r backup.RecoveryResp) bool { return r.Reason == backup.Missing })
	s.restored(p.Path)
	s.login(context.Background(), s.own)
	st := s.status(s.own)
	if past := int(st.Today - first.Today); past < 3 || st.Starts != first.Starts || st.Expires != first.Expires || st.Left != first.Left-past || st.Mode != licence.Active {
		t.Errorf("the trial was %+v, and is %+v", first, st)
	}
	s.clock.Set(taken.Add(time.Hour))
	if st := s.status(s.own); st.Mode != licence.Locked || st.Reason != licence.Clock {
		t.Errorf("with the clock at the time of the backup: %+v", st)
	}
}
