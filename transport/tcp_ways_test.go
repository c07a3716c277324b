package transport_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"masala/transport/client"
	"masala/transport/discovery"
	"masala/transport/server"
)

// noUDP is a network on which no datagram goes out or comes in.
type noUDP struct{}

var errNoUDP = errors.New("socket: operation not permitted")

func (noUDP) ListenServer() (net.PacketConn, error)  { return nil, errNoUDP }
func (noUDP) ListenBeacons() (net.PacketConn, error) { return nil, errNoUDP }
func (noUDP) ListenProbe() (net.PacketConn, error)   { return nil, errNoUDP }
func (noUDP) BeaconTargets() []netip.AddrPort        { return nil }
func (noUDP) ProbeTargets() []netip.AddrPort         { return nil }
func (noUDP) Addresses() []netip.Addr                { return nil }

func dialTCP(ctx context.Context, a string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp4", a)
}

// seek runs a client that is paired with the server of that key.
func seek(t *testing.T, s *shop, n discovery.Network, c client.Config) (*client.Client, *discovery.Finder) {
	t.Helper()
	c.Identity, c.Name, c.Version = fresh(t), "PC", "1.0"
	s.trust.Pair(t.Context(), string(c.Identity.Fingerprint()), "PC")
	f := discovery.NewFinder(n, nil, nil)
	c.Finder = f
	if c.Dial == nil {
		c.Dial = dialTCP
	}
	cl := client.New(c)
	ctx, cancel := context.WithCancel(context.Background())
	var tasks sync.WaitGroup
	tasks.Go(func() { cl.Run(ctx) })
	tasks.Go(func() { f.Run(ctx) })
	t.Cleanup(func() { cancel(); tasks.Wait() })
	return cl, f
}

// until waits for a state of the client.
func until(t *testing.T, c *client.Client, what string, is func(client.Status) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	seen := false
	c.Watch(ctx, func(s client.Status) {
		if is(s) {
			seen = true
			cancel()
		}
	})
	if !seen {
		t.Fatalf("%s: never, but %+v", what, c.Status())
	}
}

// Without any UDP the last address and the typed one still lead to the server.
func TestConnectsWithoutUDP(t *testing.T) {
	s := newShop(t, server.Limits{})
	key := s.id.Fingerprint()
	for name, c := range map[string]client.Config{
		"last address":  {Known: client.Known{Fingerprint: key, Address: s.address}},
		"typed address": {Known: client.Known{Fingerprint: key, Address: "127.0.0.1:1"}, Manual: s.address},
	} {
		t.Run(name, func(t *testing.T) {
			cl, f := seek(t, s, noUDP{}, c)
			until(t, cl, "online", client.Status.Up)
			if r := f.Report(); r.NoAsking == nil || r.NoBeacon == nil {
				t.Errorf("the search does not tell that it cannot: %+v", r)
			}
		})
	}
}

// On a PC without any network the search goes on and tells what was tried; when the
// network is there, so is the server.
func TestNoNetworkAtAll(t *testing.T) {
	s := newShop(t, server.Limits{})
	var mu sync.Mutex
	plugged, tries := false, 0
	dial := func(ctx context.Context, a string) (net.Conn, error) {
		mu.Lock()
		tries++
		on := plugged
		mu.Unlock()
		if !on {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("network is unreachable")}
		}
		return dialTCP(ctx, a)
	}
	cl, _ := seek(t, s, noUDP{}, client.Config{Dial: dial, Known: client.Known{Fingerprint: s.id.Fingerprint(), Address: s.address}})
	until(t, cl, "three rounds", func(c client.Status) bool { return c.Attempt >= 3 })
	st := cl.Status()
	if st.State != client.Searching || st.Text() != client.SearchText || len(st.Tried) != 1 || st.Tried[0].Waiting || st.Tried[0].Refused != "" || st.NextTry.IsZero() {
		t.Errorf("without network: %+v, %q", st, st.Text())
	}
	mu.Lock()
	plugged = true
	mu.Unlock()
	until(t, cl, "online", client.Status.Up)
	mu.Lock()
	defer mu.Unlock()
	if tries < 4 {
		t.Errorf("%d tries", tries)
	}
}

// A PC stays with the server it is paired with, however many others announce themselves
// while that one is away.
func TestPinnedServerIsNeverLeft(t *testing.T) {
	own, other := newShop(t, server.Limits{}), newShop(t, server.Limits{})
	both := &twoLANs{own.network, other.network}
	cl, _ := seek(t, own, both, client.Config{Known: client.Known{Fingerprint: own.id.Fingerprint()}})
	until(t, cl, "online", client.Status.Up)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := own.server.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	until(t, cl, "five rounds without it", func(c client.Status) bool { return c.State == client.Lost && c.Attempt >= 5 })
	if n := other.server.Count(); n != 0 || len(cl.Servers()) != 2 {
		t.Errorf("%d PCs went to another server; %d servers are known", n, len(cl.Servers()))
	}
	if a := cl.Status().Tried; len(a) == 0 || a[0].Refused == "" {
		t.Errorf("what was tried does not tell of the closed port: %+v", a)
	}
}

// twoLANs asks on two networks at once, as a PC with two adapters.
type twoLANs struct{ a, b *discovery.Loopback }

func (n *twoLANs) ListenServer() (net.PacketConn, error)  { return n.a.ListenServer() }
func (n *twoLANs) ListenBeacons() (net.PacketConn, error) { return n.a.ListenBeacons() }
func (n *twoLANs) ListenProbe() (net.PacketConn, error)   { return n.a.ListenProbe() }
func (n *twoLANs) BeaconTargets() []netip.AddrPort        { return nil }
func (n *twoLANs) ProbeTargets() []netip.AddrPort {
	return append(n.a.ProbeTargets(), n.b.ProbeTargets()...)
}
func (n *twoLANs) Addresses() []netip.Addr { return n.a.Addresses() }
