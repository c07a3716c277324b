//go:build linux

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"masala/transport/node"
)

// faultPoints builds the program with its fault points, once, beside the plain one.
var faultPoints = sync.OnceValues(func() (string, error) {
	path := filepath.Join(filepath.Dir(exe), "masala-faultpoints")
	out, err := exec.Command("go", "build", "-tags", "faultpoints", "-o", path, "masala").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return path, err
})

// withFaultPoints makes the program with its fault points the one under test.
func withFaultPoints(t *testing.T) {
	t.Helper()
	path, err := faultPoints()
	if err != nil {
		t.Fatal(err)
	}
	plain := exe
	exe = path
	t.Cleanup(func() { exe = plain })
}

// watchdogTimes shortens the watchdog, unless MASALA_WATCHDOG=real, and returns how
// long a recovery may take: the limit is 45 s with the real 10 s and 30 s.
func watchdogTimes(t *testing.T) (recovery time.Duration) {
	if os.Getenv("MASALA_WATCHDOG") == "real" {
		return 45 * time.Second
	}
	t.Setenv("MASALA_FAULT_WATCH", "500ms 1500ms")
	return 10 * time.Second // 2 s to notice, and a start on a busy machine
}

// cause writes the fault file and waits until the fault has begun.
func (p *pc) cause(fault string) {
	p.t.Helper()
	path := filepath.Join(p.dir, "fault")
	if err := os.WriteFile(path+".new", []byte(fault), 0o600); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		p.t.Fatal(err)
	}
	waitFor(p.t, 10*time.Second, "the fault to begin", func() bool { _, err := os.Stat(path); return os.IsNotExist(err) })
}

// posting keeps clients posting until stop is called, each delivery under its own key
// until it is answered. What they were told is in the ledger.
type posting struct {
	told  *ledgerOfClients
	lines []*node.Line
	stop  func()
}

func (f *factoryPC) posting(ctx context.Context, clients int) *posting {
	p := &posting{told: &ledgerOfClients{acked: map[string]string{}, more: make(chan struct{}, 1)}}
	var all sync.WaitGroup
	enough := make(chan struct{})
	for i := range clients {
		l := f.client(ctx)
		p.lines = append(p.lines, l)
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-enough:
					return
				default:
				}
				invoice := fmt.Sprintf("C%d/%d", i, n)
				number, err := postUntilAnswered(ctx, l, delivery(f.supplier.ID, f.item.ID, invoice))
				if err != nil {
					f.t.Errorf("%s: %v", invoice, err)
					return
				}
				p.told.note(invoice, number)
			}
		})
	}
	p.stop = sync.OnceFunc(func() { close(enough); all.Wait() })
	f.t.Cleanup(p.stop)
	return p
}

// answered waits until something is acknowledged that was not before.
func (p *posting) answered(t *testing.T, limit time.Duration) {
	t.Helper()
	select {
	case <-p.told.more:
	default:
	}
	select {
	case <-p.told.more:
	case <-time.After(limit):
		t.Fatalf("nothing was posted within %s", limit)
	}
}

// TestFault_1_4_HangIsReplaced makes the service hang in four ways while clients
// post: the watchdog replaces it, window and supervisor stay, and what was in flight
// is there once.
func TestFault_1_4_HangIsReplaced(t *testing.T) {
	if !alone(t) {
		return
	}
	withFaultPoints(t)
	limit := watchdogTimes(t)
	f := newFactoryPC(t)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	p := f.posting(ctx, 4)
	window := f.window()
	for _, hang := range []string{"deadlock", "busy", "holding", "SIGSTOP"} {
		p.answered(t, 20*time.Second)
		service := f.service()
		var begun time.Time
		if hang == "SIGSTOP" {
			begun = time.Now()
			if err := syscall.Kill(service, syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
		} else {
			f.cause(hang)
			begun = time.Now()
		}
		waitFor(t, limit, "another service after "+hang, func() bool { return f.service() != 0 && f.service() != service })
		p.answered(t, limit)
		took := time.Since(begun)
		t.Logf("%s: clients were answered again after %s", hang, took.Round(10*time.Millisecond))
		if took > limit {
			t.Errorf("%s: recovery took %s, the bar is %s", hang, took, limit)
		}
		if alive(service) {
			t.Errorf("%s: the hanging process %d still runs", hang, service)
		}
	}
	p.stop()
	if f.window() != window {
		t.Errorf("the window did not stay: process %d is now %d", window, f.window())
	}
	log, _ := os.ReadFile(filepath.Join(f.dir, "logs", "supervisor.log"))
	if n := strings.Count(string(log), "child hung and was killed"); n != 4 {
		t.Errorf("%d hangs in the log, want 4", n)
	}
	f.unsupervised().compare(p.told, 4)
}

// TestFault_1_4_LongWorkIsNoHang: the service tells of a restore and of a migration
// that take several times the limit, and is left alone.
func TestFault_1_4_LongWorkIsNoHang(t *testing.T) {
	if !alone(t) {
		return
	}
	withFaultPoints(t)
	t.Setenv("MASALA_FAULT_WATCH", "200ms 600ms")
	f := newFactoryPC(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	p := f.posting(ctx, 2)
	p.answered(t, 20*time.Second)
	service := f.service()
	f.cause("restoring 3s")
	p.answered(t, 20*time.Second)
	p.answered(t, 20*time.Second) // the one before may have been under way
	if f.service() != service {
		t.Errorf("a restore was taken for a hang: process %d is now %d", service, f.service())
	}

	if err := os.WriteFile(filepath.Join(f.dir, "fault"), []byte("migrating 3s"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(service, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, 20*time.Second, "the service after its migration", func() bool { return f.service() != 0 && f.service() != service })
	p.answered(t, 20*time.Second)
	p.stop()
	log, _ := os.ReadFile(filepath.Join(f.dir, "logs", "supervisor.log"))
	for text, want := range map[string]int{"child hung": 0, `doing="restoring 40 %"`: 1, "doing=migrating": 1, "child crashed": 1} {
		if n := strings.Count(string(log), text); n != want {
			t.Errorf("%d times %q in the log of the supervisor, want %d", n, text, want)
		}
	}
	f.unsupervised().compare(p.told, 1)
}

// TestProductHasNoFaultPoints: only a build with the tag knows them.
func TestProductHasNoFaultPoints(t *testing.T) {
	b, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "MASALA_FAULT_") {
		t.Error("the product has fault points")
	}
}
