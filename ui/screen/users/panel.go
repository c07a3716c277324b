package users

import (
	"image"

	"gioui.org/layout"
	giowidget "gioui.org/widget"

	"masala/core"
	"masala/ui/form"
	"masala/ui/screen/entry"
	"masala/ui/screen/firstrun"
	"masala/ui/theme"
	"masala/ui/widget"
)

// panel draws the side panel.
type panel struct {
	s      *Screen
	of     *form.Form // whose lines these are
	lines  entry.Group
	role   widget.Segment
	active widget.Toggle
	save_  widget.Button
	close  widget.IconButton
	reset  widget.Button
	keep   widget.Button
	reload widget.Button
	page   giowidget.List
}

// opened follows the model to a new form and gives it the keyboard.
func (p *panel) opened() {
	p.follow()
	p.lines.Focus(nil)
}

// follow makes the lines of the form the model has now.
func (p *panel) follow() {
	m := p.s.Model
	if p.of == m.Form {
		return
	}
	p.of = m.Form
	switch m.Panel {
	case NewUser:
		p.lines = entry.Lines(m.Name, m.Login, m.Password, m.Again)
	case EditUser:
		p.lines = entry.Lines(m.Name, m.Login)
	case NewPassword:
		p.lines = entry.Lines(m.Password, m.Again)
	}
	if m.Panel != NewPassword {
		p.role.Value = 0
		if m.role() == core.Admin {
			p.role.Value = 1
		}
	}
	if m.Panel == EditUser {
		p.active.On = m.Active.Text == isActive
	}
}

func (p *panel) save() {
	if bad := p.s.Save(); bad != nil {
		p.lines.Focus(bad)
	}
}

func (p *panel) update(gtx layout.Context) {
	m := p.s.Model
	if m.Panel == NoPanel {
		return
	}
	if p.close.Clicked(gtx) {
		p.s.leave(p.s.shut)
		return
	}
	if m.Busy {
		return
	}
	if p.lines.Update(gtx) || p.save_.Clicked(gtx) {
		p.save()
	}
	if d, ok := m.Offer.Update(gtx); ok {
		m.Resume(d, p.opened)
		return
	}
	if m.Panel != NewPassword && p.role.Changed(gtx) {
		m.Role.Set([...]string{roleOperator, roleAdmin}[p.role.Value])
	}
	if m.Panel == EditUser {
		if p.active.Changed(gtx) {
			m.Active.Set(activeText(p.active.On))
		}
		if p.reset.Clicked(gtx) {
			u := m.Subject
			p.s.leave(func() { m.Reset(u); p.opened() })
		}
	}
	if p.keep.Clicked(gtx) {
		m.KeepMine()
	}
	if p.reload.Clicked(gtx) {
		m.TakeTheirs()
	}
}

func (p *panel) title() string {
	switch p.s.Panel {
	case NewUser:
		return "New user"
	case NewPassword:
		return "New password for " + p.s.Subject.Name
	}
	return p.s.Subject.Name
}

func (p *panel) layout(gtx layout.Context) layout.Dimensions {
	p.follow()
	p.update(gtx)
	size := gtx.Constraints.Max
	if p.s.Panel == NoPanel {
		return layout.Dimensions{Size: size}
	}
	p.follow()
	th := p.s.th
	theme.Fill(gtx.Ops, image.Rectangle{Max: size}, 0, th.Surface)
	theme.Fill(gtx.Ops, image.Rect(0, 0, gtx.Dp(1), size.Y), 0, th.Border)
	pad := gtx.Dp(20)
	widget.At(gtx, pad, gtx.Dp(20), size.X-2*pad-gtx.Dp(40), gtx.Sp(24), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.T18, th.T1, p.title())
	})
	widget.At(gtx, pad-gtx.Dp(4), gtx.Dp(58), size.X-pad+gtx.Dp(4), size.Y-gtx.Dp(62+68), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return widget.List(gtx, th, &p.page, 1, func(gtx layout.Context, _ int) layout.Dimensions {
			return layout.Inset{Left: 4, Right: 20, Top: 4, Bottom: 8}.Layout(widget.Locked(gtx, p.s.Busy), p.fields)
		})
	})
	widget.At(gtx, pad, size.Y-gtx.Dp(56), size.X-2*pad, gtx.Dp(36), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return p.save_.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Save", Key: "Ctrl Enter", Busy: p.s.Busy, BusyText: "Saving", Wide: true})
	})
	widget.At(gtx, size.X-gtx.Dp(48), gtx.Dp(15), gtx.Dp(34), gtx.Dp(34), func(gtx layout.Context) layout.Dimensions {
		return p.close.Layout(gtx, th, widget.IconLook{Icon: theme.IconX, Name: "Close", Key: "Esc", NoTip: true})
	})
	return layout.Dimensions{Size: size}
}

func (p *panel) fields(gtx layout.Context) layout.Dimensions {
	th, m := p.s.th, p.s.Model
	var rows []layout.FlexChild
	if m.Offer.Draft != nil && !m.Form.Dirty() {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return m.Offer.Layout(gtx, th) }), widget.Space(16))
	}
	if m.Conflict != nil {
		rows = append(rows, layout.Rigid(p.conflict), widget.Space(16))
	}
	for _, l := range p.lines {
		look := widget.FieldLook{KeepNote: true}
		switch l.Model {
		case m.Password:
			look.Password = true
			_, look.Hint = firstrun.Strength(l.Model.Text)
		case m.Again:
			look.Password = true
		}
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return l.Layout(gtx, th, look) }), widget.Space(8))
	}
	if m.Panel != NewPassword {
		note := "Enters goods and moves stock. Sees no value."
		if m.role() == core.Admin {
			note = "Sees values, corrects stock, keeps users and settings."
		}
		rows = append(rows,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Label, th.T2, "Role") }), widget.Space(5),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.role.Layout(gtx, th, roleOperator, roleAdmin) }), widget.Space(5),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Label, th.T3, note) }), widget.Space(18))
	}
	if m.Panel == EditUser {
		word := "Active: may log in"
		if !p.active.On {
			word = "Inactive: may not log in"
		}
		rows = append(rows,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.active.Layout(gtx, th, word, false) }), widget.Space(22),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return p.reset.Layout(gtx, th, widget.ButtonLook{Text: "Give a new password", Icon: theme.IconKeyRound})
			}), widget.Space(14))
	}
	if m.Form.Message != "" && m.Conflict == nil {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Danger, theme.IconCircleAlert, m.Form.Message)
		}))
	}
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

// conflict draws the card of an edit that somebody overtook (R35).
func (p *panel) conflict(gtx layout.Context) layout.Dimensions {
	th, c := p.s.th, p.s.Conflict
	who := c.By
	if !c.At.IsZero() {
		who += ", " + c.At.In(p.s.env.Zone).Format("02-Jan-2006 15:04")
	}
	who += "."
	for _, l := range c.Lines {
		who += " " + l
	}
	return widget.Card(gtx, th, func(gtx layout.Context) layout.Dimensions {
		return widget.Column(gtx, 8,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return widget.RowTop(gtx, 10,
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, theme.IconUsers, 20, th.Warn.Text) }),
					layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
						return widget.Para(gtx, th, th.Type.Card, th.T1, core.ConflictMessage)
					}))
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.Label, th.T2, who) }),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return widget.Row(gtx, 8, widget.Grow(),
					layout.Rigid(func(gtx layout.Context) layout.Dimensions {
						return p.keep.Layout(gtx, th, widget.ButtonLook{Text: "Keep my input"})
					}),
					layout.Rigid(func(gtx layout.Context) layout.Dimensions {
						return p.reload.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Reload"})
					}))
			}))
	})
}
