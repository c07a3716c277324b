package health_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gioui.org/io/key"

	"masala/core"
	corehealth "masala/core/health"
	"masala/core/system"
	"masala/ui/screen"
	"masala/ui/screen/health"
	"masala/ui/screen/screentest"
)

var now = time.Date(2026, 2, 12, 9, 2, 5, 0, time.UTC)

func newServer() (*screentest.Server, *system.Health) {
	s := screentest.NewServer()
	h := &system.Health{Server: system.ServerStatusResp{Name: "MASALA-SRV", Version: "1.0.0", StartedAt: now.Add(-26 * time.Hour), FreeDisk: 3 << 30, Database: 5 << 20},
		Now: now, Disk: 100 << 30, Warnings: []system.Warning{}, Checks: []corehealth.Check{{Code: "disk", Name: "Free disk space", At: now, OK: true, Says: "3072 MB free"}},
		Clients: []system.Connected{{Name: "PC-MILL", Address: "192.168.1.22", Since: now}, {Name: "PC-MILL", Address: "192.168.1.22", Since: now}, {Name: "MASALA-SRV", Local: true, Since: now}},
		Logs:    []system.LogFile{{Name: "service.log", Size: 9000}, {Name: "window.log", Size: 100}}}
	screentest.Answer(s, system.GetHealth, func(system.GetHealthReq) (system.Health, error) { return *h, nil })
	screentest.Answer(s, system.ReadLog, func(q system.ReadLogReq) (r system.ReadLogResp, err error) {
		from := int64(120)
		if q.Before > 0 {
			from = q.Before
		}
		for n := from; n > from-50 && n > 0; n-- {
			if q.Least == "" {
				r.Lines = append(r.Lines, system.LogLine{At: now, Level: system.LevelInfo, Text: fmt.Sprintf("%s line %d", q.File, n)})
			}
		}
		if r.Next = from - 50; r.Next < 0 {
			r.Next = 0
		}
		return r, nil
	})
	return s, h
}

func open(t *testing.T, s *screentest.Server) *screentest.Window {
	t.Helper()
	return screentest.Open(t, screentest.Options{Server: s}, func(env *screen.Env) screen.Screen { return health.New(env) })
}

func TestHealthIsToldAndKeptUpToDate(t *testing.T) {
	s, h := newServer()
	w := open(t, s)
	for _, want := range []string{"The server is well", "Nothing needs care", "1 day 2 h", "5.0 MB", "3.0 GB", "of 100 GB", "no PC is paired", "PC-MILL", "the server's own window"} {
		if !w.Sees(want) {
			t.Errorf("%q is not said:\n%s", want, w.Dump())
		}
	}
	if n := strings.Count(w.Dump(), "192.168.1.22"); n != 1 {
		t.Errorf("a PC with two sessions stands there %d times", n)
	}
	h.Warnings = []system.Warning{{Code: "disk.low", Severity: corehealth.Error, Text: "⚠️ Low disk space — 40 MB remaining. Data operations may fail.", Stops: true}}
	h.Checks[0].OK = false
	w.Advance(health.Every + time.Second)
	w.Settle()
	for _, want := range []string{"1 thing needs care", "Low disk space — 40 MB remaining. Data operations may fail.", "Nothing can be posted while this stands."} {
		if !w.Sees(want) {
			t.Errorf("after %s %q is not said:\n%s", health.Every, want, w.Dump())
		}
	}
}

func TestLogPagesFiltersAndFiles(t *testing.T) {
	s, _ := newServer()
	w := open(t, s)
	if !w.Sees("12-Feb 14:32:05 INFO service.log line 120") || !w.Sees("50 lines") {
		t.Fatalf("no log:\n%s", w.Dump())
	}
	w.Click("Older lines")
	w.Click("Older lines")
	if !w.Sees("120 lines") {
		t.Errorf("older lines were not added:\n%s", w.Dump())
	}
	reads := len(s.Keys(system.ReadLog.Name))
	w.Advance(2 * health.Every)
	w.Settle()
	if n := len(s.Keys(system.ReadLog.Name)); n != reads {
		t.Error("the log moves while older lines are read")
	}
	w.Click("Warnings")
	if !w.Sees("No line of the log is so grave") {
		t.Errorf("after the filter:\n%s", w.Dump())
	}
	w.Click("All")
	w.Fill("Which log", "window")
	w.Press(key.NameReturn)
	if !w.Sees("12-Feb 14:32:05 INFO window.log line 120") {
		t.Errorf("the other log:\n%s", w.Dump())
	}
}

func TestCheckTheBooks(t *testing.T) {
	s, h := newServer()
	running := false
	screentest.Answer(s, system.CheckBooks, func(system.CheckBooksReq) (system.CheckBooksResp, error) {
		if running {
			return system.CheckBooksResp{}, core.Errorf(core.CodeConflict, "The books are being checked already.")
		}
		running = true
		h.Checks = append(h.Checks, corehealth.Check{Code: "books", Name: "Books, replayed", At: now, OK: true, Busy: true, Says: "Replaying the ledger"})
		return system.CheckBooksResp{}, nil
	})
	w := open(t, s)
	w.Press("B", key.ModCtrl, key.ModShift)
	if !running || !w.Sees("Replaying the ledger") {
		t.Errorf("not begun:\n%s", w.Dump())
	}
	h.Checks[1].Busy, h.Checks[1].Says = false, "The books are right, ledger row 15"
	w.Advance(health.Every + time.Second)
	w.Settle()
	if !w.Sees("The books are right, ledger row 15") {
		t.Errorf("not told:\n%s", w.Dump())
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int64]string{-1: "not known", 0: "0 bytes", 900: "900 bytes", 1 << 20: "1.0 MB", 412 << 20: "412 MB", 70 << 30: "70.0 GB", 3 << 40: "3.0 TB"} {
		if got := health.Bytes(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "0 s", 59 * time.Second: "59 s", 61 * time.Minute: "1 h 1 min", 6 * time.Hour: "6 h", 25 * time.Hour: "1 day 1 h", 90 * time.Hour: "3 days 18 h"} {
		if got := health.Lasting(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
