package async

import "context"

// Action is one thing the user does that takes a while: posting, saving. One at a
// time; the zero Action is idle.
type Action[T any] struct {
	slot result[T]
	gen  uint64
	busy bool
}

// Start runs do in the background. It does nothing and returns false while an
// earlier one is still under way, so a second click sends nothing.
func (a *Action[T]) Start(h *Host, do func(context.Context) (T, error)) bool {
	if a.busy || h.ctx.Err() != nil {
		return false
	}
	a.busy = true
	a.gen++
	gen := a.gen
	h.run.Go(func() {
		x, err := do(h.ctx)
		if h.ctx.Err() != nil {
			return // the screen is gone; the draft with the request key is not
		}
		a.slot.put(gen, x, err, h.clock.Now())
		h.invalidate()
	})
	return true
}

// Busy reports whether something is under way, its result not yet taken.
func (a *Action[T]) Busy() bool { return a.busy }

// Done returns the result, once.
func (a *Action[T]) Done() (v T, err error, ok bool) {
	v, _, err, ok = a.slot.take(a.gen)
	if ok {
		a.busy = false
	}
	return v, err, ok
}
