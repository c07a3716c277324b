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

// Exchange puts another database in the place of the one in a data folder. What it
// has prepared takes effect with the journal: before that is written nothing has
// changed, and once it is, Finish carries the exchange to its end, after any number
// of crashes. The old files are moved into a folder of their own and never deleted.
type Exchange struct {
	Database string // path of the books
	Identity string // path of the server's key
	Journal  string // path of the journal
	Aside    string // folder that keeps what was replaced
}

// coming is the name of a file that waits to take the place of path.
func coming(path string) string { return path + ".restoring" }

// beside are the files of a database, the log first.
var beside = []string{"-wal", "-shm", ""}

// Prepare decompresses and proves the point at path beside the books. If a recovery
// code is given it also opens the server's key; a wrong code is a field error.
func (x Exchange) Prepare(ctx context.Context, path, code string, tell func(step string, percent int)) error {
	if _, ok := read(path); !ok {
		return notThere(path)
	}
	if err := x.drop(); err != nil {
		return err
	}
	m, _ := readManifest(path) // without one the checks inside the file have to do
	err := prove(ctx, path, coming(x.Database), m, telling(tell))
	if err == nil {
		err = atomicfile.Sync(coming(x.Database))
	}
	if err == nil && code != "" {
		err = x.unseal(ctx, code)
	}
	if err == nil {
		return nil
	}
	err = errors.Join(err, x.drop())
	var bad *damage
	if errors.As(err, &bad) {
		return core.Errorf(core.CodeCorrupt, "This restore point is damaged. Choose the next one. (%s)", bad.says).Because(err)
	}
	return (Job{}).explain(filepath.Dir(x.Database), err)
}

func (x Exchange) unseal(ctx context.Context, code string) error {
	sealed, ok, err := storage.ReadSeal(ctx, coming(x.Database))
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
	return atomicfile.Write(coming(x.Identity), key, 0o600)
}

// Empty prepares a new empty database.
func (x Exchange) Empty(ctx context.Context) error {
	if err := x.drop(); err != nil {
		return err
	}
	db, err := storage.Open(ctx, storage.Options{Path: coming(x.Database)})
	if err != nil {
		return err
	}
	if err := errors.Join(db.Checkpoint(ctx), db.Close()); err != nil {
		return errors.Join(err, x.drop())
	}
	return nil
}

// Rescue puts a copy of books that are still open, but whose file has lost its name,
// in its place. The lineage goes on.
func (x Exchange) Rescue(ctx context.Context, copy func(ctx context.Context, dst string) error, now time.Time) error {
	if err := x.drop(); err != nil {
		return err
	}
	if err := copy(ctx, coming(x.Database)); err != nil {
		return errors.Join(err, x.drop())
	}
	return x.Commit(backup.Takeover{Origin: backup.OriginRescue, At: now.UTC()})
}

// drop removes what was prepared and has not taken effect.
func (x Exchange) drop() error {
	var errs []error
	for _, path := range []string{coming(x.Database), coming(x.Database) + "-wal", coming(x.Database) + "-shm", coming(x.Identity)} {
		errs = append(errs, atomicfile.Remove(path))
	}
	return errors.Join(errs...)
}

// Commit lets what was prepared take effect. What it replaces gets a folder of its own.
func (x Exchange) Commit(t backup.Takeover) error {
	t.Aside = x.unused(t.At)
	b, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	if err := atomicfile.Write(x.Journal, b, 0o600); err != nil {
		return fmt.Errorf("journal of the restore: %w", err)
	}
	_, err = x.Finish()
	return err
}

// Finish carries an exchange to its end that was committed, and clears away one that
// was not. It returns what the books must be told of, until Done; nil when there is
// nothing.
func (x Exchange) Finish() (*backup.Takeover, error) {
	b, err := atomicfile.Read(x.Journal, maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, x.drop()
	}
	if err != nil {
		return nil, err
	}
	var t backup.Takeover
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, core.Errorf(core.CodeCorrupt, "The journal %s cannot be read. Call support.", x.Journal).Because(err)
	}
	aside := filepath.Join(x.Aside, cmp.Or(t.Aside, t.At.UTC().Format(stampForm)))
	// As long as the new file waits, the one in its place is the old one.
	if there(coming(x.Database)) {
		for _, suffix := range beside {
			if err := moveAside(x.Database+suffix, aside); err != nil {
				return nil, err
			}
		}
		if err := atomicfile.Rename(coming(x.Database), x.Database); err != nil {
			return nil, err
		}
	}
	if there(coming(x.Identity)) {
		if err := moveAside(x.Identity, aside); err != nil {
			return nil, err
		}
		if err := atomicfile.Rename(coming(x.Identity), x.Identity); err != nil {
			return nil, err
		}
	}
	return &t, nil
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

// moveAside keeps the file at path in a folder; one that is not there was moved
// before.
func moveAside(path, folder string) error {
	if !there(path) {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return atomicfile.Rename(path, filepath.Join(folder, filepath.Base(path)))
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
