package flow_test

import (
	"bytes"
	"testing"
)

// FuzzFlow turns bytes into a story: each decides what is done next and with what.
// Whatever the bytes say, the books follow the rules and everything can be cancelled.
func FuzzFlow(f *testing.F) {
	for i := byte(0); int(i) < len(acts); i += 4 {
		f.Add(bytes.Repeat([]byte{i, 1, 0, 2}, 6))
	}
	f.Add([]byte("buy, mill, pack, sell, take back, correct the price, recall and cancel it all again"))
	f.Fuzz(func(t *testing.T, story []byte) {
		from := &byteSource{left: story[:min(len(story), 400)]}
		s := &teller{story: newStory(t, from, t.Logf, t.Fatalf)}
		defer s.end()
		s.step(begin)
		for n := 0; len(from.left) > 0 && n < 60; n++ {
			s.next()
		}
		s.agree()
		s.undo()
	})
}

// teller picks what comes next from the source of the story.
type teller struct{ *story }

func (s *teller) next() {
	switch n := int(s.upTo(int64(len(acts)+3), "act")); n {
	case len(acts):
		s.step(tomorrow)
	case len(acts) + 1:
		s.step(closeMonth)
	case len(acts) + 2, len(acts) + 3:
		s.thereAndBack(acts[s.upTo(int64(len(acts)-1), "there")].do)
	default:
		s.step(acts[n].do)
	}
}
