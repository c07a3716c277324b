package flow_test

import (
	"math/bits"
	"math/rand/v2"

	"pgregory.net/rapid"
)

// source decides what happens next. 0 is always the plainest choice, so that rapid
// shrinks towards short and simple stories.
type source interface {
	upTo(n int64, what string) int64   // 0 to n
	evenly(n int64, what string) int64 // 0 to n, all as likely: rapid prefers what is small
}

type rapidSource struct{ t *rapid.T }

func (s rapidSource) upTo(n int64, what string) int64 {
	return rapid.Int64Range(0, n).Draw(s.t, what)
}

func (s rapidSource) evenly(n int64, what string) int64 {
	return rapid.Custom(func(t *rapid.T) (x int64) {
		for range bits.Len64(uint64(n)) + 3 {
			x <<= 1
			if rapid.Bool().Draw(t, "") {
				x++
			}
		}
		return x % (n + 1)
	}).Draw(s.t, what)
}

// seedSource repeats itself from its seed.
type seedSource struct{ *rand.Rand }

func newSeedSource(seed uint64) seedSource {
	return seedSource{rand.New(rand.NewPCG(seed, 0x6d6173616c61))}
}

func (s seedSource) upTo(n int64, _ string) int64 { return s.Int64N(n + 1) }

func (s seedSource) evenly(n int64, _ string) int64 { return s.Int64N(n + 1) }

// byteSource reads its choices from bytes, one or two each; when they end it says 0.
type byteSource struct{ left []byte }

func (s *byteSource) upTo(n int64, _ string) int64 {
	x := s.next()
	if n >= 1<<8 {
		x = x<<8 | s.next()
	}
	return x * (n/0xffff + 1) % (n + 1)
}

func (s *byteSource) evenly(n int64, what string) int64 { return s.upTo(n, what) }

func (s *byteSource) next() int64 {
	if len(s.left) == 0 {
		return 0
	}
	b := s.left[0]
	s.left = s.left[1:]
	return int64(b)
}
