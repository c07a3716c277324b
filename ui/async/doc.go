// Package async lets a window that draws itself anew in every frame read and write in
// the background. It imports no Gio.
//
// All methods of Value and Action belong to the goroutine that lays out the window;
// what runs in the background hands over its result in one place, and the next Want
// or Poll takes it in. So a value never changes in the middle of a frame.
package async
