package ui

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/backup"
	"masala/core/health"
	"masala/core/stock"
	"masala/core/system"
	"masala/ui/screen"
	backupscreen "masala/ui/screen/backup"
)

// points are eleven restore points of the fourteenth of February 2026, 14:00 in Pune.
func points() (list []backup.Point) {
	add := func(kind backup.Kind, at time.Time, mb float64, state backup.State, says string, docs, since int) {
		id := "masala-" + at.UTC().Format("20060102-150405")
		list = append(list, backup.Point{ID: id, Path: `D:\MasalaBackups\` + id + ".masala", TakenAt: at, Kind: kind, Size: int64(mb * (1 << 20)), Database: int64(mb * 3 * (1 << 20)),
			State: state, Says: says, CheckedAt: at.Add(40 * time.Second), Documents: docs, Since: since, Version: "1.0.0"})
	}
	const fine = "Opened, 0 errors, ledger agrees"
	at := func(day, hour, minute int, month time.Month) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC).Add(-330 * time.Minute)
	}
	add(backup.Daily, at(14, 13, 0, 2), 46.2, backup.Good, fine, 4182, 5)
	add(backup.Manual, at(14, 9, 12, 2), 46.1, backup.Good, fine, 4170, 17)
	add(backup.Daily, at(13, 20, 0, 2), 45.8, backup.Good, fine, 4166, 21)
	add(backup.Daily, at(12, 20, 0, 2), 45.1, backup.Damaged, "Page 812 is damaged", 4102, 85)
	add(backup.Daily, at(11, 20, 0, 2), 44.7, backup.Good, fine, 4040, 147)
	add(backup.Daily, at(10, 20, 0, 2), 44.2, backup.Unchecked, "", 3981, 206)
	add(backup.Daily, at(9, 20, 0, 2), 43.9, backup.Good, fine, 3920, 267)
	add(backup.Weekly, at(8, 20, 5, 2), 43.4, backup.Good, fine, 3866, 321)
	add(backup.Weekly, at(1, 20, 5, 2), 40.0, backup.Good, fine, 3402, 785)
	add(backup.Weekly, at(25, 20, 5, 1), 37.6, backup.Good, fine, 3010, 1177)
	add(backup.Weekly, at(18, 20, 5, 1), 36.9, backup.Good, fine, 2618, 1569)
	list[0].Offered = true
	return list
}

// backups is a server whose backups stand well.
func backups() backup.StatusResp {
	last, made := points()[0].TakenAt, start.AddDate(0, -1, 0)
	return backup.StatusResp{Now: start, Headline: backup.Headline(start, last), Last: &last, Next: time.Date(2026, 2, 14, 14, 30, 0, 0, time.UTC), Points: points(),
		Settings: backup.Settings{Fields: backup.Fields{Folder: `D:\MasalaBackups`, Times: []string{"13:00", "20:00"}}, Stamp: core.Stamp{Version: 4, UpdatedAt: start.AddDate(0, -1, 0), UpdatedBy: "owner"}},
		Folder:   `D:\MasalaBackups`, Free: 688 << 30, Total: 931 << 30, DataFolder: `C:\Users\owner\AppData\Roaming\Masala`, DataFree: 212 << 30, DataTotal: 476 << 30, CodeMade: &made, Aside: []backup.Aside{}}
}

func fillBackup(x *world) { x.backups(backups()) }

// backups lets the server tell s.
func (x *world) backups(s backup.StatusResp) {
	on(x.server, backup.GetStatus, func(backup.StatusReq) (backup.StatusResp, error) { s.Now = x.clock.Now(); return s, nil })
	on(x.server, backup.MakeCode, func(backup.MakeCodeReq) (backup.MakeCodeResp, error) {
		return backup.MakeCodeResp{Code: "K7QM-2F8D-XT3W-9HBV-E4RA", Made: x.clock.Now()}, nil
	})
	on(x.server, stock.ListDocuments, func(stock.ListDocumentsReq) (stock.ListDocumentsResp, error) {
		return stock.ListDocumentsResp{Documents: floor().Recent}, nil
	})
}

func onBackup(x *world) {
	signIn(x, "owner")
	x.w.Navigate(screen.Route{ID: screen.SystemBackup})
	x.ui.Settle()
}

// TestBackupPage: how the backups stand in each state, in words.
func TestBackupPage(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*backup.StatusResp)
		want   []string
	}{
		"safe":  {func(*backup.StatusResp) {}, []string{"Your data is backed up", "Last Backup: 1 hour ago, today at 13:00, opened and checked. Next one today at 20:00.", "Another drive than the data", "5 documents"}},
		"late":  {func(s *backup.StatusResp) { s.Late = true }, []string{backup.SayLate}},
		"never": {func(s *backup.StatusResp) { s.Last, s.Points = nil, nil }, []string{"No backup yet", "No restore point yet"}},
		"failed": {func(s *backup.StatusResp) {
			s.Result = &backup.Result{Task: backup.TaskBackup, At: start, Says: "The disk is full."}
		}, []string{"The last backup failed", "The disk is full."}},
		"mended": {func(s *backup.StatusResp) {
			s.Result = &backup.Result{Task: backup.TaskBackup, At: start.Add(-9 * time.Hour), Says: "The disk is full."}
		}, []string{"Your data is backed up"}},
		"no disk":   {func(s *backup.StatusResp) { s.Problem = "The drive of D:\\MasalaBackups is not there." }, []string{"Backups cannot be written", "The drive of D:\\MasalaBackups is not there."}},
		"one drive": {func(s *backup.StatusResp) { s.SameDrive = "⚠️ One disk for both." }, []string{"One disk for both."}},
		"working": {func(s *backup.StatusResp) {
			s.Running = &backup.Progress{Task: backup.TaskBackup, Step: "Copying", Percent: 12}
		}, []string{"Backing up", "Copying, 12 %"}},
		"dated in the future": {func(s *backup.StatusResp) {
			s.Points[1].TakenAt, s.Points[1].Ahead = s.Points[1].TakenAt.AddDate(4, 0, 0), true
		}, []string{"Your data is backed up", "14-Feb-2030 09:12, future date, By hand, 46.1 MB, Opened, 0 errors, ledger agrees"}},
		"restored": {func(s *backup.StatusResp) {
			s.Restored = &backup.Restored{At: start, Seq: 4, Seen: 9, Says: "The books were restored."}
			s.Withheld = []backup.Withheld{{Login: "ramesh", Says: "stays inactive"}}
		}, []string{"Users after the restore: ramesh stays inactive.", "Enter again what was posted after the backup (5 ledger rows had been seen that these books do not have). Once you have confirmed these books, everybody can post."}},
	} {
		x := newWorld(t, screen.RoleServer, 1440, 900)
		s := backups()
		c.change(&s)
		x.backups(s)
		onBackup(x)
		for _, w := range c.want {
			if !sees(x, w) {
				t.Errorf("%s: %q is not on the page:\n%s", name, w, x.ui.Dump())
			}
		}
	}
}

// TestBackUpNowByKeyboard: one key begins it, the page follows it without news from the
// server, and nothing begins twice.
func TestBackUpNowByKeyboard(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	s, began := backups(), 0
	x.backups(s)
	on(x.server, backup.GetStatus, func(backup.StatusReq) (backup.StatusResp, error) { s.Now = x.clock.Now(); return s, nil })
	on(x.server, backup.Start, func(q backup.StartReq) (backup.StartResp, error) {
		began++
		s.Running = &backup.Progress{Task: backup.TaskBackup, Step: "Beginning", Since: x.clock.Now()}
		return backup.StartResp{Running: *s.Running}, nil
	})
	onBackup(x)
	x.ui.Press("S", ctrl, key.ModShift)
	x.ui.Press("S", ctrl, key.ModShift)
	if began != 1 || !sees(x, "Beginning, 0 %") {
		t.Fatalf("began %d times:\n%s", began, x.ui.Dump())
	}
	s.Running = &backup.Progress{Task: backup.TaskBackup, Step: "Checking every page", Percent: 80}
	x.ui.Advance(1100 * time.Millisecond)
	if !sees(x, "Checking every page, 80 %") {
		t.Errorf("the page does not follow:\n%s", x.ui.Dump())
	}
	at := x.clock.Now()
	s.Running, s.Last = nil, &at
	x.ui.Advance(1100 * time.Millisecond)
	if !sees(x, "Last Backup: just now, today at 14:00, opened and checked. Next one today at 20:00.") {
		t.Errorf("the end is not told:\n%s", x.ui.Dump())
	}
}

// TestCopyToUSB: the folder is typed, a refusal stands at the field, and what was typed
// stays.
func TestCopyToUSB(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	var asked []string
	on(x.server, backup.Start, func(q backup.StartReq) (backup.StartResp, error) {
		asked = append(asked, q.Folder)
		if q.Folder != `E:\` {
			return backup.StartResp{}, core.Errorf(core.CodeUnavailable, "The backup folder %s cannot be reached. Plug its drive in, or choose another folder.", q.Folder)
		}
		return backup.StartResp{Running: backup.Progress{Task: backup.TaskBackup, Step: "Beginning"}}, nil
	})
	onBackup(x)
	x.ui.Press("U", ctrl, key.ModShift)
	x.ui.Press(key.NameReturn)
	if len(asked) != 0 || !sees(x, "Type where it is.") {
		t.Fatalf("an empty folder was sent:\n%s", x.ui.Dump())
	}
	x.ui.Type(`F:\`)
	x.ui.Press(key.NameReturn)
	if !strings.Contains(x.ui.Dump(), "cannot be reached. Plug its drive in") {
		t.Errorf("the refusal is not at the field:\n%s", x.ui.Dump())
	}
	x.ui.Fill("Folder on the server PC", `"E:\"`)
	x.ui.Press(key.NameReturn)
	if len(asked) != 2 || asked[1] != `E:\` || sees(x, "Copy now") {
		t.Errorf("asked %q:\n%s", asked, x.ui.Dump())
	}
}

// TestRestoreIsMeant: the last step needs the word, and works for no damaged point and
// on no other PC than the server's.
func TestRestoreIsMeant(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	var asked []backup.RestoreReq
	on(x.server, backup.Restore, func(q backup.RestoreReq) (backup.RestoreResp, error) {
		asked = append(asked, q)
		if len(asked) == 1 {
			return backup.RestoreResp{}, core.Invalid("code", "The recovery code does not fit this backup.")
		}
		return backup.RestoreResp{}, nil
	})
	onBackup(x)
	x.ui.Press(key.NameDownArrow)
	x.ui.Press(key.NameDownArrow)
	x.ui.Press(key.NameReturn) // on the row
	if !sees(x, "Restore 13-Feb-2026 20:00?") || !sees(x, "The 21 documents posted after 13-Feb-2026 20:00 have to be entered again.") {
		t.Fatalf("not asked:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameReturn) // nothing is typed
	x.ui.Press(key.NameReturn)
	x.ui.Fill("Type RESTORE to go on", "restoring")
	x.ui.Press(key.NameReturn)
	x.ui.Press(key.NameReturn)
	if len(asked) != 0 {
		t.Fatalf("restored without the word: %+v", asked)
	}
	x.ui.Fill("Type RESTORE to go on", "restore")
	x.ui.Press(key.NameReturn)
	x.ui.Type("k7qm2f8dxt3w9hbve4ra")
	x.ui.Press(key.NameReturn)
	if len(asked) != 1 || asked[0].Path != points()[2].Path || asked[0].Code != "K7QM-2F8D-XT3W-9HBV-E4RA" {
		t.Fatalf("asked %+v", asked)
	}
	if !sees(x, "The recovery code does not fit this backup.") {
		t.Errorf("the refusal is not said:\n%s", x.ui.Dump())
	}
	x.ui.Fill("Recovery code", "")
	x.ui.Press(key.NameReturn)
	if len(asked) != 2 || asked[1].Code != "" || sees(x, "Restore 13-Feb-2026 20:00?") {
		t.Errorf("asked %+v:\n%s", asked, x.ui.Dump())
	}
	x.ui.Press(key.NameDownArrow) // the damaged one
	x.ui.Press(key.NameReturn)
	if sees(x, "Restore 12-Feb-2026 20:00?") || !sees(x, "Page 812 is damaged. Nothing can be restored from it; choose the next good one.") {
		t.Errorf("a damaged point is offered:\n%s", x.ui.Dump())
	}

	y := newWorld(t, screen.RoleClient, 1440, 900)
	onBackup(y)
	y.ui.Press(key.NameReturn)
	if sees(y, "Restore 14-Feb-2026 13:00?") || !sees(y, "Restoring is done on the server PC itself.") {
		t.Errorf("a client restores the server:\n%s", y.ui.Dump())
	}
}

// TestBackupPlace: folder and times as people type them, a folder that cannot be used,
// and an edit that came too late.
func TestBackupPlace(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	var sent []backup.UpdateSettingsReq
	on(x.server, backup.UpdateSettings, func(q backup.UpdateSettingsReq) (backup.Settings, error) {
		sent = append(sent, q)
		switch {
		case q.Folder == `Q:\`:
			return backup.Settings{}, core.Invalid("folder", "The folder %s cannot be made. Plug its drive in, or choose another folder.", q.Folder)
		case q.Version == 4:
			return backup.Settings{}, core.Errorf(core.CodeConflict, core.ConflictMessage).With("version", 5).With("updated_by", "manager").With("updated_at", start).
				With("theirs", backup.Fields{Folder: `F:\Backups`, Times: []string{"21:00"}})
		}
		return backup.Settings{Fields: q.Fields, Stamp: core.Stamp{Version: 6}}, nil
	})
	onBackup(x)
	x.ui.Fill("Daily at", "25")
	x.ui.Press(key.NameReturn, ctrl)
	if len(sent) != 0 || !sees(x, "Enter times of day such as 13:00.") {
		t.Fatalf("sent %+v:\n%s", sent, x.ui.Dump())
	}
	x.ui.Fill("Daily at", "20, 9.30")
	x.ui.Fill("Backup folder", `Q:\`)
	x.ui.Press(key.NameReturn, ctrl)
	if len(sent) != 1 || !strings.Contains(x.ui.Dump(), "cannot be made. Plug its drive in") {
		t.Fatalf("sent %+v:\n%s", sent, x.ui.Dump())
	}
	x.ui.Fill("Backup folder", `E:\Masala`)
	x.ui.Press(key.NameReturn, ctrl)
	if !sees(x, core.ConflictMessage) {
		t.Fatalf("no conflict:\n%s", x.ui.Dump())
	}
	x.ui.Click("Keep my input")
	x.ui.Press(key.NameReturn, ctrl)
	last := sent[len(sent)-1]
	if last.Version != 5 || last.Folder != `E:\Masala` || strings.Join(last.Times, " ") != "09:30 20:00" {
		t.Errorf("sent %+v", last)
	}
}

// TestConfirmRestoredBooks: the banner leads to the page, and work goes on only after a
// question whose safe answer is the default.
func TestConfirmRestoredBooks(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	s, done := backups(), 0
	const says = "The books were restored from a backup: entries posted after it are missing."
	s.Restored = &backup.Restored{At: start, Seq: 4, Seen: 9, Says: says}
	x.backups(s)
	on(x.server, backup.ConfirmRestore, func(backup.ConfirmRestoreReq) (backup.ConfirmRestoreResp, error) {
		done++
		return backup.ConfirmRestoreResp{}, nil
	})
	x.server.set(func(f *fakeServer) {
		f.state.Warnings = []health.Warning{{Code: "books.restored", Severity: health.Fatal, Text: says}}
	})
	signIn(x, "owner")
	x.ui.Click("Backup") // of the banner
	x.ui.Click("Go on with these books")
	x.ui.Press(key.NameReturn)
	if done != 0 {
		t.Fatal("Enter alone confirmed")
	}
	x.ui.Frame()
	x.ui.Click("Go on with these books")
	x.ui.Click("Go on")
	if done != 1 {
		t.Errorf("confirmed %d times:\n%s", done, x.ui.Dump())
	}
}

// TestSeeWhatWasPostedSince lists the documents a restore would lose.
func TestSeeWhatWasPostedSince(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	x.backups(backups())
	onBackup(x)
	limit := 0
	on(x.server, stock.ListDocuments, func(q stock.ListDocumentsReq) (stock.ListDocumentsResp, error) {
		limit = q.Limit
		return stock.ListDocumentsResp{Documents: floor().Recent}, nil
	})
	x.ui.Click("See the 5")
	if limit != 5 || !sees(x, "Posted after 14-Feb-2026 13:00") || !sees(x, "GRN-20260214-001") {
		t.Errorf("asked for %d:\n%s", limit, x.ui.Dump())
	}
}

// TestBackupIsForAdmins: the menu of an Operator does not hold it.
func TestBackupIsForAdmins(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("store1")
	if _, ok := x.w.session.find(screen.SystemBackup); ok {
		t.Error("an Operator may open the backups")
	}
}

func TestFault_2_1_BackupPlaceDraft(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	onBackup(x)
	x.ui.Fill("Backup folder", `E:\Masala`)
	x.ui.Advance(6 * time.Second)
	y := x.after(t, screen.RoleServer)
	onBackup(y)
	if !y.ui.Sees("You have an unsaved backup schedule from 2 minutes ago. Resume?") {
		t.Fatalf("not offered\n%s", y.ui.Dump())
	}
	y.ui.Click("Resume")
	if f := y.w.session.env.Desk.Dirty(); f == nil || f.Field("folder").Text != `E:\Masala` {
		t.Errorf("came back as %+v\n%s", f, y.ui.Dump())
	}
	y.ui.Click("Undo")
	if y.w.session.env.Desk.Dirty() != nil || y.drafts(t) != 0 {
		t.Errorf("%d drafts after Undo\n%s", y.drafts(t), y.ui.Dump())
	}
}

// A folder typed into a dialog of the backup page is asked about, kept, and there again.
func TestFault_2_1_FolderDraft(t *testing.T) {
	open := func(x *world) {
		onBackup(x)
		x.ui.Press("U", ctrl, key.ModShift)
	}
	x := newWorld(t, screen.RoleServer, 1440, 900)
	open(x)
	x.ui.Press(key.NameEscape)
	if sees(x, closeQuestion) || x.w.dialogs.open() {
		t.Fatalf("asks about nothing\n%s", x.ui.Dump())
	}
	x.ui.Press("U", ctrl, key.ModShift)
	x.ui.Type(`E:\Masala`)
	x.ui.Advance(6 * time.Second)
	if n := x.drafts(t); n != 1 {
		t.Fatalf("%d drafts", n)
	}
	if x.w.MayClose() {
		t.Error("the window closes over the folder")
	}
	x.ui.Settle()
	x.ui.Press(key.NameEscape)
	x.ui.Press(key.NameEscape)
	if !sees(x, closeQuestion) || !strings.Contains(x.ui.Dump(), "This folder stays on this PC as a draft, saved 14:00:0") {
		t.Errorf("closing is not asked about\n%s", x.ui.Dump())
	}
	x.ui.Click("Close")
	y := x.after(t, screen.RoleServer)
	open(y)
	if d, ok := y.w.dialogs.stack[0].sheet.(*backupscreen.FolderDialog); !ok || d.Dirty() || !strings.Contains(y.ui.Dump(), `E:\\Masala`) {
		t.Fatalf("the folder is not there again\n%s", y.ui.Dump())
	}
	on(y.server, backup.Start, func(backup.StartReq) (backup.StartResp, error) { return backup.StartResp{}, nil })
	y.ui.Press(key.NameReturn)
	if n := y.drafts(t); n != 0 || y.w.dialogs.open() {
		t.Errorf("%d drafts after it was sent\n%s", n, y.ui.Dump())
	}
}

// The word before a restore is a signature; a recovery code is work, and a secret.
func TestFault_2_2_RecoveryCodeAsks(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	onBackup(x)
	x.ui.Click("Restore this point")
	x.ui.Type("RESTORE")
	x.ui.Press(key.NameEscape)
	if x.w.dialogs.open() {
		t.Fatalf("asks about the word\n%s", x.ui.Dump())
	}
	x.ui.Click("Restore this point")
	x.ui.Fill("Recovery code", "ABCD")
	x.ui.Advance(6 * time.Second)
	if x.w.MayClose() {
		t.Error("the window closes over the code")
	}
	x.ui.Settle()
	x.ui.Press(key.NameEscape)
	x.ui.Press(key.NameEscape)
	if !sees(x, closeQuestion) || len(x.files) != 0 {
		t.Errorf("not asked, or %d drafts of a secret\n%s", len(x.files), x.ui.Dump())
	}
}

// TestServerCardFollowsBackups: the line in the sidebar is read again when a backup has
// ended, and warns when the last one is old.
func TestServerCardFollowsBackups(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900).login("owner")
	if !sees(x, "Last Backup: 1 hour ago") {
		t.Fatalf("no last backup:\n%s", x.ui.Dump())
	}
	at := start.Add(-time.Minute)
	on(x.server, system.ServerStatus, func(system.ServerStatusReq) (system.ServerStatusResp, error) {
		return system.ServerStatusResp{Name: "MASALA-SRV", StartedAt: start, Backup: &at}, nil
	})
	x.server.set(func(f *fakeServer) { f.state.Revisions[backup.TopicBackup]++ })
	x.ui.Settle()
	if !sees(x, "Last Backup: 1 minute ago") {
		t.Errorf("not read again:\n%s", x.ui.Dump())
	}
	at = start.Add(-backup.LateAfter)
	x.server.set(func(f *fakeServer) { f.state.Revisions[backup.TopicBackup]++ })
	x.ui.Settle()
	if !sees(x, "No backup in 48 hours!") {
		t.Errorf("the warning is missing:\n%s", x.ui.Dump())
	}
}
