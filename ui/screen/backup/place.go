package backup

import (
	"context"
	"strings"

	"masala/core"
	"masala/core/backup"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/conflict"
	"masala/ui/screen/resume"
)

func (m *Model) makePlace() {
	m.Place = form.New(backup.UpdateSettings.Name, "backup schedule", m.env.NewKey)
	m.Folder = m.Place.Add(form.Field{Path: "folder", Label: "Backup folder", Rule: form.AtMost(core.MaxNote)})
	m.Times = m.Place.Add(form.Field{Path: "times", Label: "Daily at", Required: true, Missing: "Enter a time of day such as 13:00.", Rule: times})
}

// resumes are the drafts that open here.
var resumes = []string{backup.UpdateSettings.Name}

func (m *Model) mine(d form.Draft) bool { return d.Kind == m.Place.Kind && d.Key != m.Place.Key() }

// Find goes on with the draft of that key, or offers one; not before the settings were
// read, which it must not be lost under.
func (m *Model) Find(key string) {
	m.want = key
	switch {
	case !m.Loaded:
	case key == "":
		m.Offer.Look()
	default:
		m.Offer.Find(key, m.Resume)
	}
}

// Resume goes on with a draft, on the settings as they were read for it (R35).
func (m *Model) Resume(d form.Draft) {
	if !m.mine(d) || !d.Of(&m.stamp) {
		return
	}
	if d.Strange {
		m.stamp = resume.Stamp(m.stamp, m.Status.Settings.Stamp)
	}
	m.Place.Base = m.stamp
	m.kept.Resume(d)
	m.Offer.Look()
}

// times reads times of day: "13:00, 20:00".
func times(text string) (string, error) {
	f := backup.Fields{Times: clocks(text)}
	if err := f.Validate(); err != nil {
		return "", err
	}
	return strings.Join(f.Times, ", "), nil
}

// clocks cuts what was typed into times; "9" and "9.30" are times too.
func clocks(text string) (list []string) {
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		s = strings.ReplaceAll(s, ".", ":")
		if !strings.Contains(s, ":") {
			s += ":00"
		}
		if len(s) == len("9:30") {
			s = "0" + s
		}
		list = append(list, s)
	}
	return list
}

// adopt shows settings that were read or saved as the base of the form.
func (m *Model) adopt(s backup.Settings) {
	m.stamp, m.Conflict, m.Place.Base = s.Stamp, nil, s.Stamp
	m.Place.Reset()
	m.Folder.Choose("", s.Folder, "")
	m.Folder.Hint = ""
	if s.Folder == "" {
		m.Folder.Hint = "empty: beside the data, in " + m.Status.Folder
	}
	m.Times.Choose("", strings.Join(s.Times, ", "), "")
	m.Place.Rebase()
}

// Dirty reports unsaved changes.
func (m *Model) Dirty() bool { return m.Loaded && m.Place.Dirty() }

// Save sends folder and times. It returns the first field at fault.
func (m *Model) Save() *form.Field {
	if !m.Dirty() || m.Saving {
		return nil
	}
	if bad := m.Place.Validate(); bad != nil {
		return bad
	}
	q := backup.UpdateSettingsReq{Version: m.stamp.Version, Fields: backup.Fields{Folder: m.Folder.Text, Times: clocks(m.Times.Text)}}
	m.Saving, m.Conflict = true, nil
	key, send := m.Place.Key(), m.kept.Sending()
	m.env.Shell.Go(func(ctx context.Context) func() {
		var s backup.Settings
		err := send(func() (err error) {
			s, err = backup.UpdateSettings.Call(ctx, m.env.Caller, key, q)
			return err
		})
		return func() {
			m.Saving = false
			if c, ok := conflict.Of(err); ok {
				m.overtaken(c)
				return
			}
			if err != nil {
				if m.Place.Apply(err) == nil {
					m.Place.Message = screen.Sentence(err)
				}
				return
			}
			m.adopt(s)
			m.env.Shell.Toast(screen.Toast{Text: "Saved. Backups go there from now on."})
			m.Reload()
		}
	})
	return nil
}

func (m *Model) overtaken(c conflict.Conflict) {
	var theirs backup.Fields
	if c.Theirs(&theirs) != nil {
		m.Place.Message = core.ConflictMessage
		return
	}
	c.Compare("Backup folder", theirs.Folder, m.Folder.Text)
	c.Compare("Daily at", strings.Join(theirs.Times, ", "), m.Times.Text)
	m.Conflict = &c
}

// KeepMine takes the other edit as the base and leaves what was typed.
func (m *Model) KeepMine() {
	if m.Conflict != nil {
		m.stamp.Version, m.Conflict = m.Conflict.Version, nil
	}
}

// TakeTheirs shows the settings as they are now; what was typed is dropped.
func (m *Model) TakeTheirs() {
	m.Undo()
	m.Reload()
}

// Undo drops what was typed.
func (m *Model) Undo() {
	m.kept.Discard(nil)
	m.adopt(m.Status.Settings)
	m.kept = m.env.Desk.Keep(m.Place)
}
