package node_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"masala/transport/identity"
	"masala/transport/node"
	"masala/transport/session"
	"masala/transport/wire"
)

// attacker is a PC of the LAN that means no good, at an address of its own.
// Its lines live as long as the attack; what it still waits for then, the end of the test
// waits for.
type attacker struct {
	*crowd
	t      *testing.T
	from   string
	length time.Duration
	later  *sync.WaitGroup
	whole  testing.TB
}

// dial connects to the server's LAN port, or returns nil.
func (a *attacker) dial(ctx context.Context) net.Conn { return a.dialFrom(ctx, a.from) }

func (a *attacker) dialFrom(ctx context.Context, host string) net.Conn {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}, Timeout: time.Second}
	c, err := d.DialContext(ctx, "tcp4", a.at.LAN)
	if err != nil {
		return nil
	}
	return c
}

// fresh is a key that nobody knows.
func (a *attacker) fresh() *identity.Identity {
	id, err := identity.New(rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	return id
}

// knock says hello and returns the link and the answer; the link is nil if there was none.
func (a *attacker) knock(ctx context.Context, id *identity.Identity, hello wire.Hello) (*session.Link, wire.Welcome) {
	var w wire.Welcome
	raw := a.dial(ctx)
	if raw == nil {
		return nil, w
	}
	hctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	a.t.Cleanup(cancel) // it closes the link unless that became a session
	l, err := session.Connect(hctx, raw, id.ClientTLS(""))
	if err != nil {
		return nil, w
	}
	if l.Send(hello) != nil || l.Receive(&w) != nil {
		l.Close()
		return nil, w
	}
	return l, w
}

// keeps knocking while ctx lasts; every answer must have the reason. The server may be
// too busy with this PC to answer each time, but not always.
func (a *attacker) keepsKnocking(ctx context.Context, id *identity.Identity, hello wire.Hello, want wire.Reason) {
	answers := 0
	for ctx.Err() == nil {
		l, w := a.knock(ctx, id, hello)
		if l == nil {
			pause(ctx, 5*time.Millisecond) // its own PC does the work of these tries
			continue
		}
		l.Close()
		answers++
		if w.Reason != want || w.Message == "" || len(w.Proof) != 0 {
			a.t.Errorf("answered %+v, want %s", w, want)
		}
	}
	if answers == 0 {
		a.t.Error("never answered")
	}
}

// identityOf is the key of a paired PC, as a thief reads it from its disk.
func (a *attacker) identityOf(s *node.SetupFile) *identity.Identity {
	b, err := os.ReadFile(s.Folder.Identity())
	if err != nil {
		a.t.Fatal(err)
	}
	id, err := identity.Decode(b)
	if err != nil {
		a.t.Fatal(err)
	}
	return id
}

// insider is an open session of a paired PC, to be misused below HTTP.
func (a *attacker) insider(ctx context.Context, id *identity.Identity) *session.Link {
	l, w := a.knock(ctx, id, wire.Hello{Protocol: wire.Protocol, Want: wire.WantSession, Name: "INSIDER"})
	if l == nil || w.Reason != "" {
		a.t.Fatalf("a paired PC is answered %+v", w)
	}
	return l
}

// an attack runs until ctx ends. logged is what the log must say of its address: each
// in exactly one line. quiet attacks come from sockets that say nothing of themselves.
type attack struct {
	name   string
	run    func(ctx context.Context, a *attacker)
	logged []string
}

// flood holds as many connections open as it can, each treated by fn.
func flood(ctx context.Context, a *attacker, hosts, each int, fn func(net.Conn)) {
	var all sync.WaitGroup
	defer all.Wait()
	for h := range hosts {
		host := a.from
		if h > 0 {
			host = strings.Replace(a.from, "127.0.0.", fmt.Sprintf("127.0.%d.", h), 1)
		}
		for range each {
			all.Go(func() {
				for ctx.Err() == nil {
					if c := a.dialFrom(ctx, host); c != nil {
						leave := context.AfterFunc(ctx, func() { _ = c.Close() })
						fn(c)
						leave()
						_ = c.Close()
					}
					pause(ctx, 20*time.Millisecond)
				}
			})
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// drain reads until the server hangs up.
func drain(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// The bars of the hostile LAN, in figures and not in the program's own constants.
const (
	strangerTime = 3 * time.Second // for TLS and hello
	silentTime   = 5 * time.Second // of a session without any byte
)

// holds checks, behind the attack, that the server hangs up on c within a time.
func (a *attacker) holds(c net.Conn, within time.Duration) {
	if c == nil {
		return
	}
	began := time.Now()
	a.later.Go(func() {
		defer c.Close()
		_ = c.SetReadDeadline(began.Add(within + 5*time.Second))
		drain(c)
		if d := time.Since(began); d > within+2*time.Second {
			a.whole.Errorf("from %s: a connection was held for %v", a.from, d)
		}
	})
}
