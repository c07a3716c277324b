package sim_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"masala/core/account"
	"masala/core/app"
	"masala/core/op"
	"masala/storage"
	"masala/storage/faultvfs"
	"masala/transport/faultnet"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/server"
	"masala/transport/wire"
)

// random is randomness of one seed for many goroutines.
type random struct {
	mu  sync.Mutex
	src *rand.ChaCha8
}

func newRandom(seed uint64) *random {
	var s [32]byte
	for i := range 8 {
		s[i] = byte(seed >> (8 * i))
	}
	return &random{src: rand.NewChaCha8(s)}
}

func (r *random) Read(p []byte) (int, error) { r.mu.Lock(); defer r.mu.Unlock(); return r.src.Read(p) }

// serverPC is the server's PC: a disk, and a service that may run on it.
type serverPC struct {
	t        *testing.T
	name     string
	rng      *rand.Rand
	random   *random
	host     *faultnet.Host
	identity *identity.Identity
	desk     *pairing.Desk

	mu      sync.Mutex
	folder  string // what is on the disk
	starts  int
	running *service
}

// service is one start of the server's process.
type service struct {
	fs     *faultvfs.FS
	disk   *faultvfs.Disk // what was there when it started
	db     *storage.DB
	app    *app.App
	server *server.Server
}

// start boots the service on what the disk holds.
func (p *serverPC) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starts++
	fs, err := faultvfs.New(fmt.Sprintf("%s-%d", p.name, p.starts))
	p.must(err)
	s := &service{fs: fs, disk: faultvfs.NewDisk()}
	p.must(s.disk.Load(p.folder))
	s.db, err = storage.Open(context.Background(), storage.Options{Path: filepath.Join(p.folder, "masala.db"), VFS: fs.Name()})
	p.must(err)
	s.app = app.New(app.Options{Books: s.db, Random: p.random, Hasher: account.NewTestHasher(), Desk: p.desk})
	s.server = server.New(server.Config{Service: s.app, Identity: p.identity, Trust: s.app, Desk: p.desk, Name: "SERVER", Version: "sim"})
	l, err := p.host.Listen(wire.Port)
	p.must(err)
	go s.server.Serve(l)
	p.running = s
}

// stop ends the process in the middle of whatever it does. With power, the disk keeps
// everything; a power cut keeps what was synced and any part of the rest.
func (p *serverPC) stop(powerCut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.running
	p.running = nil
	s.fs.Cut()
	p.host.Kill()
	s.server.Close()
	_ = s.db.Close() // it cannot write any more
	p.must(s.fs.Close())
	for _, o := range s.fs.Log() {
		s.disk.Step(o)
	}
	mode := faultvfs.KeepAll
	if powerCut {
		mode = faultvfs.Modes()[p.rng.IntN(3)]
	}
	folder, err := os.MkdirTemp(filepath.Dir(p.folder), "disk")
	p.must(err)
	p.must(s.disk.Crash(folder, p.rng, mode))
	p.must(os.RemoveAll(p.folder))
	p.folder = folder
}

// now returns the running service, nil while there is none.
func (p *serverPC) now() *service { p.mu.Lock(); defer p.mu.Unlock(); return p.running }

func (p *serverPC) must(err error) {
	if err != nil {
		panic(fmt.Sprintf("server: %v", err)) // any goroutine of the bubble may be here
	}
}

// here is a caller on the server's own PC, past the network.
type here struct {
	pc    *serverPC
	token string
}

func (h *here) Call(ctx context.Context, operation, key string, body []byte) ([]byte, error) {
	return h.pc.now().app.Serve(ctx, op.Request{Operation: operation, Key: key, Token: h.token, Body: body, Peer: op.Peer{Name: "SERVER", Local: true}})
}
