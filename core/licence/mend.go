package licence

import (
	"time"

	"masala/core"
)

// Install takes a license file and keeps it. Its effect is immediate, but a clock that
// went back still waits for the restart.
func (g *Guard) Install(file []byte, now time.Time, zone *time.Location) error {
	l, err := g.open(file)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.observe(now, zone)
	if !l.Hardware.Matches(g.options.Hardware) {
		return core.Invalid("text", "This license is bound to the Hardware ID %s. This server has %s. Send support that one.", l.Hardware, g.options.Hardware)
	}
	if l.Term().Mode(g.day(now, zone)) != Active {
		return core.Invalid("text", "This license ended on %s. Ask support for a new one.", l.Expires)
	}
	if old := g.licence; old != nil && !g.mismatch() && l.Expires < old.Expires {
		return core.Invalid("text", "This license ends on %s, before the one that is installed (%s). Ask support for a newer one.", l.Expires, old.Expires)
	}
	if err := g.options.File.Write(file); err != nil {
		return core.Errorf(core.CodeUnavailable, "The license could not be stored. Check that the disk is not full and that this user may write %s.", g.options.File.Name()).Because(err)
	}
	g.read()
	return nil
}

// IsReset reports whether a file is a genuine clock reset, and returns it.
func (g *Guard) IsReset(file []byte) (Reset, bool) {
	v, err := Open(file, g.options.Key)
	if err != nil {
		return Reset{}, false
	}
	r, ok := v.(Reset)
	return r, ok
}

// CheckReset refuses a reset of another machine, one that was used, and one that is
// not near the time it was issued: it can never lead back before that.
func (g *Guard) CheckReset(r Reset, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case !r.Hardware.Matches(g.options.Hardware):
		return core.Invalid("text", "This clock reset is for the Hardware ID %s. This server has %s.", r.Hardware, g.options.Hardware)
	case g.used(r.Serial):
		return core.Invalid("text", "This clock reset has been used. Ask support for another one.")
	case now.Before(r.Issued.Add(-LeapAfter)), now.After(r.Issued.AddDate(0, 0, ResetDays)):
		return core.Invalid("text", "This clock reset was issued on %s. Set the clock of the server right first; it can be used for %d days.", r.Issued.Format("02-Jan-2006 15:04 UTC"), ResetDays)
	}
	return nil
}

// Reset forgets what was known about the time and starts again from now. The program
// still has to be restarted if it had locked itself.
func (g *Guard) Reset(used UsedReset, now time.Time, zone *time.Location) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.beat.Resets = union(g.beat.Resets, []UsedReset{used})
	g.restartTime(now, zone)
	if g.beat.Trial.After(now) {
		g.beat.Trial = now.UTC()
	}
	g.store()
	g.options.Log.Warn("clock reset used", "serial", used.Serial)
}

// Confirm takes a clock that ran ahead as right: an Admin has said so. day is the day
// he was shown, newest the newest ledger row.
func (g *Guard) Confirm(day core.Date, now time.Time, zone *time.Location, newest core.Seq) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.beat.Posted = g.beat.Posted || newest > 0
	g.observe(now, zone)
	if today := core.DateOf(now, zone); day != today {
		return core.Invalid("day", "The server's clock now shows %s. Look again and confirm that.", today)
	}
	if !g.ahead {
		return nil
	}
	g.options.Log.Warn("clock confirmed", "from", g.beat.At, "to", now.UTC())
	g.beginAnew(now, zone)
	g.restartTime(now, zone)
	g.write()
	return nil
}

func (g *Guard) restartTime(now time.Time, zone *time.Location) {
	g.beat.At, g.beat.Day, g.ahead = now.UTC(), core.DateOf(now, zone), false
}
