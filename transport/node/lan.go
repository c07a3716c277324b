package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"

	"masala/core"
	"masala/core/health"
	"masala/core/system"
)

const warnPort = "port.taken"

// lan is where the other PCs reach the service: the listener, and the beacon that
// tells where it is. An Admin may move it while the service runs: those connected stay,
// the others find the new port.
type lan struct {
	started  string // address the program was started with; "" = this PC only
	open     func(address string) (net.Listener, error)
	serve    func(net.Listener) error // until it is closed
	announce func(ctx context.Context, name string, port int)
	health   *health.Registry
	log      *slog.Logger
	clock    core.Clock

	mu     sync.Mutex
	ctx    context.Context
	fail   chan<- error
	tasks  sync.WaitGroup
	ln     net.Listener // nil while there is none
	port   int          // asked for; 0 = as started
	silent func()       // ends the beacon
}

// run opens the port and keeps it until ctx ends. A port that is taken is a warning,
// not an end: the server's own window must go on (RESILIENCE.md 3.3).
func (l *lan) run(ctx context.Context, f system.ServerFields, name string, fail chan<- error) {
	l.mu.Lock()
	l.ctx, l.fail = ctx, fail
	l.mu.Unlock()
	if l.started != "" {
		_ = l.move(f, name) // it has been logged and warned of
	}
}

// move makes the service reachable at another port or under another name. When the
// port cannot be had it stays where it is.
func (l *lan) move(f system.ServerFields, name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.started == "" || l.ctx.Err() != nil {
		return nil
	}
	if l.ln == nil || f.Port != l.port {
		address := l.address(f.Port)
		ln, err := l.open(address)
		if err != nil {
			l.warn(address, err)
			return err
		}
		old := l.ln
		l.ln, l.port = ln, f.Port
		l.tasks.Go(func() {
			if err := l.serve(ln); !errors.Is(err, net.ErrClosed) {
				l.fail <- err
			}
		})
		if old != nil {
			_ = old.Close()
		}
		l.health.Clear(warnPort)
		l.note(true, "Listening on port "+strconv.Itoa(portOf(ln)))
		l.log.Info("LAN port", "address", ln.Addr().String())
	}
	if l.silent != nil {
		l.silent()
		l.silent = nil
	}
	if l.announce != nil {
		ctx, cancel := context.WithCancel(l.ctx)
		heard := make(chan struct{})
		go func() { defer close(heard); l.announce(ctx, name, portOf(l.ln)) }()
		l.silent = func() { cancel(); <-heard }
	}
	return nil
}

func (l *lan) warn(address string, err error) {
	l.log.Error("LAN port", "address", address, "err", err)
	l.note(false, "Port "+address+" is used by another program")
	l.health.Set(health.Warning{Code: warnPort, Severity: health.Error, Admin: true,
		Text: "Other PCs cannot connect: port " + address + " is used by another program. Close it and start the server again."})
}

func (l *lan) note(ok bool, says string) {
	l.health.Checked(health.Check{Code: "port", Name: "Port for the other PCs", At: l.clock.Now(), OK: ok, Says: says})
}

func (l *lan) address(port int) string { return listenAt(l.started, port) }

// listenAt is where to listen for a port that an Admin chose, 0 for as the program was
// started.
func listenAt(started string, port int) string {
	host, _, err := net.SplitHostPort(started)
	if port == 0 || err != nil {
		return started
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// fits refuses a port that cannot be had.
func (l *lan) fits(port int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.started == "" && port != 0:
		return core.Invalid("port", "This server serves its own PC only.")
	case l.started == "" || l.ln != nil && (port == l.port || port == portOf(l.ln)):
		return nil
	}
	ln, err := l.open(l.address(port))
	if err != nil {
		return core.Invalid("port", "Port %d is used by another program. Choose another one.", port)
	}
	return ln.Close()
}

// reached is where clients reach the service, "" while they cannot.
func (l *lan) reached() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ln == nil {
		return ""
	}
	return l.ln.Addr().String()
}

// listens is the port clients reach now, 0 while there is none.
func (l *lan) listens() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ln == nil {
		return 0
	}
	return portOf(l.ln)
}

// end waits for what run and move have started; their ctx has ended and the server
// has closed its listeners.
func (l *lan) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.silent != nil {
		l.silent()
	}
	l.tasks.Wait()
}

func portOf(ln net.Listener) int {
	if a, ok := ln.Addr().(*net.TCPAddr); ok {
		return a.Port
	}
	return 0
}

func listenLAN(ctx context.Context) func(string) (net.Listener, error) {
	return func(address string) (net.Listener, error) {
		var c net.ListenConfig
		ln, err := c.Listen(ctx, "tcp4", address)
		if err != nil {
			return nil, fmt.Errorf("listen for the LAN: %w", err)
		}
		return ln, nil
	}
}
