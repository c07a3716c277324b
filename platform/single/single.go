// Package single makes sure that there is one: one server per PC, and one writer
// per data folder. Both are released by the system when the process dies, however
// it dies, so nothing is ever left locked.
package single

import (
	"errors"
	"log/slog"
)

// The names a process can hold on a PC. The demo factory has its own, so that it
// runs beside a real server.
const (
	Server = "MasalaServer"
	Demo   = "MasalaDemo"
)

// ErrRunning means that another process holds the name. Its text is the sentence
// the user reads (RESILIENCE.md 6.2).
var ErrRunning = errors.New("Server is already running.")

// A RunningError is ErrRunning with what is known of the holder.
type RunningError struct {
	PID int // 0 if the system does not tell
}

// Error returns the sentence for the user.
func (e *RunningError) Error() string { return ErrRunning.Error() }

// Is makes errors.Is(err, ErrRunning) true.
func (e *RunningError) Is(target error) bool { return target == ErrRunning }

// LogValue tells the log who the holder is.
func (e *RunningError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("msg", e.Error()), slog.Int("holder_pid", e.PID))
}

// Instance is the hold on a name.
type Instance struct {
	activated chan struct{}
	release   func() error
}

// Acquire takes name on this PC. If another process holds it the error is a
// *RunningError; Activate then brings that process to the front.
func Acquire(name string) (*Instance, error) { return acquire(name) }

// Activated gets a value whenever another process calls Activate. Calls that come
// faster than they are read count as one.
func (i *Instance) Activated() <-chan struct{} { return i.activated }

// Release gives the name free.
func (i *Instance) Release() error { return i.release() }

// Activate asks the holder of name to come to the front. It returns when the
// holder has been told, os.ErrNotExist if there is none.
func Activate(name string) error { return activate(name) }

func (i *Instance) activate() {
	select {
	case i.activated <- struct{}{}:
	default:
	}
}
