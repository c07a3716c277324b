package power

import (
	"runtime"

	"golang.org/x/sys/windows"
)

const (
	continuous     = 0x80000000 // ES_CONTINUOUS
	systemRequired = 0x00000001 // ES_SYSTEM_REQUIRED
)

var setThreadExecutionState = windows.NewLazySystemDLL("kernel32.dll").NewProc("SetThreadExecutionState")

// hold stays on one thread: Windows counts the wish per thread.
func hold(want <-chan bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for awake := range want {
		state := uintptr(continuous)
		if awake {
			state |= systemRequired
		}
		setThreadExecutionState.Call(state)
	}
	setThreadExecutionState.Call(continuous)
}
