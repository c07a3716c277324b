// Package atomicfile writes whole files so that a crash or a power cut at any
// moment leaves either the old or the new content, never a mixture, and so that
// what was written when a function returned is still there afterwards.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const tempMark = ".tmp-" // in the name of every unfinished file

// ErrTooLarge is returned by Read for a file above its limit.
var ErrTooLarge = errors.New("file is larger than expected")

// Write replaces the content of path with data. See WriteFrom.
func Write(path string, data []byte, perm os.FileMode) error {
	return WriteFrom(path, perm, func(w io.Writer) error {
		n, err := w.Write(data)
		if err == nil && n != len(data) {
			err = io.ErrShortWrite
		}
		return err
	})
}

// WriteFrom replaces the content of path with what fill writes. The order is the
// point: a temporary file in the same folder (a rename cannot cross disks), write,
// check the length (a full network share may lie), fsync, close, rename, fsync of
// the folder. If anything fails the old file stays and the temporary one goes.
func WriteFrom(path string, perm os.FileMode, fill func(io.Writer) error) (err error) {
	dir, name := filepath.Split(path)
	t, err := os.CreateTemp(filepath.Clean(dir), name+tempMark+"*")
	if err != nil {
		return err
	}
	closed := false
	defer func() {
		if err != nil {
			if !closed {
				t.Close()
			}
			os.Remove(t.Name())
		}
	}()
	count := &counter{w: t}
	if err := fill(count); err != nil {
		return err
	}
	if info, err := t.Stat(); err != nil {
		return err
	} else if info.Size() != count.n {
		return fmt.Errorf("%s: %d bytes written, %d arrived: %w", path, count.n, info.Size(), io.ErrShortWrite)
	}
	if err := t.Chmod(perm); err != nil {
		return err
	}
	if err := t.Sync(); err != nil {
		return err
	}
	closed = true
	if err := t.Close(); err != nil {
		return err
	}
	return Rename(t.Name(), path)
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// Sync puts on disk what another part of the program has written into the file at path.
func Sync(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Rename moves a file that is already synced to a new name on the same disk,
// replacing what is there, and makes the new name durable.
func Rename(from, to string) error {
	if err := rename(from, to); err != nil {
		return err
	}
	if err := SyncDir(filepath.Dir(to)); err != nil {
		return err
	}
	if filepath.Dir(from) != filepath.Dir(to) {
		return SyncDir(filepath.Dir(from))
	}
	return nil
}

// RemoveAll removes a folder with all that is in it, file by file where the system
// cannot do it at once: Wine 8 answers "Invalid function" to what os.RemoveAll asks.
func RemoveAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	return oneByOne(dir)
}

func oneByOne(dir string) error {
	var names []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	for _, name := range slices.Backward(names) { // what is in a folder before the folder
		if e := os.Remove(name); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	if errors.Is(err, fs.ErrNotExist) { // somebody else was quicker
		return nil
	}
	return err
}

// Remove deletes path and makes the deletion durable. A file that is not there is
// no error.
func Remove(path string) error {
	err := os.Remove(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// Read returns the content of path, ErrTooLarge if it has more than limit bytes.
func Read(path string, limit int64) (b []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err = io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, fmt.Errorf("%s: %w", path, ErrTooLarge)
	}
	return b, err
}

// Sweep deletes the unfinished files of writers that died in dir. Call it when no
// other process writes there (under the folder's lock).
func Sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if e.Type().IsRegular() && strings.Contains(e.Name(), tempMark) {
			errs = append(errs, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}
