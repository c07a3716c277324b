package firstrun

import (
	"image"
	"image/color"

	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/screen"
	"masala/ui/screen/entry"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Page draws the picker.
type Page struct {
	*Picker
	th      *theme.Theme
	version string
	cards   [3]widget.Clickable
	button  widget.Button
}

// NewPage draws p.
func NewPage(th *theme.Theme, p *Picker, version string) *Page {
	return &Page{Picker: p, th: th, version: version}
}

const firewallNote = "Server not found from a client? Ensure the server is running and port 8090 is not blocked by firewall."

// Layout draws the page over the whole window.
func (p *Page) Layout(gtx layout.Context) {
	p.keys(gtx)
	entry.Beside(gtx, p.th, p.version, 790, firewallNote, p.layout)
}

func (p *Page) keys(gtx layout.Context) {
	if p.Busy {
		return
	}
	for {
		e, ok := gtx.Event(key.Filter{Name: "1"}, key.Filter{Name: "2"}, key.Filter{Name: "3"},
			key.Filter{Name: key.NameUpArrow}, key.Filter{Name: key.NameDownArrow},
			key.Filter{Name: key.NameReturn}, key.Filter{Name: key.NameEnter})
		if !ok {
			break
		}
		k, ok := e.(key.Event)
		if !ok || k.State != key.Press {
			continue
		}
		switch k.Name {
		case "1", "2", "3":
			p.At = int(k.Name[0] - '1')
		case key.NameUpArrow:
			p.Move(-1)
		case key.NameDownArrow:
			p.Move(1)
		default:
			p.Choose()
		}
	}
	for i := range p.cards {
		p.cards[i].Pointer = true
		if c, ok := p.cards[i].Click(gtx); ok {
			p.At = i
			if c.Count > 1 {
				p.Choose()
			}
		}
	}
	if p.button.Clicked(gtx) {
		p.Choose()
	}
}

func (p *Page) layout(gtx layout.Context) layout.Dimensions {
	th := p.th
	gap, height := theme.S16, gtx.Dp(124)
	if gtx.Constraints.Max.Y < gtx.Dp(640) {
		gap, height = 10, gtx.Dp(108)
	}
	rows := []layout.FlexChild{
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.T28, th.T1, "How will this PC be used?")
		}),
		widget.Space(6),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Lead, th.T2, "Choose once. The server comes first, then the other PCs.")
		}),
		widget.Space(26),
	}
	for i, c := range choices {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.card(gtx, i, c, height) }))
		if i < len(choices)-1 {
			rows = append(rows, widget.Space(gap))
		}
	}
	if p.Fault != "" {
		rows = append(rows, widget.Space(14), layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Danger, theme.IconCircleAlert, p.Fault)
		}))
	}
	rows = append(rows, widget.Space(26), layout.Rigid(p.foot))
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

func (p *Page) foot(gtx layout.Context) layout.Dimensions {
	th := p.th
	kbd := func(s string) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, s) })
	}
	word := func(s string) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Body, th.T3, s) })
	}
	return widget.Row(gtx, 8, kbd("↑"), kbd("↓"), word("choose"), widget.Space(6), kbd("Enter"), word("continue"), widget.Grow(),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.button.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: choices[p.At].Button, IconEnd: theme.IconArrowRight,
				Height: theme.ButtonLarge, Busy: p.Busy, BusyText: "Setting up"})
		}))
}

func (p *Page) card(gtx layout.Context, i int, c Choice, h int) layout.Dimensions {
	th := p.th
	size := image.Pt(gtx.Constraints.Max.X, h)
	radius := gtx.Dp(14)
	chosen := p.At == i
	cl := &p.cards[i]
	r := image.Rectangle{Max: size}
	th.PaintCard(gtx, r, radius)
	if cl.Hovered() && !chosen {
		theme.Fill(gtx.Ops, r, radius, th.Hover)
	}
	if chosen {
		th.FieldFocus(gtx, r, radius)
	}
	return cl.Layout(gtx, semantic.RadioButton, c.Title, func(gtx layout.Context) layout.Dimensions {
		semantic.SelectedOp(chosen).Add(gtx.Ops)
		tile := gtx.Dp(64)
		widget.At(gtx, gtx.Dp(22), (h-tile)/2, tile, tile, func(gtx layout.Context) layout.Dimensions { return p.tile(gtx, c.Role, tile) })
		x, room := gtx.Dp(106), size.X-gtx.Dp(106+76)
		y := (h - gtx.Dp(78)) / 2
		widget.At(gtx, x, y, room, gtx.Sp(24), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.T18, th.T1, c.Title, "")
		})
		text, says := th.Type.Field.Regular(), c.Text
		if widget.TextWidth(gtx, th, text, says) > room {
			says = c.Short
		}
		widget.At(gtx, x, y+gtx.Dp(27), room, gtx.Sp(20), func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, text, th.T2, says) })
		widget.At(gtx, x, y+gtx.Dp(56), room, gtx.Dp(22), func(gtx layout.Context) layout.Dimensions { return p.note(gtx, c.Role) })
		widget.At(gtx, size.X-gtx.Dp(50), (h-gtx.Dp(28))/2, gtx.Dp(28), gtx.Dp(28), func(gtx layout.Context) layout.Dimensions {
			return bigKey(gtx, th, string(rune('1'+i)))
		})
		return layout.Dimensions{Size: size}
	})
}

func (p *Page) tile(gtx layout.Context, role screen.Role, px int) layout.Dimensions {
	th := p.th
	r := image.Rect(0, 0, px, px)
	icon, ink := theme.IconServer, entry.White(1)
	switch role {
	case screen.RoleServer:
		theme.FillGradient(gtx.Ops, r, gtx.Dp(16), theme.Gradient{Top: color.NRGBA{R: 0x9C, G: 0x1B, B: 0x16, A: 255}, Bottom: color.NRGBA{R: 0x6A, G: 0x0D, B: 0x0D, A: 255}})
	case screen.RoleClient:
		theme.Fill(gtx.Ops, r, gtx.Dp(16), th.Packing.Soft)
		icon, ink = theme.IconMonitorSmartphone, th.Packing.Text
	default:
		theme.Fill(gtx.Ops, r, gtx.Dp(16), th.Raw.Soft)
		icon, ink = theme.IconSparkles, th.Raw.Text
	}
	off := (px - gtx.Dp(30)) / 2
	widget.At(gtx, off, off, px, px, func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, icon, 30, ink) })
	return layout.Dimensions{Size: r.Max}
}

// note is the small line of a card.
func (p *Page) note(gtx layout.Context, role screen.Role) layout.Dimensions {
	th, x := p.th, 0
	text := p.Note(role)
	switch {
	case role == screen.RoleServer && p.facts.name != "":
		d := widget.At(gtx, 0, 0, gtx.Constraints.Max.X, gtx.Dp(20), func(gtx layout.Context) layout.Dimensions {
			return widget.Tag(gtx, th, th.Neutral, p.facts.name)
		})
		x = d.Size.X + gtx.Dp(8)
	case role == screen.RoleClient:
		dot := gtx.Dp(9)
		tone := th.Warn.Fill
		if len(p.Found) > 0 {
			tone = th.OK.Fill
		}
		theme.Fill(gtx.Ops, image.Rect(0, gtx.Dp(6), dot, gtx.Dp(6)+dot), dot/2, tone)
		x = dot + gtx.Dp(8)
	}
	ink := th.T3
	if role == screen.RoleServer && p.facts.known && !p.facts.portFree {
		ink = th.Warn.Text
	}
	widget.At(gtx, x, gtx.Dp(2), gtx.Constraints.Max.X-x, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label, ink, text)
	})
	return layout.Dimensions{Size: gtx.Constraints.Max}
}

func bigKey(gtx layout.Context, th *theme.Theme, s string) layout.Dimensions {
	px := gtx.Dp(28)
	r := image.Rect(0, 0, px, px)
	theme.Fill(gtx.Ops, r, gtx.Dp(6), th.Surface)
	theme.Outline(gtx.Ops, r, gtx.Dp(6), float32(gtx.Dp(1)), th.Borders)
	style := th.Type.Card
	w := widget.TextWidth(gtx, th, style, s)
	defer op.Offset(image.Pt((px-w)/2, (px-gtx.Sp(style.Line))/2)).Push(gtx.Ops).Pop()
	widget.TextAs(gtx, th, style, th.T2, s, "")
	return layout.Dimensions{Size: r.Max}
}
