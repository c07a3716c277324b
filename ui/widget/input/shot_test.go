//go:build linux && cgo

package input

import (
	"os"
	"path/filepath"
	"testing"

	"gioui.org/io/key"

	"masala/ui/shot"
	"masala/ui/theme"
)

// Pictures for the eye, when MASALA_SCREENSHOTS names a folder.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("MASALA_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	take := func(d *desk, name string, w, h int) {
		t.Helper()
		d.Settle()
		if err := shot.PNG(filepath.Join(dir, name+".png"), w, h, &d.Ops); err != nil {
			t.Fatal(err)
		}
	}
	for name, o := range map[string]theme.Options{"light": {}, "dark": {Dark: true}} {
		d := newDesk(t, 1216, 800, o)
		d.fill()
		d.grid.Focus(d.rows)
		d.Settle()
		d.Type("ca")
		take(d, "grid-"+name, 1216, 800)

		d = newDesk(t, 1216, 800, o)
		d.fill()
		d.qty.Set("12.5 bag")
		d.qty.Leave()
		d.Click("Received on")
		d.Press(key.NameF4)
		d.Press(key.NameLeftArrow)
		take(d, "calendar-"+name, 1216, 800)
	}
	d := newDesk(t, 1016, 520, theme.Options{})
	d.fill()
	d.supplier.Set("")
	d.Click("Supplier")
	d.Press(key.NameF4)
	take(d, "combobox-light", 1016, 520)
	d = newDesk(t, 1016, 520, theme.Options{})
	d.fill()
	d.grid.Focus(d.rows)
	d.Settle()
	d.Type("ca")
	take(d, "grid-narrow", 1016, 520)
	d.Press(key.NameEscape)
	d.Click("Weight")
	d.Type("1")
	d.Press(key.NameF4)
	take(d, "units-light", 1016, 520)
}
