// Package theme holds the look of the window: colours, type, space, motion, icons and the elevation of cards.
//
// A *Theme is made once for a window and handed down to every layout function. It belongs to the goroutine that lays the
// window out, as its text shaper does.
package theme

import (
	"time"

	"gioui.org/layout"
	"gioui.org/text"
	"gioui.org/unit"
)

// Zoom limits, in percent, and the step of Ctrl+plus and Ctrl+minus.
const (
	ZoomMin  = 80
	ZoomMax  = 200
	ZoomStep = 10
)

// Options are the user's choices of look.
type Options struct {
	Dark         bool
	HighContrast bool // all lines in the hint text colour
	NoAnimation  bool
	Zoom         int // percent; 0 means 100; rounded to steps of 10 within 80..200
}

// Theme is the look of one window.
type Theme struct {
	Palette
	Type   Type
	Shaper *text.Shaper

	opts  Options
	icons *iconSet
}

// New makes a theme with the embedded fonts and icons; the system's fonts are never used. It panics if an embedded file is
// broken, which only a faulty build can bring about.
func New(o Options) *Theme {
	th := &Theme{
		Type:   typeScale(),
		Shaper: text.NewShaper(text.NoSystemFonts(), text.WithCollection(faces())),
		icons:  newIconSet(),
	}
	th.Set(o)
	return th
}

// Set changes the look in place: every holder of the theme draws the new one in the next frame.
func (th *Theme) Set(o Options) {
	if o.Zoom == 0 {
		o.Zoom = 100
	}
	o.Zoom = min(max((o.Zoom+ZoomStep/2)/ZoomStep*ZoomStep, ZoomMin), ZoomMax)
	th.opts = o
	if o.Dark {
		th.Palette = dark()
	} else {
		th.Palette = light()
	}
	if o.HighContrast {
		th.highContrast()
	}
}

// Options returns the choices in force, Zoom made plain.
func (th *Theme) Options() Options { return th.opts }

// Scaled returns gtx with its metric zoomed; the window calls it once, at the root.
func (th *Theme) Scaled(gtx layout.Context) layout.Context {
	gtx.Metric = th.Metric(gtx.Metric)
	return gtx
}

// Metric returns the screen's metric with the zoom applied.
func (th *Theme) Metric(m unit.Metric) unit.Metric {
	z := float32(th.opts.Zoom) / 100
	return unit.Metric{PxPerDp: m.PxPerDp * z, PxPerSp: m.PxPerSp * z}
}

// Motion returns d, or zero when animation is switched off.
func (th *Theme) Motion(d time.Duration) time.Duration {
	if th.opts.NoAnimation {
		return 0
	}
	return d
}
