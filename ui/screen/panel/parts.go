package panel

import (
	"image"
	"time"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/core"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Fact is a line of the details: what it is at the left, its value at the right.
type Fact struct{ What, Value string }

// Facts draws lines of details, 26 high each. A Fact without value is left out.
func Facts(gtx layout.Context, th *theme.Theme, facts ...Fact) layout.Dimensions {
	w, h, y := gtx.Constraints.Max.X, gtx.Dp(27), 0
	s := th.Type.Body
	for _, f := range facts {
		if f.Value == "" {
			continue
		}
		area := clip.Rect(image.Rect(0, y, w, y+h)).Push(gtx.Ops)
		semantic.DescriptionOp(f.What).Add(gtx.Ops)
		semantic.LabelOp(f.Value).Add(gtx.Ops)
		area.Pop()
		top := y + (h-gtx.Sp(s.Line))/2
		d := widget.At(gtx, 0, top, w, h, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, s, th.T2, f.What, "")
		})
		left := d.Size.X + gtx.Dp(theme.S12)
		value := min(widget.TextWidth(gtx, th, s.Semi(), f.Value), max(w-left, 0))
		widget.At(gtx, w-value, top, value, h, func(gtx layout.Context) layout.Dimensions {
			return widget.TextAs(gtx, th, s.Semi(), th.T1, f.Value, "")
		})
		y += h
	}
	return layout.Dimensions{Size: image.Pt(w, y)}
}

// Figure draws a big value on a soft ground: "On hand", "159.600 kg".
func Figure(gtx layout.Context, th *theme.Theme, t theme.Tone, what, value string) layout.Dimensions {
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(58))
	r := image.Rectangle{Max: size}
	theme.Fill(gtx.Ops, r, gtx.Dp(theme.RadiusField), t.Soft)
	area := clip.Rect(r).Push(gtx.Ops)
	semantic.DescriptionOp(what).Add(gtx.Ops)
	semantic.LabelOp(value).Add(gtx.Ops)
	area.Pop()
	pad := gtx.Dp(theme.S12)
	widget.At(gtx, pad, gtx.Dp(8), size.X-2*pad, size.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.TextAs(gtx, th, th.Type.Label, t.Text, what, "")
	})
	s := th.Type.T18
	if widget.TextWidth(gtx, th, s, value) > size.X-2*pad {
		s = th.Type.Card.Bold()
	}
	widget.At(gtx, pad, gtx.Dp(26)+(gtx.Sp(th.Type.T18.Line)-gtx.Sp(s.Line))/2, size.X-2*pad, size.Y, func(gtx layout.Context) layout.Dimensions {
		return widget.TextAs(gtx, th, s, th.T1, value, "")
	})
	return layout.Dimensions{Size: size}
}

// Title draws the heading of a part of the body.
func Title(gtx layout.Context, th *theme.Theme, text string) layout.Dimensions {
	return widget.Text(gtx, th, th.Type.Body.Semi(), th.T1, text)
}

// Named draws a record's name, its Hindi name beside it where there is room.
func Named(gtx layout.Context, th *theme.Theme, s theme.Style, name, hindi string) layout.Dimensions {
	w := gtx.Constraints.Max.X
	in := gtx
	in.Constraints.Min = image.Point{}
	d := widget.Text(in, th, s, th.T2, name)
	if x := d.Size.X + gtx.Dp(8); hindi != "" && x+widget.TextWidth(gtx, th, th.Type.Label, hindi) <= w {
		widget.At(gtx, x, (d.Size.Y-gtx.Sp(th.Type.Label.Line))/2, w-x, d.Size.Y, func(gtx layout.Context) layout.Dimensions {
			return widget.Text(gtx, th, th.Type.Label, th.T3, hindi)
		})
	}
	return layout.Dimensions{Size: image.Pt(w, d.Size.Y)}
}

// Strip is a sentence on a soft ground with what can be done about it at the right:
// a draft to resume, a refusal, what was just posted. It is not a banner of the
// window, it belongs to the page.
func Strip(gtx layout.Context, th *theme.Theme, t theme.Tone, icon theme.Icon, text string, rest layout.Widget) layout.Dimensions {
	w, pad := gtx.Constraints.Max.X, gtx.Dp(theme.S12)
	var right layout.Dimensions
	var call op.CallOp
	if rest != nil {
		m := op.Record(gtx.Ops)
		in := gtx
		in.Constraints = layout.Constraints{Max: image.Pt(w/2, gtx.Constraints.Max.Y)}
		right = rest(in)
		call = m.Stop()
	}
	left := pad + gtx.Dp(16+8)
	m := op.Record(gtx.Ops)
	in := gtx
	end := w - left - pad
	if right.Size.X > 0 {
		end -= right.Size.X + pad
	}
	in.Constraints = layout.Constraints{Max: image.Pt(max(end, 0), gtx.Constraints.Max.Y)}
	d := widget.Para(in, th, th.Type.Body, t.Text, text)
	words := m.Stop()
	h := max(d.Size.Y+gtx.Dp(18), right.Size.Y+gtx.Dp(10), gtx.Dp(40))
	r := image.Rect(0, 0, w, h)
	theme.Fill(gtx.Ops, r, gtx.Dp(theme.RadiusField), t.Soft)
	place := func(x, y int, c op.CallOp) {
		defer op.Offset(image.Pt(x, y)).Push(gtx.Ops).Pop()
		c.Add(gtx.Ops)
	}
	widget.At(gtx, pad, (h-gtx.Dp(16))/2, w, h, func(gtx layout.Context) layout.Dimensions {
		return th.IconStroke(gtx, icon, 16, 2, t.Text)
	})
	place(left, (h-d.Size.Y)/2, words)
	if right.Size.X > 0 {
		place(w-pad-right.Size.X, (h-right.Size.Y)/2, call)
	}
	return layout.Dimensions{Size: r.Max}
}

// Nothing draws, in the middle of the card a list would fill, that there is nothing
// to show, and the key or words that go on from here.
func Nothing(gtx layout.Context, th *theme.Theme, icon theme.Icon, sentence, next string) layout.Dimensions {
	size := gtx.Constraints.Max
	th.PaintCard(gtx, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard))
	return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		return widget.Empty(gtx, th, icon, sentence, next)
	})
}

// Failed draws, in place of a list, why it could not be read, with a way to try
// again.
func Failed(gtx layout.Context, th *theme.Theme, sentence string, retry *widget.Button) layout.Dimensions {
	size := gtx.Constraints.Max
	th.PaintCard(gtx, image.Rectangle{Max: size}, gtx.Dp(theme.RadiusCard))
	return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(420))
		return layout.Flex{Axis: layout.Vertical, Alignment: layout.Middle, Gap: gtx.Dp(theme.S12)}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return widget.ParaCenter(gtx, th, th.Type.Body, th.T2, sentence)
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return retry.Layout(gtx, th, widget.ButtonLook{Text: "Retry", Icon: theme.IconRotateCw})
			}))
	})
}

// Command is a button at the foot of a panel.
type Command struct {
	Button *widget.Button
	Look   widget.ButtonLook
}

// Buttons draws commands side by side, equally wide.
func Buttons(gtx layout.Context, th *theme.Theme, list ...Command) layout.Dimensions {
	var row []layout.FlexChild
	for _, c := range list {
		row = append(row, layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			c.Look.Wide = true
			return c.Button.Layout(gtx, th, c.Look)
		}))
	}
	return widget.Row(gtx, theme.S8, row...)
}

// NoMatch draws, in place of a list, that the filter leaves nothing over.
func NoMatch(gtx layout.Context, th *theme.Theme, sentence string, clear *widget.Button) layout.Dimensions {
	th.PaintCard(gtx, image.Rectangle{Max: gtx.Constraints.Max}, gtx.Dp(theme.RadiusCard))
	return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		return layout.Flex{Axis: layout.Vertical, Alignment: layout.Middle, Gap: gtx.Dp(theme.S12)}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(300))
				return widget.Empty(gtx, th, theme.IconSearch, sentence, "")
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return clear.Layout(gtx, th, widget.ButtonLook{Text: "Clear filters"})
			}))
	})
}

// Changed says who changed a record last and when.
func Changed(s core.Stamp, zone *time.Location) string {
	if s.UpdatedBy == "" {
		return ""
	}
	return "last changed by " + s.UpdatedBy + ", " + s.UpdatedAt.In(zone).Format("02-Jan-2006, 15:04")
}
