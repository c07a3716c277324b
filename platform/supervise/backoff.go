package supervise

import "time"

// Backoff is how long to wait before a crashed child is started again.
type Backoff struct {
	First   time.Duration // after the first crash; doubles with each further one
	Max     time.Duration
	Healthy time.Duration // a child that lived so long starts the count anew
}

// DefaultBackoff waits 0.5 s, doubling to 30 s, and forgets after a healthy minute.
var DefaultBackoff = Backoff{First: 500 * time.Millisecond, Max: 30 * time.Second, Healthy: time.Minute}

func (b Backoff) orDefault() Backoff {
	if b == (Backoff{}) {
		return DefaultBackoff
	}
	return b
}

type backoff struct {
	Backoff
	next time.Duration
}

// after returns the pause after a child that lived so long.
func (b *backoff) after(lived time.Duration) time.Duration {
	if b.next == 0 || lived >= b.Healthy {
		b.next = b.First
	}
	pause := min(b.next, b.Max)
	b.next = min(2*pause, b.Max)
	return pause
}
