package app_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/op"
	. "masala/storage/storagetest"
)

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
