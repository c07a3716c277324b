package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/purchase"
	"masala/core/stock"
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
