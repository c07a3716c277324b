package tray

import (
	"bufio"
	"bytes"
	"errors"
	"image"
	"image/png"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

func pngIcon(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 32, 32))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWithoutSessionBusThereIsNoTray(t *testing.T) {
	for _, address := range []string{"unix:path=" + t.TempDir() + "/none", "nonsense"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		if _, err := Start(Config{Icon: pngIcon(t)}, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrNoTray) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestIconMustBeAPicture(t *testing.T) {
	if _, err := Start(Config{Icon: []byte("no picture")}, slog.New(slog.DiscardHandler)); err == nil || errors.Is(err, ErrNoTray) {
		t.Error(err)
	}
}

// desktop plays the part of the desktop's tray and notifications.
type desktop struct {
	conn       *dbus.Conn
	registered chan dbus.Sender
	notified   chan string
}

func (d *desktop) RegisterStatusNotifierItem(_ string, from dbus.Sender) *dbus.Error {
	d.registered <- from
	return nil
}

func (d *desktop) Notify(app string, _ uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.notified <- title + ": " + text
	return 1, nil
}

func startBus(t *testing.T) {
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

func startDesktop(t *testing.T) *desktop {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	d := &desktop{conn, make(chan dbus.Sender, 4), make(chan string, 4)}
	for name, path := range map[string]string{watcher: "/StatusNotifierWatcher", "org.freedesktop.Notifications": "/org/freedesktop/Notifications"} {
		if err := conn.Export(d, dbus.ObjectPath(path), name); err != nil {
			t.Fatal(err)
		}
		d.own(t, name)
	}
	return d
}

func (d *desktop) own(t *testing.T, name string) {
	t.Helper()
	if r, err := d.conn.RequestName(name, 0); err != nil || r != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(r, err)
	}
}

// item waits for the icon. The library looks for a tray first and listens for a
// new one only then: a tray that comes in between is missed, so it comes again.
func (d *desktop) item(t *testing.T) dbus.BusObject {
	t.Helper()
	for range 50 {
		select {
		case from := <-d.registered:
			return d.conn.Object(string(from), "/StatusNotifierItem")
		case <-time.After(200 * time.Millisecond):
		}
		if _, err := d.conn.ReleaseName(watcher); err != nil {
			t.Fatal(err)
		}
		d.own(t, watcher)
	}
	t.Fatal("the icon never came")
	panic("unreachable")
}

const envOwnProcess = "TRAY_TEST_OWN_PROCESS"

// The library is one per process, so this one test tells the whole story in a
// process of its own: the desktop's tray comes later than the program, shows the
// menu, is clicked.
func TestFault_1_1_TrayMenu(t *testing.T) {
	if os.Getenv(envOwnProcess) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), envOwnProcess+"=1")
		if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	startBus(t)
	opened, exited := make(chan struct{}), make(chan struct{})
	tr, err := Start(Config{
		Icon: pngIcon(t), Title: "Masala", Tooltip: "Masala server",
		Open: func() { opened <- struct{}{} },
		Exit: func() { exited <- struct{}{} },
	}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	if tr.Visible() {
		t.Error("nobody shows the icon yet")
	}
	d := startDesktop(t)
	item := d.item(t)
	if !tr.Visible() {
		t.Error("the desktop shows the icon")
	}

	click(t, d, item.Destination(), OpenDashboard)
	next(t, opened)
	click(t, d, item.Destination(), ExitServer)
	next(t, exited)
	if err := item.Call("org.kde.StatusNotifierItem.Activate", 0, int32(0), int32(0)).Err; err != nil {
		t.Fatal(err)
	}
	next(t, opened) // a click on the icon itself

	if err := tr.Notify("Masala", "Server is running in background"); err != nil {
		t.Fatal(err)
	}
	if got := next(t, d.notified); got != "Masala: Server is running in background" {
		t.Error(got)
	}
	if _, err := Start(Config{Icon: pngIcon(t)}, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a second tray was started")
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	var owned bool
	if err := d.conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, item.Destination()).Store(&owned); err != nil || owned {
		t.Error("the icon is still there", err)
	}
}

type menuNode struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

func click(t *testing.T, d *desktop, at, label string) {
	t.Helper()
	menu := d.conn.Object(at, "/StatusNotifierItem/menu")
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

func next[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(10 * time.Second):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}
