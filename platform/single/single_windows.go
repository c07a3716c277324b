package single

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// everyone lets the processes of every user see the mutex and ring the event; only
// the maker may do more.
const everyone = "D:(A;;GA;;;OW)(A;;GA;;;SY)(A;;0x00100002;;;WD)" // SYNCHRONIZE | EVENT_MODIFY_STATE

func acquire(name string) (*Instance, error) {
	i, err := acquireIn(`Global\`, name)
	var running *RunningError
	if err == nil || errors.As(err, &running) {
		return i, err
	}
	// A session that may make no global objects is alone in its session at least.
	return acquireIn(`Local\`, name)
}

func acquireIn(space, name string) (*Instance, error) {
	sa, err := forEveryone()
	if err != nil {
		return nil, err
	}
	mutex, err := createMutex(sa, space+name+"Mutex")
	if err != nil {
		return nil, err
	}
	ring, err := createEvent(sa, space+name+"Activate")
	if err != nil {
		windows.CloseHandle(mutex)
		return nil, err
	}
	end, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		windows.CloseHandle(mutex)
		windows.CloseHandle(ring)
		return nil, err
	}
	i := &Instance{activated: make(chan struct{}, 1)}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			n, err := windows.WaitForMultipleObjects([]windows.Handle{end, ring}, false, windows.INFINITE)
			if err != nil || n != windows.WAIT_OBJECT_0+1 {
				return
			}
			i.activate()
		}
	}()
	i.release = func() error {
		err := windows.SetEvent(end)
		<-over
		return errors.Join(err, windows.CloseHandle(ring), windows.CloseHandle(end), windows.CloseHandle(mutex))
	}
	return i, nil
}

// createMutex owns nothing: that the mutex exists is the lock.
func createMutex(sa *windows.SecurityAttributes, name string) (windows.Handle, error) {
	n, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	h, err := windows.CreateMutexEx(sa, n, 0, windows.SYNCHRONIZE) // x/sys returns the handle and ERROR_ALREADY_EXISTS
	switch {
	case err == nil:
		return h, nil
	case errors.Is(err, windows.ERROR_ALREADY_EXISTS):
		windows.CloseHandle(h)
		return 0, &RunningError{}
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		// Either one is there that we may not open, or we may make none at all.
		h, e := windows.OpenMutex(windows.SYNCHRONIZE, false, n)
		if e == nil {
			windows.CloseHandle(h)
		}
		if e == nil || errors.Is(e, windows.ERROR_ACCESS_DENIED) {
			return 0, &RunningError{}
		}
	}
	return 0, fmt.Errorf("The lock of the server could not be taken. Restart this PC and try again. (%w)", err)
}

// createEvent makes an event that resets itself; one that a caller still holds
// open is as good.
func createEvent(sa *windows.SecurityAttributes, name string) (windows.Handle, error) {
	n, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	h, err := windows.CreateEvent(sa, 0, 0, n)
	if errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		err = nil
	}
	return h, err
}

func forEveryone() (*windows.SecurityAttributes, error) {
	sd, err := windows.SecurityDescriptorFromString(everyone)
	if err != nil {
		return nil, err
	}
	sa := &windows.SecurityAttributes{SecurityDescriptor: sd}
	sa.Length = uint32(unsafe.Sizeof(*sa))
	return sa, nil
}

func activate(name string) error {
	allowForeground()
	for _, space := range []string{`Global\`, `Local\`} {
		n, err := windows.UTF16PtrFromString(space + name + "Activate")
		if err != nil {
			return err
		}
		h, err := windows.OpenEvent(windows.EVENT_MODIFY_STATE, false, n)
		if errors.Is(err, windows.ERROR_FILE_NOT_FOUND) {
			continue
		}
		if err != nil {
			return err
		}
		return errors.Join(windows.SetEvent(h), windows.CloseHandle(h))
	}
	return os.ErrNotExist
}

// allowForeground lets any process come to the front: Windows grants that only to
// the process the user touched last, which is the second one, not the first.
func allowForeground() {
	const anyProcess = 0xffffffff // ASFW_ANY
	windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow").Call(anyProcess)
}
