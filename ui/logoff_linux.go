package ui

import "gioui.org/app"

// watchSession does nothing: a Linux session ends by a signal, and the window goes by
// Deps.Done.
func (w *Window) watchSession(app.ViewEvent) {}
