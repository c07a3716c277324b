package tray

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
)

// ico returns an ICO file with one 32-bit picture of at most 256x256 pixels, as an
// uncompressed bitmap: that is the form every Windows reads.
func ico(m image.Image) []byte {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	mask := (w + 31) / 32 * 4 * h // one bit per pixel, rows of 4 bytes; all zero, the alpha channel rules
	size := 40 + 4*w*h + mask
	var b bytes.Buffer
	put := func(v ...any) {
		for _, x := range v {
			binary.Write(&b, binary.LittleEndian, x) // a bytes.Buffer does not fail
		}
	}
	put(uint16(0), uint16(1), uint16(1))                                                         // ICONDIR: icon, one picture
	put(uint8(w), uint8(h), uint8(0), uint8(0), uint16(1), uint16(32), uint32(size), uint32(22)) // ICONDIRENTRY; 256 is written 0
	put(uint32(40), int32(w), int32(2*h), uint16(1), uint16(32), [6]uint32{})                    // BITMAPINFOHEADER; height counts the mask
	for y := h - 1; y >= 0; y-- {                                                                // bottom row first
		for x := range w {
			c := color.NRGBAModel.Convert(m.At(m.Bounds().Min.X+x, m.Bounds().Min.Y+y)).(color.NRGBA)
			b.Write([]byte{c.B, c.G, c.R, c.A})
		}
	}
	b.Write(make([]byte, mask))
	return b.Bytes()
}
