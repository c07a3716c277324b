package node

import (
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"masala/platform/disk"
	"masala/platform/paths"
	"masala/storage/storagetest"
	"masala/transport/identity"
)

// TestScheduledBackupWaitsForTheCheck: the check of the books at the start and the proof
// of a backup that was missed take their memory one after the other.
func TestScheduledBackupWaitsForTheCheck(t *testing.T) {
	f := storagetest.New(t)
	id, err := identity.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	var checking atomic.Bool
	k := &keeper{folder: paths.Folder(filepath.Dir(f.Path)), clock: f.Clock, log: slog.New(slog.DiscardHandler), health: f.Health, db: f.DB, identity: id,
		zone:     func(context.Context) (*time.Location, error) { return time.UTC, nil },
		checking: checking.Load, certain: func(context.Context) bool { return true }, changed: func() {}, space: disk.Of, same: disk.SameDrive}
	k.start(t.Context(), &work)
	begun := func() int {
		k.keepTime(t.Context(), f.Clock.Now())
		work.Wait()
		k.mu.Lock()
		defer k.mu.Unlock()
		return len(k.points)
	}
	checking.Store(true)
	if n := begun(); n != 0 {
		t.Errorf("%d backups while the books are being checked", n)
	}
	checking.Store(false)
	if n := begun(); n != 1 {
		t.Errorf("%d backups after the check, want 1", n)
	}
}
