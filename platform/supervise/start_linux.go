package supervise

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// hand gives the child one more file and returns the number it has there.
func hand(cmd *exec.Cmd, f *os.File) uintptr {
	cmd.ExtraFiles = []*os.File{f}
	return 3
}

// bind makes the kernel kill the child when the calling thread ends, and keeps
// Ctrl+C of a terminal away from it: only the parent decides the order of stopping.
func bind(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL, Setpgid: true}
}

// tie adds what bind could not say before the child ran: with tree, its process
// group ends with it.
func tie(p *os.Process, tree bool) (release func(), err error) {
	return func() {
		if tree {
			_ = syscall.Kill(-p.Pid, unix.SIGKILL) // fails when none of the group is left
		}
	}, nil
}

// adopt takes over the inherited pipe; programs this one starts do not get it.
func adopt(fd uintptr) (*os.File, error) {
	if _, err := unix.FcntlInt(fd, unix.F_SETFD, unix.FD_CLOEXEC); err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(int(fd), true); err != nil {
		return nil, err
	}
	return os.NewFile(fd, "supervisor"), nil
}
