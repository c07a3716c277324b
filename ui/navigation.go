package ui

import (
	"slices"

	"masala/ui/screen"
)

// place is an open screen.
type place struct {
	route  screen.Route
	entry  screen.Entry
	screen screen.Screen
}

// navigation is the way back: the routes before the open screen. Only the open
// screen is alive; going back makes the former anew.
type navigation struct {
	past []screen.Route
	open *place
}

// maxPast bounds the way back.
const maxPast = 32

func (n *navigation) now() *place { return n.open }

func (n *navigation) close() {
	if n.open != nil {
		n.open.screen.Close()
		n.open = nil
	}
}

// leaveQuestion guards a form with unsaved changes (RESILIENCE 2.2).
const (
	leaveQuestion = "You have unsaved changes. Leave anyway?"
	closeQuestion = "You have unsaved changes. Close anyway?"
)

// Navigate opens another screen, after asking if this one is dirty.
func (w *Window) Navigate(r screen.Route) {
	w.leaving(func() { w.open(r) })
}

// Back returns to the screen before, or to the first one.
func (w *Window) Back() {
	w.leaving(func() {
		n := &w.session.nav
		to := screen.Route{ID: screen.DashboardHome}
		if k := len(n.past); k > 0 {
			to = n.past[k-1]
			n.past = n.past[:k-1]
		} else if n.now().route == to {
			return
		}
		w.show(to)
	})
}

// leaving does what takes the user off the open screen, after asking if need be. It
// waits for the next frame: a screen may call it while it is being drawn.
func (w *Window) leaving(do func()) {
	s := w.session
	w.inbox.put(func() {
		if w.session != s || s == nil {
			return
		}
		if !w.dirty() {
			do()
			return
		}
		w.Ask(screen.Question{Title: leaveQuestion, Text: w.draftNote(), Answers: []screen.Answer{
			{Label: "Stay"}, {Label: "Leave", Danger: true, Do: do},
		}})
	})
}

// dirty reports whether a form has changes that are not saved on the server.
func (w *Window) dirty() bool {
	if w.dialogs.dirty() {
		return true
	}
	if w.session != nil {
		p := w.session.nav.now()
		return p != nil && p.screen.Dirty()
	}
	return w.setup != nil && w.setup.Form.Dirty()
}

// rest puts what is typed on disk before its screen goes.
func (w *Window) rest() {
	d := w.desk()
	if d == nil {
		return
	}
	if err := d.Clear(); err != nil {
		w.log.Error("draft not saved", "err", err)
		w.noDraft()
	}
}

// draftNote says what becomes of the form that is left. It is true when it is read: the
// draft is on disk by then.
func (w *Window) draftNote() string {
	d := w.desk()
	if d == nil {
		return gone
	}
	err, k := d.Flush(), d.Dirty()
	switch {
	case err != nil:
		w.log.Error("draft not saved", "err", err)
		return "The draft could not be saved on this PC. " + gone
	case k == nil || k.Saved().IsZero():
		return gone
	}
	return "This " + k.Title + " stays on this PC as a draft, saved " + k.Saved().In(w.zone).Format("15:04:05") + "."
}

const gone = "What you typed here is lost."

// open shows r and remembers where the user was.
func (w *Window) open(r screen.Route) {
	n := &w.session.nav
	if p := n.now(); p != nil && p.route != r {
		n.past = append(n.past, p.route)
		if len(n.past) > maxPast {
			n.past = slices.Delete(n.past, 0, len(n.past)-maxPast)
		}
	}
	w.show(r)
}

// show makes r's screen the open one. A route the user may not open leads home.
func (w *Window) show(r screen.Route) {
	s := w.session
	e, ok := s.find(r.ID)
	if !ok {
		r = screen.Route{ID: screen.DashboardHome}
		if e, ok = s.find(r.ID); !ok {
			return
		}
	}
	if p := s.nav.open; p != nil && p.route.ID == r.ID && p.screen.Open(r) {
		p.route = r
		return
	}
	w.rest()
	s.nav.close()
	p := &place{r, e, e.New(s.env, r)}
	s.nav.open = p
	w.focusScreen = true
	w.onceDrawn(func() { w.log.Info("opened", "screen", r.ID) })
	p.screen.Reload()
}
