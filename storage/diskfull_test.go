package storage_test

import (
	"testing"

	"masala/core"
	"masala/storage/faultvfs"
	"masala/storage/storagetest"
)

// onFaultyDisk starts a factory whose disk the test can fill.
func onFaultyDisk(t *testing.T) (*storagetest.Factory, *faultvfs.FS) {
	t.Helper()
	fs := faultyDisk(t, "")
	fs.Forget()
	f := storagetest.New(t)
	f.DB.Close()
	f.Open(fs.Name())
	t.Cleanup(func() { f.DB.Close() }) // before the disk is taken away
	return f, fs
}

// settle posts again what was refused, under the same keys, and checks that the books
// hold each GRN once.
func settle(t *testing.T, f *storagetest.Factory, list []*delivery, code core.Code) (refused int) {
	t.Helper()
	have := booked(f)
	for _, d := range list {
		if d.err == nil {
			if _, ok := have[d.resp.Number]; !ok {
				t.Fatalf("%s was acknowledged and is not there", d.resp.Number)
			}
			continue
		}
		refused++
		if core.CodeOf(d.err) != code {
			t.Fatalf("%s was refused with %s: %v", d.req.InvoiceNo, core.CodeOf(d.err), d.err)
		}
	}
	before := len(have)
	if refused > 0 {
		f.Verify()
	}
	postAll(f, list, 4, nil)
	for _, d := range list {
		if d.err != nil {
			t.Fatalf("%s after the fault: %v", d.req.InvoiceNo, d.err)
		}
	}
	if after := len(booked(f)); after-before != refused {
		t.Fatalf("%d GRNs refused, %d posted when sent again", refused, after-before)
	}
	return refused
}

// The disk gets full at the n-th write while six callers post: what does not fit is
// refused with core.CodeDiskFull and leaves nothing behind, what was acknowledged is
// there, and work goes on when there is space again. n grows until all six fit; the
// first writes, where SQLite is busiest with itself, are tried one by one.
func TestFault_1_3_DiskFull(t *testing.T) {
	for _, full := range []struct {
		name string
		at   func(*faultvfs.FS, int)
	}{
		{"at a write that makes a file longer", (*faultvfs.FS).FullAt},
		{"at any write", (*faultvfs.FS).FullAtAny},
	} {
		t.Run(full.name, func(t *testing.T) {
			f, fs := onFaultyDisk(t)
			src := newSource(f)

			stride := 37
			if testing.Short() {
				stride = 60
			}
			const callers = 6
			refused, places := 0, 0
			for n := 1; ; places++ {
				// The log of a new opening is empty, so that it must grow.
				f.DB.Close()
				f.Open(fs.Name())
				list := src.deliveries(callers)
				full.at(fs, n)
				postAll(f, list, callers, nil)
				missed := fs.Space()
				refused += settle(t, f, list, core.CodeDiskFull)
				if missed == 0 {
					break
				}
				if n += stride; n < 10 && !testing.Short() {
					n += 1 - stride
				}
			}
			f.Verify()
			if places < 4 || refused < 4 {
				t.Errorf("the disk was full at %d places and %d GRNs were refused", places, refused)
			}
			t.Logf("full at %d places, %d GRNs refused", places, refused)
		})
	}
}

// A disk that cannot sync takes no GRN and loses none.
func TestFault_1_3_SyncFails(t *testing.T) {
	f, fs := onFaultyDisk(t)
	src := newSource(f)
	for n := 1; n <= 8; n++ {
		list := src.deliveries(6)
		fs.FailSync(n)
		postAll(f, list, 6, nil)
		fs.FailSync(0)
		if refused := settle(t, f, list, core.CodeUnavailable); refused == 0 && n > 3 {
			t.Errorf("%d failed syncs refused nothing", n)
		}
	}
	f.Verify()
}
