package app

import (
	"context"
	"maps"
	"sync"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/op"
	"masala/core/system"
)

// board counts the commits that touched each topic and wakes whoever waits.
type board struct {
	mu        sync.Mutex
	revisions map[op.Topic]uint64
	moved     chan struct{} // closed and replaced at each change
}

func newBoard() *board {
	return &board{revisions: map[op.Topic]uint64{}, moved: make(chan struct{})}
}

func (b *board) bump(topics ...op.Topic) {
	if len(topics) == 0 {
		return
	}
	b.mu.Lock()
	for _, t := range topics {
		b.revisions[t]++
	}
	close(b.moved)
	b.moved = make(chan struct{})
	b.mu.Unlock()
}

func (b *board) read() (map[op.Topic]uint64, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.revisions), b.moved
}

// Watch returns the state as soon as it differs from seen.
func (a *App) Watch(ctx context.Context, seen op.State) (op.State, error) {
	for {
		revisions, moved := a.state.read()
		if seen.Boot != a.boot || !maps.Equal(seen.Revisions, revisions) {
			return a.current(ctx, revisions, seen.Mark)
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return seen, ctx.Err()
		}
	}
}

func (a *App) current(ctx context.Context, revisions map[op.Topic]uint64, seen op.Mark) (op.State, error) {
	s := op.State{Boot: a.boot, Revisions: revisions, Warnings: a.health.Warnings()}
	err := a.books.Read(ctx, func(tx Store) error {
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		zone, err := a.zoneOf(tx)
		if err != nil {
			return err
		}
		verdict := a.licence.Check(a.clock.Now(), zone)
		s.Mode, s.Reason = string(verdict.Mode), string(verdict.Reason)
		users, err := tx.CountUsers()
		if err != nil {
			return err
		}
		if s.Mark, err = tx.Mark(); err != nil {
			return err
		}
		s.Astray, err = astray(tx, s.Mark, seen)
		s.Factory, s.Zone, s.NeedAdmin = settings.Factory, settings.TimeZone, users == 0
		return err
	})
	return s, err
}

// astray reports whether books that stand at now lack the row that was seen of them,
// though their lineage is the same: then their file was exchanged for an older one,
// whatever was posted into it since.
func astray(tx Store, now, seen op.Mark) (bool, error) {
	if seen.Books != now.Books || seen.Lineage != now.Lineage || seen.Proof == "" {
		return false, nil
	}
	proof, err := tx.ProofAt(seen.Seq)
	return proof == "" || op.Differs(proof, seen.Proof), err
}

// viewLog remembers who has looked at what, so that a screen that refreshes by
// itself leaves one audit row a day and not thousands.
type viewLog struct {
	mu   sync.Mutex
	seen map[view]bool
}

type view struct {
	session   [32]byte
	operation string
	day       core.Date
}

// forget takes v back, so that the next look is tried again.
func (l *viewLog) forget(v view) {
	l.mu.Lock()
	delete(l.seen, v)
	l.mu.Unlock()
}

// first reports whether v is new, and forgets the days before.
func (l *viewLog) first(v view) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen[v] {
		return false
	}
	maps.DeleteFunc(l.seen, func(old view, _ bool) bool { return old.day != v.day })
	if l.seen == nil {
		l.seen = map[view]bool{}
	}
	l.seen[v] = true
	return true
}

// logView audits that values were looked at (R37), once per session, operation and
// day. A full disk must not stop an owner from reading his books, so a failure here
// is logged and nothing more.
func (a *App) logView(ctx context.Context, c *op.Call) {
	v := view{account.TokenHash(c.Token), c.Meta.Name, c.Today()}
	if !a.viewed.first(v) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := a.books.Write(ctx, func(tx Store) error { return writeAudit(tx, c, op.Note{Entity: "viewed"}) })
	if err != nil {
		a.viewed.forget(v)
		a.log.Error("view not audited", "operation", c.Meta.Name, "user", c.Actor.Name, "err", err)
	}
}

// Known finds a paired PC by the fingerprint of its key. ok is false for a PC
// that was never paired; a revoked one is refused with core.CodeForbidden.
func (a *App) Known(ctx context.Context, fingerprint string) (peer op.Peer, ok bool, err error) {
	err = a.books.Read(ctx, func(tx Store) error {
		d, known, err := tx.DeviceByFingerprint(fingerprint)
		if err != nil || !known {
			return err
		}
		if d.RevokedAt != nil {
			return core.Errorf(core.CodeForbidden, "This PC was removed from the server. Ask an Admin for a new pairing code.")
		}
		peer, ok = op.Peer{Device: d.ID, Name: d.Name}, true
		return nil
	})
	return peer, ok, err
}

// Pair remembers a PC that has proved the pairing code. A PC that is trusted already
// stays the device it is; a revoked one comes back as a new device.
func (a *App) Pair(ctx context.Context, fingerprint, name string) (op.Peer, error) {
	now := a.clock.Now().UTC()
	peer := op.Peer{Name: core.Visible(name)}
	c := &op.Call{Meta: op.Meta{Name: "account.pair_device"}, Now: now, Actor: core.Actor{Device: peer.Name}}
	err := a.books.Write(context.WithoutCancel(ctx), func(tx Store) error {
		if old, known, err := tx.DeviceByFingerprint(fingerprint); err != nil || known && old.RevokedAt == nil {
			peer = op.Peer{Device: old.ID, Name: old.Name}
			return err
		}
		d := account.Device{Name: peer.Name, Fingerprint: fingerprint, PairedAt: now}
		id, err := tx.InsertDevice(d)
		if err != nil {
			return err
		}
		d.ID, peer.Device = id, id
		return writeAudit(tx, c, op.Note{Entity: "device " + peer.Name, New: d})
	})
	if err == nil {
		a.state.bump(account.TopicDevices, system.TopicServer)
	}
	return peer, err
}
