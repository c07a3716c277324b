package demo_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"masala/core/account"
	"masala/core/app"
	"masala/core/demo"
	"masala/core/stock"
	"masala/storage"
)

// history works for so many days up to now.
func history(t *testing.T, days int, seed uint64) *factory { return historyUpTo(t, now, days, seed) }

func historyUpTo(t *testing.T, now time.Time, days int, seed uint64) *factory {
	t.Helper()
	db, err := storage.Open(t.Context(), storage.Options{Path: filepath.Join(t.TempDir(), "masala.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	clock := &demo.Clock{}
	nights, last := 0, -1
	err = db.Bulk(t.Context(), 100, func(books *storage.Bulk) error {
		a := app.New(app.Options{Books: books, Clock: clock, Random: rand.NewChaCha8([32]byte{1}), Hasher: account.NewTestHasher()})
		return demo.FillHistory(t.Context(), demo.HistoryOptions{Days: days, Seed: seed, Nightly: func(context.Context) error { nights++; return nil },
			Options: demo.Options{Service: a, Clock: clock, Now: now, Progress: func(done, total int, _ string) {
				if done <= last || done > total {
					t.Errorf("progress went from %d to %d of %d", last, done, total)
				}
				last = done
			}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if nights == 0 || last != days+1 {
		t.Errorf("%d nights, progress up to %d", nights, last)
	}
	return &factory{t, db, app.New(app.Options{Books: db, Clock: clock, Hasher: account.NewTestHasher()})}
}

// TestHistory: days and seed decide every row, each kind of work is in it, and the
// books are right.
func TestHistory(t *testing.T) {
	f := history(t, 9, 1)
	one, two, other := f.verify(), history(t, 9, 1).verify(), history(t, 9, 2).verify()
	if one.Head != two.Head || one.Seq != two.Seq {
		t.Errorf("two runs differ: %d rows %x, %d rows %x", one.Seq, one.Head, two.Seq, two.Head)
	}
	if one.Head == other.Head {
		t.Error("another seed gave the same books")
	}
	kinds := map[stock.DocumentKind]int{}
	for after := ""; ; {
		page := read(f, stock.ListDocuments, stock.ListDocumentsReq{After: after, Limit: 200})
		for _, d := range page.Documents {
			kinds[d.Kind]++
			if d.PostedAt.After(now) {
				t.Errorf("%s was posted at %s, after now", d.Number, d.PostedAt)
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	for _, k := range []stock.DocumentKind{stock.KindOpening, stock.KindGRN, stock.KindStatus, stock.KindAdjustment, stock.KindIssue, stock.KindProduction, stock.KindDispatch, stock.KindSalesReturn} {
		if kinds[k] == 0 {
			t.Errorf("no document of kind %s in %v", k, kinds)
		}
	}
}

// TestHistoryFromBeforeGST: ten years reach back to a day when there was no GST, and
// goods are sold from the first day on.
func TestHistoryFromBeforeGST(t *testing.T) {
	f := historyUpTo(t, time.Date(2016, 12, 1, 8, 0, 0, 0, time.UTC), 1, 1)
	sold := read(f, stock.ListDocuments, stock.ListDocumentsReq{Kinds: []stock.DocumentKind{stock.KindDispatch}, Limit: 10})
	if len(sold.Documents) == 0 {
		t.Error("nothing was sold")
	}
}
