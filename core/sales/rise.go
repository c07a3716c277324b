package sales

import (
	"slices"
	"sort"
	"time"

	"masala/core"
)

// Rise follows one series of challans up its numbers, and with them the days, which rise or
// stay (R31).
type Rise struct {
	highs []high // each of a later day than the one before, and posted later
}

// high is a challan of a later day than all that were posted until it was.
type high struct {
	day    core.Date
	posted time.Time
}

// Step is how the day of a challan lies to those of lower numbers.
type Step int

// The steps. A challan that was made while the clock was ahead is dated, and was posted,
// after those of the days until its own (R41).
const (
	Rose Step = iota
	Fell
	FellWithClock
)

// Next takes the challan of the next number.
func (r *Rise) Next(day core.Date, posted time.Time) Step {
	n := sort.Search(len(r.highs), func(i int) bool { return r.highs[i].posted.After(posted) })
	step := Rose
	switch {
	case n > 0 && r.highs[n-1].day > day:
		return Fell
	case len(r.highs) > 0 && r.highs[len(r.highs)-1].day > day:
		step = FellWithClock
	}
	if n > 0 && r.highs[n-1].day == day {
		return step
	}
	end := n
	for end < len(r.highs) && r.highs[end].day <= day {
		end++
	}
	r.highs = slices.Replace(r.highs, n, end, high{day, posted})
	return step
}
