// Package disk tells how much room is left.
package disk

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/shirou/gopsutil/v3/disk"
)

// Space is the size of a disk in bytes.
type Space struct {
	Free  int64 // for this user
	Total int64
}

// Of returns the space of the disk that holds path. The path need not exist yet:
// its nearest existing parent counts.
func Of(path string) (Space, error) {
	path, err := existing(path)
	if err != nil {
		return Space{}, err
	}
	u, err := disk.Usage(path)
	if err != nil {
		return Space{}, err
	}
	return Space{Free: int64(u.Free), Total: int64(u.Total)}, nil
}

// Same reports whether two paths lie on one volume, so that its death takes both.
// Two volumes may still share one drive.
func Same(a, b string) (bool, error) {
	a, errA := existing(a)
	b, errB := existing(b)
	if err := errors.Join(errA, errB); err != nil {
		return false, err
	}
	return same(a, b)
}

func existing(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for {
		_, err := os.Stat(path)
		parent := filepath.Dir(path)
		if !errors.Is(err, os.ErrNotExist) || parent == path {
			return path, err
		}
		path = parent
	}
}
