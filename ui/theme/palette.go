package theme

import "image/color"

// Tone is one meaning's set of colours. Fill is never the only sign of a state: text or an icon stands beside it.
type Tone struct {
	Text color.NRGBA // text and icons, 4.5:1 or better on Soft and on Surface
	Soft color.NRGBA // quiet background
	Line color.NRGBA // edge of a Soft area
	Fill color.NRGBA // dots, bars, chart lines
}

// Gradient runs from top to bottom.
type Gradient struct{ Top, Bottom color.NRGBA }

// Palette is every colour of one look. Field names are the tokens of UX.md section 1.
type Palette struct {
	Canvas, Panel, Surface, Surface2 color.NRGBA // window, page sheet, cards and fields, table head and read-only
	Hover, Sel                       color.NRGBA // row under the pointer, selected row
	Border, Borders                  color.NRGBA // card and row line, field and button line
	T1, T2, T3, TDis                 color.NRGBA // text, secondary, hint, disabled
	Pri, PriHover, PriPressed, OnPri color.NRGBA // primary fill and the text on it
	PriGrad, DangerGrad              Gradient    // resting fill of primary and last-step danger buttons
	Focus, FocusSoft, Cell           color.NRGBA // ring, halo and list row, active grid cell
	Scrim, Track                     color.NRGBA // behind a modal (56 and 66 % as browsers blend, 79 and 76 % as Gio does), behind a bar
	ToastBack, OnToast               color.NRGBA
	Shadow                           [3]uint8 // shadow alpha of card, popover and modal layers
	Knob                             color.NRGBA

	Brand, OK, Warn, Danger, Info, Hold, Neutral Tone
	Raw, Bulk, Packing, Finished                 Tone // the four stages

	TileRaw, TileBulk, TilePacking, TileFinished Gradient // floor tiles, white text
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func tone(text, soft, line, fill uint32) Tone {
	return Tone{Text: rgb(text), Soft: rgb(soft), Line: rgb(line), Fill: rgb(fill)}
}

func grad(top, bottom uint32) Gradient { return Gradient{rgb(top), rgb(bottom)} }

// alpha returns c at the given opacity in percent.
func alpha(c color.NRGBA, percent int) color.NRGBA {
	c.A = uint8(int(c.A) * percent / 100)
	return c
}

func light() Palette {
	p := Palette{
		Canvas: rgb(0xF3F0EB), Panel: rgb(0xFCFBF9), Surface: rgb(0xFFFFFF), Surface2: rgb(0xF9F7F4),
		Hover: rgb(0xF4F1EC), Sel: rgb(0xFBF1EF), Border: rgb(0xE8E3DC), Borders: rgb(0xD2CAC0),
		T1: rgb(0x1F1A17), T2: rgb(0x544C46), T3: rgb(0x726A63), TDis: rgb(0xA69E96),
		Pri: rgb(0x7D1111), PriHover: rgb(0x651010), PriPressed: rgb(0x4F0C0C), OnPri: rgb(0xFFFFFF),
		PriGrad: grad(0x8D1815, 0x771010), DangerGrad: grad(0xD23A30, 0xBE2A20),
		Focus: rgb(0x1B66D1), FocusSoft: rgb(0xDCE9FB), Cell: rgb(0xF3F8FF),
		Scrim: alpha(rgb(0x1C1410), 79), Track: rgb(0xECE7E0),
		ToastBack: rgb(0x26201C), OnToast: rgb(0xFFFFFF), Knob: rgb(0xFFFFFF),
		Shadow:   [3]uint8{8, 6, 5}, // 3, 2.5 and 2 %
		Brand:    tone(0x7D1111, 0xFBEEEC, 0xEFD2CE, 0x7D1111),
		OK:       tone(0x1B7246, 0xE6F4EB, 0xBFE2CD, 0x2C9A62),
		Warn:     tone(0x8A5200, 0xFFF3DC, 0xF3D9A4, 0xDB8B0B),
		Danger:   tone(0xB4231A, 0xFDEDEB, 0xF4C7C2, 0xD93A2F),
		Info:     tone(0x1F5A9E, 0xE9F1FA, 0xC5DBF2, 0x3B82D0),
		Hold:     tone(0x66409E, 0xF2EDFA, 0xDACCEF, 0x66409E),
		Neutral:  tone(0x544C46, 0xF0ECE6, 0xE0D9CF, 0x726A63),
		Raw:      tone(0x9A5F00, 0xFDF3DF, 0xF3D9A4, 0xD9921A),
		Bulk:     tone(0xA03D12, 0xFCEDE4, 0xF3CDB8, 0xCC5A26),
		Packing:  tone(0x3A5A7C, 0xEAF0F6, 0xC9D7E5, 0x6288AE),
		Finished: tone(0x1F6E47, 0xE6F3EB, 0xBFE0CC, 0x2F9463),
	}
	p.tiles()
	return p
}

func dark() Palette {
	p := Palette{
		Canvas: rgb(0x110F0E), Panel: rgb(0x181614), Surface: rgb(0x201D1A), Surface2: rgb(0x262220),
		Hover: rgb(0x2B2724), Sel: rgb(0x34211F), Border: rgb(0x332E2A), Borders: rgb(0x4C443E),
		T1: rgb(0xF4EFEA), T2: rgb(0xC6BDB4), T3: rgb(0x9E948B), TDis: rgb(0x6B635C),
		Pri: rgb(0xA82A22), PriHover: rgb(0xBC372E), PriPressed: rgb(0x8E211A), OnPri: rgb(0xFFFFFF),
		PriGrad: grad(0xB4332A, 0x9C251E), DangerGrad: grad(0xD23A30, 0xBE2A20),
		Focus: rgb(0x6CA9FF), FocusSoft: rgb(0x1B3252), Cell: rgb(0x1A2536),
		Scrim: alpha(rgb(0x060403), 76), Track: rgb(0x332E2A),
		ToastBack: rgb(0x3A332E), OnToast: rgb(0xFFFFFF), Knob: rgb(0xFFFFFF),
		Shadow:   [3]uint8{15, 15, 15}, // 6 %
		Brand:    tone(0xF2A097, 0x3A1D1A, 0x5B2C27, 0xA82A22),
		OK:       tone(0x6BD19A, 0x16301F, 0x245238, 0x3DAE72),
		Warn:     tone(0xF2BC63, 0x33270F, 0x5A431A, 0xE0A030),
		Danger:   tone(0xFF9389, 0x3D1B18, 0x6B2C27, 0xE5554A),
		Info:     tone(0x8ABBF5, 0x16273B, 0x284664, 0x4A90DB),
		Hold:     tone(0xC3AAF3, 0x2A2140, 0x473870, 0xC3AAF3),
		Neutral:  tone(0xC6BDB4, 0x2D2825, 0x443C36, 0x9E948B),
		Raw:      tone(0xF0BE62, 0x33270F, 0x5A431A, 0xD9962A),
		Bulk:     tone(0xF19A70, 0x3A2013, 0x63371F, 0xD06A38),
		Packing:  tone(0xA5C1DD, 0x1C2936, 0x31475C, 0x6E93B9),
		Finished: tone(0x6BD19A, 0x16301F, 0x245238, 0x38A06C),
	}
	p.tiles()
	return p
}

func (p *Palette) tiles() {
	p.TileRaw, p.TileBulk = grad(0xA06404, 0x754600), grad(0xB3481A, 0x84300B)
	p.TilePacking, p.TileFinished = grad(0x45698F, 0x2E4A69), grad(0x24804F, 0x165A37)
}

// highContrast draws every line in the hint text colour.
func (p *Palette) highContrast() {
	p.Border, p.Borders = p.T3, p.T3
	for _, t := range []*Tone{&p.Brand, &p.OK, &p.Warn, &p.Danger, &p.Info, &p.Hold, &p.Neutral, &p.Raw, &p.Bulk, &p.Packing, &p.Finished} {
		t.Line = p.T3
	}
}
