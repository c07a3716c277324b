package storagetest

import (
	"os"
	"path/filepath"
	"testing"

	"masala/core/health"
)

// Twin starts another factory over a copy of these books, with the same people logged
// in. Tests that need thousands of factories make one and copy it.
func (f *Factory) Twin(t testing.TB, copy []byte) *Factory {
	t.Helper()
	twin := &Factory{T: t, Path: filepath.Join(t.TempDir(), "masala.db"), Clock: &Clock{now: f.Clock.Now()}, Health: &health.Registry{}, Mode: &Licence{}}
	twin.must(os.WriteFile(twin.Path, copy, 0o600))
	twin.Open("")
	t.Cleanup(func() { twin.DB.Close() })
	for _, u := range []struct{ of, to **User }{{&f.Owner, &twin.Owner}, {&f.Store1, &twin.Store1}} {
		v := **u.of
		v.f = twin
		*u.to = &v
	}
	return twin
}

// Scrap closes the books and deletes them, before the test ends.
func (f *Factory) Scrap() {
	f.T.Helper()
	f.must(f.DB.Close())
	f.must(os.RemoveAll(filepath.Dir(f.Path)))
}
