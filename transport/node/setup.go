package node

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"masala/core"
	"masala/core/op"
	"masala/platform/atomicfile"
	"masala/platform/paths"
	"masala/transport/client"
	"masala/ui/screen"
)

// Setup is what a PC remembers: pc.json in its data folder.
type Setup struct {
	Role        screen.Role     `json:"role,omitempty"`
	Server      client.Known    `json:"server,omitzero"`      // the server a client is paired with
	Address     string          `json:"address,omitempty"`    // typed by hand
	Login       string          `json:"login,omitempty"`      // of masala call --save
	Token       string          `json:"token,omitempty"`      // session of masala call --save
	Background  string          `json:"background,omitempty"` // day on which the user was last told that the server goes on without its window
	Preferences json.RawMessage `json:"preferences,omitempty"`
	Seen        op.Mark         `json:"seen,omitzero"` // how far the books of the server had come, see recollection
}

// SetupFile is pc.json. Changes of one process take turns; between two processes the
// last one wins, over what it has just read.
type SetupFile struct {
	Folder paths.Folder
	mu     sync.Mutex
}

// Read reads the file; a PC that has none is new.
func (f *SetupFile) Read() (s Setup, err error) {
	b, err := atomicfile.Read(f.Folder.PC(), 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, core.Errorf(core.CodeCorrupt, "%s cannot be read: %v. Move it away and start again; the books are not in it.", f.Folder.PC(), err)
	}
	return s, nil
}

// Change reads the file, changes it and writes it, whole or not at all.
func (f *SetupFile) Change(change func(*Setup)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.Read()
	if err != nil {
		return err
	}
	change(&s)
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := f.Folder.Make(); err != nil {
		return err
	}
	return writePrivate(f.Folder.PC(), b)
}

// Drafts keeps the drafts of forms as files; it is a form.Files.
type Drafts struct{ Folder paths.Folder }

func (d Drafts) path(name string) string { return filepath.Join(d.Folder.Drafts(), name) }

// Write replaces a draft, whole or not at all.
func (d Drafts) Write(name string, data []byte) error {
	if err := os.MkdirAll(d.Folder.Drafts(), 0o700); err != nil {
		return err
	}
	return writePrivate(d.path(name), data)
}

// Read reads a draft.
func (d Drafts) Read(name string) ([]byte, error) { return atomicfile.Read(d.path(name), 8<<20) }

// List names all drafts.
func (d Drafts) List() (names []string, err error) {
	entries, err := os.ReadDir(d.Folder.Drafts())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Remove deletes a draft.
func (d Drafts) Remove(name string) error { return atomicfile.Remove(d.path(name)) }
