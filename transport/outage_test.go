package transport_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"masala/core/op"
	"masala/transport/client"
	"masala/transport/faultnet/bubble"
)

func TestMinuteWithoutLink(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		p.host.Delay(2*time.Millisecond, time.Millisecond)

		const writers, each = 4, 200
		ctx := patient(t)
		var work sync.WaitGroup
		for w := range writers {
			work.Go(func() {
				for i := range each {
					key := fmt.Sprintf("%d-%d", w, i)
					if a, err := post.Call(ctx, p, key, ask{key}); err != nil || a.Text != key {
						t.Errorf("%s: %q, %v", key, a.Text, err)
						return
					}
					time.Sleep(time.Duration(w+1) * 50 * time.Millisecond)
				}
			})
		}
		time.Sleep(5 * time.Second)
		began := time.Now()
		p.host.Cut()
		p.await(t, "lost", 3*time.Second, is(client.Lost))
		time.Sleep(time.Minute - time.Since(began))
		if s := p.Status(); s.State != client.Lost || s.Attempt < 15 || time.Until(s.NextTry) > 3*time.Second || s.Text() != client.LostText {
			t.Errorf("after a minute: %+v", s)
		}
		p.host.Mend()
		if d := p.online(t); d > time.Second {
			t.Errorf("back %v after the link", d)
		}
		work.Wait()
		f.books.once(t, writers*each)
	})
}

// The link returns at every phase of the search.
func TestBackWithinASecondWhenever(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		for i := range 40 {
			p.online(t)
			p.host.Cut()
			p.await(t, "lost", 3*time.Second, is(client.Lost))
			time.Sleep(time.Duration(i) * 137 * time.Millisecond)
			p.host.Mend()
			if d := p.online(t); d > time.Second {
				t.Errorf("round %d: back %v after the link", i, d)
			}
		}
	})
}

func TestLostAnswerIsAskedForAgain(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		if _, err := read.Call(t.Context(), p, "", ask{"warm"}); err != nil { // opens a stream
			t.Fatal(err)
		}
		p.host.Deaf(true)
		time.AfterFunc(8*time.Second, func() { p.host.Deaf(false) })
		if a, err := post.Call(patient(t), p, "k1", ask{"once"}); err != nil || a.Text != "once" {
			t.Fatalf("%q, %v", a.Text, err)
		}
		if n := f.books.arrived(); n != 3 {
			t.Errorf("%d requests arrived, want the read and the write twice", n)
		}
		f.books.once(t, 1)
	})
}

func TestWriteWithoutKeyIsSentOnce(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		if _, err := read.Call(t.Context(), p, "", ask{"warm"}); err != nil {
			t.Fatal(err)
		}
		p.host.Deaf(true)
		time.AfterFunc(8*time.Second, func() { p.host.Deaf(false) })
		_, err := secret.Call(patient(t), p, "", ask{"old and new password"})
		var u *client.Unreachable
		if !as(err, &u) || !u.Sent {
			t.Errorf("err = %v", err)
		}
		p.online(t)
		time.Sleep(time.Minute)
		if n := f.books.arrived(); n != 2 {
			t.Errorf("%d requests arrived", n)
		}
		// Before it was sent, an outage is simply waited for.
		p.host.Cut()
		p.await(t, "lost", 3*time.Second, is(client.Lost))
		time.AfterFunc(20*time.Second, p.host.Mend)
		if _, err := secret.Call(patient(t), p, "", ask{"x"}); err != nil {
			t.Error(err)
		}
	})
}

func TestServerKilledAndStartedAgain(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		gate := make(chan struct{})
		f.books.set(func() { f.books.gate = gate })
		done := make(chan error, 1)
		go func() {
			_, err := post.Call(patient(t), p, "k1", ask{"x"})
			done <- err
		}()
		time.Sleep(time.Second)
		f.host.Kill()
		close(gate)
		f.books.set(func() { f.books.gate = nil })
		p.await(t, "lost", time.Second, is(client.Lost))
		f.server.Close()
		time.Sleep(10 * time.Second)
		began := time.Now()
		f.start()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if d := time.Since(began); d > time.Second {
			t.Errorf("answered %v after the start", d)
		}
		f.books.once(t, 1)
	})
}

func TestServerMoves(t *testing.T) {
	for _, probes := range []bool{true, false} {
		t.Run(fmt.Sprintf("probes=%v", probes), func(t *testing.T) {
			bubble.Run(t, func(t *testing.T) {
				f := newFactory(t)
				f.beacon()
				host := f.lan.Host("192.168.1.50")
				if !probes {
					// The probe socket of this PC is blocked: beacons must do.
					f.lan.Host("192.168.1.51")
				}
				p := f.pc(func(c *client.Config) {
					c.Dial = host.Dial
					f.finder(c, host)
					if !probes {
						c.Finder = beaconsOnly{c.Finder}
					}
				})
				p.online(t)
				f.host.Move("192.168.1.77")
				p.await(t, "lost", 3*time.Second, is(client.Lost))
				if d := p.online(t); d > 5*time.Second || probes && d > time.Second {
					t.Errorf("found again after %v", d)
				}
				if a := p.Status().Address; a != "192.168.1.77:8090" {
					t.Errorf("address %s", a)
				}
			})
		})
	}
}

type beaconsOnly struct{ client.Finder }

func (beaconsOnly) Probe(string) {}

func TestFiftyClientsAfterTheSwitchDied(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		var pcs []*pc
		for range 50 {
			pcs = append(pcs, f.pc())
		}
		for _, p := range pcs {
			p.online(t)
		}
		if n := f.count(); n != 50 {
			t.Errorf("%d clients", n)
		}
		f.lan.SwitchOff()
		time.Sleep(30 * time.Second)
		if n := f.count(); n != 0 {
			t.Errorf("%d clients without a switch", n)
		}
		f.lan.SwitchOn()
		began := time.Now()
		ctx := patient(t)
		var all sync.WaitGroup
		for i, p := range pcs {
			all.Go(func() {
				if _, err := post.Call(ctx, p, fmt.Sprint(i), ask{"x"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if d := time.Since(began); d > 3*time.Second {
			t.Errorf("the last was back after %v", d)
		}
		f.books.once(t, 50)
	})
}

func TestSleepingPC(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		clock := &wall{}
		p := f.pc(func(c *client.Config) { c.Clock = clock })
		p.online(t)
		time.Sleep(time.Minute)
		if n := p.Status().Since; time.Since(n) < 50*time.Second {
			t.Fatalf("online only since %v", n)
		}
		clock.jump(time.Hour)
		p.await(t, "lost", 2*time.Second, is(client.Lost))
		p.online(t)
	})
}

type wall struct {
	mu  sync.Mutex
	off time.Duration
}

func (w *wall) Now() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return time.Now().Add(w.off) }

func (w *wall) jump(d time.Duration) { w.mu.Lock(); w.off += d; w.mu.Unlock() }

func TestHungServerIsCalledSlow(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		gate := make(chan struct{})
		f.books.set(func() { f.books.gate = gate })
		done := make(chan error, 2)
		began := time.Now()
		go func() {
			_, err := post.Call(patient(t), p, "k1", ask{"x"})
			done <- err
		}()
		p.await(t, "slow", 11*time.Second, is(client.Slow))
		if d := time.Since(began); d < 9*time.Second {
			t.Errorf("slow after %v", d)
		}
		if s := p.Status(); s.Text() != client.SlowText || !s.Up() {
			t.Errorf("%+v", s)
		}
		close(gate)
		f.books.set(func() { f.books.gate = nil })
		if err := <-done; err != nil {
			t.Error(err)
		}
		p.await(t, "online", time.Second, is(client.Online))
		f.books.once(t, 1)

		// A call whose caller gives up after its ten seconds leaves the sign standing.
		gate = make(chan struct{})
		f.books.set(func() { f.books.gate = gate })
		_, err := post.Call(context.Background(), p, "k2", ask{"x"})
		var u *client.Unreachable
		if !as(err, &u) || !u.Sent {
			t.Errorf("err = %v", err)
		}
		p.await(t, "slow", time.Second, is(client.Slow))
		p.RetryNow()
		p.await(t, "lost", time.Second, is(client.Lost))
		close(gate)
		f.books.set(func() { f.books.gate = nil })
		p.online(t)
	})
}

// Reads that are answered do not take the sign down while a write still waits.
func TestHungWriterStaysSlow(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		gate := make(chan struct{})
		f.books.set(func() {
			f.books.hook = func(r op.Request) error {
				if r.Operation == "test.post" {
					<-gate
				}
				return nil
			}
		})
		done := make(chan error, 1)
		go func() {
			_, err := post.Call(patient(t), p, "k1", ask{"x"})
			done <- err
		}()
		p.await(t, "slow", 11*time.Second, is(client.Slow))
		if _, err := read.Call(t.Context(), p, "", ask{"x"}); err != nil {
			t.Error(err)
		}
		if s := p.Status().State; s != client.Slow {
			t.Errorf("a read made the server look %s", s)
		}
		close(gate)
		if err := <-done; err != nil {
			t.Error(err)
		}
		p.await(t, "online", time.Second, is(client.Online))
		f.books.once(t, 1)
	})
}

func TestLongOperationIsNotCalledSlow(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		gate := make(chan struct{})
		f.books.set(func() { f.books.gate = gate })
		time.AfterFunc(45*time.Second, func() { close(gate) })
		time.AfterFunc(40*time.Second, func() {
			if s := p.Status().State; s != client.Online {
				t.Errorf("a report makes the server look %s", s)
			}
		})
		if _, err := report.Call(context.Background(), p, "", ask{"x"}); err != nil {
			t.Error(err)
		}
	})
}

func TestCallEndsWithItsContext(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		p.host.Cut()
		p.await(t, "lost", 3*time.Second, is(client.Lost))
		began := time.Now()
		_, err := post.Call(context.Background(), p, "k", ask{"x"})
		var u *client.Unreachable
		if !as(err, &u) || u.Sent || time.Since(began) != 10*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		ctx, cancel := context.WithCancel(patient(t))
		time.AfterFunc(time.Second, cancel)
		if _, err := post.Call(ctx, p, "k", ask{"x"}); !as(err, &u) {
			t.Errorf("cancelled: %v", err)
		}
		synctest.Wait()
	})
}
