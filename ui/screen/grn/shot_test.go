package grn_test

import (
	"testing"

	"gioui.org/io/key"

	"masala/core"
	"masala/core/purchase"
	"masala/ui/screen/screentest"
	"masala/ui/theme"
)

// TestScreenshots draws the entry as users see it; without MASALA_SCREENSHOTS it
// still checks that every look lays out.
func TestScreenshots(t *testing.T) {
	for _, x := range []struct {
		name string
		o    screentest.Options
	}{
		{"grn-entry", screentest.Options{}},
		{"grn-entry-dark", screentest.Options{Theme: theme.Options{Dark: true}}},
		{"grn-entry-1024", screentest.Options{Width: 1024 - 64 - 8, Height: 640 - 16 - 54}},
		{"grn-entry-150", screentest.Options{Theme: theme.Options{Zoom: 150}, Width: 1440 - 108, Height: 900 - 105}},
		{"grn-entry-operator", screentest.Options{Role: core.Operator}},
	} {
		t.Run(x.name, func(t *testing.T) {
			b := open(t, x.o)
			b.head()
			b.line("turm", "500", "143", "ET-2209", "2-2")
			b.line("cumin", "200", "225", "UJ-77", "28-1")
			b.line("coriander", "300", "85", "RD-145", "30-1")
			b.Enter(1)
			b.Type("3500")
			b.Enter(1)
			b.grid("Expiry date, line 3", "")
			b.Press(key.NameReturn, key.ModCtrl)
			b.grid("Item, line 4", "")
			b.Type("ca")
			b.Picture(x.name)
		})
	}
	b := open(t, screentest.Options{})
	b.Picture("grn-empty")
	b.head()
	b.line("turm", "500", "143", "ET-2209", "2-2")
	b.line("cumin", "200", "225", "UJ-77", "28-1")
	b.Press(key.NameReturn, key.ModCtrl)
	b.Picture("grn-posted")
	if len(screentest.Requests(b.Factory.Server, purchase.PostGRN)) != 1 {
		t.Error("not posted")
	}
}

// grid clicks a cell and writes s over what is there.
func (b *bench) grid(cell, s string) {
	b.T.Helper()
	n := b.Must(cell)
	b.ClickAt(center(n.Bounds))
	b.Press("A", key.ModShortcut)
	b.Press(key.NameDeleteBackward)
	if s != "" {
		b.Type(s)
	}
}
