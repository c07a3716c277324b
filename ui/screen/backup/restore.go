package backup

import (
	"context"
	"image"
	"strings"

	"gioui.org/layout"
	"gioui.org/unit"

	"masala/core/backup"
	"masala/ui/form"
	"masala/ui/screen"
	"masala/ui/screen/entry"
	"masala/ui/theme"
	"masala/ui/widget"
)

// sure is what is typed before the books go back to an earlier day.
const sure = "RESTORE"

// restore is the last question before the books go back to an earlier day.
type restore struct {
	m     *Model
	point backup.Point
	form  *form.Form
	word  *form.Field
	code  *form.Field
	lines entry.Group
	busy  bool
}

// MayRestore says why the selected point cannot be restored from here, "" if it can.
func (m *Model) MayRestore() string {
	p, ok := m.Point()
	switch {
	case !ok:
		return "Choose a restore point."
	case p.State == backup.Damaged:
		return "This point is damaged. Choose another one."
	case !m.AtServer():
		return "Restoring is done on the server PC itself."
	case m.Status.Running != nil:
		return "Wait until the work under way is done."
	}
	return ""
}

// AskRestore opens the last question.
func (m *Model) AskRestore() {
	if m.MayRestore() != "" {
		return
	}
	p, _ := m.Point()
	d := &restore{m: m, point: p}
	d.form = form.New(backup.Restore.Name, "restore", func() string { return "" })
	d.word = d.form.Add(form.Field{Path: "word", Label: "Type " + sure + " to go on", Required: true, Missing: "Type " + sure + "."})
	d.code = d.form.Add(form.Field{Path: "code", Label: "Recovery code", Secret: true, Hint: "only for a backup of another server PC; without it the PCs pair again", Rule: CodeRule})
	d.lines = entry.Lines(d.word, d.code)
	m.env.Shell.Show(d)
}

// CodeRule reads a recovery code and writes it in groups of four.
func CodeRule(text string) (string, error) {
	code, err := backup.ReadCode(text)
	if err != nil {
		q := backup.RestoreReq{Path: ".", Code: text}
		return "", q.Validate()
	}
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}

// Title asks.
func (d *restore) Title() string {
	return "Restore " + Moment(d.point.TakenAt, d.m.env.Zone) + "?"
}

// Width of the dialog.
func (*restore) Width() unit.Dp { return 600 }

// Focus gives the keyboard to the word.
func (d *restore) Focus(layout.Context) { d.lines.Focus(nil) }

// Dirty reports a recovery code that was typed; the word is a signature, not work.
func (d *restore) Dirty() bool { return d.code.Text != "" }

// Left forgets the code: it is a secret, so it is in no draft.
func (d *restore) Left() { d.form.Reset() }

func (d *restore) meant() bool {
	return strings.EqualFold(strings.TrimSpace(d.word.Text), sure)
}

// Choices are the buttons at the foot: the dangerous one works once the word is typed.
func (d *restore) Choices() []widget.Choice {
	return []widget.Choice{{Text: "Cancel", Key: "Esc"},
		{Text: "Restore", Kind: widget.DangerFill, Icon: theme.IconHistory, Disabled: !d.meant(), Busy: d.busy, BusyText: "Restoring"}}
}

// Choose restores, or closes.
func (d *restore) Choose(i int, shut func()) {
	if i == 0 {
		shut()
		return
	}
	d.submit(shut)
}

func (d *restore) submit(shut func()) {
	if d.busy {
		return
	}
	if bad := d.form.Validate(); bad != nil {
		d.lines.Focus(bad)
		return
	}
	if !d.meant() {
		d.word.Error = d.word.Missing
		d.lines.Focus(d.word)
		return
	}
	d.busy = true
	q := backup.RestoreReq{Path: d.point.Path, Code: d.code.Text}
	d.m.env.Shell.Go(func(ctx context.Context) func() {
		_, err := backup.Restore.Call(ctx, d.m.env.Caller, "", q)
		return func() {
			d.busy = false
			if err == nil {
				shut() // the service ends; the recovery screen takes over
				return
			}
			if d.form.Apply(err) == nil {
				d.form.Message = screen.Sentence(err)
			}
		}
	})
}

// Layout says what happens, and takes the word.
func (d *restore) Layout(gtx layout.Context, shut func()) layout.Dimensions {
	th := d.m.env.Theme
	if d.lines.Update(gtx) {
		d.submit(shut)
	}
	gtx.Constraints.Min.X = gtx.Constraints.Max.X
	line := func(icon theme.Icon, tone theme.Tone, text string) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			widget.At(gtx, 0, gtx.Dp(2), gtx.Dp(17), gtx.Dp(17), func(gtx layout.Context) layout.Dimensions { return th.IconStroke(gtx, icon, 17, 1.9, tone.Text) })
			w := gtx.Constraints.Max.X - gtx.Dp(28)
			t := widget.At(gtx, gtx.Dp(28), 0, w, gtx.Constraints.Max.Y, func(gtx layout.Context) layout.Dimensions {
				return widget.Para(gtx, th, th.Type.Field, th.T1, text)
			})
			return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, t.Size.Y)}
		})
	}
	rows := []layout.FlexChild{
		line(theme.IconHistory, th.Neutral, "All data goes back to how it was "+day(d.point.TakenAt, d.m.Now(), d.m.env.Zone)+"."),
		line(theme.IconTriangleAlert, th.Warn, Lost(d.point, d.m.Now(), d.m.env.Zone)),
		line(theme.IconShieldCheck, th.OK, "The present data is kept in a safety copy on the server PC."),
		line(theme.IconMonitorSmartphone, th.Neutral, "All PCs wait until it is done. Everybody logs in again."),
	}
	if d.point.State == backup.Unchecked {
		rows = append(rows, line(theme.IconClock, th.Warn, "This point was not checked yet. It is checked first; if it is damaged, nothing changes."))
	}
	rows = append(rows, widget.Space(4))
	for i := range d.lines {
		l := widget.FieldLook{}
		if d.lines[i].Model == d.code {
			l.Style = th.Type.Field.Mono()
		}
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.X = gtx.Constraints.Max.X
			return d.lines[i].Layout(gtx, th, l)
		}))
	}
	if d.form.Message != "" {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return entry.Fault(gtx, th, th.Danger, theme.IconCircleAlert, d.form.Message)
		}))
	}
	return widget.Column(gtx, 10, rows...)
}
