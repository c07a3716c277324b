package refusal_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"masala/core/refusal"
)

func newBook() (*refusal.Book, func() []string) {
	var out bytes.Buffer
	b := refusal.New(slog.New(slog.NewTextHandler(&out, nil)))
	return b, func() []string {
		defer out.Reset()
		return strings.Split(strings.TrimSpace(out.String()), "\n")
	}
}

func TestOncePerSourceThenInNumbers(t *testing.T) {
	b, lines := newBook()
	now := time.Date(2026, 2, 12, 4, 30, 0, 0, time.UTC)
	for i := range 1000 {
		b.Note(now.Add(time.Duration(i)*time.Millisecond), "192.168.1.66", "not_paired")
	}
	b.Note(now, "192.168.1.66", "wrong_code")
	b.Note(now, "192.168.1.67", "not_paired", "name", "PC-9")
	got := lines()
	if len(got) != 3 || !strings.Contains(got[0], "from=192.168.1.66 why=not_paired") || !strings.Contains(got[2], "name=PC-9") {
		t.Fatalf("%d lines: %q", len(got), got)
	}
	b.Note(now.Add(refusal.Quiet), "192.168.1.66", "not_paired")
	if got := lines(); len(got) != 1 || !strings.Contains(got[0], "not_written_before=999") {
		t.Errorf("afterwards: %q", got)
	}
	// A clock that is set back silences nobody.
	b.Note(now.Add(-time.Hour), "192.168.1.66", "not_paired")
	if got := lines(); len(got) != 1 || got[0] == "" {
		t.Errorf("with the clock set back: %q", got)
	}
}

// TestInventedSourcesFillNothing: neither the log nor the memory.
func TestInventedSourcesFillNothing(t *testing.T) {
	b, lines := newBook()
	now := time.Date(2026, 2, 12, 4, 30, 0, 0, time.UTC)
	for i := range 10 * refusal.MaxSources {
		b.Note(now, fmt.Sprint("source ", i), "silent")
	}
	if got := lines(); len(got) != refusal.MaxSources+1 || !strings.Contains(got[len(got)-1], "more sources than are remembered") {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
	b.Note(now.Add(refusal.Quiet), "source new", "silent") // the old ones make way
	if got := lines(); len(got) != 1 || !strings.Contains(got[0], "source new") {
		t.Errorf("later: %q", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	b, lines := newBook()
	now := time.Date(2026, 2, 12, 4, 30, 0, 0, time.UTC)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				b.Note(now, "a", "b")
			}
		})
	}
	all.Wait()
	if got := lines(); len(got) != 1 {
		t.Errorf("%d lines", len(got))
	}
}
