//go:build linux

package e2e

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// onDisplay runs a program on a display and returns what it prints.
func onDisplay(t *testing.T, display, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+display)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v %s (\"make deps\" installs it)", name, args, err, out)
	}
	return string(out)
}

// stacking lists the windows of a display by id and title, the uppermost first.
func stacking(t *testing.T, display string) (ids []uint32, titles []string) {
	t.Helper()
	for _, line := range strings.Split(onDisplay(t, display, "xwininfo", "-root", "-tree"), "\n") {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "0x") || !strings.Contains(line, `"`) {
			continue
		}
		id, _, _ := strings.Cut(line, " ")
		n, err := strconv.ParseUint(id, 0, 32)
		if err != nil {
			t.Fatal(err)
		}
		ids, titles = append(ids, uint32(n)), append(titles, strings.Split(line, `"`)[1])
	}
	return ids, titles
}

// viewable reports whether a window is there and on the screen.
func viewable(display string, window uint32) bool {
	cmd := exec.Command("xwininfo", "-id", strconv.FormatUint(uint64(window), 10))
	cmd.Env = append(os.Environ(), "DISPLAY="+display)
	out, err := cmd.Output()
	return err == nil && strings.Contains(string(out), "IsViewable")
}

const title = "Masala Inventory"

// closeX clicks the X of the program's window as a window manager does: by a
// WM_DELETE_WINDOW message. It speaks the X protocol itself, because without a window
// manager no tool does.
func closeX(t *testing.T, display string) {
	t.Helper()
	ids, titles := stacking(t, display)
	for i, name := range titles {
		if name != title {
			continue
		}
		if err := deleteWindow(display, ids[i]); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("no window to close among %v", titles)
}

func deleteWindow(display string, window uint32) error {
	c, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(display, ":"))
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil { // little endian, version 11.0, no authorization
		return err
	}
	var setup [8]byte
	if _, err := io.ReadFull(c, setup[:]); err != nil {
		return err
	}
	if setup[0] != 1 {
		return fmt.Errorf("the X server refuses: % x", setup)
	}
	if _, err := io.CopyN(io.Discard, c, 4*int64(binary.LittleEndian.Uint16(setup[6:]))); err != nil {
		return err
	}
	protocols, err := atom(c, "WM_PROTOCOLS")
	if err != nil {
		return err
	}
	remove, err := atom(c, "WM_DELETE_WINDOW")
	if err != nil {
		return err
	}
	le := binary.LittleEndian
	send := []byte{25, 0, 11, 0} // SendEvent
	send = le.AppendUint32(send, window)
	send = le.AppendUint32(send, 0)         // to whoever made the window
	send = append(send, 33, 32, 0, 0)       // ClientMessage of 32-bit words
	send = le.AppendUint32(send, window)    //
	send = le.AppendUint32(send, protocols) //
	send = le.AppendUint32(send, remove)
	send = append(send, make([]byte, 16)...)
	if _, err := c.Write(send); err != nil {
		return err
	}
	_, err = atom(c, "WM_PROTOCOLS") // its answer says that the event has been sent
	return err
}

func atom(c net.Conn, name string) (uint32, error) {
	padded := (len(name) + 3) / 4 * 4
	req := []byte{16, 0} // InternAtom
	req = binary.LittleEndian.AppendUint16(req, uint16(2+padded/4))
	req = binary.LittleEndian.AppendUint16(req, uint16(len(name)))
	req = append(req, 0, 0)
	req = append(append(req, name...), make([]byte, padded-len(name))...)
	if _, err := c.Write(req); err != nil {
		return 0, err
	}
	var reply [32]byte
	if _, err := io.ReadFull(c, reply[:]); err != nil {
		return 0, err
	}
	if reply[0] != 1 {
		return 0, fmt.Errorf("X says % x", reply)
	}
	return binary.LittleEndian.Uint32(reply[8:]), nil
}
