//go:build linux && cgo

// Package shot draws a frame to a picture with no screen, for tests and for docs/screenshots.
//
// It needs cgo and EGL (Mesa's software renderer will do), hence Linux only.
package shot

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"

	"gioui.org/gpu/headless"
	"gioui.org/op"
)

func init() {
	// Without a display server EGL must be told so before the first context is made.
	if os.Getenv("EGL_PLATFORM") == "" {
		os.Setenv("EGL_PLATFORM", "surfaceless")
	}
}

// Image draws ops into a picture of w by h pixels.
func Image(w, h int, ops *op.Ops) (*image.RGBA, error) {
	win, err := headless.NewWindow(w, h)
	if err != nil {
		return nil, fmt.Errorf("no renderer: %w", err)
	}
	defer win.Release()
	if err := win.Frame(ops); err != nil {
		return nil, fmt.Errorf("draw frame: %w", err)
	}
	got := image.NewRGBA(image.Rectangle{Max: win.Size()})
	if err := win.Screenshot(got); err != nil {
		return nil, fmt.Errorf("read frame: %w", err)
	}
	out := image.NewRGBA(got.Bounds())
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), got, image.Point{}, draw.Over)
	return out, nil
}

// PNG is Image written to a file.
func PNG(path string, w, h int, ops *op.Ops) error {
	img, err := Image(w, h, ops)
	if err != nil {
		return err
	}
	return Write(path, img)
}

// Write saves a picture as PNG and makes the folder it goes into.
func Write(path string, img image.Image) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
