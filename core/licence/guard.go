package licence

import (
	"crypto/ed25519"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"time"

	"masala/core"
)

// Options are what a Guard is built from. All of them are required.
type Options struct {
	Key      ed25519.PublicKey // of the vendor
	Hardware HardwareID        // of this machine, as it is now
	File     Place             // license.key
	Places   []Place           // of the heartbeat
	Random   io.Reader
	Log      *slog.Logger
	Built    time.Time // when this program was built: no clock before that is right; zero = unknown
}

// Guard is the licence of a running server. It judges every call in memory; only
// Start, Pulse, Reload and the ways to mend it touch its places. It is safe for
// concurrent use.
type Guard struct {
	options Options
	secret  []byte

	mu      sync.Mutex
	licence *License // nil: none that is genuine
	problem string   // why the file that is there is not used
	unread  bool     // it could not be read; the next look may succeed
	content string   // of the file, to notice a new one
	beat    Beat
	back    bool       // the clock went back: latched until the process ends
	ahead   bool       // the clock is far ahead of what is known
	booked  HardwareID // under which the books know the trial of this machine
}

// Facts is what the books know of time and machine.
type Facts struct {
	Newest time.Time // when the newest ledger row was posted
	Seq    core.Seq  // of that row
	Trials []Trial
	Resets []UsedReset
}

// Trial is the first run of a server on a machine.
type Trial struct {
	Hardware HardwareID
	Started  time.Time
}

// NewGuard makes a Guard that knows nothing before Start.
func NewGuard(o Options) *Guard {
	return &Guard{options: o, secret: append([]byte("masala heartbeat\x00"), o.Key...)}
}

// Start gathers what the places and the books know and judges the clock. It returns
// the trial of this machine, for the books to remember.
func (g *Guard) Start(now time.Time, zone *time.Location, books Facts) Trial {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.beat = g.remembered()
	g.beat.Resets = union(g.beat.Resets, books.Resets)
	if n := len(g.beat.Resets); n == 0 || books.Seq > g.beat.Resets[n-1].Seq {
		g.beat.At = later(g.beat.At, books.Newest)
	}
	g.beat.Posted = g.beat.Posted || books.Seq > 0
	g.read()
	g.booked = g.options.Hardware
	for _, t := range books.Trials {
		if t.Hardware.Matches(g.options.Hardware) {
			g.booked = t.Hardware
			if g.beat.Begun == 0 { // else the heartbeat knows better
				g.beat.Trial = earlier(g.beat.Trial, t.Started)
			}
		}
	}
	switch {
	case g.early(now): // it begins once the clock is right
	case g.beat.Trial.IsZero():
		g.beat.Trial = now.UTC().Truncate(time.Millisecond)
		g.options.Log.Info("trial begins", "hardware", g.options.Hardware.String())
	case Judge(now, g.beat.At) == Back:
		g.beginAnew(now, zone)
	}
	g.observe(now, zone)
	g.write()
	return g.trial()
}

func (g *Guard) trial() Trial { return Trial{g.booked, g.beat.Trial} }

// Trial is the first run on this machine, as the books are to know it. It is the zero
// time while the clock has never been right.
func (g *Guard) Trial() Trial {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.trial()
}

// early reports a clock before this program was built, as after an empty battery. A day
// is left to the clock it was built by.
func (g *Guard) early(now time.Time) bool { return now.Before(g.options.Built.Add(-LeapAfter)) }

// beginAnew dates the first run anew, as long as nothing was ever posted on this machine
// and it has no license: what a wrong clock said until then proves nothing, and there is
// nothing to gain.
func (g *Guard) beginAnew(now time.Time, zone *time.Location) {
	if g.beat.Posted || g.licence != nil {
		return
	}
	g.options.Log.Warn("trial begins anew: the clock was wrong, and nothing was posted", "from", g.beat.Trial, "known", g.beat.At)
	g.restartTime(now, zone)
	g.beat.Trial = now.UTC().Truncate(time.Millisecond)
	g.beat.Begun++
}

// remembered merges the copies of the heartbeat that this machine wrote.
func (g *Guard) remembered() (all Beat) {
	first := true
	for _, p := range g.options.Places {
		file, err := p.Read()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var b Beat
		if err == nil {
			b, err = openBeat(file, g.secret)
		}
		switch {
		case err != nil:
			g.options.Log.Warn("heartbeat unreadable", "place", p.Name(), "err", err)
		case !b.Hardware.Matches(g.options.Hardware):
			g.options.Log.Warn("heartbeat of another machine", "place", p.Name(), "hardware", b.Hardware.String())
		case first:
			all, first = b, false
		default:
			all = all.merge(b)
		}
	}
	return all
}

// observe judges the clock and learns the time from it if it may be true.
func (g *Guard) observe(now time.Time, zone *time.Location) {
	move := Judge(now, g.beat.At)
	if g.early(now) {
		move = Back
	}
	switch move {
	case Back:
		if !g.back {
			g.options.Log.Error("clock went back", "now", now.UTC(), "known", g.beat.At)
		}
		g.back, g.ahead = true, false
	case Ahead:
		if !g.ahead {
			g.options.Log.Error("clock far ahead", "now", now.UTC(), "known", g.beat.At)
		}
		g.ahead = true
	default:
		g.ahead = false
		if !g.back {
			g.beat.At = later(g.beat.At, now.UTC())
			g.beat.Day = max(g.beat.Day, core.DateOf(now, zone))
		}
	}
}

// Certain reports whether the clock can be trusted now. Work that deletes by age
// (old answers, old backups) must not run while it cannot.
func (g *Guard) Certain(now time.Time, zone *time.Location) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.observe(now, zone)
	return !g.back && !g.ahead
}

// Pulse writes the heartbeat, unless the clock is in doubt, and takes up a license
// file that was put into the folder. newest is the newest ledger row. changed reports
// that the file is another one.
func (g *Guard) Pulse(now time.Time, zone *time.Location, newest core.Seq) (changed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.beat.Posted = g.beat.Posted || newest > 0
	changed = g.read()
	g.observe(now, zone)
	g.write()
	return changed
}

// write stores the heartbeat while the clock is certain.
func (g *Guard) write() {
	if !g.back && !g.ahead {
		g.store()
	}
}

// store puts the heartbeat into all places. One that cannot be written is logged: the
// others and the ledger still know the time.
func (g *Guard) store() {
	g.beat.Count++
	g.beat.Hardware = g.options.Hardware
	file, err := g.beat.seal(g.secret, g.options.Random)
	if err != nil {
		g.options.Log.Error("heartbeat", "err", err)
		return
	}
	for _, p := range g.options.Places {
		if err := p.Write(file); err != nil {
			g.options.Log.Warn("heartbeat not written", "place", p.Name(), "err", err)
		}
	}
}

// read takes up the license file as it is now. Only a file that is gone ends the license
// in use. One that cannot be read may be held by another program, and one that is not
// genuine may be half copied: then the last genuine one goes on until the program ends.
func (g *Guard) read() (changed bool) {
	licence, problem := g.licence, g.problem
	g.consider(g.options.File.Read())
	return g.licence != licence || g.problem != problem
}

func (g *Guard) consider(file []byte, err error) {
	g.unread = false
	switch {
	case errors.Is(err, fs.ErrNotExist):
		g.content, g.licence, g.problem = "", nil, ""
	case err != nil:
		g.options.Log.Warn("license file", "err", err)
		g.content, g.unread = "", true
		g.refuse("The license file cannot be read. Check that this user may read " + g.options.File.Name() + ".")
	case string(file) != g.content || g.content == "":
		g.content = string(file)
		l, err := g.open(file)
		if err != nil {
			g.options.Log.Warn("license file not used", "why", err)
			g.refuse(err.Error())
			return
		}
		g.licence, g.problem = &l, ""
		g.options.Log.Info("license", "serial", l.Serial, "customer", l.Customer, "expires", l.Expires.ISO(), "hardware", l.Hardware.String(), "here", g.options.Hardware.String())
	}
}

// refuse says why the file is not used, and what holds instead.
func (g *Guard) refuse(why string) {
	if g.problem = why; g.licence != nil {
		g.problem += " Until the server is started again, the license from before holds."
	}
}

// Unread reports that the license file could not be read at the last look.
func (g *Guard) Unread() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.unread
}

func (g *Guard) open(file []byte) (License, error) {
	v, err := Open(file, g.options.Key)
	if err != nil {
		return License{}, err
	}
	l, ok := v.(License)
	if !ok {
		return l, fault("This file is a clock reset, not a license. Load it in System > License.")
	}
	return l, nil
}

// used reports whether a reset has had its effect.
func (g *Guard) used(serial string) bool {
	return slices.ContainsFunc(g.beat.Resets, func(r UsedReset) bool { return r.Serial == serial })
}
