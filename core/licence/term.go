package licence

import "masala/core"

// The lengths of the states in whole calendar days of the factory.
const (
	BannerDays   = 30 // before the expiry date
	ReadOnlyDays = 7  // the expiry date is the first of them
	TrialDays    = 30 // the day of the first run is the first of them
)

// Term is the time a licence or a trial holds.
type Term struct{ Expires core.Date }

// TrialTerm is the term of a trial that began on day start.
func TrialTerm(start core.Date) Term { return Term{start.AddDays(TrialDays)} }

// Left is expiry date minus today: 30 to 1 is the banner, 0 to -6 read-only, -7 and
// less locked (RESILIENCE.md 5.1).
func (t Term) Left(today core.Date) int { return int(t.Expires - today) }

// LastRead is the last read-only day.
func (t Term) LastRead() core.Date { return t.Expires.AddDays(ReadOnlyDays - 1) }

// LockedFrom is the first locked day.
func (t Term) LockedFrom() core.Date { return t.Expires.AddDays(ReadOnlyDays) }

// Mode is the state on a day.
func (t Term) Mode(today core.Date) Mode {
	switch left := t.Left(today); {
	case left > 0:
		return Active
	case left > -ReadOnlyDays:
		return ReadOnly
	}
	return Locked
}
