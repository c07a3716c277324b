package node_test

import (
	"bytes"
	"context"
	"database/sql"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/backup"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	"masala/platform/paths"
	"masala/storage"
	"masala/storage/pagesum"
	"masala/ui/screen"
)

// post receives goods and returns the number of the first lot.
func (s *shop) post(l op.Caller, k *books) string {
	s.t.Helper()
	resp, err := s.tryPost(l, k)
	s.must(err)
	return resp.Lots[0].Number
}

func (s *shop) tryPost(l op.Caller, k *books) (purchase.PostGRNResp, error) {
	req := k.delivery()
	req.InvoiceDate = s.clock.Date() - 1
	return purchase.PostGRN.Call(context.Background(), l, uuid.NewString(), req)
}

// backUp backs up now and returns the point.
func (s *shop) backUp(folder string) backup.Point {
	s.t.Helper()
	_, err := backup.Start.Call(context.Background(), s.own, "", backup.StartReq{Folder: folder})
	s.must(err)
	st := s.settled(func(st backup.StatusResp) bool { return st.Running == nil }, folder)
	if st.Result == nil || !st.Result.OK {
		s.t.Fatalf("the backup ended with %+v", st.Result)
	}
	for _, p := range st.Points {
		if p.Path == st.Result.Path {
			return p
		}
	}
	s.t.Fatalf("%s is not in the list", st.Result.Path)
	return backup.Point{}
}

func (s *shop) settled(right func(backup.StatusResp) bool, folder string) backup.StatusResp {
	s.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		st, err := backup.GetStatus.Call(context.Background(), s.own, "", backup.StatusReq{Folder: folder})
		s.must(err)
		if right(st) {
			return st
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("still %+v", st)
		}
	}
}

// recovery asks how recovery stands until it is right. Between recovery and service the
// line drops and comes back.
func (s *shop) recovery(what string, right func(backup.RecoveryResp) bool) backup.RecoveryResp {
	s.t.Helper()
	var r backup.RecoveryResp
	var err error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if r, err = backup.RecoveryStatus.Call(context.Background(), s.own, "", backup.RecoveryStatusReq{}); err == nil && right(r) {
			return r
		}
	}
	s.t.Fatalf("%s: %+v, %v", what, r, err)
	return r
}

// restored restores a point in recovery mode and waits for the books.
func (s *shop) restored(path string) {
	s.t.Helper()
	_, err := backup.RecoveryRestore.Call(context.Background(), s.own, "", backup.RestoreReq{Path: path})
	s.must(err)
	s.recovery("restore", func(r backup.RecoveryResp) bool {
		if r.Running == nil && r.Result != nil && !r.Result.OK {
			s.t.Fatalf("the restore ended with %+v", r.Result)
		}
		return r.Reason == backup.InService
	})
}

// verified proves the books of a shop that has been stopped, or not.
func (s *shop) verified() {
	s.t.Helper()
	r, err := storage.VerifyFile(context.Background(), s.folder.Database(), nil)
	s.must(err)
	if !r.OK() {
		s.t.Fatalf("the books are wrong: %q", r.Problems)
	}
}

func (s *shop) removeDatabase() {
	s.t.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(s.folder.Database() + suffix); err != nil && !os.IsNotExist(err) {
			s.t.Fatal(err)
		}
	}
}

// confirm lets work go on with restored books.
func (s *shop) confirm() {
	s.t.Helper()
	_, err := backup.ConfirmRestore.Call(context.Background(), s.own, uuid.NewString(), backup.ConfirmRestoreReq{})
	s.must(err)
}

// TestFault_6_1_DatabaseDeleted: the file is gone at the next start. The service asks,
// tells the other PCs, restores; numbers that were printed since stay taken, a PC that
// was revoked since stays so, and nothing is posted before an Admin has confirmed.
func TestFault_6_1_DatabaseDeleted(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := newShop(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
	pc, stolen := s.client(ctx), s.client(ctx)
	s.post(pc, k)
	p := s.backUp("")
	if p.State != backup.Good || p.Kind != backup.Manual || p.Says != "Opened, 0 errors, ledger agrees" || !p.Offered {
		t.Errorf("the backup is %+v", p)
	}
	printed := s.post(pc, k)
	devices, err := account.ListDevices.Call(ctx, s.own, "", account.ListDevicesReq{})
	s.must(err)
	_, err = account.RevokeDevice.Call(ctx, s.own, uuid.NewString(), account.RevokeDeviceReq{ID: devices.Devices[0].ID})
	s.must(err)
	_ = stolen
	s.must(s.stop())
	s.removeDatabase()
	s.clock.Set(s.clock.Now().Add(2 * time.Hour))

	s.start()
	r := s.recovery("recovery mode", func(r backup.RecoveryResp) bool { return r.Reason != backup.InService })
	if r.Reason != backup.Missing || r.Sentence != "No database found. Restore from latest backup (2 hours ago)?" || r.Offer != p.Path || !r.MayEmpty {
		t.Errorf("recovery says %+v", r)
	}
	s.told(s.own, "recovery", func(st op.State) bool { return st.Recovery == string(backup.Missing) })
	if _, err := account.Login.Call(ctx, s.own, "", account.LoginReq{Login: "owner", Password: password}); core.CodeOf(err) != core.CodeUnavailable {
		t.Errorf("a login in recovery mode: %v", err)
	}
	s.restored(p.Path)

	// The same Admin works on: his session is in the backup.
	s.login(ctx, s.own)
	if _, err := s.tryPost(s.own, k); core.CodeOf(err) != core.CodeLocked || !strings.Contains(err.Error(), "restored from a backup") {
		t.Errorf("before the confirmation: %v", err)
	}
	st := s.settled(func(backup.StatusResp) bool { return true }, "")
	if st.Restored == nil || st.Restored.Seen <= st.Restored.Seq {
		t.Errorf("status %+v", st.Restored)
	}
	s.confirm()
	if lot := s.post(s.own, k); lot <= printed {
		t.Errorf("%s was printed, and %s is given out after the restore", printed, lot)
	}
	after, err := account.ListDevices.Call(ctx, s.own, "", account.ListDevicesReq{})
	s.must(err)
	if d := after.Devices[0]; d.ID != devices.Devices[0].ID || d.RevokedAt == nil {
		t.Errorf("the revoked PC is trusted again: %+v", d)
	}
	audit, err := system.ListAudit.Call(ctx, s.own, "", system.ListAuditReq{Entity: "lineage"})
	s.must(err)
	if len(audit.Rows) != 2 || audit.Rows[0].Operation != "backup.begin_lineage" || !strings.Contains(string(audit.Rows[0].New), p.ID) {
		t.Errorf("the audit log says %+v", audit.Rows)
	}
	s.must(s.stop())
	s.verified()
}

// TestFault_6_1_NoBackups: without any restore point there is nothing to ask; without
// a look at the drive of the backups there is.
func TestFault_6_1_NoBackups(t *testing.T) {
	s := newShop(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
	printed := s.post(s.own, k)
	s.must(s.stop())
	s.removeDatabase()
	s.start()
	s.told(s.own, "a new database", func(st op.State) bool { return st.NeedAdmin && says("A new empty database has been created.")(st) })
	k = setUp(t, s.own, s.own.SetToken)
	if lot := s.post(s.own, k); lot <= printed {
		t.Errorf("%s was printed, and the new books give out %s", printed, lot)
	}
	usb := filepath.Join(t.TempDir(), "usb")
	st := s.settled(func(backup.StatusResp) bool { return true }, "")
	_, err := backup.UpdateSettings.Call(context.Background(), s.own, uuid.NewString(), backup.UpdateSettingsReq{Version: st.Settings.Version, Fields: backup.Fields{Folder: usb, Times: []string{"13:00"}}})
	s.must(err)
	s.must(s.stop())
	s.removeDatabase()
	s.must(os.RemoveAll(usb)) // unplugged
	s.start()
	r := s.recovery("the drive is not there", func(r backup.RecoveryResp) bool { return r.Reason == backup.Missing })
	if r.Sentence != "No database found." || !strings.Contains(r.Problem, usb) || r.Offer != "" {
		t.Errorf("recovery says %+v", r)
	}
	if _, err := backup.RecoveryEmpty.Call(context.Background(), s.own, "", backup.StartEmptyReq{}); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("without a confirmation: %v", err)
	}
	_, err = backup.RecoveryEmpty.Call(context.Background(), s.own, "", backup.StartEmptyReq{Confirm: true})
	s.must(err)
	s.recovery("start empty", func(r backup.RecoveryResp) bool { return r.Reason == backup.InService })
	s.told(s.own, "a new database", func(st op.State) bool { return st.NeedAdmin && says(backup.SayNew)(st) })
	s.must(s.stop())
	s.verified()
}

// TestFault_6_1_DeletedWhileRunning: work goes on in a file that has no name any more;
// it is noticed, and not a row is lost.
func TestFault_6_1_DeletedWhileRunning(t *testing.T) {
	s := newShop(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
	s.post(s.own, k)
	boot := s.own.State().Boot
	s.removeDatabase()
	last := s.post(s.own, k)
	s.told(s.own, "a new start", func(st op.State) bool { return st.Boot != "" && st.Boot != boot })
	lots, err := stock.ListLots.Call(context.Background(), s.own, "", stock.ListLotsReq{})
	s.must(err)
	if !hasLot(lots, last) {
		t.Errorf("%s, posted after the file was deleted, is lost", last)
	}
	s.must(s.stop())
	s.verified()
}

// ill damages the database file of a stopped shop and returns what recovery says.
func (s *shop) ill(damage func(path string)) backup.RecoveryResp {
	s.t.Helper()
	damage(s.folder.Database())
	s.start()
	return s.recovery("recovery mode", func(r backup.RecoveryResp) bool { return r.Reason != backup.InService })
}

func flipBytes(t *testing.T, path string, at int64, n int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, n)
	if _, err := f.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		b[i] ^= 0x5a
	}
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
}

// TestFault_4_2_EveryIllness: every way in which the file can be no database of ours is
// named, offers the restore points, changes nothing by itself, and keeps the file
// aside when a backup is restored.
func TestFault_4_2_EveryIllness(t *testing.T) {
	s := newShop(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
	s.post(s.own, k)
	p := s.backUp("")
	s.must(s.stop())
	sql := func(statements ...string) func(string) {
		return func(path string) {
			vfs, err := pagesum.Over("") // or the pages written here would count as damaged
			s.must(err)
			db, err := sql.Open("sqlite", "file:"+path+"?vfs="+vfs)
			s.must(err)
			defer db.Close()
			for _, q := range statements {
				if _, err := db.Exec(q); err != nil {
					t.Fatal(q, err)
				}
			}
		}
	}
	for _, v := range []struct {
		name   string
		damage func(path string)
		reason backup.Reason
		says   string
	}{
		{"its header is overwritten", func(path string) { flipBytes(t, path, 0, 40) }, backup.Corrupt, backup.SayDamaged},
		{"its schema is overwritten", func(path string) { flipBytes(t, path, 100, 400) }, backup.Corrupt, backup.SayDamaged},
		{"it is cut off", func(path string) { s.must(os.Truncate(path, 3*4096)) }, backup.Corrupt, backup.SayDamaged},
		{"it is a text", func(path string) { s.must(os.WriteFile(path, []byte(strings.Repeat("Dear Asha, ", 1000)), 0o600)) }, backup.Corrupt, backup.SayDamaged},
		{"it is another program's", sql(`PRAGMA application_id = 7`), backup.Foreign, "The database file belongs to another program."},
		{"it is of a newer version", sql(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`), backup.Newer, "made by a newer version of the program"},
		{"it is half migrated", sql(`DROP TABLE edge`), backup.Unmigrated, backup.SayDamaged},
		{"it is empty", func(path string) { s.must(os.Truncate(path, 0)) }, backup.Missing, "No database found. Restore from latest backup ("},
	} {
		r := s.ill(v.damage)
		file, err := os.ReadFile(s.folder.Database())
		s.must(err)
		if r.Reason != v.reason || !strings.Contains(r.Sentence, v.says) || r.Offer != p.Path || !r.MayEmpty || r.Detail == "" {
			t.Errorf("%s: %+v", v.name, r)
		}
		s.restored(p.Path)
		s.must(s.stop())
		s.verified()
		aside, err := os.ReadDir(s.folder.Aside())
		s.must(err)
		kept, err := os.ReadFile(filepath.Join(s.folder.Aside(), aside[len(aside)-1].Name(), "masala.db"))
		if err != nil || !bytes.Equal(kept, file) {
			t.Errorf("%s: the file is not kept aside: %v", v.name, err)
		}
		s.clock.Set(s.clock.Now().Add(time.Minute))
	}
}

// TestFault_4_2_DamagedWhileRunning: a page goes bad under the running service. Whoever
// meets it first stops all work, recovery mode begins, and every PC hears of it.
func TestFault_4_2_DamagedWhileRunning(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := newShop(t)
	s.listen = "127.0.0.1:" + freePort(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
	pc := s.client(ctx)
	s.post(pc, k)
	p := s.backUp("")
	// All of it from the log into the file, where the damage is.
	s.must(s.stop())
	s.start()
	s.login(ctx, s.own)
	size, err := os.Stat(s.folder.Database())
	s.must(err)
	flipBytes(t, s.folder.Database(), 4096, int(size.Size()-4096))
	r := s.recovery("recovery mode", func(r backup.RecoveryResp) bool { return r.Reason != backup.InService })
	if r.Reason != backup.Corrupt || r.Sentence != "⚠️ Database integrity issue detected. Restore from backup?" || r.Offer != p.Path {
		t.Errorf("recovery says %+v", r)
	}
	refused := func() bool {
		st := pc.Status()
		return st.Refusal == screen.Recovering && strings.Contains(st.Detail, "has to be restored first")
	}
	for deadline := time.Now().Add(20 * time.Second); !refused(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the client is told %+v", pc.Status())
		}
	}
	s.restored(p.Path)
	s.login(ctx, s.own)
	if st := s.settled(func(backup.StatusResp) bool { return true }, ""); len(st.Aside) != 1 || st.Result == nil || !st.Result.OK {
		t.Errorf("status %+v", st)
	}
	// The client is back by itself, its device and session still known.
	if _, err := stock.ListLots.Call(ctx, pc, "", stock.ListLotsReq{}); err != nil {
		t.Errorf("the client: %v", err)
	}
	s.must(s.stop())
	s.verified()
}

// TestFault_4_3_NextPointIsOffered: the books and the newest backup are both damaged.
func TestFault_4_3_NextPointIsOffered(t *testing.T) {
	s := newShop(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
	s.post(s.own, k)
	good := s.backUp("")
	s.clock.Set(s.clock.Now().Add(time.Hour))
	s.post(s.own, k)
	newest := s.backUp("")
	s.must(s.stop())
	flipBytes(t, newest.Path, newest.Size/2, 1)
	s.ill(func(path string) { flipBytes(t, path, 0, 100) })
	r := s.recovery("the damaged one is found", func(r backup.RecoveryResp) bool { return r.Offer == good.Path })
	if len(r.Points) != 2 || r.Points[0].State != backup.Damaged || r.Points[0].Offered || !strings.Contains(r.Points[0].Says, "checksum") || r.Points[1].State != backup.Good || !r.Points[1].Offered {
		t.Errorf("the points are %+v", r.Points)
	}
	if _, err := backup.RecoveryRestore.Call(context.Background(), s.own, "", backup.RestoreReq{Path: newest.Path}); core.CodeOf(err) != core.CodeCorrupt {
		t.Errorf("the damaged one is restored: %v", err)
	}
	s.restored(good.Path)
	s.must(s.stop())
	s.verified()
}

// TestFault_4_2_CutOffTail: somebody puts an older copy of the file in place. The anchor
// knows better: nothing is posted until an Admin has confirmed, and no number comes
// twice.
func TestFault_4_2_CutOffTail(t *testing.T) {
	s := newShop(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
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
	s := newShop(t)
	s.listen = "127.0.0.1:" + freePort(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
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
	s.post(pc, k)
	s.must(s.stop())
	s.verified()
}

// TestFault_4_2_RestoreInService: an Admin restores an older point over books that are
// whole. The service comes back by itself and keeps what was there; a point that turns
// out to be damaged leaves the books as they were.
func TestFault_4_2_RestoreInService(t *testing.T) {
	ctx := context.Background()
	s := newShop(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
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
	if lots, err = stock.ListLots.Call(ctx, s.own, "", stock.ListLotsReq{}); err != nil || hasLot(lots, last) {
		t.Errorf("after the restore %s is still there: %v", last, err)
	}
	s.must(s.stop())
	s.verified()
}

func hasLot(lots stock.ListLotsResp, number string) bool {
	return slices.ContainsFunc(lots.Lots, func(l stock.LotRow) bool { return l.Number == number })
}

// freePort is a loopback port that nobody listens on now.
func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// TestRestoreKeepsTrialAndClock: older books do not bring back days of the trial, nor
// do they let the clock be put back to their time.
func TestRestoreKeepsTrialAndClock(t *testing.T) {
	s := newShop(t)
	s.start()
	k := setUp(t, s.own, s.own.SetToken)
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
	st := s.status(s.own)
	if st.Starts != first.Starts || st.Expires != first.Expires || st.Left != first.Left-3 || st.Mode != licence.Active {
		t.Errorf("the trial was %+v, and is %+v", first, st)
	}
	s.clock.Set(taken.Add(time.Hour))
	if st := s.status(s.own); st.Mode != licence.Locked || st.Reason != licence.Clock {
		t.Errorf("with the clock at the time of the backup: %+v", st)
	}
}
