package input

import (
	"math/rand/v2"
	"strings"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/key"

	"masala/ui/theme"
)

// Whatever keys and presses come in whatever order, the grid stands on a cell one
// can type into, has a row, and what its editor shows is what the form holds.
func TestGridUnderRandomKeys(t *testing.T) {
	keys := []struct {
		name key.Name
		mod  key.Modifiers
	}{{key.NameReturn, 0}, {key.NameReturn, 0}, {key.NameReturn, key.ModShift}, {key.NameTab, 0}, {key.NameTab, key.ModShift}, {key.NameEscape, 0},
		{key.NameUpArrow, 0}, {key.NameDownArrow, 0}, {key.NameLeftArrow, 0}, {key.NamePageDown, 0}, {key.NameF2, 0}, {key.NameF4, 0},
		{"D", key.ModCtrl}, {key.NameDeleteForward, key.ModCtrl}, {"Z", key.ModCtrl}, {"A", key.ModCtrl}, {key.NameDeleteBackward, 0}, {"N", key.ModCtrl}}
	texts := []string{"ca", "RAW-002", "12", "5q", "t", "+9", "x", "40*2", "hold", "जीरा"}
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 7))
		d := newDesk(t, 1216, 500, theme.Options{NoAnimation: true})
		d.grid.Focus(d.rows)
		d.Settle()
		var log []string
		for range 90 {
			switch n := r.IntN(10); {
			case n < 6:
				k := keys[r.IntN(len(keys))]
				log = append(log, k.mod.String()+string(k.name))
				d.Press(k.name, k.mod)
			case n < 9:
				s := texts[r.IntN(len(texts))]
				log = append(log, s)
				d.Type(s)
			default:
				p := f32.Pt(float32(20+r.IntN(1180)), float32(190+r.IntN(220)))
				log = append(log, "click")
				d.ClickAt(p)
			}
			d.Settle()
			row, col := d.grid.Active()
			if d.rows.Len() < 1 || row >= d.rows.Len() || d.rows.At(row).Field(col) != d.grid.cellOf {
				t.Fatalf("seed %d: stands on %d %s of %d rows after %s", seed, row, col, d.rows.Len(), strings.Join(log, " "))
			}
			if c, ok := d.grid.cell.(*Combobox); ok && c.field.Text() != d.grid.cellOf.Text {
				t.Fatalf("seed %d: shows %q, holds %q after %s", seed, c.field.Text(), d.grid.cellOf.Text, strings.Join(log, " "))
			}
		}
	}
}
