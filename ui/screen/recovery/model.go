// Package recovery is what the windows show while the server cannot open its books: on
// the server's PC the restore points and the way back, in the words of the resilience
// audit, on every other PC what is being waited for.
package recovery

import (
	"context"
	"slices"
	"strings"
	"time"

	"masala/core"
	"masala/core/backup"
	"masala/core/op"
	"masala/ui/form"
	"masala/ui/screen"
	backupscreen "masala/ui/screen/backup"
)

// Every is how often the screen reads again while work runs.
const Every = 500 * time.Millisecond

// Model is the screen without its looks.
type Model struct {
	Status backup.RecoveryResp
	Loaded bool
	Fault  string // why the last thing could not be read or done
	Busy   bool   // something was asked for and not answered yet
	Form   *form.Form
	Code   *form.Field // recovery code

	caller  op.Caller
	clock   core.Clock
	run     func(func(context.Context) func())
	chosen  string // path of the selected point; "" = the offered one
	folder  string // another one whose points are listed too
	asking  bool
	again   bool // something moved while it was read
	read    time.Time
	boot    string
	counter uint64
}

// NewModel makes the model; it calls by caller, which need not be logged in.
func NewModel(caller op.Caller, clock core.Clock, run func(func(context.Context) func())) *Model {
	m := &Model{caller: caller, clock: clock, run: run}
	m.Form = form.New(backup.RecoveryRestore.Name, "recovery", func() string { return "" })
	m.Code = m.Form.Add(form.Field{Path: "code", Label: "Recovery code, if there is one", Hint: "with it the other PCs go on; without it the data comes back and they pair again", Rule: backupscreen.CodeRule})
	return m
}

// Follow reads whenever the server's state has moved, and each half second while it
// works.
func (m *Model) Follow(s op.State) {
	n := s.Revisions[backup.TopicBackup]
	moved := m.boot != s.Boot || m.counter != n
	if moved || m.Status.Running != nil && m.clock.Now().Sub(m.read) >= Every {
		m.boot, m.counter = s.Boot, n
		m.Reload()
	}
}

// Reload reads the status.
func (m *Model) Reload() {
	if m.asking {
		m.again = true
		return
	}
	m.asking, m.again = true, false
	q := backup.RecoveryStatusReq{Folder: m.folder}
	m.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, backup.RecoveryStatus.Deadline)
		defer cancel()
		s, err := backup.RecoveryStatus.Call(ctx, m.caller, "", q)
		return func() {
			m.asking, m.read = false, m.clock.Now()
			if err == nil {
				m.Status, m.Loaded = s, true
				m.name()
			} else if !m.Loaded {
				m.Fault = screen.Sentence(err)
			}
			if m.again {
				m.Reload()
			}
		}
	})
}

// name says at the field what the code does where only the key is lost.
func (m *Model) name() {
	if m.LostKey() {
		m.Code.Label, m.Code.Hint = "Recovery code", "it was written down when this server was set up"
	}
}

// Chosen is the index of the selected point, -1 while there is none: the newest good
// one until the user selects another.
func (m *Model) Chosen() int {
	for _, path := range []string{m.chosen, m.Status.Offer} {
		if i := m.find(path); i >= 0 {
			return i
		}
	}
	return slices.IndexFunc(m.Status.Points, func(p backup.Point) bool { return p.State != backup.Damaged })
}

func (m *Model) find(path string) int {
	return slices.IndexFunc(m.Status.Points, func(p backup.Point) bool { return p.Path == path && path != "" })
}

// Choose selects a point.
func (m *Model) Choose(i int) {
	if i >= 0 && i < len(m.Status.Points) {
		m.chosen = m.Status.Points[i].Path
	}
}

// Move selects the point n further down.
func (m *Model) Move(n int) {
	m.Choose(min(max(m.Chosen()+n, 0), len(m.Status.Points)-1))
}

// Point is the selected one.
func (m *Model) Point() (backup.Point, bool) {
	if i := m.Chosen(); i >= 0 {
		return m.Status.Points[i], true
	}
	return backup.Point{}, false
}

// MayRestore reports whether the selected point can be restored now.
func (m *Model) MayRestore() bool {
	p, ok := m.Point()
	return ok && p.State != backup.Damaged && m.idle()
}

func (m *Model) idle() bool { return m.Loaded && !m.Busy && m.Status.Running == nil }

// AsksCode reports whether a recovery code is of use: the point has the server's key
// sealed in it and this PC has another one.
func (m *Model) AsksCode() bool { return m.Status.HasCode && !m.Status.KeyIsHere }

// Restore begins to restore the selected point. It returns the field at fault.
func (m *Model) Restore() *form.Field {
	if !m.MayRestore() {
		return nil
	}
	q := backup.RestoreReq{}
	if m.AsksCode() {
		if bad := m.Form.Validate(); bad != nil {
			return bad
		}
		q.Code = m.Code.Text
	}
	p, _ := m.Point()
	q.Path = p.Path
	ask(m, backup.RecoveryRestore, q)
	return nil
}

// LostKey reports whether only the key of the server is lost; the books are whole.
func (m *Model) LostKey() bool { return m.Status.Reason == backup.BadKey }

// Whole reports whether the books are as they should be: there is nothing to restore.
func (m *Model) Whole() bool { return m.LostKey() || m.Status.Reason == backup.Full }

// BringKeyBack opens the key with the recovery code. It returns the field at fault.
func (m *Model) BringKeyBack() *form.Field {
	if !m.idle() {
		return nil
	}
	if m.Code.Text == "" {
		m.Code.Error = "Enter the recovery code, or make a new key."
		return m.Code
	}
	if bad := m.Form.Validate(); bad != nil {
		return bad
	}
	ask(m, backup.RecoveryKey, backup.ReplaceKeyReq{Code: m.Code.Text})
	return nil
}

// MakeKey gives the server a new key; the user has confirmed it.
func (m *Model) MakeKey() {
	if m.idle() && m.LostKey() {
		ask(m, backup.RecoveryKey, backup.ReplaceKeyReq{New: true})
	}
}

// StartEmpty begins with new books; the user has confirmed it.
func (m *Model) StartEmpty() {
	if m.idle() && m.Status.MayEmpty {
		ask(m, backup.RecoveryEmpty, backup.StartEmptyReq{Confirm: true})
	}
}

// Retry opens the books again.
func (m *Model) Retry() {
	if m.idle() {
		ask(m, backup.RecoveryRetry, backup.RetryReq{})
	}
}

// ask calls an operation that answers with the status.
func ask[Req any](m *Model, o op.Op[Req, backup.RecoveryResp], q Req) {
	m.Busy, m.Fault = true, ""
	m.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, o.Deadline)
		defer cancel()
		s, err := o.Call(ctx, m.caller, "", q)
		return func() {
			m.Busy = false
			if err != nil {
				if m.Form.Apply(err) == nil {
					m.Fault = screen.Sentence(err)
				}
				return
			}
			m.Status, m.read = s, m.clock.Now()
			m.Reload()
		}
	})
}

// LookInto lists the points of a folder too; path may be one of a file, which is then
// selected. done gets what went wrong.
func (m *Model) LookInto(path string, done func(error)) {
	m.run(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, backup.RecoveryStatus.Deadline)
		defer cancel()
		folder, file := path, ""
		s, err := backup.RecoveryStatus.Call(ctx, m.caller, "", backup.RecoveryStatusReq{Folder: folder})
		if err == nil && !within(s.Points, folder) {
			folder, file = folderOf(path), path
			s, err = backup.RecoveryStatus.Call(ctx, m.caller, "", backup.RecoveryStatusReq{Folder: folder})
			if err == nil && !slices.ContainsFunc(s.Points, func(p backup.Point) bool { return p.Path == file }) {
				err = core.Invalid("folder", "There is no backup in %s.", path)
			}
		}
		return func() {
			if err == nil {
				m.folder, m.Status, m.read = folder, s, m.clock.Now()
				if m.chosen = file; file == "" {
					m.chosen = s.Points[slices.IndexFunc(s.Points, func(p backup.Point) bool { return lies(p, folder) })].Path
				}
			}
			done(err)
		}
	})
}

func within(points []backup.Point, folder string) bool {
	return slices.ContainsFunc(points, func(p backup.Point) bool { return lies(p, folder) })
}

func lies(p backup.Point, folder string) bool {
	return strings.EqualFold(folderOf(p.Path), strings.TrimRight(folder, `/\`))
}

// Working is what the server does now, nil while it waits for the user.
func (m *Model) Working() *backup.Progress { return m.Status.Running }

// now is the server's clock.
func (m *Model) now() time.Time { return m.Status.Now.Add(m.clock.Now().Sub(m.read)) }
