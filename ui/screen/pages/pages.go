// Package pages keeps a long list that the server hands out in pages: what is on the
// screen is renewed as a whole, more is read as the user scrolls. It imports no Gio.
package pages

import (
	"context"

	"masala/core"
)

// Sizes of a list: one page, and how many rows a screen holds at most. Who needs
// the row after that narrows the filter.
const (
	Size = 200
	Max  = 5_000
)

// Page is one answer of the server. Sum is what it tells about all that match.
type Page[T, S any] struct {
	Rows []T
	Next string // cursor of the page after, "" at the end
	Sum  S
}

// Read asks for the page behind a cursor.
type Read[T, S any] func(ctx context.Context, after string, limit int) (Page[T, S], error)

// Go runs work in the background and what it returns on the window's goroutine, as
// screen.Shell does.
type Go func(work func(context.Context) (done func()))

// List is what has been read so far. The zero List is empty.
type List[T, S any] struct {
	Rows    []T
	Sum     S
	Have    bool  // something was read
	Loading bool  // a read is under way
	Err     error // why the last read failed

	next string
	gen  int
	read Read[T, S]
	run  Go
}

// Load reads the list from its start; what is shown stays until the answer has come.
// again keeps as many rows as there are, for a renewal; otherwise one page is read.
// The answer to an earlier Load is dropped.
func (l *List[T, S]) Load(run Go, again bool, read Read[T, S]) {
	want := Size
	if again {
		want = max(want, len(l.Rows))
	}
	l.run, l.read = run, read
	l.gen++
	gen := l.gen
	l.Loading = true
	run(func(ctx context.Context) func() {
		got, err := upTo(ctx, want, read)
		return func() {
			if gen != l.gen {
				return
			}
			l.Loading, l.Err = false, err
			if err == nil {
				l.Rows, l.next, l.Sum, l.Have = got.Rows, got.Next, got.Sum, true
			}
		}
	})
}

// upTo reads pages until there are want rows, or all.
func upTo[T, S any](ctx context.Context, want int, read Read[T, S]) (all Page[T, S], err error) {
	for {
		p, err := read(ctx, all.Next, core.PageSize(want-len(all.Rows)))
		if err != nil {
			return all, err
		}
		all.Rows, all.Next, all.Sum = append(all.Rows, p.Rows...), p.Next, p.Sum
		if p.Next == "" || len(all.Rows) >= want || len(p.Rows) == 0 {
			return all, nil
		}
	}
}

// Shown is called with the last row that was drawn; near the end the next page is
// read.
func (l *List[T, S]) Shown(row int) {
	if l.Loading || l.Err != nil || l.next == "" || len(l.Rows) >= Max || row < len(l.Rows)-Size/4 {
		return
	}
	l.Loading = true
	gen, after, read := l.gen, l.next, l.read
	l.run(func(ctx context.Context) func() {
		p, err := read(ctx, after, Size)
		return func() {
			if gen != l.gen {
				return
			}
			l.Loading, l.Err = false, err
			if err == nil {
				l.Rows, l.next = append(l.Rows, p.Rows...), p.Next
			}
		}
	})
}

// Retry goes on after a failure.
func (l *List[T, S]) Retry() {
	if l.Err != nil && l.read != nil {
		l.Err = nil
		l.Load(l.run, true, l.read)
	}
}

// Cut reports that more rows match than the list holds.
func (l *List[T, S]) Cut() bool { return l.next != "" && len(l.Rows) >= Max }
