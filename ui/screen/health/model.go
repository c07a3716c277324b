// Package health shows an Admin how the server is: what needs care, what was checked
// last, who is connected, and its log.
package health

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"masala/core/health"
	"masala/core/system"
	"masala/ui/screen"
)

// Every is how often the page reads again while it is open.
const Every = 5 * time.Second

// Model is the page without its looks.
type Model struct {
	env    *screen.Env
	Health system.Health
	Loaded bool
	Fault  string
	Read   time.Time // clock of this PC
	asking bool

	File     string // of the log
	Least    system.Level
	Lines    []system.LogLine // newest first
	next     int64            // where the older ones are; 0 = none
	older    bool             // pages of older lines were added: the log stands still
	paging   bool
	LogFault string
}

// NewModel makes the page's model; Reload reads it.
func NewModel(env *screen.Env) *Model { return &Model{env: env} }

// Reload reads the page, and the newest lines of the log unless older ones are read.
func (m *Model) Reload() {
	if m.asking {
		return
	}
	m.asking = true
	m.env.Shell.Go(func(ctx context.Context) func() {
		h, err := system.GetHealth.Call(ctx, m.env.Caller, "", system.GetHealthReq{})
		return func() {
			m.asking, m.Read = false, m.env.Clock.Now()
			if m.Fault = screen.Sentence(err); err != nil {
				return
			}
			m.Health, m.Loaded = h, true
			if m.File == "" && len(h.Logs) > 0 {
				m.File = h.Logs[0].Name
			}
			if !m.older {
				m.page(0)
			}
		}
	})
}

// Due reports that what is shown is old.
func (m *Model) Due(now time.Time) bool { return m.Loaded && !m.asking && now.Sub(m.Read) >= Every }

// page reads lines before a place of the log, 0 for the newest.
func (m *Model) page(before int64) {
	if m.paging || m.File == "" {
		return
	}
	m.paging = true
	q := system.ReadLogReq{File: m.File, Before: before, Least: m.Least}
	m.env.Shell.Go(func(ctx context.Context) func() {
		r, err := system.ReadLog.Call(ctx, m.env.Caller, "", q)
		return func() {
			m.paging = false
			if q.File != m.File || q.Least != m.Least { // something else was chosen meanwhile
				m.page(0)
				return
			}
			if m.LogFault = screen.Sentence(err); err != nil {
				return
			}
			if before == 0 {
				m.Lines = nil
			}
			m.Lines, m.next = append(m.Lines, r.Lines...), r.Next
		}
	})
}

// MayOlder reports that there are older lines.
func (m *Model) MayOlder() bool { return m.next > 0 && !m.paging }

// Older adds a page of older lines.
func (m *Model) Older() {
	if m.MayOlder() {
		m.older = true
		m.page(m.next)
	}
}

// Choose shows another log.
func (m *Model) Choose(file string) { m.File = file; m.fresh() }

// Only shows lines as grave as least, "" for all.
func (m *Model) Only(least system.Level) { m.Least = least; m.fresh() }

func (m *Model) fresh() {
	m.Lines, m.next, m.older = nil, 0, false
	m.page(0)
}

// Newest goes back to the newest lines.
func (m *Model) Newest() { m.fresh() }

// CheckBooks begins a check of the books.
func (m *Model) CheckBooks() {
	m.env.Shell.Go(func(ctx context.Context) func() {
		_, err := system.CheckBooks.Call(ctx, m.env.Caller, "", system.CheckBooksReq{})
		return func() {
			if err != nil {
				m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
				return
			}
			m.env.Shell.Toast(screen.Toast{Text: "The books are being checked. Work can go on."})
			m.Reload()
		}
	})
}

// Checking reports that the books are being checked.
func (m *Model) Checking() bool {
	for _, c := range m.Health.Checks {
		if c.Code == "books" {
			return c.Busy
		}
	}
	return false
}

// Figure is one of the numbers at the top.
type Figure struct{ Label, Value, Note string }

// Figures are the numbers at the top.
func (m *Model) Figures() []Figure {
	h := &m.Health
	paired := "no PC is paired"
	if h.Server.Paired > 0 {
		paired = fmt.Sprintf("of %d that may connect", h.Server.Paired)
	}
	disk := "size not known"
	if h.Disk > 0 {
		disk = "of " + Bytes(h.Disk)
	}
	return []Figure{
		{"Running for", Lasting(h.Now.Sub(h.Server.StartedAt)), "since " + h.Server.StartedAt.In(m.env.Zone).Format("02-Jan-2006, 15:04")},
		{"Database", Bytes(h.Server.Database), Bytes(h.WAL) + " of it in the write-ahead log"},
		{"Free disk", Bytes(h.Server.FreeDisk), disk},
		{"PCs connected", fmt.Sprint(len(h.Server.Connected)), paired},
	}
}

// Verdict is the page in a sentence, with the worst severity.
func (m *Model) Verdict() (string, health.Severity) {
	n, worst := len(m.Health.Warnings), health.Info
	for _, w := range m.Health.Warnings {
		worst = max(worst, w.Severity)
	}
	for _, c := range m.Health.Checks {
		if !c.OK {
			worst = max(worst, health.Warn)
		}
	}
	switch {
	case n == 1:
		return "1 thing needs care", worst
	case n > 1:
		return fmt.Sprintf("%d things need care", n), worst
	case worst > health.Info:
		return "A check needs care", worst
	}
	return "The server is well", worst
}

// Checks lists the last checks, those that need care first.
func (m *Model) Checks() []health.Check {
	list := slices.Clone(m.Health.Checks)
	slices.SortStableFunc(list, func(a, b health.Check) int {
		switch {
		case a.OK == b.OK:
			return 0
		case b.OK:
			return -1
		}
		return 1
	})
	return list
}

// Clients lists who is connected, each PC once, the server's own window last.
func (m *Model) Clients() []system.Connected {
	var list, own []system.Connected
	seen := map[string]bool{}
	for _, c := range m.Health.Clients {
		switch {
		case c.Local:
			own = append(own, c)
		case !seen[c.Name+c.Address]:
			seen[c.Name+c.Address] = true
			list = append(list, c)
		}
	}
	if len(own) > 0 {
		list = append(list, own[0])
	}
	return list
}

// Bytes writes a size: "46.2 MB".
func Bytes(n int64) string {
	if n < 0 {
		return "not known"
	}
	units := []string{"bytes", "KB", "MB", "GB", "TB"}
	v, i := float64(n), 0
	for ; v >= 1024 && i < len(units)-1; i++ {
		v /= 1024
	}
	if i == 0 || v >= 100 {
		return fmt.Sprintf("%.0f %s", v, units[i])
	}
	return fmt.Sprintf("%.1f %s", v, units[i])
}

// Lasting writes a time that has passed: "3 days 18 h", "4 h 12 min".
func Lasting(d time.Duration) string {
	count := func(n time.Duration, unit string) string { return fmt.Sprintf("%d %s", int(n), unit) }
	days, hours, minutes := d/(24*time.Hour), d/time.Hour%24, d/time.Minute%60
	switch {
	case days == 1:
		return "1 day " + count(hours, "h")
	case days > 1:
		return count(days, "days ") + count(hours, "h")
	case hours > 0 && minutes == 0:
		return count(hours, "h")
	case hours > 0:
		return count(hours, "h ") + count(minutes, "min")
	case minutes > 0:
		return count(minutes, "min")
	}
	return count(d/time.Second, "s")
}

// title is a log as users call it: "service.log" is "Service".
func title(file string) string {
	name := strings.TrimSuffix(file, ".log")
	base, when, dated := strings.Cut(name, "-")
	if base == "" {
		return file
	}
	base = strings.ToUpper(base[:1]) + base[1:]
	if dated {
		return base + " " + when
	}
	return base
}
