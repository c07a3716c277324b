package account_test

import (
	"testing"
	"time"

	"masala/core/account"
)

// TestThrottle: three wrong tries are free, each further one waits twice as long up to
// a minute; a right one forgets them; another PC and another account do not wait.
func TestThrottle(t *testing.T) {
	var th account.Throttle
	now := time.Date(2026, 2, 12, 4, 30, 0, 0, time.UTC)
	who := account.Try{Login: "owner", Device: 3}
	try := func(who account.Try, right bool) time.Duration {
		wait := th.Begin(who, now)
		if wait == 0 {
			th.End(who, right, now)
		}
		return wait
	}
	for i, want := range []time.Duration{0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60} {
		if got := try(who, false); got != want*time.Second {
			t.Fatalf("try %d waits %v, want %ds", i, got, want)
		}
		if want > 0 {
			now = now.Add(want * time.Second)
			if got := try(who, false); got != 0 {
				t.Fatalf("try %d, after the wait: %v", i, got)
			}
		}
	}
	for _, other := range []account.Try{{Login: "owner", Device: 4}, {Login: "store1", Device: 3}} {
		if got := try(other, true); got != 0 {
			t.Errorf("%+v waits %v", other, got)
		}
	}
	now = now.Add(time.Minute)
	if try(who, true) != 0 || try(who, false) != 0 || try(who, false) != 0 {
		t.Error("a right try forgets nothing")
	}
}

// TestThrottle_AtTheSameMoment: guesses sent together are not all compared, whatever
// account they name.
func TestThrottle_AtTheSameMoment(t *testing.T) {
	var th account.Throttle
	now := time.Date(2026, 2, 12, 4, 30, 0, 0, time.UTC)
	compared := 0
	for i := range 10 {
		if th.Begin(account.Try{Login: string(rune('a' + i)), Device: 3}, now) == 0 {
			compared++
		}
	}
	if compared != 2 {
		t.Errorf("%d tries of one PC are compared at once", compared)
	}
	if th.Begin(account.Try{Login: "owner", Device: 4}, now) != 0 {
		t.Error("another PC waits for them")
	}
	th.End(account.Try{Login: "a", Device: 3}, false, now)
	if th.Begin(account.Try{Login: "k", Device: 3}, now) != 0 {
		t.Error("the next one does not follow")
	}
}
