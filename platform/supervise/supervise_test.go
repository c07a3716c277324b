package supervise

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// envJob makes the test binary a child (or a parent) of the tests.
const envJob = "SUPERVISE_TEST_JOB"

func TestMain(m *testing.M) {
	if job := os.Getenv(envJob); job != "" {
		runJob(job)
		return
	}
	goleak.VerifyTestMain(m)
}

func runJob(job string) {
	switch job {
	case "crash":
		fmt.Fprintln(os.Stderr, "last words")
		os.Exit(7)
	case "restart":
		os.Exit(ExitRestart)
	case "done":
		os.Exit(ExitDone)
	case "parent":
		runParent()
	}
	ctx, link, err := Parent(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "no parent:", err)
		os.Exit(9)
	}
	link.Tell(Facts{"pid": fmt.Sprint(os.Getpid()), "launch": link.Launch()["token"]})
	switch job {
	case "obey":
		for {
			select {
			case f, ok := <-link.Heard():
				if ok {
					link.Tell(Facts{"echo": f["say"]})
				}
			case <-ctx.Done():
				link.Tell(Facts{"bye": "1"})
				os.Exit(0)
			}
		}
	case "deaf": // does not stop when asked
		time.Sleep(time.Minute)
	case "faint": // answers a few pings, then none
		for n := range faintAnswers {
			<-link.Pings()
			link.Answer(fmt.Sprintf("restoring %d %%", 10*n))
		}
		time.Sleep(time.Minute)
	case "busy": // answers, with a program of its own beside it
		sleep := exec.Command("sleep", "60")
		if err := sleep.Start(); err != nil {
			os.Exit(9)
		}
		link.Tell(Facts{"grandchild": fmt.Sprint(sleep.Process.Pid)})
		for range link.Pings() {
			link.Answer("")
		}
	}
}

const (
	faintAnswers = 5
	pingEvery    = 100 * time.Millisecond
)

// runParent supervises a deaf child and prints its id.
func runParent() {
	c := jobChild("deaf")
	c.Heard = func(f Facts) { fmt.Println(f["pid"]) }
	New(c, slog.New(slog.DiscardHandler)).Run(context.Background())
}

func jobChild(job string) Child {
	return Child{
		Name:    job,
		Args:    []string{"-test.run=^$"},
		Env:     []string{envJob + "=" + job},
		Backoff: Backoff{First: 10 * time.Millisecond, Max: 40 * time.Millisecond, Healthy: time.Hour},
	}
}

// A run is a supervisor at work, and everything it reports.
type run struct {
	*Supervisor
	stop  context.CancelFunc
	heard chan Facts
	ends  chan End
	last  chan End
	log   *buffer
}

func begin(t *testing.T, c Child) *run {
	t.Helper()
	r := &run{heard: make(chan Facts, 100), ends: make(chan End, 100), last: make(chan End, 1), log: &buffer{}}
	c.Heard = func(f Facts) { r.heard <- f }
	c.Ended = func(e End) { r.ends <- e }
	r.Supervisor = New(c, slog.New(slog.NewTextHandler(r.log, nil)))
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	over := make(chan struct{})
	go func() {
		defer close(over)
		r.last <- r.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-over
		if t.Failed() {
			t.Log(r.log.String())
		}
	})
	return r
}

func next[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestFactsTravelBothWays(t *testing.T) {
	c := jobChild("obey")
	c.Launch = func() Facts { return Facts{"token": "s3cret"} }
	r := begin(t, c)
	if f := next(t, r.heard); f["launch"] != "s3cret" || f["pid"] != fmt.Sprint(r.PID()) {
		t.Fatal(f, r.PID())
	}
	if err := r.Tell(Facts{"say": "raise"}); err != nil {
		t.Fatal(err)
	}
	if f := next(t, r.heard); f["echo"] != "raise" {
		t.Fatal(f)
	}
	r.stop()
	if f := next(t, r.heard); f["bye"] != "1" {
		t.Fatal("what a child says while it stops must still be heard:", f)
	}
	if e := next(t, r.last); e.Code != 0 || e.Late || e.Again {
		t.Fatalf("%+v", e)
	}
	if err := r.Tell(Facts{}); err != ErrNotRunning {
		t.Fatal(err)
	}
}

func TestCrashIsRestartedWithGrowingPauses(t *testing.T) {
	r := begin(t, jobChild("crash"))
	for i, want := range []time.Duration{10, 20, 40, 40} {
		e := next(t, r.ends)
		if e.Code != 7 || !e.Again || e.Pause != want*time.Millisecond {
			t.Fatalf("crash %d: %+v, want a pause of %d ms", i, e, want)
		}
	}
	r.stop()
	next(t, r.last)
	if !strings.Contains(r.log.String(), "last words") {
		t.Error("what the child printed is lost")
	}
}

func TestBackoffForgetsAfterAHealthyTime(t *testing.T) {
	b := backoff{Backoff: DefaultBackoff}
	for i, c := range []struct{ lived, want time.Duration }{
		{0, 500 * time.Millisecond}, {0, time.Second}, {59 * time.Second, 2 * time.Second},
		{time.Minute, 500 * time.Millisecond}, {0, time.Second}, {0, 2 * time.Second}, {0, 4 * time.Second},
		{0, 8 * time.Second}, {0, 16 * time.Second}, {0, 30 * time.Second}, {0, 30 * time.Second},
	} {
		if got := b.after(c.lived); got != c.want {
			t.Errorf("%d: %v, want %v", i, got, c.want)
		}
	}
}

func TestStopCodeIsNotRestarted(t *testing.T) {
	r := begin(t, jobChild("done"))
	if e := next(t, r.last); e.Code != ExitDone || e.Again {
		t.Fatalf("%+v", e)
	}
	c := jobChild("crash")
	c.StopCodes = []int{ExitDone, 7}
	if e := next(t, begin(t, c).last); e.Code != 7 || e.Again {
		t.Fatalf("%+v", e)
	}
}

func TestRestartCodeStartsAgainWithoutCountingAsCrash(t *testing.T) {
	c := jobChild("restart")
	c.Backoff.First = time.Nanosecond
	r := begin(t, c)
	for range 3 {
		if e := next(t, r.ends); e.Code != ExitRestart || !e.Again || e.Pause != 0 {
			t.Fatalf("%+v", e)
		}
	}
}

func TestHungChildIsReplaced(t *testing.T) {
	c := jobChild("faint")
	c.Watch = Watch{Every: pingEvery, Limit: 3 * pingEvery}
	r := begin(t, c)
	if e := next(t, r.ends); !e.Hung || !e.Again || e.Pause != 0 || e.Lived < (faintAnswers+3)*pingEvery {
		t.Fatalf("%+v", e)
	}
	if !strings.Contains(r.log.String(), "restoring 40 %") {
		t.Error("the log does not say what the child was doing")
	}
}

func TestChildThatAnswersIsLeftAlone(t *testing.T) {
	c := jobChild("busy")
	c.Watch = Watch{Every: pingEvery / 5, Limit: pingEvery}
	r := begin(t, c)
	next(t, r.heard)
	pid := r.PID()
	select {
	case e := <-r.ends:
		t.Fatalf("%+v", e)
	case <-time.After(10 * pingEvery):
	}
	if r.PID() != pid {
		t.Error("another process")
	}
}

// A PC that sleeps for hours wakes up to one tick, not to hundreds.
func TestSilenceIsCountedInPings(t *testing.T) {
	p := pinger{watch: Watch{Every: 10 * time.Second, Limit: 30 * time.Second}}
	for i, want := range []struct{ due, over bool }{{true, false}, {false, false}, {false, false}, {false, true}} {
		if due, over := p.tick(); due != want.due || over != want.over {
			t.Errorf("tick %d: %v, %v", i, due, over)
		}
	}
	p.waiting = false
	if due, over := p.tick(); !due || over {
		t.Error("an answer must start the count anew")
	}
}

func TestMissingExeIsTriedAgain(t *testing.T) {
	c := jobChild("done")
	c.Path = "/no/such/masala"
	r := begin(t, c)
	for range 2 {
		if e := next(t, r.ends); e.Err == nil || !e.Again || e.Pause == 0 {
			t.Fatalf("%+v", e)
		}
	}
}

func TestDeafChildIsKilledOnStop(t *testing.T) {
	c := jobChild("deaf")
	c.Grace = 200 * time.Millisecond
	r := begin(t, c)
	next(t, r.heard)
	r.stop()
	if e := next(t, r.last); !e.Late || e.Again {
		t.Fatalf("%+v", e)
	}
}

func TestTellNeverWaits(t *testing.T) {
	r := begin(t, func() Child { c := jobChild("deaf"); c.Grace = time.Millisecond; return c }())
	next(t, r.heard)
	big := Facts{"x": strings.Repeat("x", maxLine/2)}
	var err error
	for range 200 { // the child keeps 64 of them, the pipe 64 KiB
		if err = r.Tell(big); err != nil {
			break
		}
	}
	if err != nil && err != ErrNotListening {
		t.Fatal(err)
	}
	if err := r.Tell(Facts{"x": strings.Repeat("x", maxLine)}); err != errLineTooLong {
		t.Fatal(err)
	}
}

func TestOutputIsPassedOnInWholeLines(t *testing.T) {
	var got []string
	l := &lines{to: writerFunc(func(b []byte) (int, error) { got = append(got, string(b)); return len(b), nil })}
	for _, s := range []string{"a", "b\nc\r\n", "", "d\n\ne"} {
		l.Write([]byte(s))
	}
	l.flush()
	if want := "[ab\n c\n d\n \n e\n]"; fmt.Sprint(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestLinkSurvivesNoiseAndSilence(t *testing.T) {
	r, w := io.Pipe()
	go func() {
		fmt.Fprintln(w, "noise")
		fmt.Fprintln(w, `{"facts":{"n":"first"}}`)
		for i := range 200 {
			fmt.Fprintf(w, `{"facts":{"n":"%d"},"later":1}`+"\n", i)
		}
		w.Close()
	}()
	ctx, link, err := connect(context.Background(), r, nil)
	if err != nil || link.Launch()["n"] != "first" {
		t.Fatal(err, link)
	}
	<-ctx.Done() // although nobody reads Heard
	if context.Cause(ctx) != ErrStop {
		t.Error(context.Cause(ctx))
	}
	var last string
	for f := range link.Heard() {
		last = f["n"]
	}
	if last != "199" {
		t.Error("the newest facts must win, got", last)
	}
}

func TestParentWithoutSupervisor(t *testing.T) {
	if _, _, err := Parent(context.Background()); err != ErrNotSupervised {
		t.Fatal(err)
	}
	r, w := io.Pipe()
	w.Close()
	if _, _, err := connect(context.Background(), r, nil); err != ErrStop {
		t.Fatal(err)
	}
}
