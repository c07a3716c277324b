package client

import (
	"context"
	"slices"
	"time"

	"masala/core"
	"masala/transport/identity"
	"masala/transport/wire"
)

// State is the connection in one word.
type State string

// The states.
const (
	Unpaired   State = "unpaired"   // no server was chosen yet: nobody is dialled
	Searching  State = "searching"  // the server was not found yet since the start
	Connecting State = "connecting" // somebody answered, hands are being shaken
	Online     State = "online"
	Slow       State = "slow"    // heartbeats come, a call has had no answer for 10 s
	Lost       State = "lost"    // was online; trying again by itself
	Refused    State = "refused" // the server, or its address, turned this PC away; see Reason
)

// PinMismatch is the client's own reason: another server stands at the address.
const PinMismatch wire.Reason = "pin_mismatch"

// Sentences of the audit, word for word.
const (
	LostText   = "⚠️ Connection Lost. Reconnecting..."
	SlowText   = "Server not responding. Retrying..."
	SearchText = "Cannot find server. Ensure the server is running and port 8090 is not blocked by firewall."
)

// Status is what the connection dot and the overlay show.
type Status struct {
	State   State
	Address string        // connected to, or last connected to
	Server  string        // name of the server's PC
	Latency time.Duration // of the last heartbeat; 0 unless Online or Slow
	Since   time.Time     // of State
	Down    time.Time     // since when no call goes through, whatever State was meanwhile; zero while Up
	Attempt int           // rounds tried since the connection was lost
	NextTry time.Time     // of the next round; zero unless searching
	Reason  wire.Reason   // with Refused
	Message string        // with Refused: the sentence for the user
	Tried   []Try         // what was dialled, newest result per address
	Version string        // of the server's program, once it has said so
}

// Up reports whether calls go through.
func (s Status) Up() bool { return s.State == Online || s.State == Slow }

// Text is the sentence that goes with the state, "" when there is nothing to say.
func (s Status) Text() string {
	switch s.State {
	case Lost:
		return LostText
	case Slow:
		return SlowText
	case Unpaired, Searching, Connecting:
		return SearchText
	case Refused:
		return s.Message
	}
	return ""
}

// Try is one address that was dialled, and why it failed.
type Try struct {
	Address string
	Via     string // "last address", "typed", "found on the network"
	At      time.Time
	Error   string      // for the log
	Waiting bool        // no result yet
	Refused string      // the sentence when somebody answered there and said no, "" for no answer
	Reason  wire.Reason // of a refusal by a server
	Mute    bool        // somebody takes the connection and says nothing
}

// Status returns the status now.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.snapshot()
}

func (c *Client) snapshot() Status {
	s := c.status
	switch {
	case s.State == Online && (c.slowCalls > 0 || c.unanswered):
		s.State = Slow
	case s.State == Searching && c.shaking > 0:
		s.State = Connecting
	}
	s.Tried = append([]Try(nil), s.Tried...)
	return s
}

// Watch calls fn with the status now and after every change until ctx ends. Fast
// changes are merged: fn always sees the newest.
func (c *Client) Watch(ctx context.Context, fn func(Status)) {
	for {
		c.mu.Lock()
		s, changed := c.snapshot(), c.changed
		c.mu.Unlock()
		fn(s)
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// update changes the status under the lock and wakes who watches.
func (c *Client) update(fn func(s *Status)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.snapshot()
	fn(&c.status)
	now := c.snapshot()
	if now.State != before.State {
		c.status.Since = c.clock.Now()
	}
	switch {
	case now.Up():
		c.status.Down = time.Time{}
	case before.Up() || now.Down.IsZero():
		c.status.Down = c.clock.Now()
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

// begin notes an address that is dialled for the first time; later the last result stands
// until there is a new one.
func (c *Client) begin(t target) {
	c.mu.Lock()
	known := slices.ContainsFunc(c.status.Tried, func(x Try) bool { return x.Address == t.address })
	c.mu.Unlock()
	if !known {
		c.note(Try{Address: t.address, Via: t.via, At: c.clock.Now(), Waiting: true})
	}
}

func (c *Client) note(t Try) {
	c.update(func(s *Status) {
		i := slices.IndexFunc(s.Tried, func(x Try) bool { return x.Address == t.Address })
		switch {
		case i >= 0:
			s.Tried[i] = t
		case len(s.Tried) < 16:
			s.Tried = append(s.Tried, t)
		}
		c.settle(s)
	})
}

// settle derives the state of a client without connection from what was tried. A refusal
// stands as long as an address says so: a server that has fallen silent refuses nobody.
// c.mu is held.
func (c *Client) settle(s *Status) {
	if c.link != nil {
		return
	}
	var at string
	c.refused, at = verdict(s.Tried)
	s.Reason, s.Message = "", ""
	switch {
	case c.known.Fingerprint == "" && c.launch == "":
		s.State = Unpaired
	case c.refused != nil:
		s.State, s.Reason, s.Message, s.Address = Refused, c.refused.reason, c.refused.sentence().Message, at
	case c.wasUp:
		s.State = Lost
	default:
		s.State = Searching
	}
}

// verdict is the refusal that stands and where it was said: the newest word of the server
// itself, or that another server stands at every address there is. One at some of them
// says nothing about our own.
func verdict(tried []Try) (no *refusal, at string) {
	others, newest := 0, time.Time{}
	for _, t := range tried {
		switch t.Reason {
		case "", wire.Busy, wire.Failed:
		case PinMismatch:
			if others++; no == nil && others == len(tried) {
				return &refusal{reason: PinMismatch}, t.Address
			}
		default:
			if !t.At.Before(newest) {
				no, at, newest = &refusal{t.Reason, t.Refused}, t.Address, t.At
			}
		}
	}
	return no, at
}

// Known is what a client remembers of its server from one start to the next.
type Known struct {
	Fingerprint identity.Fingerprint `json:"fingerprint"`
	Address     string               `json:"address"`
	Name        string               `json:"name"`
}

// Known returns the server this client is paired with; zero when there is none.
func (c *Client) Known() Known { c.mu.Lock(); defer c.mu.Unlock(); return c.known }

// refusal is a server's no.
type refusal struct {
	reason  wire.Reason
	message string
}

func (r *refusal) Error() string { return "client: refused: " + string(r.reason) }

// final reports whether trying again soon is pointless: the paired server itself
// said no, and only a person can change that.
func (r *refusal) final() bool {
	return r.reason == wire.WrongVersion || r.reason == wire.NotPaired || r.reason == wire.Revoked
}

// sentence is the refusal as callers get it.
func (r *refusal) sentence() *core.Error {
	e := r.reason.Sentence()
	if r.reason == PinMismatch {
		e = core.Errorf(core.CodeForbidden, "Another Masala server answers at this address. Type the address of your own server, or pair this PC again.")
	}
	if r.message != "" {
		e.Message = r.message
	}
	return e.With("reason", string(r.reason))
}
