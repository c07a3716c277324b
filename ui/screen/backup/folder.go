package backup

import (
	"context"
	"strings"

	"gioui.org/layout"
	"gioui.org/unit"

	"masala/core"
	"masala/core/backup"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/entry"
	"masala/ui/screen/resume"
	"masala/ui/theme"
	"masala/ui/widget"
)

// FolderDialog asks for a place on the server PC: to copy to, or to look into.
type FolderDialog struct {
	th    *theme.Theme
	look  FolderLook
	form  *form.Form
	path  *form.Field
	lines entry.Group
	busy  bool
	send  func(path string, done func(error))
	kept  *form.Kept // nil on the recovery screen, where nobody is logged in, and once it is sent
}

// FolderLook says what a FolderDialog asks.
type FolderLook struct {
	Title, Note string
	Label, Hint string // of the field
	Verb, Busy  string // on the button
	Icon        theme.Icon
	Env         *screen.Env // keeps what is typed as a draft; nil where there is no login
}

// NewFolderDialog makes the dialog. send does what was asked for and calls done with
// what came of it; an error is shown at the field.
func NewFolderDialog(th *theme.Theme, look FolderLook, send func(path string, done func(error))) *FolderDialog {
	f := &FolderDialog{th: th, look: look, send: send}
	newKey := func() string { return "" }
	if look.Env != nil {
		newKey = look.Env.NewKey
	}
	f.form = form.New("folder: "+look.Title, "folder", newKey)
	f.path = f.form.Add(form.Field{Path: "folder", Label: look.Label, Required: true, Missing: "Type where it is.", Hint: look.Hint, Rule: form.AtMost(core.MaxNote)})
	f.lines = entry.Lines(f.path)
	if env := look.Env; env != nil {
		f.kept = env.Desk.Keep(f.form)
		// A path typed before is simply there again: nothing was begun with it.
		resume.NewHere(env, func(d form.Draft) bool { return d.Kind == f.form.Kind && d.Key != f.form.Key() }).Newest(func(d form.Draft) {
			if f.kept != nil && !f.form.Dirty() {
				f.kept.Resume(d)
				f.form.Rebase()
			}
		})
	}
	return f
}

// Dirty reports a path that was typed and not sent.
func (f *FolderDialog) Dirty() bool { return f.form.Dirty() }

// Left keeps the path as a draft.
func (f *FolderDialog) Left() {
	if f.kept != nil {
		f.kept.Leave()
	}
}

// sent forgets the path: what was asked for was done.
func (f *FolderDialog) sent() {
	if f.kept != nil {
		f.kept.Discard(nil)
		f.kept = nil
	}
	f.form.Reset()
}

const onServer = "Folder on the server PC"

// CopyTo asks for a USB drive and backs up onto it.
func (m *Model) CopyTo() {
	if m.Status.Running != nil {
		return
	}
	look := FolderLook{Title: "Copy to USB", Label: onServer, Hint: `for example E:\ or E:\Masala`, Verb: "Copy now", Busy: "Starting", Icon: theme.IconUsb, Env: m.env,
		Note: "Makes a fresh backup and puts it on the drive. It is opened and checked there, so that you can take the drive away with you. Plug it into the server PC."}
	m.env.Shell.Show(NewFolderDialog(m.env.Theme, look, func(path string, done func(error)) {
		m.env.Shell.Go(func(ctx context.Context) func() {
			r, err := backup.Start.Call(ctx, m.env.Caller, "", backup.StartReq{Folder: path})
			return func() {
				if done(err); err == nil {
					m.runs(r.Running)
				}
			}
		})
	}))
}

// LookInto lists the points of another folder beside those of the backups.
func (m *Model) LookInto() {
	look := FolderLook{Title: "Look in another folder", Label: onServer, Hint: `for example E:\ or \\OFFICE-NAS\Masala`, Verb: "Look there", Busy: "Looking", Icon: theme.IconFolderOpen, Env: m.env,
		Note: "Lists the restore points of a USB drive or of another backup folder too, until you leave this page."}
	m.env.Shell.Show(NewFolderDialog(m.env.Theme, look, func(path string, done func(error)) {
		m.env.Shell.Go(func(ctx context.Context) func() {
			s, err := backup.GetStatus.Call(ctx, m.env.Caller, "", backup.StatusReq{Folder: path})
			return func() {
				before := len(m.Status.Points)
				if err == nil && len(s.Points) <= before && m.other == "" {
					err = core.Invalid("folder", "There are no other restore points in %s.", path)
				}
				if done(err); err == nil {
					m.other, m.Read = path, m.env.Clock.Now()
					m.take(s)
				}
			}
		})
	}))
}

// Title heads the dialog.
func (f *FolderDialog) Title() string { return f.look.Title }

// Width of the dialog.
func (*FolderDialog) Width() unit.Dp { return 560 }

// Focus gives the keyboard to the field.
func (f *FolderDialog) Focus(layout.Context) { f.lines.Focus(nil) }

// Choices are the buttons at the foot.
func (f *FolderDialog) Choices() []widget.Choice {
	return []widget.Choice{{Text: "Cancel", Key: "Esc"}, {Text: f.look.Verb, Kind: widget.Primary, Icon: f.look.Icon, Busy: f.busy, BusyText: f.look.Busy}}
}

// Choose sends the folder, or closes.
func (f *FolderDialog) Choose(i int, shut func()) {
	if i == 0 {
		shut()
		return
	}
	f.submit(shut)
}

func (f *FolderDialog) submit(shut func()) {
	if f.busy {
		return
	}
	if bad := f.form.Validate(); bad != nil {
		f.lines.Focus(bad)
		return
	}
	f.busy = true
	f.send(strings.Trim(f.path.Text, `"`), func(err error) {
		f.busy = false
		if err == nil {
			f.sent()
			shut()
			return
		}
		if f.form.Apply(err) == nil {
			f.path.Error = screen.Sentence(err)
		}
		f.lines.Focus(nil)
	})
}

// Layout draws the note and the field.
func (f *FolderDialog) Layout(gtx layout.Context, shut func()) layout.Dimensions {
	if f.lines.Update(gtx) {
		f.submit(shut)
	}
	th := f.th
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	return widget.Column(gtx, 14,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return widget.Para(gtx, th, th.Type.Field, th.T2, f.look.Note)
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return f.lines[0].Layout(gtx, th, widget.FieldLook{Style: th.Type.Field.Mono(), KeepNote: true})
		}))
}
