package ui

import (
	"os"
	"time"

	"gioui.org/app"
	"gioui.org/io/system"
	"gioui.org/op"
	"gioui.org/unit"

	"masala/ui/screen"
)

// Main runs job beside the loop of the window system, which wants the main
// goroutine for itself, and ends the process with the code job returns.
func Main(job func() int) {
	go func() { os.Exit(job()) }()
	app.Main()
}

// Run shows the window until the user closes it or d.Done is closed. It is called
// within Main and returns once drafts and preferences under way are written.
func Run(d Deps) error {
	gio := new(app.Window)
	gio.Option(app.Title("Masala Inventory"), app.Size(1440, 900), app.MinSize(unit.Dp(1024), unit.Dp(640)))
	w := New(d, gio.Invalidate)
	w.platform = desktop{gio}
	defer w.Close()
	stop := make(chan struct{})
	defer close(stop)
	go w.obey(gio, stop)
	var ops op.Ops
	shown, closes := false, false
	for {
		switch e := gio.Event().(type) {
		case app.ViewEvent:
			if closes && !e.Valid() {
				return nil // asked for the next event, Gio would first make another window
			}
			w.watchSession(e)
		case *app.ClosingEvent:
			w.inTurn(func() {
				if closes = w.MayClose(); !closes {
					e.Abort()
				}
			})
		case app.ConfigEvent:
			w.inTurn(func() {
				if d := w.desk(); d != nil && !e.Config.Focused {
					d.Save() // no frame may come for long
				}
			})
		case app.DestroyEvent:
			return e.Err
		case app.FrameEvent:
			gtx := app.NewContext(&ops, e)
			w.inTurn(func() { w.Layout(gtx) })
			e.Frame(gtx.Ops)
			if !shown {
				shown = true
				w.log.Info("first frame", "after", time.Since(d.Started).Round(time.Millisecond))
			}
		}
	}
}

// obey does what the supervisor wants until the window is gone.
func (w *Window) obey(gio *app.Window, stop <-chan struct{}) {
	for {
		select {
		case text := <-w.deps.Raise:
			gio.Perform(system.ActionRaise)
			if w.deps.Raised != nil {
				w.deps.Raised()
			}
			if text != "" {
				w.inbox.put(func() { w.Say(text) })
			}
		case q := <-w.deps.Exit:
			gio.Perform(system.ActionRaise)
			w.inbox.put(func() { w.AskExit(q) })
		case <-w.deps.Done:
			w.closing.Store(true) // not by the inbox: a window that is minimized draws nothing
			w.platform.Close()
			return
		case <-stop:
			return
		}
	}
}

// desktop is the window of the operating system.
type desktop struct{ gio *app.Window }

// Close asks the window to go; it comes back as a ClosingEvent.
func (d desktop) Close() { go d.gio.Perform(system.ActionClose) }

// FullScreen covers the whole screen, or ends that.
func (d desktop) FullScreen(on bool) {
	mode := app.Windowed
	if on {
		mode = app.Fullscreen
	}
	go d.gio.Option(mode.Option())
}

// MayClose reports whether the window may go at once; if not, the user has been
// asked and decides (RESILIENCE 2.2).
func (w *Window) MayClose() bool {
	if w.closing.Load() || !w.dirty() {
		return true
	}
	if !w.own.holds(w.leaves) {
		w.leaves = &dialog{question: screen.Question{Title: closeQuestion, Text: w.draftNote(), Answers: []screen.Answer{
			{Label: "Stay"},
			{Label: "Close", Danger: true, Do: func() {
				w.closing.Store(true)
				if w.platform != nil {
					w.platform.Close()
				}
			}},
		}}}
		w.own.push(w.leaves)
		w.Invalidate()
	}
	return false
}

// Close ends the login's work and waits for what is being written.
func (w *Window) Close() {
	if w.picker != nil {
		w.picker.Close()
	}
	w.rest()
	if w.session != nil {
		w.session.nav.close()
		w.session.cancel()
	}
	w.workers.wg.Wait()
}
