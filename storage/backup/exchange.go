package backup

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/platform/atomicfile"
	"masala/storage"
)

// Exchange puts another database in the place of the one in a data folder. What comes
// waits in a folder of its own, which counts for nothing until the journal names it:
// before that nothing has changed, and once it does, Finish carries the exchange to its
// end, after any number of crashes. The old files are moved into a folder of their own,
// where nothing ever replaces them, and never deleted.
type Exchange struct {
	Database string // path of the books
	Identity string // path of the server's key
	Journal  string // path of the journal
	Aside    string // folder that keeps what was replaced
}

// Coming is what waits to take the place of the books, and of the key if it has one.
type Coming struct {
	exchange Exchange
	folder   string
}

// comingMark begins the name of every folder of something that comes.
const comingMark = "restoring-"

// journal is what Finish needs to know of an exchange.
type journal struct {
	backup.Takeover
	Coming string `json:"coming"` // name of the folder of what comes
}

// beside are the files of a database, the log first.
var beside = []string{"-wal", "-shm", ""}

// begin makes a place for what comes. An exchange that was committed before comes to
// its end first: its journal is replaced by that of the next one.
func (x Exchange) begin() (*Coming, error) {
	if _, err := x.Finish(); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(filepath.Dir(x.Database), comingMark)
	if err != nil {
		return nil, err
	}
	return &Coming{x, folder}, nil
}

func (c *Coming) database() string {
	return filepath.Join(c.folder, filepath.Base(c.exchange.Database))
}
func (c *Coming) identity() string {
	return filepath.Join(c.folder, filepath.Base(c.exchange.Identity))
}

// Drop gives up what was prepared.
func (c *Coming) Drop() error { return atomicfile.RemoveAll(c.folder) }

// filled returns what comes once fill has made it, or nothing of it.
func (x Exchange) filled(fill func(*Coming) error) (*Coming, error) {
	c, err := x.begin()
	if err != nil {
		return nil, err
	}
	if err = fill(c); err == nil {
		err = errors.Join(atomicfile.Sync(c.database()), atomicfile.SyncDir(c.folder))
	}
	if err != nil {
		return nil, errors.Join(err, c.Drop())
	}
	return c, nil
}

// Prepare decompresses and proves the point at path beside the books, and brings it to
// this version there. If a recovery code is given it also opens the server's key; a wrong
// code is a field error. An error that is not CodeCorrupt says nothing of the point.
func (x Exchange) Prepare(ctx context.Context, path, code string, tell func(step string, percent int)) (*Coming, error) {
	if _, ok := read(path); !ok {
		return nil, notThere(path)
	}
	m, _ := readManifest(path) // without one the checks inside the file have to do
	c, err := x.filled(func(c *Coming) error {
		if _, err := prove(ctx, path, c.database(), m, telling(tell)); err != nil || code == "" {
			return err
		}
		return c.unseal(ctx, code)
	})
	var bad *damage
	if errors.As(err, &bad) {
		return nil, core.Errorf(core.CodeCorrupt, "This restore point is damaged. Choose the next one. (%s)", bad.says).Because(err)
	}
	if err != nil {
		return nil, unproved(path, m, filepath.Dir(x.Database), err)
	}
	return c, nil
}

func (c *Coming) unseal(ctx context.Context, code string) error {
	sealed, ok, err := storage.ReadSeal(ctx, c.database())
	if err != nil {
		return err
	}
	if !ok {
		return core.Invalid("code", "This restore point was made before there was a recovery code. Leave the code empty.")
	}
	key, err := backup.Unseal(sealed.Seal, code)
	if err != nil {
		return core.Invalid("code", "The recovery code does not fit this restore point. Check it, or leave it empty and pair the PCs again.")
	}
	return atomicfile.Write(c.identity(), key, 0o600)
}

// Empty prepares a new empty database.
func (x Exchange) Empty(ctx context.Context) (*Coming, error) {
	return x.filled(func(c *Coming) error {
		db, err := storage.Open(ctx, storage.Options{Path: c.database()})
		if err != nil {
			return err
		}
		return errors.Join(db.Checkpoint(ctx), db.Close())
	})
}

// Rescue puts a copy of books that are still open, but whose file has lost its name,
// in its place. The lineage goes on.
func (x Exchange) Rescue(ctx context.Context, copy func(ctx context.Context, dst string) error, now time.Time) error {
	c, err := x.filled(func(c *Coming) error { return copy(ctx, c.database()) })
	if err != nil {
		return err
	}
	return c.Commit(backup.Takeover{Origin: backup.OriginRescue, At: now.UTC()})
}

// Commit lets what was prepared take effect. What it replaces gets a folder of its own.
func (c *Coming) Commit(t backup.Takeover) error {
	x := c.exchange
	t.Aside = x.unused(t.At)
	b, err := json.MarshalIndent(journal{t, filepath.Base(c.folder)}, "", "  ")
	if err != nil {
		return err
	}
	if err := atomicfile.Write(x.Journal, b, 0o600); err != nil {
		return fmt.Errorf("journal of the restore: %w", err)
	}
	_, err = x.Finish()
	return err
}

// Finish carries an exchange to its end that was committed, and clears away what was
// not. It returns what the books must be told of, until Done; nil when there is
// nothing.
func (x Exchange) Finish() (*backup.Takeover, error) {
	b, err := atomicfile.Read(x.Journal, maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		x.sweep("")
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var j journal
	if err := json.Unmarshal(b, &j); err != nil {
		return nil, core.Errorf(core.CodeCorrupt, "The journal %s cannot be read. Call support.", x.Journal).Because(err)
	}
	x.sweep(j.Coming)
	if j.Coming != "" {
		c := &Coming{x, filepath.Join(filepath.Dir(x.Database), filepath.Base(j.Coming))}
		if err := c.takePlace(filepath.Join(x.Aside, cmp.Or(j.Aside, j.At.UTC().Format(stampForm)))); err != nil {
			return nil, err
		}
	}
	return &j.Takeover, nil
}

// takePlace moves aside what is there and puts in place what comes, as far as it still
// waits.
func (c *Coming) takePlace(aside string) error {
	x := c.exchange
	// As long as the new file waits, the one in its place is the old one.
	if there(c.database()) {
		for _, suffix := range beside {
			if err := moveAside(x.Database+suffix, aside); err != nil {
				return err
			}
		}
		if err := atomicfile.Rename(c.database(), x.Database); err != nil {
			return err
		}
	}
	if there(c.identity()) {
		if err := moveAside(x.Identity, aside); err != nil {
			return err
		}
		if err := atomicfile.Rename(c.identity(), x.Identity); err != nil {
			return err
		}
	}
	_ = c.Drop() // empty; what stays goes with the next sweep
	return nil
}

// sweep removes what was prepared and never committed: everything but the folder that
// the journal names. What cannot be removed now counts for nothing, and goes with the
// next sweep.
func (x Exchange) sweep(named string) {
	folders, _ := filepath.Glob(filepath.Join(filepath.Dir(x.Database), comingMark+"*"))
	for _, f := range folders {
		if filepath.Base(f) != named {
			_ = atomicfile.RemoveAll(f)
		}
	}
}

// PutIdentity replaces the server's key alone; what was in its place is kept aside. A
// crash between the two leaves no key, and the way is taken again.
func (x Exchange) PutIdentity(key []byte, now time.Time) error {
	if err := moveAside(x.Identity, filepath.Join(x.Aside, x.unused(now))); err != nil {
		return err
	}
	return atomicfile.Write(x.Identity, key, 0o600)
}

// unused names a folder for what is put aside: in that of an exchange within the same
// second it would replace what lies there.
func (x Exchange) unused(at time.Time) string {
	for ; ; at = at.Add(time.Second) {
		if name := at.UTC().Format(stampForm); !there(filepath.Join(x.Aside, name)) {
			return name
		}
	}
}

// Done ends the exchange: the books know of it.
func (x Exchange) Done() error { return atomicfile.Remove(x.Journal) }

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// moveAside keeps the file at path in a folder, beside what that has of its name
// already; one that is not there was moved before.
func moveAside(path, folder string) error {
	if !there(path) {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	to := filepath.Join(folder, filepath.Base(path))
	for n := 2; there(to); n++ {
		to = filepath.Join(folder, fmt.Sprintf("%s.%d", filepath.Base(path), n))
	}
	return atomicfile.Rename(path, to)
}

// Kept lists what exchanges have put aside, newest first.
func (x Exchange) Kept() []backup.Aside {
	out := []backup.Aside{}
	folders, _ := os.ReadDir(x.Aside) // mostly not there
	for i := len(folders) - 1; i >= 0; i-- {
		at, err := time.Parse(stampForm, folders[i].Name())
		if err != nil {
			continue
		}
		a := backup.Aside{Folder: filepath.Join(x.Aside, folders[i].Name()), At: at}
		files, _ := os.ReadDir(a.Folder)
		for _, f := range files {
			if info, err := f.Info(); err == nil {
				a.Size += info.Size()
			}
		}
		out = append(out, a)
	}
	return out
}
