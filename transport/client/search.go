package client

import (
	"context"
	"errors"
	"slices"
	"sync"
	"syscall"
	"time"

	"masala/transport/discovery"
	"masala/transport/identity"
	"masala/transport/session"
	"masala/transport/wire"
)

// Timings of the search. Rounds are what users see and reach everything; knocks
// in between go to the known addresses only, so that a client is back within a
// second of the link's return and not at the next round.
const (
	roundEvery  = 3 * time.Second
	knockEvery  = 600 * time.Millisecond
	knockWait   = 500 * time.Millisecond // for TCP, over before the next knock; a kernel repeats a lost SYN only after 1 s
	roundWait   = 3 * time.Second
	heardLasts  = 10 * time.Second
	serverLasts = 30 * time.Second // in the list of the pairing screen
)

var firstRounds = []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second}

// pauseAfter is the wait after the n-th round, counted from 1.
func pauseAfter(n int) time.Duration {
	if n <= len(firstRounds) {
		return firstRounds[n-1]
	}
	return roundEvery
}

type heardServer struct {
	discovery.Server
	at time.Time
}

// listen notes every server the finder hears of.
func (c *Client) listen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-c.config.Finder.Found():
			own, listed := c.remember(s)
			if listed {
				c.update(func(*Status) {}) // the pairing screen shows it
			}
			if own {
				select {
				case c.heard <- struct{}{}:
				default:
				}
			}
		}
	}
}

// maxServers is how many strange servers are remembered. The own one always is: a PC
// that invents servers must not hide it.
const maxServers = 64

// remember keeps a server; own means that it is the paired one, listed that it is new.
func (c *Client) remember(s discovery.Server) (own, listed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, known := c.servers[s.Fingerprint]
	own = s.Fingerprint == c.known.Fingerprint
	if !known && !own && len(c.servers) >= maxServers {
		c.forget()
		if len(c.servers) >= maxServers {
			return false, false
		}
	}
	c.servers[s.Fingerprint] = heardServer{s, time.Now()}
	return own, !known
}

// forget drops servers that are no longer heard of. c.mu is held.
func (c *Client) forget() {
	for fp, s := range c.servers {
		if time.Since(s.at) > serverLasts {
			delete(c.servers, fp)
		}
	}
}

// Servers lists the servers heard of lately, for the pairing screen.
func (c *Client) Servers() (list []discovery.Server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget()
	for _, s := range c.servers {
		list = append(list, s.Server)
	}
	discovery.Sort(list)
	return list
}

// target is one address worth dialling.
type target struct{ address, via string }

// targets lists where the paired server may be. Nobody is dialled before pairing.
func (c *Client) targets() (list []target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known.Fingerprint == "" && c.launch == "" {
		return nil
	}
	seen := map[string]bool{"": true}
	add := func(address, via string) {
		if !seen[address] {
			seen[address] = true
			list = append(list, target{address, via})
		}
	}
	add(c.known.Address, "last address")
	add(c.manual, "typed")
	if s, ok := c.servers[c.known.Fingerprint]; ok && time.Since(s.at) < heardLasts {
		for _, a := range s.Addresses {
			add(a, "found on the network")
		}
	}
	return list
}

// knocks lists the targets that are tried between two rounds: all but those where somebody
// said what only a person can change. The others may be up again any moment.
func (c *Client) knocks() []target {
	list := c.targets()
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(list, func(t target) bool {
		return slices.ContainsFunc(c.status.Tried, func(x Try) bool {
			return x.Address == t.address && (x.Reason == PinMismatch || (&refusal{reason: x.Reason}).final())
		})
	})
}

// hunt is one search: the dials in flight and their results.
type hunt struct {
	client  *Client
	ctx     context.Context
	results chan arrival
	flying  map[flight]bool
	tasks   sync.WaitGroup
}

type flight struct {
	address string
	knock   bool
}

type arrival struct {
	flight
	via     string
	aim     aim
	run     *session.Session
	welcome wire.Welcome
	err     error
}

// aim is whom a client wants to reach: a key, or the holder of a launch token.
type aim struct {
	pin    identity.Fingerprint
	launch string
}

func (c *Client) aim() aim {
	c.mu.Lock()
	defer c.mu.Unlock()
	return aim{c.known.Fingerprint, c.launch}
}

// search tries until the server has let us in; nil when ctx ended first.
func (c *Client) search(ctx context.Context) *link {
	ctx, cancel := context.WithCancel(ctx)
	h := &hunt{client: c, ctx: ctx, results: make(chan arrival), flying: map[flight]bool{}}
	defer h.tasks.Wait()
	defer cancel()
	round, knock := time.NewTimer(0), time.NewTicker(knockEvery)
	defer round.Stop()
	defer knock.Stop()
	attempt := 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c.nudge:
			attempt = 0
			round.Reset(0)
		case <-round.C:
			attempt++
			pause := pauseAfter(attempt)
			round.Reset(pause)
			list := c.targets()
			c.announce(attempt, pause, list)
			c.probe()
			h.dial(list, false)
		case <-knock.C:
			h.dial(c.knocks(), true)
		case <-c.heard:
			h.dial(c.targets(), false)
		case a := <-h.results:
			delete(h.flying, a.flight)
			switch {
			case a.aim != c.aim(): // another server was chosen meanwhile
				if a.run != nil {
					a.run.Close()
				}
			case a.err != nil:
				c.failed(a)
			default:
				return c.enter(a)
			}
		}
	}
}

func (c *Client) probe() {
	if c.config.Finder != nil {
		c.mu.Lock()
		last := c.known.Address
		c.mu.Unlock()
		c.config.Finder.Probe(last)
	}
}

// announce shows a new round over list. What was said at an address that is tried no
// more counts no more.
func (c *Client) announce(attempt int, pause time.Duration, list []target) {
	c.update(func(s *Status) {
		s.Attempt, s.NextTry, s.Latency = attempt, c.clock.Now().Add(pause), 0
		s.Tried = slices.DeleteFunc(s.Tried, func(x Try) bool {
			return !slices.ContainsFunc(list, func(t target) bool { return t.address == x.Address })
		})
		c.settle(s)
	})
}

// failed notes why an address did not do.
func (c *Client) failed(a arrival) {
	t := Try{Address: a.address, Via: a.via, At: c.clock.Now(), Error: a.err.Error(), Refused: answered(a.err)}
	var no *refusal
	if errors.As(a.err, &no) {
		t.Reason = no.reason
	}
	var mute *muteError
	t.Mute = errors.As(a.err, &mute)
	c.log.Debug("address tried", "address", a.address, "via", a.via, "err", a.err)
	if a.welcome.Version != "" {
		c.update(func(s *Status) { s.Version = a.welcome.Version })
	}
	c.note(t)
}

// answered is what came back from an address that is not silent, "" from one that is.
func answered(err error) string {
	var no *refusal
	var port syscall.Errno
	switch {
	case errors.As(err, &no):
		return no.sentence().Message
	case errors.As(err, &port) && (port == syscall.ECONNREFUSED || port == wsaRefused):
		return "A PC answers there, but the server does not run on it."
	}
	return ""
}

// wsaRefused is how Windows says ECONNREFUSED (WSAECONNREFUSED).
const wsaRefused = syscall.Errno(10061)

// dial starts what is not in flight already.
func (h *hunt) dial(list []target, knock bool) {
	wait := roundWait
	if knock {
		wait = knockWait
	}
	for _, t := range list {
		f := flight{t.address, knock}
		if h.flying[f] {
			continue
		}
		h.flying[f] = true
		h.client.begin(t)
		h.tasks.Go(func() {
			a := arrival{flight: f, via: t.via, aim: h.client.aim()}
			a.run, a.welcome, a.err = h.client.knock(h.ctx, a.aim, t.address, wait)
			select {
			case h.results <- a:
			case <-h.ctx.Done():
				if a.run != nil {
					a.run.Close()
				}
			}
		})
	}
}

// knock connects to one address and introduces this PC there; wait bounds the TCP
// part.
func (c *Client) knock(ctx context.Context, at aim, address string, wait time.Duration) (*session.Session, wire.Welcome, error) {
	hello := wire.Hello{Want: wire.WantSession}
	if at.launch != "" {
		hello.Want, at.pin = wire.WantLocal, ""
	}
	var run *session.Session
	w, err := c.introduce(ctx, address, wait, at.pin, hello, at.launch, func(l *session.Link) (err error) {
		run, err = l.Start(session.ClientOptions(c.beat))
		return err
	})
	return run, w, err
}

// beat shows the latency of a heartbeat.
func (c *Client) beat(rtt time.Duration) {
	c.update(func(s *Status) {
		if s.State == Online {
			s.Latency = rtt
		}
	})
}

// enter makes the arrival the connection of this client.
func (c *Client) enter(a arrival) *link {
	l := newLink(c, a)
	c.mu.Lock()
	moved := c.known.Address != a.address || a.welcome.Server != c.known.Name
	c.known.Address, c.known.Name = a.address, a.welcome.Server
	known, local := c.known, c.launch != ""
	c.mu.Unlock()
	if moved && !local {
		c.config.Remember(known)
	}
	c.update(func(s *Status) {
		*s = Status{State: Online, Address: a.address, Server: a.welcome.Server, Version: a.welcome.Version,
			Latency: a.run.Latency()}
		c.link, c.refused, c.wasUp = l, nil, true
		c.slowCalls, c.unanswered = 0, false
	})
	c.log.Info("connected", "address", a.address, "server", a.welcome.Server, "via", a.via)
	return l
}
