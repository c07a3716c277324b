package transport_test

import (
	"context"
	"testing"
	"time"

	"masala/transport/faultnet/bubble"
	"masala/transport/server"
	"masala/transport/session"
	"masala/transport/wire"
)

// insider is a session of a paired PC, to be misused below HTTP.
func (f *factory) insider(p *pc) *session.Session {
	f.t.Helper()
	raw, err := p.host.Dial(f.t.Context(), serverAddress)
	if err != nil {
		f.t.Fatal(err)
	}
	l, err := session.Connect(f.t.Context(), raw, p.id.ClientTLS(f.id.Fingerprint()))
	if err != nil {
		f.t.Fatal(err)
	}
	var w wire.Welcome
	if l.Send(wire.Hello{Protocol: wire.Protocol, Want: wire.WantSession}) != nil || l.Receive(&w) != nil || w.Reason != "" {
		f.t.Fatalf("answered %+v", w)
	}
	run, err := l.Start(session.ClientOptions(nil))
	if err != nil {
		f.t.Fatal(err)
	}
	return run
}

// opens opens up to n streams and returns how many it got.
func opens(run *session.Session, n int) (got int) {
	for got < n {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		_, err := run.Open(ctx)
		cancel()
		if err != nil {
			break
		}
		got++
	}
	time.Sleep(100 * time.Millisecond)
	return got
}

// TestStreamsOfOnePC: a paired PC that opens streams without end loses its session, and
// one that spreads them over many sessions loses the last. Others do not notice.
func TestStreamsOfOnePC(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		bad, good := f.pc(), f.pc()
		bad.online(t)
		good.online(t)
		bad.stop()
		time.Sleep(5 * time.Second)
		one := f.insider(bad)
		if got := opens(one, 2_000); one.Cause() == nil || got > 8*wire.MaxStreams {
			t.Errorf("a session has %d streams, %v", got, one.Cause())
		}
		one.Close()
		each, limits := wire.MaxStreams-4, server.DefaultLimits
		var runs []*session.Session
		for range limits.OfDevice/each + 1 {
			run := f.insider(bad)
			runs = append(runs, run)
			opens(run, each)
		}
		for i, run := range runs {
			if ended := run.Cause() != nil; ended != (i == len(runs)-1) {
				t.Errorf("session %d of %d: %v", i+1, len(runs), run.Cause())
			}
		}
		if _, err := post.Call(t.Context(), good, "k", ask{"x"}); err != nil {
			t.Error(err)
		}
		for _, run := range runs {
			run.Close()
		}
		time.Sleep(session.StreamClose)
	})
}

// TestManyCallsAtOnce: a window that asks for more at once than a session may carry waits
// its turn.
func TestManyCallsAtOnce(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		gate := make(chan struct{})
		f.books.set(func() { f.books.gate = gate })
		const calls = 4 * wire.MaxStreams
		done := make(chan error, calls)
		for range calls {
			go func() {
				_, err := read.Call(patient(t), p, "", ask{"x"})
				done <- err
			}()
		}
		time.Sleep(3 * time.Second)
		if n := f.books.arrived(); n >= wire.MaxStreams || n < 8 {
			t.Errorf("%d calls are served at once", n)
		}
		close(gate)
		for range calls {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if s := p.Status(); !s.Up() {
			t.Errorf("%+v", s)
		}
	})
}
