//go:build linux && cgo

package widget_test

import (
	"image"
	"path/filepath"
	"testing"
	"time"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"masala/ui/shot"
	"masala/ui/theme"
	"masala/ui/widget"
)

// TestScreenshotsLayers pictures what lies above a page: dialog, toast, popover, tooltip.
func TestScreenshotsLayers(t *testing.T) {
	for name, o := range map[string]theme.Options{"layers-light": {}, "layers-dark": {Dark: true}} {
		t.Run(name, func(t *testing.T) {
			th := theme.New(o)
			var m widget.Modal
			var toasts widget.Toasts
			var p widget.Popover
			var f, g widget.Field
			var bell widget.IconButton
			page := func(gtx layout.Context) layout.Dimensions {
				paint.FillShape(gtx.Ops, th.Canvas, clip.Rect{Max: gtx.Constraints.Max}.Op())
				under := m.Under(gtx)
				widget.At(under, 40, 30, 300, 200, func(gtx layout.Context) layout.Dimensions {
					d := f.Layout(gtx, th, widget.FieldLook{Label: "Item", Required: true, Placeholder: "Code or name"})
					p.Layout(gtx, th, image.Pt(d.Size.X, d.Size.Y), widget.PopoverLook{Width: 320}, func(gtx layout.Context) layout.Dimensions {
						return layout.UniformInset(12).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
							return widget.Column(gtx, 8,
								layout.Rigid(func(gtx layout.Context) layout.Dimensions {
									return widget.Text(gtx, th, th.Type.Body.Semi(), th.T1, "Green cardamom (7 mm)  छोटी इलायची")
								}),
								layout.Rigid(func(gtx layout.Context) layout.Dimensions {
									return widget.Text(gtx, th, th.Type.Body.Semi(), th.T1, "Cassia / cinnamon bark  दालचीनी")
								}))
						})
					})
					return d
				})
				widget.At(under, 420, 30, 300, 200, func(gtx layout.Context) layout.Dimensions {
					return g.Layout(gtx, th, widget.FieldLook{Label: "Received on"})
				})
				widget.At(under, 780, 40, 300, 200, func(gtx layout.Context) layout.Dimensions {
					return bell.Layout(gtx, th, widget.IconLook{Icon: theme.IconBell, Name: "Messages", Key: "F2"})
				})
				toasts.Layout(under, th)
				return m.Layout(gtx, th, widget.ModalLook{
					Icon: theme.IconTriangleAlert, Tone: th.Warn, Title: "You have unsaved changes. Close anyway?",
					Text:    "GRN-20260212-001 has 3 lines. The draft stays on this PC.",
					Choices: []widget.Choice{{Text: "Close", Kind: widget.Danger}, {Text: "Keep working", Kind: widget.Primary, Safe: true, Key: "Esc"}},
				})
			}
			ui := drive(t, page)
			ui.Resize(900, 560, 1)
			g.SetText("12-Feb-2026")
			p.Show()
			toasts.Show(widget.Toast{Text: "GRN-20260212-001 posted", Action: "Print", Key: "Ctrl P"})
			ui.Settle()
			picture(t, name+"-1", &ui.Ops)
			p.Hide()
			ui.Settle()
			ui.Hover("Messages")
			ui.Advance(time.Second)
			picture(t, name+"-2", &ui.Ops)
			m.Show()
			ui.Settle()
			picture(t, name+"-3", &ui.Ops)
		})
	}
}

func picture(t *testing.T, name string, ops *op.Ops) {
	t.Helper()
	img, err := shot.Image(900, 560, ops)
	if err != nil {
		t.Fatal(err)
	}
	if widget.Pictures != "" {
		if err := shot.Write(filepath.Join(widget.Pictures, name+".png"), img); err != nil {
			t.Fatal(err)
		}
	}
}
