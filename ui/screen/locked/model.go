// Package locked is what every PC shows while the licence has locked the program: what
// happened, in the words of the resilience audit, and the way out.
package locked

import (
	"cmp"
	"context"
	"strings"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/core/licence"
	"masala/core/op"
	"masala/core/system"
	"masala/ui/screen"
)

// Model is the locked screen without its looks.
type Model struct {
	Status  licence.StatusResp
	Loaded  bool
	Busy    bool   // the restart is under way
	Fault   string // why it did not happen
	caller  op.Caller
	run     func(func(context.Context) func())
	asked   bool
	boot    string
	counter uint64
}

// NewModel makes the model; it reads the status by caller, which need not be logged in.
func NewModel(caller op.Caller, run func(func(context.Context) func())) *Model {
	return &Model{caller: caller, run: run}
}

// Follow reads the status whenever the server's state has moved.
func (m *Model) Follow(s op.State) {
	n := s.Revisions[system.TopicServer] + s.Revisions[licence.TopicLicence]
	if m.asked && m.boot == s.Boot && m.counter == n {
		return
	}
	if m.boot != s.Boot {
		m.Busy = false
	}
	m.asked, m.boot, m.counter = true, s.Boot, n
	m.Again()
}

// Again reads the status.
func (m *Model) Again() {
	m.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, licence.Status.Deadline)
		defer cancel()
		s, err := licence.Status.Call(ctx, m.caller, "", licence.StatusReq{})
		return func() {
			if err == nil {
				m.Status, m.Loaded = s, true
			}
		}
	})
}

// Restart starts the service anew. Its answer is mostly lost with it; the new state
// that comes afterwards is the answer.
func (m *Model) Restart() {
	if m.Busy {
		return
	}
	m.Busy, m.Fault = true, ""
	m.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, licence.Restart.Deadline)
		defer cancel()
		_, err := licence.Restart.Call(ctx, m.caller, "", licence.RestartReq{})
		return func() {
			if core.CodeOf(err) != core.CodeInternal && err != nil {
				m.Busy, m.Fault = false, screen.Sentence(err)
			}
		}
	})
}

// Sentence is what happened, in full.
func (m *Model) Sentence(s op.State) string {
	if m.Loaded && m.Status.Sentence != "" {
		return m.Status.Sentence
	}
	for _, w := range s.Warnings {
		if w.Severity == health.Fatal && strings.HasPrefix(w.Code, "licence.") {
			return w.Text
		}
	}
	return "The license does not allow to go on. Contact support."
}

// Words are the sentence in two parts: a title, and what to do. The Hardware ID has a
// place of its own and is left out.
func (m *Model) Words(s op.State) (title, text string) {
	title, text, _ = strings.Cut(m.Sentence(s), ". ")
	if s.Reason == string(licence.Hardware) {
		text, _, _ = strings.Cut(text, " [")
	}
	return strings.TrimSuffix(title, ".") + ".", text
}

// Moments are the two times of a clock that went back, in the factory's zone.
func (m *Model) Moments(state op.State) (now, known time.Time) {
	zone, err := time.LoadLocation(cmp.Or(state.Zone, system.Defaults().TimeZone))
	if err != nil {
		zone = time.UTC
	}
	return m.Status.ClockNow.In(zone), m.Status.ClockKnown.In(zone)
}
