package theme

import (
	"fmt"

	"gioui.org/font"
	"gioui.org/font/opentype"

	"masala/assets"
)

func faces() []font.FontFace {
	const inter, deva, mono font.Typeface = "InterTab", "Noto Sans Devanagari", "JetBrains Mono"
	files := []struct {
		name string
		font font.Font
	}{
		{assets.InterRegular, font.Font{Typeface: inter}},
		{assets.InterMedium, font.Font{Typeface: inter, Weight: font.Medium}},
		{assets.InterSemiBold, font.Font{Typeface: inter, Weight: font.SemiBold}},
		{assets.InterBold, font.Font{Typeface: inter, Weight: font.Bold}},
		{assets.DevanagariRegular, font.Font{Typeface: deva}},
		{assets.DevanagariMedium, font.Font{Typeface: deva, Weight: font.Medium}},
		{assets.DevanagariBold, font.Font{Typeface: deva, Weight: font.Bold}},
		{assets.MonoMedium, font.Font{Typeface: mono, Weight: font.Medium}},
	}
	out := make([]font.FontFace, 0, len(files))
	for _, f := range files {
		b, err := assets.Font(f.name)
		if err != nil {
			panic(fmt.Errorf("embedded font: %w", err))
		}
		face, err := opentype.Parse(b)
		if err != nil {
			panic(fmt.Errorf("embedded font %s: %w", f.name, err))
		}
		out = append(out, font.FontFace{Font: f.font, Face: face})
	}
	return out
}
