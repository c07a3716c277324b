package firstrun

import (
	"image"

	"gioui.org/layout"

	"masala/ui/form"
	"masala/ui/screen/entry"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

// SetUp draws the set-up of the factory.
type SetUp struct {
	*Factory
	Notice  string // what the server has to say before: "A new empty database has been created."
	th      *theme.Theme
	version string
	name    entry.Group // name of the factory
	state   input.Combobox
	person  entry.Group // Admin and password
	button  widget.Button
	begun   bool
}

// NewSetUp draws m.
func NewSetUp(th *theme.Theme, m *Factory, version string) *SetUp {
	p := &SetUp{Factory: m, th: th, version: version, name: entry.Lines(m.Name), person: entry.Lines(m.Admin, m.Login, m.Password, m.Again)}
	var states []input.Option
	for _, s := range States() {
		states = append(states, input.Option{Key: s[0], Code: s[0], Name: s[1]})
	}
	p.state.Search = input.Among(states)
	return p
}

func (p *SetUp) submit() {
	if bad := p.Submit(); bad != nil {
		p.focus(bad)
	}
}

func (p *SetUp) focus(f *form.Field) {
	switch f {
	case p.State:
		p.state.Focus()
	case p.Name:
		p.name.Focus(f)
	default:
		p.person.Focus(f)
	}
}

// Layout draws the page over the whole window.
func (p *SetUp) Layout(gtx layout.Context) {
	if !p.begun && gtx.Enabled() {
		p.begun = true
		p.name.Focus(nil)
	}
	if d, ok := p.Offer.Update(gtx); ok {
		p.Resume(d)
		p.focus(p.Password)
	}
	if p.name.Update(gtx) {
		p.state.Focus()
	}
	p.state.Tabs(true, true)
	for {
		e, ok := p.state.Update(gtx, p.State)
		if !ok {
			break
		}
		switch e.Kind {
		case input.Submitted, input.Next:
			p.person.Focus(nil)
		case input.Back, input.Previous:
			p.name.Focus(nil)
		}
	}
	if p.person.Update(gtx) || p.button.Clicked(gtx) {
		p.submit()
	}
	entry.Beside(gtx, p.th, p.version, 640, "", p.layout)
}

func (p *SetUp) layout(gtx layout.Context) layout.Dimensions {
	th := p.th
	pair := func(a, b layout.Widget) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			half := (gtx.Constraints.Max.X - gtx.Dp(16)) / 2
			left := widget.At(gtx, 0, 0, half, gtx.Constraints.Max.Y, a)
			right := widget.At(gtx, half+gtx.Dp(16), 0, half, gtx.Constraints.Max.Y, b)
			return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, max(left.Size.Y, right.Size.Y))}
		})
	}
	line := func(l *entry.Line, look widget.FieldLook) layout.Widget {
		look.KeepNote = true
		return func(gtx layout.Context) layout.Dimensions { return l.Layout(gtx, th, look) }
	}
	state := func(gtx layout.Context) layout.Dimensions {
		look := input.Look(p.State)
		look.KeepNote = true
		return p.state.Layout(gtx, th, p.State, look)
	}
	part, strength := Strength(p.Password.Text)
	hint := widget.FieldLook{Password: true, Hint: strength}
	rows := []layout.FlexChild{
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.T28, th.T1, "Set up your factory")
		}),
		widget.Space(6),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Lead, th.T2, "You become its first Admin: you see values, add users and pair other PCs.")
		}),
		widget.Space(22),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			if p.Offer.Draft == nil || p.Form.Dirty() {
				return layout.Dimensions{}
			}
			return layout.Inset{Bottom: 16}.Layout(gtx, func(gtx layout.Context) layout.Dimensions { return p.Offer.Layout(gtx, th) })
		}),
	}
	if p.Notice != "" {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Info, theme.IconInfo, p.Notice)
		}), widget.Space(18))
	}
	rows = append(rows,
		pair(line(p.name[0], widget.FieldLook{}), state), widget.Space(8),
		pair(line(p.person[0], widget.FieldLook{}), line(p.person[1], widget.FieldLook{})), widget.Space(8),
		pair(line(p.person[2], hint), line(p.person[3], widget.FieldLook{Password: true})),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.strength(gtx, part) }),
		widget.Space(18))
	if p.Fault != "" {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Danger, theme.IconCircleAlert, p.Fault)
		}), widget.Space(14))
	}
	rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return widget.Row(gtx, 12,
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return widget.Para(gtx, th, th.Type.Label, th.T3, "Write the password down and keep it where the books are kept.")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return p.button.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Open the books", IconEnd: theme.IconArrowRight,
					Height: theme.ButtonLarge, Busy: p.Busy, BusyText: "Opening"})
			}))
	}))
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

// strength draws three short bars under the password: how long it is.
func (p *SetUp) strength(gtx layout.Context, part int) layout.Dimensions {
	th := p.th
	half := (gtx.Constraints.Max.X - gtx.Dp(16)) / 2
	w, gap := (half-2*gtx.Dp(4))/3, gtx.Dp(4)
	for i := range 3 {
		c := th.Track
		if i < part {
			c = [...]theme.Tone{th.Danger, th.Warn, th.OK}[part-1].Fill
		}
		x := i * (w + gap)
		theme.Fill(gtx.Ops, image.Rect(x, gtx.Dp(4), x+w, gtx.Dp(8)), gtx.Dp(2), c)
	}
	return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, gtx.Dp(8))}
}
