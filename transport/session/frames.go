package session

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync/atomic"
)

// frames is the connection as yamux sees it: TLS, cut along yamux's own frames.
//
// Reading: yamux holds the lock of a stream while it waits for the rest of a data
// frame, and with it everyone who touches the stream. Here a frame is handed over
// only when it is complete, so that no lock waits for the network; that is also
// what lets a session run in virtual time.
//
// Writing: yamux writes header and body separately; here they leave as one record.
type frames struct {
	*tls.Conn
	raw  net.Conn
	rest []byte // of the complete frame being handed over
	buf  []byte
	head []byte // a header whose body comes with the next Write

	failed atomic.Bool // the connection no longer carries bytes
}

const (
	headSize = 12        // version, type, flags, stream, length
	typeData = 0         // the only type whose length is that of a body
	maxBody  = 256 << 10 // yamux's receive window: no honest frame is longer
)

var errFrame = errors.New("session: frame larger than the window")

// bodyOf is the length of the body that follows a header.
func bodyOf(head []byte) int {
	if head[1] != typeData {
		return 0
	}
	return int(min(binary.BigEndian.Uint32(head[8:headSize]), maxBody+1))
}

func (f *frames) Read(b []byte) (int, error) {
	if len(f.rest) == 0 {
		if err := f.fill(); err != nil {
			if !errors.Is(err, errFrame) {
				f.failed.Store(true)
			}
			return 0, err
		}
	}
	n := copy(b, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// fill reads one whole frame.
func (f *frames) fill() error {
	f.buf = append(f.buf[:0], make([]byte, headSize)...)
	if _, err := io.ReadFull(f.Conn, f.buf); err != nil {
		return err
	}
	n := bodyOf(f.buf)
	if n > maxBody {
		return errFrame
	}
	if n > 0 {
		if cap(f.buf) < headSize+n {
			f.buf = append(make([]byte, 0, headSize+n), f.buf...)
		}
		f.buf = f.buf[:headSize+n]
		if _, err := io.ReadFull(f.Conn, f.buf[headSize:]); err != nil {
			return err
		}
	}
	f.rest = f.buf
	return nil
}

// Write relies on yamux's single writer, which sends a body right after its header.
func (f *frames) Write(b []byte) (int, error) {
	n, err := f.write(b)
	if err != nil {
		f.failed.Store(true)
	}
	return n, err
}

func (f *frames) write(b []byte) (int, error) {
	if len(f.head) == 0 && len(b) == headSize && bodyOf(b) > 0 {
		f.head = append(f.head, b...)
		return len(b), nil
	}
	if len(f.head) == 0 {
		return f.Conn.Write(b)
	}
	f.head = append(f.head, b...)
	n, err := f.Conn.Write(f.head)
	f.head = f.head[:0]
	return max(0, n-headSize), err
}

// Close closes the socket under TLS, without the goodbye that may block.
func (f *frames) Close() error { return f.raw.Close() }
