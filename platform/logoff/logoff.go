// Package logoff hears from Windows that the user's session is about to end by
// shutdown, restart or log off (RESILIENCE 2.2). Other systems send signals instead.
package logoff

// Program is what a window says when the session ends. Its functions are called on the
// window's own thread, and Windows kills a program that lets it wait for five seconds.
type Program interface {
	// MayEnd is asked first. A reason is shown by Windows beside "Shut down anyway" and
	// "Cancel"; "" lets the session end.
	MayEnd() (reason string)
	// Ends says that the process is over when it returns.
	Ends()
	// Stays says that the session goes on, somebody has cancelled.
	Stays()
}
