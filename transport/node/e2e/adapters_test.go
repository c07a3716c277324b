//go:build linux

package e2e

import (
	"testing"
	"time"
)

// vpn gives a PC a second adapter that leads nowhere and takes everything that is not
// for its own network, as a VPN does.
func (h *host) vpn(address string) {
	h.lan.t.Helper()
	h.lan.ip("-n", h.ns, "link", "add", "vpn0", "type", "veth", "peer", "name", "nowhere")
	h.lan.ip("-n", h.ns, "addr", "add", address+"/24", "brd", "+", "dev", "vpn0")
	h.lan.ip("-n", h.ns, "link", "set", "vpn0", "up")
	h.lan.ip("-n", h.ns, "link", "set", "nowhere", "up")
	h.lan.ip("-n", h.ns, "route", "add", "default", "dev", "vpn0")
}

// TestFault_3_2_SeveralAdapters moves the server while both PCs are in a VPN as well: the
// server tells of addresses nobody reaches, and 255.255.255.255 leads into the VPN.
func TestFault_3_2_SeveralAdapters(t *testing.T) {
	t.Parallel()
	l := newLAN(t)
	l.server.vpn("10.8.0.10")
	l.open()
	store := l.join("192.168.50.101")
	store.vpn("10.8.1.101")
	a := store.robot(1, 20*time.Millisecond)
	a.ready(60 * time.Second)
	m := &mover{l: l, at: serverIP}
	l.play(fault{name: "new address, VPN on both PCs", bar: moved, hold: 4 * time.Second, cause: m.leave, mend: m.arrive}, a)
	l.ip("-n", store.ns, "link", "set", "vpn0", "down") // the VPN ends, the LAN stays
	l.play(fault{name: "new address, VPN ended", bar: moved, hold: 4 * time.Second, cause: m.leave, mend: m.arrive}, a)
	l.exact(a)
}
