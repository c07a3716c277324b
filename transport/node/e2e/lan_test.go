//go:build linux

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"masala/core/account"
	"masala/core/catalog"
	"masala/core/op"
	"masala/core/party"
	"masala/core/system"
	"masala/storage/storagetest"
	"masala/transport/node"
)

// lan is a switch with PCs on cables: network namespaces that the test makes. Nothing
// leaves them.
type lan struct {
	t      *testing.T
	id     string
	sw     string // namespace of the switch
	serves string // the program on the server's PC
	pcs    int
	server *host
	serve  *exec.Cmd
	item   catalog.Item
	seller party.Party
	faults int // caused so far
}

// host is a PC on the LAN.
type host struct {
	*pc
	lan  *lan
	ns   string
	port string // of the switch, where its cable ends
}

var lans atomic.Int32

const serverIP = "192.168.50.10"

// newLAN makes the switch and the server's PC.
func newLAN(t *testing.T) *lan {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: network namespaces")
	}
	l := &lan{t: t, serves: exe, id: fmt.Sprintf("masala-%d-%d", os.Getpid(), lans.Add(1))}
	l.sw = l.space("sw")
	l.ip("-n", l.sw, "link", "add", "br0", "type", "bridge")
	l.ip("-n", l.sw, "link", "set", "br0", "up")
	l.server = l.join(serverIP)
	return l
}

// space makes a namespace, gone with the test.
func (l *lan) space(name string) string {
	l.t.Helper()
	ns := l.id + "-" + name
	l.ip("netns", "add", ns)
	l.t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", ns).Run() })
	l.ip("-n", ns, "link", "set", "lo", "up")
	return ns
}

// join plugs a new PC in.
func (l *lan) join(address string) *host {
	l.t.Helper()
	l.pcs++
	h := &host{pc: newPC(l.t), lan: l, port: fmt.Sprintf("p%d", l.pcs)}
	h.ns = l.space(h.port)
	h.pc.command = func(ctx context.Context, args ...string) *exec.Cmd {
		return h.exec(ctx, exe, append(args, "--data", h.dir)...)
	}
	l.ip("link", "add", h.port, "netns", l.sw, "type", "veth", "peer", "name", "eth0", "netns", h.ns)
	l.ip("-n", l.sw, "link", "set", h.port, "master", "br0", "up")
	l.ip("-n", h.ns, "addr", "add", address+"/24", "brd", "+", "dev", "eth0")
	l.ip("-n", h.ns, "link", "set", "eth0", "up")
	return h
}

func (l *lan) ip(args ...string) { l.t.Helper(); l.run("ip", args...) }

func (l *lan) run(name string, args ...string) {
	l.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		l.t.Fatalf("%s %s: %v %s (\"make deps\" installs it)", name, strings.Join(args, " "), err, out)
	}
}

// exec makes a command that runs on the PC.
func (h *host) exec(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", h.ns, name}, args...)...)
	cmd.Env = os.Environ()
	return cmd
}

// nft puts rules into the PC's packet filter, in the place of those before; none lets
// everything through.
func (h *host) nft(rules ...string) {
	h.lan.t.Helper()
	_ = exec.Command("ip", "netns", "exec", h.ns, "nft", "delete", "table", "inet", "fault").Run()
	if len(rules) == 0 {
		return
	}
	nft := func(args ...string) { h.lan.run("ip", append([]string{"netns", "exec", h.ns, "nft"}, args...)...) }
	nft("add", "table", "inet", "fault")
	for _, hook := range []string{"input", "output"} {
		nft("add", "chain", "inet", "fault", hook, "{ type filter hook "+hook+" priority 0 ; }")
	}
	for _, r := range rules {
		nft(append([]string{"add", "rule", "inet", "fault"}, strings.Fields(r)...)...)
	}
}

// cable pulls the cable of the PC out of the switch, or puts it back.
func (h *host) cable(in bool) {
	h.lan.t.Helper()
	h.lan.ip("-n", h.lan.sw, "link", "set", h.port, upDown(in))
}

// power switches the switch off or on.
func (l *lan) power(on bool) {
	l.t.Helper()
	var batch strings.Builder // at once, as a switch dies
	for i := 1; i <= l.pcs; i++ {
		fmt.Fprintf(&batch, "link set p%d %s\n", i, upDown(on))
	}
	cmd := exec.Command("ip", "-n", l.sw, "-batch", "-")
	cmd.Stdin = strings.NewReader(batch.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		l.t.Fatalf("the switch: %v %s", err, out)
	}
}

func upDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}

// start starts the service, with beacons, and waits until it listens.
func (l *lan) start() {
	l.t.Helper()
	folder := folderOf(l.server.dir)
	_ = os.Remove(folder.Runtime()) // left behind by a kill
	l.serve = l.server.exec(context.Background(), l.serves, "serve", "--data", l.server.dir)
	if err := l.serve.Start(); err != nil {
		l.t.Fatal(err)
	}
	pid := l.serve.Process.Pid // ip becomes the program
	waitFor(l.t, 60*time.Second, "the service", func() bool { r, err := node.ReadRuntime(folder); return err == nil && r.PID == pid })
}

// open starts the service and sets a factory up.
func (l *lan) open() {
	l.t.Helper()
	l.t.Cleanup(func() {
		_ = l.serve.Process.Kill()
		_ = l.serve.Wait()
		if l.t.Failed() {
			b, _ := os.ReadFile(filepath.Join(l.server.dir, "logs", "service.log"))
			l.t.Logf("service.log:\n%s", b)
		}
	})
	l.start()
	s := &service{pc: l.server.pc}
	l.item, l.seller = s.setUp()
}

// code opens the pairing desk.
func (l *lan) code() string {
	l.t.Helper()
	return call(l.server.pc, account.OpenPairing, account.OpenPairingReq{}).Code
}

// asked calls the server from this PC and waits for it as long as a user would.
func asked[Req, Resp any](h *host, o op.Op[Req, Resp], wait time.Duration) string {
	h.t.Helper()
	cmd := h.exec(context.Background(), exe, "call", o.Name, "--wait", wait.String(), "--data", h.dir)
	cmd.Env = append(cmd.Env, "MASALA_USER=owner", "MASALA_PASSWORD="+storagetest.Password)
	var problem strings.Builder
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		h.t.Fatalf("masala call %s: %v: %s", o.Name, err, problem.String())
	}
	return string(out)
}

// TestFault_3_2_NewAddressOnARealLAN gives the server another address while no client
// runs: the next command finds it by probe and beacon.
func TestFault_3_2_NewAddressOnARealLAN(t *testing.T) {
	t.Parallel()
	l := newLAN(t)
	l.open()
	store := l.join("192.168.50.101")
	store.must("pair", serverIP, l.code())
	if who := asked(store, system.ServerStatus, 10*time.Second); !strings.Contains(who, serverIP) {
		t.Errorf("the server says of itself: %s", who)
	}
	m := &mover{l: l, at: serverIP}
	l.measured("new address", func() []string {
		m.leave()
		m.arrive()
		start := time.Now()
		asked(store, system.ServerStatus, 10*time.Second)
		took := time.Since(start)
		t.Logf("found at its new address, logged in and answered after %s", took.Round(time.Millisecond))
		return within(nil, "answered", took, moved)
	})
}
