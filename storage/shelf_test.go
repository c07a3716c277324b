package storage

import "testing"

// Whoever comes one after the other always gets the same reader, whose cache is warm;
// only those who come at once get others.
func TestTheReaderUsedLastComesFirst(t *testing.T) {
	s := newShelf(3)
	for range 3 {
		s.put(&conn{})
	}
	take := func() *conn { <-s.free; return s.take() }
	warm := take()
	s.put(warm)
	for range 5 {
		if c := take(); c != warm {
			t.Fatal("a cold reader came while the warm one was free")
		} else {
			s.put(c)
		}
	}
	a, b, c := take(), take(), take()
	if a != warm || b == a || c == a || b == c {
		t.Error("two have the same reader")
	}
	select {
	case <-s.free:
		t.Error("a fourth reader of three")
	default:
	}
}
