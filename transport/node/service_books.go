package node

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/app"
	"masala/core/backup"
	"masala/core/health"
	"masala/platform/disk"
	"masala/storage"
	"masala/transport/identity"
)

// restoreAsked ends a service because an Admin wants to restore a backup.
type restoreAsked struct{ request backup.RestoreReq }

func (*restoreAsked) Error() string { return "an Admin asked for a restore" }

func asking(err error) *backup.RestoreReq {
	var a *restoreAsked
	if errors.As(err, &a) {
		return &a.request
	}
	return nil
}

// stop ends the service with err; the first reason counts.
func (s *service) stop(err error) {
	select {
	case s.stopped <- err:
	default:
	}
}

const warnDamaged = "books.damaged"

// damaged stops all work on the books at once: somebody has met a page that is not as
// it was written. What was acknowledged before is in the file or its log, and stays
// there.
func (s *service) damaged(err error) {
	s.health.Set(health.Warning{Code: warnDamaged, Severity: health.Fatal, Text: backup.SayDamaged, Blocks: core.Errorf(core.CodeCorrupt, backup.SayDamaged)})
	s.stop(&illness{backup.Corrupt, "The damaged files are kept aside. Nothing is deleted. Clients wait until the server is ready.", err})
}

// errGone is a database file that was deleted or replaced under the running service.
var errGone = errors.New("the database file was deleted while it was in use")

// fileLook is how often the file is looked at.
const fileLook = 2 * time.Second

// watchFile notices that somebody deletes the database of the running service: the
// system lets work go on in a file that has no name any more, and all of it would be
// lost at the end. Windows does not let anybody delete it.
func (s *service) watchFile(ctx context.Context) {
	path := s.options.Folder.Database()
	first, err := os.Stat(path)
	if err != nil {
		return
	}
	tick := time.NewTicker(fileLook)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		now, err := os.Stat(path)
		if err == nil && os.SameFile(first, now) || err != nil && !errors.Is(err, os.ErrNotExist) {
			continue
		}
		s.options.Log.Error("the database file is gone; it is written anew from memory of the system")
		s.stop(errGone)
		return
	}
}

// close ends the work on the books. If their file has lost its name they are written
// out once more, and take its place again.
func (s *service) close(db *storage.DB, ended error) error {
	if !errors.Is(ended, errGone) {
		return db.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	s.options.Pulse.Say("restoring 0 %")
	err := exchange(s.options.Folder).Rescue(ctx, db.CopyOpen, s.options.Clock.Now())
	return errors.Join(err, db.Close())
}

// startLineage tells the books what was seen of them before, and why they are others.
func (s *service) startLineage(ctx context.Context, anchors []backup.Anchor, id *identity.Identity) error {
	l, err := s.app.StartLineage(ctx, anchors, s.cause, uuid.NewString)
	if err != nil {
		return err
	}
	s.keep.born = l.At
	if err := s.app.NoteKey(ctx, anchors, string(id.Fingerprint())); err != nil {
		return err
	}
	if err := s.app.NoteUpgrade(ctx); err != nil {
		return err
	}
	if l.Waits() {
		s.options.Log.Warn("the books are older than what was seen of them", "origin", string(l.Origin), "ledger_row", int64(l.Seq), "seen", int64(l.Seen))
	}
	if s.cause == nil {
		return nil
	}
	if s.cause.Origin == backup.OriginEmpty {
		s.health.Set(health.Warning{Code: "books.new", Severity: health.Info, Text: backup.SayNew})
	}
	return exchange(s.options.Folder).Done()
}

func (s *service) newKeeper(db *storage.DB, id *identity.Identity) *keeper {
	return &keeper{folder: s.options.Folder, program: s.options.Version, clock: s.options.Clock, log: s.options.Log, health: &s.health, db: db, identity: id,
		zone: func(ctx context.Context) (zone *time.Location, err error) {
			err = db.Read(ctx, func(tx app.Store) error {
				f, err := tx.Settings()
				if err == nil {
					zone, err = time.LoadLocation(f.TimeZone)
				}
				return err
			})
			return zone, err
		},
		checking: func() bool { return s.host.checking.Load() },
		certain:  func(ctx context.Context) bool { return s.app.ClockCertain(ctx) },
		changed:  func() { s.app.Changed(backup.TopicBackup) },
		restore:  func(q backup.RestoreReq) { s.stop(&restoreAsked{q}) },
		space:    disk.Of, same: disk.SameDrive, result: s.before}
}

// read takes the settings up from the books.
func (k *keeper) read(ctx context.Context) error {
	return k.db.Read(ctx, func(tx app.Store) error {
		s, err := tx.BackupSettings()
		k.mu.Lock()
		k.fields = s.Fields
		k.mu.Unlock()
		return err
	})
}

// start lets work begin: it ends with ctx and is waited for in work.
func (k *keeper) start(ctx context.Context, work *sync.WaitGroup) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ctx, k.work, k.begun = ctx, work, k.clock.Now()
}

// startCheck is how long after the start the books are checked: windows come first.
const startCheck = 2 * time.Second

// checkAtStart proves the books in the background once the service is in use.
func (s *service) checkAtStart(ctx context.Context) {
	select {
	case <-time.After(startCheck):
	case <-ctx.Done():
		return
	}
	if err := s.host.CheckBooks(); err != nil {
		s.options.Log.Info("check of the books", "err", err)
	}
}
