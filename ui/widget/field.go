package widget

import (
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/text"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/ui/keyboard"
	"masala/ui/theme"
)

// Field is a line of text to type in, or a note of several lines. Input widgets with a list or a calendar build on it: they
// ask for the keys they want with Ask and Wants.
//
// What is typed is taken in strictly in order, across fields too: Update returns at each key that may move the keyboard, and
// what was typed after it goes to the field that has the keyboard in the next frame (see package keyboard).
type Field struct {
	// Editor holds the text. Set Filter, MaxLen and InputHint on it; read and write through Text and SetText.
	Editor giowidget.Editor
	// Ask lists keys that come as Struck, besides those of the editor; their Focus is filled in.
	Ask []key.Filter
	// Wants decides when the turn of a key has come whether it comes as Struck, be it one of Ask or of the editor; nil wants
	// all of Ask.
	Wants func(key.Event) bool

	focus     Focus
	focused   bool
	hovered   bool
	byPointer bool // the focus came, or was confirmed, by a press
	box       int  // address: the frame around the editor
	hover     Fade
	eye       IconButton
	shown     bool // password in the clear
	events    []FieldEvent
	strokes   []key.Event // of the events that are Struck
	stroke    key.Event   // of the event returned last
	edit      editing
	filters   []event.Filter
	own       keyboard.Keyboard // where the window has none
}

// FieldEvent is something the user did to a field.
type FieldEvent uint8

const (
	Changed   FieldEvent = iota + 1 // typed, pasted, undid
	Submitted                       // Enter or the keypad's Enter: go on to the next field
	Back                            // Shift+Enter: go back to the one before
	Entered                         // the keyboard came
	Left                            // the keyboard went: time to validate
	Struck                          // a key of Ask: see Stroke
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
	KeepNote    bool // room for the line below even while it is empty, so that an error of one line does not push the form down
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

// FocusNow moves the keyboard within this frame, whether or not the field is still laid out in it.
func (f *Field) FocusNow(gtx layout.Context) { f.focus.Now(gtx, &f.Editor) }

// Stroke is the key of the Struck that Update returned last.
func (f *Field) Stroke() key.Event { return f.stroke }

// Focused reports whether the field had the keyboard in the last layout.
func (f *Field) Focused() bool { return f.focused }

// Hovered reports whether the pointer was over the frame in the last layout.
func (f *Field) Hovered() bool { return f.hovered }

// Tag is what the focus is known by.
func (f *Field) Tag() event.Tag { return &f.Editor }

// Update returns the oldest event not yet returned. Call it in a loop before Layout.
func (f *Field) Update(gtx layout.Context) (FieldEvent, bool) {
	f.read(gtx, false)
	if len(f.events) == 0 {
		return 0, false
	}
	e := f.events[0]
	f.events = append(f.events[:0], f.events[1:]...)
	if e == Struck {
		f.stroke = f.strokes[0]
		f.strokes = append(f.strokes[:0], f.strokes[1:]...)
	}
	if e == Submitted || e == Back || e == Struck {
		f.keyboard(gtx).Turn(gtx) // also for a key taken in the layout before: what follows it is not for this field
	}
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
