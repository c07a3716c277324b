package faultnet

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

const backlog = 256

type listener struct {
	at     place
	queue  chan net.Conn
	closed chan struct{}
}

// Listen opens a TCP port of the host; 0 picks one.
func (h *Host) Listen(port uint16) (net.Listener, error) {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	if port == 0 {
		port = h.port()
	}
	if h.listeners[port] != nil {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Err: syscall.EADDRINUSE}
	}
	l := &listener{place{h, h.addr, port}, make(chan net.Conn, backlog), make(chan struct{})}
	h.listeners[port] = l
	return l, nil
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case <-l.closed:
		return nil, net.ErrClosed
	default:
	}
	select {
	case c := <-l.queue:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	h := l.at.host
	h.net.mu.Lock()
	open := h.listeners[l.at.port] == l
	if open {
		delete(h.listeners, l.at.port)
		close(l.closed)
	}
	h.net.mu.Unlock()
	if !open {
		return net.ErrClosed
	}
	for {
		select {
		case c := <-l.queue:
			_ = c.Close()
		default:
			return nil
		}
	}
}

func (l *listener) Addr() net.Addr { return l.at.tcp() }

// synAgain is when a kernel sends a lost SYN again, after the first try.
var synAgain = []time.Duration{time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second}

// Dial opens a TCP connection from the host to ip:port. Like a kernel it fails at
// once only where a host refuses; a SYN that gets lost is sent again after 1, 3, 7
// and 15 seconds, until ctx ends.
func (h *Host) Dial(ctx context.Context, address string) (net.Conn, error) {
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("%s: %w", address, err)}
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fail(err)
	}
	began := time.Now()
	for try := 0; ; try++ {
		c, late, err := h.connect(to)
		if err != nil {
			return fail(err)
		}
		wait := late
		if c == nil {
			if try == len(synAgain) {
				return fail(syscall.ETIMEDOUT)
			}
			wait = time.Until(began.Add(synAgain[try]))
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			if c != nil {
				_ = c.Close()
			}
			return fail(ctx.Err())
		}
		if c != nil {
			return c, nil
		}
	}
}

// connect sends one SYN: a connection and the time its handshake takes, nothing
// when the SYN or its answer is lost, an error when the host refuses.
func (h *Host) connect(to netip.AddrPort) (net.Conn, time.Duration, error) {
	n := h.net
	n.mu.Lock()
	defer n.mu.Unlock()
	host := n.find(to.Addr())
	if to.Addr().IsLoopback() {
		host = h
	}
	if host == nil {
		return nil, 0, nil
	}
	a, b := place{h, h.addr, h.port()}, place{host, host.addr, to.Port()}
	if !n.reaches(a, b) || !n.reaches(b, a) {
		return nil, 0, nil
	}
	l := host.listeners[to.Port()]
	if l == nil {
		return nil, 0, syscall.ECONNREFUSED
	}
	there, back := newPipe(n, a, b), newPipe(n, b, a)
	select {
	case l.queue <- &conn{in: there, out: back}:
	default:
		delete(n.pipes, there)
		delete(n.pipes, back)
		return nil, 0, nil // a full backlog drops the SYN
	}
	return &conn{in: back, out: there}, n.lateness(a, b) + n.lateness(b, a), nil
}
