package core

import (
	"errors"
	"math"
	"math/bits"
)

// ErrOverflow tells that a result does not fit in 64 bits.
var ErrOverflow = errors.New("number too large")

// MulDiv returns a*b/c rounded half to even, with a 128-bit product (R4).
// c must not be zero.
func MulDiv(a, b, c int64) (int64, error) {
	q, r, d, neg, err := divide(a, b, c)
	if err != nil {
		return 0, err
	}
	if half := d - r; r > half || r == half && q&1 == 1 {
		q++
	}
	return signed(q, neg)
}

// MulDivHalfUp is MulDiv with halves rounded away from zero, the rule of GST
// (R32).
func MulDivHalfUp(a, b, c int64) (int64, error) {
	q, r, d, neg, err := divide(a, b, c)
	if err != nil {
		return 0, err
	}
	if r >= d-r && r > 0 {
		q++
	}
	return signed(q, neg)
}

// MulDivExact is MulDiv for results that must be whole; ok is false when a
// remainder would be lost (R2).
func MulDivExact(a, b, c int64) (n int64, ok bool, err error) {
	q, r, _, neg, err := divide(a, b, c)
	if err != nil {
		return 0, false, err
	}
	n, err = signed(q, neg)
	return n, r == 0, err
}

// MulDivFloor returns a*b/c rounded down and the remainder a*b - n*c; all
// arguments must be non-negative, c positive. It is the first half of a
// largest-remainder split.
func MulDivFloor(a, b, c int64) (n, rem int64, err error) {
	q, r, _, _, err := divide(a, b, c)
	if err != nil {
		return 0, 0, err
	}
	n, err = signed(q, false)
	return n, int64(r), err
}

// MulDivCeil returns a*b/c rounded up; arguments as for MulDivFloor (R3).
func MulDivCeil(a, b, c int64) (int64, error) {
	n, rem, err := MulDivFloor(a, b, c)
	if err != nil || rem == 0 {
		return n, err
	}
	return Add(n, 1)
}

func divide(a, b, c int64) (q, r, d uint64, neg bool, err error) {
	if c == 0 {
		return 0, 0, 0, false, errors.New("division by zero")
	}
	d = magnitude(c)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi >= d {
		return 0, 0, 0, false, ErrOverflow
	}
	// Refused before anybody rounds up: the largest quotient would wrap to zero.
	if q, r = bits.Div64(hi, lo, d); q > math.MaxInt64 {
		return 0, 0, 0, false, ErrOverflow
	}
	return q, r, d, (a < 0) != (b < 0) != (c < 0), nil
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func signed(q uint64, neg bool) (int64, error) {
	if q > math.MaxInt64 {
		return 0, ErrOverflow
	}
	if neg {
		return -int64(q), nil
	}
	return int64(q), nil
}

// Add returns a+b, or ErrOverflow.
func Add[T ~int64](a, b T) (T, error) {
	s := a + b
	if (s > a) != (b > 0) && b != 0 {
		return 0, ErrOverflow
	}
	return s, nil
}

// Split divides total over weights in proportion, by largest remainder, ties to
// the earlier one, so that the parts sum to total exactly (R13, R17). total and
// the weights must be non-negative and the weights must not all be zero.
func Split[T, W ~int64](total T, weights []W) ([]T, error) {
	var sum W
	for _, w := range weights {
		if w < 0 || total < 0 {
			return nil, errors.New("cannot split by a negative weight")
		}
		var err error
		if sum, err = Add(sum, w); err != nil {
			return nil, err
		}
	}
	if sum == 0 {
		return nil, errors.New("nothing to split over")
	}
	parts, rems, left := make([]T, len(weights)), make([]int64, len(weights)), total
	for i, w := range weights {
		n, rem, err := MulDivFloor(int64(total), int64(w), int64(sum))
		if err != nil {
			return nil, err
		}
		parts[i], rems[i] = T(n), rem
		left -= T(n)
	}
	for ; left > 0; left-- {
		best := -1
		for i, r := range rems {
			if r > 0 && (best < 0 || r > rems[best]) {
				best = i
			}
		}
		parts[best]++
		rems[best] = 0
	}
	return parts, nil
}
