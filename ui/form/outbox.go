package form

import (
	"sync"
	"time"
)

// outbox is what goes on disk next of one form. The window puts it there in the frame
// that took it in. The writing is begun by the first frame after it is due or, while the
// window draws, is minimized or waits for a slow machine, by an alarm.
type outbox struct {
	mu    sync.Mutex
	next  *slip
	under *slip // being written; nil: nothing is
	late  bool  // next follows at once
}

// slip is a writing, with what the window wants to know of it afterwards.
type slip struct {
	write func() error
	save  *Autosave
	print uint64 // of what is written
	turn  uint64 // see Autosave
	key   string // of the draft
	at    time.Time
}

// holds reports whether what has this print is on its way.
func (o *outbox) holds(print uint64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.next != nil {
		return o.next.print == print
	}
	return o.under != nil && o.under.print == print
}

// writes reports whether what has this print is being written.
func (o *outbox) writes(print uint64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.under != nil && o.under.print == print && o.next == nil
}

// put replaces what is written next, by nothing for nil.
func (o *outbox) put(s *slip) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.next, o.late = s, o.late && s != nil
}

// begin takes what is next. It returns nil when there is nothing, and while something is
// being written: what is next follows then.
func (o *outbox) begin() *slip {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.under != nil {
		o.late = o.next != nil
		return nil
	}
	o.under, o.next = o.next, nil
	return o.under
}

// ended notes that the writing under way is done, and returns the one that follows at
// once, nil for none.
func (o *outbox) ended() *slip {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.under = nil
	if o.late {
		o.under, o.next, o.late = o.next, nil, false
	}
	return o.under
}
