package transport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"masala/core"
	"masala/core/op"
	"masala/transport/client"
	"masala/transport/faultnet/bubble"
	"masala/transport/wire"
)

func TestCallCarriesEverything(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		p.SetToken("session-token")
		if _, err := post.Call(t.Context(), p, "key-1", ask{"हल्दी"}); err != nil {
			t.Fatal(err)
		}
		if r := f.books.last; r.Operation != "test.post" || r.Key != "key-1" || r.Token != "session-token" || r.Peer.Device != 1 {
			t.Errorf("%+v", r)
		}
		p.SetToken("")
		f.books.set(func() {
			f.books.hook = func(op.Request) error { return core.Invalid("qty", "Quantity is missing.").With("n", 1) }
		})
		_, err := read.Call(t.Context(), p, "", ask{})
		var e *core.Error
		if !as(err, &e) || e.Field != "qty" || e.Code != core.CodeInvalid || e.Args["n"] != 1.0 || f.books.last.Token != "" {
			t.Errorf("%+v, token %q", err, f.books.last.Token)
		}
		f.books.set(func() { f.books.hook = func(op.Request) error { return fmt.Errorf("open /secret/path") } })
		_, err = read.Call(t.Context(), p, "", ask{})
		mustCode(t, err, core.CodeInternal)
		f.books.set(func() { f.books.hook = func(op.Request) error { panic("bug") } })
		_, err = read.Call(t.Context(), p, "", ask{})
		mustCode(t, err, core.CodeInternal)
		if strings.Contains(err.Error(), "bug") {
			t.Errorf("%v", err)
		}
		if !p.Status().Up() {
			t.Error("a panic in one call ended the session")
		}
	})
}

func TestLargeBodies(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		body, _ := json.Marshal(ask{strings.Repeat("x", wire.MaxRequest-100)})
		answer, err := p.Call(t.Context(), "test.post", "k", body)
		if err != nil || !bytes.Equal(answer, body) {
			t.Errorf("%d of %d bytes back, %v", len(answer), len(body), err)
		}
		_, err = p.Call(t.Context(), "test.post", "k2", make([]byte, wire.MaxRequest+1))
		mustCode(t, err, core.CodeInvalid)
		if n := f.books.arrived(); n != 1 {
			t.Errorf("%d arrived", n)
		}
	})
}

func TestStatesArePushed(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		next := func(want uint64) {
			t.Helper()
			select {
			case s := <-p.states:
				if s.Revisions["stock"] != want || s.Factory != "Test" {
					t.Errorf("state %+v, want revision %d", s, want)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("revision %d did not come", want)
			}
		}
		next(1)
		f.books.touch()
		next(2)
		p.host.Cut()
		p.await(t, "lost", 3*time.Second, is(client.Lost))
		f.books.touch()
		p.host.Mend()
		next(3) // the snapshot of the new session
	})
}

func TestShutdownLetsAnswersFinish(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		p.host.Delay(50*time.Millisecond, 0)
		gate := make(chan struct{})
		f.books.set(func() { f.books.gate = gate })
		var calls sync.WaitGroup
		for i := range 5 {
			calls.Go(func() {
				if _, err := post.Call(context.Background(), p, fmt.Sprint(i), ask{"x"}); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(time.Second)
		time.AfterFunc(2*time.Second, func() { close(gate) })
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		if err := f.server.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if d := time.Since(began); d < 2*time.Second || d > 4*time.Second {
			t.Errorf("shutdown took %v", d)
		}
		calls.Wait()
		if n := f.books.arrived(); n != 5 {
			t.Errorf("%d requests for 5 calls: answers were cut off", n)
		}
		f.books.set(func() { f.books.gate = nil })
		f.start()
		p.online(t)
	})
}

func TestShutdownDoesNotWaitForEver(t *testing.T) {
	bubble.Run(t, func(t *testing.T) {
		f := newFactory(t)
		p := f.pc()
		p.online(t)
		gate := make(chan struct{})
		f.books.set(func() { f.books.gate = gate })
		go read.Call(context.Background(), p, "", ask{"x"})
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		if err := f.server.Shutdown(ctx); err == nil || time.Since(began) > 4*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		f.start()
	})
}
