// Package bubble runs tests of the transport in virtual time.
package bubble

import (
	"runtime"
	"testing"
	"testing/synctest"
)

// Run is synctest.Test for code that uses yamux. yamux keeps its timers in a
// sync.Pool of the whole process, and a timer may not leave the bubble it was made
// in: the pool is emptied before and after, by the two collections that the
// memory of a Pool lasts. Such tests must not run in parallel with others.
func Run(t *testing.T, fn func(t *testing.T)) {
	t.Helper()
	drain()
	defer drain()
	synctest.Test(t, fn)
}

func drain() { runtime.GC(); runtime.GC() }
