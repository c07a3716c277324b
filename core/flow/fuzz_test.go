package flow_test

import (
	"bytes"
	"testing"

	. "masala/storage/storagetest"
)

// FuzzFlow turns bytes into a story: each decides what is done next and with what.
// Whatever the bytes say, the books follow the rules and everything can be cancelled.
func FuzzFlow(f *testing.F) {
	for i := byte(0); int(i) < len(wheel); i += 4 {
		f.Add(bytes.Repeat([]byte{0, 0, i, 1, 0, 2}, 6))
	}
	f.Add([]byte("buy, mill, pack, sell, take back, correct the price, recall and cancel it all again"))
	f.Fuzz(func(t *testing.T, story []byte) {
		from := &byteSource{left: story[:min(len(story), 400)]}
		s := newStory(t, from, NewTally(), t.Logf, t.Fatalf)
		defer s.end()
		s.step(begin)
		for n := 0; len(from.left) > 0 && n < 60; n++ {
			s.next()
		}
		s.agree()
		s.undo()
	})
}
