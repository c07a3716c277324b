package storage

import "sync"

// Prepared collects the text of every statement that connections opened from now on
// prepare, until stop is called.
func Prepared() (statements func() []string, stop func()) {
	var mu sync.Mutex
	seen := map[string]bool{}
	order := []string{}
	onPrepare = func(query string) {
		mu.Lock()
		defer mu.Unlock()
		if !seen[query] {
			seen[query] = true
			order = append(order, query)
		}
	}
	return func() []string { mu.Lock(); defer mu.Unlock(); return order }, func() { onPrepare = nil }
}
