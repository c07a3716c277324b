// Package display tells whether a window can be shown at all.
package display

// Available reports whether this process can reach a display. It can be wrong when
// one is named but does not answer; then opening the window fails.
func Available() bool { return available() }
