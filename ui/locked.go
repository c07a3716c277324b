package ui

import (
	"gioui.org/layout"

	"masala/core/licence"
	"masala/ui/screen"
	"masala/ui/screen/locked"
)

// lockedArea covers everything but the way out while the licence has locked the
// program (RESILIENCE 5.1 to 5.3).
type lockedArea struct {
	page   *locked.Page
	passed bool // the user went on to the login
}

// isLocked reports whether the server has told that the program is locked.
func (w *Window) isLocked() bool {
	return w.conn != nil && w.conn.Status().Up() && w.conn.State().Mode == string(licence.Locked)
}

// covered reports whether the locked screen stands before everything else: before the
// login until the user goes on to it, afterwards over every screen but those an Admin
// mends the system with.
func (w *Window) covered() bool {
	if !w.isLocked() || w.conn.State().NeedAdmin {
		w.cover = lockedArea{}
		return false
	}
	if w.session == nil {
		return !w.cover.passed
	}
	p := w.session.nav.now()
	return !w.session.env.IsAdmin() || p == nil || p.entry.Module != screen.System
}

// layoutLocked draws the locked screen.
func (w *Window) layoutLocked(gtx layout.Context) {
	if w.cover.page == nil {
		w.cover.page = locked.NewPage(w.theme, locked.NewModel(w.conn, w.goAlways), w.deps.PC.Version())
	}
	st := w.conn.Status()
	l := locked.Look{State: w.conn.State(), Role: w.role, Server: st.Server, Way: "Log in as Admin", Go: func() { w.cover.passed = true }}
	if w.session != nil {
		l.User, l.LogOut, l.Way = w.session.env.User.Login, func() { w.cover.passed = false; w.logout() }, ""
		if w.session.env.IsAdmin() {
			l.Way, l.Go = "Open License", func() { w.Navigate(screen.Route{ID: screen.SystemLicense}) }
		}
	}
	w.cover.page.Layout(gtx, l)
}
