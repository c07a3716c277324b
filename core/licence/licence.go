// Package licence decides what the program may do today: the signed license file,
// the first month without one, the states by whole calendar days, the hardware it is
// bound to and the clock it is counted by. It holds no file and no key of the vendor:
// both are handed in.
package licence

import (
	"fmt"
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

// Reason says why the mode is what it is. It travels on the wire: the list only grows.
type Reason string

// The reasons. Clock and Leap mean that the date itself is in doubt.
const (
	Fine     Reason = ""
	Expired  Reason = "expired"
	Hardware Reason = "hardware" // the file belongs to another machine (5.3)
	Clock    Reason = "clock"    // the clock went back (5.2)
	Leap     Reason = "leap"     // the clock went far ahead; an Admin is asked (5.2)
)

// The sentences of the resilience audit, word for word.
const (
	ClockSentence    = "System clock inconsistency detected. Please set your system clock to the correct date and time, then restart the application."
	hardwareSentence = "Hardware change detected. Your license is bound to specific hardware. Please contact support with your new Hardware ID: [%s]."
	expirySentence   = "⚠️ License expires in %s. Contact support."
)

// HardwareSentence is what users read on a machine the license is not bound to.
func HardwareSentence(id HardwareID) string { return fmt.Sprintf(hardwareSentence, id) }

// Verdict is what the licence says at one instant.
type Verdict struct {
	Mode     Mode
	Reason   Reason
	Sentence string // what a refused user reads; "" while Active
}

// Licence judges an instant. zone is the factory's, whose calendar days count.
type Licence interface {
	Check(now time.Time, zone *time.Location) Verdict
}

// Unlimited is the licence of the demo factory: always Active.
type Unlimited struct{}

// Check is always Active.
func (Unlimited) Check(time.Time, *time.Location) Verdict { return Verdict{Mode: Active} }

// Allow returns nil when the operation may run. Business is stopped by every mode but
// Active and Read by Locked; Control passes, so that nobody loses his books or his way
// in. Two marks refine that: Unlocked operations always pass, and Dated ones, which
// write the server's time into the ledger, wait while the date is in doubt.
func (v Verdict) Allow(m op.Meta) error {
	doubt := v.Reason == Clock || v.Reason == Leap
	switch {
	case v.Mode == Active || m.Unlocked:
		return nil
	case v.Mode == ReadOnly && (m.Kind == op.Business || doubt && m.Dated):
		return core.Errorf(core.CodeReadOnly, "%s", v.sentence())
	case v.Mode == Locked && (m.Kind != op.Control || doubt && m.Dated):
		return core.Errorf(core.CodeLocked, "%s", v.sentence())
	}
	return nil
}

func (v Verdict) sentence() string {
	switch {
	case v.Sentence != "":
		return v.Sentence
	case v.Mode == ReadOnly:
		return "The license has expired, so nothing new can be posted. Your entries stay saved on this PC. Contact support for a new license."
	}
	return "The license has expired. Contact support for a new license."
}

// count writes "1 day", "12 days".
func count(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
