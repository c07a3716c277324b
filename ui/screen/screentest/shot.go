//go:build linux && cgo

package screentest

import (
	"os"
	"path/filepath"
	"runtime"

	"masala/ui/shot"
)

// Picture writes what the window shows to docs/screenshots/<name>.png, when
// MASALA_SCREENSHOTS=1 asks for pictures.
func (w *Window) Picture(name string) {
	w.T.Helper()
	if os.Getenv("MASALA_SCREENSHOTS") != "1" {
		return
	}
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		w.T.Fatal("the source is not where it was built")
	}
	path := filepath.Join(filepath.Dir(here), "..", "..", "..", "docs", "screenshots", name+".png")
	if err := shot.PNG(path, w.Size.X, w.Size.Y, &w.Ops); err != nil {
		w.T.Fatal(err)
	}
}
