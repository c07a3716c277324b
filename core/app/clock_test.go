package app_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/purchase"
	. "masala/storage/storagetest"
)

const clockSentence = "System clock inconsistency detected. Please set your system clock to the correct date and time, then restart the application."

// TestFault_5_2_ClockSetBack: small steps pass, a large one locks until the clock is
// right again *and* the program was restarted.
func TestFault_5_2_ClockSetBack(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	reqs := []purchase.PostGRNReq{delivery(f), delivery(f), delivery(f)}
	liveTo(f, Start.AddDate(0, 0, 10))
	right := f.Clock.Now()
	f.GoTo(right.Add(-5 * time.Minute)) // a time server corrects
	wants(f, "five minutes back", reqs[0], "", "")
	f.Clock.Set(right.Add(-5*time.Minute - time.Second))
	wants(f, "more than five minutes back", reqs[1], core.CodeLocked, clockSentence)
	f.App.PulseLicence(t.Context())
	if w := warning(f); w != "licence.clock: "+clockSentence {
		t.Errorf("the banner: %q", w)
	}
	if s, err := f.App.Watch(t.Context(), op.State{}); err != nil || s.Mode != "locked" || s.Reason != "clock" {
		t.Errorf("windows are told %s %s, %v", s.Mode, s.Reason, err)
	}
	f.Restart()
	wants(f, "restarted with the wrong clock", reqs[1], core.CodeLocked, clockSentence)
	f.GoTo(right.Add(time.Minute))
	wants(f, "corrected, not restarted", reqs[1], core.CodeLocked, clockSentence)
	f.Restart()
	wants(f, "corrected and restarted", reqs[1], "", "")
}

// TestFault_5_2_ClockJumpsAhead: an Admin is asked before anything is posted; a clock
// that was wrong poisons nothing, one that was right is confirmed.
func TestFault_5_2_ClockJumpsAhead(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	reqs := []purchase.PostGRNReq{delivery(f), delivery(f), delivery(f)}
	right := f.Clock.Now()
	f.GoTo(right.AddDate(4, 0, 0))
	wants(f, "in 2030", reqs[0], core.CodeReadOnly, "An Admin must confirm the date")
	f.App.PulseLicence(t.Context())
	if w := warning(f); w != "licence.leap: The clock of the server went from 12-Feb-2026 10:00 to 12-Feb-2030 10:00. An Admin must confirm the date in System > License before anything is posted." {
		t.Errorf("the banner: %q", w)
	}
	if f.App.ClockCertain(t.Context()) {
		t.Error("work that deletes by age would run in 2030")
	}
	f.Restart()
	wants(f, "in 2030 after a restart", reqs[0], core.CodeReadOnly, "An Admin must confirm the date")
	f.GoTo(right.Add(time.Minute)) // corrected: no restart, no question
	wants(f, "corrected", reqs[0], "", "")

	f.GoTo(right.Add(25 * time.Hour)) // really closed for a day
	wants(f, "after a holiday", reqs[1], core.CodeReadOnly, "An Admin must confirm the date")
	if _, err := Try(f.Owner, licence.ConfirmClock, licence.ConfirmClockReq{Day: core.NewDate(2026, 2, 12)}); core.CodeOf(err) != core.CodeInvalid {
		t.Errorf("confirming another day than the clock's: %v", err)
	}
	if _, err := Try(f.Store1, licence.ConfirmClock, licence.ConfirmClockReq{Day: core.NewDate(2026, 2, 13)}); core.CodeOf(err) != core.CodeForbidden {
		t.Errorf("an Operator confirms: %v", err)
	}
	Do(f.Owner, licence.ConfirmClock, licence.ConfirmClockReq{Day: core.NewDate(2026, 2, 13)})
	wants(f, "confirmed", reqs[1], "", "")
}

// attack is a server that has run for ten days, was stopped, was tampered with, and
// starts again; it must be locked by its clock.
func TestAttack_Clock(t *testing.T) {
	t.Parallel()
	type stage struct {
		*Factory
		old     [2][]byte // heartbeats of the fifth day
		oldData []byte    // and the books
	}
	for name, tamper := range map[string]func(s *stage){
		"clock back":                           func(*stage) {},
		"heartbeat in the data folder deleted": func(s *stage) { s.Vendor.Beats[0].Put(nil) },
		"heartbeat of the machine deleted":     func(s *stage) { s.Vendor.Beats[1].Put(nil) },
		"both deleted: the ledger knows": func(s *stage) {
			s.Vendor.Beats[0].Put(nil)
			s.Vendor.Beats[1].Put(nil)
		},
		"one copied back": func(s *stage) { s.Vendor.Beats[0].Put(s.old[0]) },
		"both copied back: the ledger knows": func(s *stage) {
			s.Vendor.Beats[0].Put(s.old[0])
			s.Vendor.Beats[1].Put(s.old[1])
		},
		"one damaged": func(s *stage) { s.Vendor.Beats[0].Put([]byte("MSLBEAT1 nonsense")) },
		"one unreadable, one deleted": func(s *stage) {
			s.Vendor.Beats[0].Err = errors.New("permission denied")
			s.Vendor.Beats[1].Put(nil)
		},
		"heartbeat of another machine put in": func(s *stage) {
			other := NewVendor()
			other.Key, other.Hardware = s.Vendor.Key, licence.NewHardwareID([4]string{"a", "b", "c", "d"})
			g := New(s.T)
			g.Vendor = other
			g.Restart()
			b, err := other.Beats[0].Read()
			if err != nil {
				s.T.Fatal(err)
			}
			s.Vendor.Beats[0].Put(b)
			s.Vendor.Beats[1].Put(b)
		},
		"old backup restored: the heartbeat knows": func(s *stage) { s.Replace(s.oldData) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := licensed(t)
			s := &stage{Factory: f}
			spare := delivery(f)
			liveTo(f, Start.AddDate(0, 0, 5))
			s.oldData = f.Copy()
			for i := range s.old {
				var err error
				if s.old[i], err = f.Vendor.Beats[i].Read(); err != nil {
					t.Fatal(err)
				}
			}
			liveTo(f, Start.AddDate(0, 0, 10))
			grn(f, "RELEASED")
			tamper(s)
			f.Clock.Set(Start.AddDate(0, 0, 6))
			f.Restart()
			f.GoTo(Start.AddDate(0, 0, 6))
			wants(f, name, spare, core.CodeLocked, clockSentence)
		})
	}
}

// TestAttack_ForwardThenBack: whoever confirms a false future pays for it with a lock,
// until the vendor resets the clock.
func TestFault_5_2_VendorResetsTheClock(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	v, right := f.Vendor, f.Clock.Now()
	reqs := []purchase.PostGRNReq{delivery(f), delivery(f), delivery(f)}
	f.GoTo(right.AddDate(0, 0, 20))
	Do(f.Owner, licence.ConfirmClock, licence.ConfirmClockReq{Day: core.NewDate(2026, 3, 4)})
	wants(f, "in the false future", reqs[0], "", "")
	f.Clock.Set(right.Add(time.Hour))
	f.Restart()
	f.GoTo(f.Clock.Now())
	wants(f, "back again", reqs[1], core.CodeLocked, clockSentence)

	install := func(text []byte) error {
		_, err := Try(f.Owner, licence.Install, licence.InstallReq{Text: string(text)})
		return err
	}
	for name, text := range map[string][]byte{
		"of another machine": func() []byte {
			b, err := licence.Reset{Serial: "CR-1", Hardware: licence.HardwareID{1, 2, 3, 4}, Issued: right}.Sign(v.Key)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}(),
		"issued later than the clock says": v.Reset("CR-2", right.AddDate(0, 0, 3)),
		"issued long ago":                  v.Reset("CR-3", right.AddDate(0, 0, -15)),
		"of another vendor":                NewVendor().Reset("CR-4", right),
		"edited":                           bytes.Replace(v.Reset("CR-5", right), []byte("CR-5"), []byte("CR-6"), 1),
	} {
		if err := install(text); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("a reset %s: %v", name, err)
		}
	}
	reset := v.Reset("CR-7", right)
	if err := install(reset); err != nil {
		t.Fatal(err)
	}
	wants(f, "reset, not restarted", reqs[1], core.CodeLocked, clockSentence)
	f.Restart()
	wants(f, "reset and restarted", reqs[1], "", "")
	if err := install(reset); err == nil || !strings.Contains(err.Error(), "has been used") {
		t.Errorf("the same reset again: %v", err)
	}
	// A heartbeat that missed the reset, because its disk was away, must not lock again.
	f.Vendor.Beats[0].Put(nil)
	f.Vendor.Beats[1].Put(nil)
	f.Restart()
	wants(f, "without heartbeats after the reset", reqs[2], "", "")
	if err := install(reset); err == nil || !strings.Contains(err.Error(), "has been used") {
		t.Errorf("the same reset again without heartbeats: %v", err)
	}
	f.Verify()
}

// TestPulse_WaitsNoLongerThanMidnight, so that every window knows of the new day in
// its first second.
func TestPulse_WaitsNoLongerThanMidnight(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	for now, want := range map[time.Time]time.Duration{Start: time.Minute, clockAt(core.NewDate(2026, 2, 12), 23, 59, 50): 10 * time.Second} {
		f.Clock.Set(now)
		if got := f.App.PulseLicence(context.Background()); got != want {
			t.Errorf("%s: waits %s, want %s", now, got, want)
		}
	}
}
