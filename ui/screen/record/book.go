package record

import (
	"context"
	"slices"

	"masala/core"
	"masala/core/op"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/resume"
)

// Panel is a pointer to what embeds Edit.
type Panel[R, P any] interface {
	comparable
	Self() *Edit[R]
	// Differ notes in c where theirs, the panel of what somebody else saved, says
	// something else.
	Differ(theirs P, c *conflict.Conflict)
}

// Kind says what the records of a page are.
type Kind[R any] struct {
	Noun           string  // of a draft: "item"
	Create, Update op.Meta // the operations, whose names the drafts carry
	ID             func(*R) int64
	Stamp          func(*R) *core.Stamp
	Fields         func(*R) any // pointer to the part a user enters, which a conflict tells
	Read           func(context.Context, op.Caller, int64) (R, error)
	Said           func(r R, created bool) string // after saving: "Cumin seed saved"
}

// Resumes are the drafts that open on the page.
func (k *Kind[R]) Resumes() []string { return []string{k.Create.Name, k.Update.Name} }

// Book is the records of a page with the one that is open.
type Book[R any, P Panel[R, P]] struct {
	Env   *screen.Env
	Kind  *Kind[R]
	Make  func(R) P // the panel of a record
	Again func()    // reads the list again
	Panel P         // the zero P while none is open

	// Resumed, which may be nil, sets what in a panel follows from a draft that was
	// taken back.
	Resumed func(P)
}

// Edit begins the edit that a panel embeds. about is the record's name.
func (b *Book[R, P]) Edit(r R, about string) Edit[R] {
	kind := b.Kind.Update.Name
	if b.Kind.ID(&r) == 0 {
		kind = b.Kind.Create.Name
	}
	f := form.New(kind, b.Kind.Noun, b.Env.NewKey)
	f.Base, f.About = r, about
	return Edit[R]{Record: r, State: State{Form: f}, book: b}
}

// MayEdit reports whether this user keeps these records.
func (b *Book[R, P]) MayEdit() bool { return b.Env.May(b.Kind.Update) }

// IsOpen reports whether a record is open.
func (b *Book[R, P]) IsOpen() bool { var none P; return b.Panel != none }

// Dirty reports whether the panel holds something unsaved.
func (b *Book[R, P]) Dirty() bool { return b.IsOpen() && b.Panel.Self().Form.Dirty() }

// Holds reports whether r, which exists, is the record that is open.
func (b *Book[R, P]) Holds(r *R) bool {
	return b.IsOpen() && b.Kind.ID(&b.Panel.Self().Record) == b.Kind.ID(r)
}

// Show opens the panel of a record.
func (b *Book[R, P]) Show(r R) P {
	p := b.Make(r)
	p.Self().keep()
	b.take(p)
	return p
}

// Shut closes the panel.
func (b *Book[R, P]) Shut() { var none P; b.take(none) }

// take shows another panel, or none. What the former holds unsaved stays as a draft.
func (b *Book[R, P]) take(p P) {
	if b.IsOpen() && b.Panel != p {
		if kept := b.Panel.Self().kept; kept != nil {
			kept.Leave()
		}
	}
	b.Panel = p
}

// Draft resumes the draft of this key, for which the user came here.
func (b *Book[R, P]) Draft(key string) {
	find := resume.NewHere(b.Env, func(d form.Draft) bool { return slices.Contains(b.Kind.Resumes(), d.Kind) })
	find.Find(key, func(d form.Draft) {
		var r R
		if b.MayEdit() && d.Of(&r) {
			b.resume(r, d)
		}
	})
}

// Fetch opens the panel of a record that need not be in the list.
func (b *Book[R, P]) Fetch(id int64) {
	b.Env.Shell.Go(func(ctx context.Context) func() {
		r, err := b.Kind.Read(ctx, b.Env.Caller, id)
		return func() {
			if err != nil {
				b.Env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
				return
			}
			b.Show(r)
		}
	})
}

// Current is the edit that is open, nil while none is.
func (b *Book[R, P]) Current() Editor {
	if !b.IsOpen() {
		return nil
	}
	return b.Panel.Self()
}

func (b *Book[R, P]) environment() *screen.Env { return b.Env }
func (b *Book[R, P]) id(r *R) int64            { return b.Kind.ID(r) }
func (b *Book[R, P]) stamp(r *R) *core.Stamp   { return b.Kind.Stamp(r) }

// differ compares the open panel with what somebody else saved.
func (b *Book[R, P]) differ(e *Edit[R], c *conflict.Conflict) error {
	var theirs R
	if err := c.Theirs(b.Kind.Fields(&theirs)); err != nil {
		return err
	}
	if b.shows(e) {
		b.Panel.Differ(b.Make(theirs), c)
	}
	return nil
}

func (b *Book[R, P]) shows(e *Edit[R]) bool { return b.IsOpen() && b.Panel.Self() == e }

func (b *Book[R, P]) saved(e *Edit[R], r R, created bool) {
	b.Env.Shell.Toast(screen.Toast{Text: b.Kind.Said(r, created)})
	if b.shows(e) {
		b.Show(r)
	}
	b.Again()
}

// resume goes on with a draft; a strange one once the record it names was found.
func (b *Book[R, P]) resume(r R, d form.Draft) {
	if !d.Strange || b.Kind.ID(&r) == 0 {
		b.goOn(r, d)
		return
	}
	b.Env.Shell.Go(func(ctx context.Context) func() {
		now, err := b.Kind.Read(ctx, b.Env.Caller, b.Kind.ID(&r))
		return func() {
			switch {
			case core.CodeOf(err) == core.CodeNotFound || err == nil && b.Make(now).Self().Form.About != d.About:
				resume.Elsewhere(b.Env, d)
			case err != nil:
				b.Env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
			default:
				s := b.Kind.Stamp(&r)
				*s = resume.Stamp(*s, *b.Kind.Stamp(&now))
				b.goOn(r, d)
			}
		}
	})
}

func (b *Book[R, P]) goOn(r R, d form.Draft) {
	p := b.Show(r)
	p.Self().kept.Resume(d)
	if b.Resumed != nil {
		b.Resumed(p)
	}
}

func (b *Book[R, P]) renew(r R) {
	var none P
	b.Panel = none
	b.Fetch(b.Kind.ID(&r))
	b.Again()
}
