package ui

import (
	"slices"

	"gioui.org/layout"

	"masala/ui/screen"
	"masala/ui/theme"
	"masala/ui/widget"
)

// dialogs is a stack of questions and sheets: only the topmost can be used.
type dialogs struct {
	stack []*dialog
}

// dialog is a question or a screen's own sheet.
type dialog struct {
	modal    widget.Modal
	question screen.Question
	sheet    screen.Dialog
	begun    bool // the sheet has been given the keyboard
}

// Ask puts a question over the window.
func (w *Window) Ask(q screen.Question) { w.dialogs.push(&dialog{question: q}); w.Invalidate() }

// Show puts a dialog over the window.
func (w *Window) Show(d screen.Dialog) {
	w.dialogs.push(&dialog{sheet: d})
	w.onceDrawn(func() { w.log.Info("opened", "dialog", d.Title()) })
}

func (d *dialogs) push(x *dialog) {
	x.modal.Show()
	d.stack = append(d.stack, x)
}

func (d *dialogs) open() bool { return len(d.stack) > 0 }

func (d *dialogs) holds(x *dialog) bool { return slices.Contains(d.stack, x) }

// dirty reports whether a dialog holds something unsaved.
func (d *dialogs) dirty() bool {
	return slices.ContainsFunc(d.stack, func(x *dialog) bool {
		s, ok := x.sheet.(screen.Unsaved)
		return ok && s.Dirty()
	})
}

func (d *dialogs) clear() { d.stack = nil }

// drop takes one dialog away, wherever in the stack it is by now.
func (d *dialogs) drop(x *dialog) {
	for i, y := range d.stack {
		if y == x {
			if s, ok := x.sheet.(screen.Unsaved); ok {
				s.Left()
			}
			d.stack = append(d.stack[:i:i], d.stack[i+1:]...)
			return
		}
	}
}

// under is the context of all that lies below.
func (d *dialogs) under(gtx layout.Context) layout.Context {
	if d.open() {
		return gtx.Disabled()
	}
	return gtx
}

func (d *dialogs) layout(gtx layout.Context, w *Window) {
	for i, x := range append([]*dialog(nil), d.stack...) {
		in := gtx
		if i < len(d.stack)-1 {
			in = gtx.Disabled()
		}
		x.layout(in, w, func() {
			d.drop(x)
			if x.sheet != nil {
				w.log.Info("closed", "dialog", x.sheet.Title())
			}
			w.Invalidate()
		})
	}
}

// shut closes a dialog, after asking if it holds something unsaved.
func (w *Window) shut(x *dialog, shut func()) {
	if s, ok := x.sheet.(screen.Unsaved); !ok || !s.Dirty() {
		shut()
		return
	}
	w.Ask(screen.Question{Title: closeQuestion, Text: w.draftNote(), Answers: []screen.Answer{
		{Label: "Stay"}, {Label: "Close", Danger: true, Do: shut},
	}})
}

func (x *dialog) layout(gtx layout.Context, w *Window, shut func()) {
	if x.sheet != nil {
		f, own := x.sheet.(screen.Focuser)
		look := widget.ModalLook{Title: x.sheet.Title(), Width: x.sheet.Width(), KeepFocus: own,
			Body:    func(gtx layout.Context) layout.Dimensions { return x.sheet.Layout(gtx, shut) },
			Choices: []widget.Choice{{Text: "Close", Safe: true, Key: "Esc"}}}
		decider, _ := x.sheet.(screen.Decider)
		if decider != nil {
			look.Choices = decider.Choices()
		}
		if own && !x.begun && gtx.Enabled() {
			x.begun = true
			f.Focus(gtx)
		}
		if i, ok := x.modal.Chosen(gtx); ok {
			asking := func() { w.shut(x, shut) }
			switch {
			case decider == nil:
				asking()
			case i == 0:
				decider.Choose(i, asking)
			default:
				decider.Choose(i, shut)
			}
		}
		x.modal.Layout(gtx, w.theme, look)
		return
	}
	if i, ok := x.modal.Chosen(gtx); ok {
		shut()
		if i < len(x.question.Answers) {
			if do := x.question.Answers[i].Do; do != nil {
				do()
			}
		}
		return
	}
	look := widget.ModalLook{Title: x.question.Title, Text: x.question.Text, Icon: theme.IconTriangleAlert, Tone: w.theme.Warn}
	for i, a := range x.question.Answers {
		c := widget.Choice{Text: a.Label, Safe: i == 0}
		if a.Danger {
			c.Kind = widget.Danger
		}
		look.Choices = append(look.Choices, c)
	}
	x.modal.Layout(gtx, w.theme, look)
}
