package widget

import (
	"image"
	"image/color"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/theme"
)

// ButtonKind is how much a button asks to be pressed.
type ButtonKind uint8

// Primary stands once on a screen; DangerFill only on the last step of what cannot be undone.
const (
	Secondary ButtonKind = iota
	Primary
	Ghost
	Danger
	DangerFill
)

// Button is pressed with the pointer, Enter or Space.
type Button struct {
	Clickable
	hover, down Fade
}

// ButtonLook says what a button shows. The zero height is 36.
type ButtonLook struct {
	Kind     ButtonKind
	Text     string
	Icon     theme.Icon
	IconEnd  theme.Icon // after the text
	Key      string     // key that does the same
	Height   unit.Dp    // 30, 36, 48 or 56
	Busy     bool       // shows a spinner and takes no press
	BusyText string     // word beside the spinner; Text if empty
	Disabled bool
	Wide     bool   // takes the width given
	Name     string // what tests and screen readers call it; Text if empty
}

type buttonSize struct {
	pad, radius, icon unit.Dp
	text              unit.Sp
}

func (l ButtonLook) size() (unit.Dp, buttonSize) {
	switch h := l.Height; {
	case h == 0:
		return theme.ButtonNormal, buttonSize{14, 8, 16, 13.5}
	case h < 36:
		return h, buttonSize{10, 7, 15, 12.5}
	case h < 44:
		return h, buttonSize{14, 8, 16, 13.5}
	case h < 52:
		return h, buttonSize{20, 10, 18, 15}
	default:
		return h, buttonSize{24, 12, 20, 17}
	}
}

// Layout draws the button and takes its presses; ask Clicked for them.
func (b *Button) Layout(gtx layout.Context, th *theme.Theme, l ButtonLook) layout.Dimensions {
	hovered, pressed, focused := b.update(gtx, l.Disabled)
	if l.Busy { // keeps the focus, so that it is still there when the work is done
		b.deaf, b.clicks = true, b.clicks[:0]
		hovered, pressed = false, false
	}
	h := b.hover.Value(gtx, hovered, th.Motion(theme.MotionHover))
	p := b.down.Value(gtx, pressed, th.Motion(theme.MotionHover))
	return b.draw(gtx, th, l, h, p, focused)
}

// draw paints the button; h and p are how far hover and press have come, from 0 to 1.
func (b *Button) draw(gtx layout.Context, th *theme.Theme, l ButtonLook, h, p float32, focused bool) layout.Dimensions {
	text := l.Text
	if l.Busy && l.BusyText != "" {
		text = l.BusyText
	}
	name := l.Name
	if name == "" {
		name = text
	}
	height, z := l.size()
	style := th.Type.Button
	style.Size = z.text
	gap, icon := gtx.Dp(8), gtx.Dp(z.icon)
	tw := TextWidth(gtx, th, style, text)
	content := tw
	if l.Icon != theme.NoIcon || l.Busy {
		content += icon + gap
	}
	if l.IconEnd != theme.NoIcon {
		content += icon + gap
	}
	kw := 0
	if l.Key != "" {
		kw = kbdWidth(gtx, th, l.Key)
		content += kw + gap
	}
	if text == "" {
		content -= gap
	}
	size := image.Pt(content+2*gtx.Dp(z.pad), gtx.Dp(height))
	size.X = max(size.X, gtx.Constraints.Min.X)
	if l.Wide {
		size.X = gtx.Constraints.Max.X
	}
	r := image.Rectangle{Max: size}
	radius := gtx.Dp(z.radius)

	ink := b.paint(gtx, th, l, r, radius, h, p)
	if focused {
		th.FocusRing(gtx, r, radius)
	}
	defer b.area(gtx, r, semantic.Button, name, l.Disabled).Pop()
	if l.Busy {
		semantic.EnabledOp(false).Add(gtx.Ops)
	}

	x := (size.X - content) / 2
	in := loose(gtx)
	in.Constraints.Max = image.Pt(max(size.X-2*gtx.Dp(4), 0), size.Y)
	mid := func(px int) int { return (size.Y - px) / 2 }
	if l.Busy {
		st := push(gtx, x, mid(icon))
		Spinner(in, th, z.icon, ink)
		st.Pop()
		x += icon + gap
	} else if l.Icon != theme.NoIcon {
		st := push(gtx, x, mid(icon))
		th.IconStroke(in, l.Icon, z.icon, 1.9, ink)
		st.Pop()
		x += icon + gap
	}
	if text != "" {
		st := push(gtx, x, mid(gtx.Sp(style.Line)))
		TextAs(in, th, style, ink, text, "")
		st.Pop()
		x += tw + gap
	}
	if l.IconEnd != theme.NoIcon {
		st := push(gtx, x, mid(icon))
		th.IconStroke(in, l.IconEnd, z.icon, 1.9, ink)
		st.Pop()
		x += icon + gap
	}
	if l.Key != "" {
		st := push(gtx, x, mid(gtx.Dp(20)))
		kbd(in, th, l.Key, l.kbdLook(th))
		st.Pop()
	}
	return layout.Dimensions{Size: size, Baseline: mid(gtx.Sp(style.Line)) + gtx.Dp(4)}
}

func (l ButtonLook) kbdLook(th *theme.Theme) kbdLook {
	switch {
	case l.Disabled:
		return kbdLook{th.Surface2, th.Border, th.TDis}
	case l.Kind == Primary:
		return kbdOn(th, Mix(th.PriGrad.Top, th.PriGrad.Bottom, .5))
	case l.Kind == DangerFill:
		return kbdOn(th, Mix(th.DangerGrad.Top, th.DangerGrad.Bottom, .5))
	}
	return kbdLook{th.Surface2, th.Border, th.T3}
}

// paint draws the body and returns the colour of what is written on it. h and p are how far hover and press have come.
func (b *Button) paint(gtx layout.Context, th *theme.Theme, l ButtonLook, r image.Rectangle, radius int, h, p float32) color.NRGBA {
	line := float32(gtx.Dp(1))
	body := func(fill, edge color.NRGBA) {
		if edge.A == 0 {
			theme.Fill(gtx.Ops, r, radius, fill)
			return
		}
		theme.Fill(gtx.Ops, r, radius, fill)
		theme.Outline(gtx.Ops, r, radius, line, edge)
	}
	solid := func(rest theme.Gradient, over, down color.NRGBA) {
		shadow := r.Add(image.Pt(0, gtx.Dp(1)))
		theme.Fill(gtx.Ops, shadow, radius, color.NRGBA{A: 26})
		g := mixGradient(rest, theme.Gradient{Top: over, Bottom: over}, h)
		g = mixGradient(g, theme.Gradient{Top: down, Bottom: down}, p)
		theme.FillGradient(gtx.Ops, r, radius, g)
		theme.Outline(gtx.Ops, r, radius, line, color.NRGBA{A: 31})
	}
	if l.Disabled {
		body(th.Neutral.Soft, th.Border)
		return th.TDis
	}
	switch l.Kind {
	case Primary:
		solid(th.PriGrad, th.PriHover, th.PriPressed)
		return th.OnPri
	case DangerFill:
		solid(th.DangerGrad, th.DangerGrad.Bottom, Mix(th.DangerGrad.Bottom, color.NRGBA{A: 255}, .2))
		return th.OnPri
	case Ghost:
		body(Mix(Mix(color.NRGBA{}, th.Hover, h), th.Track, p), color.NRGBA{})
		return th.T2
	case Danger:
		body(Mix(Mix(th.Surface, th.Danger.Soft, h), th.Danger.Line, p), th.Danger.Line)
		return th.Danger.Text
	}
	body(Mix(Mix(th.Surface, th.Hover, h), th.Track, p), th.Borders)
	return th.T1
}
