package widget_test

import (
	"testing"

	"gioui.org/layout"

	"masala/ui/theme"
	"masala/ui/uitest"
	"masala/ui/widget"
)

// steady counts what one more frame of an unchanged layout allocates.
func steady(t *testing.T, l layout.Widget) float64 {
	ui := uitest.New(t, uitest.NewClock(t0), 1280, 800, l)
	ui.Frame()
	return testing.AllocsPerRun(20, ui.Frame)
}

// Text allocates nothing in a frame like the one before, controls next to nothing.
func TestSteadyFramesAllocateLittle(t *testing.T) {
	th := theme.New(theme.Options{})
	const n = 100
	words := steady(t, func(gtx layout.Context) layout.Dimensions {
		for i := range n {
			widget.At(gtx, i%10*120, i/10*20, 110, 20, func(gtx layout.Context) layout.Dimensions {
				return widget.TextEnd(gtx, th, th.Type.Body, th.T1, "12,500.000")
			})
		}
		return layout.Dimensions{Size: gtx.Constraints.Max}
	})
	if words > n/10 {
		t.Errorf("%d words allocate %.0f times a frame", n, words)
	}
	var bs [n]widget.Button
	buttons := steady(t, func(gtx layout.Context) layout.Dimensions {
		for i := range bs {
			widget.At(gtx, i%10*120, i/10*40, 110, 40, func(gtx layout.Context) layout.Dimensions {
				return bs[i].Layout(gtx, th, widget.ButtonLook{Text: "Supplier", Icon: theme.IconPhone, Key: "F5"})
			})
		}
		return layout.Dimensions{Size: gtx.Constraints.Max}
	})
	if buttons > n {
		t.Errorf("%d buttons allocate %.0f times a frame", n, buttons)
	}
	t.Logf("%.1f a word, %.1f a button", words/n, buttons/n)
}

func BenchmarkWords(b *testing.B) {
	th := theme.New(theme.Options{})
	ui := uitest.New(b, uitest.NewClock(t0), 1280, 800, func(gtx layout.Context) layout.Dimensions {
		for i := range 480 {
			widget.At(gtx, i%12*100, i/12*20, 95, 20, func(gtx layout.Context) layout.Dimensions {
				return widget.TextEnd(gtx, th, th.Type.Body, th.T1, "12,500.000")
			})
		}
		return layout.Dimensions{Size: gtx.Constraints.Max}
	})
	b.ReportAllocs()
	for b.Loop() {
		ui.Frame()
	}
}

func BenchmarkButtons(b *testing.B) {
	th := theme.New(theme.Options{})
	var bs [100]widget.Button
	ui := uitest.New(b, uitest.NewClock(t0), 1280, 800, func(gtx layout.Context) layout.Dimensions {
		for i := range bs {
			widget.At(gtx, i%10*120, i/10*40, 110, 40, func(gtx layout.Context) layout.Dimensions {
				return bs[i].Layout(gtx, th, widget.ButtonLook{Text: "Supplier", Icon: theme.IconPhone})
			})
		}
		return layout.Dimensions{Size: gtx.Constraints.Max}
	})
	b.ReportAllocs()
	for b.Loop() {
		ui.Frame()
	}
}
