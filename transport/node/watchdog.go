package node

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/platform/supervise"
	"masala/storage"
)

// DefaultWatch is the watchdog of the service (RESILIENCE.md 1.4): pinged every 10 s, and
// replaced when a ping has had no answer for 30 s.
var DefaultWatch = supervise.Watch{Every: 10 * time.Second, Limit: 30 * time.Second}

// Pulse answers the supervisor's pings. While the books are in service each ping
// takes its turn in the writer, so that a hanging writer leaves it without an
// answer; a full or read-only disk is an answer. What may hold the writer for long
// says so with Say. The zero value is ready, and answers "starting".
type Pulse struct {
	mu    sync.Mutex
	ask   func(context.Context) error // takes a turn in the writer; nil before the books are open
	doing string
	moved chan struct{} // closed when doing changes
}

// InService makes every ping from now on take its turn: ask returns when it had it.
func (p *Pulse) InService(ask func(context.Context) error) {
	p.set(func() { p.ask, p.doing = ask, "" })
}

// Say is the answer to pings from now on, "restoring 40 %"; "" goes back to asking
// the writer. The one under way is answered with it at once.
func (p *Pulse) Say(doing string) { p.set(func() { p.doing = doing }) }

func (p *Pulse) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	if p.moved != nil {
		close(p.moved)
		p.moved = nil
	}
}

// now returns what to answer, or whom to ask, and what is closed when that changes.
func (p *Pulse) now() (doing string, ask func(context.Context) error, moved <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.moved == nil {
		p.moved = make(chan struct{})
	}
	if p.doing == "" && p.ask == nil {
		return "starting", nil, p.moved
	}
	return p.doing, p.ask, p.moved
}

// parent is the supervisor as the service sees it: a *supervise.Link.
type parent interface {
	Pings() <-chan struct{}
	Answer(doing string) error
}

// answer answers pings until ctx ends. One question at a time waits in the writer,
// however many pings come meanwhile.
func (p *Pulse) answer(ctx context.Context, up parent) {
	var turn chan string // the question under way
	for {
		select {
		case <-up.Pings():
		case <-ctx.Done():
			return
		}
		answer := ""
		for answer == "" {
			doing, ask, moved := p.now()
			if doing != "" {
				answer = doing
				continue
			}
			if turn == nil {
				turn = make(chan string, 1)
				go func(turn chan<- string) { turn <- sign(ask(ctx)) }(turn)
			}
			select {
			case answer = <-turn:
				turn = nil
			case <-moved:
			case <-ctx.Done():
				return
			}
		}
		if err := up.Answer(answer); err != nil {
			return // the supervisor is gone, and this process with it
		}
	}
}

// sign is what the writer's answer means: any answer is a sign of life.
func sign(err error) string {
	switch {
	case err == nil:
		return "in service"
	case core.CodeOf(err) == core.CodeDiskFull:
		return "disk full"
	}
	return "cannot write: " + err.Error()
}

// ping is the watchdog's question, with its answer for the health page.
func (s *service) ping(ctx context.Context, db *storage.DB) error {
	begun := s.options.Clock.Now()
	err := db.Ping(ctx)
	now := s.options.Clock.Now()
	c := health.Check{Code: "writer", Name: "Watchdog", At: now, OK: err == nil, Says: sign(err)}
	if err == nil {
		c.Says = fmt.Sprintf("The writer answered in %d ms", now.Sub(begun).Milliseconds())
	}
	s.health.Checked(c)
	return err
}

// tellClients keeps the supervisor informed how many PCs are connected: it asks
// before it ends the server.
func (s *service) tellClients(ctx context.Context) {
	last := -1
	for {
		if n := s.server.Count(); n != last {
			if s.options.Parent.Tell(supervise.Facts{FactClients: strconv.Itoa(n)}) != nil {
				return
			}
			last = n
		}
		select {
		case <-s.visited:
		case <-ctx.Done():
			return
		}
	}
}

// visit notes that a client came or went.
func (s *service) visit() {
	select {
	case s.visited <- struct{}{}:
	default:
	}
}
