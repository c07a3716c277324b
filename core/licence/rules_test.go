package licence_test

import (
	"testing"
	"time"

	"masala/core"
	"masala/core/licence"
)

// TestTerm counts the days as RESILIENCE.md 5.1 does: expiry 12-Feb is last fully used
// on the 11th, read-only from 12th to 18th, locked from the 19th. Leap days are days.
func TestTerm(t *testing.T) {
	day := core.NewDate
	for _, c := range []struct {
		expires, today core.Date
		mode           licence.Mode
		left           int
	}{
		{day(2026, 2, 12), day(2026, 1, 12), licence.Active, 31},
		{day(2026, 2, 12), day(2026, 1, 13), licence.Active, 30},
		{day(2026, 2, 12), day(2026, 2, 11), licence.Active, 1},
		{day(2026, 2, 12), day(2026, 2, 12), licence.ReadOnly, 0},
		{day(2026, 2, 12), day(2026, 2, 18), licence.ReadOnly, -6},
		{day(2026, 2, 12), day(2026, 2, 19), licence.Locked, -7},
		{day(2026, 2, 12), day(2099, 1, 1), licence.Locked, -26621},
		{day(2028, 3, 1), day(2028, 2, 29), licence.Active, 1},
		{day(2028, 3, 1), day(2028, 2, 28), licence.Active, 2},
		{day(2027, 3, 1), day(2027, 2, 28), licence.Active, 1},
		{day(2028, 2, 29), day(2028, 2, 29), licence.ReadOnly, 0},
		{day(2028, 2, 25), day(2028, 3, 2), licence.ReadOnly, -6},
		{day(2028, 2, 25), day(2028, 3, 3), licence.Locked, -7},
		{day(2027, 1, 1), day(2026, 12, 31), licence.Active, 1},
	} {
		term := licence.Term{Expires: c.expires}
		if term.Mode(c.today) != c.mode || term.Left(c.today) != c.left {
			t.Errorf("expires %s, on %s: %s, %d days; want %s, %d", c.expires, c.today, term.Mode(c.today), term.Left(c.today), c.mode, c.left)
		}
	}
	term := licence.TrialTerm(day(2026, 2, 12))
	if term.Expires != day(2026, 3, 14) || term.LastRead() != day(2026, 3, 20) || term.LockedFrom() != day(2026, 3, 21) {
		t.Errorf("the trial from 12-Feb-2026 ends %s, %s, %s", term.Expires, term.LastRead(), term.LockedFrom())
	}
}

func TestJudge(t *testing.T) {
	last := time.Date(2026, 2, 12, 4, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		by   time.Duration
		want licence.Move
	}{
		{0, licence.Steady}, {-5 * time.Minute, licence.Steady}, {-5*time.Minute - 1, licence.Back}, {-1000 * time.Hour, licence.Back},
		{24 * time.Hour, licence.Steady}, {24*time.Hour + 1, licence.Ahead}, {10000 * time.Hour, licence.Ahead},
	} {
		if got := licence.Judge(last.Add(c.by), last); got != c.want {
			t.Errorf("by %s: %d, want %d", c.by, got, c.want)
		}
	}
	if licence.Judge(last, time.Time{}) != licence.Steady {
		t.Error("the first look is refused")
	}
}

// TestHardware_RealCases is the table of what happens to server PCs.
func TestHardware_RealCases(t *testing.T) {
	type parts = [4]string
	for _, c := range []struct {
		name        string
		before, now parts
		match       bool
	}{
		{"nothing changed", parts{"uuid", "board", "disk", "os"}, parts{"uuid", "board", "disk", "os"}, true},
		{"board replaced", parts{"uuid", "board", "disk", "os"}, parts{"UUID2", "BOARD2", "disk", "os"}, true},
		{"disk replaced, system copied", parts{"uuid", "board", "disk", "os"}, parts{"uuid", "board", "DISK2", "os"}, true},
		{"disk replaced, system new", parts{"uuid", "board", "disk", "os"}, parts{"uuid", "board", "DISK2", "OS2"}, true},
		{"system installed again", parts{"uuid", "board", "disk", "os"}, parts{"uuid", "board", "disk", "OS2"}, true},
		{"board and disk replaced, system copied", parts{"uuid", "board", "disk", "os"}, parts{"UUID2", "BOARD2", "DISK2", "os"}, false},
		{"another PC", parts{"uuid", "board", "disk", "os"}, parts{"UUID2", "BOARD2", "DISK2", "OS2"}, false},
		{"another PC of the same make with a copied UUID", parts{"uuid", "board", "disk", "os"}, parts{"uuid", "BOARD2", "DISK2", "OS2"}, false},
		{"board without serial number: board replaced", parts{"uuid", "", "disk", "os"}, parts{"UUID2", "", "disk", "os"}, true},
		{"board without serial number: disk replaced, system new", parts{"uuid", "", "disk", "os"}, parts{"uuid", "", "DISK2", "OS2"}, true},
		{"board without serial number: both, system copied", parts{"uuid", "", "disk", "os"}, parts{"UUID2", "", "DISK2", "os"}, false},
		{"placeholders only: system and disk", parts{"", "", "disk", "os"}, parts{"", "", "disk", "os"}, true},
		{"placeholders only: system installed again", parts{"", "", "disk", "os"}, parts{"", "", "disk", "OS2"}, true},
		{"placeholders only: another disk with a copied system", parts{"", "", "disk", "os"}, parts{"", "", "DISK2", "os"}, false},
		{"board cannot be read any more (not root)", parts{"uuid", "board", "disk", "os"}, parts{"", "", "disk", "os"}, true},
		{"board can be read now", parts{"", "", "disk", "os"}, parts{"uuid", "board", "disk", "os"}, true},
		{"only the system can be read", parts{"uuid", "board", "disk", "os"}, parts{"", "", "", "os"}, true},
		{"nothing can be read", parts{"uuid", "board", "disk", "os"}, parts{}, false},
		{"VM moved to another host", parts{"vm-uuid", "", "", "os"}, parts{"vm-uuid", "", "", "os"}, true},
		{"VM copied: new UUID, same system", parts{"vm-uuid", "", "", "os"}, parts{"VM-UUID2", "", "", "os"}, false},
		{"VM without any id but the system", parts{"", "", "", "os"}, parts{"", "", "", "os"}, true},
		{"VM without any id, another system", parts{"", "", "", "os"}, parts{"", "", "", "OS2"}, false},
	} {
		if got := licence.NewHardwareID(c.before).Matches(licence.NewHardwareID(c.now)); got != c.match {
			t.Errorf("%s: match is %v", c.name, got)
		}
	}
}

func TestHardwareID_Text(t *testing.T) {
	id, err := licence.ParseHardwareID(" [7c41-e90b 2fd8–A356] ")
	if err != nil || id.String() != "7C41-E90B-2FD8-A356" {
		t.Errorf("%s, %v", id, err)
	}
	for _, s := range []string{"", "7C41", "7C41-E90B-2FD8-A35G", "7C41-E90B-2FD8-A3567", "+C41-E90B-2FD8-A356"} {
		if id, err := licence.ParseHardwareID(s); err == nil {
			t.Errorf("%q is %s", s, id)
		}
	}
}
