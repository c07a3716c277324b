package server

import (
	"cmp"
	"context"
	"errors"
	"net"
	"slices"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/transport/session"
)

// Client is one open session, for the tray and the server card.
type Client struct {
	Peer  op.Peer
	Since time.Time
}

// visitor is a session as the server keeps it.
type visitor struct {
	Client
	ctx   context.Context // ends with the session
	leave context.CancelFunc
}

var (
	errRevoked  = errors.New("server: device revoked")
	errTooMany  = errors.New("server: too many sessions of one PC")
	errStopping = errors.New("server: stopping")
)

// receive serves a session from its welcome to its end.
func (s *Server) receive(run *session.Session, peer op.Peer) {
	if peer.Address == "" || !peer.Local {
		peer.Address = hostOf(run.RemoteAddr())
	}
	v := &visitor{Client: Client{peer, s.config.Clock.Now()}}
	v.ctx, v.leave = context.WithCancel(s.alive)
	defer v.leave()
	if err := s.enter(run, v); err != nil {
		if errors.Is(err, errTooMany) {
			s.turn(peer.Address, "too_many_sessions", "name", peer.Name)
		}
		run.CloseFor(err)
		return
	}
	defer s.depart(run)
	s.config.OnChange()
	// Asked again now that Disconnect can see the session: a PC revoked between
	// the first question and enter must not slip through.
	if !peer.Local {
		if _, err := s.lookUp(v.ctx, run); err != nil {
			s.turn(peer.Address, "revoked", "device", int64(peer.Device), "err", err)
			run.CloseFor(errRevoked)
			return
		}
	}
	s.log.Info("client connected", "name", peer.Name, "device", int64(peer.Device), "from", peer.Address)
	s.tasks.Go(func() { s.funnel.Pour(run) })
	<-run.Done()
	s.log.Info("client gone", "name", peer.Name, "device", int64(peer.Device), "why", run.Cause())
	run.Close()
}

func (s *Server) enter(run *session.Session, v *visitor) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	same := 0
	for _, c := range s.clients {
		if c.Peer.Device == v.Peer.Device && c.Peer.Local == v.Peer.Local {
			same++
		}
	}
	switch {
	case s.closing:
		return errStopping
	case same >= s.config.Limits.PerDevice:
		return errTooMany
	}
	s.clients[run] = v
	return nil
}

func (s *Server) depart(run *session.Session) {
	s.mu.Lock()
	delete(s.clients, run)
	s.mu.Unlock()
	s.config.OnChange()
}

func (s *Server) sessions() (list []*session.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		list = append(list, c)
	}
	return list
}

// Clients lists the open sessions, this PC's own included, oldest first.
func (s *Server) Clients() []Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Client, 0, len(s.clients))
	for _, v := range s.clients {
		list = append(list, v.Client)
	}
	slices.SortFunc(list, func(a, b Client) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Peer.Device, b.Peer.Device))
	})
	return list
}

// Count is the number of other PCs connected: what "N clients are connected" says.
// A PC with several sessions counts once, the server's own window not at all.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	devices := map[core.DeviceID]bool{}
	for _, v := range s.clients {
		if !v.Peer.Local {
			devices[v.Peer.Device] = true
		}
	}
	return len(devices)
}

// Disconnect ends every session of a device at once and returns how many there
// were. Revoke the device in Trust first, or it comes back.
func (s *Server) Disconnect(id core.DeviceID) int {
	var gone []*session.Session
	s.mu.Lock()
	for run, v := range s.clients {
		if v.Peer.Device == id && !v.Peer.Local {
			v.leave() // calls in flight see it at once
			gone = append(gone, run)
		}
	}
	s.mu.Unlock()
	for _, run := range gone {
		run.CloseFor(errRevoked)
	}
	return len(gone)
}

type peerKey struct{}

// withPeer ties a stream's requests to the session it runs in.
func (s *Server) withPeer(ctx context.Context, c net.Conn) context.Context {
	st, ok := c.(*session.Stream)
	if !ok {
		return ctx
	}
	s.mu.Lock()
	v := s.clients[st.Session()]
	s.mu.Unlock()
	return context.WithValue(ctx, peerKey{}, v)
}
