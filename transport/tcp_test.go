package transport_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"masala/transport/client"
	"masala/transport/discovery"
	"masala/transport/faultnet/bubble"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/server"
	"masala/transport/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shop is a server on real sockets of the loopback interface.
type shop struct {
	id      *identity.Identity
	books   *books
	trust   *register
	desk    *pairing.Desk
	server  *server.Server
	address string
	network *discovery.Loopback
}

func newShop(t testing.TB, limits server.Limits) *shop {
	t.Helper()
	bubble.RealTime(t, session.StreamClose)
	s := &shop{id: fresh(t), books: newBooks(), trust: newRegister(), network: &discovery.Loopback{}, desk: pairing.NewDesk(rand.Reader)}
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = ln.Addr().String()
	s.server = server.New(server.Config{Service: s.books, Identity: s.id, Trust: s.trust, Desk: s.desk, Name: "S", Version: "1.0", Limits: limits})
	ctx, cancel := context.WithCancel(context.Background())
	b := &discovery.Beacon{Identity: s.id, Name: "S", Port: uint16(ln.Addr().(*net.TCPAddr).Port), Network: s.network}
	var tasks sync.WaitGroup
	tasks.Go(func() { s.server.Serve(ln) })
	tasks.Go(func() { b.Run(ctx) })
	t.Cleanup(func() { cancel(); s.server.Close(); tasks.Wait() })
	return s
}

// join connects a paired client. Without address it has to find the server.
func (s *shop) join(t testing.TB, address string) *client.Client {
	t.Helper()
	id := fresh(t)
	s.trust.Pair(t.Context(), string(id.Fingerprint()), "PC")
	f := discovery.NewFinder(s.network, nil, nil)
	c := client.New(client.Config{Identity: id, Name: "PC", Version: "1.0", Finder: f,
		Known: client.Known{Fingerprint: s.id.Fingerprint(), Address: address},
		Dial: func(ctx context.Context, a string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "tcp4", a)
		}})
	ctx, cancel := context.WithCancel(context.Background())
	var tasks sync.WaitGroup
	tasks.Go(func() { c.Run(ctx) })
	tasks.Go(func() { f.Run(ctx) })
	t.Cleanup(func() { cancel(); tasks.Wait() })
	return c
}

func TestFoundAndServedOnRealSockets(t *testing.T) {
	s := newShop(t, server.Limits{})
	c := s.join(t, "")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if a, err := post.Call(ctx, c, "k", ask{"x"}); err != nil || a.Text != "x" {
		t.Fatalf("%v, %v", a, err)
	}
	if list := c.Servers(); len(list) != 1 || list[0].Name != "S" {
		t.Errorf("heard of %+v", list)
	}
	if err := s.server.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

func TestFiftyClientsAtOnce(t *testing.T) {
	s := newShop(t, server.Limits{Handshakes: 256, PerAddress: 256, PerDevice: 4})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var all sync.WaitGroup
	for i := range 50 {
		c := s.join(t, s.address)
		all.Go(func() {
			for k := range 5 {
				if _, err := post.Call(ctx, c, fmt.Sprintf("%d-%d", i, k), ask{"x"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	s.books.once(t, 250)
	if n := s.server.Count(); n != 50 {
		t.Errorf("%d clients", n)
	}
}

// Everything that is not a client is thrown at the port while a client works.
func TestGarbageDisturbsNobody(t *testing.T) {
	s := newShop(t, server.Limits{Handshakes: 64, PerAddress: 48, PerDevice: 4})
	c := s.join(t, s.address)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := read.Call(ctx, c, "", ask{"x"}); err != nil {
		t.Fatal(err)
	}
	rng := mathrand.New(mathrand.NewPCG(1, 2))
	hello := []byte{22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3}
	var throwing sync.WaitGroup
	for i := range 200 {
		junk := make([]byte, rng.IntN(3000))
		rand.Read(junk)
		switch i % 4 {
		case 0:
			junk = []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		case 1:
			junk = append(append([]byte{}, hello...), junk...)
		case 2:
			junk = junk[:min(len(junk), 3)] // and then silence
		}
		throwing.Go(func() {
			raw, err := net.Dial("tcp4", s.address)
			if err != nil {
				return
			}
			defer raw.Close()
			raw.Write(junk)
			raw.SetReadDeadline(time.Now().Add(4 * time.Second))
			began := time.Now()
			io.Copy(io.Discard, raw)
			if d := time.Since(began); d > 3800*time.Millisecond {
				t.Errorf("a stranger held a connection for %v", d)
			}
		})
	}
	stop := make(chan struct{})
	go func() { throwing.Wait(); close(stop) }()
	for n := 0; ; n++ {
		began := time.Now()
		if _, err := post.Call(ctx, c, fmt.Sprint(n), ask{"x"}); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(began); d > time.Second {
			t.Errorf("a call took %v under garbage", d)
		}
		select {
		case <-stop:
			if st := c.Status(); !st.Up() || s.server.Count() != 1 {
				t.Errorf("%+v", st)
			}
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func BenchmarkCall(b *testing.B) {
	s := newShop(b, server.Limits{})
	c := s.join(b, s.address)
	body := []byte(`{"Text":"` + fmt.Sprintf("%0900d", 0) + `"}`)
	if _, err := c.Call(b.Context(), "test.read", "", body); err != nil {
		b.Fatal(err)
	}
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			if _, err := c.Call(b.Context(), "test.read", "", body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.SetParallelism(8)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := c.Call(context.Background(), "test.read", "", body); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}
