//go:build faultpoints

package node

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"masala/core"
	"masala/core/app"
	"masala/platform/paths"
	"masala/platform/supervise"
	"masala/storage"
)

// Fault points exist in builds with -tags faultpoints only: the file "fault" in the
// data folder names what goes wrong, and is removed when it begins.
//
//	deadlock            the writer waits for a lock that nobody gives free
//	busy                the writer computes for ever
//	holding             the writer waits for ever with changes that are not committed
//	waiting             the writer waits until the file "release" is there, which it removes
//	restoring 4s        the writer is held so long, and the pulse tells of it
//	migrating 4s        opening the books takes so long, and the pulse tells of it
//
// The file "clock" there holds the time of the service, written like
// 2026-02-02T10:00:00+05:30; without it the service goes by the clock of the PC.

const faultFile = "fault"

func readFault(o ServiceOptions) (what string, lasts time.Duration) {
	b, err := os.ReadFile(filepath.Join(string(o.Folder), faultFile))
	if err != nil {
		return "", 0
	}
	what = strings.TrimSpace(string(b))
	if i := strings.LastIndexByte(what, ' '); i >= 0 {
		if lasts, err = time.ParseDuration(what[i+1:]); err == nil {
			what = what[:i]
		}
	}
	return what, lasts
}

func endFault(o ServiceOptions) {
	if err := os.Remove(filepath.Join(string(o.Folder), faultFile)); err != nil {
		panic(err)
	}
}

func faultOpening(o ServiceOptions) {
	if what, lasts := readFault(o); what == "migrating" {
		endFault(o)
		o.Pulse.Say("migrating")
		o.Log.Warn("fault point", "fault", what)
		time.Sleep(lasts)
		o.Pulse.Say("")
	}
}

func faultServing(ctx context.Context, o ServiceOptions, db *storage.DB) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		what, lasts := readFault(o)
		hang := map[string]func(app.Store) error{
			"deadlock": func(app.Store) error {
				var lock sync.Mutex
				lock.Lock()
				lock.Lock()
				return nil
			},
			"busy": func(app.Store) error {
				for {
				}
			},
			"holding": func(tx app.Store) error {
				s, err := tx.Settings()
				if err != nil {
					return err
				}
				s.Factory = "never committed"
				if err := tx.PutSettings(s); err != nil {
					return err
				}
				select {}
			},
			"waiting": func(app.Store) error {
				release := filepath.Join(string(o.Folder), "release")
				for os.Remove(release) != nil {
					time.Sleep(5 * time.Millisecond)
				}
				return context.Canceled
			},
			"restoring": func(app.Store) error {
				o.Pulse.Say("restoring 40 %")
				defer o.Pulse.Say("")
				time.Sleep(lasts)
				return context.Canceled
			},
		}[what]
		if hang == nil {
			continue
		}
		endFault(o)
		o.Log.Warn("fault point", "fault", what)
		if err := db.Write(ctx, hang); err != nil {
			o.Log.Warn("fault point", "fault", what, "err", err)
		}
	}
}

// faultWatch shortens the watchdog: MASALA_FAULT_WATCH="200ms 1s".
func faultWatch(w supervise.Watch) supervise.Watch {
	every, limit, ok := strings.Cut(os.Getenv("MASALA_FAULT_WATCH"), " ")
	if !ok {
		return w
	}
	e, errE := time.ParseDuration(every)
	l, errL := time.ParseDuration(limit)
	if errE != nil || errL != nil {
		panic("MASALA_FAULT_WATCH: two durations")
	}
	return supervise.Watch{Every: e, Limit: l}
}

// faultClock stands where the file "clock" puts it, so that a month fits into a minute.
func faultClock(f paths.Folder) core.Clock { return clockFile(filepath.Join(string(f), "clock")) }

type clockFile string

func (f clockFile) Now() time.Time {
	b, err := os.ReadFile(string(f))
	if os.IsNotExist(err) {
		return time.Now()
	}
	at, errT := time.Parse(time.RFC3339, strings.TrimSpace(string(b)))
	if err != nil || errT != nil {
		panic("the file clock: " + string(b))
	}
	return at
}
