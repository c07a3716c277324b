// Package refusal notes who was turned away: each source once, then in numbers. A PC
// that knocks a thousand times a minute must not fill the log, nor hide in it.
package refusal

import (
	"log/slog"
	"sync"
	"time"
)

const (
	// Quiet is how long a source is not written about again.
	Quiet = 10 * time.Minute
	// MaxSources bounds what is remembered; a LAN has fewer.
	MaxSources = 512
)

// Book writes refusals to a log. It is safe for concurrent use.
type Book struct {
	log *slog.Logger

	mu      sync.Mutex
	sources map[source]*tally
	crowd   tally // of all sources beyond MaxSources
}

type source struct{ from, why string }

type tally struct {
	told    time.Time
	skipped int
}

// New returns an empty book.
func New(log *slog.Logger) *Book { return &Book{log: log, sources: map[source]*tally{}} }

// Note writes that from was refused for why, with more facts, unless it has been
// written within Quiet. The next line then says how many were left out.
func (b *Book) Note(now time.Time, from, why string, facts ...any) {
	b.mu.Lock()
	t := b.tally(source{from, why}, now)
	skip := !t.told.IsZero() && now.Sub(t.told) < Quiet && !now.Before(t.told)
	more := t.skipped
	if skip {
		t.skipped++
	} else {
		t.told, t.skipped = now, 0
	}
	crowd := t == &b.crowd
	b.mu.Unlock()
	if skip {
		return
	}
	if crowd {
		from = "more sources than are remembered"
	}
	args := append([]any{"from", from, "why", why}, facts...)
	if more > 0 {
		args = append(args, "not_written_before", more)
	}
	b.log.Warn("turned away", args...)
}

// tally finds the source, or room for it: what was told long ago makes way.
func (b *Book) tally(s source, now time.Time) *tally {
	if t := b.sources[s]; t != nil {
		return t
	}
	if len(b.sources) >= MaxSources {
		for k, t := range b.sources {
			if now.Sub(t.told) >= Quiet {
				delete(b.sources, k)
			}
		}
	}
	if len(b.sources) >= MaxSources {
		return &b.crowd
	}
	t := &tally{}
	b.sources[s] = t
	return t
}
