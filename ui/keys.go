package ui

import (
	"slices"
	"strconv"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/layout"
	gioop "gioui.org/op"

	"masala/ui/keyboard"
	"masala/ui/screen"
	"masala/ui/theme"
)

// globalKey is a key that works everywhere, as UX.md section 4 lists them.
type globalKey struct {
	key   screen.Shortcut
	also  []key.Filter // other ways to strike it
	name  string       // in the list of keys
	do    func(*Window)
	shell bool // only while logged in, with nothing over the screen
}

// globals lists the keys that work everywhere.
func globals() []globalKey {
	return []globalKey{
		{key: screen.Shortcut{Mods: key.ModShortcut, Name: "K"}, name: "Search or jump to", do: (*Window).openPalette, shell: true},
		{key: screen.Shortcut{Name: key.NameF1}, name: "Keys of this screen", do: (*Window).showKeys, shell: true},
		{key: screen.Shortcut{Mods: key.ModShortcut, Name: "B"}, name: "Sidebar", do: (*Window).fold, shell: true},
		{key: screen.Shortcut{Mods: key.ModShortcut, Name: "+"}, name: "Zoom in", do: func(w *Window) { w.zoom(theme.ZoomStep) },
			also: []key.Filter{{Name: "+", Required: key.ModShortcut, Optional: key.ModShift}, {Name: "=", Required: key.ModShortcut, Optional: key.ModShift}}},
		{key: screen.Shortcut{Mods: key.ModShortcut, Name: "-"}, name: "Zoom out", do: func(w *Window) { w.zoom(-theme.ZoomStep) }},
		{key: screen.Shortcut{Mods: key.ModShortcut, Name: "0"}, name: "Zoom 100 %", do: func(w *Window) { w.prefer(func(p *preferences) { p.Zoom = 100 }) }},
		{key: screen.Shortcut{Mods: key.ModShortcut | key.ModShift, Name: "D"}, name: "Dark or light", do: (*Window).dark},
		{key: screen.Shortcut{Name: key.NameF11}, name: "Full screen", do: (*Window).toggleFullScreen},
	}
}

// floorKeys do what F5 to F8 do, for keyboards whose function keys are far.
var floorKeys = map[key.Name]key.Name{key.NameF5: "G", key.NameF6: "P", key.NameF7: "K", key.NameF8: "D"}

// globalKeys takes the keys that no control has asked for. Those of the shell act at
// once; those of the factory wait behind what was typed before them.
func (w *Window) globalKeys(gtx layout.Context) {
	for _, g := range globals() {
		filters := g.also
		if filters == nil {
			filters = []key.Filter{{Name: g.key.Name, Required: g.key.Mods}}
		}
		if struck(gtx, filters...) && (!g.shell || w.free()) {
			g.do(w)
		}
	}
	if w.session == nil {
		return
	}
	for _, b := range w.bindings() {
		for _, f := range b.keys {
			if struck(gtx, f) && w.free() {
				w.typed = append(w.typed, keyboard.Shortcut{Event: key.Event{Name: f.Name, Modifiers: f.Required}})
			}
		}
	}
}

// binding is something keys lead to while logged in.
type binding struct {
	keys []key.Filter
	do   func(*Window)
}

// bindings lists what leads through the factory: modules, menu and the actions of
// the open screen, in this order of precedence. An action that cannot be done says
// why.
func (w *Window) bindings() (list []binding) {
	for n, m := range screen.Modules() {
		list = append(list, binding{[]key.Filter{{Name: key.Name(strconv.Itoa(n + 1)), Required: key.ModShortcut}}, func(w *Window) { w.openModule(m) }})
	}
	for _, e := range w.session.menu {
		if e.Key.Name == "" {
			continue
		}
		keys := []key.Filter{{Name: e.Key.Name, Required: e.Key.Mods}}
		if alt := floorKeys[e.Key.Name]; alt != "" && e.Key.Mods == 0 {
			keys = append(keys, key.Filter{Name: alt, Required: key.ModAlt})
		}
		list = append(list, binding{keys, func(w *Window) { w.start(e) }})
	}
	p := w.session.nav.now()
	if p == nil || w.covered() { // what a covered screen could do is not seen
		return list
	}
	for _, a := range p.screen.Actions() {
		if a.Key.Name == "" {
			continue
		}
		list = append(list, binding{[]key.Filter{{Name: a.Key.Name, Required: a.Key.Mods}}, func(w *Window) {
			if a.Reason != "" {
				w.Toast(screen.Toast{Text: a.Reason})
			} else {
				a.Do()
			}
		}})
	}
	return list
}

// shortcuts does, at the end of a frame, the shortcut whose turn has come, and puts
// those struck in this frame behind what was typed before them. What can be done is
// asked anew: typing may have completed a form since.
func (w *Window) shortcuts(gtx layout.Context) {
	if s, ok := w.keyboard.Due(); ok && w.free() {
		for _, b := range w.bindings() {
			if slices.Contains(b.keys, key.Filter{Name: s.Name, Required: s.Modifiers}) {
				b.do(w)
				break
			}
		}
		gtx.Execute(gioop.InvalidateCmd{})
	}
	for _, s := range w.typed {
		w.keyboard.Keep(s)
		gtx.Execute(gioop.InvalidateCmd{})
	}
	w.typed = w.typed[:0]
}

// free reports whether the shell has the keyboard: nobody asks a question, searches
// or waits for the server.
func (w *Window) free() bool {
	return w.session != nil && w.palette == nil && !w.dialogs.open() && !w.own.open() && w.conn.Status().Up() && !w.recovering()
}

// struck reports whether one of the keys was pressed since the last frame.
func struck(gtx layout.Context, filters ...key.Filter) bool {
	all := make([]event.Filter, len(filters))
	for i, f := range filters {
		all[i] = f
	}
	hit := false
	for {
		e, ok := gtx.Event(all...)
		if !ok {
			return hit
		}
		if k, ok := e.(key.Event); ok && k.State == key.Press {
			hit = true
		}
	}
}

// escape takes the Esc that nothing else has taken: it closes what the screen has
// open, else leads back. It runs at the end of the frame, after lists and popovers.
func (w *Window) escape(gtx layout.Context) {
	if w.session == nil || !w.free() || !struck(gtx, key.Filter{Name: key.NameEscape}) {
		return
	}
	if e, ok := w.session.nav.now().screen.(screen.Escaper); ok && e.Escape() {
		return
	}
	w.Back()
}

func (w *Window) openModule(m screen.Module) {
	for _, e := range w.session.menu {
		if e.Module == m {
			w.start(e)
			return
		}
	}
}

// start opens a menu entry where it leads.
func (w *Window) start(e screen.Entry) {
	r := e.Start
	r.ID = e.ID
	w.Navigate(r)
}

func (w *Window) zoom(step int) {
	w.prefer(func(p *preferences) { p.Zoom = w.theme.Options().Zoom + step })
}

func (w *Window) dark() { w.prefer(func(p *preferences) { p.Dark = !p.Dark }) }

func (w *Window) toggleFullScreen() {
	w.fullScreen = !w.fullScreen
	if w.platform != nil {
		w.platform.FullScreen(w.fullScreen)
	}
}

// fold folds or opens the sidebar. In a narrow window it is folded by itself, and
// opening it lasts until the login ends.
func (w *Window) fold() {
	if w.Floor() {
		return
	}
	if w.chrome.narrow {
		w.unfolded = !w.unfolded
		return
	}
	w.prefer(func(p *preferences) { p.Folded = !p.Folded })
}
