package storage

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"masala/core"
	"masala/core/app"
)

func open(t *testing.T, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func fresh(t *testing.T) *DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "books.db"))
}

// take returns a request that takes the next number of a series.
func take(series string) func(*Tx) error {
	return func(tx *Tx) error { _, err := tx.NextInSeries(series); return err }
}

// last reads how far a series is.
func last(t *testing.T, db *DB, series string) (n int) {
	t.Helper()
	err := db.read(t.Context(), func(tx *Tx) error {
		_, err := tx.one(`SELECT last FROM series WHERE name = ?`, []any{series}, &n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// hold stops the writer inside a request until release is called; what is queued
// meanwhile becomes one batch.
func hold(db *DB) (release func()) {
	in, out := make(chan struct{}), make(chan struct{})
	go func() { _ = db.writer.do(context.Background(), func(*Tx) error { close(in); <-out; return errPing }) }()
	<-in
	return func() { close(out) }
}

// queued waits until n requests stand in the queue.
func queued(db *DB, n int) {
	for len(db.writer.queue) < n {
		// The goroutines that put them there are running; nothing else is waited for.
		_ = db.read(context.Background(), func(*Tx) error { return nil })
	}
}

// together sends requests so that they share a batch and returns their results.
func together(db *DB, fns ...func(*Tx) error) []error {
	release := hold(db)
	errs := make([]error, len(fns))
	var wg sync.WaitGroup
	for i, fn := range fns {
		wg.Go(func() { errs[i] = db.writer.do(context.Background(), fn) })
		queued(db, i+1) // in this order
	}
	release()
	wg.Wait()
	return errs
}

func TestGroupCommit_FiftyWritersShareOneCommit(t *testing.T) {
	db := fresh(t)
	before := db.Commits()
	fns := make([]func(*Tx) error, 50)
	for i := range fns {
		fns[i] = take("a")
	}
	for i, err := range together(db, fns...) {
		if err != nil {
			t.Errorf("writer %d: %v", i, err)
		}
	}
	if n := db.Commits() - before; n != 1 {
		t.Errorf("50 writers needed %d commits, want 1", n)
	}
	if n := last(t, db, "a"); n != 50 {
		t.Errorf("%d of 50 writes arrived", n)
	}
}

func TestGroupCommit_UnboundedCallersInBatches(t *testing.T) {
	db := fresh(t)
	before := db.Commits()
	var wg sync.WaitGroup
	for range 500 {
		wg.Go(func() {
			if err := db.writer.do(context.Background(), take("a")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := last(t, db, "a"); n != 500 {
		t.Errorf("%d of 500 writes arrived", n)
	}
	t.Logf("500 writes in %d commits", db.Commits()-before)
}

// TestGroupCommit_FaultsStayAlone puts every way a request can fail among good
// ones.
func TestGroupCommit_FaultsStayAlone(t *testing.T) {
	refusal := core.Errorf(core.CodeInvalid, "no")
	for _, v := range []struct {
		name string
		bad  func(*Tx) error
		want func(error) bool
	}{
		{"a refusal", func(tx *Tx) error { _ = take("bad")(tx); return refusal }, func(err error) bool { return errors.Is(err, refusal) }},
		{"a panic", func(tx *Tx) error { _ = take("bad")(tx); panic("boom") }, func(err error) bool { return err != nil && strings.Contains(err.Error(), "boom") }},
		{"a broken constraint", func(tx *Tx) error {
			_ = take("bad")(tx)
			_, err := tx.exec(`INSERT INTO document (kind, number, effective_on, posted_at, user_id, device, party_id) VALUES ('GRN', 'x', 1, 1, 1, '', 99)`)
			return err
		}, func(err error) bool { return err != nil && strings.Contains(err.Error(), "FOREIGN KEY") }},
		{"a swallowed SQL error", func(tx *Tx) error {
			_ = take("bad")(tx)
			_, _ = tx.exec(`INSERT INTO cell (lot_id, segment, status, item_id, qty, value, newest_in) VALUES (1, 'R', 'HOLD', 1, -1, 0, 0)`)
			return nil
		}, func(err error) bool { return err != nil && strings.Contains(err.Error(), "constraint") }},
		{"an unprepared statement", func(tx *Tx) error { _, err := tx.exec(`SELECT nothing FROM nowhere`); return err },
			func(err error) bool { return err != nil && strings.Contains(err.Error(), "nowhere") }},
	} {
		t.Run(v.name, func(t *testing.T) {
			db := fresh(t)
			before := db.Commits()
			errs := together(db, take("a"), take("a"), v.bad, take("a"), v.bad, take("a"))
			for i, err := range errs {
				if bad := i == 2 || i == 4; bad && !v.want(err) || !bad && err != nil {
					t.Errorf("request %d: %v", i, err)
				}
			}
			if n := last(t, db, "a"); n != 4 {
				t.Errorf("%d of 4 good writes arrived", n)
			}
			if n := last(t, db, "bad"); n != 0 {
				t.Errorf("a failed request left %d", n)
			}
			if n := db.Commits() - before; n != 1 {
				t.Errorf("%d commits, want 1", n)
			}
			if err := db.writer.do(t.Context(), v.bad); !v.want(err) { // and alone
				t.Errorf("alone: %v", err)
			}
			if n := last(t, db, "bad"); n != 0 {
				t.Errorf("alone, a failed request left %d", n)
			}
		})
	}
}

// TestGroupCommit_LostTransaction rolls the whole transaction back under the
// writer's feet, as SQLite does when the disk is full: the others run again, one by
// one, and only the guilty one fails.
func TestGroupCommit_LostTransaction(t *testing.T) {
	db := fresh(t)
	lost := errors.New("disk full")
	guilty := func(tx *Tx) error { _ = tx.conn.run(context.Background(), "ROLLBACK"); return lost }
	errs := together(db, take("a"), take("a"), guilty, take("a"))
	for i, err := range errs {
		if i == 2 && !errors.Is(err, lost) || i != 2 && err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if n := last(t, db, "a"); n != 3 {
		t.Errorf("series is at %d, want 3: a request was lost or ran twice", n)
	}
	// A request whose statements go on after the transaction is gone must not commit
	// by themselves.
	errs = together(db, take("a"), func(tx *Tx) error {
		_ = tx.conn.run(context.Background(), "ROLLBACK")
		_ = tx.fail(lost)
		_ = take("stray")(tx)
		return nil
	})
	if errs[0] != nil || !errors.Is(errs[1], lost) {
		t.Errorf("results %v", errs)
	}
	if n := last(t, db, "stray"); n != 0 {
		t.Errorf("a statement behind a lost transaction committed by itself: %d", n)
	}
}

// TestGroupCommit_CancelledWhileQueued: the caller goes, the outcome stays.
func TestGroupCommit_CancelledWhileQueued(t *testing.T) {
	db := fresh(t)
	release := hold(db)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error)
	go func() { got <- db.writer.do(ctx, take("a")) }()
	queued(db, 1)
	cancel()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller hears %v", err)
	}
	release()
	if err := db.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if n := last(t, db, "a"); n != 1 {
		t.Errorf("series at %d: the queued request must still run, once", n)
	}
}

// TestCloseDuringWritesAndReads: whoever heard success finds his write in the file;
// whoever did not hears that the server is going down, never an internal error.
func TestCloseDuringWritesAndReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	db := open(t, path)
	var mu sync.Mutex
	var wg sync.WaitGroup
	written, started := 0, make(chan struct{}, 1000)
	for range 40 {
		wg.Go(func() {
			for {
				err := db.Write(context.Background(), func(s app.Store) error { _, err := s.NextInSeries("a"); return err })
				if err != nil {
					if core.CodeOf(err) != core.CodeUnavailable {
						t.Errorf("write: %v", err)
					}
					return
				}
				mu.Lock()
				written++
				mu.Unlock()
				select {
				case started <- struct{}{}:
				default:
				}
			}
		})
		wg.Go(func() {
			for {
				if err := db.Read(context.Background(), func(s app.Store) error { _, err := s.CountUsers(); return err }); err != nil {
					if core.CodeOf(err) != core.CodeUnavailable {
						t.Errorf("read: %v", err)
					}
					return
				}
			}
		})
	}
	for range 100 {
		<-started
	}
	if err := db.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	wg.Wait()
	if err := db.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	if n := last(t, open(t, path), "a"); n != written {
		t.Errorf("%d writes acknowledged, %d in the file", written, n)
	}
}

// TestCancelledReadsLeaveTheReaderWhole cancels reads in the middle of a statement:
// the caller hears that he went, and the connection serves the next one.
func TestCancelledReadsLeaveTheReaderWhole(t *testing.T) {
	db := fresh(t)
	for i := range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.read(ctx, func(tx *Tx) error {
			cancel()
			var n int
			_, err := tx.one(`WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 50000000) SELECT count(*) FROM c`, nil, &n)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("read %d: %v", i, err)
		}
	}
	for range 20 {
		if err := db.read(t.Context(), func(tx *Tx) error { _, err := tx.CountUsers(); return err }); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadersCannotWrite: a read that writes is a mistake of the program.
func TestReadersCannotWrite(t *testing.T) {
	db := fresh(t)
	if err := db.read(t.Context(), take("a")); err == nil {
		t.Error("a reader has written")
	}
}

// TestReadsSeeOneSnapshot reads twice around a commit.
func TestReadsSeeOneSnapshot(t *testing.T) {
	db := fresh(t)
	err := db.read(t.Context(), func(tx *Tx) error {
		count := func() (n int, err error) {
			_, err = tx.one(`SELECT coalesce(max(last), 0) FROM series`, nil, &n)
			return n, err
		}
		a, err := count()
		if err != nil {
			return err
		}
		if err := db.writer.do(context.Background(), take("a")); err != nil {
			return err
		}
		b, err := count()
		if err == nil && a != b {
			err = fmt.Errorf("saw %d, then %d", a, b)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCloseWaitsForReads: a read that has begun ends well.
func TestCloseWaitsForReads(t *testing.T) {
	db := fresh(t)
	closed := make(chan error)
	err := db.read(t.Context(), func(tx *Tx) error {
		go func() { closed <- db.Close() }()
		<-db.closing
		_, err := tx.CountUsers()
		return err
	})
	if err != nil {
		t.Errorf("read under way: %v", err)
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
}
