// Package power keeps the server PC from sleeping while clients are connected.
package power

import "sync"

// Wakefulness is this process's wish that the PC stay awake. The zero value is not
// usable; see New.
type Wakefulness struct {
	mu   sync.Mutex
	want chan bool
	over chan struct{}
}

// New returns a wish that is off.
func New() *Wakefulness {
	w := &Wakefulness{want: make(chan bool), over: make(chan struct{})}
	go func() {
		defer close(w.over)
		hold(w.want)
	}()
	return w
}

// Keep switches the wish on or off. The screen may go dark; the PC does not sleep.
// On Linux it does nothing: a server there is kept awake by its settings.
func (w *Wakefulness) Keep(awake bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.want != nil {
		w.want <- awake
	}
}

// Close takes the wish back.
func (w *Wakefulness) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.want != nil {
		close(w.want)
		w.want = nil
		<-w.over
	}
}
