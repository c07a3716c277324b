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
	scroll  layout.List
	asked   string // the server for whose code the keyboard was moved
	begun   bool
}

// NewPage draws m. On the server's own PC only its start is waited for.
func NewPage(th *theme.Theme, m *Model, role screen.Role, version string) *Page {
	return &Page{Model: m, th: th, role: role, version: version, scroll: layout.List{Axis: layout.Vertical}, address: entry.Lines(m.Address), code: entry.Lines(m.Code)}
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
		if _, chosen := p.Target(); !chosen {
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
	to, chosen := p.Target()
	if !chosen {
		to.Address = ""
	}
	if p.asked != to.Address {
		if p.asked = to.Address; chosen {
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
	if !p.Paired() {
		rows = append(rows, p.choice()...)
	}
	to, chosen := p.Target()
	code := layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.layoutCode(gtx, to) })
	if chosen {
		rows = append(rows, widget.Space(6), code, widget.Space(12))
	}
	rows = append(rows, widget.Space(6), layout.Rigid(p.layoutAddress))
	if len(s.Tried) > 0 && (p.Paired() || len(p.Servers()) == 0) { // who has servers to choose from need not search
		rows = append(rows, widget.Space(14), p.heading("What is tried"), widget.Space(4))
		for _, t := range s.Tried {
			rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.way(gtx, t) }))
		}
	}
	if to.Address != "" && !chosen {
		rows = append(rows, widget.Space(16), code)
	}
	if others := p.choice(); p.Paired() && len(others) > 0 {
		rows = append(append(rows, widget.Space(14), p.heading("Other servers on this network"), widget.Space(8)), others...)
	}
	return p.scroll.Layout(gtx, 1, func(gtx layout.Context, _ int) layout.Dimensions {
		return layout.Inset{Left: 4, Right: 4}.Layout(gtx, func(gtx layout.Context) layout.Dimensions { // the list cuts borders and shadows
			return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
		})
	})
}

func (p *Page) heading(text string) layout.FlexChild {
	return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, p.th, p.th.Type.Label.Semi(), p.th.T2, text)
	})
}

// choice is the servers this PC can be paired with; its own is among the ways.
func (p *Page) choice() (rows []layout.FlexChild) {
	for i, srv := range p.Servers() {
		if srv.Paired {
			continue
		}
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.server(gtx, i, srv) }), widget.Space(10))
	}
	return rows
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
	if s.Server != "" {
		text = "Looking for " + s.Server + "."
	}
	switch {
	case !p.Paired() && len(p.Servers()) > 0:
		text = "Choose your server."
	case s.Phase == screen.Connecting && s.Address != "":
		text = "Connecting to " + s.Address + "."
	case s.Phase == screen.Lost && s.Address != "":
		text = "The connection to " + s.Address + " was lost. Trying again."
	case s.Phase == screen.Refused:
		text = "The server at " + s.Address + " was found."
	}
	if s.Phase == screen.Refused {
		return widget.Text(gtx, th, th.Type.Lead, th.T2, text)
	}
	return widget.Row(gtx, 10,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Spinner(gtx, th, 16, th.T3) }),
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Lead, th.T2, text) }))
}

// Says is the worst thing there is to say, "" while there is none.
func (p *Page) Says() string {
	_, _, text := p.explanation(p.Status())
	return text
}

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
		m := op.Record(gtx.Ops)
		in := gtx
		in.Constraints.Min = image.Point{}
		d := widget.Pill(in, th, th.Warn, "Needs a pairing code")
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

func (p *Page) layoutCode(gtx layout.Context, to screen.Server) layout.Dimensions {
	with := to.Address
	if to.Name != "" && to.Name != with {
		with = to.Name + ", " + with
	}
	return widget.Column(gtx, 6,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, p.th, p.th.Type.Label.Semi(), p.th.T2, "Pair this PC with "+with)
		}),
		layout.Rigid(p.layoutCodeField))
}

func (p *Page) layoutCodeField(gtx layout.Context) layout.Dimensions {
	return beside(gtx, func(gtx layout.Context) layout.Dimensions {
		return p.code[0].Layout(gtx, p.th, widget.FieldLook{Height: 44, KeepNote: true, Placeholder: "XXXX-XXXX-XXXX-XXXX", Style: p.th.Type.T16.Mono()})
	}, func(gtx layout.Context) layout.Dimensions {
		return p.pair.Layout(gtx, p.th, widget.ButtonLook{Kind: widget.Primary, Text: "Pair this PC", Icon: theme.IconKeyRound, Height: 44,
			Busy: p.Pairing, BusyText: "Pairing"})
	})
}
