//go:build linux

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"masala/core/account"
	"masala/core/catalog"
	"masala/core/party"
	"masala/platform/tray"
	"masala/platform/tray/traytest"
	"masala/transport/node"
	"masala/ui/screen"
)

// factoryPC is a supervised server on a desktop with a tray, with an item and a
// supplier in its books. Only use it where alone reports true.
type factoryPC struct {
	*supervisor
	desktop  *traytest.Desktop
	icon     dbus.BusObject
	item     catalog.Item
	supplier party.Party
}

func newFactoryPC(t *testing.T) *factoryPC {
	t.Helper()
	f := &factoryPC{}
	p := newPC(t)
	if err := (&node.SetupFile{Folder: folderOf(p.dir)}).Change(func(n *node.Setup) { n.Role = screen.RoleServer }); err != nil {
		t.Fatal(err)
	}
	traytest.StartBus(t)
	f.desktop = traytest.Start(t)
	f.supervisor = startSupervisor(t, p)
	waitFor(t, time.Minute, "service and window", func() bool { return f.service() != 0 && f.window() != 0 && f.connected() == 1 })
	f.icon = f.desktop.Item(t)
	f.item, f.supplier = f.unsupervised().setUp()
	return f
}

// said counts the lines of the window's log that hold text.
func (f *factoryPC) said(text string) int {
	b, _ := os.ReadFile(filepath.Join(f.dir, "logs", "window.log"))
	return strings.Count(string(b), text)
}

// client pairs a PC with the server and logs it in, inside this test.
func (f *factoryPC) client(ctx context.Context) *node.Line {
	f.t.Helper()
	p := newPC(f.t)
	p.must("pair", "127.0.0.1:8090", call(f.pc, account.OpenPairing, account.OpenPairingReq{}).Code)
	return f.unsupervised().line(ctx, p)
}

// unsupervised is the same server for helpers that know nothing of supervisors.
func (f *factoryPC) unsupervised() *service { return &service{pc: f.pc} }

func (f *factoryPC) choose(entry string) {
	f.t.Helper()
	f.desktop.Click(f.t, f.icon.Destination(), entry)
}

// TestFault_1_1_WindowClosedAndOpened20Times clicks X on the server's window and
// Open Dashboard in the tray twenty times while a client posts: it loses no call and
// no connection, and the user is told once that the server goes on.
func TestFault_1_1_WindowClosedAndOpened20Times(t *testing.T) {
	if !alone(t) {
		return
	}
	f := newFactoryPC(t)
	service := f.service()
	l := f.client(t.Context())
	working, done := context.WithTimeout(t.Context(), 5*time.Minute)
	defer done()
	since := l.Status().Since

	posted := 0
	var client sync.WaitGroup
	client.Go(func() {
		for n := 0; working.Err() == nil; n++ {
			attempt, stop := context.WithTimeout(t.Context(), 5*time.Second)
			_, err := postOnce(attempt, l, delivery(f.supplier.ID, f.item.ID, fmt.Sprintf("UJH/%d", n)))
			stop()
			if err != nil {
				t.Errorf("call %d was dropped: %v", n, err)
				return
			}
			posted++
		}
	})
	const times = 20
	for n := range times {
		window := f.window()
		closeX(t, f.display)
		waitFor(t, 20*time.Second, "the window to close", func() bool { return !alive(window) && f.window() == 0 })
		f.choose(tray.OpenDashboard)
		waitFor(t, 20*time.Second, "the window to open", func() bool { return f.window() != 0 && f.said("first frame") == n+2 })
		if t.Failed() {
			break
		}
	}
	done()
	client.Wait()
	if f.service() != service {
		t.Errorf("the service was process %d and is now %d", service, f.service())
	}
	if s := l.Status(); !s.Since.Equal(since) {
		t.Errorf("the client's connection did not last: %+v", s)
	}
	if got := <-f.desktop.Notified; got != "Masala Inventory: Server is running in background" {
		t.Errorf("told %q", got)
	}
	if n := len(f.desktop.Notified); n != 0 {
		t.Errorf("told %d times more", n)
	}
	t.Logf("closed and opened %d times, %d GRNs posted meanwhile, none dropped", times, posted)
	if posted < times {
		t.Error("the client posted too little to tell")
	}
	f.must("verify")
}

// TestFault_1_1_ExitServerAsks chooses Exit Server with two clients connected, once
// with the window open and once without: the window asks with the real number, Enter
// keeps the server, Exit Server ends everything in order.
func TestFault_1_1_ExitServerAsks(t *testing.T) {
	if !alone(t) {
		return
	}
	f := newFactoryPC(t)
	service := f.service()
	lines := []*node.Line{f.client(t.Context()), f.client(t.Context())}
	f.choose(tray.ExitServer)
	waitFor(t, 20*time.Second, "the question", func() bool { return f.said(`msg="exit question" clients=2`) > 0 })
	f.press("Return")
	closeX(t, f.display)
	waitFor(t, 20*time.Second, "the window to close", func() bool { return f.window() == 0 })
	if f.service() != service {
		t.Fatal("the safe answer ended the server")
	}

	before := f.said(`msg="exit question" clients=2`)
	f.choose(tray.ExitServer)
	waitFor(t, 20*time.Second, "the question of a new window", func() bool { return f.said(`msg="exit question" clients=2`) > before })
	resp, err := catalog.ListItems.Call(t.Context(), lines[0], "", catalog.ListItemsReq{})
	if err != nil || len(resp.Items) != 1 {
		t.Errorf("while the question stands: %v", err)
	}
	f.press("Tab")
	f.press("Return")
	waitFor(t, 20*time.Second, "all to end", func() bool { return !alive(service) && f.window() == 0 })
	if err := f.cmd.Wait(); err != nil {
		t.Errorf("the supervisor ended with %v", err)
	}
	b, _ := os.ReadFile(filepath.Join(f.dir, "logs", "service.log"))
	if !strings.Contains(string(b), "msg=stopping") {
		t.Error("the service did not stop in order")
	}
	f.must("verify")
}

// press strikes a key in the window. What it answers to has to be on the screen: the
// window's log says so after the frame that shows it.
func (f *factoryPC) press(key string) { f.t.Helper(); onDisplay(f.t, f.display, "xdotool", "key", key) }

// TestFault_6_2_SecondStartShowsTheFirstWindow starts the program again: it says that
// the server is already running and ends, and the first window comes to the front and
// says so too, even if it was closed.
func TestFault_6_2_SecondStartShowsTheFirstWindow(t *testing.T) {
	if !alone(t) {
		return
	}
	f := newFactoryPC(t)
	cover := exec.Command("display", "-immutable", "-size", "1440x900", "xc:gray")
	cover.Env = append(os.Environ(), "DISPLAY="+f.display)
	if err := cover.Start(); err != nil {
		t.Fatal(err, `("make deps" installs it)`)
	}
	t.Cleanup(func() { _ = cover.Process.Kill(); _ = cover.Wait() })
	front := func() string { // of those that can be seen; display keeps others for its menus
		ids, titles := stacking(t, f.display)
		for i, id := range ids {
			if viewable(f.display, id) {
				return titles[i]
			}
		}
		return ""
	}
	waitFor(t, 20*time.Second, "something over the window", func() bool { return front() != "" && front() != title })

	second := func() {
		t.Helper()
		cmd := exec.Command(exe, "--quiet", "--data", f.dir)
		cmd.Env = append(os.Environ(), "DISPLAY="+f.display, "WAYLAND_DISPLAY=")
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != 5 || !strings.Contains(string(out), "Server is already running.") {
			t.Fatalf("the second start ended with exit %d: %s", code, out)
		}
	}
	window := f.window()
	second()
	waitFor(t, 20*time.Second, "the first window in front", func() bool { return front() == title && f.said(`text="Server is already running."`) == 1 })
	if f.window() != window {
		t.Error("it is another window")
	}
	closeX(t, f.display)
	waitFor(t, 20*time.Second, "the window to close", func() bool { return f.window() == 0 })
	second()
	waitFor(t, 20*time.Second, "the window to come back", func() bool {
		return f.window() != 0 && f.said(`text="Server is already running."`) == 2 && f.said("first frame") == 2
	})
}
