package table

import "gioui.org/layout"

// measure chooses the columns that fit into width px and their edges.
func (t *Table) measure(gtx layout.Context, width int) {
	t.shown, t.edges = t.shown[:0], t.edges[:0]
	for i := range t.Columns {
		t.shown = append(t.shown, i)
	}
	for t.least(gtx) > width {
		worst := -1
		for k, i := range t.shown {
			if d := t.Columns[i].Drop; d > 0 && (worst < 0 || d > t.Columns[t.shown[worst]].Drop) {
				worst = k
			}
		}
		if worst < 0 {
			break
		}
		t.shown = append(t.shown[:worst], t.shown[worst+1:]...)
	}
	fixed, share := 0, float32(0)
	for _, i := range t.shown {
		if c := &t.Columns[i]; c.Width > 0 {
			fixed += gtx.Dp(c.Width)
		} else {
			share += c.share()
		}
	}
	x, left := 0, max(width-fixed, 0)
	for _, i := range t.shown {
		t.edges = append(t.edges, x)
		c := &t.Columns[i]
		if c.Width > 0 {
			x += gtx.Dp(c.Width)
			continue
		}
		w := max(int(float32(left)*c.share()/share+.5), gtx.Dp(c.Min))
		left, share = left-w, share-c.share()
		x += w
	}
	t.edges = append(t.edges, x)
}

func (c *Column) share() float32 {
	if c.Flex > 0 {
		return c.Flex
	}
	return 1
}

func (t *Table) least(gtx layout.Context) (px int) {
	for _, i := range t.shown {
		if c := &t.Columns[i]; c.Width > 0 {
			px += gtx.Dp(c.Width)
		} else {
			px += gtx.Dp(c.Min)
		}
	}
	return px
}

// inner returns where the text of shown column k starts and ends.
func (t *Table) inner(gtx layout.Context, k int) (left, right int) {
	pad, edge := gtx.Dp(padCell), gtx.Dp(padEdge)
	left, right = t.edges[k]+pad, t.edges[k+1]-pad
	if k == 0 {
		left = edge
	}
	if k == len(t.shown)-1 {
		right = t.edges[k+1] - edge
	}
	return left, right
}
