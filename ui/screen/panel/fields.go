package panel

import (
	"image"

	"gioui.org/layout"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

// Kind is what an Input takes.
type Kind uint8

// The kinds.
const (
	Text   Kind = iota
	Number      // money, a percentage, a count
	Pick        // one of Search
	Amount      // a quantity, counted as Measure says
	Day         // a date
	Check       // a box: the field's text is Yes or empty
)

// Yes is the text of a field whose box is ticked.
const Yes = "yes"

// Input says how one field of the form in a panel is asked for.
type Input struct {
	Field    *form.Field
	Kind     Kind
	Half     bool // stands beside the Half before or after it
	Idle     bool // of a blank row: nothing is asked of it yet
	Name     string
	Lines    int
	Word     string // beside a box
	Search   input.Search
	Measure  func() form.Measure
	Calendar func() form.Calendar
	Taken    func(input.Option)
	Changed  func()
}

// Fields are the controls of a form in a panel. Enter goes from one to the next.
type Fields struct {
	list     []Input
	controls map[*form.Field]control
	wants    *form.Field
	got      *form.Field // has got the keyboard and is not yet in view
	drew     bool        // got was drawn just now
}

// Entered reports, once, that what was just drawn holds the field that has got the
// keyboard: whoever scrolls the fields brings it into view.
func (f *Fields) Entered() bool {
	hit := f.drew
	if hit {
		f.drew, f.got = false, nil
	}
	return hit
}

type control interface {
	Update(layout.Context, *form.Field) (input.Event, bool)
	Layout(layout.Context, *theme.Theme, *form.Field, widget.FieldLook) layout.Dimensions
	Focus()
}

// Show says which fields there are now, in reading order; what is typed and focused
// stays with its field.
func (f *Fields) Show(list []Input) {
	f.list = list
	if f.controls == nil {
		f.controls = map[*form.Field]control{}
	}
	for _, x := range list {
		if _, ok := f.controls[x.Field]; !ok {
			f.controls[x.Field] = x.control()
		}
	}
}

func (x Input) control() control {
	switch x.Kind {
	case Number:
		return &input.Number{}
	case Pick:
		return &input.Combobox{Search: x.Search}
	case Amount:
		return &input.Quantity{Measure: x.Measure}
	case Day:
		return &input.Date{Calendar: x.Calendar}
	case Check:
		return &box{}
	}
	return &input.Text{}
}

// Focus gives the keyboard to a field.
func (f *Fields) Focus(x *form.Field) { f.wants = x }

// First gives the keyboard to the first field that can be typed into.
func (f *Fields) First() {
	for _, x := range f.list {
		if !x.Field.ReadOnly {
			f.wants = x.Field
			return
		}
	}
}

// Update takes in what the user did; done is true when he went on from the last
// field.
func (f *Fields) Update(gtx layout.Context) (done bool) {
	for i := range f.list {
		x := f.list[i]
		c := f.controls[x.Field]
		for ev, ok := c.Update(gtx, x.Field); ok; ev, ok = c.Update(gtx, x.Field) {
			switch ev.Kind {
			case input.Entered:
				f.got = x.Field
			case input.Taken:
				if x.Taken != nil {
					x.Taken(ev.Option)
				}
			case input.Submitted:
				x.Field.Leave()
				done = !f.step(i, 1) || done
			case input.Back:
				f.step(i, -1)
			}
			if x.Changed != nil && (ev.Kind == input.Changed || ev.Kind == input.Left || ev.Kind == input.Taken) {
				x.Changed()
			}
		}
	}
	if c, ok := f.controls[f.wants]; ok && f.wants != nil {
		c.Focus()
		f.wants = nil
	}
	return done
}

func (f *Fields) step(i, by int) bool {
	for i += by; i >= 0 && i < len(f.list); i += by {
		if !f.list[i].Field.ReadOnly {
			f.wants = f.list[i].Field
			return true
		}
	}
	return false
}

// Parts draws the fields from one to another, exclusive, as parts of a panel's body:
// halves side by side. busy greys them.
func (f *Fields) Parts(th *theme.Theme, from, to *form.Field, busy bool) (parts []layout.Widget) {
	on := from == nil
	for i := 0; i < len(f.list); i++ {
		x := f.list[i]
		if x.Field == from {
			on = true
		}
		if x.Field == to && to != nil {
			break
		}
		if !on {
			continue
		}
		if x.Half && i+1 < len(f.list) && f.list[i+1].Half {
			y := f.list[i+1]
			i++
			parts = append(parts, func(gtx layout.Context) layout.Dimensions {
				return widget.RowTop(gtx, theme.S12, layout.Flexed(1, f.drawn(th, x, busy)), layout.Flexed(1, f.drawn(th, y, busy)))
			})
			continue
		}
		parts = append(parts, f.drawn(th, x, busy))
	}
	return parts
}

func (f *Fields) drawn(th *theme.Theme, x Input, busy bool) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions {
		if busy {
			gtx = gtx.Disabled()
		}
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		f.drew = f.drew || f.got == x.Field
		l := input.Look(x.Field)
		l.Lines = x.Lines
		l.Required = l.Required && !x.Idle
		if x.Name != "" {
			l.Name = x.Name
		}
		if x.Kind == Check {
			l.Label = x.Word
		}
		return f.controls[x.Field].Layout(gtx, th, x.Field, l)
	}
}

// box is a tick box that is a control of a form field.
type box struct {
	check widget.Checkbox
}

// Update takes a tick into the field.
func (b *box) Update(gtx layout.Context, f *form.Field) (input.Event, bool) {
	b.check.On = f.Text == Yes
	if !b.check.Changed(gtx) {
		return input.Event{}, false
	}
	text := ""
	if b.check.On {
		text = Yes
	}
	f.Choose("", text, "")
	return input.Event{Kind: input.Changed}, true
}

// Focus asks for the keyboard.
func (b *box) Focus() { b.check.Focus() }

// Layout draws box and word.
func (b *box) Layout(gtx layout.Context, th *theme.Theme, f *form.Field, l widget.FieldLook) layout.Dimensions {
	b.check.On = f.Text == Yes
	gtx.Constraints.Min = image.Point{}
	return b.check.Layout(gtx, th, l.Label, l.ReadOnly)
}
