package node

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"masala/core/account"
	"masala/core/app"
	"masala/core/demo"
	"masala/platform/paths"
	"masala/platform/single"
	"masala/storage"
)

// FillDemo makes the books of the demo factory in a folder that has none, through
// the operations themselves. They appear whole or not at all: the work is done in a
// file of another name.
func FillDemo(ctx context.Context, f paths.Folder, now time.Time, progress func(done, total int, what string)) error {
	return fill(ctx, f, now, func(db *storage.DB) error {
		clock := &demo.Clock{}
		clock.Set(now)
		service := app.New(app.Options{Books: db, Clock: clock, Hasher: account.NewTestHasher()})
		return demo.Fill(ctx, demo.Options{Service: service, Clock: clock, Now: now, Progress: progress})
	})
}

// bulkWrites share one COMMIT while a history is made.
const bulkWrites = 1000

// FillHistory is FillDemo for a factory that has been at work for so many days.
func FillHistory(ctx context.Context, f paths.Folder, now time.Time, days int, seed uint64, progress func(done, total int, what string)) error {
	return fill(ctx, f, now, func(db *storage.DB) error {
		clock := &demo.Clock{}
		clock.Set(now)
		return db.Bulk(ctx, bulkWrites, func(books *storage.Bulk) error {
			service := app.New(app.Options{Books: books, Clock: clock, Hasher: account.NewTestHasher()})
			return demo.FillHistory(ctx, demo.HistoryOptions{Options: demo.Options{Service: service, Clock: clock, Now: now, Progress: progress}, Days: days, Seed: seed,
				Nightly: func(ctx context.Context) error { return books.ForgetAnswers(ctx, clock.Now().AddDate(0, 0, -90)) }})
		})
	})
}

// fill runs work on new books of the folder, which appear when it has succeeded.
func fill(ctx context.Context, f paths.Folder, now time.Time, work func(*storage.DB) error) (err error) {
	if err := f.Make(); err != nil {
		return err
	}
	lock, err := single.LockFolder(string(f), "masala demo", now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	filling := f.Database() + ".filling"
	removeDatabase(filling)
	defer func() {
		if err != nil {
			removeDatabase(filling)
		}
	}()
	db, err := storage.Open(ctx, storage.Options{Path: filling})
	if err != nil {
		return err
	}
	if err := errors.Join(work(db), db.Close()); err != nil {
		return err
	}
	return os.Rename(filling, f.Database())
}

func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + suffix) // mostly not there
	}
}

// HasBooks reports whether the folder has a database.
func HasBooks(f paths.Folder) bool {
	_, err := os.Stat(f.Database())
	return !errors.Is(err, fs.ErrNotExist)
}
