package session

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/yamux"

	"masala/transport/identity"
	"masala/transport/wire"
)

// Reasons why a session ended.
var (
	ErrSilent = errors.New("session: no byte from the other side")
	ErrClosed = errors.New("session: closed here")
	ErrGone   = errors.New("session: the other side hung up")
	ErrStuck  = errors.New("session: the other side takes no bytes")
	ErrFrames = errors.New("session: the other side does not keep to the protocol")
)

// Options of one side of a session.
type Options struct {
	Client    bool
	Dead      time.Duration       // without any byte for so long the session ends
	Heartbeat time.Duration       // between pings; 0 sends none
	OnLatency func(time.Duration) // after every ping; may be nil
}

// ClientOptions are those of the client's side (RESILIENCE 3.1).
func ClientOptions(onLatency func(time.Duration)) Options {
	return Options{Client: true, Dead: wire.ClientDead, Heartbeat: wire.Heartbeat, OnLatency: onLatency}
}

// ServerOptions are those of the server's side: it answers pings and sends none.
func ServerOptions() Options { return Options{Dead: wire.ServerDead} }

// Session carries streams over one connection until either side ends it.
type Session struct {
	mux     *yamux.Session
	frames  *frames
	tls     *tls.Conn
	pulse   *pulse
	peer    identity.Fingerprint
	latency atomic.Int64
	done    chan struct{}
	tasks   sync.WaitGroup

	mu    sync.Mutex
	cause error
}

// StreamClose is how long a stream that is closed here waits for the other side to close
// it; its timer outlives the session.
const StreamClose = 5 * time.Second

// Start makes a session of the link, which then belongs to it.
func (l *Link) Start(o Options) (*Session, error) {
	if !l.disarm() {
		l.Close()
		return nil, fmt.Errorf("session: start: %w", context.DeadlineExceeded)
	}
	config := yamux.DefaultConfig()
	config.EnableKeepAlive = false // it notices a dead link after 40 s; ours after Dead
	config.ConnectionWriteTimeout = wire.WriteTimeout
	config.StreamOpenTimeout = 10 * time.Second
	config.StreamCloseTimeout = StreamClose
	config.LogOutput = io.Discard // its errors come back to us; its log has no levels
	mux := yamux.Server
	if o.Client {
		mux = yamux.Client
	}
	l.pulse.started.Store(true)
	l.pulse.last.Store(int64(time.Since(l.pulse.born)))
	f := &frames{Conn: l.tls, raw: l.pulse.Conn}
	m, err := mux(f, config)
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("session: start: %w", err)
	}
	s := &Session{mux: m, frames: f, tls: l.tls, pulse: l.pulse, peer: l.peer, done: make(chan struct{})}
	s.tasks.Go(func() { s.guard(o.Dead) })
	if o.Heartbeat > 0 {
		s.tasks.Go(func() { s.beat(o.Heartbeat, o.OnLatency) })
	}
	return s, nil
}

// guard ends the session when the other side is silent for too long, and marks
// its end when yamux ended it.
func (s *Session) guard(dead time.Duration) {
	defer close(s.done)
	timer := time.NewTimer(dead)
	defer timer.Stop()
	for {
		select {
		case <-s.mux.CloseChan():
			if s.frames.failed.Load() {
				s.end(ErrGone)
			} else { // yamux has given up a connection that works
				s.end(ErrFrames)
			}
			return
		case <-timer.C:
			left := dead - s.pulse.silent()
			if left <= 0 {
				s.end(ErrSilent)
				return
			}
			timer.Reset(left)
		}
	}
}

func (s *Session) beat(every time.Duration, report func(time.Duration)) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-s.mux.CloseChan():
			return
		case <-timer.C:
		}
		if rtt, err := s.mux.Ping(); err == nil {
			s.latency.Store(int64(rtt))
			if report != nil {
				report(rtt)
			}
		}
		timer.Reset(every)
	}
}

// end closes the session; the first cause stays.
func (s *Session) end(cause error) {
	s.mu.Lock()
	if s.cause == nil {
		s.cause = cause
	}
	s.mu.Unlock()
	// The socket first: yamux waits for its own reader and writer, which may be
	// inside a call on it.
	_ = s.pulse.Conn.Close()
	_ = s.mux.Close()
}

// Close ends the session at once and waits until nothing of it runs.
func (s *Session) Close() { s.CloseFor(ErrClosed) }

// CloseFor is Close with a cause of the caller's.
func (s *Session) CloseFor(cause error) {
	s.end(cause)
	s.tasks.Wait()
}

// Finish says goodbye so that everything written arrives, waits at most grace for
// the other side to hang up, and closes.
func (s *Session) Finish(grace time.Duration) {
	_ = s.pulse.SetWriteDeadline(time.Now().Add(grace))
	_ = s.tls.CloseWrite()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-s.mux.CloseChan():
	case <-timer.C:
	}
	s.Close()
}

// Done is closed when the session has ended.
func (s *Session) Done() <-chan struct{} { return s.done }

// Cause says why the session ended; nil while it lives.
func (s *Session) Cause() error { s.mu.Lock(); defer s.mu.Unlock(); return s.cause }

// Peer names the key of the other side.
func (s *Session) Peer() identity.Fingerprint { return s.peer }

// RemoteAddr is the address of the other side.
func (s *Session) RemoteAddr() net.Addr { return s.pulse.RemoteAddr() }

// Latency is the round trip of the last ping; 0 before the first.
func (s *Session) Latency() time.Duration { return time.Duration(s.latency.Load()) }

// Streams is how many streams are open.
func (s *Session) Streams() int { return s.mux.NumStreams() }
