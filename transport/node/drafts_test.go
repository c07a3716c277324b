package node

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"masala/core"
	"masala/platform/paths"
	"masala/ui/form"
)

// BenchmarkDraft saves a GRN of ten lines as a window does at most once a second: what
// the window's goroutine does for it, and what a worker does with the disk.
func BenchmarkDraft(b *testing.B) {
	d := form.NewDrafts(Drafts{Folder: paths.Folder(b.TempDir())}, core.SystemClock{}, "owner")
	f := form.New("purchase.post_grn", "GRN", uuid.NewString)
	f.Add(form.Field{Path: "supplier"}).Set("Unjha Jeera House")
	lines := f.AddRows("lines", func() []form.Field {
		return []form.Field{{Path: "item"}, {Path: "quantity"}, {Path: "rate"}, {Path: "batch_no"}, {Path: "expiry_on"}}
	})
	for i := range 10 {
		for _, x := range lines.At(i).Fields {
			x.Set(fmt.Sprintf("%s %d", x.Path, i))
		}
		lines.Add()
	}
	b.Run("window", func(b *testing.B) {
		for b.Loop() {
			d.Keep(f, false)
		}
	})
	b.Run("disk", func(b *testing.B) {
		for b.Loop() {
			if err := d.Keep(f, false)(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
