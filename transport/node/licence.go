package node

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"masala/core/licence"
	"masala/platform/atomicfile"
	"masala/platform/hardware"
	"masala/platform/paths"
)

// Licensing is what the licence of a server is judged by.
type Licensing struct {
	Key     ed25519.PublicKey // of the vendor
	Machine string            // folder outside the data folder, for the second heartbeat
	Parts   func() [4]string  // of this PC; nil: platform/hardware
	Built   time.Time         // when this program was built; zero: unknown
}

// HardwareID is that of this PC.
func HardwareID() licence.HardwareID { return licence.NewHardwareID(hardware.Read().Values()) }

// guard builds the licence of a data folder.
func (l *Licensing) guard(f paths.Folder, log *slog.Logger) *licence.Guard {
	id := HardwareID()
	if l.Parts != nil {
		id = licence.NewHardwareID(l.Parts())
	}
	return licence.NewGuard(licence.Options{Key: l.Key, Hardware: id, File: place(f.License()),
		Places: []licence.Place{place(f.Beat()), place(filepath.Join(l.Machine, "machine"))}, Random: rand.Reader, Log: log, Built: l.Built})
}

// law is the licence this service is under.
func (s *service) law() licence.Licence {
	if s.options.Licence == nil {
		return licence.Unlimited{}
	}
	return s.options.Licence.guard(s.options.Folder, s.options.Log)
}

// ErrRestart is how Serve ends when it was asked to start anew.
var ErrRestart = errors.New("the service was asked to start again")

// askRestart ends the service with ErrRestart.
func (s *service) askRestart() {
	select {
	case s.restart <- struct{}{}:
	default:
	}
}

// place is a file that holds a license or a heartbeat; it is a licence.Place.
type place string

func (p place) Name() string { return string(p) }

func (p place) Read() ([]byte, error) {
	b, err := atomicfile.Read(string(p), licence.MaxFile+1)
	if errors.Is(err, atomicfile.ErrTooLarge) {
		return make([]byte, licence.MaxFile+1), nil // refused by its size, in words for the user
	}
	return b, err
}

func (p place) Write(b []byte) error {
	if err := os.MkdirAll(filepath.Dir(string(p)), 0o700); err != nil {
		return err
	}
	return writePrivate(string(p), b)
}

// judgeEvery is how soon a license file put into the folder is taken up.
const judgeEvery = time.Second

// keepLicence beats until ctx ends, once more at the end, and at once when the license
// file changes.
func (s *service) keepLicence(ctx context.Context) {
	if s.options.Licence == nil {
		return
	}
	file := s.options.Folder.License()
	seen := stamp(file)
	due := s.options.Clock.Now()
	tick := time.NewTicker(judgeEvery)
	defer tick.Stop()
	for {
		now, there := s.options.Clock.Now(), stamp(file)
		// A clock that stepped back must not put the next beat off.
		if there != seen || !now.Before(due) || due.Sub(now) > 2*time.Minute {
			seen = there
			due = now.Add(s.app.PulseLicence(ctx))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.app.PulseLicence(context.WithoutCancel(ctx))
			return
		}
	}
}

// stamp changes when a file does.
func stamp(path string) string {
	i, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return ""
		}
		return err.Error()
	}
	return fmt.Sprint(i.ModTime(), i.Size())
}
