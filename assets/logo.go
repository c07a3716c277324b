package assets

import "math"

// Point is a place on the logo's 48 by 48 grid.
type Point struct{ X, Y float32 }

// Petal is a closed outline: a start and two cubic curves back to it.
type Petal struct {
	Start  Point
	Curves [2][3]Point
	Gold   bool // every second one
}

// Colours of the logo, as 0xRRGGBB: white and gold petals on maroon that runs from top left to bottom right.
const (
	LogoWhite  = 0xFFFFFF
	LogoGold   = 0xF2C14E
	LogoTop    = 0x9C1B16
	LogoBottom = 0x6A0D0D
)

// LogoGrid is the side of the grid; the heart of the star lies in its middle with radius LogoHeart.
const (
	LogoGrid  = 48
	LogoHeart = 2.1
)

// LogoCorner and LogoStar are the corner radius of the maroon square and the size of the star in it, as parts of its side.
const (
	LogoCorner = .27
	LogoStar   = .86
)

// Star returns the eight petals of the star anise.
func Star() [8]Petal {
	base := Petal{
		Start: Point{24, 21.2},
		Curves: [2][3]Point{
			{{20.9, 17.6}, {20.6, 11.5}, {24, 6}},
			{{27.4, 11.5}, {27.1, 17.6}, {24, 21.2}},
		},
	}
	var out [8]Petal
	for i := range out {
		sin, cos := math.Sincos(float64(i) * math.Pi / 4)
		turn := func(p Point) Point {
			x, y := float64(p.X)-LogoGrid/2, float64(p.Y)-LogoGrid/2
			return Point{float32(x*cos-y*sin) + LogoGrid/2, float32(x*sin+y*cos) + LogoGrid/2}
		}
		p := Petal{Start: turn(base.Start), Gold: i%2 == 1}
		for j, c := range base.Curves {
			for k, q := range c {
				p.Curves[j][k] = turn(q)
			}
		}
		out[i] = p
	}
	return out
}
