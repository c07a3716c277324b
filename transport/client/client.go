// Package client connects one PC to its server and keeps it connected: it finds
// the server again wherever it went, sends interrupted calls again with the same
// key, and tells the window how things stand.
package client

import (
	"context"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"masala/core"
	"masala/core/op"
	"masala/transport/discovery"
	"masala/transport/identity"
	"masala/transport/wire"
)

// Finder looks for servers on the LAN.
type Finder interface {
	// Probe asks for servers now, also at the last known address ("" for none). It
	// must not block.
	Probe(last string)
	// Found carries what is heard.
	Found() <-chan discovery.Server
}

// Config is what a client is made of. Identity and Dial are required.
type Config struct {
	Identity *identity.Identity
	Name     string // of this PC
	Version  string // of the program
	Known    Known  // the paired server; zero before pairing
	Manual   string // address typed by the user, "" for none
	// Dial opens a TCP connection to host:port.
	Dial func(ctx context.Context, address string) (net.Conn, error)
	// Finder may be nil: then only the known and the typed address are tried.
	Finder   Finder
	Clock    core.Clock     // nil: the clock of this PC; a jump of it drops the session
	Seen     func() op.Mark // what this PC has seen of the books, told with each watch; may be nil
	OnState  func(op.State) // every state the server pushes, one at a time; may be nil
	Remember func(Known)    // keep this for the next start; may be nil
	Log      *slog.Logger   // nil: none
}

// Client is a connection that mends itself. Make it with New, then Run it. It is
// an op.Caller and safe for use by many goroutines.
type Client struct {
	config Config
	clock  core.Clock
	log    *slog.Logger
	token  atomic.Pointer[string]
	nudge  chan struct{} // something changed that is worth trying at once
	heard  chan struct{} // the finder heard of a server

	mu         sync.Mutex
	known      Known
	manual     string
	launch     string // launch token; "" for a client on the LAN
	servers    map[identity.Fingerprint]heardServer
	status     Status
	changed    chan struct{} // closed and replaced at every change
	link       *link         // nil while not connected
	refused    *refusal      // that stands; see settle
	shaking    int           // connections on which hands are being shaken
	wasUp      bool
	stopped    bool // Run has returned
	slowCalls  int  // calls on the link without answer for too long
	unanswered bool // one ended without answer, and nothing was answered since
}

var _ op.Caller = (*Client)(nil)

// New makes a client that does nothing before Run.
func New(c Config) *Client {
	if c.Clock == nil {
		c.Clock = core.SystemClock{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Seen == nil {
		c.Seen = func() op.Mark { return op.Mark{} }
	}
	if c.OnState == nil {
		c.OnState = func(op.State) {}
	}
	if c.Remember == nil {
		c.Remember = func(Known) {}
	}
	cl := &Client{config: c, clock: c.Clock, log: c.Log, known: c.Known, manual: withPort(c.Manual),
		nudge: make(chan struct{}, 1), heard: make(chan struct{}, 1), changed: make(chan struct{}),
		servers: map[identity.Fingerprint]heardServer{}}
	now := c.Clock.Now()
	cl.status = Status{Address: c.Known.Address, Server: c.Known.Name, Since: now, Down: now}
	cl.settle(&cl.status)
	cl.SetToken("")
	return cl
}

// Run keeps the client connected until ctx ends; it returns when nothing of it
// runs any more. Calls that still wait then fail. Run may be called once.
func (c *Client) Run(ctx context.Context) {
	defer c.update(func(*Status) { c.stopped = true })
	ctx, cancel := context.WithCancel(ctx)
	var listening sync.WaitGroup
	defer listening.Wait()
	defer cancel()
	if c.config.Finder != nil {
		listening.Go(func() { c.listen(ctx) })
	}
	for ctx.Err() == nil {
		l := c.search(ctx)
		if l == nil {
			continue
		}
		l.hold(ctx)
	}
}

// SetToken sets the session token sent with every call; "" after logout.
func (c *Client) SetToken(token string) { c.token.Store(&token) }

// RetryNow tries at once: it ends the wait between two rounds, and drops a session
// on which the server does not answer.
func (c *Client) RetryNow() {
	c.mu.Lock()
	l, slow := c.link, c.snapshot().State == Slow
	c.mu.Unlock()
	if l != nil && slow {
		l.drop(errRetry)
	}
	c.poke()
}

func (c *Client) poke() {
	select {
	case c.nudge <- struct{}{}:
	default:
	}
}

// SetManual takes the address a user typed, "" to forget it, and tries it at once.
func (c *Client) SetManual(address string) {
	c.mu.Lock()
	c.manual = withPort(address)
	c.mu.Unlock()
	c.poke()
}

// SetLocal makes this the window of the server's own PC: address is the loopback
// listener of the service and token its launch token. Both change with every start
// of the service.
func (c *Client) SetLocal(address, token string) {
	c.mu.Lock()
	moved := c.known.Address != address || c.launch != token
	c.known, c.launch = Known{Address: address}, token
	l := c.link
	c.mu.Unlock()
	if moved {
		c.update(func(s *Status) {
			s.Tried = nil // who refused was another service
			c.settle(s)
		})
	}
	if moved && l != nil {
		l.drop(errRetarget)
	}
	c.poke()
}

// Forget unpairs this PC from its server, on this side.
func (c *Client) Forget() { c.adopt(Known{}) }

// adopt makes k the server of this client.
func (c *Client) adopt(k Known) {
	c.mu.Lock()
	if k.Fingerprint != c.known.Fingerprint && c.manual != k.Address {
		c.manual = "" // typed for the server before
	}
	c.known, c.wasUp = k, false
	l := c.link
	c.mu.Unlock()
	c.config.Remember(k)
	if l != nil {
		l.drop(errRetarget)
	}
	c.update(func(s *Status) {
		c.link, *s = nil, Status{State: Searching, Address: k.Address, Server: k.Name}
		c.settle(s)
	})
	c.poke()
}

// withPort adds the product's port to an address that names none.
func withPort(address string) string {
	address = strings.TrimSpace(address)
	if address == "" {
		return ""
	}
	if _, _, err := net.SplitHostPort(address); err == nil {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), strconv.Itoa(wire.Port))
}
