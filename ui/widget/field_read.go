package widget

import (
	"slices"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/transfer"
	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/keyboard"
)

// read takes in what happened, up to a key that may move the keyboard. Unless all is set, it goes on only once the owner has
// heard of every event: a key may mean something else after a letter, and a letter typed again is a change.
func (f *Field) read(gtx layout.Context, all bool) {
	f.readPointer(gtx)
	k := f.keyboard(gtx)
	if k == &f.own {
		k.Begin(gtx)
	}
	f.collect(gtx, k)
	if !gtx.Focused(&f.Editor) {
		if f.focused && f.focus.gone(gtx, &f.Editor) {
			f.leave()
		}
		return
	}
	f.enter()
	for {
		e, ok := k.Next()
		if !ok || len(f.events) > 0 && !all {
			return
		}
		stroke, struck := e.(key.Event)
		k.Take()
		switch kind := f.meaning(stroke); {
		case !struck || kind == 0:
			f.apply(gtx, e)
			if struck && stroke.Name == "V" {
				k.Turn(gtx) // what is pasted comes before what is typed next
			}
		default:
			if kind == Struck {
				f.strokes = append(f.strokes, stroke)
			}
			f.events = append(f.events, kind)
			k.Turn(gtx)
			return
		}
	}
}

// keyboard is the window's, or the field's own where there is none.
func (f *Field) keyboard(gtx layout.Context) *keyboard.Keyboard {
	if k := keyboard.Of(gtx); k != nil {
		return k
	}
	return &f.own
}

func (f *Field) readPointer(gtx layout.Context) {
	for {
		e, ok := gtx.Event(pointer.Filter{Target: &f.box, Kinds: pointer.Press | pointer.Enter | pointer.Leave | pointer.Cancel})
		if !ok {
			return
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
}

// collect moves all that Gio has for the field to the window's keyboard. What comes of a move of the keyboard or of the
// clipboard is no typing and is applied at once.
func (f *Field) collect(gtx layout.Context, k *keyboard.Keyboard) {
	f.filters = append(f.filters[:0], key.FocusFilter{Target: &f.Editor}, transfer.TargetFilter{Target: &f.Editor, Type: "application/text"})
	for _, q := range editorKeys {
		q.Focus = &f.Editor
		f.filters = append(f.filters, q)
	}
	for _, q := range f.Ask {
		q.Focus = &f.Editor
		f.filters = append(f.filters, q)
	}
	for {
		e, ok := gtx.Event(f.filters...)
		if !ok {
			return
		}
		switch e := e.(type) {
		case key.FocusEvent:
			if e.Focus || f.edit.begun {
				f.apply(gtx, e)
			}
		case transfer.DataEvent:
			f.apply(gtx, e)
		case key.Event:
			if e.State == key.Press {
				k.Keep(e)
			}
		default:
			k.Keep(e)
		}
	}
}

// editorKeys are the keys of Gio's editor (widget/editor.go, processKey).
var editorKeys = []key.Filter{
	{Name: key.NameEnter, Optional: key.ModShift},
	{Name: key.NameReturn, Optional: key.ModShift},
	{Name: "Z", Required: key.ModShortcut, Optional: key.ModShift},
	{Name: "C", Required: key.ModShortcut},
	{Name: "V", Required: key.ModShortcut},
	{Name: "X", Required: key.ModShortcut},
	{Name: "A", Required: key.ModShortcut},
	{Name: key.NameDeleteBackward, Optional: key.ModShortcutAlt | key.ModShift},
	{Name: key.NameDeleteForward, Optional: key.ModShortcutAlt | key.ModShift},
	{Name: key.NameHome, Optional: key.ModShortcut | key.ModShift},
	{Name: key.NameEnd, Optional: key.ModShortcut | key.ModShift},
	{Name: key.NamePageDown, Optional: key.ModShift},
	{Name: key.NamePageUp, Optional: key.ModShift},
	{Name: key.NameLeftArrow, Optional: key.ModShortcutAlt | key.ModShift | key.ModCtrl},
	{Name: key.NameUpArrow, Optional: key.ModShortcutAlt | key.ModShift | key.ModCtrl},
	{Name: key.NameRightArrow, Optional: key.ModShortcutAlt | key.ModShift | key.ModCtrl},
	{Name: key.NameDownArrow, Optional: key.ModShortcutAlt | key.ModShift | key.ModCtrl},
}

// meaning is what a key is to the owner, 0 for one that only edits.
func (f *Field) meaning(k key.Event) FieldEvent {
	switch {
	case k.Name == "":
		return 0
	case f.Wants != nil && f.Wants(k), f.Wants == nil && slices.ContainsFunc(f.Ask, func(q key.Filter) bool { return asks(q, k) }):
		return Struck
	case !f.Editor.SingleLine || k.Name != key.NameReturn && k.Name != key.NameEnter:
		return 0
	case k.Modifiers.Contain(key.ModShift):
		return Back
	}
	return Submitted
}

func asks(q key.Filter, k key.Event) bool {
	return q.Name == k.Name && k.Modifiers&q.Required == q.Required && k.Modifiers&^(q.Required|q.Optional) == 0
}

func (f *Field) apply(gtx layout.Context, e event.Event) {
	if f.edit.feed(gtx, &f.Editor, e) && (len(f.events) == 0 || f.events[len(f.events)-1] != Changed) {
		f.events = append(f.events, Changed)
	}
}

// enter takes note that the keyboard has come; a whole line is selected then, so that typing replaces it.
func (f *Field) enter() {
	if f.focused {
		return
	}
	f.focused = true
	if !f.byPointer && f.Editor.SingleLine {
		f.SelectAll()
	}
	f.events = append(f.events, Entered)
}

func (f *Field) leave() {
	f.focused, f.byPointer = false, false
	f.events = append(f.events, Left)
}

// settle takes in the focus at the start of a layout.
func (f *Field) settle(gtx layout.Context) {
	before := len(f.events)
	f.edit.begin(gtx, &f.Editor)
	f.read(gtx, true)
	now := f.focus.Update(gtx, &f.Editor)
	if !gtx.Enabled() {
		f.hovered = false
		return // behind a dialog a field is neither entered nor left
	}
	switch {
	case now:
		f.enter()
	case f.focused:
		f.leave()
	}
	if len(f.events) > before {
		gtx.Execute(op.InvalidateCmd{}) // the owner asked before us; it must ask again
	}
}
