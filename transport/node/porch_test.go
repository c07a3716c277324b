package node

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"masala/core/backup"
	"masala/platform/paths"
	"masala/transport/client"
	"masala/transport/identity"
	"masala/ui/screen"
)

// TestFault_3_1_ServerTellsThatItStarts: while the books are opened, a PC reads what is done
// and how far it is, instead of a port where nobody listens; then the port is free for
// the service.
func TestFault_3_1_ServerTellsThatItStarts(t *testing.T) {
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	id, err := identity.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	setup := &SetupFile{Folder: paths.Folder(t.TempDir())}
	if err := setup.Change(func(s *Setup) { s.Server = client.Known{Fingerprint: id.Fingerprint(), Address: address} }); err != nil {
		t.Fatal(err)
	}
	line, err := NewLine(LineOptions{Setup: setup, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan struct{})
	go func() { line.Run(ctx); close(ran) }()
	defer func() { cancel(); <-ran }()
	until := func(what string, is func(screen.Status) bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !is(line.Status()); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: never, but %+v", what, line.Status())
			}
		}
	}
	starting := func(says string) func(screen.Status) bool {
		return func(s screen.Status) bool {
			return s.Phase == screen.Refused && s.Refusal == screen.Starting && strings.HasPrefix(s.Detail, says)
		}
	}

	pulse := &Pulse{}
	s := &service{options: ServiceOptions{Listen: address, Log: log, Pulse: pulse}}
	end := s.porch(ctx, id, backup.Anchor{Name: "SERVER-PC"})
	until("starting", starting("The server is starting. What"))
	pulse.Say("migrating 3 of 19")
	until("migrating", starting("The server is starting: it brings its data up to date, step 3 of 19. What you typed is kept"))
	end()
	end()
	ln, err := net.Listen("tcp4", address)
	if err != nil {
		t.Fatalf("the port is not free: %v", err)
	}
	ln.Close()
	until("searching again", func(s screen.Status) bool { return s.Phase == screen.Searching && s.Refusal == "" })

	// Books that open at once need no porch: nobody would see it.
	end = s.porch(ctx, id, backup.Anchor{})
	if c, err := net.Dial("tcp4", address); err == nil {
		c.Close()
		t.Error("the port is open at once")
	}
	end()
}
