// Command poke posts a message to a window of another process, as a click on its
// frame or on the menu of a tray icon would: poke CLASS TITLE MESSAGE WPARAM LPARAM.
// An empty class or title fits any. "poke ask ..." waits for the answer and prints it, as
// Windows asks at the end of a session: no answer within five seconds is an error.
package main

import (
	"fmt"
	"os"
	"strconv"
	"unsafe"

	"golang.org/x/sys/windows"
)

func main() {
	if err := poke(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "poke:", err)
		os.Exit(1)
	}
}

func poke(args []string) error {
	ask := len(args) > 0 && args[0] == "ask"
	if ask {
		args = args[1:]
	}
	if len(args) != 5 {
		return fmt.Errorf("want CLASS TITLE MESSAGE WPARAM LPARAM, have %q", args)
	}
	user32 := windows.NewLazySystemDLL("user32.dll")
	var names [2]uintptr
	for i, name := range args[:2] {
		if name == "" {
			continue
		}
		p, err := windows.UTF16PtrFromString(name)
		if err != nil {
			return err
		}
		names[i] = uintptr(unsafe.Pointer(p))
	}
	window, _, _ := user32.NewProc("FindWindowW").Call(names[0], names[1])
	if window == 0 {
		return fmt.Errorf("no window %q %q", args[0], args[1])
	}
	var n [3]uint64
	for i, text := range args[2:] {
		var err error
		if n[i], err = strconv.ParseUint(text, 0, 64); err != nil {
			return err
		}
	}
	if ask {
		const patience = 5000 // ms
		var answer uintptr
		if ok, _, err := user32.NewProc("SendMessageTimeoutW").Call(window, uintptr(n[0]), uintptr(n[1]), uintptr(n[2]), 0, patience, uintptr(unsafe.Pointer(&answer))); ok == 0 {
			return fmt.Errorf("no answer: %w", err)
		}
		fmt.Println(answer)
		return nil
	}
	if ok, _, err := user32.NewProc("PostMessageW").Call(window, uintptr(n[0]), uintptr(n[1]), uintptr(n[2])); ok == 0 {
		return err
	}
	return nil
}
