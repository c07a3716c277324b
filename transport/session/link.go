// Package session turns one TCP connection into a session: TLS 1.3 with pinned
// keys, and over it yamux streams that net/http can serve and dial. A session knows
// within seconds that the other side is gone, and says so with a clear error.
package session

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"masala/transport/identity"
	"masala/transport/wire"
)

// Link is a connection after its TLS handshake, before it carries streams. Hello
// frames are exchanged on it.
type Link struct {
	tls    *tls.Conn
	pulse  *pulse
	peer   identity.Fingerprint
	disarm func() bool // of the close at the end of the handshake's context
}

// Accept runs the server's half of the TLS handshake. When ctx ends before Start
// is called the connection is closed, whatever it is busy with: a peer that sends
// a byte a minute holds nothing.
func Accept(ctx context.Context, raw net.Conn, config *tls.Config) (*Link, error) {
	return handshake(ctx, raw, func(c net.Conn) *tls.Conn { return tls.Server(c, config) })
}

// Connect runs the client's half.
func Connect(ctx context.Context, raw net.Conn, config *tls.Config) (*Link, error) {
	return handshake(ctx, raw, func(c net.Conn) *tls.Conn { return tls.Client(c, config) })
}

func handshake(ctx context.Context, raw net.Conn, side func(net.Conn) *tls.Conn) (*Link, error) {
	p := &pulse{Conn: raw, born: time.Now()}
	l := &Link{tls: side(p), pulse: p}
	l.disarm = context.AfterFunc(ctx, func() { _ = raw.Close() })
	if err := l.tls.Handshake(); err != nil {
		l.Close()
		return nil, l.explain(ctx, "handshake", err)
	}
	peer, err := identity.PeerOf(l.tls.ConnectionState())
	if err != nil {
		l.Close()
		return nil, err
	}
	l.peer = peer
	return l, nil
}

// explain prefers "too late" to the closed connection that follows from it.
func (l *Link) explain(ctx context.Context, what string, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return fmt.Errorf("session: %s: %w", what, err)
}

// Peer names the key the other side has proved to hold.
func (l *Link) Peer() identity.Fingerprint { return l.peer }

// State is the state of the TLS session, for proofs over its exporter.
func (l *Link) State() tls.ConnectionState { return l.tls.ConnectionState() }

// RemoteAddr is the address of the other side.
func (l *Link) RemoteAddr() net.Addr { return l.tls.RemoteAddr() }

// Send writes one frame.
func (l *Link) Send(v any) error { return wire.WriteFrame(l.tls, v) }

// Receive reads one frame.
func (l *Link) Receive(v any) error { return wire.ReadFrame(l.tls, v) }

// Close drops the connection at once. There is no TLS goodbye: on a dead link it
// would wait five seconds.
func (l *Link) Close() {
	l.disarm()
	_ = l.pulse.Conn.Close()
}

// pulse notes when the last byte came and bounds every write. It sits under TLS,
// so that part of a record already counts as life.
type pulse struct {
	net.Conn
	born    time.Time
	last    atomic.Int64 // time of the last byte, since born
	started atomic.Bool  // writes have deadlines of their own
}

func (p *pulse) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if n > 0 {
		p.last.Store(int64(time.Since(p.born)))
	}
	return n, err
}

func (p *pulse) Write(b []byte) (int, error) {
	if p.started.Load() {
		_ = p.SetWriteDeadline(time.Now().Add(wire.WriteTimeout))
	}
	return p.Conn.Write(b)
}

// silent is how long no byte has come.
func (p *pulse) silent() time.Duration { return time.Since(p.born) - time.Duration(p.last.Load()) }
