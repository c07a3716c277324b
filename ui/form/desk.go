package form

import (
	"errors"
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
	after  func(d time.Duration, ring func()) (stop func())
	open   []*Kept
	broken bool // the last writing failed
}

// NewDesk makes a desk. run does a writing away from the window and calls done on the
// window's goroutine; failed is called when drafts cannot be written any more.
func NewDesk(d *Drafts, c core.Clock, run func(write func() error, done func(error)), failed func()) *Desk {
	return &Desk{drafts: d, clock: c, run: run, failed: failed}
}

// Alarm has drafts written that are due while no frame comes. after rings once on a
// goroutine of its own, unless it is stopped before; run is called from there. It
// returns d.
func (d *Desk) Alarm(after func(d time.Duration, ring func()) (stop func())) *Desk {
	d.after = after
	return d
}

// Kept is an open form whose draft is kept.
type Kept struct {
	*Form
	desk  *Desk
	save  *Autosave
	saved time.Time // of the newest draft on disk
	key   string    // that draft's
	out   outbox
	rings time.Time // what the alarm is set to
	stop  func()    // stops it; nil: it is not set
}

// Keep watches f from now on, as it is now.
func (d *Desk) Keep(f *Form) *Kept {
	k := &Kept{Form: f, desk: d, save: NewAutosave(d.drafts, f, false)}
	d.open = append(d.open, k)
	return k
}

// Tick is called at the end of every frame: it takes what was typed, begins to write what
// is due and returns when to call again at the latest, zero while nothing is. What is
// typed is on its way to the disk within SaveWithin and FrameLate, called again or not.
func (d *Desk) Tick(now time.Time) (next time.Time) {
	for _, k := range d.open {
		due := k.save.due(now)
		switch {
		case due.IsZero():
			k.out.put(nil)
			k.quiet()
		case now.Before(due):
			if !k.out.holds(k.save.seen) {
				k.out.put(k.save.slip(now))
			}
			k.alarm(now, due)
			if next.IsZero() || due.Before(next) {
				next = due
			}
		case !k.out.writes(k.save.seen): // its end brings the next frame
			k.quiet()
			k.out.put(k.save.slip(now))
			k.begin()
		}
	}
	return next
}

// alarm sees to it that what is due is written without a frame.
func (k *Kept) alarm(now, due time.Time) {
	if k.desk.after == nil || k.stop != nil && k.rings.Equal(due) {
		return
	}
	k.quiet()
	k.rings, k.stop = due, k.desk.after(due.Sub(now)+FrameLate, k.begin)
}

func (k *Kept) quiet() {
	if k.stop != nil {
		k.stop()
		k.stop = nil
	}
}

// begin writes what is next. The alarm calls it on a goroutine of its own.
func (k *Kept) begin() {
	s := k.out.begin()
	if s == nil {
		return
	}
	last := s
	k.desk.run(func() (err error) {
		for s != nil {
			last, err = s, s.write()
			s = k.out.ended()
		}
		return err
	}, func(err error) { k.wrote(last, err) })
}

// wrote notes how a writing ended.
func (k *Kept) wrote(s *slip, err error) {
	if errors.Is(err, errForgotten) {
		return
	}
	if err == nil {
		k.desk.broken = false
		k.save.wrote(s)
		if k.saved.Before(s.at) { // else Flush was faster
			k.saved, k.key = s.at, s.key
		}
		return
	}
	k.save.Failed()
	if !k.desk.broken {
		k.desk.broken = true
		k.desk.failed()
	}
}

// Flush writes what is not on disk yet before it returns: the window is about to go, or
// the user is asked whether he leaves. A writing under way may come too late, so what it
// writes is written here as well.
func (d *Desk) Flush() (err error) {
	for _, k := range d.open {
		write := k.save.Now()
		if write == nil {
			continue
		}
		at := d.clock.Now()
		failed := write()
		if errors.Is(failed, errForgotten) {
			continue
		}
		if failed != nil {
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
		k.rest()
	}
}

// rest begins to write what is not on disk yet of one form.
func (k *Kept) rest() {
	if print, pending := k.save.pending(); pending && !k.out.writes(print) {
		k.out.put(k.save.slip(k.desk.clock.Now()))
		k.begin()
	}
}

// Clear writes what is not on disk yet, and watches nothing any more.
func (d *Desk) Clear() error {
	err := d.Flush()
	for _, k := range d.open {
		k.quiet()
		k.out.put(nil)
	}
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
	s := k.save.slip(k.desk.clock.Now())
	k.desk.run(s.write, func(err error) {
		if err != nil {
			k.save.Failed()
		} else {
			k.wrote(s, nil)
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
		s := k.save.slip(k.desk.clock.Now())
		k.desk.run(func() error {
			if err := s.write(); err != nil {
				return err
			}
			return k.desk.drafts.Forget(x.Key)
		}, func(err error) { k.wrote(s, err) })
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
	k.rest()
}

func (d *Desk) take(k *Kept) {
	k.quiet()
	k.out.put(nil)
	d.open = slices.DeleteFunc(d.open, func(x *Kept) bool { return x == k })
}
