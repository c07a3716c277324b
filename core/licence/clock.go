package licence

import "time"

// What a clock may do between two looks without anybody being asked (RESILIENCE.md
// 5.2). Both are of instants, so time zones and daylight saving do not matter.
const (
	BackTolerance = 5 * time.Minute // time servers correct by seconds
	LeapAfter     = 24 * time.Hour
)

// Move is how the clock stands to the last instant known to be true.
type Move int

// The moves.
const (
	Steady Move = iota
	Back        // before the last instant, by more than the tolerance
	Ahead       // so far after it that an Admin must confirm the date
)

// Judge compares now with the newest instant known to be true; the zero instant means
// that nothing is known yet.
func Judge(now, last time.Time) Move {
	switch {
	case last.IsZero():
		return Steady
	case now.Before(last.Add(-BackTolerance)):
		return Back
	case now.After(last.Add(LeapAfter)):
		return Ahead
	}
	return Steady
}
