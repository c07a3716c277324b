package freeze

import (
	"fmt"

	"golang.org/x/sys/windows"
)

var suspend = windows.NewLazySystemDLL("ntdll.dll").NewProc("NtSuspendProcess")

// Process stops every thread of the process; only its end gets it out of that.
func Process(pid int) error {
	h, err := windows.OpenProcess(windows.PROCESS_SUSPEND_RESUME, false, uint32(pid))
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(h) }()
	if status, _, _ := suspend.Call(uintptr(h)); status != 0 {
		return fmt.Errorf("NtSuspendProcess: status %#x", status)
	}
	return nil
}
