package faultnet

import (
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

type datagram struct {
	data []byte
	from net.Addr
}

type packetConn struct {
	host  *Host
	port  uint16
	queue chan datagram

	mu      sync.Mutex
	closed  bool
	until   time.Time
	changed chan struct{} // closed at Close and when the deadline moves
}

// ListenPacket opens a UDP port of the host; 0 picks one. Several sockets may
// share a port: each gets every datagram sent to it.
func (h *Host) ListenPacket(port uint16) (net.PacketConn, error) {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	if port == 0 {
		port = h.port()
	}
	c := &packetConn{host: h, port: port, queue: make(chan datagram, 64), changed: make(chan struct{})}
	h.packets[port] = append(h.packets[port], c)
	return c, nil
}

func (c *packetConn) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		c.mu.Lock()
		closed, until, changed := c.closed, c.until, c.changed
		c.mu.Unlock()
		if closed {
			return 0, nil, net.ErrClosed
		}
		var expired <-chan time.Time
		if !until.IsZero() {
			if !time.Now().Before(until) {
				return 0, nil, os.ErrDeadlineExceeded
			}
			timer := time.NewTimer(time.Until(until))
			defer timer.Stop()
			expired = timer.C
		}
		select {
		case d := <-c.queue:
			return copy(b, d.data), d.from, nil
		case <-changed:
		case <-expired:
		}
	}
}

func (c *packetConn) WriteTo(b []byte, addr net.Addr) (int, error) {
	u, ok := addr.(*net.UDPAddr)
	if !ok {
		return 0, syscall.EINVAL
	}
	to := u.AddrPort()
	target := netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	n := c.host.net
	n.mu.Lock()
	defer n.mu.Unlock()
	from := place{c.host, c.host.addr, c.port}
	for _, h := range n.hosts {
		if !hears(h, target.Addr(), c.host) || !n.reaches(from, place{h, h.addr, target.Port()}) {
			continue
		}
		lost := h != c.host && (n.rng.Float64() < h.loss || n.rng.Float64() < c.host.loss)
		if lost {
			continue
		}
		d := datagram{slices.Clone(b), &net.UDPAddr{IP: from.addr.AsSlice(), Port: int(from.port)}}
		for _, s := range h.packets[target.Port()] {
			s.deliver(d, n.lateness(from, place{h, h.addr, target.Port()}))
		}
	}
	return len(b), nil
}

// hears reports whether a datagram to addr is for h: its own address or a
// broadcast, which here is any address that ends in 255.
func hears(h *Host, addr netip.Addr, sender *Host) bool {
	if addr.IsLoopback() {
		return h == sender
	}
	return addr == h.addr || addr.Is4() && addr.As4()[3] == 255
}

func (c *packetConn) deliver(d datagram, late time.Duration) {
	put := func() {
		select {
		case c.queue <- d:
		default: // a full socket buffer drops
		}
	}
	if late == 0 {
		put()
		return
	}
	time.AfterFunc(late, put)
}

func (c *packetConn) Close() error {
	c.mu.Lock()
	closed := c.closed
	if !closed {
		c.closed = true
		close(c.changed)
	}
	c.mu.Unlock()
	if closed {
		return net.ErrClosed
	}
	n := c.host.net
	n.mu.Lock()
	defer n.mu.Unlock()
	c.host.packets[c.port] = slices.DeleteFunc(c.host.packets[c.port], func(o *packetConn) bool { return o == c })
	return nil
}

func (c *packetConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

func (c *packetConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	c.until = t
	close(c.changed)
	c.changed = make(chan struct{})
	return nil
}

func (c *packetConn) SetWriteDeadline(time.Time) error { return nil }

func (c *packetConn) LocalAddr() net.Addr {
	return &net.UDPAddr{IP: c.host.Addr().AsSlice(), Port: int(c.port)}
}

// The methods below make a Host a discovery.Network.

const discoveryPort = 8090

// ListenServer opens the discovery port.
func (h *Host) ListenServer() (net.PacketConn, error) { return h.ListenPacket(discoveryPort) }

// ListenBeacons opens the discovery port, shared.
func (h *Host) ListenBeacons() (net.PacketConn, error) { return h.ListenPacket(discoveryPort) }

// ListenProbe opens a free port.
func (h *Host) ListenProbe() (net.PacketConn, error) { return h.ListenPacket(0) }

// BeaconTargets is the broadcast address of the LAN.
func (h *Host) BeaconTargets() []netip.AddrPort {
	return []netip.AddrPort{netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), discoveryPort)}
}

// ProbeTargets is the same.
func (h *Host) ProbeTargets() []netip.AddrPort { return h.BeaconTargets() }

// Addresses is the address of the host.
func (h *Host) Addresses() []netip.Addr { return []netip.Addr{h.Addr()} }
