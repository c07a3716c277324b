package node_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/platform/paths"
	"masala/transport/discovery"
	"masala/transport/node"
	"masala/ui/screen"
)

// logbook keeps what a service logs.
type logbook struct {
	mu    sync.Mutex
	lines []string
}

func (b *logbook) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }
func (b *logbook) WithAttrs([]slog.Attr) slog.Handler           { return b }
func (b *logbook) WithGroup(string) slog.Handler                { return b }
func (b *logbook) Handle(_ context.Context, r slog.Record) error {
	var s strings.Builder
	fmt.Fprintf(&s, "%s %s", r.Level, r.Message)
	r.Attrs(func(a slog.Attr) bool { fmt.Fprintf(&s, " %s=%v", a.Key, a.Value); return true })
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, s.String())
	return nil
}

// holding returns the lines that hold every one of texts.
func (b *logbook) holding(texts ...string) (found []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lines {
		if !slices.ContainsFunc(texts, func(t string) bool { return !strings.Contains(l, t) }) {
			found = append(found, l)
		}
	}
	return found
}

func (b *logbook) size() int { b.mu.Lock(); defer b.mu.Unlock(); return len(b.lines) }

// since is what was logged behind the first n lines.
func (b *logbook) since(n int) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.lines[n:])
}

// crowd is a real service on loopback sockets with the PCs of its LAN.
type crowd struct {
	t       testing.TB
	ctx     context.Context
	folder  paths.Folder
	network *discovery.Loopback
	log     *logbook
	at      node.Runtime
	own     *node.Line // of the server's window
	books   *books
	lines   int      // of a delivery; 0: all
	extra   []string // invoices an attack posted honestly
	stop    func()
}

func newCrowd(t testing.TB) *crowd {
	t.Helper()
	c := &crowd{t: t, folder: paths.Folder(t.TempDir()), network: &discovery.Loopback{}, log: &logbook{}}
	ctx, cancel := context.WithCancel(context.Background())
	c.ctx = ctx
	ready, ended := make(chan node.Runtime, 1), make(chan error, 1)
	go func() {
		ended <- node.Serve(ctx, node.ServiceOptions{Folder: c.folder, Listen: "127.0.0.1:0", Network: c.network, Log: slog.New(c.log),
			Hasher: account.NewTestHasher(), Ready: func(r node.Runtime) { ready <- r }})
	}()
	select {
	case c.at = <-ready:
	case err := <-ended:
		t.Fatal("the service ended: ", err)
	}
	c.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the service ended with %v", err)
		}
	})
	t.Cleanup(c.stop)
	c.own = c.dial(&node.SetupFile{Folder: c.folder}, nil)
	c.books = setUp(t, c.own, c.own.SetToken)
	return c
}

func (c *crowd) dial(f *node.SetupFile, n discovery.Network) *node.Line {
	c.t.Helper()
	l, err := node.Dial(c.ctx, node.LineOptions{Setup: f, Network: n, Log: quiet}, 20*time.Second)
	if err != nil {
		c.t.Fatal(err)
	}
	return l
}

// member is a paired PC where somebody is logged in.
type member struct {
	*node.Line
	setup *node.SetupFile
}

// pair makes a new PC a client of the server.
func (c *crowd) pair() *node.SetupFile {
	c.t.Helper()
	setup := &node.SetupFile{Folder: paths.Folder(c.t.TempDir())}
	code := must[account.OpenPairingResp](c.t)(account.OpenPairing.Call(c.ctx, c.own, "", account.OpenPairingReq{})).Code
	pc := must[*node.Line](c.t)(node.NewLine(node.LineOptions{Setup: setup, Log: quiet}))
	if err := pc.Pair(c.ctx, c.at.LAN, code); err != nil {
		c.t.Fatal(err)
	}
	return setup
}

// join adds a PC with the owner at it; it may look for the server on the network.
func (c *crowd) join(n discovery.Network) *member {
	c.t.Helper()
	m := &member{setup: c.pair()}
	m.Line = c.dial(m.setup, n)
	in, err := account.Login.Call(c.ctx, m, "", account.LoginReq{Login: "owner", Password: password})
	if err != nil {
		c.t.Fatal(err)
	}
	m.SetToken(in.Token)
	return m
}

// shift is what a worker did and saw.
type shift struct {
	took   []time.Duration
	posted []string // invoice numbers the server acknowledged
	errs   []error
}

// work calls every so often until ctx ends, every nth call being a delivery.
func (c *crowd) work(ctx context.Context, l op.Caller, every time.Duration, nth int) *shift {
	s := &shift{}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return s
		case <-tick.C:
		}
		start := time.Now()
		var err error
		switch {
		case n%nth == 0:
			req := c.books.delivery()
			if c.lines > 0 {
				req.Lines = req.Lines[:c.lines]
			}
			if _, err = purchase.PostGRN.Call(c.ctx, l, uuid.NewString(), req); err == nil {
				s.posted = append(s.posted, req.InvoiceNo)
			}
		case n%3 == 0:
			_, err = stock.ListDocuments.Call(c.ctx, l, "", stock.ListDocumentsReq{Limit: 20})
		case n%3 == 1:
			_, err = catalog.ListItems.Call(c.ctx, l, "", catalog.ListItemsReq{Limit: 20})
		default:
			_, err = stock.ListLots.Call(c.ctx, l, "", stock.ListLotsReq{Limit: 20})
		}
		s.took = append(s.took, time.Since(start))
		if err != nil {
			s.errs = append(s.errs, err)
		}
	}
}

// quantile of durations, in hundredths.
func quantile(all []time.Duration, q int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	return sorted[(len(sorted)-1)*q/100]
}

// watchDrops counts how often a line is lost while ctx lasts.
func watchDrops(ctx context.Context, l *node.Line) func() int {
	drops, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		for up := true; ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
			now := l.Status().Phase == screen.Online || l.Status().Phase == screen.Slow
			if up && !now {
				drops++
			}
			up = now
		}
	}()
	return func() int { <-done; return drops }
}
