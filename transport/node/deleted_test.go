package node_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/backup"
	"masala/core/op"
	"masala/core/stock"
	"masala/core/system"
)

// TestFault_6_1_DatabaseDeleted: the file is gone at the next start. The service asks,
// tells the other PCs, restores; numbers that were printed since stay taken, a PC that
// was revoked since stays so, and nothing is posted before an Admin has confirmed.
func TestFault_6_1_DatabaseDeleted(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := workingShop(t)
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

	s.loggedOut(s.own) // though his login is in the backup
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
	s, k := workingShop(t)
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
	s, k := workingShop(t)
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
