package logoff

import (
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

// user answers as a window with these unsaved changes.
type user struct {
	unsaved string
	asked   int
	ended   int
	stayed  int
}

func (u *user) MayEnd() string { u.asked++; return u.unsaved }
func (u *user) Ends()          { u.ended++ }
func (u *user) Stays()         { u.stayed++ }

var (
	createWindow = user32.NewProc("CreateWindowExW")
	destroy      = user32.NewProc("DestroyWindow")
	sendMessage  = user32.NewProc("SendMessageW")
	reasonQuery  = user32.NewProc("ShutdownBlockReasonQuery")
)

// reason is what Windows shows beside the program; "" while it does not block. Wine keeps
// no reasons and cannot be asked.
func reason(handle uintptr) string {
	if reasonQuery.Find() != nil {
		return ""
	}
	var text [256]uint16
	size := uint32(len(text))
	if ok, _, _ := reasonQuery.Call(handle, uintptr(unsafe.Pointer(&text[0])), uintptr(unsafe.Pointer(&size))); ok == 0 {
		return ""
	}
	return windows.UTF16ToString(text[:])
}

// TestSession sends a window what Windows sends at the end of a session.
func TestSession(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	class := windows.StringToUTF16Ptr("STATIC")
	handle, _, err := createWindow.Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 10, 10, 0, 0, 0, 0)
	if handle == 0 {
		t.Fatal(err)
	}
	defer destroy.Call(handle)
	u := &user{}
	if err := Watch(handle, u); err != nil {
		t.Fatal(err)
	}
	send := func(message, wParam, lParam uintptr) uintptr {
		r, _, _ := sendMessage.Call(handle, message, wParam, lParam)
		return r
	}
	if send(wmQueryEndSession, 0, 0) != 1 || u.asked != 1 {
		t.Error("a window without changes keeps the session")
	}
	u.unsaved = "You have unsaved changes."
	if send(wmQueryEndSession, 0, endSessionCritical) != 1 || u.asked != 2 {
		t.Error("a session that must end is kept")
	}
	if send(wmQueryEndSession, 0, 0) != 0 || u.asked != 3 {
		t.Error("unsaved changes do not keep the session")
	}
	if got := reason(handle); got != u.unsaved && reasonQuery.Find() == nil {
		t.Errorf("Windows shows %q", got)
	}
	if send(wmEndSession, 0, 0); u.stayed != 1 || u.ended != 0 || reason(handle) != "" {
		t.Errorf("cancelled: %+v, still blocked by %q", u, reason(handle))
	}
	if send(wmEndSession, 1, 0); u.ended != 1 {
		t.Errorf("ended: %+v", u)
	}
	const wmSetText, wmGetTextLength = 0x000C, 0x000E
	send(wmSetText, 0, uintptr(unsafe.Pointer(windows.StringToUTF16Ptr("Masala"))))
	if n := send(wmGetTextLength, 0, 0); n != 6 {
		t.Errorf("other messages do not reach the window: its text has %d letters", n)
	}
	if err := Last(); err != nil {
		t.Error(err)
	}
}
