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

	"masala/core/backup"
	"masala/platform/disk"
	"masala/platform/paths"
	"masala/storage/storagetest"
	"masala/transport/identity"
)

// keeping is a keeper that backs the books of a test factory up.
type keeping struct {
	*keeper
	f        *storagetest.Factory
	t        *testing.T
	works    sync.WaitGroup
	checks   atomic.Bool
	free     atomic.Int64 // bytes on every disk
	measured atomic.Value // func(), called before they are told
}

func newKeeping(t *testing.T) *keeping {
	f := storagetest.New(t)
	id, err := identity.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := &keeping{f: f, t: t}
	k.free.Store(1 << 40)
	k.measured.Store(func() {})
	k.keeper = &keeper{folder: paths.Folder(filepath.Dir(f.Path)), clock: f.Clock, log: slog.New(slog.DiscardHandler), health: f.Health, db: f.DB, identity: id,
		zone:     func(context.Context) (*time.Location, error) { return time.UTC, nil },
		checking: k.checks.Load, certain: func(context.Context) bool { return true }, changed: func() {},
		space: func(string) (disk.Space, error) {
			k.measured.Load().(func())()
			return disk.Space{Free: k.free.Load()}, nil
		},
		same: disk.SameDrive}
	k.keeper.start(t.Context(), &k.works)
	return k
}

// backUp makes the backup of the next day and waits for all that follows it.
func (k *keeping) backUp() {
	k.t.Helper()
	k.f.Clock.Advance(24 * time.Hour)
	k.keepTime(k.t.Context(), k.f.Clock.Now())
	k.works.Wait()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.result == nil || !k.result.OK || k.running != nil || k.spare != nil {
		k.t.Fatalf("backup: %+v, %+v", k.result, k.running)
	}
}

// states are those of the points in the folder, by their names.
func (k *keeping) states() map[string]backup.State {
	out := map[string]backup.State{}
	for _, p := range k.look(context.Background()) {
		out[p.ID] = p.State
	}
	return out
}

func (k *keeping) number() int { return len(k.states()) }

// TestScheduledBackupWaitsForTheCheck: the check of the books at the start and the proof
// of a backup that was missed take their memory one after the other.
func TestScheduledBackupWaitsForTheCheck(t *testing.T) {
	k := newKeeping(t)
	begun := func() int {
		k.keepTime(t.Context(), k.f.Clock.Now())
		k.works.Wait()
		return k.number()
	}
	k.checks.Store(true)
	if n := begun(); n != 0 {
		t.Errorf("%d backups while the books are being checked", n)
	}
	k.checks.Store(false)
	if n := begun(); n != 1 {
		t.Errorf("%d backups after the check, want 1", n)
	}
}
