package freeze

import "syscall"

// Process stops every thread of the process; only its end gets it out of that.
func Process(pid int) error { return syscall.Kill(pid, syscall.SIGSTOP) }
