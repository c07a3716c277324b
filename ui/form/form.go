package form

import (
	"errors"
	"iter"

	"masala/core"
)

// Form is everything one entry screen holds. Fields and grids keep the order they
// were added in: that is the reading order, the order of faults and of Enter.
type Form struct {
	Kind    string // operation it ends in: "purchase.post_grn"
	Title   string // what users call it: "GRN"
	Message string // fault of the form as a whole, from the server
	About   string // what an entry is about, beside the title: "Cumin seed"; "" for a new record
	Base    any    // the record it changes, as it was read; a draft keeps it as JSON

	// Check finds faults between fields; it runs after the fields' own rules.
	Check func(f *Form, fault func(path, sentence string))

	parts    []part
	newKey   func() string
	key      string
	baseline uint64
	blank    uint64 // as baseline, without secrets
}

type part struct {
	field *Field
	rows  *Rows
}

// New makes an empty form. newKey makes request keys, uuid.NewString in the
// program.
func New(kind, title string, newKey func() string) *Form {
	return &Form{Kind: kind, Title: title, newKey: newKey, key: newKey()}
}

// Add adds a field.
func (f *Form) Add(x Field) *Field {
	x.Text, x.name = x.Initial, x.Path
	f.parts = append(f.parts, part{field: &x})
	f.Rebase()
	return &x
}

// AddRows adds a grid whose rows have the fields blank returns; their Path is the
// name within the row.
func (f *Form) AddRows(path string, blank func() []Field) *Rows {
	g := newRows(path, blank)
	f.parts = append(f.parts, part{rows: g})
	f.Rebase()
	return g
}

// Fields goes through every field that counts, in reading order; blank rows are
// left out.
func (f *Form) Fields() iter.Seq[*Field] {
	return func(yield func(*Field) bool) {
		for _, p := range f.parts {
			if p.field != nil && !yield(p.field) {
				return
			}
			if p.rows == nil {
				continue
			}
			p.rows.number()
			for _, r := range p.rows.Filled() {
				for _, x := range r.Fields {
					if !yield(x) {
						return
					}
				}
			}
		}
	}
}

// Field returns the field at path, or nil.
func (f *Form) Field(path string) *Field {
	for x := range f.Fields() {
		if x.Path == path {
			return x
		}
	}
	return nil
}

// Key is the request key: the same for every sending of this form until it has
// succeeded, so that it takes effect once (R36).
func (f *Form) Key() string { return f.key }

// Dirty reports whether anything differs from the baseline.
func (f *Form) Dirty() bool { return f.fingerprint(true) != f.baseline }

// Keepable reports whether something differs from the baseline that a draft may hold.
func (f *Form) Keepable() bool { return f.fingerprint(false) != f.blank }

// Rebase makes what the form holds now the baseline.
func (f *Form) Rebase() { f.baseline, f.blank = f.fingerprint(true), f.fingerprint(false) }

// Validate checks everything and returns the first field at fault, nil when the
// form may be sent.
func (f *Form) Validate() *Field {
	f.Message = ""
	for x := range f.Fields() {
		x.Leave()
	}
	if f.Check != nil {
		f.Check(f, f.fault)
	}
	return f.First()
}

// First is the first field at fault, or nil.
func (f *Form) First() *Field {
	for x := range f.Fields() {
		if x.Error != "" {
			return x
		}
	}
	return nil
}

// Faults counts the fields that are still wrong.
func (f *Form) Faults() (n int) {
	for x := range f.Fields() {
		if x.Error != "" {
			n++
		}
	}
	return n
}

// Apply puts the server's answer where it belongs: field errors on their fields,
// the rest into Message. It returns the first field at fault, or nil.
func (f *Form) Apply(err error) *Field {
	f.Message = ""
	if err == nil {
		return nil
	}
	var e *core.Error
	if !errors.As(err, &e) {
		f.Message = err.Error()
		return nil
	}
	faults := e.Fields
	if len(faults) == 0 && e.Field != "" {
		faults = []core.FieldError{{Field: e.Field, Message: e.Message}}
	}
	placed := 0
	for _, x := range faults {
		if f.place(x.Field, x.Message) {
			placed++
		} else if f.Message == "" {
			f.Message = x.Message
		}
	}
	if placed == 0 {
		f.Message = e.Message
	}
	return f.First()
}

func (f *Form) fault(path, sentence string) { f.place(path, sentence) }

// place puts a fault on the field at path. A fault of a whole row goes to its
// first field.
func (f *Form) place(path, sentence string) bool {
	x := f.Field(path)
	for _, p := range f.parts {
		if x != nil || p.rows == nil {
			continue
		}
		if r, _, ok := p.rows.at(path); ok && len(r.Fields) > 0 {
			x = r.Fields[0]
		} else if path == p.rows.Path {
			x = p.rows.At(0).Fields[0]
		}
	}
	if x == nil {
		return false
	}
	if x.Error == "" {
		x.Error = sentence
	}
	x.Touched = true
	return true
}

// Reset empties the form after success: a new request key, a new baseline.
func (f *Form) Reset() {
	for _, p := range f.parts {
		if p.field != nil {
			p.field.Clear()
			continue
		}
		p.rows.rows, p.rows.removed = nil, nil
		p.rows.Add()
	}
	f.Message = ""
	f.key = f.newKey()
	f.Rebase()
}
