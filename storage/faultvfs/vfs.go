// Package faultvfs is a disk that fails on purpose: an SQLite VFS over the system's
// own that remembers every write, truncation, sync and deletion, so that a test can
// rebuild the disk a power cut would have left (see Disk), and that can be full,
// slow, refuse to sync or go away. Nothing is really synced: what the log calls
// synced is what survives.
//
// It works inside modernc.org/sqlite, whose C function pointers are Go functions:
// each instance puts closures of its own into SQLite's tables.
package faultvfs

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"masala/storage/csqlite"
)

// Kind is what happened to a file.
type Kind uint8

// The kinds.
const (
	Write Kind = iota
	Truncate
	Sync
	Delete
)

// Op is one entry of the log.
type Op struct {
	Kind Kind
	File string // base name
	Off  int64  // of a Write; the new length of a Truncate
	Data []byte
}

// FS is one faulty disk, registered with SQLite under its name.
type FS struct {
	name    string
	tls     *libc.TLS
	vfs     uintptr // our sqlite3_vfs, in C memory
	real    uintptr // the one behind it
	mu      sync.Mutex
	log     []Op
	forget  bool
	faults  faults
	files   map[uintptr]*file   // by sqlite3_file
	tables  map[uintptr]uintptr // io_methods of the real VFS -> ours
	keep    []any               // closures that only C memory points to
	realFns struct {
		open   func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
		delete func(*libc.TLS, uintptr, uintptr, int32) int32
	}
}

type file struct {
	name string
	size int64
	real *sqlite3.Tsqlite3_io_methods
}

// New registers a disk. The name is free to choose but must not be in use.
func New(name string) (*FS, error) {
	tls := libc.NewTLS()
	if _, err := csqlite.VFS(tls, name); err == nil {
		return nil, fmt.Errorf("faultvfs: there is already a VFS named %q", name)
	}
	real, err := csqlite.VFS(tls, "")
	if err != nil {
		return nil, fmt.Errorf("faultvfs: %w", err)
	}
	zName, err := libc.CString(name)
	if err != nil {
		return nil, err
	}
	fs := &FS{name: name, tls: tls, real: real, files: map[uintptr]*file{}, tables: map[uintptr]uintptr{}}
	fs.vfs = csqlite.Copy[sqlite3.Tsqlite3_vfs](tls, real)
	ours := csqlite.At[sqlite3.Tsqlite3_vfs](fs.vfs)
	fs.realFns.open = csqlite.Function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](ours.FxOpen)
	fs.realFns.delete = csqlite.Function[func(*libc.TLS, uintptr, uintptr, int32) int32](ours.FxDelete)
	ours.FpNext, ours.FzName = 0, zName
	ours.FxOpen, ours.FxDelete = fs.pointer(fs.open), fs.pointer(fs.delete)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, fs.vfs, 0); rc != 0 {
		return nil, fmt.Errorf("faultvfs: register %q: code %d", name, rc)
	}
	return fs, nil
}

// Name is what SQLite knows the disk by: the vfs parameter of a DSN.
func (fs *FS) Name() string { return fs.name }

// Close takes the disk away from SQLite. Every database on it must be closed.
func (fs *FS) Close() error {
	fs.mu.Lock()
	n := len(fs.files)
	fs.mu.Unlock()
	if n > 0 {
		return fmt.Errorf("faultvfs: %q still has %d files open", fs.name, n)
	}
	if rc := sqlite3.Xsqlite3_vfs_unregister(fs.tls, fs.vfs); rc != 0 {
		return fmt.Errorf("faultvfs: unregister %q: code %d", fs.name, rc)
	}
	return nil
}

// Forget stops the log, for disks that are not to be cut.
func (fs *FS) Forget() { fs.mu.Lock(); fs.forget, fs.log = true, nil; fs.mu.Unlock() }

// Log returns what has happened so far.
func (fs *FS) Log() []Op { fs.mu.Lock(); defer fs.mu.Unlock(); return fs.log[:len(fs.log):len(fs.log)] }

// Pos is the length of the log: what was promised at Pos p must survive a power cut
// at p or later.
func (fs *FS) Pos() int { fs.mu.Lock(); defer fs.mu.Unlock(); return len(fs.log) }

// pointer is the C function pointer of a Go function, which it keeps alive.
func (fs *FS) pointer(fn any) uintptr {
	fs.keep = append(fs.keep, fn)
	return csqlite.Pointer(fn)
}

func (fs *FS) open(tls *libc.TLS, _, zName, pFile uintptr, flags int32, out uintptr) int32 {
	rc := fs.realFns.open(tls, fs.real, zName, pFile, flags, out)
	if rc != 0 {
		return rc
	}
	f := &file{} // without a name it is SQLite's scratch paper: it can run out of space but survives nothing
	if zName != 0 {
		path := libc.GoString(zName)
		f.name = filepath.Base(path)
		if st, err := os.Stat(path); err == nil {
			f.size = st.Size()
		}
	}
	head := csqlite.At[sqlite3.Tsqlite3_file](pFile)
	f.real = csqlite.At[sqlite3.Tsqlite3_io_methods](head.FpMethods)
	fs.mu.Lock()
	defer fs.mu.Unlock()
	head.FpMethods = fs.table(head.FpMethods)
	fs.files[pFile] = f
	return 0
}

// table is our version of a table of file methods; the caller holds mu.
func (fs *FS) table(real uintptr) uintptr {
	if p := fs.tables[real]; p != 0 {
		return p
	}
	p := csqlite.Copy[sqlite3.Tsqlite3_io_methods](fs.tls, real)
	m := csqlite.At[sqlite3.Tsqlite3_io_methods](p)
	m.FiVersion = min(m.FiVersion, 2) // no memory-mapped pages: they would pass us by
	m.FxWrite, m.FxTruncate, m.FxSync, m.FxClose = fs.pointer(fs.write), fs.pointer(fs.truncate), fs.pointer(fs.sync), fs.pointer(fs.close)
	fs.tables[real] = p
	return p
}

func (fs *FS) file(p uintptr) *file { fs.mu.Lock(); defer fs.mu.Unlock(); return fs.files[p] }

// note adds to the log.
func (fs *FS) note(o Op) {
	fs.mu.Lock()
	if o.File != "" && !fs.forget && !fs.faults.cut {
		fs.log = append(fs.log, o)
	}
	fs.mu.Unlock()
}

func (fs *FS) write(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	f := fs.file(pFile)
	if rc := fs.refuseWrite(off+int64(n) > f.size); rc != 0 {
		return rc
	}
	rc := csqlite.Function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](f.real.FxWrite)(tls, pFile, buf, n, off)
	if rc == 0 {
		f.size = max(f.size, off+int64(n))
		fs.note(Op{Kind: Write, File: f.name, Off: off, Data: append([]byte(nil), csqlite.Bytes(buf, n)...)})
	}
	return rc
}

func (fs *FS) truncate(tls *libc.TLS, pFile uintptr, size int64) int32 {
	f := fs.file(pFile)
	if fs.isCut() {
		return sqlite3.SQLITE_IOERR_TRUNCATE
	}
	rc := csqlite.Function[func(*libc.TLS, uintptr, int64) int32](f.real.FxTruncate)(tls, pFile, size)
	if rc == 0 {
		f.size = size
		fs.note(Op{Kind: Truncate, File: f.name, Off: size})
	}
	return rc
}

func (fs *FS) sync(_ *libc.TLS, pFile uintptr, _ int32) int32 {
	f := fs.file(pFile)
	slow, ignore, rc := fs.syncFaults(f.name)
	if slow > 0 {
		time.Sleep(slow)
	}
	if rc == 0 && !ignore {
		fs.note(Op{Kind: Sync, File: f.name})
	}
	return rc
}

func (fs *FS) close(tls *libc.TLS, pFile uintptr) int32 {
	f := fs.file(pFile)
	fs.mu.Lock()
	delete(fs.files, pFile)
	fs.mu.Unlock()
	return csqlite.Function[func(*libc.TLS, uintptr) int32](f.real.FxClose)(tls, pFile)
}

func (fs *FS) delete(tls *libc.TLS, _, zName uintptr, syncFolder int32) int32 {
	if fs.isCut() {
		return sqlite3.SQLITE_IOERR_DELETE
	}
	rc := fs.realFns.delete(tls, fs.real, zName, 0)
	if rc == 0 {
		name := filepath.Base(libc.GoString(zName))
		fs.note(Op{Kind: Delete, File: name})
		if syncFolder != 0 {
			fs.note(Op{Kind: Sync, File: name})
		}
	}
	return rc
}
