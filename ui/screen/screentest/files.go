package screentest

import (
	"errors"
	"maps"
	"slices"
)

// Files is a folder of drafts in memory.
type Files struct {
	Data   map[string][]byte
	Full   bool // nothing can be written
	Writes int

	keys int
}

// Write keeps data.
func (f *Files) Write(name string, data []byte) error {
	if f.Full {
		return errors.New("no space left on device")
	}
	f.Writes++
	f.Data[name] = slices.Clone(data)
	return nil
}

// Read returns what was written.
func (f *Files) Read(name string) ([]byte, error) {
	d, ok := f.Data[name]
	if !ok {
		return nil, errors.New("no such file")
	}
	return d, nil
}

// List returns the names.
func (f *Files) List() ([]string, error) { return slices.Sorted(maps.Keys(f.Data)), nil }

// Remove takes a file away.
func (f *Files) Remove(name string) error { delete(f.Data, name); return nil }
