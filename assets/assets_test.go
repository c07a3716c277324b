package assets_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"image/png"
	"testing"

	"masala/assets"
)

func TestEverythingIsEmbedded(t *testing.T) {
	for _, n := range []string{assets.InterRegular, assets.InterMedium, assets.InterSemiBold, assets.InterBold,
		assets.DevanagariRegular, assets.DevanagariMedium, assets.DevanagariBold, assets.MonoMedium} {
		if b, err := assets.Font(n); err != nil || len(b) < 1000 {
			t.Errorf("Font(%q): %d bytes, %v", n, len(b), err)
		}
	}
	if _, err := assets.Font("Comic.ttf"); err == nil {
		t.Error("a font that is not there was found")
	}
	var icons map[string]string
	if err := json.Unmarshal(assets.Icons(), &icons); err != nil || len(icons) < 100 {
		t.Errorf("%d icons, %v", len(icons), err)
	}
}

func TestLogo(t *testing.T) {
	img := assets.LogoImage(64)
	if c := img.RGBAAt(0, 0); c.A != 0 {
		t.Errorf("the corner is %v, want it round and clear", c)
	}
	if c := img.RGBAAt(32, 32); c.R != 255 || c.G != 255 || c.B != 255 {
		t.Errorf("the heart is %v, want white", c)
	}
	if c := img.RGBAAt(32, 14); c.R < 240 || c.B < 240 {
		t.Errorf("the petal at the top is %v, want white", c)
	}
	if c := img.RGBAAt(45, 19); c.R < 200 || c.B > 140 {
		t.Errorf("the petal at the top right is %v, want gold", c)
	}
	if c := img.RGBAAt(4, 32); c.R < 0x60 || c.G > 0x30 || c.A != 255 {
		t.Errorf("the ground is %v, want maroon", c)
	}
}

func TestLogoICO(t *testing.T) {
	sizes := []int{16, 32, 256}
	b, err := assets.LogoICO(sizes...)
	if err != nil {
		t.Fatal(err)
	}
	if n := binary.LittleEndian.Uint16(b[4:]); int(n) != len(sizes) {
		t.Fatalf("%d pictures, want %d", n, len(sizes))
	}
	for i, s := range sizes {
		e := b[6+16*i:]
		if e[0] != uint8(s) {
			t.Errorf("picture %d says %d wide", i, e[0])
		}
		n, at := binary.LittleEndian.Uint32(e[8:]), binary.LittleEndian.Uint32(e[12:])
		img, err := png.Decode(bytes.NewReader(b[at : at+n]))
		if err != nil || img.Bounds().Dx() != s {
			t.Errorf("picture %d: %v, %v", i, img, err)
		}
	}
	if _, err := assets.LogoICO(300); err == nil {
		t.Error("an icon of 300 was made")
	}
}
