//go:build linux && cgo

package ui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/account"
	"masala/core/backup"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/system"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/shot"
	"masala/ui/uitest"
)

// picture is one screen in one size.
type picture struct {
	name string
	role screen.Role
	w, h int
	do   func(*world)
}

// TestScreenshots lays out every screen of the shell as users see it; in the folder
// MASALA_SCREENSHOTS names it leaves the pictures ("make screenshots").
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("MASALA_SCREENSHOTS")
	for _, p := range append(licenceShots(), []picture{
		{"first-run", "", 1440, 900, func(x *world) {}},
		{"first-run-1024", "", 1024, 640, func(x *world) {}},
		{"first-run-firewall-1024", "", 1024, 640, walled},
		{"set-up", "", 1440, 900, setUp},
		{"connect", screen.RoleClient, 1440, 900, searching},
		{"connect-wall", screen.RoleClient, 1440, 900, behindWall},
		{"connect-wall-1024", screen.RoleClient, 1024, 640, behindWall},
		{"connect-found", screen.RoleClient, 1440, 900, foundOne},
		{"connect-1024", screen.RoleClient, 1024, 640, foundOne},
		{"login", screen.RoleClient, 1440, 900, func(x *world) {
			x.ui.Type("owner")
			x.ui.Press(key.NameReturn)
			x.ui.Type("x")
			x.ui.Press(key.NameReturn)
		}},
		{"login-demo", screen.RoleDemo, 1440, 900, func(x *world) {}},
		{"dashboard", screen.RoleServer, 1440, 900, owner},
		{"dashboard-dark", screen.RoleServer, 1440, 900, func(x *world) { owner(x); x.ui.Press("D", ctrl, key.ModShift) }},
		{"dashboard-1024", screen.RoleServer, 1024, 640, owner},
		{"dashboard-150", screen.RoleServer, 1440, 900, func(x *world) { owner(x); zoomed(x) }},
		{"dashboard-banner", screen.RoleServer, 1440, 900, func(x *world) { owner(x); warned(x) }},
		{"hub", screen.RoleClient, 1440, 900, store},
		{"hub-dark", screen.RoleClient, 1440, 900, func(x *world) { store(x); x.ui.Press("D", ctrl, key.ModShift) }},
		{"hub-tablet", screen.RoleClient, 1024, 600, store},
		{"hub-150", screen.RoleClient, 1440, 900, func(x *world) { store(x); zoomed(x) }},
		{"users", screen.RoleServer, 1440, 900, onUsers},
		{"users-conflict", screen.RoleServer, 1440, 900, conflict},
		{"users-dark", screen.RoleServer, 1440, 900, func(x *world) { conflict(x); x.ui.Press("D", ctrl, key.ModShift) }},
		{"users-1024", screen.RoleServer, 1024, 640, conflict},
		{"pairing", screen.RoleServer, 1440, 900, func(x *world) { onUsers(x); x.ui.Press("P", ctrl, key.ModShift) }},
		{"pairing-dark", screen.RoleServer, 1024, 640, func(x *world) { onUsers(x); x.ui.Press("D", ctrl, key.ModShift); x.ui.Press("P", ctrl, key.ModShift) }},
		{"settings", screen.RoleServer, 1440, 900, onSettings},
		{"settings-dark", screen.RoleServer, 1440, 900, func(x *world) { onSettings(x); x.ui.Press("D", ctrl, key.ModShift) }},
		{"settings-1024", screen.RoleServer, 1024, 640, onSettings},
		{"settings-changed", screen.RoleServer, 1440, 900, func(x *world) { onSettings(x); x.ui.Fill("Port", "8191") }},
		{"health", screen.RoleServer, 1440, 900, onHealth},
		{"health-dark", screen.RoleServer, 1440, 900, func(x *world) { onHealth(x); x.ui.Press("D", ctrl, key.ModShift) }},
		{"health-1024", screen.RoleServer, 1024, 640, onHealth},
		{"health-150", screen.RoleServer, 1440, 900, func(x *world) { onHealth(x); zoomed(x) }},
		{"backup", screen.RoleServer, 1440, 900, onBackup},
		{"backup-dark", screen.RoleServer, 1440, 900, func(x *world) { onBackup(x); x.ui.Press("D", ctrl, key.ModShift) }},
		{"backup-1024", screen.RoleServer, 1024, 640, onBackup},
		{"backup-150", screen.RoleServer, 1440, 900, func(x *world) { onBackup(x); zoomed(x) }},
		{"backup-running", screen.RoleServer, 1440, 900, backingUp},
		{"backup-late", screen.RoleClient, 1440, 900, lateBackup},
		{"backup-ahead", screen.RoleServer, 1024, 640, aheadBackup},
		{"backup-none", screen.RoleServer, 1440, 900, noBackup},
		{"backup-withheld", screen.RoleServer, 1440, 900, withheld},
		{"backup-usb", screen.RoleServer, 1440, 900, func(x *world) { onBackup(x); x.ui.Press("U", ctrl, key.ModShift) }},
		{"backup-restore", screen.RoleServer, 1440, 900, func(x *world) { onBackup(x); x.ui.Click("Restore this point"); x.ui.Type("RESTORE") }},
		{"backup-since", screen.RoleServer, 1440, 900, func(x *world) { onBackup(x); x.ui.Click("See the 5") }},
		{"recovery-code", screen.RoleServer, 1440, 900, func(x *world) { noBackup(x); x.ui.Click("Make the recovery code") }},
		{"recovery", screen.RoleServer, 1440, 900, onDamaged},
		{"recovery-missing", screen.RoleServer, 1440, 900, onMissing},
		{"recovery-full", screen.RoleServer, 1440, 900, onFullDisk},
		{"recovery-unwritable", screen.RoleServer, 1440, 900, onUnwritable},
		{"recovery-key", screen.RoleServer, 1440, 900, func(x *world) { r := lostKey(true); x.broken(&r) }},
		{"recovery-key-new", screen.RoleServer, 1024, 640, func(x *world) { r := lostKey(false); x.broken(&r) }},
		{"recovery-restoring", screen.RoleServer, 1440, 900, onRestoring},
		{"recovery-dark", screen.RoleServer, 1440, 900, func(x *world) { onDamaged(x); x.ui.Press("D", ctrl, key.ModShift) }},
		{"recovery-1024", screen.RoleServer, 1024, 640, onMissing},
		{"recovery-150", screen.RoleServer, 1440, 900, func(x *world) { onDamaged(x); zoomed(x) }},
		{"recovery-empty", screen.RoleServer, 1440, 900, func(x *world) { onDamaged(x); x.ui.Click("Start with an empty database") }},
		{"recovery-other", screen.RoleServer, 1440, 900, func(x *world) { onDamaged(x); x.ui.Click("Other file") }},
		{"recovery-log", screen.RoleServer, 1440, 900, func(x *world) { x.w.deps.PC = logPC{x.pc}; onDamaged(x); x.ui.Click("Open log") }},
		{"recovery-client", screen.RoleClient, 1440, 900, func(x *world) { turnedAway(x, restoring40) }},
		{"recovery-client-form", screen.RoleClient, 1440, 900, func(x *world) { owner(x); x.ui.Press(key.NameF5); x.ui.Type("UJH/1182"); turnedAway(x, restoring40) }},
		{"palette", screen.RoleServer, 1440, 900, func(x *world) { owner(x); x.ui.Press("K", ctrl); x.ui.Type("cumin") }},
		{"palette-open", screen.RoleServer, 1440, 900, func(x *world) { owner(x); x.ui.Press("K", ctrl) }},
		{"keys", screen.RoleServer, 1440, 900, func(x *world) { onUsers(x); x.ui.Press(key.NameF1) }},
		{"connection-lost", screen.RoleClient, 1440, 900, lost},
		{"connection-lost-dark", screen.RoleClient, 1024, 640, func(x *world) { owner(x); x.ui.Press("D", ctrl, key.ModShift); lost(x) }},
		{"server-slow-warned", screen.RoleClient, 1440, 900, begun(func(x *world) {
			warned(x)
			x.server.set(func(f *fakeServer) { f.status.Phase = screen.Slow })
		})},
		{"login-slow-1024", screen.RoleClient, 1024, 640, func(x *world) { x.server.set(func(f *fakeServer) { f.status.Phase = screen.Slow }) }},
		{"server-starting", screen.RoleClient, 1440, 900, func(x *world) { refused(screen.Starting, migrating3)(x); x.ui.Settle() }},
		{"connection-lost-dialog", screen.RoleClient, 1440, 900, func(x *world) {
			signIn(x, "owner")
			x.w.changePassword()
			x.ui.Settle()
			x.ui.Type("abc")
			away(screen.Lost)(x)
		}},
		{"connection-lost-closing", screen.RoleClient, 1024, 640, func(x *world) { lost(x); x.ui.Settle(); x.w.MayClose() }},
		{"server-slow", screen.RoleClient, 1440, 900, begun(func(x *world) { x.server.set(func(f *fakeServer) { f.status.Phase = screen.Slow }) })},
		{"revoked", screen.RoleClient, 1440, 900, begun(refused(screen.Revoked, ""))},
		{"other-version", screen.RoleClient, 1440, 900, begun(refused(screen.WrongVersion, versions))},
		{"other-version-gate", screen.RoleClient, 1440, 900, refused(screen.WrongVersion, versions)},
		{"starting", screen.RoleServer, 1440, 900, away(screen.Searching)},
		{"starting-again", screen.RoleServer, 1440, 900, begun(away(screen.Lost))},
		{"leave", screen.RoleClient, 1440, 900, func(x *world) { owner(x); x.ui.Press(key.NameF5); x.ui.Type("UJH/1182"); x.ui.Press("1", ctrl) }},
		{"person", screen.RoleServer, 1440, 900, func(x *world) { owner(x); x.ui.Click("User Meera Joshi") }},
	}...) {
		t.Run(p.name, func(t *testing.T) {
			x := newWorld(t, p.role, p.w, p.h)
			p.do(x)
			x.ui.Advance(300 * time.Millisecond)
			if folder == "" {
				return
			}
			path := filepath.Join(folder, p.name+".png")
			if err := shot.PNG(path, p.w, p.h, &x.ui.Ops); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// licenceShots are the screens of the license, each wide and narrow, light and dark.
func licenceShots() (all []picture) {
	under := func(s licence.StatusResp) func(*world) {
		return func(x *world) { rule(x, s); onLicense(x) }
	}
	for _, p := range []picture{
		{"license", screen.RoleServer, 0, 0, under(licensedTo(core.NewDate(2026, 2, 12)))},
		{"license-active", screen.RoleServer, 0, 0, under(licensedTo(core.NewDate(2026, 10, 12)))},
		{"license-trial", screen.RoleServer, 0, 0, under(trial())},
		{"license-leap", screen.RoleServer, 0, 0, under(leap())},
		{"license-load", screen.RoleServer, 0, 0, func(x *world) { under(trial())(x); x.ui.Press("L", ctrl) }},
		{"license-read-only", screen.RoleClient, 0, 0, func(x *world) { owner(x); rule(x, licensedTo(core.NewDate(2026, 2, 12))); x.ui.Settle() }},
		{"hardware-changed", screen.RoleServer, 0, 0, func(x *world) { rule(x, hardwareChanged()); x.ui.Settle() }},
		{"clock-tampered", screen.RoleServer, 0, 0, func(x *world) { rule(x, clockBack()); x.ui.Settle() }},
		{"license-locked", screen.RoleClient, 0, 0, func(x *world) { store(x); rule(x, licensedTo(core.NewDate(2026, 2, 7))); x.ui.Settle() }},
	} {
		for _, size := range []struct {
			suffix string
			w, h   int
		}{{"", 1440, 900}, {"-1024", 1024, 640}} {
			for _, theme := range []string{"", "-dark"} {
				v := p
				v.name, v.w, v.h = p.name+size.suffix+theme, size.w, size.h
				v.do = func(x *world) {
					if theme != "" {
						x.ui.Press("D", ctrl, key.ModShift)
					}
					p.do(x)
				}
				all = append(all, v)
			}
		}
	}
	return all
}

func trial() licence.StatusResp {
	s := licensedTo(core.NewDate(2026, 3, 9))
	s.Trial, s.Serial, s.Customer, s.Edition, s.BoundTo, s.Starts = true, "", "", "", "", s.Expires.AddDays(-30)
	s.File = "/home/factory/.local/share/masala/license.key"
	return s
}

// begun is a state that comes over a form.
func begun(state func(*world)) func(*world) {
	return func(x *world) {
		owner(x)
		x.ui.Press(key.NameF5)
		x.ui.Type("UJH/1182")
		x.ui.Advance(6 * time.Second)
		state(x)
	}
}

func owner(x *world) { signIn(x, "owner") }

func store(x *world) {
	f := form.New("purchase.post_grn", "GRN", func() string { return "k1" })
	f.Add(form.Field{Path: "invoice_no"}).Set("UJH/1190")
	if err := form.NewDrafts(x.files, x.clock, "store1").Keep(f, false)(); err != nil {
		x.t.Fatal(err)
	}
	x.ui.Advance(2 * time.Minute)
	signIn(x, "store1")
}

func conflict(x *world) {
	onUsers(x)
	on(x.server, account.UpdateUser, func(r account.UpdateUserReq) (account.User, error) {
		theirs := people["store1"]
		theirs.Name, theirs.Version = "Ravi, store", 6
		return account.User{}, overtaken(theirs)
	})
	x.ui.Press(key.NameEnd)
	x.ui.Press(key.NameReturn)
	x.ui.Fill("Name", "Store one, day")
	x.ui.Press(key.NameReturn, ctrl)
}

func onSettings(x *world) { owner(x); x.w.Navigate(screen.Route{ID: screen.Settings}); x.ui.Settle() }
func onHealth(x *world)   { owner(x); x.w.Navigate(screen.Route{ID: screen.Health}); x.ui.Settle() }

// walled starts the first run on a PC whose firewall is in the way.
func walled(x *world) {
	x.pc.wall = "Windows Firewall blocks port 8090."
	x.w = New(x.w.deps, func() {})
	x.ui = uitest.New(x.t, x.clock, 1024, 640, x.w.Layout)
	x.ui.Settle()
}

func setUp(x *world) {
	x.server.state.NeedAdmin = true
	x.ui.Press("1")
	x.ui.Press(key.NameReturn)
	x.ui.Type("Sahyadri Masala")
	x.ui.Press(key.NameReturn)
	x.ui.Type("mah")
}

func searching(x *world) {
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Unpaired, Since: x.clock.Now(), Down: x.clock.Now(), Tried: tried[2:]}
	})
	x.ui.Advance(5 * time.Second)
}

func foundOne(x *world) {
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Unpaired, Since: x.clock.Now(), Down: x.clock.Now(), Tried: tried[2:]}
		f.found = []screen.Server{{Name: "MASALA-SRV", Factory: "Sahyadri Masala, Pune", Address: "192.168.1.10:8090", Version: "1.0.0"}}
	})
	x.ui.Settle()
	x.ui.Type("k7qm4xrt")
}

// behindWall is a PC whose own server is heard and cannot be reached, beside two others.
func behindWall(x *world) {
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Searching, Server: "MASALA-SRV", Address: "192.168.1.10:8090", Since: x.clock.Now(), Down: x.clock.Now(), Tried: []screen.Try{
			{Way: "Last address", Where: "192.168.1.10:8090", State: screen.NoAnswer},
			{Way: "Typed address", Where: "192.168.1.44:8090", State: screen.TurnedAway, Other: true, Why: "Another Masala server answers at this address. Type the address of your own server, or pair this PC again."},
			{Way: "Search on every network", Where: "192.168.1.255", State: screen.NoAnswer}, {Way: "Announcement of a server", State: screen.Answered}}}
		f.found = []screen.Server{{Name: "MASALA-SRV", Address: "192.168.1.10:8090", Version: "1.0.0", Paired: true},
			{Name: "OFFICE-2", Address: "192.168.1.44:8090", Version: "1.0.0"}, {Name: "LAB", Address: "192.168.1.45:8090", Version: "1.0.0"}}
	})
	x.ui.Advance(5 * time.Second)
}

func warned(x *world) {
	x.server.set(func(f *fakeServer) {
		f.state.Warnings = []health.Warning{{Severity: health.Warn, Text: "⚠️ Low disk space — 412 MB remaining. Data operations may fail."},
			{Severity: health.Warn, Text: "⚠️ License expires in 12 days. Contact support."}}
	})
}

func zoomed(x *world) {
	for range 5 {
		x.ui.Press("+", ctrl)
	}
}

func lost(x *world) {
	signIn(x, "owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Lost, Address: "192.168.1.10:8090", Attempt: 4, Since: x.clock.Now().Add(-11 * time.Second), NextTry: x.clock.Now().Add(2 * time.Second)}
	})
}

func backingUp(x *world) {
	s := backups()
	s.Running = &backup.Progress{Task: backup.TaskBackup, Step: "Checking every page of the copy", Percent: 62, Since: start.Add(-20 * time.Second)}
	x.backups(s)
	onBackup(x)
}

func lateBackup(x *world) {
	s := backups()
	last := start.Add(-50 * time.Hour)
	s.Late, s.Last, s.Points, s.CodeMade = true, &last, s.Points[3:], nil
	s.Points[1].Offered = true
	s.SameDrive = "⚠️ The backups are on the drive of the data. If that disk fails, both are gone. Choose a folder on a second drive."
	on(x.server, system.ServerStatus, func(system.ServerStatusReq) (system.ServerStatusResp, error) {
		return system.ServerStatusResp{Name: "MASALA-SRV", StartedAt: start, Backup: &last, Connected: []string{"PC-MILL"}, Paired: 5, FreeDisk: 212 << 30}, nil
	})
	x.backups(s)
	onBackup(x)
}

// aheadBackup is the page after a backup was made while the clock was years ahead.
func aheadBackup(x *world) {
	s := backups()
	s.Points[1].TakenAt, s.Points[1].Ahead = s.Points[1].TakenAt.AddDate(4, 0, 0), true
	x.backups(s)
	onBackup(x)
}

func noBackup(x *world) {
	s := backups()
	s.Last, s.Points, s.CodeMade, s.Settings.Folder, s.Folder = nil, nil, nil, "", `C:\Users\owner\AppData\Roaming\Masala\backups`
	s.SameDrive = "The backups are on the drive of the data. If that disk fails, both are gone. Choose a folder on a second drive."
	x.backups(s)
	onBackup(x)
}

func onMissing(x *world) {
	r := damaged()
	r.Reason, r.Points, r.Offer, r.Cause = backup.Missing, points(), points()[0].Path, ""
	r.Sentence, r.Detail = backup.SayMissing("2 hours ago"), "The database file is gone. Documents posted after the backup have to be entered again."
	r.HasCode, r.KeyIsHere = true, false
	x.broken(&r)
}

func onRestoring(x *world) {
	r := damaged()
	r.Reason, r.Running = backup.Restoring, &backup.Progress{Task: backup.TaskRestore, Path: r.Offer, Step: "Checking every page", Percent: 40, Since: start}
	x.broken(&r)
}

// withheld is the page after a restore that took nothing back from those who left.
func withheld(x *world) {
	s := backups()
	s.Restored = &backup.Restored{At: start, Seq: 4, Seen: 9, Says: "The books were restored."}
	s.Withheld = []backup.Withheld{{Login: "floor", Says: "keeps the newer password"}, {Login: "kiran", Says: "was added after the backup and is missing"}, {Login: "ramesh", Says: "stays inactive"},
		{Login: "ramesh", Says: "keeps the newer password"}, {Login: "second", Says: "stays Operator"}}
	x.backups(s)
	onBackup(x)
}
