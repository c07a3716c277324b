package node_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/transport/node"
)

// TestFault_5_1_EveryPCAtMidnight: a license dropped into the folder, the banner, the
// second the day changes and the lock, on the server's window and on a client, over
// real sockets and files.
func TestFault_5_1_EveryPCAtMidnight(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := workingShop(t)
	pc := s.client(ctx)
	s.told(pc, "trial", says("Trial: 30 days left."))
	post := func(l op.Caller) error {
		req := k.delivery()
		req.InvoiceDate = s.clock.Date() - 1
		_, err := purchase.PostGRN.Call(ctx, l, uuid.NewString(), req)
		return err
	}

	// As a mail program saved it: byte order mark, CRLF.
	file, err := licence.License{Serial: "ML-1", Customer: "Bench", Edition: "standard", Hardware: licence.NewHardwareID(s.parts),
		Issued: s.clock.Date(), Expires: s.clock.Date() + 1}.Sign(s.key)
	s.must(err)
	s.must(os.WriteFile(s.folder.License(), append([]byte("\ufeff"), bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n"))...), 0o600))
	s.told(pc, "license in the folder", says("⚠️ License expires in 1 day. Contact support."))
	if st := s.status(pc); st.Trial || st.Serial != "ML-1" || st.File != "" {
		t.Errorf("a client is shown %+v", st)
	}
	if st := s.status(s.own); st.File != s.folder.License() {
		t.Errorf("the server's window is shown %+v", st)
	}

	expiry := s.clock.Date() + 1
	for now := s.clock.Now(); now.Before(midnight(expiry).Add(-time.Second)); now = now.Add(6 * time.Hour) {
		s.clock.Set(now)
	}
	s.clock.Set(midnight(expiry).Add(-time.Second))
	for _, l := range []*node.Line{s.own, pc} {
		s.must(post(l))
	}
	s.clock.Set(midnight(expiry))
	for _, l := range []*node.Line{s.own, pc} {
		if err := post(l); core.CodeOf(err) != core.CodeReadOnly {
			t.Errorf("at midnight: %v", err)
		}
		s.told(l, "midnight", func(st op.State) bool { return st.Mode == "read_only" && says("Read-only mode active.")(st) })
	}
	for d := expiry; d <= expiry+7; d++ { // the server runs day and night
		s.clock.Set(midnight(d))
		s.status(pc)
	}
	for _, l := range []*node.Line{s.own, pc} {
		s.told(l, "lock", func(st op.State) bool { return st.Mode == "locked" && st.Reason == "expired" })
		s.login(ctx, l) // sessions last seven days
		if _, err := stock.ListLots.Call(ctx, l, "", stock.ListLotsReq{}); core.CodeOf(err) != core.CodeLocked {
			t.Errorf("locked: %v", err)
		}
	}

	// A new one is installed from the panel of the client.
	file, err = licence.License{Serial: "ML-2", Customer: "Bench", Edition: "standard", Hardware: licence.NewHardwareID(s.parts), Issued: expiry, Expires: expiry + 365}.Sign(s.key)
	s.must(err)
	_, err = licence.Install.Call(ctx, pc, uuid.NewString(), licence.InstallReq{Text: string(file)})
	s.must(err)
	s.must(post(pc))
	if kept, err := os.ReadFile(s.folder.License()); err != nil || !bytes.Equal(kept, file) {
		t.Errorf("the folder holds %q, %v", kept, err)
	}
}

// TestFault_5_2_LockedUntilRestart: a window of the server PC restarts the service, and
// it unlocks only with the right clock.
func TestFault_5_2_LockedUntilRestart(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := newShop(t)
	s.start()
	setUp(t, s.own, s.own.SetToken)
	pc := s.client(ctx)
	right := s.clock.Now()
	restart := func(l op.Caller) error {
		_, err := licence.Restart.Call(ctx, l, "", licence.RestartReq{})
		return err
	}
	if err := restart(s.own); core.CodeOf(err) != core.CodeConflict {
		t.Errorf("a restart nobody needs: %v", err)
	}
	s.clock.Set(right.Add(-time.Hour))
	s.told(pc, "clock back", func(st op.State) bool { return st.Mode == "locked" && says(licence.ClockSentence)(st) })
	s.clock.Set(right.Add(time.Minute))
	if st := s.status(pc); st.Mode != licence.Locked || st.Sentence != licence.ClockSentence {
		t.Errorf("corrected, not restarted: %+v", st)
	}
	if err := restart(pc); core.CodeOf(err) != core.CodeForbidden {
		t.Errorf("a client restarts the server: %v", err)
	}
	_ = restart(s.own) // the answer may be lost with the service
	if err := <-s.ended; !errors.Is(err, node.ErrRestart) {
		t.Fatalf("the service ended with %v", err)
	}
	s.lines()
	s.cancel = nil
	s.start()
	if st := s.status(s.own); st.Mode != licence.Active {
		t.Errorf("corrected and restarted: %+v", st)
	}
}

// TestFault_5_1_DeletedDataFolder: the trial goes on counting after the data folder was
// deleted, and the other machine place deleted after that.
func TestFault_5_1_DeletedDataFolder(t *testing.T) {
	s := newShop(t)
	s.start()
	first := s.status(s.own)
	s.must(s.stop())
	s.must(os.RemoveAll(string(s.folder)))
	s.clock.Set(s.clock.Now().Add(20 * time.Hour))
	s.start()
	if st := s.status(s.own); st.Starts != first.Starts || st.Expires != first.Expires || st.Left >= licence.TrialDays+1 {
		t.Errorf("after the folder was deleted: %+v", st)
	}
	s.must(s.stop())
	s.must(os.RemoveAll(s.machine))
	s.must(os.Remove(s.folder.Beat()))
	s.start()
	if st := s.status(s.own); st.Starts != first.Starts {
		t.Errorf("after both heartbeats were deleted: %+v", st)
	}
	for _, f := range []string{s.folder.Beat(), filepath.Join(s.machine, "machine")} {
		if _, err := os.Stat(f); err != nil {
			t.Errorf("the heartbeat is not back: %v", err)
		}
	}
}

// TestFault_5_3_AnotherPC: the service starts, says which Hardware ID support needs,
// and serves nothing of the books.
func TestFault_5_3_AnotherPC(t *testing.T) {
	ctx := context.Background()
	s := newShop(t)
	s.start()
	setUp(t, s.own, s.own.SetToken)
	file, err := licence.License{Serial: "ML-1", Customer: "Bench", Edition: "standard", Hardware: licence.NewHardwareID(s.parts), Issued: s.clock.Date(), Expires: s.clock.Date() + 365}.Sign(s.key)
	s.must(err)
	_, err = licence.Install.Call(ctx, s.own, uuid.NewString(), licence.InstallReq{Text: string(file)})
	s.must(err)
	s.must(s.stop())
	s.parts = [4]string{"s2", "b2", "d2", "o1"} // the disk image was copied to another PC
	s.start()
	id := licence.NewHardwareID(s.parts).String()
	s.told(s.own, "another PC", says("Hardware change detected. Your license is bound to specific hardware. Please contact support with your new Hardware ID: ["+id+"]."))
	s.login(ctx, s.own)
	if _, err := stock.ListLots.Call(ctx, s.own, "", stock.ListLotsReq{}); core.CodeOf(err) != core.CodeLocked {
		t.Errorf("the books are served: %v", err)
	}
	if st := s.status(s.own); st.Hardware != id || st.Reason != licence.Hardware {
		t.Errorf("shown %+v", st)
	}
}
