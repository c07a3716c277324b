package ui

import (
	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// keyList shows the keys of the open screen and those that work everywhere.
type keyList struct {
	th    *theme.Theme
	title string
	here  [][2]string // key, what it does
	all   [][2]string
}

// showKeys opens the list of keys.
func (w *Window) showKeys() {
	crumbs := w.session.nav.now().screen.Crumbs()
	k := &keyList{th: w.theme, title: "Keys: " + crumbs[len(crumbs)-1]}
	for _, a := range w.session.nav.now().screen.Actions() {
		if a.Key.Name != "" {
			k.here = append(k.here, [2]string{a.Key.String(), a.Name})
		}
	}
	for _, e := range w.session.menu {
		if e.Key.Name != "" {
			k.all = append(k.all, [2]string{e.Key.String(), e.Label})
		}
	}
	for _, g := range globals() {
		k.all = append(k.all, [2]string{g.key.String(), g.name})
	}
	k.all = append(k.all, [2]string{"Ctrl 1 to 8", "Modules from the top"}, [2]string{"Esc", "Back or close"})
	w.Show(k)
}

// Title names the screen.
func (k *keyList) Title() string { return k.title }

// Width of the list.
func (k *keyList) Width() unit.Dp { return 640 }

// Layout draws two columns.
func (k *keyList) Layout(gtx layout.Context, _ func()) layout.Dimensions {
	half := (gtx.Constraints.Max.X - gtx.Dp(24)) / 2
	column := func(x int, title string, rows [][2]string) int {
		y := 0
		widget.At(gtx, x, y, half, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, k.th, k.th.Type.Label, k.th.T3, title)
		})
		y += gtx.Dp(26)
		for _, r := range rows {
			widget.At(gtx, x, y, half, gtx.Dp(20), func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, k.th, r[0]) })
			widget.At(gtx, x+gtx.Dp(104), y+gtx.Dp(1), half-gtx.Dp(104), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
				return widget.Text(gtx, k.th, k.th.Type.Body, k.th.T1, r[1])
			})
			y += gtx.Dp(30)
		}
		if len(rows) == 0 {
			widget.At(gtx, x, y, half, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
				return widget.Text(gtx, k.th, k.th.Type.Body, k.th.T3, "None of its own")
			})
			y += gtx.Dp(30)
		}
		return y
	}
	h := max(column(0, "On this screen", k.here), column(half+gtx.Dp(24), "Everywhere", k.all))
	d := layout.Dimensions{Size: gtx.Constraints.Max}
	d.Size.Y = h
	return d
}

var _ screen.Dialog = (*keyList)(nil)
