package storage_test

import (
	"testing"

	"masala/storage/storagetest"
)

// A connection that looked at the search index before keeps what it knows of it; the
// check of the pages must not take that for damage.
func TestVerifyAgainAfterWork(t *testing.T) {
	f := storagetest.New(t)
	list := newSource(f).deliveries(60)
	for range 3 {
		for range 4 { // every connection that reads
			f.Verify()
		}
		postAll(f, list[:20], 4, nil)
		list = list[20:]
	}
	for range 4 {
		f.Verify()
	}
}
