package async

import (
	"context"
	"time"
)

// Value is something read from the server and shown. The zero Value is empty.
type Value[T any] struct {
	// Keep shows the value of the last key, as stale, until that of a new key has
	// come: right for a list being filtered, wrong for the details of one record.
	Keep bool

	slot   result[T]
	cancel context.CancelFunc
	gen    uint64
	load   func(context.Context) (T, error)

	asked bool
	key   any
	rev   uint64
	again bool // the revision moved while loading

	value T
	state State
}

// State is how a Value stands.
type State struct {
	Have    bool      // there is a value
	Loading bool      // a read is under way
	Stale   bool      // there is a value, and it is being or could not be renewed
	Err     error     // why the last read failed; nil once one succeeds
	Since   time.Time // when the read under way began
	At      time.Time // when the value was read
}

// Slow reports whether the read has lasted longer than d: grey bars after 150 ms,
// the slow-server banner after 10 s (UX.md section 5).
func (s State) Slow(now time.Time, d time.Duration) bool { return s.Loading && now.Sub(s.Since) >= d }

// Want is called in every frame with what the screen shows: it reads when key is
// new or rev has moved (see Revision), else it does nothing. load runs in the
// background. An answer to an older key is dropped; a rev that moves while a read
// is under way is read once more afterwards, so that a busy server cannot keep a
// screen empty.
func (v *Value[T]) Want(h *Host, key any, rev uint64, load func(context.Context) (T, error)) (T, State) {
	v.Poll(h)
	v.load = load
	switch {
	case !v.asked || v.key != key:
		if v.asked && !v.Keep {
			v.Drop()
		}
		v.asked, v.key, v.rev, v.again = true, key, rev, false
		v.start(h)
	case v.rev != rev:
		v.rev = rev
		if v.state.Loading {
			v.again = true
		} else {
			v.start(h)
		}
	}
	v.Poll(h)
	return v.value, v.state
}

// Get returns the value as the last Want or Poll left it.
func (v *Value[T]) Get() (T, State) { return v.value, v.state }

// Retry reads again, after a failure or when the user asks.
func (v *Value[T]) Retry(h *Host) {
	if v.asked && !v.state.Loading {
		v.start(h)
		v.Poll(h)
	}
}

// Drop forgets value and read under way; the next Want reads anew.
func (v *Value[T]) Drop() {
	if v.cancel != nil {
		v.cancel()
		v.cancel = nil
	}
	v.gen++
	var zero T
	v.value, v.state, v.asked, v.again = zero, State{}, false, false
}

func (v *Value[T]) start(h *Host) {
	if v.cancel != nil {
		v.cancel()
	}
	ctx, cancel := context.WithCancel(h.ctx)
	v.cancel = cancel
	v.gen++
	v.state.Loading, v.state.Since, v.state.Stale = true, h.clock.Now(), v.state.Have
	gen, load := v.gen, v.load
	h.run.Go(func() {
		defer cancel()
		x, err := load(ctx)
		if ctx.Err() != nil {
			return // dropped, or the host is closed: nobody looks any more
		}
		v.slot.put(gen, x, err, h.clock.Now())
		h.invalidate()
	})
}

// Poll takes in a result that has come; it reports whether one had.
func (v *Value[T]) Poll(h *Host) bool {
	x, at, err, ok := v.slot.take(v.gen)
	if !ok {
		return false
	}
	v.cancel = nil
	v.state.Loading, v.state.Err = false, err
	if err == nil {
		v.value = x
		v.state.Have, v.state.Stale, v.state.At = true, false, at
	}
	if v.again {
		v.again = false
		v.start(h)
	}
	return true
}
