package node_test

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/health"
	"masala/core/purchase"
	"masala/core/system"
	"masala/platform/paths"
	"masala/transport/discovery"
	"masala/transport/identity"
	"masala/transport/node"
	"masala/transport/session"
	"masala/transport/wire"
)

var attacks = []attack{
	{"connections that say nothing", func(ctx context.Context, a *attacker) {
		a.holds(a.dial(ctx), strangerTime)
		newcomer := make(chan time.Duration, 1)
		go func() {
			pause(ctx, a.length/3)
			began := time.Now()
			a.join(nil)
			newcomer <- time.Since(began)
		}()
		flood(ctx, a, 12, 40, drain)
		if d := <-newcomer; d > 3*time.Second {
			a.t.Errorf("a PC that came in the middle of it was served after %v", d)
		}
	}, []string{"too_many_connections"}},
	{"a byte now and then", func(ctx context.Context, a *attacker) {
		hello := []byte{22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3}
		slow := func(c net.Conn) {
			for _, b := range hello {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				pause(ctx, 100*time.Millisecond)
			}
		}
		if c := a.dial(ctx); c != nil {
			go slow(c)
			a.holds(c, strangerTime)
		}
		flood(ctx, a, 4, 20, slow)
	}, []string{"no_handshake"}},
	{"other programs and noise", func(ctx context.Context, a *attacker) {
		flood(ctx, a, 1, 8, func(c net.Conn) {
			junk := make([]byte, 2000)
			_, _ = rand.Read(junk)
			for _, b := range [][]byte{[]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), junk} {
				_, _ = c.Write(b)
			}
			drain(c)
		})
	}, []string{"no_handshake"}},
	{"a PC that is not paired", func(ctx context.Context, a *attacker) {
		a.keepsKnocking(ctx, a.fresh(), wire.Hello{Protocol: wire.Protocol, Want: wire.WantSession, Name: "STRANGER"}, wire.NotPaired)
	}, []string{"not_paired"}},
	{"a PC with the launch token's door", func(ctx context.Context, a *attacker) {
		a.keepsKnocking(ctx, a.fresh(), wire.Hello{Protocol: wire.Protocol, Want: wire.WantLocal, Proof: []byte(a.at.Token)}, wire.NotPaired)
	}, []string{"not_paired"}},
	{"a stolen key that was revoked", func(ctx context.Context, a *attacker) {
		stolen := a.pair()
		id := a.identityOf(stolen)
		link := a.insider(ctx, id)
		run, err := link.Start(session.ClientOptions(nil))
		if err != nil {
			a.t.Fatal(err)
		}
		devices := must[account.ListDevicesResp](a.t)(account.ListDevices.Call(ctx, a.own, "", account.ListDevicesReq{}))
		i := slices.IndexFunc(devices.Devices, func(d account.Device) bool { return d.Fingerprint == string(id.Fingerprint()) })
		if i < 0 {
			a.t.Fatalf("the stolen PC is not in the list %+v", devices.Devices)
		}
		must[account.Done](a.t)(account.RevokeDevice.Call(ctx, a.own, uuid.NewString(), account.RevokeDeviceReq{ID: devices.Devices[i].ID}))
		select {
		case <-run.Done():
		case <-time.After(3 * time.Second):
			a.t.Error("its open session goes on")
		}
		run.Close()
		a.keepsKnocking(ctx, id, wire.Hello{Protocol: wire.Protocol, Want: wire.WantSession}, wire.Revoked)
	}, []string{"revoked"}},
	{"clients of other versions", func(ctx context.Context, a *attacker) {
		id := a.identityOf(a.pair())
		half, cancel := context.WithCancel(ctx)
		time.AfterFunc(200*time.Millisecond, cancel)
		a.keepsKnocking(half, id, wire.Hello{Protocol: 0, Version: "0.1", Want: wire.WantSession}, wire.WrongVersion)
		a.keepsKnocking(ctx, id, wire.Hello{Protocol: 99, Version: "9.0", Want: wire.WantSession}, wire.WrongVersion)
	}, []string{"wrong_version"}},
	{"hello frames of four gigabytes", func(ctx context.Context, a *attacker) {
		id := a.fresh()
		flood(ctx, a, 1, 4, func(c net.Conn) {
			s := tls.Client(c, id.ClientTLS(""))
			if s.Handshake() != nil {
				return
			}
			_, _ = s.Write(binary.BigEndian.AppendUint32(nil, 1<<32-1))
			for range 64 {
				if _, err := s.Write(make([]byte, 16<<10)); err != nil {
					return
				}
			}
			drain(c)
		})
	}, []string{"no_hello"}},
	{"guessed pairing codes", func(ctx context.Context, a *attacker) {
		code := must[account.OpenPairingResp](a.t)(account.OpenPairing.Call(ctx, a.own, "", account.OpenPairingReq{})).Code
		a.keepsKnocking(ctx, a.fresh(), wire.Hello{Protocol: wire.Protocol, Want: wire.WantPair, Proof: make([]byte, 32)}, wire.WrongCode)
		honest := must[*node.Line](a.t)(node.NewLine(node.LineOptions{Setup: &node.SetupFile{Folder: paths.Folder(a.t.TempDir())}, Log: quiet}))
		if err := honest.Pair(a.ctx, a.at.LAN, code); err != nil {
			a.t.Errorf("somebody else has guessed, and the right code does not pair: %v", err)
		}
		h := must[system.Health](a.t)(system.GetHealth.Call(a.ctx, a.own, "", system.GetHealthReq{}))
		i := slices.IndexFunc(h.Checks, func(c health.Check) bool { return c.Code == "pairing" })
		if i < 0 || h.Checks[i].OK || !strings.HasSuffix(h.Checks[i].Says, "wrong codes were tried, the last from "+a.from+". The right one still works.") {
			a.t.Errorf("the Admin is not told: %+v", h.Checks)
		}
	}, []string{"wrong_code"}},
	{"frames that are no yamux", func(ctx context.Context, a *attacker) {
		id := a.identityOf(a.pair())
		for round := 0; ctx.Err() == nil; round++ {
			notYamux(ctx, a, id, round == 0)
		}
	}, []string{"bad_frames"}},
	{"requests that never end", func(ctx context.Context, a *attacker) {
		id := a.identityOf(a.pair())
		most := 0
		for ctx.Err() == nil {
			most = max(most, neverEnd(ctx, a, id))
			pause(ctx, 50*time.Millisecond) // slower than would be turned away
		}
		a.t.Logf("a session opened up to %d streams before it was ended", most)
	}, []string{"too_many_streams"}},
	{"requests of many megabytes", func(ctx context.Context, a *attacker) {
		pc := a.join(nil)
		huge := []byte(`{"query":"` + strings.Repeat("x", wire.MaxRequest) + `"}`)
		for ctx.Err() == nil {
			if _, err := pc.Call(a.ctx, "stock.list_lots", "", huge); core.CodeOf(err) != core.CodeInvalid {
				a.t.Fatalf("answered %v", err)
			}
		}
	}, []string{"too_large"}},
	{"guessed passwords", func(ctx context.Context, a *attacker) {
		pc := a.join(nil)
		var tried, waited atomic.Int64
		var all sync.WaitGroup
		for g := range 10 {
			all.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					_, err := account.Login.Call(a.ctx, pc, "", account.LoginReq{Login: "owner", Password: fmt.Sprintf("guess-%d-%d", g, n)})
					switch {
					case core.CodeOf(err) != core.CodeUnauthenticated:
						a.t.Errorf("a guess is answered %v", err)
						return
					case strings.Contains(err.Error(), "Too many wrong tries."):
						waited.Add(1)
					default:
						tried.Add(1)
					}
				}
			})
		}
		all.Wait()
		if tried.Load() > 8 || waited.Load() < 20 {
			a.t.Errorf("%d guesses were compared, %d had to wait", tried.Load(), waited.Load())
		}
		if _, err := account.Login.Call(a.ctx, pc, "", account.LoginReq{Login: "owner", Password: password}); core.CodeOf(err) != core.CodeUnauthenticated {
			a.t.Errorf("the right password from the guessing PC, at once: %v", err)
		}
		a.join(nil) // the owner at another PC does not notice
	}, []string{"wrong_password"}},
	{"a recorded session played again", func(ctx context.Context, a *attacker) {
		pc := a.pair()
		bytes := a.record(pc)
		for ctx.Err() == nil {
			raw := a.dial(ctx)
			if raw == nil {
				pause(ctx, 5*time.Millisecond)
				continue
			}
			_, _ = raw.Write(bytes)
			drain(raw)
			_ = raw.Close()
			pause(ctx, 5*time.Millisecond)
		}
	}, []string{"no_handshake"}},
	{"false and recorded beacons", func(_ context.Context, a *attacker) { a.beacons() }, []string{"another"}},
}

// notYamux opens sessions as a paired PC and sends on each what is no frame, or none that
// makes sense.
func notYamux(ctx context.Context, a *attacker, id *identity.Identity, first bool) {
	for _, frame := range [][]byte{
		make([]byte, 4096), // version 0, data, of nothing
		slices.Repeat([]byte{0xff}, 4096),
		{0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff}, // data, SYN, four gigabytes
		{0, 1, 0, 1, 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff}, // a window of four gigabytes
		{0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},             // no such type
	} {
		raw := a.dial(ctx)
		if raw == nil {
			continue
		}
		s := tls.Client(raw, id.ClientTLS(""))
		var w wire.Welcome
		err := errors.Join(s.Handshake(), wire.WriteFrame(s, wire.Hello{Protocol: wire.Protocol, Want: wire.WantSession}))
		if err == nil {
			err = wire.ReadFrame(s, &w)
		}
		if first && (err != nil || w.Reason != "") {
			a.t.Errorf("a paired PC is answered %+v, %v", w, err)
		}
		_, _ = s.Write(frame)
		if first {
			a.holds(raw, wire.ServerDead)
			continue
		}
		_ = raw.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		drain(raw)
		_ = raw.Close()
	}
}

// neverEnd opens requests on one session, none of which comes to its end, until the server
// ends it, and returns how many there were.
func neverEnd(ctx context.Context, a *attacker, id *identity.Identity) (opened int) {
	link, w := a.knock(ctx, id, wire.Hello{Protocol: wire.Protocol, Want: wire.WantSession, Name: "INSIDER"})
	if link == nil || w.Reason != "" {
		return 0 // too many at once
	}
	run, err := link.Start(session.ClientOptions(nil))
	if err != nil {
		a.t.Error(err)
		return 0
	}
	defer run.Close()
	for opened < 40_000 {
		octx, cancel := context.WithTimeout(a.ctx, 10*time.Second) // a server that is starved, and no refusal
		s, err := run.Open(octx)
		cancel()
		if err != nil {
			break
		}
		switch opened++; opened % 3 {
		case 0: // a stream without a request
		case 1:
			_, _ = io.WriteString(s, "POST /call/stock.list_lots HTTP/1.1\r\nHost: m")
		case 2:
			_, _ = io.WriteString(s, "POST /call/stock.list_lots HTTP/1.1\r\nHost: m\r\nContent-Length: 1000\r\nMasala-Protocol: 1\r\n\r\n{")
		}
	}
	select {
	case <-run.Done():
	case <-time.After(10 * time.Second):
		a.t.Errorf("a session with %d streams goes on", opened)
	}
	if opened <= wire.MaxStreams/2 {
		a.t.Errorf("a session was ended at %d streams", opened)
	}
	return opened
}

// record has a paired PC log in and post through a wire tap, and returns all it sent.
func (a *attacker) record(pc *node.SetupFile) []byte {
	tap, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		a.t.Fatal(err)
	}
	defer tap.Close()
	heard := make(chan []byte, 1)
	go func() {
		in, err := tap.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp4", a.at.LAN)
		if err != nil {
			return
		}
		go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		var all []byte
		buf := make([]byte, 32<<10)
		for {
			n, err := in.Read(buf)
			all = append(all, buf[:n]...)
			_, _ = out.Write(buf[:n])
			if err != nil {
				_ = out.Close()
				heard <- all
				return
			}
		}
	}()
	if err := pc.Change(func(s *node.Setup) { s.Server.Address = tap.Addr().String() }); err != nil {
		a.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(a.ctx)
	l, err := node.Dial(ctx, node.LineOptions{Setup: pc, Log: quiet}, 10*time.Second)
	if err != nil {
		a.t.Fatal(err)
	}
	in := must[account.LoginResp](a.t)(account.Login.Call(ctx, l, "", account.LoginReq{Login: "owner", Password: password}))
	l.SetToken(in.Token)
	req := a.books.delivery()
	must[purchase.PostGRNResp](a.t)(purchase.PostGRN.Call(ctx, l, uuid.NewString(), req))
	a.extra = append(a.extra, req.InvoiceNo)
	_ = tap.Close()
	cancel()
	select {
	case all := <-heard:
		return all
	case <-time.After(10 * time.Second):
		a.t.Fatal("the tap heard no end")
		return nil
	}
}

// beacons floods the network with servers that are none and with what the real one
// once said. A PC that has to look for its server finds it nevertheless.
func (a *attacker) beacons() {
	ctx, cancel := context.WithCancel(a.ctx)
	ear, err := a.network.ListenBeacons()
	if err != nil {
		a.t.Fatal(err)
	}
	defer ear.Close()
	var rogues sync.WaitGroup
	defer rogues.Wait()
	defer cancel()
	for i := range 100 {
		b := &discovery.Beacon{Identity: a.fresh(), Name: fmt.Sprintf("ROGUE-%d", i), Port: 9, Network: a.network}
		rogues.Go(func() { b.Run(ctx) })
	}
	told := func() uint64 { return a.own.State().Revisions[system.TopicServer] } // by anything but the work of the others
	before := told()
	mouth, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		a.t.Fatal(err)
	}
	defer mouth.Close()
	var notices [][]byte
	buf := make([]byte, 1500)
	_ = ear.SetReadDeadline(time.Now().Add(3 * time.Second))
	for own := false; !own || len(notices) < 50; {
		n, _, err := ear.ReadFrom(buf)
		if err != nil {
			break
		}
		notices = append(notices, slices.Clone(buf[:n]))
		own = own || !strings.Contains(string(buf[:n]), "ROGUE-")
	}
	if len(notices) < 50 {
		a.t.Fatalf("heard %d notices", len(notices))
	}
	// What the real server once said, of an address it no longer has: every second datagram.
	stale := a.stale()
	for i := 0; i < len(notices); i += 2 {
		notices[i] = stale
	}
	lost := a.pair()
	if err := lost.Change(func(s *node.Setup) { s.Server.Address = "127.0.0.1:9" }); err != nil { // it knows an old address
		a.t.Fatal(err)
	}
	found := make(chan error, 1)
	go func() {
		_, err := node.Dial(a.ctx, node.LineOptions{Setup: lost, Network: a.network, Log: quiet}, 15*time.Second)
		found <- err
	}()
	began := time.Now()
	for i := 0; time.Since(began) < a.length; i++ {
		for _, to := range slices.Concat(a.network.BeaconTargets(), a.network.ProbeTargets()) {
			_, _ = mouth.WriteTo(notices[i%len(notices)], net.UDPAddrFromAddrPort(to))
		}
		if i%20 == 0 {
			pause(ctx, time.Millisecond)
		}
	}
	if err := <-found; err != nil {
		a.t.Errorf("a PC that looks for its server among rogues: %v", err)
	}
	if got := a.log.holding("another server on this network"); len(got) == 0 {
		a.t.Error("the log does not tell of other servers")
	}
	warned := ""
	for _, w := range a.own.State().Warnings {
		if w.Code == "server.second" {
			warned = w.Text
		}
	}
	if !strings.Contains(warned, "ROGUE-") || len(warned) > 400 {
		a.t.Errorf("the Admin is warned: %q", warned)
	}
	if n := told() - before; n > 40 {
		a.t.Errorf("every window was told %d times", n)
	}
}

// stale is a notice signed by the real server, with a port where nothing listens.
func (a *attacker) stale() []byte {
	raw, err := os.ReadFile(a.folder.Identity())
	if err != nil {
		a.t.Fatal(err)
	}
	id, err := identity.Decode(raw)
	if err != nil {
		a.t.Fatal(err)
	}
	then := &discovery.Loopback{}
	ear, err := then.ListenBeacons()
	if err != nil {
		a.t.Fatal(err)
	}
	defer ear.Close()
	ctx, cancel := context.WithCancel(a.ctx)
	var beacon sync.WaitGroup
	beacon.Go(func() { (&discovery.Beacon{Identity: id, Name: "THEN", Port: 9, Network: then}).Run(ctx) })
	defer beacon.Wait()
	defer cancel()
	buf := make([]byte, 1500)
	_ = ear.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, _, err := ear.ReadFrom(buf)
	if err != nil {
		a.t.Fatal(err)
	}
	return buf[:n]
}
