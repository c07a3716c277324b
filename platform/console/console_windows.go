package console

import (
	"bufio"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	kernel32        = windows.NewLazySystemDLL("kernel32.dll")
	attachConsole   = kernel32.NewProc("AttachConsole")
	allocConsole    = kernel32.NewProc("AllocConsole")
	freeConsole     = kernel32.NewProc("FreeConsole")
	setConsoleTitle = kernel32.NewProc("SetConsoleTitleW")
)

const parentProcess = 0xffffffff // ATTACH_PARENT_PROCESS

func attach() {
	if usable(os.Stdout) && usable(os.Stderr) {
		return // redirected to a file or pipe
	}
	if ok, _, _ := attachConsole.Call(parentProcess); ok == 0 {
		return // started by a double click
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return
	}
	if !usable(os.Stdout) {
		os.Stdout = out
	}
	if !usable(os.Stderr) {
		os.Stderr = out
		windows.SetStdHandle(windows.STD_ERROR_HANDLE, windows.Handle(out.Fd())) // for panics
	}
}

// usable reports whether something is behind the handle: a GUI program starts with
// none, or with invalid ones.
func usable(f *os.File) bool {
	h := windows.Handle(f.Fd())
	if h == 0 || h == windows.InvalidHandle {
		return false
	}
	t, err := windows.GetFileType(h)
	return err == nil && t != windows.FILE_TYPE_UNKNOWN
}

func own(title string) (func(), error) {
	if usable(os.Stdin) {
		return func() {}, nil // answers come from a file or pipe
	}
	freeConsole.Call() // the shell's, if attached
	if ok, _, err := allocConsole.Call(); ok == 0 {
		return nil, err
	}
	if t, err := windows.UTF16PtrFromString(title); err == nil {
		setConsoleTitle.Call(uintptr(unsafe.Pointer(t)))
	}
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	os.Stdin, os.Stdout, os.Stderr = in, out, out
	return func() {
		fmt.Fprint(out, "\r\nPress Enter to close this window.")
		bufio.NewReader(in).ReadString('\n')
		freeConsole.Call()
	}, nil
}
