package license

import (
	"io"

	"gioui.org/io/clipboard"
	"gioui.org/io/event"
	"gioui.org/io/transfer"
	"gioui.org/layout"
	"gioui.org/unit"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
)

// loader is the dialog that takes a license file: its text, or where it lies.
type loader struct {
	s     *Screen
	field widget.Field
	load  widget.Button
	paste widget.Button
	tag   int // address: what the clipboard answers to
}

// Title heads the dialog.
func (*loader) Title() string { return "Load license.key" }

// Width of the dialog.
func (*loader) Width() unit.Dp { return 620 }

// Focus gives the keyboard to the field.
func (l *loader) Focus(layout.Context) { l.field.Focus() }

// Dirty reports that something was put in.
func (l *loader) Dirty() bool { return l.s.Form.Dirty() }

func (l *loader) resume(d form.Draft) {
	l.s.kept.Resume(d)
	l.field.SetText(l.s.File.Text)
}

// Left keeps the draft.
func (l *loader) Left() { l.s.Left() }

func (l *loader) update(gtx layout.Context, shut func()) {
	if d, ok := l.s.Offer.Update(gtx); ok {
		l.resume(d)
	}
	if l.field.Changed(gtx) {
		l.s.File.Set(l.field.Text())
	}
	if l.paste.Clicked(gtx) {
		gtx.Execute(clipboard.ReadCmd{Tag: &l.tag})
	}
	for {
		e, ok := gtx.Event(transfer.TargetFilter{Target: &l.tag, Type: "application/text"})
		if !ok {
			break
		}
		if d, ok := e.(transfer.DataEvent); ok {
			l.take(d.Open())
		}
	}
	if l.load.Clicked(gtx) {
		l.s.Load(shut)
	}
}

// take puts what the clipboard holds into the field.
func (l *loader) take(r io.ReadCloser) {
	defer r.Close()
	if b, err := io.ReadAll(io.LimitReader(r, 1<<20)); err == nil {
		l.s.File.Set(string(b))
		l.field.SetText(l.s.File.Text)
	}
}

// Layout draws the field and the buttons.
func (l *loader) Layout(gtx layout.Context, shut func()) layout.Dimensions {
	l.update(gtx, shut)
	th, m := l.s.th, l.s.Model
	event.Op(gtx.Ops, &l.tag)
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return widget.Column(gtx, 12,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			if m.Offer.Draft == nil || m.Form.Dirty() {
				return layout.Dimensions{}
			}
			return m.Offer.Layout(gtx, th)
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Field, th.T2, "Paste the whole text of the file that support sent, or type where it lies on this PC. It can also be put into the data folder of the server. A clock reset is loaded the same way.")
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return l.field.Layout(gtx, th, widget.FieldLook{Label: m.File.Label, Required: true, Error: m.File.Error, Lines: 8, Style: th.Type.Body.Mono(), KeepNote: true})
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Row(gtx, 8,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return l.paste.Layout(gtx, th, widget.ButtonLook{Text: "Paste", Icon: theme.IconClipboardList})
				}),
				widget.Grow(),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					return l.load.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Load license", Icon: theme.IconKeyRound, Busy: m.Busy, BusyText: "Checking"})
				}))
		}))
}
