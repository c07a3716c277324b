package input

import (
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/text"
	"gioui.org/unit"

	"masala/core"
	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Quantity is a field of a number and its unit. The unit may be typed behind the
// number or chosen with F4; what it makes in the base unit is shown below.
type Quantity struct {
	line
	Measure func() form.Measure
	Room    image.Rectangle // the window, in the field's coordinates; empty: no bounds

	unit   string // shown beside the number
	sheet  sheet
	active int
	rows   []*hit
	opener *hit
}

// Open reports whether the list of units is shown.
func (q *Quantity) Open() bool { return q.sheet.open }

// sync parts the field's text into the number in the editor and the unit beside it.
// While one types a unit it stays in the editor.
func (q *Quantity) sync(f *form.Field) {
	number, u := form.Split(f.Text)
	if !q.synced || f.Text != q.shown {
		q.field.SetText(number)
		q.shown, q.synced = f.Text, true
		q.unit = u
	}
	if q.unit == "" || f.Text == "" {
		if d, ok := q.Measure().Default(); ok {
			q.unit = d.Code
		}
	}
}

// Update returns what the user did, one thing at a time.
func (q *Quantity) Update(gtx layout.Context, f *form.Field) (Event, bool) {
	if q.opener == nil {
		q.opener = newHit()
	}
	q.sync(f)
	q.sheet.update(gtx)
	var asks []key.Filter
	if q.sheet.open {
		asks = append(asks, keys(key.NameTab, key.NameEscape)...)
	}
	q.listen(q.wants, asks...)
	for {
		e, ok := q.field.Update(gtx)
		if !ok {
			break
		}
		switch e {
		case widget.Changed:
			q.typed(f)
		case widget.Submitted:
			q.emit(Submitted)
		case widget.Back:
			q.emit(Back)
		case widget.Entered:
			q.emit(Entered)
		case widget.Struck:
			q.heard(q.field.Stroke(), func(k key.Event) { q.struck(f, k) })
		case widget.Left:
			q.sheet.open = false
			f.Leave()
			q.emit(Left)
		}
	}
	q.pointer(gtx, f)
	q.sync(f)
	return q.next()
}

// typed keeps the unit that is shown unless another one was typed.
func (q *Quantity) typed(f *form.Field) {
	t := q.field.Text()
	if number, u := form.Split(t); u == "" && number != "" {
		t = number + " " + q.unit
	}
	if t != f.Text {
		f.Set(t)
		q.shown = t
		q.sheet.open = false
		q.emit(Changed)
	}
}

func (q *Quantity) choose(f *form.Field, i int) {
	units := q.Measure().Units
	q.sheet.open = false
	if i < 0 || i >= len(units) {
		return
	}
	number, _ := form.Split(q.field.Text())
	q.unit = units[i].Code
	if number != "" {
		f.Set(number + " " + q.unit)
	}
	q.emit(Changed)
}

// wants reports whether a key is for the list of units.
func (q *Quantity) wants(k key.Event) bool {
	return plain(k, key.NameF4) || q.sheet.open && plain(k, key.NameDownArrow, key.NameUpArrow, key.NameReturn, key.NameEnter, key.NameTab, key.NameEscape)
}

func (q *Quantity) struck(f *form.Field, k key.Event) {
	switch k.Name {
	case key.NameF4:
		q.toggle(f)
	case key.NameEscape:
		q.sheet.open = false
	case key.NameDownArrow:
		q.active = min(q.active+1, len(q.Measure().Units)-1)
	case key.NameUpArrow:
		q.active = max(q.active-1, 0)
	default:
		q.choose(f, q.active)
	}
}

func (q *Quantity) toggle(f *form.Field) {
	q.sheet.open = !q.sheet.open && !f.ReadOnly && len(q.Measure().Units) > 1
	q.active = 0
	for i, u := range q.Measure().Units {
		if u.Code == q.unit {
			q.active = i
		}
	}
}

func (q *Quantity) pointer(gtx layout.Context, f *form.Field) {
	for _, ok := q.opener.pressed(gtx); ok; _, ok = q.opener.pressed(gtx) {
		q.Focus()
		q.toggle(f)
	}
	for i, h := range q.rows {
		for _, ok := h.pressed(gtx); ok; _, ok = h.pressed(gtx) {
			q.choose(f, i)
		}
	}
}

// Layout draws the number, a line, and the unit; below it what that is in the base
// unit; above everything that follows, the list of units.
func (q *Quantity) Layout(gtx layout.Context, th *theme.Theme, f *form.Field, l widget.FieldLook) layout.Dimensions {
	q.sync(f)
	m := q.Measure()
	l.Align = text.End
	if typed, ok := f.Quantity(m); ok && l.Hint == "" {
		l.Hint = m.Below(typed)
	}
	several := len(m.Units) > 1 && !l.ReadOnly && !l.Disabled
	width := 0
	if !l.Cell {
		l.End = func(gtx layout.Context) layout.Dimensions {
			d := q.drawUnit(gtx, th, l, several)
			width = d.Size.X
			return d
		}
	}
	d := q.field.Layout(gtx, th, l)
	r := box(gtx, l, d.Size.X)
	if several && q.opener != nil && !l.Cell {
		q.opener.area(gtx, image.Rect(r.Max.X-width-gtx.Dp(11), r.Min.Y, r.Max.X, r.Max.Y), "Choose unit, "+name(f, l), false)
	}
	q.sheet.hang(gtx, th, r, q.Room, max(r.Dx(), gtx.Dp(200)), func(gtx layout.Context) layout.Dimensions { return q.units(gtx, th, m) })
	return d
}

func (q *Quantity) drawUnit(gtx layout.Context, th *theme.Theme, l widget.FieldLook, several bool) layout.Dimensions {
	height := gtx.Constraints.Max.Y
	s := th.Type.Field
	theme.Fill(gtx.Ops, image.Rect(0, gtx.Dp(1), gtx.Dp(1), height-gtx.Dp(1)), 0, th.Border)
	x := gtx.Dp(12)
	ink := th.T1
	if !several {
		ink = th.T3
	}
	x += centred(gtx, th, s, ink, x, 0, gtx.Constraints.Max.X-x, height, q.unit)
	if several {
		st := op.Offset(image.Pt(x+gtx.Dp(5), (height-gtx.Dp(14))/2)).Push(gtx.Ops)
		th.Icon(gtx, theme.IconChevronDown, 14, th.T2)
		st.Pop()
		x += gtx.Dp(5 + 14)
	}
	return layout.Dimensions{Size: image.Pt(x, height)}
}

// units draws the list: code, name and what one is in the base unit.
func (q *Quantity) units(gtx layout.Context, th *theme.Theme, m form.Measure) layout.Dimensions {
	width, pad := gtx.Constraints.Max.X, gtx.Dp(sheetPad)
	const row unit.Dp = 36
	h, gap := gtx.Dp(row), gtx.Dp(rowPad)
	q.rows = hits(gtx, q.rows, len(m.Units))
	y := pad
	for i, u := range m.Units {
		r := image.Rect(pad, y, width-pad, y+h)
		q.rows[i].area(gtx, r, u.Code, i == q.active)
		switch {
		case i == q.active:
			theme.Fill(gtx.Ops, r, gtx.Dp(7), th.FocusSoft)
		case q.rows[i].over:
			theme.Fill(gtx.Ops, r, gtx.Dp(7), th.Hover)
		}
		right := width - pad - gap
		if one := m.Below(form.Quantity{Base: core.Qty(u.Num / u.Den), Unit: u}); one != "" && u.Num%u.Den == 0 {
			right = centredEnd(gtx, th, th.Type.Label, th.T3, pad+gap, right, y, h, one)
		}
		centred(gtx, th, th.Type.Body.Semi(), th.T1, pad+gap, y, right-pad-gap, h, u.Code)
		y += h
	}
	return layout.Dimensions{Size: image.Pt(width, y+pad)}
}
