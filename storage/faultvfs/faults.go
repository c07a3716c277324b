package faultvfs

import (
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// faults is what is wrong with the disk now; FS.mu guards it.
type faults struct {
	cut        bool
	fullIn     int // writes until the disk is full; 0 = not full ever, 1 = the next
	fullAny    bool
	refused    int
	slow       time.Duration
	badSyncs   int
	ignoreSync func(file string) bool
	syncs      int
}

// FullAt makes the disk full at the n-th write from now that makes a file longer (1
// is the next one), and at all that follow, until Space.
func (fs *FS) FullAt(n int) { fs.setFull(n, false) }

// FullAtAny is FullAt counting every write, also into space that a file has already:
// disks that copy on write have no room for those either.
func (fs *FS) FullAtAny(n int) { fs.setFull(n, true) }

func (fs *FS) setFull(n int, anyWrite bool) {
	fs.mu.Lock()
	fs.faults.fullIn, fs.faults.fullAny, fs.faults.refused = n, anyWrite, 0
	fs.mu.Unlock()
}

// Space frees space on the disk and returns how many writes were refused for want of
// it.
func (fs *FS) Space() int {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.faults.fullIn = 0
	return fs.faults.refused
}

// SlowSync makes every sync take so long.
func (fs *FS) SlowSync(d time.Duration) { fs.mu.Lock(); fs.faults.slow = d; fs.mu.Unlock() }

// FailSync makes the next n syncs fail.
func (fs *FS) FailSync(n int) { fs.mu.Lock(); fs.faults.badSyncs = n; fs.mu.Unlock() }

// IgnoreSync makes the disk lie: it answers a sync of such files at once and has not
// done it. nil makes it honest again.
func (fs *FS) IgnoreSync(file func(name string) bool) {
	fs.mu.Lock()
	fs.faults.ignoreSync = file
	fs.mu.Unlock()
}

// Cut takes the disk away: nothing is written or logged any more. What it holds is
// found by feeding Log to a Disk.
func (fs *FS) Cut() { fs.mu.Lock(); fs.faults.cut = true; fs.mu.Unlock() }

// Syncs counts the syncs asked for.
func (fs *FS) Syncs() int { fs.mu.Lock(); defer fs.mu.Unlock(); return fs.faults.syncs }

func (fs *FS) isCut() bool { fs.mu.Lock(); defer fs.mu.Unlock(); return fs.faults.cut }

// refuseWrite is the code a write fails with, 0 when it may go on.
func (fs *FS) refuseWrite(growing bool) int32 {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f := &fs.faults
	if f.cut {
		return sqlite3.SQLITE_IOERR_WRITE
	}
	if f.fullIn == 0 || !growing && !f.fullAny {
		return 0
	}
	if f.fullIn > 1 {
		f.fullIn--
		return 0
	}
	f.refused++
	return sqlite3.SQLITE_FULL
}

func (fs *FS) syncFaults(name string) (slow time.Duration, ignore bool, rc int32) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f := &fs.faults
	f.syncs++
	switch {
	case f.cut:
		return 0, true, sqlite3.SQLITE_IOERR_FSYNC
	case f.badSyncs > 0:
		f.badSyncs--
		return f.slow, true, sqlite3.SQLITE_IOERR_FSYNC
	}
	return f.slow, f.ignoreSync != nil && f.ignoreSync(name), 0
}
