package node

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/platform/atomicfile"
	"masala/platform/hostinfo"
	"masala/platform/paths"
	"masala/transport/client"
	"masala/transport/discovery"
	"masala/transport/identity"
	"masala/transport/wire"
	"masala/ui/screen"
)

// Line is the line of this PC's window, or of a command, to the server. It is a
// screen.Connection.
type Line struct {
	*client.Client
	finder *discovery.Finder
	local  paths.Folder  // of the service on this PC; "" for a client PC
	seen   *recollection // nil for a service on this PC, which knows by itself

	typed    chan string // addresses to remember
	options  LineOptions
	mu       sync.Mutex
	state    op.State
	onChange func()
}

var _ screen.Connection = (*Line)(nil)

// LineOptions say where a line leads.
type LineOptions struct {
	Setup   *SetupFile
	Network discovery.Network // nil = no search: known and typed addresses only
	Version string
	Log     *slog.Logger
	// Local is the data folder of a service on this PC; then the line goes over
	// loopback with its launch token and needs no pairing.
	Local paths.Folder
}

// NewLine makes a line that does nothing before Run.
func NewLine(o LineOptions) (*Line, error) {
	l := &Line{local: o.Local, onChange: func() {}, typed: make(chan string, 1), options: o}
	c := client.Config{Name: hostinfo.Name(), Version: o.Version, Log: o.Log, OnState: l.pushed, Clock: core.SystemClock{}, Dial: dial}
	var err error
	if o.Local != "" {
		c.Identity, err = identity.New(rand.Reader)
	} else {
		err = l.asClient(&c, o)
	}
	if err != nil {
		return nil, err
	}
	l.Client = client.New(c)
	l.followService()
	return l, nil
}

// asClient makes c the client of the server this PC is paired with.
func (l *Line) asClient(c *client.Config, o LineOptions) error {
	setup, err := o.Setup.Read()
	if err != nil {
		return err
	}
	if err := o.Setup.Folder.Make(); err != nil {
		return err
	}
	if c.Identity, err = (identity.File{Path: o.Setup.Folder.Identity(), Write: atomicfile.Write}).Open(rand.Reader); err != nil {
		return err
	}
	c.Known, c.Manual = setup.Server, setup.Address
	l.seen = newRecollection(setup.Seen, func(m op.Mark) error { return o.Setup.Change(func(s *Setup) { s.Seen = m }) }, o.Log)
	c.Seen = l.seen.mark
	c.Remember = func(k client.Known) {
		if err := o.Setup.Change(func(s *Setup) {
			if k.Fingerprint != s.Server.Fingerprint {
				s.Address = "" // typed for the server before
			}
			s.Server = k
		}); err != nil {
			o.Log.Error("server not remembered", "err", err)
		}
	}
	if o.Network != nil {
		l.finder = discovery.NewFinder(o.Network, rand.Reader, o.Log)
		c.Finder = l.finder
	}
	return nil
}

func dial(ctx context.Context, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", address)
}

// Run keeps the line up until ctx ends.
func (l *Line) Run(ctx context.Context) {
	var tasks sync.WaitGroup
	defer tasks.Wait()
	if l.finder != nil {
		tasks.Go(func() { l.finder.Run(ctx) })
	}
	tasks.Go(func() { l.Client.Watch(ctx, l.statusChanged()) })
	if l.local != "" {
		tasks.Go(func() { l.follow(ctx) })
	}
	if l.seen != nil {
		tasks.Go(func() { l.seen.run(ctx) })
		tasks.Go(func() { l.keep(ctx, l.options.Setup, l.options.Log) })
	}
	l.Client.Run(ctx)
}

// Call carries one operation to the server, unless its books are older than what this
// PC has seen of them: then nothing of the business is posted from here.
func (l *Line) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	if l.seen != nil {
		if err := l.seen.refuses(operation); err != nil {
			return nil, err
		}
	}
	return l.Client.Call(ctx, operation, key, body)
}

// follow keeps to the service on this PC, which has a new port and token after
// every start.
func (l *Line) follow(ctx context.Context) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		if !l.Client.Status().Up() {
			l.followService()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (l *Line) followService() {
	if l.local == "" {
		return
	}
	if r, err := ReadRuntime(l.local); err == nil {
		l.Client.SetLocal(r.Address, r.Token)
	}
}

// statusChanged returns what hears of the client's status. A new latency alone, one
// a second, is no reason to draw the window again: whoever asks sees the newest.
func (l *Line) statusChanged() func(client.Status) {
	var last string
	return func(s client.Status) {
		s.Latency = 0
		if now := fmt.Sprint(s); now != last {
			last = now
			l.changed()
		}
	}
}

func (l *Line) pushed(s op.State) {
	if l.seen != nil {
		s.Warnings = append(l.seen.judge(s), s.Warnings...)
	}
	l.mu.Lock()
	l.state = s
	l.mu.Unlock()
	l.changed()
}

func (l *Line) changed() {
	l.mu.Lock()
	fn := l.onChange
	l.mu.Unlock()
	fn()
}

// OnChange sets the function called after every change.
func (l *Line) OnChange(fn func()) { l.mu.Lock(); l.onChange = fn; l.mu.Unlock() }

// State is what the server last told.
func (l *Line) State() op.State { l.mu.Lock(); defer l.mu.Unlock(); return l.state }

// Rediscover looks for the server at every address again.
func (l *Line) Rediscover() { l.RetryNow() }

// SetAddress takes an address typed by hand. It is tried after the next start too. One
// goroutine calls it, the window's.
func (l *Line) SetAddress(address string) {
	l.Client.SetManual(address)
	select {
	case <-l.typed: // one typed before is not worth keeping
	default:
	}
	l.typed <- address
}

// keep remembers typed addresses, away from the window.
func (l *Line) keep(ctx context.Context, setup *SetupFile, log *slog.Logger) {
	for {
		select {
		case address := <-l.typed:
			if err := setup.Change(func(s *Setup) { s.Address = address }); err != nil {
				log.Error("typed address not remembered", "err", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Status is where the line stands, in the window's words.
func (l *Line) Status() screen.Status {
	s := l.Client.Status()
	out := screen.Status{Phase: screen.Phase(s.State), Detail: s.Message, Server: s.Server, Address: s.Address, Latency: s.Latency,
		Attempt: s.Attempt, NextTry: s.NextTry, Since: s.Since, Down: s.Down}
	switch s.Reason {
	case wire.NotPaired:
		out.Refusal = screen.NotPaired
	case wire.Revoked:
		out.Refusal = screen.Revoked
	case wire.WrongVersion:
		out.Refusal = screen.WrongVersion
	case wire.Recovering:
		out.Refusal = screen.Recovering
	case wire.Starting:
		out.Refusal = screen.Starting
	case client.PinMismatch:
		out.Refusal = screen.WrongServer
	}
	out.Tried = l.ways(s)
	return out
}

// Found lists the servers heard of on the network.
func (l *Line) Found() []screen.Server {
	return windowServers(l.Client.Servers(), l.Client.Known().Fingerprint)
}

func windowServers(heard []discovery.Server, known identity.Fingerprint) []screen.Server {
	out := make([]screen.Server, len(heard))
	for i, s := range heard {
		out[i] = screen.Server{Name: s.Name, Version: s.Version, Paired: s.Fingerprint == known}
		if len(s.Addresses) > 0 {
			out[i].Address = s.Addresses[0]
		}
	}
	return out
}
