package table

import (
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/theme"
	"masala/ui/widget"
)

const (
	padCell = 10 // dp left and right of a cell's text
	padEdge = 16 // dp at the left and right end of the table
)

// text draws one line in the middle of height; the row's label speaks for it.
func text(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, x, width, height int, str string) int {
	if width <= 0 || str == "" {
		return 0
	}
	defer op.Offset(image.Pt(x, (height-gtx.Sp(s.Line))/2)).Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Constraints{Max: image.Pt(width, height)}
	return widget.TextAs(gtx, th, s, c, str, "").Size.X
}

// textEnd is text that ends at right.
func textEnd(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, left, right, height int, str string) {
	w := min(widget.TextWidth(gtx, th, s, str), right-left)
	text(gtx, th, s, c, right-w, w, height, str)
}

// cell draws one cell between left and right.
func (t *Table) cell(gtx layout.Context, th *theme.Theme, col *Column, c Cell, left, right, height int) {
	body, colour := th.Type.Body, th.T1
	if col.Quiet {
		colour = th.T2
	}
	if col.Strong {
		body = body.Semi()
	}
	if c.Text == "" {
		c.Text, colour = "–", th.T3
	}
	if t.Stale {
		colour = th.T3
	}
	aside := right // where After starts
	if col.Aside > 0 {
		aside = right - gtx.Dp(col.Aside)
	}
	gap := gtx.Dp(padCell)
	switch col.Kind {
	case Pill:
		pill(gtx, th, c, left, right, height)
	case Tag:
		tag(gtx, th, c, left, right, height)
	case Number:
		end := aside
		if col.Aside > 0 {
			end -= gap
		}
		textEnd(gtx, th, body, colour, left, end, height, c.Text)
		text(gtx, th, th.Type.Body, th.T3, aside, right-aside, height, c.After)
	case Date:
		after := colour
		if c.Tone != Plain {
			colour = c.Tone.of(th).Text
			body, after = body.Semi(), colour
		}
		text(gtx, th, body, colour, left, aside-left, height, c.Text)
		text(gtx, th, body, after, aside, right-aside, height, c.After)
	default:
		if c.Tone != Plain {
			colour = c.Tone.of(th).Text
		}
		if c.Icon != theme.NoIcon {
			st := op.Offset(image.Pt(left, (height-gtx.Dp(16))/2)).Push(gtx.Ops)
			th.IconStroke(gtx, c.Icon, 16, 2, colour)
			st.Pop()
			left += gtx.Dp(16 + 6)
		}
		w := text(gtx, th, body, colour, left, aside-left, height, c.Text)
		if c.After == "" {
			break
		}
		if col.Aside == 0 {
			aside = left + w + gtx.Dp(8)
		}
		if room := right - aside; widget.TextWidth(gtx, th, th.Type.Label, c.After) <= room {
			text(gtx, th, th.Type.Label, th.T3, aside, room, height, c.After)
		}
	}
}

// pill draws a dot and a word on a soft ground.
func pill(gtx layout.Context, th *theme.Theme, c Cell, left, right, height int) {
	tone, s := c.Tone.of(th), th.Type.Label.Semi()
	dot, pad, gap, h := gtx.Dp(6), gtx.Dp(8), gtx.Dp(5), gtx.Dp(22)
	w := min(widget.TextWidth(gtx, th, s, c.Text), right-left-2*pad-dot-gap)
	y := (height - h) / 2
	theme.Fill(gtx.Ops, image.Rect(left, y, left+pad+dot+gap+w+pad+gtx.Dp(1), y+h), h/2, tone.Soft)
	dy := (height - dot) / 2
	theme.Fill(gtx.Ops, image.Rect(left+pad, dy, left+pad+dot, dy+dot), dot/2, tone.Text)
	text(gtx, th, s, tone.Text, left+pad+dot+gap, w, height, c.Text)
}

// tag draws a word on a soft ground.
func tag(gtx layout.Context, th *theme.Theme, c Cell, left, right, height int) {
	tone, s := c.Tone.of(th), th.Type.Tiny.Semi()
	pad, h := gtx.Dp(7), gtx.Dp(20)
	w := min(widget.TextWidth(gtx, th, s, c.Text), right-left-2*pad)
	y := (height - h) / 2
	theme.Fill(gtx.Ops, image.Rect(left, y, left+w+2*pad, y+h), gtx.Dp(theme.RadiusTag), tone.Soft)
	text(gtx, th, s, tone.Text, left+pad, w, height, c.Text)
}
