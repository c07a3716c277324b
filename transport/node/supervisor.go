package node

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"masala/core"
	"masala/platform/ask"
	"masala/platform/single"
	"masala/platform/supervise"
	"masala/platform/tray"
	"masala/ui/screen"
)

// Names of the facts that travel between supervisor and children.
const (
	FactRole    = "role"    // window to supervisor: become this
	FactRaise   = "raise"   // supervisor to window: come to the front; back: it has
	FactSecond  = "second"  // with FactRaise or at the start: the program was started a second time
	FactClients = "clients" // service to supervisor: how many PCs are connected
	FactExit    = "exit"    // see supervisor_exit.go
)

// Supervisor is the process a user starts. It draws nothing and opens no database;
// it keeps the service and the window of this PC running, holds the single-instance
// lock and the tray icon, and ends them in order.
type Supervisor struct {
	Setup  *SetupFile
	Args   []string // common arguments of every child: --data DIR
	Icon   []byte   // PNG for the tray
	Log    *slog.Logger
	Window bool            // open the window at once; false after autostart
	Watch  supervise.Watch // of the service; zero = DefaultWatch
	Clock  core.Clock      // nil = the clock of this PC

	mu       sync.Mutex
	role     screen.Role
	window   *supervise.Supervisor
	opened   bool // the window runs or is starting
	again    bool // it is wanted and has not come to the front yet
	second   bool // the next window tells that the server already runs
	clients  int  // PCs connected, as the service told last
	exit     exitQuestion
	icon     *tray.Tray // nil while there is none
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
	if s.Clock == nil {
		s.Clock = core.SystemClock{}
	}
	if s.Watch == (supervise.Watch{}) {
		s.Watch = faultWatch(DefaultWatch)
	}
	s.exit.confirm, s.exit.patience = ask.Confirm, exitPatience
	setup, err := s.Setup.Read()
	if err != nil {
		return err
	}
	s.window = supervise.New(supervise.Child{Name: "window", Args: append([]string{"ui"}, s.Args...),
		Launch: s.launch, Heard: s.heard, Started: s.windowStarted}, s.Log)
	if err := s.become(setup.Role); err != nil {
		return err
	}
	s.refreshAutostart()
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
	if f[FactRaise] != "" {
		s.mu.Lock()
		s.again, s.second = false, false
		s.mu.Unlock()
	}
	if said := screen.ExitAnswer(f[FactExit]); said != "" {
		s.exitSaid(said)
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

// serve keeps the service running until the supervisor ends, and replaces it when it
// hangs. No exit code of its own ends it: whoever ends the process alone, with
// whatever code, has not exited the server.
func (s *Supervisor) serve(args ...string) {
	child := supervise.New(supervise.Child{Name: "service", Args: append(args, s.Args...), StopCodes: []int{},
		Heard: s.serviceSaid, Ended: s.serviceEnded, Watch: s.Watch, Tree: true}, s.Log)
	s.tasks.Go(func() { child.Run(s.ctx) })
}

func (s *Supervisor) serviceSaid(f supervise.Facts) {
	if n, err := strconv.Atoi(f[FactClients]); err == nil {
		s.setClients(n)
	}
}

func (s *Supervisor) serviceEnded(supervise.End) { s.setClients(0) }

func (s *Supervisor) setClients(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clients != n {
		s.clients = n
		s.askAgain()
	}
}

// open starts the window, or brings it to the front.
func (s *Supervisor) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.show()
}

func (s *Supervisor) show() {
	if s.opened {
		f := supervise.Facts{FactRaise: "1"}
		if s.second {
			f[FactSecond] = "1"
		}
		s.again = true // until the window says that it has come to the front: it may be ending
		if err := s.window.Tell(f); err != nil {
			s.Log.Info("window does not listen", "err", err)
		}
		return
	}
	s.opened = true
	s.tasks.Go(s.runWindow)
}

// launch is what a window is told at its start.
func (s *Supervisor) launch() supervise.Facts {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.exit.facts(s.clients)
	if s.second {
		s.second = false
		f[FactSecond] = "1"
	}
	return f
}

// windowStarted forgets what was wanted before the window was there.
func (s *Supervisor) windowStarted(int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.again = false
}

// runWindow keeps the window until the user closes it.
func (s *Supervisor) runWindow() {
	for {
		s.window.Run(s.ctx)
		s.mu.Lock()
		again := s.again && s.ctx.Err() == nil
		s.again, s.opened = false, again
		server := s.role == screen.RoleServer
		if !again {
			s.exit.drop() // nobody is there to answer
		}
		s.mu.Unlock()
		if again {
			continue
		}
		if server { // it lives on beside the clock; anything else ends with its window
			s.tellBackground()
		} else {
			s.stop()
		}
		return
	}
}

// watchActivation opens the window when the program is started a second time.
func (s *Supervisor) watchActivation() {
	for {
		select {
		case <-s.instance.Activated():
			s.mu.Lock()
			s.second = true
			s.show()
			s.mu.Unlock()
		case <-s.ctx.Done():
			return
		}
	}
}

// showTray keeps the icon beside the clock while the server runs.
func (s *Supervisor) showTray() {
	t, err := tray.Start(tray.Config{Icon: s.Icon, Title: "Masala Inventory", Tooltip: "Masala server is running", Open: s.open, Exit: s.askExit}, s.Log)
	if err != nil {
		s.Log.Warn("no tray icon; start the program again to open its window", "err", err)
		return
	}
	s.mu.Lock()
	s.icon = t
	s.mu.Unlock()
	<-s.ctx.Done()
	if err := t.Close(); err != nil {
		s.Log.Warn("tray", "err", err)
	}
}

// background is the one notification of RESILIENCE.md 1.1.
const background = "Server is running in background"

// tellBackground tells, once a day, that closing the window has not ended the server.
func (s *Supervisor) tellBackground() {
	s.mu.Lock()
	icon := s.icon
	s.mu.Unlock()
	today := s.Clock.Now().Format(time.DateOnly)
	setup, err := s.Setup.Read()
	if s.ctx.Err() != nil || icon == nil || err == nil && setup.Background == today {
		return
	}
	if err := icon.Notify("Masala Inventory", background); err != nil {
		s.Log.Warn("notification", "err", err)
		return
	}
	if err := s.Setup.Change(func(n *Setup) { n.Background = today }); err != nil {
		s.Log.Warn("notification", "err", err)
	}
}
