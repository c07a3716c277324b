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
	errStreams  = errors.New("server: too many streams of one PC")
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
	who := []any{"name", peer.Name, "device", int64(peer.Device)}
	told, missed := s.tell(peer)
	if told {
		if missed > 0 {
			who = append(who, "not_written_before", missed)
		}
		s.log.Info("client connected", append(who, "from", peer.Address)...)
	}
	s.tasks.Go(func() {
		if !s.funnel.Pour(run, func() bool { return s.mayOpen(run, v) }) {
			run.CloseFor(errStreams)
		}
	})
	<-run.Done()
	why := run.Cause()
	switch {
	case errors.Is(why, session.ErrFrames):
		s.turn(peer.Address, "bad_frames", who...)
	case errors.Is(why, errStreams):
		s.turn(peer.Address, "too_many_streams", who...)
	}
	if told {
		s.log.Info("client gone", append(who, "why", why)...)
	}
	run.Close()
}

// mayOpen reports whether a session may have the streams it has opened.
func (s *Server) mayOpen(run *session.Session, v *visitor) bool {
	limits := s.config.Limits
	if limits.Streams > 0 && run.Streams() > limits.Streams {
		return false
	}
	if limits.OfDevice == 0 {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for r, c := range s.clients {
		if c.Peer.Device == v.Peer.Device && c.Peer.Local == v.Peer.Local {
			n += r.Streams()
		}
	}
	return n <= limits.OfDevice
}

// The comings of one PC that are written down: so many at once, and one more each time
// that has passed.
const (
	visitBurst = 8
	visitEvery = 30 * time.Second
)

// visits is a bucket of comings that may be written, which fills again.
type visits struct {
	left   int
	filled time.Time
	missed int // comings not written since the last that was
}

// tell reports whether the coming and going of a PC are written to the log, and how often
// they were not before: one that comes and goes in a circle must not fill it.
func (s *Server) tell(p op.Peer) (told bool, missed int) {
	now := s.config.Clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.visits[p.Device]
	if b == nil { // as many as there are paired PCs
		b = &visits{left: visitBurst, filled: now}
		s.visits[p.Device] = b
	}
	if n := int(now.Sub(b.filled) / visitEvery); n > 0 || n < 0 { // or the clock was set back
		b.left, b.filled = min(b.left+max(n, 1), visitBurst), now
	}
	if b.left == 0 {
		b.missed++
		return false, 0
	}
	b.left--
	missed, b.missed = b.missed, 0
	return true, missed
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
