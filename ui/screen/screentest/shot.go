//go:build linux && cgo

package screentest

import (
	"os"
	"path/filepath"

	"masala/ui/shot"
)

// Picture leaves what the window shows as name.png in the folder that
// MASALA_SCREENSHOTS names ("make screenshots").
func (w *Window) Picture(name string) {
	w.T.Helper()
	folder := os.Getenv("MASALA_SCREENSHOTS")
	if folder == "" {
		return
	}
	if err := shot.PNG(filepath.Join(folder, name+".png"), w.Size.X, w.Size.Y, &w.Ops); err != nil {
		w.T.Fatal(err)
	}
}
