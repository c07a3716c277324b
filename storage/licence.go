package storage

import (
	"database/sql"
	"time"

	"masala/core"
	"masala/core/licence"
)

// NewestPosting is when the newest ledger row was posted, and its seq; zero when there
// is none.
func (t *Tx) NewestPosting() (at time.Time, seq core.Seq, err error) {
	_, err = t.one(`SELECT posted_at, seq FROM ledger ORDER BY seq DESC LIMIT 1`, nil, clock{&at}, &seq)
	return at, seq, err
}

// Trials lists the machines a server has run on.
func (t *Tx) Trials() ([]licence.Trial, error) {
	return list(t, `SELECT hardware, started_at FROM licence_trial ORDER BY hardware`, nil, func(r *sql.Rows) (x licence.Trial, err error) {
		var id string
		if err := r.Scan(&id, clock{&x.Started}); err != nil {
			return x, err
		}
		x.Hardware, err = licence.ParseHardwareID(id)
		return x, err
	})
}

// PutTrial remembers the first run on a machine, in the place of what it knew of it.
func (t *Tx) PutTrial(x licence.Trial) error {
	_, err := t.exec(`INSERT INTO licence_trial (hardware, started_at) VALUES (?, ?) ON CONFLICT (hardware) DO UPDATE SET started_at = excluded.started_at`, x.Hardware.String(), instant(x.Started))
	return err
}

// ClockResets lists the resets that were used.
func (t *Tx) ClockResets() ([]licence.UsedReset, error) {
	return list(t, `SELECT serial, seq FROM clock_reset ORDER BY seq, serial`, nil,
		func(r *sql.Rows) (u licence.UsedReset, err error) { return u, r.Scan(&u.Serial, &u.Seq) })
}

// PutClockReset remembers a reset for ever: it works once.
func (t *Tx) PutClockReset(u licence.UsedReset, at time.Time) error {
	_, err := t.exec(`INSERT INTO clock_reset (serial, seq, used_at) VALUES (?, ?, ?)`, u.Serial, u.Seq, instant(at))
	return err
}
