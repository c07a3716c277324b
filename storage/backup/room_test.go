package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"masala/core"
	"masala/core/backup"
	"masala/platform/disk"
	"masala/storage"
	store "masala/storage/backup"
)

// TestFault_1_3_BackupLeavesTheBooksTheirSpace: a backup for which there is no room is
// refused before a byte of it is written; one that runs into it ends, and nothing of it
// stays. On another disk it needs no more than itself.
func TestFault_1_3_BackupLeavesTheBooksTheirSpace(t *testing.T) {
	const keep = 80 << 20
	p := newPlace(t)
	free, oneDisk := int64(0), true
	copies := 0
	job := func() store.Job {
		j := p.job()
		j.Room = store.Room{Books: p.Path, Keep: keep,
			Space: func(string) (disk.Space, error) { return disk.Space{Free: free}, nil },
			Same:  func(a, b string) (bool, error) { return oneDisk || a == b || filepath.Dir(b) == a, nil }}
		j.Copy = func(ctx context.Context, dst string, progress func(int, int)) (backup.Contents, error) {
			copies++
			return p.DB.Copy(ctx, dst, progress)
		}
		return j
	}
	run := func(j store.Job, says string) {
		t.Helper()
		point, err := j.Run(context.Background())
		if says == "" {
			if err != nil || point.State != backup.Good {
				t.Errorf("with %d MB free: %+v, %v", free>>20, point, err)
			}
			return
		}
		if core.CodeOf(err) != core.CodeDiskFull || !strings.HasPrefix(err.Error(), says) {
			t.Errorf("with %d MB free: %v", free>>20, err)
		}
		p.tidy()
	}
	raw := storage.Size(p.Path)
	log := storage.LogSize(p.Path)
	free = keep + log + raw + raw/2 - 1
	run(job(), "There is no space for the backup in "+filepath.Dir(p.Path)+": ")
	if copies != 0 {
		t.Error("the books were copied though there was no room")
	}
	free++
	run(job(), "")

	j := job()
	j.Copy = func(ctx context.Context, dst string, _ func(int, int)) (backup.Contents, error) {
		if err := os.WriteFile(dst, make([]byte, 1000), 0o600); err != nil {
			t.Error(err)
		}
		free = keep - 1
		<-ctx.Done()
		return backup.Contents{}, ctx.Err()
	}
	free = 1 << 40
	run(j, "The backup was ended: ")
	if len(p.list()) != 1 {
		t.Errorf("the folder holds %+v", p.list())
	}

	oneDisk, free = false, keep+log+raw // the point goes to another disk
	run(job(), "")
}
