package node

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/core/op"
)

// recollection is what a client PC knows of how far the books of its server had come. If the
// server comes back with older ones, because a backup was restored or its disk was
// exchanged, this PC stops and says so until an Admin has confirmed them on the server
// (RESILIENCE.md 4.2).
//
// While it has stopped, what was seen stays as it is, on disk too. So it stops until the
// books are proved to hold that row, however far another history of theirs has come, or
// until their newer lineage is confirmed.
type recollection struct {
	save func(op.Mark) error
	log  *slog.Logger

	mu    sync.Mutex
	seen  op.Mark
	saved op.Mark
	stop  bool
}

// memoryEvery is how often what was seen is written down: how much a PC that is
// switched off the hard way may forget.
const memoryEvery = 10 * time.Second

func newRecollection(seen op.Mark, save func(op.Mark) error, log *slog.Logger) *recollection {
	return &recollection{save: save, log: log, seen: seen, saved: seen}
}

const rewoundSentence = "The server's books are older than what this PC has seen of them. Nothing can be posted from here until an Admin has confirmed them on the server PC."

// judge holds a state of the server against what was seen, learns from it, and returns
// the warning that stands.
func (m *recollection) judge(s op.State) []health.Warning {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := s.Mark
	if now.Books == "" { // recovery mode: nothing is known
		return m.warnings()
	}
	was := m.stop
	switch {
	case now.Books != m.seen.Books: // another server, or the first time
		m.stop = false
	case now.Lineage == m.seen.Lineage:
		m.stop = s.Astray || now.Seq < m.seen.Seq || now.Seq == m.seen.Seq && op.Differs(now.Proof, m.seen.Proof)
	default:
		m.stop = now.Waits || now.Begun.Before(m.seen.Begun) // the books of before a restore that was confirmed
	}
	if m.stop {
		if !was {
			m.write()
			m.log.Error("the books of the server went back", "ledger_row", int64(now.Seq), "seen", int64(m.seen.Seq), "lineage", now.Lineage)
		}
		return m.warnings()
	}
	m.seen = now
	if now.Lineage != m.saved.Lineage {
		m.write()
	}
	return nil
}

func (m *recollection) warnings() []health.Warning {
	if !m.stop {
		return nil
	}
	return []health.Warning{{Code: "books.rewound", Severity: health.Fatal, Text: rewoundSentence, Blocks: errRewound}}
}

var errRewound = core.Errorf(core.CodeLocked, rewoundSentence)

// mark is the newest that was seen and believed.
func (m *recollection) mark() op.Mark { m.mu.Lock(); defer m.mu.Unlock(); return m.seen }

// refuses reports why an operation is not sent.
func (m *recollection) refuses(operation string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if meta, ok := op.Lookup(operation); ok && m.stop && meta.Kind == op.Business {
		return errRewound
	}
	return nil
}

// run writes down what was seen until ctx ends.
func (m *recollection) run(ctx context.Context) {
	tick := time.NewTicker(memoryEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			m.mu.Lock()
			m.write()
			m.mu.Unlock()
		case <-ctx.Done():
			return
		}
	}
}

func (m *recollection) write() {
	if m.seen == m.saved {
		return
	}
	if err := m.save(m.seen); err != nil {
		m.log.Warn("what was seen of the books is not kept", "err", err)
		return
	}
	m.saved = m.seen
}
