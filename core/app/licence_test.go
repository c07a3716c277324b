package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/account"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
	"masala/core/system"
	. "masala/storage/storagetest"
)

var pune = func() *time.Location {
	z, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		panic(err)
	}
	return z
}()

// expiry is the day the license of these tests ends; Start is 30 days before.
var expiry = core.NewDate(2026, 3, 14)

// clockAt is an instant in Pune.
func clockAt(day core.Date, h, m, s int) time.Time {
	t := day.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), h, m, s, 0, pune)
}

// liveTo lets the server run, a beat every twelve hours, until t.
func liveTo(f *Factory, t time.Time) {
	f.T.Helper()
	for now := f.Clock.Now(); t.Sub(now) > 12*time.Hour; now = f.Clock.Now() {
		f.Clock.Advance(12 * time.Hour)
		f.App.PulseLicence(context.Background())
	}
	f.GoTo(t)
	f.App.PulseLicence(context.Background())
}

func licensed(t *testing.T) *Factory {
	t.Helper()
	f := New(t)
	v := f.Licensed()
	Do(f.Owner, licence.Install, licence.InstallReq{Text: string(v.License(expiry))})
	return f
}

// delivery returns a new GRN each time.
func delivery(f *Factory) purchase.PostGRNReq {
	name := uuid.NewString()[:8]
	return GRN(f.Supplier("Supplier "+name).ID, "X/1", Line(f.Item("RAW-"+name, "Item "+name).ID, 40, 9_200_00))
}

func warning(f *Factory) string {
	if w := f.Health.Warnings(); len(w) > 0 {
		return w[0].Code + ": " + w[0].Text
	}
	return ""
}

// wants fails unless posting answers with code and a sentence holding text.
func wants(f *Factory, when string, req purchase.PostGRNReq, code core.Code, text string) {
	f.T.Helper()
	_, err := Try(f.Store1, purchase.PostGRN, req)
	if core.CodeOf(err) != code || err != nil && !strings.Contains(err.Error(), text) {
		f.T.Fatalf("%s: posting answers %s %v, want %s %q", when, core.CodeOf(err), err, code, text)
	}
}

// TestFault_5_1_LicenceEndsAtMidnight walks over every boundary, to the second.
func TestFault_5_1_LicenceEndsAtMidnight(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	if w := warning(f); w != "licence.expires: ⚠️ License expires in 30 days. Contact support." {
		t.Errorf("30 days before: %q", w)
	}
	spare := []purchase.PostGRNReq{delivery(f), delivery(f), delivery(f)}
	liveTo(f, clockAt(expiry.AddDays(-1), 23, 59, 59))
	if w := warning(f); w != "licence.expires: ⚠️ License expires in 1 day. Contact support." {
		t.Errorf("the day before: %q", w)
	}
	key, first := uuid.NewString(), body(t, delivery(f))
	answer, err := f.Store1.Call(t.Context(), purchase.PostGRN.Name, key, first)
	if err != nil {
		t.Fatalf("at 23:59:59 of the last day: %v", err)
	}

	f.Clock.Set(clockAt(expiry, 0, 0, 0)) // no pulse: the call itself sees the new day
	before := f.Tables()
	wants(f, "at 00:00:00", spare[0], core.CodeReadOnly, "The license ended on 14-Mar-2026, so nothing new can be posted. Your entries stay saved on this PC.")
	f.Unchanged(before, "a GRN on the expiry date")
	if again, err := f.Store1.Call(t.Context(), purchase.PostGRN.Name, key, first); err != nil || string(again) != string(answer) {
		t.Errorf("the GRN posted a second earlier, sent again: %v", err)
	}
	f.App.PulseLicence(t.Context())
	if w := warning(f); w != "licence.read_only: License Expired. Read-only mode active. View and print as usual. New entries are locked; full lock in 7 days, on 21-Mar-2026." {
		t.Errorf("on the expiry date: %q", w)
	}
	if s, err := f.App.Watch(t.Context(), op.State{}); err != nil || s.Mode != "read_only" || s.Reason != "expired" {
		t.Errorf("windows are told %s %s, %v", s.Mode, s.Reason, err)
	}
	Do(f.Store1, stock.ListLots, stock.ListLotsReq{})

	liveTo(f, clockAt(expiry.AddDays(6), 23, 59, 59))
	wants(f, "on the last read-only day", spare[1], core.CodeReadOnly, "")
	Do(f.Store1, stock.ListLots, stock.ListLotsReq{})
	f.Clock.Set(clockAt(expiry.AddDays(7), 0, 0, 0))
	wants(f, "on the eighth day", spare[1], core.CodeLocked, "locked since 21-Mar-2026")
	if _, err := Try(f.Store1, stock.ListLots, stock.ListLotsReq{}); core.CodeOf(err) != core.CodeLocked {
		t.Errorf("reading while locked: %v", err)
	}
	f.GoTo(f.Clock.Now()) // logging in still works
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.Locked || s.Left != -7 || s.LockedFrom != expiry.AddDays(7) {
		t.Errorf("the license page shows %+v", s)
	}

	Do(f.Owner, licence.Install, licence.InstallReq{Text: string(f.Vendor.License(expiry.AddDays(365)))})
	wants(f, "with a new license, at once", spare[2], "", "")
	if w := warning(f); w != "" {
		t.Errorf("with a new license: %q", w)
	}
	f.Verify()
}

// TestFault_5_1_EveryWriteInEveryMode: Business waits, Control and the way out pass.
func TestFault_5_1_EveryWriteInEveryMode(t *testing.T) {
	t.Parallel()
	eachWrite(t, func(t *testing.T, f *Factory, m op.Meta, req any) {
		if m.Name == "licence.install" || m.Name == "licence.confirm_clock" {
			return // they are about the licence; other tests have them
		}
		modes := []licence.Mode{licence.Locked, licence.ReadOnly} // Control has its effect in the first, the hardest
		for _, mode := range modes {
			f.Mode.Set(mode)
			before := f.Tables()
			_, err := f.Owner.Call(t.Context(), m.Name, keyOf(m), body(t, req))
			refused := core.CodeOf(err) == core.CodeReadOnly || core.CodeOf(err) == core.CodeLocked
			if refused != (m.Kind == op.Business) {
				t.Fatalf("%s: %v", mode, err)
			}
			if !refused {
				return
			}
			f.Unchanged(before, m.Name)
		}
	})
}

// TestFault_5_1_GateOfEveryOperation holds the whole catalogue against every state: no
// Business operation passes a state that is not active, and whatever the state, people
// can log in, see why, mend it, back up and take their data along.
func TestFault_5_1_GateOfEveryOperation(t *testing.T) {
	t.Parallel()
	states := []licence.Verdict{{Mode: licence.ReadOnly, Reason: licence.Expired}, {Mode: licence.ReadOnly, Reason: licence.Leap},
		{Mode: licence.Locked, Reason: licence.Expired}, {Mode: licence.Locked, Reason: licence.Hardware}, {Mode: licence.Locked, Reason: licence.Clock}}
	wayOut := func(m op.Meta) bool {
		area, verb, _ := strings.Cut(m.Name, ".")
		switch area {
		case "licence", "backup", "restore", "recovery":
			return true
		case "account":
			return verb == "login" || verb == "logout" || verb == "who_am_i" || verb == "change_password"
		}
		return strings.Contains(verb, "backup") || strings.Contains(verb, "export")
	}
	out := 0
	for _, m := range op.All() {
		if err := (licence.Verdict{Mode: licence.Active}).Allow(m); err != nil {
			t.Errorf("%s does not pass an active license: %v", m.Name, err)
		}
		if wayOut(m) {
			out++
		}
		for _, v := range states {
			err := v.Allow(m)
			switch {
			case m.Kind == op.Business && err == nil:
				t.Errorf("%s passes %s %s", m.Name, v.Mode, v.Reason)
			case wayOut(m) && err != nil:
				t.Errorf("%s is the way out and does not pass %s %s: mark it op.Control or op.Unlocked()", m.Name, v.Mode, v.Reason)
			case m.Kind == op.Read && v.Mode == licence.ReadOnly && err != nil:
				t.Errorf("%s only reads and does not pass %s %s", m.Name, v.Mode, v.Reason)
			}
		}
	}
	if out < 9 {
		t.Errorf("only %d operations are the way out: the names have changed", out)
	}
}

// TestAttack_FileDroppedIntoTheFolder: whatever lies in the folder, the server goes on
// under what it had, tells Admins why, and takes the right file as soon as it comes.
func TestAttack_FileDroppedIntoTheFolder(t *testing.T) {
	t.Parallel()
	f := New(t)
	v := f.Licensed()
	good := string(v.License(expiry))
	crlf := "\ufeff" + strings.ReplaceAll(good, "\n", "\r\n")
	for name, c := range map[string]struct{ text, says string }{
		"edited":        {strings.Replace(good, expiry.ISO(), expiry.AddDays(365).ISO(), 1), licence.Changed},
		"truncated":     {good[:len(good)/2], licence.Changed},
		"empty":         {" ", "This is no license file."},
		"huge":          {good + strings.Repeat("x", licence.MaxFile), "larger than 16 KB"},
		"another key":   {string(NewVendor().License(expiry)), "made with another key"},
		"a clock reset": {string(v.Reset("CR-1", Start)), "clock reset, not a license"},
		"UTF-16":        {"\xff\xfeM\x00A\x00", "This is no license file."},
	} {
		if err := v.File.Put([]byte(c.text)); err != nil {
			t.Fatal(err)
		}
		f.App.PulseLicence(t.Context())
		s := Do(f.Owner, licence.Status, licence.StatusReq{})
		if !s.Trial || s.Mode != licence.Active || !strings.Contains(s.Problem, c.says) {
			t.Errorf("%s: trial %v, %s, %q", name, s.Trial, s.Mode, s.Problem)
		}
		if w := f.Health.Warnings(); len(w) != 2 || w[0].Code != "licence.file" || !w[0].Admin {
			t.Errorf("%s: the banners are %+v", name, w)
		}
	}
	v.File.Err = errors.New("permission denied")
	f.App.PulseLicence(t.Context())
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); !strings.Contains(s.Problem, "cannot be read") || s.Mode != licence.Active {
		t.Errorf("unreadable: %s %q", s.Mode, s.Problem)
	}
	v.File.Err = nil
	if err := v.File.Put([]byte(crlf)); err != nil {
		t.Fatal(err)
	}
	f.App.PulseLicence(t.Context())
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Trial || s.Expires != expiry || s.Problem != "" {
		t.Errorf("BOM and CRLF: %+v", s)
	}
	if w := f.Health.Warnings(); len(w) != 1 || w[0].Code != "licence.expires" {
		t.Errorf("the banners afterwards: %+v", w)
	}
	// Taken away again: what is left is the trial, which has gone on counting.
	v.File.Put(nil)
	f.App.PulseLicence(t.Context())
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); !s.Trial || s.Starts != core.NewDate(2026, 2, 12) {
		t.Errorf("taken away: %+v", s)
	}
	// A genuine file of another machine locks at once; the right one unlocks at once.
	other := v.License(expiry, func(l *licence.License) { l.Hardware = licence.HardwareID{1, 2, 3, 4} })
	if err := v.File.Put(other); err != nil {
		t.Fatal(err)
	}
	f.App.PulseLicence(t.Context())
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.Locked || s.Reason != licence.Hardware {
		t.Errorf("another machine's file: %s %s", s.Mode, s.Reason)
	}
	if err := v.File.Put([]byte(good)); err != nil {
		t.Fatal(err)
	}
	f.App.PulseLicence(t.Context())
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.Active {
		t.Errorf("the right file: %s %s", s.Mode, s.Reason)
	}
}

// TestFault_5_1_LicenseFileUnreadable: sixty days after the first run, with a license that
// holds, license.key cannot be read for a moment or is half copied. The license goes on
// until the server is started again, with a banner; only a file that is gone, and a genuine
// one of another machine, have their effect at once.
func TestFault_5_1_LicenseFileUnreadable(t *testing.T) {
	t.Parallel()
	f := New(t)
	v := f.Licensed()
	good := v.License(expiry.AddDays(365))
	put := func(b []byte) {
		t.Helper()
		if err := v.File.Put(b); err != nil {
			t.Fatal(err)
		}
		f.App.PulseLicence(t.Context())
	}
	put(good)
	liveTo(f, Start.AddDate(0, 0, 60))
	is := func(when string, mode licence.Mode, problem string) {
		t.Helper()
		s := Do(f.Owner, licence.Status, licence.StatusReq{})
		if s.Mode != mode || !strings.Contains(s.Problem, problem) || problem == "" && s.Problem != "" {
			t.Errorf("%s: %s, %q", when, s.Mode, s.Problem)
		}
		warned := slices.ContainsFunc(f.Health.Warnings(), func(w health.Warning) bool { return w.Code == "licence.file" && strings.Contains(w.Text, problem) })
		if warned != (problem != "") {
			t.Errorf("%s: the banners are %+v", when, f.Health.Warnings())
		}
	}
	const goesOn = "Until the server is started again, the license from before holds."
	v.File.Err = errors.New("sharing violation")
	if again := f.App.PulseLicence(t.Context()); again > time.Second {
		t.Errorf("it looks again after %v", again)
	}
	is("unreadable", licence.Active, "cannot be read. Check that this user may read license.key. "+goesOn)
	v.File.Err = nil
	f.App.PulseLicence(t.Context())
	is("readable again", licence.Active, "")
	for _, bad := range [][]byte{good[:len(good)/2], {}, NewVendor().License(expiry)} {
		put(bad)
		is("a file that is not genuine", licence.Active, goesOn)
	}
	put(good)
	is("whole again", licence.Active, "")
	put(good[:len(good)/2])
	f.Restart()
	is("half a file at the start", licence.Locked, licence.Changed)
	put(good)
	is("whole after the start", licence.Active, "")
	put(v.License(expiry.AddDays(365), func(l *licence.License) { l.Hardware = licence.HardwareID{1, 2, 3, 4} }))
	is("a genuine one of another machine", licence.Locked, "")
	put(good)
	put(nil)
	is("gone", licence.Locked, "")
}

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

// TestFault_5_2_EveryWriteUnderADoubtfulClock: what goes through leaves no row in the
// ledger, because a row of a wrong year would prove that year for ever.
func TestFault_5_2_EveryWriteUnderADoubtfulClock(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{"ahead": 4 * 365 * 24 * time.Hour, "back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			eachWrite(t, func(t *testing.T, f *Factory, m op.Meta, req any) {
				if m.Name == "licence.confirm_clock" || m.Name == "licence.install" {
					return
				}
				f.Licensed()
				f.GoTo(f.Clock.Now().Add(by))
				rows := f.Int(`SELECT count(*) FROM ledger`)
				_, err := f.Owner.Call(t.Context(), m.Name, keyOf(m), body(t, req))
				if n := f.Int(`SELECT count(*) FROM ledger`); n != rows {
					t.Errorf("%d ledger rows under a wrong clock: mark it op.Dated", n-rows)
				}
				if m.Kind == op.Business && core.CodeOf(err) != core.CodeReadOnly && core.CodeOf(err) != core.CodeLocked {
					t.Errorf("answered %v", err)
				}
			})
		})
	}
}

func TestFault_5_1_TrialOfThirtyDays(t *testing.T) {
	t.Parallel()
	f := New(t)
	v := f.Licensed()
	req := delivery(f)
	wants(f, "on the first day", req, "", "")
	if w := warning(f); w != "licence.trial: Trial: 30 days left. Contact support for a license." {
		t.Errorf("on the first day: %q", w)
	}
	liveTo(f, clockAt(core.NewDate(2026, 3, 13), 23, 59, 59))
	spare := delivery(f)
	f.Clock.Set(clockAt(core.NewDate(2026, 3, 14), 0, 0, 0))
	wants(f, "after 30 days", spare, core.CodeReadOnly, "The trial ended on 14-Mar-2026")

	// The data folder is deleted: books and the heartbeat in it are gone.
	again := New(t)
	again.GoTo(f.Clock.Now())
	again.Vendor = v
	v.Beats[0].Put(nil)
	again.Restart()
	if s := Do(again.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.ReadOnly || s.Starts != core.NewDate(2026, 2, 12) {
		t.Errorf("a new data folder starts the trial again: %+v", s)
	}
	// Both heartbeats are deleted: the books remember.
	v.Beats[0].Put(nil)
	v.Beats[1].Put(nil)
	again.Restart()
	if s := Do(again.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.ReadOnly {
		t.Errorf("without heartbeats the trial starts again: %+v", s)
	}
	// The books go to another machine: that one may be tried.
	v.Hardware = licence.NewHardwareID([4]string{"s2", "b2", "d2", "o2"})
	again.Restart()
	if s := Do(again.Owner, licence.Status, licence.StatusReq{}); s.Mode != licence.Active || s.Left != licence.TrialDays {
		t.Errorf("on another machine: %+v", s)
	}
}

// TestFault_5_3_HardwareChanged: board and disk replaced, at once; then a new license.
func TestFault_5_3_HardwareChanged(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	req, v := delivery(f), f.Vendor
	v.Hardware = licence.NewHardwareID([4]string{"system-2", "board-2", "disk-1", "os-1"})
	f.Restart()
	wants(f, "with a new board alone", req, "", "")
	v.Hardware = licence.NewHardwareID([4]string{"system-2", "board-2", "disk-2", "os-1"})
	f.Restart()
	sentence := "Hardware change detected. Your license is bound to specific hardware. Please contact support with your new Hardware ID: [" + v.Hardware.String() + "]."
	wants(f, "with a new board and disk", req, core.CodeLocked, sentence)
	if w := warning(f); w != "licence.hardware: "+sentence {
		t.Errorf("the banner: %q", w)
	}
	f.GoTo(f.Clock.Now()) // Admins log in, and take their books with them
	if s := Do(f.Store1, licence.Status, licence.StatusReq{}); s.Hardware != v.Hardware.String() || s.BoundTo != Machine.String() || s.Reason != licence.Hardware {
		t.Errorf("the screen shows %+v", s)
	}
	_, err := Try(f.Owner, licence.Install, licence.InstallReq{Text: string(v.License(expiry.AddDays(1)))})
	if core.CodeOf(err) != core.CodeInvalid || !strings.Contains(err.Error(), v.Hardware.String()) {
		t.Errorf("another machine's file: %v", err)
	}
	fits := v.License(expiry, func(l *licence.License) { l.Hardware = v.Hardware })
	v.File.Put(fits) // dropped into the folder
	f.App.PulseLicence(t.Context())
	req = GRN(req.Supplier, "X/2", req.Lines...)
	wants(f, "with the new license in the folder", req, "", "")
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

func TestLicence_OnlyAdminsInstall(t *testing.T) {
	t.Parallel()
	f := New(t)
	v := f.Licensed()
	for _, m := range []op.Meta{licence.Install.Meta, licence.ConfirmClock.Meta} {
		if m.Perm != op.Admin {
			t.Errorf("%s is for %s", m.Name, m.Perm)
		}
	}
	older := v.License(expiry.AddDays(-1))
	Do(f.Owner, licence.Install, licence.InstallReq{Text: string(v.License(expiry))})
	for name, text := range map[string]string{"nothing": "", "ends earlier": string(older), "ended": string(v.License(core.NewDate(2026, 2, 12))),
		"too large": strings.Repeat("x", licence.MaxFile+1), "no license": "hello"} {
		if _, err := Try(f.Owner, licence.Install, licence.InstallReq{Text: text}); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := Do(f.Owner, licence.Status, licence.StatusReq{}); s.Expires != expiry {
		t.Errorf("the license ends on %s", s.Expires)
	}
	var who account.User
	who, err := Try(f.Store1, account.WhoAmI, account.WhoAmIReq{})
	if err != nil || who.Login != "store1" {
		t.Error(err)
	}
}

// TestFault_5_1_DataCanBeTakenAlong: whatever the licence says, an Admin reads all his
// own data, and no secret with it.
func TestFault_5_1_DataCanBeTakenAlong(t *testing.T) {
	t.Parallel()
	f := licensed(t)
	grn(f, stock.Released)
	liveTo(f, clockAt(expiry.AddDays(7), 0, 0, 0))
	list := Do(f.Owner, system.ExportTable, system.ExportTableReq{})
	for _, table := range list.Tables {
		p := Do(f.Owner, system.ExportTable, system.ExportTableReq{Table: table})
		if n := f.Int("SELECT count(*) FROM " + table); n != int64(len(p.Rows)) || p.Next != 0 {
			t.Errorf("%s has %d rows, exported %d, next %d", table, n, len(p.Rows), p.Next)
		}
		for _, row := range p.Rows {
			if text := strings.Join(row, " "); strings.Contains(text, "argon2") {
				t.Errorf("%s tells a secret: %s", table, text)
			}
		}
	}
	for _, table := range []string{"ledger", "lot", "item", "party", "document", "audit", "user"} {
		if !strings.Contains(" "+strings.Join(list.Tables, " ")+" ", " "+table+" ") {
			t.Errorf("%s is not exported", table)
		}
	}
	for _, table := range []string{"session", "answer", "sqlite_schema", "ledger; DROP TABLE ledger"} {
		if _, err := Try(f.Owner, system.ExportTable, system.ExportTableReq{Table: table}); core.CodeOf(err) != core.CodeInvalid {
			t.Errorf("%s: %v", table, err)
		}
	}
	if _, err := Try(f.Store1, system.ExportTable, system.ExportTableReq{Table: "ledger"}); core.CodeOf(err) != core.CodeForbidden {
		t.Errorf("an Operator exports: %v", err)
	}
}
