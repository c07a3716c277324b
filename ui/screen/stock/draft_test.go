package stock_test

import (
	"testing"

	"gioui.org/io/key"

	"masala/ui/screen/screentest"
)

func TestFault_2_1_LotDraft(t *testing.T) {
	b := newBooks()
	begin := func(verb string) func(w *screentest.Window) {
		return func(w *screentest.Window) {
			w.Press(key.NameDownArrow)
			w.Press(key.NameDownArrow)
			w.Press(key.NameReturn)
			w.Click(verb)
		}
	}
	t.Run("hold", func(t *testing.T) {
		screentest.Comeback{Title: "hold",
			Open:  func(o screentest.Options) *screentest.Window { return open(t, b, o) },
			Begin: begin("Hold"),
			Type:  func(w *screentest.Window) { w.Type("smells of smoke") },
			Holds: map[string]string{"Reason": "smells of smoke"},
		}.Run(t)
	})
	t.Run("adjustment", func(t *testing.T) {
		screentest.Comeback{Title: "adjustment",
			Open:  func(o screentest.Options) *screentest.Window { return open(t, b, o) },
			Begin: begin("Adjust"),
			Type:  func(w *screentest.Window) { w.Type("-2"); w.Fill("Note", "spilt at the scale") },
			Holds: map[string]string{"Note": "spilt at the scale"},
		}.Run(t)
	})
}

func TestFault_2_2_LotActAsks(t *testing.T) {
	w := open(t, newBooks(), screentest.Options{})
	w.Press(key.NameDownArrow)
	w.Press(key.NameReturn)
	w.Click("Hold")
	w.Type("smells of smoke")
	w.Press(key.NameEscape)
	if len(w.Questions) != 1 || w.Questions[0].Title != "You have unsaved changes. Close anyway?" || w.Questions[0].Answers[0].Label != "Stay" {
		t.Fatalf("asked %+v\n%s", w.Questions, w.Dump())
	}
	w.Reply("Stay")
	if got := w.Text("Reason"); got != "smells of smoke" {
		t.Errorf("after Stay the reason is %q", got)
	}
}
