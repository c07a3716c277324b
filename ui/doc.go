// Package ui is the window: it logs the user in, holds the screens, and shows what
// concerns all of them: menu, banners, the lost connection, questions, the palette.
//
// A Window is one value that lives on the goroutine that lays it out. What other
// goroutines have to say reaches it through its inbox and is taken in at the start of
// a frame. Run gives it a window of the desktop; tests lay it out without one.
package ui
