package parties_test

import (
	"testing"

	"gioui.org/io/key"

	"masala/ui/screen/screentest"
)

func TestFault_2_1_PartyDraft(t *testing.T) {
	f := screentest.NewFactory()
	keep(f, nil)
	screentest.Comeback{Title: "party",
		Open:  func(o screentest.Options) *screentest.Window { return open(t, f, o) },
		Begin: func(w *screentest.Window) { w.Press("N", key.ModCtrl) },
		Type: func(w *screentest.Window) {
			w.Type("Nashik Mirch Depot")
			w.Enter(1)
			w.Type("27aapfu0939f1zv")
			w.Enter(2)
		},
		Holds: map[string]string{"Name": "Nashik Mirch Depot", "GSTIN": "27AAPFU0939F1ZV", "State": "Maharashtra"},
		Send:  func(w *screentest.Window) { w.Press(key.NameReturn, key.ModCtrl) },
	}.Run(t)
}
