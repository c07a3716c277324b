package theme

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"

	"masala/assets"
)

// Logo draws the star on its maroon square.
func (th *Theme) Logo(gtx layout.Context, size unit.Dp) layout.Dimensions {
	px := gtx.Dp(size)
	s := float32(px)
	r := image.Rect(0, 0, px, px)
	st := clip.UniformRRect(r, int(s*assets.LogoCorner+.5)).Push(gtx.Ops)
	paint.LinearGradientOp{
		Stop1: f32.Pt(.2*s, 0), Color1: rgb(assets.LogoTop),
		Stop2: f32.Pt(.6*s, s), Color2: rgb(assets.LogoBottom),
	}.Add(gtx.Ops)
	paint.PaintOp{}.Add(gtx.Ops)
	star := s * assets.LogoStar
	drawStar(gtx, (s-star)/2, star, rgb(assets.LogoWhite), rgb(assets.LogoGold))
	st.Pop()
	return layout.Dimensions{Size: r.Max}
}

// Star draws the star alone, in two colours, for grounds of its own.
func (th *Theme) Star(gtx layout.Context, size unit.Dp, even, odd color.NRGBA) layout.Dimensions {
	px := gtx.Dp(size)
	drawStar(gtx, 0, float32(px), even, odd)
	return layout.Dimensions{Size: image.Pt(px, px)}
}

func drawStar(gtx layout.Context, origin, size float32, even, odd color.NRGBA) {
	scale := size / assets.LogoGrid
	at := func(p assets.Point) f32.Point { return f32.Pt(origin+p.X*scale, origin+p.Y*scale) }
	for _, p := range assets.Star() {
		var path clip.Path
		path.Begin(gtx.Ops)
		path.MoveTo(at(p.Start))
		for _, c := range p.Curves {
			path.CubeTo(at(c[0]), at(c[1]), at(c[2]))
		}
		path.Close()
		c := even
		if p.Gold {
			c = odd
		}
		paint.FillShape(gtx.Ops, c, clip.Outline{Path: path.End()}.Op())
	}
	const k = .55228475
	mid, r := origin+size/2, assets.LogoHeart*scale
	var heart clip.Path
	heart.Begin(gtx.Ops)
	heart.MoveTo(f32.Pt(mid+r, mid))
	for i := range 4 { // quarter circles, each the one before turned by 90 degrees
		c := [3]f32.Point{{X: r, Y: r * k}, {X: r * k, Y: r}, {X: 0, Y: r}}
		for j := range c {
			for range i {
				c[j] = f32.Pt(-c[j].Y, c[j].X)
			}
			c[j] = c[j].Add(f32.Pt(mid, mid))
		}
		heart.CubeTo(c[0], c[1], c[2])
	}
	heart.Close()
	paint.FillShape(gtx.Ops, even, clip.Outline{Path: heart.End()}.Op())
}
