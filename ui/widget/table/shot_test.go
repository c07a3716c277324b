//go:build linux && cgo

package table

import (
	"os"
	"path/filepath"
	"testing"

	"masala/ui/shot"
	"masala/ui/theme"
)

// Pictures of the table for the eye, when MASALA_SCREENSHOTS names a folder.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("MASALA_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	for _, look := range []struct {
		name string
		o    theme.Options
		w    int
	}{{"table-light", theme.Options{}, 980}, {"table-dark", theme.Options{Dark: true}, 980}, {"table-narrow", theme.Options{}, 780}} {
		b := show(t, 107, look.w, 760)
		b.th.Set(look.o)
		b.click(9)
		b.Hover(b.src.labels[12])
		if err := shot.PNG(filepath.Join(dir, look.name+".png"), look.w, 760, &b.Ops); err != nil {
			t.Fatal(err)
		}
	}
}
