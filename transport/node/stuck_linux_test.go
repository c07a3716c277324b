package node_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/stock"
)

// TestFault_4_3_DriveThatDoesNotAnswer: a network drive has gone and keeps whoever reads
// its folder, as a pipe does that nobody writes into. The backup page says so, and the
// work of the others goes on.
func TestFault_4_3_DriveThatDoesNotAnswer(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, k := workingShop(t)
	nas := t.TempDir()
	pipe := filepath.Join(nas, "masala-20260214-073000.json")
	s.must(errors.Join(os.WriteFile(filepath.Join(nas, "masala-20260214-073000.db.zst"), nil, 0o600), syscall.Mkfifo(pipe, 0o600)))
	var asked sync.WaitGroup
	for range 24 { // more than there are readers
		asked.Go(func() {
			st, err := backup.GetStatus.Call(ctx, s.own, "", backup.StatusReq{Folder: nas})
			if err != nil || !strings.Contains(st.Problem, "does not answer") {
				t.Errorf("the backup page: %q, %v", st.Problem, err)
			}
		})
	}
	s.post(s.own, k)
	asked.Wait()
	begun := time.Now()
	if _, err := stock.ListLots.Call(ctx, s.own, "", stock.ListLotsReq{}); err != nil {
		t.Errorf("reading: %v", err)
	}
	if _, err := backup.Start.Call(ctx, s.own, "", backup.StartReq{Folder: nas}); core.CodeOf(err) != core.CodeUnavailable || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("a backup onto it: %v", err)
	}
	s.post(s.own, k)
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("the work of the others took %v", took)
	}
	back, err := os.OpenFile(pipe, os.O_WRONLY, 0) // the drive is there again
	s.must(err)
	s.must(back.Close())
	s.must(os.Remove(pipe))
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		st, err := backup.GetStatus.Call(ctx, s.own, "", backup.StatusReq{Folder: nas})
		if s.must(err); st.Problem == "" {
			break
		} else if time.Since(begun) > 20*time.Second {
			t.Fatalf("the drive is back, and the page says %q", st.Problem)
		}
	}
}
