package faultnet

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// window is how many bytes one direction holds before a writer waits: what two
// kernels with grown buffers take.
const window = 8 << 20

type segment struct {
	data []byte
	at   time.Time // not before
}

// pipe is one direction of a connection. The lock of the Net guards it.
type pipe struct {
	net        *Net
	from, to   place
	queue      []segment
	size       int
	finished   bool // the writer closed: EOF follows what is queued
	deserted   bool // the reader closed
	reset      bool
	readUntil  time.Time
	writeUntil time.Time
	wake       chan struct{}
}

func newPipe(n *Net, from, to place) *pipe {
	p := &pipe{net: n, from: from, to: to, wake: make(chan struct{})}
	n.pipes[p] = struct{}{}
	return p
}

func (p *pipe) notify() { close(p.wake); p.wake = make(chan struct{}) }

// await runs try under the lock until it is done. try returns an instant at
// which to look again even if nothing changes; zero for none.
func (p *pipe) await(until func() time.Time, try func(now time.Time) (done bool, again time.Time)) error {
	for {
		p.net.mu.Lock()
		now := time.Now()
		limit := until()
		if !limit.IsZero() && !now.Before(limit) {
			p.net.mu.Unlock()
			return os.ErrDeadlineExceeded
		}
		done, again := try(now)
		wake := p.wake
		p.net.mu.Unlock()
		if done {
			return nil
		}
		if again.IsZero() || !limit.IsZero() && limit.Before(again) {
			again = limit
		}
		if again.IsZero() {
			<-wake
			continue
		}
		timer := time.NewTimer(again.Sub(now))
		select {
		case <-wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (p *pipe) read(b []byte) (n int, err error) {
	werr := p.await(func() time.Time { return p.readUntil }, func(now time.Time) (bool, time.Time) {
		switch {
		case p.deserted:
			err = net.ErrClosed
		case p.reset:
			err = syscall.ECONNRESET
		case !p.net.reaches(p.from, p.to):
			return false, time.Time{}
		case len(p.queue) == 0 && p.finished:
			err = io.EOF
		case len(p.queue) == 0:
			return false, time.Time{}
		case now.Before(p.queue[0].at):
			return false, p.queue[0].at
		default:
			head := &p.queue[0]
			n = copy(b, head.data)
			if head.data = head.data[n:]; len(head.data) == 0 {
				p.queue = p.queue[1:]
			}
			p.size -= n
			p.notify()
		}
		return true, time.Time{}
	})
	if werr != nil {
		err = werr
	}
	return n, err
}

func (p *pipe) write(b []byte) (n int, err error) {
	for len(b) > 0 && err == nil {
		werr := p.await(func() time.Time { return p.writeUntil }, func(now time.Time) (bool, time.Time) {
			switch {
			case p.finished:
				err = net.ErrClosed
			case p.reset:
				err = syscall.ECONNRESET
			case p.deserted && p.net.reaches(p.from, p.to):
				err = syscall.EPIPE
			case p.size >= window:
				return false, time.Time{}
			default:
				k := min(len(b), window-p.size)
				at := now.Add(p.net.lateness(p.from, p.to))
				if q := len(p.queue); q > 0 && p.queue[q-1].at.After(at) {
					at = p.queue[q-1].at
				}
				p.queue = append(p.queue, segment{append([]byte(nil), b[:k]...), at})
				p.size += k
				b = b[k:]
				n += k
				p.notify()
			}
			return true, time.Time{}
		})
		if werr != nil {
			err = werr
		}
	}
	return n, err
}

// conn is one end: it reads from in and writes to out.
type conn struct {
	in, out *pipe
}

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.in.read(b)
	return n, c.wrap("read", err)
}

func (c *conn) Write(b []byte) (int, error) {
	n, err := c.out.write(b)
	return n, c.wrap("write", err)
}

func (c *conn) wrap(what string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &net.OpError{Op: what, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}

// CloseWrite sends EOF after what was written.
func (c *conn) CloseWrite() error {
	c.out.net.mu.Lock()
	defer c.out.net.mu.Unlock()
	c.out.finished = true
	c.out.notify()
	return nil
}

func (c *conn) Close() error {
	n := c.in.net
	n.mu.Lock()
	defer n.mu.Unlock()
	if c.in.deserted {
		return net.ErrClosed
	}
	c.in.deserted, c.out.finished = true, true
	if c.out.deserted { // both ends are gone
		delete(n.pipes, c.in)
		delete(n.pipes, c.out)
	}
	c.in.notify()
	c.out.notify()
	return nil
}

func (c *conn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.in.net.mu.Lock()
	defer c.in.net.mu.Unlock()
	c.in.readUntil = t
	c.in.notify()
	return nil
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.in.net.mu.Lock()
	defer c.in.net.mu.Unlock()
	c.out.writeUntil = t
	c.out.notify()
	return nil
}

func (c *conn) LocalAddr() net.Addr  { return c.out.from.tcp() }
func (c *conn) RemoteAddr() net.Addr { return c.out.to.tcp() }

func (p place) tcp() net.Addr { return &net.TCPAddr{IP: p.addr.AsSlice(), Port: int(p.port)} }
