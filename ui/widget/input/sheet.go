package input

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"masala/ui/theme"
	"masala/ui/widget"
)

// sheet is what hangs from a field: the list, the calendar. It is drawn above all
// that follows, and a press beside it closes it.
type sheet struct {
	open   bool
	fade   widget.Fade
	out    int // address: everything around
	in     int // address: the sheet
	anchor image.Rectangle
}

// update closes the sheet on a press outside of it and of its field.
func (s *sheet) update(gtx layout.Context) {
	for {
		e, ok := gtx.Event(pointer.Filter{Target: &s.out, Kinds: pointer.Press})
		if !ok {
			break
		}
		if p, ok := e.(pointer.Event); ok && !p.Position.Round().In(s.anchor) {
			s.open = false
		}
	}
	for {
		if _, ok := gtx.Event(pointer.Filter{Target: &s.in, Kinds: pointer.Press}); !ok {
			return
		}
	}
}

// hang draws w, width px wide, under anchor, or above it where there is more room.
// room is the window, in the coordinates of gtx; an empty one has no bounds.
func (s *sheet) hang(gtx layout.Context, th *theme.Theme, anchor, room image.Rectangle, width int, w layout.Widget) {
	s.anchor = anchor
	v := s.fade.Value(gtx, s.open, th.Motion(theme.MotionPopover))
	if !s.open {
		return
	}
	gap := gtx.Dp(6)
	below, above := 1<<20, 0
	if !room.Empty() {
		below, above = room.Max.Y-anchor.Max.Y-2*gap, anchor.Min.Y-room.Min.Y-2*gap
		width = min(width, room.Dx()-2*gap)
	}
	in := gtx
	in.Constraints = layout.Constraints{Min: image.Pt(width, 0), Max: image.Pt(width, max(below, above, gtx.Dp(120)))}
	m := op.Record(gtx.Ops)
	d := w(in)
	call := m.Stop()
	at, slide := image.Pt(anchor.Min.X, anchor.Max.Y+gap), int((1-v)*float32(gtx.Dp(4)))
	if d.Size.Y > below && above > below {
		at.Y = anchor.Min.Y - gap - d.Size.Y
		slide = -slide
	}
	if !room.Empty() {
		at.X = max(min(at.X, room.Max.X-gap-d.Size.X), room.Min.X+gap)
	}
	m = op.Record(gtx.Ops)
	far := clip.Rect{Min: image.Pt(-1e5, -1e5), Max: image.Pt(1e5, 1e5)}.Push(gtx.Ops)
	pass := pointer.PassOp{}.Push(gtx.Ops)
	event.Op(gtx.Ops, &s.out)
	pass.Pop()
	far.Pop()
	move := op.Offset(at.Sub(image.Pt(0, slide))).Push(gtx.Ops)
	seen := paint.PushOpacity(gtx.Ops, v)
	r, radius := image.Rectangle{Max: d.Size}, gtx.Dp(theme.RadiusPopover)
	th.PaintPopover(gtx, r, radius)
	area := clip.UniformRRect(r, radius).Push(gtx.Ops)
	event.Op(gtx.Ops, &s.in)
	call.Add(gtx.Ops)
	area.Pop()
	seen.Pop()
	move.Pop()
	op.Defer(gtx.Ops, m.Stop())
}

// hit is a place that takes the pointer without taking the keyboard from the field.
type hit struct {
	filter [1]event.Filter
	over   bool
}

func newHit() *hit {
	h := &hit{}
	h.filter[0] = pointer.Filter{Target: h, Kinds: pointer.Press | pointer.Enter | pointer.Leave | pointer.Cancel}
	return h
}

// pressed returns the next press of the primary button.
func (h *hit) pressed(gtx layout.Context) (pointer.Event, bool) {
	for {
		e, ok := gtx.Event(h.filter[:]...)
		if !ok {
			return pointer.Event{}, false
		}
		p, _ := e.(pointer.Event)
		switch p.Kind {
		case pointer.Enter:
			h.over = true
		case pointer.Leave, pointer.Cancel:
			h.over = false
		case pointer.Press:
			return p, true
		}
	}
}

// area makes r the place, known by name.
func (h *hit) area(gtx layout.Context, r image.Rectangle, name string, selected bool) {
	st := clip.Rect(r).Push(gtx.Ops)
	semantic.Button.Add(gtx.Ops)
	semantic.LabelOp(name).Add(gtx.Ops)
	semantic.SelectedOp(selected).Add(gtx.Ops)
	pointer.CursorPointer.Add(gtx.Ops)
	event.Op(gtx.Ops, h)
	st.Pop()
}

// hits grows a list of places to n. Each asks for its events at once: Gio knows
// nothing of an area that nobody has asked for.
func hits(gtx layout.Context, list []*hit, n int) []*hit {
	for len(list) < n {
		h := newHit()
		h.pressed(gtx)
		list = append(list, h)
	}
	return list
}

// box returns where the frame of a field of width px lies below its label.
func box(gtx layout.Context, l widget.FieldLook, width int) image.Rectangle {
	y, h := 0, l.Height
	if h == 0 {
		h = theme.FieldHeight
	}
	if l.Label != "" && !l.Cell {
		y = gtx.Sp(16) + gtx.Dp(5)
	}
	return image.Rect(0, y, width, y+gtx.Dp(h))
}

// centred draws one line of text in the middle of the height from top on.
func centred(gtx layout.Context, th *theme.Theme, s theme.Style, c colour, x, top, width, height int, str string) int {
	if width <= 0 || str == "" {
		return 0
	}
	defer op.Offset(image.Pt(x, top+(height-gtx.Sp(s.Line))/2)).Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Constraints{Max: image.Pt(width+1, height)} // a text just as wide as it was measured is not cut
	return widget.TextAs(gtx, th, s, c, str, "").Size.X
}

// centredEnd is centred with its end at right; it returns where the text begins.
func centredEnd(gtx layout.Context, th *theme.Theme, s theme.Style, c colour, left, right, top, height int, str string) int {
	w := min(widget.TextWidth(gtx, th, s, str), right-left)
	centred(gtx, th, s, c, right-w, top, w, height, str)
	return right - w
}
