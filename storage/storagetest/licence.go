package storagetest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"masala/core"
	"masala/core/licence"
)

// Memory is a licence.Place without a disk.
type Memory struct {
	Label string
	Err   error // what Read and Write answer; nil: they work

	mu   sync.Mutex
	data []byte
}

// Name is the label.
func (m *Memory) Name() string { return m.Label }

// Read returns what was put last.
func (m *Memory) Read() ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.Err != nil:
		return nil, m.Err
	case m.data == nil:
		return nil, fs.ErrNotExist
	}
	return bytes.Clone(m.data), nil
}

// Write replaces it.
func (m *Memory) Write(b []byte) error { return m.Put(b) }

// Put replaces it; nil deletes it.
func (m *Memory) Put(b []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Err == nil {
		m.data = bytes.Clone(b)
	}
	return m.Err
}

// Vendor is who sells licences, and the machine of the factory.
type Vendor struct {
	Key      ed25519.PrivateKey
	Hardware licence.HardwareID // of the server PC
	File     *Memory            // license.key
	Beats    [2]*Memory         // in the data folder, and outside of it
	Built    time.Time          // when the program was built; zero = unknown
	Guard    *licence.Guard     // of the running server
}

// Machine is the server PC of a Factory with a Vendor.
var Machine = licence.NewHardwareID([4]string{"system-1", "board-1", "disk-1", "os-1"})

// NewVendor has a key of his own and sold nothing yet.
func NewVendor() *Vendor {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return &Vendor{Key: key, Hardware: Machine, File: &Memory{Label: "license.key"}, Beats: [2]*Memory{{Label: "data folder"}, {Label: "machine"}}}
}

func (v *Vendor) guard() *licence.Guard {
	v.Guard = licence.NewGuard(licence.Options{Key: v.Key.Public().(ed25519.PublicKey), Hardware: v.Hardware, File: v.File,
		Places: []licence.Place{v.Beats[0], v.Beats[1]}, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Built: v.Built})
	return v.Guard
}

// License is the text of a license for Machine that expires on a day.
func (v *Vendor) License(expires core.Date, change ...func(*licence.License)) []byte {
	l := licence.License{Serial: "ML-2026-00417", Customer: "Demo factory, Pune", Edition: "standard", Hardware: Machine, Issued: expires.AddDays(-365), Expires: expires}
	for _, c := range change {
		c(&l)
	}
	b, err := l.Sign(v.Key)
	if err != nil {
		panic(err)
	}
	return b
}

// Reset is the text of a clock reset for Machine.
func (v *Vendor) Reset(serial string, issued time.Time) []byte {
	b, err := licence.Reset{Serial: serial, Hardware: Machine, Issued: issued}.Sign(v.Key)
	if err != nil {
		panic(err)
	}
	return b
}

// Licensed puts the factory under the real licence, at first the trial.
func (f *Factory) Licensed() *Vendor {
	f.T.Helper()
	f.Vendor = NewVendor()
	f.serve()
	return f.Vendor
}

// Restart starts the server anew on the same books.
func (f *Factory) Restart() { f.T.Helper(); f.serve() }

// Copy is a backup of the books as they are now.
func (f *Factory) Copy() []byte {
	f.T.Helper()
	path := filepath.Join(f.T.TempDir(), "copy.db")
	f.SQL("VACUUM INTO '" + path + "'")
	b, err := os.ReadFile(path)
	f.must(err)
	return b
}

// Replace stops the server and puts a copy in the place of its books; Restart follows.
func (f *Factory) Replace(copy []byte) {
	f.T.Helper()
	f.must(f.DB.Close())
	f.must(os.WriteFile(f.Path, copy, 0o600))
	f.Open("")
}
