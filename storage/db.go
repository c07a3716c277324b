// Package storage keeps the books in SQLite: one writer with group commit, a pool of
// read snapshots, numbered migrations. It holds SQL and no rule of the factory; each
// file serves the Store of one core area.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver
	sqlite3 "modernc.org/sqlite/lib"

	"masala/core"
	"masala/core/app"
)

// applicationID marks a database file as ours: "MSLA".
const applicationID = 0x4D534C41

// Page caches of connections in KiB, of which each costs twice that in memory. SQLite
// lets one connection grow at the expense of all others, up to what they have together.
const (
	cacheSize    = 6_000
	passingCache = 2_000 // of a connection that goes through all pages once
)

// logLimit is how many bytes the write-ahead log keeps when SQLite begins it anew. A
// working day needs 4 MB of it.
const logLimit = 16 << 20

// Options of a database.
type Options struct {
	Path    string // of the file; its folder must exist
	VFS     string // name of a registered SQLite VFS; "" is the system's
	Readers int    // read connections; default 4
	// Tell is told of an upgrade of the file as it goes on: "migrating 3 of 19". It may be
	// nil.
	Tell func(doing string)

	plain bool // a new file gets no checksums, as from versions before them
}

// DB is an open database. It implements app.Books.
type DB struct {
	sql     *sql.DB
	writer  *writer
	readers *shelf
	pool    int           // how many there are
	proof   chan struct{} // taken by the one Verify at a time
	all     []*conn
	options Options
	source  source
	closing chan struct{}
	close   func() error
	damage  atomic.Pointer[func(error)]
}

var _ app.Books = (*DB)(nil)

// Open opens the database, creating or migrating it as needed. Only one process may
// have it open; the caller holds the lock of the data folder. A file that is not
// ours or of a newer version is refused and left as it is.
func Open(ctx context.Context, o Options) (_ *DB, err error) {
	if o.Readers == 0 {
		o.Readers = 4
	}
	if err := private(o.Path); err != nil {
		return nil, err
	}
	if err := withSums(ctx, o); err != nil {
		return nil, err
	}
	db, err := unopened(o)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(explain(err), db.Close())
		}
	}()
	w, err := db.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := recognize(ctx, w); err != nil {
		return nil, err
	}
	if err := refuseNewer(ctx, w); err != nil {
		return nil, err
	}
	// Not in the DSN: it is kept in the file, and a foreign file must stay as it is.
	if err := w.run(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return nil, err
	}
	upgraded, err := migrate(ctx, db.sql, o.tell)
	if err != nil {
		return nil, err
	}
	for range o.Readers {
		if err := db.addReader(ctx); err != nil {
			return nil, err
		}
	}
	if upgraded {
		if err := db.emptyLog(ctx); err != nil {
			return nil, err
		}
	}
	db.writer = startWriter(w)
	return db, nil
}

func (o Options) tell(doing string) {
	if o.Tell != nil {
		o.Tell(doing)
	}
}

// private makes a new database file readable by its owner only; SQLite gives the
// same mode to the files beside it.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return core.Errorf(core.CodeUnavailable, "The database %s cannot be opened. Check that this user may write its folder.", path).Because(err)
	}
	return f.Close()
}

// unopened is a database without a connection.
func unopened(o Options) (*DB, error) {
	registerWords()
	from := sourceOf(o)
	pool, err := sql.Open("sqlite", from.dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(o.Readers + 1)
	pool.SetMaxIdleConns(o.Readers + 1)
	db := &DB{sql: pool, options: o, source: from, readers: newShelf(o.Readers), closing: make(chan struct{}), proof: make(chan struct{}, 1)}
	db.close = sync.OnceValue(db.shut)
	return db, nil
}

func (db *DB) addReader(ctx context.Context) error {
	c, err := db.connect(ctx)
	if err != nil {
		return err
	}
	if err := c.run(ctx, "PRAGMA query_only = 1"); err != nil {
		return err
	}
	db.readers.put(c)
	db.pool++
	return nil
}

// dsn carries the pragmas, because an Exec would reach one connection only.
func dsn(o Options) string {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "synchronous(FULL)", "foreign_keys(1)", fmt.Sprintf("cache_size(-%d)", cacheSize), "temp_store(MEMORY)", fmt.Sprintf("journal_size_limit(%d)", logLimit)}}
	if vfs := vfsOf(o); vfs != "" {
		q.Set("vfs", vfs)
	}
	return uriOf(o.Path) + "?" + q.Encode()
}

// fileURI writes an absolute path as SQLite reads it: file:///C:/a%20b/x.db on
// Windows.
func fileURI(path string, windows bool) string {
	if windows {
		path = strings.ReplaceAll(path, `\`, "/")
		if !strings.HasPrefix(path, "/") { // a share has its slashes already
			path = "/" + path
		}
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath()
}

// ErrForeign is a database file that another program made. It stays as it is.
var ErrForeign error = core.Errorf(core.CodeCorrupt, "The database file belongs to another program. Move it away or restore a backup.")

// recognize refuses a file that another program made.
func recognize(ctx context.Context, c *conn) error {
	var id, tables int
	if err := c.sql.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if err := c.sql.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return err
	}
	switch {
	case id == applicationID:
		return nil
	case id == 0 && tables == 0:
		return c.run(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	}
	return ErrForeign
}

// Close refuses new calls, waits for those under way and closes every connection.
// Closing twice is closing once.
func (db *DB) Close() error { return db.close() }

func (db *DB) shut() error {
	if db.writer != nil {
		db.writer.stop()
	}
	close(db.closing)
	for range db.pool {
		<-db.readers.free
	}
	db.proof <- struct{}{}
	var errs []error
	for _, c := range db.all {
		errs = append(errs, c.close())
	}
	return errors.Join(append(errs, db.sql.Close())...)
}

// Read runs fn on one snapshot of the books.
func (db *DB) Read(ctx context.Context, fn func(app.Store) error) error {
	return db.read(ctx, func(tx *Tx) error { return fn(tx) })
}

func (db *DB) read(ctx context.Context, fn func(*Tx) error) error {
	select {
	case <-db.closing:
		return errClosed
	case <-db.readers.free:
		c := db.readers.take()
		defer db.readers.put(c)
		return db.heed(c.snapshot(ctx, fn))
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Write queues fn for the writer and returns when its effect is on disk, or not at
// all. See writer for how callers share one COMMIT.
func (db *DB) Write(ctx context.Context, fn func(app.Store) error) error {
	return db.heed(db.writer.do(ctx, func(tx *Tx) error { return fn(tx) }))
}

// OnDamage has fn called when SQLite meets a damaged page, by whoever met it.
func (db *DB) OnDamage(fn func(error)) { db.damage.Store(&fn) }

// heed passes err on and tells of damage.
func (db *DB) heed(err error) error {
	if fn := db.damage.Load(); fn != nil && isDamage(err) {
		(*fn)(err)
	}
	return err
}

// isDamage reports whether err comes from a database file that is not whole: SQLite
// says so, or the checksum of a page does.
func isDamage(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_IOERR_DATA || code&0xff == sqlite3.SQLITE_CORRUPT || code&0xff == sqlite3.SQLITE_NOTADB
}

// ForgetAnswers drops the stored answers of requests committed before that time
// and returns how many (R36). The keys stay for ever, so that none of them can take
// effect again.
func (db *DB) ForgetAnswers(ctx context.Context, before time.Time) (n int64, err error) {
	err = db.heed(db.writer.do(ctx, func(tx *Tx) (err error) { n, err = tx.forgetAnswers(before); return err }))
	return n, err
}

// Ping takes its turn in the writer and then among the readers, and touches nothing: the
// watchdog's question. A service whose readers all hang serves nobody.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.writer.do(ctx, func(*Tx) error { return errPing }); err != nil {
		return err
	}
	return db.read(ctx, func(*Tx) error { return nil })
}

// OnCommit has fn called after every commit, by the writer: it must not block.
func (db *DB) OnCommit(fn func()) { db.writer.notify.Store(&fn) }

// Commits counts the transactions written since Open: with many callers fewer than
// their requests.
func (db *DB) Commits() uint64 { return db.writer.commits.Load() }

// LogSize is the length of the write-ahead log of the database at path, in bytes.
func LogSize(path string) int64 {
	st, err := os.Stat(path + "-wal")
	if err != nil {
		return 0
	}
	return st.Size()
}

// Size is the length of the database file with its write-ahead log, in bytes.
func Size(path string) int64 {
	var n int64
	for _, suffix := range []string{"", "-wal"} {
		if st, err := os.Stat(path + suffix); err == nil {
			n += st.Size()
		}
	}
	return n
}

// conn is one connection with its prepared statements.
type conn struct {
	sql   *sql.Conn
	stmts map[string]*sql.Stmt
}

func (db *DB) connect(ctx context.Context) (*conn, error) {
	c, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, err
	}
	k := &conn{c, map[string]*sql.Stmt{}}
	db.all = append(db.all, k)
	return k, nil
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.sql.Close())...)
}

// onPrepare is told every new statement; tests look at their plans.
var onPrepare func(query string)

func (c *conn) prepare(query string) (*sql.Stmt, error) {
	if s := c.stmts[query]; s != nil {
		return s, nil
	}
	if onPrepare != nil {
		onPrepare(query)
	}
	s, err := c.sql.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, strings.Join(strings.Fields(query), " "))
	}
	c.stmts[query] = s
	return s, nil
}

// run executes a statement that begins, ends or sets something.
func (c *conn) run(ctx context.Context, query string) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx)
	return err
}

// snapshot runs fn inside a read transaction.
func (c *conn) snapshot(ctx context.Context, fn func(*Tx) error) (err error) {
	if err := c.run(context.Background(), "BEGIN"); err != nil {
		return explain(err)
	}
	defer func() {
		if end := c.run(context.Background(), "ROLLBACK"); end != nil && err == nil {
			err = explain(end)
		}
	}()
	if err := fn(&Tx{ctx: ctx, conn: c}); err != nil {
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
		return explain(err)
	}
	return nil
}

// explain gives the faults of the disk and of the file the sentence users read.
func explain(err error) error {
	if isDamage(err) {
		return core.Errorf(core.CodeCorrupt, "⚠️ Database integrity issue detected. Restore from backup?").Because(err)
	}
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_FULL:
		return core.Errorf(core.CodeDiskFull, "The disk of the server is full. Nothing was changed; free some space on it and try again.").Because(err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return core.Errorf(core.CodeUnavailable, "The server cannot write its database. Check its disk and that no other program holds the file.").Because(err)
	}
	return err
}
