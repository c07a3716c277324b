package tray

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"masala/platform/tray/traytest"
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
	traytest.StartBus(t)
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
	d := traytest.Start(t)
	item := d.Item(t)
	if !tr.Visible() {
		t.Error("the desktop shows the icon")
	}

	d.Click(t, item.Destination(), OpenDashboard)
	next(t, opened)
	d.Click(t, item.Destination(), ExitServer)
	next(t, exited)
	if err := item.Call("org.kde.StatusNotifierItem.Activate", 0, int32(0), int32(0)).Err; err != nil {
		t.Fatal(err)
	}
	next(t, opened) // a click on the icon itself

	if err := tr.Notify("Masala", "Server is running in background"); err != nil {
		t.Fatal(err)
	}
	if got := next(t, d.Notified); got != "Masala: Server is running in background" {
		t.Error(got)
	}
	if _, err := Start(Config{Icon: pngIcon(t)}, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a second tray was started")
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	var owned bool
	if err := d.Conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, item.Destination()).Store(&owned); err != nil || owned {
		t.Error("the icon is still there", err)
	}
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
