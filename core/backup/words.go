package backup

import (
	"fmt"
	"strings"
	"time"
)

// The sentences of the resilience audit, word for word.
const (
	SayDamaged = "⚠️ Database integrity issue detected. Restore from backup?"
	SayNew     = "A new empty database has been created."
	SayLate    = "⚠️ No backup in 48 hours!"
)

// LateAfter is how old the newest good backup may be.
const LateAfter = 48 * time.Hour

// SayMissing asks with the age of the newest good backup.
func SayMissing(age string) string {
	return fmt.Sprintf("No database found. Restore from latest backup (%s)?", age)
}

// Age says how old a point is: "2 hours ago".
func (p *Point) Age(now time.Time) string {
	if p.Ahead {
		return "future date"
	}
	return Ago(now.Sub(p.TakenAt))
}

// Headline is the status line: how long ago the last good backup was taken, zero for
// none.
func Headline(now, last time.Time) string {
	switch {
	case last.IsZero():
		return "No backup yet"
	case now.Sub(last) >= LateAfter:
		return SayLate
	}
	return "Last Backup: " + Ago(now.Sub(last))
}

// Ago says an age as people do: "2 hours ago".
func Ago(d time.Duration) string {
	unit := func(n int64, one string) string {
		if n == 1 {
			return "1 " + one + " ago"
		}
		return fmt.Sprintf("%d %ss ago", n, one)
	}
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return unit(int64(d/time.Minute), "minute")
	case d < 48*time.Hour:
		return unit(int64(d/time.Hour), "hour")
	}
	return unit(int64(d/(24*time.Hour)), "day")
}

// Warning is what everybody reads while a lineage waits for its confirmation.
func (l *Lineage) Warning() string {
	if l.Origin == OriginOlder {
		return "The database was replaced by an older one: entries that had been posted are missing. Nothing can be posted until an Admin confirms it on the server PC."
	}
	return "The books were restored from a backup: entries posted after it are missing and have to be entered again. Nothing can be posted until an Admin confirms it on the server PC."
}

// SayNoAdmin is what everybody reads when the newest state of the users has no Admin.
const SayNoAdmin = "No Admin can log in: those in these books were made inactive or Operators after the backup. On the server PC, stop the server and run: masala user reset LOGIN"

// SayWithheld tells in one sentence what restored books did not give back.
func SayWithheld(held []Withheld) string {
	var parts []string
	for i, w := range held {
		if i > 0 && held[i-1].Login == w.Login {
			parts[len(parts)-1] += " and " + w.Says
			continue
		}
		parts = append(parts, w.Login+" "+w.Says)
	}
	return "Users after the restore: " + strings.Join(parts, "; ") + "."
}
