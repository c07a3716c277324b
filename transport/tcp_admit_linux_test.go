package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"masala/transport/client"
	"masala/transport/server"
	"masala/transport/session"
	"masala/transport/wire"
)

// from dials the shop from an address of its own: on Linux all of 127/8 is this PC.
func (s *shop) from(t *testing.T, host string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}}
	c, err := d.DialContext(t.Context(), "tcp4", s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// open reports whether the server still holds a connection on which nothing was said.
func open(c net.Conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	_, err := c.Read(make([]byte, 1))
	return errors.Is(err, os.ErrDeadlineExceeded)
}

// TestOneAddressComesInPace: a burst is let in, the rest is closed unread, and after a
// second as many may come again. Another address does not wait for it.
func TestOneAddressComesInPace(t *testing.T) {
	s := newShop(t, server.Limits{Handshakes: 200, PerAddress: 200, PerDevice: 4, PerSecond: 10})
	burst := func() {
		t.Helper()
		began, held := time.Now(), make(chan bool)
		for range 30 {
			c := s.from(t, "127.0.0.2")
			go func() { held <- open(c); c.Close() }()
		}
		most := 11 + int(10*time.Since(began).Seconds()) // a busy PC dials slowly
		in := 0
		for range 30 {
			if <-held {
				in++
			}
		}
		if in < 10 || in > most {
			t.Errorf("%d of 30 were let in, at most %d should", in, most)
		}
	}
	burst()
	if !open(s.from(t, "127.0.0.3")) {
		t.Error("another address has to wait")
	}
	time.Sleep(time.Second)
	burst()
}

// TestTheOldestMakesWay: when strangers hold every place, the next one gets the oldest's,
// so that a PC that says who it is comes in.
func TestTheOldestMakesWay(t *testing.T) {
	s := newShop(t, server.Limits{Handshakes: 6, PerAddress: 6, PerDevice: 4})
	first := s.from(t, "127.0.0.2")
	for range 5 {
		if !open(s.from(t, "127.0.0.2")) {
			t.Fatal("refused although there was room")
		}
	}
	if open(s.from(t, "127.0.0.2")) {
		t.Error("one address has more than its places")
	}
	id := fresh(t)
	s.trust.Pair(t.Context(), string(id.Fingerprint()), "PC")
	l, err := session.Connect(t.Context(), s.from(t, "127.0.0.3"), id.ClientTLS(s.id.Fingerprint()))
	if err != nil {
		t.Fatal("an honest PC is kept out: ", err)
	}
	defer l.Close()
	var w wire.Welcome
	if err := errors.Join(l.Send(wire.Hello{Protocol: wire.Protocol, Want: wire.WantSession}), l.Receive(&w)); err != nil || w.Reason != "" {
		t.Errorf("an honest PC is answered %+v, %v", w, err)
	}
	_ = first.SetReadDeadline(time.Now().Add(time.Second))
	if _, err := first.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the oldest stays: %v", err)
	}
}

// TestTurnedAwayComesBack: PCs that come from one address, as behind a router, faster
// than its pace allows are in after a while without anybody doing anything; so is one
// that is being paired meanwhile.
func TestTurnedAwayComesBack(t *testing.T) {
	s := newShop(t, server.Limits{Handshakes: 200, PerAddress: 200, PerDevice: 4, PerSecond: 10})
	const pcs = 30
	var lines []*client.Client
	for range pcs {
		id := fresh(t)
		s.trust.Pair(t.Context(), string(id.Fingerprint()), "PC")
		lines = append(lines, client.New(client.Config{Identity: id, Name: "PC", Version: "1.0", Dial: dialTCP,
			Known: client.Known{Fingerprint: s.id.Fingerprint(), Address: s.address}}))
	}
	ctx, cancel := context.WithCancel(t.Context())
	var tasks sync.WaitGroup
	defer func() { cancel(); tasks.Wait() }()
	for _, c := range lines {
		tasks.Go(func() { c.Run(ctx) })
	}
	for i, c := range lines {
		until(t, c, fmt.Sprintf("PC %d", i), client.Status.Up)
	}
	for range 20 { // the pace is used up
		if c, err := dialTCP(ctx, s.address); err == nil {
			c.Close()
		}
	}
	code, _, err := s.desk.Open(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	id := fresh(t)
	err = client.New(client.Config{Identity: id, Name: "new PC", Version: "1.0", Dial: dialTCP}).Pair(ctx, s.address, code)
	if err != nil {
		t.Errorf("pairing: %v", err)
	}
}
