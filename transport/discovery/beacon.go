package discovery

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"masala/transport/identity"
)

// Timings.
const (
	BeaconEvery = 2 * time.Second
	// hearBudget bounds the datagrams heard between two beacons: a storm of probes is
	// not answered by a storm of replies.
	hearBudget = 400
)

// Beacon makes a server findable.
type Beacon struct {
	Identity *identity.Identity
	Name     string
	Version  string
	Port     uint16 // TCP port of the calls
	Network  Network
	Log      *slog.Logger // nil: none
	// OnOther is called for every notice of another server on this LAN, so that
	// both Admins learn of a second server; may be nil.
	OnOther func(Server)
}

// Run sends beacons and answers probes until ctx ends. It survives sockets that
// cannot be opened: clients then still find the server by its last address.
func (b *Beacon) Run(ctx context.Context) {
	log := b.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	told := false
	failed := func(err error) {
		if !told {
			log.Warn("discovery socket failed", "err", err)
		}
		told = true
	}
	serve(ctx, b.Network.ListenServer, failed, func(conn net.PacketConn) error {
		told = false
		t := &talk{Beacon: b, conn: conn, budget: hearBudget}
		tctx, cancel := context.WithCancel(ctx)
		var beacons sync.WaitGroup
		beacons.Go(func() { t.beacons(tctx) })
		err := receive(conn, t.hear)
		cancel()
		beacons.Wait()
		return err
	})
}

// talk is a Beacon on one socket.
type talk struct {
	*Beacon
	conn   net.PacketConn
	mu     sync.Mutex
	budget int
}

func (t *talk) beacons(ctx context.Context) {
	tick := time.NewTicker(BeaconEvery)
	defer tick.Stop()
	for {
		t.mu.Lock()
		t.budget = hearBudget
		t.mu.Unlock()
		if b, err := t.notice(""); err == nil {
			for _, to := range t.Network.BeaconTargets() {
				_, _ = t.conn.WriteTo(b, net.UDPAddrFromAddrPort(to)) // an adapter that is down; next in two seconds
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (t *talk) notice(nonce string) ([]byte, error) {
	addresses := t.Network.Addresses()
	if len(addresses) > maxAddresses {
		addresses = addresses[:maxAddresses]
	}
	return encodeNotice(notice{Name: t.Name, Version: cut(t.Version, 32), Port: t.Port, Addresses: addresses, Nonce: nonce}, t.Identity)
}

// hear answers a probe, and passes on what another server says. Both cost a signature
// to make or to check, so both are bounded.
func (t *talk) hear(b []byte, from net.Addr) {
	t.mu.Lock()
	t.budget--
	may := t.budget >= 0
	t.mu.Unlock()
	if !may {
		return
	}
	if nonce, err := decodeProbe(b); err == nil {
		if reply, err := t.notice(nonce); err == nil {
			_, _ = t.conn.WriteTo(reply, from)
		}
		return
	}
	if t.OnOther == nil {
		return
	}
	if s, _, err := decodeNotice(b, sourceOf(from)); err == nil && s.Fingerprint != t.Identity.Fingerprint() {
		t.OnOther(s)
	}
}
