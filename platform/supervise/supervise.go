// Package supervise starts children of the same exe, keeps them running and ends
// them. Parent and child share two pipes that nobody else can read: launch facts
// (loopback port, launch token) travel there and never in arguments or the
// environment, and the end of the parent's pipe is the request to stop.
//
// Parent side: New and Supervisor.Run. Child side: Parent.
//
// A child never outlives its parent: it sees the end of its pipe, and if it cannot
// look, the system kills it (a job object on Windows, PDEATHSIG on Linux).
package supervise

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Exit codes of a child that say more than success or failure. No other end of the
// program may have one of them.
const (
	ExitDone    = 0  // work finished, do not start again
	ExitRestart = 10 // start again at once: settings changed, books restored
)

// Facts is what one side tells the other, by name. A line is limited to 64 KiB.
type Facts map[string]string

// ErrNotRunning is returned by Tell while there is no child.
var ErrNotRunning = errors.New("child is not running")

// ErrNotListening is returned by Tell when the child does not read its pipe.
var ErrNotListening = errors.New("child does not listen")

// A Child says what to run and how to keep it running.
type Child struct {
	Name string   // for the log: "service", "window"
	Path string   // the exe; empty: the running one
	Args []string // without the exe
	Env  []string // added to this process's environment, "NAME=value"

	// Launch returns the first facts of the child. It is called for every start, so
	// that a restarted child gets today's address. Nil: none.
	Launch func() Facts

	// Heard gets each thing the child tells. It must return soon: while it runs,
	// nothing else the child says is heard, its answers to pings included.
	Heard func(Facts)

	// Started and Ended are told of every start and end. They must return soon.
	Started func(pid int)
	Ended   func(End)

	// Output gets what the child prints, whole lines, one per Write. It is shared by
	// children, so it must be safe for concurrent use. Nil: the lines go to the log.
	Output io.Writer

	StopCodes []int         // exit codes after which it is not started again; nil: ExitDone
	Backoff   Backoff       // pauses after crashes; zero: DefaultBackoff
	Grace     time.Duration // how long a child may take to stop when asked; 0: 10 s
	Watch     Watch         // zero: the child is not pinged
	Tree      bool          // what the child has started dies with it
}

// Watch says how a hanging child is found: it is pinged every Every, and killed and
// started again when a ping has had no answer for Limit. Time is counted in pings,
// so that a PC that slept does not make its child look dead.
type Watch struct{ Every, Limit time.Duration }

// End tells how a child ended.
type End struct {
	PID   int
	Code  int           // exit code; -1 if it was killed or never started
	State string        // in the system's words: "exit status 3", "signal: killed"
	Err   error         // why it could not be started
	Lived time.Duration // from start to end
	Hung  bool          // killed because it left a ping without an answer
	Late  bool          // killed because it did not stop when asked
	Pause time.Duration // until the next start, if there is one
	Again bool          // it is going to be started again
}

// A Supervisor keeps one child running.
type Supervisor struct {
	child Child
	log   *slog.Logger

	mu   sync.Mutex
	live *process // nil while no child runs
}

// New makes a Supervisor; nothing runs yet.
func New(c Child, log *slog.Logger) *Supervisor {
	if c.StopCodes == nil {
		c.StopCodes = []int{ExitDone}
	}
	c.Backoff = c.Backoff.orDefault()
	c.Grace = cmp.Or(c.Grace, 10*time.Second)
	return &Supervisor{child: c, log: log.With("child", c.Name)}
}

// Run starts the child and starts it again when it crashes, until it exits with a
// stop code or ctx ends; then the child is asked to stop, and killed after Grace.
// It returns how the last child ended, and never before it is gone. One Run at a
// time.
func (s *Supervisor) Run(ctx context.Context) End {
	pauses := backoff{Backoff: s.child.Backoff}
	for {
		end := s.once(ctx)
		stopped := ctx.Err() != nil
		switch {
		case stopped || end.Err == nil && slices.Contains(s.child.StopCodes, end.Code):
		case end.Code == ExitRestart && end.Lived >= pauses.First: // a child that only ever asks for a restart must not spin
			end.Again = true
		case end.Hung: // to notice it has been pause enough
			end.Again = true
		default:
			end.Again, end.Pause = true, pauses.after(end.Lived)
		}
		s.report(end, stopped)
		if !end.Again {
			return end
		}
		if !sleep(ctx, end.Pause) {
			end.Again = false
			return end
		}
	}
}

func (s *Supervisor) report(end End, stopped bool) {
	switch {
	case end.Err != nil:
		s.log.Error("child could not be started", "err", end.Err, "again_in", end.Pause)
	case end.Hung:
		s.log.Error("child hung and was killed", "pid", end.PID, "lived", end.Lived, "again_in", end.Pause)
	case end.Late:
		s.log.Warn("child did not stop when asked and was killed", "pid", end.PID)
	case end.Again && end.Code != ExitRestart:
		s.log.Error("child crashed", "pid", end.PID, "state", end.State, "lived", end.Lived, "again_in", end.Pause)
	default:
		s.log.Info("child ended", "pid", end.PID, "state", end.State, "asked", stopped, "again", end.Again)
	}
	if s.child.Ended != nil {
		s.child.Ended(end)
	}
}

// once runs the child from start to end.
func (s *Supervisor) once(ctx context.Context) End {
	if ctx.Err() != nil {
		return End{Code: -1, State: "not started"}
	}
	begun := time.Now()
	p, err := start(s.child, s.log)
	if err != nil {
		return End{Code: -1, State: "not started", Err: err}
	}
	s.setLive(p)
	defer s.setLive(nil)
	s.log.Info("child started", "pid", p.pid)
	if s.child.Started != nil {
		s.child.Started(p.pid)
	}

	end := End{PID: p.pid}
	end.Hung, end.Late = s.watch(ctx, p)
	<-p.gone
	end.Code, end.State, end.Lived = p.code, p.state, time.Since(begun)
	return end
}

// watch returns when the child is gone or killed.
func (s *Supervisor) watch(ctx context.Context, p *process) (hung, late bool) {
	var tick <-chan time.Time // nil: never
	if w := s.child.Watch; w.Every > 0 {
		t := time.NewTicker(w.Every)
		defer t.Stop()
		tick = t.C
	}
	pings := pinger{watch: s.child.Watch}
	doing := ""
	for {
		select {
		case <-p.gone:
			return false, false
		case said := <-p.answers:
			pings.waiting = false
			if said != doing {
				doing = said
				s.log.Info("child answers", "pid", p.pid, "doing", doing)
			}
		case <-tick:
			switch due, over := pings.tick(); {
			case over:
				p.kill()
				return true, false
			case due:
				// One that does not fit into the pipe has no answer either.
				_ = p.tell(message{Ping: true})
			}
		case <-ctx.Done():
			return false, !p.stop(s.child.Grace)
		}
	}
}

// pinger counts how long a ping has been without an answer.
type pinger struct {
	watch   Watch
	waiting bool
	silent  time.Duration
}

// tick is called every watch.Every: a ping is due, or the limit is over.
func (p *pinger) tick() (due, over bool) {
	if !p.waiting {
		p.waiting, p.silent = true, 0
		return true, false
	}
	p.silent += p.watch.Every
	return false, p.silent >= p.watch.Limit
}

func (s *Supervisor) setLive(p *process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = p
}

// Tell sends facts to the running child. It does not wait for them to be read.
func (s *Supervisor) Tell(f Facts) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil {
		return ErrNotRunning
	}
	return s.live.tell(message{Facts: f})
}

// PID returns the process id of the running child, 0 while there is none.
func (s *Supervisor) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil {
		return 0
	}
	return s.live.pid
}

// sleep reports whether it slept to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
