package sales_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"masala/core"
	"masala/core/sales"
)

// TestR31_RiseOfDays: a day falls where one of a lower number is later; with the clock, where
// none of those had been posted by then.
func TestR31_RiseOfDays(t *testing.T) {
	t.Parallel()
	type challan struct {
		day    core.Date
		posted time.Time
	}
	rapid.Check(t, func(t *rapid.T) {
		var rise sales.Rise
		var all []challan
		for range rapid.IntRange(1, 30).Draw(t, "challans") {
			x := challan{core.Date(20_000 + rapid.IntRange(0, 8).Draw(t, "day")), time.UnixMilli(int64(rapid.IntRange(0, 8).Draw(t, "posted")))}
			want := sales.Rose
			for _, lower := range all {
				switch {
				case lower.day <= x.day:
				case !lower.posted.After(x.posted):
					want = sales.Fell
				case want == sales.Rose:
					want = sales.FellWithClock
				}
			}
			all = append(all, x)
			if got := rise.Next(x.day, x.posted); got != want {
				t.Fatalf("the last of %v is %d, want %d", all, got, want)
			}
		}
	})
}
