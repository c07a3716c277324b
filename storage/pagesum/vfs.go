// Package pagesum gives every page of a database file a checksum: an SQLite VFS over
// another one that keeps 8 bytes at the end of each page, writes them whenever a page
// is written to the database file and compares them whenever one is read. A page whose
// checksum does not fit is an error of SQLite's (SQLITE_IOERR_DATA), never data.
//
// The 8 bytes are SQLite's "reserved bytes", so the file remains a plain database that
// any SQLite can read; only whoever writes it must know the checksums. It guards the
// database file. The write-ahead log has checksums of SQLite's own.
package pagesum

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync"
	"sync/atomic"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"masala/storage/csqlite"
)

// size of a checksum, in bytes at the end of each page.
const size = 8

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is the checksum of a page without its last 8 bytes. The number of the page is
// part of it, so that a page written to the wrong place does not fit.
func sum(body []byte, number uint32) uint64 {
	var n [4]byte
	binary.LittleEndian.PutUint32(n[:], number)
	c := crc32.Update(crc32.Checksum(body, castagnoli), castagnoli, n[:])
	i := crc32.Update(crc32.ChecksumIEEE(body), crc32.IEEETable, n[:])
	return uint64(c)<<32 | uint64(i)
}

// seal writes the checksum into a page.
func seal(page []byte, number uint32) {
	binary.LittleEndian.PutUint64(page[len(page)-size:], sum(page[:len(page)-size], number))
}

// fits reports whether a page is as it was written. A page of zeros was never written:
// SQLite leaves such holes where it has pages to spare, and copies them in a backup.
func fits(page []byte, number uint32) bool {
	return binary.LittleEndian.Uint64(page[len(page)-size:]) == sum(page[:len(page)-size], number) || blank(page)
}

func blank(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

// file is an open database file.
type file struct {
	methods *sqlite3.Tsqlite3_io_methods // of the base
	page    atomic.Int32                 // size of its pages; 0 before its head was seen
}

// learn takes the size of the pages from the head of the file, which SQLite reads and
// writes before anything else.
func (f *file) learn(head []byte) {
	if n := pageSize(head); n >= 512 && n&(n-1) == 0 {
		f.page.Store(int32(n))
	}
}

// pageAt is the number of the page that a read or write of n bytes at off concerns, 0
// when it concerns no whole page: SQLite reads the end of a large value straight from
// its overflow page, and that may be 512 or 1024 bytes long.
func (f *file) pageAt(n int32, off int64) uint32 {
	if page := f.page.Load(); n < 512 || n&(n-1) != 0 || off%int64(n) != 0 || page != 0 && n != page {
		return 0
	}
	return uint32(off/int64(n)) + 1
}

// vfs is one registered VFS. It lives as long as the process.
type vfs struct {
	tls  *libc.TLS
	base uintptr
	open func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32

	mu     sync.Mutex
	tables map[uintptr]uintptr // io_methods of the base -> ours
	keep   []any               // closures that only C memory points to
	files  sync.Map            // sqlite3_file -> *file
}

var registered = struct {
	sync.Mutex
	byName map[string]*vfs
}{byName: map[string]*vfs{}}

// Name is what the VFS over base is called.
func Name(base string) string { return "pagesum-" + base }

// Over registers the VFS over the one named base, "" for the system's, and returns its
// name. Only files whose pages have room for the checksums may be opened with it.
func Over(base string) (string, error) {
	name := Name(base)
	registered.Lock()
	defer registered.Unlock()
	tls := libc.NewTLS()
	real, err := csqlite.VFS(tls, base)
	if err != nil {
		tls.Close()
		return name, fmt.Errorf("pagesum: %w", err)
	}
	if v := registered.byName[name]; v != nil && v.base == real {
		tls.Close()
		return name, nil
	}
	v := &vfs{tls: tls, base: real, tables: map[uintptr]uintptr{}}
	own := csqlite.Copy[sqlite3.Tsqlite3_vfs](tls, real)
	t := csqlite.At[sqlite3.Tsqlite3_vfs](own)
	v.open = csqlite.Function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](t.FxOpen)
	t.FpNext, t.FxOpen = 0, v.pointer(v.xOpen)
	if t.FzName, err = libc.CString(name); err != nil {
		return name, err
	}
	if rc := sqlite3.Xsqlite3_vfs_register(tls, own, 0); rc != 0 {
		return name, fmt.Errorf("pagesum: register %q: code %d", name, rc)
	}
	registered.byName[name] = v
	return name, nil
}

func (v *vfs) pointer(fn any) uintptr {
	v.keep = append(v.keep, fn)
	return csqlite.Pointer(fn)
}

func (v *vfs) xOpen(tls *libc.TLS, _, zName, pFile uintptr, flags int32, out uintptr) int32 {
	rc := v.open(tls, v.base, zName, pFile, flags, out)
	if rc != 0 || flags&sqlite3.SQLITE_OPEN_MAIN_DB == 0 {
		return rc
	}
	head := csqlite.At[sqlite3.Tsqlite3_file](pFile)
	v.files.Store(pFile, &file{methods: csqlite.At[sqlite3.Tsqlite3_io_methods](head.FpMethods)})
	head.FpMethods = v.table(head.FpMethods)
	return 0
}

// table is our version of a table of file methods.
func (v *vfs) table(real uintptr) uintptr {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p := v.tables[real]; p != 0 {
		return p
	}
	p := csqlite.Copy[sqlite3.Tsqlite3_io_methods](v.tls, real)
	m := csqlite.At[sqlite3.Tsqlite3_io_methods](p)
	m.FiVersion = min(m.FiVersion, 2) // no memory-mapped pages: they would pass us by
	m.FxRead, m.FxWrite, m.FxClose = v.pointer(v.xRead), v.pointer(v.xWrite), v.pointer(v.xClose)
	v.tables[real] = p
	return p
}

func (v *vfs) file(pFile uintptr) *file {
	f, _ := v.files.Load(pFile)
	return f.(*file)
}

func (v *vfs) xRead(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	f := v.file(pFile)
	rc := csqlite.Function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](f.methods.FxRead)(tls, pFile, buf, n, off)
	b := csqlite.Bytes(buf, n)
	if rc == 0 && off == 0 && n >= 100 {
		f.learn(b)
	}
	switch number := f.pageAt(n, off); {
	case number == 0 || rc != 0 && rc != sqlite3.SQLITE_IOERR_SHORT_READ:
		return rc
	case rc == sqlite3.SQLITE_IOERR_SHORT_READ && blank(b): // past the end
		return rc
	case rc != 0 || !fits(b, number):
		return sqlite3.SQLITE_IOERR_DATA
	}
	return 0
}

// headReserved is where the header of a database tells how many bytes each page reserves.
const headReserved = 20

// xWrite writes the checksum into SQLite's own buffer, as SQLite's cksumvfs does: the
// reserved bytes are nobody else's.
func (v *vfs) xWrite(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	f, b := v.file(pFile), csqlite.Bytes(buf, n)
	if off == 0 && n >= 100 {
		f.learn(b)
	}
	if number := f.pageAt(n, off); number != 0 {
		if number == 1 && b[headReserved] != size {
			return sqlite3.SQLITE_IOERR_WRITE // no room was reserved: the checksums would overwrite data
		}
		seal(b, number)
	}
	return csqlite.Function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](f.methods.FxWrite)(tls, pFile, buf, n, off)
}

func (v *vfs) xClose(tls *libc.TLS, pFile uintptr) int32 {
	f := v.file(pFile)
	v.files.Delete(pFile)
	return csqlite.Function[func(*libc.TLS, uintptr) int32](f.methods.FxClose)(tls, pFile)
}
