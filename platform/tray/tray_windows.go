package tray

import (
	"errors"
	"image"
	"unsafe"

	"golang.org/x/sys/windows"

	"masala/platform/logoff"
)

var (
	shellNotifyIcon      = windows.NewLazySystemDLL("shell32.dll").NewProc("Shell_NotifyIconW")
	findWindowEx         = windows.NewLazySystemDLL("user32.dll").NewProc("FindWindowExW")
	errIconWindow        = errors.New("the window of the tray icon was not found")
	errBalloon           = errors.New("the system did not show the message")
	libraryClass         = windows.StringToUTF16Ptr("SystrayClass")
	_               host = taskbar{}
)

const libraryIcon = 100 // the id fyne.io/systray gives its icon

type taskbar struct{}

// quiet lets every session end, and keeps the end of one that was cancelled from the
// library, which would take the icon away.
type quiet struct{}

func (quiet) MayEnd() string { return "" }
func (quiet) Ends()          {}
func (quiet) Stays()         {}

func (taskbar) started() error {
	w, err := iconWindow()
	if err != nil {
		return err
	}
	return logoff.Watch(uintptr(w), quiet{})
}

func openHost() (host, error) { return taskbar{}, nil }

func (taskbar) visible() bool { return true }
func (taskbar) close() error  { return nil }

// balloon is NOTIFYICONDATAW.
type balloon struct {
	Size             uint32
	Window           windows.Handle
	ID, Flags, Msg   uint32
	Icon             windows.Handle
	Tip              [128]uint16
	State, StateMask uint32
	Info             [256]uint16
	Timeout          uint32
	Title            [64]uint16
	InfoFlags        uint32
	GUID             windows.GUID
	BalloonIcon      windows.Handle
}

// notify shows a balloon through the library's icon.
func (taskbar) notify(title, text string) error {
	const modify, info, infoIcon = 1, 0x10, 1 // NIM_MODIFY, NIF_INFO, NIIF_INFO
	w, err := iconWindow()
	if err != nil {
		return err
	}
	n := balloon{Window: w, ID: libraryIcon, Flags: info, InfoFlags: infoIcon}
	n.Size = uint32(unsafe.Sizeof(n))
	put(n.Title[:], title)
	put(n.Info[:], text)
	if ok, _, _ := shellNotifyIcon.Call(modify, uintptr(unsafe.Pointer(&n))); ok == 0 {
		return errBalloon
	}
	return nil
}

// put cuts text to what fits with its closing zero.
func put(to []uint16, text string) {
	u, err := windows.UTF16FromString(text)
	if err == nil {
		copy(to[:len(to)-1], u)
	}
}

// iconWindow finds the library's window among those of all processes.
func iconWindow() (windows.Handle, error) {
	for w := uintptr(0); ; {
		w, _, _ = findWindowEx.Call(0, w, uintptr(unsafe.Pointer(libraryClass)), 0)
		if w == 0 {
			return 0, errIconWindow
		}
		var pid uint32
		if _, err := windows.GetWindowThreadProcessId(windows.HWND(w), &pid); err == nil && pid == windows.GetCurrentProcessId() {
			return windows.Handle(w), nil
		}
	}
}

// icon makes the ICO file the library wants.
func icon(_ []byte, picture image.Image) []byte { return ico(picture) }
