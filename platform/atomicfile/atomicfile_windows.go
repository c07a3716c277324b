package atomicfile

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// A virus scanner or indexer may hold a fresh file for a moment.
const (
	renameTries = 20
	renamePause = 50 * time.Millisecond
)

// rename uses MoveFileEx with WRITE_THROUGH: it returns when the move is on the
// disk, which is what syncing the folder does on Linux.
func rename(from, to string) error {
	f, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	t, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		err = windows.MoveFileEx(f, t, windows.MOVEFILE_REPLACE_EXISTING|windows.MOVEFILE_WRITE_THROUGH)
		busy := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if err == nil {
			return nil
		}
		if !busy || try == renameTries {
			return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
		}
		time.Sleep(renamePause)
	}
}

// SyncDir does nothing: Windows cannot flush a folder, and rename writes through.
func SyncDir(string) error { return nil }
