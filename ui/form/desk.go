package form

import (
	"slices"
	"time"

	"masala/core"
)

// Desk keeps the drafts of every form that is open in a window (RESILIENCE 2.1). A
// screen hands each form it shows to Keep; the rest happens by itself. It belongs to
// the window's goroutine.
type Desk struct {
	drafts *Drafts
	clock  core.Clock
	run    func(write func() error, done func(error))
	failed func()
	open   []*Kept
	broken bool // the last writing failed
}

// NewDesk makes a desk. run does a writing away from the window and calls done on the
// window's goroutine; failed is called when drafts cannot be written any more.
func NewDesk(d *Drafts, c core.Clock, run func(write func() error, done func(error)), failed func()) *Desk {
	return &Desk{drafts: d, clock: c, run: run, failed: failed}
}

// Kept is an open form whose draft is kept.
type Kept struct {
	*Form
	desk  *Desk
	save  *Autosave
	saved time.Time // of the newest draft on disk
	key   string    // that draft's
	busy  bool      // a writing is under way; the next begins when it is done
}

// Keep watches f from now on, as it is now.
func (d *Desk) Keep(f *Form) *Kept {
	k := &Kept{Form: f, desk: d, save: NewAutosave(d.drafts, f, false)}
	d.open = append(d.open, k)
	return k
}

// Tick is called at the end of every frame: it saves what is due and returns when to call again
// at the latest, zero while nothing is.
func (d *Desk) Tick(now time.Time) (next time.Time) {
	for _, k := range d.open {
		due := k.save.due(now)
		if k.busy {
			continue // the end of the writing brings the next frame
		}
		if !due.IsZero() && !now.Before(due) {
			k.write(k.save.Now())
			continue
		}
		if !due.IsZero() && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	return next
}

// Flush writes what is not on disk yet before it returns: the window is about to go, or
// the user is asked whether he leaves. A writing under way may come too late, so what it
// writes is written here as well.
func (d *Desk) Flush() (err error) {
	for _, k := range d.open {
		write := k.save.Now()
		if write == nil && k.busy && k.Keepable() {
			write = k.save.keep()
		}
		if write == nil {
			continue
		}
		at := d.clock.Now()
		if failed := write(); failed != nil {
			k.save.Failed()
			err = failed
			continue
		}
		k.saved, k.key = at, k.Key()
	}
	return err
}

// Save begins to write what is not on disk yet.
func (d *Desk) Save() {
	for _, k := range d.open {
		if write := k.save.Now(); write != nil {
			k.write(write)
		}
	}
}

// Clear writes what is not on disk yet, and watches nothing any more.
func (d *Desk) Clear() error {
	err := d.Flush()
	d.open = nil
	return err
}

// Dirty is the open form with unsaved changes that was saved last, nil for none.
func (d *Desk) Dirty() *Kept {
	var last *Kept
	for _, k := range d.open {
		if k.Form.Dirty() && (last == nil || k.saved.After(last.saved)) {
			last = k
		}
	}
	return last
}

func (k *Kept) write(write func() error) {
	at, key := k.desk.clock.Now(), k.Key()
	k.busy = true
	k.desk.run(write, func(err error) {
		k.busy = false
		if err == nil {
			k.desk.broken = false
			if k.saved.Before(at) { // else Flush was faster
				k.saved, k.key = at, key
			}
			return
		}
		k.save.Failed()
		if !k.desk.broken {
			k.desk.broken = true
			k.desk.failed()
		}
	})
}

// Saved is when the draft of what the form holds was last written; zero while there is
// none.
func (k *Kept) Saved() time.Time {
	if k.key != k.Key() || !k.Keepable() {
		return time.Time{}
	}
	return k.saved
}

// SaveNow writes the draft at once; done, which may be nil, hears whether it was.
func (k *Kept) SaveNow(done func(error)) {
	at, key := k.desk.clock.Now(), k.Key()
	k.desk.run(k.save.keep(), func(err error) {
		if err != nil {
			k.save.Failed()
		} else {
			k.saved, k.key, k.desk.broken = at, key, false
		}
		if done != nil {
			done(err)
		}
	})
}

// Sending begins to send the form. The function it returns is called once, away from
// the window: it puts the draft with the request key on disk, calls, and removes the
// draft after success. Without draft nothing is sent.
func (k *Kept) Sending() (send func(call func() error) error) {
	if !k.Keepable() { // nothing but secrets
		return func(call func() error) error { return call() }
	}
	write, key, drafts := k.save.Submitting(), k.Key(), k.desk.drafts
	k.saved, k.key = k.desk.clock.Now(), key
	return func(call func() error) error {
		if err := write(); err != nil {
			return core.Errorf(core.CodeUnavailable, "%s", NotSent).Because(err)
		}
		err := call()
		if err == nil {
			_ = drafts.Forget(key) // a draft that stays posts nothing twice: its key is used up
		}
		return err
	}
}

// NotSent is what the user reads when the draft could not be put on disk before sending.
const NotSent = "The draft could not be saved on this PC, so nothing was sent. Free some disk space and try again."

// Resume fills the form from a draft.
func (k *Kept) Resume(x Draft) {
	k.Form.Resume(x)
	k.save = NewAutosave(k.desk.drafts, k.Form, x.Submitted && k.Key() == x.Key)
	k.saved, k.key = x.Saved, k.Key()
	if k.Key() != x.Key { // see Form.Resume: the draft goes on under a new key
		write, forget := k.save.keep(), func() error { return k.desk.drafts.Forget(x.Key) }
		k.write(func() error {
			if err := write(); err != nil {
				return err
			}
			return forget()
		})
	}
}

// Discard removes the draft and watches the form no more; done, which may be nil, hears
// whether it is gone.
func (k *Kept) Discard(done func(error)) {
	k.desk.take(k)
	key := k.Key()
	k.desk.run(func() error { return k.desk.drafts.Forget(key) }, func(err error) {
		if done != nil {
			done(err)
		}
	})
}

// Leave stops watching a form that is closed. What it holds unsaved stays as a draft.
func (k *Kept) Leave() {
	k.desk.take(k)
	if write := k.save.Now(); write != nil {
		k.write(write)
	}
}

func (d *Desk) take(k *Kept) {
	d.open = slices.DeleteFunc(d.open, func(x *Kept) bool { return x == k })
}
