package grn

import (
	"masala/core/purchase"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/resume"
)

// SaveDraft writes the draft at once.
func (m *Model) SaveDraft() {
	if !m.Form.Dirty() || m.Busy {
		return
	}
	m.kept.SaveNow(func(err error) {
		said := screen.Toast{Text: "Draft saved"}
		if err != nil {
			said = screen.Toast{Error: true, Text: "The draft could not be saved on this PC. Free some disk space."}
		}
		m.env.Shell.Toast(said)
	})
}

// Look finds an unfinished GRN of this user and offers it; with a key it resumes that
// one at once.
func (m *Model) Look(key string) {
	if key == "" {
		m.Offer.Look()
		return
	}
	m.Offer.Find(key, func(d form.Draft) {
		if !m.Form.Dirty() {
			m.Resume(d)
		}
	})
}

func (m *Model) fits(d form.Draft) bool {
	return d.Kind == purchase.PostGRN.Name && d.Key != m.Form.Key()
}

// Resume fills the entry from a draft and takes its request key. The draft of an
// Operator takes today as the day of receipt (R7), unless it was sent already: then
// sending the same again must find its first answer (R36).
func (m *Model) Resume(d form.Draft) {
	m.Clear()
	m.kept.Resume(d)
	if d.Submitted {
		m.sentKey = d.Key
	}
	if !m.env.IsAdmin() && !d.Submitted && m.ReceivedOn.Date() != m.env.Today() {
		m.today()
	}
	m.identify()
	m.lookUp()
	m.Settle()
}

func (m *Model) today() {
	m.ReceivedOn.Choose("", m.env.Today().String(), "")
	m.Redated = true
}

// ResumeOffer takes the offered draft.
func (m *Model) ResumeOffer() {
	if d, ok := m.Offer.Take(); ok {
		m.Resume(d)
	}
}

// Sent reports that the entry was sent at least once and its effect is unknown.
func (m *Model) Sent() bool { return m.sentKey == m.Form.Key() }

// Discard throws this entry and its draft away.
func (m *Model) Discard() {
	if m.Busy {
		return
	}
	m.kept.Discard(func(err error) {
		if err != nil {
			m.env.Shell.Toast(screen.Toast{Error: true, Text: resume.NotRemoved})
		}
	})
	m.Clear()
	m.kept = m.env.Desk.Keep(m.Form)
	m.Offer.Look()
}
