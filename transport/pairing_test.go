package transport_test

import (
	"context"
	"fmt"
	"net"
	"reflect"
	"sync"
	"testing"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/transport/client"
	"masala/transport/discovery"
	"masala/transport/faultnet/bubble"
	"masala/transport/server"
	"masala/transport/session"
	"masala/transport/wire"
)

func refusedFor(r wire.Reason) func(client.Status) bool {
	return func(s client.Status) bool { return s.State == client.Refused && s.Reason == r && s.Message != "" }
}

func TestPairing(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		var kept []client.Known
		p := f.stranger(fresh(t), func(c *client.Config) {
			c.Name = "Store PC"
			c.Remember = func(k client.Known) { kept = append(kept, k) }
		})
		p.await(t, "unpaired", time.Second, is(client.Unpaired))
		_, err := post.Call(t.Context(), p, "k", ask{"x"})
		mustCode(t, err, core.CodeForbidden)

		mustCode(t, p.Pair(t.Context(), serverAddress, "ABC"), core.CodeInvalid)
		mustCode(t, p.Pair(t.Context(), serverAddress, "0000-0000-0000-0000"), core.CodeForbidden)
		mustCode(t, p.Pair(t.Context(), "192.168.1.10:1", "0000-0000-0000-0000"), core.CodeUnavailable)
		code, _, err := f.desk.Open(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		mustCode(t, p.Pair(t.Context(), serverAddress, "0000-0000-0000-0000"), core.CodeForbidden)
		if len(kept) != 0 || len(f.trust.devices) != 0 {
			t.Fatalf("paired by a wrong code: %v", kept)
		}
		if err := p.Pair(t.Context(), "192.168.1.10", code); err != nil { // port added
			t.Fatal(err)
		}
		p.online(t)
		if len(kept) == 0 || kept[0].Fingerprint != f.id.Fingerprint() || kept[0].Address != serverAddress || kept[0].Name != "SERVER-PC" {
			t.Errorf("remembered %+v", kept)
		}
		if _, err := post.Call(t.Context(), p, "k", ask{"x"}); err != nil {
			t.Error(err)
		}
		if got := f.books.last.Peer; got.Name != "Store PC" || got.Device == 0 || got.Local || got.Address == "" {
			t.Errorf("peer %+v", got)
		}
	})
}

func TestCodeExpires(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.stranger(fresh(t))
		code, _, _ := f.desk.Open(time.Now())
		time.Sleep(10 * time.Minute)
		mustCode(t, p.Pair(t.Context(), serverAddress, code), core.CodeForbidden)
		code, _, _ = f.desk.Open(time.Now())
		guesser := f.stranger(fresh(t))
		for range 20 {
			mustCode(t, guesser.Pair(t.Context(), serverAddress, "0000-0000-0000-0000"), core.CodeForbidden)
		}
		if err := p.Pair(t.Context(), serverAddress, code); err != nil {
			t.Errorf("somebody else has guessed: %v", err)
		}
	})
}

// A man in the middle ends both TLS sessions himself and relays hello and welcome.
func TestRelayedPairingIsRefused(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.stranger(fresh(t))
		mitm := f.lan.Host("192.168.1.66")
		ln, err := mitm.Listen(8090)
		if err != nil {
			t.Fatal(err)
		}
		id := fresh(t)
		relayed := make(chan wire.Welcome, 1)
		go func() {
			ctx := context.Background()
			raw, err := ln.Accept()
			if err != nil {
				return
			}
			toClient, err := session.Accept(ctx, raw, id.ServerTLS())
			if err != nil {
				t.Error(err)
				return
			}
			defer toClient.Close()
			raw, err = mitm.Dial(ctx, serverAddress)
			if err != nil {
				t.Error(err)
				return
			}
			toServer, err := session.Connect(ctx, raw, id.ClientTLS(""))
			if err != nil {
				t.Error(err)
				return
			}
			defer toServer.Close()
			var h wire.Hello
			var w wire.Welcome
			toClient.Receive(&h)
			toServer.Send(h)
			toServer.Receive(&w)
			relayed <- w
			w.Reason = "" // he would like the client to believe him
			toClient.Send(w)
		}()
		code, _, _ := f.desk.Open(time.Now())
		mustCode(t, p.Pair(t.Context(), "192.168.1.66:8090", code), core.CodeForbidden)
		if w := <-relayed; w.Reason != wire.WrongCode || len(w.Proof) != 0 {
			t.Errorf("the server answered the relay with %+v", w)
		}
		if len(f.trust.devices) != 0 {
			t.Error("the man in the middle is paired")
		}
		ln.Close()
	})
}

func TestRevokedDevice(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p, other := f.pc(), f.pc()
		p.online(t)
		other.online(t)
		gate := make(chan struct{})
		f.books.set(func() { f.books.gate = gate })
		done := make(chan error, 1)
		go func() {
			_, err := read.Call(patient(t), p, "", ask{"x"})
			done <- err
		}()
		time.Sleep(time.Second)
		f.trust.revoke(1)
		if n := f.server.Disconnect(1); n != 1 {
			t.Errorf("%d sessions ended", n)
		}
		p.await(t, "revoked", time.Second, refusedFor(wire.Revoked))
		mustCode(t, <-done, core.CodeForbidden)
		close(gate)
		if n := f.count(); n != 1 || !other.Status().Up() {
			t.Errorf("%d clients left", n)
		}
		// Paired again by the Admin, it comes back by itself.
		f.trust.Pair(t.Context(), string(p.id.Fingerprint()), "PC-1")
		p.online(t)
	})
}

func TestRogueServerAtTheAddress(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		f.host.Move("192.168.1.99") // and a rogue takes its place
		rogue := &factory{t: t, lan: f.lan, id: fresh(t), books: newBooks(), trust: f.trust}
		rogue.host = f.lan.Host("192.168.1.10")
		rogue.start()
		defer func() { rogue.server.Close() }()
		p.await(t, "pin mismatch", 10*time.Second, refusedFor(client.PinMismatch))
		if rogue.books.arrived() != 0 || rogue.server.Count() != 0 {
			t.Error("the rogue was talked to")
		}
		p.SetManual("192.168.1.99")
		if d := p.online(t); d > time.Second {
			t.Errorf("manual address took %v", d)
		}
		if s := p.Status(); s.Address != "192.168.1.99:8090" {
			t.Errorf("%+v", s)
		}
	})
}

// A recorded beacon of the real server is played again from a rogue's address.
func TestReplayedBeacon(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		f.beacon()
		spy := f.lan.Host("192.168.1.66")
		conn, _ := spy.ListenBeacons()
		record := make([]byte, 1500)
		n, _, err := conn.ReadFrom(record)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
		f.host.Cut()
		rogue := &factory{t: t, lan: f.lan, id: fresh(t), books: newBooks(), trust: f.trust, host: spy}
		rogue.start()
		defer func() { rogue.server.Close() }()
		play, _ := spy.ListenPacket(0)
		defer play.Close()
		pcHost := f.lan.Host("192.168.1.50")
		p := f.pc(func(c *client.Config) {
			c.Dial = pcHost.Dial
			c.Known.Address = ""
			f.finder(c, pcHost)
		})
		for range 5 {
			play.WriteTo(record[:n], &net.UDPAddr{IP: net.IPv4bcast, Port: 8090})
			time.Sleep(time.Second)
		}
		if s := p.Status(); s.State != client.Searching || len(s.Tried) != 2 || s.Tried[0].Reason != client.PinMismatch || rogue.server.Count() != 0 {
			t.Errorf("%+v", s)
		}
		if list := p.Servers(); len(list) != 1 || list[0].Fingerprint != f.id.Fingerprint() {
			t.Errorf("heard of %+v", list)
		}
		f.host.Mend()
		if d := p.online(t); d > 5*time.Second {
			t.Errorf("the real server was found after %v", d)
		}
	})
}

// TestFault_DifferentVersions: a PC and a server of different versions tell each other at the first
// hello, and the PC says who has to be updated. Nothing is called over that line.
func TestFault_DifferentVersions(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		// answering is a server of another version: it takes the hello and answers so.
		answering := func(host string, w wire.Welcome) (end func() error) {
			ln, err := f.lan.Host(host).Listen(8090)
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				for {
					raw, err := ln.Accept()
					if err != nil {
						return
					}
					go func() {
						l, err := session.Accept(context.Background(), raw, f.id.ServerTLS())
						if err != nil {
							return
						}
						var h wire.Hello
						l.Receive(&h)
						l.Send(w)
						l.Receive(&h)
						l.Close()
					}()
				}
			}()
			return ln.Close
		}
		for _, v := range []struct {
			name string
			host string
			w    wire.Welcome
			want string
		}{
			{"a server of the future that lets us in", "192.168.1.20", wire.Welcome{Protocol: wire.Protocol + 1, Version: "9.0", Server: "NEW"},
				"This PC runs Masala 1.0, the server runs 9.0. Install the server's version on this PC."},
			{"one that says no", "192.168.1.21", wire.Welcome{Protocol: wire.Protocol + 1, Version: "9.0", Server: "NEW", Reason: wire.WrongVersion, Message: wire.VersionMismatch("1.0", "9.0").Message},
				"This PC runs Masala 1.0, the server runs 9.0. Install the server's version on this PC."},
			// What the program with protocol 1 answers, word for word; it is right for its own PCs.
			{"a server of the past", "192.168.1.22", wire.Welcome{Protocol: 1, Version: "0.9", Server: "OLD", Reason: wire.WrongVersion, Message: "This PC runs Masala 1.0, the server runs 0.9. Install the server's version on this PC."},
				"This PC runs Masala 1.0, the server still runs 0.9. Install this PC's version on the server, too."},
		} {
			end := answering(v.host, v.w)
			p := f.pc(func(c *client.Config) { c.Known.Address = v.host + ":8090" })
			p.await(t, v.name, time.Second, refusedFor(wire.WrongVersion))
			if says := p.Status().Message; says != v.want {
				t.Errorf("%s: the PC shows %q", v.name, says)
			}
			_, err := post.Call(t.Context(), p, "k", ask{"x"})
			mustCode(t, err, core.CodeVersion)
			if err.Error() != v.want {
				t.Errorf("%s: %q", v.name, err)
			}
			end()
		}

		// And PCs of other versions at our server. That of the past shows what it is told.
		for i, v := range []struct {
			protocol int
			version  string
		}{{0, "0.1"}, {1, "0.9"}, {wire.Protocol + 1, "9.0"}} {
			host, id := f.lan.Host(fmt.Sprintf("192.168.1.%d", 30+i)), fresh(t)
			f.trust.Pair(t.Context(), string(id.Fingerprint()), "OTHER")
			raw, err := host.Dial(t.Context(), serverAddress)
			if err != nil {
				t.Fatal(err)
			}
			l, err := session.Connect(t.Context(), raw, id.ClientTLS(f.id.Fingerprint()))
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			l.Send(wire.Hello{Protocol: v.protocol, Version: v.version, Want: wire.WantSession})
			var w wire.Welcome
			want := wire.Welcome{Protocol: wire.Protocol, Version: "1.0", Server: "SERVER-PC", Reason: wire.WrongVersion, Message: "This PC runs Masala " + v.version + ", the server runs 1.0. Install the server's version on this PC."}
			if err := l.Receive(&w); err != nil || !reflect.DeepEqual(w, want) {
				t.Errorf("protocol %d: %+v, %v", v.protocol, w, err)
			}
		}
	})
}

func TestLaunchToken(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		local := func(token string) *pc {
			p := f.stranger(fresh(t), func(c *client.Config) { c.Dial = f.host.Dial })
			p.SetLocal("127.0.0.1:49153", token)
			return p
		}
		wrong := local("guess")
		wrong.await(t, "refused", 2*time.Second, refusedFor(wire.WrongToken))
		p := local("launch")
		f.host.Cut() // the server's own window needs no cable
		p.online(t)
		if _, err := post.Call(t.Context(), p, "k", ask{"x"}); err != nil {
			t.Fatal(err)
		}
		if got := f.books.last.Peer; !got.Local || got.Device != 0 || got.Name != "SERVER-PC" {
			t.Errorf("peer %+v", got)
		}
		if n, list := f.count(), f.server.Clients(); n != 0 || len(list) != 1 || !list[0].Peer.Local {
			t.Errorf("count %d, clients %+v", n, list)
		}
		// The token opens the loopback door only.
		f.host.Mend()
		far := f.stranger(fresh(t))
		far.SetLocal(serverAddress, "launch")
		far.await(t, "refused", 2*time.Second, refusedFor(wire.NotPaired))
		// And a PC is not local because its Trust entry says so.
		liar := f.pc()
		f.trust.devices[string(liar.id.Fingerprint())] = op.Peer{Device: 7, Local: true}
		liar.online(t)
		post.Call(t.Context(), liar, "k2", ask{"x"})
		if f.books.last.Peer.Local {
			t.Error("a PC of the LAN passes for the server's own")
		}
	})
}

// A rogue behind the loopback port gets neither token nor window.
func TestRogueOnLoopback(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		s := server.New(server.Config{Service: newBooks(), Identity: fresh(t), Trust: newRegister(), Token: "another"})
		ln, _ := f.host.Listen(7000)
		go s.ServeLocal(ln)
		defer s.Close()
		p := f.stranger(fresh(t), func(c *client.Config) { c.Dial = f.host.Dial })
		p.SetLocal("127.0.0.1:7000", "launch")
		p.await(t, "refused", 2*time.Second, refusedFor(wire.WrongToken))
	})
}

func TestTooManySessionsOfOnePC(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		var runs []*session.Session
		var mu sync.Mutex
		for range server.DefaultLimits.PerDevice + 4 {
			raw, err := p.host.Dial(t.Context(), serverAddress)
			if err != nil {
				t.Fatal(err)
			}
			l, err := session.Connect(t.Context(), raw, p.id.ClientTLS(f.id.Fingerprint()))
			if err != nil {
				t.Fatal(err)
			}
			l.Send(wire.Hello{Protocol: wire.Protocol, Want: wire.WantSession})
			var w wire.Welcome
			if err := l.Receive(&w); err != nil || w.Reason != "" {
				t.Fatalf("%+v %v", w, err)
			}
			run, err := l.Start(session.ClientOptions(nil))
			if err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			runs = append(runs, run)
			mu.Unlock()
		}
		time.Sleep(time.Second)
		if n := len(f.server.Clients()); n != server.DefaultLimits.PerDevice || f.server.Count() != 1 {
			t.Errorf("%d sessions, %d PCs", n, f.server.Count())
		}
		for _, r := range runs {
			r.Close()
		}
	})
}

// crier is a Finder that is told what to hear.
type crier chan discovery.Server

func (c crier) Found() <-chan discovery.Server { return c }
func (c crier) Probe(string)                   {}

// A PC that invents hundreds of servers does not hide the own one, whose address has
// changed meanwhile.
func TestInventedServersDoNotHideTheOwn(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		news := make(crier)
		p := f.pc(func(c *client.Config) { c.Known.Address, c.Finder = "192.168.1.77:8090", news })
		for i := range 300 {
			news <- discovery.Server{Fingerprint: fresh(t).Fingerprint(), Name: fmt.Sprint("ROGUE-", i), Addresses: []string{"192.168.1.66:8090"}}
		}
		news <- discovery.Server{Fingerprint: f.id.Fingerprint(), Name: "SERVER-PC", Addresses: []string{serverAddress}}
		if d := p.online(t); d > time.Second {
			t.Errorf("found after %v", d)
		}
		if n := len(p.Servers()); n > 65 {
			t.Errorf("%d servers are remembered", n)
		}
	})
}
