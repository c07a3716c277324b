package logoff

import (
	"fmt"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// See winuser.h.
const (
	wmQueryEndSession  = 0x0011
	wmEndSession       = 0x0016
	wmNCDestroy        = 0x0082
	endSessionCritical = 0x40000000 // in lParam: nobody is asked
	gwlpWndProc        = ^uintptr(3)
)

// levelLast is lower than the 0x280 every process begins with: Windows ends the processes
// of a session from the highest level to the lowest.
const levelLast = 0x200

var (
	user32         = windows.NewLazySystemDLL("user32.dll")
	getWindowLong  = user32.NewProc("GetWindowLongPtrW")
	setWindowLong  = user32.NewProc("SetWindowLongPtrW")
	defWindowProc  = user32.NewProc("DefWindowProcW")
	callWindowProc = user32.NewProc("CallWindowProcW")
	blockCreate    = user32.NewProc("ShutdownBlockReasonCreate")
	blockDestroy   = user32.NewProc("ShutdownBlockReasonDestroy")
	setLevel       = windows.NewLazySystemDLL("kernel32.dll").NewProc("SetProcessShutdownParameters")

	watched  sync.Map // window handle: *window
	callback = sync.OnceValue(func() uintptr { return windows.NewCallback(procedure) })
)

type window struct {
	program  Program
	original uintptr // its procedure before
}

// Watch asks p when the session of the window's user is about to end. It sends the
// window no message, so that it may be called while the window waits for its program.
func Watch(handle uintptr, p Program) error {
	original, _, err := getWindowLong.Call(handle, gwlpWndProc)
	if original == 0 {
		return fmt.Errorf("watch for the end of the session: %w", err)
	}
	if _, twice := watched.LoadOrStore(handle, &window{p, original}); twice {
		return nil
	}
	if old, _, err := setWindowLong.Call(handle, gwlpWndProc, callback()); old == 0 {
		watched.Delete(handle)
		return fmt.Errorf("watch for the end of the session: %w", err)
	}
	return nil
}

// Last has this process end after those with windows, which may ask their users.
func Last() error {
	if ok, _, err := setLevel.Call(levelLast, 0); ok == 0 {
		return fmt.Errorf("order of the end of the session: %w", err)
	}
	return nil
}

// procedure takes the window's messages in.
func procedure(handle, message, wParam, lParam uintptr) uintptr {
	found, ok := watched.Load(handle)
	if !ok {
		result, _, _ := defWindowProc.Call(handle, message, wParam, lParam)
		return result
	}
	w := found.(*window)
	switch message {
	case wmQueryEndSession:
		reason := w.program.MayEnd()
		if reason == "" || lParam&endSessionCritical != 0 {
			return 1
		}
		if text, err := windows.UTF16PtrFromString(reason); err == nil {
			_, _, _ = blockCreate.Call(handle, uintptr(unsafe.Pointer(text))) // without it Windows names the program alone
		}
		return 0
	case wmEndSession:
		_, _, _ = blockDestroy.Call(handle)
		if wParam != 0 {
			w.program.Ends()
		} else {
			w.program.Stays()
		}
		return 0
	case wmNCDestroy: // the last message of a window
		watched.Delete(handle)
	}
	result, _, _ := callWindowProc.Call(w.original, handle, message, wParam, lParam)
	return result
}
