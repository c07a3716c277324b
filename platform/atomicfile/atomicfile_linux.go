package atomicfile

import (
	"errors"
	"os"
)

func rename(from, to string) error { return os.Rename(from, to) }

// SyncDir makes the names in dir durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
