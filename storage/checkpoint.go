package storage

import (
	"context"

	"masala/core"
)

// Checkpoint moves the write-ahead log into the database file and cuts it to
// nothing. It waits for readers and writers under way, a few seconds at most; the
// error then has core.CodeUnavailable and nothing is lost.
func (db *DB) Checkpoint(ctx context.Context) error {
	select {
	case <-db.closing:
		return errClosed
	case <-db.readers.free:
		c := db.readers.take()
		defer db.readers.put(c)
		var busy, frames, moved int
		if err := c.sql.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
			return explain(err)
		}
		if busy != 0 {
			return core.Errorf(core.CodeUnavailable, "The database is in use; the write-ahead log stays for now.")
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// emptyLog moves what an upgrade has written into the database file: the log may be as
// long as the books, and its length counts as space that the books need. One that finds
// no room stays.
func (db *DB) emptyLog(ctx context.Context) error {
	if err := db.Checkpoint(ctx); core.CodeOf(err) != core.CodeDiskFull {
		return err
	}
	return nil
}
