// Package panel draws what stands beside a list: the side panel with head, scrolling
// body and foot, and the small parts such panels are made of.
package panel

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/ui/theme"
	"masala/ui/widget"
)

// Widths of side panels (UX.md section 2).
const (
	Details unit.Dp = 344
	Form    unit.Dp = 376

	// beside is the least width at which page and panel stand side by side: that of
	// a window of 1280 with its folded sidebar.
	beside unit.Dp = 1160
)

// Frame is the state of a side panel.
type Frame struct {
	Shut   widget.IconButton // Clicked: the cross was pressed
	Fields *Fields           // of the body: the one that gets the keyboard is brought into view
	list   giowidget.List
}

// Beside lays out page, and panel at its right when open; where it is narrow the
// panel lies over the page as a sheet.
func Beside(gtx layout.Context, th *theme.Theme, width unit.Dp, open bool, page, panel layout.Widget) layout.Dimensions {
	size := gtx.Constraints.Max
	if !open {
		return page(exact(gtx, size))
	}
	w, gap := min(gtx.Dp(width), size.X), gtx.Dp(theme.CardGap)
	over := size.X < gtx.Dp(beside)
	rest := size.X
	if !over {
		rest -= w + gap
	}
	page(exact(gtx, image.Pt(rest, size.Y)))
	defer op.Offset(image.Pt(size.X-w, 0)).Push(gtx.Ops).Pop()
	r := image.Rect(0, 0, w, size.Y)
	if over {
		th.PaintPopover(gtx, r, gtx.Dp(theme.RadiusCard))
	} else {
		th.PaintCard(gtx, r, gtx.Dp(theme.RadiusCard))
	}
	area := clip.Rect(r).Push(gtx.Ops)
	pointer.CursorDefault.Add(gtx.Ops)
	event.Op(gtx.Ops, panelTag{}) // what lies below takes no presses
	area.Pop()
	panel(exact(gtx, r.Max))
	return layout.Dimensions{Size: size}
}

type panelTag struct{}

func exact(gtx layout.Context, size image.Point) layout.Context {
	gtx.Constraints = layout.Exact(size)
	return gtx
}

// Layout draws head, the parts of the body one below the other, and foot; only the
// body scrolls. head and foot may be nil. name is what the panel is called.
func (f *Frame) Layout(gtx layout.Context, th *theme.Theme, name string, head layout.Widget, parts []layout.Widget, foot layout.Widget) layout.Dimensions {
	for { // presses on the panel's own ground go nowhere
		if _, ok := gtx.Event(pointer.Filter{Target: panelTag{}, Kinds: pointer.Press | pointer.Scroll, ScrollY: pointer.ScrollRange{Min: -1e6, Max: 1e6}}); !ok {
			break
		}
	}
	size := gtx.Constraints.Max
	defer clip.UniformRRect(image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard)).Push(gtx.Ops).Pop()
	semantic.DescriptionOp(name).Add(gtx.Ops)
	f.list.Axis = layout.Vertical
	var headH, footH int
	if head != nil {
		headH = f.head(gtx, th, size.X, head)
	}
	if foot != nil {
		footH = drawFoot(gtx, th, size, foot)
	}
	st := op.Offset(image.Pt(0, headH)).Push(gtx.Ops)
	view := image.Pt(size.X, max(size.Y-headH-footH, 0))
	// One element: controls out of sight must be laid out too, or they could not get the keyboard.
	widget.List(exact(gtx, view), th, &f.list, 1, func(gtx layout.Context, _ int) layout.Dimensions { return f.body(gtx, parts, view.Y) })
	st.Pop()
	return layout.Dimensions{Size: size}
}

// body draws the parts one below the other and brings the one that has got the
// keyboard into view.
func (f *Frame) body(gtx layout.Context, parts []layout.Widget, height int) layout.Dimensions {
	pad, gap := gtx.Dp(theme.S16), gtx.Dp(theme.S12)
	width := gtx.Constraints.Max.X
	y := gap
	for _, draw := range parts {
		in := gtx
		in.Constraints = layout.Constraints{Min: image.Pt(width-2*pad, 0), Max: image.Pt(width-2*pad, 1<<20)}
		st := op.Offset(image.Pt(pad, y)).Push(gtx.Ops)
		d := draw(in)
		st.Pop()
		if d.Size.Y == 0 {
			continue
		}
		if f.Fields != nil && f.Fields.Entered() {
			at := &f.list.Position.Offset
			if low := y + d.Size.Y + gap - height; *at < low {
				*at = low
			}
			if *at > y-gap {
				*at = y - gap
			}
			f.list.Position.BeforeEnd = true
			gtx.Execute(op.InvalidateCmd{})
		}
		y += d.Size.Y + gap
	}
	return layout.Dimensions{Size: image.Pt(width, y+pad-gap)}
}

func (f *Frame) head(gtx layout.Context, th *theme.Theme, width int, head layout.Widget) int {
	pad, cross := gtx.Dp(theme.S16), gtx.Dp(30)
	in := gtx
	in.Constraints = layout.Constraints{Min: image.Pt(width-2*pad-cross, 0), Max: image.Pt(width-2*pad-cross, gtx.Constraints.Max.Y)}
	st := op.Offset(image.Pt(pad, gtx.Dp(14))).Push(gtx.Ops)
	d := head(in)
	st.Pop()
	st = op.Offset(image.Pt(width-pad-cross+gtx.Dp(6), gtx.Dp(11))).Push(gtx.Ops)
	f.Shut.Layout(gtx, th, widget.IconLook{Icon: theme.IconX, Name: "Close panel", Key: "Esc", Size: 30, IconSize: 16})
	st.Pop()
	h := d.Size.Y + gtx.Dp(14+14)
	theme.Fill(gtx.Ops, image.Rect(0, h-gtx.Dp(1), width, h), 0, th.Border)
	return h
}

func drawFoot(gtx layout.Context, th *theme.Theme, size image.Point, foot layout.Widget) int {
	pad := gtx.Dp(theme.S16)
	in := gtx
	in.Constraints = layout.Constraints{Min: image.Pt(size.X-2*pad, 0), Max: image.Pt(size.X-2*pad, size.Y/2)}
	m := op.Record(gtx.Ops)
	d := foot(in)
	call := m.Stop()
	h := d.Size.Y + gtx.Dp(12+14)
	theme.Fill(gtx.Ops, image.Rect(0, size.Y-h, size.X, size.Y-h+gtx.Dp(1)), 0, th.Border)
	defer op.Offset(image.Pt(pad, size.Y-h+gtx.Dp(13))).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
	return h
}
