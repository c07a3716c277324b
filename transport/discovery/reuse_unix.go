//go:build unix

package discovery

import "syscall"

// reuse lets a client hear beacons on a PC where a server listens too.
func reuse(_, _ string, c syscall.RawConn) (err error) {
	cerr := c.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	})
	if err == nil {
		err = cerr
	}
	return err
}
