package widget

import (
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/text"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/ui/theme"
)

// Field is a line of text to type in, or a note of several lines. Input widgets with a list or a calendar build on it: they
// ask gtx for the keys they want, with Tag as focus, before they call Update or Layout; the first to ask gets the key.
type Field struct {
	// Editor holds the text. Set Filter, MaxLen and InputHint on it; read and write through Text and SetText.
	Editor giowidget.Editor

	focus     Focus
	focused   bool
	hovered   bool
	byPointer bool // the focus came, or was confirmed, by a press
	box       int  // address: the frame around the editor
	hover     Fade
	eye       IconButton
	shown     bool // password in the clear
	events    []FieldEvent
}

// FieldEvent is something the user did to a field.
type FieldEvent uint8

const (
	Changed   FieldEvent = iota + 1 // typed, pasted, undid
	Submitted                       // Enter or the keypad's Enter: go on to the next field
	Back                            // Shift+Enter: go back to the one before
	Entered                         // the keyboard came
	Left                            // the keyboard went: time to validate
)

// FieldLook says what surrounds the text. Error wins over Warning, Warning over Hint.
type FieldLook struct {
	Label       string
	Name        string // what it is called when there is no label, or another field has the same
	Required    bool
	Placeholder string
	Hint        string
	Warning     string
	Error       string
	Prefix      string
	Suffix      string        // unit
	Key         string        // key that leads here, shown while the field is empty
	Icon        theme.Icon    // at the right: chevron, calendar
	LeadIcon    theme.Icon    // at the left: search
	End         layout.Widget // drawn at the right, before the suffix
	Height      unit.Dp       // 0 means 38; grids 44, the floor 42 to 52
	Lines       int           // more than 1: a note, Enter starts a new line
	Style       theme.Style   // zero means Type.Field
	Align       text.Alignment
	Password    bool
	ReadOnly    bool
	Disabled    bool
	KeepNote    bool // room for the line below even while it is empty, so that an error does not push the form down
	Cell        bool // in a grid: no frame at rest, no label, focus colour inside the edge
}

// Text returns what is written. SetText replaces it without an event; the caret goes to the end.
func (f *Field) Text() string { return f.Editor.Text() }

// SetText replaces what is written, without an event; the caret goes to the end.
func (f *Field) SetText(s string) {
	f.Editor.SetText(s)
	n := f.Editor.Len()
	f.Editor.SetCaret(n, n)
}

// SelectAll marks the whole text, so that typing replaces it.
func (f *Field) SelectAll() { f.Editor.SetCaret(f.Editor.Len(), 0) }

// Focus asks for the keyboard at the next layout; the text is selected then.
func (f *Field) Focus() { f.focus.Request() }

// Focused reports whether the field had the keyboard in the last layout.
func (f *Field) Focused() bool { return f.focused }

// Hovered reports whether the pointer was over the frame in the last layout.
func (f *Field) Hovered() bool { return f.hovered }

// Tag is what the focus is known by.
func (f *Field) Tag() event.Tag { return &f.Editor }

// Update returns the oldest event not yet returned. Call it in a loop before Layout.
func (f *Field) Update(gtx layout.Context) (FieldEvent, bool) {
	f.read(gtx)
	if len(f.events) == 0 {
		return 0, false
	}
	e := f.events[0]
	f.events = append(f.events[:0], f.events[1:]...)
	return e, true
}

// Changed drains the events and reports whether the text changed: enough for fields that need nothing else.
func (f *Field) Changed(gtx layout.Context) bool {
	changed := false
	for {
		e, ok := f.Update(gtx)
		if !ok {
			return changed
		}
		changed = changed || e == Changed
	}
}

func (f *Field) read(gtx layout.Context) {
	for {
		e, ok := gtx.Event(pointer.Filter{Target: &f.box, Kinds: pointer.Press | pointer.Enter | pointer.Leave | pointer.Cancel})
		if !ok {
			break
		}
		if p, ok := e.(pointer.Event); ok {
			switch p.Kind {
			case pointer.Enter:
				f.hovered = true
			case pointer.Leave, pointer.Cancel:
				f.hovered = false
			case pointer.Press:
				f.byPointer = true
				gtx.Execute(key.FocusCmd{Tag: &f.Editor})
			}
		}
	}
	if f.Editor.SingleLine {
		f.readEnter(gtx)
	}
	for {
		e, ok := f.Editor.Update(gtx)
		if !ok {
			break
		}
		switch e.(type) {
		case giowidget.ChangeEvent:
			f.events = append(f.events, Changed)
		case giowidget.SubmitEvent:
			f.events = append(f.events, Submitted)
		}
	}
}

func (f *Field) readEnter(gtx layout.Context) {
	for {
		e, ok := gtx.Event(key.Filter{Focus: &f.Editor, Name: key.NameReturn, Optional: key.ModShift},
			key.Filter{Focus: &f.Editor, Name: key.NameEnter, Optional: key.ModShift})
		if !ok {
			return
		}
		k, ok := e.(key.Event)
		switch {
		case !ok || k.State != key.Press:
		case k.Modifiers.Contain(key.ModShift):
			f.events = append(f.events, Back)
		default:
			f.events = append(f.events, Submitted)
		}
	}
}

// settle takes in the focus at the start of a layout.
func (f *Field) settle(gtx layout.Context) {
	before := len(f.events)
	f.read(gtx)
	had := f.focused
	now := f.focus.Update(gtx, &f.Editor)
	if !gtx.Enabled() {
		f.hovered = false
		return // behind a dialog a field is neither entered nor left
	}
	f.focused = now
	switch {
	case now && !had:
		if !f.byPointer && f.Editor.SingleLine {
			f.SelectAll()
		}
		f.events = append(f.events, Entered)
	case had && !now:
		f.byPointer = false
		f.events = append(f.events, Left)
	}
	if len(f.events) > before {
		gtx.Execute(op.InvalidateCmd{}) // the owner asked before us; it must ask again
	}
}
