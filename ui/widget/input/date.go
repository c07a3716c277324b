package input

import (
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"

	"masala/core"
	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Date is a field for a day. F4 or the icon opens a calendar: arrows move by days,
// PgUp and PgDn by months, Home and End within the month, Enter takes.
type Date struct {
	line
	Calendar func() form.Calendar // which days may be taken, and which is today
	Room     image.Rectangle      // the window, in the field's coordinates; empty: no bounds

	inGrid bool
	sheet  sheet
	cursor core.Date
	icon   *hit
	days   []*hit
	back   *hit
	ahead  *hit
}

// Open reports whether the calendar is shown.
func (d *Date) Open() bool { return d.sheet.open }

func (d *Date) calendar() form.Calendar {
	if d.Calendar == nil {
		return form.Calendar{}
	}
	return d.Calendar()
}

// Update returns what the user did, one thing at a time.
func (d *Date) Update(gtx layout.Context, f *form.Field) (Event, bool) {
	if d.icon == nil {
		d.icon, d.back, d.ahead = newHit(), newHit(), newHit()
	}
	d.follow(f.Text)
	d.sheet.update(gtx)
	var asks []key.Filter
	if d.sheet.open {
		asks = append(asks, keys(key.NameTab, key.NameEscape)...)
	}
	d.listen(d.wants, asks...)
	d.read(gtx, f, func(text string) {
		f.Set(text)
		d.sheet.open = false
	}, func(k key.Event) { d.struck(f, k) }, d.submit)
	for _, e := range d.events {
		if e.Kind == Left {
			d.sheet.open = false
		}
	}
	d.pointer(gtx, f)
	d.follow(f.Text)
	return d.next()
}

func (d *Date) show(f *form.Field) {
	if f.ReadOnly {
		return
	}
	d.sheet.open = true
	day, err := form.Calendar{Today: d.calendar().Today}.Parse(f.Text)
	if err != nil {
		day = d.calendar().Today
	}
	d.cursor = day
}

// wants reports whether a key is for the calendar.
func (d *Date) wants(k key.Event) bool {
	return plain(k, key.NameF4) || d.sheet.open && plain(k, key.NameLeftArrow, key.NameRightArrow, key.NameUpArrow, key.NameDownArrow,
		key.NamePageUp, key.NamePageDown, key.NameHome, key.NameEnd, key.NameReturn, key.NameEnter, key.NameTab, key.NameEscape)
}

func (d *Date) struck(f *form.Field, k key.Event) {
	switch k.Name {
	case key.NameF4:
		if d.sheet.open {
			d.sheet.open = false
		} else {
			d.show(f)
		}
	case key.NameEscape:
		d.sheet.open = false
	case key.NameReturn, key.NameEnter, key.NameTab:
		d.take(f, d.cursor)
	default:
		d.cursor = move(d.cursor, k.Name)
	}
}

// move is where a key brings the cursor of a calendar.
func move(c core.Date, k key.Name) core.Date {
	switch k {
	case key.NameLeftArrow:
		return c - 1
	case key.NameRightArrow:
		return c + 1
	case key.NameUpArrow:
		return c - 7
	case key.NameDownArrow:
		return c + 7
	case key.NamePageUp:
		return c.AddMonths(-1)
	case key.NamePageDown:
		return c.AddMonths(1)
	case key.NameHome:
		return c.Month()
	case key.NameEnd:
		return c.Month().AddMonths(1) - 1
	}
	return c
}

// take writes day into the field and goes on; on a day that is not allowed the
// field says why and keeps the keyboard.
func (d *Date) take(f *form.Field, day core.Date) {
	f.Set(day.String())
	d.sheet.open = false
	f.Leave()
	d.emit(Changed)
	if f.Error == "" {
		d.emit(Submitted)
	}
}

func (d *Date) pointer(gtx layout.Context, f *form.Field) {
	for _, ok := d.icon.pressed(gtx); ok; _, ok = d.icon.pressed(gtx) {
		d.Focus()
		if d.sheet.open {
			d.sheet.open = false
		} else {
			d.show(f)
		}
	}
	for _, ok := d.back.pressed(gtx); ok; _, ok = d.back.pressed(gtx) {
		d.cursor = d.cursor.AddMonths(-1)
	}
	for _, ok := d.ahead.pressed(gtx); ok; _, ok = d.ahead.pressed(gtx) {
		d.cursor = d.cursor.AddMonths(1)
	}
	first := monday(d.cursor.Month())
	for i, h := range d.days {
		for _, ok := h.pressed(gtx); ok; _, ok = h.pressed(gtx) {
			d.take(f, first+core.Date(i))
		}
	}
}

// Layout draws the field and, above everything that follows, the calendar.
func (d *Date) Layout(gtx layout.Context, th *theme.Theme, f *form.Field, l widget.FieldLook) layout.Dimensions {
	d.follow(f.Text)
	l.Icon = theme.IconCalendar
	if l.Placeholder == "" && !l.Cell {
		l.Placeholder = "dd-mmm-yyyy"
	}
	dims := d.field.Layout(gtx, th, l)
	r := box(gtx, l, dims.Size.X)
	if !l.ReadOnly && !l.Disabled && d.icon != nil && (!d.inGrid || d.Focused()) {
		d.icon.area(gtx, image.Rect(r.Max.X-gtx.Dp(34), r.Min.Y, r.Max.X, r.Max.Y), "Open calendar, "+name(f, l), false)
	}
	d.sheet.hang(gtx, th, r, d.Room, gtx.Dp(7*dayWidth+2*calendarPad), func(gtx layout.Context) layout.Dimensions { return d.month(gtx, th, f) })
	return dims
}
