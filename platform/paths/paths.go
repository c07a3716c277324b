// Package paths knows where the program keeps its files. Everything lies in one
// private data folder per user, never beside the exe: an update or an uninstall
// must not touch the books.
package paths

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder is a data folder, an absolute path.
type Folder string

// Home returns the data folder of this user: %AppData%\Masala on Windows,
// $XDG_DATA_HOME/masala (or ~/.local/share/masala) on Linux. It creates nothing.
func Home() (Folder, error) {
	dir, err := home()
	if err != nil {
		return "", fmt.Errorf("The data folder of this user could not be found. Start the program with --data and a folder. (%w)", err)
	}
	return Folder(dir), nil
}

// Machine returns the folder for what belongs to this PC and not to a data folder: it
// is never inside one, so that deleting a data folder leaves it alone. On Windows it is
// shared by all users (%ProgramData%), elsewhere it is the user's ($XDG_STATE_HOME).
// It creates nothing.
func Machine() (string, error) { return machine() }

// At returns the data folder the user names with --data. The folder of the exe
// itself is refused.
func At(dir string) (Folder, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("The data folder %s is not a usable path. Choose another folder. (%w)", dir, err)
	}
	exe, err := os.Executable()
	if err == nil && sameFolder(filepath.Dir(exe), abs) {
		return "", fmt.Errorf("The data may not lie beside the program in %s. Choose another folder.", abs)
	}
	return Folder(abs), nil
}

// sameFolder also follows links, so that the exe's folder is recognised by any name.
func sameFolder(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// Demo returns the folder of the demo factory, beside f.
func (f Folder) Demo() Folder { return f + "-demo" }

// The files and folders inside.
func (f Folder) Database() string { return f.in("masala.db") }    // the books
func (f Folder) PC() string       { return f.in("pc.json") }      // role, server address, window place
func (f Folder) Identity() string { return f.in("identity") }     // private key of this PC
func (f Folder) Runtime() string  { return f.in("runtime.json") } // loopback port and token of the running service
func (f Folder) Ballast() string  { return f.in("ballast") }      // space for a bad day, see platform/disk
func (f Folder) Lock() string     { return f.in("lock") }         // see platform/single
func (f Folder) License() string  { return f.in("license.key") }  // of the vendor, readable text
func (f Folder) Beat() string     { return f.in("heartbeat") }    // what the licence knows of the time
func (f Folder) Logs() string     { return f.in("logs") }         // folder
func (f Folder) Drafts() string   { return f.in("drafts") }       // folder
func (f Folder) Backups() string  { return f.in("backups") }      // folder
func (f Folder) Anchor() string   { return f.in("anchor") }       // what must outlive the books
func (f Folder) Journal() string  { return f.in("restore.json") } // of a restore under way
func (f Folder) Aside() string    { return f.in("aside") }        // folder of what restores have replaced

func (f Folder) in(name string) string { return filepath.Join(string(f), name) }

// An UnusableError says that the program cannot work in a data folder.
type UnusableError struct {
	Dir   string
	Cause error
}

// Error returns the sentence for the user.
func (e *UnusableError) Error() string {
	if errors.Is(e.Cause, os.ErrPermission) {
		return fmt.Sprintf("The data folder %s cannot be written. Allow this user to write there, or choose another folder with --data.", e.Dir)
	}
	return fmt.Sprintf("The data folder %s cannot be used (%v). Check the disk, or choose another folder with --data.", e.Dir, e.Cause)
}

// Unwrap returns what the system said.
func (e *UnusableError) Unwrap() error { return e.Cause }

// Make creates the folder and the folders inside, readable by this user only, and
// proves that files can be written. A folder that is already there keeps its
// permissions. Errors are *UnusableError.
func (f Folder) Make() error {
	for _, dir := range []string{string(f), f.Logs(), f.Drafts(), f.Backups()} {
		if err := makePrivate(dir); err != nil {
			return &UnusableError{string(f), err}
		}
		if err := tryWrite(dir); err != nil {
			return &UnusableError{string(f), err}
		}
	}
	return nil
}

func makePrivate(dir string) error {
	_, err := os.Stat(dir)
	if err == nil {
		return nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return protect(dir)
}

// tryWrite is the only honest question: permission bits, access lists and
// read-only disks all have their say. It writes no bytes, so that a full disk
// still starts and can say that it is full.
func tryWrite(dir string) error {
	t, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return err
	}
	return errors.Join(t.Close(), os.Remove(t.Name()))
}
