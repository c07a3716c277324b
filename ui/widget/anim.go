package widget

import (
	"image/color"
	"time"

	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/theme"
)

// Fade moves between 0 and 1 as something is switched on and off. The zero value is off.
type Fade struct {
	on    bool
	since time.Time
	from  float32 // value at since
}

// Value returns where the fade stands at gtx.Now and asks for frames until it has arrived. A d of zero jumps.
func (f *Fade) Value(gtx layout.Context, on bool, d time.Duration) float32 {
	if on != f.on {
		f.from = f.at(gtx.Now, d)
		f.on, f.since = on, gtx.Now
	}
	v := f.at(gtx.Now, d)
	if v != f.target() {
		gtx.Execute(op.InvalidateCmd{})
	}
	return v
}

func (f *Fade) target() float32 {
	if f.on {
		return 1
	}
	return 0
}

func (f *Fade) at(now time.Time, d time.Duration) float32 {
	to := f.target()
	if d <= 0 || f.since.IsZero() {
		return to
	}
	t := float32(now.Sub(f.since)) / float32(d)
	if t >= 1 {
		return to
	}
	return f.from + (to-f.from)*max(t, 0)
}

// Mix returns the colour the part t (0 to 1) of the way from a to b.
func Mix(a, b color.NRGBA, t float32) color.NRGBA {
	switch {
	case t <= 0:
		return a
	case t >= 1:
		return b
	case a.A == 0:
		a = color.NRGBA{R: b.R, G: b.G, B: b.B} // a fade from nothing keeps the hue
	case b.A == 0:
		b = color.NRGBA{R: a.R, G: a.G, B: a.B}
	}
	m := func(x, y uint8) uint8 { return uint8(float32(x) + (float32(y)-float32(x))*t + .5) }
	return color.NRGBA{R: m(a.R, b.R), G: m(a.G, b.G), B: m(a.B, b.B), A: m(a.A, b.A)}
}

// Opacity returns c at the part t (0 to 1) of its opacity.
func Opacity(c color.NRGBA, t float32) color.NRGBA {
	c.A = uint8(float32(c.A)*min(max(t, 0), 1) + .5)
	return c
}

func mixGradient(a, b theme.Gradient, t float32) theme.Gradient {
	return theme.Gradient{Top: Mix(a.Top, b.Top, t), Bottom: Mix(a.Bottom, b.Bottom, t)}
}
