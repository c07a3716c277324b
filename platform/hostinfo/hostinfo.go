// Package hostinfo tells what the first run shows of this PC: its name, its
// addresses and whether the server's port is free.
package hostinfo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
)

// Name returns the name of this PC, "this PC" if it has none.
func Name() string {
	n, err := os.Hostname()
	if n, _, _ = strings.Cut(n, "."); err != nil || n == "" {
		return "this PC"
	}
	return n
}

// Address is one IPv4 address of this PC.
type Address struct {
	Interface string
	Net       netip.Prefix // address and length of the network: 192.168.1.20/24
	LAN       bool         // private (RFC 1918) and so reachable for the factory's other PCs
}

// Addresses returns the IPv4 addresses under which other PCs may reach this one,
// those of a LAN first. Loopback, link-local addresses and interfaces that are down
// are left out.
func Addresses() ([]Address, error) {
	ifs, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var lan, other []Address
	for _, i := range ifs {
		if i.Flags&net.FlagUp == 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue // the interface went away meanwhile
		}
		for _, a := range addrs {
			p, err := netip.ParsePrefix(a.String())
			if err != nil || !p.Addr().Is4() || !p.Addr().IsGlobalUnicast() {
				continue
			}
			if p.Addr().IsPrivate() {
				lan = append(lan, Address{i.Name, p, true})
			} else {
				other = append(other, Address{i.Name, p, false})
			}
		}
	}
	return append(lan, other...), nil
}

// PortFree returns nil if both TCP and UDP port can be listened on at addr (":8090"
// for all interfaces), and otherwise a sentence for the user. The port may be taken
// right after.
func PortFree(ctx context.Context, addr string) error {
	var lc net.ListenConfig
	t, err := lc.Listen(ctx, "tcp4", addr)
	if err == nil {
		err = t.Close()
	}
	u, uerr := lc.ListenPacket(ctx, "udp4", addr)
	if uerr == nil {
		uerr = u.Close()
	}
	if err = errors.Join(err, uerr); err != nil {
		_, port, _ := net.SplitHostPort(addr)
		return fmt.Errorf("Another program uses port %s. Close it, or choose another port. (%w)", port, err)
	}
	return nil
}
