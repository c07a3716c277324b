package parties

import (
	"image"

	"gioui.org/layout"

	"masala/core"
	"masala/core/party"
	"masala/ui/screen/panel"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

func (s *Screen) updatePanel(gtx layout.Context) {
	p := s.model.Panel
	if s.Fresh() && p != nil {
		s.begin(p)
	}
	if p != nil {
		if s.kind.Changed(gtx) {
			p.ChooseKind(kinds[s.kind.Value+1])
		}
		if s.segment.Changed(gtx) {
			p.ChooseSegment([]core.Segment{core.Regular, core.Online}[s.segment.Value])
		}
	}
	s.UpdatePanel(gtx, s.inputs)
}

// begin starts the controls of another record; a new one gets the keyboard.
func (s *Screen) begin(p *Panel) {
	if p.IsNew() {
		s.Fields.Focus(p.Name)
	}
	s.kind.Value, s.segment.Value = 0, 0
	if p.IsCustomer() {
		s.kind.Value = 1
	}
	if core.Segment(p.Segment.Key) == core.Online {
		s.segment.Value = 1
	}
}

func (s *Screen) inputs() []panel.Input {
	p := s.model.Panel
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
	p, th := s.model.Panel, s.Theme
	title := p.Record.Name
	if p.IsNew() {
		title = "New " + lower(kindText(party.Kind(p.Kind.Key)))
	}
	var parts []layout.Widget
	if p.IsNew() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			return s.kind.Layout(gtx, th, "Supplier", "Customer")
		})
	}
	parts = append(parts, s.Fields.Parts(th, nil, p.Active, p.Busy)...)
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
	parts = append(parts, s.Fields.Parts(th, p.Active, nil, p.Busy)...)
	return s.Side(gtx, title, parts...)
}

func lower(s string) string { return string(s[0]|0x20) + s[1:] }
