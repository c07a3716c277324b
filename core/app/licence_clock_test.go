package app_test

import (
	"testing"
	"time"

	"masala/core"
	"masala/core/licence"
	"masala/core/system"
	. "masala/storage/storagetest"
)

// TestFault_5_2_FirstStartUnderAWrongClock: the battery of the board is empty, or somebody
// has typed a wrong year. As long as nothing was posted, the trial begins anew once the
// clock is right; afterwards it never does.
func TestFault_5_2_FirstStartUnderAWrongClock(t *testing.T) {
	t.Parallel()
	fresh := func(first time.Time) *Factory {
		f := New(t)
		f.Clock.Set(first)
		f.Licensed()
		return f
	}
	begins := func(f *Factory, when string) {
		t.Helper()
		s := Do(f.Owner, licence.Status, licence.StatusReq{})
		if s.Mode != licence.Active || !s.Trial || s.Left != licence.TrialDays {
			t.Errorf("%s: %s %s, %d days left of a trial from %s", when, s.Mode, s.Sentence, s.Left, s.Starts)
		}
	}
	confirm := func(f *Factory) {
		Do(f.Owner, licence.ConfirmClock, licence.ConfirmClockReq{Day: core.DateOf(f.Clock.Now(), time.FixedZone("IST", 5*3600+1800))})
	}

	f := fresh(Start.AddDate(-11, 0, 0)) // in 2015, by a program that does not know when it was built
	f.GoTo(Start)
	confirm(f)
	begins(f, "2015 confirmed to be 2026")
	f.Restart()
	begins(f, "after a restart")
	f.Vendor.Beats[0].Put(nil)
	f.Vendor.Beats[1].Put(nil)
	f.Restart()
	begins(f, "the books know it too")

	f = New(t)
	req := delivery(f)
	f.Clock.Set(Start.AddDate(5, 0, 0)) // in 2031
	f.Licensed()
	stale, _ := f.Vendor.Beats[1].Read()
	f.GoTo(Start)
	wants(f, "2031 corrected", req, core.CodeLocked, clockSentence)
	f.Restart()
	begins(f, "2031 corrected and restarted")
	f.Vendor.Beats[1].Put(stale)
	f.Restart()
	begins(f, "one place kept the old one")
	f.Vendor.Beats[0].Put(nil)
	f.Vendor.Beats[1].Put(nil)
	f.Restart()
	begins(f, "without heartbeats")

	f = New(t)
	req = delivery(f) // in 2015, by a program built in 2026
	f.Vendor = NewVendor()
	f.Vendor.Built = Start.AddDate(0, -1, 0)
	f.Clock.Set(Start.AddDate(-11, 0, 0))
	f.Restart()
	wants(f, "before the program was built", req, core.CodeLocked, clockSentence)
	f.GoTo(Start)
	f.Restart()
	begins(f, "corrected and restarted") // and nobody has to confirm a date

	// Something was posted: neither way begins a trial anew, whatever becomes of the books.
	wants(f, "posted", req, "", "")
	f.App.PulseLicence(t.Context())
	f.GoTo(Start.AddDate(0, 0, 40))
	confirm(f)
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.Locked {
		t.Errorf("40 days later: %s", s.Mode)
	}
	again := New(t)
	req = delivery(again)
	again.Vendor = f.Vendor
	again.GoTo(Start.AddDate(0, 0, 80))
	again.Vendor.Beats[0].Put(nil)
	again.Restart()
	confirm(again)
	if s := Do(again.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.Locked {
		t.Errorf("new books on this machine: %s", s.Mode)
	}
	again.GoTo(Start)
	again.Restart()
	wants(again, "set back with new books", req, core.CodeLocked, clockSentence)
}

// TestTimeZones: the day is the factory's, whatever zone the PC is in; moving the
// factory west brings no day back.
func TestFault_5_1_TimeZoneChanged(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	liveTo(f, clockAt(expiry, 0, 0, 1))
	for _, z := range []string{"UTC", "Pacific/Honolulu", "Pacific/Kiritimati"} {
		zone, err := time.LoadLocation(z)
		if err != nil {
			t.Fatal(err)
		}
		f.Clock.Set(f.Clock.Now().In(zone)) // the PC's zone
		if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.ReadOnly {
			t.Errorf("the PC in %s: %s", z, s.Mode)
		}
	}
	s := Do(f.Owner, system.GetSettings, system.GetSettingsReq{})
	s.TimeZone = "Pacific/Honolulu"
	Do(f.Owner, system.UpdateSettings, system.UpdateSettingsReq{Version: s.Version, SettingsFields: s.SettingsFields})
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.ReadOnly || s.Today != expiry {
		t.Errorf("the factory moved to Honolulu: %s on %s", s.Mode, s.Today)
	}
	f.Restart()
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.ReadOnly {
		t.Errorf("and after a restart: %s", s.Mode)
	}
}

// TestDaylightSaving: in a zone with daylight saving the days are whole, of 23 and of
// 25 hours, and the repeated hour is no clock that went back.
func TestFault_5_1_DaylightSaving(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []core.Date{core.NewDate(2026, 3, 29), core.NewDate(2026, 10, 25)} {
		f := New(t)
		v := f.Licensed()
		f.GoTo(day.AddDays(-1).Time().Add(12 * time.Hour))
		s := Do(f.Owner, system.GetSettings, system.GetSettingsReq{})
		s.TimeZone = "Europe/Berlin"
		Do(f.Owner, system.UpdateSettings, system.UpdateSettingsReq{Version: s.Version, SettingsFields: s.SettingsFields})
		Do(f.Owner, licence.ConfirmClock, licence.ConfirmClockReq{Day: day.AddDays(-1)})
		Do(f.Owner, licence.Install, licence.InstallReq{Text: string(v.License(day.AddDays(1)))})
		midnight := func(d core.Date) time.Time {
			y, m, n := d.Time().Date()
			return time.Date(y, m, n, 0, 0, 0, 0, berlin)
		}
		for now := midnight(day); now.Before(midnight(day.AddDays(1))); now = now.Add(30 * time.Minute) {
			f.Clock.Set(now)
			f.App.PulseLicence(t.Context())
			if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.Active || s.Left != 1 {
				t.Fatalf("%s: %s, %d days", now, s.Mode, s.Left)
			}
		}
		f.Clock.Set(midnight(day.AddDays(1)))
		if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.ReadOnly {
			t.Errorf("%s: %s", f.Clock.Now(), s.Mode)
		}
	}
}
