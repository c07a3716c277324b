package form

import "time"

// SaveEvery is how much typing a crash may cost at most (RESILIENCE 2.1).
const SaveEvery = 5 * time.Second

// Autosave keeps the draft of one form up to date.
type Autosave struct {
	drafts *Drafts
	form   *Form

	key       string // of the form the state below speaks of
	saved     uint64 // fingerprint last handed out
	due       time.Time
	submitted bool
}

// NewAutosave watches f as it is now. resumed is whether f came from a draft that had
// been sent before.
func NewAutosave(d *Drafts, f *Form, resumed bool) *Autosave {
	return &Autosave{drafts: d, form: f, key: f.Key(), saved: f.fingerprint(false), submitted: resumed}
}

// Tick is called in every frame. It returns a writing when one is due, else nil,
// and when to call again at the latest, zero while nothing changed.
func (a *Autosave) Tick(now time.Time) (write func() error, next time.Time) {
	if !a.pending() {
		a.due = time.Time{}
		return nil, time.Time{}
	}
	if a.due.IsZero() {
		a.due = now.Add(SaveEvery)
	}
	if now.Before(a.due) {
		return nil, a.due
	}
	return a.Now(), time.Time{}
}

// pending reports whether the form holds something its draft does not.
func (a *Autosave) pending() bool {
	a.follow()
	return a.form.fingerprint(false) != a.saved
}

// Now returns a writing of what the form holds, nil when the draft holds it already.
func (a *Autosave) Now() (write func() error) {
	if !a.pending() {
		return nil
	}
	if !a.submitted && !a.form.Keepable() { // everything was taken back: nothing to resume
		a.saved, a.due = a.form.fingerprint(false), time.Time{}
		return a.drafts.drop(a.key)
	}
	return a.keep()
}

// Submitting returns the writing that must be done before anything is sent: from
// now on the draft says that its effect is unknown.
func (a *Autosave) Submitting() (write func() error) {
	a.follow()
	a.submitted = true
	return a.keep()
}

// Failed says that the last writing did not succeed: it is due again in SaveEvery.
func (a *Autosave) Failed() { a.saved = ^a.form.fingerprint(false) }

func (a *Autosave) keep() func() error {
	a.saved, a.due = a.form.fingerprint(false), time.Time{}
	return a.drafts.Keep(a.form, a.submitted)
}

// follow starts over when the form has been emptied after success.
func (a *Autosave) follow() {
	if a.key != a.form.Key() {
		a.key, a.saved, a.due, a.submitted = a.form.Key(), a.form.blank, time.Time{}, false
	}
}
