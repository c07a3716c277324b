package storage

import (
	"encoding/json"
	"fmt"
	"time"

	"masala/core"
	"masala/core/backup"
)

// BackupSettings reads what is set for the backups, the defaults before an Admin
// changed any.
func (t *Tx) BackupSettings() (s backup.Settings, err error) {
	var times string
	ok, err := t.one(`SELECT folder, times, version, updated_at, updated_by FROM backup_settings WHERE id = 1`, nil,
		&s.Folder, &times, &s.Version, clock{&s.UpdatedAt}, &s.UpdatedBy)
	switch {
	case err != nil:
		return s, err
	case !ok:
		s.Fields = backup.Defaults()
		return s, nil
	}
	if err := json.Unmarshal([]byte(times), &s.Times); err != nil {
		return s, fmt.Errorf("times of the backups: %w", err)
	}
	return s, nil
}

// PutBackupSettings replaces what is set for the backups.
func (t *Tx) PutBackupSettings(s backup.Settings) error {
	times, err := json.Marshal(s.Times)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT OR REPLACE INTO backup_settings (id, folder, times, version, updated_at, updated_by) VALUES (1, ?, ?, ?, ?, ?)`,
		s.Folder, string(times), s.Version, instant(s.UpdatedAt), s.UpdatedBy)
	return err
}

// Sealed reads the server's key under the recovery code.
func (t *Tx) Sealed() (s backup.Sealed, ok bool, err error) {
	ok, err = t.one(`SELECT fingerprint, seal, made_at, made_by FROM identity_seal WHERE id = 1`, nil, &s.Fingerprint, &s.Seal, clock{&s.MadeAt}, &s.MadeBy)
	return s, ok, err
}

// PutSealed replaces the server's key under the recovery code.
func (t *Tx) PutSealed(s backup.Sealed) error {
	_, err := t.exec(`INSERT OR REPLACE INTO identity_seal (id, fingerprint, seal, made_at, made_by) VALUES (1, ?, ?, ?, ?)`,
		s.Fingerprint, s.Seal, instant(s.MadeAt), s.MadeBy)
	return err
}

// Lineage reads the newest lineage, zero before there is one.
func (t *Tx) Lineage() (l backup.Lineage, err error) {
	var confirmed int64
	_, err = t.one(`SELECT id, books, origin, at, seq, seen, point, coalesce(confirmed_at, 0), confirmed_by FROM lineage ORDER BY n DESC LIMIT 1`, nil,
		&l.ID, &l.Books, &l.Origin, clock{&l.At}, &l.Seq, &l.Seen, &l.Point, &confirmed, &l.ConfirmedBy)
	if confirmed != 0 {
		l.ConfirmedAt = time.UnixMilli(confirmed).UTC()
	}
	return l, err
}

// ConfirmLineage remembers who lets work go on with restored books.
func (t *Tx) ConfirmLineage(id string, at time.Time, by string) error {
	r, err := t.exec(`UPDATE lineage SET confirmed_at = ?, confirmed_by = ? WHERE id = ? AND confirmed_at IS NULL`, instant(at), by, id)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return core.Errorf(core.CodeConflict, "The restored books were confirmed already.").Because(err)
	}
	return nil
}

// InsertLineage starts a lineage.
func (t *Tx) InsertLineage(l backup.Lineage) error {
	var confirmed any
	if !l.ConfirmedAt.IsZero() {
		confirmed = instant(l.ConfirmedAt)
	}
	_, err := t.exec(`INSERT INTO lineage (id, books, origin, at, seq, seen, point, confirmed_at, confirmed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.ID, l.Books, l.Origin, instant(l.At), l.Seq, l.Seen, l.Point, confirmed, l.ConfirmedBy)
	return err
}
