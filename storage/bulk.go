package storage

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"masala/core/app"
)

// bulkCache is the page cache of the writer during Bulk, in KiB: a history touches its
// indexes all over.
const bulkCache = 256 << 10

// Bulk lends the writer to one caller who posts very many documents, a history or an
// import: every of his writes share one COMMIT, and he reads what he wrote before it.
// Nobody else writes meanwhile. The Books given to fn serve one goroutine. A write
// that fails ends the bulk: what was not committed yet never happened, and every
// later call returns the same error.
func (db *DB) Bulk(ctx context.Context, every int, fn func(*Bulk) error) error {
	return db.writer.lend(ctx, func(c *conn) (err error) {
		if err := c.run(ctx, fmt.Sprintf("PRAGMA cache_size = -%d", bulkCache)); err != nil {
			return err
		}
		defer func() {
			err = errors.Join(err, c.run(context.Background(), fmt.Sprintf("PRAGMA cache_size = -%d", cacheSize)))
		}()
		b := &Bulk{conn: c, every: every}
		defer b.abandon() // when fn panics
		if err := fn(b); err != nil {
			return b.fail(err)
		}
		return b.end()
	})
}

// Bulk implements app.Books inside one transaction that is renewed from time to time.
type Bulk struct {
	conn   *conn
	every  int
	writes int // since the last COMMIT
	begun  bool
	failed error
}

func (b *Bulk) begin() error {
	if b.failed != nil || b.begun {
		return b.failed
	}
	if err := b.conn.run(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		return b.fail(explain(err))
	}
	b.begun = true
	return nil
}

// Read implements app.Books.
func (b *Bulk) Read(ctx context.Context, fn func(app.Store) error) error {
	if err := b.begin(); err != nil {
		return err
	}
	if err := fn(&Tx{ctx: context.WithoutCancel(ctx), conn: b.conn}); err != nil {
		return explain(err) // a read changes nothing, so that nothing is lost with it
	}
	return nil
}

// Write implements app.Books.
func (b *Bulk) Write(ctx context.Context, fn func(app.Store) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			err = b.fail(explain(err))
		}
	}()
	if err := b.begin(); err != nil {
		return err
	}
	tx := &Tx{ctx: context.WithoutCancel(ctx), conn: b.conn}
	if err := fn(tx); err != nil {
		return err
	}
	if tx.failed != nil {
		return tx.failed
	}
	if b.writes++; b.writes < b.every {
		return nil
	}
	return b.commit()
}

// ForgetAnswers is that of the database (R36).
func (b *Bulk) ForgetAnswers(ctx context.Context, before time.Time) error {
	return b.Write(ctx, func(tx app.Store) error {
		_, err := tx.(*Tx).forgetAnswers(before)
		return err
	})
}

func (b *Bulk) commit() error {
	if err := b.conn.run(context.Background(), "COMMIT"); err != nil {
		return err
	}
	b.begun, b.writes = false, 0
	return nil
}

// fail takes back what was not committed.
func (b *Bulk) fail(err error) error {
	if b.failed == nil {
		b.failed = err
		b.abandon()
	}
	return b.failed
}

func (b *Bulk) abandon() {
	if b.begun {
		_ = b.conn.run(context.Background(), "ROLLBACK") // fails when SQLite has already done so
		b.begun = false
	}
}

func (b *Bulk) end() error {
	if b.failed == nil && b.begun {
		if err := b.commit(); err != nil {
			return b.fail(explain(err))
		}
	}
	return b.failed
}
