package ui

import (
	"strconv"

	"gioui.org/layout"

	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// toasts adds to the widget what its actions do.
type toasts struct {
	show widget.Toasts
	do   map[string]func()
	n    int
}

// Toast says something short.
func (w *Window) Toast(t screen.Toast) {
	w.log.Info("says", "text", t.Text)
	w.toasts.add(t)
	w.Invalidate()
}

func (t *toasts) add(x screen.Toast) {
	t.n++
	id := strconv.Itoa(t.n)
	out := widget.Toast{Text: x.Text, Error: x.Error, ID: id}
	if x.Action != nil {
		out.Action, out.Key = x.Action.Name, x.Action.Key.String()
		if t.do == nil {
			t.do = map[string]func(){}
		}
		t.do[id] = x.Action.Do
	}
	t.show.Show(out)
}

func (t *toasts) clear() { *t = toasts{n: t.n} }

func (t *toasts) layout(gtx layout.Context, th *theme.Theme) {
	if id, ok := t.show.Pressed(gtx); ok {
		if do := t.do[id]; do != nil {
			do()
		}
		delete(t.do, id)
	}
	t.show.Layout(gtx, th)
}
