package widget

import (
	"image"
	"image/color"

	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/ui/theme"
)

// fieldGap is the room between label and frame and between frame and note.
const fieldGap = 5

// Layout draws label, frame and note over the width given.
func (f *Field) Layout(gtx layout.Context, th *theme.Theme, l FieldLook) layout.Dimensions {
	if l.Height == 0 {
		l.Height = theme.FieldHeight
	}
	if l.Style.Size == 0 {
		l.Style = th.Type.Field
	}
	f.Editor.SingleLine = l.Lines <= 1
	f.Editor.ReadOnly = l.ReadOnly
	f.Editor.Alignment = l.Align
	if l.Password && f.eye.Clicked(gtx) {
		f.shown = !f.shown
	}
	f.Editor.Mask = 0
	if l.Password && !f.shown {
		f.Editor.Mask = '•'
	}
	in := gtx
	if l.Disabled {
		in = gtx.Disabled()
		f.focus.Drop()
		f.focused, f.hovered = false, false
	} else {
		f.settle(gtx)
	}

	name := l.Name
	if name == "" {
		name = l.Label
	}
	lab := th.Type.Label
	lineH := gtx.Sp(lab.Line)
	w := gtx.Constraints.Max.X
	boxH := gtx.Dp(l.Height)
	if l.Lines > 1 {
		boxH = l.Lines*gtx.Sp(l.Style.Line) + 2*gtx.Dp(9)
	}
	y := 0
	if l.Label != "" && !l.Cell {
		y = lineH + gtx.Dp(fieldGap)
	}
	total := y + boxH
	var note noteLine
	if !l.Cell {
		note = l.note(gtx, th, w)
	}
	if note.height > 0 || !l.Cell && l.KeepNote {
		total += gtx.Dp(fieldGap) + max(note.height, lineH)
	}
	// The clip makes one node of the field; it is wider than the field so that it does not cut the frame's halo.
	halo := gtx.Dp(4)
	whole := clip.Rect(image.Rect(-halo, -halo, w+halo, total+halo)).Push(gtx.Ops)
	semantic.DescriptionOp(name).Add(gtx.Ops)
	if !l.Password {
		semantic.LabelOp(f.Editor.Text()).Add(gtx.Ops)
	}
	semantic.EnabledOp(in.Enabled()).Add(gtx.Ops)
	if y > 0 {
		drawLabel(gtx, th, lab, l, w)
	}
	if note.height > 0 {
		st := push(gtx, 0, y+boxH+gtx.Dp(fieldGap))
		note.draw.Add(gtx.Ops)
		st.Pop()
	}
	st := push(in, 0, y)
	f.drawBox(in, th, l, image.Rect(0, 0, w, boxH))
	st.Pop()
	whole.Pop()
	return layout.Dimensions{Size: image.Pt(w, total), Baseline: total - y - boxH/2 - gtx.Dp(5)}
}

// noteLine is what stands below the frame, drawn already.
type noteLine struct {
	draw   op.CallOp
	height int // 0 where there is none
}

// note lays out what stands below a frame of width w. A hint has one line; an error, or a
// warning, has as many as it needs: it says what to do.
func (l FieldLook) note(gtx layout.Context, th *theme.Theme, w int) noteLine {
	say, kind, tone, icon := l.Hint, "Hint", theme.Tone{Text: th.T3}, theme.NoIcon
	switch {
	case l.Error != "":
		say, kind, tone, icon = l.Error, "Error", th.Danger, theme.IconCircleAlert
	case l.Warning != "":
		say, kind, tone, icon = l.Warning, "Warning", th.Warn, theme.IconTriangleAlert
	}
	if say == "" {
		return noteLine{}
	}
	m := record(gtx)
	s, x := th.Type.Label, 0
	h := gtx.Sp(s.Line)
	if icon != theme.NoIcon {
		off := push(gtx, 0, (h-gtx.Dp(13))/2)
		th.IconStroke(gtx, icon, 13, 2, tone.Text)
		off.Pop()
		x = gtx.Dp(13) + gtx.Dp(5)
	}
	in := loose(gtx)
	in.Constraints.Max.X = w - x
	off := push(gtx, x, 0)
	if icon != theme.NoIcon && TextWidth(gtx, th, s, say) > w-x {
		h = max(Para(in, th, s, tone.Text, say).Size.Y, h)
	} else {
		TextAs(in, th, s, tone.Text, say, "")
	}
	off.Pop()
	area := clip.Rect{Max: image.Pt(w, h)}.Push(gtx.Ops)
	semantic.DescriptionOp(kind).Add(gtx.Ops)
	semantic.LabelOp(say).Add(gtx.Ops)
	area.Pop()
	return noteLine{m.Stop(), h}
}

func drawLabel(gtx layout.Context, th *theme.Theme, s theme.Style, l FieldLook, w int) {
	in := loose(gtx)
	in.Constraints.Max.X = w
	ink := th.T2
	if l.Disabled {
		ink = th.TDis
	}
	if l.Required {
		in.Constraints.Max.X = w - gtx.Dp(10)
	}
	d := TextAs(in, th, s, ink, l.Label, "")
	if l.Required {
		st := push(gtx, d.Size.X+gtx.Dp(4), 0)
		TextAs(in, th, s, th.Danger.Text, "*", "")
		st.Pop()
	}
}

func (f *Field) drawBox(gtx layout.Context, th *theme.Theme, l FieldLook, r image.Rectangle) {
	radius := gtx.Dp(theme.RadiusField)
	if l.Cell {
		radius = 0
	}
	ink := f.drawFrame(gtx, th, l, r, radius)

	area := clip.Rect(r).Push(gtx.Ops)
	if !l.Disabled {
		pointer.CursorText.Add(gtx.Ops)
		event.Op(gtx.Ops, &f.box)
	}
	pad := gtx.Dp(11)
	if l.Cell {
		pad = gtx.Dp(10)
	}
	left, right := f.drawSides(gtx, th, l, r, pad, ink)
	f.drawEditor(gtx, th, l, left, right, r.Dy(), ink)
	area.Pop()
}

// drawFrame paints ground and line by the field's state and returns the colour of the text.
func (f *Field) drawFrame(gtx layout.Context, th *theme.Theme, l FieldLook, r image.Rectangle, radius int) color.NRGBA {
	px := gtx.Metric.PxPerDp
	hov := f.hover.Value(gtx, f.hovered && !l.ReadOnly && !l.Disabled, th.Motion(theme.MotionHover))
	fill, line, width, ink := th.Surface, Mix(th.Borders, th.T3, hov), float32(gtx.Dp(1)), th.T1
	switch {
	case l.Disabled:
		fill, line, ink = th.Neutral.Soft, th.Border, th.TDis
	case l.Error != "":
		fill, line, width = th.Danger.Soft, th.Danger.Fill, 1.5*px
	case l.ReadOnly:
		fill, line, ink = th.Surface2, th.Border, th.T2
	case l.Warning != "":
		line = th.Warn.Fill
	case l.Cell:
		fill, line = color.NRGBA{}, color.NRGBA{}
		if f.focused {
			fill = th.Cell
		}
	}
	if f.focused && l.Error != "" {
		fill = th.Surface
	}
	theme.Fill(gtx.Ops, r, radius, fill)
	switch {
	case f.focused && gtx.Enabled() && l.Cell:
		theme.Outline(gtx.Ops, r, radius, float32(gtx.Dp(2)), th.Focus)
	case f.focused && gtx.Enabled():
		th.FieldFocus(gtx, r, radius)
	default:
		theme.Outline(gtx.Ops, r, radius, width, line)
	}
	return ink
}

// drawSides draws what stands beside the text and returns the text's left and right edges.
func (f *Field) drawSides(gtx layout.Context, th *theme.Theme, l FieldLook, r image.Rectangle, pad int, ink color.NRGBA) (left, right int) {
	h, gap := r.Dy(), gtx.Dp(8)
	left, right = r.Min.X+pad, r.Max.X-pad
	soft, beside := th.T3, th.Type.Field // a big number keeps a small unit
	if l.Style.Size < beside.Size {
		beside = l.Style
	}
	if l.Disabled {
		soft = th.TDis
	}
	icon := func(name theme.Icon, x int, c color.NRGBA) {
		st := push(gtx, x, (h-gtx.Dp(16))/2)
		th.Icon(gtx, name, 16, c)
		st.Pop()
	}
	if l.LeadIcon != theme.NoIcon {
		icon(l.LeadIcon, left, soft)
		left += gtx.Dp(16) + gap
	}
	if l.Prefix != "" {
		left += drawBeside(gtx, th, beside, soft, l.Prefix, left, h) + gap
	}
	if l.Password {
		size := gtx.Dp(28)
		right += pad - gtx.Dp(5)
		word := "Show password"
		if f.shown {
			word, soft = "Hide password", th.Brand.Text
		}
		st := push(gtx, right-size, (h-size)/2)
		f.eye.Layout(gtx, th, IconLook{Icon: theme.IconEye, Name: word, Size: 28, IconSize: 16, Color: soft, Disabled: l.Disabled})
		st.Pop()
		right -= size + gtx.Dp(4)
	}
	if l.Error != "" && l.Lines <= 1 {
		right -= gtx.Dp(16)
		icon(theme.IconCircleAlert, right, th.Danger.Text)
		right -= gap
	}
	if l.Icon != theme.NoIcon {
		right -= gtx.Dp(16)
		icon(l.Icon, right, soft)
		right -= gap
	}
	if l.Suffix != "" {
		right -= TextWidth(gtx, th, beside, l.Suffix)
		drawBeside(gtx, th, beside, soft, l.Suffix, right, h)
		right -= gap
	}
	if l.Key != "" && f.Editor.Len() == 0 {
		right -= kbdWidth(gtx, th, l.Key) - gtx.Dp(3)
		st := push(gtx, right, (h-gtx.Dp(20))/2)
		Kbd(loose(gtx), th, l.Key)
		st.Pop()
		right -= gap
	}
	if l.End != nil {
		in := loose(gtx)
		in.Constraints.Max = image.Pt(max(right-left, 0), h)
		m := record(gtx)
		d := l.End(in)
		call := m.Stop()
		right -= d.Size.X
		st := push(gtx, right, (h-d.Size.Y)/2)
		call.Add(gtx.Ops)
		st.Pop()
		right -= gap
	}
	return left, max(right, left)
}

func drawBeside(gtx layout.Context, th *theme.Theme, s theme.Style, c color.NRGBA, str string, x, h int) int {
	st := push(gtx, x, (h-gtx.Sp(s.Line))/2)
	d := TextAs(loose(gtx), th, s, c, str, "")
	st.Pop()
	return d.Size.X
}

func (f *Field) drawEditor(gtx layout.Context, th *theme.Theme, l FieldLook, left, right, h int, c color.NRGBA) {
	lineH, baseline := lineBox(gtx, l.Style)
	top := (h - lineH) / 2
	in := gtx
	in.Constraints = layout.Exact(image.Pt(right-left, lineH))
	if l.Lines > 1 {
		top = gtx.Dp(9)
		in.Constraints = layout.Exact(image.Pt(right-left, h-2*top))
		f.Editor.LineHeight, f.Editor.LineHeightScale = l.Style.Line, 1
	}
	if f.Editor.Len() == 0 && l.Placeholder != "" {
		faint := th.T3
		switch {
		case l.Error != "" && !f.focused:
			faint = th.Danger.Text
		case l.Disabled:
			faint = th.TDis
		}
		ph := in
		ph.Constraints.Max.Y = lineH
		st := push(gtx, left, top)
		textLine(ph, th, l.Style, faint, l.Align, l.Placeholder, "")
		st.Pop()
	}
	m := record(gtx)
	if l.Lines <= 1 {
		in.Constraints.Min.Y, in.Constraints.Max.Y = 0, h
	}
	d := f.Editor.Layout(in, th.Shaper, l.Style.Font(), l.Style.Size, ink(gtx.Ops, c), colour(gtx.Ops, th.FocusSoft))
	call := m.Stop()
	if l.Lines <= 1 {
		top += baseline - (d.Size.Y - d.Baseline)
	}
	st := push(gtx, left, top)
	call.Add(gtx.Ops)
	st.Pop()
}
