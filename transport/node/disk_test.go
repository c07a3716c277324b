package node

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"masala/core"
	"masala/core/health"
	"masala/platform/disk"
	"masala/platform/paths"
)

// fakeDisk is a disk whose space the test sets, under a watch with small limits.
type fakeDisk struct {
	*diskWatch
	now         time.Time
	free        map[string]int64
	log         strings.Builder
	checkpoints int
}

func (d *fakeDisk) Now() time.Time { return d.now }

func newFakeDisk(t *testing.T) *fakeDisk {
	f := paths.Folder(t.TempDir())
	d := &fakeDisk{now: time.Date(2026, 2, 14, 8, 0, 0, 0, time.UTC), free: map[string]int64{string(f): 900 << 20}}
	d.diskWatch = newDiskWatch(f, &health.Registry{}, d, slog.New(slog.NewTextHandler(&d.log, nil)))
	d.limits.ballast = 1 << 20
	d.space = func(path string) (disk.Space, error) {
		free, ok := d.free[path]
		if !ok {
			return disk.Space{}, errors.New("no such disk")
		}
		return disk.Space{Free: free}, nil
	}
	d.checkpoint = func(context.Context) error { d.checkpoints++; return nil }
	return d
}

func (d *fakeDisk) at(after time.Duration, mb int64) {
	d.now = d.now.Add(after)
	d.free[string(d.folder)] = mb << 20
	d.look(context.Background())
}

func (d *fakeDisk) banner() string {
	for _, w := range d.health.Warnings() {
		if w.Code == warnDiskLow {
			return w.Text
		}
	}
	return ""
}

func TestFault_1_3_BannerBelow500MB(t *testing.T) {
	d := newFakeDisk(t)
	d.at(0, 900)
	if d.banner() != "" {
		t.Errorf("banner %q with 900 MB", d.banner())
	}
	d.at(lookEvery, 499)
	if want := "⚠️ Low disk space — 499 MB remaining. Data operations may fail."; d.banner() != want {
		t.Errorf("banner %q, want %q", d.banner(), want)
	}
	if err := d.health.Gate(); err != nil {
		t.Errorf("writes are refused with 499 MB: %v", err)
	}
	d.at(lookEvery, 480)
	if !strings.Contains(d.banner(), "499") {
		t.Error("the number changes once a minute, not at every look")
	}
	d.at(time.Minute, 470)
	if !strings.Contains(d.banner(), "470") {
		t.Errorf("after a minute the banner says %q", d.banner())
	}
	if n := strings.Count(d.log.String(), "low disk space"); n != 2 {
		t.Errorf("logged %d times, want once at 499 and once at 470 MB:\n%s", n, d.log.String())
	}
	d.at(lookEvery, 501)
	if d.banner() != "" {
		t.Errorf("banner %q with 501 MB", d.banner())
	}
}

func TestFault_1_3_GateClosesAndOpensByItself(t *testing.T) {
	d := newFakeDisk(t)
	for _, step := range []struct {
		mb     int64
		closed bool
	}{{100, false}, {63, true}, {70, true}, {81, false}, {65, false}, {0, true}, {600, false}} {
		d.at(lookEvery, step.mb)
		err := d.health.Gate()
		if (err != nil) != step.closed || step.closed && core.CodeOf(err) != core.CodeDiskFull {
			t.Errorf("%d MB: gate says %v", step.mb, err)
		}
	}
}

// TestFault_1_3_LongLogIsCutBeforeTheGateCloses: a large transaction is over, and its log
// still holds and asks for the space of which it says there is too little.
func TestFault_1_3_LongLogIsCutBeforeTheGateCloses(t *testing.T) {
	d := newFakeDisk(t)
	log := d.folder.Database() + "-wal"
	grow := func(bytes int64) {
		t.Helper()
		if err := errors.Join(os.WriteFile(log, nil, 0o600), os.Truncate(log, bytes)); err != nil {
			t.Fatal(err)
		}
	}
	grow(104 << 20)
	d.checkpoint = func(context.Context) error {
		d.checkpoints++
		d.free[string(d.folder)] += 104 << 20
		return os.Truncate(log, 0)
	}
	d.at(lookEvery, 600)
	if d.checkpoints != 0 {
		t.Error("with room enough the log is left to SQLite")
	}
	d.at(lookEvery, 109)
	if err := d.health.Gate(); err != nil || d.checkpoints != 1 {
		t.Errorf("after %d checkpoints the gate says %v", d.checkpoints, err)
	}
	grow(20 << 20)
	d.checkpoint = func(context.Context) error { return errors.New("the database is in use") }
	d.at(lookEvery, 80)
	if err := d.health.Gate(); core.CodeOf(err) != core.CodeDiskFull {
		t.Errorf("a log that stays closes the gate: %v", err)
	}
}

func TestFault_1_3_BallastIsThrownOffAndTakenAgain(t *testing.T) {
	d := newFakeDisk(t)
	for _, step := range []struct {
		mb          int64
		held        bool
		checkpoints int
	}{{600, true, 0}, {50, true, 0}, {7, false, 1}, {0, false, 1}, {100, false, 1}, {128, false, 1}, {129, true, 1}} {
		d.at(lookEvery, step.mb)
		if held := d.ballast().Held(); held != step.held || d.checkpoints != step.checkpoints {
			t.Errorf("%d MB: ballast held %v, %d checkpoints", step.mb, held, d.checkpoints)
		}
	}
}

func TestBackupDriveHasItsOwnWarning(t *testing.T) {
	d := newFakeDisk(t)
	warned := func() bool {
		for _, w := range d.health.Warnings() {
			if w.Code == warnBackupLow {
				return true
			}
		}
		return false
	}
	other := false
	d.backups = func() string { return "/usb" }
	d.same = func(string, string) (bool, error) { return !other, nil }
	d.free["/usb"] = 10 << 20
	d.at(0, 900)
	if warned() {
		t.Error("backups on the disk of the books need no warning of their own")
	}
	other = true
	d.at(diskEvery, 900)
	if !warned() {
		t.Error("a full backup drive was not told of")
	}
	delete(d.free, "/usb") // unplugged: that is for the backups to tell
	d.at(diskEvery, 900)
	if warned() {
		t.Error("a drive that is not there is not full")
	}
}
