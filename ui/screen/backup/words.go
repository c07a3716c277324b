package backup

import (
	"fmt"
	"strings"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/ui/theme"
)

// Moment writes when a restore point was taken: "14-Feb-2026 13:00".
func Moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("02-Jan-2006 15:04")
}

// day writes a time as people say it on the day now is: "today at 13:00".
func day(t, now time.Time, zone *time.Location) string {
	at, today := core.DateOf(t, zone), core.DateOf(now, zone)
	clock := t.In(zone).Format("15:04")
	switch at - today {
	case 0:
		return "today at " + clock
	case -1:
		return "yesterday at " + clock
	case 1:
		return "tomorrow at " + clock
	}
	return "on " + at.String() + " at " + clock
}

// KindName is what people call the reason why a point is kept.
func KindName(k backup.Kind) string {
	switch k {
	case backup.Daily:
		return "Daily"
	case backup.Weekly:
		return "Weekly"
	case backup.Manual:
		return "By hand"
	}
	return string(k)
}

// Verdict is what is known of a point: in a word, and how it is shown.
func Verdict(th *theme.Theme, s backup.State) (word string, tone theme.Tone, icon theme.Icon) {
	switch s {
	case backup.Good:
		return "Checked", th.OK, theme.IconCircleCheck
	case backup.Damaged:
		return "Damaged", th.Danger, theme.IconOctagonAlert
	}
	return "Not yet checked", th.Neutral, theme.IconClock
}

// found is what the check of a point found.
func found(p backup.Point) string {
	switch {
	case p.Says != "":
		return p.Says
	case p.State == backup.Good:
		return "Opened, 0 errors, ledger agrees"
	case p.State == backup.Damaged:
		return "Damaged"
	}
	return "Not yet checked"
}

// documents counts documents: "1 document", "4,182 documents".
func documents(n int) string {
	if n == 1 {
		return "1 document"
	}
	return core.Qty(n).Number(core.Count) + " documents"
}

// Lost says what is gone after p was restored.
func Lost(p backup.Point, now time.Time, zone *time.Location) string {
	at := Moment(p.TakenAt, zone)
	if core.DateOf(p.TakenAt, zone) == core.DateOf(now, zone) {
		at = p.TakenAt.In(zone).Format("15:04")
	}
	switch {
	case p.Since == 0:
		return "Nothing was posted after " + at + "."
	case p.Since == 1:
		return "The 1 document posted after " + at + " has to be entered again."
	case p.Since > 1:
		return fmt.Sprintf("The %s posted after %s have to be entered again.", documents(p.Since), at)
	}
	return "Documents posted after " + at + " have to be entered again."
}

// missing says what to do about restored books; the banner above has said what they are.
func (m *Model) missing(r backup.Restored) string {
	text := "Enter again what was posted after the backup"
	if n := int(r.Seen - r.Seq); n > 0 {
		text += " (" + count(n, "ledger row") + " had been seen that these books do not have)"
	}
	if !m.AtServer() {
		return text + ". An Admin confirms it on the server PC itself."
	}
	return text + ". Once you have confirmed these books, everybody can post."
}

// Task is what is being done, as a title.
func Task(p backup.Progress) string {
	switch p.Task {
	case backup.TaskBackup:
		return "Backing up"
	case backup.TaskCheck:
		return "Checking a restore point"
	case backup.TaskRestore:
		return "Restoring"
	case backup.TaskEmpty:
		return "Making a new empty database"
	}
	return "Working"
}

// Unsigned is a sentence without its sign, which is drawn.
func Unsigned(text string) string { return strings.TrimSpace(strings.TrimPrefix(text, "⚠️")) }
