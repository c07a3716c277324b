package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/op"
)

// pulseEvery is how often the heartbeat is written and the folder looked at.
const pulseEvery = time.Minute

// unreadAgain is how soon a license file that could not be read is looked at again.
const unreadAgain = time.Second

// StartLicence tells the licence what the books know, before anything is served. The
// first run of a server on a machine goes into the books with an audit row.
func (a *App) StartLicence(ctx context.Context) error {
	if a.guard == nil {
		return nil
	}
	now := a.clock.Now().UTC()
	var facts licence.Facts
	var zone *time.Location
	err := a.books.Read(ctx, func(tx Store) (err error) {
		if zone, err = a.zoneOf(tx); err != nil {
			return err
		}
		facts, err = licence.ReadFacts(tx)
		return err
	})
	if err != nil {
		return err
	}
	trial := a.guard.Start(now, zone, facts)
	known := slices.ContainsFunc(facts.Trials, func(t licence.Trial) bool { return t.Hardware == trial.Hardware && t.Started.Equal(trial.Started) })
	if !known && !trial.Started.IsZero() {
		c := &op.Call{Meta: op.Meta{Name: "licence.start_trial"}, Now: now, Actor: core.Actor{Device: "server"}}
		err = a.books.Write(ctx, func(tx Store) error {
			if err := tx.PutTrial(trial); err != nil {
				return err
			}
			return writeAudit(tx, c, op.Note{Entity: "trial " + trial.Hardware.String(), New: trial.Started})
		})
	}
	a.showLicence()
	return err
}

// PulseLicence writes the heartbeat, takes up a new license file and shows what has
// changed. It returns how long to wait for the next pulse: never past midnight in the
// factory, so that every window knows of a new day in its first second.
func (a *App) PulseLicence(ctx context.Context) time.Duration {
	if a.guard == nil {
		return pulseEvery
	}
	var zone *time.Location
	var newest core.Seq
	err := a.books.Read(ctx, func(tx Store) (err error) {
		if zone, err = a.zoneOf(tx); err == nil {
			_, newest, err = tx.NewestPosting()
		}
		return err
	})
	if err != nil {
		a.log.Warn("licence: time zone", "err", err)
		return pulseEvery
	}
	now := a.clock.Now()
	if a.guard.Pulse(now, zone, newest) {
		a.state.bump(licence.TopicLicence)
	}
	a.showLicence()
	if a.guard.Unread() {
		return unreadAgain
	}
	y, m, d := now.In(zone).Date()
	return min(pulseEvery, time.Date(y, m, d+1, 0, 0, 0, 0, zone).Sub(now))
}

// ClockCertain reports whether work that deletes by age may run now.
func (a *App) ClockCertain(ctx context.Context) bool {
	if a.guard == nil {
		return true
	}
	zone, err := a.zone(ctx)
	return err == nil && a.guard.Certain(a.clock.Now(), zone)
}

// showLicence makes the banners those of this moment.
func (a *App) showLicence() {
	if a.guard == nil {
		return
	}
	zone, err := a.zone(context.Background())
	if err != nil {
		a.log.Warn("licence: time zone", "err", err)
		return
	}
	now := a.guard.Warnings(a.clock.Now(), zone)
	for _, code := range licence.WarningCodes {
		if !slices.ContainsFunc(now, func(w health.Warning) bool { return w.Code == code }) {
			a.health.Clear(code)
		}
	}
	for _, w := range now {
		a.health.Set(w)
	}
}

func (a *App) zone(ctx context.Context) (zone *time.Location, err error) {
	err = a.books.Read(ctx, func(tx Store) (err error) { zone, err = a.zoneOf(tx); return err })
	return zone, err
}

// zoneOf is the time zone of the factory; the data of each is read once.
func (a *App) zoneOf(tx Store) (*time.Location, error) {
	s, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	if known, ok := a.zones.Load(s.TimeZone); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("time zone of the factory: %w", err)
	}
	a.zones.Store(s.TimeZone, zone)
	return zone, nil
}
