package drill

import (
	"errors"
	"io"
	"net"
	"sync"
)

// wires are the cables between the client PCs and the server: connections over
// loopback that the drill can hold up, as a pulled cable would, without either side
// being told.
type wires struct {
	server func() string // its address now
	mu     sync.Mutex
	all    []*cable
	open   sync.WaitGroup
}

func newWires(server func() string) *wires { return &wires{server: server} }

// cable is the cable of one PC.
type cable struct {
	wires *wires
	ln    net.Listener

	mu      sync.Mutex
	changed *sync.Cond
	up      bool // bytes to the server pass
	down    bool // bytes from the server pass
	closed  bool
	conns   []net.Conn
}

func (w *wires) cable() (*cable, error) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &cable{wires: w, ln: ln, up: true, down: true}
	c.changed = sync.NewCond(&c.mu)
	w.mu.Lock()
	w.all = append(w.all, c)
	w.mu.Unlock()
	w.open.Go(c.accept)
	return c, nil
}

func (w *wires) close() error {
	var errs []error
	for _, c := range w.all {
		errs = append(errs, c.ln.Close())
		c.set(func() { c.closed = true })
		c.tear()
	}
	w.open.Wait()
	return errors.Join(errs...)
}

func (c *cable) address() string { return c.ln.Addr().String() }

func (c *cable) set(change func()) {
	c.mu.Lock()
	change()
	c.changed.Broadcast()
	c.mu.Unlock()
}

// pull takes the cable out, plug puts it in again; deaf loses only what the server says.
func (c *cable) pull() { c.set(func() { c.up, c.down = false, false }) }
func (c *cable) plug() { c.set(func() { c.up, c.down = true, true }) }
func (c *cable) deaf() { c.set(func() { c.down = false }) }

// tear breaks every connection; what was on its way is lost.
func (c *cable) tear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, x := range c.conns {
		_ = x.Close()
	}
	c.conns = nil
}

// pass waits until bytes of that direction pass.
func (c *cable) pass(open *bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !*open && !c.closed {
		c.changed.Wait()
	}
	return !c.closed
}

func (c *cable) keep(x net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns = append(c.conns, x)
	if c.closed {
		_ = x.Close()
	}
}

func (c *cable) accept() {
	for {
		pc, err := c.ln.Accept()
		if err != nil {
			return
		}
		c.keep(pc)
		c.wires.open.Go(func() { c.join(pc) })
	}
}

func (c *cable) join(pc net.Conn) {
	defer pc.Close()
	if !c.pass(&c.up) {
		return
	}
	server, err := net.Dial("tcp4", c.wires.server())
	if err != nil {
		return
	}
	defer server.Close()
	c.keep(server)
	var both sync.WaitGroup
	both.Go(func() { c.pump(server, pc, &c.up) })
	both.Go(func() { c.pump(pc, server, &c.down) })
	both.Wait()
}

func (c *cable) pump(to, from net.Conn, open *bool) {
	defer to.Close()
	b := make([]byte, 16<<10)
	for {
		n, err := from.Read(b)
		if n > 0 {
			if !c.pass(open) {
				return
			}
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				from.Close()
			}
			c.pass(open) // the end is late as well
			return
		}
	}
}
