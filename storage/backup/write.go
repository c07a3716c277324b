package backup

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"

	"masala/core"
	"masala/core/backup"
	"masala/platform/atomicfile"
	"masala/platform/disk"
	"masala/storage"
)

// staleWork is how old unfinished work is when nobody can be at it any more.
const staleWork = 6 * time.Hour

// scratchMark begins the name of every folder for unfinished work.
const scratchMark = ".masala-work-"

// Job is one backup to be made.
type Job struct {
	// Copy writes the books into a new file and tells what is in it: DB.Copy, or
	// storage.CopyFile beside a running server.
	Copy    func(ctx context.Context, dst string, progress func(done, total int)) (backup.Contents, error)
	Folder  string // of the backups
	Scratch string // folder with room for the database, uncompressed
	Room    Room   // what it leaves free
	Kind    backup.Kind
	Program string // version
	License string // license.key as it is
	Now     time.Time
	Tell    func(step string, percent int) // may be nil
}

// Run makes the backup. It counts only once it has been decompressed again, every
// page checked, its ledger re-added and its chain head compared with that of the
// books at the moment of the copy; until then, and if anything fails, nothing in the
// folder looks like a restore point, and what was there stays.
func (j Job) Run(ctx context.Context) (p backup.Point, err error) {
	// The copy goes before the point is opened again: never more than one lies there.
	raw := storage.Size(j.Room.Books)
	err = j.Room.guard(ctx, func(ctx context.Context) (err error) { p, err = j.run(ctx); return err },
		need{j.Scratch, raw}, need{j.Folder, packedSize(j.Folder, j.Now, raw)})
	return p, err
}

func (j Job) run(ctx context.Context) (_ backup.Point, err error) {
	tell := telling(j.Tell)
	if err := os.MkdirAll(j.Folder, 0o700); err != nil {
		return backup.Point{}, unreachable(j.Folder, err)
	}
	_ = Sweep(j.Folder, staleWork, j.Now) // of a process that was killed; nobody else looks after a USB drive
	work, err := os.MkdirTemp(j.Scratch, scratchMark)
	if err != nil {
		return backup.Point{}, j.explain(j.Scratch, err)
	}
	defer func() { _ = atomicfile.RemoveAll(work) }() // what stays goes with the next sweep

	m := Manifest{Format: 1, TakenAt: j.Now.UTC().Truncate(time.Second), Kind: j.Kind, Program: j.Program, License: j.License}
	raw := filepath.Join(work, "copy.db")
	tell("Copying the books", 0)
	if m.Contents, err = j.Copy(ctx, raw, func(done, total int) { tell("Copying the books", 30*done/max(total, 1)) }); err != nil {
		return backup.Point{}, j.explain(j.Scratch, err)
	}
	path, err := j.name(&m)
	if err != nil {
		return backup.Point{}, err
	}
	temp, err := os.CreateTemp(j.Folder, filepath.Base(path)+".tmp-*")
	if err != nil {
		return backup.Point{}, unreachable(j.Folder, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name()) // gone after the rename
		}
	}()
	tell("Compressing", 30)
	if err := compress(ctx, raw, temp, &m); err != nil {
		return backup.Point{}, j.explain(j.Folder, err)
	}
	if err := os.Remove(raw); err != nil {
		return backup.Point{}, err
	}
	again := filepath.Join(work, "again.db")
	if _, err := prove(ctx, temp.Name(), again, m, func(step string, percent int) { tell(step, 45+percent*55/100) }); err != nil {
		return backup.Point{}, j.explain(j.Scratch, err)
	}
	m.Check = Check{At: j.Now.UTC(), State: backup.Good, Says: sayGood}
	if err := atomicfile.Rename(temp.Name(), path); err != nil {
		return backup.Point{}, j.explain(j.Folder, err)
	}
	if err := writeManifest(path, m); err != nil {
		return backup.Point{}, j.explain(j.Folder, errors.Join(err, os.Remove(path)))
	}
	p, ok := read(path)
	if !ok || p.State != backup.Good {
		return p, unreachable(j.Folder, fmt.Errorf("%s: %s", path, p.Says))
	}
	return p, nil
}

const sayGood = "Opened, 0 errors, ledger agrees"

// name finds a free name for the point.
func (j Job) name(m *Manifest) (string, error) {
	for n := 0; ; n++ {
		m.ID = prefix + m.TakenAt.Format(stampForm)
		if n > 0 {
			m.ID += fmt.Sprintf("-%d", n+1)
		}
		path := filepath.Join(j.Folder, m.ID+ending)
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return path, nil
		} else if err != nil {
			return "", unreachable(j.Folder, err)
		}
	}
}

func (j Job) explain(folder string, err error) error {
	var known *core.Error
	switch {
	case disk.Full(err) || core.CodeOf(err) == core.CodeDiskFull:
		return core.Errorf(core.CodeDiskFull, "There is no space for the backup in %s. The backups that are there stay; free some space or choose another drive.", folder).Because(err)
	case errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	}
	for _, f := range []string{folder, j.Folder} {
		if _, gone := os.Stat(f); f != "" && gone != nil {
			return unreachable(f, err)
		}
	}
	return core.Errorf(core.CodeUnavailable, "The backup could not be finished. The backups that are there stay; the log says why.").Because(err)
}

// compress writes the file at raw into temp, and closes it synced.
func compress(ctx context.Context, raw string, temp *os.File, m *Manifest) (err error) {
	defer func() { err = errors.Join(err, temp.Close()) }()
	in, err := os.Open(raw)
	if err != nil {
		return err
	}
	defer in.Close()
	packed, plain := &counted{Hash: sha256.New()}, &counted{Hash: sha256.New()}
	z, err := zstd.NewWriter(io.MultiWriter(temp, packed), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.MultiWriter(z, plain), reader{ctx, in}); err != nil {
		return errors.Join(err, z.Close())
	}
	if err := z.Close(); err != nil {
		return err
	}
	m.Size, m.SHA256 = packed.n, packed.hex()
	m.Database = Digest{plain.n, plain.hex()}
	if err := temp.Chmod(0o600); err != nil {
		return err
	}
	return temp.Sync()
}

// counted is a hash that counts.
type counted struct {
	hash.Hash
	n int64
}

func (c *counted) Write(p []byte) (int, error) { c.n += int64(len(p)); return c.Hash.Write(p) }
func (c *counted) hex() string                 { return hex.EncodeToString(c.Sum(nil)) }

// reader ends with its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func telling(tell func(string, int)) func(string, int) {
	if tell == nil {
		return func(string, int) {}
	}
	return tell
}

// damage is what is wrong with a restore point, as users read it.
type damage struct{ says string }

func (d *damage) Error() string { return d.says }

func damaged(format string, args ...any) error { return &damage{fmt.Sprintf(format, args...)} }

// found is a point as it was made, whatever version reads it now.
type found struct {
	packed, plain Digest
	contents      backup.Contents // read only where no manifest tells it
}

// prove decompresses the point at path into dst, not synced, and checks it: its hash,
// every page, the ledger re-added, its head against the manifest's. A point is checked as
// it will be opened: what an earlier version made is brought to this one in dst, and the
// point is only read. An error of type *damage says that the point is bad, any other
// that it could not be checked.
func prove(ctx context.Context, path, dst string, m Manifest, tell func(step string, percent int)) (f found, err error) {
	tell("Opening it again", 0)
	if f.packed, f.plain, err = decompress(ctx, path, dst, m, func(part int) { tell("Opening it again", part*25/100) }); err != nil {
		return f, err
	}
	defer func() {
		for _, suffix := range []string{"-wal", "-shm"} {
			_ = os.Remove(dst + suffix) // mostly not there
		}
		if ctx.Err() != nil {
			err = ctx.Err()
		}
	}()
	if m.Format == 0 {
		if f.contents, err = storage.ReadContents(ctx, dst); err != nil {
			return f, met(err)
		}
	}
	older, err := storage.IsOlder(ctx, dst)
	if older && err == nil {
		tell("Bringing a copy to this version", 25)
		err = storage.Upgrade(ctx, dst, nil)
	}
	if err != nil {
		return f, met(err)
	}
	// The steps of the verifier are of unequal length; the pages and the ledger are
	// the long ones, at the beginning.
	step := 0
	report, err := storage.VerifyFile(ctx, dst, func(what string) {
		tell("Checking "+what, min(25+step*8, 99))
		step++
	})
	switch {
	case err != nil:
		return f, met(err)
	case !report.OK():
		return f, damaged("%d differences: %s", report.Found, report.Problems[0])
	case m.Format != 0 && (report.Seq != m.Contents.Seq || m.Contents.Seq != 0 && report.Head.String() != m.Contents.Head):
		return f, damaged("Its ledger ends with row %d, not with row %d as it should.", report.Seq, m.Contents.Seq)
	}
	return f, nil
}

// met is an error met in the database of a point: damage where its file is not whole.
// Whatever else, a full disk or a query that does not fit its tables, says nothing of the
// point.
func met(err error) error {
	if core.CodeOf(err) == core.CodeCorrupt {
		return damaged("The database in it is damaged: %v", errors.Join(err, errors.Unwrap(err)))
	}
	return err
}

// unproved says why the point at path could not be proved, which changes nothing about it.
// folder is where it was opened.
func unproved(path string, m Manifest, folder string, err error) error {
	var known *core.Error
	switch {
	case disk.Full(err) || core.CodeOf(err) == core.CodeDiskFull:
		return core.Errorf(core.CodeDiskFull, "There is no space in %s to open the restore point. It stays as it is; free some space and try again.", folder).Because(err)
	case errors.Is(err, context.Canceled), errors.As(err, &known) && known.Code != core.CodeUnavailable: // which speaks of the books
		return err
	case errors.Is(err, storage.ErrMigration):
		return core.Errorf(core.CodeUnavailable, "This restore point was made by version %s and could not be brought to this one. It stays as it is: version %[1]s can restore it. Call support; the log says why.",
			cmp.Or(m.Program, "an earlier one")).Because(err)
	}
	for _, f := range []string{folder, filepath.Dir(path)} {
		if _, gone := os.Stat(f); gone != nil {
			return unreachable(f, err)
		}
	}
	return core.Errorf(core.CodeUnavailable, "This restore point could not be checked. It stays as it is; the log says why.").Because(err)
}

// decompress writes what is in the point at path into dst. Without a manifest the
// checksums inside the compressed stream have to do.
func decompress(ctx context.Context, path, dst string, m Manifest, tell func(percent int)) (file, database Digest, err error) {
	packed, plain := &counted{Hash: sha256.New()}, &counted{Hash: sha256.New()}
	if err := unpack(ctx, path, dst, packed, plain, tell); err != nil {
		return file, database, err
	}
	file, database = Digest{packed.n, packed.hex()}, Digest{plain.n, plain.hex()}
	switch {
	case m.Format == 0:
	case file.SHA256 != m.SHA256:
		err = damaged("The file is not as it was written: its checksum differs.")
	case database != m.Database:
		err = damaged("The database in it is not as it was copied: its checksum differs.")
	}
	return file, database, err
}

// unpack decompresses path into dst and hashes both.
func unpack(ctx context.Context, path, dst string, packed, plain *counted, tell func(percent int)) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(dst, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	from := io.TeeReader(reader{ctx, in}, packed)
	z, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return err
	}
	defer z.Close()
	buffer := make([]byte, 1<<20)
	for {
		n, rerr := z.Read(buffer)
		if n > 0 {
			if _, err := out.Write(buffer[:n]); err != nil {
				return err
			}
			plain.Write(buffer[:n])
			tell(int(100 * packed.n / max(info.Size(), 1)))
		}
		if rerr == io.EOF {
			break
		}
		if rerr != nil {
			var reading *os.PathError
			if ctx.Err() != nil || errors.As(rerr, &reading) {
				return errors.Join(ctx.Err(), rerr)
			}
			return damaged("It cannot be decompressed: %v", rerr)
		}
	}
	_, err = io.Copy(packed, in) // what follows the stream belongs to the hash
	return err
}
