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

// NewAutosave watches f. resumed is whether f came from a draft that had been sent
// before.
func NewAutosave(d *Drafts, f *Form, resumed bool) *Autosave {
	return &Autosave{drafts: d, form: f, key: f.Key(), saved: f.baseline, submitted: resumed}
}

// Tick is called in every frame. It returns a writing when one is due, else nil,
// and when to call again at the latest, zero while nothing changed.
func (a *Autosave) Tick(now time.Time) (write func() error, next time.Time) {
	a.follow()
	if a.form.fingerprint() == a.saved {
		a.due = time.Time{}
		return nil, time.Time{}
	}
	if a.due.IsZero() {
		a.due = now.Add(SaveEvery)
	}
	if now.Before(a.due) {
		return nil, a.due
	}
	if !a.submitted && !a.form.Dirty() { // everything was taken back: nothing to resume
		a.saved, a.due = a.form.fingerprint(), time.Time{}
		return a.drafts.drop(a.key), time.Time{}
	}
	return a.keep(), time.Time{}
}

// Submitting returns the writing that must be done before anything is sent: from
// now on the draft says that its effect is unknown.
func (a *Autosave) Submitting() (write func() error) {
	a.follow()
	a.submitted = true
	return a.keep()
}

// Now returns a writing of what the form holds, for Ctrl+S and closing.
func (a *Autosave) Now() (write func() error) {
	a.follow()
	return a.keep()
}

func (a *Autosave) keep() func() error {
	a.saved, a.due = a.form.fingerprint(), time.Time{}
	return a.drafts.Keep(a.form, a.submitted)
}

// follow starts over when the form has been emptied after success.
func (a *Autosave) follow() {
	if a.key != a.form.Key() {
		a.key, a.saved, a.due, a.submitted = a.form.Key(), a.form.baseline, time.Time{}, false
	}
}
