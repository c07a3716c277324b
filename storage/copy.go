package storage

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"time"

	sqlite "modernc.org/sqlite"

	"masala/core/backup"
	"masala/platform/atomicfile"
)

// A copy is made in steps of copyPages pages, 2 MB, with a pause between them that
// leaves the disk to the commits of the others.
const (
	copyPages = 500
	copyPause = 2 * time.Millisecond
)

// Copy writes the books as they are at this moment into a new file at dst, while
// work goes on. progress, which may be nil, is told how far it is; what is in the file
// is told in the answer. It is not synced: whoever compresses it reads it from memory
// and deletes it, and on a slow disk its bytes would only stand in the way of commits.
// The live file itself is never read
// past SQLite: a copy of it would be torn, and closing it would drop SQLite's locks.
func (db *DB) Copy(ctx context.Context, dst string, progress func(done, total int)) (backup.Contents, error) {
	return copyBooks(ctx, db.source, dst, progress)
}

// CopyOpen is Copy over a connection that is open already: the only way to the books
// once their file has lost its name.
func (db *DB) CopyOpen(ctx context.Context, dst string) error {
	select {
	case <-db.closing:
		return errClosed
	case <-db.readers.free:
		k := db.readers.take()
		defer db.readers.put(k)
		err := k.snapshot(ctx, func(t *Tx) error {
			if _, err := t.contents(); err != nil { // the first read begins the snapshot
				return err
			}
			return k.sql.Raw(func(driver any) error { return db.source.copyTo(ctx, driver.(backuper), dst, func(int, int) {}) })
		})
		if err != nil {
			return err
		}
		return atomicfile.Sync(dst)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// CopyFile is Copy for a database file that is not open in this process, a running
// server's too.
func CopyFile(ctx context.Context, path, dst string, progress func(done, total int)) (backup.Contents, error) {
	if _, err := os.Stat(path); err != nil {
		return backup.Contents{}, err
	}
	return copyBooks(ctx, sourceOf(Options{Path: path}), dst, progress)
}

// backuper is SQLite's backup API as the driver gives it.
type backuper interface {
	NewBackup(dst string) (*sqlite.Backup, error)
}

func copyBooks(ctx context.Context, from source, dst string, progress func(done, total int)) (c backup.Contents, err error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	k, done, err := alone(ctx, from.dsn)
	if err != nil {
		return c, err
	}
	defer done()
	// Inside an open read transaction: without it every commit of another
	// connection would make the backup begin again, and it would never end.
	err = k.snapshot(ctx, func(t *Tx) error {
		if c, err = t.contents(); err != nil {
			return err
		}
		return k.sql.Raw(func(driver any) error { return from.copyTo(ctx, driver.(backuper), dst, progress) })
	})
	return c, err
}

func (s source) copyTo(ctx context.Context, open backuper, dst string, progress func(done, total int)) (err error) {
	uri, err := s.copyURI(dst)
	if err != nil {
		return err
	}
	b, err := open.NewBackup(uri)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Finish()) }()
	for {
		more, err := b.Step(copyPages)
		if err != nil {
			return err
		}
		progress(b.PageCount()-b.Remaining(), b.PageCount())
		if !more {
			return nil
		}
		select {
		case <-time.After(copyPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// alone opens one connection of its own that only reads, and little at a time.
func alone(ctx context.Context, dsn string) (*conn, func(), error) {
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, nil, err
	}
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(explain(err), pool.Close())
	}
	k := &conn{sql: c, stmts: map[string]*sql.Stmt{}}
	done := func() { _ = errors.Join(k.close(), pool.Close()) }
	for _, pragma := range []string{fmt.Sprintf("cache_size = -%d", passingCache), "query_only = 1"} {
		if err := k.run(ctx, "PRAGMA "+pragma); err != nil {
			done()
			return nil, nil, explain(err)
		}
	}
	return k, done, nil
}

// contents tells what these books are and how far they go.
func (t *Tx) contents() (c backup.Contents, err error) {
	var head []byte
	if _, err = t.one(`SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1`, nil, &c.Seq, &head); err != nil {
		return c, err
	}
	c.Head = hex.EncodeToString(head)
	if _, err = t.one(`SELECT count(*) FROM document`, nil, &c.Documents); err != nil {
		return c, err
	}
	if _, err = t.one(`SELECT coalesce(max(version_id), 0) FROM goose_db_version`, nil, &c.Schema); err != nil {
		return c, err
	}
	s, err := t.Settings()
	if err != nil {
		return c, err
	}
	c.Factory, c.Zone = s.Factory, s.TimeZone
	// A file of an older version has no tables for these; it is read, not migrated.
	if ok, err := t.one(`SELECT 1 FROM sqlite_schema WHERE name = 'lineage'`, nil, new(int)); err != nil || !ok {
		return c, err
	}
	l, err := t.Lineage()
	if err != nil {
		return c, err
	}
	c.Lineage, c.Books = l.ID, l.Books
	if c.Past, err = list(t, `SELECT id FROM lineage WHERE id <> ? ORDER BY n`, []any{l.ID}, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) }); err != nil {
		return c, err
	}
	sealed, _, err := t.Sealed()
	c.Key = sealed.Fingerprint
	return c, err
}

// ReadContents tells what is in a database file that may be of an older version. It
// only reads.
func ReadContents(ctx context.Context, path string) (c backup.Contents, err error) {
	if _, err := os.Stat(path); err != nil {
		return c, err
	}
	k, done, err := alone(ctx, dsn(Options{Path: path}))
	if err != nil {
		return c, err
	}
	defer done()
	if err := k.snapshot(ctx, func(t *Tx) (err error) { c, err = t.contents(); return err }); err != nil {
		return c, fmt.Errorf("read %s: %w", path, err)
	}
	return c, nil
}

// ReadSeal returns the server's key under the recovery code that lies in a database
// file.
func ReadSeal(ctx context.Context, path string) (s backup.Sealed, ok bool, err error) {
	k, done, err := alone(ctx, dsn(Options{Path: path}))
	if err != nil {
		return s, false, err
	}
	defer done()
	err = k.snapshot(ctx, func(t *Tx) (err error) { s, ok, err = t.Sealed(); return err })
	return s, ok, err
}
