package disk

import "golang.org/x/sys/unix"

var full = []error{unix.ENOSPC, unix.EDQUOT}
