package parties

import (
	"image"

	"gioui.org/layout"

	"masala/core"
	"masala/core/party"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

func (s *Screen) updateSide(gtx layout.Context) {
	p := s.model.Panel
	if p != s.of {
		s.of, s.fields = p, s.carry(p)
	}
	if p == nil {
		return
	}
	if d, ok := p.Offer.Update(gtx); ok {
		p.Resume(d)
		return
	}
	s.fields.Show(s.inputs(p))
	if s.frame.Shut.Clicked(gtx) || s.shut.Clicked(gtx) {
		s.Escape()
	}
	if p.Conflict != nil {
		if s.card.Keep.Clicked(gtx) {
			p.KeepMine()
		} else if s.card.Reload.Clicked(gtx) {
			p.TakeTheirs()
		}
	}
	if s.kind.Changed(gtx) {
		p.ChooseKind(kinds[s.kind.Value+1])
	}
	if s.segment.Changed(gtx) {
		p.ChooseSegment([]core.Segment{core.Regular, core.Online}[s.segment.Value])
	}
	if p.Busy {
		return
	}
	if s.fields.Update(gtx) {
		s.save.Focus()
	}
	if s.save.Clicked(gtx) {
		s.doSave()
	}
}

// carry starts the controls of another record; a new one gets the keyboard.
func (s *Screen) carry(p *Panel) (f panel.Fields) {
	if p != nil && p.IsNew() {
		f.Focus(p.Name)
	}
	if p != nil {
		s.kind.Value, s.segment.Value = 0, 0
		if p.IsCustomer() {
			s.kind.Value = 1
		}
		if core.Segment(p.Segment.Key) == core.Online {
			s.segment.Value = 1
		}
	}
	return f
}

func (s *Screen) inputs(p *Panel) []panel.Input {
	list := []panel.Input{
		{Field: p.Name},
		{Field: p.GSTIN},
		{Field: p.State, Kind: panel.Pick, Search: states, Taken: func(o input.Option) { p.ChooseState(State{o.Key, o.Name}) }},
		{Field: p.Contact, Half: true}, {Field: p.Phone, Half: true},
		{Field: p.Email},
		{Field: p.Address, Lines: 3},
	}
	if p.IsCustomer() {
		list = append(list, panel.Input{Field: p.MinLife, Kind: panel.Number, Half: true}, panel.Input{Field: p.MinLifeDays, Kind: panel.Number, Half: true})
	} else {
		list = append(list, panel.Input{Field: p.LeadDays, Kind: panel.Number})
	}
	return append(list, panel.Input{Field: p.Active, Kind: panel.Check, Word: "In use"})
}

func states(text string) (found input.Found) {
	for _, x := range States(text) {
		found.Options = append(found.Options, input.Option{Key: x.Code, Code: x.Code, Name: x.Name})
	}
	return found
}

func (s *Screen) side(gtx layout.Context) layout.Dimensions {
	p, th := s.model.Panel, s.th
	head := func(gtx layout.Context) layout.Dimensions {
		title := p.Party.Name
		if p.IsNew() {
			title = "New " + lower(kindText(party.Kind(p.Kind.Key)))
		}
		return widget.Column(gtx, 2,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.T16, th.T1, title) }),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if p.IsNew() {
					return layout.Dimensions{}
				}
				return widget.Text(gtx, th, th.Type.Label, th.T3, panel.Changed(p.Party.Stamp, s.env.Zone))
			}))
	}
	var parts []layout.Widget
	if p.Offer != nil && p.Offer.Draft != nil && !p.Form.Dirty() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return p.Offer.Layout(gtx, th) })
	}
	if p.Conflict != nil {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return s.card.Layout(gtx, th, p.Conflict, s.env.Zone) })
	}
	if p.Form.Message != "" {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Danger, theme.IconCircleAlert, p.Form.Message, nil)
		})
	}
	if p.IsNew() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			return s.kind.Layout(gtx, th, "Supplier", "Customer")
		})
	}
	parts = append(parts, s.fields.Parts(th, nil, p.Active, p.Busy)...)
	if p.IsCustomer() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return widget.Column(gtx, 5,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, th.Type.Label, th.T2, "Market")
				}),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints.Min = image.Point{}
					if p.ReadOnly() {
						return widget.Text(gtx, th, th.Type.Field, th.T1, p.Segment.Text)
					}
					return s.segment.Layout(gtx, th, "Regular", "Online")
				}))
		})
	}
	parts = append(parts, s.fields.Parts(th, p.Active, nil, p.Busy)...)
	var foot layout.Widget
	if !p.ReadOnly() {
		foot = func(gtx layout.Context) layout.Dimensions {
			return panel.Buttons(gtx, th, panel.Command{Button: &s.shut, Look: widget.ButtonLook{Text: "Close"}},
				panel.Command{Button: &s.save, Look: widget.ButtonLook{Text: "Save", Kind: widget.Primary, Key: "Ctrl S", Busy: p.Busy, BusyText: "Saving", Disabled: !p.Busy && !p.Form.Dirty()}})
		}
	}
	return s.frame.Layout(gtx, th, "Record", head, parts, foot)
}

func lower(s string) string { return string(s[0]|0x20) + s[1:] }
