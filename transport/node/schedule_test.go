package node_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core/backup"
	"masala/core/licence"
	"masala/core/op"
)

// warned waits until a banner with that text stands, or no longer does.
func (s *shop) warned(text string, stands bool) {
	s.t.Helper()
	s.told(s.own, text, func(st op.State) bool {
		found := false
		for _, w := range st.Warnings {
			found = found || strings.Contains(w.Text, text)
		}
		return found == stands
	})
}

// points waits until the folder has so many good points and nothing runs.
func (s *shop) points(n int) []backup.Point {
	s.t.Helper()
	return s.settled(func(st backup.StatusResp) bool {
		good := 0
		for _, p := range st.Points {
			if p.State == backup.Good {
				good++
			}
		}
		return good == n && st.Running == nil
	}, "").Points
}

// TestFault_4_3_MissedBackupIsCaughtUp: backups come by themselves at their hours; a
// server that was off makes the missed one soon after its start, and after 48 hours
// every Admin reads so until there is one.
func TestFault_4_3_MissedBackupIsCaughtUp(t *testing.T) {
	s := newShop(t)
	y, m, d := time.Now().In(india).Date()
	s.clock.Set(time.Date(y, m, d, 9, 0, 0, 0, india)) // the ones of yesterday evening were never made
	s.start()
	setUp(t, s.own, s.own.SetToken)
	s.clock.Set(time.Date(y, m, d, 9, 0, 19, 0, india))
	s.points(0)
	s.clock.Set(time.Date(y, m, d, 9, 0, 21, 0, india))
	if p := s.points(1)[0]; p.Kind != backup.Daily || p.Since != 0 {
		t.Errorf("the first one is %+v", p)
	}
	s.clock.Set(time.Date(y, m, d, 12, 59, 59, 0, india))
	if st := s.settled(func(backup.StatusResp) bool { return true }, ""); st.Headline != "Last Backup: 3 hours ago" || !st.Next.Equal(time.Date(y, m, d, 13, 0, 0, 0, india)) || st.SameDrive == "" {
		t.Errorf("status %q, next %v, %q", st.Headline, st.Next, st.SameDrive)
	}
	s.clock.Set(time.Date(y, m, d, 13, 0, 0, 0, india))
	s.points(2)
	s.must(s.stop())

	s.clock.Set(time.Date(y, m, d+2, 13, 0, 1, 0, india))
	s.start()
	s.login(context.Background(), s.own)
	s.warned("⚠️ No backup in 48 hours!", true)
	s.clock.Set(time.Date(y, m, d+2, 13, 1, 0, 0, india))
	_, err := licence.ConfirmClock.Call(context.Background(), s.own, uuid.NewString(), licence.ConfirmClockReq{Day: s.clock.Date()})
	s.must(err) // closed for more than a day: an Admin confirms the date
	s.settled(func(st backup.StatusResp) bool { return st.Running == nil && st.Last.Equal(s.clock.Now()) }, "")
	s.warned("⚠️ No backup in 48 hours!", false)
}

// TestFault_4_3_ClockRanAhead: for a while the server's clock is four years ahead. No
// hour strikes by it; a backup that somebody makes meanwhile is marked, and neither stops
// those of the right time nor is it offered before them, also after a restart.
func TestFault_4_3_ClockRanAhead(t *testing.T) {
	s := newShop(t)
	y, m, d := time.Now().In(india).Date()
	right := func(hour, minute int) time.Time { return time.Date(y, m, d, hour, minute, 0, 0, india) }
	s.clock.Set(right(9, 0))
	s.start()
	setUp(t, s.own, s.own.SetToken)
	s.clock.Set(right(9, 1))
	s.points(1)
	s.clock.Set(right(9, 2).AddDate(4, 0, 0))
	s.warned("An Admin must confirm the date", true)
	s.login(context.Background(), s.own) // nobody is logged in for four years
	_, err := backup.Start.Call(context.Background(), s.own, "", backup.StartReq{})
	s.must(err)
	s.points(2)
	<-time.After(2500 * time.Millisecond) // the schedule is looked at every second
	s.points(2)

	s.clock.Set(right(13, 0))
	s.points(3) // else there is one more, of the wrong hour
	want := func() {
		t.Helper()
		st := s.settled(func(backup.StatusResp) bool { return true }, "")
		if st.Headline != "Last Backup: just now" || st.Late || !st.Points[0].Offered || !st.Points[0].TakenAt.Equal(right(13, 0)) || !st.Points[2].Ahead {
			t.Errorf("%q, %+v", st.Headline, st.Points)
		}
	}
	want()
	s.must(s.stop())
	s.start()
	s.login(context.Background(), s.own)
	want()
	s.clock.Set(right(20, 0))
	s.points(4)
}

// TestFirstBackupHoldsAUser: books without a user, as they are before the set-up, are
// not backed up, however long the set-up waits; the first backup follows it.
func TestFirstBackupHoldsAUser(t *testing.T) {
	s := newShop(t)
	s.start()
	s.clock.Set(s.clock.Now().Add(time.Hour))
	for until := time.Now().Add(2500 * time.Millisecond); time.Now().Before(until); time.Sleep(50 * time.Millisecond) { // the schedule is looked at every second
		if files, _ := filepath.Glob(filepath.Join(s.folder.Backups(), "*")); len(files) > 0 {
			t.Fatalf("backed up before the set-up: %v", files)
		}
	}
	setUp(t, s.own, s.own.SetToken)
	s.points(1)
}

// TestFault_4_3_DriveOfTheScheduleUnplugged: the drive is away at the hour. An Admin
// reads why, no folder is made in its place, and the backup is made up for when the
// drive is back.
func TestFault_4_3_DriveOfTheScheduleUnplugged(t *testing.T) {
	s := newShop(t)
	s.start()
	setUp(t, s.own, s.own.SetToken)
	usb := filepath.Join(t.TempDir(), "usb")
	st := s.settled(func(backup.StatusResp) bool { return true }, "")
	_, err := backup.UpdateSettings.Call(context.Background(), s.own, uuid.NewString(), backup.UpdateSettingsReq{Version: st.Settings.Version, Fields: backup.Fields{Folder: usb, Times: []string{"13:00", "20:00"}}})
	s.must(err)
	s.clock.Set(s.clock.Now().Add(30 * time.Second))
	first := s.points(1)[0]
	if filepath.Dir(first.Path) != usb {
		t.Errorf("it lies at %s", first.Path)
	}
	s.must(os.Rename(usb, usb+".away"))
	s.clock.Set(s.clock.Now().Add(24 * time.Hour))
	s.warned("The last backup failed: The backup folder "+usb+" cannot be reached.", true)
	if _, err := os.Stat(usb); err == nil {
		t.Error("a folder was made in the place of the drive")
	}
	s.must(os.Rename(usb+".away", usb))
	s.clock.Set(s.clock.Now().Add(16 * time.Minute))
	s.points(2)
	s.warned("The last backup failed", false)
	if _, err := os.Stat(filepath.Join(usb, "masala-anchor")); err != nil {
		t.Errorf("the anchor is not beside the backups: %v", err)
	}
}
