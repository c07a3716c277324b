package backup

import (
	"context"
	"errors"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/platform/disk"
	"masala/storage"
)

// roomEvery is how often free space is looked at while a backup is written: a quick
// disk takes 20 MB in that time.
const roomEvery = 100 * time.Millisecond

// Room keeps a backup from taking the space that the books need. The zero value lets
// everything pass.
type Room struct {
	Books string                           // path of their database
	Keep  int64                            // bytes that stay free on its disk, the length of the write-ahead log on top
	Space func(string) (disk.Space, error) // disk.Of
	Same  func(a, b string) (bool, error)  // disk.Same
}

// need is what will be written into a folder at most.
type need struct {
	folder string
	bytes  int64
}

// Guard refuses work for which there is no room, and ends it when its disk runs low
// after all. work gets a context that ends then; what it returns is put into words.
func (r Room) Guard(ctx context.Context, scratch string, raw int64, work func(context.Context) error) error {
	return r.guard(ctx, work, need{scratch, raw})
}

func (r Room) guard(ctx context.Context, work func(context.Context) error, needs ...need) error {
	if r.Books == "" {
		return work(ctx)
	}
	needs = r.gathered(needs)
	beside := false
	for _, n := range needs {
		here := r.withBooks(n.folder)
		beside = beside || here
		if here {
			n.bytes += r.least()
		}
		if s, err := r.Space(n.folder); err == nil && s.Free < n.bytes {
			return core.Errorf(core.CodeDiskFull, "There is no space for the backup in %s: %d MB are needed, so that work can go on, and %d MB are free. The backups that are there stay; free some space or choose another drive.",
				n.folder, (n.bytes+1<<20-1)>>20, s.Free>>20)
		}
	}
	if !beside {
		return work(ctx)
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	go r.watch(ctx, end)
	err := work(ctx)
	var low *core.Error
	if err != nil && errors.As(context.Cause(ctx), &low) {
		return low.Because(err)
	}
	return err
}

// gathered adds up what goes to one disk.
func (r Room) gathered(needs []need) (out []need) {
next:
	for _, n := range needs {
		for i := range out {
			if same, err := r.Same(out[i].folder, n.folder); err == nil && same {
				out[i].bytes += n.bytes
				continue next
			}
		}
		out = append(out, n)
	}
	return out
}

// withBooks reports whether a folder is on the disk of the books.
func (r Room) withBooks(folder string) bool {
	same, err := r.Same(folder, r.Books)
	return err == nil && same
}

// least is what has to stay free for the books now.
func (r Room) least() int64 { return r.Keep + storage.LogSize(r.Books) }

// watch ends ctx when the disk of the books runs low.
func (r Room) watch(ctx context.Context, end func(error)) {
	tick := time.NewTicker(roomEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if s, err := r.Space(r.Books); err == nil && s.Free < r.least() {
			end(core.Errorf(core.CodeDiskFull, "The backup was ended: it left too little space for the work on the disk of the data, %d MB. The backups that are there stay; free some space or choose another drive.", s.Free>>20))
			return
		}
	}
}

// packedSize is how large a point of books of so many bytes may become: as large as the
// newest one in the folder and a quarter more, or half of them.
func packedSize(folder string, now time.Time, raw int64) int64 {
	points, err := List(folder, now, time.UTC)
	if err != nil {
		return raw / 2
	}
	for _, p := range points {
		if p.State == backup.Good {
			return p.Size + p.Size/4
		}
	}
	return raw / 2
}
