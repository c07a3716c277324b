//go:build linux

package e2e

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"masala/core/health"
	"masala/core/system"
)

// TestFault_3_4_FirewallOnARealLAN puts a firewall before the server's port. The client
// reads the audit's sentence and what was tried; the server knows that it is blocked, by
// which firewall, that nobody has come, and what to type. Typed, the client pairs, and
// the warning goes by itself.
func TestFault_3_4_FirewallOnARealLAN(t *testing.T) {
	needsNFT(t)
	l := newLAN(t)
	store := l.join("192.168.50.101")
	l.server.wall()

	l.open()
	look := func() system.Health { t.Helper(); return call(l.server.pc, system.GetHealth, system.GetHealthReq{}) }
	find := func(h system.Health, code string) health.Check {
		for _, c := range h.Checks {
			if c.Code == code {
				return c
			}
		}
		return health.Check{}
	}
	warned := func(h system.Health) bool {
		for _, w := range h.Warnings {
			if w.Code == "firewall.blocked" {
				return true
			}
		}
		return false
	}

	code := l.code()
	began := time.Now()
	pair := store.command(context.Background(), "pair", serverIP, code)
	out, err := pair.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Cannot find server. Ensure the server is running and port 8090 is not blocked by firewall.") {
		t.Errorf("the client is told %q, %v", out, err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the client was told after %v", took)
	}
	h := look()
	f := find(h, "firewall")
	if f.OK || f.Says != "nftables blocks port 8090." || !warned(h) {
		t.Errorf("the server says of the firewall %+v, warnings %+v", f, h.Warnings)
	}
	if a, o := find(h, "addresses"), find(h, "others"); !a.OK || a.Says != "Port 8090 answers on 192.168.50.10." || o.Says != "No other PC has connected since the server started." {
		t.Errorf("the server says %+v and %+v", a, o)
	}
	if len(f.Fix) != 2 {
		t.Fatalf("no way out: %q", f.Fix)
	}
	for _, line := range f.Fix {
		l.server.rule(strings.Fields(strings.TrimPrefix(line, "sudo nft "))...)
	}
	store.must("pair", serverIP, code)
	asked(store, system.ServerStatus, 10*time.Second)
	waitFor(t, 30*time.Second, "the server to see that it is open", func() bool {
		h = look()
		return find(h, "firewall").OK && !warned(h)
	})
	if f = find(h, "firewall"); f.Says != "nftables lets port 8090 in." || len(f.Fix) != 0 {
		t.Errorf("afterwards the server says %+v", f)
	}
	if o := find(h, "others"); !strings.Contains(o.Says, "connected") || strings.Contains(o.Says, "No other PC") {
		t.Errorf("afterwards: %+v", o)
	}
}

func needsNFT(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("needs nft: install nftables")
	}
}

// rule changes the firewall of the host.
func (h *host) rule(args ...string) {
	h.t.Helper()
	h.lan.ip(append([]string{"netns", "exec", h.ns, "nft"}, args...)...)
}

// wall lets the host call out and nobody in, as a firewall does by itself.
func (h *host) wall() {
	h.t.Helper()
	h.rule("add", "table", "inet", "wall")
	h.rule("add", "chain", "inet", "wall", "input", "{ type filter hook input priority 0; policy drop; }")
	h.rule("add", "rule", "inet", "wall", "input", "iif", "lo", "accept")
	h.rule("add", "rule", "inet", "wall", "input", "ct", "state", "established,related", "accept")
}

// TestFault_3_4_RealWindowBehindAFirewall opens the real window of a PC whose server has
// got a firewall: the server's announcements still come, calls do not get in. The user
// reads the audit's sentence; when the firewall is gone the window goes on by itself.
func TestFault_3_4_RealWindowBehindAFirewall(t *testing.T) {
	needsNFT(t)
	t.Parallel()
	l := newLAN(t)
	l.open()
	store := l.join("192.168.50.101")
	y := store.typist()
	l.server.wall()
	began := time.Now()
	y.show()
	sentence := `text="Cannot find server. Ensure the server is running and port 8090 is not blocked by firewall."`
	y.hears("screen=connect", sentence)
	mark := 0
	first, said := y.logged("first frame", &mark), y.logged(sentence, &mark)
	t.Logf("said %s after the first frame", said.Sub(first).Round(10*time.Millisecond))
	if d := said.Sub(first); d > 10*time.Second || said.Before(began) {
		t.Errorf("the sentence came after %v", d)
	}
	y.picture("behind-a-firewall")
	l.server.rule("delete", "table", "inet", "wall")
	y.hears("msg=connected", "screen=login")
}
