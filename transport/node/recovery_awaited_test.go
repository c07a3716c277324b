package node

import (
	"context"
	"errors"
	"testing"

	"masala/core/backup"
	"masala/transport/pairing"
)

// TestFault_4_2_OtherPCsHearHowFarItIs: a PC that is turned away reads what is done and
// how much of it; before anything is, that an Admin has to.
func TestFault_4_2_OtherPCsHearHowFarItIs(t *testing.T) {
	r := newRecovery(ServiceOptions{}, &illness{reason: backup.Corrupt}, nil)
	_, known, err := noTrust{r}.Known(context.Background(), "a key")
	if known || err != pairing.ErrRecovering {
		t.Errorf("before: %v, %v", known, err)
	}
	r.running = &backup.Progress{Task: backup.TaskRestore, Step: "Checking every page", Percent: 40}
	_, err = noTrust{r}.Pair(context.Background(), "a key", "PC-MILL")
	const want = "The server is restoring its data: 40 %. Checking every page. What you typed is kept, and this PC connects again by itself."
	if !errors.Is(err, pairing.ErrRecovering) || err.Error() != want {
		t.Errorf("meanwhile: %v", err)
	}
}
