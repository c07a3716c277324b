package single

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Holder is who holds a data folder.
type Holder struct {
	PID   int       `json:"pid"`
	What  string    `json:"what"` // "masala serve"
	Since time.Time `json:"since"`
}

// A FolderError says that another process writes in a data folder.
type FolderError struct {
	Dir string
	By  Holder // zero if the holder has not written its name yet
}

// Error returns the sentence for the user.
func (e *FolderError) Error() string {
	if e.By.PID == 0 {
		return fmt.Sprintf("Another program uses the data folder %s. Close it and try again.", e.Dir)
	}
	return fmt.Sprintf("%s (process %d, since %s) uses the data folder %s. Close it and try again.",
		e.By.What, e.By.PID, e.By.Since.Local().Format("02-Jan-2006 15:04"), e.Dir)
}

// FolderLock is the hold on a data folder.
type FolderLock struct{ file *os.File }

// errHeld is what lockFile returns when another process holds the lock.
var errHeld = errors.New("held by another process")

// LockFolder takes the data folder dir for the one process that writes there; what
// names that process for whoever comes second. The error is a *FolderError if
// another process is there. The lock file stays behind empty-handed: deleting it
// would let two processes lock two files of one name.
func LockFolder(dir, what string, now time.Time) (*FolderLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		defer f.Close()
		if errors.Is(err, errHeld) {
			return nil, &FolderError{Dir: dir, By: readHolder(f)}
		}
		return nil, err
	}
	if err := writeHolder(f, Holder{os.Getpid(), what, now}); err != nil {
		f.Close()
		return nil, err
	}
	return &FolderLock{f}, nil
}

// Release gives the folder free.
func (l *FolderLock) Release() error {
	return errors.Join(l.file.Truncate(0), l.file.Close()) // the name goes first, while it is still ours
}

func writeHolder(f *os.File, h Holder) error {
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(b, 0)
	return err
}

func readHolder(f *os.File) (h Holder) {
	b, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil || json.Unmarshal(b, &h) != nil {
		return Holder{}
	}
	return h
}
