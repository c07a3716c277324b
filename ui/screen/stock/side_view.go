package stock

import (
	"image"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"

	"masala/core"
	"masala/core/catalog"
	"masala/core/stock"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

func (s *Screen) updateSide(gtx layout.Context) {
	m := s.model
	if s.frame.Shut.Clicked(gtx) {
		s.leave(func() { m.ClosePanel(); s.wants = true })
	}
	if s.source.Clicked(gtx) && m.Detail != nil && strings.HasPrefix(m.Detail.SourceNumber, string(stock.KindGRN)) {
		s.env.Shell.Navigate(screen.DocumentRoute(stock.KindGRN, m.Detail.SourceID))
	}
	if s.act == nil {
		changes := m.Changes()
		for len(s.verbs) < len(changes) {
			s.verbs = append(s.verbs, widget.Button{})
		}
		for i, c := range changes {
			if s.verbs[i].Clicked(gtx) {
				s.startChange(c)
				return
			}
		}
		if s.adjust.Clicked(gtx) {
			s.startAdjust()
		}
		return
	}
	s.updateAct(gtx)
}

// updateAct leads the keyboard through the act's fields.
func (s *Screen) updateAct(gtx layout.Context) {
	a, h := s.act, &s.hands
	if a.Done {
		s.act, s.wants = nil, true
		return
	}
	if a.Busy {
		return
	}
	if d, ok := a.Offer.Update(gtx); ok {
		a.Leave()
		s.begin(s.model.Resume(d))
		return
	}
	drain := func(update func(layout.Context, *form.Field) (input.Event, bool), f *form.Field, next func()) {
		for ev, ok := update(gtx, f); ok; ev, ok = update(gtx, f) {
			if ev.Kind == input.Submitted {
				f.Leave()
				next()
			}
		}
	}
	to := func(f *form.Field) func() { return func() { s.goTo(f) } }
	drain(h.qty.Update, a.Qty, to(a.Reason))
	if a.Change != "" {
		drain(h.words.Update, a.Reason, h.submit.Focus)
	} else {
		drain(h.reason.Update, a.Reason, to(a.Note))
		last := h.submit.Focus
		if a.Value != nil {
			drain(h.note.Update, a.Note, to(a.Value))
			drain(h.value.Update, a.Value, last)
		} else {
			drain(h.note.Update, a.Note, last)
		}
	}
	if h.back.Clicked(gtx) {
		s.leave(func() { s.wants = true })
		return
	}
	if h.submit.Clicked(gtx) {
		s.goTo(a.Submit())
	}
}

// side is the panel: the lot, or what is being done to it.
func (s *Screen) side(gtx layout.Context) layout.Dimensions {
	if s.act != nil {
		return s.frame.Layout(gtx, s.th, "Lot", s.head, s.actParts(), s.actFoot)
	}
	var foot layout.Widget
	if s.model.MayAdjust() || len(s.model.Changes()) > 0 {
		foot = s.commands
	}
	return s.frame.Layout(gtx, s.th, "Lot", s.head, s.details(), foot)
}

func (s *Screen) head(gtx layout.Context) layout.Dimensions {
	th, d := s.th, s.model.Detail
	if d == nil {
		return widget.Text(gtx, th, th.Type.T16, th.T1, "Lot")
	}
	return widget.Column(gtx, 2,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			in := gtx
			in.Constraints.Min = image.Point{}
			return widget.Row(in, theme.S8,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.T16, th.T1, d.Number) }),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					c, ok := s.model.Cell()
					if !ok || d.Qty == 0 {
						return layout.Dimensions{}
					}
					word := StatusWord(c.Status, d.ExpiryOn, s.env.Today())
					return widget.Pill(gtx, th, pillTone(th, word), word)
				}))
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return panel.Named(gtx, th, th.Type.Body, d.Name, d.NameHi)
		}))
}

func pillTone(th *theme.Theme, word string) theme.Tone {
	switch word {
	case "Released":
		return th.OK
	case "Hold":
		return th.Hold
	case "Expired":
		return th.Danger
	}
	return th.Neutral
}

func stageTone(th *theme.Theme, t catalog.Type) theme.Tone {
	switch t {
	case catalog.Raw:
		return th.Raw
	case catalog.Bulk:
		return th.Bulk
	case catalog.Packing:
		return th.Packing
	}
	return th.Finished
}

// details are the parts of the panel at rest.
func (s *Screen) details() []layout.Widget {
	th, m, d := s.th, s.model, s.model.Detail
	switch {
	case d == nil && m.Fault != "":
		return []layout.Widget{func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Danger, theme.IconCircleAlert, m.Fault, nil)
		}}
	case d == nil:
		return []layout.Widget{func(gtx layout.Context) layout.Dimensions { return widget.Skeleton(gtx, th, .9, .7, .8, .5) }}
	}
	parts := []layout.Widget{s.figures, rule(th), s.facts, rule(th), func(gtx layout.Context) layout.Dimensions { return panel.Title(gtx, th, "Where it came from") }, s.origin}
	if len(d.Cells) > 1 {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return panel.Title(gtx, th, "Where it lies") })
		for _, c := range d.Cells {
			parts = append(parts, func(gtx layout.Context) layout.Dimensions {
				return panel.Facts(gtx, th, panel.Fact{What: StatusWord(c.Status, d.ExpiryOn, s.env.Today()) + segment(c.Segment), Value: c.Qty.String(d.Dimension)})
			})
		}
	}
	if len(d.History) > 0 {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return panel.Title(gtx, th, "History") })
		for _, h := range d.History {
			parts = append(parts, s.event(h))
		}
	}
	return parts
}

func segment(x core.Segment) string {
	if x == core.Online {
		return ", online"
	}
	return ""
}

func rule(th *theme.Theme) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions { return widget.Rule(gtx, th) }
}

func (s *Screen) figures(gtx layout.Context) layout.Dimensions {
	th, d := s.th, s.model.Detail
	cards := []layout.FlexChild{layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
		return panel.Figure(gtx, th, stageTone(th, d.Type), "On hand", d.Qty.String(d.Dimension))
	})}
	if s.model.Valued() {
		cards = append(cards, layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			return panel.Figure(gtx, th, theme.Tone{Text: th.T2, Soft: th.Surface2}, "Value", d.Value.String())
		}))
	}
	return widget.RowTop(gtx, theme.S8, cards...)
}

func (s *Screen) facts(gtx layout.Context) layout.Dimensions {
	d := s.model.Detail
	expires := "none"
	if days, _, ok := Expiry(d.ExpiryOn, s.env.Today()); ok {
		expires = d.ExpiryOn.String() + ", " + DaysLong(days)
	}
	facts := []panel.Fact{{What: "Supplier", Value: d.Supplier}, {What: "Supplier lot", Value: d.SupplierLot}, {What: "Allergens", Value: strings.Join(d.Allergens, ", ")},
		{What: "Received", Value: d.BornOn.String() + ", " + d.Received.String(d.Dimension)}, {What: "Made", Value: d.MfgOn.String()}, {What: "Expires", Value: expires}}
	if s.model.Valued() && d.Rate > 0 {
		facts = append(facts, panel.Fact{What: "Cost", Value: "₹ " + core.FormatRate(d.Rate) + " /" + d.Dimension.Unit() + " landed"})
	}
	return panel.Facts(gtx, s.th, facts...)
}

// origin is the document the lot was born with; a press opens it.
func (s *Screen) origin(gtx layout.Context) layout.Dimensions {
	th, d := s.th, s.model.Detail
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(50))
	return s.source.Layout(gtx, semantic.Button, "Open "+d.SourceNumber, func(gtx layout.Context) layout.Dimensions {
		r := image.Rectangle{Max: size}
		fill := th.Surface
		if s.source.Hovered() {
			fill = th.Hover
		}
		theme.Fill(gtx.Ops, r, gtx.Dp(theme.RadiusField), fill)
		theme.Outline(gtx.Ops, r, gtx.Dp(theme.RadiusField), float32(gtx.Dp(1)), th.Border)
		pad := gtx.Dp(theme.S12)
		widget.At(gtx, pad, gtx.Dp(10), size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
			return th.Icon(gtx, theme.IconTruck, 15, th.Packing.Text)
		})
		left := pad + gtx.Dp(15+8)
		widget.At(gtx, left, gtx.Dp(8), size.X-left-pad, size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Label.Semi(), th.T1, d.SourceNumber, "")
		})
		second := d.Supplier
		if second == "" {
			second = "made in this factory"
		}
		widget.At(gtx, pad, gtx.Dp(27), size.X-2*pad, size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, th.Type.Tiny, th.T3, second, "")
		})
		return layout.Dimensions{Size: size}
	})
}

// event draws one movement: what and how much, then when, by whom and why.
func (s *Screen) event(h stock.LotEvent) layout.Widget {
	th := s.th
	return func(gtx layout.Context) layout.Dimensions {
		qty := h.Qty.String(s.model.Detail.Dimension)
		if h.Qty > 0 {
			qty = "+" + qty
		}
		when := h.PostedAt.In(s.env.Zone).Format("02-Jan-2006, 15:04") + ", " + h.User
		if h.Reason != "" {
			when += ": " + h.Reason
		}
		return widget.Column(gtx, 1,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				w, style := gtx.Constraints.Max.X, th.Type.Body
				qw := widget.TextWidth(gtx, th, style.Semi(), qty)
				widget.At(gtx, 0, 0, w-qw-gtx.Dp(theme.S8), w, func(gtx layout.Context) layout.Dimensions {
					return widget.Text(gtx, th, style, th.T1, KindWord(h.Kind)+", "+h.Number)
				})
				return widget.At(gtx, w-qw, 0, qw, w, func(gtx layout.Context) layout.Dimensions {
					d := widget.Text(gtx, th, style.Semi(), th.T1, qty)
					d.Size.X = w
					return d
				})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Text(gtx, th, th.Type.Label, th.T3, when) }))
	}
}

// commands are the buttons at the foot of the panel.
func (s *Screen) commands(gtx layout.Context) layout.Dimensions {
	var list []panel.Command
	if s.model.MayAdjust() {
		list = append(list, panel.Command{Button: &s.adjust, Look: widget.ButtonLook{Text: "Adjust", Icon: theme.IconSlidersHorizontal}})
	}
	for i, c := range s.model.Changes() {
		if i < len(s.verbs) {
			look := widget.ButtonLook{Text: string(c), Icon: changeIcon(c)}
			if c != ReleaseIt {
				look.Kind = widget.Danger
			}
			list = append(list, panel.Command{Button: &s.verbs[i], Look: look})
		}
	}
	return panel.Buttons(gtx, s.th, list...)
}

// actParts is the form of what is being done.
func (s *Screen) actParts() []layout.Widget {
	a, h, th := s.act, &s.hands, s.th
	title := "Adjust the quantity"
	if a.Change != "" {
		title = string(a.Change) + " this lot"
	}
	parts := []layout.Widget{
		func(gtx layout.Context) layout.Dimensions { return panel.Title(gtx, th, title) },
		func(gtx layout.Context) layout.Dimensions {
			facts := []panel.Fact{{What: StatusWord(a.Cell.Status, a.Lot.ExpiryOn, s.env.Today()) + segment(a.Cell.Segment) + " now", Value: a.Cell.Qty.String(a.Lot.Dimension)}}
			if after, ok := a.After(); ok && a.Change == "" {
				facts = append(facts, panel.Fact{What: "After", Value: after.String(a.Lot.Dimension)})
			}
			return panel.Facts(gtx, th, facts...)
		},
	}
	field := func(f *form.Field, draw func(layout.Context, *theme.Theme, *form.Field, widget.FieldLook) layout.Dimensions) {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			if a.Busy {
				gtx = gtx.Disabled()
			}
			return draw(gtx, th, f, input.Look(f))
		})
	}
	if a.Offer.Draft != nil && !a.Form.Dirty() {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions { return a.Offer.Layout(gtx, th) })
	}
	if a.Form.Message != "" {
		parts = append(parts, func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Danger, theme.IconCircleAlert, a.Form.Message, nil)
		})
	}
	field(a.Qty, h.qty.Layout)
	if a.Change != "" {
		field(a.Reason, h.words.Layout)
		return parts
	}
	field(a.Reason, h.reason.Layout)
	field(a.Note, h.note.Layout)
	if a.Value != nil {
		field(a.Value, h.value.Layout)
	}
	return parts
}

func (s *Screen) actFoot(gtx layout.Context) layout.Dimensions {
	a, h := s.act, &s.hands
	look := widget.ButtonLook{Text: "Post adjustment", Kind: widget.Primary, Busy: a.Busy, BusyText: "Posting"}
	if a.Change != "" {
		look.Text = string(a.Change) + " lot"
		if a.Change == RejectIt {
			look.Kind = widget.DangerFill
		}
	}
	return panel.Buttons(gtx, s.th,
		panel.Command{Button: &h.back, Look: widget.ButtonLook{Text: "Back", Key: "Esc"}},
		panel.Command{Button: &h.submit, Look: look})
}
