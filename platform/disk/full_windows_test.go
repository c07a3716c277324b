package disk

import (
	"os"
	"syscall"
	"testing"
)

// TestFullInTheNumbersOfWindows: what WriteFile fails with on a full drive.
func TestFullInTheNumbersOfWindows(t *testing.T) {
	for _, number := range []syscall.Errno{112, 39} {
		if !Full(&os.PathError{Op: "write", Path: `D:\x`, Err: number}) {
			t.Errorf("error %d is no full disk", number)
		}
	}
	if Full(syscall.Errno(5)) { // access is denied
		t.Error("error 5 is a full disk")
	}
}
