package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"masala/core"
	"masala/core/stock"
	"masala/platform/atomicfile"
	"masala/storage/pagesum"
)

// withSums makes sure that every page of the database file has its checksum: a new
// file gets room for them, one that an older version made is written anew. A file that
// is not ours or of a newer version is refused as it is. Without the disk space for a
// second copy an old file stays as it is until the next start.
func withSums(ctx context.Context, o Options) error {
	kind, err := pagesum.Look(o.VFS, o.Path)
	if err != nil || o.plain {
		return err
	}
	switch kind {
	case pagesum.None:
		return explain(pagesum.Create(o.VFS, o.Path, applicationID))
	case pagesum.Plain:
		if err := acceptable(ctx, o); err != nil {
			return err
		}
		o.tell("migrating: the file is written anew")
		if err := explain(addSums(ctx, o)); core.CodeOf(err) != core.CodeDiskFull {
			return err
		}
	}
	return nil
}

// acceptable refuses what Open would refuse.
func acceptable(ctx context.Context, o Options) (err error) {
	db, err := unopened(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(explain(err), db.Close()) }()
	c, err := db.connect(ctx)
	if err != nil {
		return err
	}
	if err := recognize(ctx, c); err != nil {
		return err
	}
	return refuseNewer(ctx, c)
}

// addSums writes the file anew. Killed at any moment it leaves the old file or the new
// one, whole: the old one has no write-ahead log any more when the new one appears.
func addSums(ctx context.Context, o Options) (err error) {
	fresh := o.Path + ".sums"
	drop := func() {
		for _, suffix := range []string{"", "-journal"} {
			_ = os.Remove(fresh + suffix) // mostly not there
		}
	}
	drop() // of an earlier attempt
	defer func() {
		if err != nil {
			drop()
		}
	}()
	if err := private(fresh); err != nil {
		return err
	}
	if err := pagesum.Convert(ctx, o.VFS, o.Path, uriOf(fresh)); err != nil {
		return err
	}
	f, err := os.OpenFile(fresh, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return atomicfile.Rename(fresh, o.Path)
}

// source is a database file to read: how it is opened, and whether it has checksums.
type source struct {
	dsn    string
	summed bool
}

func sourceOf(o Options) source {
	kind, err := pagesum.Look(o.VFS, o.Path)
	return source{dsn(o), err == nil && kind == pagesum.Summed}
}

// copyURI is the name under which SQLite's backup API writes a copy of s. The copy has
// the pages of its source, so it needs their checksums: under a plain file name it
// would be found damaged.
func (s source) copyURI(path string) (string, error) {
	uri := uriOf(path) + "?_pragma=synchronous(OFF)"
	if !s.summed {
		return uri, nil
	}
	vfs, err := pagesum.Over("")
	return uri + "&vfs=" + vfs, err
}

func uriOf(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	return fileURI(abs, runtime.GOOS == "windows")
}

// vfsOf is the VFS that a file has to be opened with. In doubt it is the strict one,
// which does no harm.
func vfsOf(o Options) string {
	kind, err := pagesum.Look(o.VFS, o.Path)
	if err == nil && kind != pagesum.Summed {
		return o.VFS
	}
	name, err := pagesum.Over(o.VFS)
	_ = err // SQLite then says that there is no such VFS
	return name
}

// verifySums compares the checksum of every page in the file and names those that do
// not fit. A page that is in the write-ahead log does not count: after a power cut it
// may be half written in the file, and nobody reads it there.
func verifySums(t *Tx, r *Report, o Options) error {
	var p stock.Problems
	if kind, err := pagesum.Look(o.VFS, o.Path); err != nil || kind != pagesum.Summed {
		return err
	}
	scan, err := pagesum.Scan(t.ctx, o.VFS, o.Path)
	if err != nil {
		return err
	}
	for _, number := range scan.Damaged {
		var n int64
		if _, err := t.one(`SELECT length(data) FROM sqlite_dbpage WHERE pgno = ?`, []any{number}, &n); err != nil {
			p.Add("database: page %d is damaged, its checksum does not fit (%v)", number, err)
			t = t.afresh()
		}
	}
	for _, number := range scan.Blank {
		var name string
		used, err := t.one(`SELECT s.name FROM dbstat s JOIN sqlite_dbpage p ON p.pgno = s.pageno WHERE s.pageno = ? AND p.data = zeroblob(length(p.data))`, []any{number}, &name)
		if err == nil && used {
			p.Add("database: page %d of %s is empty", number, name)
		} else if err != nil {
			t = t.afresh() // another page on the way is damaged, and named above
		}
	}
	r.Damaged = p.Count > 0
	r.add("checksums of database pages", scan.Pages, p)
	return nil
}

// afresh reads on after a fault: a reader has nothing to lose. SQLite ends a
// transaction in which a page could not be read, so what follows may see a newer state.
func (t *Tx) afresh() *Tx {
	_ = t.conn.run(context.Background(), "BEGIN") // an error when the transaction is still there
	return &Tx{ctx: t.ctx, conn: t.conn}
}

// sqliteCode is SQLite's extended code in an error, 0 for none.
func sqliteCode(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return 0
}

// unopenable reports the damaged pages of a file that SQLite does not even open: they
// describe its tables.
func unopenable(ctx context.Context, o Options, opening error) (*Report, error) {
	scan, err := pagesum.Scan(ctx, o.VFS, o.Path)
	if err != nil || len(scan.Damaged) == 0 {
		return nil, explain(errors.Join(opening, err))
	}
	var p stock.Problems
	for _, number := range scan.Damaged {
		p.Add("database: page %d is damaged, its checksum does not fit", number)
	}
	p.Add("everything else: %s", unreadable(opening.Error()))
	r := &Report{Problems: []string{}, Damaged: true}
	r.add("checksums of database pages", scan.Pages, p)
	return r, nil
}

// unreadable is what a check says that a damaged page has stopped.
func unreadable(what string) string {
	return "not checked, because of the damage: " + strings.TrimSpace(what)
}
