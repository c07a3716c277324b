// Package keyboard keeps what was typed in order while the keyboard goes from one
// control to the next. A scanner sends a code and Enter, and people type ahead,
// within one frame; Gio binds such keys to the control that had the keyboard when
// they were struck. So the control takes from Gio all that there is, hands it to the
// window's Keyboard, and takes from there one thing after the other up to a key that
// may move the keyboard. The rest waits a frame and is for whoever has the keyboard
// then.
package keyboard

import (
	"maps"
	"slices"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/op"
)

// patience is for how many frames keys wait for a control that wants them.
const patience = 3

const name = "masala/ui/keyboard"

// Shortcut is a key of the window, not of a control. It waits behind what was typed
// before it: Ctrl+Enter posts what the form holds once all of it has been taken in.
type Shortcut struct{ key.Event }

// Keyboard is what was typed into one window and not yet taken in. The zero Keyboard
// is empty.
type Keyboard struct {
	ahead  []event.Event
	turned bool // no more in this frame
	held   bool // nobody can take anything
	due    bool // a shortcut was the oldest when this frame began
	idle   int  // frames in which nobody took anything
	values map[string]any
}

// Begin starts a frame; the controls laid out with the context it returns find k.
func (k *Keyboard) Begin(gtx layout.Context) layout.Context {
	k.turned = false
	if len(k.ahead) > 0 && !k.held {
		if k.idle++; k.idle > patience {
			k.ahead = slices.DeleteFunc(k.ahead, func(e event.Event) bool { _, ok := e.(Shortcut); return !ok }) // as Gio does with keys nobody asks for
			k.idle = 0
		}
		gtx.Execute(op.InvalidateCmd{})
	}
	k.due = k.shortcut()
	switch {
	case gtx.Values != nil:
		gtx.Values = maps.Clone(gtx.Values)
		gtx.Values[name] = k
	case k.values == nil:
		k.values = map[string]any{name: k}
		fallthrough
	default:
		gtx.Values = k.values
	}
	return gtx
}

// Hold keeps what waits for as long as on: the window is covered, and nobody loses what
// was typed before. A shortcut is forgotten; nothing is done that was asked for long ago.
func (k *Keyboard) Hold(on bool) {
	if on && !k.held {
		k.ahead = slices.DeleteFunc(k.ahead, func(e event.Event) bool { _, ok := e.(Shortcut); return ok })
	}
	if k.held = on; on {
		k.idle = 0
	}
}

// Of returns the keyboard of the window that gtx lays out, nil where none was begun.
func Of(gtx layout.Context) *Keyboard {
	k, _ := gtx.Values[name].(*Keyboard)
	return k
}

// Keep puts e behind all that waits.
func (k *Keyboard) Keep(e event.Event) { k.ahead = append(k.ahead, e) }

// Next is the oldest thing typed; ok is false for the rest of a frame once Turn was
// called. Only the control that has the keyboard asks.
func (k *Keyboard) Next() (e event.Event, ok bool) {
	if k.turned || k.held || len(k.ahead) == 0 || k.shortcut() {
		return nil, false
	}
	return k.ahead[0], true
}

// Take removes what Next returned.
func (k *Keyboard) Take() {
	k.ahead = append(k.ahead[:0], k.ahead[1:]...)
	k.idle = 0
}

func (k *Keyboard) shortcut() bool {
	if len(k.ahead) == 0 {
		return false
	}
	_, ok := k.ahead[0].(Shortcut)
	return ok
}

// Due removes and returns the shortcut whose turn has come: everything before it was
// taken in before this frame, so every owner has heard of it. The window asks at the
// end of a frame.
func (k *Keyboard) Due() (Shortcut, bool) {
	if !k.due || !k.shortcut() {
		return Shortcut{}, false
	}
	s := k.ahead[0].(Shortcut)
	k.due = false
	k.Take()
	return s, true
}

// Turn says that the key just taken may move the keyboard.
func (k *Keyboard) Turn(gtx layout.Context) {
	k.turned = true
	if len(k.ahead) > 0 {
		gtx.Execute(op.InvalidateCmd{})
	}
}
