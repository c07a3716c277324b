// Package licence knows the modes a licence can be in and what each allows.
package licence

import (
	"time"

	"masala/core"
	"masala/core/op"
)

// Mode is the state of the licence (RESILIENCE.md 5.1).
type Mode string

// The modes.
const (
	Active   Mode = "active"
	ReadOnly Mode = "read_only"
	Locked   Mode = "locked"
)

// Licence tells the mode at an instant.
type Licence interface{ Mode(now time.Time) Mode }

// Unlimited is the licence of a factory that has none yet: always Active.
type Unlimited struct{}

// Mode is always Active.
func (Unlimited) Mode(time.Time) Mode { return Active }

// Allow returns nil when an operation of this kind may run in mode m. Control
// operations pass in every mode, so that nobody loses his books or his way in.
func (m Mode) Allow(k op.Kind) error {
	switch {
	case m == ReadOnly && k == op.Business:
		return core.Errorf(core.CodeReadOnly, "The license has expired, so nothing new can be posted. Your entries stay saved on this PC. Contact support for a new license.")
	case m == Locked && k != op.Control:
		return core.Errorf(core.CodeLocked, "The license has expired. Contact support for a new license.")
	}
	return nil
}
