package hostinfo

import (
	"net"
	"strings"
	"testing"
)

func TestPortFree(t *testing.T) {
	for _, kind := range []string{"tcp4", "udp4"} {
		var addr string
		var release func() error
		if kind == "tcp4" {
			l, err := net.Listen(kind, "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			addr, release = l.Addr().String(), l.Close
		} else {
			l, err := net.ListenPacket(kind, "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			addr, release = l.LocalAddr().String(), l.Close
		}
		_, port, _ := net.SplitHostPort(addr)
		if err := PortFree(t.Context(), addr); err == nil || !strings.Contains(err.Error(), "uses port "+port) {
			t.Errorf("%s %s is taken: %v", kind, addr, err)
		}
		release()
		if err := PortFree(t.Context(), addr); err != nil {
			t.Errorf("%s %s is free: %v", kind, addr, err)
		}
	}
}

func TestAddressesAreReachableFromOutside(t *testing.T) {
	addrs, err := Addresses()
	if err != nil {
		t.Fatal(err)
	}
	lanOver := false
	for _, a := range addrs {
		if ip := a.Net.Addr(); ip.IsLoopback() || ip.IsLinkLocalUnicast() || !ip.Is4() || ip.IsPrivate() != a.LAN {
			t.Errorf("%+v", a)
		}
		if a.LAN && lanOver {
			t.Error("LAN addresses come first", addrs)
		}
		lanOver = lanOver || !a.LAN
	}
	if Name() == "" || strings.Contains(Name(), ".") {
		t.Errorf("name %q", Name())
	}
}
