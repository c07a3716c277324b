package transport_test

import (
	"context"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/transport/client"
	"masala/transport/discovery"
	"masala/transport/faultnet/bubble"
	"masala/transport/pairing"
	"masala/transport/server"
	"masala/transport/wire"
)

// dials counts what a PC dials, by address.
type dials struct {
	mu sync.Mutex
	n  map[string]int
}

func (d *dials) count(dial func(context.Context, string) (net.Conn, error)) func(context.Context, string) (net.Conn, error) {
	d.n = map[string]int{}
	return func(ctx context.Context, address string) (net.Conn, error) {
		d.mu.Lock()
		d.n[address]++
		d.mu.Unlock()
		return dial(ctx, address)
	}
}

func (d *dials) of(address string) int { d.mu.Lock(); defer d.mu.Unlock(); return d.n[address] }

// An address that was heard of once is tried while the notice is fresh, and then no more:
// by now it may belong to somebody else.
func TestHeardAddressGrowsOld(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		news, heard := make(crier), "192.168.1.66:8090"
		var d dials
		f.pc(func(c *client.Config) {
			c.Known.Address, c.Finder = "192.168.1.77:8090", news
			c.Dial = d.count(f.lan.Host("192.168.1.50").Dial)
		})
		news <- discovery.Server{Fingerprint: f.id.Fingerprint(), Name: "SERVER-PC", Addresses: []string{heard}}
		time.Sleep(9 * time.Second)
		fresh := d.of(heard)
		time.Sleep(5 * time.Second)
		grown := d.of(heard)
		time.Sleep(time.Minute)
		if n := d.of(heard); fresh < 5 || n != grown {
			t.Errorf("dialled %d times in 9 s and %d times when it was old", fresh, n-grown)
		}
		if d.of("192.168.1.77:8090") < 60 {
			t.Error("the known address is not tried any more")
		}
	})
}

// Where the server was found is what the next start of the PC knows.
func TestNewAddressIsRemembered(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		f.beacon()
		host := f.lan.Host("192.168.1.50")
		kept := make(chan client.Known, 10)
		p := f.pc(func(c *client.Config) {
			c.Dial, c.Remember = host.Dial, func(k client.Known) { kept <- k }
			f.finder(c, host)
		})
		p.online(t)
		f.host.Move("192.168.1.77")
		p.await(t, "lost", 3*time.Second, is(client.Lost))
		p.online(t)
		p.stop()
		close(kept)
		var last client.Known
		for k := range kept {
			last = k
		}
		if last.Address != "192.168.1.77:8090" || last.Fingerprint != f.id.Fingerprint() || p.Known() != last {
			t.Errorf("remembered %+v, known %+v", last, p.Known())
		}
	})
}

// latecomer is a Trust that learns of a revocation between its first answer and its second.
type latecomer struct {
	*register
	asked int
}

func (l *latecomer) Known(ctx context.Context, fp string) (op.Peer, bool, error) {
	l.mu.Lock()
	l.asked++
	second := l.asked == 2
	l.mu.Unlock()
	if second {
		l.revoke(1)
	}
	return l.register.Known(ctx, fp)
}

var _ pairing.Trust = (*latecomer)(nil)

// A PC that is revoked in the moment it comes in, when nobody could disconnect it yet,
// stays out.
func TestRevokedWhileItComesIn(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		trust := &latecomer{register: f.trust}
		s := server.New(server.Config{Service: f.books, Identity: f.id, Trust: trust, Desk: f.desk, Name: "SERVER-PC", Version: "1.0", Token: "launch"})
		t.Cleanup(s.Close)
		ln, err := f.host.Listen(8091)
		if err != nil {
			t.Fatal(err)
		}
		go s.Serve(ln)
		p := f.pc(func(c *client.Config) { c.Known.Address = "192.168.1.10:8091" })
		_, err = read.Call(patient(t), p, "", ask{"x"})
		mustCode(t, err, core.CodeForbidden)
		p.await(t, "revoked", 10*time.Second, refusedFor(wire.Revoked))
		synctest.Wait()
		if n := s.Count(); n != 0 || f.books.arrived() != 0 {
			t.Errorf("%d clients, %d requests served", n, f.books.arrived())
		}
	})
}
