package ui

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/account"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/system"
	"masala/ui/screen"
)

const hardwareID = "7C41-E90B-2FD8-A356"

// licensedTo is a license page of the fourteenth of February 2026.
func licensedTo(expires core.Date) licence.StatusResp {
	s := licence.StatusResp{Mode: licence.Active, Serial: "ML-2025-00417", Customer: "Sahyadri Masala, Pune", Edition: "standard", BoundTo: hardwareID, Hardware: hardwareID,
		Starts: expires.AddDays(-365), Expires: expires, LockedFrom: expires.AddDays(7), Today: core.NewDate(2026, 2, 14), ClockNow: start, ClockKnown: start}
	s.Left = int(s.Expires - s.Today)
	s.Mode = licence.Term{Expires: expires}.Mode(s.Today)
	if s.Mode != licence.Active {
		s.Reason = licence.Expired
		s.Sentence = "The license ended on " + expires.String() + " and the program is locked since " + s.LockedFrom.String() + ". Backup and export still work. Contact support for a license."
	}
	if s.Mode == licence.ReadOnly {
		s.Sentence = "License Expired. Read-only mode active. View and print as usual. New entries are locked; full lock in 5 days, on " + s.LockedFrom.String() + "."
	}
	return s
}

// rule puts the server under a licence, as it tells its windows.
func rule(x *world, s licence.StatusResp) {
	on(x.server, licence.Status, func(licence.StatusReq) (licence.StatusResp, error) { return s, nil })
	x.server.set(func(f *fakeServer) {
		f.state.Mode, f.state.Reason = string(s.Mode), string(s.Reason)
		f.state.Revisions[system.TopicServer]++
		f.state.Warnings = nil
		severity, code := health.Fatal, "licence.locked"
		switch {
		case s.Reason == licence.Clock:
			code = "licence.clock"
		case s.Reason == licence.Hardware:
			code = "licence.hardware"
		case s.Reason == licence.Leap:
			severity, code = health.Error, "licence.leap"
		case s.Mode == licence.ReadOnly:
			severity, code = health.Error, "licence.read_only"
		case s.Mode == licence.Active:
			return
		}
		f.state.Warnings = []health.Warning{{Code: code, Severity: severity, Text: s.Sentence}}
	})
}

func hardwareChanged() licence.StatusResp {
	s := licensedTo(core.NewDate(2027, 2, 12))
	s.Mode, s.Reason, s.BoundTo, s.Sentence = licence.Locked, licence.Hardware, "1111-2222-3333-4444", licence.HardwareSentence(mustID(hardwareID))
	return s
}

func clockBack() licence.StatusResp {
	s := licensedTo(core.NewDate(2027, 2, 12))
	s.Mode, s.Reason, s.Sentence = licence.Locked, licence.Clock, licence.ClockSentence
	s.ClockNow, s.ClockKnown = time.Date(2026, 1, 2, 3, 42, 0, 0, time.UTC), time.Date(2026, 2, 14, 11, 11, 0, 0, time.UTC)
	return s
}

func leap() licence.StatusResp {
	s := licensedTo(core.NewDate(2027, 2, 12))
	s.Mode, s.Reason, s.Sentence = licence.ReadOnly, licence.Leap, "The clock of the server went from 12-Feb-2026 10:00 to 16-Feb-2026 09:00. An Admin must confirm the date in System > License before anything is posted."
	s.ClockNow = start.Add(48 * time.Hour)
	return s
}

func mustID(s string) licence.HardwareID {
	id, err := licence.ParseHardwareID(s)
	if err != nil {
		panic(err)
	}
	return id
}

// TestFault_5_3_ScreenOfAnotherPC: server and client show the sentence and the new id
// before anybody has logged in; the button and Ctrl C copy it.
func TestFault_5_3_ScreenOfAnotherPC(t *testing.T) {
	for _, role := range []screen.Role{screen.RoleServer, screen.RoleClient} {
		x := newWorld(t, role, 1440, 900)
		rule(x, hardwareChanged())
		x.ui.Settle()
		want := "Hardware change detected. Your license is bound to specific hardware. Please contact support with your new Hardware ID: [" + hardwareID + "]."
		if !strings.Contains(x.ui.Dump(), want) || !sees(x, hardwareID) {
			t.Fatalf("%s: not said:\n%s", role, x.ui.Dump())
		}
		if x.ui.Sees("Log in") {
			t.Errorf("%s: the login is not behind the locked screen", role)
		}
		x.ui.Press(key.NameReturn) // Copy has the keyboard
		if x.ui.Clipboard != hardwareID {
			t.Errorf("%s: copied %q", role, x.ui.Clipboard)
		}
		x.ui.Clipboard = ""
		x.ui.Press("C", ctrl)
		if x.ui.Clipboard != hardwareID {
			t.Errorf("%s: Ctrl C copied %q", role, x.ui.Clipboard)
		}
		x.ui.Click("Log in as Admin")
		x.login("owner")
		if !x.ui.Sees("Load license.key") {
			t.Errorf("%s: an Admin is not led to the license page:\n%s", role, x.ui.Dump())
		}
	}
}

// TestFault_5_2_ScreenOfTheClock: the sentence on every PC, the restart on the server's
// only.
func TestFault_5_2_ScreenOfTheClock(t *testing.T) {
	for _, role := range []screen.Role{screen.RoleServer, screen.RoleClient} {
		x := newWorld(t, role, 1440, 900)
		restarts := 0
		on(x.server, licence.Restart, func(licence.RestartReq) (licence.RestartResp, error) { restarts++; return licence.RestartResp{}, nil })
		rule(x, clockBack())
		x.ui.Settle()
		for _, s := range []string{licence.ClockSentence, "02-Jan-2026", "09:12", "14-Feb-2026", "16:41"} {
			if !strings.Contains(x.ui.Dump(), s) {
				t.Errorf("%s: %q is not on the screen:\n%s", role, s, x.ui.Dump())
			}
		}
		if x.ui.Sees("Restart now") != (role == screen.RoleServer) {
			t.Errorf("%s: the restart is offered: %v", role, x.ui.Sees("Restart now"))
		}
		if role == screen.RoleServer {
			x.ui.Press(key.NameReturn)
			if restarts != 1 {
				t.Errorf("%d restarts", restarts)
			}
		}
	}
}

// TestFault_5_1_LockedWhileSomebodyTypes: the form is covered, not lost, and there
// again when the license is.
func TestFault_5_1_LockedWhileSomebodyTypes(t *testing.T) {
	for _, who := range []string{"owner", "store1"} {
		x := newWorld(t, screen.RoleClient, 1440, 900)
		x.login(who)
		x.ui.Press(key.NameF5)
		x.ui.Type("UJH/1182")
		rule(x, licensedTo(core.NewDate(2026, 2, 7)))
		x.ui.Settle()
		if !sees(x, "The license ended on 07-Feb-2026 and the program is locked since 14-Feb-2026.") || x.ui.Sees("Invoice no.") {
			t.Fatalf("%s: not covered:\n%s", who, x.ui.Dump())
		}
		x.ui.Press(key.NameReturn, ctrl)
		if x.form.posts != 0 {
			t.Errorf("%s: a covered form posts", who)
		}
		if x.ui.Sees("Open License") != (who == "owner") || !x.ui.Sees("Log out") {
			t.Errorf("%s: the ways out are wrong:\n%s", who, x.ui.Dump())
		}
		rule(x, licensedTo(core.NewDate(2027, 2, 7)))
		x.ui.Settle()
		if got := x.form.field.Text; got != "UJH/1182" || !x.ui.Sees("Invoice no.") {
			t.Errorf("%s: afterwards the form holds %q", who, got)
		}
	}
}

func onLicense(x *world) {
	signIn(x, "owner")
	x.w.Navigate(screen.Route{ID: screen.SystemLicense})
	x.ui.Settle()
}

// TestLicensePage: state, days, Hardware ID with Copy, and a file loaded as text or by
// its path.
func TestLicensePage(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	rule(x, licensedTo(core.NewDate(2026, 2, 12)))
	var got []string
	on(x.server, licence.Install, func(r licence.InstallReq) (licence.StatusResp, error) {
		got = append(got, r.Text)
		if strings.Contains(r.Text, "forged") {
			return licence.StatusResp{}, core.Errorf(core.CodeInvalid, licence.Changed)
		}
		s := licensedTo(core.NewDate(2027, 2, 12))
		rule(x, s)
		return s, nil
	})
	x.w.deps.ReadFile = func(path string) ([]byte, error) { return []byte("MASALA LICENSE 1 from " + path), nil }
	onLicense(x)
	for _, s := range []string{"License ended on 12-Feb-2026", "Licensed to Sahyadri Masala, Pune.", "7 days, to 18-Feb-2026", "from 19-Feb-2026", hardwareID, "ML-2025-00417"} {
		if !strings.Contains(x.ui.Dump(), s) {
			t.Errorf("%q is not on the page:\n%s", s, x.ui.Dump())
		}
	}
	x.ui.Click("Copy Hardware ID")
	if x.ui.Clipboard != hardwareID {
		t.Errorf("copied %q", x.ui.Clipboard)
	}
	x.ui.Press("L", ctrl)
	x.ui.Click("Load license")
	if !sees(x, "Paste the text of license.key, or type where the file is.") {
		t.Errorf("an empty field was sent:\n%s", x.ui.Dump())
	}
	x.ui.Clipboard = "MASALA LICENSE 1\nforged\n"
	x.ui.Click("Paste")
	x.ui.Click("Load license")
	if !sees(x, licence.Changed) || len(got) != 1 || got[0] != strings.TrimSpace(x.ui.Clipboard) {
		t.Errorf("sent %q:\n%s", got, x.ui.Dump())
	}
	x.ui.Fill("Text of license.key, or where the file is", `"C:\Users\owner\Downloads\license.key"`)
	x.ui.Click("Load license")
	if len(got) != 2 || got[1] != `MASALA LICENSE 1 from C:\Users\owner\Downloads\license.key` {
		t.Errorf("sent %q", got)
	}
	if !strings.Contains(x.ui.Dump(), "Licensed until 11-Feb-2027") || x.ui.Sees("Load license") {
		t.Errorf("the new license is not shown:\n%s", x.ui.Dump())
	}
}

// TestLicenseConfirmsTheDate only after a question whose safe answer is the default.
func TestLicenseConfirmsTheDate(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	s := leap()
	rule(x, s)
	var days []core.Date
	on(x.server, licence.ConfirmClock, func(r licence.ConfirmClockReq) (licence.StatusResp, error) {
		days = append(days, r.Day)
		return licensedTo(core.NewDate(2027, 2, 12)), nil
	})
	signIn(x, "owner")
	x.ui.Click("License") // of the banner
	x.ui.Click("Confirm the date")
	x.ui.Press(key.NameReturn)
	if len(days) != 0 {
		t.Fatal("Enter alone confirmed")
	}
	x.ui.Frame()
	x.ui.Click("Confirm the date")
	x.ui.Click("Yes, it is 16-Feb-2026")
	if len(days) != 1 || days[0] != core.NewDate(2026, 2, 16) || x.ui.Sees("Confirm the date") {
		t.Errorf("confirmed %v:\n%s", days, x.ui.Dump())
	}
}

// TestLicenseIsForAdmins: the menu of an Operator does not hold it.
func TestLicenseIsForAdmins(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	x.login("store1")
	if _, ok := x.w.session.find(screen.SystemLicense); ok {
		t.Error("an Operator may open the license page")
	}
	if screen.May(account.User{Role: core.Operator}, licence.Install.Meta) {
		t.Error("an Operator may load a license")
	}
}
