package ui

import (
	"context"
	"sync"
)

// inbox carries functions from other goroutines to the window's.
type inbox struct {
	mu   sync.Mutex
	list []func()
	wake func() // asks for a frame; may be called from anywhere
}

func (b *inbox) put(f func()) {
	if f == nil {
		return
	}
	b.mu.Lock()
	b.list = append(b.list, f)
	b.mu.Unlock()
	b.wake()
}

// run calls what has come in and reports whether there was anything.
func (b *inbox) run() bool {
	b.mu.Lock()
	list := b.list
	b.list = nil
	b.mu.Unlock()
	for _, f := range list {
		f()
	}
	return len(list) > 0
}

func (b *inbox) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.list) == 0
}

// workers runs work away from the window's goroutine and counts it, so that closing
// can wait for what still writes.
type workers struct {
	spawn func(func())
	inbox *inbox
	wg    sync.WaitGroup
}

// run starts work; what it returns is called on the window's goroutine unless ctx
// has ended by then.
func (w *workers) run(ctx context.Context, work func(context.Context) func()) {
	w.wg.Add(1)
	w.spawn(func() {
		defer w.wg.Done()
		done := work(ctx)
		if done == nil {
			return
		}
		w.inbox.put(func() {
			if ctx.Err() == nil {
				done()
			}
		})
	})
}
