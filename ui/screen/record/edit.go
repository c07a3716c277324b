// Package record is what pages of masters have in common: a list at the left, and
// beside it the panel of one record with its draft, its saving, and the choice when
// somebody else saved first (R35). A page says what its records are and which fields
// they have; items is an example.
package record

import (
	"context"

	"masala/core"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/resume"
)

// Edit is one record being looked at or edited. Panels embed it.
type Edit[R any] struct {
	Record R // as read; without an id while it is new
	State

	// Prepare reads the form, whose texts were accepted before, and returns how the
	// record is saved, or what is wrong with it.
	Prepare func() (Save[R], error)

	book book[R]
	kept *form.Kept // nil while it is only looked at
}

// State is how an edit stands, whatever it is of.
type State struct {
	Form     *form.Form
	Busy     bool // it is being saved
	Conflict *conflict.Conflict
	Offer    *resume.Here // an older draft of the same record; nil while it is only looked at
}

func (s *State) state() *State { return s }

// Save is the call that saves a record under a request key (R36).
type Save[R any] func(ctx context.Context, key string) (R, error)

// book is a Book without the type of its panels.
type book[R any] interface {
	MayEdit() bool
	environment() *screen.Env
	id(*R) int64
	stamp(*R) *core.Stamp
	differ(*Edit[R], *conflict.Conflict) error
	saved(*Edit[R], R, bool)
	resume(R, form.Draft)
	renew(R)
}

// Self is the edit itself, for whoever holds the panel that embeds it.
func (e *Edit[R]) Self() *Edit[R] { return e }

// ReadOnly reports that this user may only look.
func (e *Edit[R]) ReadOnly() bool { return !e.book.MayEdit() }

// IsNew reports that the record does not exist yet.
func (e *Edit[R]) IsNew() bool { return e.book.id(&e.Record) == 0 }

// Add adds a field to the form; a user who may only look cannot type into it.
func (e *Edit[R]) Add(f form.Field) *form.Field {
	f.ReadOnly = f.ReadOnly || e.ReadOnly()
	return e.Form.Add(f)
}

// keep begins to keep the draft, and offers an older one of the same record.
func (e *Edit[R]) keep() {
	if e.ReadOnly() {
		return
	}
	env := e.book.environment()
	e.kept = env.Desk.Keep(e.Form)
	e.Offer = resume.NewHere(env, func(d form.Draft) bool {
		var r R
		return d.Kind == e.Form.Kind && d.Key != e.Form.Key() && d.Of(&r) && e.book.id(&r) == e.book.id(&e.Record) &&
			(!d.Strange || d.About == e.Form.About)
	})
	e.Offer.Look()
}

// Resume goes on with a draft, on the record as it was read for it: saving finds out
// what somebody else changed since (R35).
func (e *Edit[R]) Resume(d form.Draft) {
	var r R
	if e.kept != nil && d.Of(&r) {
		e.book.resume(r, d)
	}
}

// Save sends the record; it returns the first field at fault.
func (e *Edit[R]) Save() *form.Field {
	if e.Busy || e.ReadOnly() {
		return nil
	}
	if bad := e.Form.Validate(); bad != nil {
		return bad
	}
	save, err := e.Prepare()
	if err != nil {
		return e.Form.Apply(err)
	}
	e.Busy, e.Conflict = true, nil
	key, created, send := e.Form.Key(), e.IsNew(), e.kept.Sending()
	e.book.environment().Shell.Go(func(ctx context.Context) func() {
		var r R
		err := send(func() (err error) { r, err = save(ctx, key); return err })
		return func() { e.answered(r, err, created) }
	})
	return nil
}

func (e *Edit[R]) answered(r R, err error, created bool) {
	e.Busy = false
	if c, ok := conflict.Of(err); ok {
		// What somebody else saved in the meantime is shown; what is typed stays.
		if e.book.differ(e, &c) != nil {
			e.Form.Message = core.ConflictMessage
			return
		}
		e.Conflict = &c
		return
	}
	if err != nil {
		e.Form.Apply(err)
		if core.CodeOf(err) == core.CodeInternal {
			e.Form.Message = screen.Sentence(err)
		}
		return
	}
	e.book.saved(e, r, created)
}

// KeepMine takes the other edit as the base and leaves what was typed: saving again
// replaces theirs, knowingly.
func (e *Edit[R]) KeepMine() {
	if e.Conflict != nil {
		e.book.stamp(&e.Record).Version, e.Conflict = e.Conflict.Version, nil
	}
}

// TakeTheirs shows the record as it is now; what was typed is dropped.
func (e *Edit[R]) TakeTheirs() {
	if e.Conflict == nil {
		return
	}
	e.kept.Discard(nil)
	e.book.renew(e.Record)
}

func (e *Edit[R]) changed() core.Stamp { return *e.book.stamp(&e.Record) }
