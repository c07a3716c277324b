package node

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/platform/firewall"
	"masala/transport/server"
)

const (
	warnFirewall = "firewall.blocked"
	// reachEvery is how often it is looked whether other PCs can come; reachFresh is how
	// old the last look may be while an Admin watches.
	reachEvery = 10 * time.Minute
	reachFresh = 15 * time.Second
)

// reach looks whether other PCs can come to the service: whether the port answers on
// this PC's own addresses, what the firewall says, and who has really come
// (RESILIENCE.md 3.4). Only the last is proof, so it is told as what it is.
type reach struct {
	lan    *lan
	health *health.Registry
	log    *slog.Logger
	clock  core.Clock
	look   func(ctx context.Context, exe string, port int) firewall.Report
	own    func() []string
	dial   func(ctx context.Context, address string) error
	wake   chan struct{}

	mu     sync.Mutex
	looked time.Time
	now    []string // other PCs that are connected
	last   string   // that was, when none is
	left   time.Time
	wall   string    // what the firewall was found to do
	walled time.Time // since when it does
}

func newReach(l *lan, r *health.Registry, log *slog.Logger, clock core.Clock) *reach {
	return &reach{lan: l, health: r, log: log, clock: clock, look: firewall.Look, own: addresses, wake: make(chan struct{}, 1),
		dial: func(ctx context.Context, address string) error {
			c, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp4", address)
			if err == nil {
				err = c.Close()
			}
			return err
		}}
}

// run looks now, every ten minutes and when asked.
func (r *reach) run(ctx context.Context) {
	tick := time.NewTicker(reachEvery)
	defer tick.Stop()
	for {
		r.check(ctx)
		select {
		case <-tick.C:
		case <-r.wake:
		case <-ctx.Done():
			return
		}
	}
}

// again has it looked again soon.
func (r *reach) again() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// watched says that an Admin reads what was found: it shall not be old.
func (r *reach) watched() {
	r.mu.Lock()
	old := r.clock.Now().Sub(r.looked)
	r.mu.Unlock()
	if old > reachFresh || old < 0 {
		r.again()
	}
}

// seen takes who is connected now.
func (r *reach) seen(clients []server.Client) {
	var now []string
	for _, c := range clients {
		if !c.Peer.Local && !slices.Contains(now, c.Peer.Name) {
			now = append(now, c.Peer.Name)
		}
	}
	slices.Sort(now)
	r.mu.Lock()
	if len(now) == 0 && len(r.now) > 0 {
		r.last, r.left = r.now[0], r.clock.Now()
	}
	first := len(r.now) == 0 && len(now) > 0
	r.now = now
	r.mu.Unlock()
	if r.tell(); first {
		r.again() // what it says of a firewall that blocks is no longer right
	}
}

// tell notes who has come.
func (r *reach) tell() {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := health.Check{Code: "others", Name: "Other PCs", At: r.clock.Now(), OK: true}
	switch n := len(r.now); {
	case n == 1:
		c.Says = r.now[0] + " is connected."
	case n > 1:
		c.Says = fmt.Sprintf("%d PCs are connected.", n)
	case r.last != "":
		c.Says = "None is connected now. The last one was " + r.last + "."
	default:
		c.Says = "No other PC has connected since the server started."
	}
	r.health.Checked(c)
}

// check looks once.
func (r *reach) check(ctx context.Context) {
	r.mu.Lock()
	r.looked = r.clock.Now()
	r.mu.Unlock()
	r.tell()
	at, err := netip.ParseAddrPort(r.lan.reached())
	if err != nil { // there is no port, which lan has warned of
		r.health.Clear(warnFirewall)
		return
	}
	port := int(at.Port())
	if at.Addr().IsLoopback() {
		r.note("firewall", "Firewall", true, fmt.Sprintf("Port %d is for this PC only: the server was started with %s.", port, at), nil)
		return
	}
	r.checkAddresses(ctx, at)
	exe, err := os.Executable()
	if err != nil {
		r.log.Warn("own program", "err", err)
	}
	f := r.look(ctx, exe, port)
	if ctx.Err() != nil {
		return
	}
	bad := f.State() == firewall.Blocked || f.State() == firewall.Partly
	says := f.Why
	connected, came := r.proof(f)
	switch {
	case connected && bad:
		says += " A PC is connected all the same; others may not find the server."
	case came != "" && bad:
		says += " " + came + " came through all the same; others may not find the server."
	case connected && f.State() == firewall.Unknown:
		says += " A PC is connected, so it lets that one in."
	}
	r.note("firewall", "Firewall", !bad, says, f.Fix)
	if !bad || came != "" {
		r.health.Clear(warnFirewall)
		return
	}
	r.log.Warn("firewall", "name", f.Name, "tcp", f.TCP, "udp", f.UDP, "why", f.Why)
	r.health.Set(health.Warning{Code: warnFirewall, Severity: health.Warn, Admin: true,
		Text: who[f.State()] + " cannot find this server. " + f.Why + " System > Health shows how to allow it."})
}

// who cannot find the server as long as no PC has proved otherwise.
var who = map[firewall.State]string{firewall.Blocked: "Other PCs", firewall.Partly: "Some PCs"}

// proof names a PC that came through the firewall as it is: one that is connected now, or
// one that left after the firewall was first found so.
func (r *reach) proof(f firewall.Report) (connected bool, came string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if wall := fmt.Sprint(f.TCP, f.UDP, f.Why); r.wall != wall {
		r.wall, r.walled = wall, r.clock.Now()
	}
	switch {
	case len(r.now) > 0:
		return true, r.now[0]
	case r.last != "" && !r.left.Before(r.walled):
		return false, r.last
	}
	return false, ""
}

// checkAddresses tries the port on every address of this PC.
func (r *reach) checkAddresses(ctx context.Context, at netip.AddrPort) {
	list := []string{at.Addr().String()}
	if at.Addr().IsUnspecified() {
		list = r.own()
	}
	var good, bad []string
	for _, a := range list {
		if err := r.dial(ctx, net.JoinHostPort(a, strconv.Itoa(int(at.Port())))); err != nil {
			bad = append(bad, a)
		} else {
			good = append(good, a)
		}
	}
	switch {
	case ctx.Err() != nil:
	case len(list) == 0:
		r.note("addresses", "Own addresses", false, "This PC has no network address. Connect it to the network of the factory.", nil)
	case len(bad) > 0:
		r.note("addresses", "Own addresses", false, fmt.Sprintf("Port %d does not answer on %s.", at.Port(), strings.Join(bad, ", ")), nil)
	default:
		r.note("addresses", "Own addresses", true, fmt.Sprintf("Port %d answers on %s.", at.Port(), strings.Join(good, ", ")), nil)
	}
}

func (r *reach) note(code, name string, ok bool, says string, fix []string) {
	r.health.Checked(health.Check{Code: code, Name: name, At: r.clock.Now(), OK: ok, Says: says, Fix: fix})
}
