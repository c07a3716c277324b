package supervise

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestTokenIsNotInArgumentsOrEnvironment(t *testing.T) {
	c := jobChild("obey")
	c.Launch = func() Facts { return Facts{"token": "s3cret"} }
	r := begin(t, c)
	next(t, r.heard)
	for _, f := range []string{"cmdline", "environ"} {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", r.PID(), f))
		if err != nil {
			t.Fatal(err)
		}
		if len(b) == 0 || bytes.Contains(b, []byte("s3cret")) {
			t.Errorf("%s: %q", f, b)
		}
	}
}

func TestFault_1_4_StoppedChildIsKilledOnStop(t *testing.T) {
	c := jobChild("obey")
	c.Grace = 200 * time.Millisecond
	r := begin(t, c)
	next(t, r.heard)
	if err := syscall.Kill(r.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	r.stop()
	if e := next(t, r.last); !e.Late || e.State != "signal: killed" {
		t.Fatalf("%+v", e)
	}
	noChildren(t)
}

func TestFault_1_2_KilledChildComesBack(t *testing.T) {
	r := begin(t, jobChild("obey"))
	for range 3 {
		next(t, r.heard)
		if err := syscall.Kill(r.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if e := next(t, r.ends); e.State != "signal: killed" || !e.Again {
			t.Fatalf("%+v", e)
		}
	}
	next(t, r.heard)
	r.stop()
	if e := next(t, r.last); e.Code != 0 {
		t.Fatalf("%+v", e)
	}
	noChildren(t)
}

// The child ignores the end of its pipe, so only the kernel can end it.
func TestFault_1_2_ChildDiesWithItsParent(t *testing.T) {
	for range 3 {
		parent := exec.Command(os.Args[0], "-test.run=^$")
		parent.Env = append(os.Environ(), envJob+"=parent")
		out, err := parent.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := parent.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		child, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		parent.Process.Kill()
		parent.Wait()
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(child), Events: unix.POLLIN}}, 2000)
		unix.Close(child)
		if n != 1 || err != nil {
			syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("child %d still runs %v after its parent was killed (%v)", pid, time.Since(begun), err)
		}
	}
}

// TestFault_1_4_TreeDiesWithTheChild stops a child with SIGSTOP: its pings stay
// without an answer, and what it had started dies with it.
func TestFault_1_4_TreeDiesWithTheChild(t *testing.T) {
	c := jobChild("busy")
	c.Tree = true
	c.Watch = Watch{Every: pingEvery, Limit: 3 * pingEvery}
	r := begin(t, c)
	next(t, r.heard)
	grandchild, err := strconv.Atoi(next(t, r.heard)["grandchild"])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(r.PID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if e := next(t, r.ends); !e.Hung || e.State != "signal: killed" || !e.Again {
		t.Fatalf("%+v", e)
	}
	for limit := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", grandchild))
		if err != nil || strings.Contains(string(b), ") Z ") {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("what the child had started still runs: %s", b)
		}
	}
}

// noChildren fails if this process has any child left, zombies included.
func noChildren(t *testing.T) {
	t.Helper()
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(lists) == 0 {
		t.Fatal("cannot list children", err)
	}
	for _, l := range lists {
		b, err := os.ReadFile(l)
		if err == nil && len(strings.Fields(string(b))) > 0 {
			t.Errorf("children left: %s", b)
		}
	}
}
