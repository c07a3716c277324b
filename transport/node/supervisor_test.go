package node

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"masala/platform/ask"
	"masala/platform/supervise"
	"masala/ui/screen"
)

// noWindow is a supervisor whose window never comes.
func noWindow(t *testing.T, confirm func(string, string) (bool, error)) *Supervisor {
	s := &Supervisor{Log: slog.New(slog.DiscardHandler)}
	s.ctx, s.stop = context.WithCancel(t.Context())
	s.window = supervise.New(supervise.Child{Name: "window"}, s.Log)
	s.opened = true // as if it hung at its start
	s.exit.confirm, s.exit.patience = confirm, time.Millisecond
	t.Cleanup(func() { s.stop(); s.tasks.Wait() })
	return s
}

// TestFault_1_1_SystemAsksWhenTheWindowCannot: Exit Server is neither obeyed without
// a question nor without effect when no window comes.
func TestFault_1_1_SystemAsksWhenTheWindowCannot(t *testing.T) {
	for _, c := range []struct {
		yes bool
		err error
	}{{true, nil}, {false, nil}, {false, ask.ErrNobody}} {
		asked := make(chan string, 1)
		s := noWindow(t, func(_, question string) (bool, error) { asked <- question; return c.yes, c.err })
		s.setClients(4)
		s.askExit()
		if q := <-asked; q != "4 clients are connected. Are you sure?" {
			t.Errorf("asked %q", q)
		}
		limit := time.Now().Add(10 * time.Second)
		for answered := false; !answered && time.Now().Before(limit); time.Sleep(time.Millisecond) {
			s.mu.Lock()
			answered = !s.exit.open
			s.mu.Unlock()
		}
		if ended := s.ctx.Err() != nil; ended != c.yes {
			t.Errorf("answer %v, %v: the server ended: %v", c.yes, c.err, ended)
		}
	}
}

func TestFault_1_1_WindowThatAsksIsEnough(t *testing.T) {
	s := noWindow(t, func(string, string) (bool, error) { return false, errors.New("the system must not ask") })
	s.exit.patience = time.Hour
	s.setClients(1)
	s.askExit()
	if f := s.launch(); f[FactExit] != "1" {
		t.Errorf("a window that starts is told %v", f)
	}
	s.exitSaid(screen.ExitShown)
	s.tasks.Wait() // nobody waits for the window any more
	s.exitSaid(screen.ExitNo)
	if f := s.launch(); s.ctx.Err() != nil || f[FactExit] != "" {
		t.Error("No ends the question and nothing else", f)
	}
	s.askExit()
	s.exitSaid(screen.ExitShown)
	s.exitSaid(screen.ExitYes)
	if s.ctx.Err() == nil {
		t.Error("Yes must end the server")
	}
}
