package login

import (
	"image"
	"strings"
	"time"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"

	"masala/core"
	"masala/ui/screen"
	"masala/ui/screen/entry"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Page draws the login.
type Page struct {
	*Model
	th      *theme.Theme
	version string
	lines   entry.Group
	button  widget.Button
	demo    []widget.Clickable
	begun   bool
}

// NewPage draws m.
func NewPage(th *theme.Theme, m *Model, version string) *Page {
	return &Page{Model: m, th: th, version: version, lines: entry.Lines(m.Login, m.Password), demo: make([]widget.Clickable, len(m.Demo))}
}

func (p *Page) submit() {
	if bad := p.Submit(); bad != nil {
		p.lines.Focus(bad)
	}
}

// Layout draws the page over the whole window.
func (p *Page) Layout(gtx layout.Context, factory string, demo bool) {
	if !p.begun && gtx.Enabled() {
		p.begun = true
		first := p.Model.Login
		if first.Text != "" {
			first = p.Model.Password
		}
		p.lines.Focus(first)
	}
	if p.lines.Update(gtx) || p.button.Clicked(gtx) {
		p.submit()
	}
	for i := range p.demo {
		if p.demo[i].Clicked(gtx) {
			p.Take(i)
		}
	}
	if p.wantFocusOnPwd {
		p.wantFocusOnPwd = false
		p.lines.Focus(p.Model.Password)
	}
	if p.Wait() > 0 {
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(time.Second)})
	}
	entry.Beside(gtx, p.th, p.version, 420, "", func(gtx layout.Context) layout.Dimensions { return p.form(gtx, factory, demo) })
}

func (p *Page) form(gtx layout.Context, factory string, demo bool) layout.Dimensions {
	th := p.th
	line := func(l *entry.Line, look widget.FieldLook) layout.FlexChild {
		look.Height, look.KeepNote = 44, true
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return l.Layout(gtx, th, look) })
	}
	if factory == "" {
		factory = "Your factory"
	}
	sentence := p.Sentence()
	rows := []layout.FlexChild{
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.T28, th.T1, factory) }),
		widget.Space(6),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Lead, th.T2, "Log in to go on.")
		}),
		widget.Space(22),
	}
	if p.Greeting != "" && sentence == "" {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Info, theme.IconInfo, p.Greeting)
		}), widget.Space(16))
	}
	rows = append(rows,
		line(p.lines[0], widget.FieldLook{}), widget.Space(6),
		line(p.lines[1], widget.FieldLook{Password: true}), widget.Space(8))
	if sentence != "" {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Danger, theme.IconCircleAlert, sentence)
		}), widget.Space(14))
	}
	rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return p.button.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Log in", Key: "Enter", Height: theme.ButtonLarge, Wide: true,
			Busy: p.Busy, BusyText: "Logging in", Disabled: p.Wait() > 0})
	}))
	if demo && len(p.Demo) > 0 {
		rows = append(rows, widget.Space(28), layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label, th.T3, "Demo factory: press a name to log in")
		}), widget.Space(8))
		for i := range p.Demo {
			rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.person(gtx, i, p.Demo[i]) }), widget.Space(8))
		}
	}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

// person draws a login of the demo factory.
func (p *Page) person(gtx layout.Context, i int, l screen.Login) layout.Dimensions {
	th, c := p.th, &p.demo[i]
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(52))
	role := "Operator"
	if l.Role == core.Admin {
		role = "Admin"
	}
	d := c.Layout(gtx, semantic.Button, "Log in as "+l.Login, func(gtx layout.Context) layout.Dimensions {
		r := image.Rectangle{Max: size}
		fill := th.Surface
		if c.Hovered() {
			fill = th.Hover
		}
		theme.Fill(gtx.Ops, r, gtx.Dp(10), fill)
		theme.Outline(gtx.Ops, r, gtx.Dp(10), float32(gtx.Dp(1)), th.Borders)
		widget.At(gtx, gtx.Dp(12), gtx.Dp(11), gtx.Dp(30), gtx.Dp(30), func(gtx layout.Context) layout.Dimensions {
			return widget.Avatar(gtx, th, strings.ToUpper(l.Login[:min(2, len(l.Login))]), 30)
		})
		widget.At(gtx, gtx.Dp(54), gtx.Dp(8), size.X/2, gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Body.Semi(), th.T1, l.Login, "")
		})
		widget.At(gtx, gtx.Dp(54), gtx.Dp(27), size.X-gtx.Dp(200), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label, th.T3, role+", "+l.Note)
		})
		widget.At(gtx, gtx.Dp(54), gtx.Dp(17), size.X-gtx.Dp(68), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
			return widget.TextEnd(gtx, th, th.Type.Label.Mono(), th.T2, l.Password)
		})
		return layout.Dimensions{Size: size}
	})
	if c.Focused() {
		th.FocusRing(gtx, image.Rectangle{Max: size}, gtx.Dp(10))
	}
	return d
}
