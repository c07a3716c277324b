package ui

import (
	"image"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// chrome is what stands around a screen: menu and header.
type chrome struct {
	narrow  bool // under 1280 dp
	entries map[screen.ID]*widget.Clickable
	modules map[screen.Module]*widget.Clickable
	crumbs  widget.Breadcrumb
	search  widget.Clickable
	person  widget.Clickable
	menu    widget.Popover
	items   [5]widget.Clickable
	lamp    lamp
	fold    widget.IconButton
	out     widget.Clickable
}

func (c *chrome) entry(id screen.ID) *widget.Clickable {
	if c.entries == nil {
		c.entries = map[screen.ID]*widget.Clickable{}
	}
	if c.entries[id] == nil {
		c.entries[id] = new(widget.Clickable)
	}
	return c.entries[id]
}

func (c *chrome) module(m screen.Module) *widget.Clickable {
	if c.modules == nil {
		c.modules = map[screen.Module]*widget.Clickable{}
	}
	if c.modules[m] == nil {
		c.modules[m] = new(widget.Clickable)
	}
	return c.modules[m]
}

// Widths of the menus in dp.
const (
	sidebarWidth unit.Dp = 216
	foldedWidth  unit.Dp = 64
	railWidth    unit.Dp = 96
	narrowBelow  unit.Dp = 1280
	maxContent   unit.Dp = 1680
)

// press draws w as one thing that can be pressed, with the ring when it has the
// keyboard, and reports a press.
func press(gtx layout.Context, th *theme.Theme, c *widget.Clickable, class semantic.ClassOp, name string, radius unit.Dp, w layout.Widget) bool {
	hit := c.Clicked(gtx)
	d := c.Layout(gtx, class, name, w)
	if c.Focused() && gtx.Enabled() {
		theme.Outline(gtx.Ops, rect(d.Size), gtx.Dp(radius), float32(gtx.Dp(2)), th.Focus)
	}
	return hit
}

// layoutAdmin draws the Admin's shell: sidebar, and the sheet with the screen.
func (w *Window) layoutAdmin(gtx layout.Context) {
	size := gtx.Constraints.Max
	w.chrome.narrow = size.X < gtx.Dp(narrowBelow) || w.panelOpen()
	folded := w.prefs.Folded
	if w.chrome.narrow {
		folded = !w.unfolded
	}
	left := gtx.Dp(sidebarWidth)
	if folded {
		left = gtx.Dp(foldedWidth)
	}
	widget.At(gtx, 0, 0, left, size.Y, func(gtx layout.Context) layout.Dimensions {
		if folded {
			return w.layoutFolded(gtx)
		}
		return w.layoutSidebar(gtx)
	})
	inset := gtx.Dp(theme.S8)
	w.layoutSheet(gtx, image.Rect(left, inset, size.X-inset, size.Y-inset), 54)
}

// panelOpen reports whether the open screen shows a panel at its side.
func (w *Window) panelOpen() bool {
	p := w.session.nav.now()
	if p == nil {
		return false
	}
	a, ok := p.screen.(screen.Aside)
	return ok && a.PanelOpen()
}

// layoutSheet draws header, banner and screen.
func (w *Window) layoutSheet(gtx layout.Context, r image.Rectangle, head unit.Dp) {
	sheet(gtx, w.theme, r, func(gtx layout.Context) {
		size := gtx.Constraints.Max
		y := gtx.Dp(head)
		in := func(y, h int, draw layout.Widget) layout.Dimensions {
			return widget.At(gtx, 0, y, size.X, h, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints = layout.Exact(image.Pt(size.X, max(h, 0)))
				return draw(gtx)
			})
		}
		top := y
		y += in(y, gtx.Dp(40), w.layoutSlow).Size.Y
		y += in(y, gtx.Dp(40), w.layoutBanner).Size.Y
		in(y, size.Y-y, func(gtx layout.Context) layout.Dimensions {
			w.layoutScreen(gtx)
			return layout.Dimensions{Size: gtx.Constraints.Max}
		})
		// The header comes last so that its popovers lie above the page; Tab still
		// reaches the page first, which is what the keyboard is for.
		in(0, top, w.layoutHeader)
	})
}

// layoutSidebar draws the open menu: modules, the screens of the open one, and the
// server's card.
func (w *Window) layoutSidebar(gtx layout.Context) layout.Dimensions {
	th, size := w.theme, gtx.Constraints.Max
	x, width := gtx.Dp(12), size.X-gtx.Dp(22)
	y := gtx.Dp(12)
	widget.At(gtx, x+gtx.Dp(6), y, width, gtx.Dp(44), w.layoutBrand)
	y += gtx.Dp(54)
	now := w.session.nav.now()
	for _, m := range screen.Modules() {
		list := w.module(m)
		if len(list) == 0 {
			continue
		}
		open := now != nil && now.entry.Module == m
		single := len(list) == 1 && list[0].Label == string(m)
		widget.At(gtx, x, y, width, gtx.Dp(36), func(gtx layout.Context) layout.Dimensions {
			return w.layoutModule(gtx, m, list, open, single)
		})
		y += gtx.Dp(38)
		if !open || single {
			continue
		}
		for _, e := range list {
			widget.At(gtx, x, y, width, gtx.Dp(31), func(gtx layout.Context) layout.Dimensions {
				return w.layoutEntry(gtx, e, e.ID == now.entry.ID)
			})
			y += gtx.Dp(33)
		}
	}
	h := gtx.Dp(96)
	if size.Y-h-gtx.Dp(12) > y {
		widget.At(gtx, x, size.Y-h-gtx.Dp(12), width, h, w.layoutServerCard)
	}
	_ = th
	return layout.Dimensions{Size: size}
}

// module lists the screens of m that the user may open.
func (w *Window) module(m screen.Module) (list []screen.Entry) {
	for _, e := range w.session.menu {
		if e.Module == m {
			list = append(list, e)
		}
	}
	return list
}

// factory is the name the books carry.
func (w *Window) factory() string {
	if f := w.conn.State().Factory; f != "" {
		return f
	}
	return "Your factory"
}

func (w *Window) layoutBrand(gtx layout.Context) layout.Dimensions {
	th := w.theme
	widget.At(gtx, 0, gtx.Dp(6), gtx.Dp(32), gtx.Dp(32), func(gtx layout.Context) layout.Dimensions { return th.Logo(gtx, 32) })
	x, width := gtx.Dp(42), gtx.Constraints.Max.X-gtx.Dp(42)-gtx.Dp(6)
	title := th.Type.Card.Bold()
	title.Size = 14.5
	widget.At(gtx, x, gtx.Dp(4), width, gtx.Dp(20), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, title, th.T1, "Masala Inventory")
	})
	widget.At(gtx, x, gtx.Dp(23), width, gtx.Dp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Tiny, th.T3, w.factory())
	})
	return layout.Dimensions{Size: gtx.Constraints.Max}
}

func (w *Window) layoutModule(gtx layout.Context, m screen.Module, list []screen.Entry, open, single bool) layout.Dimensions {
	th, size := w.theme, gtx.Constraints.Max
	c := w.chrome.module(m)
	if press(gtx, th, c, semantic.Button, string(m), theme.RadiusField, func(gtx layout.Context) layout.Dimensions {
		r := rect(size)
		radius := gtx.Dp(theme.RadiusField)
		style, ink, icon := th.Type.Button.Medium(), th.T2, th.T2
		switch {
		case open && single:
			th.PaintCard(gtx, r, radius)
			style, ink, icon = th.Type.Button.Semi(), th.T1, th.Brand.Text
		case open:
			style, ink, icon = th.Type.Button.Semi(), th.T1, th.Brand.Text
		}
		if c.Hovered() && !(open && single) {
			theme.Fill(gtx.Ops, r, radius, widget.Opacity(th.Track, .6))
		}
		widget.At(gtx, gtx.Dp(10), gtx.Dp(9), gtx.Dp(18), gtx.Dp(18), func(gtx layout.Context) layout.Dimensions {
			return th.Icon(gtx, moduleIcon(m), 18, icon)
		})
		widget.At(gtx, gtx.Dp(38), gtx.Dp(9), size.X-gtx.Dp(66), gtx.Dp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, style, ink, string(m), "")
		})
		if !single {
			chevron := theme.IconChevronRight
			if open {
				chevron = theme.IconChevronDown
			}
			widget.At(gtx, size.X-gtx.Dp(24), gtx.Dp(11), gtx.Dp(14), gtx.Dp(14), func(gtx layout.Context) layout.Dimensions {
				return th.Icon(gtx, chevron, 14, th.T3)
			})
		}
		return layout.Dimensions{Size: size}
	}) {
		w.start(list[0])
	}
	return layout.Dimensions{Size: size}
}

func (w *Window) layoutEntry(gtx layout.Context, e screen.Entry, open bool) layout.Dimensions {
	th, size := w.theme, gtx.Constraints.Max
	c := w.chrome.entry(e.ID)
	if press(gtx, th, c, semantic.Button, e.Label, 7, func(gtx layout.Context) layout.Dimensions {
		style, ink := th.Type.Body, th.T2
		bar := image.Rect(gtx.Dp(18), 0, gtx.Dp(19), size.Y+gtx.Dp(2))
		theme.Fill(gtx.Ops, bar, 0, th.Border)
		switch {
		case open:
			theme.Fill(gtx.Ops, rect(size), gtx.Dp(7), th.Brand.Soft)
			theme.Fill(gtx.Ops, image.Rect(gtx.Dp(18), gtx.Dp(6), gtx.Dp(20), size.Y-gtx.Dp(6)), gtx.Dp(1), th.Brand.Text)
			style, ink = style.Semi(), th.Brand.Text
		case c.Hovered():
			theme.Fill(gtx.Ops, image.Rect(gtx.Dp(28), 0, size.X, size.Y), gtx.Dp(7), widget.Opacity(th.Track, .6))
		}
		widget.At(gtx, gtx.Dp(38), middle(size.Y, gtx.Sp(style.Line)), size.X-gtx.Dp(48), size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, style, ink, e.Label, "")
		})
		return layout.Dimensions{Size: size}
	}) {
		w.start(e)
	}
	return layout.Dimensions{Size: size}
}

// layoutFolded draws the menu as icons.
func (w *Window) layoutFolded(gtx layout.Context) layout.Dimensions {
	th, size := w.theme, gtx.Constraints.Max
	widget.At(gtx, middle(size.X, gtx.Dp(36)), gtx.Dp(10), gtx.Dp(36), gtx.Dp(36), func(gtx layout.Context) layout.Dimensions { return th.Logo(gtx, 36) })
	y := gtx.Dp(60)
	now := w.session.nav.now()
	for _, m := range screen.Modules() {
		list := w.module(m)
		if len(list) == 0 {
			continue
		}
		widget.At(gtx, middle(size.X, gtx.Dp(42)), y, gtx.Dp(42), gtx.Dp(40), func(gtx layout.Context) layout.Dimensions {
			c := w.chrome.module(m)
			open := now != nil && now.entry.Module == m
			box := image.Pt(gtx.Dp(42), gtx.Dp(38))
			if press(gtx, th, c, semantic.Button, string(m), 9, func(gtx layout.Context) layout.Dimensions {
				ink := th.T2
				if open {
					th.PaintCard(gtx, rect(box), gtx.Dp(9))
					ink = th.Brand.Text
				} else if c.Hovered() {
					theme.Fill(gtx.Ops, rect(box), gtx.Dp(9), widget.Opacity(th.Track, .6))
				}
				widget.At(gtx, middle(box.X, gtx.Dp(18)), middle(box.Y, gtx.Dp(18)), box.X, box.Y, func(gtx layout.Context) layout.Dimensions {
					return th.Icon(gtx, moduleIcon(m), 18, ink)
				})
				return layout.Dimensions{Size: box}
			}) {
				w.start(list[0])
			}
			return layout.Dimensions{Size: box}
		})
		y += gtx.Dp(40)
	}
	widget.At(gtx, middle(size.X, gtx.Dp(34)), size.Y-gtx.Dp(46), gtx.Dp(34), gtx.Dp(34), func(gtx layout.Context) layout.Dimensions {
		if w.chrome.fold.Clicked(gtx) {
			w.fold()
		}
		return w.chrome.fold.Layout(gtx, th, widget.IconLook{Icon: theme.IconPanelLeftOpen, Name: "Open the sidebar", Key: "Ctrl B", NoTip: true})
	})
	return layout.Dimensions{Size: size}
}

func moduleIcon(m screen.Module) theme.Icon {
	switch m {
	case screen.Masters:
		return theme.IconBoxes
	case screen.Procurement:
		return theme.IconPackageOpen
	case screen.Production:
		return theme.IconFactory
	case screen.Packing:
		return theme.IconPackageCheck
	case screen.Sales:
		return theme.IconTruck
	case screen.Reports:
		return theme.IconChartNoAxesCombined
	case screen.System:
		return theme.IconSettings
	}
	return theme.IconLayoutDashboard
}

// initials are the two letters in the user's disc.
func initials(name string) string {
	words := strings.Fields(name)
	out := ""
	for _, word := range words {
		if len([]rune(out)) < 2 {
			out += string([]rune(word)[:1])
		}
	}
	if len(words) == 1 && len([]rune(name)) > 1 {
		out = string([]rune(name)[:2])
	}
	return strings.ToUpper(out)
}
