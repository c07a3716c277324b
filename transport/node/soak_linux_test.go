package node_test

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"masala/core/account"
	"masala/platform/paths"
	"masala/transport/node"
	"masala/transport/wire"
)

// soakServer names the data folder when this test program is started again as server.
const soakServer = "MASALA_SOAK_SERVER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(soakServer); folder != "" {
		serveForSoak(paths.Folder(folder))
		return
	}
	os.Exit(m.Run())
}

// gauge is what a server process uses at one moment.
type gauge struct {
	Runtime    node.Runtime
	Goroutines int
	Heap       uint64        // bytes in use after a collection
	CPU        time.Duration // used so far, user and system
	Files      int           // open file descriptors
}

// serveForSoak is the server process: it tells its gauge once it serves and for every
// line it reads, and ends with its input.
func serveForSoak(folder paths.Folder) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	out := json.NewEncoder(os.Stdout)
	ready := make(chan node.Runtime, 1)
	go func() {
		ended <- node.Serve(ctx, node.ServiceOptions{Folder: folder, Listen: "127.0.0.1:0", Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
			Hasher: account.NewTestHasher(), Ready: func(r node.Runtime) { ready <- r }})
	}()
	r := <-ready
	tell := func() {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		files, _ := os.ReadDir("/proc/self/fd")
		_ = out.Encode(gauge{r, runtime.NumGoroutine(), m.HeapInuse + m.StackInuse, time.Duration(u.Utime.Nano() + u.Stime.Nano()), len(files)})
	}
	tell()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		tell()
	}
	cancel()
	if err := <-ended; err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// process is the server of a soak.
type process struct {
	t   testing.TB
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
}

func (p *process) gauge(ask bool) (g gauge) {
	p.t.Helper()
	if ask {
		if _, err := io.WriteString(p.in, "\n"); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := p.out.Decode(&g); err != nil {
		p.t.Fatal("the server process: ", err)
	}
	return g
}

// strain is what a soak must stand.
type strain struct {
	calls float64       // at least so many of those that were due
	p99   time.Duration // at most
}

// A machine that is busy with other tests calls late and answers late, but a loaded
// server must not look like a dead one. With the machine to itself ("make soak") it
// must keep up.
var (
	shortSoak = strain{0.5, wire.ClientDead}
	longSoak  = strain{0.8, time.Second}
)

// TestSoak: many PCs work at one server for a while, each with its heartbeat and five
// calls a second, every twentieth a delivery. The server is a process of its own.
// MASALA_SOAK and MASALA_SOAK_CLIENTS say how long and how many ("make soak").
func TestSoak(t *testing.T) {
	clients, length, bars := 50, 8*time.Second, shortSoak
	if n, err := strconv.Atoi(os.Getenv("MASALA_SOAK_CLIENTS")); err == nil {
		clients = n
	}
	if d, err := time.ParseDuration(os.Getenv("MASALA_SOAK")); err == nil {
		length, bars = d, longSoak
	}
	c := &crowd{t: t, folder: paths.Folder(t.TempDir()), lines: 1}
	var cancel context.CancelFunc
	c.ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	p := &process{t: t, cmd: exec.Command(os.Args[0])}
	p.cmd.Env = append(os.Environ(), soakServer+"="+string(c.folder))
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.stop = sync.OnceFunc(func() {
		_ = p.in.Close()
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("the server process ended with %v", err)
		}
	})
	defer c.stop()
	p.out = json.NewDecoder(out)
	c.at = p.gauge(false).Runtime
	c.own = c.dial(&node.SetupFile{Folder: c.folder}, nil)
	c.books = setUp(t, c.own, c.own.SetToken)

	members := make([]*member, clients)
	for i := range members {
		members[i] = c.join(nil)
	}
	spread := func(d time.Duration) (s shift) { // everybody works for so long
		ctx, end := context.WithTimeout(c.ctx, d)
		defer end()
		shifts := make([]*shift, clients)
		var all sync.WaitGroup
		for i, m := range members {
			all.Go(func() {
				pause(ctx, time.Duration(i)*200*time.Millisecond/time.Duration(clients)) // not all in one moment
				shifts[i] = c.work(ctx, m, 200*time.Millisecond, 20)
			})
		}
		all.Wait()
		for _, x := range shifts {
			s.took, s.posted, s.errs = append(s.took, x.took...), append(s.posted, x.posted...), append(s.errs, x.errs...)
		}
		return s
	}
	warm := spread(2200 * time.Millisecond) // every connection and statement is there afterwards
	before, began := p.gauge(true), time.Now()
	s := spread(length)
	after, took := p.gauge(true), time.Since(began)

	calls := len(s.took)
	t.Logf("%d PCs for %v: %d calls (%.0f a second), %d of them deliveries; p50 %.1f ms, p99 %.1f ms, longest %.1f ms", clients, length, calls, float64(calls)/took.Seconds(), len(s.posted),
		ms(quantile(s.took, 50)), ms(quantile(s.took, 99)), ms(quantile(s.took, 100)))
	t.Logf("server: CPU %.0f %% of one core, %.2f ms a call; memory %.1f MB at first, %.1f MB at last; goroutines %d and %d; open files %d and %d", 100*(after.CPU-before.CPU).Seconds()/took.Seconds(), ms(after.CPU-before.CPU)/float64(max(calls, 1)),
		mb(before.Heap), mb(after.Heap), before.Goroutines, after.Goroutines, before.Files, after.Files)
	for _, x := range []*shift{&warm, &s} {
		if len(x.errs) > 0 {
			t.Errorf("%d calls failed, the first: %v", len(x.errs), x.errs[0])
		}
	}
	if want := int(float64(clients) * length.Seconds() * 5 * bars.calls); calls < want {
		t.Errorf("only %d calls in %v, want %d", calls, length, want)
	}
	if p99 := quantile(s.took, 99); p99 > bars.p99 {
		t.Errorf("p99 is %v, the bar is %v", p99, bars.p99)
	}
	if after.Goroutines > before.Goroutines+before.Goroutines/10+20 {
		t.Errorf("goroutines went from %d to %d", before.Goroutines, after.Goroutines)
	}
	if after.Heap > before.Heap+before.Heap/2+16<<20 {
		t.Errorf("memory went from %.1f MB to %.1f MB", mb(before.Heap), mb(after.Heap))
	}
	if after.Files > before.Files+20 {
		t.Errorf("open files went from %d to %d", before.Files, after.Files)
	}
	for i, m := range members {
		if !m.Status().Up() {
			t.Errorf("PC %d is %s", i, m.Status().Phase)
		}
	}
	c.settled(append(warm.posted, s.posted...))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
func mb(n uint64) float64        { return float64(n) / (1 << 20) }

// invoices counts the deliveries in the books by their invoice numbers.
func invoices(t testing.TB, path string) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT invoice_no, count(*) FROM grn GROUP BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]int{}
	for rows.Next() {
		var no string
		var n int
		if err := rows.Scan(&no, &n); err != nil {
			t.Fatal(err)
		}
		all[no] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
