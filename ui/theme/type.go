package theme

import (
	"gioui.org/font"
	"gioui.org/unit"
)

// Typefaces, each with its fallback for letters it lacks.
const (
	Sans font.Typeface = "InterTab, Noto Sans Devanagari"
	Mono font.Typeface = "JetBrains Mono, InterTab, Noto Sans Devanagari" // Hardware ID and paths only
)

// Style is one kind of text. Size may be fractional; Line is the height of one line.
type Style struct {
	Size, Line unit.Sp
	Weight     font.Weight
	Face       font.Typeface
}

// Regular, Medium, Semi and Bold return the style in that weight; Regular only from 14 up.
func (s Style) Regular() Style { s.Weight = font.Normal; return s }
func (s Style) Medium() Style  { s.Weight = font.Medium; return s }
func (s Style) Semi() Style    { s.Weight = font.SemiBold; return s }
func (s Style) Bold() Style    { s.Weight = font.Bold; return s }

// Mono returns the style in the typewriter face.
func (s Style) Mono() Style { s.Face = Mono; return s }

// Font is the style's face and weight in Gio's words.
func (s Style) Font() font.Font { return font.Font{Typeface: s.Face, Weight: s.Weight} }

// Type is the scale of UX.md section 1: names give the size, comments the use.
type Type struct {
	Tiny   Style // 11/16 500
	Label  Style // 12/16 500: label, table head, hint
	Body   Style // 13/18 500: body, table
	Button Style // 13.5/18 600: button, nav
	Card   Style // 14/20 600: card title
	Field  Style // 14/20 500: text in fields
	Lead   Style // 15/22 400
	T16    Style // 16/22 600
	T18    Style // 18/24 700
	KPI    Style // 20/28 700
	T24    Style // 24/30 700
	T28    Style // 28/34 700: page total
	T32    Style // 32/40 700
}

func typeScale() Type {
	s := func(size, line unit.Sp, w font.Weight) Style {
		return Style{Size: size, Line: line, Weight: w, Face: Sans}
	}
	return Type{
		Tiny: s(11, 16, font.Medium), Label: s(12, 16, font.Medium), Body: s(13, 18, font.Medium),
		Button: s(13.5, 18, font.SemiBold), Card: s(14, 20, font.SemiBold), Field: s(14, 20, font.Medium),
		Lead: s(15, 22, font.Normal), T16: s(16, 22, font.SemiBold), T18: s(18, 24, font.Bold), KPI: s(20, 28, font.Bold),
		T24: s(24, 30, font.Bold), T28: s(28, 34, font.Bold), T32: s(32, 40, font.Bold),
	}
}
