package discovery

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
)

// Finder is the client's side: it asks, and hears beacons and replies. Make it
// with NewFinder, then Run it.
type Finder struct {
	network Network
	rand    io.Reader
	log     *slog.Logger
	found   chan Server
	asks    chan string // last addresses to ask

	mu     sync.Mutex
	nonces [4]string // of the latest probes: a reply may come late
	next   int
	report Report
}

// NewFinder returns a finder on the network; nonces come from random (nil:
// crypto/rand), log may be nil.
func NewFinder(n Network, random io.Reader, log *slog.Logger) *Finder {
	if random == nil {
		random = rand.Reader
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Finder{network: n, rand: random, log: log, found: make(chan Server, 32), asks: make(chan string, 1)}
}

// Found carries every server heard of, again and again; what nobody reads is lost.
func (f *Finder) Found() <-chan Server { return f.found }

// Probe asks for servers now: on every interface, and at the host of last
// ("host:port" with an IPv4 address, or "").
func (f *Finder) Probe(last string) {
	select {
	case f.asks <- last:
	default: // the question before is not out yet
	}
}

// Run listens until ctx ends. Either socket may fail for good, as behind a
// firewall: the other still finds the server.
func (f *Finder) Run(ctx context.Context) {
	var tasks sync.WaitGroup
	defer tasks.Wait()
	tasks.Go(func() {
		serve(ctx, f.network.ListenBeacons, f.failed("beacons", func(r *Report, err error) { r.NoBeacon = err }), func(conn net.PacketConn) error {
			f.note(func(r *Report) { r.NoBeacon = nil })
			return receive(conn, func(b []byte, from net.Addr) { f.hear(b, from, false) })
		})
	})
	serve(ctx, f.network.ListenProbe, f.failed("probes", func(r *Report, err error) { r.NoAsking = err }), func(conn net.PacketConn) error {
		f.note(func(r *Report) { r.NoAsking = nil })
		actx, cancel := context.WithCancel(ctx)
		var asking sync.WaitGroup
		asking.Go(func() { f.ask(actx, conn) })
		err := receive(conn, func(b []byte, from net.Addr) { f.hear(b, from, true) })
		cancel()
		asking.Wait()
		return err
	})
}

// failed logs the first failure of a socket, not each second's.
func (f *Finder) failed(what string, note func(*Report, error)) func(error) {
	told := false
	return func(err error) {
		f.note(func(r *Report) { note(r, err) })
		if !told {
			f.log.Warn("discovery socket failed", "socket", what, "err", err)
		}
		told = true
	}
}

func (f *Finder) ask(ctx context.Context, conn net.PacketConn) {
	for {
		select {
		case <-ctx.Done():
			return
		case last := <-f.asks:
			nonce, err := f.nonce()
			if err != nil {
				f.log.Error("no randomness for a probe", "err", err)
				continue
			}
			targets := f.network.ProbeTargets()
			networks := len(targets)
			if to, err := netip.ParseAddrPort(last); err == nil && to.Addr().Is4() {
				targets = append(targets, to) // UDP has the port of TCP
			}
			b := encodeProbe(nonce)
			errs := make([]error, len(targets))
			for i, to := range targets {
				_, errs[i] = conn.WriteTo(b, net.UDPAddrFromAddrPort(to)) // fails on an adapter that is down
			}
			f.noteAsked(targets[:networks], errs)
		}
	}
}

func (f *Finder) nonce() (string, error) {
	raw := make([]byte, 16)
	if _, err := io.ReadFull(f.rand, raw); err != nil {
		return "", err
	}
	nonce := base64.RawStdEncoding.EncodeToString(raw)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.nonces[f.next%len(f.nonces)] = nonce
	f.next++
	return nonce, nil
}

func (f *Finder) asked(nonce string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, n := range f.nonces {
		if n != "" && n == nonce {
			return true
		}
	}
	return false
}

// hear takes a notice; on the probing socket only one that answers our probe.
func (f *Finder) hear(b []byte, from net.Addr, reply bool) {
	s, nonce, err := decodeNotice(b, sourceOf(from))
	if err != nil || reply && !f.asked(nonce) {
		return
	}
	f.note(func(r *Report) { r.Answered, r.Heard = r.Answered || reply, r.Heard || !reply })
	select {
	case f.found <- s:
	default:
	}
}
