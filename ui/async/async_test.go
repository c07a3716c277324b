package async

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"masala/core/op"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type clock struct{ t time.Time }

func (c *clock) Now() time.Time { return c.t }

func bench(r Runner) (*Host, *atomic.Int32) {
	frames := &atomic.Int32{}
	return NewHost(context.Background(), r, &clock{time.Unix(1e9, 0)}, func() { frames.Add(1) }), frames
}

func of[T any](v T, err error) func(context.Context) (T, error) {
	return func(context.Context) (T, error) { return v, err }
}

func TestValueInline(t *testing.T) {
	h, frames := bench(Inline{})
	var v Value[int]
	if x, s := v.Want(h, "a", 1, of(7, nil)); x != 7 || !s.Have || s.Loading || s.Stale || frames.Load() != 1 {
		t.Error(x, s, frames.Load())
	}
	v.Want(h, "a", 1, of(8, nil))
	if x, _ := v.Get(); x != 7 {
		t.Error("read again without need")
	}
	if x, _ := v.Want(h, "a", 2, of(8, nil)); x != 8 {
		t.Error("revision moved, not read")
	}
}

func TestLateAnswerOfAnOlderKeyIsDropped(t *testing.T) {
	var steps Steps
	h, _ := bench(&steps)
	v := Value[string]{Keep: true}
	v.Want(h, "a", 0, of("A", nil))
	steps.Do(0)
	if x, s := v.Want(h, "b", 0, of("B", nil)); x != "A" || !s.Stale || !s.Loading {
		t.Error(x, s)
	}
	v.Want(h, "c", 0, of("C", nil))
	steps.Do(1) // c answers first
	if x, s := v.Want(h, "c", 0, nil); x != "C" || s.Stale {
		t.Error(x, s)
	}
	steps.Do(0) // b comes late
	if x, _ := v.Want(h, "c", 0, nil); x != "C" {
		t.Error("late answer shown:", x)
	}
}

func TestAnotherRecordNeverShowsTheLast(t *testing.T) {
	var steps Steps
	h, _ := bench(&steps)
	var v Value[string]
	v.Want(h, 1, 0, of("lot 1", nil))
	steps.Do(0)
	v.Want(h, 1, 0, nil)
	if x, s := v.Want(h, 2, 0, of("lot 2", nil)); x != "" || s.Have {
		t.Error(x, s)
	}
}

func TestDroppedValueDoesNotComeBack(t *testing.T) {
	var steps Steps
	h, _ := bench(&steps)
	var v Value[string]
	v.Want(h, "a", 0, of("A", nil))
	steps.Do(0) // answered, but not taken in before the screen let go
	v.Drop()
	if x, s := v.Want(h, "b", 0, of("B", nil)); x != "" || s.Have || !s.Loading {
		t.Error(x, s)
	}
}

func TestErrorKeepsTheValueAndRetries(t *testing.T) {
	var steps Steps
	h, _ := bench(&steps)
	var v Value[int]
	down := errors.New("down")
	v.Want(h, 0, 1, of(5, nil))
	steps.Do(0)
	v.Want(h, 0, 2, of(0, down))
	steps.Do(0)
	if x, s := v.Want(h, 0, 2, of(6, nil)); x != 5 || s.Err != down || !s.Stale || s.Loading || len(steps.Work) != 0 {
		t.Error(x, s)
	}
	v.Retry(h)
	v.Retry(h)
	if len(steps.Work) != 1 {
		t.Fatal(len(steps.Work), "reads under way")
	}
	steps.Do(0)
	if x, s := v.Want(h, 0, 2, nil); x != 6 || s.Err != nil || s.Stale {
		t.Error(x, s)
	}
}

func TestMovingRevisionsDoNotStarve(t *testing.T) {
	var steps Steps
	h, _ := bench(&steps)
	var v Value[uint64]
	for rev := uint64(1); rev <= 5; rev++ {
		v.Want(h, 0, rev, of(rev, nil))
	}
	if len(steps.Work) != 1 {
		t.Fatal(len(steps.Work))
	}
	steps.Do(0)
	if x, s := v.Want(h, 0, 5, of(uint64(5), nil)); x != 1 || !s.Loading || !s.Stale {
		t.Error(x, s)
	}
	steps.Do(0)
	if x, s := v.Want(h, 0, 5, nil); x != 5 || s.Loading {
		t.Error(x, s)
	}
}

func TestRevision(t *testing.T) {
	s := op.State{Boot: "a", Revisions: map[op.Topic]uint64{"lots": 1, "users": 4}}
	was := Revision(s, "lots", "items")
	s.Revisions["users"]++
	if Revision(s, "lots", "items") != was {
		t.Error("moved with a topic nobody asked for")
	}
	s.Revisions["lots"]++
	if Revision(s, "lots", "items") == was {
		t.Error("did not move")
	}
	s.Revisions["lots"], s.Boot = 1, "b"
	if Revision(s, "lots", "items") == was {
		t.Error("a new service must be read anew")
	}
}

func TestActionOnceAtATime(t *testing.T) {
	var steps Steps
	h, _ := bench(&steps)
	var a Action[string]
	if !a.Start(h, of("posted", nil)) || a.Start(h, of("again", nil)) || len(steps.Work) != 1 {
		t.Fatal("two at once")
	}
	if _, _, ok := a.Done(); ok || !a.Busy() {
		t.Error("done too early")
	}
	steps.Do(0)
	if a.Start(h, of("again", nil)) {
		t.Error("started before the result was taken")
	}
	if x, err, ok := a.Done(); !ok || x != "posted" || err != nil || a.Busy() {
		t.Error(x, err, ok)
	}
	if _, _, ok := a.Done(); ok {
		t.Error("result twice")
	}
}

func TestGoroutinesEndWithTheHost(t *testing.T) {
	var g Goroutines
	h, _ := bench(&g)
	child := h.Child()
	var v Value[int]
	var a Action[int]
	wait := func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }
	v.Want(child, 1, 0, wait)
	v.Want(child, 2, 0, wait) // ends the first
	a.Start(h, wait)
	h.Close()
	g.Wait()
	if _, s := v.Get(); s.Err != nil {
		t.Error("a closed host reports nothing")
	}
	if a.Start(h, wait) {
		t.Error("started on a closed host")
	}
}
