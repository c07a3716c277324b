package ui

import (
	"fmt"
	"image"
	"time"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"masala/core"
	"masala/core/backup"
	"masala/ui/screen"
	backupscreen "masala/ui/screen/backup"
	"masala/ui/screen/dashboard"
	"masala/ui/screen/firstrun"
	"masala/ui/theme"
	"masala/ui/widget"
)

// layoutHeader draws breadcrumb, draft, search, connection and user from both ends
// towards the middle; what does not fit is left out in that order: draft, search
// text, user's name.
func (w *Window) layoutHeader(gtx layout.Context) layout.Dimensions {
	th, size := w.theme, gtx.Constraints.Max
	big := w.Floor()
	pad := gtx.Dp(20)
	theme.Fill(gtx.Ops, image.Rect(0, size.Y-gtx.Dp(1), size.X, size.Y), 0, th.Border)
	x := size.X - gtx.Dp(10)
	x -= w.rightOf(gtx, x, size, w.layoutPerson)
	x -= gtx.Dp(16)
	x -= w.rightOf(gtx, x, size, w.layoutLamp)
	x -= gtx.Dp(16)
	crumbs := w.session.nav.now().screen.Crumbs()
	left := pad + w.crumbWidth(gtx, crumbs, big) + gtx.Dp(16)
	room := x - left
	saved := w.savedText()
	savedW := 0
	if saved != "" && !big {
		savedW = widget.TextWidth(gtx, th, th.Type.Label.Semi(), saved) + gtx.Dp(36)
	}
	search := min(room-savedW, gtx.Dp(272))
	if big {
		search = min(room-savedW, gtx.Dp(250))
	}
	if search >= gtx.Dp(120) {
		x -= w.rightOf(gtx, x, size, func(gtx layout.Context) layout.Dimensions {
			return w.layoutSearch(gtx, search, big)
		})
	}
	w.layoutCrumbs(gtx, crumbs, pad, x-gtx.Dp(12), big, saved)
	return layout.Dimensions{Size: size}
}

// rightOf draws d with its right edge at x, centred in height, and returns its
// width.
func (w *Window) rightOf(gtx layout.Context, x int, size image.Point, draw layout.Widget) int {
	in := gtx
	in.Constraints = layout.Constraints{Max: size}
	m := op.Record(gtx.Ops)
	d := draw(in)
	call := m.Stop()
	st := op.Offset(image.Pt(x-d.Size.X, middle(size.Y, d.Size.Y))).Push(gtx.Ops)
	call.Add(gtx.Ops)
	st.Pop()
	return d.Size.X
}

func (w *Window) crumbWidth(gtx layout.Context, crumbs []string, big bool) int {
	th := w.theme
	if big {
		return widget.TextWidth(gtx, th, th.Type.T18, crumbs[len(crumbs)-1])
	}
	width := 0
	for i, c := range crumbs {
		width += widget.TextWidth(gtx, th, th.Type.Field.Semi(), c)
		if i < len(crumbs)-1 {
			width += gtx.Dp(30)
		}
	}
	return width
}

func (w *Window) layoutCrumbs(gtx layout.Context, crumbs []string, x, right int, big bool, saved string) {
	th, h := w.theme, gtx.Constraints.Max.Y
	if big {
		d := widget.At(gtx, x, middle(h, gtx.Sp(24)), right-x, h, func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.T18, th.T1, crumbs[len(crumbs)-1])
		})
		x += d.Size.X + gtx.Dp(16)
		day := dashboard.Weekday(w.session.env.Today())
		if saved != "" {
			day = saved
		}
		if widget.TextWidth(gtx, th, th.Type.Lead.Medium(), day) <= right-x {
			widget.At(gtx, x, middle(h, gtx.Sp(22)), right-x, h, func(gtx layout.Context) layout.Dimensions {
				return widget.Text(gtx, th, th.Type.Lead.Medium(), th.T3, day)
			})
		}
		return
	}
	if _, ok := w.chrome.crumbs.Clicked(gtx); ok {
		r := w.session.nav.now().entry.Start
		r.ID = w.session.nav.now().entry.ID
		r.New = false
		w.Navigate(r)
	}
	d := widget.At(gtx, x, middle(h, gtx.Sp(20)), right-x, h, func(gtx layout.Context) layout.Dimensions {
		return w.chrome.crumbs.Layout(gtx, th, crumbs...)
	})
	x += d.Size.X + gtx.Dp(20)
	if saved == "" || right-x < gtx.Dp(60) {
		return
	}
	widget.At(gtx, x, middle(h, gtx.Dp(16)), gtx.Dp(16), h, func(gtx layout.Context) layout.Dimensions {
		return th.Icon(gtx, theme.IconCircleCheck, 15, th.OK.Text)
	})
	widget.At(gtx, x+gtx.Dp(21), middle(h, gtx.Sp(16)), right-x-gtx.Dp(21), h, func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label.Semi(), th.OK.Text, saved)
	})
}

// savedText is when the draft of the open form was written.
func (w *Window) savedText() string {
	if k := w.session.env.Desk.Dirty(); k != nil && !k.Saved().IsZero() {
		return "Draft saved " + k.Saved().In(w.zone).Format("15:04:05")
	}
	return ""
}

func (w *Window) layoutSearch(gtx layout.Context, width int, big bool) layout.Dimensions {
	th := w.theme
	h, icon, text := gtx.Dp(34), theme.IconSearch, "Search or jump to"
	style := th.Type.Body
	if big {
		h, icon, text, style = gtx.Dp(44), theme.IconScanLine, "Scan or search", th.Type.Lead.Medium()
	}
	size := image.Pt(width, h)
	if press(gtx, th, &w.chrome.search, semantic.Button, text, theme.RadiusField, func(gtx layout.Context) layout.Dimensions {
		r := rect(size)
		radius := gtx.Dp(theme.RadiusField)
		line := th.Border
		if w.chrome.search.Hovered() {
			line = th.Borders
		}
		theme.Fill(gtx.Ops, r, radius, th.Surface2)
		theme.Outline(gtx.Ops, r, radius, float32(gtx.Dp(1)), line)
		widget.At(gtx, gtx.Dp(10), middle(h, gtx.Dp(16)), h, h, func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, icon, 16, th.T3) })
		keyW := widget.TextWidth(gtx, th, th.Type.Tiny.Semi(), "Ctrl K") + gtx.Dp(20)
		room := width - gtx.Dp(34) - keyW
		if widget.TextWidth(gtx, th, style, text) > room {
			text = "Search"
		}
		widget.At(gtx, gtx.Dp(34), middle(h, gtx.Sp(style.Line)), room, h, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, style, th.T3, text, "")
		})
		widget.At(gtx, width-keyW+gtx.Dp(2), middle(h, gtx.Dp(20)), keyW, h, func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, "Ctrl K") })
		return layout.Dimensions{Size: size}
	}) {
		w.openPalette()
	}
	return layout.Dimensions{Size: size}
}

// lamp is the dot that tells how the connection stands; the ping is its tooltip.
type lamp struct {
	hover widget.Clickable
	tip   widget.Tooltip
}

// connectionWord is what stands beside the dot, and what its tooltip says.
func connectionWord(s screen.Status) (word, tip string) {
	switch s.Phase {
	case screen.Online:
		tip = "This PC"
		if s.Server != "" {
			tip = s.Server
		}
		if s.Address != "" {
			tip += " at " + s.Address
		}
		if s.Latency > 0 {
			tip += fmt.Sprintf(", %d ms", (s.Latency+time.Millisecond/2)/time.Millisecond)
		}
		return "Online", tip
	case screen.Slow:
		return "Slow", "The server answers late"
	case screen.Refused:
		return "Refused", "The server refuses this PC"
	}
	return "Offline", "Last seen at " + s.Address
}

func (w *Window) layoutLamp(gtx layout.Context) layout.Dimensions {
	th := w.theme
	s := w.conn.Status()
	word, tip := connectionWord(s)
	tone, ink := th.OK, th.T2
	switch {
	case s.Phase == screen.Slow:
		tone = th.Warn
	case !s.Up():
		tone, ink = th.Danger, th.Danger.Text
	}
	w.chrome.lamp.hover.Pointer = true
	return w.chrome.lamp.tip.Layout(gtx, th, w.chrome.lamp.hover.Hovered(), tip, func(gtx layout.Context) layout.Dimensions {
		return w.chrome.lamp.hover.Layout(gtx, semantic.Unknown, word+": "+tip, func(gtx layout.Context) layout.Dimensions {
			return widget.Lamp(gtx, th, tone, word, ink)
		})
	})
}

// layoutPerson draws who is logged in; a press opens his menu.
func (w *Window) layoutPerson(gtx layout.Context) layout.Dimensions {
	th, u := w.theme, w.session.env.User
	disc := unit.Dp(30)
	name, role := th.Type.Label.Semi(), th.Type.Tiny
	if w.Floor() {
		disc, name, role = 40, th.Type.Lead.Semi(), th.Type.Label
	}
	word := "Operator"
	if u.Role == core.Admin {
		word = "Admin"
	}
	textW := min(max(widget.TextWidth(gtx, th, name, u.Login), widget.TextWidth(gtx, th, role, word)), gtx.Dp(140))
	size := image.Pt(gtx.Dp(disc)+gtx.Dp(8)+textW+gtx.Dp(14), gtx.Dp(disc)+gtx.Dp(8))
	if press(gtx, th, &w.chrome.person, semantic.Button, "User "+u.Name, theme.RadiusField, func(gtx layout.Context) layout.Dimensions {
		if w.chrome.person.Hovered() {
			theme.Fill(gtx.Ops, rect(size), gtx.Dp(theme.RadiusField), th.Hover)
		}
		widget.At(gtx, gtx.Dp(5), gtx.Dp(4), gtx.Dp(disc), gtx.Dp(disc), func(gtx layout.Context) layout.Dimensions {
			return widget.Avatar(gtx, th, initials(u.Name), disc)
		})
		x, lines := gtx.Dp(disc)+gtx.Dp(13), gtx.Sp(name.Line)+gtx.Sp(14)
		widget.At(gtx, x, middle(size.Y, lines), textW, size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, name, th.T1, u.Login, "")
		})
		widget.At(gtx, x, middle(size.Y, lines)+gtx.Sp(name.Line)-gtx.Dp(1), textW, size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, role, th.T3, word, "")
		})
		return layout.Dimensions{Size: size}
	}) {
		w.chrome.menu.Toggle()
	}
	w.chrome.menu.Layout(gtx, th, size, widget.PopoverLook{Width: 232, End: true}, w.layoutPersonMenu)
	return layout.Dimensions{Size: size}
}

func (w *Window) layoutPersonMenu(gtx layout.Context) layout.Dimensions {
	th := w.theme
	look := "Dark look"
	lookIcon := theme.IconMoon
	if w.prefs.Dark {
		look, lookIcon = "Light look", theme.IconSun
	}
	type item struct {
		icon theme.Icon
		name string
		key  string
		do   func()
	}
	items := []item{
		{lookIcon, look, "Ctrl Shift D", w.dark},
		{theme.IconKeyboard, "Keys of this screen", "F1", w.showKeys},
		{theme.IconKeyRound, "Change password", "", w.changePassword},
		{theme.IconLogOut, "Sign out", "", func() { w.leaving(w.logout) }},
	}
	if w.mayExit() {
		items = append(items, item{theme.IconServer, "Exit Server", "", func() { w.deps.ExitAnswer(screen.ExitWanted) }})
	}
	y, width := gtx.Dp(6), gtx.Constraints.Max.X
	for i, it := range items {
		size := image.Pt(width-gtx.Dp(12), gtx.Dp(38))
		c := &w.chrome.items[i]
		widget.At(gtx, gtx.Dp(6), y, size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
			if press(gtx, th, c, semantic.Button, it.name, 7, func(gtx layout.Context) layout.Dimensions {
				if c.Hovered() || c.Focused() {
					theme.Fill(gtx.Ops, rect(size), gtx.Dp(7), th.Hover)
				}
				widget.At(gtx, gtx.Dp(10), middle(size.Y, gtx.Dp(17)), size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
					return th.Icon(gtx, it.icon, 17, th.T2)
				})
				widget.At(gtx, gtx.Dp(37), middle(size.Y, gtx.Sp(18)), size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
					return widget.TextAs(gtx, th, th.Type.Body, th.T1, it.name, "")
				})
				if it.key != "" {
					w.rightOf(gtx, size.X-gtx.Dp(8), size, func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, it.key) })
				}
				return layout.Dimensions{Size: size}
			}) {
				w.chrome.menu.Hide()
				it.do()
			}
			return layout.Dimensions{Size: size}
		})
		y += size.Y
	}
	return layout.Dimensions{Size: image.Pt(width, y+gtx.Dp(6))}
}

// layoutServerCard tells an Admin how the server is doing.
func (w *Window) layoutServerCard(gtx layout.Context) layout.Dimensions {
	th, size, s := w.theme, gtx.Constraints.Max, w.session.server
	th.PaintCard(gtx, rect(size), gtx.Dp(theme.RadiusPopover))
	title := "Server " + s.Name
	if w.role == screen.RoleServer {
		title = "This PC is the server"
	} else if w.role == screen.RoleDemo {
		title = "Demo factory on this PC"
	}
	pad := gtx.Dp(12)
	widget.At(gtx, pad, gtx.Dp(12), gtx.Dp(15), gtx.Dp(15), func(gtx layout.Context) layout.Dimensions {
		return th.Icon(gtx, theme.IconServer, 15, th.T1)
	})
	widget.At(gtx, pad+gtx.Dp(23), gtx.Dp(11), size.X-pad*2-gtx.Dp(23), size.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label.Semi(), th.T1, title)
	})
	rows := [][2]string{{"PCs connected", "–"}, {"No backup yet", ""}, {"Free disk", "–"}}
	late := s.Backup == nil
	if !s.StartedAt.IsZero() {
		rows[0][1] = fmt.Sprintf("%d of %d", len(s.Connected), s.Paired)
		if s.Backup != nil {
			now := w.deps.Clock.Now()
			rows[1][0] = backupscreen.Unsigned(backup.Headline(now, *s.Backup))
			late = now.Sub(*s.Backup) >= backup.LateAfter
		}
		rows[2][1] = firstrun.Bytes(s.FreeDisk)
	}
	y := gtx.Dp(34)
	for i, r := range rows {
		ink, what := th.T2, th.T3
		if i == 1 && late {
			ink, what = th.Warn.Text, th.Warn.Text
		}
		x := pad
		if i == 1 && late && s.Backup != nil {
			widget.At(gtx, pad, y+gtx.Dp(2), gtx.Dp(12), gtx.Dp(12), func(gtx layout.Context) layout.Dimensions {
				return th.Icon(gtx, theme.IconTriangleAlert, 12, ink)
			})
			x += gtx.Dp(16)
		}
		widget.At(gtx, x, y, size.X-pad-x, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Tiny, what, r[0])
		})
		widget.At(gtx, pad, y, size.X-2*pad, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.TextEnd(gtx, th, th.Type.Tiny.Semi(), ink, r[1])
		})
		y += gtx.Dp(18)
	}
	return layout.Dimensions{Size: size}
}
