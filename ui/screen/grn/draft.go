package grn

import (
	"context"
	"time"

	"masala/core/purchase"
	"masala/ui/form"
	"masala/ui/screen"
)

// Tick is called in every frame: it saves the draft when that is due and returns
// when to call again at the latest, zero while nothing changed.
func (m *Model) Tick(now time.Time) time.Time {
	if m.Busy {
		return time.Time{}
	}
	write, next := m.save.Tick(now)
	if write != nil {
		m.write(write, false)
	}
	return next
}

// SaveDraft writes the draft at once.
func (m *Model) SaveDraft() {
	if m.Form.Dirty() && !m.Busy {
		m.write(m.save.Now(), true)
	}
}

func (m *Model) write(write func() error, asked bool) {
	key := m.Form.Key()
	m.env.Shell.Go(func(context.Context) func() {
		err := write()
		return func() {
			if err == nil {
				if key == m.Form.Key() {
					m.saved = m.env.Clock.Now()
				}
				m.noDraft = false
				if asked {
					m.env.Shell.Toast(screen.Toast{Text: "Draft saved"})
				}
				return
			}
			if asked || !m.noDraft {
				m.env.Shell.Toast(screen.Toast{Error: true, Text: "The draft could not be saved on this PC. Free some disk space."})
			}
			m.noDraft = true
		}
	})
}

// Saved is when the draft of this entry was last written; zero while there is none.
func (m *Model) Saved() time.Time {
	if !m.Form.Dirty() {
		return time.Time{}
	}
	return m.saved
}

// Look finds an unfinished GRN of this user and offers it; with a key it resumes that
// one at once.
func (m *Model) Look(key string) {
	m.env.Shell.Go(func(context.Context) func() {
		list, _, err := m.env.Drafts.List()
		if err != nil {
			return nil
		}
		return func() {
			m.Offer = nil
			for _, d := range list {
				switch {
				case d.Kind != purchase.PostGRN.Name || d.Key == m.Form.Key():
				case key == "" && m.Offer == nil:
					m.Offer = &d
				case d.Key == key && !m.Form.Dirty():
					m.Resume(d)
					return
				}
			}
		}
	})
}

// Resume fills the entry from a draft and takes its request key. The draft of an
// Operator takes today as the day of receipt (R7), unless it was sent already: then
// sending the same again must find its first answer (R36).
func (m *Model) Resume(d form.Draft) {
	m.Clear()
	m.Form.Resume(d)
	m.save = form.NewAutosave(m.env.Drafts, m.Form, d.Submitted)
	m.Offer, m.saved = nil, d.Saved
	if d.Submitted {
		m.sentKey = d.Key
	}
	if !m.env.IsAdmin() && !d.Submitted && m.ReceivedOn.Date() != m.env.Today() {
		m.today()
	}
	m.identify()
	m.Settle()
}

func (m *Model) today() {
	m.ReceivedOn.Choose("", m.env.Today().String(), "")
	m.Redated = true
}

// ResumeOffer takes the offered draft.
func (m *Model) ResumeOffer() {
	if m.Offer != nil {
		m.Resume(*m.Offer)
	}
}

// DropOffer throws the offered draft away.
func (m *Model) DropOffer() {
	if m.Offer == nil {
		return
	}
	m.forget(m.Offer.Key)
	m.Offer = nil
}

// Sent reports that the entry was sent at least once and its effect is unknown.
func (m *Model) Sent() bool { return m.sentKey == m.Form.Key() }

// Discard throws this entry and its draft away.
func (m *Model) Discard() {
	if m.Busy {
		return
	}
	m.forget(m.Form.Key())
	m.Clear()
}

func (m *Model) forget(key string) {
	m.env.Shell.Go(func(context.Context) func() {
		if err := m.env.Drafts.Forget(key); err != nil {
			return func() {
				m.env.Shell.Toast(screen.Toast{Error: true, Text: "The draft could not be removed from this PC. It will be offered again."})
			}
		}
		return nil
	})
}
