package widget

import (
	"image"

	"gioui.org/gesture"
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/ui/keyboard"
)

// Clickable is an area pressed with the pointer, or with Enter or Space while it has the focus. A key counts when it was
// both struck and let go here, so that the Enter that brought the focus does not press the button it lands on.
type Clickable struct {
	// Pointer keeps the area out of the Tab order: rows of a list that has the focus as a whole.
	Pointer bool
	// Tabs, if set, is told of Tab and Shift+Tab and moves the keyboard itself. The window does that for a Tab nobody asks
	// for, but drops it while anything is on its way to a control: the focus of a dialog that has just opened, say.
	Tabs func(gtx layout.Context, back bool)

	click   gesture.Click
	focus   Focus
	focused bool
	deaf    bool // busy or disabled in the last layout: presses are lost, not kept for later
	struck  key.Name
	clicks  []Click
}

// Click is one press of a Clickable.
type Click struct {
	Modifiers key.Modifiers
	Count     int // 2 for the second click of a double click
	ByKey     bool
}

// Clicked reports whether the area was pressed since the last call.
func (c *Clickable) Clicked(gtx layout.Context) bool {
	_, ok := c.Click(gtx)
	return ok
}

// Click returns the oldest press not yet returned.
func (c *Clickable) Click(gtx layout.Context) (Click, bool) {
	c.read(gtx)
	if c.deaf {
		c.clicks = c.clicks[:0]
	}
	if len(c.clicks) == 0 {
		return Click{}, false
	}
	k := c.clicks[0]
	c.clicks = append(c.clicks[:0], c.clicks[1:]...)
	return k, true
}

// Hovered, Pressed and Focused tell what the last layout saw.
func (c *Clickable) Hovered() bool { return c.click.Hovered() }
func (c *Clickable) Pressed() bool { return c.click.Pressed() || c.struck != "" }
func (c *Clickable) Focused() bool { return c.focused }

// Focus asks for the keyboard at the next layout.
func (c *Clickable) Focus() { c.focus.Request() }

// Tag is what the focus is known by.
func (c *Clickable) Tag() event.Tag { return c }

func (c *Clickable) read(gtx layout.Context) {
	for {
		e, ok := c.click.Update(gtx.Source)
		if !ok {
			break
		}
		switch e.Kind {
		case gesture.KindPress:
			if !c.Pointer {
				gtx.Execute(key.FocusCmd{Tag: c})
			}
		case gesture.KindClick:
			c.clicks = append(c.clicks, Click{Modifiers: e.Modifiers, Count: e.NumClicks})
		}
	}
	left := false // by Tab: what follows is for whoever has the keyboard next
	for !c.Pointer {
		e, ok := c.nextKey(gtx)
		if !ok {
			break
		}
		switch e := e.(type) {
		case key.FocusEvent:
			c.struck = ""
		case key.Event:
			switch k := keyboard.Of(gtx); {
			case left && k != nil:
				if e.State == key.Press {
					k.Keep(e)
				}
			case e.Name == key.NameTab:
				left = e.State == key.Press && c.tab(gtx, e)
			case e.State == key.Press:
				c.struck = e.Name
			case c.struck == e.Name:
				c.struck = ""
				c.clicks = append(c.clicks, Click{Modifiers: e.Modifiers, Count: 1, ByKey: true})
			}
		}
	}
	c.readAhead(gtx)
}

func (c *Clickable) nextKey(gtx layout.Context) (event.Event, bool) {
	if c.Tabs != nil {
		return gtx.Event(key.FocusFilter{Target: c}, key.Filter{Focus: c, Name: key.NameReturn}, key.Filter{Focus: c, Name: key.NameEnter},
			key.Filter{Focus: c, Name: key.NameSpace}, key.Filter{Focus: c, Name: key.NameTab, Optional: key.ModShift})
	}
	return gtx.Event(key.FocusFilter{Target: c}, key.Filter{Focus: c, Name: key.NameReturn}, key.Filter{Focus: c, Name: key.NameEnter},
		key.Filter{Focus: c, Name: key.NameSpace})
}

// tab hands a Tab to the owner and reports that the keyboard goes elsewhere.
func (c *Clickable) tab(gtx layout.Context, e key.Event) bool {
	c.struck = ""
	c.Tabs(gtx, e.Modifiers == key.ModShift)
	if k := keyboard.Of(gtx); k != nil {
		k.Turn(gtx)
	}
	gtx.Execute(op.InvalidateCmd{})
	return true
}

// readAhead takes what was typed before the keyboard came here from a field.
func (c *Clickable) readAhead(gtx layout.Context) {
	k := keyboard.Of(gtx)
	if k == nil || c.Pointer || !gtx.Focused(c) {
		return
	}
	for e, ok := k.Next(); ok; e, ok = k.Next() {
		k.Take()
		stroke, isKey := e.(key.Event)
		text, isText := e.(key.EditEvent) // a field sees the space bar as text
		if isKey && stroke.Name == key.NameTab && c.Tabs != nil {
			c.tab(gtx, stroke)
			continue
		}
		if isKey && stroke.Modifiers == 0 && (stroke.Name == key.NameReturn || stroke.Name == key.NameEnter || stroke.Name == key.NameSpace) || isText && text.Text == " " {
			c.clicks = append(c.clicks, Click{Count: 1, ByKey: true})
			k.Turn(gtx)
		}
	}
}

// update takes in events and the focus at the start of a layout. A control that is off reacts to nothing and leaves the
// Tab order.
func (c *Clickable) update(gtx layout.Context, off bool) (hovered, pressed, focused bool) {
	c.deaf = off
	if off {
		c.clicks, c.struck = c.clicks[:0], ""
		c.focus.Drop()
		c.focused = false
		return false, false, false
	}
	c.read(gtx)
	c.focused = !c.Pointer && c.focus.Update(gtx, c)
	if !gtx.Enabled() {
		return false, false, false
	}
	return c.Hovered(), c.Pressed(), c.focused
}

// area makes r the place that is pressed; name is what it is called and class what it is. It returns the clip to pop.
func (c *Clickable) area(gtx layout.Context, r image.Rectangle, class semantic.ClassOp, name string, off bool) clip.Stack {
	st := clip.Rect(r).Push(gtx.Ops)
	class.Add(gtx.Ops)
	if name != "" {
		semantic.LabelOp(name).Add(gtx.Ops)
	}
	semantic.EnabledOp(!off && gtx.Enabled()).Add(gtx.Ops)
	// Gio strikes out the node of an area whose handler listens to nothing, so one that is disabled has no handler at all.
	if !off && gtx.Enabled() {
		pointer.CursorPointer.Add(gtx.Ops)
		c.click.Add(gtx.Ops)
		event.Op(gtx.Ops, c)
	}
	return st
}

// Layout makes what w draws one pressable thing, known by name: a row, a tile. It draws no ring; w does, by Focused.
func (c *Clickable) Layout(gtx layout.Context, class semantic.ClassOp, name string, w layout.Widget) layout.Dimensions {
	c.update(gtx, false)
	m := record(gtx)
	d := w(gtx)
	call := m.Stop()
	st := c.area(gtx, image.Rectangle{Max: d.Size}, class, name, false)
	call.Add(gtx.Ops)
	st.Pop()
	return d
}
