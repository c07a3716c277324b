package pagesum

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"masala/storage/csqlite"
)

// Kind is what a file is to this package.
type Kind uint8

// The kinds.
const (
	None   Kind = iota // no file, or an empty one
	Plain              // a database without checksums, or no database at all
	Summed             // a database with checksums, sound or not
)

// Look tells what the file at path is. It goes through the VFS base, so the file may
// be open in this process: opening it past SQLite would drop SQLite's locks on Linux.
func Look(base, path string) (Kind, error) {
	f, err := openFile(base, path)
	if errors.Is(err, os.ErrNotExist) {
		return None, nil
	}
	if err != nil {
		return Plain, err
	}
	defer f.close()
	if n, err := f.size(); err != nil || n == 0 {
		return None, err
	}
	page := make([]byte, 100)
	if err := f.read(page, 0); err != nil {
		return Plain, nil // shorter than any database
	}
	if string(page[:16]) != "SQLite format 3\x00" {
		return Plain, nil
	}
	if page[headReserved] == size {
		return Summed, nil
	}
	// The very byte that says so may be the damaged one.
	n := pageSize(page)
	if n < 512 || n&(n-1) != 0 {
		return Plain, nil
	}
	page = make([]byte, n)
	if err := f.read(page, 0); err != nil {
		return Plain, nil
	}
	page[headReserved] = size
	if fits(page, 1) {
		return Summed, nil
	}
	return Plain, nil
}

func pageSize(head []byte) int {
	n := int(binary.BigEndian.Uint16(head[16:]))
	if n == 1 {
		n = 1 << 16
	}
	return n
}

// Result is what Scan found.
type Result struct {
	Pages   int64
	Damaged []int64 // numbers of the pages whose checksum does not fit, the first is 1
	Blank   []int64 // pages of zeros: right only where SQLite keeps nothing
}

// lockPage is where SQLite keeps its locks and no data: at 1 GiB.
const lockPage = 1 << 30

// Scan reads the whole file and compares every checksum. The file may be in use: a
// page that does not fit may be one that is just being written, so it is read again.
func Scan(ctx context.Context, base, path string) (r Result, err error) {
	f, err := openFile(base, path)
	if err != nil {
		return r, err
	}
	defer f.close()
	length, err := f.size()
	if err != nil {
		return r, err
	}
	n := int64(4096) // whatever a damaged head says
	if head := make([]byte, 100); length >= 100 && f.read(head, 0) == nil {
		if p := int64(pageSize(head)); p >= 512 && p&(p-1) == 0 && length%p == 0 {
			n = p
		}
	}
	page := make([]byte, n)
	for off := int64(0); off < length; off += n {
		if off == lockPage {
			continue
		}
		number := off/n + 1
		if r.Pages++; r.Pages%256 == 0 && ctx.Err() != nil {
			return r, ctx.Err()
		}
		good := false
		for again := 0; again < 3 && !good; again++ {
			if again > 0 {
				libc.Xusleep(f.tls, 20_000)
			}
			clear(page)
			if err := f.read(page[:min(n, length-off)], off); err != nil {
				return r, err
			}
			good = fits(page, uint32(number))
		}
		switch {
		case !good:
			r.Damaged = append(r.Damaged, number)
		case blank(page):
			r.Blank = append(r.Blank, number)
		}
	}
	return r, nil
}

// rawFile is a file opened for reading through a VFS, without a database around it.
type rawFile struct {
	tls *libc.TLS
	at  uintptr // sqlite3_file
	m   *sqlite3.Tsqlite3_io_methods
	buf uintptr
}

const bufSize = 1 << 16

func openFile(base, path string) (*rawFile, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	tls := libc.NewTLS()
	p, err := csqlite.VFS(tls, base)
	if err != nil {
		tls.Close()
		return nil, fmt.Errorf("pagesum: %w", err)
	}
	t := csqlite.At[sqlite3.Tsqlite3_vfs](p)
	f := &rawFile{tls: tls, at: libc.Xcalloc(tls, 1, libc.Tsize_t(t.FszOsFile)), buf: libc.Xcalloc(tls, 1, bufSize)}
	// SQLite wants the name of a main database followed by its URI parameters: none.
	name := libc.Xcalloc(tls, 1, libc.Tsize_t(len(path)+8))
	copy(csqlite.Bytes(name+4, int32(len(path))), path)
	defer libc.Xfree(tls, name)
	open := csqlite.Function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](t.FxOpen)
	if rc := open(tls, p, name+4, f.at, sqlite3.SQLITE_OPEN_READONLY|sqlite3.SQLITE_OPEN_MAIN_DB, 0); rc != 0 {
		f.free()
		return nil, fmt.Errorf("open %s: SQLite code %d", path, rc)
	}
	f.m = csqlite.At[sqlite3.Tsqlite3_io_methods](csqlite.At[sqlite3.Tsqlite3_file](f.at).FpMethods)
	return f, nil
}

func (f *rawFile) size() (int64, error) {
	if rc := csqlite.Function[func(*libc.TLS, uintptr, uintptr) int32](f.m.FxFileSize)(f.tls, f.at, f.buf); rc != 0 {
		return 0, fmt.Errorf("size: SQLite code %d", rc)
	}
	return *csqlite.At[int64](f.buf), nil
}

// read fills b, of at most bufSize bytes.
func (f *rawFile) read(b []byte, off int64) error {
	n := int32(len(b))
	if rc := csqlite.Function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](f.m.FxRead)(f.tls, f.at, f.buf, n, off); rc != 0 {
		return fmt.Errorf("read %d bytes at %d: SQLite code %d", n, off, rc)
	}
	copy(b, csqlite.Bytes(f.buf, n))
	return nil
}

func (f *rawFile) close() {
	csqlite.Function[func(*libc.TLS, uintptr) int32](f.m.FxClose)(f.tls, f.at)
	f.free()
}

func (f *rawFile) free() {
	libc.Xfree(f.tls, f.at)
	libc.Xfree(f.tls, f.buf)
	f.tls.Close()
}

// Create makes an empty database with room for checksums, synced, and marks it with
// the application id.
func Create(base, path string, applicationID uint32) error {
	name, err := Over(base)
	if err != nil {
		return err
	}
	db, err := openDB(name, path)
	if err != nil {
		return err
	}
	return errors.Join(db.reserve(), db.exec(fmt.Sprintf("PRAGMA synchronous = FULL; PRAGMA application_id = %d", applicationID)), db.close())
}

// Convert writes the database at path, which has no checksums, into the new file to,
// with them. uri is to as SQLite's URI. The database must be open nowhere; its
// write-ahead log is gone afterwards, so that it can never be taken for that of the
// new file. The caller syncs and renames.
func Convert(ctx context.Context, base, path, uri string) error {
	name, err := Over(base)
	if err != nil {
		return err
	}
	db, err := openDB(base, path)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		tls := libc.NewTLS()
		sqlite3.Xsqlite3_interrupt(tls, db.at)
		tls.Close()
	})
	err = db.reserve()
	if err == nil {
		err = db.exec("VACUUM INTO '" + strings.ReplaceAll(uri+"?vfs="+name, "'", "''") + "'")
	}
	if err == nil { // only now: without space for the new file nothing has changed
		err = db.exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
	}
	stop()
	return errors.Join(err, db.close(), ctx.Err())
}

// rawDB is a connection below database/sql: the reserved bytes can be set nowhere else.
type rawDB struct {
	tls *libc.TLS
	at  uintptr // sqlite3
}

func openDB(vfs, path string) (*rawDB, error) {
	db := &rawDB{tls: libc.NewTLS()}
	cells := libc.Xcalloc(db.tls, 1, libc.Tsize_t(unsafe.Sizeof(uintptr(0))))
	defer libc.Xfree(db.tls, cells)
	zPath, err := libc.CString(path)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(db.tls, zPath)
	var zVFS uintptr
	if vfs != "" {
		if zVFS, err = libc.CString(vfs); err != nil {
			return nil, err
		}
		defer libc.Xfree(db.tls, zVFS)
	}
	rc := sqlite3.Xsqlite3_open_v2(db.tls, zPath, cells, sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_CREATE|sqlite3.SQLITE_OPEN_URI, zVFS)
	db.at = *csqlite.At[uintptr](cells)
	if rc != 0 {
		err = db.failed("open", rc)
		_ = db.close()
		return nil, err
	}
	return db, nil
}

// reserve asks for room for the checksums in what this connection makes anew.
func (db *rawDB) reserve() error {
	p := libc.Xcalloc(db.tls, 1, 4)
	defer libc.Xfree(db.tls, p)
	*csqlite.At[int32](p) = size
	if rc := sqlite3.Xsqlite3_file_control(db.tls, db.at, 0, sqlite3.SQLITE_FCNTL_RESERVE_BYTES, p); rc != 0 {
		return db.failed("reserve bytes", rc)
	}
	return nil
}

func (db *rawDB) exec(query string) error {
	z, err := libc.CString(query)
	if err != nil {
		return err
	}
	defer libc.Xfree(db.tls, z)
	if rc := sqlite3.Xsqlite3_exec(db.tls, db.at, z, 0, 0, 0); rc != 0 {
		return db.failed(query, rc)
	}
	return nil
}

// Error is what SQLite says below database/sql, with its extended code.
type Error struct {
	what string
	code int
	text string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s (%d)", e.what, e.text, e.code) }

// Code is SQLite's extended result code.
func (e *Error) Code() int { return e.code }

func (db *rawDB) failed(what string, rc int32) error {
	e := &Error{what: what, code: int(rc)}
	if db.at != 0 {
		e.code = int(sqlite3.Xsqlite3_extended_errcode(db.tls, db.at))
		e.text = libc.GoString(sqlite3.Xsqlite3_errmsg(db.tls, db.at))
	}
	return e
}

func (db *rawDB) close() error {
	rc := sqlite3.Xsqlite3_close_v2(db.tls, db.at)
	db.tls.Close()
	if rc != 0 {
		return fmt.Errorf("close: SQLite code %d", rc)
	}
	return nil
}
