// Package csqlite reaches into the C tables of modernc.org/sqlite, in which function
// pointers are Go functions: what an SQLite VFS written in Go needs.
package csqlite

import (
	"fmt"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// At looks at C memory.
func At[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// Bytes looks at n bytes of C memory.
func Bytes(p uintptr, n int32) []byte { return unsafe.Slice(At[byte](p), n) }

// Function is the Go function behind a C function pointer.
func Function[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{p})) }

// Pointer is the C function pointer of a Go function. Only C memory points to it, so
// the caller keeps fn alive.
func Pointer(fn any) uintptr { return (*[2]uintptr)(unsafe.Pointer(&fn))[1] }

// VFS finds a registered VFS by name, the default one for "".
func VFS(tls *libc.TLS, name string) (uintptr, error) {
	if rc := sqlite3.Xsqlite3_initialize(tls); rc != 0 {
		return 0, fmt.Errorf("initialize SQLite: code %d", rc)
	}
	var z uintptr
	if name != "" {
		var err error
		if z, err = libc.CString(name); err != nil {
			return 0, err
		}
		defer libc.Xfree(tls, z)
	}
	p := sqlite3.Xsqlite3_vfs_find(tls, z)
	if p == 0 {
		return 0, fmt.Errorf("SQLite has no VFS %q", name)
	}
	return p, nil
}

// Copy puts a copy of the structure at p into C memory that is never freed.
func Copy[T any](tls *libc.TLS, p uintptr) uintptr {
	c := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(*new(T))))
	*At[T](c) = *At[T](p)
	return c
}
