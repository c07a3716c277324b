package ui

import (
	"context"
	"image"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"

	"masala/core/backup"
	"masala/core/health"
	"masala/ui/screen"
	"masala/ui/screen/connect"
	"masala/ui/screen/recovery"
	"masala/ui/theme"
	"masala/ui/widget"
)

// recoveryArea covers the whole window while the server cannot open its books
// (RESILIENCE 4.2, 6.1).
type recoveryArea struct {
	page *recovery.Page
}

// recovering reports whether the server has told that its books cannot be opened.
func (w *Window) recovering() bool {
	return w.conn != nil && w.conn.Status().Up() && w.conn.State().Recovery != ""
}

// recovered is called while the books are in service: it leaves the recovery screen and
// says what came of it.
func (w *Window) recovered() {
	if w.recovery.page == nil || w.conn.State().Boot == "" {
		return
	}
	w.recovery.page = nil
	w.dialogs.clear()
	w.askOutcome()
}

// askOutcome asks the service on this PC what its last recovery did, and says it.
func (w *Window) askOutcome() {
	w.goAlways(func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, backup.RecoveryStatus.Deadline)
		defer cancel()
		r, err := backup.RecoveryStatus.Call(ctx, w.conn, "", backup.RecoveryStatusReq{})
		if err != nil || r.Reason != backup.InService {
			return nil
		}
		return func() { w.sayOutcome(recovery.Outcome(r.Result)) }
	})
}

// sayOutcome says what recovery has done, where the user is by then.
func (w *Window) sayOutcome(says string) {
	switch {
	case says == "":
	case w.session != nil:
		w.Toast(screen.Toast{Text: says})
	case w.login != nil:
		w.login.Greeting = says
	}
}

// newBooks is what the set-up says of books that had to be made anew, "" of the first.
func newBooks(warnings []health.Warning) string {
	for _, x := range warnings {
		if x.Code == "books.new" {
			return x.Text
		}
	}
	return ""
}

// layoutRecovery draws the recovery screen of the server's own PC.
func (w *Window) layoutRecovery(gtx layout.Context) {
	st := w.conn.Status()
	if w.recovery.page == nil {
		w.dialogs.clear()
		w.palette = nil
		w.recovery.page = recovery.NewPage(w.theme, recovery.NewModel(w.conn, w.deps.Clock, w.goAlways), w.deps.PC.Version())
	}
	l := recovery.Look{State: w.conn.State(), Zone: w.zone, Server: st.Server, Show: w.Show, Ask: w.Ask}
	if _, ok := w.deps.PC.(screen.Logger); ok {
		l.Log = w.showLog
	}
	if w.deps.ExitAnswer != nil {
		l.Exit = func() { w.deps.ExitAnswer(screen.ExitWanted) }
	}
	w.recovery.page.Layout(gtx, l)
	if w.recovery.page.Loaded {
		w.stand("restore")
	}
}

// showLog reads the log of the service on this PC and shows it.
func (w *Window) showLog() {
	w.goAlways(func(context.Context) func() {
		path, lines, err := w.deps.PC.(screen.Logger).LogTail()
		return func() {
			fault := ""
			if err != nil {
				fault = "The log could not be read: " + err.Error()
			}
			w.Show(recovery.NewLog(w.theme, w.zone, path, lines, fault))
		}
	})
}

// awaitsBooks reports whether the server lets this PC in only once its books are open, or
// restored: nobody can do anything about it here.
func awaitsBooks(st screen.Status) bool {
	return st.Phase == screen.Refused && (st.Refusal == screen.Recovering || st.Refusal == screen.Starting)
}

// layoutElsewhere draws, on a PC that is not the server's, why nobody can log in.
func (w *Window) layoutElsewhere(gtx layout.Context) {
	th, size := w.theme, gtx.Constraints.Max
	theme.Fill(gtx.Ops, rect(size), 0, th.Canvas)
	title, text := connect.Explain(w.conn.Status())
	recovery.Head(gtx, th, "Client", w.deps.PC.Version(), w.conn.Status().Server)
	width := min(gtx.Dp(640), size.X-gtx.Dp(48))
	in := gtx
	in.Constraints = layout.Constraints{Min: image.Pt(width, 0), Max: image.Pt(width, size.Y)}
	m := op.Record(gtx.Ops)
	d := layout.UniformInset(40).Layout(in, func(gtx layout.Context) layout.Dimensions {
		return widget.RowTop(gtx, 20,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return widget.IconTile(gtx, th, th.Info, theme.IconDatabaseBackup, 72, 20, 36)
			}),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return widget.Column(gtx, 6,
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.T24, th.T1, title) }),
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return widget.Para(gtx, th, th.Type.Lead, th.T2, text) }))
			}))
	})
	call := m.Stop()
	defer op.Offset(image.Pt(middle(size.X, width), max((size.Y-d.Size.Y)*46/100, gtx.Dp(64)))).Push(gtx.Ops).Pop()
	r := image.Rect(0, 0, width, d.Size.Y)
	th.PaintModal(gtx, r, gtx.Dp(theme.RadiusModal))
	area := clip.Rect(r).Push(gtx.Ops)
	semantic.DescriptionOp(title).Add(gtx.Ops)
	area.Pop()
	call.Add(gtx.Ops)
}
