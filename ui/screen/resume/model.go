// Package resume offers a form back that was not finished: after a crash, a power cut
// or a login that ended (RESILIENCE 2.1).
package resume

import (
	"context"
	"slices"

	"masala/ui/form"
	"masala/ui/screen"
)

// Model is the newest draft of the user that an open screen can take back.
type Model struct {
	env     *screen.Env
	Drafts  []form.Draft // newest first
	Damaged int          // draft files that could not be read
}

// NewModel makes the offer; Read fills it.
func NewModel(env *screen.Env) *Model { return &Model{env: env} }

// Read looks for drafts on this PC.
func (m *Model) Read() {
	m.env.Shell.Go(func(context.Context) func() {
		list, damaged, err := m.env.Drafts.List()
		if err != nil {
			return nil
		}
		return func() {
			m.Damaged = damaged
			m.Drafts = slices.DeleteFunc(list, func(d form.Draft) bool { _, ok := m.opener(d); return !ok })
		}
	})
}

// opener finds the screen that takes a kind of draft back.
func (m *Model) opener(d form.Draft) (screen.Entry, bool) {
	for _, e := range m.env.Shell.Menu() {
		if slices.Contains(e.Resumes, d.Kind) {
			return e, true
		}
	}
	return screen.Entry{}, false
}

// Offer is the question, "" when there is nothing to resume.
func (m *Model) Offer() string {
	if len(m.Drafts) == 0 {
		return ""
	}
	return m.Drafts[0].Offer(m.env.Clock.Now(), m.env.Zone)
}

// Note says more of the draft.
func (m *Model) Note() string {
	if len(m.Drafts) == 0 {
		return ""
	}
	note := "Saved on this PC at " + m.Drafts[0].Saved.In(m.env.Zone).Format("15:04") + "."
	if about := m.Drafts[0].About; about != "" {
		note = about + ". " + note
	}
	if m.Drafts[0].Submitted {
		note = "It was being sent when the connection ended. Sending it again has no second effect."
	}
	switch n := len(m.Drafts) - 1; {
	case n == 1:
		note += " There is one older draft."
	case n > 1:
		note += " There are older drafts."
	}
	return note
}

// Title is what the newest draft is: "GRN".
func (m *Model) Title() string {
	if len(m.Drafts) == 0 {
		return ""
	}
	return m.Drafts[0].Title
}

// Resume opens the newest draft in its screen.
func (m *Model) Resume() {
	if len(m.Drafts) == 0 {
		return
	}
	d := m.Drafts[0]
	if e, ok := m.opener(d); ok {
		r := e.Start
		r.ID, r.New, r.Draft = e.ID, true, d.Key
		m.env.Shell.Navigate(r)
	}
}

// Discard asks, then removes the newest draft.
func (m *Model) Discard() {
	if len(m.Drafts) == 0 {
		return
	}
	d := m.Drafts[0]
	m.env.Shell.Ask(screen.Question{Title: "Discard this " + d.Title + "?", Text: "What was typed into it is lost.", Answers: []screen.Answer{
		{Label: "Keep it"},
		{Label: "Discard", Danger: true, Do: func() {
			m.Drafts = slices.DeleteFunc(m.Drafts, func(x form.Draft) bool { return x.Key == d.Key })
			m.env.Shell.Go(func(context.Context) func() {
				if err := m.env.Drafts.Forget(d.Key); err != nil {
					return func() {
						m.env.Shell.Toast(screen.Toast{Text: "The draft could not be removed. Try again.", Error: true})
						m.Read()
					}
				}
				return nil
			})
		}},
	}})
}
