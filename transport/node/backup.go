package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"masala/core"
	"masala/core/app"
	"masala/core/backup"
	"masala/core/health"
	"masala/platform/atomicfile"
	"masala/platform/disk"
	"masala/platform/paths"
	"masala/storage"
	store "masala/storage/backup"
	"masala/transport/identity"
)

// The codes of the warnings about backups.
const (
	warnBackupLate   = "backup.late"
	warnBackupFailed = "backup.failed"
	warnPointDamaged = "backup.damaged"
)

const (
	backupLook  = time.Second      // how often the schedule is looked at
	backupAgain = 15 * time.Minute // pause after a scheduled backup that failed
	backupGrace = 20 * time.Second // after the start, before a missed one is caught up
)

// keeper makes the backups of a running service; it is a backup.Host. One piece of
// work runs at a time.
type keeper struct {
	folder   paths.Folder
	program  string
	clock    core.Clock
	log      *slog.Logger
	health   *health.Registry
	db       *storage.DB
	identity *identity.Identity
	zone     func(context.Context) (*time.Location, error)
	checking func() bool                // the books are being checked
	certain  func(context.Context) bool // the clock may be believed: backups are due by it, and old ones may go
	changed  func()
	restore  func(backup.RestoreReq) // ends the service and restores
	born     time.Time               // when these books were taken up
	begun    time.Time               // when the service came into use
	space    func(string) (disk.Space, error)
	same     func(a, b string) (bool, error)
	drives   drives

	mu      sync.Mutex
	ctx     context.Context // of the service
	work    *sync.WaitGroup
	fields  backup.Fields
	running *backup.Progress
	spare   context.CancelFunc // ends the proof that nobody waits for, nil while there is none
	result  *backup.Result
	failed  time.Time      // of the last scheduled try
	points  []backup.Point // in the folder, as it was looked at last
}

var _ backup.Host = (*keeper)(nil)

// place is the folder of the backups.
func (k *keeper) place() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return backupFolder(k.folder, k.fields.Folder)
}

func backupFolder(f paths.Folder, chosen string) string {
	if chosen == "" {
		return f.Backups()
	}
	return chosen
}

// run keeps to the schedule until ctx ends.
func (k *keeper) run(ctx context.Context) {
	if err := store.Sweep(k.place(), 6*time.Hour, k.begun); err != nil && !errors.Is(err, fs.ErrNotExist) {
		k.log.Warn("backup folder", "err", err)
	}
	k.look(ctx)
	tick := time.NewTicker(backupLook)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if now := k.clock.Now(); now.Sub(k.begun) >= backupGrace || now.Before(k.begun) {
			k.keepTime(ctx, now)
		}
	}
}

// keepTime makes the backup that is due, a missed one too.
func (k *keeper) keepTime(ctx context.Context, now time.Time) {
	zone, err := k.zone(ctx)
	if err != nil {
		return
	}
	k.mu.Lock()
	due, _ := k.fields.Due(now, zone)
	wait := k.running != nil || !backup.Last(k.points, now).Before(due) || !k.failed.IsZero() && now.Sub(k.failed) < backupAgain && !now.Before(k.failed)
	k.mu.Unlock()
	k.tellAge(now)
	if k.checking() {
		k.giveWay()
	}
	// Nothing is posted while the clock is in doubt, and what is due by it is not known. A
	// check of the books takes the memory that the proof of a backup would take as well.
	if wait || k.checking() || !k.settled(ctx) || !k.certain(ctx) {
		return
	}
	if _, err := k.begin(backup.TaskBackup, "", func(ctx context.Context, tell func(string, int)) (string, string, error) {
		p, err := k.write(ctx, k.place(), backup.Daily, tell)
		k.mu.Lock()
		if k.failed = (time.Time{}); err != nil {
			k.failed = now
		}
		k.mu.Unlock()
		if err != nil {
			return "", "", err
		}
		k.tidy(ctx, zone)
		return p.Path, p.Says, nil
	}); err != nil {
		k.log.Warn("scheduled backup", "err", err)
	}
}

// settled reports whether the factory was set up. Books that nobody can log in to are
// not worth restoring, and theirs would be the newest good backup.
func (k *keeper) settled(ctx context.Context) bool {
	users := 0
	err := k.db.Read(ctx, func(tx app.Store) (err error) { users, err = tx.CountUsers(); return err })
	return err == nil && users > 0
}

// look reads the folder anew: how old the newest good backup is.
func (k *keeper) look(ctx context.Context) []backup.Point {
	zone, err := k.zone(ctx)
	if err != nil {
		zone = time.UTC
	}
	now := k.clock.Now()
	points, err := k.list(k.place(), now, zone)
	if err != nil {
		k.log.Warn("backup folder", "err", err)
	}
	k.mu.Lock()
	k.points = points
	k.mu.Unlock()
	k.tellAge(now)
	return points
}

// tellAge raises or clears the 48-hour warning.
func (k *keeper) tellAge(now time.Time) {
	last := k.last(now)
	k.health.Checked(health.Check{Code: "backup", Name: "Backup", At: now, OK: !k.late(now, last), Says: backup.Headline(now, last)})
	if k.late(now, last) {
		k.health.Set(health.Warning{Code: warnBackupLate, Severity: health.Error, Admin: true, Text: backup.SayLate})
	} else {
		k.health.Clear(warnBackupLate)
	}
}

// last is when the newest good backup in the folder was taken, as now may believe it.
func (k *keeper) last(now time.Time) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return backup.Last(k.points, now)
}

func (k *keeper) late(now, last time.Time) bool {
	if last.IsZero() {
		last = k.born
	}
	return now.Sub(last) >= backup.LateAfter || last.After(now.Add(backup.AheadAfter)) // the books were begun under a wrong clock
}

// begin runs work in the background, or refuses while other work runs. work returns
// the point and what users read of it.
func (k *keeper) begin(task backup.Task, path string, work func(ctx context.Context, tell func(string, int)) (point, says string, err error)) (backup.Progress, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running != nil {
		return *k.running, core.Errorf(core.CodeConflict, "A backup or a check is running already. Wait until it is finished.")
	}
	if k.ctx == nil || k.ctx.Err() != nil {
		return backup.Progress{}, core.Errorf(core.CodeUnavailable, "The server is shutting down.")
	}
	if k.spare != nil {
		k.spare()
	}
	ctx := k.ctx
	k.running = &backup.Progress{Task: task, Path: path, Step: "Beginning", Since: k.clock.Now().UTC()}
	p := *k.running
	k.work.Go(func() {
		point, says, err := work(ctx, k.tell)
		k.end(task, point, says, err)
	})
	return p, nil
}

// tell shows progress; windows hear of each new percent.
func (k *keeper) tell(step string, percent int) {
	k.mu.Lock()
	moved := k.running != nil && (k.running.Step != step || k.running.Percent != percent)
	if moved {
		k.running.Step, k.running.Percent = step, percent
	}
	k.mu.Unlock()
	if moved {
		k.changed()
	}
}

func (k *keeper) end(task backup.Task, point, says string, err error) {
	r := &backup.Result{Task: task, Path: point, At: k.clock.Now().UTC(), OK: err == nil, Says: says}
	if err != nil {
		r.Says = err.Error()
		k.log.Error("backup work", "task", string(task), "err", err, "cause", errors.Unwrap(err))
	} else {
		k.log.Info("backup work", "task", string(task), "point", point, "says", says)
	}
	k.mu.Lock()
	k.running, k.result = nil, r
	k.mu.Unlock()
	if task == backup.TaskBackup {
		if err != nil {
			k.health.Set(health.Warning{Code: warnBackupFailed, Severity: health.Error, Admin: true, Text: "The last backup failed: " + r.Says})
		} else {
			k.health.Clear(warnBackupFailed)
		}
	}
	k.look(context.Background())
	k.changed()
	if task == backup.TaskBackup && err == nil {
		k.proveNext()
	}
}

// write makes one backup.
func (k *keeper) write(ctx context.Context, folder string, kind backup.Kind, tell func(string, int)) (backup.Point, error) {
	if err := usable(folder, k.folder); err != nil {
		return backup.Point{}, err
	}
	license, _ := atomicfile.Read(k.folder.License(), 64<<10) // there may be none
	p, err := store.Job{Copy: k.db.Copy, Folder: folder, Scratch: k.scratch(folder), Room: k.room(), Kind: kind, Program: k.program, License: string(license), Now: k.clock.Now(), Tell: tell}.Run(ctx)
	if err != nil {
		return p, err
	}
	// What must outlive the books lies with the backups too: the drive of the data
	// may be what is lost.
	if a, err := k.db.Anchor(ctx, k.clock.Now()); err != nil {
		k.log.Warn("anchor", "err", err)
	} else if err := atomicfile.Write(anchorBeside(folder), k.signed(a).Portable().Encode(), 0o600); err != nil {
		k.log.Warn("anchor", "err", err)
	}
	return p, nil
}

// signed is an anchor that names the key of this server.
func (k *keeper) signed(a backup.Anchor) backup.Anchor {
	a.Key = string(k.identity.Fingerprint())
	return a
}

// usable refuses a folder whose drive is not there: a folder of its name must not be
// made on the drive below. The folder beside the data is made when it is missing.
func usable(folder string, data paths.Folder) error {
	if folder == data.Backups() {
		return nil
	}
	if i, err := os.Stat(folder); err != nil || !i.IsDir() {
		return core.Errorf(core.CodeUnavailable, "The backup folder %s cannot be reached. Plug its drive in, or choose another folder.", folder).Because(err)
	}
	return nil
}

// scratch is where the copy lies while it is compressed and proved: beside the data,
// unless that would push its disk below the limit and the other one has more room.
func (k *keeper) scratch(folder string) string {
	size := storage.Size(k.folder.Database())
	here, errHere := k.space(string(k.folder))
	there, errThere := k.space(folder)
	if errHere == nil && errThere == nil && here.Free < size+productLimits.floor*4 && there.Free > here.Free {
		return folder
	}
	return string(k.folder)
}

// room is what backups leave free.
func (k *keeper) room() store.Room {
	r := RoomOf(k.folder)
	r.Space = k.space
	return r
}

// RoomOf is what backups leave free on the disk of a data folder: as much as opens a
// gate that has closed.
func RoomOf(f paths.Folder) store.Room {
	return store.Room{Books: f.Database(), Keep: productLimits.floor + productLimits.floor/4, Space: disk.Of, Same: disk.Same}
}

// tidy looks after what is in the folder: points that are no longer as they were
// written are marked, and what the rule lets go is removed, unless the clock is in
// doubt: under a false 2030 every backup is old.
func (k *keeper) tidy(ctx context.Context, zone *time.Location) {
	folder, now := k.place(), k.clock.Now()
	points, err := store.List(folder, now, zone)
	if err != nil {
		return
	}
	bad := 0
	for _, p := range points {
		if p.State != backup.Good {
			continue
		}
		damaged, err := store.Rehash(ctx, p.Path, now)
		if damaged {
			bad++
			k.log.Error("a restore point is damaged", "path", p.Path, "err", err)
		} else if err != nil {
			k.log.Warn("restore point", "path", p.Path, "err", err)
		}
	}
	if bad > 0 {
		k.health.Set(health.Warning{Code: warnPointDamaged, Severity: health.Warn, Admin: true,
			Text: fmt.Sprintf("%d of the backups in %s are damaged. The drive may be failing; choose another one.", bad, folder)})
	} else {
		k.health.Clear(warnPointDamaged)
	}
	if points, err = store.List(folder, now, zone); err != nil || !k.certain(ctx) {
		return
	}
	for _, p := range backup.Surplus(points, now, zone) {
		if err := store.Remove(p.Path); err != nil {
			k.log.Warn("old backup stays", "path", p.Path, "err", err)
			continue
		}
		k.log.Info("old backup removed", "path", p.Path, "taken", p.TakenAt)
	}
}

// Status fills everything that is not in the books.
func (k *keeper) Status(q backup.StatusReq, s backup.StatusResp, zone *time.Location) backup.StatusResp {
	s.Folder, s.DataFolder = k.place(), string(k.folder)
	folders := []string{s.Folder}
	if q.Folder != "" && filepath.Clean(q.Folder) != filepath.Clean(s.Folder) {
		folders = append(folders, q.Folder)
	}
	for _, f := range folders {
		points, err := k.list(f, s.Now, zone)
		if err != nil && s.Problem == "" {
			s.Problem = err.Error()
		}
		s.Points = append(s.Points, points...)
	}
	backup.Sort(s.Points, s.Now, zone)
	last := backup.Last(slices.DeleteFunc(slices.Clone(s.Points), func(p backup.Point) bool { return filepath.Dir(p.Path) != filepath.Clean(s.Folder) }), s.Now)
	if !last.IsZero() {
		s.Last = &last
	}
	s.Headline, s.Late = backup.Headline(s.Now, last), k.late(s.Now, last)
	if s.Late {
		s.Headline = backup.SayLate
	}
	s.Free, s.Total = k.spaceOf(s.Folder)
	s.DataFree, s.DataTotal = k.spaceOf(s.DataFolder)
	same := false
	if k.drives.do(s.Folder, func() (err error) { same, err = k.same(s.Folder, s.DataFolder); return err }) == nil && same {
		s.SameDrive = "These backups lie on the drive of the data: when it fails, both are lost. Choose a folder on a second drive."
	}
	s.Aside = exchange(k.folder).Kept()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running != nil {
		p := *k.running
		s.Running = &p
	}
	s.Result = k.result
	return s
}

func (k *keeper) spaceOf(path string) (free, total int64) {
	var space disk.Space
	if k.drives.do(path, func() (err error) { space, err = k.space(path); return err }) != nil {
		return -1, -1
	}
	return space.Free, space.Total
}

// lastGood is when the newest good backup was taken, nil for none.
func (k *keeper) lastGood() *time.Time {
	at := k.last(k.clock.Now())
	if at.IsZero() {
		return nil
	}
	return &at
}

// list reads the points of a folder, or says that it does not answer.
func (k *keeper) list(folder string, now time.Time, zone *time.Location) ([]backup.Point, error) {
	points, err := []backup.Point{}, error(nil)
	if !k.drives.ask(folder, func() { points, err = store.List(folder, now, zone) }) {
		return []backup.Point{}, errStuck(folder)
	}
	return points, err
}

// Reaches refuses a folder or a file that is not there.
func (k *keeper) Reaches(path string) error {
	if strings.HasSuffix(path, store.Ending) {
		return k.drives.do(filepath.Dir(path), func() error {
			if _, err := os.Stat(path); err != nil {
				return core.NotFound("path", "There is no restore point %s.", path)
			}
			return nil
		})
	}
	folder := cmp.Or(path, k.place())
	return k.drives.do(folder, func() error { return usable(folder, k.folder) })
}

// Fits refuses a folder that cannot be written.
func (k *keeper) Fits(f backup.Fields) error {
	if f.Folder == "" {
		return nil
	}
	if !filepath.IsAbs(f.Folder) {
		return core.Invalid("folder", "Enter the whole path of a folder on the server, such as D:\\MasalaBackups.")
	}
	return k.drives.do(f.Folder, func() error { return writable(f) })
}

// writable makes a folder and tries it.
func writable(f backup.Fields) error {
	if err := os.MkdirAll(f.Folder, 0o700); err != nil {
		return core.Invalid("folder", "The folder %s cannot be made. Plug its drive in, or choose another folder.", f.Folder).Because(err)
	}
	t, err := os.CreateTemp(f.Folder, ".writable-*")
	if err != nil {
		return core.Invalid("folder", "The folder %s cannot be written. Choose another folder.", f.Folder).Because(err)
	}
	return errors.Join(t.Close(), os.Remove(t.Name()))
}

// Become takes the settings over.
func (k *keeper) Become(f backup.Fields) {
	k.mu.Lock()
	k.fields, k.failed = f, time.Time{}
	k.mu.Unlock()
	k.look(context.Background())
}

// Start backs up now.
func (k *keeper) Start(q backup.StartReq) (backup.Progress, error) {
	folder := cmp.Or(q.Folder, k.place())
	return k.begin(backup.TaskBackup, "", func(ctx context.Context, tell func(string, int)) (string, string, error) {
		p, err := k.write(ctx, folder, backup.Manual, tell)
		if err != nil {
			return "", "", err
		}
		if zone, err := k.zone(ctx); err == nil && folder == k.place() {
			k.tidy(ctx, zone)
		}
		return p.Path, p.Says, nil
	})
}

// Check proves a point again.
func (k *keeper) Check(path string) (backup.Progress, error) {
	return k.begin(backup.TaskCheck, path, func(ctx context.Context, tell func(string, int)) (string, string, error) {
		p, err := k.prove(ctx, path, tell)
		if err == nil && p.State != backup.Good {
			err = core.Errorf(core.CodeCorrupt, "This restore point is damaged. %s", p.Says)
		}
		return path, p.Says, err
	})
}

// Key is the server's key.
func (k *keeper) Key() ([]byte, string, error) {
	secret, err := k.identity.Encode()
	return secret, string(k.identity.Fingerprint()), err
}

// Restorable refuses a point that is not there or known to be damaged.
func (k *keeper) Restorable(q backup.RestoreReq) error {
	k.mu.Lock()
	busy := k.running != nil
	k.mu.Unlock()
	if busy {
		return core.Errorf(core.CodeConflict, "A backup or a check is running. Wait until it is finished.")
	}
	return restorable(q.Path, k.folder)
}

// restorable refuses what would fail after a long wait.
func restorable(path string, f paths.Folder) error {
	points, err := store.List(filepath.Dir(path), time.Now(), time.UTC)
	i := slices.IndexFunc(points, func(p backup.Point) bool { return p.Path == filepath.Clean(path) })
	switch {
	case err != nil:
		return err
	case i < 0:
		return core.NotFound("path", "There is no restore point %s.", path)
	case points[i].State == backup.Damaged:
		return core.Errorf(core.CodeCorrupt, "This restore point is damaged. Choose the next one. (%s)", points[i].Says)
	}
	space, err := disk.Of(string(f))
	if need := store.Opened(path) + 64<<20; err == nil && space.Free < need {
		return core.Errorf(core.CodeDiskFull, "The restored database needs %d MB, the disk has %d MB free. The old files are kept, so free some space first.", need>>20, space.Free>>20)
	}
	return nil
}

// Restore ends the service and restores.
func (k *keeper) Restore(q backup.RestoreReq) { k.restore(q) }

// exchange is how a data folder gets other books.
func exchange(f paths.Folder) store.Exchange {
	return store.Exchange{Database: f.Database(), Identity: f.Identity(), Journal: f.Journal(), Aside: f.Aside()}
}

// inService answers the operations of recovery mode while there is nothing to
// recover.
type inService struct {
	backup.NoHost
	folder paths.Folder
	clock  core.Clock
	before *backup.Result // what recovery has done last
}

var errInService = core.Errorf(core.CodeConflict, "The books are in service; there is nothing to recover. An Admin restores a backup in System > Backup.")

func (h inService) Recovery(backup.RecoveryStatusReq) backup.RecoveryResp {
	return backup.RecoveryResp{Now: h.clock.Now().UTC(), Database: h.folder.Database(), Folders: []string{}, Points: []backup.Point{}, KeyIsHere: true, Result: h.before}
}
func (inService) Recover(backup.RestoreReq) error       { return errInService }
func (inService) Empty() error                          { return errInService }
func (inService) ReplaceKey(backup.ReplaceKeyReq) error { return errInService }
func (inService) Retry() error                          { return errInService }
