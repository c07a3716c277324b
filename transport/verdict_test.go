package transport_test

import (
	"net"
	"sync"
	"testing"
	"time"

	"masala/transport/client"
	"masala/transport/faultnet/bubble"
	"masala/transport/server"
	"masala/transport/wire"
)

// mute is an address where connections are taken and nothing is ever said: a server that
// hangs, or another program.
func mute(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var taken sync.WaitGroup
	taken.Go(func() {
		var held []net.Conn
		for {
			c, err := ln.Accept()
			if err != nil {
				for _, c := range held {
					c.Close()
				}
				return
			}
			held = append(held, c)
		}
	})
	t.Cleanup(func() { ln.Close(); taken.Wait() })
	return ln.Addr().String()
}

// TestFault_3_4_SilentPortIsStillASearch: where somebody takes every connection and says
// nothing, hands are shaken again and again; the search is one search all the same, so
// that it can be told how long it has lasted.
func TestFault_3_4_SilentPortIsStillASearch(t *testing.T) {
	s := newShop(t, server.Limits{})
	cl, _ := seek(t, s, noUDP{}, client.Config{Known: client.Known{Fingerprint: s.id.Fingerprint(), Address: mute(t)}})
	began := cl.Status().Down
	until(t, cl, "six seconds of it", func(c client.Status) bool { return time.Since(began) > 6*time.Second })
	st := cl.Status()
	if !st.Down.Equal(began) || st.State != client.Searching && st.State != client.Connecting || st.Text() != client.SearchText {
		t.Errorf("down since %v, first %v: %+v", st.Down, began, st)
	}
	if len(st.Tried) != 1 || !st.Tried[0].Mute || st.Tried[0].Refused != "" {
		t.Errorf("what was tried says %+v", st.Tried)
	}
}

// stand puts another server of this LAN at an address.
func (f *factory) stand(address string) {
	f.t.Helper()
	ln, err := f.lan.Host(address).Listen(8090)
	if err != nil {
		f.t.Fatal(err)
	}
	s := server.New(server.Config{Service: newBooks(), Identity: fresh(f.t), Trust: newRegister(), Name: "OTHER", Version: "1.0"})
	go s.Serve(ln)
	f.t.Cleanup(func() { s.Close() })
}

// TestFault_3_1_OtherServerAtTheTypedAddress: what another server says at one address is no
// word of the own one. The own one's cable is out, so that is what is said, and the PC is
// back within a second of its return, whenever that is.
func TestFault_3_1_OtherServerAtTheTypedAddress(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		f.stand("192.168.1.20")
		p := f.pc(func(c *client.Config) { c.Manual = "192.168.1.20" })
		p.online(t)
		for i := range 40 {
			f.host.Cut()
			p.await(t, "lost", 3*time.Second, is(client.Lost))
			time.Sleep(10*time.Second + time.Duration(i)*137*time.Millisecond)
			s := p.Status()
			if s.State != client.Lost || s.Text() != client.LostText {
				t.Fatalf("without its server the PC says %s, %q", s.State, s.Text())
			}
			if i == 0 && (len(s.Tried) != 2 || s.Tried[0].Reason != "" || s.Tried[1].Reason != client.PinMismatch) {
				t.Errorf("what was tried says %+v", s.Tried)
			}
			f.host.Mend()
			if d := p.online(t); d > time.Second {
				t.Errorf("round %d: back %v after the link", i, d)
			}
		}
	})
}

// TestRefusalGoesWithItsServer: a PC that was removed reads so while the server says it. A
// server that has fallen silent, or moved, says nothing.
func TestRefusalGoesWithItsServer(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		f.trust.revoke(1)
		f.server.Disconnect(1)
		p.await(t, "revoked", time.Second, refusedFor(wire.Revoked))
		down := p.Status().Down
		f.host.Cut()
		p.await(t, "lost", 7*time.Second, is(client.Lost))
		if s := p.Status(); s.Reason != "" || s.Message != "" || !s.Down.Equal(down) {
			t.Errorf("without the server: %+v", s)
		}
		f.host.Mend()
		p.await(t, "revoked again", 4*time.Second, refusedFor(wire.Revoked))
		f.trust.Pair(t.Context(), string(p.id.Fingerprint()), "PC-1")
		p.online(t)
		if s := p.Status(); !s.Down.IsZero() {
			t.Errorf("online, and down since %v", s.Down)
		}
	})
}

// TestAddressTypedForTheServerBefore: whoever pairs with another server takes no address of
// the first along.
func TestAddressTypedForTheServerBefore(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		f.stand("192.168.1.20")
		p := f.stranger(fresh(t), func(c *client.Config) { c.Manual = "192.168.1.20" })
		code, _, err := f.desk.Open(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Pair(t.Context(), serverAddress, code); err != nil {
			t.Fatal(err)
		}
		p.online(t)
		f.host.Cut()
		p.await(t, "lost", 3*time.Second, is(client.Lost))
		time.Sleep(10 * time.Second)
		if s := p.Status(); len(s.Tried) != 1 || s.Tried[0].Address != serverAddress {
			t.Errorf("tried %+v", s.Tried)
		}
	})
}
