package node

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/platform/atomicfile"
	"masala/platform/paths"
	"masala/storage"
)

const (
	anchorEvery = time.Second      // at most; a commit after a pause is written at once
	anchorAside = 10 * time.Second // the same for the copy with the backups
	maxAnchor   = 4 << 20
)

// anchorBeside is the copy of the anchor in a folder of backups.
func anchorBeside(folder string) string { return filepath.Join(folder, "masala-anchor") }

// readAnchors collects what is known of the books of a data folder: the anchor beside
// them and the copies with the backups. One that is damaged is as good as none.
func readAnchors(f paths.Folder, log *slog.Logger) (all []backup.Anchor) {
	seen := map[string]bool{}
	read := func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		b, err := atomicfile.Read(path, maxAnchor)
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		a, derr := backup.DecodeAnchor(b)
		if err := errors.Join(err, derr); err != nil {
			log.Warn("anchor", "path", path, "err", err)
			return
		}
		all = append(all, a)
	}
	read(f.Anchor())
	for _, a := range all {
		read(anchorBeside(backupFolder(f, a.Folder)))
	}
	read(anchorBeside(f.Backups()))
	return all
}

// anchorKeeper writes the anchor after commits. It is behind them by a moment and
// never ahead: what it says was committed.
type anchorKeeper struct {
	folder paths.Folder
	db     *storage.DB
	clock  core.Clock
	log    *slog.Logger
	key    string        // fingerprint of the server's
	dirty  chan struct{} // holds a value after a commit
	warned atomic.Bool
}

func newAnchorKeeper(f paths.Folder, db *storage.DB, key string, clock core.Clock, log *slog.Logger) *anchorKeeper {
	k := &anchorKeeper{folder: f, db: db, key: key, clock: clock, log: log, dirty: make(chan struct{}, 1)}
	db.OnCommit(func() {
		select {
		case k.dirty <- struct{}{}:
		default:
		}
	})
	return k
}

// run writes until ctx ends, and once more then.
func (k *anchorKeeper) run(ctx context.Context) {
	k.write(ctx, true)
	copied := time.Now()
	owed := false // the copy is behind
	for {
		var due <-chan time.Time
		if owed {
			due = time.After(time.Until(copied.Add(anchorAside)))
		}
		select {
		case <-k.dirty:
		case <-due:
		case <-ctx.Done():
			k.write(context.WithoutCancel(ctx), true)
			return
		}
		owed = time.Since(copied) < anchorAside
		k.write(ctx, !owed)
		if !owed {
			copied = time.Now()
		}
		select {
		case <-time.After(anchorEvery):
		case <-ctx.Done():
		}
	}
}

// write puts the anchor into the data folder, and beside the backups if they lie on
// another drive.
func (k *anchorKeeper) write(ctx context.Context, everywhere bool) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	a, err := k.db.Anchor(ctx, k.clock.Now())
	a.Key = k.key
	if err == nil {
		err = writePrivate(k.folder.Anchor(), a.Encode())
	}
	if err != nil {
		if ctx.Err() == nil && !k.warned.Swap(true) { // a full disk would say so every second
			k.log.Warn("anchor not written", "err", err)
		}
		return
	}
	k.warned.Store(false)
	if folder := backupFolder(k.folder, a.Folder); everywhere && folder != k.folder.Backups() {
		if _, err := os.Stat(folder); err == nil {
			_ = writePrivate(anchorBeside(folder), a.Portable().Encode()) // the drive may be write-protected or just pulled out
		}
	}
}
