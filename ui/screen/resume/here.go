package resume

import (
	"context"

	giokey "gioui.org/io/key"
	"gioui.org/layout"

	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/panel"
	"masala/ui/theme"
	"masala/ui/widget"
)

// Here offers a draft back inside the form it belongs to, the newest first.
type Here struct {
	Draft *form.Draft // nil while there is none

	env             *screen.Env
	fits            func(form.Draft) bool
	discard, resume widget.Button
	gen             int
}

// NewHere offers drafts that fit the form; Look reads them.
func NewHere(env *screen.Env, fits func(form.Draft) bool) *Here { return &Here{env: env, fits: fits} }

// Look looks for a draft on this PC.
func (h *Here) Look() {
	h.gen++
	gen := h.gen
	h.env.Shell.Go(func(context.Context) func() {
		list, _, err := h.env.Drafts.List()
		if err != nil {
			return nil // the page after the login says what it can
		}
		return func() {
			if gen != h.gen {
				return
			}
			h.Draft = nil
			for _, d := range list {
				if h.fits(d) {
					h.Draft = &d
					return
				}
			}
		}
	})
}

// Find takes one draft without a question: the user came here to resume it.
func (h *Here) Find(key string, take func(form.Draft)) {
	h.env.Shell.Go(func(context.Context) func() {
		list, _, err := h.env.Drafts.List()
		if err != nil {
			return nil
		}
		return func() {
			for _, d := range list {
				if d.Key == key && h.fits(d) {
					take(d)
					return
				}
			}
		}
	})
}

// Newest takes the newest draft without a question: nothing was begun with it.
func (h *Here) Newest(take func(form.Draft)) {
	h.env.Shell.Go(func(context.Context) func() {
		list, _, err := h.env.Drafts.List()
		if err != nil {
			return nil
		}
		return func() {
			for _, d := range list {
				if h.fits(d) {
					take(d)
					return
				}
			}
		}
	})
}

// Take gives the offered draft to the form.
func (h *Here) Take() (d form.Draft, ok bool) {
	if h == nil || h.Draft == nil {
		return d, false
	}
	d, h.Draft = *h.Draft, nil
	h.gen++
	return d, true
}

// Discard throws the offered draft away and offers the one before it.
func (h *Here) Discard() {
	d, ok := h.Take()
	if !ok {
		return
	}
	h.env.Shell.Go(func(context.Context) func() {
		err := h.env.Drafts.Forget(d.Key)
		return func() {
			if err != nil {
				h.env.Shell.Toast(screen.Toast{Error: true, Text: NotRemoved})
				return
			}
			h.Look()
		}
	})
}

// Actions is the offer by keyboard; nothing when there is none.
func (m *Model) Actions() []screen.Action {
	if len(m.Drafts) == 0 {
		return nil
	}
	return []screen.Action{{Name: "Resume " + m.Title(), Icon: theme.IconPlay, Key: key, Do: m.Resume, Keyword: "draft, unsaved"}}
}

// key resumes, wherever a draft is offered.
var key = screen.Shortcut{Mods: giokey.ModCtrl, Name: "R"}

// NotRemoved is said when a draft could not be deleted.
const NotRemoved = "The draft could not be removed from this PC. It will be offered again."

// Update reports the draft that the user takes.
func (h *Here) Update(gtx layout.Context) (d form.Draft, ok bool) {
	if h == nil {
		return d, false
	}
	if h.discard.Clicked(gtx) {
		h.Discard()
	}
	if h.resume.Clicked(gtx) {
		return h.Take()
	}
	return d, false
}

// Actions is the offer by keyboard; nothing when there is none.
func (h *Here) Actions(take func(form.Draft)) []screen.Action {
	if h == nil || h.Draft == nil {
		return nil
	}
	return []screen.Action{{Name: "Resume " + h.Draft.Title, Icon: theme.IconPlay, Key: key, Keyword: "draft, unsaved", Do: func() {
		if d, ok := h.Take(); ok {
			take(d)
		}
	}}}
}

// Layout draws the offer over the width given.
func (h *Here) Layout(gtx layout.Context, th *theme.Theme) layout.Dimensions {
	text := h.Draft.Offer(h.env.Clock.Now(), h.env.Zone)
	buttons := func(gtx layout.Context) layout.Dimensions {
		return widget.Row(gtx, theme.S8,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return h.discard.Layout(gtx, th, widget.ButtonLook{Text: "Discard", Height: theme.ButtonSmall})
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return h.resume.Layout(gtx, th, widget.ButtonLook{Text: "Resume", Kind: widget.Primary, Height: theme.ButtonSmall})
			}))
	}
	if gtx.Constraints.Max.X > gtx.Dp(560) {
		return panel.Strip(gtx, th, th.Warn, theme.IconHistory, text, buttons)
	}
	return widget.Column(gtx, theme.S8,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return panel.Strip(gtx, th, th.Warn, theme.IconHistory, text, nil)
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.E.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min = gtx.Constraints.Min.Mul(0)
				return buttons(gtx)
			})
		}))
}
