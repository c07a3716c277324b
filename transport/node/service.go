package node

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"masala/core"
	"masala/core/account"
	"masala/core/app"
	"masala/core/backup"
	"masala/core/health"
	"masala/core/system"
	"masala/platform/atomicfile"
	"masala/platform/hostinfo"
	"masala/platform/paths"
	"masala/platform/power"
	"masala/platform/single"
	"masala/platform/supervise"
	"masala/storage"
	store "masala/storage/backup"
	"masala/transport/discovery"
	"masala/transport/identity"
	"masala/transport/pairing"
	"masala/transport/server"
)

// ServiceOptions say what a service serves and where.
type ServiceOptions struct {
	Folder  paths.Folder
	Listen  string            // TCP address for the LAN, ":8090"; "" = this PC only
	Network discovery.Network // where to be found; nil = nowhere
	Version string
	Log     *slog.Logger
	Clock   core.Clock      // nil = the clock of this PC
	Hasher  *account.Hasher // nil = the product's
	Ready   func(Runtime)   // called when it serves this PC, in recovery mode too; may be nil
	Parent  *supervise.Link // the supervisor; nil = none
	Pulse   *Pulse          // what it is told; nil = one of its own
	Licence *Licensing      // nil = none is needed, as by the demo factory
}

// Serve runs the service until ctx ends: it takes the data folder, opens the books,
// serves this PC on loopback and the LAN on Listen. A LAN port that is taken is a
// warning, not an end: the server's own window must go on (RESILIENCE.md 3.3). Books
// that cannot be opened are no end either: then it serves the operations of recovery
// to this PC until there are books again (4.2, 6.1).
func Serve(ctx context.Context, o ServiceOptions) (err error) {
	if o.Clock == nil {
		o.Clock = faultClock(o.Folder)
	}
	if o.Pulse == nil {
		o.Pulse = &Pulse{}
	}
	if o.Parent != nil {
		go o.Pulse.answer(ctx, o.Parent)
	}
	var lock *single.FolderLock
	defer func() {
		if lock != nil {
			err = errors.Join(err, lock.Release())
		}
	}()
	var before *backup.Result // what recovery has done last
	for {
		err := o.Folder.Make()
		if err == nil && lock == nil {
			lock, err = single.LockFolder(string(o.Folder), "masala serve", o.Clock.Now())
		}
		if err == nil {
			err = openBooks(ctx, o, before)
		}
		if errors.Is(err, errGone) && ctx.Err() == nil {
			continue // their file has been written anew
		}
		ill, asked := diagnose(err), asking(err)
		if asked != nil {
			ill = &illness{backup.Restoring, "An Admin asked for it. The present files are kept aside.", err}
		}
		if ill == nil || ctx.Err() != nil {
			return err
		}
		r := newRecovery(o, ill, before)
		if err := r.run(ctx, asked); err != nil || ctx.Err() != nil {
			return err
		}
		before = r.result
	}
}

// openBooks carries an interrupted exchange of the database to its end, looks whether
// there should be books that are not, and serves those there are.
func openBooks(ctx context.Context, o ServiceOptions, before *backup.Result) error {
	if err := store.Sweep(string(o.Folder), 0, o.Clock.Now()); err != nil {
		o.Log.Warn("unfinished backups", "err", err)
	}
	x := exchange(o.Folder)
	cause, err := x.Finish()
	if err != nil {
		return err
	}
	s := &service{options: o, cause: cause, before: before, restart: make(chan struct{}, 1), visited: make(chan struct{}, 1), stopped: make(chan error, 1)}
	ill, fresh := lost(o.Folder, o.Clock.Now(), o.Log)
	if ill != nil {
		return ill
	}
	if fresh != nil {
		if err := begunEmpty(ctx, o, fresh.Books); err != nil {
			return err
		}
		if s.cause, err = x.Finish(); err != nil {
			return err
		}
	}
	return s.open(ctx)
}

// open opens the books and serves them.
func (s *service) open(ctx context.Context) (err error) {
	o := s.options
	anchors := readAnchors(o.Folder, o.Log)
	if s.cause == nil || s.cause.Origin != backup.OriginEmpty {
		if ill := lostKey(o.Folder, anchors); ill != nil {
			return ill
		}
	}
	id, err := identity.File{Path: o.Folder.Identity(), Write: atomicfile.Write}.Open(rand.Reader)
	if core.CodeOf(err) == core.CodeCorrupt {
		return &illness{backup.BadKey, keyDetail, err}
	}
	if err != nil {
		return err
	}
	s.disk = newDiskWatch(o.Folder, &s.health, o.Clock, o.Log)
	s.lan = &lan{started: o.Listen, open: listenLAN(ctx), health: &s.health, log: o.Log, clock: o.Clock,
		serve: func(ln net.Listener) error { return s.server.Serve(ln) }}
	s.reach = newReach(s.lan, &s.health, o.Log, o.Clock)
	s.others = &others{health: &s.health, log: o.Log, clock: o.Clock}
	s.host = &host{folder: o.Folder, version: o.Version, pc: hostinfo.Name(), started: o.Clock.Now(), clock: o.Clock, health: &s.health, disk: s.disk, lan: s.lan,
		logs:    logs{o.Folder.Logs()},
		clients: func() []server.Client { return s.server.Clients() }, rename: func(name string) { s.server.Rename(name) }}
	told := s.porch(ctx, id, newest(anchors))
	defer told()
	s.disk.look(ctx) // a full disk must let go of the ballast before the books are opened
	faultOpening(o)
	db, err := storage.Open(ctx, storage.Options{Path: o.Folder.Database(), Tell: o.Pulse.Say})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(db, err)) }()
	db.OnDamage(s.damaged)
	set, err := readServer(ctx, db)
	if err != nil {
		return err
	}
	s.disk.low.Store(set.LowDisk)
	s.keep = s.newKeeper(db, id)
	s.host.backup, s.disk.backups = s.keep.lastGood, s.keep.place

	desk := pairing.NewDesk(rand.Reader)
	desk.OnWrong = wrongCodes(&s.health, o.Clock)
	s.app = app.New(app.Options{Licence: s.law(), Restart: s.askRestart, Books: db, Clock: o.Clock, Log: o.Log, Health: &s.health, Hasher: o.Hasher, Desk: s.deskIfOpen(desk), Host: s.host,
		Backup: s.keep, Recovery: inService{folder: o.Folder, clock: o.Clock, before: s.before},
		OnRevoke: func(d core.DeviceID) { s.server.Disconnect(d) }})
	if err := s.startLineage(ctx, anchors, id); err != nil {
		return err
	}
	if err := s.app.StartLicence(ctx); err != nil {
		return err
	}
	if err := s.keep.read(ctx); err != nil {
		return err
	}
	token, err := newToken()
	if err != nil {
		return err
	}
	awake := power.New()
	defer awake.Close()
	s.server = server.New(server.Config{Service: s.app, Identity: id, Trust: s.app, Desk: desk, Clock: o.Clock, Name: s.host.setName(set), Version: o.Version, Token: token, Log: o.Log,
		OnChange: func() {
			s.reach.seen(s.server.Clients())
			s.app.ServerChanged()
			awake.Keep(s.server.Count() > 0)
			s.visit()
		}})
	told()
	return s.run(ctx, db, id, token, set)
}

type service struct {
	options ServiceOptions
	health  health.Registry
	host    *host
	app     *app.App
	server  *server.Server
	disk    *diskWatch
	lan     *lan
	others  *others
	reach   *reach
	work    sync.WaitGroup // what calls have begun and goes on behind them
	visited chan struct{}  // holds a value when a client came or went
	restart chan struct{}  // holds a value when the service shall start anew
	stopped chan error     // holds why it cannot go on with these books
	keep    *keeper
	cause   *backup.Takeover // why the books are not those that were there before
	before  *backup.Result   // what recovery has done last
}

func (s *service) deskIfOpen(d *pairing.Desk) account.Desk {
	if s.options.Listen == "" {
		return nil
	}
	return d
}

// run serves until ctx ends and then lets the answers in flight finish.
func (s *service) run(ctx context.Context, db *storage.DB, id *identity.Identity, token string, set system.ServerFields) error {
	ctx, cancel := context.WithCancel(ctx)
	var tasks sync.WaitGroup
	defer s.work.Wait()
	defer tasks.Wait()
	defer s.lan.end()
	defer cancel()
	s.host.check = func(done func()) { s.checkBooks(ctx, db, done) }
	s.host.moved, s.host.watched = func() {}, func() {}

	local, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen on this PC: %w", err)
	}
	fail := make(chan error, 4)
	tasks.Go(func() { fail <- s.server.ServeLocal(local) })
	runtime := Runtime{Address: local.Addr().String(), Token: token, PID: os.Getpid()}
	if s.options.Network != nil {
		s.lan.announce = func(ctx context.Context, name string, port int) {
			b := &discovery.Beacon{Identity: id, Name: name, Version: s.options.Version, Port: uint16(port), Network: s.options.Network, Log: s.options.Log, OnOther: s.others.heard}
			b.Run(ctx)
		}
	}
	s.lan.run(ctx, set, *s.host.name.Load(), fail)
	runtime.LAN = s.lan.reached()
	tasks.Go(func() { s.disk.run(ctx, db) })
	s.options.Pulse.InService(func(ctx context.Context) error { return s.ping(ctx, db) })
	go faultServing(ctx, s.options, db)
	if s.options.Parent != nil {
		tasks.Go(func() { s.tellClients(ctx) })
	}
	tasks.Go(func() { s.forgetAnswers(ctx, db) })
	tasks.Go(func() { s.keepLicence(ctx) })
	tasks.Go(func() {
		newAnchorKeeper(s.options.Folder, db, string(id.Fingerprint()), s.options.Clock, s.options.Log).run(ctx)
	})
	s.keep.start(ctx, &s.work)
	tasks.Go(func() { s.keep.run(ctx) })
	tasks.Go(func() { s.watchFile(ctx) })
	tasks.Go(func() { s.checkAtStart(ctx) })
	tasks.Go(func() { s.others.run(ctx) })
	tasks.Go(func() { s.reach.run(ctx) })

	forget, err := publish(s.options.Folder, runtime)
	if err != nil {
		return err
	}
	defer forget()
	s.host.watched = s.reach.watched
	s.host.moved = func() {
		s.reach.again()
		r := runtime
		r.LAN = s.lan.reached()
		if _, err := publish(s.options.Folder, r); err != nil {
			s.options.Log.Warn("runtime file", "err", err)
		}
	}
	s.options.Log.Info("serving", "this_pc", runtime.Address, "lan", runtime.LAN, "folder", string(s.options.Folder))
	if s.options.Ready != nil {
		s.options.Ready(runtime)
	}

	var ended error
	select {
	case <-ctx.Done():
	case ended = <-fail:
	case <-s.restart:
		ended = ErrRestart
	case ended = <-s.stopped:
	}
	s.options.Log.Info("stopping", "err", ended)
	stop, done := context.WithTimeout(context.Background(), 8*time.Second)
	defer done()
	return errors.Join(ended, s.server.Shutdown(stop))
}

// forgetAnswers drops answers older than 90 days, now and once a day (R36), unless
// the clock is in doubt: in a false 2030 every answer is old.
func (s *service) forgetAnswers(ctx context.Context, db *storage.DB) {
	for {
		if !s.app.ClockCertain(ctx) {
			s.options.Log.Warn("old answers stay: the clock is in doubt")
		} else if _, err := db.ForgetAnswers(ctx, s.options.Clock.Now().AddDate(0, 0, -90)); err != nil && ctx.Err() == nil {
			s.options.Log.Warn("old answers stay", "err", err)
		}
		select {
		case <-time.After(24 * time.Hour):
		case <-ctx.Done():
			return
		}
	}
}

func newToken() (string, error) {
	var b [32]byte
	_, err := rand.Read(b[:])
	return hex.EncodeToString(b[:]), err
}

// readServer reads what is set for the server.
func readServer(ctx context.Context, db *storage.DB) (f system.ServerFields, err error) {
	err = db.Read(ctx, func(tx app.Store) error {
		s, err := tx.Server()
		f = s.ServerFields
		return err
	})
	return f, err
}
