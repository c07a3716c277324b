//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"masala/platform/paths"
	"masala/transport/node"
	"masala/ui/screen"
)

// supervisor is a running "masala" with its children, in a network of its own when
// root runs the test: there is one server per PC, and this PC may have one.
type supervisor struct {
	*pc
	display string
	cmd     *exec.Cmd
}

func startSupervisor(t *testing.T, p *pc) *supervisor {
	t.Helper()
	s := &supervisor{pc: p, display: screenFor(t)}
	s.cmd = exec.Command(exe, "--quiet", "--data", p.dir)
	if os.Geteuid() == 0 && os.Getenv(envAlone) == "" {
		s.cmd = exec.Command("unshare", "-n", "sh", "-c", `ip link set lo up && exec "$0" "$@"`, exe, "--quiet", "--data", p.dir)
	}
	s.cmd.Env = append(os.Environ(), "DISPLAY="+s.display, "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1")
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		if t.Failed() {
			for _, log := range []string{"supervisor", "service", "window"} {
				b, _ := os.ReadFile(filepath.Join(s.dir, "logs", log+".log"))
				t.Logf("%s.log:\n%s", log, b)
			}
		}
	})
	return s
}

// service is the process id of the service, 0 while none runs.
func (s *supervisor) service() int {
	r, err := node.ReadRuntime(paths.Folder(s.dir))
	if err != nil || !alive(r.PID) {
		return 0
	}
	return r.PID
}

// window is the process id of the window, 0 while none runs.
func (s *supervisor) window() int {
	for _, pid := range s.children() {
		if b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); strings.Contains(string(b), "\x00ui\x00") {
			return pid
		}
	}
	return 0
}

// connected counts how often the window has reached its service.
func (s *supervisor) connected() int {
	b, _ := os.ReadFile(filepath.Join(s.dir, "logs", "window.log"))
	return strings.Count(string(b), "msg=connected")
}

func (s *supervisor) children() (pids []int) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid))
	for _, file := range tasks {
		b, _ := os.ReadFile(file)
		for _, f := range strings.Fields(string(b)) {
			if pid, err := strconv.Atoi(f); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

func alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(b), ") Z ")
}

func waitFor(t *testing.T, limit time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s for %s", limit, what)
		}
	}
}

// TestFault_1_2_SupervisorBringsTheServiceBack kills the service of a supervised
// server; the window stays, and supervisor and children end together.
func TestFault_1_2_SupervisorBringsTheServiceBack(t *testing.T) {
	p := newPC(t)
	if err := (&node.SetupFile{Folder: paths.Folder(p.dir)}).Change(func(n *node.Setup) { n.Role = screen.RoleServer }); err != nil {
		t.Fatal(err)
	}
	s := startSupervisor(t, p)
	waitFor(t, time.Minute, "service and window", func() bool { return s.service() != 0 && s.window() != 0 && s.connected() == 1 })
	service, window := s.service(), s.window()

	for i, end := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} { // a crash, and an end in good order that nobody asked the server for
		if err := syscall.Kill(service, end); err != nil {
			t.Fatal(err)
		}
		waitFor(t, 15*time.Second, "the service to come back after "+end.String(), func() bool { return s.service() != 0 && s.service() != service })
		if s.window() != window {
			t.Errorf("the window did not stay: process %d is now %d", window, s.window())
		}
		waitFor(t, 15*time.Second, "the window to connect again", func() bool { return s.connected() == i+2 })
		service = s.service()
	}

	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitFor(t, 15*time.Second, "all to end", func() bool { return !alive(service) && !alive(window) })
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the supervisor ended with %v", err)
	}
	p.must("verify")
}
