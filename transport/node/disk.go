package node

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/core/system"
	"masala/platform/disk"
	"masala/platform/paths"
	"masala/storage"
)

// diskLimits are bytes of free space, below the one at which users are warned, each
// less than the one before.
type diskLimits struct {
	floor   int64 // nothing is posted any more; the write-ahead log comes on top
	full    int64 // the ballast is thrown off
	ballast int64 // size of it
}

// productLimits leave, when nothing may be posted any more, room for logins, the
// audit of them, the log and the drafts of a day.
var productLimits = diskLimits{floor: 64 << 20, full: 8 << 20, ballast: 32 << 20}

// How often the disk is looked at. Users are told at start, every half hour, and
// every minute once it is low; a look between costs one system call, so that a large
// file copied to the disk is seen before the books run into it.
const (
	diskEvery    = 30 * time.Minute
	lowDiskEvery = time.Minute
	lookEvery    = 2 * time.Second
)

// The codes of the warnings about disks.
const (
	warnDiskLow   = "disk.low"
	warnBackupLow = "disk.backup"
)

// diskWatch looks after the space the books need: it warns, closes the gate for
// Business writes before SQLite fails, and keeps and throws off the ballast. All of
// it ends by itself once there is space again.
type diskWatch struct {
	folder     paths.Folder
	low        atomic.Int64 // bytes below which users are warned (RESILIENCE.md 1.3)
	limits     diskLimits
	health     *health.Registry
	log        *slog.Logger
	clock      core.Clock
	space      func(path string) (disk.Space, error)
	same       func(a, b string) (bool, error)
	checkpoint func(context.Context) error // nil before the books are open
	drives     drives
	backups    func() string // folder of the backups; nil or "" = on the disk of the books

	told   time.Time // when users were told last
	wasLow bool
	closed bool // the gate
}

func newDiskWatch(f paths.Folder, h *health.Registry, clock core.Clock, log *slog.Logger) *diskWatch {
	d := &diskWatch{folder: f, limits: productLimits, health: h, log: log, clock: clock, space: disk.Of, same: disk.Same}
	d.low.Store(system.ServerDefaults().LowDisk)
	return d
}

func (d *diskWatch) ballast() disk.Ballast {
	return disk.Ballast{Path: d.folder.Ballast(), Size: d.limits.ballast}
}

// run looks until ctx ends.
func (d *diskWatch) run(ctx context.Context, books *storage.DB) {
	d.checkpoint = books.Checkpoint
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		d.look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// look measures the disk and does what its space calls for.
func (d *diskWatch) look(ctx context.Context) {
	space, err := d.space(string(d.folder))
	if err != nil {
		if d.due(diskEvery) {
			d.told = d.clock.Now()
			d.log.Warn("free disk space", "err", err)
		}
		return
	}
	closed := d.gate(space.Free)
	if closed && d.cutLog(ctx) {
		if now, err := d.space(string(d.folder)); err == nil {
			space, closed = now, d.gate(now.Free)
		}
	}
	low := space.Free < d.low.Load()
	d.health.Checked(health.Check{Code: "disk", Name: "Free disk space", At: d.clock.Now(), OK: !low && !closed, Says: fmt.Sprintf("%d MB free", space.Free>>20)})
	pause := diskEvery
	if low {
		pause = lowDiskEvery
	}
	if low != d.wasLow || closed != d.closed || d.due(pause) {
		d.told, d.wasLow, d.closed = d.clock.Now(), low, closed
		d.tell(space.Free)
		d.tellBackups()
	}
	d.balance(ctx, space.Free)
}

func (d *diskWatch) due(pause time.Duration) bool {
	return d.told.IsZero() || d.clock.Now().Sub(d.told) >= pause
}

// gate reports whether writes are to be refused: the write-ahead log needs its own
// length once more to become part of the database. An open gate closes at the floor,
// a closed one opens a quarter above it.
func (d *diskWatch) gate(free int64) bool {
	floor := d.limits.floor + storage.LogSize(d.folder.Database())
	if d.closed {
		floor += d.limits.floor / 4
	}
	return free < floor
}

// longLog is the length from which a write-ahead log is worth cutting, in bytes. Day by
// day it has 4 MB.
const longLog = 8 << 20

// cutLog moves a long write-ahead log into the database before the space it holds, and
// needs once more, closes the gate. It reports whether the log has become shorter.
func (d *diskWatch) cutLog(ctx context.Context) bool {
	before := storage.LogSize(d.folder.Database())
	if d.checkpoint == nil || before < longLog {
		return false
	}
	if err := d.checkpoint(ctx); err != nil {
		d.log.Warn("checkpoint", "err", err)
	}
	return storage.LogSize(d.folder.Database()) < before
}

// tell raises the banner, with the refusal of writes if the gate is closed.
func (d *diskWatch) tell(free int64) {
	if !d.wasLow && !d.closed {
		d.health.Clear(warnDiskLow)
		return
	}
	w := health.Warning{Code: warnDiskLow, Severity: health.Warn, Text: lowDiskText(free)}
	if d.closed {
		w.Severity = health.Error
		w.Blocks = core.Errorf(core.CodeDiskFull, "The disk of the server is almost full. Nothing was changed; free some space on it and try again.")
	}
	d.log.Warn("low disk space", "free_mb", free>>20, "writes_refused", d.closed)
	d.health.Set(w)
}

// lowDiskText is the sentence of RESILIENCE.md 1.3.
func lowDiskText(free int64) string {
	return fmt.Sprintf("⚠️ Low disk space — %d MB remaining. Data operations may fail.", free>>20)
}

// tellBackups warns about the drive of the backups if it is another one.
func (d *diskWatch) tellBackups() {
	folder := ""
	if d.backups != nil {
		folder = d.backups()
	}
	if folder == "" {
		d.health.Clear(warnBackupLow)
		return
	}
	same, space := false, disk.Space{}
	err := d.drives.do(folder, func() (err error) {
		if same, err = d.same(folder, string(d.folder)); err == nil {
			space, err = d.space(folder)
		}
		return err
	})
	if err != nil || same || space.Free >= d.low.Load() {
		d.health.Clear(warnBackupLow)
		return
	}
	d.log.Warn("low disk space", "free_mb", space.Free>>20, "folder", folder)
	d.health.Set(health.Warning{Code: warnBackupLow, Severity: health.Warn, Admin: true,
		Text: fmt.Sprintf("⚠️ Low disk space on the backup drive — %d MB remaining. Backups may fail.", space.Free>>20)})
}

// balance throws the ballast off when the disk is full and takes it again when there
// is space for it and for the work. The log is moved into the database at once:
// whoever filled the disk may take the space of the ballast as well.
func (d *diskWatch) balance(ctx context.Context, free int64) {
	b := d.ballast()
	switch held := b.Held(); {
	case held && free < d.limits.full:
		if err := b.Drop(); err != nil {
			d.log.Error("ballast", "err", err)
			return
		}
		d.log.Warn("disk full: ballast thrown off", "free_mb", free>>20, "ballast_mb", b.Size>>20)
		if d.checkpoint != nil {
			if err := d.checkpoint(ctx); err != nil {
				d.log.Warn("checkpoint", "err", err)
			}
		}
	case !held && free >= 2*d.limits.floor+b.Size:
		if err := b.Take(); err != nil {
			d.log.Warn("ballast", "err", err)
			return
		}
		d.log.Info("ballast taken", "ballast_mb", b.Size>>20)
	}
}
