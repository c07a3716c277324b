package storage

import "sync"

// shelf holds the readers that are free. Whoever comes takes the one that was used last:
// its cache is warm, and the caches of those that are seldom needed stay empty.
type shelf struct {
	free chan struct{} // as often as there are readers
	mu   sync.Mutex
	list []*conn
}

func newShelf(size int) *shelf { return &shelf{free: make(chan struct{}, size)} }

// take removes the reader used last; the caller has received from free.
func (s *shelf) take() *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.list) - 1
	c := s.list[last]
	s.list = s.list[:last]
	return c
}

func (s *shelf) put(c *conn) {
	s.mu.Lock()
	s.list = append(s.list, c)
	s.mu.Unlock()
	s.free <- struct{}{}
}
