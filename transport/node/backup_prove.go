package node

import (
	"context"
	"errors"
	"path/filepath"

	"masala/core/backup"
	"masala/storage"
	store "masala/storage/backup"
)

// prove opens a point again where there is room for it.
func (k *keeper) prove(ctx context.Context, path string, tell func(string, int)) (p backup.Point, err error) {
	scratch := k.scratch(filepath.Dir(path))
	err = k.room().Guard(ctx, scratch, max(storage.Size(k.folder.Database()), store.Opened(path)), func(ctx context.Context) (err error) {
		p, err = store.Prove(ctx, path, scratch, k.clock.Now(), tell)
		return err
	})
	return p, err
}

// proveNext begins to prove one of the points in the folder that nobody has looked at, the
// newest: such a point is never let go, so each backup ends with one of them. Nobody
// waits for it. It makes way for all work that somebody asks for or that is due, and
// comes back after the next backup.
func (k *keeper) proveNext() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running != nil || k.spare != nil || k.ctx.Err() != nil || k.checking() {
		return
	}
	var unseen []string
	for _, p := range k.points {
		if p.State == backup.Unchecked {
			unseen = append(unseen, p.Path)
		}
	}
	if len(unseen) == 0 {
		return
	}
	ctx, end := context.WithCancel(k.ctx)
	k.spare = end
	k.work.Go(func() {
		defer end()
		proved := k.proveOne(ctx, unseen)
		k.mu.Lock()
		k.spare = nil
		k.mu.Unlock()
		if proved {
			k.look(context.Background())
			k.changed()
		}
	})
}

// proveOne proves the first of the points that can be proved. One for which there is no
// room now, or that this version cannot read, stays unchecked and keeps no other waiting.
func (k *keeper) proveOne(ctx context.Context, points []string) bool {
	for _, path := range points {
		p, err := k.prove(ctx, path, nil)
		switch {
		case ctx.Err() != nil:
			return false
		case err != nil:
			k.log.Warn("a restore point stays unchecked", "path", path, "err", err, "cause", errors.Unwrap(err))
			continue
		case p.State == backup.Good:
			k.log.Info("restore point checked", "path", path, "says", p.Says)
		default:
			k.log.Error("a restore point is damaged", "path", path, "says", p.Says)
		}
		return true
	}
	return false
}

// giveWay ends a proof that nobody waits for.
func (k *keeper) giveWay() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.spare != nil {
		k.spare()
	}
}
