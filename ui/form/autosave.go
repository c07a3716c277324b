package form

import "time"

// MayLose is how much typing a crash may cost at most (RESILIENCE 2.1).
const MayLose = 5 * time.Second

// When a draft is written. What remains of MayLose is for keys that the window has not
// been given yet, because it draws behind the keyboard, and for a slow disk.
const (
	SaveAfter  = 500 * time.Millisecond // after the last change: somebody stopped typing
	SaveWithin = 800 * time.Millisecond // after the first change that is not on disk: he does not stop
	FrameLate  = 100 * time.Millisecond // the writing does not wait longer for the frame that begins it
)

// Autosave keeps the draft of one form up to date.
type Autosave struct {
	drafts *Drafts
	form   *Form

	key       string    // of the form the state below speaks of
	saved     uint64    // fingerprint last handed out or, by an outbox, written
	marked    uint64    // turn of that
	turn      uint64    // counts what was taken
	seen      uint64    // fingerprint at the last Tick
	first     time.Time // when a change was seen that is not handed out; zero: none
	last      time.Time // when the newest was
	submitted bool
}

// NewAutosave watches f as it is now. resumed is whether f came from a draft that had
// been sent before.
func NewAutosave(d *Drafts, f *Form, resumed bool) *Autosave {
	return &Autosave{drafts: d, form: f, key: f.Key(), saved: f.fingerprint(false), submitted: resumed}
}

// Tick is called at the end of every frame. It returns a writing when one is due, else
// nil, and when to call again at the latest, zero while nothing changed.
func (a *Autosave) Tick(now time.Time) (write func() error, next time.Time) {
	next = a.due(now)
	if next.IsZero() || now.Before(next) {
		return nil, next
	}
	return a.Now(), time.Time{}
}

// due looks at the form and returns when its draft is to be written, zero while the draft
// holds everything.
func (a *Autosave) due(now time.Time) time.Time {
	print, pending := a.pending()
	switch {
	case !pending:
		a.first = time.Time{}
		return time.Time{}
	case a.first.IsZero():
		a.seen, a.first, a.last = print, now, now
	case print != a.seen:
		a.seen, a.last = print, now
	}
	due := a.last.Add(SaveAfter)
	if limit := a.first.Add(SaveWithin); limit.Before(due) {
		due = limit
	}
	return due
}

// pending returns what the form holds, and whether its draft does not.
func (a *Autosave) pending() (print uint64, pending bool) {
	a.follow()
	print = a.form.fingerprint(false)
	return print, print != a.saved
}

// Now returns a writing of what the form holds, nil when the draft holds it already.
func (a *Autosave) Now() (write func() error) {
	print, pending := a.pending()
	if !pending {
		return nil
	}
	write = a.take()
	a.saved, a.marked, a.first = print, a.turn, time.Time{}
	return write
}

// take returns a writing of what the form holds, and leaves it to wrote to note it.
func (a *Autosave) take() (write func() error) {
	a.turn++
	if !a.submitted && !a.form.Keepable() { // everything was taken back: nothing to resume
		return a.drafts.drop(a.key)
	}
	return a.drafts.Keep(a.form, a.submitted)
}

// slip is take for an outbox.
func (a *Autosave) slip(now time.Time) *slip {
	a.follow()
	write := a.take()
	return &slip{write, a, a.form.fingerprint(false), a.turn, a.key, now}
}

// wrote notes what is on disk, unless something newer was handed out meanwhile.
func (a *Autosave) wrote(s *slip) {
	if s.save != a || s.key != a.key || s.turn < a.marked {
		return
	}
	a.saved, a.marked = s.print, s.turn
	if a.first = (time.Time{}); a.last.After(s.at) {
		a.first = s.at // at the earliest
	}
}

// Submitting returns the writing that must be done before anything is sent: from
// now on the draft says that its effect is unknown.
func (a *Autosave) Submitting() (write func() error) {
	a.follow()
	a.submitted = true
	return a.keep()
}

// Failed says that the last writing did not succeed: it is due again in SaveAfter.
func (a *Autosave) Failed() { a.saved, a.first = ^a.form.fingerprint(false), time.Time{} }

func (a *Autosave) keep() func() error {
	a.turn++
	a.saved, a.marked, a.first = a.form.fingerprint(false), a.turn, time.Time{}
	return a.drafts.Keep(a.form, a.submitted)
}

// follow starts over when the form has been emptied after success.
func (a *Autosave) follow() {
	if a.key != a.form.Key() {
		a.turn++
		a.key, a.saved, a.marked, a.first, a.submitted = a.form.Key(), a.form.blank, a.turn, time.Time{}, false
	}
}
