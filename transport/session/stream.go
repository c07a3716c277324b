package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/hashicorp/yamux"
)

// Stream is one connection inside a session.
type Stream struct {
	*yamux.Stream
	session *Session
}

// Session is the session the stream runs in.
func (s *Stream) Session() *Session { return s.session }

// Read reads from the stream. The death of the session, which yamux reports as a
// plain io.EOF, is an error here: half an answer must not look like a whole one.
func (s *Stream) Read(b []byte) (int, error) {
	n, err := s.Stream.Read(b)
	if errors.Is(err, io.EOF) && s.session.mux.IsClosed() {
		err = fmt.Errorf("stream cut: %w", s.session.lost())
	}
	return n, err
}

// Write writes to the stream. After a timeout of the connection yamux no longer
// knows what was sent, so the session ends.
func (s *Stream) Write(b []byte) (int, error) {
	n, err := s.Stream.Write(b)
	if errors.Is(err, yamux.ErrConnectionWriteTimeout) {
		s.session.end(ErrStuck)
	}
	return n, err
}

// lost is the cause of the end, also in the instant before it is written down.
func (s *Session) lost() error {
	if err := s.Cause(); err != nil {
		return err
	}
	return ErrGone
}

// Open opens a stream to the other side. yamux may block in that for as long as
// the connection does; ctx frees the caller, not the stream, which is closed as
// soon as it is there.
func (s *Session) Open(ctx context.Context) (net.Conn, error) {
	type opened struct {
		stream *yamux.Stream
		err    error
	}
	ch := make(chan opened, 1)
	go func() {
		stream, err := s.mux.OpenStream()
		ch <- opened{stream, err}
	}()
	select {
	case o := <-ch:
		if o.err != nil {
			return nil, fmt.Errorf("session: open stream: %w", o.err)
		}
		return &Stream{o.stream, s}, nil
	case <-ctx.Done():
		go func() {
			if o := <-ch; o.err == nil {
				_ = o.stream.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// Funnel is the net.Listener of all sessions together. http.Server.Shutdown closes
// its listener first: closing this one only stops the taking of new streams, while
// the sessions go on and carry the answers in flight.
type Funnel struct {
	streams chan net.Conn
	closed  chan struct{}
	once    sync.Once
	addr    net.Addr
}

// NewFunnel returns a funnel that calls itself addr.
func NewFunnel(addr net.Addr) *Funnel {
	return &Funnel{streams: make(chan net.Conn), closed: make(chan struct{}), addr: addr}
}

// Pour hands every stream of s to the funnel until s ends, or until one comes that may
// refuses: then it returns false, and the caller ends s.
func (f *Funnel) Pour(s *Session, may func() bool) bool {
	for {
		y, err := s.mux.AcceptStream()
		if err != nil {
			return true
		}
		if !may() {
			return false
		}
		select {
		case f.streams <- &Stream{y, s}:
		case <-f.closed:
			_ = y.Close()
		case <-s.mux.CloseChan():
			return true
		}
	}
}

// Accept returns the next stream of any session.
func (f *Funnel) Accept() (net.Conn, error) {
	select {
	case <-f.closed:
		return nil, net.ErrClosed
	case c := <-f.streams:
		return c, nil
	}
}

// Close stops the taking of new streams.
func (f *Funnel) Close() error { f.once.Do(func() { close(f.closed) }); return nil }

// Addr returns the name given to NewFunnel.
func (f *Funnel) Addr() net.Addr { return f.addr }
