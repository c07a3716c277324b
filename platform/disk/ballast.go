package disk

import (
	"crypto/rand"
	"errors"
	"io"
	"os"
)

// Ballast is a file that holds space for a bad day: thrown off when the disk is full,
// it leaves room to finish in order.
type Ballast struct {
	Path string
	Size int64 // bytes
}

// Held reports whether the whole of it is there.
func (b Ballast) Held() bool {
	st, err := os.Stat(b.Path)
	return err == nil && st.Size() >= b.Size
}

// Take fills the file up. Its content is random, so that a disk that compresses or
// leaves holes gives it real space. A ballast that does not fit is given back.
func (b Ballast) Take() (err error) {
	f, err := os.OpenFile(b.Path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, rand.Reader, b.Size)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		err = errors.Join(err, b.Drop())
	}
	return err
}

// Drop gives the space back; there need not be any.
func (b Ballast) Drop() error {
	err := os.Remove(b.Path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
