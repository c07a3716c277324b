package node

import (
	"errors"
	"strconv"
	"time"

	"masala/platform/ask"
	"masala/platform/supervise"
	"masala/ui/screen"
)

// exitPatience is how long a window may take to show the question, its start
// included, before the system is asked to.
const exitPatience = 20 * time.Second

// exitQuestion is the question before the server ends; the supervisor's lock guards it.
type exitQuestion struct {
	confirm  func(title, question string) (bool, error) // of the system
	patience time.Duration
	open     bool          // it has been asked and not answered
	shown    chan struct{} // closed once it is on the screen or needs no answer any more
	seen     bool
}

func (q *exitQuestion) raise() {
	if !q.open {
		q.open, q.seen, q.shown = true, false, make(chan struct{})
	}
}

func (q *exitQuestion) show() {
	if q.open && !q.seen {
		q.seen = true
		close(q.shown)
	}
}

func (q *exitQuestion) drop() {
	q.show()
	q.open = false
}

// facts is the question as the window hears it, empty if there is none.
func (q *exitQuestion) facts(clients int) supervise.Facts {
	f := supervise.Facts{}
	if q.open {
		f[FactExit] = strconv.Itoa(clients)
	}
	return f
}

// askExit is "Exit Server" of the tray: the window comes to the front and asks. If it
// cannot, the system asks.
func (s *Supervisor) askExit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := !s.exit.open
	s.exit.raise()
	s.show()
	s.askAgain()
	if fresh {
		shown := s.exit.shown
		s.tasks.Go(func() { s.awaitQuestion(shown) })
	}
}

// askAgain tells a window that is there the question with today's number. One that is
// starting gets it with its launch.
func (s *Supervisor) askAgain() {
	if !s.exit.open || !s.opened {
		return
	}
	if err := s.window.Tell(s.exit.facts(s.clients)); err != nil && !errors.Is(err, supervise.ErrNotRunning) {
		s.Log.Warn("window does not listen", "err", err)
	}
}

// exitSaid is what the window says to the question.
func (s *Supervisor) exitSaid(said screen.ExitAnswer) {
	if said == screen.ExitWanted {
		s.askExit()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch said {
	case screen.ExitShown:
		s.exit.show()
	case screen.ExitNo:
		s.exit.drop()
	case screen.ExitYes:
		s.exit.drop()
		s.Log.Info("exit confirmed", "clients", s.clients)
		s.stop()
	}
}

// awaitQuestion lets the system ask when no window shows the question in time.
func (s *Supervisor) awaitQuestion(shown <-chan struct{}) {
	patience := time.NewTimer(s.exit.patience)
	defer patience.Stop()
	select {
	case <-shown:
		return
	case <-s.ctx.Done():
		return
	case <-patience.C:
	}
	s.mu.Lock()
	question := screen.ExitQuestion{Clients: s.clients}.Text()
	s.mu.Unlock()
	s.Log.Warn("no window asks before the exit; the system does")
	go func() { // not a task: an answer may never come, and the end must not wait for it
		yes, err := s.exit.confirm("Masala Inventory", question)
		if err != nil {
			s.Log.Error("nobody could be asked, the server goes on; end it with Ctrl+C or SIGTERM", "err", err)
			if errors.Is(err, ask.ErrNobody) {
				s.notify("The server is still running: no window could ask before its exit.")
			}
		}
		if yes {
			s.exitSaid(screen.ExitYes)
		} else {
			s.exitSaid(screen.ExitNo)
		}
	}()
}

func (s *Supervisor) notify(text string) {
	s.mu.Lock()
	icon := s.icon
	s.mu.Unlock()
	if icon == nil {
		return
	}
	if err := icon.Notify("Masala Inventory", text); err != nil {
		s.Log.Warn("notification", "err", err)
	}
}
