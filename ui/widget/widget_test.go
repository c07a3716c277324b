package widget_test

import (
	"testing"
	"time"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/theme"
	"masala/ui/uitest"
	"masala/ui/widget"
)

var t0 = time.Date(2026, 2, 14, 9, 0, 0, 0, time.UTC)

func drive(t *testing.T, l layout.Widget) *uitest.UI {
	t.Helper()
	return uitest.New(t, uitest.NewClock(t0), 800, 600, l)
}

// column stacks what a test shows.
func column(gtx layout.Context, children ...layout.Widget) layout.Dimensions {
	var fc []layout.FlexChild
	gtx.Constraints.Min = gtx.Constraints.Max
	for _, c := range children {
		fc = append(fc, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.X = 0
			return layout.UniformInset(8).Layout(gtx, c)
		}))
	}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, fc...)
}

func button(th *theme.Theme, b *widget.Button, l widget.ButtonLook) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions { return b.Layout(gtx, th, l) }
}

func TestButtonIsPressedByPointerEnterKeypadAndSpace(t *testing.T) {
	th := theme.New(theme.Options{})
	var b widget.Button
	n := 0
	ui := drive(t, func(gtx layout.Context) layout.Dimensions {
		for b.Clicked(gtx) {
			n++
		}
		return column(gtx, button(th, &b, widget.ButtonLook{Text: "Post GRN"}))
	})
	ui.Click("Post GRN")
	if n != 1 || !ui.Focused(b.Tag()) {
		t.Fatalf("after the pointer: %d presses, focused %v", n, ui.Focused(b.Tag()))
	}
	for i, k := range []key.Name{key.NameReturn, key.NameEnter, key.NameSpace} {
		ui.Press(k)
		if n != i+2 {
			t.Errorf("%s: %d presses, want %d", k, n, i+2)
		}
	}
}

func TestDisabledAndBusyButtonsTakeNoPress(t *testing.T) {
	for name, l := range map[string]widget.ButtonLook{
		"disabled": {Text: "Post GRN", Disabled: true},
		"busy":     {Text: "Post GRN", Busy: true, Name: "Post GRN", BusyText: "Posting"},
	} {
		t.Run(name, func(t *testing.T) {
			th := theme.New(theme.Options{})
			var b widget.Button
			n := 0
			ui := drive(t, func(gtx layout.Context) layout.Dimensions {
				for b.Clicked(gtx) {
					n++
				}
				return column(gtx, button(th, &b, l))
			})
			node := ui.Must("Post GRN")
			if node.Actionable() || !node.Disabled {
				t.Errorf("a %s button says it can be pressed: %+v", name, node)
			}
			p := node.Bounds.Min.Add(node.Bounds.Max).Div(2)
			ui.ClickAt(layout.FPt(p))
			ui.Press(key.NameTab)
			ui.Press(key.NameReturn)
			if n != 0 {
				t.Errorf("%d presses, want none", n)
			}
		})
	}
}

// Two quick presses post once: the first makes the button busy, the second is lost. The keyboard stays where it was.
func TestBusyAfterTheFirstPress(t *testing.T) {
	th := theme.New(theme.Options{})
	var b widget.Button
	n, busy := 0, false
	ui := drive(t, func(gtx layout.Context) layout.Dimensions {
		for b.Clicked(gtx) {
			n++
			busy = true
		}
		return column(gtx, button(th, &b, widget.ButtonLook{Text: "Post GRN", Busy: busy}))
	})
	ui.DoubleClick("Post GRN")
	ui.Press(key.NameReturn)
	if n != 1 {
		t.Errorf("posted %d times, want once", n)
	}
	busy = false
	ui.Settle()
	if n != 1 || !ui.Focused(b.Tag()) {
		t.Errorf("afterwards: posted %d times, focused %v", n, ui.Focused(b.Tag()))
	}
	ui.Press(key.NameReturn)
	if n != 2 {
		t.Errorf("the button does not work again: %d", n)
	}
}

// The Enter that leaves a field must not press the button it lands on when it is let go.
func TestKeyStruckElsewhereDoesNotPress(t *testing.T) {
	th := theme.New(theme.Options{})
	var b widget.Button
	var f widget.Field
	n := 0
	ui := drive(t, func(gtx layout.Context) layout.Dimensions {
		for b.Clicked(gtx) {
			n++
		}
		for {
			e, ok := f.Update(gtx)
			if !ok {
				break
			}
			if e == widget.Submitted {
				b.Focus()
			}
		}
		return column(gtx,
			func(gtx layout.Context) layout.Dimensions {
				return f.Layout(gtx, th, widget.FieldLook{Label: "Quantity"})
			},
			button(th, &b, widget.ButtonLook{Text: "Post GRN"}))
	})
	ui.Fill("Quantity", "5")
	ui.Press(key.NameReturn)
	if !ui.Focused(b.Tag()) || n != 0 {
		t.Errorf("focused %v, presses %d; want the focus and no press", ui.Focused(b.Tag()), n)
	}
}

func TestIconButtonIsNamedAndHasATooltip(t *testing.T) {
	th := theme.New(theme.Options{})
	var b widget.IconButton
	n := 0
	ui := drive(t, func(gtx layout.Context) layout.Dimensions {
		for b.Clicked(gtx) {
			n++
		}
		return column(gtx, func(gtx layout.Context) layout.Dimensions {
			return b.Layout(gtx, th, widget.IconLook{Icon: theme.IconBell, Name: "Messages"})
		})
	})
	ui.Click("Messages")
	if n != 1 {
		t.Errorf("%d presses, want 1", n)
	}
	still := ui.Frames
	ui.Advance(time.Second)
	if ui.Frames == still {
		t.Error("no frame was drawn for the tooltip")
	}
}

func TestSegmentMovesByPointerAndArrows(t *testing.T) {
	th := theme.New(theme.Options{})
	var s widget.Segment
	changes := 0
	ui := drive(t, func(gtx layout.Context) layout.Dimensions {
		if s.Changed(gtx) {
			changes++
		}
		return column(gtx, func(gtx layout.Context) layout.Dimensions {
			return s.Layout(gtx, th, "Regular", "Online", "Export")
		})
	})
	ui.Click("Online")
	ui.Press(key.NameRightArrow)
	ui.Press(key.NameRightArrow)
	if s.Value != 2 || changes != 2 {
		t.Errorf("value %d after %d changes, want 2 after 2", s.Value, changes)
	}
	if !ui.Must("Export").Selected || ui.Must("Regular").Selected {
		t.Errorf("the choice is not announced:\n%s", ui.Dump())
	}
}

func TestToggleAndCheckbox(t *testing.T) {
	th := theme.New(theme.Options{})
	var tg widget.Toggle
	var cb, no widget.Checkbox
	changed := 0
	ui := drive(t, func(gtx layout.Context) layout.Dimensions {
		if tg.Changed(gtx) {
			changed++
		}
		if cb.Changed(gtx) {
			changed++
		}
		return column(gtx,
			func(gtx layout.Context) layout.Dimensions { return tg.Layout(gtx, th, "Active", false) },
			func(gtx layout.Context) layout.Dimensions { return cb.Layout(gtx, th, "QC needed", false) },
			func(gtx layout.Context) layout.Dimensions { return no.Layout(gtx, th, "Inactive", true) })
	})
	ui.Click("Active")
	ui.Press(key.NameTab)
	ui.Press(key.NameSpace)
	if !tg.On || !cb.On || changed != 2 {
		t.Errorf("toggle %v, checkbox %v, %d changes", tg.On, cb.On, changed)
	}
	if ui.Must("Inactive").Actionable() {
		t.Error("a disabled checkbox can be ticked")
	}
}

func TestChipIsTakenAwayByItsCross(t *testing.T) {
	th := theme.New(theme.Options{})
	var c widget.Chip
	on := true
	ui := drive(t, func(gtx layout.Context) layout.Dimensions {
		if c.Remove.Clicked(gtx) {
			on = false
		}
		return column(gtx, func(gtx layout.Context) layout.Dimensions {
			return c.Layout(gtx, th, widget.ChipLook{Text: "Hold", On: on})
		})
	})
	ui.Click("Remove filter Hold")
	if on || ui.Sees("Remove filter Hold") {
		t.Error("the filter is still on")
	}
}

func TestPopoverClosesOnEscAndOnAPressOutside(t *testing.T) {
	th := theme.New(theme.Options{})
	var b widget.Button
	var in widget.Clickable
	var p widget.Popover
	picked := 0
	ui := drive(t, func(gtx layout.Context) layout.Dimensions {
		if b.Clicked(gtx) {
			p.Toggle()
		}
		for in.Clicked(gtx) {
			picked++
		}
		return column(gtx, func(gtx layout.Context) layout.Dimensions {
			d := b.Layout(gtx, th, widget.ButtonLook{Text: "Status"})
			p.Layout(gtx, th, d.Size, widget.PopoverLook{Width: 200}, func(gtx layout.Context) layout.Dimensions {
				return in.Layout(gtx, 0, "On hold", func(gtx layout.Context) layout.Dimensions {
					return layout.UniformInset(10).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
						return widget.TextAs(gtx, th, th.Type.Body, th.T1, "On hold", "")
					})
				})
			})
			return d
		})
	})
	ui.Click("Status")
	ui.Click("On hold")
	if picked != 1 || !p.Open() {
		t.Fatalf("picked %d, open %v after a press inside", picked, p.Open())
	}
	ui.ClickAt(layout.FPt(ui.Size.Sub(layoutPt(5))))
	if p.Open() {
		t.Error("a press outside left it open")
	}
	p.Show()
	ui.Settle()
	ui.Press(key.NameEscape)
	if p.Open() || ui.Sees("On hold") {
		t.Error("Esc left it open")
	}
}

func TestTextIsElidedNotCut(t *testing.T) {
	th := theme.New(theme.Options{})
	var long, short int
	drive(t, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints = layout.Constraints{Max: gtx.Constraints.Max}
		long = widget.TextWidth(gtx, th, th.Type.Body, "Green cardamom (7 mm)")
		in := gtx
		in.Constraints.Max.X = long / 2
		short = widget.Text(in, th, th.Type.Body, th.T1, "Green cardamom (7 mm)").Size.X
		return layout.Dimensions{Size: gtx.Constraints.Max}
	})
	if short > long/2 || short < long/4 {
		t.Errorf("text of %d px drawn in %d took %d", long, long/2, short)
	}
}

// The shaper knows whole sizes only; between them the width must still grow evenly.
func TestFractionalSizes(t *testing.T) {
	th := theme.New(theme.Options{})
	drive(t, func(gtx layout.Context) layout.Dimensions {
		s := th.Type.Body
		at := func(size unit.Sp) int {
			s.Size = size
			return widget.TextWidth(gtx, th, s, "Server not responding. Retrying...")
		}
		if a, b, c := at(13), at(13.5), at(14); !(a < b && b < c) {
			t.Errorf("widths at 13, 13.5 and 14: %d, %d, %d", a, b, c)
		}
		return layout.Dimensions{Size: gtx.Constraints.Max}
	})
}

func TestGaugeStaysWithinItsEnds(t *testing.T) {
	th := theme.New(theme.Options{})
	for _, v := range []float32{-1, 0, 3.5, 99} {
		ui := drive(t, func(gtx layout.Context) layout.Dimensions {
			return column(gtx, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Max.X = 240
				return widget.Gauge{Value: v, Good: 4, Limit: 5.5, Max: 10, Name: "Loss"}.Layout(gtx, th)
			})
		})
		if b := ui.Must("Loss").Bounds; b.Dx() != 240 || b.Dy() < 120 || b.Dy() > 160 {
			t.Errorf("value %v: gauge is %v", v, b)
		}
	}
}
