package transport_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/transport/client"
	"masala/transport/discovery"
	"masala/transport/faultnet"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/server"
)

type ask struct{ Text string }

var (
	post   = op.Define[ask, ask]("test.post", op.Business, op.Public, "posts")
	read   = op.Define[ask, ask]("test.read", op.Read, op.Public, "reads")
	secret = op.Define[ask, ask]("test.secret", op.Control, op.Public, "changes a password", op.Secret())
	report = op.Define[ask, ask]("test.report", op.Read, op.Public, "takes long", op.Within(time.Minute))
)

// books is a service that remembers request keys, as the real one does.
type books struct {
	mu      sync.Mutex
	served  int            // requests that arrived
	effects map[string]int // by key
	answers map[string][]byte
	last    op.Request
	state   op.State
	changed chan struct{}
	gate    chan struct{} // when set, requests wait for it
	hook    func(op.Request) error
}

func newBooks() *books {
	return &books{effects: map[string]int{}, answers: map[string][]byte{}, changed: make(chan struct{}),
		state: op.State{Boot: "b1", Factory: "Test", Revisions: map[op.Topic]uint64{"stock": 1}}}
}

func (b *books) Serve(ctx context.Context, r op.Request) ([]byte, error) {
	b.mu.Lock()
	b.served++
	b.last = r
	gate, hook := b.gate, b.hook
	b.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			if r.Key == "" {
				return nil, ctx.Err()
			}
			<-gate // a write does not hang on its caller
		}
	}
	if hook != nil {
		if err := hook(r); err != nil {
			return nil, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.Key != "" {
		if a, ok := b.answers[r.Key]; ok {
			return a, nil
		}
		b.effects[r.Key]++
		b.answers[r.Key] = r.Body
	}
	return r.Body, nil
}

func (b *books) Watch(ctx context.Context, seen op.State) (op.State, error) {
	for {
		b.mu.Lock()
		state, changed := b.state, b.changed
		b.mu.Unlock()
		if state.Revisions["stock"] != seen.Revisions["stock"] || state.Boot != seen.Boot {
			return state, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return op.State{}, ctx.Err()
		}
	}
}

func (b *books) touch() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.Revisions = map[op.Topic]uint64{"stock": b.state.Revisions["stock"] + 1}
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *books) set(fn func()) { b.mu.Lock(); defer b.mu.Unlock(); fn() }

func (b *books) arrived() int { b.mu.Lock(); defer b.mu.Unlock(); return b.served }

// once fails the test unless each of n keys had its effect exactly once.
func (b *books) once(t *testing.T, n int) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.effects) != n {
		t.Errorf("%d keys had an effect, want %d", len(b.effects), n)
	}
	for k, c := range b.effects {
		if c != 1 {
			t.Errorf("key %s had its effect %d times", k, c)
		}
	}
}

// register is a Trust in memory.
type register struct {
	mu      sync.Mutex
	devices map[string]op.Peer
	revoked map[core.DeviceID]bool
}

func newRegister() *register {
	return &register{devices: map[string]op.Peer{}, revoked: map[core.DeviceID]bool{}}
}

func (r *register) Known(_ context.Context, fp string) (op.Peer, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.devices[fp]
	if r.revoked[p.Device] {
		return op.Peer{}, false, pairing.ErrRevoked
	}
	return p, ok, nil
}

func (r *register) Pair(_ context.Context, fp, name string) (op.Peer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.devices[fp]
	if !ok {
		p = op.Peer{Device: core.DeviceID(len(r.devices) + 1), Name: name}
		r.devices[fp] = p
	}
	delete(r.revoked, p.Device)
	return p, nil
}

func (r *register) revoke(id core.DeviceID) { r.mu.Lock(); r.revoked[id] = true; r.mu.Unlock() }

func fresh(t testing.TB) *identity.Identity {
	t.Helper()
	id, err := identity.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

const serverAddress = "192.168.1.10:8090"

// factory is a whole LAN in memory: one server, any number of PCs.
type factory struct {
	t      *testing.T
	lan    *faultnet.Net
	host   *faultnet.Host
	id     *identity.Identity
	books  *books
	trust  *register
	desk   *pairing.Desk
	server *server.Server
	pcs    int
}

func newFactory(t *testing.T) *factory {
	f := &factory{t: t, lan: faultnet.New(1), id: fresh(t), books: newBooks(), trust: newRegister(), desk: pairing.NewDesk(rand.Reader)}
	f.host = f.lan.Host("192.168.1.10")
	f.start()
	t.Cleanup(func() { f.server.Close() })
	return f
}

// start starts the service anew.
func (f *factory) start() {
	f.t.Helper()
	f.server = server.New(server.Config{Service: f.books, Identity: f.id, Trust: f.trust, Desk: f.desk, Name: "SERVER-PC", Version: "1.0", Token: "launch"})
	ln, err := f.host.Listen(8090)
	if err != nil {
		f.t.Fatal(err)
	}
	local, err := f.host.Listen(0)
	if err != nil {
		f.t.Fatal(err)
	}
	s := f.server
	go s.Serve(ln)
	go s.ServeLocal(local)
	f.t.Logf("local listener %v", local.Addr())
}

// count is how many PCs the server counts once everything has settled: a PC knows that it
// is online, or refused, a moment before the server counts it in or out.
func (f *factory) count() int {
	synctest.Wait()
	return f.server.Count()
}

// beacon makes the server findable.
func (f *factory) beacon() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	b := &discovery.Beacon{Identity: f.id, Name: "SERVER-PC", Port: 8090, Network: f.host}
	go func() { b.Run(ctx); close(done) }()
	f.t.Cleanup(func() { cancel(); <-done })
}

// pc is one client PC.
type pc struct {
	*client.Client
	host   *faultnet.Host
	id     *identity.Identity
	states chan op.State
	stop   func()
}

// pc adds a client PC that is paired already.
func (f *factory) pc(change ...func(*client.Config)) *pc {
	f.pcs++
	id := fresh(f.t)
	f.trust.Pair(context.Background(), string(id.Fingerprint()), fmt.Sprintf("PC-%d", f.pcs))
	return f.stranger(id, append([]func(*client.Config){func(c *client.Config) {
		c.Known = client.Known{Fingerprint: f.id.Fingerprint(), Address: serverAddress}
	}}, change...)...)
}

// stranger adds a client PC as it is.
func (f *factory) stranger(id *identity.Identity, change ...func(*client.Config)) *pc {
	p := &pc{host: f.lan.Host(fmt.Sprintf("192.168.1.%d", 100+f.pcs)), id: id, states: make(chan op.State, 100)}
	c := client.Config{Identity: id, Name: fmt.Sprintf("PC-%d", f.pcs), Version: "1.0", Dial: p.host.Dial,
		OnState: func(s op.State) { p.states <- s }}
	for _, fn := range change {
		fn(&c)
	}
	p.Client = client.New(c)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { p.Run(ctx); close(done) }()
	p.stop = sync.OnceFunc(func() { cancel(); <-done })
	f.t.Cleanup(p.stop)
	return p
}

// finder gives the PC a finder; call it from a change.
func (f *factory) finder(c *client.Config, host *faultnet.Host) {
	fd := discovery.NewFinder(host, nil, nil)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { fd.Run(ctx); close(done) }()
	f.t.Cleanup(func() { cancel(); <-done })
	c.Finder = fd
}

// await waits until the status fits and returns how long that took.
func (p *pc) await(t *testing.T, what string, within time.Duration, ok func(client.Status) bool) time.Duration {
	t.Helper()
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var last client.Status
	found := false
	p.Watch(ctx, func(s client.Status) {
		if last = s; ok(s) {
			found = true
			cancel()
		}
	})
	if !found {
		t.Fatalf("not %s after %v: %+v", what, within, last)
	}
	return time.Since(began)
}

func (p *pc) online(t *testing.T) time.Duration {
	t.Helper()
	return p.await(t, "online", time.Minute, func(s client.Status) bool { return s.State == client.Online })
}

func is(state client.State) func(client.Status) bool {
	return func(s client.Status) bool { return s.State == state }
}

// patient is a context that outlasts an outage.
func patient(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func mustCode(t *testing.T, err error, code core.Code) {
	t.Helper()
	var e *core.Error
	if !errors.As(err, &e) || e.Code != code || e.Message == "" {
		t.Errorf("err = %v (%s), want %s", err, core.CodeOf(err), code)
	}
}

func as[T error](err error, target *T) bool { return errors.As(err, target) }
