package node_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/backup"
	"masala/core/system"
	"masala/transport/node"
	"masala/ui/screen"

	"github.com/google/uuid"
)

// TestFault_4_2_KeyLost: the file of the server's key is damaged or gone, the books are
// whole. No new key is made in silence; with the recovery code the PCs go on as if nothing
// had happened, and the damaged file is kept aside.
func TestFault_4_2_KeyLost(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := shopOnLAN(t)
	pc := s.client(ctx)
	code, err := backup.MakeCode.Call(ctx, s.own, "", backup.MakeCodeReq{})
	s.must(err)
	s.post(pc, k)
	s.must(s.stop())
	whole, err := os.ReadFile(s.folder.Identity())
	s.must(err)
	for _, v := range []struct {
		name, says string
		damage     func()
	}{
		{"damaged", "The key of this server is damaged.", func() { flipBytes(t, s.folder.Identity(), 40, 20) }},
		{"empty", "The key of this server is damaged.", func() { s.must(os.Truncate(s.folder.Identity(), 0)) }},
		{"missing", "The key of this server is missing.", func() { s.must(os.Remove(s.folder.Identity())) }},
	} {
		v.damage()
		left, _ := os.ReadFile(s.folder.Identity())
		s.start()
		r := s.recovery(v.name, func(r backup.RecoveryResp) bool { return r.Reason == backup.BadKey })
		if r.Sentence != v.says || !strings.HasPrefix(r.Detail, "Your data is whole.") || !r.HasCode || r.MayEmpty || len(r.Points) != 0 {
			t.Errorf("%s: recovery says %+v", v.name, r)
		}
		if now, _ := os.ReadFile(s.folder.Identity()); !bytes.Equal(now, left) {
			t.Errorf("%s: a key was made in silence", v.name)
		}
		_, err := backup.RecoveryRetry.Call(ctx, s.own, "", backup.RetryReq{})
		s.must(err)
		s.recovery("still "+v.name, func(r backup.RecoveryResp) bool { return r.Reason == backup.BadKey })
		for q, want := range map[backup.ReplaceKeyReq]string{
			{}:                                 "Enter the recovery code",
			{Code: "AAAA-AAAA-AAAA-AAAA-AAAA"}: "code does not fit",
			{Code: code.Code, New: true}:       "Leave the recovery code empty",
			{Code: "AA"}:                       "Enter the recovery code",
		} {
			if _, err := backup.RecoveryKey.Call(ctx, s.own, "", q); core.CodeOf(err) != core.CodeInvalid || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %+v: %v", v.name, q, err)
			}
		}
		_, err = backup.RecoveryKey.Call(ctx, s.own, "", backup.ReplaceKeyReq{Code: code.Code})
		s.must(err)
		s.recovery("the key is back", func(r backup.RecoveryResp) bool { return r.Reason == backup.InService })
		if back, err := os.ReadFile(s.folder.Identity()); err != nil || !bytes.Equal(back, whole) {
			t.Errorf("%s: the key that came back is another one (%v)", v.name, err)
		}
		s.post(pc, k) // it waited, and is still paired and logged in
		if left != nil {
			if kept := s.aside("identity"); !bytes.Equal(kept, left) {
				t.Errorf("%s: the damaged file is not kept aside", v.name)
			}
			s.must(os.RemoveAll(s.folder.Aside()))
		}
		s.must(s.stop())
	}
	s.verified()
}

// aside reads a file that was put aside, the newest.
func (s *shop) aside(name string) (b []byte) {
	files, _ := filepath.Glob(filepath.Join(s.folder.Aside(), "*", name+"*"))
	if len(files) > 0 {
		b, _ = os.ReadFile(files[len(files)-1])
	}
	return b
}

// TestFault_4_2_NewKey: nobody has the recovery code. After a new key was made the server
// serves, PCs that trusted the old one are refused until they pair again, the audit log
// has it, and a recovery code of the old key does not count any more.
func TestFault_4_2_NewKey(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := shopOnLAN(t)
	pc := s.client(ctx)
	s.post(pc, k)
	_, err := backup.MakeCode.Call(ctx, s.own, "", backup.MakeCodeReq{})
	s.must(err)
	if st := s.settled(func(backup.StatusResp) bool { return true }, ""); st.CodeMade == nil {
		t.Error("there is no recovery code")
	}
	s.must(s.stop())
	s.must(os.Remove(s.folder.Identity()))
	s.start()
	s.recovery("no key", func(r backup.RecoveryResp) bool { return r.Reason == backup.BadKey })
	_, err = backup.RecoveryKey.Call(ctx, s.own, "", backup.ReplaceKeyReq{New: true})
	s.must(err)
	s.recovery("a new key", func(r backup.RecoveryResp) bool { return r.Reason == backup.InService })
	s.login(ctx, s.own)
	s.post(s.own, k)
	for deadline := time.Now().Add(20 * time.Second); pc.Status().Refusal != screen.WrongServer; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the client is told %+v", pc.Status())
		}
	}
	audit, err := system.ListAudit.Call(ctx, s.own, "", system.ListAuditReq{Entity: "key of the server"})
	if s.must(err); len(audit.Rows) != 1 || len(audit.Rows[0].Old) == 0 || string(audit.Rows[0].Old) == string(audit.Rows[0].New) {
		t.Errorf("the audit log says %+v", audit.Rows)
	}
	if st := s.settled(func(backup.StatusResp) bool { return true }, ""); st.CodeMade != nil {
		t.Error("a recovery code that opens the old key still counts")
	}
	s.lan = s.listen
	s.post(s.client(ctx), k) // paired anew
	s.must(s.stop())
	s.start()
	s.login(ctx, s.own)
	if audit, err = system.ListAudit.Call(ctx, s.own, "", system.ListAuditReq{Entity: "key of the server"}); err != nil || len(audit.Rows) != 1 {
		t.Errorf("%d rows after another start: %v", len(audit.Rows), err)
	}
}

// TestFault_4_2_RecoveryOnTheSetPort: an Admin has moved the server to another port. In
// recovery mode it is reached there too, under its name: the PCs read what they wait for.
func TestFault_4_2_RecoveryOnTheSetPort(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := shopOnLAN(t)
	server, err := system.GetServer.Call(ctx, s.own, "", system.GetServerReq{})
	s.must(err)
	port := freePort(t)
	number, err := strconv.Atoi(port)
	s.must(err)
	_, err = system.UpdateServer.Call(ctx, s.own, uuid.NewString(), system.UpdateServerReq{Version: server.Version, ServerFields: system.ServerFields{Name: "Mill office", Port: number, LowDisk: server.LowDisk}})
	s.must(err)
	s.lan = "127.0.0.1:" + port
	pc := s.client(ctx)
	s.post(pc, k)
	p := s.backUp("")
	s.must(s.stop())
	s.removeDatabase()
	s.start()
	s.recovery("recovery mode", func(r backup.RecoveryResp) bool { return r.Reason == backup.Missing })
	waits := func(l *node.Line) bool {
		st := l.Status()
		return st.Refusal == screen.Recovering && strings.Contains(st.Detail, "has to be restored first")
	}
	for deadline := time.Now().Add(20 * time.Second); !waits(pc); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the client is told %+v", pc.Status())
		}
	}
	s.restored(p.Path)
	s.loggedOut(pc)
	s.login(ctx, pc)
	if _, err := account.WhoAmI.Call(ctx, pc, "", account.WhoAmIReq{}); err != nil {
		t.Errorf("the client after the restore: %v", err)
	}
}
