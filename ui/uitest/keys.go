package uitest

import (
	"image"
	"unicode/utf8"

	"gioui.org/io/input"
	"gioui.org/io/key"
)

// Burst runs keys, whose Press and Type are then queued one after the other as those of a scanner or of a fast hand are while
// the window is busy: no frame comes in between. Anything but a key first lets the window settle. What the user sees must be
// the same with and without Burst.
func (u *UI) Burst(keys func()) {
	u.T.Helper()
	u.burst = true
	keys()
	u.burst = false
	u.Settle()
}

// Stutter runs keys with a single frame, unsettled, between two of them whenever
// frame says so: a slow window, into which people type on.
func (u *UI) Stutter(frame func() bool, keys func()) {
	u.T.Helper()
	u.burst, u.stutter = true, frame
	keys()
	u.burst, u.stutter = false, nil
	u.Settle()
}

// beat is what lies between two keys: frames, or nothing within a burst.
func (u *UI) beat() {
	u.T.Helper()
	switch {
	case u.stutter != nil && u.stutter():
		u.Clock.now = u.Clock.now.Add(frameTime)
		u.Frame()
	case !u.burst:
		u.Settle()
	}
}

// Press strikes one key as the window delivers it: Tab and Shift+Tab move the focus when no control asks for them.
func (u *UI) Press(name key.Name, mods ...key.Modifiers) {
	u.T.Helper()
	e := key.Event{Name: name, State: key.Press}
	for _, m := range mods {
		e.Modifiers |= m
	}
	if name == key.NameTab && (e.Modifiers == 0 || e.Modifiers == key.ModShift) {
		u.router.Queue(input.SystemEvent{Event: e})
		if _, handled := u.router.WakeupTime(); !handled {
			dir := key.FocusForward
			if e.Modifiers == key.ModShift {
				dir = key.FocusBackward
			}
			u.router.MoveFocus(dir)
			u.router.RevealFocus(image.Rectangle{Max: u.Size})
		}
	} else {
		u.router.Queue(e)
	}
	u.beat()
	e.State = key.Release
	u.router.Queue(e)
	u.beat()
}

// Type inserts s at the caret of the focused editor, letter by letter. As the window does, it knows where that caret is from
// the last frame and moves it on by itself until the next one.
func (u *UI) Type(s string) {
	u.T.Helper()
	for _, r := range s {
		text := string(r)
		at := min(u.caret.Start, u.caret.End) + utf8.RuneCountInString(text)
		u.router.Queue(key.EditEvent{Range: u.caret, Text: text}, key.SnippetEvent(key.Range{Start: at, End: at}),
			key.SelectionEvent(key.Range{Start: at, End: at}))
		u.caret = key.Range{Start: at, End: at}
		u.beat()
	}
}

// Fill clicks a field and writes s over what is there.
func (u *UI) Fill(name, s string) {
	u.T.Helper()
	u.Click(name)
	u.Press("A", key.ModShortcut)
	if s == "" {
		u.Press(key.NameDeleteBackward)
		return
	}
	u.Type(s)
}

// Compose writes with an input method, as on Windows: each of steps replaces the one before, the last is committed.
func (u *UI) Compose(steps ...string) {
	u.T.Helper()
	rg := u.caret
	start := min(rg.Start, rg.End)
	for _, s := range steps {
		end := start + utf8.RuneCountInString(s)
		u.router.Queue(key.EditEvent{Range: rg, Text: s}, key.CompositionEvent(key.Range{Start: start, End: end}),
			key.SelectionEvent(key.Range{Start: end, End: end}))
		rg = key.Range{Start: start, End: end}
		u.Settle()
	}
	last := steps[len(steps)-1]
	end := start + utf8.RuneCountInString(last)
	u.router.Queue(key.EditEvent{Range: rg, Text: last}, key.CompositionEvent(key.Range{Start: -1, End: -1}), key.SelectionEvent(key.Range{Start: end, End: end}))
	u.Settle()
}
