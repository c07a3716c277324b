package storage

import (
	"database/sql"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/system"
)

const userColumns = `id, login, name, role, active, version, updated_at, updated_by`

func userInto(u *account.User) []any {
	return []any{&u.ID, &u.Login, &u.Name, &u.Role, &u.Active, &u.Version, clock{&u.UpdatedAt}, &u.UpdatedBy}
}

// CountUsers counts all users.
func (t *Tx) CountUsers() (n int, err error) {
	_, err = t.one(`SELECT count(*) FROM user`, nil, &n)
	return n, err
}

// Users lists all users by login.
func (t *Tx) Users() ([]account.User, error) {
	return list(t, `SELECT `+userColumns+` FROM user ORDER BY login`, nil, func(r *sql.Rows) (u account.User, err error) {
		return u, r.Scan(userInto(&u)...)
	})
}

// User reads one user.
func (t *Tx) User(id core.UserID) (u account.User, err error) {
	ok, err := t.one(`SELECT `+userColumns+` FROM user WHERE id = ?`, []any{id}, userInto(&u)...)
	if err == nil && !ok {
		err = core.NotFound("id", "This user does not exist.")
	}
	return u, err
}

// UserByLogin finds a user with his password digest.
func (t *Tx) UserByLogin(login string) (u account.User, digest string, ok bool, err error) {
	ok, err = t.one(`SELECT `+userColumns+`, digest FROM user WHERE login = ?`, []any{login}, append(userInto(&u), &digest)...)
	return u, digest, ok, err
}

// PasswordOf reads a password digest.
func (t *Tx) PasswordOf(id core.UserID) (digest string, err error) {
	_, err = t.one(`SELECT digest FROM user WHERE id = ?`, []any{id}, &digest)
	return digest, err
}

// InsertUser adds a user.
func (t *Tx) InsertUser(u account.User, digest string) (core.UserID, error) {
	id, err := t.insert(`INSERT INTO user (login, name, role, active, digest, version, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		u.Login, u.Name, u.Role, u.Active, digest, u.Version, instant(u.UpdatedAt), u.UpdatedBy)
	return core.UserID(id), err
}

// UpdateUser writes all fields of a user but the password.
func (t *Tx) UpdateUser(u account.User) error {
	_, err := t.exec(`UPDATE user SET name = ?, role = ?, active = ?, version = ?, updated_at = ?, updated_by = ? WHERE id = ?`,
		u.Name, u.Role, u.Active, u.Version, instant(u.UpdatedAt), u.UpdatedBy, u.ID)
	return err
}

// SetPassword replaces a password digest.
func (t *Tx) SetPassword(id core.UserID, digest string) error {
	_, err := t.exec(`UPDATE user SET digest = ? WHERE id = ?`, digest, id)
	return err
}

// Session finds a session and its user.
func (t *Tx) Session(hash [32]byte) (s account.Session, u account.User, ok bool, err error) {
	s.Hash = hash
	into := append([]any{&s.User, &s.Device, clock{&s.Created}, clock{&s.Expires}}, userInto(&u)...)
	ok, err = t.one(`SELECT s.user_id, s.device_id, s.created_at, s.expires_at, u.id, u.login, u.name, u.role, u.active, u.version, u.updated_at, u.updated_by
		FROM session s JOIN user u ON u.id = s.user_id WHERE s.hash = ?`, []any{hash[:]}, into...)
	return s, u, ok, err
}

// InsertSession opens a session and drops those that have run out.
func (t *Tx) InsertSession(s account.Session) error {
	if _, err := t.exec(`DELETE FROM session WHERE user_id = ? AND expires_at < ?`, s.User, instant(s.Created)); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO session (hash, user_id, device_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)`,
		s.Hash[:], s.User, s.Device, instant(s.Created), instant(s.Expires))
	return err
}

// EndSession ends one session.
func (t *Tx) EndSession(hash [32]byte) error {
	_, err := t.exec(`DELETE FROM session WHERE hash = ?`, hash[:])
	return err
}

// EndSessions ends every session of a user but one.
func (t *Tx) EndSessions(user core.UserID, except [32]byte) error {
	_, err := t.exec(`DELETE FROM session WHERE user_id = ? AND hash <> ?`, user, except[:])
	return err
}

// EndAllSessions logs everybody out.
func (t *Tx) EndAllSessions() error {
	_, err := t.exec(`DELETE FROM session`)
	return err
}

func scanDevice(r interface{ Scan(...any) error }) (d account.Device, err error) {
	var revoked sql.NullInt64
	err = r.Scan(&d.ID, &d.Name, &d.Fingerprint, clock{&d.PairedAt}, &revoked)
	if revoked.Valid {
		at := time.UnixMilli(revoked.Int64).UTC()
		d.RevokedAt = &at
	}
	return d, err
}

// Devices lists the paired PCs, newest first.
func (t *Tx) Devices() ([]account.Device, error) {
	return list(t, `SELECT id, name, fingerprint, paired_at, revoked_at FROM device ORDER BY id DESC`, nil,
		func(r *sql.Rows) (account.Device, error) { return scanDevice(r) })
}

// DeviceByFingerprint finds the newest pairing of a key.
func (t *Tx) DeviceByFingerprint(fingerprint string) (d account.Device, ok bool, err error) {
	found, err := list(t, `SELECT id, name, fingerprint, paired_at, revoked_at FROM device WHERE fingerprint = ? ORDER BY id DESC LIMIT 1`,
		[]any{fingerprint}, func(r *sql.Rows) (account.Device, error) { return scanDevice(r) })
	if err != nil || len(found) == 0 {
		return d, false, err
	}
	return found[0], true, nil
}

// InsertDevice adds a paired PC.
func (t *Tx) InsertDevice(d account.Device) (core.DeviceID, error) {
	id, err := t.insert(`INSERT INTO device (name, fingerprint, paired_at) VALUES (?, ?, ?)`, d.Name, d.Fingerprint, instant(d.PairedAt))
	return core.DeviceID(id), err
}

// RevokeDevice takes the trust back and ends the PC's sessions.
func (t *Tx) RevokeDevice(id core.DeviceID, at time.Time) error {
	r, err := t.exec(`UPDATE device SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?`, instant(at), id)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return core.NotFound("id", "This PC is not in the list.")
	}
	_, err = t.exec(`DELETE FROM session WHERE device_id = ?`, id)
	return err
}

// CountDevices counts the PCs that are trusted now.
func (t *Tx) CountDevices() (n int, err error) {
	_, err = t.one(`SELECT count(*) FROM device WHERE revoked_at IS NULL`, nil, &n)
	return n, err
}

// StartFactory writes the first settings.
func (t *Tx) StartFactory(name, stateCode string, by core.Stamp) error {
	f := system.Defaults()
	f.Factory = name
	if stateCode != "" {
		f.StateCode = stateCode
	}
	return t.PutSettings(system.Settings{SettingsFields: f, Stamp: by})
}
