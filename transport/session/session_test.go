package session

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"masala/transport/faultnet"
	"masala/transport/faultnet/bubble"
	"masala/transport/identity"
)

func fresh(t *testing.T) *identity.Identity {
	t.Helper()
	id, err := identity.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ends are both sides of one session on a LAN in memory.
type ends struct {
	pc, server             *faultnet.Host
	clientSide, serverSide *Session
}

func join(t *testing.T) *ends {
	t.Helper()
	lan := faultnet.New(1)
	e := &ends{pc: lan.Host("192.168.1.2"), server: lan.Host("192.168.1.3")}
	ln, err := e.server.Listen(8090)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	cid, sid := fresh(t), fresh(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	type half struct {
		s   *Session
		err error
	}
	ch := make(chan half, 1)
	go func() {
		raw, err := ln.Accept()
		if err != nil {
			ch <- half{nil, err}
			return
		}
		l, err := Accept(ctx, raw, sid.ServerTLS())
		if err != nil {
			ch <- half{nil, err}
			return
		}
		s, err := l.Start(ServerOptions())
		ch <- half{s, err}
	}()
	raw, err := e.pc.Dial(ctx, "192.168.1.3:8090")
	if err != nil {
		t.Fatal(err)
	}
	l, err := Connect(ctx, raw, cid.ClientTLS(sid.Fingerprint()))
	if err != nil {
		t.Fatal(err)
	}
	if e.clientSide, err = l.Start(ClientOptions(nil)); err != nil {
		t.Fatal(err)
	}
	h := <-ch
	if h.err != nil {
		t.Fatal(h.err)
	}
	e.serverSide = h.s
	if e.serverSide.Peer() != cid.Fingerprint() || e.clientSide.Peer() != sid.Fingerprint() {
		t.Error("the sides do not know each other's key")
	}
	t.Cleanup(func() { e.clientSide.Close(); e.serverSide.Close() })
	return e
}

func TestDeadLinkIsNoticed(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		e := join(t)
		time.Sleep(time.Hour) // an idle session lives
		if e.clientSide.Cause() != nil || e.serverSide.Cause() != nil {
			t.Fatalf("idle session ended: %v, %v", e.clientSide.Cause(), e.serverSide.Cause())
		}
		began := time.Now()
		e.pc.Cut()
		<-e.clientSide.Done()
		if d := time.Since(began); d > 3*time.Second || !errors.Is(e.clientSide.Cause(), ErrSilent) {
			t.Errorf("client noticed after %v: %v", d, e.clientSide.Cause())
		}
		<-e.serverSide.Done()
		if d := time.Since(began); d > 5*time.Second {
			t.Errorf("server noticed after %v", d)
		}
	})
}

func TestShortInterruptionIsBorne(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		e := join(t)
		e.pc.Cut()
		time.Sleep(1400 * time.Millisecond)
		e.pc.Mend()
		time.Sleep(time.Minute)
		if err := e.clientSide.Cause(); err != nil {
			t.Errorf("1.4 s without cable ended the session: %v", err)
		}
	})
}

func TestLatencyIsMeasured(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		e := join(t)
		e.pc.Delay(20*time.Millisecond, 0)
		time.Sleep(3 * time.Second)
		if got := e.clientSide.Latency(); got != 40*time.Millisecond {
			t.Errorf("latency %v", got)
		}
	})
}

func TestCutStreamIsNoEOF(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		e := join(t)
		f := NewFunnel(e.serverSide.RemoteAddr())
		go f.Pour(e.serverSide, func() bool { return true })
		c, err := e.clientSide.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c.Write([]byte("half"))
		s, err := f.Accept()
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 4)
		if _, err := io.ReadFull(s, b); err != nil {
			t.Fatal(err)
		}
		e.pc.Cut()
		if _, err := s.Read(b); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("a cut stream reads as %v", err)
		}
		if _, err := c.Read(b); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("a cut stream reads as %v", err)
		}
		f.Close()
	})
}

func TestStalledWriterEndsWithTheSession(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		e := join(t)
		e.pc.Mute(true)
		c, err := e.clientSide.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := c.Write(make([]byte, 1<<20)); err == nil {
			t.Error("1 MiB went through a dead link")
		}
		if d := time.Since(began); d > 3*time.Second {
			t.Errorf("the writer hung for %v", d)
		}
	})
}

func TestOpenObeysItsContext(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		e := join(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if c, err := e.clientSide.Open(ctx); err == nil {
			c.Close()
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v", err)
		}
		synctest.Wait()
	})
}

func TestFinishDeliversWhatWasWritten(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		e := join(t)
		e.pc.Delay(100*time.Millisecond, 0)
		f := NewFunnel(e.serverSide.RemoteAddr())
		go f.Pour(e.serverSide, func() bool { return true })
		c, err := e.clientSide.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c.Write([]byte("?"))
		s, err := f.Accept()
		if err != nil {
			t.Fatal(err)
		}
		s.Write([]byte("the answer"))
		e.serverSide.Finish(time.Second)
		b := make([]byte, 10)
		if _, err := io.ReadFull(c, b); err != nil || string(b) != "the answer" {
			t.Errorf("%q, %v", b, err)
		}
		f.Close()
	})
}

func TestLateHandshakeIsDropped(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		lan := faultnet.New(1)
		pc, server := lan.Host("192.168.1.2"), lan.Host("192.168.1.3")
		ln, _ := server.Listen(8090)
		defer ln.Close()
		raw, err := pc.Dial(t.Context(), "192.168.1.3:8090")
		if err != nil {
			t.Fatal(err)
		}
		var drip sync.WaitGroup
		defer drip.Wait()
		defer raw.Close()
		drip.Go(func() { // a byte a second, for ever
			for b := []byte{22, 3, 1, 1, 0, 1}; ; time.Sleep(time.Second) {
				if _, err := raw.Write(b[:1]); err != nil {
					return
				}
				b = append(b[1:], 0)
			}
		})
		conn, _ := ln.Accept()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := Accept(ctx, conn, fresh(t).ServerTLS()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v", err)
		}
		if d := time.Since(began); d != 3*time.Second {
			t.Errorf("dropped after %v", d)
		}
	})
}

var _ net.Listener = (*Funnel)(nil)
