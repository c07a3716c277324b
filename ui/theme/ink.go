package theme

import (
	"image/color"
	"math"

	"gioui.org/op"
	"gioui.org/op/paint"
)

// Ink sets the colour for letters and icons inside the clip now in force, and paints there once beforehand if the colour is
// dark; the caller's own paint follows.
//
// Gio blends in linear light, in which dark letters on a light ground look a whole weight thinner than in every other
// program. Painting a half covered pixel twice covers it by three quarters, which is within 4 % of what blending in sRGB
// gives for black on white. The paler the colour, the weaker the first coat; light letters need none.
func Ink(ops *op.Ops, c color.NRGBA) {
	if under := undercoat(c); under.A > 0 {
		paint.ColorOp{Color: under}.Add(ops)
		paint.PaintOp{}.Add(ops)
	}
	paint.ColorOp{Color: c}.Add(ops)
}

func undercoat(c color.NRGBA) color.NRGBA {
	part := 1 - 3*luminance(c)
	if part <= 0 {
		return color.NRGBA{}
	}
	c.A = uint8(float64(c.A) * part)
	return c
}

// luminance is the relative luminance of WCAG 2, from 0 for black to 1 for white.
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= .04045 {
			return x / 12.92
		}
		return math.Pow((x+.055)/1.055, 2.4)
	}
	return .2126*lin(c.R) + .7152*lin(c.G) + .0722*lin(c.B)
}

// Contrast returns the contrast ratio of WCAG 2 between two opaque colours, from 1 to 21.
func Contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + .05) / (y + .05)
}
