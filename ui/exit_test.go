package ui

import (
	"slices"
	"testing"

	"gioui.org/io/key"

	"masala/ui/screen"
)

// exits is what the window has said about the end of the server.
func exits(x *world) *[]screen.ExitAnswer {
	var said []screen.ExitAnswer
	x.w.deps.ExitAnswer = func(a screen.ExitAnswer) { said = append(said, a) }
	return &said
}

func TestFault_1_1_ExitIsAskedWithTheClientCount(t *testing.T) {
	for _, loggedIn := range []bool{false, true} {
		x := newWorld(t, screen.RoleServer, 1440, 900)
		if loggedIn {
			x.login("owner")
		}
		said := exits(x)
		for n, want := range map[int]string{0: "No clients are connected. Are you sure?", 1: "1 client is connected. Are you sure?", 4: "4 clients are connected. Are you sure?"} {
			*said = nil
			x.w.AskExit(screen.ExitQuestion{Clients: 9})
			x.w.AskExit(screen.ExitQuestion{Clients: n}) // the number has changed
			x.ui.Settle()
			if !x.ui.Sees(want) || x.ui.Sees("9 clients") {
				t.Errorf("%d clients, logged in %v:\n%s", n, loggedIn, x.ui.Dump())
			}
			x.ui.Press(key.NameReturn) // the safe answer has the keyboard
			if want := []screen.ExitAnswer{screen.ExitShown, screen.ExitNo}; !slices.Equal(*said, want) {
				t.Errorf("said %v, want %v", *said, want)
			}
		}
		x.w.AskExit(screen.ExitQuestion{Clients: 4})
		x.ui.Settle()
		x.ui.Press(key.NameEscape)
		x.w.AskExit(screen.ExitQuestion{Clients: 4})
		x.ui.Settle()
		x.ui.Click("Exit Server")
		if got := (*said)[len(*said)-4:]; !slices.Equal(got, []screen.ExitAnswer{screen.ExitShown, screen.ExitNo, screen.ExitShown, screen.ExitYes}) {
			t.Errorf("Esc and Exit Server said %v", got)
		}
		if x.w.own.open() {
			t.Error("a question is left")
		}
	}
}

// TestFault_1_1_ExitIsAnsweredAtOnce strikes the answer the moment the question is
// drawn, in the very first frame of a window or in any later one: no key is lost, and
// the supervisor hears that the question is shown no sooner than it is.
func TestFault_1_1_ExitIsAnsweredAtOnce(t *testing.T) {
	for frames := range 4 {
		x := newWorld(t, screen.RoleServer, 1440, 900)
		said := exits(x)
		x.w.AskExit(screen.ExitQuestion{Clients: 2})
		if len(*said) != 0 {
			t.Fatalf("shown before it is drawn: %v", *said)
		}
		for range frames + 1 {
			x.ui.Frame()
		}
		x.ui.Burst(func() { x.ui.Press(key.NameTab); x.ui.Press(key.NameReturn) })
		if want := []screen.ExitAnswer{screen.ExitShown, screen.ExitYes}; !slices.Equal(*said, want) {
			t.Errorf("after %d frames said %v, want %v", frames+1, *said, want)
		}
	}
}

// TestFault_1_1_ExitWhileClientsComeAndGo: a number that falls leaves the keyboard
// where the user has put it, one that grows gives it back to the safe answer, and a
// logout does not take the question away.
func TestFault_1_1_ExitWhileClientsComeAndGo(t *testing.T) {
	for now, want := range map[int]screen.ExitAnswer{1: screen.ExitYes, 3: screen.ExitNo} {
		x := newWorld(t, screen.RoleServer, 1440, 900).login("owner")
		said := exits(x)
		x.w.AskExit(screen.ExitQuestion{Clients: 2})
		x.ui.Settle()
		x.w.endSession()
		x.ui.Settle()
		x.ui.Press(key.NameTab)
		x.w.AskExit(screen.ExitQuestion{Clients: now})
		x.ui.Settle()
		x.ui.Press(key.NameReturn)
		if got := (*said)[len(*said)-1]; got != want {
			t.Errorf("from 2 clients to %d: %v, want %s", now, *said, want)
		}
	}
}

func TestOnlyAnAdminAtTheServerMayExitIt(t *testing.T) {
	for _, c := range []struct {
		role  screen.Role
		login string
		may   bool
	}{{screen.RoleServer, "owner", true}, {screen.RoleServer, "store1", false}, {screen.RoleClient, "owner", false}} {
		x := newWorld(t, c.role, 1440, 900).login(c.login)
		said := exits(x)
		x.w.chrome.menu.Toggle()
		x.ui.Settle()
		if x.ui.Sees("Exit Server") != c.may {
			t.Errorf("%s on a %s:\n%s", c.login, c.role, x.ui.Dump())
		}
		if c.may {
			x.ui.Click("Exit Server")
			if !slices.Equal(*said, []screen.ExitAnswer{screen.ExitWanted}) {
				t.Errorf("said %v", *said)
			}
		}
	}
}

func TestFault_6_2_FirstWindowSaysThatTheServerRuns(t *testing.T) {
	x := newWorld(t, screen.RoleServer, 1440, 900)
	x.w.Say("Server is already running.")
	x.ui.Settle()
	if !x.ui.Sees("Server is already running.") {
		t.Errorf("not said:\n%s", x.ui.Dump())
	}
}
