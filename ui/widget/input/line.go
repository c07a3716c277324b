package input

import (
	"slices"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/text"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

// EventKind is what the user did to a control.
type EventKind uint8

// The events.
const (
	Changed   EventKind = iota + 1 // the text is another
	Submitted                      // Enter, or Tab out of an open list: go on to the next field
	Back                           // Shift+Enter: go back to the one before
	Entered                        // the keyboard came
	Left                           // the keyboard went; the field has been checked
	Taken                          // an option of the list was chosen
	Create                         // the last row: make a record called Text
	Next                           // Tab, where Tabs asked for it
	Previous                       // Shift+Tab

	gridKey // a key of the grid around the control
)

// Event is one thing the user did.
type Event struct {
	Kind   EventKind
	Text   string
	Option Option
	key    key.Event
}

// Look is how a control shows the state of f.
func Look(f *form.Field) widget.FieldLook {
	l := widget.FieldLook{Label: f.Label, Required: f.Required, Hint: f.Hint, Warning: f.Warning, Error: f.Error, ReadOnly: f.ReadOnly}
	if f.Error != "" && f.Text == "" {
		l.Placeholder = "Required"
	}
	return l
}

// name is what the control of f is called.
func name(f *form.Field, l widget.FieldLook) string {
	if l.Name != "" {
		return l.Name
	}
	return f.Label
}

// line is an editor that follows the text of a form field.
type line struct {
	field  widget.Field
	shown  string // text last put into the editor or taken out of it
	synced bool
	events []Event
	around around
	mine   func(key.Event) bool
	tab    bool
	untab  bool
}

// around is the grid a control stands in.
type around struct {
	keys  []key.Filter
	wants func(key.Event) bool
}

// listen says which keys the control may want, and which it does when their turn has
// come; all that it does not want is the grid's, then the editor's. F4 every control asks
// for: struck right after the Enter that leaves it, it opens the list of the next.
func (l *line) listen(wants func(key.Event) bool, asks ...key.Filter) {
	l.mine = wants
	l.field.Ask = append(append(append(l.field.Ask[:0], asks...), key.Filter{Name: key.NameF4}), l.around.keys...)
	if l.tab {
		l.field.Ask = append(l.field.Ask, key.Filter{Name: key.NameTab})
	}
	if l.untab {
		l.field.Ask = append(l.field.Ask, key.Filter{Name: key.NameTab, Required: key.ModShift})
	}
	if l.field.Wants == nil {
		l.field.Wants = func(k key.Event) bool { return l.mine(k) || l.tabs(k) || l.around.wants != nil && l.around.wants(k) }
	}
}

// Tabs makes Tab come as Next and Shift+Tab as Previous. The window moves the keyboard
// by itself for a Tab nobody asks for, but drops it while there is text the control
// has not taken in yet: where one types ahead, the owner has to do it.
func (l *line) Tabs(next, previous bool) { l.tab, l.untab = next, previous }

func (l *line) tabs(k key.Event) bool {
	return k.Name == key.NameTab && (l.tab && k.Modifiers == 0 || l.untab && k.Modifiers == key.ModShift)
}

func (l *line) within(a around) { l.around = a }

// heard passes a key to the control, or to the grid.
func (l *line) heard(k key.Event, struck func(key.Event)) {
	switch {
	case l.mine(k):
		struck(k)
		return
	case l.tabs(k) && k.Modifiers == 0:
		l.emit(Next)
		return
	case l.tabs(k):
		l.emit(Previous)
		return
	}
	l.events = append(l.events, Event{Kind: gridKey, key: k})
}

func nothing(key.Event) bool { return false }

func plain(k key.Event, names ...key.Name) bool {
	return k.Modifiers == 0 && slices.Contains(names, k.Name)
}

func keys(names ...key.Name) []key.Filter {
	list := make([]key.Filter, len(names))
	for i, n := range names {
		list[i].Name = n
	}
	return list
}

// Focus asks for the keyboard; the text is selected then.
func (l *line) Focus() { l.field.Focus() }

// FocusNow moves the keyboard within this frame, even when the control has been laid
// out in it already.
func (l *line) FocusNow(gtx layout.Context) { l.field.FocusNow(gtx) }

// Focused reports whether the control has the keyboard.
func (l *line) Focused() bool { return l.field.Focused() }

// Tag is what the focus is known by.
func (l *line) Tag() event.Tag { return l.field.Tag() }

// follow shows what the form holds when something else than typing changed it.
func (l *line) follow(text string) {
	if !l.synced || text != l.shown {
		l.field.SetText(text)
		l.shown, l.synced = text, true
	}
}

func (l *line) emit(k EventKind) { l.events = append(l.events, Event{Kind: k}) }

func (l *line) submit() { l.emit(Submitted) }

func (l *line) next() (Event, bool) {
	if len(l.events) == 0 {
		return Event{}, false
	}
	e := l.events[0]
	l.events = append(l.events[:0], l.events[1:]...)
	return e, true
}

// read takes in what the editor saw, in order: typed is called with the new text,
// struck with a key the control wants, enter for Enter.
func (l *line) read(gtx layout.Context, f *form.Field, typed func(text string), struck func(key.Event), enter func()) {
	for {
		e, ok := l.field.Update(gtx)
		if !ok {
			return
		}
		switch e {
		case widget.Changed:
			if t := l.field.Text(); t != l.shown {
				l.shown = t
				typed(t)
				l.emit(Changed)
			}
		case widget.Submitted:
			enter()
		case widget.Back:
			l.emit(Back)
		case widget.Entered:
			l.emit(Entered)
		case widget.Struck:
			l.heard(l.field.Stroke(), struck)
		case widget.Left:
			f.Leave()
			l.emit(Left)
		}
	}
}

// Text is a plain field: names, invoice numbers, notes.
type Text struct {
	line
	Align text.Alignment
}

// Update returns what the user did, one thing at a time.
func (t *Text) Update(gtx layout.Context, f *form.Field) (Event, bool) {
	t.follow(f.Text)
	t.listen(nothing)
	t.read(gtx, f, f.Set, nil, t.submit)
	t.follow(f.Text)
	return t.next()
}

// Layout draws the field.
func (t *Text) Layout(gtx layout.Context, th *theme.Theme, f *form.Field, l widget.FieldLook) layout.Dimensions {
	t.follow(f.Text)
	l.Align = t.Align
	return t.field.Layout(gtx, th, l)
}

// Number is a field of money, a rate, a percentage or a count: right-aligned. The
// keypad of a floor screen writes into it through the form field.
type Number struct{ Text }

// Layout draws the field.
func (n *Number) Layout(gtx layout.Context, th *theme.Theme, f *form.Field, l widget.FieldLook) layout.Dimensions {
	n.Align = text.End
	n.field.Editor.InputHint = key.HintNumeric
	return n.Text.Layout(gtx, th, f, l)
}
