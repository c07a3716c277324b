package node_test

import (
	"context"
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
	"masala/core/health"
	"masala/core/op"
	"masala/core/system"
	"masala/transport/node"
)

// hire makes a user with a password of his own.
func (s *shop) hire(login string, role core.Role) account.User {
	s.t.Helper()
	u, err := account.CreateUser.Call(context.Background(), s.own, uuid.NewString(), account.CreateUserReq{Login: login, Name: login, Role: role, Password: "of-" + login + "-1"})
	s.must(err)
	return u
}

// becomes changes role and state of a user.
func (s *shop) becomes(u account.User, role core.Role, active bool) {
	s.t.Helper()
	_, err := account.UpdateUser.Call(context.Background(), s.own, uuid.NewString(), account.UpdateUserReq{ID: u.ID, Version: u.Version, Name: u.Name, Role: role, Active: active})
	s.must(err)
}

// enters tries to log in, on a line of its own.
func (s *shop) enters(login, password string) error {
	s.t.Helper()
	_, err := account.Login.Call(context.Background(), s.own, "", account.LoginReq{Login: login, Password: password})
	return err
}

func (s *shop) user(login string) account.User {
	s.t.Helper()
	all, err := account.ListUsers.Call(context.Background(), s.own, "", account.ListUsersReq{})
	s.must(err)
	i := slices.IndexFunc(all.Users, func(u account.User) bool { return u.Login == login })
	if i < 0 {
		s.t.Fatalf("there is no user %s", login)
	}
	return all.Users[i]
}

// warned is the text of a warning, "" for none.
func warned(st op.State, code string) string {
	i := slices.IndexFunc(st.Warnings, func(w health.Warning) bool { return w.Code == code })
	if i < 0 {
		return ""
	}
	return st.Warnings[i].Text
}

// TestFault_4_2_WithheldFromUsers: a backup knows users as they were. What was taken from
// them since, the use of the program, a role, a password that got known, no restore gives
// back, though not one document was posted meanwhile; it says whom that concerns, and who
// is missing.
func TestFault_4_2_WithheldFromUsers(t *testing.T) {
	ctx := context.Background()
	s, k := workingShop(t)
	s.post(s.own, k)
	fired, second, shared, back := s.hire("ramesh", core.Operator), s.hire("second", core.Admin), s.hire("floor", core.Operator), s.hire("sunil", core.Operator)
	s.becomes(back, core.Operator, false)
	back = s.user("sunil")
	usb := t.TempDir()
	st := s.settled(func(backup.StatusResp) bool { return true }, "")
	_, err := backup.UpdateSettings.Call(ctx, s.own, uuid.NewString(), backup.UpdateSettingsReq{Version: st.Settings.Version, Fields: backup.Fields{Folder: usb, Times: []string{"13:00"}}})
	s.must(err)
	p := s.backUp("")
	s.becomes(fired, core.Operator, false)
	s.becomes(second, core.Operator, true)
	s.becomes(back, core.Operator, true)
	_, err = account.ResetPassword.Call(ctx, s.own, uuid.NewString(), account.ResetPasswordReq{ID: shared.ID, Password: "nobody-told-this-2"})
	s.must(err)
	s.hire("kiran", core.Operator)
	s.must(s.stop())
	own, err := os.ReadFile(s.folder.Anchor())
	s.must(err)
	beside, err := os.ReadFile(filepath.Join(usb, "masala-anchor"))
	s.must(err)
	if !strings.Contains(string(own), "argon2") || strings.Contains(string(beside), "argon2") || !strings.Contains(string(beside), "ramesh") {
		t.Errorf("beside the backups lies %s", beside)
	}
	s.removeDatabase()
	s.start()
	s.restored(p.Path)

	s.login(ctx, s.own)
	for login, password := range map[string]string{"ramesh": "of-ramesh-1", "floor": "of-floor-1", "sunil": "of-sunil-1"} {
		if err := s.enters(login, password); core.CodeOf(err) != core.CodeUnauthenticated {
			t.Errorf("%s with the password of the backup: %v", login, err)
		}
	}
	if err := s.enters("floor", "nobody-told-this-2"); err != nil {
		t.Errorf("floor with the password of now: %v", err)
	}
	if u := s.user("second"); u.Role != core.Operator {
		t.Errorf("%+v is Admin again", u)
	}
	if u := s.user("ramesh"); u.Active || u.Version <= fired.Version {
		t.Errorf("ramesh is %+v", u)
	}
	st = s.settled(func(backup.StatusResp) bool { return true }, "")
	want := []backup.Withheld{{Login: "floor", Says: "keeps the newer password"}, {Login: "kiran", Says: "was added after the backup and is missing"},
		{Login: "ramesh", Says: "stays inactive"}, {Login: "second", Says: "stays Operator"}}
	if st.Restored != nil || !slices.Equal(st.Withheld, want) {
		t.Errorf("the report is %+v, %+v", st.Withheld, st.Restored)
	}
	const sentence = "Users after the restore: floor keeps the newer password; kiran was added after the backup and is missing; ramesh stays inactive; second stays Operator."
	if text := warned(s.own.State(), "books.accounts"); text != sentence {
		t.Errorf("Admins read %q", text)
	}
	audit, err := system.ListAudit.Call(ctx, s.own, "", system.ListAuditReq{Entity: "user ramesh"})
	if s.must(err); len(audit.Rows) == 0 || audit.Rows[0].Operation != "backup.begin_lineage" || !strings.Contains(string(audit.Rows[0].New), "stays inactive") {
		t.Errorf("the audit log says %+v", audit.Rows)
	}

	s.becomes(s.user("ramesh"), core.Operator, true) // an Admin may
	s.must(s.stop())
	s.start() // and it stays so
	s.login(ctx, s.own)
	if err := s.enters("ramesh", "of-ramesh-1"); err != nil {
		t.Errorf("after an Admin allowed it: %v", err)
	}
	if text := warned(s.own.State(), "books.accounts"); text != "" {
		t.Errorf("after another start Admins read %q", text)
	}
	s.must(s.stop())
	s.verified()
}

// TestFault_4_2_NoAdminIsLeft: the only Admin of the backup was fired since. He stays out;
// the windows say so, and the console lets a new one in, whose password stays.
func TestFault_4_2_NoAdminIsLeft(t *testing.T) {
	ctx := context.Background()
	s := newShop(t)
	s.start()
	setUp(t, s.own, s.own.SetToken)
	worker := s.hire("asha", core.Operator)
	p := s.backUp("")
	s.becomes(worker, core.Admin, true)
	s.must(s.enters("asha", "of-asha-1"))
	owner := s.user("owner")
	in, err := account.Login.Call(ctx, s.own, "", account.LoginReq{Login: "asha", Password: "of-asha-1"})
	s.must(err)
	s.own.SetToken(in.Token)
	s.becomes(owner, core.Admin, false)
	s.must(s.stop())
	s.removeDatabase()
	s.start()
	s.restored(p.Path)
	if err := s.enters("owner", password); core.CodeOf(err) != core.CodeUnauthenticated {
		t.Errorf("the fired Admin: %v", err)
	}
	s.told(s.own, "the way out", func(st op.State) bool { return strings.Contains(warned(st, "books.no_admin"), "masala user reset") })
	s.must(s.stop())

	s.removeDatabase() // restored once more, and the console comes before the server
	_, err = node.RestoreOffline(ctx, s.folder, backup.RestoreReq{Path: p.Path}, func(string, int) {})
	s.must(err)
	const fresh = "fenugreek-and-9"
	s.must(node.ResetUser(ctx, s.folder, "owner", fresh, s.clock.Now()))
	s.start()
	if err := s.enters("owner", fresh); err != nil {
		t.Errorf("the password of the console: %v", err)
	}
	if text := warned(s.own.State(), "books.no_admin"); text != "" {
		t.Errorf("still: %s", text)
	}
	s.must(s.stop())
	s.verified()
}

// TestOlderAnchorTakesNothing: an anchor that was written before the books in place ended
// knows nothing that they do not.
func TestOlderAnchorTakesNothing(t *testing.T) {
	s := newShop(t)
	s.start()
	setUp(t, s.own, s.own.SetToken)
	u := s.hire("ramesh", core.Operator)
	s.becomes(u, core.Operator, false)
	s.must(s.stop())
	old, err := os.ReadFile(s.folder.Anchor())
	s.must(err)
	s.start()
	s.login(context.Background(), s.own)
	s.becomes(s.user("ramesh"), core.Operator, true)
	p := s.backUp("")
	s.must(s.stop())
	s.removeDatabase()
	for _, path := range []string{s.folder.Anchor(), filepath.Join(s.folder.Backups(), "masala-anchor")} {
		s.must(os.WriteFile(path, old, 0o600))
	}
	s.clock.Set(s.clock.Now().Add(time.Minute))
	s.start()
	s.restored(p.Path)
	if err := s.enters("ramesh", "of-ramesh-1"); err != nil {
		t.Errorf("an anchor from before the backup: %v", err)
	}
}
