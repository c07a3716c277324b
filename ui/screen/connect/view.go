package connect

import (
	"image"
	"time"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/screen"
	"masala/ui/screen/entry"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Page draws the way to the server.
type Page struct {
	*Model
	th      *theme.Theme
	role    screen.Role
	version string
	address entry.Group
	code    entry.Group
	servers []widget.Clickable
	try     widget.Button
	pair    widget.Button
	again   widget.Button
	asked   bool // the code field has been given the keyboard
	begun   bool
}

// NewPage draws m. On the server's own PC only its start is waited for.
func NewPage(th *theme.Theme, m *Model, role screen.Role, version string) *Page {
	return &Page{Model: m, th: th, role: role, version: version, address: entry.Lines(m.Address), code: entry.Lines(m.Code)}
}

// LayoutUnready says that the server has no factory yet.
func (p *Page) LayoutUnready(gtx layout.Context) {
	entry.Beside(gtx, p.th, p.version, 560, "", func(gtx layout.Context) layout.Dimensions {
		return p.said(gtx, "The server is not set up yet", "Finish the set-up on the server's PC. This window goes on by itself.", true)
	})
}

// Layout draws the page over the whole window.
func (p *Page) Layout(gtx layout.Context) {
	if p.role != screen.RoleClient {
		p.layoutStarting(gtx)
		return
	}
	p.update(gtx)
	// A search says so once it has lasted, so the page must come back for it.
	if !p.Searched() {
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(time.Second)})
	}
	entry.Beside(gtx, p.th, p.version, 640, "", p.layout)
}

func (p *Page) update(gtx layout.Context) {
	if !p.begun && gtx.Enabled() {
		p.begun = true
		if !p.Asking() {
			p.address.Focus(nil)
		}
	}
	if p.address.Update(gtx) || p.try.Clicked(gtx) {
		if bad := p.Try(); bad != nil {
			p.address.Focus(bad)
		}
	}
	enter := p.code.Update(gtx)
	if grouped := Group(p.Code.Text); grouped != p.Code.Text {
		p.Code.Set(grouped)
	}
	if enter || p.pair.Clicked(gtx) {
		if bad := p.Pair(); bad != nil {
			p.code.Focus(bad)
		}
	}
	if p.again.Clicked(gtx) {
		p.conn.Rediscover()
	}
	for len(p.servers) < len(p.Servers()) {
		p.servers = append(p.servers, widget.Clickable{})
	}
	for i := range p.servers {
		if p.servers[i].Clicked(gtx) {
			p.Choose(i)
		}
	}
	if asking := p.Asking(); asking != p.asked {
		if p.asked = asking; asking {
			p.code.Focus(nil)
		}
	}
}

func (p *Page) layoutStarting(gtx layout.Context) {
	if p.again.Clicked(gtx) {
		p.conn.RetryNow()
	}
	s := p.Status()
	entry.Beside(gtx, p.th, p.version, 560, "", func(gtx layout.Context) layout.Dimensions {
		switch {
		case s.Phase == screen.Refused:
			title, text := Explain(s)
			return p.waited(gtx, title, text, false)
		case p.role == screen.RoleDemo:
			return p.said(gtx, "Opening the demo factory", "This takes a moment the first time: a month of work is being written.", true)
		}
		return p.waited(gtx, "Starting the server", "The books are being opened and checked. This window goes on by itself. If it stays so for minutes, restart this PC.", true)
	})
	gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(time.Second)})
}

// waited says it with a way not to wait.
func (p *Page) waited(gtx layout.Context, title, text string, busy bool) layout.Dimensions {
	return widget.Column(gtx, 24,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.said(gtx, title, text, busy) }),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.X = 0
			return p.again.Layout(gtx, p.th, widget.ButtonLook{Text: "Retry now", Icon: theme.IconRotateCw, Height: 44})
		}))
}

func (p *Page) said(gtx layout.Context, title, text string, busy bool) layout.Dimensions {
	th := p.th
	return widget.Column(gtx, 8,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			if !busy {
				return layout.Dimensions{}
			}
			return layout.Inset{Bottom: 12}.Layout(gtx, func(gtx layout.Context) layout.Dimensions { return widget.Spinner(gtx, th, 32, th.Brand.Text) })
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.T28, th.T1, title) }),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.Lead, th.T2, text) }))
}

func (p *Page) layout(gtx layout.Context) layout.Dimensions {
	th, s := p.th, p.Status()
	rows := []layout.FlexChild{
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.T28, th.T1, "Connect to the server")
		}),
		widget.Space(6),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.progress(gtx, s) }),
		widget.Space(20),
	}
	if tone, icon, text := p.explanation(s); text != "" {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, tone, icon, text)
		}), widget.Space(16))
	}
	for i, srv := range p.Servers() {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.server(gtx, i, srv) }), widget.Space(10))
	}
	if p.Asking() {
		rows = append(rows, widget.Space(6), layout.Rigid(p.layoutCode), widget.Space(12))
	}
	rows = append(rows, widget.Space(6), layout.Rigid(p.layoutAddress))
	if len(s.Tried) > 0 && len(p.Servers()) < 2 { // with several to choose from the search is over
		rows = append(rows, widget.Space(14), layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label.Semi(), th.T2, "What is tried")
		}), widget.Space(4))
		for _, t := range s.Tried {
			rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.way(gtx, t) }))
		}
	}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

// way draws one way to the server: what it is, how far it has led, and why no further.
func (p *Page) way(gtx layout.Context, t screen.Try) layout.Dimensions {
	th, width := p.th, gtx.Constraints.Max.X
	tone, icon := th.Neutral, theme.IconX
	switch t.State {
	case screen.TurnedAway:
		tone, icon = th.Warn, theme.IconTriangleAlert
	case screen.Answered:
		tone, icon = th.OK, theme.IconCheck
	}
	line, left := gtx.Dp(26), gtx.Dp(26)
	semantic.DescriptionOp(t.Way + ": " + string(t.State)).Add(gtx.Ops)
	widget.At(gtx, 0, (line-gtx.Dp(14))/2, left, line, func(gtx layout.Context) layout.Dimensions {
		if t.State == screen.Trying {
			return widget.Spinner(gtx, th, 14, th.T3)
		}
		return th.Icon(gtx, icon, 14, tone.Text)
	})
	state := string(t.State)
	stateW := widget.TextWidth(gtx, th, th.Type.Label.Semi(), state)
	top := (line - gtx.Sp(16)) / 2
	text := t.Way
	if t.Where != "" {
		text += ", " + t.Where
	}
	widget.At(gtx, left, top, width-left-stateW-gtx.Dp(12), line, func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label, th.T2, text)
	})
	widget.At(gtx, width-stateW, top, stateW, line, func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label.Semi(), tone.Text, state)
	})
	if t.Why == "" {
		return layout.Dimensions{Size: image.Pt(width, line)}
	}
	d := widget.At(gtx, left, line-gtx.Dp(3), width-left, gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, th.Type.Label, th.T3, t.Why)
	})
	return layout.Dimensions{Size: image.Pt(width, line+d.Size.Y+gtx.Dp(3))}
}

// progress says what is being done right now.
func (p *Page) progress(gtx layout.Context, s screen.Status) layout.Dimensions {
	th := p.th
	text := "Looking for a server on this network."
	switch {
	case s.Phase == screen.Connecting && s.Address != "":
		text = "Connecting to " + s.Address + "."
	case s.Phase == screen.Lost && s.Address != "":
		text = "The connection to " + s.Address + " was lost. Trying again."
	case s.Phase == screen.Refused:
		text = "The server at " + s.Address + " was found."
	case len(p.Servers()) > 0:
		text = "Choose your server."
	}
	if s.Phase == screen.Refused {
		return widget.Text(gtx, th, th.Type.Lead, th.T2, text)
	}
	return widget.Row(gtx, 10,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Spinner(gtx, th, 16, th.T3) }),
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Lead, th.T2, text) }))
}

// explanation is the worst thing there is to say.
func (p *Page) explanation(s screen.Status) (theme.Tone, theme.Icon, string) {
	switch {
	case p.Fault != "":
		return p.th.Danger, theme.IconCircleAlert, p.Fault
	case s.Phase == screen.Refused:
		title, text := Explain(s)
		return p.th.Warn, theme.IconLock, title + ". " + text
	case p.Searched():
		return p.th.Warn, theme.IconTriangleAlert, NotFound
	}
	return theme.Tone{}, theme.NoIcon, ""
}

func (p *Page) server(gtx layout.Context, i int, srv screen.Server) layout.Dimensions {
	th, c := p.th, &p.servers[i]
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(72))
	r := image.Rectangle{Max: size}
	name := srv.Factory
	if name == "" {
		name = srv.Name
	}
	chosen := p.Pick.Address == srv.Address
	th.PaintCard(gtx, r, gtx.Dp(theme.RadiusCard))
	if c.Hovered() {
		theme.Fill(gtx.Ops, r, gtx.Dp(theme.RadiusCard), th.Hover)
	}
	if chosen || c.Focused() {
		th.FieldFocus(gtx, r, gtx.Dp(theme.RadiusCard))
	}
	return c.Layout(gtx, semantic.Button, "Connect to "+name, func(gtx layout.Context) layout.Dimensions {
		widget.At(gtx, gtx.Dp(16), gtx.Dp(16), gtx.Dp(40), gtx.Dp(40), func(gtx layout.Context) layout.Dimensions {
			return widget.IconTile(gtx, th, th.Packing, theme.IconServer, 40, 10, 20)
		})
		note := srv.Name + ", " + srv.Address
		if srv.Version != "" {
			note += ", version " + srv.Version
		}
		widget.At(gtx, gtx.Dp(70), gtx.Dp(15), size.X-gtx.Dp(220), gtx.Sp(22), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.T16, th.T1, name, "")
		})
		widget.At(gtx, gtx.Dp(70), gtx.Dp(39), size.X-gtx.Dp(220), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Body, th.T3, note)
		})
		word, tone := "Needs a pairing code", th.Warn
		if srv.Paired {
			word, tone = "Paired", th.OK
		}
		m := op.Record(gtx.Ops)
		in := gtx
		in.Constraints.Min = image.Point{}
		d := widget.Pill(in, th, tone, word)
		call := m.Stop()
		defer op.Offset(image.Pt(size.X-gtx.Dp(16)-d.Size.X, (size.Y-d.Size.Y)/2)).Push(gtx.Ops).Pop()
		call.Add(gtx.Ops)
		return layout.Dimensions{Size: size}
	})
}

// beside draws a field with a button at its right, on one line.
func beside(gtx layout.Context, field func(layout.Context) layout.Dimensions, button func(layout.Context) layout.Dimensions) layout.Dimensions {
	width := gtx.Constraints.Max.X
	m := op.Record(gtx.Ops)
	in := gtx
	in.Constraints.Min = image.Point{}
	b := button(in)
	call := m.Stop()
	d := widget.At(gtx, 0, 0, width-b.Size.X-gtx.Dp(12), gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return field(gtx)
	})
	defer op.Offset(image.Pt(width-b.Size.X, gtx.Sp(16)+gtx.Dp(5))).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
	return layout.Dimensions{Size: image.Pt(width, d.Size.Y)}
}

func (p *Page) layoutAddress(gtx layout.Context) layout.Dimensions {
	return beside(gtx, func(gtx layout.Context) layout.Dimensions {
		return p.address[0].Layout(gtx, p.th, widget.FieldLook{Height: 44, KeepNote: true})
	}, func(gtx layout.Context) layout.Dimensions {
		return widget.Row(gtx, 8,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return p.try.Layout(gtx, p.th, widget.ButtonLook{Text: "Connect", Height: 44})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return p.again.Layout(gtx, p.th, widget.ButtonLook{Kind: widget.Ghost, Text: "Search again", Icon: theme.IconRotateCw, Height: 44})
			}))
	})
}

func (p *Page) layoutCode(gtx layout.Context) layout.Dimensions {
	return beside(gtx, func(gtx layout.Context) layout.Dimensions {
		return p.code[0].Layout(gtx, p.th, widget.FieldLook{Height: 44, KeepNote: true, Placeholder: "XXXX-XXXX-XXXX-XXXX", Style: p.th.Type.T16.Mono()})
	}, func(gtx layout.Context) layout.Dimensions {
		return p.pair.Layout(gtx, p.th, widget.ButtonLook{Kind: widget.Primary, Text: "Pair this PC", Icon: theme.IconKeyRound, Height: 44,
			Busy: p.Pairing, BusyText: "Pairing"})
	})
}
