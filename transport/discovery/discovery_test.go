package discovery

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"masala/transport/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func fresh(t testing.TB) *identity.Identity {
	t.Helper()
	id, err := identity.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

var (
	here  = netip.MustParseAddr("192.168.1.7")
	there = netip.MustParseAddr("10.0.0.3")
)

func TestNotice(t *testing.T) {
	id := fresh(t)
	b, err := encodeNotice(notice{Name: "Server\n", Version: "1.0", Port: 8090, Nonce: "n",
		Addresses: []netip.Addr{there, here, netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("224.0.0.1"), netip.MustParseAddr("10.0.0.255")}}, id)
	if err != nil {
		t.Fatal(err)
	}
	s, nonce, err := decodeNotice(b, here)
	if err != nil || nonce != "n" || s.Fingerprint != id.Fingerprint() || s.Name != "Server" {
		t.Fatalf("%+v, %q, %v", s, nonce, err)
	}
	if got := strings.Join(s.Addresses, " "); got != "192.168.1.7:8090 10.0.0.3:8090" {
		t.Errorf("addresses %s", got)
	}
	for i := range b { // no byte may be changed
		forged := bytes.Clone(b)
		forged[i] ^= 1
		if _, _, err := decodeNotice(forged, here); err == nil {
			t.Fatalf("byte %d can be forged", i)
		}
	}
	if _, err := encodeNotice(notice{Name: strings.Repeat("x", maxDatagram)}, id); err == nil {
		t.Error("a datagram that would be fragmented was made")
	}
}

func FuzzDatagram(f *testing.F) {
	id := fresh(f)
	good, err := encodeNotice(notice{Name: "S", Port: 8090, Addresses: []netip.Addr{here}}, id)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(encodeProbe("nonce"))
	f.Add([]byte(magic))
	f.Add(good[:len(magic)+70])
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, nonce, err := decodeNotice(b, here); err == nil {
			if len(s.Addresses) == 0 || len(s.Addresses) > maxAddresses+1 || len(nonce) > maxNonce || s.Fingerprint == "" {
				t.Errorf("%+v", s)
			}
		}
		if nonce, err := decodeProbe(b); err == nil && (nonce == "" || len(nonce) > maxNonce) {
			t.Errorf("nonce %q", nonce)
		}
	})
}

// run starts fn and ends it with the test.
func run(t *testing.T, fn func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var task sync.WaitGroup
	task.Go(func() { fn(ctx) })
	t.Cleanup(func() { cancel(); task.Wait() })
}

// heard waits for the server with that key while asking again and again.
func heard(t *testing.T, f *Finder, ask bool, key identity.Fingerprint) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case s := <-f.Found():
			if s.Fingerprint == key {
				if !strings.HasPrefix(s.Addresses[0], "127.0.0.1:") {
					t.Errorf("%+v", s)
				}
				return
			}
		case <-again.C:
			if ask {
				f.Probe("127.0.0.1:1")
			}
		case <-deadline:
			t.Fatal("server not found")
		}
	}
}

// broken is a Loopback some of whose sockets cannot be opened.
type broken struct {
	*Loopback
	beacons, probes bool
}

func (b broken) ListenBeacons() (net.PacketConn, error) {
	if b.beacons {
		return nil, errors.New("blocked")
	}
	return b.Loopback.ListenBeacons()
}

func (b broken) ListenProbe() (net.PacketConn, error) {
	if b.probes {
		return nil, errors.New("blocked")
	}
	return b.Loopback.ListenProbe()
}

func TestFoundWithOneSocketBlocked(t *testing.T) {
	for name, b := range map[string]broken{
		"both":    {},
		"probes":  {beacons: true},
		"beacons": {probes: true},
	} {
		t.Run(name, func(t *testing.T) {
			b.Loopback = &Loopback{}
			id := fresh(t)
			run(t, (&Beacon{Identity: id, Name: "S", Port: 4000, Network: b.Loopback}).Run)
			f := NewFinder(b, nil, slog.New(slog.DiscardHandler))
			run(t, f.Run)
			heard(t, f, !b.probes, id.Fingerprint())
		})
	}
}

func TestGarbageDatagramsAreIgnored(t *testing.T) {
	n := &Loopback{}
	id := fresh(t)
	run(t, (&Beacon{Identity: id, Name: "S", Port: 4000, Network: n}).Run)
	f := NewFinder(n, nil, nil)
	run(t, f.Run)
	heard(t, f, true, id.Fingerprint())
	conn, err := n.ListenProbe()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for i := range 300 {
		junk := make([]byte, 1+i*11%2000)
		rand.Read(junk)
		if i%3 == 0 {
			copy(junk, magic)
		}
		for _, to := range append(n.ProbeTargets(), n.BeaconTargets()...) {
			conn.WriteTo(junk, net.UDPAddrFromAddrPort(to))
		}
	}
	for len(f.Found()) > 0 {
		<-f.Found()
	}
	heard(t, f, true, id.Fingerprint())
}

// A reply to somebody else's probe, or to none, says nothing.
func TestReplyNeedsOurNonce(t *testing.T) {
	f := NewFinder(&Loopback{}, nil, nil)
	id := fresh(t)
	from := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	hear := func(nonce string) bool {
		b, err := encodeNotice(notice{Name: "S", Port: 1}, id)
		if nonce != "" {
			b, err = encodeNotice(notice{Name: "S", Port: 1, Nonce: nonce}, id)
		}
		if err != nil {
			t.Fatal(err)
		}
		f.hear(b, from, true)
		select {
		case <-f.Found():
			return true
		default:
			return false
		}
	}
	nonce, err := f.nonce()
	if err != nil {
		t.Fatal(err)
	}
	if !hear(nonce) || hear("other") || hear("") {
		t.Error("replies are not held against the nonce")
	}
}

func TestSecondServerIsReported(t *testing.T) {
	n := &Loopback{}
	other := make(chan Server, 64)
	a, b := fresh(t), fresh(t)
	run(t, (&Beacon{Identity: a, Name: "A", Port: 1, Network: n, OnOther: func(s Server) {
		select {
		case other <- s:
		default:
		}
	}}).Run)
	// On a loopback network beacons go to clients' sockets; B sends to servers'.
	run(t, (&Beacon{Identity: b, Name: "B", Port: 2, Network: toServers{n}}).Run)
	select {
	case s := <-other:
		if s.Fingerprint != b.Fingerprint() || s.Name != "B" {
			t.Errorf("%+v", s)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("a second server went unnoticed")
	}
}

type toServers struct{ *Loopback }

func (n toServers) BeaconTargets() []netip.AddrPort { return n.ProbeTargets() }

func TestBroadcast(t *testing.T) {
	for in, want := range map[string]string{
		"192.168.1.7/24": "192.168.1.255", "10.1.2.3/8": "10.255.255.255",
		"172.16.5.9/20": "172.16.15.255", "10.0.0.1/32": "10.0.0.1", "10.0.0.4/31": "10.0.0.5",
	} {
		if got := broadcast(netip.MustParsePrefix(in)).String(); got != want {
			t.Errorf("broadcast(%s) = %s, want %s", in, got, want)
		}
	}
}
