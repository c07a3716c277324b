package server

import (
	"net"
	"slices"
	"sync/atomic"
	"time"
)

// arrival is a connection that has not said who it is.
type arrival struct {
	raw  net.Conn
	host string
	away atomic.Bool // it made way: it is closed, and noted as turned away
}

// admit counts a new connection among those in handshake, until it has settled; nil means
// that it was closed. One address gets so many at a time and a second. When there are too
// many in all, the oldest makes way: an honest handshake takes milliseconds, so it is the
// last to go.
func (s *Server) admit(raw net.Conn) *arrival {
	a := &arrival{raw: raw, host: hostOf(raw.RemoteAddr())}
	now := time.Now()
	s.mu.Lock()
	limits, same := s.config.Limits, 0
	for _, w := range s.waiting {
		if w.host == a.host {
			same++
		}
	}
	var oldest *arrival
	refused := s.closing || same >= limits.PerAddress || !s.inPace(a.host, now)
	if !refused {
		if len(s.waiting) >= limits.Handshakes {
			oldest, s.waiting = s.waiting[0], s.waiting[1:]
		}
		s.waiting = append(s.waiting, a)
	}
	closing := s.closing
	s.mu.Unlock()
	if oldest != nil {
		oldest.away.Store(true)
		_ = oldest.raw.Close()
		s.turn(oldest.host, "too_slow")
	}
	if refused {
		_ = raw.Close()
		if !closing {
			s.turn(a.host, "too_many_connections")
		}
		return nil
	}
	return a
}

// settled takes an arrival out of those in handshake, if it still is.
func (s *Server) settled(a *arrival) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, a); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
	}
}

// turnArrival notes why an arrival did not become a session, unless that was noted when it
// made way.
func (s *Server) turnArrival(a *arrival, why string, facts ...any) {
	if !a.away.Load() {
		s.turn(a.host, why, facts...)
	}
}

// turn notes in the log, once for each source and reason, that somebody was refused.
func (s *Server) turn(host, why string, facts ...any) {
	s.turned.Note(s.config.Clock.Now(), host, why, facts...)
}

// pace is how fast one address may come: a bucket that fills again.
type pace struct {
	left float64
	at   time.Time
}

// maxPaces bounds the addresses that are remembered; a full bucket is forgotten.
const maxPaces = 1024

// inPace takes one connection out of the bucket of host. s.mu is held.
func (s *Server) inPace(host string, now time.Time) bool {
	rate := float64(s.config.Limits.PerSecond)
	if rate == 0 {
		return true
	}
	p := s.paces[host]
	if p == nil {
		if len(s.paces) >= maxPaces {
			for h, old := range s.paces {
				if now.Sub(old.at) >= time.Second { // full again
					delete(s.paces, h)
				}
			}
		}
		p = &pace{rate, now}
		s.paces[host] = p
	}
	p.left = min(rate, p.left+rate*now.Sub(p.at).Seconds())
	p.at = now
	if p.left < 1 {
		return false
	}
	p.left--
	return true
}
