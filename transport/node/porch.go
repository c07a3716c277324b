package node

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/op"
	"masala/platform/hostinfo"
	"masala/transport/discovery"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/server"
)

// porchAfter is how long the books may take to open before the other PCs are told: at most
// starts they are open sooner than a PC asks.
const porchAfter = time.Second

// porch answers the other PCs while the books are opened, which a new version may take
// minutes for: a port where nobody listens would tell them that no server runs. It lets
// nobody in. known says where they look for the server. end closes the port and may be
// called twice.
func (s *service) porch(ctx context.Context, id *identity.Identity, known backup.Anchor) (end func()) {
	o := s.options
	if o.Listen == "" {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var tasks sync.WaitGroup
	tasks.Go(func() {
		timer := time.NewTimer(porchAfter)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		ln, err := listenLAN(ctx)(listenAt(o.Listen, known.Port))
		if err != nil { // lan warns of it, once it tries itself
			o.Log.Warn("other PCs are not told of the start", "err", err)
			return
		}
		name := cmp.Or(known.Name, hostinfo.Name())
		door := server.New(server.Config{Service: closed{}, Identity: id, Trust: opening{o.Pulse}, Name: name, Version: o.Version, Log: o.Log})
		tasks.Go(func() { _ = door.Serve(ln) })
		if o.Network != nil {
			b := &discovery.Beacon{Identity: id, Name: name, Version: o.Version, Port: uint16(portOf(ln)), Network: o.Network, Log: o.Log}
			tasks.Go(func() { b.Run(ctx) })
		}
		o.Log.Info("other PCs are told of the start", "address", ln.Addr().String())
		<-ctx.Done()
		door.Close()
	})
	return func() { cancel(); tasks.Wait() }
}

// opening lets no PC in: the list of them is in the books. It says what is done with those.
type opening struct{ pulse *Pulse }

func (o opening) Known(context.Context, string) (op.Peer, bool, error) {
	return op.Peer{}, false, o.awaited()
}

func (o opening) Pair(context.Context, string, string) (op.Peer, error) {
	return op.Peer{}, o.awaited()
}

// awaited is what the other PCs wait for, as their users read it.
func (o opening) awaited() error {
	doing, _, _ := o.pulse.now()
	if step, ok := strings.CutPrefix(doing, "migrating "); ok {
		return core.Errorf(core.CodeUnavailable, "The server is starting: it brings its data up to date, step %s. What you typed is kept, and this PC connects again by itself.", step).
			Because(pairing.ErrStarting)
	}
	if strings.HasPrefix(doing, "migrating") {
		return core.Errorf(core.CodeUnavailable, "The server is starting: it brings its data up to date. What you typed is kept, and this PC connects again by itself.").
			Because(pairing.ErrStarting)
	}
	return pairing.ErrStarting
}

// closed is the service behind a door that lets nobody in.
type closed struct{}

func (closed) Serve(context.Context, op.Request) ([]byte, error) { return nil, pairing.ErrStarting }

func (closed) Watch(context.Context, op.State) (op.State, error) {
	return op.State{}, pairing.ErrStarting
}
