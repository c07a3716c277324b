// Package server carries an op.Service: it lets paired PCs in, pairs new ones, and
// serves their calls. Listeners, clock and keys are handed in.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/core/refusal"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/session"
	"masala/transport/wire"
)

// Limits of what strangers may cost.
type Limits struct {
	Handshakes int // connections that have not said who they are, in all
	PerAddress int // the same from one address
	PerDevice  int // sessions of one PC: windows and command line together
	PerSecond  int // new connections from one address a second, after a burst of as many; 0 = any number
	Streams    int // open streams of one session; 0 = any number
	OfDevice   int // open streams of all sessions of one PC; 0 = any number
}

// DefaultLimits suit a factory of a few hundred PCs.
var DefaultLimits = Limits{Handshakes: 256, PerAddress: 32, PerDevice: 16, PerSecond: 64, Streams: wire.MaxStreams, OfDevice: 4 * wire.MaxStreams}

// Config is what a server is made of. Service, Identity and Trust are required.
type Config struct {
	Service  op.Service
	Identity *identity.Identity
	Trust    pairing.Trust
	Desk     *pairing.Desk // nil: this server pairs nobody
	Clock    core.Clock    // nil: the clock of this PC
	Name     string        // of this PC, as clients show it
	Version  string        // of the program
	Token    string        // launch token; "" lets nobody in as "this PC"
	Limits   Limits        // zero: DefaultLimits
	Log      *slog.Logger  // nil: none
	OnChange func()        // a client came or went; must not block
}

// Server is a running server. Make it with New.
type Server struct {
	config Config
	log    *slog.Logger
	turned *refusal.Book
	http   *http.Server
	funnel *session.Funnel

	alive   context.Context // until the server is closed
	kill    context.CancelFunc
	opening context.Context // until Shutdown begins: watches and handshakes end with it
	stop    context.CancelFunc
	tasks   sync.WaitGroup
	streams sync.WaitGroup

	mu        sync.Mutex
	closing   bool
	listeners map[net.Listener]bool
	waiting   []*arrival // connections in handshake, oldest first
	paces     map[string]*pace
	visits    map[core.DeviceID]*visits
	clients   map[*session.Session]*visitor
	calls     int           // requests being served
	name      string        // of this PC, as clients show it
	quiet     chan struct{} // closed when the server is closing and serves none
}

// New makes a server that serves nobody until it is given a listener.
func New(c Config) *Server {
	if c.Clock == nil {
		c.Clock = core.SystemClock{}
	}
	if c.Limits == (Limits{}) {
		c.Limits = DefaultLimits
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.OnChange == nil {
		c.OnChange = func() {}
	}
	s := &Server{config: c, name: wire.CleanName(c.Name), log: c.Log, funnel: session.NewFunnel(sessionAddr{}),
		turned:    refusal.New(c.Log),
		listeners: map[net.Listener]bool{}, paces: map[string]*pace{}, visits: map[core.DeviceID]*visits{}, clients: map[*session.Session]*visitor{},
		quiet: make(chan struct{})}
	s.alive, s.kill = context.WithCancel(context.Background())
	s.opening, s.stop = context.WithCancel(s.alive)
	s.http = &http.Server{
		Handler:           s.routes(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute, // longer than a client keeps an idle stream
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return s.alive },
		ConnContext:       s.withPeer,
		ConnState: func(_ net.Conn, state http.ConnState) { // http.Server.Close does not wait for its goroutines
			switch state {
			case http.StateNew:
				s.streams.Add(1)
			case http.StateClosed, http.StateHijacked:
				s.streams.Done()
			}
		},
	}
	s.tasks.Go(func() { _ = s.http.Serve(s.funnel) })
	return s
}

type sessionAddr struct{}

func (sessionAddr) Network() string { return "masala" }
func (sessionAddr) String() string  { return "sessions" }

// Serve lets the PCs of the LAN in through ln until the server stops; it returns
// nil then, and the error of a listener that fails for good.
func (s *Server) Serve(ln net.Listener) error { return s.accept(ln, false) }

// ServeLocal lets this PC in through ln: whoever shows the launch token, and
// nobody else.
func (s *Server) ServeLocal(ln net.Listener) error { return s.accept(ln, true) }

func (s *Server) accept(ln net.Listener, local bool) error {
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		_ = ln.Close()
		return http.ErrServerClosed
	}
	s.listeners[ln] = true
	s.tasks.Add(1)
	s.mu.Unlock()
	defer s.tasks.Done()
	defer s.forget(ln)
	pause := 5 * time.Millisecond
	for {
		raw, err := ln.Accept()
		switch {
		case err == nil:
			pause = 5 * time.Millisecond
			if a := s.admit(raw); a != nil {
				s.tasks.Go(func() { s.greet(a, local) })
			}
		case s.opening.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		default: // out of files, connection aborted: none of it is the end
			s.log.Warn("accept failed", "err", err)
			timer := time.NewTimer(pause)
			select {
			case <-timer.C:
			case <-s.opening.Done():
				timer.Stop()
				return nil
			}
			pause = min(2*pause, time.Second)
		}
	}
}

func (s *Server) forget(ln net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, ln)
}

// Rename is the name that clients are told from now on.
func (s *Server) Rename(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name = wire.CleanName(name)
}

func (s *Server) called() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name
}

func hostOf(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	return host
}

// Shutdown stops taking connections and requests, lets the answers in flight finish and arrive,
// and ends the sessions. When ctx ends first, it closes what is left and returns
// the error of ctx. http.Server.Shutdown is not used: it waits five seconds for a
// stream that was opened and never used.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stopListening()
	var err error
	select {
	case <-s.quiet:
		s.finishAll()
	case <-ctx.Done():
		err = ctx.Err()
	}
	s.Close()
	return err
}

func (s *Server) stopListening() {
	s.mu.Lock()
	if !s.closing && s.calls == 0 {
		close(s.quiet)
	}
	s.closing = true
	list := s.listeners
	s.listeners = map[net.Listener]bool{}
	s.mu.Unlock()
	s.stop()
	for ln := range list {
		_ = ln.Close()
	}
}

// finishAll says goodbye to every client at once; a dead one costs a second.
func (s *Server) finishAll() {
	var bye sync.WaitGroup
	for _, c := range s.sessions() {
		bye.Go(func() { c.Finish(time.Second) })
	}
	bye.Wait()
}

// Close ends everything at once and waits until nothing of the server runs.
func (s *Server) Close() {
	s.stopListening()
	s.kill()
	_ = s.http.Close()
	for _, c := range s.sessions() {
		c.Close()
	}
	s.tasks.Wait() // no stream comes any more
	s.streams.Wait()
}
