package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/platform/atomicfile"
)

// Prove opens the point at path again, as when it was made, and writes what it found
// into its manifest. scratch is a folder with room for Opened. A point that is
// bad is no error: its State says so. An error says that it could not be checked, and
// leaves its manifest as it was. A point without manifest gets one if it is good, and a
// note if it is bad.
func Prove(ctx context.Context, path, scratch string, now time.Time, tell func(step string, percent int)) (_ backup.Point, err error) {
	p, ok := read(path)
	file, err := os.Stat(path)
	if !ok || err != nil {
		return p, notThere(path)
	}
	m, merr := readManifest(path)
	if merr != nil && !lost(merr) {
		return p, unproved(path, m, scratch, merr)
	}
	work, err := os.MkdirTemp(scratch, scratchMark)
	if err != nil {
		return p, unproved(path, m, scratch, err)
	}
	defer func() { _ = atomicfile.RemoveAll(work) }() // what stays goes with the next sweep
	f, err := prove(ctx, path, filepath.Join(work, "again.db"), m, telling(tell))
	var bad *damage
	switch {
	case errors.As(err, &bad):
		if m.Check = (Check{now.UTC(), backup.Damaged, bad.says}); merr != nil {
			m = noteDamage(p, file, m.Check)
		}
	case err != nil:
		return p, unproved(path, m, scratch, err)
	case merr != nil: // what it was made with nobody knows any more
		m = Manifest{Format: 1, ID: p.ID, TakenAt: p.TakenAt, Kind: backup.Manual, Size: f.packed.Size, SHA256: f.packed.SHA256, Database: f.plain, Contents: f.contents}
		fallthrough
	default:
		m.Check = Check{now.UTC(), backup.Good, sayGood}
	}
	// A drive that is full or write-protected keeps its old word; the answer has the
	// new one.
	_ = writeManifest(path, m)
	if p, ok = read(path); !ok {
		return p, notThere(path)
	}
	p.State, p.CheckedAt, p.Says = m.Check.State, m.Check.At, m.Check.Says
	return p, nil
}

func notThere(path string) error {
	return core.NotFound("path", "There is no restore point %s.", path)
}

// Rehash compares the file of a point with the hash in its manifest: the cheap part
// of Prove, for looking after all points every day. It changes the manifest of a
// point that is bad and reports whether it is.
func Rehash(ctx context.Context, path string, now time.Time) (bad bool, err error) {
	m, err := readManifest(path)
	if err != nil || m.Check.State == backup.Damaged {
		return false, err
	}
	have, err := digestOf(ctx, path)
	if err != nil || have == (Digest{m.Size, m.SHA256}) {
		return false, err
	}
	m.Check = Check{now.UTC(), backup.Damaged, "The file is not as it was written: its checksum differs."}
	return true, writeManifest(path, m)
}

// Sweep removes unfinished work that a killed process has left in a folder, if it is
// older than age, for another process may be at work there; 0 removes all.
func Sweep(folder string, age time.Duration, now time.Time) error {
	files, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range files {
		unfinished := strings.HasPrefix(f.Name(), scratchMark) ||
			strings.HasPrefix(f.Name(), prefix) && strings.Contains(f.Name(), ending+".tmp-")
		if !unfinished {
			continue
		}
		if i, err := f.Info(); age > 0 && (err != nil || now.Sub(i.ModTime()) < age) {
			continue
		}
		errs = append(errs, atomicfile.RemoveAll(filepath.Join(folder, f.Name())))
	}
	return errors.Join(errs...)
}

func digestOf(ctx context.Context, path string) (Digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Digest{}, err
	}
	defer f.Close()
	h := &counted{Hash: sha256.New()}
	if _, err := io.Copy(h, reader{ctx, f}); err != nil {
		return Digest{}, fmt.Errorf("read %s: %w", path, err)
	}
	return Digest{h.n, h.hex()}, nil
}
