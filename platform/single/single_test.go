package single

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// The test binary holds a name or a folder until its stdin ends.
func TestMain(m *testing.M) {
	if job := os.Getenv("SINGLE_TEST_HOLD"); job != "" {
		hold(job, os.Getenv("SINGLE_TEST_WHAT"))
		return
	}
	goleak.VerifyTestMain(m)
}

func hold(kind, what string) {
	var err error
	activated := make(<-chan struct{})
	if kind == "name" {
		var i *Instance
		if i, err = Acquire(what); err == nil {
			activated = i.Activated()
		}
	} else {
		_, err = LockFolder(what, "masala serve", time.Now())
	}
	if err != nil {
		fmt.Println("refused:", err)
		return
	}
	fmt.Println("held")
	go func() {
		for range activated {
			fmt.Println("activated")
		}
	}()
	io.Copy(io.Discard, os.Stdin)
}

type holding struct {
	cmd *exec.Cmd
	in  io.Closer
	out *bufio.Reader
}

func holdElsewhere(t *testing.T, kind, what string) *holding {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SINGLE_TEST_HOLD="+kind, "SINGLE_TEST_WHAT="+what)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &holding{cmd, in, bufio.NewReader(out)}
	t.Cleanup(h.kill)
	return h
}

func (h *holding) says(t *testing.T) string {
	t.Helper()
	line, err := h.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func (h *holding) kill() {
	h.cmd.Process.Kill()
	h.cmd.Wait()
}

// uniqueName keeps tests that run beside each other apart.
func uniqueName(t *testing.T) string { return "MasalaTest" + t.Name() + strconv.Itoa(os.Getpid()) }

func TestFault_6_2_SecondServerActivatesTheFirst(t *testing.T) {
	name := uniqueName(t)
	first := holdElsewhere(t, "name", name)
	if s := first.says(t); s != "held" {
		t.Fatal(s)
	}
	_, err := Acquire(name)
	var running *RunningError
	if !errors.Is(err, ErrRunning) || !errors.As(err, &running) || err.Error() != "Server is already running." {
		t.Fatal(err)
	}
	if running.PID != 0 && running.PID != first.cmd.Process.Pid {
		t.Errorf("holder is %d, not %d", first.cmd.Process.Pid, running.PID)
	}
	for range 3 {
		if err := Activate(name); err != nil {
			t.Fatal(err)
		}
		if s := first.says(t); s != "activated" {
			t.Fatal(s)
		}
	}
	first.kill() // and the name is free, without a trace
	if err := Activate(name); !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	i, err := Acquire(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Release(); err != nil {
		t.Fatal(err)
	}
}

// However many start in the same millisecond, one wins.
func TestFault_6_2_StartInTheSameMillisecond(t *testing.T) {
	for round := range 50 {
		name := uniqueName(t) + strconv.Itoa(round)
		var won atomic.Int32
		var winner *Instance
		var all sync.WaitGroup
		gate := make(chan struct{})
		for range 16 {
			all.Go(func() {
				<-gate
				i, err := Acquire(name)
				switch {
				case err == nil:
					won.Add(1)
					winner = i
				case !errors.Is(err, ErrRunning):
					t.Error(err)
				}
			})
		}
		close(gate)
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d of 16 won", won.Load())
		}
		if err := winner.Release(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUnreadActivationsCountAsOne(t *testing.T) {
	i, err := Acquire(uniqueName(t))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := Activate(uniqueName(t)); err != nil {
			t.Fatal(err)
		}
	}
	<-i.Activated()
	select {
	case <-i.Activated():
		t.Error("calls nobody has read yet must count as one")
	default:
	}
	if err := i.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestFolderHasOneWriter(t *testing.T) {
	dir := t.TempDir()
	first := holdElsewhere(t, "folder", dir)
	if s := first.says(t); s != "held" {
		t.Fatal(s)
	}
	_, err := LockFolder(dir, "masala restore", time.Now())
	var held *FolderError
	if !errors.As(err, &held) || held.By.PID != first.cmd.Process.Pid || held.By.What != "masala serve" {
		t.Fatalf("%v, %+v", err, held)
	}
	for _, part := range []string{"masala serve", strconv.Itoa(held.By.PID), dir, "Close it"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	first.kill()
	l, err := LockFolder(dir, "masala restore", time.Now())
	if err != nil {
		t.Fatal("a dead holder must not count:", err)
	}
	second := holdElsewhere(t, "folder", dir)
	if s := second.says(t); !strings.HasPrefix(s, "refused: masala restore (process "+strconv.Itoa(os.Getpid())) {
		t.Fatal(s)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if third := holdElsewhere(t, "folder", dir); third.says(t) != "held" {
		t.Fatal("not free after Release")
	}
}

func TestFolderHeldBySomeoneWithoutAName(t *testing.T) {
	e := &FolderError{Dir: "/x"}
	if !strings.Contains(e.Error(), "Another program uses") {
		t.Error(e)
	}
}
