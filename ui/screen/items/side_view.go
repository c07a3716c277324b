package items

import (
	"fmt"

	"gioui.org/layout"

	"masala/ui/form"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget/input"
)

func options(list []Choice) input.Search {
	var found []input.Option
	for _, c := range list {
		found = append(found, input.Option{Key: c.Key, Name: c.Text})
	}
	return input.Among(found)
}

// units offers the units of the item as it stands in the form.
func (p *Panel) units(text string) input.Found {
	var list []input.Option
	for _, code := range p.UnitChoices() {
		list = append(list, input.Option{Key: code, Code: code, Name: code})
	}
	return input.Among(list)(text)
}

// inputs lists the controls in reading order.
func (s *Screen) inputs() []panel.Input {
	p := s.model.Panel
	pick := func(f *form.Field, list []Choice, take func(Choice)) panel.Input {
		return panel.Input{Field: f, Kind: panel.Pick, Search: options(list), Taken: func(o input.Option) {
			if take != nil {
				f.Key = "" // the panel decides what follows from the choice
				take(Choice{o.Key, o.Name})
			}
		}}
	}
	half := func(x panel.Input) panel.Input { x.Half = true; return x }
	list := []panel.Input{
		half(pick(p.Type, Types(), p.ChooseType)), half(panel.Input{Field: p.SKU}),
		{Field: p.Name}, {Field: p.NameHi},
	}
	if p.IsPacking() {
		list = append(list, pick(p.Subtype, Subtypes(), nil))
	}
	list = append(list, half(pick(p.Dimension, Dimensions(), p.ChooseDimension)), half(panel.Input{Field: p.MinStock, Kind: panel.Amount, Measure: p.Base}))
	list = append(list, half(panel.Input{Field: p.PurchaseUnit, Kind: panel.Pick, Search: p.units}), half(panel.Input{Field: p.IssueUnit, Kind: panel.Pick, Search: p.units}))
	if p.IsCounted() {
		list = append(list, panel.Input{Field: p.NetWeight, Kind: panel.Amount, Measure: grams})
	}
	list = append(list, p.rows(p.Units, "Own unit", panel.Text, panel.Amount)...)
	list = append(list, half(panel.Input{Field: p.ShelfLife, Kind: panel.Number}), half(panel.Input{Field: p.HSN}))
	list = append(list, p.rows(p.GST, "GST", panel.Number, panel.Day)...)
	return append(list, panel.Input{Field: p.Allergens},
		panel.Input{Field: p.QC, Kind: panel.Check, Word: p.QC.Label}, panel.Input{Field: p.Active, Kind: panel.Check, Word: p.Active.Label})
}

// rows are the controls of a small grid, two to a line; Operators see no blank one.
func (p *Panel) rows(g *form.Rows, name string, left, right panel.Kind) (list []panel.Input) {
	for i := range g.Len() {
		r := g.At(i)
		if p.ReadOnly() && r.Blank() {
			continue
		}
		for k, f := range r.Fields {
			x := panel.Input{Field: f, Half: true, Idle: r.Blank(), Kind: left, Name: fmt.Sprintf("%s %s %d", name, f.Label, i+1), Changed: func() { p.Ready(g) }}
			if k == 1 {
				x.Kind, x.Measure, x.Calendar = right, p.Base, func() form.Calendar { return form.Calendar{Today: p.m.Env.Today()} }
			}
			list = append(list, x)
		}
	}
	return list
}

// first is the first field of a grid, or fallback when the grid shows none.
func (p *Panel) first(g *form.Rows, fallback *form.Field) *form.Field {
	if p.ReadOnly() && len(g.Filled()) == 0 {
		return fallback
	}
	return g.At(0).Fields[0]
}

func (s *Screen) side(gtx layout.Context) layout.Dimensions {
	p, title := s.model.Panel, "New item"
	if !p.IsNew() {
		title = p.Record.Name
	}
	return s.Side(gtx, title, s.parts(p)...)
}

// parts are the fields in groups.
func (s *Screen) parts(p *Panel) (parts []layout.Widget) {
	th := s.Theme
	if f := p.Frozen(); f != "" && !p.ReadOnly() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, theme.Tone{Text: th.T2, Soft: th.Surface2}, theme.IconLock, f, nil)
		})
	}
	title := func(text string) {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return panel.Title(gtx, th, text) })
	}
	units, gst := p.first(p.Units, p.ShelfLife), p.first(p.GST, p.Allergens)
	parts = append(parts, s.Fields.Parts(th, nil, units, p.Busy)...)
	if units != p.ShelfLife {
		title("Own units: one bag is 40 kg of this item")
		parts = append(parts, s.Fields.Parts(th, units, p.ShelfLife, p.Busy)...)
	}
	parts = append(parts, s.Fields.Parts(th, p.ShelfLife, gst, p.Busy)...)
	if gst != p.Allergens {
		title("GST rates, each from its day on")
		parts = append(parts, s.Fields.Parts(th, gst, p.Allergens, p.Busy)...)
	}
	return append(parts, s.Fields.Parts(th, p.Allergens, nil, p.Busy)...)
}
