package assets

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/vector"
)

// LogoImage draws the logo on its maroon square, size pixels wide, for the tray and the window.
func LogoImage(size int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	s := float32(size)
	square := vector.NewRasterizer(size, size)
	roundRect(square, s, s*LogoCorner)
	square.Draw(img, img.Bounds(), ground(size), image.Point{})

	star := s * LogoStar
	origin, scale := (s-star)/2, star/LogoGrid
	at := func(p Point) (float32, float32) { return origin + p.X*scale, origin + p.Y*scale }
	for _, p := range Star() {
		z := vector.NewRasterizer(size, size)
		z.MoveTo(at(p.Start))
		for _, c := range p.Curves {
			x1, y1 := at(c[0])
			x2, y2 := at(c[1])
			x3, y3 := at(c[2])
			z.CubeTo(x1, y1, x2, y2, x3, y3)
		}
		z.ClosePath()
		tint := rgb(LogoWhite)
		if p.Gold {
			tint = rgb(LogoGold)
		}
		z.Draw(img, img.Bounds(), image.NewUniform(tint), image.Point{})
	}
	heart := vector.NewRasterizer(size, size)
	circle(heart, s/2, s/2, LogoHeart*scale)
	heart.Draw(img, img.Bounds(), image.NewUniform(rgb(LogoWhite)), image.Point{})
	return img
}

// LogoPNG is LogoImage as a PNG file.
func LogoPNG(size int) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, LogoImage(size)); err != nil {
		return nil, fmt.Errorf("draw logo: %w", err)
	}
	return b.Bytes(), nil
}

// LogoICO is the logo in the given sizes (at most 256) as one Windows icon file, each a PNG inside.
func LogoICO(sizes ...int) ([]byte, error) {
	const head, entry = 6, 16
	var dir, data bytes.Buffer
	put := func(v any) { binary.Write(&dir, binary.LittleEndian, v) } // a bytes.Buffer takes every write
	put([3]uint16{0, 1, uint16(len(sizes))})
	for _, s := range sizes {
		if s < 1 || s > 256 {
			return nil, fmt.Errorf("icon size %d is not within 1 and 256", s)
		}
		p, err := LogoPNG(s)
		if err != nil {
			return nil, err
		}
		put([4]uint8{uint8(s), uint8(s), 0, 0}) // 256 is written as 0
		put([2]uint16{1, 32})
		put([2]uint32{uint32(len(p)), uint32(head + entry*len(sizes) + data.Len())})
		data.Write(p)
	}
	return append(dir.Bytes(), data.Bytes()...), nil
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// ground is the maroon square's colour, running from top left to bottom right.
func ground(size int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	a, b := rgb(LogoTop), rgb(LogoBottom)
	for y := range size {
		for x := range size {
			// 160 degrees in CSS's counting: mostly downwards, a little to the right.
			t := min(max((.342*float32(x)+.94*float32(y))/(1.282*float32(size)), 0), 1)
			mix := func(p, q uint8) uint8 { return uint8(float32(p) + (float32(q)-float32(p))*t) }
			img.SetRGBA(x, y, color.RGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: 0xff})
		}
	}
	return img
}

// k places the control points of a quarter circle.
const k = .55228475

func roundRect(z *vector.Rasterizer, s, r float32) {
	c := r * (1 - k)
	z.MoveTo(r, 0)
	z.LineTo(s-r, 0)
	z.CubeTo(s-c, 0, s, c, s, r)
	z.LineTo(s, s-r)
	z.CubeTo(s, s-c, s-c, s, s-r, s)
	z.LineTo(r, s)
	z.CubeTo(c, s, 0, s-c, 0, s-r)
	z.LineTo(0, r)
	z.CubeTo(0, c, c, 0, r, 0)
	z.ClosePath()
}

func circle(z *vector.Rasterizer, x, y, r float32) {
	z.MoveTo(x+r, y)
	z.CubeTo(x+r, y+r*k, x+r*k, y+r, x, y+r)
	z.CubeTo(x-r*k, y+r, x-r, y+r*k, x-r, y)
	z.CubeTo(x-r, y-r*k, x-r*k, y-r, x, y-r)
	z.CubeTo(x+r*k, y-r, x+r, y-r*k, x+r, y)
	z.ClosePath()
}
