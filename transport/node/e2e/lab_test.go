//go:build linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"masala/core/system"
	"masala/transport/session"
	"masala/transport/wire"
	"masala/ui/screen"
)

// The bars of RESILIENCE.md 3.1 to 3.3.
const (
	noticed   = 3 * time.Second // a dead link
	back      = time.Second     // after the link
	awake     = 2 * time.Second // after sleep, which a look a second finds out
	moved     = 5 * time.Second // after the new address is up
	fiftyBack = 3 * time.Second
	dropped   = 5 * time.Second // a dead session, by the server
)

// measures is how often a fault may be measured. What the program takes is the least of
// its figures; a busy machine adds to all of them. What happens to documents has to be
// right every time.
const measures = 3

// measured causes a fault until all its figures are within their bars. cause returns
// those that are not.
func (l *lan) measured(name string, cause func() (over []string)) {
	l.t.Helper()
	for n := 1; ; n++ {
		l.faults++
		over := cause()
		switch {
		case len(over) == 0:
			return
		case n == measures:
			l.t.Errorf("%s, %d times: %s", name, n, strings.Join(over, ", "))
			return
		}
		l.t.Logf("%s: %s; measured again", name, strings.Join(over, ", "))
	}
}

func within(over []string, what string, took, bar time.Duration) []string {
	if took > bar {
		over = append(over, fmt.Sprintf("%s after %s, the bar is %s", what, took.Round(time.Millisecond), bar))
	}
	return over
}

// fault is one run of the lab.
type fault struct {
	name  string
	cause func()
	mend  func()
	hold  time.Duration // how long it lasts
	alive bool          // calls go on, only slower: nobody may notice
	bar   time.Duration // to be back
}

// play causes a fault, mends it and prints what the clients saw.
func (l *lan) play(f fault, bots ...*bot) {
	l.t.Helper()
	l.measured(f.name, func() []string { return l.playOnce(f, bots...) })
}

func (l *lan) playOnce(f fault, bots ...*bot) (over []string) {
	l.t.Helper()
	for _, b := range bots { // all are at work
		b.first(time.Now(), 20*time.Second, "work before "+f.name, posted)
	}
	began := time.Now()
	f.cause()
	var notice time.Duration
	if !f.alive {
		for _, b := range bots {
			notice = max(notice, b.first(began, 20*time.Second, "a client to notice: "+f.name, phase(screen.Lost)))
		}
	}
	time.Sleep(max(f.hold-time.Since(began), 0)) // the fault lasts; that is the input
	lost, done := 0, 0
	for _, b := range bots {
		lost += b.count(began, phase(screen.Lost))
		done += b.count(began, posted)
	}
	mended := time.Now()
	f.mend()
	mendTook := time.Since(mended)
	var online, answer time.Duration
	for _, b := range bots {
		if !f.alive {
			online = max(online, b.first(mended, 60*time.Second, "a client to be back: "+f.name, phase(screen.Online)))
		}
		answer = max(answer, b.first(mended, 60*time.Second, "an answer after "+f.name, posted))
	}
	ms := func(d time.Duration) string { return fmt.Sprint(d.Round(10 * time.Millisecond)) }
	if f.alive {
		l.t.Logf("%-32s %2d times offline, %3d documents meanwhile, next answer %s after it ended", f.name, lost, done, ms(answer))
		if lost > 0 {
			over = append(over, fmt.Sprintf("%d times offline", lost))
		}
		if done == 0 {
			over = append(over, "nothing was posted")
		}
		return over
	}
	l.t.Logf("%-32s noticed after %6s, back after %6s, all answered after %6s", f.name, ms(notice), ms(online), ms(answer))
	over = within(over, "noticed", notice, noticed)
	return within(over, "back", online-mendTook, f.bar) // what mends may itself take a while: a server that starts
}

// exact compares what all were told with the books.
func (l *lan) exact(bots ...*bot) {
	l.t.Helper()
	told := &ledgerOfClients{acked: map[string]string{}}
	for _, b := range bots {
		b.finish(told)
	}
	(&service{pc: l.server.pc}).compare(told, l.faults)
}

func (l *lan) signal(s syscall.Signal) {
	l.t.Helper()
	if err := l.serve.Process.Signal(s); err != nil {
		l.t.Fatal(err)
	}
}

// TestFault_3_1_EveryFaultOfALine plays everything that can happen between a client PC
// and the server, while the clients post.
func TestFault_3_1_EveryFaultOfALine(t *testing.T) {
	t.Parallel()
	l := newLAN(t)
	l.open()
	store, mill := l.join("192.168.50.101"), l.join("192.168.50.102")
	a := store.robot(2, 20*time.Millisecond)
	a.ready(60 * time.Second) // one after the other: there is one pairing code at a time
	b := mill.robot(1, 20*time.Millisecond)
	b.ready(60 * time.Second)

	pull := func() { store.cable(false) }
	plug := func() { store.cable(true) }
	l.play(fault{name: "cable of a client out", cause: pull, mend: plug, hold: 5 * time.Second, bar: back}, a)
	if n := b.count(time.Time{}, phase(screen.Lost)); n != 0 {
		t.Errorf("the other PC was offline %d times while one cable was out", n)
	}
	l.play(fault{name: "cable of the server out", cause: func() { l.server.cable(false) }, mend: func() { l.server.cable(true) }, hold: 4 * time.Second, bar: back}, a, b)
	l.play(fault{name: "port dropped by a firewall", cause: func() { l.server.nft("input tcp dport 8090 drop") }, mend: func() { l.server.nft() }, hold: 4 * time.Second, bar: back}, a, b)
	l.play(fault{name: "port refused", cause: func() { l.server.nft("input tcp dport 8090 reject with tcp reset") }, mend: func() { l.server.nft() }, hold: 4 * time.Second, bar: back}, a, b)
	l.play(fault{name: "server frozen", cause: func() { l.signal(syscall.SIGSTOP) }, mend: func() { l.signal(syscall.SIGCONT) }, hold: 6 * time.Second, bar: back}, a, b)
	l.play(fault{name: "server killed and started", cause: func() { _ = l.serve.Process.Kill(); _ = l.serve.Wait() }, mend: l.start, hold: 3 * time.Second, bar: back}, a, b)
	l.play(fault{name: "20 % of all packets lost", alive: true, hold: 8 * time.Second, mend: func() { l.server.nft() },
		cause: func() {
			l.server.nft("input numgen random mod 100 < 20 drop", "output numgen random mod 100 < 20 drop")
		}}, a, b)
	slow := func(h *host, args ...string) {
		l.run("tc", append([]string{"-n", h.ns, "qdisc"}, args...)...)
	}
	l.play(fault{name: "link of 256 kbit/s", alive: true, hold: 6 * time.Second, mend: func() { slow(l.server, "del", "dev", "eth0", "root") },
		cause: func() {
			slow(l.server, "add", "dev", "eth0", "root", "tbf", "rate", "256kbit", "burst", "16kb", "latency", "400ms")
		}}, a, b)
	l.sleep(a, 8*time.Second)
	l.exact(a, b)
}

// sleep stops the PC's programs as sleep does: for them the clock jumps.
func (l *lan) sleep(b *bot, d time.Duration) {
	l.t.Helper()
	l.measured("PC asleep", func() []string { return l.sleepOnce(b, d) })
}

func (l *lan) sleepOnce(b *bot, d time.Duration) []string {
	l.t.Helper()
	b.first(time.Now(), 20*time.Second, "work before sleep", posted)
	if err := b.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		l.t.Fatal(err)
	}
	time.Sleep(d) // asleep
	woken := time.Now()
	if err := b.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		l.t.Fatal(err)
	}
	online := b.first(woken, 20*time.Second, "the PC to be back after sleep", phase(screen.Online))
	answer := b.first(woken, 20*time.Second, "an answer after sleep", posted)
	l.t.Logf("%-32s back after %s, all answered after %s", fmt.Sprintf("PC asleep for %s", d), online.Round(10*time.Millisecond), answer.Round(10*time.Millisecond))
	return within(nil, "back", online, awake)
}

// mover gives the server one address after the other.
type mover struct {
	l     *lan
	at    string
	moves int
}

func (m *mover) leave() {
	m.l.t.Helper()
	m.l.ip("-n", m.l.server.ns, "addr", "del", m.at+"/24", "dev", "eth0")
}

func (m *mover) arrive() {
	m.l.t.Helper()
	m.moves++
	m.at = fmt.Sprintf("192.168.50.%d", 76+m.moves)
	m.l.ip("-n", m.l.server.ns, "addr", "add", m.at+"/24", "brd", "+", "dev", "eth0")
}

// TestFault_3_2_NewAddress moves the server while clients post, with probes and without.
func TestFault_3_2_NewAddress(t *testing.T) {
	t.Parallel()
	l := newLAN(t)
	l.open()
	a := l.join("192.168.50.101").robot(2, 20*time.Millisecond)
	a.ready(60 * time.Second)
	m := &mover{l: l, at: serverIP}
	l.play(fault{name: "server has a new address", bar: moved, hold: 4 * time.Second, cause: m.leave, mend: m.arrive}, a)
	l.server.nft("input udp dport 8090 drop")
	l.play(fault{name: "new address, probes blocked", bar: moved, hold: 4 * time.Second, cause: m.leave, mend: m.arrive}, a)
	l.exact(a)
}

// TestFault_3_3_SwitchDead kills the switch under 50 clients. The server's own window
// works on, and all are back at once.
func TestFault_3_3_SwitchDead(t *testing.T) {
	t.Parallel()
	l := newLAN(t)
	l.open()
	own := l.server.robot(1, 20*time.Millisecond)
	var bots []*bot
	for i := range 5 { // one after the other: there is one pairing code at a time
		b := l.join(fmt.Sprintf("192.168.50.%d", 101+i)).robot(10, time.Second)
		b.ready(2 * time.Minute)
		bots = append(bots, b)
	}
	var off, on time.Time
	l.play(fault{name: "switch dead, 50 clients", bar: fiftyBack, hold: 6 * time.Second,
		cause: func() { l.power(false); off = time.Now() }, mend: func() { l.power(true); on = time.Now() }}, bots...)
	during := 0
	for _, e := range own.since(off) {
		if posted(e) && e.At.Before(on) {
			during++
		}
	}
	if n := own.count(time.Time{}, phase(screen.Lost)); n != 0 || during < 5 {
		t.Errorf("without the switch the server's own window was offline %d times and posted %d documents", n, during)
	}
	t.Logf("meanwhile the server's own window posted %d documents", during)
	l.exact(append(bots, own)...)
}

// saidAt is when the service logged the last line that holds all of the words.
func (l *lan) saidAt(words ...string) (at time.Time) {
	l.t.Helper()
	b, err := os.ReadFile(filepath.Join(l.server.dir, "logs", "service.log"))
	if err != nil {
		l.t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
			at = stampOf(l.t, line)
		}
	}
	if at.IsZero() {
		l.t.Fatalf("the service never said %q", words)
	}
	return at
}

// stampOf is when a line of a log was written.
func stampOf(t *testing.T, line string) time.Time {
	t.Helper()
	stamp, _, _ := strings.Cut(strings.TrimPrefix(line, "time="), " ")
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return at
}

// TestFault_2_3_DeadSessionIsDropped takes the power from a client PC: nothing says
// goodbye, and the server notices.
func TestFault_2_3_DeadSessionIsDropped(t *testing.T) {
	t.Parallel()
	l := newLAN(t)
	l.open()
	store := l.join("192.168.50.101")
	a := store.robot(1, 50*time.Millisecond)
	own := l.server.robot(1, 50*time.Millisecond)
	a.ready(60 * time.Second)
	own.ready(60 * time.Second)
	clients := func() int { return len(call(l.server.pc, system.GetHealth, system.GetHealthReq{}).Clients) }
	before := clients() // with the two and the command itself
	l.ip("-n", l.sw, "link", "set", store.port, "down")
	cut := time.Now()
	_ = a.cmd.Process.Kill()
	waitFor(t, 20*time.Second, "the server to notice", func() bool { return clients() == before-1 })
	took := l.saidAt(`msg="client gone"`, `why="`+session.ErrSilent.Error()+`"`).Sub(cut)
	t.Logf("power of a client PC cut: the server dropped its session after %s", took.Round(10*time.Millisecond))
	if took > dropped || took < wire.ClientDead {
		t.Errorf("after %s, the bar is %s", took, dropped)
	}
}
