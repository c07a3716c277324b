package node

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"masala/core"
)

// fakeParent pings and hears answers as a supervisor does.
type fakeParent struct {
	pings   chan struct{}
	answers chan string
}

func (p fakeParent) Pings() <-chan struct{}    { return p.pings }
func (p fakeParent) Answer(doing string) error { p.answers <- doing; return nil }

func newPulse(t *testing.T) (*Pulse, fakeParent) {
	up := fakeParent{make(chan struct{}), make(chan string, 1)}
	p := &Pulse{}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { defer close(over); p.answer(ctx, up) }()
	t.Cleanup(func() { cancel(); <-over })
	return p, up
}

func (p fakeParent) hears(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-p.answers:
		if !strings.HasPrefix(got, want) {
			t.Fatalf("answered %q, want %q", got, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("no answer, want %q", want)
	}
}

// turns is a writer whose turns the test gives.
type turns chan error

func (w turns) ask(ctx context.Context) error {
	select {
	case err := <-w:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestFault_1_4_AnswersThatAreNoHang: a start, a migration, a restore and a disk that
// cannot be written are answers; only a writer that gives no turn is silent.
func TestFault_1_4_AnswersThatAreNoHang(t *testing.T) {
	p, up := newPulse(t)
	ping := func() { up.pings <- struct{}{} }
	ping()
	up.hears(t, "starting")
	p.Say("migrating")
	ping()
	up.hears(t, "migrating")

	w := make(turns)
	p.InService(w.ask)
	for err, want := range map[error]string{
		nil:                                    "in service",
		core.Errorf(core.CodeDiskFull, "full"): "disk full",
		errors.New("attempt to write a readonly database"): "cannot write: attempt to write a readonly",
	} {
		ping()
		w <- err
		up.hears(t, want)
	}

	ping() // the writer gives no turn
	select {
	case a := <-up.answers:
		t.Fatalf("answered %q although the writer gave no turn", a)
	case <-time.After(100 * time.Millisecond):
	}
	p.Say("restoring 40 %") // the ping under way is answered at once
	up.hears(t, "restoring 40 %")
	for _, doing := range []string{"restoring 41 %", "restoring 99 %"} {
		p.Say(doing)
		ping()
		up.hears(t, doing)
	}
	p.Say("")
	ping() // asks the writer again, in the turn that is still outstanding
	w <- nil
	up.hears(t, "in service")
}
