package ui

import "gioui.org/app"

// watchSession has Windows ask this window before the user's session ends.
func (w *Window) watchSession(e app.ViewEvent) {
	v, ok := e.(app.Win32ViewEvent)
	if !ok || !v.Valid() || w.deps.WatchSession == nil {
		return
	}
	if err := w.deps.WatchSession(v.HWND, sessionEnd{w}); err != nil {
		w.log.Warn("session", "err", err)
	}
}
