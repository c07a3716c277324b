package node

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"masala/core"
	"masala/core/app"
	"masala/core/backup"
	"masala/platform/paths"
	"masala/platform/single"
	"masala/storage"
)

// BackupFolders are the folders that may hold restore points of a data folder; the
// first one is where its server puts them.
func BackupFolders(f paths.Folder) []string {
	return pointFolders(f, readAnchors(f, slog.New(slog.DiscardHandler)))
}

// alone runs fn as the only process at work in a data folder.
func alone(f paths.Folder, what string, fn func() error) (err error) {
	if err := f.Make(); err != nil {
		return err
	}
	lock, err := single.LockFolder(string(f), what, time.Now())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	return fn()
}

// RestoreOffline restores a point while no server runs on the data folder. The books
// are told when they are opened next. It returns where the old files are kept.
func RestoreOffline(ctx context.Context, f paths.Folder, q backup.RestoreReq, tell func(step string, percent int)) (aside string, err error) {
	x := exchange(f)
	return x.Aside, alone(f, "masala restore", func() error {
		if err := restorable(q.Path, f); err != nil {
			return err
		}
		path, err := filepath.Abs(q.Path)
		if err != nil {
			return err
		}
		c, err := x.Prepare(ctx, path, q.Code, tell)
		if err != nil {
			return err
		}
		return c.Commit(backup.Takeover{ID: uuid.NewString(), Origin: backup.OriginRestore, At: time.Now().UTC(), Point: path})
	})
}

// ResetUser gives a user a new password and puts him back in use, while no server runs
// on the data folder.
func ResetUser(ctx context.Context, f paths.Folder, login, password string, now time.Time) error {
	return alone(f, "masala user reset", func() (err error) {
		x := exchange(f)
		cause, err := x.Finish()
		if err != nil {
			return err
		}
		db, err := storage.Open(ctx, storage.Options{Path: f.Database()})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		a := app.New(app.Options{Books: db, Clock: fixedClock{now}})
		// First what a restore takes from users: later it would take this password.
		if _, err := a.StartLineage(ctx, readAnchors(f, slog.New(slog.DiscardHandler)), cause, uuid.NewString); err != nil {
			return err
		}
		return a.ResetUser(ctx, login, password)
	})
}

type fixedClock struct{ now time.Time }

func (c fixedClock) Now() time.Time { return c.now }

var _ core.Clock = fixedClock{}
