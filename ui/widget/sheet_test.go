//go:build linux && cgo

package widget

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/text"

	"masala/ui/shot"
	"masala/ui/theme"
	"masala/ui/uitest"
)

// Pictures is the folder the picture tests leave what they drew in, "" for none.
var Pictures = os.Getenv("MASALA_SCREENSHOTS")

// sheet shows every control, as mockup 17 does.
type sheet struct {
	th                        *theme.Theme
	buttons                   [24]Button
	seg                       Segment
	status, hold              Chip
	rest, foc, bad            Field
	warn, ro, empty, qty, pwd Field
	note                      Field
	qc, inactive              Checkbox
	active, off               Toggle
	banners                   [4]Banner
	act                       [2]Clickable
	crumb                     Breadcrumb
	bell                      IconButton
}

func newSheet(o theme.Options) *sheet {
	s := &sheet{th: theme.New(o)}
	s.rest.SetText("Unjha Jeera House")
	s.foc.SetText("200.0")
	s.warn.SetText("9.8")
	s.ro.SetText("GRN-20260212-001")
	s.qty.SetText("12.500")
	s.pwd.SetText("turmeric")
	s.note.SetText("Bags wet on one side.\nDriver told.")
	s.qc.On, s.active.On = true, true
	return s
}

func (s *sheet) layout(gtx layout.Context) layout.Dimensions {
	th := s.th
	gtx = th.Scaled(gtx)
	paint.FillShape(gtx.Ops, th.Panel, clip.Rect{Max: gtx.Constraints.Max}.Op())
	full := layout.Dimensions{Size: gtx.Constraints.Max}
	at := func(x, y, w, h int, f layout.Widget) layout.Dimensions {
		px := func(v int) int { return int(float32(v)*gtx.Metric.PxPerDp + .5) }
		return At(gtx, px(x), px(y), px(w), px(h), f)
	}
	card := func(title string, x, y, w, h int) {
		at(x, y, w, h, func(gtx layout.Context) layout.Dimensions {
			th.PaintCard(gtx, image.Rectangle{Max: gtx.Constraints.Max}, gtx.Dp(theme.RadiusCard))
			return layout.Dimensions{Size: gtx.Constraints.Max}
		})
		at(x+18, y+14, w, 20, func(gtx layout.Context) layout.Dimensions { return Text(gtx, th, th.Type.Card, th.T1, title) })
	}
	at(22, 20, 34, 34, func(gtx layout.Context) layout.Dimensions { return th.Logo(gtx, 34) })
	at(68, 23, 300, 28, func(gtx layout.Context) layout.Dimensions { return Text(gtx, th, th.Type.KPI, th.T1, "Components") })
	at(206, 28, 400, 18, func(gtx layout.Context) layout.Dimensions {
		return Text(gtx, th, th.Type.Body, th.T3, "base 13 px Inter, 4 px grid, one focus colour")
	})
	card("Buttons", 22, 66, 640, 210)
	s.drawButtons(gtx, at)
	card("Status", 674, 66, 744, 210)
	s.drawStatus(at)
	card("Fields", 22, 288, 964, 234)
	s.drawFields(at)
	card("Quantity, date, check", 998, 288, 420, 234)
	s.drawChecks(at)
	card("Banners (one at a time, worst first)", 22, 534, 764, 246)
	s.drawBanners(at)
	card("Toasts and empty state", 798, 534, 620, 246)
	s.drawToasts(at)
	card("Conflict (4.1)", 22, 792, 500, 258)
	s.drawConflict(at)
	card("Colours and figures", 534, 792, 884, 258)
	s.drawFigures(at)
	return full
}

type placer func(x, y, w, h int, f layout.Widget) layout.Dimensions

func (s *sheet) drawButtons(gtx layout.Context, at placer) {
	x := 40
	i := 0
	b := func(y int, l ButtonLook, h, p float32, focused bool) {
		d := at(x, y, 600, 60, func(gtx layout.Context) layout.Dimensions {
			return s.buttons[i].draw(gtx, s.th, l, h, p, focused)
		})
		i++
		x += int(float32(d.Size.X)/gtx.Metric.PxPerDp+.5) + 8
	}
	b(112, ButtonLook{Kind: Primary, Text: "Primary"}, 0, 0, false)
	b(112, ButtonLook{Kind: Primary, Text: "Hover"}, 1, 0, false)
	b(112, ButtonLook{Kind: Primary, Text: "Pressed"}, 1, 1, false)
	b(112, ButtonLook{Kind: Primary, Text: "Focus"}, 0, 0, true)
	b(112, ButtonLook{Kind: Primary, Text: "Disabled", Disabled: true}, 0, 0, false)
	b(112, ButtonLook{Kind: Primary, Text: "Post", Busy: true, BusyText: "Posting"}, 0, 0, false)
	x = 40
	b(158, ButtonLook{Text: "Secondary"}, 0, 0, false)
	b(158, ButtonLook{Text: "Hover"}, 1, 0, false)
	b(158, ButtonLook{Text: "Focus"}, 0, 0, true)
	b(158, ButtonLook{Kind: Ghost, Text: "Ghost"}, 0, 0, false)
	b(158, ButtonLook{Kind: Danger, Text: "Danger"}, 0, 0, false)
	b(158, ButtonLook{Kind: DangerFill, Text: "Danger, last step"}, 0, 0, false)
	x = 40
	b(204+13, ButtonLook{Text: "Small 30", Height: 30}, 0, 0, false)
	b(204+10, ButtonLook{Text: "Normal 36"}, 0, 0, false)
	b(204+4, ButtonLook{Text: "Large 48", Height: 48}, 0, 0, false)
	b(204, ButtonLook{Kind: Primary, Text: "Floor 56", Height: 56}, 0, 0, false)
	b(204+10, ButtonLook{Text: "Receive goods", Icon: theme.IconPackageOpen, Key: "F5"}, 0, 0, false)
}

func (s *sheet) drawStatus(at placer) {
	th := s.th
	at(692, 112, 720, 22, func(gtx layout.Context) layout.Dimensions {
		pill := func(t theme.Tone, w string) layout.FlexChild {
			return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return Pill(gtx, th, t, w) })
		}
		return Row(gtx, 6, pill(th.OK, "Released"), pill(th.Hold, "Hold"), pill(th.Danger, "Expired"), pill(th.Neutral, "Rejected"),
			pill(th.Info, "In progress"), pill(th.Warn, "Low"), pill(th.Neutral, "Draft"))
	})
	at(692, 144, 720, 20, func(gtx layout.Context) layout.Dimensions {
		tag := func(t theme.Tone, w string) layout.FlexChild {
			return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return Tag(gtx, th, t, w) })
		}
		return Row(gtx, 6, tag(th.Raw, "Raw"), tag(th.Bulk, "Bulk"), tag(th.Packing, "Packing"), tag(th.Finished, "Finished"),
			tag(th.Neutral, "CARTON_100 v2"), tag(th.Info, "Daily"))
	})
	at(689, 178, 720, 18, func(gtx layout.Context) layout.Dimensions {
		lamp := func(t theme.Tone, w string) layout.FlexChild {
			return layout.Rigid(func(gtx layout.Context) layout.Dimensions { return Lamp(gtx, th, t, w, th.T2) })
		}
		return Row(gtx, 13, lamp(th.OK, "Online"), lamp(th.Warn, "Reconnecting"), lamp(th.Danger, "Offline"))
	})
	at(692, 210, 720, 34, func(gtx layout.Context) layout.Dimensions {
		return Row(gtx, 8,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.seg.Layout(gtx, th, "Regular", "Online") }),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return s.status.Layout(gtx, th, ChipLook{Icon: theme.IconFilter, Text: "Status", Menu: true})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return s.hold.Layout(gtx, th, ChipLook{Text: "Hold", On: true})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return Kbd(gtx, th, "Ctrl K") }))
	})
	at(1100, 210, 300, 40, func(gtx layout.Context) layout.Dimensions {
		return Row(gtx, 12,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return s.crumb.Layout(gtx, th, "Goods received", "New GRN")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return s.bell.Layout(gtx, th, IconLook{Icon: theme.IconBell, Name: "Messages", Dot: th.Danger.Fill})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return Avatar(gtx, th, "MA", 0) }))
	})
}

func (s *sheet) drawFields(at placer) {
	th := s.th
	f := func(fl *Field, x, y int, l FieldLook) {
		at(x, y, 264, 90, func(gtx layout.Context) layout.Dimensions { return fl.Layout(gtx, th, l) })
	}
	f(&s.rest, 40, 334, FieldLook{Label: "Rest", Hint: "Help text"})
	f(&s.foc, 316, 334, FieldLook{Label: "Focus", Suffix: "kg", Hint: "Type 5q for 500 kg"})
	f(&s.bad, 592, 334, FieldLook{Label: "Error", Placeholder: "Required", Error: "Expiry date is required."})
	f(&s.warn, 40, 426, FieldLook{Label: "Warning", Suffix: "%", Warning: "Above 9.0 %: lot goes on HOLD"})
	f(&s.ro, 316, 426, FieldLook{Label: "Read only", ReadOnly: true, Hint: "given when posted"})
	f(&s.empty, 592, 426, FieldLook{Label: "Placeholder", Required: true, Placeholder: "dd-mmm-yyyy", Icon: theme.IconCalendar, Hint: "t, y, 12, 12-2 also work"})
	at(868, 334, 100, 90, func(gtx layout.Context) layout.Dimensions {
		return s.pwd.Layout(gtx, th, FieldLook{Label: "Password", Password: true})
	})
	at(868, 426, 100, 90, func(gtx layout.Context) layout.Dimensions {
		return s.note.Layout(gtx, th, FieldLook{Label: "Note", Lines: 2})
	})
}

func (s *sheet) drawChecks(at placer) {
	th := s.th
	at(1016, 334, 170, 90, func(gtx layout.Context) layout.Dimensions {
		return s.qty.Layout(gtx, th, FieldLook{Label: "Quantity", Suffix: "bag", Align: text.End, Hint: "= 500.000 kg"})
	})
	at(1198, 354, 170, 22, func(gtx layout.Context) layout.Dimensions { return s.qc.Layout(gtx, th, "QC needed", false) })
	at(1198, 384, 170, 22, func(gtx layout.Context) layout.Dimensions { return s.inactive.Layout(gtx, th, "Inactive", false) })
	at(1016, 428, 170, 22, func(gtx layout.Context) layout.Dimensions { return s.active.Layout(gtx, th, "Active", false) })
	at(1129, 428, 170, 22, func(gtx layout.Context) layout.Dimensions { return s.off.Layout(gtx, th, "Off", false) })
	at(1016, 462, 380, 60, func(gtx layout.Context) layout.Dimensions {
		return Column(gtx, 2,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return Text(gtx, th, th.Type.Body, th.T1, "Green cardamom  छोटी इलायची  क्षत्रिय हींग")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return Text(gtx, th, th.Type.Card, th.T1, "₹ 1,52,600.00  धनिया  हल्दी गांठ  कश्मीरी मिर्च")
			}))
	})
}

func (s *sheet) drawBanners(at placer) {
	th := s.th
	for i, l := range []BannerLook{
		{Tone: th.Warn, Icon: theme.IconTriangleAlert, Text: "Low disk space — 412 MB remaining. Data operations may fail."},
		{Tone: th.Warn, Icon: theme.IconTriangleAlert, Text: "License expires in 12 days. Contact support."},
		{Tone: th.Danger, Icon: theme.IconLock, Text: "License Expired. Read-only mode active."},
		{Tone: th.Info, Busy: true, Text: "Server not responding. Retrying...", Action: "Retry"},
	} {
		l.Inset = true
		at(40, 580+i*48, 728, 40, func(gtx layout.Context) layout.Dimensions { return s.banners[i].Layout(gtx, th, l) })
	}
}

func (s *sheet) drawToasts(at placer) {
	th := s.th
	for i, t := range []Toast{
		{Text: "GRN-20260212-001 posted", Action: "Print", Key: "Ctrl P"},
		{Text: "Not posted: cumin lot is on HOLD", Error: true},
	} {
		at(816, 580+i*52, 350, 44, func(gtx layout.Context) layout.Dimensions {
			drawToast(gtx, th, t, &s.act[i], image.Rectangle{Max: gtx.Constraints.Max})
			return layout.Dimensions{Size: gtx.Constraints.Max}
		})
	}
	at(1177, 582, 223, 120, func(gtx layout.Context) layout.Dimensions {
		return Empty(gtx, th, theme.IconPackageOpen, "No goods received yet", "Press F5 to enter the first GRN")
	})
	at(816, 690, 584, 60, func(gtx layout.Context) layout.Dimensions { return Skeleton(gtx, th, .72, 1, .88) })
}

func (s *sheet) drawConflict(at placer) {
	var m Modal
	th := s.th
	at(40, 838, 464, 200, func(gtx layout.Context) layout.Dimensions {
		l := ModalLook{
			Icon: theme.IconUsers, Tone: th.Warn,
			Title:   "This record was modified by another user. Please reload and try again.",
			Text:    "manager on PC-OFFICE, 14-Feb-2026 16:02. Minimum stock: theirs 15.000 kg, yours 20.000 kg.",
			Choices: []Choice{{Text: "Keep my input", Safe: true}, {Text: "Reload", Kind: Primary, Key: "Enter"}},
		}
		m.buttons = make([]Button, 2)
		rec := record(gtx)
		d := m.content(gtx, th, l)
		call := rec.Stop()
		th.PaintCard(gtx, image.Rectangle{Max: d.Size}, gtx.Dp(theme.RadiusModal))
		call.Add(gtx.Ops)
		return d
	})
}

func (s *sheet) drawFigures(at placer) {
	th := s.th
	for i, c := range []color.NRGBA{th.Pri, th.Raw.Fill, th.Bulk.Fill, th.Packing.Fill, th.Finished.Fill, th.OK.Fill, th.Warn.Fill, th.Danger.Fill, th.Info.Fill, th.Hold.Fill} {
		at(552+i*86, 838, 78, 38, func(gtx layout.Context) layout.Dimensions {
			theme.Fill(gtx.Ops, image.Rectangle{Max: gtx.Constraints.Max}, gtx.Dp(9), c)
			return layout.Dimensions{}
		})
	}
	line := []float32{2, 3, 2.5, 4, 3.5, 5, 4.2, 6, 5.5, 7}
	at(552, 892, 270, 98, func(gtx layout.Context) layout.Dimensions {
		return KPI{Label: "Purchases, February", Value: "₹ 8,64,250", Note: "11 receipts", Trend: "8 %", Icon: theme.IconTrendingUp,
			Good: th.OK, Line: line, Color: th.Raw.Fill, Spoken: "rising"}.Layout(gtx, th)
	})
	at(840, 892, 260, 100, func(gtx layout.Context) layout.Dimensions {
		return Column(gtx, 16,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return PartBar(gtx, th, []float32{33, 22, 15, 15, 12}, th.Raw.Fill, "Turmeric first")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return BarThick(gtx, th, .65, .55, th.Danger.Fill, "Loss 6.5 %")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return Bar(gtx, th, .4, 0, th.Warn.Fill, "6.250 of 15.000 kg")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return Rule(gtx, th) }))
	})
	at(1118, 892, 280, 70, func(gtx layout.Context) layout.Dimensions {
		return LineChart(gtx, th, line, 4, th.Finished.Fill, "rising")
	})
	at(1140, 972, 110, 70, func(gtx layout.Context) layout.Dimensions {
		return Gauge{Value: 3.5, Good: 4, Limit: 5.5, Max: 10, Low: "0 %", High: "10 %", Name: "Loss 3.5 %"}.Layout(gtx, th)
	})
	at(1280, 1000, 60, 30, func(gtx layout.Context) layout.Dimensions {
		return Row(gtx, 6,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return StatusDisc(gtx, th, th.OK, theme.IconCheck, 0)
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return RadioMark(gtx, th, true) }))
	})
	at(840, 1000, 500, 30, func(gtx layout.Context) layout.Dimensions {
		return Row(gtx, 10,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return Spinner(gtx, th, 18, th.T2) }),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return Text(gtx, th, th.Type.Body.Mono(), th.T1, "7C41-E90B-2FD8-A356")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return IconTile(gtx, th, th.Raw, theme.IconWheat, 28, 8, 16)
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return IconTile(gtx, th, th.Bulk, theme.IconFlaskConical, 28, 8, 16)
			}))
	})
}

func TestScreenshotsComponents(t *testing.T) {
	for _, c := range []struct {
		name string
		o    theme.Options
	}{
		{"components-light", theme.Options{}},
		{"components-dark", theme.Options{Dark: true}},
		{"components-contrast", theme.Options{HighContrast: true}},
		{"components-150", theme.Options{Zoom: 150}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSheet(c.o)
			z := s.th.Options().Zoom
			w, h := 1440*z/100, 1070*z/100
			ui := uitest.New(t, uitest.NewClock(time.Date(2026, 2, 14, 9, 0, 0, 0, time.UTC)), w, h, s.layout)
			ui.Fill("Focus", "200.0")
			img, err := shot.Image(w, h, &ui.Ops)
			if err != nil {
				t.Fatal(err)
			}
			if same := img.RGBAAt(5, 5); same.A != 255 {
				t.Fatalf("nothing was drawn: corner is %v", same)
			}
			if Pictures != "" {
				if err := shot.Write(filepath.Join(Pictures, c.name+".png"), img); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
