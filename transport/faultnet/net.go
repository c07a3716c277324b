// Package faultnet is a LAN in memory: hosts with an address each, joined by one
// switch, with TCP-like connections and UDP-like datagrams between them, and every
// fault a factory's cabling knows. It waits only on channels and on package time,
// so a whole factory of it runs in virtual time inside a testing/synctest bubble.
package faultnet

import (
	"io"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"
)

// Net is one LAN. One lock guards it wholly; nothing waits while holding it.
type Net struct {
	mu    sync.Mutex
	rng   *rand.Rand
	down  bool // the switch is dead
	hosts []*Host
	pipes map[*pipe]struct{}
}

// New returns an empty LAN whose chances come from seed.
func New(seed uint64) *Net {
	return &Net{rng: rand.New(rand.NewPCG(seed, 0x6d6173616c61)), pipes: map[*pipe]struct{}{}}
}

// Host is one PC on the LAN. It keeps its faults when it is cut or moved.
type Host struct {
	net       *Net
	addr      netip.Addr
	cut       bool
	deaf      bool
	mute      bool
	delay     time.Duration
	jitter    time.Duration
	loss      float64
	listeners map[uint16]*listener
	packets   map[uint16][]*packetConn
	ephemeral uint16
}

// Host plugs a PC with that IPv4 address into the switch.
func (n *Net) Host(addr string) *Host {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := &Host{net: n, addr: netip.MustParseAddr(addr), ephemeral: 49152,
		listeners: map[uint16]*listener{}, packets: map[uint16][]*packetConn{}}
	n.hosts = append(n.hosts, h)
	return h
}

// Addr is the address of the host now.
func (h *Host) Addr() netip.Addr { h.net.mu.Lock(); defer h.net.mu.Unlock(); return h.addr }

// change alters faults and lets everyone who waits look again.
func (n *Net) change(fn func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	fn()
	for p := range n.pipes {
		p.notify()
	}
}

// SwitchOff kills the switch: nobody reaches anybody but himself.
func (n *Net) SwitchOff() { n.change(func() { n.down = true }) }

// SwitchOn repairs it.
func (n *Net) SwitchOn() { n.change(func() { n.down = false }) }

// Cut pulls the host's cable: bytes on their way wait, as TCP would send them
// again; nobody is told.
func (h *Host) Cut() { h.net.change(func() { h.cut = true }) }

// Mend plugs the cable in again.
func (h *Host) Mend() { h.net.change(func() { h.cut = false }) }

// Deaf lets the host send but hear nothing: answers are lost.
func (h *Host) Deaf(on bool) { h.net.change(func() { h.deaf = on }) }

// Mute lets the host hear but send nothing, as one whose process is stopped.
func (h *Host) Mute(on bool) { h.net.change(func() { h.mute = on }) }

// Delay makes every byte and datagram from and to the host late by d, plus up to
// jitter. Order on a connection is kept.
func (h *Host) Delay(d, jitter time.Duration) {
	h.net.change(func() { h.delay, h.jitter = d, jitter })
}

// Loss drops datagrams from and to the host with that probability. Connections
// see loss as lateness: use Delay, or Cut for a while.
func (h *Host) Loss(p float64) { h.net.change(func() { h.loss = p }) }

// Move gives the host another address. Connections of the old one hang.
func (h *Host) Move(addr string) {
	to := netip.MustParseAddr(addr)
	h.net.change(func() { h.addr = to })
}

// Reset breaks every connection of the host, bytes on their way included.
func (h *Host) Reset() {
	h.net.change(func() {
		for p := range h.net.pipes {
			if p.from.host == h || p.to.host == h {
				p.reset = true
			}
		}
	})
}

// Kill ends the host's process: connections break, ports close.
func (h *Host) Kill() {
	h.Reset()
	h.net.mu.Lock()
	var open []io.Closer
	for _, l := range h.listeners {
		open = append(open, l)
	}
	for _, list := range h.packets {
		for _, p := range list {
			open = append(open, p)
		}
	}
	h.net.mu.Unlock()
	for _, c := range open {
		_ = c.Close()
	}
}

// reaches reports whether a byte can go from one place to the other now.
func (n *Net) reaches(from, to place) bool {
	if from.addr != from.host.addr || to.addr != to.host.addr {
		return false
	}
	if from.host == to.host {
		return true // a PC talks to itself without any cable
	}
	return !n.down && !from.host.cut && !to.host.cut && !from.host.mute && !to.host.deaf
}

// lateness draws how long a byte takes from one place to the other.
func (n *Net) lateness(from, to place) time.Duration {
	d := time.Duration(0)
	if from.host == to.host {
		return d
	}
	for _, h := range []*Host{from.host, to.host} {
		d += h.delay
		if h.jitter > 0 {
			d += time.Duration(n.rng.Int64N(int64(h.jitter)))
		}
	}
	return d
}

func (n *Net) find(addr netip.Addr) *Host {
	for _, h := range n.hosts {
		if h.addr == addr {
			return h
		}
	}
	return nil
}

// port draws a free port for an outgoing connection or socket.
func (h *Host) port() uint16 {
	if h.ephemeral++; h.ephemeral < 49152 {
		h.ephemeral = 49152
	}
	return h.ephemeral
}

// place is one end of a connection: a host under the address it had then.
type place struct {
	host *Host
	addr netip.Addr
	port uint16
}
