package single

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A socket in the abstract namespace is lock and doorbell in one: binding is
// atomic, the kernel frees it when the process dies, no file is left, and every
// user of the PC sees the same one. It belongs to the network namespace, as port
// 8090 does.
func address(name string) *net.UnixAddr {
	return &net.UnixAddr{Name: "@" + strings.ToLower(name), Net: "unix"}
}

// ringTime is how long caller and holder wait for each other.
const ringTime = 2 * time.Second

func acquire(name string) (*Instance, error) {
	l, err := net.ListenUnix("unix", address(name))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &RunningError{PID: holder(name)}
	}
	if err != nil {
		return nil, fmt.Errorf("The lock of the server could not be taken. Restart this PC and try again. (%w)", err)
	}
	i := &Instance{activated: make(chan struct{}, 1)}
	var answering sync.WaitGroup
	answering.Go(func() {
		for {
			c, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				answering.Go(func() { i.answer(c) })
			}
		}
	})
	i.release = func() error {
		err := l.Close()
		answering.Wait()
		return err
	}
	return i, nil
}

// answer serves one caller: a ring is one byte, answered by one byte. A caller
// that only wants to know who holds the name sends nothing.
func (i *Instance) answer(c net.Conn) {
	defer c.Close()
	c.SetDeadline(time.Now().Add(ringTime))
	var ring [1]byte
	if _, err := io.ReadFull(c, ring[:]); err != nil {
		return
	}
	i.activate()
	c.Write(ring[:])
}

func activate(name string) error {
	c, err := net.DialUnix("unix", nil, address(name))
	if errors.Is(err, syscall.ECONNREFUSED) {
		return os.ErrNotExist
	}
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(ringTime))
	ring := []byte{1}
	if _, err := c.Write(ring); err != nil {
		return err
	}
	_, err = io.ReadFull(c, ring)
	return err
}

// holder asks the kernel who listens.
func holder(name string) (pid int) {
	c, err := net.DialUnix("unix", nil, address(name))
	if err != nil {
		return 0
	}
	defer c.Close()
	raw, err := c.SyscallConn()
	if err != nil {
		return 0
	}
	raw.Control(func(fd uintptr) {
		if cred, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			pid = int(cred.Pid)
		}
	})
	return pid
}
