package widget

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"

	"masala/ui/theme"
)

// Segment chooses one of a few. It is one stop of the Tab key; the arrows move within it.
type Segment struct {
	Value   int      // index of the choice
	Counts  []string // how many each choice holds, drawn after its word; may be nil
	parts   []Clickable
	focus   Focus
	changed bool
}

// Changed reports whether the user chose another part since the last call.
func (s *Segment) Changed(gtx layout.Context) bool {
	s.read(gtx)
	c := s.changed
	s.changed = false
	return c
}

// Focus asks for the keyboard at the next layout.
func (s *Segment) Focus() { s.focus.Request() }

// Tag is what the focus is known by.
func (s *Segment) Tag() event.Tag { return s }

func (s *Segment) choose(i int) {
	if i = min(max(i, 0), len(s.parts)-1); i != s.Value {
		s.Value, s.changed = i, true
	}
}

func (s *Segment) read(gtx layout.Context) {
	for i := range s.parts {
		for s.parts[i].Clicked(gtx) {
			s.choose(i)
			gtx.Execute(key.FocusCmd{Tag: s})
		}
	}
	for {
		e, ok := gtx.Event(key.FocusFilter{Target: s}, key.Filter{Focus: s, Name: key.NameLeftArrow}, key.Filter{Focus: s, Name: key.NameRightArrow})
		if !ok {
			return
		}
		if k, ok := e.(key.Event); ok && k.State == key.Press {
			if k.Name == key.NameLeftArrow {
				s.choose(s.Value - 1)
			} else {
				s.choose(s.Value + 1)
			}
		}
	}
}

// Layout draws the choices.
func (s *Segment) Layout(gtx layout.Context, th *theme.Theme, choices ...string) layout.Dimensions {
	if len(s.parts) != len(choices) {
		s.parts = make([]Clickable, len(choices))
		for i := range s.parts {
			s.parts[i].Pointer = true
		}
	}
	s.read(gtx)
	focused := s.focus.Update(gtx, s)
	pad, gap, h := gtx.Dp(3), gtx.Dp(2), gtx.Dp(28)
	m := record(gtx)
	x := pad
	for i, c := range choices {
		st, ink := th.Type.Body, th.T2
		if i == s.Value {
			st, ink = st.Semi(), th.T1
		}
		// The wider weight sets the width, so that the row does not shift with the choice.
		word := TextWidth(gtx, th, st.Semi(), c)
		count, gap6 := "", 0
		if i < len(s.Counts) {
			count, gap6 = s.Counts[i], gtx.Dp(6)
		}
		w := word + gap6 + TextWidth(gtx, th, th.Type.Body, count) + 2*gtx.Dp(12)
		r := image.Rect(x, pad, x+w, pad+h)
		hovered, _, _ := s.parts[i].update(gtx, false)
		if i == s.Value {
			theme.Fill(gtx.Ops, r.Inset(-gtx.Dp(1)), gtx.Dp(8), th.Border)
			theme.Fill(gtx.Ops, r, gtx.Dp(7), th.Surface)
		} else if hovered {
			theme.Fill(gtx.Ops, r, gtx.Dp(7), th.Hover)
		}
		area := s.parts[i].area(gtx, r, semantic.RadioButton, c, false)
		semantic.SelectedOp(i == s.Value).Add(gtx.Ops)
		y := pad + (h-gtx.Sp(st.Line))/2
		off := push(gtx, x+gtx.Dp(12)+(word-TextWidth(gtx, th, st, c))/2, y)
		TextAs(loose(gtx), th, st, ink, c, "")
		off.Pop()
		off = push(gtx, x+gtx.Dp(12)+word+gap6, y)
		TextAs(loose(gtx), th, th.Type.Body, th.T3, count, "")
		off.Pop()
		area.Pop()
		x += w + gap
	}
	call := m.Stop()
	size := image.Pt(x-gap+pad, h+2*pad)
	r := image.Rectangle{Max: size}
	theme.Fill(gtx.Ops, r, gtx.Dp(9), th.Neutral.Soft)
	if focused {
		th.FocusRing(gtx, r, gtx.Dp(9))
	}
	area := clipRect(gtx, r)
	event.Op(gtx.Ops, s)
	call.Add(gtx.Ops)
	area.Pop()
	return layout.Dimensions{Size: size, Baseline: pad + gtx.Dp(9)}
}
