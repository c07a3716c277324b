package storage

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"masala/core"
)

// maxBatch bounds how many callers share one COMMIT.
const maxBatch = 64

// errPing ends a Ping without a commit.
var errPing = errors.New("ping")

// writer owns the one connection that writes. All requests waiting when it turns to
// the queue become one transaction: a savepoint each, one fsync for all of them
// (group commit). Every caller is answered after the COMMIT that holds his effect,
// and a request that fails takes back only its own savepoint.
type writer struct {
	conn    *conn
	queue   chan *job
	closing chan struct{}
	done    chan struct{}
	once    sync.Once
	commits atomic.Uint64          // transactions that reached the disk
	notify  atomic.Pointer[func()] // called after each commit; must not block
}

var errClosed = core.Errorf(core.CodeUnavailable, "The server is shutting down. Your entry stays on this PC; try again in a moment.")

type job struct {
	fn   func(*Tx) error
	lend func(*conn) error // instead of fn: has the connection to itself
	err  error
	done chan struct{}
}

func startWriter(c *conn) *writer {
	w := &writer{conn: c, queue: make(chan *job, 4*maxBatch), closing: make(chan struct{}), done: make(chan struct{})}
	go w.loop()
	return w
}

// stop finishes what is queued and refuses what comes after.
func (w *writer) stop() {
	w.once.Do(func() { close(w.closing) })
	<-w.done
}

// do runs fn in the writer. A context that ends while fn waits in the queue does
// not take it out: its caller learns the outcome by asking again with the same key.
func (w *writer) do(ctx context.Context, fn func(*Tx) error) error {
	j := &job{fn: fn, done: make(chan struct{})}
	select {
	case w.queue <- j:
	case <-w.closing:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.done:
		select {
		case <-j.done: // it was in the last batch
		default:
			return errClosed
		}
	}
	if j.err == errPing {
		return nil
	}
	return explain(j.err)
}

// lend runs fn with the connection of the writer, alone and outside of any
// transaction.
func (w *writer) lend(ctx context.Context, fn func(*conn) error) error {
	j := &job{lend: fn, done: make(chan struct{})}
	select {
	case w.queue <- j:
	case <-w.closing:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-j.done:
	case <-w.done:
		select {
		case <-j.done:
		default:
			return errClosed
		}
	}
	return explain(j.err)
}

func (w *writer) loop() {
	defer close(w.done)
	for {
		select {
		case j := <-w.queue:
			w.serve(j)
		case <-w.closing:
			for {
				select {
				case j := <-w.queue:
					w.serve(j)
				default:
					return
				}
			}
		}
	}
}

// serve commits j together with all that wait behind it, up to one that wants the
// connection to itself.
func (w *writer) serve(j *job) {
	batch, alone := w.gather(j)
	if len(batch) > 0 {
		w.commit(batch)
	}
	for _, j := range batch {
		close(j.done)
	}
	if alone != nil {
		alone.err = w.borrow(alone)
		close(alone.done)
	}
}

func (w *writer) gather(j *job) (batch []*job, alone *job) {
	for {
		if j.lend != nil {
			return batch, j
		}
		if batch = append(batch, j); len(batch) == maxBatch {
			return batch, nil
		}
		select {
		case j = <-w.queue:
		default:
			return batch, nil
		}
	}
}

// borrow runs fn of a job; a panic in it is its own failure, not the writer's.
func (w *writer) borrow(j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return j.lend(w.conn)
}

// commit runs a batch in one transaction. If that transaction is lost on the way
// (SQLite rolls back the whole of it when the disk is full, even inside a
// savepoint), nothing of it happened and the requests run again, one by one.
func (w *writer) commit(batch []*job) {
	if len(batch) == 1 {
		w.commitOne(batch[0])
		return
	}
	if w.together(batch) == nil {
		return
	}
	_ = w.control("ROLLBACK") // fails when SQLite has already done so
	for _, j := range batch {
		w.commitOne(j)
	}
}

// together returns an error when the transaction as a whole did not commit.
func (w *writer) together(batch []*job) error {
	if err := w.control("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, j := range batch {
		if err := w.control("SAVEPOINT request"); err != nil {
			return err
		}
		if j.err = w.call(j); j.err != nil {
			if err := w.control("ROLLBACK TO request"); err != nil {
				return err
			}
		}
		if err := w.control("RELEASE request"); err != nil {
			return err
		}
	}
	return w.seal()
}

// seal puts the transaction on disk.
func (w *writer) seal() error {
	err := w.control("COMMIT")
	if err == nil {
		w.commits.Add(1)
		if fn := w.notify.Load(); fn != nil {
			(*fn)()
		}
	}
	return err
}

func (w *writer) commitOne(j *job) {
	if j.err = w.control("BEGIN IMMEDIATE"); j.err != nil {
		return
	}
	if j.err = w.call(j); j.err == nil {
		j.err = w.seal()
	}
	if j.err != nil {
		_ = w.control("ROLLBACK") // fails when SQLite has already done so
	}
}

// call runs one request; a panic in it is its own failure, not the writer's.
func (w *writer) call(j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	tx := &Tx{ctx: context.Background(), conn: w.conn}
	if err := j.fn(tx); err != nil {
		return err
	}
	return tx.failed
}

func (w *writer) control(statement string) error {
	return w.conn.run(context.Background(), statement)
}
