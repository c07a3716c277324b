package tray

import (
	"bytes"
	"image"
	"image/png"
	"log/slog"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

var postMessage = windows.NewLazySystemDLL("user32.dll").NewProc("PostMessageW")

// The library is one per process, so this one test tells the whole story (not
// with -count above 1).
func TestFault_1_1_TrayMenu(t *testing.T) {
	const command, mouse, leftUp = 0x0111, 0x0401, 0x0202 // WM_COMMAND, the library's WM_USER+1, WM_LBUTTONUP
	const openItem, exitItem = 1, 3                       // 2 is the separator
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 32, 32))); err != nil {
		t.Fatal(err)
	}
	opened, exited := make(chan struct{}), make(chan struct{})
	tr, err := Start(Config{
		Icon: b.Bytes(), Title: "Masala", Tooltip: "Masala server",
		Open: func() { opened <- struct{}{} },
		Exit: func() { exited <- struct{}{} },
	}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	w, err := iconWindow()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		message, w, l uintptr
		then          chan struct{}
	}{{command, openItem, 0, opened}, {command, exitItem, 0, exited}, {mouse, 0, leftUp, opened}} {
		if ok, _, err := postMessage.Call(uintptr(w), c.message, c.w, c.l); ok == 0 {
			t.Fatal(err)
		}
		select {
		case <-c.then:
		case <-time.After(10 * time.Second):
			t.Fatalf("nothing came of %+v", c)
		}
	}
	if err := tr.Notify("Masala", "Server is running in background"); err != nil {
		t.Error(err)
	}
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := iconWindow(); err == nil {
		t.Error("the icon's window is still there")
	}
}
