package server

import (
	"context"
	"errors"
	"fmt"
	"io"

	"masala/core"
	"masala/core/op"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/session"
	"masala/transport/wire"
)

// greet takes one connection from its first byte to its end.
func (s *Server) greet(a *arrival, local bool) {
	defer s.settled(a)
	ctx, cancel := context.WithTimeout(s.opening, wire.HandshakeTimeout)
	defer cancel()
	link, err := session.Accept(ctx, a.raw, s.config.Identity.ServerTLS())
	if err != nil {
		if !errors.Is(err, io.EOF) { // a client that tries several addresses hangs up on all but one
			s.turnArrival(a, "no_handshake", "err", err)
		}
		return
	}
	peer, err := s.introduce(ctx, link, local)
	if err != nil {
		why := "no_hello"
		if away := (*turnedAway)(nil); errors.As(err, &away) {
			why = string(away.reason)
		}
		s.turnArrival(a, why, "key", link.Peer().Short(), "err", err)
		s.part(link)
		return
	}
	if peer == nil { // paired; it comes again with its key
		s.part(link)
		return
	}
	run, err := link.Start(session.ServerOptions())
	if err != nil {
		return
	}
	s.settled(a)
	cancel()
	s.receive(run, *peer)
}

// part leaves the closing to the client, so that the last frame arrives; the
// handshake's deadline bounds the wait.
func (s *Server) part(link *session.Link) {
	var nothing struct{}
	_ = link.Receive(&nothing)
	link.Close()
}

// turnedAway is the refusal of a client, as the log reads it.
type turnedAway struct {
	reason wire.Reason
	cause  error
}

func (t *turnedAway) Error() string {
	if t.cause != nil {
		return fmt.Sprintf("%s: %v", t.reason, t.cause)
	}
	return string(t.reason)
}

// introduce hears the hello and answers it. The peer is nil after a pairing.
func (s *Server) introduce(ctx context.Context, link *session.Link, local bool) (*op.Peer, error) {
	var hello wire.Hello
	if err := link.Receive(&hello); err != nil {
		return nil, err
	}
	hello.Name = wire.CleanName(hello.Name)
	welcome := wire.Welcome{Protocol: wire.Protocol, Version: s.config.Version, Server: s.called()}
	peer, err := s.judge(ctx, link, local, hello, &welcome)
	var away *turnedAway
	if errors.As(err, &away) {
		welcome.Reason, welcome.Message = away.reason, away.reason.Sentence().Message
		if away.reason == wire.WrongVersion {
			welcome.Message = wire.VersionMismatch(hello.Version, s.config.Version).Message
		}
		var own *core.Error // a refusal in the Trust's own words
		if errors.As(away.cause, &own) {
			welcome.Message = own.Message
		}
	}
	if serr := link.Send(welcome); serr != nil {
		return nil, errors.Join(err, serr)
	}
	return peer, err
}

func (s *Server) judge(ctx context.Context, link *session.Link, local bool, hello wire.Hello, w *wire.Welcome) (*op.Peer, error) {
	if hello.Protocol != wire.Protocol {
		return nil, &turnedAway{reason: wire.WrongVersion}
	}
	switch {
	case local:
		return s.judgeLocal(link, hello, w)
	case hello.Want == wire.WantPair:
		return nil, s.judgePair(ctx, link, hello, w)
	case hello.Want == wire.WantSession:
		return s.lookUp(ctx, link)
	}
	return nil, &turnedAway{reason: wire.NotPaired, cause: fmt.Errorf("wants %q", hello.Want)}
}

func (s *Server) judgeLocal(link *session.Link, hello wire.Hello, w *wire.Welcome) (*op.Peer, error) {
	if hello.Want != wire.WantLocal || !pairing.Proved(hello.Proof, s.config.Token, pairing.TokenInfo, pairing.ClientSide, link.State()) {
		return nil, &turnedAway{reason: wire.WrongToken}
	}
	own, err := pairing.Proof(s.config.Token, pairing.TokenInfo, pairing.ServerSide, link.State())
	if err != nil {
		return nil, &turnedAway{wire.Failed, err}
	}
	w.Proof = own
	return &op.Peer{Name: s.called(), Address: hostOf(link.RemoteAddr()), Local: true}, nil
}

func (s *Server) judgePair(ctx context.Context, link *session.Link, hello wire.Hello, w *wire.Welcome) error {
	if s.config.Desk == nil {
		return &turnedAway{reason: wire.WrongCode}
	}
	own, ok := s.config.Desk.Check(hello.Proof, link.Peer(), hostOf(link.RemoteAddr()), link.State(), s.config.Clock.Now())
	if !ok {
		return &turnedAway{reason: wire.WrongCode}
	}
	// Kept before it is answered: a PC that believes to be paired must be.
	peer, err := s.config.Trust.Pair(ctx, string(link.Peer()), hello.Name)
	if err != nil {
		return &turnedAway{wire.Failed, err}
	}
	s.log.Info("PC paired", "name", peer.Name, "device", int64(peer.Device), "key", link.Peer().Short())
	w.Proof = own
	return nil
}

// lookUp finds the paired PC behind a link or session.
func (s *Server) lookUp(ctx context.Context, who interface{ Peer() identity.Fingerprint }) (*op.Peer, error) {
	peer, known, err := s.config.Trust.Known(ctx, string(who.Peer()))
	switch {
	case errors.Is(err, pairing.ErrRecovering):
		return nil, &turnedAway{wire.Recovering, err}
	case errors.Is(err, pairing.ErrStarting):
		return nil, &turnedAway{wire.Starting, err}
	case err != nil && pairing.IsRevoked(err):
		return nil, &turnedAway{wire.Revoked, nil}
	case err != nil:
		return nil, &turnedAway{wire.Failed, err}
	case !known:
		return nil, &turnedAway{reason: wire.NotPaired}
	}
	peer.Local = false // only the launch token makes a peer local
	return &peer, nil
}
