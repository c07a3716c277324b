package ui

import (
	"context"

	"gioui.org/layout"
	"gioui.org/unit"

	"masala/core/account"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/entry"
	"masala/ui/screen/firstrun"
	"masala/ui/theme"
	"masala/ui/widget"
)

// password is the dialog in which a user changes his own password.
type password struct {
	w       *Window
	form    *form.Form
	present *form.Field
	fresh   *form.Field
	again   *form.Field
	lines   entry.Group
	save    widget.Button
	busy    bool
	done    bool
}

func (w *Window) changePassword() {
	p := &password{w: w, form: form.New(account.ChangePassword.Name, "password", w.deps.NewKey)}
	p.present = p.form.Add(form.Field{Path: "old", Label: "Present password", Required: true, Secret: true, Missing: "Enter your present password."})
	p.fresh = p.form.Add(form.Field{Path: "new", Label: "New password", Required: true, Secret: true, Missing: "Enter a new password."})
	p.again = p.form.Add(form.Field{Path: "again", Label: "New password again", Required: true, Secret: true, Missing: "Enter the new password a second time."})
	p.form.Check = func(_ *form.Form, fault func(path, sentence string)) {
		if p.again.Text != "" && p.again.Text != p.fresh.Text {
			fault("again", "The two passwords differ.")
		}
	}
	p.lines = entry.Lines(p.present, p.fresh, p.again)
	w.Show(p)
}

// Title heads the dialog.
func (*password) Title() string { return "Change your password" }

// Width of the dialog.
func (*password) Width() unit.Dp { return 480 }

// Dirty reports that something was typed.
func (p *password) Dirty() bool { return !p.done && p.form.Dirty() }

// Left forgets everything: passwords are in no draft.
func (p *password) Left() { p.form.Reset() }

// Focus begins at the present password.
func (p *password) Focus(layout.Context) { p.lines.Focus(nil) }

func (p *password) submit() {
	if p.busy {
		return
	}
	if bad := p.form.Validate(); bad != nil {
		p.lines.Focus(bad)
		return
	}
	req := account.ChangePasswordReq{Old: p.present.Text, New: p.fresh.Text}
	if bad := p.form.Apply(req.Validate()); bad != nil {
		p.lines.Focus(bad)
		return
	}
	p.busy = true
	s, key := p.w.session, p.form.Key()
	p.w.Go(func(ctx context.Context) func() {
		_, err := account.ChangePassword.Call(ctx, s.env.Caller, key, req)
		return func() {
			p.busy = false
			if err != nil {
				if p.form.Apply(err) == nil {
					p.form.Message = screen.Sentence(err)
				}
				return
			}
			p.done = true
			p.w.Toast(screen.Toast{Text: "Password changed"})
		}
	})
}

// Layout draws the three lines.
func (p *password) Layout(gtx layout.Context, shut func()) layout.Dimensions {
	if p.done {
		shut()
	}
	if p.lines.Update(gtx) || p.save.Clicked(gtx) {
		p.submit()
	}
	th := p.w.theme
	var rows []layout.FlexChild
	for _, l := range p.lines {
		look := widget.FieldLook{Password: true, KeepNote: true}
		if l.Model == p.fresh {
			_, look.Hint = firstrun.Strength(l.Model.Text)
		}
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return l.Layout(gtx, th, look) }), widget.Space(8))
	}
	if p.form.Message != "" {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Danger, theme.IconCircleAlert, p.form.Message)
		}), widget.Space(12))
	}
	rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return p.save.Layout(gtx, th, widget.ButtonLook{Kind: widget.Primary, Text: "Change password", Wide: true, Busy: p.busy, BusyText: "Changing"})
	}))
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}
