package ui

import (
	"strconv"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/layout"

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

// globalKeys takes the keys that no control has asked for. It runs before the rest
// of the frame, so that a key acts on what the user saw when he struck it.
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
	for n, m := range screen.Modules() {
		if struck(gtx, key.Filter{Name: key.Name(strconv.Itoa(n + 1)), Required: key.ModShortcut}) && w.free() {
			w.openModule(m)
		}
	}
	for _, e := range w.session.menu {
		if e.Key.Name == "" {
			continue
		}
		filters := []key.Filter{{Name: e.Key.Name, Required: e.Key.Mods}}
		if alt := floorKeys[e.Key.Name]; alt != "" && e.Key.Mods == 0 {
			filters = append(filters, key.Filter{Name: alt, Required: key.ModAlt})
		}
		if struck(gtx, filters...) && w.free() {
			w.start(e)
		}
	}
	w.actionKeys(gtx)
}

// actionKeys takes the keys of the open screen's actions. One that cannot be done
// says why.
func (w *Window) actionKeys(gtx layout.Context) {
	p := w.session.nav.now()
	if p == nil {
		return
	}
	for _, a := range p.screen.Actions() {
		if a.Key.Name == "" || !struck(gtx, key.Filter{Name: a.Key.Name, Required: a.Key.Mods}) || !w.free() {
			continue
		}
		if a.Reason != "" {
			w.Toast(screen.Toast{Text: a.Reason})
		} else {
			a.Do()
		}
	}
}

// free reports whether the shell has the keyboard: nobody asks a question, searches
// or waits for the server.
func (w *Window) free() bool {
	return w.session != nil && w.palette == nil && !w.dialogs.open() && w.conn.Status().Up()
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
