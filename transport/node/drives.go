package node

import (
	"sync"
	"time"

	"masala/core"
)

// drivePatience is how long a folder on another drive may take to answer: a network
// drive that has gone away keeps whoever asks for minutes.
const drivePatience = 2 * time.Second

// drives asks folders that may be on a drive which does not answer. Whoever asks then
// goes on; the question stays with a goroutine of its own, one for each folder, and the
// folder counts as stuck until it has its answer. The zero value is ready.
type drives struct {
	patience time.Duration // 0: drivePatience

	mu    sync.Mutex
	stuck map[string]bool
}

// ask runs look and reports whether it came to its end in time. What look writes may be
// read only then.
func (d *drives) ask(folder string, look func()) bool {
	d.mu.Lock()
	stuck := d.stuck[folder]
	d.mu.Unlock()
	if stuck {
		return false
	}
	done := make(chan struct{})
	go func() {
		look()
		d.mu.Lock()
		defer d.mu.Unlock()
		close(done)
		delete(d.stuck, folder)
	}()
	patience := d.patience
	if patience == 0 {
		patience = drivePatience
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-done:
		return true
	default:
	}
	if d.stuck == nil {
		d.stuck = map[string]bool{}
	}
	d.stuck[folder] = true
	return false
}

// errStuck is what users read of a folder that does not answer.
func errStuck(folder string) error {
	return core.Errorf(core.CodeUnavailable, "The folder %s does not answer. Check its drive or the network, or choose another folder.", folder)
}

// do is ask for what may fail.
func (d *drives) do(folder string, try func() error) error {
	var err error
	if !d.ask(folder, func() { err = try() }) {
		return errStuck(folder)
	}
	return err
}
