package form

import (
	"fmt"
	"time"
)

// Ago writes how long before now t was, the way people say it: "2 minutes ago".
// From a day on it gives the day and time in zone: "12-Feb-2026, 14:32".
func Ago(t, now time.Time, zone *time.Location) string {
	d := now.Sub(t)
	switch {
	case d < 0 && d > -time.Minute, d >= 0 && d < time.Minute:
		return "a moment ago"
	case d < 0, d >= 24*time.Hour:
		return t.In(zone).Format("02-Jan-2006, 15:04")
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	}
	return count(int(d/time.Hour), "hour")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what + " ago"
	}
	return fmt.Sprintf("%d %ss ago", n, what)
}
