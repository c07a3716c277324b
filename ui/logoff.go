package ui

import "time"

// SessionEnd is what a window says when the user's session is about to end. Its
// functions are called on the system's thread, which waits.
type SessionEnd interface {
	MayEnd() (reason string) // "" lets it end; anything else is shown to the user, who decides
	Ends()                   // the program is over when it returns
	Stays()                  // somebody cancelled
}

// inTurn runs what uses the window's state. That is its goroutine's business, but for
// the end of the user's session: then the system asks on a thread of its own, and waits.
// Nothing done in turn may wait for that thread.
func (w *Window) inTurn(do func()) {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	do()
}

// sessionPatience is how long the system is let wait for a frame to end. Windows waits
// for five seconds, and the draft is to be written in them.
const sessionPatience = 2 * time.Second

// atLeaving is inTurn that gives up: then what the disk has is what stays.
func (w *Window) atLeaving(do func()) {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
		do()
	case <-time.After(sessionPatience):
		w.log.Warn("the session ends while the window is busy")
	}
}

// sessionEnd answers the system when the user's session is about to end (RESILIENCE 2.2).
// What is typed is on disk before anything is answered, because a user may shut down
// anyway.
type sessionEnd struct{ *Window }

var _ SessionEnd = sessionEnd{}

const unsaved = "You have unsaved changes. "

func (l sessionEnd) MayEnd() (reason string) {
	w := l.Window
	w.atLeaving(func() {
		if w.dirty() {
			reason = unsaved + w.draftNote()
		}
	})
	w.log.Info("the session may end", "reason", reason)
	return reason
}

func (l sessionEnd) Ends() {
	w := l.Window
	w.atLeaving(func() {
		w.closing.Store(true)
		if d := w.desk(); d != nil {
			if err := d.Flush(); err != nil {
				w.log.Error("draft not saved", "err", err)
			}
		}
	})
	w.log.Info("the session ends")
}

func (l sessionEnd) Stays() { l.log.Info("the session stays") }
