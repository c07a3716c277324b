//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masala/core/account"
	"masala/core/system"
	"masala/storage/storagetest"
	"masala/transport/node"
)

// lan is two PCs on a cable of their own: network namespaces that this test makes.
// Nothing leaves them.
type lan struct {
	t              *testing.T
	server, client string
}

func newLAN(t *testing.T) *lan {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: network namespaces")
	}
	l := &lan{t, fmt.Sprintf("masala-s%d", os.Getpid()), fmt.Sprintf("masala-c%d", os.Getpid())}
	t.Cleanup(func() {
		_ = exec.Command("ip", "netns", "del", l.server).Run()
		_ = exec.Command("ip", "netns", "del", l.client).Run()
	})
	l.ip("netns", "add", l.server)
	l.ip("netns", "add", l.client)
	l.ip("link", "add", "eth0", "netns", l.server, "type", "veth", "peer", "name", "eth0", "netns", l.client)
	for ns, addr := range map[string]string{l.server: "192.168.50.10/24", l.client: "192.168.50.101/24"} {
		l.ip("-n", ns, "link", "set", "lo", "up")
		l.ip("-n", ns, "addr", "add", addr, "brd", "+", "dev", "eth0")
		l.ip("-n", ns, "link", "set", "eth0", "up")
	}
	return l
}

func (l *lan) ip(args ...string) {
	l.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		l.t.Fatalf("ip %s: %v %s", strings.Join(args, " "), err, out)
	}
}

// on runs the program in a namespace, unquiet: with beacons and probes.
func (l *lan) on(ns, dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("ip", append([]string{"netns", "exec", ns, exe, "--data", dir}, args...)...)
	cmd.Env = append(os.Environ(), "MASALA_USER=owner", "MASALA_PASSWORD="+storagetest.Password)
	return cmd
}

func (l *lan) must(ns, dir string, args ...string) string {
	l.t.Helper()
	var problem strings.Builder
	cmd := l.on(ns, dir, args...)
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		l.t.Fatalf("masala %s: %v: %s", strings.Join(args, " "), err, problem.String())
	}
	return string(out)
}

// TestFault_3_2_NewAddressOnARealLAN pairs two PCs over a cable, gives the server
// another address and calls again: the client finds it by probe and beacon.
func TestFault_3_2_NewAddressOnARealLAN(t *testing.T) {
	l := newLAN(t)
	server, client := t.TempDir(), t.TempDir()
	serve := l.on(l.server, server, "serve")
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
		if t.Failed() {
			b, _ := os.ReadFile(filepath.Join(server, "logs", "service.log"))
			t.Logf("service.log:\n%s", b)
		}
	})
	waitFor(t, 30*time.Second, "the service", func() bool { _, err := node.ReadRuntime(folderOf(server)); return err == nil })
	l.must(l.server, server, "call", account.CreateFirstAdmin.Name,
		fmt.Sprintf(`{"factory":"Test factory","state_code":"27","login":"owner","name":"Owner","password":%q}`, storagetest.Password))
	code := field(l.must(l.server, server, "call", account.OpenPairing.Name), "code")
	l.must(l.client, client, "pair", "192.168.50.10", code)

	who := l.must(l.client, client, "call", system.ServerStatus.Name)
	if !strings.Contains(who, "192.168.50.10") {
		t.Errorf("the server says of itself: %s", who)
	}
	l.ip("-n", l.server, "addr", "del", "192.168.50.10/24", "dev", "eth0")
	l.ip("-n", l.server, "addr", "add", "192.168.50.77/24", "brd", "+", "dev", "eth0")
	start := time.Now()
	l.must(l.client, client, "call", system.ServerStatus.Name, "--wait", "10s")
	took := time.Since(start)
	t.Logf("found at its new address, logged in and answered after %s", took.Round(time.Millisecond))
	if took > 6*time.Second {
		t.Errorf("it took %s to find the server at its new address; the bar is 5 s", took)
	}
}

// field reads one text of a JSON answer.
func field(answer, name string) string {
	_, rest, _ := strings.Cut(answer, `"`+name+`": "`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}
