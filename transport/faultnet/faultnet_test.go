package faultnet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// pair joins two hosts of a new LAN.
func pair(t *testing.T) (a, b *Host, client, server net.Conn) {
	t.Helper()
	n := New(1)
	a, b = n.Host("192.168.1.2"), n.Host("192.168.1.3")
	ln, err := b.Listen(8090)
	if err != nil {
		t.Fatal(err)
	}
	client, err = a.Dial(t.Context(), "192.168.1.3:8090")
	if err != nil {
		t.Fatal(err)
	}
	if server, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close(); ln.Close() })
	return a, b, client, server
}

func TestBytesArriveWholeAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, c, s := pair(t)
		a.Delay(5*time.Millisecond, 20*time.Millisecond)
		sent := make([]byte, 500_000)
		for i := range sent {
			sent[i] = byte(i * 7 >> 3)
		}
		go func() {
			for rest := sent; len(rest) > 0; {
				k := min(len(rest), 1+len(rest)%5000)
				c.Write(rest[:k])
				rest = rest[k:]
			}
			c.(*conn).CloseWrite()
		}()
		got, err := io.ReadAll(s)
		if err != nil || !bytes.Equal(got, sent) {
			t.Errorf("%d of %d bytes, %v", len(got), len(sent), err)
		}
	})
}

func TestCutHoldsBytesAndMendDeliversThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, c, s := pair(t)
		a.Cut()
		if _, err := c.Write([]byte("held")); err != nil {
			t.Fatal(err)
		}
		s.SetReadDeadline(time.Now().Add(time.Minute))
		b := make([]byte, 8)
		if _, err := s.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("read through a cut cable: %v", err)
		}
		s.SetReadDeadline(time.Time{})
		time.AfterFunc(time.Minute, a.Mend)
		if n, err := s.Read(b); err != nil || string(b[:n]) != "held" {
			t.Errorf("%q, %v", b[:n], err)
		}
	})
}

func TestFullWindowBlocksTheWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, c, _ := pair(t)
		b.Deaf(true)
		c.SetWriteDeadline(time.Now().Add(time.Second))
		if n, err := c.Write(make([]byte, window+1)); n != window || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

func TestResetMoveAndRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, c, s := pair(t)
		b.Move("192.168.1.9")
		c.SetReadDeadline(time.Now().Add(time.Second))
		s.Write([]byte("x"))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a connection survived the move: %v", err)
		}
		c.SetReadDeadline(time.Time{})
		b.Reset()
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("after reset: %v", err)
		}
		if _, err := a.Dial(t.Context(), "192.168.1.9:1"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("closed port: %v", err)
		}
		b.Kill()
		if _, err := a.Dial(t.Context(), "192.168.1.9:8090"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("killed host: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if _, err := a.Dial(ctx, "192.168.1.77:8090"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("nobody there: %v", err)
		}
	})
}

func TestDatagrams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(1)
		a, b, c := n.Host("192.168.1.2"), n.Host("192.168.1.3"), n.Host("192.168.1.4")
		send, _ := a.ListenPacket(0)
		atB, _ := b.ListenPacket(8090)
		atC, _ := c.ListenPacket(8090)
		defer send.Close()
		defer atB.Close()
		defer atC.Close()
		c.Cut()
		send.WriteTo([]byte("hi"), &net.UDPAddr{IP: net.IPv4bcast, Port: 8090})
		buf := make([]byte, 8)
		if k, from, err := atB.ReadFrom(buf); err != nil || string(buf[:k]) != "hi" || from.String() != send.LocalAddr().String() {
			t.Errorf("%q from %v, %v", buf[:k], from, err)
		}
		atC.SetReadDeadline(time.Now().Add(time.Second))
		if _, _, err := atC.ReadFrom(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a cut host heard: %v", err)
		}
		time.AfterFunc(time.Second, func() { atB.Close() })
		if _, _, err := atB.ReadFrom(buf); !errors.Is(err, net.ErrClosed) {
			t.Errorf("close: %v", err)
		}
	})
}
