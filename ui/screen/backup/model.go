// Package backup is where an Admin sees that the data is safe: the restore points, the
// backup now and on a USB drive, where and when the next one goes, and the way back to
// an earlier day.
package backup

import (
	"context"
	"slices"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/stock"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/resume"
)

// How often the page reads again while it is open.
const (
	working = time.Second // while work runs
	idle    = 30 * time.Second
)

// Model is the page without its looks.
type Model struct {
	env    *screen.Env
	Status backup.StatusResp
	Loaded bool
	Fault  string    // why it could not be read
	Read   time.Time // clock of this PC
	asking bool
	other  string // a folder whose points are listed too, "" for none
	chosen string // path of the selected point; "" = the offered one

	Place    *form.Form // schedule and place
	Folder   *form.Field
	Times    *form.Field
	Saving   bool
	Conflict *conflict.Conflict
	Offer    *resume.Here
	stamp    core.Stamp
	kept     *form.Kept
	want     string // key of the draft the user came for
}

// NewModel makes the page's model; Reload reads it.
func NewModel(env *screen.Env) *Model {
	m := &Model{env: env}
	m.makePlace()
	m.kept = env.Desk.Keep(m.Place)
	m.Offer = resume.NewHere(env, m.mine)
	return m
}

// Reload reads the page; what is typed stays.
func (m *Model) Reload() {
	if m.asking {
		return
	}
	m.asking = true
	q := backup.StatusReq{Folder: m.other}
	m.env.Shell.Go(func(ctx context.Context) func() {
		s, err := backup.GetStatus.Call(ctx, m.env.Caller, "", q)
		return func() {
			m.asking, m.Read = false, m.env.Clock.Now()
			if m.Fault = screen.Sentence(err); err == nil {
				m.take(s)
			}
		}
	})
}

func (m *Model) take(s backup.StatusResp) {
	m.Status = s
	if !m.Loaded || !m.Place.Dirty() {
		m.adopt(s.Settings)
	}
	if !m.Loaded {
		m.Loaded = true
		m.Find(m.want)
	}
}

// Due reports that what is shown is old.
func (m *Model) Due(now time.Time) bool { return m.Loaded && !m.asking && now.Sub(m.Read) >= m.Pause() }

// Pause is how long what was read is fresh.
func (m *Model) Pause() time.Duration {
	if m.Status.Running != nil {
		return working
	}
	return idle
}

// Now is the server's clock.
func (m *Model) Now() time.Time { return m.Status.Now.Add(m.env.Clock.Now().Sub(m.Read)) }

// AtServer reports that this window is the server's own: only there the books are
// restored.
func (m *Model) AtServer() bool { return m.env.PC != nil && m.env.PC.Role() != screen.RoleClient }

// Mood is how the backups stand.
type Mood int

// The moods.
const (
	Safe Mood = iota
	Busy
	Never
	Late
	Failed
)

// Headline says how the backups stand.
func (m *Model) Headline() (mood Mood, title, text string) {
	s, zone := m.Status, m.env.Zone
	last := "There is no good backup yet."
	if s.Last != nil {
		last = backup.Headline(m.Now(), *s.Last) + ", " + day(*s.Last, m.Now(), zone) + ", opened and checked."
	}
	next := "Next one " + day(s.Next, m.Now(), zone) + "."
	switch {
	case s.Running != nil:
		return Busy, Task(*s.Running), s.Running.Step
	case m.failed():
		return Failed, "The last backup failed", s.Result.Says
	case s.Problem != "":
		return Failed, "Backups cannot be written", s.Problem
	case s.Late && s.Last != nil:
		return Late, backup.SayLate, "The last one was made " + day(*s.Last, m.Now(), zone) + ", opened and checked. " + next
	case s.Late:
		return Late, backup.SayLate, last + " " + next
	case s.Last == nil:
		return Never, "No backup yet", "Press Back up now. " + next
	}
	return Safe, "Your data is backed up", last + " " + next
}

// failed reports that the newest backup did not succeed and none has since.
func (m *Model) failed() bool {
	r := m.Status.Result
	return r != nil && r.Task == backup.TaskBackup && !r.OK && (m.Status.Last == nil || m.Status.Last.Before(r.At))
}

// Points are the restore points, newest first.
func (m *Model) Points() []backup.Point { return m.Status.Points }

// Chosen is the index of the selected point, -1 while there is none.
func (m *Model) Chosen() int {
	if i := slices.IndexFunc(m.Status.Points, func(p backup.Point) bool { return p.Path == m.chosen }); i >= 0 {
		return i
	}
	if i := slices.IndexFunc(m.Status.Points, func(p backup.Point) bool { return p.Offered }); i >= 0 {
		return i
	}
	return min(0, len(m.Status.Points)-1)
}

// Choose selects a point.
func (m *Model) Choose(i int) {
	if i >= 0 && i < len(m.Status.Points) {
		m.chosen = m.Status.Points[i].Path
	}
}

// Point is the selected one.
func (m *Model) Point() (backup.Point, bool) {
	if i := m.Chosen(); i >= 0 {
		return m.Status.Points[i], true
	}
	return backup.Point{}, false
}

// Bar is one place of the strip: a day, or a week.
type Bar struct {
	Label string
	Point int // index, -1 for none
	Today bool
}

// Strip is the rolling retention: the weekly points, oldest first, and the newest point
// of each of the last seven days.
func (m *Model) Strip() (weeks, days []Bar) {
	zone := m.env.Zone
	today := core.DateOf(m.Now(), zone)
	for i, p := range slices.Backward(m.Status.Points) {
		if p.Kind == backup.Weekly {
			weeks = append(weeks, Bar{Label: p.TakenAt.In(zone).Format("02-Jan"), Point: i})
		}
	}
	weeks = weeks[max(len(weeks)-4, 0):]
	for len(weeks) < 4 {
		weeks = slices.Insert(weeks, 0, Bar{Label: "–", Point: -1})
	}
	for d := today.AddDays(-6); d <= today; d++ {
		b := Bar{Label: d.Time().Format("Mon"), Point: -1, Today: d == today}
		if b.Today {
			b.Label = "Today"
		}
		b.Point = slices.IndexFunc(m.Status.Points, func(p backup.Point) bool {
			return p.Kind != backup.Weekly && core.DateOf(p.TakenAt, zone) == d
		})
		days = append(days, b)
	}
	return weeks, days
}

// say tells of an error.
func (m *Model) say(err error) {
	m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
}

// BackUp begins a backup into the folder.
func (m *Model) BackUp() {
	if m.Status.Running != nil {
		return
	}
	m.env.Shell.Go(func(ctx context.Context) func() {
		r, err := backup.Start.Call(ctx, m.env.Caller, "", backup.StartReq{})
		return func() {
			if err != nil {
				m.say(err)
				return
			}
			m.runs(r.Running)
		}
	})
}

// runs shows work that has begun and follows it.
func (m *Model) runs(p backup.Progress) {
	m.Status.Running = &p
	m.Reload()
}

// Check opens the selected point again.
func (m *Model) Check() {
	p, ok := m.Point()
	if !ok || m.Status.Running != nil {
		return
	}
	m.env.Shell.Go(func(ctx context.Context) func() {
		r, err := backup.Check.Call(ctx, m.env.Caller, "", backup.CheckReq{Path: p.Path})
		return func() {
			if err != nil {
				m.say(err)
				return
			}
			m.runs(r.Running)
		}
	})
}

// AskConfirm asks before work goes on with books that are older than what has been seen
// of them. The server may not know it where other PCs do: then they have said so.
func (m *Model) AskConfirm() {
	m.env.Shell.Ask(screen.Question{Title: "Go on with these books?",
		Text:    "They are older than what has been seen of them: what was posted after the backup is not in them. Enter it again from the papers. Printed numbers are never used twice.",
		Answers: []screen.Answer{{Label: "Not yet"}, {Label: "Go on", Danger: true, Do: m.confirm}}})
}

func (m *Model) confirm() {
	key := m.env.NewKey()
	m.env.Shell.Go(func(ctx context.Context) func() {
		_, err := backup.ConfirmRestore.Call(ctx, m.env.Caller, key, backup.ConfirmRestoreReq{})
		return func() {
			if err != nil {
				m.say(err)
				return
			}
			m.env.Shell.Toast(screen.Toast{Text: "Confirmed. Work goes on."})
			m.Reload()
		}
	})
}

// ShowSince reads the documents that p does not have and hands them over.
func (m *Model) ShowSince(p backup.Point, show func([]stock.DocumentRow)) {
	m.env.Shell.Go(func(ctx context.Context) func() {
		r, err := stock.ListDocuments.Call(ctx, m.env.Caller, "", stock.ListDocumentsReq{Limit: core.PageSize(p.Since)})
		return func() {
			if err != nil {
				m.say(err)
				return
			}
			show(r.Documents)
		}
	})
}
