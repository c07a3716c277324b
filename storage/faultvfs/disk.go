package faultvfs

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// Disk is what a power cut leaves. It starts empty, or with the files of Load, and is
// fed the log of an FS step by step.
type Disk struct {
	durable map[string][]byte // nil: no such file
	pending map[string][]Op   // since the last sync of the file
}

// NewDisk returns an empty disk.
func NewDisk() *Disk { return &Disk{map[string][]byte{}, map[string][]Op{}} }

// Load takes the files of a folder as safely on the disk.
func (d *Disk) Load(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) == ".db-shm" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		d.durable[e.Name()] = b
	}
	return err
}

// Step takes the next entry of the log. A sync makes its file durable, and every
// deletion before it: file systems keep their folders in order.
func (d *Disk) Step(o Op) {
	if o.Kind != Sync {
		d.pending[o.File] = append(d.pending[o.File], o)
		return
	}
	for name, ops := range d.pending {
		n := len(ops)
		for name != o.File && n > 0 && ops[n-1].Kind != Delete {
			n--
		}
		b := d.durable[name]
		for _, p := range ops[:n] {
			b = apply(b, p)
		}
		d.durable[name] = b
		if d.pending[name] = ops[n:]; n == len(ops) {
			delete(d.pending, name)
		}
	}
}

// apply performs one operation on the content of a file.
func apply(b []byte, o Op) []byte {
	switch o.Kind {
	case Delete:
		return nil
	case Truncate:
		return grow(b, o.Off)[:o.Off]
	case Write:
		b = grow(b, o.Off+int64(len(o.Data)))
		copy(b[o.Off:], o.Data)
	}
	return b
}

func grow(b []byte, size int64) []byte {
	if n := size - int64(len(b)); n > 0 {
		b = append(b, make([]byte, n)...)
	}
	if b == nil {
		b = []byte{} // an empty file, not a missing one
	}
	return b
}

// Mode is how much of what was not synced a power cut keeps.
type Mode string

// The modes.
const (
	KeepNone   Mode = "none"
	KeepAll    Mode = "all"
	KeepRandom Mode = "random" // any part of it, in any order, torn at sectors
)

// Modes lists them.
func Modes() []Mode { return []Mode{KeepNone, KeepAll, KeepRandom} }

// sector is what a disk writes whole or not at all.
const sector = 512

// Crash writes into dir a state that a power cut at this moment may leave: everything
// synced and, of the rest, what mode says. It may be called for many moments.
func (d *Disk) Crash(dir string, r *rand.Rand, mode Mode) error {
	names := slices.Sorted(maps.Keys(d.durable))
	for _, n := range slices.Sorted(maps.Keys(d.pending)) {
		if _, ok := d.durable[n]; !ok {
			names = append(names, n)
		}
	}
	lost := r.Float64()
	for _, n := range names {
		b := d.durable[n]
		if b != nil {
			b = append([]byte{}, b...)
		}
		b = keep(b, d.pending[n], r, mode, lost)
		if b == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, n), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// keep performs what survives of the unsynced operations; lost is the share that
// does not.
func keep(b []byte, unsynced []Op, r *rand.Rand, mode Mode, lost float64) []byte {
	if mode == KeepNone {
		return b
	}
	if mode == KeepAll {
		for _, o := range unsynced {
			b = apply(b, o)
		}
		return b
	}
	order := slices.Clone(unsynced)
	if r.IntN(2) == 0 {
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	for _, o := range order {
		if r.Float64() < lost {
			continue
		}
		if o.Kind == Write && r.IntN(3) == 0 {
			b = torn(b, o, r)
			continue
		}
		b = apply(b, o)
	}
	return b
}

// torn performs some of the sectors of a write.
func torn(b []byte, o Op, r *rand.Rand) []byte {
	for off := 0; off < len(o.Data); off += sector {
		if r.IntN(2) == 0 {
			end := min(off+sector, len(o.Data))
			b = apply(b, Op{Kind: Write, Off: o.Off + int64(off), Data: o.Data[off:end]})
		}
	}
	return b
}
