// Package bubble runs tests of the transport in virtual time.
package bubble

import (
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Run is synctest.Test for code that uses yamux. yamux keeps its timers in a
// sync.Pool of the whole process, and a timer may not leave the bubble it was made
// in: the pool is emptied before and after, by the two collections that the
// memory of a Pool lasts. Nor may anybody outside take one from the pool while the
// bubble lasts, so it begins when the last streams of real time are over. Such tests
// must not run in parallel with others.
func Run(t *testing.T, fn func(t *testing.T)) {
	t.Helper()
	time.Sleep(time.Until(realTimeEnds()))
	drain()
	defer drain()
	synctest.Test(t, fn)
}

func drain() { runtime.GC(); runtime.GC() }

var lastReal struct {
	sync.Mutex
	over time.Time // when the timers of the newest test of real time have fired
}

// RealTime says that t has sessions outside of bubbles. When they are closed, yamux
// still holds a timer for each stream that the other side did not close; when it fires,
// after streamClose, it takes another from the pool.
func RealTime(t testing.TB, streamClose time.Duration) {
	t.Helper()
	t.Cleanup(func() {
		lastReal.Lock()
		defer lastReal.Unlock()
		lastReal.over = time.Now().Add(streamClose + time.Second)
	})
}

func realTimeEnds() time.Time {
	lastReal.Lock()
	defer lastReal.Unlock()
	return lastReal.over
}
