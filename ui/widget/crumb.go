package widget

import (
	"image"

	"gioui.org/io/semantic"
	"gioui.org/layout"

	"masala/ui/theme"
)

// Breadcrumb draws where the user is. Parents can be pressed: Clicked tells which.
type Breadcrumb struct {
	parts []Clickable
}

// Clicked returns the index of the part that was pressed.
func (b *Breadcrumb) Clicked(gtx layout.Context) (int, bool) {
	for i := range b.parts {
		if b.parts[i].Clicked(gtx) {
			return i, true
		}
	}
	return 0, false
}

// Layout draws the parts from the outermost to the page itself.
func (b *Breadcrumb) Layout(gtx layout.Context, th *theme.Theme, parts ...string) layout.Dimensions {
	for len(b.parts) < len(parts)-1 {
		b.parts = append(b.parts, Clickable{})
	}
	in := loose(gtx)
	s := th.Type.Field
	h, gap, chevron := gtx.Sp(s.Line), gtx.Dp(8), gtx.Dp(14)
	x := 0
	for i, p := range parts {
		in.Constraints.Max.X = max(gtx.Constraints.Max.X-x, 0)
		if i == len(parts)-1 {
			st := push(gtx, x, 0)
			d := Text(in, th, s.Semi(), th.T1, p)
			st.Pop()
			x += d.Size.X
			break
		}
		c := &b.parts[i]
		hovered, _, focused := c.update(gtx, false)
		ink := th.T3
		if hovered {
			ink = th.T1
		}
		w := TextWidth(gtx, th, s, p)
		st := push(gtx, x, 0)
		r := image.Rect(0, 0, w, h)
		if focused {
			theme.Outline(gtx.Ops, r.Inset(-gtx.Dp(3)), gtx.Dp(5), float32(gtx.Dp(2)), th.Focus)
		}
		area := c.area(gtx, r, semantic.Button, p, false)
		TextAs(in, th, s, ink, p, "")
		area.Pop()
		st.Pop()
		x += w + gap
		st = push(gtx, x, (h-chevron)/2)
		th.Icon(gtx, theme.IconChevronRight, 14, th.T3)
		st.Pop()
		x += chevron + gap
	}
	return layout.Dimensions{Size: image.Pt(x, h), Baseline: gtx.Dp(5)}
}
