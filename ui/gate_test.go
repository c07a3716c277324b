package ui

import (
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/account"
	"masala/ui/screen"
	"masala/ui/screen/connect"
)

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

// tried is what a PC went through that finds no server.
var tried = []screen.Try{
	{Way: "Last address", Where: "192.168.1.10:8090", State: screen.TurnedAway, Why: "A PC answers there, but the server does not run on it."},
	{Way: "Typed address", Where: "192.168.1.44:8090", State: screen.Trying},
	{Way: "Search on every network", Where: "192.168.1.255, 10.8.0.255", State: screen.NoAnswer},
	{Way: "Announcement of a server", State: screen.NoAnswer, Why: "This PC cannot listen now. The search goes on without."},
}

// TestFault_3_4_ClientSaysWhatWasTried: the sentence, what was tried, and the way by a
// typed address, all on one screen.
func TestFault_3_4_ClientSaysWhatWasTried(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Searching, Since: x.clock.Now(), Down: x.clock.Now(), Tried: tried}
	})
	x.ui.Settle()
	if sees(x, connect.NotFound) {
		t.Error("too early to give up")
	}
	x.ui.Advance(3 * time.Second)
	x.server.set(func(f *fakeServer) { f.status.Phase, f.status.Since = screen.Connecting, x.clock.Now() }) // hands are shaken, in vain
	x.ui.Advance(2 * time.Second)
	if !sees(x, connect.NotFound) || !x.ui.Sees("Search on every network, 192.168.1.255, 10.8.0.255") {
		t.Errorf("no word of the failure:\n%s", x.ui.Dump())
	}
	for _, w := range tried {
		for _, says := range []string{w.Way, string(w.State), w.Why} {
			if !strings.Contains(x.ui.Dump(), says) {
				t.Errorf("%s: nothing says %q:\n%s", w.Way, says, x.ui.Dump())
			}
		}
	}
	for _, wrong := range []string{"192.168.1.300:99999", "192.168.1.300", "my server"} {
		x.ui.Fill("Server address", wrong)
		x.ui.Press(key.NameReturn)
		if x.server.addr != "" || !strings.Contains(x.ui.Dump(), "Enter") {
			t.Errorf("%q was dialled as %q:\n%s", wrong, x.server.addr, x.ui.Dump())
		}
	}
	x.ui.Fill("Server address", "192.168.1.10")
	x.ui.Press(key.NameReturn)
	if x.server.addr != "192.168.1.10" || x.ui.Sees("Pairing code") {
		t.Errorf("a paired PC looks for its server at %q and asks for no code:\n%s", x.server.addr, x.ui.Dump())
	}
	x.ui.Type("1") // the keyboard is where it was
	if x.w.connect.Address.Text != "192.168.1.101" {
		t.Errorf("the keyboard went away: %q", x.w.connect.Address.Text)
	}
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Refused, Refusal: screen.NotPaired, Address: "192.168.1.10:8090", Since: x.clock.Now(), Down: x.clock.Now()}
	})
	x.ui.Settle()
	pairs(x)
	x.server.set(func(f *fakeServer) { f.status = screen.Status{Phase: screen.Online} })
	x.ui.Settle()
	if !x.ui.Sees("Log in") {
		t.Errorf("no login after the connection:\n%s", x.ui.Dump())
	}
}

// pairs enters a wrong code and then a right one.
func pairs(x *world) {
	x.t.Helper()
	x.ui.Type("aaaaaaaaaaaaaaaa") // the code has the keyboard
	x.ui.Press(key.NameReturn)
	if !sees(x, "This pairing code has run out. Ask for a new one.") {
		x.t.Errorf("no word of a bad code:\n%s", x.ui.Dump())
	}
	x.ui.Fill("Pairing code", "k7qm4xrt 9wpb2hvn")
	x.ui.Press(key.NameReturn)
	if x.server.addr != "192.168.1.10:8090" || x.server.code != "K7QM-4XRT-9WPB-2HVN" {
		x.t.Errorf("paired with %q by %q", x.server.addr, x.server.code)
	}
}

// TestFault_3_4_NewPC: a PC that has no server yet reads that it finds none, chooses one
// once it is heard, and is asked for a code then.
func TestFault_3_4_NewPC(t *testing.T) {
	x := newWorld(t, screen.RoleClient, 1440, 900)
	x.server.set(func(f *fakeServer) {
		f.status = screen.Status{Phase: screen.Unpaired, Since: x.clock.Now(), Down: x.clock.Now(), Tried: tried[2:]}
	})
	x.ui.Advance(5 * time.Second)
	if !sees(x, connect.NotFound) || !x.ui.Sees("Search on every network, 192.168.1.255, 10.8.0.255") || x.ui.Sees("Pairing code") || strings.Contains(x.ui.Dump(), "was found") {
		t.Errorf("nothing found:\n%s", x.ui.Dump())
	}
	x.server.set(func(f *fakeServer) { f.found = []screen.Server{{Name: "MASALA-SRV", Address: "192.168.1.10:8090"}} })
	x.ui.Settle()
	if sees(x, connect.NotFound) || !sees(x, "Pair this PC with MASALA-SRV, 192.168.1.10:8090") {
		t.Errorf("found:\n%s", x.ui.Dump())
	}
	pairs(x)
}

// TestFault_3_4_OtherServersDoNotCount: the server of this PC is not found, whatever
// announces itself, the server itself included, whose firewall lets nothing in.
func TestFault_3_4_OtherServersDoNotCount(t *testing.T) {
	own := screen.Server{Name: "MASALA-SRV", Address: "192.168.1.10:8090", Paired: true}
	others := []screen.Server{{Name: "A", Address: "192.168.1.98:8090"}, {Name: "B", Address: "192.168.1.99:8090"}}
	for name, found := range map[string][]screen.Server{"none": nil, "own": {own}, "another": others[:1], "two others": others, "all": append(others, own)} {
		x := newWorld(t, screen.RoleClient, 1440, 900)
		x.server.set(func(f *fakeServer) {
			f.found = found
			f.status = screen.Status{Phase: screen.Searching, Since: x.clock.Now(), Down: x.clock.Now(), Server: "MASALA-SRV", Address: "192.168.1.10:8090", Tried: tried}
		})
		x.ui.Settle()
		x.ui.Advance(5 * time.Second)
		if d := x.ui.Dump(); !sees(x, connect.NotFound) || !strings.Contains(d, "What is tried") || !strings.Contains(d, "Looking for MASALA-SRV.") || x.ui.Sees("Pairing code") {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}
