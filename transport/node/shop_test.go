package node_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
	"masala/platform/paths"
	"masala/storage"
	"masala/transport/node"
)

// wrist is a clock that stands still until it is set.
type wrist struct {
	mu  sync.Mutex
	now time.Time
}

func (w *wrist) Now() time.Time  { w.mu.Lock(); defer w.mu.Unlock(); return w.now }
func (w *wrist) Set(t time.Time) { w.mu.Lock(); w.now = t; w.mu.Unlock() }
func (w *wrist) Date() core.Date { return core.DateOf(w.Now(), india) }
func midnight(d core.Date) time.Time {
	y, m, n := d.Time().Date()
	return time.Date(y, m, n, 0, 0, 0, 0, india)
}

var india = time.FixedZone("IST", 5*3600+1800)

// shop is a real service on loopback under the real licence, with an own clock.
type shop struct {
	t       *testing.T
	clock   *wrist
	key     ed25519.PrivateKey
	parts   [4]string
	machine string
	folder  paths.Folder
	listen  string // of the LAN; "" = any free port

	cancel context.CancelFunc
	ended  chan error
	lan    string
	lines  context.CancelFunc
	own    *node.Line // of the server's window
}

var quiet = slog.New(slog.DiscardHandler)

func newShop(t *testing.T) *shop {
	s := &shop{t: t, clock: &wrist{now: time.Now().Truncate(time.Second)}, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)),
		parts: [4]string{"s1", "b1", "d1", "o1"}, machine: filepath.Join(t.TempDir(), "state"), folder: paths.Folder(t.TempDir())}
	t.Cleanup(func() { s.stop() })
	return s
}

// workingShop is a shop with its first Admin logged in and something to receive.
func workingShop(t *testing.T) (*shop, *books) {
	t.Helper()
	s := newShop(t)
	s.start()
	return s, setUp(t, s.own, s.own.SetToken)
}

// shopOnLAN is a working shop whose port stays the same over every start.
func shopOnLAN(t *testing.T) (*shop, *books) {
	t.Helper()
	s := newShop(t)
	s.listen = "127.0.0.1:" + freePort(t)
	s.start()
	return s, setUp(t, s.own, s.own.SetToken)
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) start() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan node.Runtime, 1)
	s.cancel, s.ended = cancel, make(chan error, 1)
	go func() {
		s.ended <- node.Serve(ctx, node.ServiceOptions{Folder: s.folder, Listen: cmp.Or(s.listen, "127.0.0.1:0"), Log: quiet, Hasher: account.NewTestHasher(), Clock: s.clock,
			Licence: &node.Licensing{Key: s.key.Public().(ed25519.PublicKey), Machine: s.machine, Parts: func() [4]string { return s.parts }},
			Ready: func(r node.Runtime) {
				select {
				case ready <- r:
				default: // in service again, after recovery
				}
			}})
	}()
	select {
	case r := <-ready:
		s.lan = r.LAN
	case err := <-s.ended:
		s.t.Fatal("the service ended: ", err)
	}
	var lines context.Context
	lines, s.lines = context.WithCancel(context.Background())
	s.own = s.dial(lines, &node.SetupFile{Folder: s.folder})
}

func (s *shop) dial(ctx context.Context, f *node.SetupFile) *node.Line {
	s.t.Helper()
	l, err := node.Dial(ctx, node.LineOptions{Setup: f, Log: quiet}, 20*time.Second)
	s.must(err)
	return l
}

func (s *shop) stop() (err error) {
	if s.cancel != nil {
		s.lines()
		s.cancel()
		err = <-s.ended
		s.cancel = nil
	}
	return err
}

// client pairs a new PC and logs owner in there.
func (s *shop) client(ctx context.Context) *node.Line {
	s.t.Helper()
	return s.joins(ctx, &node.SetupFile{Folder: paths.Folder(s.t.TempDir())})
}

func (s *shop) joins(ctx context.Context, setup *node.SetupFile) *node.Line {
	s.t.Helper()
	code, err := account.OpenPairing.Call(ctx, s.own, "", account.OpenPairingReq{})
	s.must(err)
	pair, err := node.NewLine(node.LineOptions{Setup: setup, Log: quiet})
	s.must(err)
	s.must(pair.Pair(ctx, s.lan, code.Code))
	l := s.dial(ctx, setup)
	s.login(ctx, l)
	return l
}

func (s *shop) login(ctx context.Context, l *node.Line) {
	s.t.Helper()
	in, err := account.Login.Call(ctx, l, "", account.LoginReq{Login: "owner", Password: password})
	s.must(err)
	l.SetToken(in.Token)
}

func (s *shop) status(l op.Caller) licence.StatusResp {
	s.t.Helper()
	st, err := licence.Status.Call(context.Background(), l, "", licence.StatusReq{})
	s.must(err)
	return st
}

// told waits until the server has pushed a state that is right.
func (s *shop) told(l *node.Line, what string, right func(op.State) bool) {
	s.t.Helper()
	changed := make(chan struct{}, 1)
	l.OnChange(func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	for deadline := time.After(10 * time.Second); ; {
		if right(l.State()) {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			s.t.Fatalf("%s: the window is told %+v", what, l.State())
		}
	}
}

func says(text string) func(op.State) bool {
	return func(st op.State) bool { return len(st.Warnings) > 0 && strings.Contains(st.Warnings[0].Text, text) }
}

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

// loggedOut checks that the login a line had before a restore is refused like any other
// that has ended: with it that of "masala call --save".
func (s *shop) loggedOut(l *node.Line) {
	s.t.Helper()
	_, err := account.WhoAmI.Call(context.Background(), l, "", account.WhoAmIReq{})
	if core.CodeOf(err) != core.CodeUnauthenticated || err.Error() != "Please log in." {
		s.t.Errorf("a login of before the restore: %v", err)
	}
}

// confirm lets work go on with restored books.
func (s *shop) confirm() {
	s.t.Helper()
	_, err := backup.ConfirmRestore.Call(context.Background(), s.own, uuid.NewString(), backup.ConfirmRestoreReq{})
	s.must(err)
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
