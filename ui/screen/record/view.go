package record

import (
	"gioui.org/layout"

	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Draw draws the page: toolbar, list, and panel where a record is open.
func (p *Page) Draw(gtx layout.Context, toolbar, list, side layout.Widget) layout.Dimensions {
	if p.wants {
		p.wants = false
		p.Table.Focus()
	}
	pad := layout.Inset{Left: theme.S16, Right: theme.S16, Top: theme.S12, Bottom: theme.S16}
	return pad.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return widget.Column(gtx, theme.S12, layout.Rigid(toolbar), layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = gtx.Constraints.Max
			return panel.Beside(gtx, p.Theme, panel.Form, p.source.IsOpen(), list, side)
		}))
	})
}

// Toolbar draws the search field over a part of the width, the page's own filter and
// the button for a new record.
func (p *Page) Toolbar(gtx layout.Context, placeholder string, part int, filter layout.Widget, add widget.ButtonLook) layout.Dimensions {
	th := p.Theme
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return widget.Row(gtx, theme.S8,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = min(gtx.Dp(252), gtx.Constraints.Max.X/part)
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return p.Find.Layout(gtx, th, widget.FieldLook{Name: "Find", Placeholder: placeholder, LeadIcon: theme.IconSearch, Height: 36,
				End: func(gtx layout.Context) layout.Dimensions { return widget.Kbd(gtx, th, "F3") }})
		}),
		layout.Rigid(filter),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.inactive.Layout(gtx, th, "Out of use too", false) }),
		widget.Grow(),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			if !p.source.MayEdit() {
				return layout.Dimensions{}
			}
			add.Icon, add.Kind = theme.IconPlus, widget.Primary
			if p.source.IsOpen() { // Save is what a press is for now
				add.Kind = widget.Secondary
			}
			return p.add.Layout(gtx, th, add)
		}))
}

// Side draws the panel: its title, what is to be said first, then parts.
func (p *Page) Side(gtx layout.Context, title string, parts ...layout.Widget) layout.Dimensions {
	e, th := p.source.Current(), p.Theme
	s := e.state()
	head := func(gtx layout.Context) layout.Dimensions {
		return widget.Column(gtx, 2,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.T16, th.T1, title) }),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if e.IsNew() {
					return layout.Dimensions{}
				}
				return widget.Text(gtx, th, th.Type.Label, th.T3, panel.Changed(e.changed(), p.Env.Zone))
			}))
	}
	var foot layout.Widget
	if !e.ReadOnly() {
		foot = func(gtx layout.Context) layout.Dimensions {
			return panel.Buttons(gtx, th, panel.Command{Button: &p.shut, Look: widget.ButtonLook{Text: "Close"}},
				panel.Command{Button: &p.save, Look: widget.ButtonLook{Text: "Save", Kind: widget.Primary, Key: "Ctrl S", Busy: s.Busy, BusyText: "Saving", Disabled: !s.Busy && !s.Form.Dirty()}})
		}
	}
	return p.frame.Layout(gtx, th, "Record", head, append(p.notices(s), parts...), foot)
}

// notices are a draft to resume, a conflict, and what the server refused.
func (p *Page) notices(s *State) (parts []layout.Widget) {
	th := p.Theme
	if s.Offer != nil && s.Offer.Draft != nil && !s.Form.Dirty() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return s.Offer.Layout(gtx, th) })
	}
	if s.Conflict != nil {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return p.card.Layout(gtx, th, s.Conflict, p.Env.Zone) })
	}
	if s.Form.Message != "" {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Danger, theme.IconCircleAlert, s.Form.Message, nil)
		})
	}
	return parts
}
