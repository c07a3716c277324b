package node

import (
	"testing"
	"time"

	"masala/core"
)

// TestFolderThatDoesNotAnswer: only the first question waits, and the folder is asked
// again once it has answered.
func TestFolderThatDoesNotAnswer(t *testing.T) {
	d := &drives{patience: 20 * time.Millisecond}
	back, asked := make(chan struct{}), make(chan struct{}, 9)
	hang := func() error { asked <- struct{}{}; <-back; return nil }
	for range 3 {
		if err := d.do("/nas", hang); core.CodeOf(err) != core.CodeUnavailable {
			t.Errorf("a folder that hangs: %v", err)
		}
	}
	if len(asked) != 1 {
		t.Errorf("it was asked %d times while it hung", len(asked))
	}
	if err := d.do("/usb", func() error { return nil }); err != nil {
		t.Errorf("another folder: %v", err)
	}
	close(back)
	for begun := time.Now(); ; time.Sleep(time.Millisecond) {
		if err := d.do("/nas", func() error { return nil }); err == nil {
			break
		} else if time.Since(begun) > 10*time.Second {
			t.Fatal(err)
		}
	}
}
