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
