package supervise

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
)

// ErrNotSupervised is returned by Parent in a process nobody supervises.
var ErrNotSupervised = errors.New("this process has no supervisor")

// ErrStop is the cause of the context's end when the parent asks to stop or dies.
var ErrStop = errors.New("the supervisor asks to stop or is gone")

// Link is a child's connection to its parent.
type Link struct {
	launch Facts
	heard  chan Facts
	pings  chan struct{}

	mu sync.Mutex
	up *os.File
}

// Parent connects this process with the supervisor that started it. The context
// ends, with cause ErrStop, when the parent asks to stop or dies; the child has
// then its Grace to finish. It takes over stdin: call it once, first thing.
func Parent(ctx context.Context) (context.Context, *Link, error) {
	number := os.Getenv(envUp)
	if number == "" {
		return ctx, nil, ErrNotSupervised
	}
	os.Unsetenv(envUp) // not for the programs this one starts
	handle, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return ctx, nil, fmt.Errorf("%s=%q: %w", envUp, number, err)
	}
	up, err := adopt(uintptr(handle))
	if err != nil {
		return ctx, nil, fmt.Errorf("%s=%q: %w", envUp, number, err)
	}
	return connect(ctx, os.Stdin, up)
}

func connect(ctx context.Context, down io.Reader, up *os.File) (context.Context, *Link, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	l := &Link{up: up, heard: make(chan Facts, 64), pings: make(chan struct{}, 1)}
	first := make(chan Facts)
	go func() {
		started := false
		readMessages(down, func(m message) { // any end means the same
			if !started {
				started = true
				first <- m.Facts
				return
			}
			if m.Ping {
				l.ring()
			}
			if m.Facts != nil {
				l.keep(m.Facts)
			}
		})
		cancel(ErrStop)
		close(first)
		close(l.heard)
	}()
	facts, ok := <-first
	if !ok {
		return ctx, nil, ErrStop
	}
	l.launch = facts
	return ctx, l, nil
}

// keep never waits, so that the end of the pipe is seen even when nobody reads
// Heard; the oldest facts give way.
func (l *Link) keep(f Facts) {
	for {
		select {
		case l.heard <- f:
			return
		default:
		}
		select {
		case <-l.heard:
		default:
		}
	}
}

// ring counts pings that nobody has taken yet as one.
func (l *Link) ring() {
	select {
	case l.pings <- struct{}{}:
	default:
	}
}

// Launch returns what the parent said at the start.
func (l *Link) Launch() Facts { return l.launch }

// Heard delivers what the parent says later; it is closed at the parent's end. If
// nobody reads, the newest 64 are kept.
func (l *Link) Heard() <-chan Facts { return l.heard }

// Tell sends facts to the parent.
func (l *Link) Tell(f Facts) error { return l.send(message{Facts: f}) }

// Pings gets a value when the parent asks whether this child still works.
func (l *Link) Pings() <-chan struct{} { return l.pings }

// Answer answers a ping with what the child is doing ("in service", "restoring
// 40 %"). Give it from the place whose hanging matters, not from a loop of its own.
func (l *Link) Answer(doing string) error { return l.send(message{Answer: cmp.Or(doing, "alive")}) }

func (l *Link) send(m message) error {
	line, err := m.line()
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err = l.up.Write(line)
	return err
}
