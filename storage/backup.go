package storage

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/op"
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

// KnowsLineage reports whether these books have been through a lineage.
func (t *Tx) KnowsLineage(id string) (bool, error) {
	return t.one(`SELECT 1 FROM lineage WHERE id = ?`, []any{id}, new(int))
}

// HashAt is the hash of a ledger row in hex, "" when there is none.
func (t *Tx) HashAt(seq core.Seq) (string, error) {
	var hash []byte
	_, err := t.one(`SELECT hash FROM ledger WHERE seq = ?`, []any{seq}, &hash)
	return hex.EncodeToString(hash), err
}

// RaiseSeries makes last the last number given out of a series if it is lower, and
// remembers the numbers that no document of these books has.
func (t *Tx) RaiseSeries(name string, last int, lineage string) error {
	var have int
	if _, err := t.one(`SELECT last FROM series WHERE name = ?`, []any{name}, &have); err != nil || have >= last {
		return err
	}
	if _, err := t.exec(`INSERT INTO series (name, last) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = excluded.last`, name, last); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO series_skip (name, lineage_id, first, last) VALUES (?, ?, ?, ?)`, name, lineage, have+1, last)
	return err
}

// RevokeKey takes the trust back from the PC with that key, if it has any, and
// reports whether it had.
func (t *Tx) RevokeKey(fingerprint string, at time.Time) (bool, error) {
	d, ok, err := t.DeviceByFingerprint(fingerprint)
	if err != nil || !ok || d.RevokedAt != nil {
		return false, err
	}
	return true, t.RevokeDevice(d.ID, at)
}

// anchorDays is how many days back the series of single days are in an anchor: twice
// as far as anything may be dated back.
const anchorDays = 62

// Anchor tells what must outlive the books.
func (t *Tx) Anchor(now time.Time) (a backup.Anchor, err error) {
	c, err := t.contents()
	if err != nil {
		return a, err
	}
	a = backup.Anchor{Books: c.Books, Lineage: c.Lineage, At: now.UTC(), Seq: c.Seq, Head: c.Head, Documents: c.Documents, Series: map[string]int{}, Revoked: []string{}}
	s, err := t.BackupSettings()
	if err != nil {
		return a, err
	}
	a.Folder = s.Folder
	server, err := t.Server()
	if err != nil {
		return a, err
	}
	a.Port, a.Name = server.Port, server.Name
	if a.Audit, _, err = t.AuditHead(); err != nil {
		return a, err
	}
	if a.Accounts, err = t.Accounts(); err != nil {
		return a, err
	}
	err = t.each(`SELECT name, last FROM series WHERE name NOT GLOB '*-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]' OR substr(name, -8) >= ?`,
		[]any{now.AddDate(0, 0, -anchorDays).Format("20060102")}, func(r *sql.Rows) error {
			var name string
			var last int
			err := r.Scan(&name, &last)
			a.Series[name] = last
			return err
		})
	if err != nil {
		return a, err
	}
	err = t.each(`SELECT fingerprint FROM device d WHERE revoked_at IS NOT NULL AND id = (SELECT max(id) FROM device WHERE fingerprint = d.fingerprint) ORDER BY fingerprint`, nil,
		func(r *sql.Rows) error {
			var f string
			err := r.Scan(&f)
			a.Revoked = append(a.Revoked, f)
			return err
		})
	return a, err
}

// Anchor reads on a snapshot what must outlive the books.
func (db *DB) Anchor(ctx context.Context, now time.Time) (a backup.Anchor, err error) {
	err = db.read(ctx, func(tx *Tx) (err error) { a, err = tx.Anchor(now); return err })
	return a, err
}

// Accounts lists all users as an anchor keeps them, by login.
func (t *Tx) Accounts() ([]backup.Account, error) {
	return list(t, `SELECT login, role, active, digest FROM user ORDER BY login`, nil, func(r *sql.Rows) (a backup.Account, err error) {
		return a, r.Scan(&a.Login, &a.Role, &a.Active, &a.Digest)
	})
}

// PutAccount changes role, state and password of a user and ends his sessions.
func (t *Tx) PutAccount(a backup.Account, at time.Time, by string) error {
	if _, err := t.exec(`UPDATE user SET role = ?, active = ?, digest = ?, version = version + 1, updated_at = ?, updated_by = ? WHERE login = ?`,
		a.Role, a.Active, a.Digest, instant(at), by, a.Login); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM session WHERE user_id = (SELECT id FROM user WHERE login = ?)`, a.Login)
	return err
}

// Withheld reads from the audit log what the beginning of a lineage has written down
// about users.
func (t *Tx) Withheld(l backup.Lineage) (out []backup.Withheld, err error) {
	err = t.each(`SELECT new FROM audit WHERE operation = 'backup.begin_lineage' AND at = ? AND entity LIKE 'user %' ORDER BY seq`, []any{instant(l.At)}, func(r *sql.Rows) error {
		var text string
		var w backup.Withheld
		if err := r.Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &w); err != nil {
			return fmt.Errorf("audit log: %w", err)
		}
		out = append(out, w)
		return nil
	})
	return out, err
}

// CountDocuments counts all that was ever posted: ids have no gaps, and nothing is
// deleted.
func (t *Tx) CountDocuments() (n int, err error) {
	_, err = t.one(`SELECT coalesce(max(id), 0) FROM document`, nil, &n)
	return n, err
}

// Mark is where the books stand.
func (t *Tx) Mark() (m op.Mark, err error) {
	l, err := t.Lineage()
	if err != nil {
		return m, err
	}
	m = op.Mark{Books: l.Books, Lineage: l.ID, Begun: l.At, Waits: l.Waits()}
	var head []byte
	if _, err = t.one(`SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1`, nil, &m.Seq, &head); err != nil {
		return m, err
	}
	m.Proof, err = t.proof(head)
	return m, err
}

// ProofAt is the op.Mark.Proof of a ledger row, "" when there is none.
func (t *Tx) ProofAt(seq core.Seq) (string, error) {
	var hash []byte
	if _, err := t.one(`SELECT hash FROM ledger WHERE seq = ?`, []any{seq}, &hash); err != nil {
		return "", err
	}
	return t.proof(hash)
}

// proof seals the hash of a ledger row with the secret of the books, and names the secret.
func (t *Tx) proof(hash []byte) (string, error) {
	if len(hash) == 0 {
		return "", nil
	}
	var secret []byte
	if _, err := t.one(`SELECT body FROM secret`, nil, &secret); err != nil {
		return "", err
	}
	if len(secret) == 0 {
		return "", errors.New("the secret of the books is gone")
	}
	return op.Prove(secret, hash), nil
}
