package stock

import "iter"

// dense keeps values by numbers that have few gaps, such as those of lots and of days, in
// blocks of them: a third of what a map of the values takes. The zero value of V means
// that there is none.
type dense[K comparable, V any] map[numbered[K]]*[1 << blockBits]V

const (
	blockBits = 6
	blockMask = 1<<blockBits - 1
)

// numbered is a number, of values or of blocks, in the row of K.
type numbered[K comparable] struct {
	of K
	n  int64
}

// at is the place of a value, made if need be.
func (d dense[K, V]) at(of K, n int64) *V {
	key := numbered[K]{of, n >> blockBits}
	b := d[key]
	if b == nil {
		b = new([1 << blockBits]V)
		d[key] = b
	}
	return &b[n&blockMask]
}

// find is the place of a value, nil if nothing near it was ever kept.
func (d dense[K, V]) find(of K, n int64) *V {
	b := d[numbered[K]{of, n >> blockBits}]
	if b == nil {
		return nil
	}
	return &b[n&blockMask]
}

// all goes through the values and the empty places among them.
func (d dense[K, V]) all() iter.Seq2[numbered[K], *V] {
	return func(yield func(numbered[K], *V) bool) {
		for key, b := range d {
			for i := range b {
				if !yield(numbered[K]{key.of, key.n<<blockBits | int64(i)}, &b[i]) {
					return
				}
			}
		}
	}
}
