// Package entry is what the short forms before and around the work share: lines tied
// to the fields of a form, and the frame of the screens before the login.
package entry

import (
	"gioui.org/layout"

	"masala/ui/form"
	"masala/ui/theme"
	"masala/ui/widget"
	"masala/ui/widget/input"
)

// Line shows one field.
type Line struct {
	Model *form.Field
	input.Text

	eye bool // a button that Tab stops at is in the line
}

// Group is the lines of a form in the order of Enter.
type Group []*Line

// Lines makes a group of lines for fields.
func Lines(fields ...*form.Field) Group {
	g := make(Group, len(fields))
	for i, f := range fields {
		g[i] = &Line{Model: f}
	}
	return g
}

// Update takes in what was typed; it reports whether Enter was struck on the last
// line. Call it before the layout.
func (g Group) Update(gtx layout.Context) (submitted bool) {
	for i, l := range g {
		l.Text.Tabs(i < len(g)-1 && !l.eye, i > 0 && !g[i-1].eye)
		for {
			e, ok := l.Text.Update(gtx, l.Model)
			if !ok {
				break
			}
			switch {
			case e.Kind == input.Submitted && i == len(g)-1:
				submitted = true
			case e.Kind == input.Submitted, e.Kind == input.Next:
				g[i+1].FocusNow(gtx)
			case (e.Kind == input.Back || e.Kind == input.Previous) && i > 0:
				g[i-1].FocusNow(gtx)
			}
		}
	}
	return submitted
}

// Focus gives the keyboard to the line of a field, or for nil to the first one.
func (g Group) Focus(f *form.Field) {
	for _, l := range g {
		if f == nil || l.Model == f {
			l.Text.Focus()
			return
		}
	}
}

// Layout draws the line; look adds what the model does not know.
func (l *Line) Layout(gtx layout.Context, th *theme.Theme, look widget.FieldLook) layout.Dimensions {
	l.eye = look.Password
	m := input.Look(l.Model)
	look.Label, look.Required, look.Error, look.Warning = m.Label, m.Required, m.Error, m.Warning
	look.ReadOnly = look.ReadOnly || m.ReadOnly
	if look.Hint == "" {
		look.Hint = m.Hint
	}
	return l.Text.Layout(gtx, th, l.Model, look)
}
