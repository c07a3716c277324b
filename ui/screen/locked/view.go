package locked

import (
	"image"
	"image/color"
	"math"
	"time"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"

	"masala/core/licence"
	coreop "masala/core/op"
	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Page draws the locked screen.
type Page struct {
	*Model
	th      *theme.Theme
	version string
	copy    widget.Button
	again   widget.Button
	way     widget.Button
	restart widget.Button
	out     widget.Button
	begun   bool
	copied  bool
}

// NewPage draws m.
func NewPage(th *theme.Theme, m *Model, version string) *Page {
	return &Page{Model: m, th: th, version: version}
}

// Look is where the page stands: on which PC, and who is logged in.
type Look struct {
	State  coreop.State
	Role   screen.Role
	Server string // name of the server's PC
	User   string // who is logged in, "" before the login
	Way    string // what leads on: "Log in", "Open License"; "" for nobody
	Go     func() // does it
	LogOut func()
}

// Layout draws the page over the whole window.
func (p *Page) Layout(gtx layout.Context, l Look) {
	p.Follow(l.State)
	p.update(gtx, l)
	th, size := p.th, gtx.Constraints.Max
	theme.Fill(gtx.Ops, image.Rectangle{Max: size}, 0, th.Canvas)
	p.head(gtx, l)
	width := min(gtx.Dp(740), size.X-gtx.Dp(48))
	in := gtx
	in.Constraints = layout.Constraints{Min: image.Pt(width, 0), Max: image.Pt(width, size.Y)}
	m := op.Record(gtx.Ops)
	d := layout.UniformInset(unit.Dp(44)).Layout(in, func(gtx layout.Context) layout.Dimensions { return p.card(gtx, l) })
	call := m.Stop()
	at := image.Pt((size.X-width)/2, max((size.Y-d.Size.Y)/2, gtx.Dp(64)))
	defer op.Offset(at).Push(gtx.Ops).Pop()
	r := image.Rect(0, 0, width, d.Size.Y)
	th.PaintModal(gtx, r, gtx.Dp(theme.RadiusModal))
	area := clip.Rect(r).Push(gtx.Ops)
	semantic.DescriptionOp(p.Sentence(l.State)).Add(gtx.Ops)
	area.Pop()
	call.Add(gtx.Ops)
}

func (p *Page) update(gtx layout.Context, l Look) {
	hardware := l.State.Reason == string(licence.Hardware)
	if hardware && struck(gtx, key.Filter{Name: "C", Required: key.ModShortcut}) || p.copy.Clicked(gtx) {
		screen.Copy(gtx, p.Status.Hardware)
		p.copied = true
	}
	if p.again.Clicked(gtx) {
		p.Again()
	}
	if p.restart.Clicked(gtx) {
		p.Restart()
	}
	if p.way.Clicked(gtx) && l.Go != nil {
		l.Go()
	}
	if p.out.Clicked(gtx) && l.LogOut != nil {
		l.LogOut()
	}
	if !p.begun && gtx.Enabled() {
		p.begun = true
		switch {
		case hardware:
			p.copy.Focus()
		case p.mayRestart(l):
			p.restart.Focus()
		default:
			p.way.Focus()
		}
	}
}

func struck(gtx layout.Context, f key.Filter) bool {
	hit := false
	for {
		e, ok := gtx.Event(f)
		if !ok {
			return hit
		}
		if k, ok := e.(key.Event); ok && k.State == key.Press {
			hit = true
		}
	}
}

func (p *Page) mayRestart(l Look) bool {
	return l.State.Reason == string(licence.Clock) && l.Role == screen.RoleServer
}

// head draws the product's name and which PC this is, as on every page outside the
// shell.
func (p *Page) head(gtx layout.Context, l Look) {
	th, size := p.th, gtx.Constraints.Max
	widget.At(gtx, gtx.Dp(28), gtx.Dp(20), gtx.Dp(36), gtx.Dp(36), func(gtx layout.Context) layout.Dimensions { return th.Logo(gtx, 36) })
	where := "Client"
	if l.Role == screen.RoleServer {
		where = "Server"
	}
	widget.At(gtx, gtx.Dp(76), gtx.Dp(26), size.X, gtx.Dp(24), func(gtx layout.Context) layout.Dimensions {
		return widget.Row(gtx, 12,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return widget.Text(gtx, th, th.Type.Lead.Semi(), th.T1, "Masala Inventory")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Tag(gtx, th, th.Neutral, where) }))
	})
	if l.User != "" && l.LogOut != nil {
		w := gtx.Dp(140)
		widget.At(gtx, size.X-w-gtx.Dp(28), gtx.Dp(20), w, gtx.Dp(36), func(gtx layout.Context) layout.Dimensions {
			return p.out.Layout(gtx, th, widget.ButtonLook{Kind: widget.Ghost, Text: "Log out", Icon: theme.IconLogOut, Wide: true})
		})
	}
	foot := "Version " + p.version
	if l.Server != "" {
		foot += "     " + l.Server
	}
	widget.At(gtx, 0, size.Y-gtx.Dp(36), size.X, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.TextCenter(gtx, th, th.Type.Label, th.T3, foot)
	})
}

func (p *Page) card(gtx layout.Context, l Look) layout.Dimensions {
	th := p.th
	tone, icon := th.Danger, theme.IconLock
	switch l.State.Reason {
	case string(licence.Hardware):
		icon = theme.IconCpu
	case string(licence.Clock):
		tone, icon = th.Warn, theme.IconClockAlert
	}
	title, text := p.Words(l.State)
	rows := []layout.FlexChild{layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return widget.RowTop(gtx, 20,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.IconTile(gtx, th, tone, icon, 72, 16, 34) }),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return widget.Column(gtx, 4,
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.T24, th.T1, title) }),
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.Lead, th.T2, text) }))
			}))
	}), widget.Space(22)}
	switch l.State.Reason {
	case string(licence.Hardware):
		rows = append(rows, layout.Rigid(p.hardware), widget.Space(20))
	case string(licence.Clock):
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.clocks(gtx, l.State) }), widget.Space(16))
	}
	rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.safe(gtx, l) }), widget.Space(22),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Rule(gtx, th) }), widget.Space(18),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.foot(gtx, l) }))
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

// hardware shows the new Hardware ID, large enough to be read out on the telephone.
func (p *Page) hardware(gtx layout.Context) layout.Dimensions {
	th := p.th
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(84))
	r := image.Rectangle{Max: size}
	theme.Fill(gtx.Ops, r, gtx.Dp(theme.RadiusCard), th.Surface2)
	theme.Outline(gtx.Ops, r, gtx.Dp(theme.RadiusCard), float32(gtx.Dp(1)), th.Borders)
	widget.At(gtx, gtx.Dp(22), gtx.Dp(14), size.X, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label, th.T3, "New Hardware ID")
	})
	style := th.Type.T28.Medium().Mono()
	if size.X < gtx.Dp(600) {
		style = th.Type.KPI.Medium().Mono()
	}
	widget.At(gtx, gtx.Dp(22), gtx.Dp(36), size.X-gtx.Dp(44), gtx.Sp(34), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, style, th.T1, p.Status.Hardware)
	})
	word, mark := "Copy Hardware ID", theme.IconCopy
	if p.copied {
		word, mark = "Copied", theme.IconCheck
	}
	m := op.Record(gtx.Ops)
	in := gtx
	in.Constraints = layout.Constraints{Max: size}
	d := p.copy.Layout(in, th, widget.ButtonLook{Kind: widget.Primary, Text: word, Icon: mark, Key: "Ctrl C", Height: theme.ButtonLarge, Name: "Copy Hardware ID"})
	call := m.Stop()
	defer op.Offset(image.Pt(size.X-d.Size.X-gtx.Dp(18), (size.Y-d.Size.Y)/2)).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
	return layout.Dimensions{Size: size}
}

// clocks shows what the PC says and what is known.
func (p *Page) clocks(gtx layout.Context, s coreop.State) layout.Dimensions {
	now, known := p.Moments(s)
	return widget.Row(gtx, 12,
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			return p.clock(gtx, "The server says", now, p.th.Danger.Soft, p.th.Danger.Fill, p.th.Danger.Text)
		}),
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			return p.clock(gtx, "Last seen running", known, p.th.Surface2, p.th.Borders, p.th.T1)
		}))
}

func (p *Page) clock(gtx layout.Context, what string, t time.Time, ground, rim, ink color.NRGBA) layout.Dimensions {
	th := p.th
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(112))
	theme.Fill(gtx.Ops, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard), ground)
	d := gtx.Dp(80)
	widget.At(gtx, gtx.Dp(18), (size.Y-d)/2, d, d, func(gtx layout.Context) layout.Dimensions { return face(gtx, th, t, rim) })
	x, room := gtx.Dp(116), size.X-gtx.Dp(124)
	for i, line := range []string{what, t.Format("02-Jan-2006"), t.Format("15:04")} {
		style, c := th.Type.T18, ink
		if i == 0 {
			style, c = th.Type.Label, th.T2
		}
		widget.At(gtx, x, gtx.Dp(22)+i*gtx.Dp(24)-min(i, 1)*gtx.Dp(6), room, gtx.Sp(24), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, style, c, line)
		})
	}
	return layout.Dimensions{Size: size}
}

// face draws a clock with its two hands.
func face(gtx layout.Context, th *theme.Theme, t time.Time, rim color.NRGBA) layout.Dimensions {
	px := gtx.Constraints.Max.X
	r := float32(px) / 2
	mid := f32.Pt(r, r)
	theme.Disc(gtx.Ops, image.Rect(0, 0, px, px), rim)
	theme.Disc(gtx.Ops, image.Rect(0, 0, px, px).Inset(gtx.Dp(3)), th.Surface)
	line := func(turn float64, from, to float32, width float32, c color.NRGBA) {
		dir := f32.Pt(float32(math.Sin(turn*2*math.Pi)), -float32(math.Cos(turn*2*math.Pi)))
		var path clip.Path
		path.Begin(gtx.Ops)
		path.MoveTo(mid.Add(dir.Mul(r * from)))
		path.LineTo(mid.Add(dir.Mul(r * to)))
		paint.FillShape(gtx.Ops, c, clip.Stroke{Path: path.End(), Width: width * gtx.Metric.PxPerDp}.Op())
	}
	for i := range 12 {
		line(float64(i)/12, .76, .86, 1.5, rim)
	}
	minutes := float64(t.Minute())
	line((float64(t.Hour()%12)+minutes/60)/12, 0, .48, 3.5, th.T1)
	line(minutes/60, 0, .68, 2.5, th.T1)
	theme.Disc(gtx.Ops, image.Rect(px/2-gtx.Dp(3), px/2-gtx.Dp(3), px/2+gtx.Dp(3), px/2+gtx.Dp(3)), th.T1)
	return layout.Dimensions{Size: image.Pt(px, px)}
}

// safe promises what is true.
func (p *Page) safe(gtx layout.Context, l Look) layout.Dimensions {
	th := p.th
	text := "Your data is safe. Open drafts stay saved on each PC. An Admin can load a new license, back up and export."
	if l.State.Reason == string(licence.Clock) {
		text = "Your data is safe. All PCs wait until the clock of the server is right."
	}
	m := op.Record(gtx.Ops)
	d := widget.At(gtx, gtx.Dp(50), gtx.Dp(13), gtx.Constraints.Max.X-gtx.Dp(66), gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, th.Type.Button.Medium(), th.T2, text)
	})
	call := m.Stop()
	size := image.Pt(gtx.Constraints.Max.X, d.Size.Y+gtx.Dp(26))
	theme.Fill(gtx.Ops, image.Rectangle{Max: size}, gtx.Dp(10), th.OK.Soft)
	widget.At(gtx, gtx.Dp(16), (size.Y-gtx.Dp(20))/2, gtx.Dp(20), gtx.Dp(20), func(gtx layout.Context) layout.Dimensions {
		return th.Icon(gtx, theme.IconShieldCheck, 20, th.OK.Text)
	})
	call.Add(gtx.Ops)
	return layout.Dimensions{Size: size}
}

func (p *Page) foot(gtx layout.Context, l Look) layout.Dimensions {
	th := p.th
	note := "Got the new license.key file?"
	switch {
	case p.Fault != "":
		note = p.Fault
	case l.State.Reason == string(licence.Clock):
		note = "It does not unlock by itself."
	}
	if l.Way == "" {
		note = "Only an Admin can go on here."
	}
	row := []layout.FlexChild{layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
		return widget.Para(gtx, th, th.Type.Body, th.T3, note)
	}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.again.Layout(gtx, th, widget.ButtonLook{Text: "Check again", Icon: theme.IconRotateCw})
		})}
	if l.Way != "" {
		kind := widget.Primary
		if l.State.Reason != string(licence.Expired) {
			kind = widget.Secondary
		}
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.way.Layout(gtx, th, widget.ButtonLook{Kind: kind, Text: l.Way, Icon: theme.IconKeyRound})
		}))
	}
	if p.mayRestart(l) {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.restart.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Restart now", Icon: theme.IconRotateCw, Busy: p.Busy, BusyText: "Restarting"})
		}))
	}
	return widget.Row(gtx, 10, row...)
}
