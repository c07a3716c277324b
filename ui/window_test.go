package ui

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/account"
	"masala/core/health"
	"masala/core/stock"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/connect"
)

const ctrl = key.ModShortcut

func TestLoginByKeyboard(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	x.ui.Type("owner") // the first field has the keyboard
	x.ui.Press(key.NameReturn)
	x.ui.Type("wrong")
	x.ui.Press(key.NameReturn)
	if x.w.session != nil || !sees(x, "User name or password is wrong.") {
		t.Fatalf("a wrong password must be said:\n%s", x.ui.Dump())
	}
	x.ui.Type("right password") // the password field has the keyboard again, emptied
	x.ui.Press(key.NameReturn)
	if x.w.session == nil || x.server.token != "token-owner" {
		t.Fatalf("not logged in:\n%s", x.ui.Dump())
	}
	if !x.ui.Sees("Dashboard") || !x.ui.Sees("Command Center") {
		t.Errorf("no dashboard:\n%s", x.ui.Dump())
	}
}

// Whoever knows the password by heart does not wait for the screen.
func TestLoginInOneGo(t *testing.T) {
	for _, next := range []key.Name{key.NameReturn, key.NameTab} {
		x := newWorld(t, screen.RoleClient, 1440, 900)
		var login, password string
		on(x.server, account.Login, func(r account.LoginReq) (account.LoginResp, error) {
			login, password = r.Login, r.Password
			return account.LoginResp{}, core.Errorf(core.CodeUnauthenticated, "User name or password is wrong.")
		})
		x.ui.Burst(func() {
			x.ui.Type("owner")
			x.ui.Press(next)
			x.ui.Type("masala-demo")
			x.ui.Press(key.NameReturn)
		})
		if login != "owner" || password != "masala-demo" {
			t.Errorf("%s: sent %q and %q\n%s", next, login, password, x.ui.Dump())
		}
	}
}

func TestLoginWaits(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	on(x.server, account.Login, func(account.LoginReq) (account.LoginResp, error) {
		return account.LoginResp{}, core.Errorf(core.CodeUnauthenticated, "Too many wrong tries. Try again in 9 seconds.").With("wait_seconds", 9)
	})
	x.login("owner")
	n := len(x.server.calls)
	x.ui.Type("again")
	x.ui.Press(key.NameReturn)
	if len(x.server.calls) != n {
		t.Error("a try during the wait must not reach the server")
	}
	if !strings.Contains(x.ui.Dump(), "Try again in") {
		t.Errorf("no wait on the screen:\n%s", x.ui.Dump())
	}
	x.ui.Advance(10 * time.Second)
	x.ui.Press(key.NameReturn)
	if len(x.server.calls) == n {
		t.Error("after the wait the server must be asked")
	}
}

func TestDemoLoginByOnePress(t *testing.T) {
	x := newWorld(t, screen.RoleDemo, 1440, 900)
	x.ui.Click("Log in as store1")
	if x.w.session == nil || x.w.session.env.User.Login != "store1" {
		t.Fatalf("not logged in:\n%s", x.ui.Dump())
	}
}

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
	if !x.ui.Sees("GRN-20260214-001") || x.server.called("catalog.list_items") {
		t.Fatalf("doc: must find documents and ask for nothing else:\n%s\n%v", x.ui.Dump(), x.server.calls)
	}
	x.ui.Press(key.NameReturn)
	if r := x.w.session.nav.now().route; r.ID != screen.GRN || r.Document != 41 {
		t.Errorf("opened %+v", r)
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

func TestBannerWorstFirst(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	const disk = "⚠️ Low disk space — 412 MB remaining. Data operations may fail."
	const licence = "⚠️ License expires in 12 days. Contact support."
	const locked = "The license has expired. Contact support for a new license."
	x.server.set(func(f *fakeServer) {
		f.state.Warnings = []health.Warning{{Code: "a", Severity: health.Warn, Text: disk, Admin: true}, {Code: "b", Severity: health.Warn, Text: licence}}
	})
	x.ui.Settle()
	if !x.ui.Sees(disk) || x.ui.Sees(licence) {
		t.Errorf("want the disk banner alone:\n%s", x.ui.Dump())
	}
	x.ui.Click("1 more")
	if !sees(x, unsigned(licence)) {
		t.Errorf("the list lacks the licence:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEscape)
	x.server.set(func(f *fakeServer) { f.status.Phase = screen.Slow })
	x.ui.Settle()
	if !x.ui.Sees(SlowSentence) {
		t.Errorf("a slow server must be said above warnings:\n%s", x.ui.Dump())
	}
	x.ui.Click("Retry")
	if x.server.retry != 1 {
		t.Error("Retry does nothing")
	}
	x.server.set(func(f *fakeServer) {
		f.state.Warnings = append([]health.Warning{{Code: "c", Severity: health.Fatal, Text: locked}}, f.state.Warnings...)
	})
	x.ui.Settle()
	if !x.ui.Sees(locked) || x.ui.Sees(SlowSentence) {
		t.Errorf("the lock comes first:\n%s", x.ui.Dump())
	}
	operator := notices([]health.Warning{{Severity: health.Warn, Text: disk, Admin: true}, {Severity: health.Warn, Text: licence}}, false, false)
	if len(operator) != 1 || operator[0].text != licence {
		t.Errorf("an Operator is told %+v", operator)
	}
}

func TestConnectionLostKeepsTheForm(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press(key.NameF5)
	x.ui.Type("UJH/1182")
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Lost, Address: "192.168.1.10:8090", Attempt: 4, Since: x.clock.Now().Add(-11 * time.Second), NextTry: x.clock.Now().Add(2 * time.Second)}
	})
	x.ui.Settle()
	for _, s := range []string{LostSentence, "Your work is safe", "Last seen at 192.168.1.10:8090", "Find server again"} {
		if !sees(x, s) {
			t.Errorf("the overlay lacks %q:\n%s", s, x.ui.Dump())
		}
	}
	x.ui.Type("lost") // reaches nothing
	x.ui.Press("1", ctrl)
	x.ui.Press(key.NameEscape)
	x.ui.Click("Retry now")
	x.ui.Click("Find server again")
	if x.server.retry == 0 || x.server.seek != 1 {
		t.Errorf("retried %d, searched %d times", x.server.retry, x.server.seek)
	}
	x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
	x.ui.Settle()
	if sees(x, LostSentence) || x.w.session.nav.now().route.ID != screen.GRN {
		t.Errorf("the overlay must go and leave the form:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameEnd)
	x.ui.Type("-B")
	if got := x.form.field.Text(); got != "UJH/1182-B" {
		t.Errorf("the form holds %q: typing must go on where it was", got)
	}
}

func TestRefusalIsExplained(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Refused, Refusal: screen.WrongVersion, Detail: "server 1.4.0, this PC 1.2.0", Since: x.clock.Now()}
	})
	x.ui.Settle()
	if !sees(x, "Server and PC have different versions") || !strings.Contains(x.ui.Dump(), "server 1.4.0, this PC 1.2.0") {
		t.Errorf("no explanation:\n%s", x.ui.Dump())
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
	if x.w.session.nav.now().route.ID != screen.GRN || x.form.field.Text() != "UJH/1182" || x.w.dialogs.open() {
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
	if x.w.MayClose() || x.w.closing {
		t.Error("Esc means Stay")
	}
	x.ui.Settle()
	x.ui.Click("Close")
	if !x.w.MayClose() {
		t.Error("after Close the window may go")
	}
	x.w.closing, x.w.asked = false, false
	x.ui.Press("1", ctrl)
	x.ui.Click("Leave")
	if x.w.session.nav.now().route.ID != screen.DashboardHome {
		t.Error("Leave must leave")
	}
}

func TestEndedLoginComesBackWhereItWas(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press("8", ctrl)
	on(x.server, account.ListUsers, func(account.ListUsersReq) (account.ListUsersResp, error) {
		return account.ListUsersResp{}, core.Errorf(core.CodeUnauthenticated, "Log in again.")
	})
	x.server.set(func(f *fakeServer) { f.state.Revisions[account.TopicUsers]++ })
	x.ui.Settle()
	if x.w.session != nil || !strings.Contains(x.ui.Dump(), "Your login has ended") {
		t.Fatalf("not sent to the login:\n%s", x.ui.Dump())
	}
	x.fill()
	x.ui.Type("right password") // the last user is filled in
	x.ui.Press(key.NameReturn)
	if x.w.session == nil || x.w.session.nav.now().route.ID != screen.SystemUsers {
		t.Errorf("not back where it was:\n%s", x.ui.Dump())
	}
}

func TestReloadFollowsTopics(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	count := func() (n int) {
		for _, c := range x.server.calls {
			if c == "report.valued_dashboard" {
				n++
			}
		}
		return n
	}
	before := count()
	x.server.set(func(f *fakeServer) { f.state.Revisions["parties"]++ })
	x.ui.Settle()
	if count() != before {
		t.Error("a topic that is not shown must not reload")
	}
	x.server.set(func(f *fakeServer) { f.state.Revisions[stock.Topic]++ })
	x.ui.Settle()
	if count() != before+1 {
		t.Errorf("read %d times after a stock change, want once", count()-before)
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

func TestFirstRun(t *testing.T) {
	x := newWorld(t, "", 1440, 900)
	x.pc.conn = x.server
	x.server.state.NeedAdmin, x.server.state.Factory = true, ""
	if !sees(x, "How will this PC be used?") || !strings.Contains(x.ui.Dump(), "port 8090 is free, 212 GB free disk") {
		t.Fatalf("no picker:\n%s", x.ui.Dump())
	}
	x.ui.Press(key.NameDownArrow)
	x.ui.Press("1")
	x.ui.Press(key.NameReturn)
	if x.pc.role != screen.RoleServer || !sees(x, "Set up your factory") {
		t.Fatalf("role %q:\n%s", x.pc.role, x.ui.Dump())
	}
	var got account.CreateFirstAdminReq
	on(x.server, account.CreateFirstAdmin, func(r account.CreateFirstAdminReq) (account.LoginResp, error) {
		got = r
		x.server.set(func(f *fakeServer) { f.state.NeedAdmin, f.state.Factory = false, r.Factory })
		return account.LoginResp{Token: "token-owner", User: people["owner"]}, nil
	})
	enter := func(s string) { x.ui.Type(s); x.ui.Press(key.NameReturn) }
	enter("Sahyadri Masala")
	enter("maha")
	enter("Meera Joshi")
	enter("owner")
	enter("long enough")
	enter("other")
	if !strings.Contains(x.ui.Dump(), "The two passwords differ.") {
		t.Fatalf("different passwords were taken:\n%s", x.ui.Dump())
	}
	x.ui.Fill("Password again", "long enough")
	x.ui.Press(key.NameReturn)
	want := account.CreateFirstAdminReq{Factory: "Sahyadri Masala", StateCode: "27", Login: "owner", Name: "Meera Joshi", Password: "long enough"}
	if got != want {
		t.Errorf("sent %+v", got)
	}
	if x.w.session == nil {
		t.Errorf("not logged in:\n%s", x.ui.Dump())
	}
}

func TestConnect(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Searching, Since: x.clock.Now(), Tried: []string{"192.168.1.255"}}
	})
	x.ui.Settle()
	if sees(x, connect.NotFound) {
		t.Error("too early to give up")
	}
	x.ui.Advance(5 * time.Second)
	if !sees(x, connect.NotFound) || !sees(x, "Tried: 192.168.1.255") {
		t.Errorf("no word of the failure:\n%s", x.ui.Dump())
	}
	x.ui.Fill("Server address", "192.168.1.10")
	x.ui.Press(key.NameReturn)
	if x.server.addr != "192.168.1.10" {
		t.Errorf("dialled %q", x.server.addr)
	}
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Refused, Refusal: screen.NotPaired, Address: "192.168.1.10:8090", Since: x.clock.Now()}
	})
	x.ui.Settle()
	x.ui.Type("aaaaaaaaaaaaaaaa") // the code has the keyboard
	x.ui.Press(key.NameReturn)
	if !sees(x, "This pairing code has run out. Ask for a new one.") {
		t.Errorf("no word of a bad code:\n%s", x.ui.Dump())
	}
	x.ui.Fill("Pairing code", "k7qm4xrt 9wpb2hvn")
	x.ui.Press(key.NameReturn)
	if x.server.code != "K7QM-4XRT-9WPB-2HVN" {
		t.Errorf("paired with %q", x.server.code)
	}
	x.server.set(func(f *fakeServer) { f.status.Phase = screen.Online })
	x.ui.Settle()
	if !x.ui.Sees("Log in") {
		t.Errorf("no login after the connection:\n%s", x.ui.Dump())
	}
}

func TestUsersConflict(t *testing.T) {
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

func TestPairingCodeIsShown(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900).login("owner")
	x.ui.Press("8", ctrl)
	x.ui.Press("P", ctrl)
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
