package app

import (
	"context"
	"slices"

	"masala/core"
	"masala/core/backup"
	"masala/core/health"
	"masala/core/op"
	"masala/core/stock"
)

// warnRestored stands while restored books wait for an Admin.
const warnRestored = "books.restored"

// StartLineage holds the books against what was seen of them before, and begins a
// new lineage if they were restored, made anew or replaced. Numbers and PCs that
// were given out or revoked since stay so. It is called before anything is served,
// and again after a crash has the same effect once. newID draws UUIDs.
func (a *App) StartLineage(ctx context.Context, anchors []backup.Anchor, cause *backup.Takeover, newID func() string) (backup.Lineage, error) {
	var l backup.Lineage
	begun := false
	backup.Newest(anchors)
	if cause != nil && cause.Origin == backup.OriginRescue {
		cause = nil
	}
	err := a.books.Write(ctx, func(tx Store) (err error) {
		old, err := tx.Lineage()
		if err != nil {
			return err
		}
		l = old
		if cause != nil {
			if done, err := tx.KnowsLineage(cause.ID); done || err != nil {
				return err
			}
		}
		next, seen, err := a.judge(tx, old, anchors, cause)
		if next == nil || err != nil {
			return err
		}
		if next.ID == "" {
			next.ID = newID()
		}
		if next.Books == "" {
			next.Books = next.ID
		}
		l, begun = *next, true
		return a.begin(tx, l, seen)
	})
	if err != nil {
		return l, err
	}
	a.showLineage(l)
	return l, a.showWithheld(ctx, l, begun)
}

// judge says which lineage begins, nil for none.
func (a *App) judge(tx Store, old backup.Lineage, anchors []backup.Anchor, cause *backup.Takeover) (*backup.Lineage, backup.Seen, error) {
	mark, err := tx.Mark()
	if err != nil {
		return nil, backup.Seen{}, err
	}
	next := backup.Lineage{At: a.clock.Now().UTC(), Seq: mark.Seq, Books: old.Books}
	if cause != nil {
		next.ID, next.Origin, next.Point = cause.ID, cause.Origin, cause.Point
		if next.Books == "" {
			next.Books = cause.Books
		}
	}
	audit, _, err := tx.AuditHead()
	if err != nil {
		return nil, backup.Seen{}, err
	}
	seen, err := backup.Judge(backup.Place{Lineage: old, Seq: mark.Seq, Audit: audit, Known: tx.KnowsLineage, HashAt: tx.HashAt}, next.Books, anchors)
	if err != nil {
		return nil, seen, err
	}
	changes, err := withholding(tx, seen)
	if err != nil {
		return nil, seen, err
	}
	next.Seen = seen.Seq
	certain := slices.ContainsFunc(anchors, func(x backup.Anchor) bool { return x.Books == next.Books })
	switch {
	case cause != nil && cause.Origin == backup.OriginEmpty: // confirmed when it was asked for
		next.ConfirmedAt, next.ConfirmedBy = next.At, "server"
	case cause != nil:
		if certain && !seen.Behind {
			next.ConfirmedAt, next.ConfirmedBy = next.At, "server" // nothing is missing
		}
	case old.ID == "":
		next.Origin, next.ConfirmedAt, next.ConfirmedBy = backup.OriginNew, next.At, "server"
	case seen.Behind:
		next.Origin = backup.OriginOlder
	case slices.ContainsFunc(changes, accountChange.held): // the ledger is whole, and users are not as they were
		next.Origin, next.ConfirmedAt, next.ConfirmedBy = backup.OriginOlder, next.At, "server"
	default:
		return nil, seen, nil
	}
	return &next, seen, nil
}

// begin writes a lineage with what it takes over, and its audit rows. Who was logged in
// when these books were current logs in again: he would go on with numbers that may be
// those of other records, and some who have no business any more would be let in.
func (a *App) begin(tx Store, l backup.Lineage, seen backup.Seen) error {
	if err := tx.InsertLineage(l); err != nil {
		return err
	}
	if l.Origin != backup.OriginNew {
		if err := tx.EndAllSessions(); err != nil {
			return err
		}
	}
	c := &op.Call{Meta: op.Meta{Name: "backup.begin_lineage"}, Now: l.At, Actor: core.Actor{Device: "server"}}
	for name, last := range seen.Series {
		if err := tx.RaiseSeries(name, last, l.ID); err != nil {
			return err
		}
	}
	if err := writeAudit(tx, c, op.Note{Entity: "lineage " + l.ID, New: l}); err != nil {
		return err
	}
	if l.Origin == backup.OriginEmpty && seen.Folder != "" { // new books keep their backups where they were
		old, err := tx.BackupSettings()
		if err != nil {
			return err
		}
		old.Folder = seen.Folder
		old.Stamp = core.Stamp{Version: old.Version + 1, UpdatedAt: l.At, UpdatedBy: "server"}
		if err := tx.PutBackupSettings(old); err != nil {
			return err
		}
	}
	if err := withhold(tx, c, l, seen); err != nil {
		return err
	}
	for _, key := range seen.Revoked {
		had, err := tx.RevokeKey(key, l.At)
		if err != nil {
			return err
		}
		if had {
			if err := writeAudit(tx, c, op.Note{Entity: "device " + key[:min(16, len(key))], New: "revoked again"}); err != nil {
				return err
			}
		}
	}
	return nil
}

// showLineage closes or opens the gate for Business writes.
func (a *App) showLineage(l backup.Lineage) {
	if !l.Waits() {
		a.health.Clear(warnRestored)
		return
	}
	a.health.Set(health.Warning{Code: warnRestored, Severity: health.Fatal, Text: l.Warning(), Blocks: core.Errorf(core.CodeLocked, "%s", l.Warning())})
}

// Confirmed opens the gate again: an Admin has confirmed the lineage.
func (a *App) Confirmed() {
	a.showLineage(backup.Lineage{})
	a.health.Clear(warnWithheld)
}

// NoteKey writes down that the server has another key than the newest anchor tells: it
// was replaced while the books could not be served.
func (a *App) NoteKey(ctx context.Context, anchors []backup.Anchor, key string) error {
	backup.Newest(anchors)
	i := slices.IndexFunc(anchors, func(x backup.Anchor) bool { return x.Key != "" })
	if i < 0 || anchors[i].Key == key {
		return nil
	}
	c := &op.Call{Meta: op.Meta{Name: backup.RecoveryKey.Name}, Now: a.clock.Now().UTC(), Actor: core.Actor{Device: "server"}}
	return a.books.Write(ctx, func(tx Store) error {
		return writeAudit(tx, c, op.Note{Entity: "key of the server", Old: anchors[i].Key, New: key})
	})
}

// NoteUpgrade writes down what an upgrade of the books has taken back, once.
func (a *App) NoteUpgrade(ctx context.Context) error {
	var notes []op.Note
	if err := a.books.Read(ctx, func(tx Store) (err error) { notes, err = stock.UpgradeNotes(tx); return err }); err != nil || len(notes) == 0 {
		return err
	}
	c := &op.Call{Meta: stock.VoidEntry.Meta, Now: a.clock.Now().UTC(), Actor: core.Actor{Name: stock.ByUpgrade, Device: "server"}}
	return a.books.Write(ctx, func(tx Store) error {
		for _, n := range notes {
			if err := writeAudit(tx, c, n); err != nil {
				return err
			}
		}
		return nil
	})
}
