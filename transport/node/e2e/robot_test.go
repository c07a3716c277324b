//go:build linux

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/platform/paths"
	"masala/storage/storagetest"
	"masala/transport/discovery"
	"masala/transport/node"
	"masala/ui/screen"
)

// A robot is a process on a PC of the LAN that holds the lines of one or more client
// PCs and posts deliveries, each under one request key until it is answered.
func init() { robotMain = playRobot }

// job is what a robot is told, as JSON in its environment.
type job struct {
	Name   string        // its documents' invoices begin with it
	Dirs   []string      // data folders, one per client PC
	Local  bool          // the server's own window: over loopback
	Server string        // where those pair that are not paired
	Code   string        // for the first one
	Item   core.ItemID   //
	Seller core.PartyID  //
	Pace   time.Duration // between two deliveries of one PC
}

// event is what a robot tells, a line of JSON each.
type event struct {
	At      time.Time
	PC      int
	What    string // "ready", "state", "posted", "failed", "done"
	Text    string // of a state: the phase; of a posting: the invoice
	Number  string // of the document
	Took    time.Duration
	Latency time.Duration
}

// playRobot is the program of a robot process.
func playRobot(text string) int {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	r := &robot{job: j, out: json.NewEncoder(os.Stdout)}
	if err := r.run(); err != nil {
		fmt.Fprintln(os.Stderr, "robot:", err)
		return 1
	}
	return 0
}

type robot struct {
	job
	mu  sync.Mutex
	out *json.Encoder
}

func (r *robot) tell(e event) {
	e.At = time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.out.Encode(e) // a test that is gone needs no news
}

func (r *robot) run() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	code := r.Code
	var lines []*node.Line
	for i, dir := range r.Dirs {
		o := node.LineOptions{Setup: &node.SetupFile{Folder: paths.Folder(dir)}, Version: "test", Log: slog.New(slog.DiscardHandler), Network: discovery.LAN{}}
		if r.Local {
			o.Network, o.Local = nil, paths.Folder(dir)
		}
		l, err := node.NewLine(o)
		if err != nil {
			return err
		}
		r.watch(i, l)
		go l.Run(ctx)
		if !r.Local {
			if i > 0 { // the first one is an Admin's: it lets the others in
				p, err := account.OpenPairing.Call(ctx, lines[0], "", account.OpenPairingReq{})
				if err != nil {
					return err
				}
				code = p.Code
			}
			if err := l.Pair(ctx, r.Server, code); err != nil {
				return err
			}
		}
		in, err := account.Login.Call(ctx, l, "", account.LoginReq{Login: "owner", Password: storagetest.Password})
		if err != nil {
			return err
		}
		l.SetToken(in.Token)
		lines = append(lines, l)
	}
	r.tell(event{What: "ready"})
	stop := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); close(stop) }() // closed when the test has seen enough
	var work sync.WaitGroup
	for i, l := range lines {
		work.Go(func() { r.post(ctx, i, l, stop) })
	}
	work.Wait()
	r.tell(event{What: "done"})
	return nil
}

// watch tells of every change of the line's phase.
func (r *robot) watch(i int, l *node.Line) {
	var mu sync.Mutex
	var last screen.Phase
	l.OnChange(func() {
		mu.Lock()
		defer mu.Unlock()
		if s := l.Status(); s.Phase != last {
			last = s.Phase
			r.tell(event{PC: i, What: "state", Text: string(s.Phase)})
		}
	})
}

func (r *robot) post(ctx context.Context, i int, l *node.Line, stop <-chan struct{}) {
	for n := 0; ; n++ {
		invoice := fmt.Sprintf("%s.%d/%d", r.Name, i, n)
		began := time.Now()
		number, err := postUntilAnswered(ctx, l, delivery(r.Seller, r.Item, invoice))
		e := event{PC: i, What: "posted", Text: invoice, Number: number, Took: time.Since(began), Latency: l.Status().Latency}
		if err != nil {
			e.What, e.Number = "failed", err.Error()
		}
		r.tell(e)
		select {
		case <-stop:
			return
		case <-time.After(r.Pace):
		}
	}
}

// bot is a robot as its test sees it.
type bot struct {
	t     *testing.T
	job   job
	cmd   *exec.Cmd
	stdin io.WriteCloser
	over  chan struct{}

	mu     sync.Mutex
	events []event
	more   chan struct{}
}

// robot starts n client PCs on this PC.
func (h *host) robot(n int, pace time.Duration) *bot {
	h.t.Helper()
	j := job{Name: h.port, Server: serverIP, Item: h.lan.item.ID, Seller: h.lan.seller.ID, Pace: pace}
	if h == h.lan.server {
		j.Local, j.Dirs = true, []string{h.dir}
	} else {
		j.Code = h.lan.code()
		for range n {
			j.Dirs = append(j.Dirs, h.t.TempDir())
		}
	}
	text, err := json.Marshal(j)
	if err != nil {
		h.t.Fatal(err)
	}
	b := &bot{t: h.t, job: j, over: make(chan struct{}), more: make(chan struct{}, 1)}
	b.cmd = h.exec(context.Background(), os.Args[0])
	b.cmd.Env = append(b.cmd.Env, envRobot+"="+string(text))
	b.cmd.Stderr = os.Stderr
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if b.stdin, err = b.cmd.StdinPipe(); err != nil {
		h.t.Fatal(err)
	}
	if err := b.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go b.listen(out)
	h.t.Cleanup(func() {
		_ = b.cmd.Process.Kill()
		<-b.over
		_ = b.cmd.Wait()
	})
	return b
}

func (b *bot) listen(out io.Reader) {
	defer close(b.over)
	for s := bufio.NewScanner(out); s.Scan(); {
		var e event
		if json.Unmarshal(s.Bytes(), &e) != nil {
			continue
		}
		b.mu.Lock()
		b.events = append(b.events, e)
		b.mu.Unlock()
	}
}

// since lists what was told from a moment on.
func (b *bot) since(at time.Time) []event {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.events, func(e event) bool { return !e.At.Before(at) })
	if i < 0 {
		return nil
	}
	return slices.Clone(b.events[i:])
}

// ready waits until all PCs of the robot work.
func (b *bot) ready(limit time.Duration) {
	b.t.Helper()
	waitFor(b.t, limit, "the client PCs", func() bool {
		return slices.ContainsFunc(b.since(time.Time{}), func(e event) bool { return e.What == "ready" })
	})
}

// first waits until every PC has told something that fits since at, and returns how
// long the last one took.
func (b *bot) first(at time.Time, limit time.Duration, what string, fits func(event) bool) (last time.Duration) {
	b.t.Helper()
	waitFor(b.t, limit, what, func() bool {
		seen := map[int]bool{}
		last = 0
		for _, e := range b.since(at) {
			if fits(e) && !seen[e.PC] {
				seen[e.PC] = true
				last = max(last, e.At.Sub(at))
			}
		}
		return len(seen) == len(b.job.Dirs)
	})
	return last
}

// count counts what fits since at.
func (b *bot) count(at time.Time, fits func(event) bool) (n int) {
	for _, e := range b.since(at) {
		if fits(e) {
			n++
		}
	}
	return n
}

func phase(p screen.Phase) func(event) bool {
	return func(e event) bool { return e.What == "state" && e.Text == string(p) }
}

func posted(e event) bool { return e.What == "posted" }

// finish lets the PCs end what they have begun and returns what they were told.
func (b *bot) finish(told *ledgerOfClients) {
	b.t.Helper()
	_ = b.stdin.Close()
	select {
	case <-b.over:
	case <-time.After(time.Minute):
		b.t.Fatal("the client PCs do not end")
	}
	for _, e := range b.since(time.Time{}) {
		switch e.What {
		case "posted":
			if old, twice := told.acked[e.Text]; twice {
				b.t.Errorf("%s was answered twice: %s and %s", e.Text, old, e.Number)
			}
			told.acked[e.Text] = e.Number
		case "failed":
			b.t.Errorf("%s: %s", e.Text, e.Number)
		}
	}
}
