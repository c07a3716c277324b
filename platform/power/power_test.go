package power

import (
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestKeepFromManyPlacesAndAfterClose(t *testing.T) {
	w := New()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() { w.Keep(i%2 == 0) })
		if i == 10 {
			all.Go(w.Close)
		}
	}
	all.Wait()
	w.Keep(true)
	w.Close()
}
