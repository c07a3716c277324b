package node_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"masala/core/purchase"
	"masala/storage"
)

// TestFault_HostileLAN mounts every attack on a real service over real sockets, one after
// another, while a PC of the factory works. The attack is refused and logged once per
// source; the PC notices nothing.
func TestFault_HostileLAN(t *testing.T) {
	c := newCrowd(t)
	good := c.join(c.network)
	calm, end := context.WithTimeout(c.ctx, time.Second)
	quietShift := c.work(calm, good, 10*time.Millisecond, 5)
	end()
	posted := quietShift.posted
	if len(quietShift.errs) > 0 {
		t.Fatal("before any attack: ", quietShift.errs[0])
	}
	usual := quantile(quietShift.took, 99)
	bar := max(10*usual, 500*time.Millisecond)
	t.Logf("without attack: %d calls, p50 %v, p99 %v", len(quietShift.took), quantile(quietShift.took, 50), usual)
	routines := runtime.NumGoroutine()
	length := 800 * time.Millisecond
	if d, err := time.ParseDuration(os.Getenv("MASALA_ATTACK")); err == nil {
		length = d
	}
	var later sync.WaitGroup
	for i, x := range attacks {
		t.Run(x.name, func(t *testing.T) {
			mine := *c
			life, over := context.WithCancel(c.ctx)
			defer over()
			mine.t, mine.ctx = t, life
			a := &attacker{crowd: &mine, t: t, from: fmt.Sprintf("127.0.0.%d", 100+i), length: length, later: &later, whole: c.t}
			lines := c.log.size()
			ctx, cancel := context.WithTimeout(c.ctx, length)
			defer cancel()
			wctx, done := context.WithCancel(c.ctx)
			drops := watchDrops(wctx, good.Line)
			shifts := make(chan *shift, 1)
			go func() { shifts <- c.work(wctx, good, 10*time.Millisecond, 5) }()
			var s *shift
			defer func() { // also when the attack gives up
				if done(); s == nil {
					s = <-shifts
				}
				posted = append(append(posted, s.posted...), a.extra...)
			}()
			x.run(ctx, a)
			pause(wctx, 100*time.Millisecond)
			done()
			s = <-shifts
			t.Logf("%d calls, p50 %v, p99 %v, longest %v", len(s.took), quantile(s.took, 50), quantile(s.took, 99), quantile(s.took, 100))
			if len(s.errs) > 0 {
				t.Errorf("%d calls of the others failed, the first: %v", len(s.errs), s.errs[0])
			}
			if n := drops(); n > 0 {
				t.Errorf("the others lost the connection %d times", n)
			}
			if p := quantile(s.took, 99); p > bar {
				t.Errorf("p99 of the others is %v, without attack %v", p, usual)
			}
			told, other := map[string]int{}, 0
			for _, l := range c.log.since(lines) {
				if source, ok := strings.CutPrefix(l, "WARN turned away "); ok {
					who := strings.Join(strings.Fields(source)[:2], " ") // from and why
					if told[who]++; told[who] > 1 || strings.Contains(l, "use of closed network connection") {
						t.Errorf("turned away, and noted again: %s", l)
					}
				} else {
					other++
				}
			}
			if other > 40 { // two PCs that come and go: eight times each, and the work of the day
				t.Errorf("%d lines tell of no refusal", other)
			}
		})
	}
	later.Wait()
	for i, x := range attacks { // some refusals come when the attack is over
		if len(x.logged) == 0 {
			t.Errorf("%s: nothing is to be logged", x.name)
		}
		for _, why := range x.logged {
			want := []string{"turned away", fmt.Sprintf("from=127.0.0.%d", 100+i), "why=" + why}
			switch why {
			case "wrong_password", "too_large": // by a PC that came the usual way
				want[1] = "from=127.0.0.1"
			case "another": // server: how many are named has a bound of its own
				continue
			}
			if got := c.log.holding(want...); len(got) != 1 {
				t.Errorf("%s: %q is logged %d times: %q", x.name, why, len(got), got[:min(len(got), 3)])
			}
		}
	}
	// Whoever comes now is served as ever, and nothing was lost or doubled.
	late := c.join(nil)
	req := c.books.delivery()
	must[purchase.PostGRNResp](t)(purchase.PostGRN.Call(c.ctx, late, uuid.NewString(), req))
	posted = append(posted, req.InvoiceNo)
	left := time.Now().Add(15 * time.Second)
	for runtime.NumGoroutine() > routines+60 && time.Now().Before(left) {
		time.Sleep(100 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > routines+60 {
		t.Errorf("%d goroutines, before the attacks %d", n, routines)
	}
	c.settled(posted)
}

// settled stops the service and holds its books against what was acknowledged.
func (c *crowd) settled(posted []string) {
	c.t.Helper()
	c.stop()
	path := c.folder.Database()
	report, err := storage.VerifyFile(context.Background(), path, nil)
	if err != nil || !report.OK() {
		c.t.Errorf("the books: %v, %v", report, err)
	}
	booked := invoices(c.t, path)
	for _, no := range posted {
		if booked[no] != 1 {
			c.t.Errorf("invoice %s was acknowledged and is in the books %d times", no, booked[no])
		}
		delete(booked, no)
	}
	for no, n := range booked {
		c.t.Errorf("invoice %s is in the books %d times and nobody was told", no, n)
	}
}
