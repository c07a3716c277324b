package paired

import (
	"fmt"
	"image"
	"strings"
	"time"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"
	giowidget "gioui.org/widget"

	"masala/core"
	"masala/core/account"
	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// View draws the list on a card.
type View struct {
	*Model
	list   giowidget.List
	revoke []widget.Button
	pair   widget.Button
}

// NewView draws m.
func NewView(m *Model) *View {
	v := &View{Model: m}
	v.list.Axis = layout.Vertical
	return v
}

// Action is how a new PC joins.
func (v *View) Action() screen.Action {
	return screen.Action{Name: "Pair a new PC", Icon: theme.IconMonitorSmartphone, Key: screen.Shortcut{Mods: key.ModCtrl | key.ModShift, Name: "P"}, Do: v.Pair}
}

// Layout draws head and list over exactly the space given; with button the head has
// the one that pairs.
func (v *View) Layout(gtx layout.Context, button bool) layout.Dimensions {
	th, size := v.env.Theme, gtx.Constraints.Max
	if v.pair.Clicked(gtx) {
		v.Pair()
	}
	for len(v.revoke) < len(v.Devices) {
		v.revoke = append(v.revoke, widget.Button{})
	}
	return widget.CardFlush(gtx, th, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		widget.CardHead(gtx, th, theme.Tone{Text: th.T2}, theme.IconMonitorSmartphone, "PCs that may connect", func(gtx layout.Context) layout.Dimensions {
			if !button {
				return layout.Dimensions{}
			}
			h := gtx.Constraints.Max.Y
			gtx.Constraints.Min = image.Point{}
			return layout.E.Layout(exact(gtx, gtx.Constraints.Max.X, h), func(gtx layout.Context) layout.Dimensions {
				return v.pair.Layout(gtx, th, widget.ButtonLook{Text: "Pair a new PC", Icon: theme.IconPlus, Height: theme.ButtonSmall})
			})
		})
		head := gtx.Dp(46)
		if len(v.Devices) == 0 {
			if v.Loaded {
				widget.At(gtx, 0, head+gtx.Dp(16), size.X, size.Y-head, func(gtx layout.Context) layout.Dimensions {
					return widget.Empty(gtx, th, theme.IconMonitorSmartphone, "No other PC is paired", "Press Ctrl Shift P to pair the first one")
				})
			}
			return layout.Dimensions{Size: size}
		}
		widget.At(gtx, 0, head, size.X, size.Y-head, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = gtx.Constraints.Max
			return widget.List(gtx, th, &v.list, len(v.Devices), func(gtx layout.Context, i int) layout.Dimensions { return v.device(gtx, i, v.Devices[i]) })
		})
		return layout.Dimensions{Size: size}
	})
}

func exact(gtx layout.Context, w, h int) layout.Context {
	gtx.Constraints = layout.Exact(image.Pt(w, h))
	return gtx
}

func (v *View) device(gtx layout.Context, i int, d account.Device) layout.Dimensions {
	th, b := v.env.Theme, &v.revoke[i]
	if b.Clicked(gtx) {
		v.AskRevoke(d)
	}
	size, pad := image.Pt(gtx.Constraints.Max.X, gtx.Dp(48)), gtx.Dp(16)
	word := "Take trust back"
	if size.X < gtx.Dp(420) {
		word = "Revoke"
	}
	name := widget.At(gtx, pad, gtx.Dp(6), size.X-gtx.Dp(210), gtx.Sp(18), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Body.Semi(), th.T1, d.Name)
	})
	if v.Online(d) {
		x := pad + name.Size.X + gtx.Dp(10)
		widget.At(gtx, x, gtx.Dp(7), size.X-x, gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
			return widget.Lamp(gtx, th, th.OK, "connected", th.OK.Text)
		})
	}
	widget.At(gtx, pad, gtx.Dp(25), size.X-gtx.Dp(130), gtx.Sp(16), func(gtx layout.Context) layout.Dimensions {
		return widget.Text(gtx, th, th.Type.Label, th.T3, "paired "+core.DateOf(d.PairedAt, v.env.Zone).String()+", key "+short(d.Fingerprint))
	})
	gtx.Constraints.Min = image.Point{}
	m := op.Record(gtx.Ops)
	bd := b.Layout(gtx, th, widget.ButtonLook{Kind: widget.Danger, Text: word, Height: theme.ButtonSmall, Name: "Take trust back from " + d.Name})
	call := m.Stop()
	st := op.Offset(image.Pt(size.X-pad-bd.Size.X, gtx.Dp(9))).Push(gtx.Ops)
	call.Add(gtx.Ops)
	st.Pop()
	if i < len(v.Devices)-1 {
		theme.Fill(gtx.Ops, image.Rect(0, size.Y-gtx.Dp(1), size.X, size.Y), 0, th.Border)
	}
	return layout.Dimensions{Size: size}
}

// short is enough of a fingerprint to compare by eye.
func short(fingerprint string) string {
	if len(fingerprint) < 8 {
		return fingerprint
	}
	return fingerprint[:4] + " " + fingerprint[4:8]
}

// code shows the code of a new PC, big enough to be read across a desk.
type code struct {
	m    *Model
	copy widget.Button
}

// Title heads the dialog.
func (*code) Title() string { return "Pair a new PC" }

// Width of the dialog.
func (*code) Width() unit.Dp { return 560 }

// Layout draws the code and what to do with it.
func (c *code) Layout(gtx layout.Context, _ func()) layout.Dimensions {
	th, left := c.m.env.Theme, c.m.Left()
	c.m.Look()
	note := "This code has run out. Close this and press Ctrl Shift P for a new one."
	ink := th.TDis
	if left > 0 {
		ink = th.T1
		note = fmt.Sprintf("Works once, for another %d:%02d minutes.", int(left/time.Minute), int(left%time.Minute/time.Second))
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(time.Second)})
	}
	style := th.Type.T32.Mono()
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	rows := []layout.FlexChild{
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Field, th.T2, "On the new PC choose Client, then this server, and type:")
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(88))
			theme.Fill(gtx.Ops, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard), th.Surface2)
			widget.At(gtx, 0, (size.Y-gtx.Sp(style.Line))/2, size.X, size.Y, func(gtx layout.Context) layout.Dimensions {
				return widget.TextCenter(gtx, th, style, ink, c.m.Pairing.Code)
			})
			return layout.Dimensions{Size: size}
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.Field, th.T3, note) }),
	}
	return widget.Column(gtx, 12, append(rows, c.ways()...)...)
}

// ways says whether a new PC can reach this server at all: what is known, and what is
// not (RESILIENCE.md 3.4).
func (c *code) ways() (rows []layout.FlexChild) {
	th := c.m.env.Theme
	for _, name := range []string{"pairing", "addresses", "firewall", "others"} {
		w, ok := c.m.Way(name)
		if !ok || name == "pairing" && w.OK {
			continue
		}
		tone, icon := th.OK, theme.IconCircleCheck
		switch {
		case !w.OK:
			tone, icon = th.Warn, theme.IconTriangleAlert
		case name == "others":
			tone, icon = th.Neutral, theme.IconMonitorSmartphone
		}
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.RowTop(gtx, 10,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions { return th.Icon(gtx, icon, 17, tone.Text) }),
				layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
					return widget.Para(gtx, th, th.Type.Body, th.T2, w.Says)
				}))
		}))
		if len(w.Fix) > 0 {
			rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return c.fix(gtx, w.Fix) }))
		}
	}
	if len(rows) > 0 {
		rule := layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Rule(gtx, th) })
		rows = append([]layout.FlexChild{rule}, rows...)
	}
	return rows
}

// fix shows the commands that let other PCs in.
func (c *code) fix(gtx layout.Context, lines []string) layout.Dimensions {
	th, all := c.m.env.Theme, strings.Join(lines, "\n")
	if c.copy.Clicked(gtx) {
		screen.Copy(gtx, all)
		c.m.env.Shell.Toast(screen.Toast{Text: "Copied. Run it as administrator on the server PC."})
	}
	m := op.Record(gtx.Ops)
	d := layout.UniformInset(theme.S12).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return widget.Column(gtx, 8,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return widget.Para(gtx, th, th.Type.Label.Mono(), th.T1, all)
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min = image.Point{}
				return c.copy.Layout(gtx, th, widget.ButtonLook{Text: "Copy the commands", Icon: theme.IconCopy, Height: theme.ButtonSmall})
			}))
	})
	call := m.Stop()
	d.Size.X = gtx.Constraints.Max.X
	theme.Fill(gtx.Ops, image.Rectangle{Max: d.Size}, gtx.Dp(theme.RadiusField), th.Surface2)
	call.Add(gtx.Ops)
	return d
}
