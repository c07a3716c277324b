package async

import (
	"context"
	"sync"
	"time"

	"masala/core"
	"masala/core/op"
)

// Runner starts work in the background.
type Runner interface{ Go(work func()) }

// Host is what background work of one window or screen needs. Closing it ends all
// of that work.
type Host struct {
	ctx        context.Context
	cancel     context.CancelFunc
	run        Runner
	invalidate func()
	clock      core.Clock
}

// NewHost makes a host. invalidate asks the window for a new frame and may be
// called from any goroutine.
func NewHost(ctx context.Context, run Runner, clock core.Clock, invalidate func()) *Host {
	ctx, cancel := context.WithCancel(ctx)
	return &Host{ctx, cancel, run, invalidate, clock}
}

// Child makes a host for a part of the window that ends before it does.
func (h *Host) Child() *Host { return NewHost(h.ctx, h.run, h.clock, h.invalidate) }

// Close ends the work; late results are dropped.
func (h *Host) Close() { h.cancel() }

// Goroutines is the Runner of the program. Wait returns when all work has ended.
type Goroutines struct{ wg sync.WaitGroup }

// Go runs work in a goroutine of its own.
func (g *Goroutines) Go(work func()) { g.wg.Go(work) }

// Wait waits for everything started so far.
func (g *Goroutines) Wait() { g.wg.Wait() }

// Inline is a Runner for tests that does the work at once.
type Inline struct{}

// Go does the work before it returns.
func (Inline) Go(work func()) { work() }

// Steps is a Runner for tests that keeps the work until it is asked to do it, in
// any order.
type Steps struct{ Work []func() }

// Go keeps work for later.
func (s *Steps) Go(work func()) { s.Work = append(s.Work, work) }

// Do does work i and takes it off the list.
func (s *Steps) Do(i int) {
	work := s.Work[i]
	s.Work = append(s.Work[:i:i], s.Work[i+1:]...)
	work()
}

// Revision is one number that moves when any of the topics does, or when the
// service was started anew.
func Revision(s op.State, topics ...op.Topic) uint64 {
	h := uint64(14695981039346656037)
	mix := func(b byte) { h = (h ^ uint64(b)) * 1099511628211 }
	for i := range len(s.Boot) {
		mix(s.Boot[i])
	}
	for _, t := range topics {
		r := s.Revisions[t]
		for i := range 8 {
			mix(byte(r >> (8 * i)))
		}
	}
	return h
}

// result is where a goroutine leaves what it found.
type result[T any] struct {
	mu    sync.Mutex
	ready bool
	gen   uint64
	value T
	err   error
	at    time.Time
}

func (r *result[T]) put(gen uint64, v T, err error, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ready && r.gen > gen {
		return
	}
	r.ready, r.gen, r.value, r.err, r.at = true, gen, v, err, at
}

// take empties the slot; ok is false for nothing or for an answer older than gen.
func (r *result[T]) take(gen uint64) (v T, at time.Time, err error, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ready {
		return v, at, nil, false
	}
	v, at, err, ok = r.value, r.at, r.err, r.gen == gen
	var zero T
	r.ready, r.value, r.err = false, zero, nil
	return v, at, err, ok
}
