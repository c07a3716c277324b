package keyboard_test

import (
	"testing"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/keyboard"
)

func TestOneTurnAFrame(t *testing.T) {
	var k keyboard.Keyboard
	gtx := k.Begin(layout.Context{Ops: new(op.Ops)})
	if keyboard.Of(gtx) != &k || keyboard.Of(layout.Context{}) != nil {
		t.Fatal("the context does not lead to the keyboard")
	}
	k.Keep(key.Event{Name: key.NameReturn})
	k.Keep(key.EditEvent{Text: "5"})
	if e, ok := k.Next(); !ok || e.(key.Event).Name != key.NameReturn {
		t.Fatal("not in order")
	}
	k.Take()
	k.Turn(gtx)
	if _, ok := k.Next(); ok {
		t.Error("what follows Enter is not for this frame")
	}
	k.Begin(gtx)
	if e, ok := k.Next(); !ok || e.(key.EditEvent).Text != "5" {
		t.Error("lost with the frame")
	}
}

func TestNobodyWantsIt(t *testing.T) {
	var k keyboard.Keyboard
	k.Keep(key.EditEvent{Text: "5"})
	for range 3 {
		k.Begin(layout.Context{Ops: new(op.Ops)})
		if _, ok := k.Next(); !ok {
			t.Fatal("too soon")
		}
	}
	k.Begin(layout.Context{Ops: new(op.Ops)})
	if _, ok := k.Next(); ok {
		t.Error("would turn up in a field reached much later")
	}
}

// What was typed before the overlay is there after it; a shortcut struck before it is not:
// nothing is done that was asked for long ago.
func TestHeldShortcutIsForgotten(t *testing.T) {
	var k keyboard.Keyboard
	k.Keep(keyboard.Shortcut{Event: key.Event{Name: key.NameReturn, Modifiers: key.ModCtrl}})
	k.Keep(key.EditEvent{Text: "5"})
	k.Hold(true)
	for range 10 {
		k.Begin(layout.Context{Ops: new(op.Ops)})
		if _, ok := k.Next(); ok {
			t.Fatal("taken in under the overlay")
		}
		if _, ok := k.Due(); ok {
			t.Fatal("done under the overlay")
		}
	}
	k.Hold(false)
	k.Begin(layout.Context{Ops: new(op.Ops)})
	if s, ok := k.Due(); ok {
		t.Errorf("%v is done when the line is back", s)
	}
	if e, ok := k.Next(); !ok || e.(key.EditEvent).Text != "5" {
		t.Error("what was typed is lost")
	}
}
