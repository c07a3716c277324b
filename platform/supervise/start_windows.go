package supervise

import (
	"os"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// hand gives the child one more file and returns the handle it has there. Pipes of
// package os are inheritable; Go hands a child only the handles that are listed.
func hand(cmd *exec.Cmd, f *os.File) uintptr {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		CreationFlags:              windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW,
		AdditionalInheritedHandles: []syscall.Handle{syscall.Handle(f.Fd())},
	}
	return f.Fd()
}

func bind(*exec.Cmd) {}

// tie puts the child into a job that dies with this process, and with release: its
// only handle is ours. Programs the child starts (a PDF viewer) are left out of it
// unless tree is set.
func tie(p *os.Process, tree bool) (release func(), err error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, err
	}
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if !tree {
		info.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK
	}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	if err == nil {
		if e := p.WithHandle(func(h uintptr) { err = assign(job, windows.Handle(h)) }); e != nil {
			err = e
		}
	}
	if err != nil {
		windows.CloseHandle(job)
		return nil, err
	}
	return func() { windows.CloseHandle(job) }, nil
}

// assign takes no offence at a child that has ended already.
func assign(job, child windows.Handle) error {
	err := windows.AssignProcessToJobObject(job, child)
	if err != nil {
		if state, e := windows.WaitForSingleObject(child, 0); e == nil && state == windows.WAIT_OBJECT_0 {
			return nil
		}
	}
	return err
}

// adopt takes over the inherited pipe; programs this one starts do not get it.
func adopt(handle uintptr) (*os.File, error) {
	if err := windows.SetHandleInformation(windows.Handle(handle), windows.HANDLE_FLAG_INHERIT, 0); err != nil {
		return nil, err
	}
	return os.NewFile(handle, "supervisor"), nil
}
