package uitest_test

import (
	"testing"
	"time"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/op"

	"masala/ui/theme"
	"masala/ui/uitest"
	"masala/ui/widget"
)

var t0 = time.Date(2026, 2, 14, 9, 0, 0, 0, time.UTC)

func TestAdvanceStopsAtEveryMomentAskedFor(t *testing.T) {
	clock := uitest.NewClock(t0)
	var ticks []time.Duration
	next := t0.Add(time.Second)
	ui := uitest.New(t, clock, 100, 100, func(gtx layout.Context) layout.Dimensions {
		for !gtx.Now.Before(next) {
			ticks = append(ticks, gtx.Now.Sub(t0))
			next = next.Add(time.Second)
		}
		gtx.Execute(op.InvalidateCmd{At: next})
		return layout.Dimensions{}
	})
	ui.Advance(3500 * time.Millisecond)
	if len(ticks) != 3 || ticks[0] != time.Second || ticks[2] != 3*time.Second {
		t.Errorf("ticks at %v, want every second", ticks)
	}
	if clock.Now().Before(t0.Add(3500 * time.Millisecond)) {
		t.Errorf("the clock stands at %v", clock.Now())
	}
}

func TestFindSeesOnlyWhatIsInTheWindow(t *testing.T) {
	th := theme.New(theme.Options{})
	ui := uitest.New(t, uitest.NewClock(t0), 200, 50, func(gtx layout.Context) layout.Dimensions {
		for i, s := range []string{"Turmeric", "Cumin", "Coriander"} {
			widget.At(gtx, 0, i*30, 200, 30, func(gtx layout.Context) layout.Dimensions {
				return widget.Text(gtx, th, th.Type.Body, th.T1, s)
			})
		}
		return layout.Dimensions{Size: gtx.Constraints.Max}
	})
	if !ui.Sees("Turmeric") || !ui.Sees("Cumin") || ui.Sees("Coriander") {
		t.Errorf("want the first two of three lines:\n%s", ui.Dump())
	}
}

func TestCopyAndPasteGoThroughTheClipboard(t *testing.T) {
	th := theme.New(theme.Options{})
	var a, b widget.Field
	ui := uitest.New(t, uitest.NewClock(t0), 400, 300, func(gtx layout.Context) layout.Dimensions {
		return widget.Column(gtx, 8,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return a.Layout(gtx, th, widget.FieldLook{Label: "From"})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return b.Layout(gtx, th, widget.FieldLook{Label: "To"})
			}))
	})
	ui.Fill("From", "ET-2209")
	ui.Press("A", key.ModShortcut)
	ui.Press("C", key.ModShortcut)
	ui.Click("To")
	ui.Press("V", key.ModShortcut)
	if b.Text() != "ET-2209" || ui.Clipboard != "ET-2209" {
		t.Errorf("pasted %q, clipboard %q", b.Text(), ui.Clipboard)
	}
}
