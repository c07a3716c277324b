package widget

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"

	"masala/ui/theme"
)

// deferAt draws w above everything drawn so far, at a place relative to the current one.
func deferAt(gtx layout.Context, at image.Point, w func(layout.Context)) {
	m := op.Record(gtx.Ops)
	st := op.Offset(at).Push(gtx.Ops)
	w(gtx)
	st.Pop()
	op.Defer(gtx.Ops, m.Stop())
}

func opacity(gtx layout.Context, v float32) paint.OpacityStack {
	return paint.PushOpacity(gtx.Ops, v)
}

// Popover is a sheet that hangs from a control: a list, a calendar, a menu. A press outside or Esc closes it.
type Popover struct {
	open bool
	fade Fade
	out  int // address: the area around
	in   int // address: the sheet itself
}

// Show, Hide and Toggle open and close the popover.
func (p *Popover) Show()      { p.open = true }
func (p *Popover) Hide()      { p.open = false }
func (p *Popover) Toggle()    { p.open = !p.open }
func (p *Popover) Open() bool { return p.open }

// PopoverLook says where a popover hangs and how wide it is.
type PopoverLook struct {
	Width unit.Dp // 0 means as wide as the anchor
	Max   unit.Dp // greatest height, 0 means 360
	Above bool
	End   bool // right edges meet instead of left ones
}

// Layout draws the popover, if it is open, against an anchor whose size in pixels is given and whose corner is here. Call it
// after drawing the anchor.
func (p *Popover) Layout(gtx layout.Context, th *theme.Theme, anchor image.Point, l PopoverLook, w layout.Widget) {
	p.update(gtx)
	v := p.fade.Value(gtx, p.open, th.Motion(theme.MotionPopover))
	if !p.open { // gone at once: a list that fades away under the next key would lie
		return
	}
	width := gtx.Dp(l.Width)
	if width == 0 {
		width = anchor.X
	}
	if l.Max == 0 {
		l.Max = 360
	}
	in := gtx
	in.Constraints = layout.Constraints{Min: image.Pt(width, 0), Max: image.Pt(width, gtx.Dp(l.Max))}
	m := op.Record(gtx.Ops)
	d := w(in)
	call := m.Stop()
	at := image.Pt(0, anchor.Y+gtx.Dp(6))
	slide := int((1 - v) * float32(gtx.Dp(4)))
	if l.Above {
		at.Y = -d.Size.Y - gtx.Dp(6)
		slide = -slide
	}
	if l.End {
		at.X = anchor.X - d.Size.X
	}
	deferAt(gtx, at.Sub(image.Pt(0, slide)), func(gtx layout.Context) {
		far := clip.Rect{Min: image.Pt(-1e5, -1e5), Max: image.Pt(1e5, 1e5)}.Push(gtx.Ops)
		event.Op(gtx.Ops, &p.out)
		far.Pop()
		defer opacity(gtx, v).Pop()
		r := image.Rectangle{Max: d.Size}
		th.PaintPopover(gtx, r, gtx.Dp(theme.RadiusPopover))
		sheet := clip.UniformRRect(r, gtx.Dp(theme.RadiusPopover)).Push(gtx.Ops)
		event.Op(gtx.Ops, &p.in)
		call.Add(gtx.Ops)
		sheet.Pop()
	})
}

// update closes the popover on Esc and on a press beside it.
func (p *Popover) update(gtx layout.Context) {
	if !p.open {
		return
	}
	for {
		if _, ok := gtx.Event(pointer.Filter{Target: &p.in, Kinds: pointer.Press}); !ok {
			break
		}
	}
	for {
		e, ok := gtx.Event(pointer.Filter{Target: &p.out, Kinds: pointer.Press}, key.Filter{Name: key.NameEscape})
		if !ok {
			return
		}
		switch e := e.(type) {
		case key.Event:
			p.open = p.open && e.State != key.Press
		case pointer.Event:
			p.open = p.open && e.Kind != pointer.Press
		}
	}
}
