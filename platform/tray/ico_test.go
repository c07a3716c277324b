package tray

import (
	"encoding/binary"
	"image"
	"image/color"
	"testing"
)

func TestIco(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 33, 2))
	m.SetNRGBA(0, 0, color.NRGBA{1, 2, 3, 4})
	m.SetNRGBA(32, 1, color.NRGBA{5, 6, 7, 8})
	b := ico(m)
	at := binary.LittleEndian.Uint32(b[18:])
	size := binary.LittleEndian.Uint32(b[14:])
	if int(at+size) != len(b) || b[6] != 33 || b[7] != 2 {
		t.Fatalf("%d bytes at %d of %d", size, at, len(b))
	}
	pixels := b[at+40:]
	if got := [4]byte(pixels[4*33:]); got != [4]byte{3, 2, 1, 4} {
		t.Error("the top row comes last", got)
	}
	if got := [4]byte(pixels[4*32:]); got != [4]byte{7, 6, 5, 8} {
		t.Error("blue, green, red, alpha", got)
	}
	if mask := pixels[4*33*2:]; len(mask) != 2*8 {
		t.Error("mask of", len(mask))
	}
}
