// Package license is where an Admin sees how the license stands, copies the Hardware
// ID, loads a license file and confirms the date after the clock ran ahead.
package license

import (
	"context"
	"fmt"
	"strings"

	"masala/core"
	"masala/core/licence"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/resume"
)

// Model is the license page without its looks.
type Model struct {
	env    *screen.Env
	Status licence.StatusResp
	Loaded bool
	Fault  string // why the status could not be read

	Form *form.Form  // of the dialog that loads a file
	File *form.Field // text of the file, or where it is
	Busy bool

	Offer *resume.Here
	kept  *form.Kept
}

// NewModel makes the page's model; Reload reads the status.
func NewModel(env *screen.Env) *Model { return &Model{env: env} }

// Reload reads the status.
func (m *Model) Reload() {
	m.env.Shell.Go(func(ctx context.Context) func() {
		s, err := licence.Status.Call(ctx, m.env.Caller, "", licence.StatusReq{})
		return func() { m.answered(s, err) }
	})
}

func (m *Model) answered(s licence.StatusResp, err error) {
	if m.Fault = screen.Sentence(err); err == nil {
		m.Status, m.Loaded = s, true
	}
}

// Begin opens an empty form for a file.
func (m *Model) Begin() {
	m.Form = form.New(licence.Install.Name, "license", m.env.NewKey)
	m.File = m.Form.Add(form.Field{Path: "text", Label: "Text of license.key, or where the file is", Required: true,
		Missing: "Paste the text of license.key, or type where the file is."})
	m.kept = m.env.Desk.Keep(m.Form)
	m.Offer = resume.NewHere(m.env, func(d form.Draft) bool { return d.Kind == licence.Install.Name && d.Key != m.Form.Key() })
	m.Offer.Look()
}

// Left keeps what the dialog holds unsaved as a draft.
func (m *Model) Left() { m.kept.Leave() }

// Load installs what the form holds; done is called when it is in force.
func (m *Model) Load(done func()) {
	if m.Busy || m.Form.Validate() != nil {
		return
	}
	m.Busy = true
	typed, key, send := strings.TrimSpace(m.File.Text), m.Form.Key(), m.kept.Sending()
	m.env.Shell.Go(func(ctx context.Context) func() {
		var s licence.StatusResp
		err := send(func() (err error) {
			s, err = m.install(ctx, key, typed)
			return err
		})
		return func() {
			m.Busy = false
			if err != nil {
				m.Form.Apply(err)
				if m.File.Error == "" {
					m.File.Error = screen.Sentence(err)
				}
				return
			}
			m.answered(s, nil)
			m.Form.Rebase()
			m.env.Shell.Toast(screen.Toast{Text: "License loaded"})
			done()
		}
	})
}

func (m *Model) install(ctx context.Context, key, typed string) (s licence.StatusResp, err error) {
	text := typed
	if !strings.Contains(typed, "MASALA ") {
		path := strings.Trim(typed, `"'`)
		if m.env.ReadFile == nil {
			return s, core.Invalid("text", "Paste the text of license.key.")
		}
		b, err := m.env.ReadFile(path)
		if err != nil {
			return s, core.Invalid("text", "There is no file %s that can be read on this PC. Paste the text of license.key instead.", path)
		}
		text = string(b)
	}
	return licence.Install.Call(ctx, m.env.Caller, key, licence.InstallReq{Text: text})
}

// Doubtful reports that the clock ran ahead and an Admin must confirm it.
func (m *Model) Doubtful() bool { return m.Loaded && m.Status.Reason == licence.Leap }

// ClockDay is the day the server's clock shows.
func (m *Model) ClockDay() core.Date { return core.DateOf(m.Status.ClockNow, m.env.Zone) }

// DoubtText is what the page adds to the banner, which says what happened.
func (m *Model) DoubtText() string {
	return fmt.Sprintf("Is %s right? If not, set the clock of the server PC; nothing else is needed then.", m.Status.ClockNow.In(m.env.Zone).Format("02-Jan-2006 15:04"))
}

// AskConfirm asks before a false date becomes a true one.
func (m *Model) AskConfirm() {
	if !m.Doubtful() {
		return
	}
	day := m.ClockDay()
	m.env.Shell.Ask(screen.Question{Title: fmt.Sprintf("Is today really %s?", day),
		Text: fmt.Sprintf("The server last ran on %s. Once confirmed, its clock cannot go back before %s. If the date is wrong, set the clock of the server PC instead; nothing else is needed then.",
			core.DateOf(m.Status.ClockKnown, m.env.Zone), day),
		Answers: []screen.Answer{{Label: "Not sure"}, {Label: "Yes, it is " + day.String(), Danger: true, Do: func() { m.confirm(day) }}}})
}

func (m *Model) confirm(day core.Date) {
	key := m.env.NewKey()
	m.env.Shell.Go(func(ctx context.Context) func() {
		s, err := licence.ConfirmClock.Call(ctx, m.env.Caller, key, licence.ConfirmClockReq{Day: day})
		return func() {
			if err != nil {
				m.env.Shell.Toast(screen.Toast{Text: screen.Sentence(err), Error: true})
				return
			}
			m.answered(s, nil)
			m.env.Shell.Toast(screen.Toast{Text: "Date confirmed: " + day.String()})
		}
	})
}

// Headline says how the license stands.
func (m *Model) Headline() (title, text string) {
	s := m.Status
	what := "License"
	if s.Trial {
		what = "Trial"
	}
	switch {
	case s.Unlimited:
		return "No license needed", "The demo factory runs on this PC without one."
	case s.Reason == licence.Clock, s.Reason == licence.Hardware:
		title, text, _ = strings.Cut(s.Sentence, ". ")
		return title + ".", text
	case s.Left <= 0:
		return fmt.Sprintf("%s ended on %s", what, s.Expires), m.holder()
	case s.Trial:
		return "Trial, " + days(s.Left) + " left", "Everything works until " + s.Expires.AddDays(-1).String() + ". Send support the Hardware ID for a license."
	}
	return "Licensed until " + s.Expires.AddDays(-1).String(), m.holder()
}

func (m *Model) holder() string {
	if m.Status.Customer == "" {
		return "Send support the Hardware ID for a license."
	}
	return "Licensed to " + m.Status.Customer + "."
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// Phase is a part of the time line.
type Phase struct {
	Name, When, What string
	From, To         core.Date // To is the first day of the next one; 0 for the last
	Now              bool
}

// Phases are the parts of the time line, in order.
func (m *Model) Phases() []Phase {
	s := m.Status
	end, remind := s.Expires, max(s.Expires.AddDays(-licence.BannerDays), s.Starts)
	list := []Phase{
		{Name: "Full use", From: s.Starts, To: remind, What: "Everything works"},
		{Name: "Reminder", From: remind, To: end, What: "Everything works"},
		{Name: "Read-only", From: end, To: s.LockedFrom, What: "View, print, back up"},
		{Name: "Locked", From: s.LockedFrom, What: "Back up and export"},
	}
	if s.Trial {
		list[0].Name, list[0].To = "Trial", end
		list = append(list[:1], list[2:]...)
	}
	for i := range list {
		p := &list[i]
		p.When = fmt.Sprintf("%s to %s", p.From, p.To.AddDays(-1))
		switch {
		case p.To == 0:
			p.When = "from " + p.From.String()
		case p.Name == "Reminder":
			p.When = days(int(p.To-p.From)) + ", to " + p.To.AddDays(-1).String()
		case p.Name == "Read-only":
			p.When = days(int(p.To-p.From)) + ", to " + p.To.AddDays(-1).String()
		}
		p.Now = s.Today >= p.From && (p.To == 0 || s.Today < p.To) || i == 0 && s.Today < p.From
	}
	return list
}

// Part is how far today is into the phase, from 0 to 1.
func (p Phase) Part(today core.Date) float32 {
	if p.To <= p.From {
		return min(float32(max(today-p.From, 0))/60, 1)
	}
	return min(max(float32(today-p.From)+.5, 0)/float32(p.To-p.From), 1)
}

// Works and Waits list what can and cannot be done while the license has ended.
func Works(mode licence.Mode) []string {
	if mode == licence.Locked {
		return []string{"Log in and load a license", "Back up all data", "Export all data: masala export", "Open drafts stay saved on each PC"}
	}
	return []string{"See stock, lots, documents and reports", "Print and export documents and reports", "Put a lot on HOLD", "Back up, restore, export all data", "Finish and save open drafts on each PC"}
}

// Waits lists what the mode stops.
func Waits(mode licence.Mode) []string {
	list := []string{"New goods received, production, packing", "New dispatches and returns", "Stock counts and adjustments", "Changes in items, suppliers and customers"}
	if mode == licence.Locked {
		list = append(list, "See stock, lots and reports")
	}
	return list
}
