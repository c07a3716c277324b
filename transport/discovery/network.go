package discovery

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"

	"sync"
	"time"

	"masala/transport/wire"
)

// Network is the UDP side of a LAN: real, loopback only, or in memory. It is safe
// for use by many goroutines; every method may fail at any time and is tried again.
type Network interface {
	// ListenServer opens the socket a server answers probes on and sends from.
	ListenServer() (net.PacketConn, error)
	// ListenBeacons opens the socket a client hears beacons on. It may be shared
	// with other programs of this PC.
	ListenBeacons() (net.PacketConn, error)
	// ListenProbe opens the socket a client asks from: any free port, so that no
	// firewall rule is needed for the answers.
	ListenProbe() (net.PacketConn, error)
	// BeaconTargets is where beacons go, ProbeTargets where probes go.
	BeaconTargets() []netip.AddrPort
	ProbeTargets() []netip.AddrPort
	// Addresses are this PC's own, for the beacon.
	Addresses() []netip.Addr
}

// LAN is the network of this PC: UDP 8090, broadcast on every interface.
type LAN struct{}

// ListenServer opens UDP 8090.
func (LAN) ListenServer() (net.PacketConn, error) { return shared(wire.Port) }

// ListenBeacons opens UDP 8090 beside a server on the same PC.
func (LAN) ListenBeacons() (net.PacketConn, error) { return shared(wire.Port) }

// ListenProbe opens a free port.
func (LAN) ListenProbe() (net.PacketConn, error) { return net.ListenPacket("udp4", ":0") }

func shared(port int) (net.PacketConn, error) {
	c := net.ListenConfig{Control: reuse}
	return c.ListenPacket(context.Background(), "udp4", (&net.UDPAddr{Port: port}).String())
}

// BeaconTargets are the broadcast addresses of every interface.
func (LAN) BeaconTargets() (list []netip.AddrPort) {
	for _, p := range interfaces() {
		list = append(list, netip.AddrPortFrom(broadcast(p), wire.Port))
	}
	return list
}

// ProbeTargets are the same and 255.255.255.255.
func (l LAN) ProbeTargets() []netip.AddrPort {
	return append(l.BeaconTargets(), netip.AddrPortFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), wire.Port))
}

// Addresses are the IPv4 addresses of this PC, private ones first: a VPN's or a
// provider's address is the least likely way to the server.
func (LAN) Addresses() (list []netip.Addr) {
	for _, p := range interfaces() {
		list = append(list, p.Addr())
	}
	slices.SortStableFunc(list, func(a, b netip.Addr) int {
		switch {
		case a.IsPrivate() == b.IsPrivate():
			return 0
		case a.IsPrivate():
			return -1
		}
		return 1
	})
	return list
}

// interfaces lists the IPv4 prefixes of the interfaces that are up and broadcast.
func interfaces() (list []netip.Prefix) {
	all, err := net.Interfaces()
	if err != nil {
		return nil // no interface is an answer too: asked again in two seconds
	}
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 || i.Flags&net.FlagBroadcast == 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() {
				list = append(list, p)
			}
		}
	}
	return list
}

// broadcast is the last address of a prefix.
func broadcast(p netip.Prefix) netip.Addr {
	b := p.Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	return netip.AddrFrom4(b)
}

// Loopback is a network that never leaves this process: everything is unicast to
// 127.0.0.1, on ports the system picks. Server and clients share one Loopback.
type Loopback struct {
	mu      sync.Mutex
	servers []netip.AddrPort
	clients []netip.AddrPort
}

// ListenServer opens a free port on 127.0.0.1.
func (l *Loopback) ListenServer() (net.PacketConn, error) { return l.listen(&l.servers) }

// ListenBeacons opens a free port on 127.0.0.1.
func (l *Loopback) ListenBeacons() (net.PacketConn, error) { return l.listen(&l.clients) }

// ListenProbe opens a free port on 127.0.0.1.
func (l *Loopback) ListenProbe() (net.PacketConn, error) { return l.listen(nil) }

func (l *Loopback) listen(list *[]netip.AddrPort) (net.PacketConn, error) {
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err == nil && list != nil {
		l.mu.Lock()
		*list = append(*list, c.LocalAddr().(*net.UDPAddr).AddrPort())
		l.mu.Unlock()
	}
	return c, err
}

// BeaconTargets are the sockets of the clients.
func (l *Loopback) BeaconTargets() []netip.AddrPort {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.clients)
}

// ProbeTargets are the sockets of the servers.
func (l *Loopback) ProbeTargets() []netip.AddrPort {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.servers)
}

// Addresses is 127.0.0.1.
func (l *Loopback) Addresses() []netip.Addr {
	return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}
}

// serve runs fn on a socket from open until ctx ends. A socket that cannot be
// opened or that fails is opened anew, after a pause: adapters come and go.
func serve(ctx context.Context, open func() (net.PacketConn, error), failed func(error), fn func(net.PacketConn) error) {
	for ctx.Err() == nil {
		conn, err := open()
		if err == nil {
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
			err = fn(conn)
			stop()
			_ = conn.Close()
		}
		if ctx.Err() != nil {
			return
		}
		failed(err)
		timer := time.NewTimer(time.Second)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// receive hands every datagram to fn until the socket is closed or keeps failing.
// Windows reports an unreachable target of an earlier send as an error of the next
// receive: that is no reason to give the socket up.
func receive(conn net.PacketConn, fn func([]byte, net.Addr)) error {
	buf := make([]byte, maxDatagram+1)
	for failures := 0; ; {
		n, from, err := conn.ReadFrom(buf)
		switch {
		case err == nil:
			failures = 0
			fn(buf[:n], from)
		case isClosed(err) || failures >= 16:
			return err
		default:
			failures++
		}
	}
}

func isClosed(err error) bool { return errors.Is(err, net.ErrClosed) }
