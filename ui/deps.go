package ui

import (
	"log/slog"
	"time"

	"masala/core"
	"masala/ui/form"
	"masala/ui/screen"
)

// Deps is what main hands in.
type Deps struct {
	PC     screen.PC
	Clock  core.Clock
	Drafts func(screen.Role) form.Files // folder of the drafts of a role
	NewKey func() string                // makes request keys: uuid.NewString
	Log    *slog.Logger                 // nil for none
	Logins []screen.Login               // of the demo factory, shown on its login screen
	// Connection is the line of a PC whose role is known; nil lets the window ask
	// for the role and start it by PC.Start.
	Connection screen.Connection
	Started    time.Time       // of the process, for the log
	Raise      <-chan string   // a value brings the window to the front and is said unless empty; nil for never
	Done       <-chan struct{} // closed when the window shall go without asking; nil for never
	Raised     func()          // called once it is there; nil for nobody
	// Exit brings the question before the server on this PC ends; ExitAnswer takes
	// what the user says. Both are nil where nobody supervises.
	Exit       <-chan screen.ExitQuestion
	ExitAnswer func(screen.ExitAnswer)
	// WatchSession has Windows ask s before the session of this window's user ends; nil
	// where nobody asks.
	WatchSession func(window uintptr, s SessionEnd) error
	// ReadFile reads a file of this PC that the user named, at most 1 MB.
	ReadFile func(path string) ([]byte, error)
	// Spawn starts a goroutine; nil for go. Tests run the work at once.
	Spawn func(func())
	// After starts a goroutine later, unless it is stopped before; nil for a timer.
	// Tests ring by their own clock.
	After func(d time.Duration, f func()) (stop func() bool)
}

// defaultZone holds until the settings of the factory have been read (R41).
func defaultZone() *time.Location {
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		return time.FixedZone("IST", 5*3600+1800)
	}
	return zone
}
