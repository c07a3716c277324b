package input

import (
	"image"
	"strconv"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/core"
	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

const (
	dayWidth    = 36 // dp
	dayHeight   = 32
	monthHead   = 36
	weekHead    = 24
	calendarPad = 10
)

var weekdays = [7]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

// monday is the last Monday on or before d.
func monday(d core.Date) core.Date {
	return d - core.Date((int(d.Time().Weekday())+6)%7)
}

// month draws the calendar around the cursor: six weeks from Monday on.
func (d *Date) month(gtx layout.Context, th *theme.Theme, f *form.Field) layout.Dimensions {
	pad, dw, dh := gtx.Dp(calendarPad), gtx.Dp(dayWidth), gtx.Dp(dayHeight)
	width := 7*dw + 2*pad
	y := pad
	title := d.cursor.Time().Format("January 2006")
	head := gtx.Dp(monthHead)
	said := clip.Rect(image.Rect(pad+dw, y, width-pad-dw, y+head)).Push(gtx.Ops)
	semantic.LabelOp(title).Add(gtx.Ops)
	said.Pop()
	tw := widget.TextWidth(gtx, th, th.Type.Card, title)
	centred(gtx, th, th.Type.Card, th.T1, (width-tw)/2, y-gtx.Dp(2), tw, head, title)
	for _, b := range []struct {
		h    *hit
		x    int
		icon theme.Icon
		name string
	}{{d.back, pad, theme.IconChevronLeft, "Month before"}, {d.ahead, width - pad - dw, theme.IconChevronRight, "Next month"}} {
		r := image.Rect(b.x, y, b.x+dw, y+dh)
		b.h.area(gtx, r, b.name, false)
		if b.h.over {
			theme.Fill(gtx.Ops, r, gtx.Dp(theme.RadiusField), th.Hover)
		}
		st := op.Offset(image.Pt(b.x+(dw-gtx.Dp(16))/2, y+(dh-gtx.Dp(16))/2)).Push(gtx.Ops)
		th.Icon(gtx, b.icon, 16, th.T2)
		st.Pop()
	}
	y += head
	for i, w := range weekdays {
		x := pad + i*dw
		tw := widget.TextWidth(gtx, th, th.Type.Tiny, w)
		centred(gtx, th, th.Type.Tiny, th.T3, x+(dw-tw)/2, y, tw, gtx.Dp(weekHead), w)
	}
	y += gtx.Dp(weekHead)
	d.days = hits(gtx, d.days, 42)
	cal := d.calendar()
	chosen, _ := form.Calendar{Today: cal.Today}.Parse(f.Text)
	first := monday(d.cursor.Month())
	for i := range 42 {
		x, top := pad+i%7*dw, y+i/7*dh
		d.day(gtx, th, first+core.Date(i), cal, chosen, image.Rect(x, top, x+dw, top+dh), d.days[i])
	}
	y += 6*dh + gtx.Dp(6)
	theme.Fill(gtx.Ops, image.Rect(pad, y, width-pad, y+gtx.Dp(1)), 0, th.Border)
	y += gtx.Dp(1)
	x := pad
	for _, k := range [][2]string{{"Enter", "take"}, {"PgUp", ""}, {"PgDn", "month"}} {
		st := op.Offset(image.Pt(x, y+(gtx.Dp(34)-gtx.Dp(20))/2)).Push(gtx.Ops)
		x += widget.Kbd(gtx, th, k[0]).Size.X + gtx.Dp(5)
		st.Pop()
		if k[1] != "" {
			x += centred(gtx, th, th.Type.Label, th.T3, x, y, width-x, gtx.Dp(34), k[1]) + gtx.Dp(14)
		}
	}
	return layout.Dimensions{Size: image.Pt(width, y+gtx.Dp(34)+gtx.Dp(2))}
}

// day draws one day: in another month faint, today in maroon with a dot, the chosen
// one on a soft ground, the cursor with the focus ring.
func (d *Date) day(gtx layout.Context, th *theme.Theme, day core.Date, cal form.Calendar, chosen core.Date, r image.Rectangle, h *hit) {
	cell, radius := r.Inset(gtx.Dp(1)), gtx.Dp(theme.RadiusField)
	style, ink := th.Type.Body, th.T1
	_, err := cal.Parse(day.String())
	h.area(gtx, cell, day.String(), day == d.cursor)
	switch {
	case day == chosen:
		theme.Fill(gtx.Ops, cell, radius, th.Brand.Soft)
		style, ink = style.Semi(), th.Brand.Text
	case err != nil:
		ink = th.TDis
	case day.Month() != d.cursor.Month():
		ink = th.T3
	case h.over:
		theme.Fill(gtx.Ops, cell, radius, th.Hover)
	}
	if day == cal.Today {
		style = style.Bold()
		if err == nil {
			ink = th.Brand.Text
		}
		dot := gtx.Dp(4)
		x := (r.Min.X + r.Max.X - dot) / 2
		theme.Fill(gtx.Ops, image.Rect(x, r.Max.Y-gtx.Dp(4)-dot, x+dot, r.Max.Y-gtx.Dp(4)), dot/2, th.Brand.Text)
	}
	if day == d.cursor {
		theme.Outline(gtx.Ops, cell, radius, float32(gtx.Dp(2)), th.Focus)
	}
	n := strconv.Itoa(day.Time().Day())
	w := widget.TextWidth(gtx, th, style, n)
	centred(gtx, th, style, ink, (r.Min.X+r.Max.X-w)/2, r.Min.Y-gtx.Dp(1), w, r.Dy(), n)
}
