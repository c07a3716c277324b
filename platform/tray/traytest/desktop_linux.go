// Package traytest plays the part of a Linux desktop for tests of the tray: a session
// bus of its own, a tray that shows icons, and notifications.
package traytest

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const watcher = "org.kde.StatusNotifierWatcher"

// Desktop is the desktop's tray and notifications.
type Desktop struct {
	Conn       *dbus.Conn
	Notified   chan string // "title: text"
	registered chan dbus.Sender
}

// RegisterStatusNotifierItem is called by programs with an icon.
func (d *Desktop) RegisterStatusNotifierItem(_ string, from dbus.Sender) *dbus.Error {
	d.registered <- from
	return nil
}

// Notify is called by programs with a message.
func (d *Desktop) Notify(app string, _ uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.Notified <- title + ": " + text
	return 1, nil
}

// StartBus starts a session bus and makes it this process's.
func StartBus(t *testing.T) {
	t.Helper()
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address", "--address=unix:path="+t.TempDir()+"/bus")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal("dbus-daemon is needed (make deps):", err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(line))
}

// Start makes a desktop on the session bus.
func Start(t *testing.T) *Desktop {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	d := &Desktop{conn, make(chan string, 64), make(chan dbus.Sender, 64)}
	for name, path := range map[string]string{watcher: "/StatusNotifierWatcher", "org.freedesktop.Notifications": "/org/freedesktop/Notifications"} {
		if err := conn.Export(d, dbus.ObjectPath(path), name); err != nil {
			t.Fatal(err)
		}
		d.own(t, name)
	}
	return d
}

func (d *Desktop) own(t *testing.T, name string) {
	t.Helper()
	if r, err := d.Conn.RequestName(name, 0); err != nil || r != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(r, err)
	}
}

// Item waits for the icon. The library looks for a tray first and listens for a
// new one only then: a tray that comes in between is missed, so it comes again.
func (d *Desktop) Item(t *testing.T) dbus.BusObject {
	t.Helper()
	for range 50 {
		select {
		case from := <-d.registered:
			return d.Conn.Object(string(from), "/StatusNotifierItem")
		case <-time.After(200 * time.Millisecond):
		}
		if _, err := d.Conn.ReleaseName(watcher); err != nil {
			t.Fatal(err)
		}
		d.own(t, watcher)
	}
	t.Fatal("the icon never came")
	panic("unreachable")
}

// menuNode is an entry of a menu as the bus carries it.
type menuNode struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// Click chooses an entry of the menu of the icon at the bus name at.
func (d *Desktop) Click(t *testing.T, at, label string) {
	t.Helper()
	menu := d.Conn.Object(at, "/StatusNotifierItem/menu")
	var revision uint32
	var root menuNode
	if err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		t.Fatal(err)
	}
	for _, c := range root.Children {
		var n menuNode
		if err := dbus.Store([]any{c.Value()}, &n); err != nil {
			t.Fatal(err)
		}
		if n.Properties["label"].Value() == label {
			if err := menu.Call("com.canonical.dbusmenu.Event", 0, n.ID, "clicked", dbus.MakeVariant(""), uint32(0)).Err; err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("%q is not in the menu %v", label, root)
}
