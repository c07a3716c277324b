package node

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"masala/core"
	"masala/platform/single"
	"masala/platform/supervise"
	"masala/platform/tray"
	"masala/ui/screen"
)

// Names of the facts that travel between supervisor and children.
const (
	FactRole  = "role"  // window to supervisor: become this
	FactRaise = "raise" // supervisor to window: come to the front
)

// Supervisor is the process a user starts. It draws nothing and opens no database;
// it keeps the service and the window of this PC running, holds the single-instance
// lock and the tray icon, and ends them in order.
type Supervisor struct {
	Setup  *SetupFile
	Args   []string // common arguments of every child: --data DIR
	Icon   []byte   // PNG for the tray
	Log    *slog.Logger
	Window bool // open the window at once; false after autostart

	mu       sync.Mutex
	role     screen.Role
	window   *supervise.Supervisor
	opened   bool // the window runs or is starting
	instance *single.Instance
	tasks    sync.WaitGroup
	ctx      context.Context
	stop     context.CancelFunc
}

// Run supervises until the user exits the server, closes the window of a PC that is
// no server, or ctx ends. The error is *single.RunningError when a server already
// runs; that one has then been brought to the front.
func (s *Supervisor) Run(ctx context.Context) error {
	s.ctx, s.stop = context.WithCancel(ctx)
	defer s.stop()
	setup, err := s.Setup.Read()
	if err != nil {
		return err
	}
	s.window = supervise.New(supervise.Child{Name: "window", Args: append([]string{"ui"}, s.Args...), Heard: s.heard}, s.Log)
	if err := s.become(setup.Role); err != nil {
		return err
	}
	if s.Window || s.role != screen.RoleServer {
		s.open()
	}
	<-s.ctx.Done()
	s.tasks.Wait()
	if s.instance != nil {
		return s.instance.Release()
	}
	return nil
}

// heard is what the window says.
func (s *Supervisor) heard(f supervise.Facts) {
	if role := screen.Role(f[FactRole]); role != "" {
		if err := s.become(role); err != nil {
			s.Log.Error("role refused", "role", role, "err", err)
		}
	}
}

// become starts what a role needs beside the window.
func (s *Supervisor) become(role screen.Role) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.role == role {
		return nil
	}
	if s.role != "" {
		return core.Errorf(core.CodeConflict, "This PC is already set up as %s.", s.role)
	}
	switch role {
	case screen.RoleServer:
		if err := s.takePC(single.Server); err != nil {
			return err
		}
		s.tasks.Go(s.showTray)
		s.serve("serve")
	case screen.RoleDemo:
		if err := s.takePC(single.Demo); err != nil {
			return err
		}
		s.serve("serve", "--demo")
	}
	s.role = role
	return nil
}

// takePC makes this the one process of its kind on the PC, or brings the one that
// runs to the front (RESILIENCE.md 6.2).
func (s *Supervisor) takePC(name string) (err error) {
	if s.instance, err = single.Acquire(name); err != nil {
		if errors.Is(err, single.ErrRunning) {
			err = errors.Join(err, single.Activate(name))
		}
		return err
	}
	s.tasks.Go(s.watchActivation)
	return nil
}

// serve keeps the service running. When it ends for good, so does everything.
func (s *Supervisor) serve(args ...string) {
	child := supervise.New(supervise.Child{Name: "service", Args: append(args, s.Args...)}, s.Log)
	s.tasks.Go(func() {
		child.Run(s.ctx)
		s.stop()
	})
}

// open starts the window, or brings it to the front.
func (s *Supervisor) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened {
		if err := s.window.Tell(supervise.Facts{FactRaise: "1"}); err != nil {
			s.Log.Warn("window does not listen", "err", err)
		}
		return
	}
	s.opened = true
	s.tasks.Go(func() {
		s.window.Run(s.ctx)
		s.mu.Lock()
		s.opened = false
		server := s.role == screen.RoleServer
		s.mu.Unlock()
		if !server { // a server lives on beside the clock; anything else ends with its window
			s.stop()
		}
	})
}

// watchActivation opens the window when the program is started a second time.
func (s *Supervisor) watchActivation() {
	for {
		select {
		case <-s.instance.Activated():
			s.open()
		case <-s.ctx.Done():
			return
		}
	}
}

// showTray keeps the icon beside the clock while the server runs.
func (s *Supervisor) showTray() {
	t, err := tray.Start(tray.Config{Icon: s.Icon, Title: "Masala Inventory", Tooltip: "Masala server is running", Open: s.open, Exit: s.stop}, s.Log)
	if err != nil {
		s.Log.Warn("no tray icon; start the program again to open its window", "err", err)
		return
	}
	<-s.ctx.Done()
	if err := t.Close(); err != nil {
		s.Log.Warn("tray", "err", err)
	}
}

// StartupPatience is how long a window waits for the service of its PC.
const StartupPatience = 60 * time.Second
