package drill

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"masala/platform/freeze"
	"masala/transport/node"
	"masala/ui/screen"
)

// kill ends the server as a crash would, in the middle of whatever it does.
func (s *stage) kill() error {
	pid := 0
	if err := s.until(patience, "the server runs", func() bool { pid = s.pid(); return pid != 0 }); err != nil {
		return err
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return p.Kill()
}

func (s *stage) some() []*client { return s.clients[:min(4, len(s.clients))] }

// kills is scenario 1.2.
func (s *stage) kills() (string, []Figure, error) {
	before := s.books.len()
	end := s.posting(s.some())
	worst := time.Duration(0)
	err := func() error {
		for range s.options.Kills {
			if _, err := s.answeredAfter(time.Now(), patience); err != nil {
				return err
			}
			time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond) // the random moment is the point
			if err := s.kill(); err != nil {
				return err
			}
			took, err := s.answeredAfter(time.Now(), patience)
			if err != nil {
				return err
			}
			worst = max(worst, took)
		}
		return nil
	}()
	if err = errors.Join(err, end()); err == nil {
		err = s.compare()
	}
	return fmt.Sprintf("Killed %d times at random moments; %d GRNs acknowledged meanwhile, none lost, none there twice", s.options.Kills, s.books.len()-before),
		[]Figure{{"Longest wait for the next answer", worst, 0}}, err
}

// hang is scenario 1.4.
func (s *stage) hang() (string, []Figure, error) {
	end := s.posting(s.some())
	var took time.Duration
	err := func() error {
		if _, err := s.answeredAfter(time.Now(), patience); err != nil {
			return err
		}
		hung := s.pid()
		if hung == 0 {
			return errors.New("the server does not run")
		}
		at := time.Now()
		if err := freeze.Process(hung); err != nil {
			return err
		}
		if err := s.until(s.options.Recovery, "another server process runs", func() bool { n := s.pid(); return n != 0 && n != hung }); err != nil {
			return err
		}
		_, err := s.answeredAfter(time.Now(), patience)
		took = time.Since(at)
		return err
	}()
	if err = errors.Join(err, end()); err == nil {
		err = s.compare()
	}
	return fmt.Sprintf("Server process stopped for good; after %s without an answer the watchdog replaced it, and what was in flight is there once", seconds(s.options.Watch.Limit)),
		[]Figure{{"Clients are answered again after", took, s.options.Recovery}}, err
}

// secondStart is scenario 6.2, for the same data folder.
func (s *stage) secondStart() (string, []Figure, error) {
	pid := s.pid()
	begun := time.Now()
	out, code, err := s.run(s.serveArgs()...)
	took := time.Since(begun)
	switch {
	case err != nil:
		return "", nil, err
	case code != 5:
		return "", nil, fmt.Errorf("the second start ended with exit %d: %s", code, strings.TrimSpace(out))
	case s.pid() != pid || pid == 0:
		return "", nil, fmt.Errorf("the first server is process %d and was %d", s.pid(), pid)
	}
	return "Refused with its reason; the first server was not disturbed", []Figure{{"Refused after", took, 0}}, s.post(s.ctx, s.clients[0], s.invoice())
}

// windowEnds is what a closed or crashed window of the server PC does to the server.
func (s *stage) windowEnds() (string, []Figure, error) {
	if !s.options.Display {
		return "", nil, leave("there is no display here")
	}
	if err := (&node.SetupFile{Folder: s.folder}).Change(func(n *node.Setup) { n.Role = screen.RoleServer }); err != nil {
		return "", nil, err
	}
	pid, since := s.pid(), s.clients[0].Status().Since
	end := s.posting(s.some())
	err := func() error {
		ctx, cancel := context.WithCancel(s.ctx)
		defer cancel()
		window := exec.CommandContext(ctx, s.options.Program, "ui", "--quiet", "--data", string(s.folder))
		if err := window.Start(); err != nil {
			return err
		}
		ended := make(chan struct{})
		go func() { _ = window.Wait(); close(ended) }() // killed below
		shown := s.until(patience, "the window shows the login", func() bool {
			b, _ := os.ReadFile(filepath.Join(s.folder.Logs(), "window.log")) // not there at first
			return strings.Contains(string(b), "screen=login")
		})
		cancel()
		<-ended
		_, err := s.answeredAfter(time.Now(), patience)
		return errors.Join(shown, err)
	}()
	err = errors.Join(err, end())
	if err == nil && (s.pid() != pid || !s.clients[0].Status().Since.Equal(since)) {
		err = errors.New("the server or a client's connection did not last")
	}
	return "Opened and killed; the server went on, no client lost its connection", nil, err
}
