package backup

import (
	"slices"
	"time"
)

// clockForm is how a time of day is typed and shown.
const clockForm = "15:04"

// readTimes reads times of day as minutes since midnight, in order and each once.
func readTimes(typed []string) (minutes []int, ok bool) {
	for _, s := range typed {
		t, err := time.Parse(clockForm, s)
		if err != nil {
			return nil, false
		}
		minutes = append(minutes, t.Hour()*60+t.Minute())
	}
	slices.Sort(minutes)
	return slices.Compact(minutes), true
}

func writeTimes(minutes []int) []string {
	out := make([]string, len(minutes))
	for i, m := range minutes {
		out[i] = time.Date(2000, 1, 1, m/60, m%60, 0, 0, time.UTC).Format(clockForm)
	}
	return out
}

// Due is the newest time at or before now at which a backup was due, and Next the
// first one after it, in the factory's zone. A day has each of its times once, also
// when the clocks change.
func (f Fields) Due(now time.Time, zone *time.Location) (due, next time.Time) {
	minutes, ok := readTimes(f.Times)
	if !ok || len(minutes) == 0 {
		minutes, _ = readTimes(Defaults().Times)
	}
	y, m, d := now.In(zone).Date()
	var all []time.Time
	for day := -1; day <= 1; day++ {
		for _, minute := range minutes {
			all = append(all, time.Date(y, m, d+day, 0, minute, 0, 0, zone))
		}
	}
	i, _ := slices.BinarySearchFunc(all, now, func(t, now time.Time) int {
		if t.After(now) {
			return 1
		}
		return -1
	})
	return all[i-1], all[i]
}
