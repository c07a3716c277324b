package input

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

const (
	maxRows   = 8  // rows shown before the list scrolls
	rowHeight = 42 // dp
	lastRow   = 36 // dp, of the row that creates
	sheetPad  = 6  // dp around the rows
	rowPad    = 12 // dp within a row, left and right and between its parts
)

// options draws the rows of the list.
func (c *Combobox) options(gtx layout.Context, th *theme.Theme, f *form.Field) layout.Dimensions {
	width, pad, rowH := gtx.Constraints.Max.X, gtx.Dp(sheetPad), gtx.Dp(rowHeight)
	n := len(c.found.Options)
	c.rows = hits(gtx, c.rows, n+1)
	foot := 0
	if c.Create != "" && c.query(f) != "" {
		foot = gtx.Dp(lastRow) + 2*pad + gtx.Dp(1)
	}
	shown := min(n, maxRows, max((gtx.Constraints.Max.Y-2*pad-foot)/rowH, 1))
	y := pad
	if n == 0 {
		says := "Nothing matches"
		if c.found.Loading {
			says = "Searching"
		}
		x := pad + gtx.Dp(rowPad)
		centred(gtx, th, th.Type.Body, th.T3, x, y, width-2*x, gtx.Dp(lastRow), says)
		y += gtx.Dp(lastRow)
	} else {
		code := 0
		for _, o := range c.found.Options[:min(n, 50)] {
			code = max(code, widget.TextWidth(gtx, th, th.Type.Label, o.Code))
		}
		in := gtx
		in.Constraints = layout.Exact(image.Pt(width-2*pad, shown*rowH))
		move := op.Offset(image.Pt(pad, pad)).Push(gtx.Ops)
		c.list.Axis = layout.Vertical
		widget.List(in, th, &c.list, n, func(gtx layout.Context, i int) layout.Dimensions {
			c.option(gtx, th, f, i, width-2*pad, rowH, code)
			return layout.Dimensions{Size: image.Pt(width-2*pad, rowH)}
		})
		move.Pop()
		y += shown * rowH
	}
	if foot > 0 {
		c.createRow(gtx, th, f, y, width)
		y += foot
	}
	return layout.Dimensions{Size: image.Pt(width, y+pad)}
}

// option draws row i: code, name with the matched part in blue, Hindi name, note.
func (c *Combobox) option(gtx layout.Context, th *theme.Theme, f *form.Field, i, width, height, code int) {
	o := c.found.Options[i]
	r := image.Rect(0, 0, width, height)
	h := c.rows[i]
	h.area(gtx, r, o.Name, i == c.active)
	switch {
	case i == c.active:
		theme.Fill(gtx.Ops, r, gtx.Dp(7), th.FocusSoft)
	case h.over:
		theme.Fill(gtx.Ops, r, gtx.Dp(7), th.Hover)
	}
	gap := gtx.Dp(rowPad)
	x, right := gap, width-gap
	if i == c.active {
		kw := widget.TextWidth(gtx, th, th.Type.Tiny.Semi(), "Enter") + 2*gtx.Dp(5)
		move := op.Offset(image.Pt(right-kw, (height-gtx.Dp(20))/2)).Push(gtx.Ops)
		widget.Kbd(gtx, th, "Enter")
		move.Pop()
		right -= kw + gap
	}
	if o.Note != "" {
		right = centredEnd(gtx, th, th.Type.Label, th.T3, x, right, 0, height, o.Note) - gap
	}
	if code > 0 {
		centred(gtx, th, th.Type.Label, th.T3, x, 0, right-x, height, o.Code)
		x += code + gap
	}
	x = matched(gtx, th, o.Name, c.query(f), x, right, height) + gap
	if o.Aside != "" && widget.TextWidth(gtx, th, th.Type.Body, o.Aside) <= right-x {
		centred(gtx, th, th.Type.Body, th.T3, x, 0, right-x, height, o.Aside)
	}
}

// matched draws name with the part that was typed in blue and returns its end. The
// whole name is drawn for each colour, so that the letters keep their places.
func matched(gtx layout.Context, th *theme.Theme, name, query string, x, right, height int) int {
	s := th.Type.Body.Semi()
	at := -1
	if query != "" {
		at = fold(name, query)
	}
	if at < 0 {
		return x + centred(gtx, th, s, th.T1, x, 0, right-x, height, name)
	}
	from, end := x+widget.TextWidth(gtx, th, s, name[:at]), x+widget.TextWidth(gtx, th, s, name[:at+len(query)])
	width := 0
	for _, part := range []struct {
		min, max int
		c        colour
	}{{x - gtx.Dp(4), from, th.T1}, {from, end, th.Focus}, {end, right + gtx.Dp(1), th.T1}} {
		area := clip.Rect(image.Rect(part.min, 0, part.max, height)).Push(gtx.Ops)
		width = centred(gtx, th, s, part.c, x, 0, right-x, height, name)
		area.Pop()
	}
	return x + width
}

func (c *Combobox) createRow(gtx layout.Context, th *theme.Theme, f *form.Field, y, width int) {
	pad, gap, h := gtx.Dp(sheetPad), gtx.Dp(rowPad), gtx.Dp(lastRow)
	theme.Fill(gtx.Ops, image.Rect(2*pad, y+pad, width-2*pad, y+pad+gtx.Dp(1)), 0, th.Border)
	y += 2*pad + gtx.Dp(1)
	n := len(c.found.Options)
	r := image.Rect(pad, y, width-pad, y+h)
	says := "Create " + c.Create + " “" + c.query(f) + "”"
	c.rows[n].area(gtx, r, says, c.active == n)
	switch {
	case c.active == n:
		theme.Fill(gtx.Ops, r, gtx.Dp(7), th.FocusSoft)
	case c.rows[n].over:
		theme.Fill(gtx.Ops, r, gtx.Dp(7), th.Hover)
	}
	move := op.Offset(image.Pt(pad+gap, y+(h-gtx.Dp(16))/2)).Push(gtx.Ops)
	th.IconStroke(gtx, theme.IconPlus, 16, 1.75, th.T2)
	move.Pop()
	kw := widget.TextWidth(gtx, th, th.Type.Tiny.Semi(), "Ctrl N") + 2*gtx.Dp(5)
	x := pad + gap + gtx.Dp(24)
	centred(gtx, th, th.Type.Body, th.T2, x, y, width-x-kw-2*gap-pad, h, says)
	move = op.Offset(image.Pt(width-pad-gap-kw, y+(h-gtx.Dp(20))/2)).Push(gtx.Ops)
	widget.Kbd(gtx, th, "Ctrl N")
	move.Pop()
}
