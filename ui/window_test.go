package ui

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/account"
	"masala/core/health"
	"masala/core/system"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/uitest"
)

const ctrl = key.ModShortcut

func TestNavigationKeys(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	at := func() screen.ID { return x.w.session.nav.now().route.ID }
	for _, step := range []struct {
		name key.Name
		mods key.Modifiers
		want screen.ID
	}{
		{key.NameF5, 0, screen.GRN}, {"1", ctrl, screen.DashboardHome}, {"G", key.ModAlt, screen.GRN},
		{key.NameEscape, 0, screen.DashboardHome}, {"8", ctrl, screen.SystemUsers}, {"3", ctrl, screen.GRN},
	} {
		x.ui.Press(step.name, step.mods)
		if at() != step.want {
			t.Errorf("%v %s leads to %s, want %s", step.mods, step.name, at(), step.want)
		}
	}
	zoom, dark := x.w.theme.Options().Zoom, x.w.theme.Options().Dark
	x.ui.Press("+", ctrl)
	x.ui.Press("D", ctrl, key.ModShift)
	if x.w.theme.Options().Zoom != zoom+10 || x.w.theme.Options().Dark == dark {
		t.Errorf("zoom and look are %+v", x.w.theme.Options())
	}
	if !strings.Contains(string(x.pc.prefs), `"zoom":110`) || !strings.Contains(string(x.pc.prefs), `"dark":true`) {
		t.Errorf("preferences kept as %s", x.pc.prefs)
	}
	x.ui.Press(key.NameF1)
	if !x.ui.Sees("Keys: New GRN") {
		t.Errorf("F1 shows no keys:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEscape)
	if x.w.dialogs.open() || at() != screen.GRN {
		t.Error("Esc must close the list of keys and nothing else")
	}
}

func TestMenuShowsOnlyWhatTheUserMayOpen(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("store1")
	x.ui.Press("8", ctrl)
	if id := x.w.session.nav.now().route.ID; id != screen.DashboardHome {
		t.Errorf("an Operator got to %s", id)
	}
	if x.ui.Sees("System") || x.ui.Sees("Users and PCs") || x.ui.Sees("Production") {
		t.Errorf("the menu shows too much:\n%s", x.ui.Dump())
	}
}

func TestOperatorSeesNoMoney(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("store1")
	screens := []func(){func() {}, func() { x.ui.Press(key.NameF1) }, func() { x.ui.Press(key.NameEscape); x.ui.Press("K", ctrl); x.ui.Type("cumin") }}
	for i, open := range screens {
		open()
		if d := x.ui.Dump(); strings.Contains(d, "₹") {
			t.Errorf("money on screen %d of an Operator:\n%s", i, d)
		}
	}
	if x.server.called("report.valued_dashboard") {
		t.Error("the valued dashboard was asked for an Operator")
	}
}

func TestPalette(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press("K", ctrl)
	x.ui.Type("users")
	x.ui.Press(key.NameReturn)
	if id := x.w.session.nav.now().route.ID; id != screen.SystemUsers || x.w.palette != nil {
		t.Fatalf("the palette led to %s", id)
	}
	x.ui.Press("K", ctrl)
	x.ui.Type("go:rece")
	x.ui.Press(key.NameEscape)
	if x.w.palette != nil || x.w.session.nav.now().route.ID != screen.SystemUsers {
		t.Fatal("Esc must close the palette and nothing else")
	}
	x.ui.Press("K", ctrl)
	x.ui.Type("doc:GRN")
	if !x.ui.Sees("GRN-20260214-001") || x.ui.Sees("LOT-20260212-002") {
		t.Fatalf("doc: must find documents alone:\n%s\n%v", x.ui.Dump(), x.server.calls)
	}
	x.ui.Press(key.NameReturn)
	if r := x.w.session.nav.now().route; r.ID != screen.GRN || r.Document != 41 {
		t.Errorf("opened %+v", r)
	}
}

func TestPaletteSearchesItemsAndLots(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	opened := func(id screen.ID) screen.Entry {
		return screen.Entry{ID: id, Module: screen.Masters, Label: string(id), New: func(env *screen.Env, _ screen.Route) screen.Screen { return newNotes(env) }}
	}
	for i, e := range x.w.entries {
		if e.ID == screen.MastersItems || e.ID == screen.Lots {
			x.w.entries[i] = opened(e.ID)
		}
	}
	x.login("store1")
	x.ui.Press("K", ctrl)
	x.ui.Type("item:cumin")
	if !x.ui.Sees("Cumin seed (Unjha 99%)") || x.ui.Sees("LOT-20260212-002") {
		t.Fatalf("item: must find items alone:\n%s\n%v", x.ui.Dump(), x.server.calls)
	}
	x.ui.Press("A", ctrl)
	x.ui.Type("lot:cumin")
	if x.ui.Sees("Cumin seed (Unjha 99%)") || !x.ui.Sees("LOT-20260212-002") {
		t.Fatalf("lot: must find lots alone:\n%s", x.ui.Dump())
	}
	x.ui.Press("A", ctrl)
	x.ui.Type("cumin")
	x.ui.Press(key.NameDownArrow)
	x.ui.Press(key.NameReturn)
	if r := x.w.session.nav.now().route; r.ID != screen.Lots || r.Lot != 7 {
		t.Errorf("the second row led to %+v", r)
	}
}

func TestPaletteOffersWhatTheScreenCan(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Press("K", ctrl)
	x.ui.Type("post")
	x.ui.Press(key.NameReturn)
	if x.form.posts != 1 {
		t.Errorf("posted %d times", x.form.posts)
	}
}

func TestUnsavedChangesAreAskedAbout(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	x.ui.Press("1", ctrl)
	if !sees(x, leaveQuestion) {
		t.Fatalf("no question:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameReturn) // Stay has the keyboard
	if x.w.session.nav.now().route.ID != screen.GRN || x.form.field.Text != "UJH/1182" || x.w.dialogs.open() {
		t.Fatalf("Stay must be the default:\n%s", x.ui.Dump())
	}
	if x.w.MayClose() {
		t.Error("a dirty form must keep the window open")
	}
	x.ui.Settle()
	if !sees(x, closeQuestion) {
		t.Errorf("no question before closing:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEscape)
	if x.w.MayClose() || x.w.closing.Load() {
		t.Error("Esc means Stay")
	}
	x.ui.Settle()
	x.ui.Click("Close")
	if !x.w.MayClose() {
		t.Error("after Close the window may go")
	}
	x.w.closing.Store(false)
	x.ui.Press("1", ctrl)
	x.ui.Click("Leave")
	if x.w.session.nav.now().route.ID != screen.DashboardHome {
		t.Error("Leave must leave")
	}
}

func TestDraftIsOfferedAndResumed(t *testing.T) {
	for _, user := range []string{"store1", "owner"} {
		x := newWorld(t, screen.RoleClient, 1440, 900)
		d := form.NewDrafts(x.files, x.clock, user)
		f := form.New("purchase.post_grn", "GRN", func() string { return "k1" })
		f.Add(form.Field{Path: "invoice_no"}).Set("UJH/1190")
		if err := d.Keep(f, false)(); err != nil {
			t.Fatal(err)
		}
		x.ui.Advance(2 * time.Minute)
		x.login(user)
		if !x.ui.Sees("You have an unsaved GRN from 2 minutes ago. Resume?") {
			t.Fatalf("no offer for %s:\n%s", user, x.ui.Dump())
		}
		x.ui.Click("Resume GRN")
		if r := x.w.session.nav.now().route; r.ID != screen.GRN || r.Draft != "k1" {
			t.Errorf("resumed %+v", r)
		}
	}
}

func TestFault_4_1_UserChangedMeanwhile(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	version := int64(6) // somebody saved after the list was read at 5
	var saved []account.UpdateUserReq
	on(x.server, account.UpdateUser, func(r account.UpdateUserReq) (account.User, error) {
		saved = append(saved, r)
		if r.Version != version {
			theirs := people["store1"]
			theirs.Name, theirs.Version = "Ravi, store", version
			return account.User{}, overtaken(theirs)
		}
		return account.User{ID: r.ID, Name: r.Name}, nil
	})
	x.ui.Press("8", ctrl)
	x.ui.Press(key.NameEnd)
	x.ui.Press(key.NameReturn)
	x.ui.Fill("Name", "Store one, day")
	x.ui.Press(key.NameReturn, ctrl)
	if !sees(x, core.ConflictMessage) || !strings.Contains(x.ui.Dump(), "Name: theirs Ravi, store, yours Store one, day.") {
		t.Fatalf("no conflict card:\n%s", x.ui.Dump())
	}
	x.ui.Click("Keep my input")
	x.ui.Press(key.NameReturn, ctrl)
	if n := len(saved); n != 2 || saved[1].Version != version || saved[1].Name != "Store one, day" {
		t.Errorf("saved %+v", saved)
	}
}

// An answer goes to the panel that was sent, not to the one that is open by then, and
// nothing can be typed into a form that is being saved.
func TestFault_4_1_AnswerOfAnotherPanel(t *testing.T) {
	begin := func(answer func(account.UpdateUserReq) (account.User, error)) (x *world, answered func()) {
		x = newWorld(t, screen.RoleClient, 1440, 900).login("owner")
		on(x.server, account.UpdateUser, answer)
		x.ui.Press("8", ctrl)
		x.ui.Press(key.NameEnd)
		x.ui.Press(key.NameReturn)
		x.ui.Fill("Name", "Store one, day")
		var waiting []func()
		spawn := x.w.workers.spawn
		x.w.workers.spawn = func(f func()) { waiting = append(waiting, f) }
		x.ui.Press(key.NameReturn, ctrl)
		x.w.workers.spawn = spawn
		return x, func() {
			for _, f := range waiting {
				f()
			}
			x.ui.Settle()
		}
	}
	conflicting := func(account.UpdateUserReq) (account.User, error) {
		theirs := people["store1"]
		theirs.Name, theirs.Version = "Ravi, store", 6
		return account.User{}, overtaken(theirs)
	}
	saving := func(r account.UpdateUserReq) (account.User, error) { return account.User{ID: r.ID, Name: r.Name}, nil }
	another := func(x *world) {
		x.ui.Press("N", ctrl)
		x.ui.Click("Leave")
		x.ui.Type("Somebody new")
	}
	x, answered := begin(conflicting)
	another(x)
	answered()
	if sees(x, core.ConflictMessage) || !x.ui.Sees("New user") || !strings.Contains(x.ui.Dump(), `"Name" text "Somebody new"`) {
		t.Errorf("the conflict is in another panel:\n%s", x.ui.Dump())
	}
	if !x.ui.Sees("Store one was not saved. " + core.ConflictMessage) {
		t.Errorf("the conflict is not told:\n%s", x.ui.Dump())
	}
	x, answered = begin(saving)
	another(x)
	answered()
	if !x.ui.Sees("New user") || !x.ui.Sees("Store one, day saved") || !strings.Contains(x.ui.Dump(), `"Name" text "Somebody new"`) {
		t.Errorf("the success closed another panel:\n%s", x.ui.Dump())
	}
	x, answered = begin(conflicting)
	x.ui.Type(" and night")
	answered()
	if !sees(x, core.ConflictMessage) || !strings.Contains(x.ui.Dump(), `"Name" text "Store one, day"`) {
		t.Errorf("typed while it was saved:\n%s", x.ui.Dump())
	}
	x.ui.Type(" and night")
	if !strings.Contains(x.ui.Dump(), `"Name" text "Store one, day and night"`) {
		t.Errorf("the keyboard is lost:\n%s", x.ui.Dump())
	}
}

func TestEscClosesThePanelFirst(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press("8", ctrl)
	x.ui.Press("N", ctrl)
	if !x.ui.Sees("New user") {
		t.Fatalf("no panel:\n%s", x.ui.Dump())
	}
	x.ui.Type("Ra")
	x.ui.Press(key.NameEscape)
	if !sees(x, leaveQuestion) {
		t.Fatalf("what was typed must be asked about:\n%s", x.ui.Dump())
	}
	x.ui.Click("Leave")
	if x.ui.Sees("New user") || x.w.session.nav.now().route.ID != screen.SystemUsers {
		t.Errorf("the panel must go, the screen stay:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEscape)
	if x.w.session.nav.now().route.ID != screen.DashboardHome {
		t.Error("the second Esc leads back")
	}
}

// TestCloseWaits runs the work in real goroutines and looks for any left behind.
func TestPairingCodeIsShown(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press("8", ctrl)
	x.ui.Press("P", ctrl, key.ModShift)
	if !x.ui.Sees("K7QM-4XRT-9WPB-2HVN") {
		t.Errorf("no code:\n%s", x.ui.Dump())
	}
}

// sees reports whether a text stands on the screen, by label or description.
func sees(x *world, text string) bool { return x.ui.Sees(text) }

// overtaken is the conflict as the server words it.
func overtaken(theirs account.User) error {
	return core.Errorf(core.CodeConflict, core.ConflictMessage).
		With("updated_by", "manager").With("updated_at", start).With("version", theirs.Version).With("theirs", theirs)
}

// TestFault_3_4_PairingShowsTheFirewall: whoever pairs a PC sees beside the code whether
// it can come at all, and what to type on the server.
func TestFault_3_4_PairingShowsTheFirewall(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	signIn(x, "owner")
	x.ui.Press("8", ctrl)
	x.ui.Press("P", ctrl, key.ModShift)
	for _, s := range []string{"K7QM-4XRT-9WPB-2HVN", "Port 8090 answers on 192.168.1.10.", "Windows Firewall blocks UDP port 8090.", "4 PCs are connected."} {
		if !strings.Contains(x.ui.Dump(), s) {
			t.Errorf("%q is not said:\n%s", s, x.ui.Dump())
		}
	}
	x.ui.Click("Copy the commands")
	if !strings.HasPrefix(x.ui.Clipboard, "netsh advfirewall firewall add rule") || strings.Count(x.ui.Clipboard, "\n") != 1 {
		t.Errorf("copied %q", x.ui.Clipboard)
	}
}

// TestWrongCodesAreTold: whoever shows a pairing code reads that somebody guesses.
func TestWrongCodesAreTold(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900).login("owner")
	says := "3 wrong codes were tried, the last from 192.168.1.66. The right one still works."
	on(x.server, system.GetHealth, func(system.GetHealthReq) (system.Health, error) {
		return system.Health{Checks: []health.Check{{Code: "pairing", Name: "Pairing code", Says: says}}}, nil
	})
	x.ui.Press("8", ctrl)
	x.ui.Press("P", ctrl, key.ModShift)
	if !strings.Contains(x.ui.Dump(), says) {
		t.Errorf("not said:\n%s", x.ui.Dump())
	}
}

// TestFault_3_4_FirstRunShowsTheFirewall: whoever is about to make a PC the server reads
// on its card that the others will not come through.
func TestFault_3_4_FirstRunShowsTheFirewall(t *testing.T) {
	x := newWorld(t, "", 1024, 640)
	x.pc.wall = "Windows Firewall blocks port 8090."
	x.w = New(x.w.deps, func() {})
	x.ui = uitest.New(t, x.clock, 1024, 640, x.w.Layout)
	x.ui.Settle()
	if !sees(x, "192.168.1.21. Windows Firewall blocks port 8090.") {
		t.Errorf("not said:\n%s", x.ui.Dump())
	}
}
