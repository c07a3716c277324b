package ui

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/account"
	"masala/core/backup"
	"masala/core/health"
	"masala/core/report"
	"masala/core/system"
	"masala/ui/screen"
)

// damaged is a server that has found a bad page in its database.
func damaged() backup.RecoveryResp {
	list := points()
	list[0].Offered = false
	list[0].State, list[0].Says = backup.Damaged, "The ledger does not add up to row 41,827"
	list[2].Offered = true
	return backup.RecoveryResp{Reason: backup.Corrupt, Sentence: backup.SayDamaged, Cause: "database disk image is malformed (page 812)", Database: `C:\Users\owner\AppData\Roaming\Masala\masala.db`,
		Detail: "The damaged file is kept aside. Nothing is deleted. Clients wait until the server is ready.", Folders: []string{`D:\MasalaBackups`}, Points: list, Offer: list[2].Path, MayEmpty: true, KeyIsHere: true}
}

// broken puts the server into recovery mode; its answers come from r.
func (x *world) broken(r *backup.RecoveryResp) {
	on(x.server, backup.RecoveryStatus, func(backup.RecoveryStatusReq) (backup.RecoveryResp, error) {
		a := *r
		a.Now = x.clock.Now()
		return a, nil
	})
	x.server.set(func(f *fakeServer) {
		f.state.Recovery, f.state.Boot, f.state.Factory, f.state.Zone = string(r.Reason), "b-recovery", "", ""
		f.state.Revisions[backup.TopicBackup]++
	})
	x.ui.Settle()
}

// mended lets the server serve its books again.
func (x *world) mended(needAdmin bool) {
	x.server.set(func(f *fakeServer) {
		f.state.Recovery, f.state.Boot, f.state.Factory, f.state.NeedAdmin = "", "b-after", "Sahyadri Masala, Pune", needAdmin
	})
	x.ui.Settle()
}

func onDamaged(x *world) { r := damaged(); x.broken(&r) }

func onUnwritable(x *world) {
	r := damaged()
	r.Reason, r.Points, r.Offer, r.MayEmpty, r.MayTry, r.Cause = backup.Unwritable, []backup.Point{}, "", false, true, "open masala.db: permission denied"
	r.Sentence, r.Detail = "The folder of the data cannot be written.", "Give the user of this PC the right to write into the folder, or free the drive, then try again."
	x.broken(&r)
}

func onFullDisk(x *world) {
	r := backup.RecoveryResp{Reason: backup.Full, Sentence: "The disk of the server is full. Nothing was changed; free some space on it and try again.", Points: []backup.Point{}, Folders: []string{}, MayTry: true,
		Detail: "Your data is whole. Delete or move files that are not needed from the disk of the data folder. The server goes on by itself once there is space; the other PCs wait.",
		Cause:  "database or disk is full (13)", Database: `C:\Users\owner\AppData\Roaming\Masala\masala.db`}
	x.broken(&r)
}

// TestFault_1_3_FullDiskScreen: nothing offers to restore books that are whole, and Enter
// tries again.
func TestFault_1_3_FullDiskScreen(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	tried := 0
	on(x.server, backup.RecoveryRetry, func(backup.RetryReq) (backup.RecoveryResp, error) {
		tried++
		return backup.RecoveryResp{}, nil
	})
	onFullDisk(x)
	if !strings.Contains(x.ui.Dump(), "The disk of the server is full. Nothing was changed; free some space on it and try again.") || !strings.Contains(x.ui.Dump(), "Your data is whole.") {
		t.Errorf("the screen does not say so:\n%s", x.ui.Dump())
	}
	for _, s := range []string{"Other file", "Start with an empty database", "No restore point was found"} {
		if sees(x, s) {
			t.Errorf("%q is on the screen:\n%s", s, x.ui.Dump())
		}
	}
	x.ui.Press(key.NameReturn)
	if tried != 1 {
		t.Errorf("Enter tried %d times", tried)
	}
}

// lostKey is a server whose books are whole and whose key is damaged.
func lostKey(sealed bool) backup.RecoveryResp {
	if !sealed {
		return backup.RecoveryResp{Reason: backup.BadKey, Sentence: "The key of this server is missing.", Points: []backup.Point{}, Folders: []string{}, MayTry: true,
			Detail: "Your data is whole. The other PCs know this server by its key, and no recovery code was made that brings it back. With a new key the server works again; then every PC is paired again."}
	}
	return backup.RecoveryResp{Reason: backup.BadKey, Sentence: "The key of this server is damaged.", Points: []backup.Point{}, Folders: []string{}, MayTry: true, HasCode: sealed,
		Detail: "Your data is whole. The other PCs know this server by its key and wait. The recovery code brings the key back, and they go on by themselves; with a new key every PC is paired again."}
}

// TestFault_4_2_LostKeyScreen: by keyboard, with the code and without one; nothing offers
// to restore books that are whole.
func TestFault_4_2_LostKeyScreen(t *testing.T) {
	for _, sealed := range []bool{true, false} {
		x := newWorld(t, screen.RoleServer, 1440, 900)
		r := lostKey(sealed)
		var asked []backup.ReplaceKeyReq
		on(x.server, backup.RecoveryKey, func(q backup.ReplaceKeyReq) (backup.RecoveryResp, error) {
			asked = append(asked, q)
			if q.Code == "AAAA-AAAA-AAAA-AAAA-AAAA" {
				return backup.RecoveryResp{}, core.Invalid("code", "The recovery code does not fit.")
			}
			r.Reason = backup.InService
			return r, nil
		})
		x.broken(&r)
		for _, s := range []string{r.Sentence, "Make a new key", "Try again"} {
			if !sees(x, s) {
				t.Errorf("%q is not on the screen:\n%s", s, x.ui.Dump())
			}
		}
		for _, s := range []string{"No restore point was found", "Start with an empty database", "Other file"} {
			if sees(x, s) {
				t.Errorf("%q is on the screen", s)
			}
		}
		if sealed {
			x.ui.Press(key.NameReturn)
			if len(asked) != 0 || !sees(x, "Enter the recovery code, or make a new key.") {
				t.Errorf("without a code asked %+v:\n%s", asked, x.ui.Dump())
			}
			x.ui.Type("aaaaaaaaaaaaaaaaaaaa")
			x.ui.Press(key.NameReturn)
			if !sees(x, "The recovery code does not fit.") {
				t.Errorf("a wrong code:\n%s", x.ui.Dump())
			}
			x.ui.Press("A", ctrl)
			x.ui.Type("k7qm2f8dxt3w9hbve4ra")
			x.ui.Press(key.NameReturn)
			if len(asked) != 2 || asked[1] != (backup.ReplaceKeyReq{Code: "K7QM-2F8D-XT3W-9HBV-E4RA"}) {
				t.Errorf("asked %+v", asked)
			}
			continue
		}
		x.ui.Press(key.NameReturn) // Make a new key has the keyboard
		x.ui.Press(key.NameReturn) // and going back is the safe answer
		if len(asked) != 0 {
			t.Fatalf("Enter alone asked %+v", asked)
		}
		x.ui.Settle()
		x.ui.Click("Make a new key")
		x.ui.Click("Make it and pair again")
		if len(asked) != 1 || !asked[0].New {
			t.Errorf("asked %+v:\n%s", asked, x.ui.Dump())
		}
	}
}

// TestFault_4_2_RecoveryScreen: the sentence of the audit, the newest good point chosen,
// damaged ones marked and refused, all by keyboard; the login comes back afterwards and
// says what was done.
func TestFault_4_2_RecoveryScreen(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	r := damaged()
	var asked []backup.RestoreReq
	on(x.server, backup.RecoveryRestore, func(q backup.RestoreReq) (backup.RecoveryResp, error) {
		asked = append(asked, q)
		r.Running = &backup.Progress{Task: backup.TaskRestore, Path: q.Path, Step: "Opening the backup", Percent: 3, Since: x.clock.Now()}
		r.Reason = backup.Restoring
		return r, nil
	})
	x.broken(&r)
	for _, s := range []string{"Database integrity issue detected. Restore from backup?", "Newest good one", "Restore 13-Feb-2026 20:00",
		"11 restore points. Documents posted after the chosen time have to be entered again.", "For support: database disk image is malformed (page 812)"} {
		if !sees(x, s) {
			t.Errorf("%q is not on the screen:\n%s", s, x.ui.Dump())
		}
	}
	if x.ui.Sees("Log in") {
		t.Error("the login is not behind the recovery screen")
	}
	x.ui.Press(key.NameUpArrow)
	x.ui.Press(key.NameUpArrow) // the damaged one
	x.ui.Press(key.NameReturn)
	if len(asked) != 0 {
		t.Fatalf("a damaged point is restored: %+v", asked)
	}
	x.ui.Press(key.NameDownArrow)
	x.ui.Press(key.NameDownArrow)
	x.ui.Press(key.NameReturn)
	if len(asked) != 1 || asked[0].Path != r.Offer {
		t.Fatalf("asked %+v, want the newest good point", asked)
	}
	x.server.set(func(f *fakeServer) { f.state.Recovery = string(backup.Restoring) })
	x.ui.Settle()
	if !sees(x, "Restoring 13-Feb-2026 20:00") || !sees(x, "Opening the backup") || x.ui.Sees("Other file") {
		t.Errorf("the progress is not shown:\n%s", x.ui.Dump())
	}
	r.Running.Step, r.Running.Percent = "Adding up the ledger", 40
	x.ui.Advance(time.Second) // without any news from the server
	if !sees(x, "Adding up the ledger, 40 %") {
		t.Errorf("the progress does not move:\n%s", x.ui.Dump())
	}
	r = backup.RecoveryResp{Result: &backup.Result{Task: backup.TaskRestore, OK: true, Says: "Done"}}
	x.mended(false)
	if !x.ui.Sees("Log in") || !sees(x, "The data was restored from a backup. What was posted after it has to be entered again.") {
		t.Errorf("the login does not come back, or does not say what was done:\n%s", x.ui.Dump())
	}
	x.login("owner")
	if x.w.session == nil {
		t.Errorf("nobody can log in:\n%s", x.ui.Dump())
	}
}

// TestFault_4_3_NextGoodPointIsOffered: the newest backup is damaged too, and the screen
// says so at the point.
func TestFault_4_3_NextGoodPointIsOffered(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	onDamaged(x)
	dump := x.ui.Dump()
	for _, s := range []string{"14-Feb-2026 13:00, 1 hour ago, Damaged: The ledger does not add up to row 41,827", "13-Feb-2026 20:00, 18 hours ago, Checked"} {
		if !strings.Contains(dump, s) {
			t.Errorf("no point %q:\n%s", s, dump)
		}
	}
}

// TestFault_6_1_RecoveryScreen: the question with the age of the newest backup, the
// recovery code on other hardware, and the empty database only after a confirmation.
func TestFault_6_1_RecoveryScreen(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	var asked []backup.RestoreReq
	empty := 0
	r := damaged()
	r.Reason, r.Points, r.Offer, r.Sentence = backup.Missing, points(), points()[0].Path, backup.SayMissing("2 hours ago")
	r.HasCode, r.KeyIsHere = true, false
	on(x.server, backup.RecoveryRestore, func(q backup.RestoreReq) (backup.RecoveryResp, error) {
		asked = append(asked, q)
		return r, core.Invalid("code", "The recovery code does not fit this backup.")
	})
	on(x.server, backup.RecoveryEmpty, func(q backup.StartEmptyReq) (backup.RecoveryResp, error) {
		if q.Confirm {
			empty++
		}
		r = backup.RecoveryResp{}
		return r, nil
	})
	x.broken(&r)
	if !sees(x, "No database found. Restore from latest backup (2 hours ago)?") {
		t.Fatalf("not asked:\n%s", x.ui.Dump())
	}
	x.ui.Fill("Recovery code, if there is one", "nonsense")
	x.ui.Press(key.NameReturn)
	if len(asked) != 0 {
		t.Errorf("a code that is none was sent: %+v", asked)
	}
	x.ui.Fill("Recovery code, if there is one", "k7qm 2f8d xt3w 9hbv e4ra")
	x.ui.Press(key.NameReturn)
	if len(asked) != 1 || asked[0].Code != "K7QM-2F8D-XT3W-9HBV-E4RA" || !sees(x, "The recovery code does not fit this backup.") {
		t.Errorf("asked %+v:\n%s", asked, x.ui.Dump())
	}
	x.ui.Click("Start with an empty database")
	x.ui.Press(key.NameReturn) // the safe answer has the keyboard
	if empty != 0 {
		t.Fatal("Enter alone begins anew")
	}
	x.ui.Frame()
	x.ui.Click("Start with an empty database")
	x.ui.Click("Start empty")
	if empty != 1 {
		t.Fatalf("not begun anew:\n%s", x.ui.Dump())
	}
	x.server.set(func(f *fakeServer) {
		f.state.Warnings = []health.Warning{{Code: "books.new", Severity: health.Info, Text: backup.SayNew}}
	})
	x.mended(true)
	if !sees(x, "Set up your factory") || !sees(x, "A new empty database has been created.") {
		t.Errorf("not said:\n%s", x.ui.Dump())
	}
}

// TestRecoveryFromAnotherPlace: a file on a USB drive is found by its path or by its
// folder's, and what is not there is said at the field.
func TestRecoveryFromAnotherPlace(t *testing.T) {
	const usb = `E:\Masala`
	for _, typed := range []string{usb, usb + `\`, `"` + usb + `\masala-20260201-143500.masala"`} {
		x := newWorld(t, screen.RoleServer, 1440, 900)
		r := damaged()
		r.Points, r.Offer = []backup.Point{}, ""
		x.broken(&r)
		if !sees(x, "No restore point was found") {
			t.Fatalf("points from nowhere:\n%s", x.ui.Dump())
		}
		on(x.server, backup.RecoveryStatus, func(q backup.RecoveryStatusReq) (backup.RecoveryResp, error) {
			a := r
			if strings.TrimRight(q.Folder, `\`) == usb {
				p := points()[8]
				p.Path = usb + `\masala-20260201-143500.masala`
				a.Points = []backup.Point{p}
			}
			return a, nil
		})
		var asked []backup.RestoreReq
		on(x.server, backup.RecoveryRestore, func(q backup.RestoreReq) (backup.RecoveryResp, error) { asked = append(asked, q); return r, nil })
		x.ui.Press(key.NameReturn) // Other file has the keyboard
		x.ui.Type(`F:\`)
		x.ui.Press(key.NameReturn)
		if !strings.Contains(x.ui.Dump(), "There is no backup in F:") {
			t.Errorf("not said that there is nothing:\n%s", x.ui.Dump())
		}
		x.ui.Fill("Backup file or its folder on this PC", typed)
		x.ui.Press(key.NameReturn)
		if !sees(x, "Restore 01-Feb-2026 20:05") {
			t.Fatalf("%s: not found:\n%s", typed, x.ui.Dump())
		}
		x.ui.Click("Restore 01-Feb-2026 20:05")
		if len(asked) != 1 || asked[0].Path != usb+`\masala-20260201-143500.masala` {
			t.Errorf("%s: asked %+v", typed, asked)
		}
	}
}

// TestRecoveryCoversTheShell: books that break while somebody works cover his form, take
// no keys of the shell, and the form is there again afterwards.
func TestRecoveryCoversTheShell(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	onDamaged(x)
	if !sees(x, "Database integrity issue detected. Restore from backup?") || x.ui.Sees("Invoice no.") {
		t.Fatalf("not covered:\n%s", x.ui.Dump())
	}
	x.ui.Press("1", ctrl)
	x.ui.Press("K", ctrl)
	x.ui.Press(key.NameReturn, ctrl)
	if x.form.posts != 0 || x.w.palette != nil {
		t.Error("a covered shell takes keys")
	}
	on(x.server, backup.RecoveryStatus, func(backup.RecoveryStatusReq) (backup.RecoveryResp, error) { return backup.RecoveryResp{}, nil })
	x.mended(false)
	if x.w.session == nil || x.form.field.Text != "UJH/1182" || !x.ui.Sees("Invoice no.") {
		t.Errorf("the form is gone:\n%s", x.ui.Dump())
	}
}

// turnedAway lets the server refuse this PC while its books are restored.
func turnedAway(x *world, says string) {
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Refused, Refusal: screen.Recovering, Detail: says, Server: "MASALA-SRV", Address: "192.168.1.10:8090", Since: x.clock.Now()}
	})
	x.ui.Settle()
}

const migrating3 = "The server is starting: it brings its data up to date, step 3 of 19. What you typed is kept, and this PC connects again by itself."

const restoring40 = "The server is restoring its data: 40 %. Checking every page. What you typed is kept, and this PC connects again by itself."

// TestFault_4_2_ClientsWait: every other PC reads what the server does and how far it is,
// before the login and over an open form, which keeps what was typed.
func TestFault_4_2_ClientsWait(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	turnedAway(x, restoring40)
	if !sees(x, "The server is restoring its data: 40 %") || !strings.Contains(x.ui.Dump(), "this PC connects again by itself") || x.ui.Sees("Log in") {
		t.Errorf("not said before the login:\n%s", x.ui.Dump())
	}
	if x.server.called(backup.RecoveryStatus.Name) {
		t.Error("a client asks for what only the server's own PC may")
	}
	x.server.set(func(f *fakeServer) { f.status = screen.Status{Phase: screen.Online, Server: "MASALA-SRV"} })
	x.ui.Settle()
	x.login("store1")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	turnedAway(x, restoring40)
	if !sees(x, "The server is restoring its data: 40 %") || !sees(x, "Your work is safe") {
		t.Errorf("not said over the form:\n%s", x.ui.Dump())
	}
	x.ui.Type("lost")
	x.server.set(func(f *fakeServer) { f.status = screen.Status{Phase: screen.Online, Server: "MASALA-SRV"} })
	x.ui.Settle()
	if x.form.field.Text != "UJH/1182" {
		t.Errorf("the form holds %q", x.form.field.Text)
	}
}

// TestRestoredWhileLoggedIn: a restore so quick that nobody saw the recovery screen ends
// the login, and the next one says why.
func TestRestoredWhileLoggedIn(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900).login("owner")
	on(x.server, backup.RecoveryStatus, func(backup.RecoveryStatusReq) (backup.RecoveryResp, error) {
		return backup.RecoveryResp{Result: &backup.Result{Task: backup.TaskRestore, OK: true, Says: "Done"}}, nil
	})
	on(x.server, report.ValuedDashboard, func(report.DashboardReq) (report.ValuedDashboardResp, error) {
		return report.ValuedDashboardResp{}, core.Errorf(core.CodeUnauthenticated, "Log in again.")
	})
	x.mended(false)
	if !x.ui.Sees("Log in") || !strings.Contains(x.ui.Dump(), "The data was restored from a backup.") {
		t.Errorf("not said why:\n%s", x.ui.Dump())
	}
}

// logPC is a PC whose service has a log.
type logPC struct{ *fakePC }

func (logPC) LogTail() (string, []system.LogLine, error) {
	return `C:\Users\owner\AppData\Roaming\Masala\logs\service.log`, []system.LogLine{
		{At: start.Add(-time.Second), Level: system.LevelError, Text: "books not opened", Detail: `err="database disk image is malformed (11)" file=masala.db`},
		{At: start.Add(-2 * time.Second), Level: system.LevelInfo, Text: "opening the books"}}, nil
}

// TestRecoveryLogAndExit: the log opens without a login, and Exit asks the supervisor.
func TestRecoveryLogAndExit(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	var said []screen.ExitAnswer
	x.w.deps.PC, x.w.deps.ExitAnswer = logPC{x.pc}, func(a screen.ExitAnswer) { said = append(said, a) }
	onDamaged(x)
	x.ui.Click("Open log")
	if !sees(x, "books not opened") || !strings.Contains(x.ui.Dump(), "database disk image is malformed (11)") {
		t.Errorf("no log:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEscape)
	x.ui.Click("Exit")
	if len(said) != 1 || said[0] != screen.ExitWanted {
		t.Fatalf("said %v", said)
	}
	x.w.AskExit(screen.ExitQuestion{Clients: 2})
	x.ui.Settle()
	x.ui.Click("Exit Server")
	if said[len(said)-1] != screen.ExitYes {
		t.Errorf("said %v", said)
	}
}

// TestRecoveryTriesAgain where only the folder was at fault.
func TestRecoveryTriesAgain(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	tries := 0
	on(x.server, backup.RecoveryRetry, func(backup.RetryReq) (backup.RecoveryResp, error) {
		tries++
		return backup.RecoveryResp{}, core.Errorf(core.CodeUnavailable, "The folder still cannot be written.")
	})
	onUnwritable(x)
	x.ui.Press(key.NameReturn)
	if tries != 1 || !sees(x, "The folder still cannot be written.") || x.ui.Sees("Start with an empty database") {
		t.Errorf("tried %d times:\n%s", tries, x.ui.Dump())
	}
}

// TestRecoveryCodeOnFirstRun: who sets the factory up sees the code once, and nothing but
// his word closes it.
func TestRecoveryCodeOnFirstRun(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	x.server.set(func(f *fakeServer) { f.state.NeedAdmin, f.state.Factory = true, "" })
	on(x.server, backup.RecoveryStatus, func(backup.RecoveryStatusReq) (backup.RecoveryResp, error) { return backup.RecoveryResp{}, nil })
	on(x.server, account.CreateFirstAdmin, func(r account.CreateFirstAdminReq) (account.LoginResp, error) {
		x.server.set(func(f *fakeServer) { f.state.NeedAdmin, f.state.Factory = false, r.Factory })
		return account.LoginResp{Token: "token-owner", User: people["owner"]}, nil
	})
	x.ui.Settle()
	for _, s := range []string{"Sahyadri Masala", "maha", "Meera Joshi", "owner", "long enough", "long enough"} {
		x.ui.Type(s)
		x.ui.Press(key.NameReturn)
	}
	if !sees(x, "K7QM-2F8D-XT3W-9HBV-E4RA") {
		t.Fatalf("no code:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEscape)
	x.ui.Press(key.NameReturn) // Copy has the keyboard
	if x.ui.Clipboard != "K7QM-2F8D-XT3W-9HBV-E4RA" || !sees(x, "K7QM-2F8D-XT3W-9HBV-E4RA") {
		t.Errorf("copied %q, and the code is gone by chance:\n%s", x.ui.Clipboard, x.ui.Dump())
	}
	x.ui.Click("I have written it down")
	if sees(x, "K7QM-2F8D-XT3W-9HBV-E4RA") || !x.ui.Sees("Command Center") {
		t.Errorf("not closed:\n%s", x.ui.Dump())
	}
}
