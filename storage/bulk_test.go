package storage_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"masala/core/app"
	"masala/core/stock"
	"masala/storage"
	. "masala/storage/storagetest"
)

// TestBulk: many writes share a COMMIT, each is seen by the next read, and the books
// are as good as if they had come one by one.
func TestBulk(t *testing.T) {
	t.Parallel()
	f := New(t)
	item := f.FinishedGood("FIN-001", "Haldi 50 g").ID
	err := f.DB.Bulk(t.Context(), 7, func(b *storage.Bulk) error {
		f.ServeFrom(b)
		for range 20 {
			key := f.Opening(item, 10, 100_00)
			if got := Do(f.Owner, stock.GetLot, stock.GetLotReq{ID: key.Lot}).Qty; got != 10 {
				t.Errorf("the lot holds %d", got)
			}
		}
		return b.ForgetAnswers(context.Background(), f.Clock.Now().AddDate(0, 0, 1))
	})
	f.ServeFrom(f.DB)
	if err != nil {
		t.Fatal(err)
	}
	if n := f.Int(`SELECT count(*) FROM lot`); n != 20 {
		t.Errorf("%d lots", n)
	}
	if n := f.Int(`SELECT count(*) FROM answer`); n != 0 {
		t.Errorf("%d answers stay", n)
	}
	f.Opening(item, 1, 1)
	f.Verify()
}

// TestBulkEndsWithAFailedWrite: what was committed stays, the rest never happened, and
// the writer serves the next caller.
func TestBulkEndsWithAFailedWrite(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, fail := range map[string]func(*storage.Bulk) error{
		"a write fails": func(b *storage.Bulk) error {
			return b.Write(context.Background(), func(app.Store) error { return broken })
		},
		"a write panics": func(b *storage.Bulk) error {
			return b.Write(context.Background(), func(app.Store) error { panic("broken") })
		},
		"the caller gives up": func(*storage.Bulk) error { return broken },
		"the caller panics":   func(*storage.Bulk) error { panic("broken") },
		"a failure is ignored": func(b *storage.Bulk) error {
			b.Write(context.Background(), func(app.Store) error { return broken })
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := New(t)
			item := f.FinishedGood("FIN-001", "Haldi 50 g").ID
			err := f.DB.Bulk(t.Context(), 3, func(b *storage.Bulk) error {
				f.ServeFrom(b)
				for range 5 {
					f.Opening(item, 10, 100_00)
				}
				return fail(b)
			})
			f.ServeFrom(f.DB)
			if err == nil || !strings.Contains(err.Error(), "broken") {
				t.Errorf("the bulk ended with %v", err)
			}
			if n := f.Int(`SELECT count(*) FROM lot`); n != 3 {
				t.Errorf("%d lots, want those of the one COMMIT", n)
			}
			f.Opening(item, 1, 1)
			f.Verify()
		})
	}
}
